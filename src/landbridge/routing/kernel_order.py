"""Orders the nodes of a graph by nested dissection with inertial flow, for contraction hierarchies."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]


@njit(cache=True, nogil=True)
def _levels(
    start: Int32, adjacent: Int32, flow: NDArray[np.int8], members: Int32, side: NDArray[np.int8], level: Int32
) -> bool:
    """Set each member's distance from the source side in the residual graph; return whether a sink is reached."""
    n = len(members)
    queue = np.empty(n, np.int32)
    tail = 0
    for i in range(n):
        v = members[i]
        if side[v] == 1:
            level[v] = 0
            queue[tail] = v
            tail += 1
        else:
            level[v] = -1
    at = 0
    found = -1
    while at < tail:
        v = queue[at]
        at += 1
        if found >= 0 and level[v] >= found:
            break
        for e in range(start[v], start[v + 1]):
            u = adjacent[e]
            if side[u] < 0 or flow[e] >= 1 or level[u] >= 0:
                continue
            level[u] = level[v] + 1
            if side[u] == 2:
                found = level[u]
            queue[tail] = u
            tail += 1
    return found >= 0


@njit(cache=True, nogil=True)
def _augment(
    start: Int32,
    adjacent: Int32,
    reverse: Int32,
    flow: NDArray[np.int8],
    members: Int32,
    side: NDArray[np.int8],
    level: Int32,
    pointer: Int32,
    limit: int,
) -> int:
    """Send unit flows along the levels until none is left (Dinic's blocking flow) or `limit` is passed."""
    n = len(members)
    for i in range(n):
        pointer[members[i]] = start[members[i]]
    path = np.empty(n + 1, np.int32)
    sent = 0
    for i in range(n):
        root = members[i]
        if side[root] != 1:
            continue
        depth = 0
        v = root
        while True:
            if side[v] == 2:
                for k in range(depth):
                    flow[path[k]] += 1
                    flow[reverse[path[k]]] -= 1
                sent += 1
                if sent > limit:
                    return sent
                depth = 0
                v = root
                continue
            advanced = False
            while pointer[v] < start[v + 1]:
                e = pointer[v]
                u = adjacent[e]
                if side[u] >= 0 and flow[e] < 1 and level[u] == level[v] + 1:
                    path[depth] = e
                    depth += 1
                    v = u
                    advanced = True
                    break
                pointer[v] += 1
            if not advanced:
                if depth == 0:
                    break
                depth -= 1
                v = adjacent[reverse[path[depth]]]
                pointer[v] += 1
    return sent


@njit(cache=True, nogil=True)
def _separate(
    start: Int32,
    adjacent: Int32,
    reverse: Int32,
    flow: NDArray[np.int8],
    members: Int32,
    side: NDArray[np.int8],
    level: Int32,
    pointer: Int32,
    limit: int,
) -> int:
    """Find a least edge cut between the two marked sides; on return ``level >= 0`` marks the source's part."""
    for i in range(len(members)):
        v = members[i]
        for e in range(start[v], start[v + 1]):
            flow[e] = 0
    total = 0
    while _levels(start, adjacent, flow, members, side, level):
        total += int(_augment(start, adjacent, reverse, flow, members, side, level, pointer, limit - total))
        if total > limit:
            return total
    return total


@njit(cache=True, nogil=True)
def _components(
    start: Int32, adjacent: Int32, members: Int32, side: NDArray[np.int8], part: Int32
) -> tuple[Int32, Int32]:
    """Return the members sorted by connected part, and where each part begins."""
    n = len(members)
    for i in range(n):
        part[members[i]] = -1
    ordered = np.empty(n, np.int32)
    begins = np.empty(n + 1, np.int32)
    parts = 0
    filled = 0
    for i in range(n):
        if part[members[i]] >= 0:
            continue
        begins[parts] = filled
        part[members[i]] = parts
        ordered[filled] = members[i]
        at = filled
        filled += 1
        while at < filled:
            v = ordered[at]
            at += 1
            for e in range(start[v], start[v + 1]):
                u = adjacent[e]
                if side[u] >= 0 and part[u] < 0:
                    part[u] = parts
                    ordered[filled] = u
                    filled += 1
        parts += 1
    begins[parts] = filled
    return ordered, begins[: parts + 1].copy()


@njit(cache=True, nogil=True)
def _best_cut(
    start: Int32,
    adjacent: Int32,
    reverse: Int32,
    flow: NDArray[np.int8],
    place: NDArray[np.float64],
    directions: NDArray[np.float64],
    members: Int32,
    side: NDArray[np.int8],
    work: Int32,
) -> NDArray[np.int8]:
    """Try each direction; return 0 (first part), 1 (second part) or 2 (separator) for each member."""
    n = len(members)
    level, pointer = work[0], work[1]
    ends = max(1, int(0.25 * n))
    best_score = np.inf
    best = np.zeros(n, np.int8)
    limit = 1 << 30
    for d in range(len(directions)):
        projection = np.empty(n)
        for i in range(n):
            projection[i] = (
                place[members[i], 0] * directions[d, 0]
                + place[members[i], 1] * directions[d, 1]
                + place[members[i], 2] * directions[d, 2]
            )
        order = np.argsort(projection)
        for i in range(n):
            side[members[i]] = 0
        for i in range(ends):
            side[members[order[i]]] = 1
            side[members[order[n - 1 - i]]] = 2
        total = _separate(start, adjacent, reverse, flow, members, side, level, pointer, limit)
        if total > limit:
            continue
        labels = np.zeros(n, np.int8)
        first = 0
        first_ends = 0
        second_ends = 0
        for i in range(n):
            v = members[i]
            inside = level[v] >= 0
            labels[i] = 0 if inside else 1
            first += inside
            for e in range(start[v], start[v + 1]):
                u = adjacent[e]
                if side[u] >= 0 and (level[u] >= 0) != inside:
                    first_ends += inside
                    second_ends += not inside
                    break
        score = min(first_ends, second_ends) / min(first, n - first) ** 0.7
        if score >= best_score:
            continue
        best_score = score
        limit = min(limit, 2 * total)
        cut_first = first_ends <= second_ends
        for i in range(n):
            v = members[i]
            inside = level[v] >= 0
            if inside != cut_first:
                continue
            for e in range(start[v], start[v + 1]):
                u = adjacent[e]
                if side[u] >= 0 and (level[u] >= 0) != inside:
                    labels[i] = 2
                    break
        best[:] = labels
    return best


@njit(cache=True, nogil=True)
def dissection_order(
    start: Int32,
    adjacent: Int32,
    reverse: Int32,
    place: NDArray[np.float64],
    directions: NDArray[np.float64],
) -> Int32:
    """Return the nodes from the first to contract to the last.

    Nested dissection (George 1973): a small set of nodes that splits the graph is contracted last, and each
    part is ordered in the same way. The separator comes from a least cut between the first and the last quarter
    of the nodes along a direction (inertial flow; Schild and Sommer 2015, section 3), the best of several
    directions.

    Parameters
    ----------
    start, adjacent, reverse
        Undirected graph in compressed rows: shape (n + 1,), (2m,), and the position of each arc's twin.
    place
        Points on the unit sphere, shape (n, 3): no seam at 180 degrees and none at the poles.
    directions
        Vectors along which to look for a cut, shape (n_directions, 3).
    """
    n = len(start) - 1
    order = np.empty(n, np.int32)
    flow = np.zeros(len(adjacent), np.int8)
    side = np.full(n, -1, np.int8)
    work = np.empty((2, n), np.int32)
    nodes = np.arange(n).astype(np.int32)
    stack_low = [0]
    stack_high = [n]
    while len(stack_low) > 0:
        low = stack_low.pop()
        high = stack_high.pop()
        members = nodes[low:high].copy()
        if high - low <= 2:
            order[low:high] = members
            continue
        side[members] = 0
        ordered, begins = _components(start, adjacent, members, side, work[0])
        if len(begins) > 2:
            nodes[low:high] = ordered
            for k in range(len(begins) - 1):
                stack_low.append(low + begins[k])
                stack_high.append(low + begins[k + 1])
            side[members] = -1
            continue
        labels = _best_cut(start, adjacent, reverse, flow, place, directions, members, side, work)
        side[members] = -1
        at = low
        for label in range(3):
            first = at
            for i in range(high - low):
                if labels[i] == label:
                    nodes[at] = members[i]
                    at += 1
            if label < 2 and at > first:
                stack_low.append(first)
                stack_high.append(at)
            elif label == 2:
                order[first:at] = nodes[first:at]
    return order


@njit(cache=True, nogil=True)
def undirected(n: int, tail: Int32, head: Int32) -> tuple[Int32, Int32, Int32]:
    """Return the graph without directions, loops and copies: row starts, neighbours ascending, twin of each arc."""
    start = np.zeros(n + 1, np.int32)
    for a in range(len(tail)):
        if tail[a] != head[a]:
            start[tail[a] + 1] += 1
            start[head[a] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    fill = start[:-1].copy()
    adjacent = np.empty(start[n], np.int32)
    for a in range(len(tail)):
        if tail[a] != head[a]:
            adjacent[fill[tail[a]]] = head[a]
            fill[tail[a]] += 1
            adjacent[fill[head[a]]] = tail[a]
            fill[head[a]] += 1
    kept = np.zeros(n + 1, np.int32)
    at = 0
    for v in range(n):
        row = adjacent[start[v] : start[v + 1]]
        row.sort()
        for e in range(len(row)):
            if e == 0 or row[e] != row[e - 1]:
                adjacent[at] = row[e]
                at += 1
        kept[v + 1] = at
    adjacent = adjacent[:at].copy()
    reverse = np.empty(at, np.int32)
    fill = kept[:-1].copy()
    for v in range(n):
        for e in range(kept[v], kept[v + 1]):
            u = adjacent[e]
            reverse[fill[u]] = e
            fill[u] += 1
    return kept, adjacent, reverse
