"""Compiled shifts of flow inside bushes, from the dearest used to the cheapest routes."""

from numba import njit

from landbridge.routing.kernel_assignment_bushes import TINY, Bushes, Pool, Work
from landbridge.routing.kernel_assignment_links import LinkArrays, LinkState, set_link

RELAXATION = 1.25
"""Newton steps are lengthened by this factor: bushes share links, and over-relaxed sweeps settle in fewer passes."""


@njit(cache=True, nogil=True)
def balance(links: LinkArrays, state: LinkState, bushes: Bushes, pool: Pool, work: Work, passes: int) -> None:
    """Move flow inside each bush from its dearest used to its cheapest routes, `passes` times over all bushes."""
    for _ in range(passes):
        for b in range(len(bushes.origin)):
            _balance_bush(links, state, bushes.kind[b], pool, work, b)


@njit(cache=True, nogil=True)
def _balance_bush(links: LinkArrays, state: LinkState, kind: int, pool: Pool, work: Work, b: int) -> None:
    """One pass of Dial's Algorithm B (2006, section 4): least and most labels, then Newton shifts from the end."""
    at = pool.first_node[b]
    n = pool.first_node[b + 1] - at
    least = work.dist
    most = work.most
    low = work.low_arc
    high = work.high_arc
    merges = work.order
    n_merges = 0
    least[0] = 0.0
    most[0] = 0.0
    for p in range(1, n):
        first = pool.first_arc[at + p]
        last = pool.first_arc[at + p + 1]
        a = pool.link[first]
        cost = state.time[a] + links.fixed[kind, a]
        q = pool.tail[first]
        best = least[q] + cost
        low[p] = first
        if last == first + 1:
            least[p] = best
            most[p] = most[q] + cost
            high[p] = first
            continue
        worst = -1.0
        high[p] = -1
        if pool.flow[first] > 0.0:
            worst = most[q] + cost
            high[p] = first
        for s in range(first + 1, last):
            a = pool.link[s]
            cost = state.time[a] + links.fixed[kind, a]
            q = pool.tail[s]
            reach = least[q] + cost
            if reach < best:
                best = reach
                low[p] = s
            if pool.flow[s] > 0.0:
                reach = most[q] + cost
                if reach > worst:
                    worst = reach
                    high[p] = s
        least[p] = best
        most[p] = max(worst, best)
        if high[p] >= 0 and high[p] != low[p] and worst - best > TINY * worst:
            merges[n_merges] = p
            n_merges += 1
    for m in range(n_merges - 1, -1, -1):
        _shift(links, state, kind, pool, work, merges[m])


@njit(cache=True, nogil=True)
def _shift(links: LinkArrays, state: LinkState, kind: int, pool: Pool, work: Work, p: int) -> None:
    """Move flow at place `p` from the most to the least segment by one safeguarded Newton step."""
    low = work.low_arc
    high = work.high_arc
    s = low[p]
    e = high[p]
    a = pool.link[s]
    c = pool.link[e]
    gain = state.time[c] + links.fixed[kind, c] - state.time[a] - links.fixed[kind, a]
    slope = state.slope[a] + state.slope[c]
    room = pool.flow[e]
    i = pool.tail[s]
    j = pool.tail[e]
    while i != j:
        if i > j:
            s = low[i]
            a = pool.link[s]
            gain -= state.time[a] + links.fixed[kind, a]
            slope += state.slope[a]
            i = pool.tail[s]
        else:
            e = high[j]
            if e < 0:
                return
            a = pool.link[e]
            gain += state.time[a] + links.fixed[kind, a]
            slope += state.slope[a]
            room = min(room, pool.flow[e])
            j = pool.tail[e]
    if gain <= 0.0 or room <= 0.0:
        return
    step = room
    if slope * room > RELAXATION * gain:
        step = RELAXATION * gain / slope
    after = _move(links, state, kind, pool, work, p, step)
    if -after > 0.5 * gain:
        # A strongly curved delay: go back by the secant between both ends.
        _move(links, state, kind, pool, work, p, step * after / (gain - after))


@njit(cache=True, nogil=True)
def _move(links: LinkArrays, state: LinkState, kind: int, pool: Pool, work: Work, p: int, step: float) -> float:
    """Move `step` from the most to the least segment at place `p`; return how much dearer the former still is."""
    i = p
    j = p
    gain = 0.0
    first = True
    while first or i != j:
        if first or i > j:
            s = work.low_arc[i]
            a = pool.link[s]
            pool.flow[s] += step
            state.load[a] += step
            set_link(links, state, a)
            gain -= state.time[a] + links.fixed[kind, a]
            i = pool.tail[s]
        if first or j > i:
            s = work.high_arc[j]
            a = pool.link[s]
            pool.flow[s] -= step
            state.load[a] -= step
            set_link(links, state, a)
            gain += state.time[a] + links.fixed[kind, a]
            j = pool.tail[s]
        first = False
    return gain
