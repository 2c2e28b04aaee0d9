"""Compiled shifts of flow inside bushes, from dearer used routes to the cheapest ones."""

from typing import NamedTuple

from numba import njit

from landbridge.routing.kernel_assignment_bushes import I8, TINY, Bushes, Pool, Work
from landbridge.routing.kernel_assignment_links import F8, I4, LOAD, SLOPE, LinkArrays, LinkState, set_link

RELAXATION = 1.25
"""Newton steps are lengthened by this factor: bushes share links, and over-relaxed sweeps settle in fewer passes."""


class View(NamedTuple):
    """One bush and the costs its class sees: few arrays, because compiled calls pass every field by value."""

    time: F8
    curve: F8
    fixed: F8
    link: I4
    tail: I4
    flow: F8
    low: I8
    main: I8


@njit(cache=True, nogil=True)
def balance(links: LinkArrays, state: LinkState, bushes: Bushes, pool: Pool, work: Work, passes: int) -> None:
    """Move flow inside each bush from its dearer to its cheapest routes, `passes` times over all bushes."""
    for _ in range(passes):
        for b in range(len(bushes.origin)):
            fixed = links.fixed[bushes.kind[b]]
            view = View(state.time, state.curve, fixed, pool.link, pool.tail, pool.flow, work.low_arc, work.main_arc)
            first_arc = pool.first_arc[pool.first_node[b] : pool.first_node[b + 1] + 1]
            _balance_bush(view, first_arc, work.dist, work.order)


@njit(cache=True, nogil=True)
def _balance_bush(view: View, first_arc: I8, least: F8, merges: I4) -> None:
    """One pass over a bush: least labels from its origin on, then shifts at its merges from the far end back.

    A used arc (i, j) with ``u_i + c > u_j`` gives flow to the least-cost route into j (Dial 2006). The
    segment that gives is followed back from i along the arcs with most flow, as in Bar-Gera's paired alternative
    segments (2010): along the dearest used arcs, as in Dial, a trickle upstream can throttle every step.
    """
    n_merges = 0
    least[0] = 0.0
    for p in range(1, len(first_arc) - 1):
        first = first_arc[p]
        last = first_arc[p + 1]
        a = view.link[first]
        best = least[view.tail[first]] + (view.time[a] + view.fixed[a])
        low = first
        main = first
        if last > first + 1:
            most = view.flow[first]
            worst = best if most > 0.0 else 0.0
            for s in range(first + 1, last):
                a = view.link[s]
                reach = least[view.tail[s]] + (view.time[a] + view.fixed[a])
                if reach < best:
                    best = reach
                    low = s
                flow = view.flow[s]
                if flow > 0.0:
                    worst = max(worst, reach)
                    if flow > most:
                        most = flow
                        main = s
            if worst - best > TINY * worst:
                merges[n_merges] = p
                n_merges += 1
        least[p] = best
        view.low[p] = low
        view.main[p] = main
    for m in range(n_merges - 1, -1, -1):
        p = merges[m]
        for s in range(first_arc[p], first_arc[p + 1]):
            if s != view.low[p] and view.flow[s] > 0.0:
                _shift(view, p, s)


@njit(cache=True, nogil=True)
def _shift(view: View, p: int, giver: int) -> None:
    """Move flow at place `p` from arc `giver` and its segment to the least-cost one by a safeguarded Newton step."""
    s = view.low[p]
    a = view.link[s]
    c = view.link[giver]
    gain = view.time[c] + view.fixed[c] - view.time[a] - view.fixed[a]
    slope = view.curve[a, SLOPE] + view.curve[c, SLOPE]
    room = view.flow[giver]
    i = view.tail[s]
    j = view.tail[giver]
    while i != j:
        if i > j:
            s = view.low[i]
            a = view.link[s]
            gain -= view.time[a] + view.fixed[a]
            i = view.tail[s]
        else:
            s = view.main[j]
            a = view.link[s]
            gain += view.time[a] + view.fixed[a]
            room = min(room, view.flow[s])
            j = view.tail[s]
        slope += view.curve[a, SLOPE]
    if gain <= 0.0 or room <= 0.0:
        return
    step = room
    if slope * room > RELAXATION * gain:
        step = RELAXATION * gain / slope
    after = _move(view, p, giver, step)
    if -after > 0.5 * gain:
        # A strongly curved delay: go back by the secant between both ends.
        _move(view, p, giver, step * after / (gain - after))


@njit(cache=True, nogil=True)
def _move(view: View, p: int, giver: int, step: float) -> float:
    """Move `step` at place `p` between the segments of `_shift`; return how much dearer the giving one still is."""
    s = view.low[p]
    gain: float = _add(view, giver, -step) - _add(view, s, step)
    i = view.tail[s]
    j = view.tail[giver]
    while i != j:
        if i > j:
            s = view.low[i]
            gain -= _add(view, s, step)
            i = view.tail[s]
        else:
            s = view.main[j]
            gain += _add(view, s, -step)
            j = view.tail[s]
    return gain


@njit(cache=True, nogil=True)
def _add(view: View, s: int, step: float) -> float:
    """Add `step` to the flow of arc `s` and its link's load; return the cost of the link then."""
    a = view.link[s]
    view.flow[s] += step
    view.curve[a, LOAD] += step
    set_link(view.time, view.curve, a)
    return float(view.time[a] + view.fixed[a])
