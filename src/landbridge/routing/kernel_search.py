"""Dijkstra's search on a graph in compressed rows, from several starts with costs of their own."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def rows(n: int, end: Int32) -> tuple[Int32, Int32]:
    """Return row starts (n + 1,) and the arcs (n_arcs,) sorted by the given end, in their own order within a row."""
    start = np.zeros(n + 1, np.int32)
    for a in range(len(end)):
        start[end[a] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    fill = start[:-1].copy()
    arcs = np.empty(len(end), np.int32)
    for a in range(len(end)):
        arcs[fill[end[a]]] = a
        fill[end[a]] += 1
    return start, arcs


@njit(cache=True, nogil=True)
def _sift_up(keys: Float, items: Int32, at: int) -> None:
    key, item = keys[at], items[at]
    while at > 0:
        above = (at - 1) >> 2
        if keys[above] < key or (keys[above] == key and items[above] <= item):
            break
        keys[at], items[at] = keys[above], items[above]
        at = above
    keys[at], items[at] = key, item


@njit(cache=True, nogil=True)
def _sift_down(keys: Float, items: Int32, size: int) -> None:
    key, item = keys[0], items[0]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for c in range(child + 1, min(child + 4, size)):
            if keys[c] < keys[least] or (keys[c] == keys[least] and items[c] < items[least]):
                least = c
        if key < keys[least] or (key == keys[least] and item <= items[least]):
            break
        keys[at], items[at] = keys[least], items[least]
        at = least
    keys[at], items[at] = key, item


@njit(cache=True, nogil=True)
def search(
    start: Int32,
    arcs: Int32,
    far: Int32,
    cost: Float,
    sources: Int32,
    source_cost: Float,
    target: int,
    bound: float,
) -> tuple[Float, Int32]:
    """Return least costs (n,) and the last arc of each best route (-1 at a start and where there is none).

    Vertices of one cost are settled in the order of their numbers.
    ``far[a]`` is the end of arc a that is searched for: its head forwards, its tail backwards. The search stops
    once `target` is settled (-1: never) or costs pass `bound`. Costs are at least 0; inf closes an arc.
    """
    n = len(start) - 1
    distance = np.full(n, np.inf)
    last = np.full(n, -1, np.int32)
    done = np.zeros(n, np.bool_)
    room = len(arcs) + len(sources) + 1
    keys = np.empty(room)
    items = np.empty(room, np.int32)
    size = 0
    for i in range(len(sources)):
        if source_cost[i] < distance[sources[i]]:
            distance[sources[i]] = source_cost[i]
            keys[size], items[size] = source_cost[i], sources[i]
            size += 1
            _sift_up(keys, items, size - 1)
    while size > 0:
        so_far, v = keys[0], items[0]
        size -= 1
        if size > 0:
            keys[0], items[0] = keys[size], items[size]
            _sift_down(keys, items, size)
        if done[v]:
            continue
        if so_far > bound:
            break
        done[v] = True
        if v == target:
            break
        for x in range(start[v], start[v + 1]):
            a = arcs[x]
            through = so_far + cost[a]
            u = far[a]
            if through < distance[u]:
                distance[u] = through
                last[u] = a
                keys[size], items[size] = through, u
                size += 1
                _sift_up(keys, items, size - 1)
    return distance, last
