"""Dijkstra's search in plain Python: a first route in less time than a compiler takes to load."""

import sys
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float

Int32 = NDArray[np.int32]
Search = Callable[[int, Int32, Int32, Float, Int32, Float, int], tuple[Float, Int32]]
_SEARCHES = count()


def search(
    n: int, tail: Int32, head: Int32, cost: Float, sources: Int32, source_cost: Float, target: int
) -> tuple[Float, Int32]:
    """Return least costs (n,) and the last arc of each best route (-1 at a start and where there is none).

    The same search as `landbridge.routing.kernel_search.search`, vertices of one cost settled in the order of
    their numbers in both, so that ties fall alike and the two give the same arcs.

    Parameters
    ----------
    n
        Number of vertices.
    tail, head
        Ends of the arcs, shape (n_arcs,).
    cost
        Cost of each arc, at least 0; inf closes it.
    sources, source_cost
        Vertices from which the search starts, and with which costs.
    target
        The search stops once this vertex is settled.
    """
    arcs = np.argsort(tail, kind="stable").astype(np.int32)
    begins = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).tolist()
    far, price = head[arcs].tolist(), cost[arcs].tolist()
    distance = [float("inf")] * n
    last = [-1] * n
    for v, so_far in zip(sources.tolist(), source_cost.tolist(), strict=True):
        distance[v] = min(distance[v], so_far)
    heap = [(distance[v], v) for v in sorted(set(sources.tolist()))]
    heapify(heap)
    while heap:
        so_far, v = heappop(heap)
        if so_far > distance[v]:
            continue
        if v == target:
            break
        for x in range(begins[v], begins[v + 1]):
            u = far[x]
            through = so_far + price[x]
            if through < distance[u]:
                distance[u] = through
                last[u] = x
                heappush(heap, (through, u))
    by_row = np.append(arcs, np.int32(-1))  # row -1, no arc, is the last one
    return np.array(distance), by_row[last]


def compiled_search(
    n: int, tail: Int32, head: Int32, cost: Float, sources: Int32, source_cost: Float, target: int
) -> tuple[Float, Int32]:
    """Return what `search` returns, by the compiled kernel: ten times as fast once numba is loaded."""
    from landbridge.routing import kernel_search

    start, arcs = kernel_search.rows(n, tail)
    found: tuple[Any, Any] = kernel_search.search(start, arcs, head, cost, sources, source_cost, target, np.inf)
    return found


def quickest_search() -> Search:
    """Return the search that answers first: loading numba takes some 0.35 s and 90 MB, the plain search 0.1 s.

    So a process that asks for one route gets the plain one; who asks again, or has numba loaded, the compiled.
    Which of the two ran cannot be told from the answer.
    """
    again = next(_SEARCHES) > 0
    return compiled_search if again or "numba" in sys.modules else search
