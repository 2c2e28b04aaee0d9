"""The graph of acceptable states from today to the goal: how many orders, which are best, which are minimal."""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Literal

import numpy as np

from landbridge.cooperation.acceptance import Prospects, Rules, shortfall
from landbridge.cooperation.bitmasks import sizes
from landbridge.cooperation.roadmap import RoadMap
from landbridge.core.arrays import Bool, Float, Int

Ranking = Literal["worth", "steps"]


@dataclass(frozen=True, slots=True, eq=False)
class StateGraph:
    """Steps that can be taken one after the other; arrays have a row a step taken in a state.

    Attributes
    ----------
    tail, head
        State before and after.
    step
        Position among the prospects' steps.
    reached
        Whether some order of these steps reaches the goal. If so, only steps on such an order are kept; if
        not, all that can be taken from the start.
    orders
        The number of different orders from the start to a first state that holds the goal.
    ends
        The states in which those orders end, shape (e,); they are sets of elements.
    minimal
        Those of `ends` no proper subset of which is an end as well.
    """

    tail: Int
    head: Int
    step: Int
    reached: bool
    orders: int
    ends: Int
    minimal: Int


def acceptable_graph(road_map: RoadMap, rules: Rules, found: Prospects, *, ask: bool = True) -> StateGraph:
    """Return the graph of acceptable steps, or with ``ask=False`` of all whose conditions hold.

    The parties judge a step by W of the state that it leads to, thus by the plan's way on from there. States
    that hold the goal are not left. The number of orders is exact (64 bits hold every case up to 18 elements).
    """
    goal, start = road_map.goal_mask, road_map.start_state
    size = sizes(len(road_map.elements))
    room = rules.tolerance * max(float(np.abs(found.stay).max()), np.finfo(float).tiny)
    ways = np.zeros(len(found.stay), dtype=np.int64)
    ways[start] = 1
    rows: list[tuple[Int, Int, int]] = []
    for layer in range(start.bit_count(), len(road_map.elements)):
        here = np.flatnonzero((size == layer) & (ways > 0))
        here = here[here & goal != goal]
        for j in range(len(found.steps)):
            can = here[(here & found.steps.before[j] == found.steps.before[j]) & (here & found.steps.forbidden[j] == 0)]
            after = can | found.steps.made[j]
            if ask and len(can):
                short = shortfall(found.worth[after], found.stay[can], int(found.steps.asked[j]), rules)
                ok = short.sum(axis=1) <= room
                can, after = can[ok], after[ok]
            if len(can):
                ways[after] += ways[can]
                rows.append((can, after, j))
    ends = np.flatnonzero((ways > 0) & (np.arange(len(ways)) & goal == goal))
    return _graph(rows, ways, ends, len(road_map.elements))


def acceptable_elements(road_map: RoadMap, rules: Rules, found: Prospects) -> Bool:
    """Return in which states each element is part of an acceptable step, shape (2**m, m), for draws over time.

    Milestones are part of acceptable steps wherever their conditions hold.
    """
    states = np.arange(len(found.stay))
    room = rules.tolerance * max(float(np.abs(found.stay).max()), np.finfo(float).tiny)
    may = np.zeros((len(states), len(road_map.elements)), dtype=np.bool_)
    steps = found.steps
    for j in range(len(steps)):
        can = states[(states & steps.before[j] == steps.before[j]) & (states & steps.forbidden[j] == 0)]
        short = shortfall(found.worth[can | steps.made[j]], found.stay[can], int(steps.asked[j]), rules)
        can = can[short.sum(axis=1) <= room]
        for k in range(len(road_map.elements)):
            if steps.made[j] >> k & 1:
                may[can, k] = True
    return may


def _graph(rows: list[tuple[Int, Int, int]], ways: Int, ends: Int, m: int) -> StateGraph:
    reached = len(ends) > 0
    leads = np.zeros(len(ways), dtype=np.bool_)
    leads[ends] = True
    kept: list[tuple[Int, Int, Int]] = []
    # rows are in rising order of the size of their tails, so heads are settled before tails on the way back
    for tail, head, j in reversed(rows):
        ok = leads[head] if reached else np.ones(len(head), dtype=np.bool_)
        leads[tail[ok]] = True
        kept.append((tail[ok], head[ok], np.full(int(ok.sum()), j, dtype=np.int64)))
    none = np.zeros(0, dtype=np.int64)
    tail, head, step = (np.concatenate([none, *(row[i] for row in kept)]) for i in range(3))
    order = np.lexsort((step, tail))
    orders = int(ways[ends].sum())
    return StateGraph(tail[order], head[order], step[order], reached, orders, ends, minimal_sets(ends, m))


def minimal_sets(sets: Int, m: int) -> Int:
    """Return those of the sets no proper subset of which is among them."""
    holds = np.zeros(1 << m, dtype=np.int64)
    holds[sets] = 1
    for k in range(m):
        pair = holds.reshape(-1, 2, 1 << k)
        pair[:, 1] |= pair[:, 0]
        # `holds` now says whether a subset that differs in the first k + 1 elements only is among them
    smaller = np.zeros(len(sets), dtype=np.int64)
    for k in range(m):
        has = sets >> k & 1 == 1
        smaller[has] |= holds[sets[has] & ~(1 << k)]
    minimal: Int = sets[smaller == 0]
    return minimal


def best_orders(
    graph: StateGraph, road_map: RoadMap, rules: Rules, found: Prospects, *, count: int = 5, by: Ranking = "worth"
) -> tuple[tuple[int, ...], ...]:
    """Return the k best orders as tuples of states, start and end included, best first, exactly.

    Parameters
    ----------
    count
        k.
    by
        ``worth``: the largest sum over all parties of W at the start, if this order is followed; then fewest
        steps. ``steps``: fewest steps, then the largest sum. Myopic rules (discount 0) rank the sum of yearly
        payoffs along the way instead of W, which would be that of the first year alone.

    Notes
    -----
    Best-first search with the exact best value of every state as the bound, so that no order worse than the k-th
    is completed (A*, Hart, Nilsson and Raphael 1968).
    """
    if not graph.reached:
        return ()
    now = found.payoff.sum(axis=1)
    carry = rules.discount * found.hold if rules.discount > 0 else np.ones(len(now))
    now = now + rules.discount * found.lapse.sum(axis=1)
    ending = found.stay.sum(axis=1) if rules.discount > 0 else now
    is_end = np.zeros(len(now), dtype=np.bool_)
    is_end[graph.ends] = True
    value, left = _bounds(graph, now, carry, ending, is_end)
    starts = np.searchsorted(graph.tail, np.arange(len(now) + 1))

    grain = 1e-10 * max(float(np.abs(value[np.isfinite(value)]).max()), np.finfo(float).tiny)

    def key(steps: int, worth: float) -> tuple[float, float]:
        worth = round(worth / grain)  # equal orders stay equal, so that one of them is completed first
        return (-worth, float(steps)) if by == "worth" else (float(steps), -worth)

    start = road_map.start_state
    heap: list[tuple[tuple[float, float], int, float, float, tuple[int, ...]]] = []
    heappush(heap, (key(int(left[start]), float(value[start])), 0, 0.0, 1.0, (start,)))
    done: list[tuple[int, ...]] = []
    ticket = 0
    while heap and len(done) < count:
        _, _, gained, weight, way = heappop(heap)
        at = way[-1]
        if is_end[at]:
            done.append(way)
            continue
        gained_next, weight_next = gained + weight * float(now[at]), weight * float(carry[at])
        for after in graph.head[starts[at] : starts[at + 1]].tolist():
            ticket += 1
            worth = gained_next + weight_next * float(value[after])
            entry = (key(len(way) + int(left[after]), worth), -ticket, gained_next, weight_next, (*way, after))
            heappush(heap, entry)
    return tuple(done)


def _bounds(graph: StateGraph, now: Float, carry: Float, ending: Float, is_end: Bool) -> tuple[Float, Int]:
    """Return for every state the best sum and the fewest steps from it to an end."""
    value = np.where(is_end, ending, -np.inf)
    left = np.where(is_end, 0, np.iinfo(np.int64).max // 2)
    size = np.bitwise_count(graph.tail)
    for layer in sorted(set(size.tolist()), reverse=True):
        rows = size == layer
        tail, head = graph.tail[rows], graph.head[rows]
        best, fewest = np.full(len(value), -np.inf), np.full(len(value), np.iinfo(np.int64).max // 2)
        np.maximum.at(best, tail, value[head])
        np.minimum.at(fewest, tail, left[head])
        here = np.unique(tail)
        value[here] = now[here] + carry[here] * best[here]
        left[here] = fewest[here] + 1
    return value, left
