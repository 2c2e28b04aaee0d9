"""Sweeps a hierarchy for all distances from one vertex, and finds plateaus of two such trees."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def sweep(vertex: int, up_start: Int32, up_head: Int32, parent: Int32, up: Float, down: Float) -> tuple[Float, Int32]:
    """Return distances from one vertex (by rank) to all, and the hierarchy arc by which each is reached.

    The arc is kept as e + 1 where it is climbed and as -(e + 1) where it is descended, 0 at the start and where
    there is no route. One climb, then one pass over all arcs from the top (PHAST; Delling and others 2011).
    To search backwards, exchange `up` and `down`.
    """
    n = len(parent)
    distance = np.full(n, np.inf)
    by = np.zeros(n, np.int32)
    distance[vertex] = 0.0
    v = vertex
    while v >= 0:
        if distance[v] < np.inf:
            for e in range(up_start[v], up_start[v + 1]):
                through = distance[v] + up[e]
                if through < distance[up_head[e]]:
                    distance[up_head[e]] = through
                    by[up_head[e]] = e + 1
        v = parent[v]
    for back in range(n):
        v = n - 1 - back
        best = distance[v]
        arc = by[v]
        for e in range(up_start[v], up_start[v + 1]):
            through = distance[up_head[e]] + down[e]
            if through < best:
                best = through
                arc = -(e + 1)
        distance[v] = best
        by[v] = arc
    return distance, by


@njit(cache=True, nogil=True)
def chain(vertex: int, by: Int32, up_head: Int32, arc_low: Int32) -> tuple[Int32, NDArray[np.bool_]]:
    """Return the hierarchy arcs from the start of a sweep to a vertex, in order, and which of them climb."""
    slots = [np.int32(0)]
    slots.pop()
    climbs = [True]
    climbs.pop()
    v = vertex
    while by[v] != 0:
        e = abs(by[v]) - 1
        slots.append(np.int32(e))
        climbs.append(by[v] > 0)
        v = arc_low[e] if by[v] > 0 else up_head[e]
    return np.array(slots, dtype=np.int32)[::-1].copy(), np.array(climbs, dtype=np.bool_)[::-1].copy()


@njit(cache=True, nogil=True)
def plateaus(
    tail: Int32, head: Int32, cost: Float, ahead: Float, behind: Float, most: float
) -> tuple[Int32, Float, Float]:
    """Return the plateaus of two shortest-path trees: first vertex, length, and cost of the route.

    `ahead` are distances from the origin, `behind` to the destination. An arc (u, v) lies on a plateau where
    it lies in both trees: ``ahead[u] + c = ahead[v]`` and ``c + behind[v] = behind[u]``. Chains of such arcs are
    the plateaus; the route over one costs the same at each of its vertices. Routes above `most` are left out.
    """
    n = len(ahead)
    onward = np.full(n, -1, np.int32)
    entered = np.zeros(n, np.bool_)
    for a in range(len(tail)):
        u, v = tail[a], head[a]
        total = ahead[u] + behind[u]
        if not total <= most or u == v:
            continue
        slack = 1e-10 * total
        if (
            abs(ahead[u] + cost[a] - ahead[v]) <= slack
            and abs(cost[a] + behind[v] - behind[u]) <= slack
            and onward[u] < 0
            and not entered[v]
        ):
            onward[u] = v
            entered[v] = True
    count = 0
    for v in range(n):
        if onward[v] >= 0 and not entered[v]:
            count += 1
    first = np.empty(count, np.int32)
    length = np.empty(count)
    total_cost = np.empty(count)
    at = 0
    for v in range(n):
        if onward[v] < 0 or entered[v]:
            continue
        u = v
        while onward[u] >= 0:
            u = onward[u]
        first[at] = v
        length[at] = ahead[u] - ahead[v]
        total_cost[at] = ahead[v] + behind[v]
        at += 1
    return first, length, total_cost
