"""Adds arcs one by one to a table of shortest distances, and finds best routes that pass a gate."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int = NDArray[np.int64]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def insert(distance: Float, first: Int32, tail: Int32, head: Int32, cost: Float, arcs: Int) -> None:
    """Add `arcs` to a closed table of distances [T, T], in place.

    Adding one arc (u, v) to a table that is closed needs one comparison a pair, ``d(i, u) + c + d(v, j)``, and
    none for a row i that already reaches v as cheaply, nor for a column j that u already reaches as cheaply.
    ``first[i, j]`` is the first added arc on the way, -1 where there is none. Rounding alone is no improvement
    (1 part in 1e12), so no cycle of free arcs can enter.
    """
    n = len(distance)
    columns = np.empty(n, np.int32)
    least = 1.0 - 1e-12
    for a in arcs:
        c = cost[a]
        if c == np.inf:
            continue
        u, v = tail[a], head[a]
        count = 0
        for j in range(n):
            if c + distance[v, j] < distance[u, j] * least:
                columns[count] = j
                count += 1
        if count == 0:
            continue
        for i in range(n):
            to_head = distance[i, u] + c
            if not to_head < distance[i, v] * least:
                continue
            start = first[i, u] if first[i, u] >= 0 else np.int32(a)
            for x in range(count):
                j = columns[x]
                through = to_head + distance[v, j]
                if through < distance[i, j] * least:
                    distance[i, j] = through
                    first[i, j] = start


@njit(cache=True, nogil=True)
def through_gates(
    distance: Float,
    tail: Int32,
    head: Int32,
    cost: Float,
    gates: Int,
    departs: Int32,
    arrives: Int32,
) -> tuple[Float, Int32]:
    """Return the least cost over routes that pass a gate, and which gate, both (Z, Z); -1 where none.

    A gate whose way on leads back over its own tail, or whose way there already passed its head, is no gate on
    the way for that pair: freight does not cross a border to turn round.
    """
    n = len(departs)
    best = np.full((n, n), np.inf)
    gate = np.full((n, n), -1, np.int32)
    slack = 1.0 + 1e-9
    for a in gates:
        c = cost[a]
        if c == np.inf:
            continue
        u, v = tail[a], head[a]
        back = distance[v, u]
        for i in range(n):
            reach = distance[departs[i], u]
            if reach == np.inf or distance[departs[i], v] + back <= reach * slack:
                continue
            for j in range(n):
                through = reach + c + distance[v, arrives[j]]
                if through < best[i, j] and back + distance[u, arrives[j]] > distance[v, arrives[j]] * slack:
                    best[i, j] = through
                    gate[i, j] = a
    return best, gate


@njit(cache=True, nogil=True)
def _add(
    first: Int32, tail: Int32, head: Int32, start: int, end: int, amounts: Float, values: Float, total: Float
) -> bool:
    """Add the amounts along one way to `total`, shape (k,); return False if the way does not end."""
    k = len(total)
    at = start
    for _ in range(len(tail) + 1):
        a = first[at, end]
        if a < 0:
            for x in range(k):
                total[x] += amounts[at, end, x]
            return True
        for x in range(k):
            total[x] += amounts[at, tail[a], x] + values[a, x]
        at = head[a]
    return False


@njit(cache=True, nogil=True)
def amounts_along(
    first: Int32,
    tail: Int32,
    head: Int32,
    gate: Int32,
    departs: Int32,
    arrives: Int32,
    cost: Float,
    amounts: Float,
    values: Float,
) -> tuple[Float, bool]:
    """Return the amounts of every pair along its way, shape (k, Z, Z), inf where `cost` is; and whether all end.

    The way passes ``gate[i, j]`` where that is not -1. `amounts` [T, T, k] belong to the stretches between
    touched arcs, `values` [M, k] to the touched arcs.
    """
    n, k = len(departs), amounts.shape[2]
    total = np.full((k, n, n), np.inf)
    one = np.empty(k)
    ends = True
    for i in range(n):
        for j in range(n):
            if cost[i, j] == np.inf:
                continue
            one[:] = 0.0
            a = gate[i, j]
            if a < 0:
                ends &= _add(first, tail, head, departs[i], arrives[j], amounts, values, one)
            else:
                one[:] = values[a]
                ends &= _add(first, tail, head, departs[i], tail[a], amounts, values, one)
                ends &= _add(first, tail, head, head[a], arrives[j], amounts, values, one)
            for x in range(k):
                total[x, i, j] = one[x]
    return total, ends


@njit(cache=True, nogil=True)
def trace(
    first: Int32,
    tail: Int32,
    head: Int32,
    start: int,
    end: int,
    flow: float,
    piece_flow: Float,
    arc_flow: Float,
) -> bool:
    """Add a flow to the added arcs and to the stretches between them; return False if the way does not end."""
    at = start
    for _ in range(len(tail) + 1):
        a = first[at, end]
        if a < 0:
            piece_flow[at, end] += flow
            return True
        piece_flow[at, tail[a]] += flow
        arc_flow[a] += flow
        at = head[a]
    return False


@njit(cache=True, nogil=True)
def spread_flows(
    first: Int32,
    tail: Int32,
    head: Int32,
    gate: Int32,
    departs: Int32,
    arrives: Int32,
    flow: Float,
    piece_flow: Float,
    arc_flow: Float,
) -> bool:
    """Spread flows [Z, Z] along their ways: through ``gate[i, j]`` where it is not -1, else directly."""
    n = len(departs)
    for i in range(n):
        for j in range(n):
            f = flow[i, j]
            if f == 0.0:
                continue
            a = gate[i, j]
            if a < 0:
                if not trace(first, tail, head, departs[i], arrives[j], f, piece_flow, arc_flow):
                    return False
                continue
            arc_flow[a] += f
            if not trace(first, tail, head, departs[i], tail[a], f, piece_flow, arc_flow):
                return False
            if not trace(first, tail, head, head[a], arrives[j], f, piece_flow, arc_flow):
                return False
    return True
