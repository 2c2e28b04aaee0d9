"""Compiled steps on bushes (acyclic graphs of the routes from one origin): load, measure, prune and extend.

A bush is stored by its nodes in topological order, and for each node its arcs from earlier nodes.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landbridge.routing.kernel_assignment_links import (
    F8,
    I4,
    LOAD,
    U1,
    LinkArrays,
    LinkState,
    grow_tree,
    set_link,
)

I8 = NDArray[np.int64]
TINY = 1e-14
"""Differences below this share of a label, and flows below this share of a node's, are round-off."""


class Bushes(NamedTuple):
    """What is asked of each bush: class, origin and demand (PCE) by destination node."""

    kind: I4
    origin: I4
    first_row: I8
    node: I4
    value: F8


class Pool(NamedTuple):
    """All bushes one behind the other: bush b has the nodes ``first_node[b] : first_node[b + 1]``.

    Node n has the arcs ``first_arc[n] : first_arc[n + 1]``: link, place of its tail inside the bush, flow (PCE).
    """

    first_node: I8
    node: I4
    first_arc: I8
    link: I4
    tail: I4
    flow: F8


class Work(NamedTuple):
    """Scratch arrays; by node or place inside a bush (shape n_nodes), by arc (shape n_links)."""

    dist: F8
    most: F8
    through: F8
    beat: F8
    via: I4
    order: I4
    heap: I4
    place: I4
    waiting: U1
    low_arc: I8
    main_arc: I8
    first_in: I4
    first_out: I4
    indegree: I4
    next_in: I4
    next_out: I4
    arc_link: I4
    arc_flow: F8


@njit(cache=True, nogil=True)
def start_bushes(links: LinkArrays, state: LinkState, bushes: Bushes, pool: Pool, work: Work, missing: U1) -> None:
    """Load each bush on its least-cost tree at the loads left by the bushes before it; mark rows without a route."""
    n_at = 0
    a_at = 0
    for b in range(len(bushes.origin)):
        kind = bushes.kind[b]
        n = grow_tree(links, state, kind, bushes.origin[b], work.dist, work.via, work.order, work.heap, work.place)
        through = work.through
        through[:] = 0.0
        for row in range(bushes.first_row[b], bushes.first_row[b + 1]):
            through[bushes.node[row]] += bushes.value[row]
            if work.dist[bushes.node[row]] == np.inf:
                missing[row] = 1
        for p in range(n - 1, 0, -1):
            j = work.order[p]
            through[links.tail[work.via[j]]] += through[j]
        for p in range(n):
            j = work.order[p]
            work.place[j] = p
            pool.node[n_at + p] = j
            pool.first_arc[n_at + p] = a_at
            if p > 0:
                a = work.via[j]
                pool.link[a_at] = a
                pool.tail[a_at] = work.place[links.tail[a]]
                pool.flow[a_at] = through[j]
                a_at += 1
                if through[j] > 0.0:
                    state.curve[a, LOAD] += through[j]
                    set_link(state.time, state.curve, a)
        n_at += n
        pool.first_node[b + 1] = n_at
        pool.first_arc[n_at] = a_at


@njit(cache=True, nogil=True)
def revise_bushes(  # noqa: PLR0913, PLR0917 - arrays are written in place
    links: LinkArrays,
    state: LinkState,
    bushes: Bushes,
    pool: Pool,
    fresh: Pool,
    work: Work,
    load: F8,
    cost: F8,
    sums: F8,
    begin: int,
) -> int:
    """Measure the gap at the present times and write each bush anew: unused arcs out, better ones in.

    Adds flows (PCE) to `load`, writes least costs of the rows to `cost`, adds the excess ``sum f (u_i + c - u_j)``
    and the total ``sum f c`` to `sums`. Returns the first bush that `fresh` has no room for, or their number.
    """
    n_links = len(links.tail)
    for b in range(begin, len(bushes.origin)):
        a_at = fresh.first_arc[fresh.first_node[b]]
        if len(fresh.link) - a_at < n_links:
            return b
        kind = bushes.kind[b]
        _repair(links, bushes, pool, work, b)
        _least_costs(links, state, kind, bushes.origin[b], pool, work, b)
        for row in range(bushes.first_row[b], bushes.first_row[b + 1]):
            cost[row] = work.dist[bushes.node[row]]
        for s in range(pool.first_arc[pool.first_node[b]], pool.first_arc[pool.first_node[b + 1]]):
            flow = pool.flow[s]
            if flow > 0.0:
                a = pool.link[s]
                price = state.time[a] + links.fixed[kind, a]
                load[a] += flow
                sums[0] += flow * (work.dist[links.tail[a]] + price - work.dist[links.head[a]])
                sums[1] += flow * price
        count = _choose_arcs(links, state, kind, bushes.origin[b], pool, work, b)
        _write(links, bushes.origin[b], fresh, work, b, count)
    return len(bushes.origin)


@njit(cache=True, nogil=True)
def class_flows(bushes: Bushes, pool: Pool, flow: F8) -> None:
    """Add the flows of all bushes (PCE) to `flow`, shape (n_classes, n_links)."""
    for b in range(len(bushes.origin)):
        kind = bushes.kind[b]
        for s in range(pool.first_arc[pool.first_node[b]], pool.first_arc[pool.first_node[b + 1]]):
            flow[kind, pool.link[s]] += pool.flow[s]


@njit(cache=True, nogil=True)
def _repair(links: LinkArrays, bushes: Bushes, pool: Pool, work: Work, b: int) -> None:
    """Make the flows of a bush conserve exactly: keep the shares at each node, from the last node to the first."""
    at = pool.first_node[b]
    n = pool.first_node[b + 1] - at
    through = work.through
    through[:] = 0.0
    for row in range(bushes.first_row[b], bushes.first_row[b + 1]):
        through[bushes.node[row]] += bushes.value[row]
    for p in range(n - 1, 0, -1):
        total = through[pool.node[at + p]]
        first = pool.first_arc[at + p]
        last = pool.first_arc[at + p + 1]
        if last == first + 1:
            pool.flow[first] = total
            through[links.tail[pool.link[first]]] += total
            continue
        known = 0.0
        for s in range(first, last):
            if pool.flow[s] <= TINY * total:
                pool.flow[s] = 0.0
            known += pool.flow[s]
        if known <= 0.0:
            pool.flow[first] = total
            known = total
        for s in range(first, last):
            if pool.flow[s] > 0.0:
                pool.flow[s] = total * (pool.flow[s] / known)
                through[links.tail[pool.link[s]]] += pool.flow[s]


@njit(cache=True, nogil=True)
def _least_costs(links: LinkArrays, state: LinkState, kind: int, origin: int, pool: Pool, work: Work, b: int) -> None:
    """Write least costs over the whole graph to ``work.dist``: labels of the bush, corrected (label correcting)."""
    at = pool.first_node[b]
    n = pool.first_node[b + 1] - at
    dist = work.dist
    via = work.via
    dist[:] = np.inf
    via[:] = -1
    dist[origin] = 0.0
    for p in range(1, n):
        best = np.inf
        chosen = -1
        for s in range(pool.first_arc[at + p], pool.first_arc[at + p + 1]):
            a = pool.link[s]
            reach = dist[links.tail[a]] + state.time[a] + links.fixed[kind, a]
            if reach < best:
                best = reach
                chosen = a
        dist[pool.node[at + p]] = best
        via[pool.node[at + p]] = chosen
    queue = work.heap
    waiting = work.waiting
    size = 0
    start = 0
    room = len(queue)
    for a in range(len(links.tail)):
        j = links.head[a]
        i = links.tail[a]
        if dist[i] + state.time[a] + links.fixed[kind, a] < dist[j] * (1.0 - TINY):
            if not links.is_open[kind, a] or (i < links.first_thru and i != origin):
                continue
            dist[j] = dist[i] + state.time[a] + links.fixed[kind, a]
            via[j] = a
            if not waiting[j]:
                waiting[j] = 1
                queue[(start + size) % room] = j
                size += 1
    while size > 0:
        i = queue[start]
        start = (start + 1) % room
        size -= 1
        waiting[i] = 0
        if i < links.first_thru and i != origin:
            continue
        for k in range(links.first_out[i], links.first_out[i + 1]):
            a = links.out_link[k]
            j = links.head[a]
            reach = dist[i] + state.time[a] + links.fixed[kind, a]
            if reach < dist[j] * (1.0 - TINY) and links.is_open[kind, a]:
                dist[j] = reach
                via[j] = a
                if not waiting[j]:
                    waiting[j] = 1
                    queue[(start + size) % room] = j
                    size += 1


@njit(cache=True, nogil=True)
def _add_arc(links: LinkArrays, work: Work, count: int, a: int, flow: float) -> int:
    j = links.head[a]
    i = links.tail[a]
    work.arc_link[count] = a
    work.arc_flow[count] = flow
    work.next_in[count] = work.first_in[j]
    work.first_in[j] = count
    work.next_out[count] = work.first_out[i]
    work.first_out[i] = count
    work.indegree[j] += 1
    return count + 1


@njit(cache=True, nogil=True)
def _choose_arcs(links: LinkArrays, state: LinkState, kind: int, origin: int, pool: Pool, work: Work, b: int) -> int:
    """List the arcs of the next bush: used ones, the least-cost arc of unused nodes, and shortcuts; return how many.

    With U the longest label over the kept arcs, a shortcut (i, j) needs ``U_i + c < U_j`` (Dial 2006), so that
    U orders the new bush and no cycle can arise, zero costs included; and it must beat all used arcs into j, or be
    the last arc of the least-cost route to j (the tails of used arcs may owe their least cost to a route through j).
    """
    at = pool.first_node[b]
    n = pool.first_node[b + 1] - at
    most = work.most
    dist = work.dist
    beat = work.beat
    work.first_in[:] = -1
    work.first_out[:] = -1
    work.indegree[:] = 0
    most[:] = -1.0
    most[origin] = 0.0
    count = 0
    for p in range(1, n):
        j = pool.node[at + p]
        if work.through[j] <= 0.0:
            continue
        best = np.inf
        for s in range(pool.first_arc[at + p], pool.first_arc[at + p + 1]):
            if pool.flow[s] > 0.0:
                a = pool.link[s]
                i = links.tail[a]
                price = state.time[a] + links.fixed[kind, a]
                most[j] = max(most[j], most[i] + price)
                best = 0.0 if a == work.via[j] else min(best, dist[i] + price)
                count = _add_arc(links, work, count, a, pool.flow[s])
        beat[j] = best
    for p in range(1, n):
        depth = 0
        j = pool.node[at + p]
        while most[j] < 0.0:
            work.order[depth] = j
            depth += 1
            j = links.tail[work.via[j]]
        for back in range(depth - 1, -1, -1):
            j = work.order[back]
            a = work.via[j]
            most[j] = most[links.tail[a]] + state.time[a] + links.fixed[kind, a]
            count = _add_arc(links, work, count, a, 0.0)
    for a in range(len(links.tail)):
        j = links.head[a]
        if work.through[j] <= 0.0 or j == origin:
            continue
        i = links.tail[a]
        price = state.time[a] + links.fixed[kind, a]
        better = beat[j] > 0.0 and (a == work.via[j] or dist[i] + price < beat[j] * (1.0 - TINY))
        if better and most[i] + price < most[j]:
            if not links.is_open[kind, a] or (i < links.first_thru and i != origin):
                continue
            count = _add_arc(links, work, count, a, 0.0)
    return count


@njit(cache=True, nogil=True)
def _write(links: LinkArrays, origin: int, fresh: Pool, work: Work, b: int, count: int) -> None:
    """Write the chosen arcs in topological order (Kahn) behind the bushes already in `fresh`."""
    at = fresh.first_node[b]
    a_at = fresh.first_arc[at]
    stack = work.heap
    stack[0] = origin
    size = 1
    p = 0
    written = 0
    while size > 0:
        size -= 1
        j = stack[size]
        work.place[j] = p
        fresh.node[at + p] = j
        fresh.first_arc[at + p] = a_at + written
        k = work.first_in[j]
        while k >= 0:
            fresh.link[a_at + written] = work.arc_link[k]
            fresh.tail[a_at + written] = work.place[links.tail[work.arc_link[k]]]
            fresh.flow[a_at + written] = work.arc_flow[k]
            written += 1
            k = work.next_in[k]
        p += 1
        k = work.first_out[j]
        while k >= 0:
            i = links.head[work.arc_link[k]]
            work.indegree[i] -= 1
            if work.indegree[i] == 0:
                stack[size] = i
                size += 1
            k = work.next_out[k]
    if written != count:
        raise RuntimeError("a bush has a cycle")
    fresh.first_node[b + 1] = at + p
    fresh.first_arc[at + p] = a_at + written
