"""How flows answer to delays at gates when each corridor of a pair has several known routes."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one, in one pass

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landbridge.routing.kernel_choice import choose_one
from landbridge.routing.kernel_gate_routes import byte_hours, marked_hours

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bits = NDArray[np.uint64]

_PLACES = np.zeros(67, np.int64)
for _bit in range(64):
    _PLACES[(1 << _bit) % 67] = _bit


@njit(cache=True, nogil=True)
def _split(of: Int, price: Float, count: int, scale: float, least: Float, part: Float) -> None:
    """Put the least cost of each alternative into `least`, and each route's share in its alternative into `part`."""
    if count == len(least):  # one route each
        for c in range(count):
            least[c] = price[c]
            part[c] = 1.0 if price[c] < np.inf else 0.0
        return
    total = np.zeros(len(least))
    least[:] = np.inf
    for c in range(count):
        least[of[c]] = min(least[of[c]], price[c])
    for c in range(count):
        part[c] = 0.0
        if price[c] == least[of[c]]:
            part[c] = 1.0 if price[c] < np.inf else 0.0
        elif price[c] < np.inf:
            part[c] = math.exp(-scale * (price[c] - least[of[c]]))
        total[of[c]] += part[c]
    for c in range(count):
        if part[c] > 0.0:
            part[c] /= total[of[c]]


@njit(cache=True, nogil=True)
def _load(
    of: Int,
    mark: Bits,
    count: int,
    flow: float,
    share: Float,
    part: Float,
    hot: Int,
    lead: Bits,
    loads: Float,
    x: Float,
    y: Float,
    passed: Int,
) -> int:
    """Add one season's flow to marked arcs; mean passes of hot gates by alternative to `x`, of leads to `y`.

    Return how many hot gates are passed; `passed` names them.
    """
    size = 0
    for c in range(count):
        r = of[c]
        taken = flow * share[r] * part[c]
        if not taken > 0.0:
            continue
        for w in range(mark.shape[1]):
            m = mark[c, w]
            while m != np.uint64(0):
                low = m & (~m + np.uint64(1))
                place = w * 64 + _PLACES[np.int64(low % np.uint64(67))]
                loads[place] += taken
                h = hot[place]
                if h >= 0:
                    known = False
                    for z in range(size):
                        known = known or passed[z] == h
                    if not known:
                        passed[size] = h
                        size += 1
                    x[r, h] += part[c]
                    if lead[w] & low:
                        y[r, h] += part[c]
                m ^= low
    return size


@njit(cache=True, nogil=True)
def _slopes_between(
    flow: float,
    usd_per_hour: float,
    cost: Float,
    mu: float,
    nest_of: Int,
    ratio: Float,
    bound_ratio: float,
    answers: float,
    share: Float,
    x: Float,
    y: Float,
    passed: Int,
    room: Float,
    slope: Float,
) -> None:
    """Add what an hour at a hot gate moves between alternatives, and of the pair's containers, to `slope`.

    With terms ``t = exp(-s c) - exp(-s b)``, s the scale of the nest and b the bound, ``-d ln t / dc`` is
    ``s / (1 - exp(-s (b - c)))``, and the bound rises with the least cost.
    """
    n, n_nests = len(share), len(ratio)
    best = 0
    for r in range(n):
        if cost[r] < cost[best]:
            best = r
    bound = cost[best] + (bound_ratio - 1.0) * abs(cost[best])
    of_nest, moved_nest, moved, steep, near = room[0], room[1], room[2], room[3], room[4]
    of_nest[:n_nests] = 0.0
    for r in range(n):
        of_nest[nest_of[r]] += share[r]
        if share[r] > 0.0:
            scale = mu * ratio[nest_of[r]]
            near[r] = math.exp(-scale * (bound - cost[r])) if bound < np.inf else 0.0
            steep[r] = scale / max(1.0 - near[r], 1e-3)
    for h in passed:
        moved_nest[:n_nests] = 0.0
        for r in range(n):
            moved[r] = 0.0
            if share[r] > 0.0:
                moved[r] = steep[r] * (x[r, h] - near[r] * bound_ratio * x[best, h] if near[r] > 0.0 else x[r, h])
                moved_nest[nest_of[r]] += share[r] * moved[r] / of_nest[nest_of[r]]
        mean = 0.0
        for m in range(n_nests):
            mean += of_nest[m] * moved_nest[m] / (mu * ratio[m])
        for r in range(n):
            if share[r] > 0.0:
                m = nest_of[r]
                change = moved[r] - moved_nest[m] + moved_nest[m] / ratio[m] - mu * mean + answers * mean
                for g in passed:
                    slope[g, h] -= flow * share[r] * usd_per_hour * change * y[r, g]


@njit(cache=True, nogil=True)
def _slopes_within(
    of: Int,
    mark: Bits,
    first: int,
    count: int,
    flow: float,
    share: Float,
    part: Float,
    hot: Int,
    lead: Bits,
    x: Float,
    slope: Float,
) -> None:
    """Add what an hour at a hot gate moves between the routes of one alternative to `slope`; `flow` is scaled."""
    n_hot = len(slope)
    passes, leads = np.zeros(n_hot), np.zeros(n_hot)
    several = np.zeros(len(share), np.bool_)
    for c in range(first, count):
        several[of[c]] = True
    for c in range(count):
        r = of[c]
        taken = flow * share[r] * part[c]
        if not several[r] or not taken > 0.0:
            continue
        passes[:] = 0.0
        leads[:] = 0.0
        for w in range(mark.shape[1]):
            m = mark[c, w]
            while m != np.uint64(0):
                low = m & (~m + np.uint64(1))
                h = hot[w * 64 + _PLACES[np.int64(low % np.uint64(67))]]
                if h >= 0:
                    passes[h] += 1.0
                    if lead[w] & low:
                        leads[h] += 1.0
                m ^= low
        for g in range(n_hot):
            if leads[g] > 0.0:
                for h in range(n_hot):
                    slope[g, h] -= taken * leads[g] * (passes[h] - x[r, h])


@njit(cache=True, nogil=True)
def answer(
    hours: Float,
    base_cost: Float,
    base_marks: Bits,
    extra_start: Int,
    extra_cell: Int,
    extra_cost: Float,
    extra_marks: Bits,
    pairs: Int,
    teu: Float,
    composite: Float,
    value: Float,
    elasticity: float,
    usd_per_hour: Float,
    weight: Float,
    same: Int,
    constant: Float,
    mu: Float,
    nest_of: Int,
    ratio: Float,
    bound_ratio: float,
    split: Float,
    hot: Int,
    lead: Bits,
    n_hot: int,
    slope_teu: float,
    fresh: Float,
    part: Float,
) -> tuple[Float, Float, Float, Float]:
    """Return loads of marked arcs (A,), their slopes by hours at hot gates, composite costs (P,), sums for the gap.

    Within an alternative, known routes share by a logit of scale `split` (so large that dearer ones get nothing);
    between alternatives the choice is that of `choose_one` on the least cost of each. Containers `teu` (P,) were found
    at the costs `composite` (P,) and answer by ``((value + C) / (value + C0))^-elasticity``.

    ``hot[a]`` is the row of marked arc a's gate in the slopes, -1 for none; `lead` (W,) marks the arcs that count for
    the load of their gate, and ``same[p, s]`` an earlier season with the same routes (`alike`). Flows under
    `slope_teu` are left out of the slopes. Sums: what is paid above the least cost of known routes, what `fresh`
    routes (none if empty) would save on composite costs, what is paid, containers, and containers before their
    answer. `part` (E,) is filled with the share of each further route in its alternative.
    """
    _, seasons, n = base_cost.shape
    words = base_marks.shape[3]
    table = byte_hours(hours, words)
    loads, slope, sums = np.zeros(len(hours)), np.zeros((n_hot, n_hot)), np.zeros(5)
    found = np.empty(len(pairs))
    most = n
    for p in range(len(pairs)):
        most = max(most, n + extra_start[p + 1] - extra_start[p])
    of, mark = np.empty((seasons, most), np.int64), np.zeros((seasons, most, words), np.uint64)
    price, within, least = np.empty((seasons, most)), np.zeros((seasons, most)), np.empty((seasons, n))
    share, count, part_of_year = np.empty((seasons, n)), np.empty(seasons, np.int64), np.empty(seasons)
    cost, other, inner = np.empty(n), np.empty(n), np.empty(len(ratio))
    room = np.empty((5, max(n, len(ratio))))
    x, y, passed = np.zeros((n, n_hot)), np.zeros((n, n_hot)), np.empty(n_hot, np.int64)
    for p in range(len(pairs)):
        k = pairs[p, 0]
        total, ideal = 0.0, 0.0
        part_of_year[:] = 0.0
        for s in range(seasons):
            part_of_year[same[p, s]] += weight[s]
        for s in range(seasons):
            if part_of_year[s] == 0.0:
                continue
            for r in range(n):
                of[s, r] = r
                price[s, r] = base_cost[p, s, r]
                for w in range(words):
                    mark[s, r, w] = base_marks[p, s, r, w]
            m = n
            for e in range(extra_start[p], extra_start[p + 1]):
                if extra_cell[e] // n == s:
                    of[s, m] = extra_cell[e] % n
                    price[s, m] = extra_cost[e]
                    for w in range(words):
                        mark[s, m, w] = extra_marks[e, w]
                    m += 1
            count[s] = m
            for c in range(m):
                price[s, c] += usd_per_hour[k] * marked_hours(mark[s, c], table)
            _split(of[s], price[s], m, split[k], least[s], within[s])
            m = n
            for e in range(extra_start[p], extra_start[p + 1]):
                if extra_cell[e] // n == s:
                    part[e] = within[s, m]
                    m += 1
            cost[:] = least[s] + constant
            total += part_of_year[s] * choose_one(cost, mu[k], nest_of, ratio, bound_ratio, inner, share[s])
            if fresh.size:
                for r in range(n):
                    cost[r] = min(cost[r], fresh[p, s, r] + constant[r])
                ideal += part_of_year[s] * choose_one(cost, mu[k], nest_of, ratio, bound_ratio, inner, other)
        found[p] = total
        if not total < np.inf:
            continue
        moving = teu[p]
        sums[4] += moving
        if composite[p] < np.inf:
            moving *= ((value[k] + total) / (value[k] + composite[p])) ** -elasticity
        sums[1] += moving * (total - ideal) if fresh.size else 0.0
        sums[2] += moving * total
        sums[3] += moving
        for s in range(seasons):
            flow = moving * part_of_year[s]
            if flow == 0.0:
                continue
            if count[s] > n:
                for c in range(count[s]):
                    if within[s, c] > 0.0:
                        sums[0] += flow * share[s, of[s, c]] * within[s, c] * (price[s, c] - least[s, of[s, c]])
            size = _load(of[s], mark[s], count[s], flow, share[s], within[s], hot, lead, loads, x, y, passed)
            if not size or flow < slope_teu:
                for h in passed[:size]:
                    x[:, h] = 0.0
                    y[:, h] = 0.0
                continue
            answers = elasticity / (value[k] + total)
            cost[:] = least[s] + constant
            _slopes_between(
                flow,
                usd_per_hour[k],
                cost,
                mu[k],
                nest_of,
                ratio,
                bound_ratio,
                answers,
                share[s],
                x,
                y,
                passed[:size],
                room,
                slope,
            )
            if count[s] > n:
                within_flow = flow * usd_per_hour[k] * split[k]
                _slopes_within(of[s], mark[s], n, count[s], within_flow, share[s], within[s], hot, lead, x, slope)
            for h in passed[:size]:
                x[:, h] = 0.0
                y[:, h] = 0.0
    return loads, slope, found, sums
