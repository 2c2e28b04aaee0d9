"""Builds a customizable contraction hierarchy and prices its arcs, with attributes along the best route."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def complete(n: int, start: Int32, adjacent: Int32) -> tuple[Int32, Int32, Int32]:
    """Return the chordal completion upwards: row starts, heads in ascending order, and the elimination tree.

    Vertices are numbered by rank. Contracting `v` joins its higher neighbours pairwise; it is enough to hand
    them to the lowest of them, the parent of `v` (Dibbelt, Strasser and Wagner 2016, section 4).
    """
    up_start = np.zeros(n + 1, np.int32)
    parent = np.full(n, -1, np.int32)
    heads = np.empty(max(16, 4 * len(adjacent)), np.int32)
    first_child = np.full(n, -1, np.int32)
    next_child = np.full(n, -1, np.int32)
    mark = np.full(n, -1, np.int32)
    filled = 0
    for v in range(n):
        begin = filled
        most = start[v + 1] - start[v]
        child = first_child[v]
        while child >= 0:
            most += up_start[child + 1] - up_start[child]
            child = next_child[child]
        if filled + most > len(heads):
            larger = np.empty(max(2 * len(heads), filled + most), np.int32)
            larger[:filled] = heads[:filled]
            heads = larger
        mark[v] = v
        for e in range(start[v], start[v + 1]):
            u = adjacent[e]
            if u > v and mark[u] != v:
                mark[u] = v
                heads[filled] = u
                filled += 1
        child = first_child[v]
        while child >= 0:
            for e in range(up_start[child], up_start[child + 1]):
                u = heads[e]
                if mark[u] != v:
                    mark[u] = v
                    heads[filled] = u
                    filled += 1
            child = next_child[child]
        if filled > begin:
            heads[begin:filled].sort()
            parent[v] = heads[begin]
            next_child[v] = first_child[parent[v]]
            first_child[parent[v]] = v
        up_start[v + 1] = filled
    return up_start, heads[:filled].copy(), parent


@njit(cache=True, nogil=True)
def place_arcs(up_start: Int32, up_head: Int32, tail: Int32, head: Int32) -> tuple[Int32, NDArray[np.bool_]]:
    """Return for each arc of the graph (ends by rank) its place in the hierarchy and whether it goes up.

    A loop has no place (-1): no best route uses it.
    """
    slots = np.empty(len(tail), np.int32)
    upward = np.empty(len(tail), np.bool_)
    for a in range(len(tail)):
        low = min(tail[a], head[a])
        high = max(tail[a], head[a])
        upward[a] = tail[a] == low
        if low == high:
            slots[a] = -1
            continue
        left = up_start[low]
        right = up_start[low + 1]
        while left < right:
            middle = (left + right) // 2
            if up_head[middle] < high:
                left = middle + 1
            else:
                right = middle
        slots[a] = left
    return slots, upward


@njit(cache=True, nogil=True)
def customise(
    up_start: Int32, up_head: Int32, slots: Int32, upward: NDArray[np.bool_], arc_cost: Float
) -> tuple[Float, Float, Int32, Int32, Int32, Int32]:
    """Return the cost of each hierarchy arc up and down, and what it stands for.

    ``made[e] >= 0`` names an arc of the graph, -1 nothing; ``made[e] <= -2`` names, as ``-2 - made[e]``, the arc
    between its lower end and a vertex below both, whose arc to its upper end is ``side[e]``. Triangles
    x < y < z are met in the order of x, so both arcs at x are final by then.
    """
    n_slots = len(up_head)
    up = np.full(n_slots, np.inf)
    down = np.full(n_slots, np.inf)
    made_up = np.full(n_slots, -1, np.int32)
    made_down = np.full(n_slots, -1, np.int32)
    side_up = np.empty(n_slots, np.int32)
    side_down = np.empty(n_slots, np.int32)
    for a in range(len(slots)):
        e = slots[a]
        if e < 0:
            continue
        if upward[a]:
            if arc_cost[a] < up[e]:
                up[e] = arc_cost[a]
                made_up[e] = a
        elif arc_cost[a] < down[e]:
            down[e] = arc_cost[a]
            made_down[e] = a
    for x in range(len(up_start) - 1):
        for a in range(up_start[x], up_start[x + 1]):
            if up[a] == np.inf and down[a] == np.inf:
                continue
            c = up_start[up_head[a]]
            for b in range(a + 1, up_start[x + 1]):
                z = up_head[b]
                while up_head[c] < z:
                    c += 1
                through = down[a] + up[b]
                if through < up[c]:
                    up[c] = through
                    made_up[c] = -2 - a
                    side_up[c] = b
                through = down[b] + up[a]
                if through < down[c]:
                    down[c] = through
                    made_down[c] = -2 - a
                    side_down[c] = b
    return up, down, made_up, made_down, side_up, side_down


@njit(cache=True, nogil=True)
def carry(
    made_up: Int32,
    made_down: Int32,
    side_up: Int32,
    side_down: Int32,
    climbed: Int32,
    descended: Int32,
    values: Float,
) -> tuple[Float, Float]:
    """Return sums of `values` [n_arcs, k] along the best route of hierarchy arcs, both [n_slots, k].

    Only for the arcs that `climbed` and `descended` name (-1 names none) and those that they stand for; the
    other rows are not set.
    """
    n, k = len(made_up), values.shape[1]
    need_up = np.zeros(n, np.bool_)
    need_down = np.zeros(n, np.bool_)
    for used in climbed.ravel():
        if used >= 0:
            need_up[used] = True
    for used in descended.ravel():
        if used >= 0:
            need_down[used] = True
    for e in range(n - 1, -1, -1):
        if need_up[e] and made_up[e] <= -2:
            need_down[-2 - made_up[e]] = True
            need_up[side_up[e]] = True
        if need_down[e] and made_down[e] <= -2:
            need_down[side_down[e]] = True
            need_up[-2 - made_down[e]] = True
    up = np.empty((n, k))
    down = np.empty((n, k))
    for e in range(n):
        if need_up[e]:
            made = made_up[e]
            if made >= 0:
                for i in range(k):
                    up[e, i] = values[made, i]
            else:
                a, b = -2 - made, side_up[e]
                for i in range(k):
                    up[e, i] = down[a, i] + up[b, i]
        if need_down[e]:
            made = made_down[e]
            if made >= 0:
                for i in range(k):
                    down[e, i] = values[made, i]
            else:
                a, b = -2 - made, side_down[e]
                for i in range(k):
                    down[e, i] = down[b, i] + up[a, i]
    return up, down


@njit(cache=True, nogil=True)
def depths(parent: Int32) -> Int32:
    """Return how many ancestors each vertex has in the elimination tree; parents rank above children."""
    depth = np.zeros(len(parent), np.int32)
    for i in range(len(parent)):
        v = len(parent) - 1 - i
        if parent[v] >= 0:
            depth[v] = depth[parent[v]] + 1
    return depth


@njit(cache=True, nogil=True)
def climb(
    vertices: Int32,
    up_start: Int32,
    up_head: Int32,
    parent: Int32,
    depth: Int32,
    cost: Float,
) -> tuple[Int32, Float, Int32]:
    """Search upwards from each vertex along its path to the root.

    Returns, with rows per vertex and columns by depth (the root is column 0): the ancestor, the cost of
    the best upward route, and the last hierarchy arc on it (-1 at the vertex itself and where there is none).
    """
    deepest = 0
    for v in vertices:
        deepest = max(deepest, depth[v])
    ancestor = np.full((len(vertices), deepest + 1), -1, np.int32)
    best = np.full((len(vertices), deepest + 1), np.inf)
    last = np.full((len(vertices), deepest + 1), -1, np.int32)
    for i in range(len(vertices)):
        v = vertices[i]
        best[i, depth[v]] = 0.0
        while v >= 0:
            k = depth[v]
            ancestor[i, k] = v
            so_far = best[i, k]
            if so_far < np.inf:
                for e in range(up_start[v], up_start[v + 1]):
                    through = so_far + cost[e]
                    j = depth[up_head[e]]
                    if through < best[i, j]:
                        best[i, j] = through
                        last[i, j] = e
            v = parent[v]
    return ancestor, best, last


@njit(cache=True, nogil=True)
def carry_climb(ancestor: Int32, last: Int32, arc_low: Int32, depth: Int32, arc_values: Float) -> Float:
    """Return sums of hierarchy arc values [n_slots, k] along each upward route, shape (rows, columns, k)."""
    rows, columns = ancestor.shape
    k = arc_values.shape[1]
    total = np.zeros((rows, columns, k))
    for i in range(rows):
        for back in range(columns):
            j = columns - 1 - back
            e = last[i, j]
            if e < 0:
                continue
            before = depth[arc_low[e]]
            for a in range(k):
                total[i, j, a] = total[i, before, a] + arc_values[e, a]
    return total


@njit(cache=True, nogil=True)
def _shared(first: Int32, second: Int32) -> int:
    """Return how many ancestors, counted from the root, two rows share."""
    left = 0
    right = min(len(first), len(second))
    while left < right:
        middle = (left + right) // 2
        if first[middle] >= 0 and first[middle] == second[middle]:
            left = middle + 1
        else:
            right = middle
    return left


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _least(first: Float, second: Float, n: int) -> float:
    """Return the least sum of the first `n` entries; infinities are kept, nan never occurs."""
    best = np.inf
    for k in range(n):
        best = min(best, first[k] + second[k])
    return best


@njit(cache=True, nogil=True)
def meet(from_ancestor: Int32, from_cost: Float, to_ancestor: Int32, to_cost: Float) -> tuple[Float, Int32]:
    """Return the least cost of every pair and the depth of the vertex where the two climbs meet (-1: none)."""
    rows, columns = len(from_ancestor), len(to_ancestor)
    cost = np.full((rows, columns), np.inf)
    at = np.full((rows, columns), -1, np.int32)
    for i in range(rows):
        for j in range(columns):
            n = _shared(from_ancestor[i], to_ancestor[j])
            best = _least(from_cost[i], to_cost[j], n)
            if best == np.inf:
                continue
            cost[i, j] = best
            for k in range(n):
                if from_cost[i, k] + to_cost[j, k] == best:
                    at[i, j] = k
                    break
    return cost, at


@njit(cache=True, nogil=True)
def gather(at: Int32, from_values: Float, to_values: Float) -> Float:
    """Return the values of every pair at its meeting vertex, shape (k, rows, columns); inf where there is none."""
    rows, columns = at.shape
    k = from_values.shape[2]
    values = np.full((k, rows, columns), np.inf)
    for i in range(rows):
        for j in range(columns):
            if at[i, j] < 0:
                continue
            for a in range(k):
                values[a, i, j] = from_values[i, at[i, j], a] + to_values[j, at[i, j], a]
    return values


@njit(cache=True, nogil=True)
def spread(
    at: Int32,
    flow: Float,
    ancestor: Int32,
    last: Int32,
    arc_low: Int32,
    depth: Int32,
    arc_flow: Float,
) -> None:
    """Add the flows [rows, columns] to the hierarchy arcs from each row's vertex up to where the pair meets."""
    columns = ancestor.shape[1]
    carried = np.zeros(columns)
    for i in range(len(ancestor)):
        carried[:] = 0.0
        for j in range(at.shape[1]):
            if at[i, j] >= 0:
                carried[at[i, j]] += flow[i, j]
        for k in range(columns):
            e = last[i, k]
            if e < 0 or carried[k] == 0.0:
                continue
            arc_flow[e] += carried[k]
            carried[depth[arc_low[e]]] += carried[k]


@njit(cache=True, nogil=True)
def unpack_flows(
    made_up: Int32,
    made_down: Int32,
    side_up: Int32,
    side_down: Int32,
    up_flow: Float,
    down_flow: Float,
    arc_flow: Float,
) -> None:
    """Hand flows on hierarchy arcs down to the arcs of the graph that they stand for, highest first."""
    n = len(made_up)
    for back in range(n):
        e = n - 1 - back
        if up_flow[e] != 0.0:
            made = made_up[e]
            if made >= 0:
                arc_flow[made] += up_flow[e]
            elif made <= -2:
                down_flow[-2 - made] += up_flow[e]
                up_flow[side_up[e]] += up_flow[e]
        if down_flow[e] != 0.0:
            made = made_down[e]
            if made >= 0:
                arc_flow[made] += down_flow[e]
            elif made <= -2:
                down_flow[side_down[e]] += down_flow[e]
                up_flow[-2 - made] += down_flow[e]


@njit(cache=True, nogil=True)
def unpack_route(
    slots: Int32,
    upward: NDArray[np.bool_],
    made_up: Int32,
    made_down: Int32,
    side_up: Int32,
    side_down: Int32,
) -> Int32:
    """Return the arcs of the graph, in order, that a chain of hierarchy arcs stands for."""
    route = [np.int32(0)]
    route.pop()
    stack = [(np.int32(0), True)]
    stack.pop()
    for i in range(len(slots)):
        stack.append((slots[i], upward[i]))
        while len(stack) > 0:
            e, goes_up = stack.pop()
            made = made_up[e] if goes_up else made_down[e]
            if made >= 0:
                route.append(made)
                continue
            a = np.int32(-2 - made)
            if goes_up:
                stack.append((side_up[e], True))
                stack.append((a, False))
            else:
                stack.append((a, True))
                stack.append((side_down[e], False))
    return np.array(route, dtype=np.int32)
