"""Adds arcs one by one to a table of shortest distances, and finds best routes that pass a gate."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bits = NDArray[np.uint64]


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
        # there and back for nothing is no way of its own, so it cannot be told from the way on
        round_trip = c + back
        for i in range(n):
            reach = distance[departs[i], u]
            if reach == np.inf:
                continue
            if round_trip > 1e-9 * reach and distance[departs[i], v] + back <= reach * slack:
                continue
            for j in range(n):
                onward = distance[v, arrives[j]]
                through = reach + c + onward
                if not through < best[i, j]:
                    continue
                if round_trip > 1e-9 * onward and back + distance[u, arrives[j]] <= onward * slack:
                    continue
                best[i, j] = through
                gate[i, j] = a
    return best, gate


@njit(cache=True, nogil=True)
def amounts_between(
    distance: Float,
    first: Int32,
    tail: Int32,
    head: Int32,
    starts: Int32,
    ends: Int32,
    amounts: Float,
    values: Float,
) -> tuple[Float, bool]:
    """Return the amounts along the ways from starts to ends, shape (n_starts, n_ends, k), and whether all end.

    `amounts` [T, T, k] belong to the stretches between added arcs, `values` [M, k] to the added arcs. What is
    ahead of an added arc is summed once for all ways that take it.
    """
    n, k = len(distance), amounts.shape[2]
    table = np.full((len(starts), len(ends), k), np.inf)
    total = np.empty((n, k))
    known = np.zeros(n, np.bool_)
    passed = np.empty(n + 1, np.int32)
    for j in range(len(ends)):
        end = ends[j]
        known[:] = False
        for i in range(len(starts)):
            if distance[starts[i], end] == np.inf:
                continue
            at = starts[i]
            depth = 0
            while not known[at] and first[at, end] >= 0:
                if depth > n:
                    return table, False
                passed[depth] = at
                depth += 1
                at = head[first[at, end]]
            if not known[at]:
                known[at] = True
                for x in range(k):
                    total[at, x] = amounts[at, end, x]
            while depth > 0:
                depth -= 1
                before = passed[depth]
                a = first[before, end]
                known[before] = True
                # at the arc's own tail there is no stretch before it, and no need to fetch its zeros
                apart = before != tail[a]
                for x in range(k):
                    stretch = amounts[before, tail[a], x] if apart else 0.0
                    total[before, x] = stretch + values[a, x] + total[head[a], x]
            for x in range(k):
                table[i, j, x] = total[starts[i], x]
    return table, True


@njit(cache=True, nogil=True)
def marks_between(
    first: Int32, head: Int32, starts: Int32, ends: Int32, bit: Bits, reached: Float
) -> tuple[Bits, bool]:
    """Return the bits of the added arcs on the ways from starts to ends, (n_starts, n_ends, W), and whether all end.

    `bit` [M, W] holds one bit for each arc that is looked for; `reached` [T, T] is inf where there is no way.
    """
    n, words = len(first), bit.shape[1]
    table = np.zeros((len(starts), len(ends), words), np.uint64)
    total = np.zeros((n, words), np.uint64)
    known = np.zeros(n, np.bool_)
    passed = np.empty(n + 1, np.int32)
    for j in range(len(ends)):
        end = ends[j]
        known[:] = False
        for i in range(len(starts)):
            if reached[starts[i], end] == np.inf:
                continue
            at = starts[i]
            depth = 0
            while not known[at] and first[at, end] >= 0:
                if depth > n:
                    return table, False
                passed[depth] = at
                depth += 1
                at = head[first[at, end]]
            if not known[at]:
                known[at] = True
                total[at] = 0
            while depth > 0:
                depth -= 1
                before = passed[depth]
                a = first[before, end]
                known[before] = True
                for w in range(words):
                    total[before, w] = bit[a, w] | total[head[a], w]
            for w in range(words):
                table[i, j, w] = total[starts[i], w]
    return table, True


@njit(cache=True, nogil=True)
def through_marks(gate: Int32, position: Int32, there: Bits, onward: Bits, bit: Bits, marks: Bits) -> None:
    """Put the bits of every pair's way through its gate into `marks` [Z, Z, W], as `through_amounts` goes."""
    n = len(gate)
    for i in range(n):
        for j in range(n):
            a = gate[i, j]
            g = position[a] if a >= 0 else 0
            for w in range(bit.shape[1]):
                marks[i, j, w] = 0
                if a < 0:
                    continue
                marks[i, j, w] = there[i, g, w] | bit[a, w] | onward[g, j, w]


@njit(cache=True, nogil=True)
def amounts_over(
    first: Int32,
    tail: Int32,
    local_head: Int32,
    members: Int32,
    starts: Int,
    ends: Int,
    known: Float,
    values: Float,
    between: Float,
) -> bool:
    """Put the amounts of ways over added arcs into `between` [n_starts, n_ends, k]; False if a way is a circle.

    ``first[i, j]`` is the first added arc between positions i and j of ``members``, -1 where the known way stands;
    `known` [T, T, k] holds the amounts along known ways between members of the table; `tail` is such a member,
    `local_head` a position.
    """
    n, k = len(first), values.shape[1]
    for i in range(len(starts)):
        for j in range(len(ends)):
            at, end = starts[i], ends[j]
            if first[at, end] < 0:
                continue
            for x in range(k):
                between[i, j, x] = 0.0
            steps = 0
            while first[at, end] >= 0:
                a = first[at, end]
                for x in range(k):
                    between[i, j, x] += known[members[at], tail[a], x] + values[a, x]
                at = local_head[a]
                steps += 1
                if steps > n:
                    return False
            for x in range(k):
                between[i, j, x] += known[members[at], members[end], x]
    return True


@njit(cache=True, nogil=True)
def onward_constants(passed: Bits, own: int, constant: Float, used: NDArray[np.bool_], onward: Float) -> None:
    """Put into `onward` [Z, Z] what the constant of corridor `own` changes by where its route goes on by a used one.

    ``passed[i, j, w]`` has bit c % 64 of word c // 64 for each corridor c that the route passes; the first used one
    in order counts.
    """
    n = len(passed)
    for i in range(n):
        for j in range(n):
            onward[i, j] = 0.0
            for c in range(len(used)):
                if used[c] and c != own and passed[i, j, c // 64] >> np.uint64(c % 64) & np.uint64(1):
                    onward[i, j] = constant[c] - constant[own]
                    break


@njit(cache=True, nogil=True)
def through_amounts(gate: Int32, position: Int32, there: Float, onward: Float, values: Float) -> Float:
    """Return the amounts of every pair through its gate, shape (k, Z, Z), inf where it has none.

    `there` [Z, n_gates, k] leads to the gates' tails, `onward` [n_gates, Z, k] from their heads;
    ``position[gate]`` is a gate's column and row in them.
    """
    n, k = len(gate), values.shape[1]
    total = np.full((k, n, n), np.inf)
    for i in range(n):
        for j in range(n):
            a = gate[i, j]
            if a < 0:
                continue
            g = position[a]
            for x in range(k):
                total[x, i, j] = there[i, g, x] + values[a, x] + onward[g, j, x]
    return total


@njit(cache=True, nogil=True)
def gate_flows(gate: Int32, position: Int32, flow: Float, n_gates: int, arc_flow: Float) -> tuple[Float, Float]:
    """Return the flows from each row to the gates it takes, and from the gates on, as `through_amounts` goes."""
    n = len(gate)
    there = np.zeros((n, n_gates))
    onward = np.zeros((n_gates, n))
    for i in range(n):
        for j in range(n):
            a = gate[i, j]
            if a >= 0 and flow[i, j] != 0.0:
                arc_flow[a] += flow[i, j]
                there[i, position[a]] += flow[i, j]
                onward[position[a], j] += flow[i, j]
    return there, onward


@njit(cache=True, nogil=True)
def spread_between(
    first: Int32,
    tail: Int32,
    head: Int32,
    starts: Int32,
    ends: Int32,
    flow: Float,
    piece_flow: Float,
    arc_flow: Float,
) -> bool:
    """Add flows [n_starts, n_ends] to the added arcs and to the stretches between them; False if a way is a circle.

    The ways to one end are a tree: flows run down it from its leaves, each arc once.
    """
    n = len(first)
    inflow = np.zeros(n)
    waiting = np.zeros(n, np.int32)
    known = np.zeros(n, np.bool_)
    met = np.empty(n, np.int32)
    ready = np.empty(n, np.int32)
    for j in range(len(ends)):
        end = ends[j]
        count = 0
        for i in range(len(starts)):
            if flow[i, j] == 0.0:
                continue
            at = starts[i]
            inflow[at] += flow[i, j]
            while not known[at]:
                known[at] = True
                met[count] = at
                count += 1
                if first[at, end] < 0:
                    break
                at = head[first[at, end]]
                waiting[at] += 1
        size = 0
        for m in range(count):
            if waiting[met[m]] == 0:
                ready[size] = met[m]
                size += 1
        done = 0
        while size > 0:
            size -= 1
            done += 1
            at = ready[size]
            a = first[at, end]
            if a < 0:
                piece_flow[at, end] += inflow[at]
                continue
            piece_flow[at, tail[a]] += inflow[at]
            arc_flow[a] += inflow[at]
            onward = head[a]
            inflow[onward] += inflow[at]
            waiting[onward] -= 1
            if waiting[onward] == 0:
                ready[size] = onward
                size += 1
        for m in range(count):
            known[met[m]] = False
            inflow[met[m]] = 0.0
            waiting[met[m]] = 0
        if done < count:
            return False
    return True
