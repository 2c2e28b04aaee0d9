r"""User equilibrium of flows and delays at gates, on the routes that are known of each pair.

Between two zones and through one corridor freight takes the cheapest route; several may be used when they cost the
same (Wardrop 1952). Corridors are chosen by the bounded nested logit of `landbridge.routing.choice`, and containers
answer to the composite cost. With loads v of the gates, delays D(v) and the load L(D) that flows make at delays D, an
equilibrium is

.. math:: v = L(D(v))

As L does not rise with D, the equation has one answer in the loads of gates that matter; it is found by Newton's
method with the slopes of L written out, on the routes known so far, and routes that delays make worth taking are
added until none is left (column generation; Leventhal, Nemhauser and Trotter 1973).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError
from landbridge.routing.alternatives import Alternatives
from landbridge.routing.choice import Logit, nest_codes
from landbridge.routing.delay import DEFAULT_QUEUE_LIMIT

Bits = NDArray[np.uint64]
SPLIT: Final = 250.0
"""Scale of the split between routes of one corridor, as a multiple of that between corridors: dearer ones get none."""
SOFTER: Final = (5.0, 40.0, SPLIT)
"""The split is sharpened in these steps, each starting where the one before ended."""
MAX_STEPS: Final = 60
LEAP: Final = 3.0
NUDGE: Final = 0.5
"""A step takes a gate's root to `LEAP` times what it is, and `NUDGE`, at most."""
STAGE_STEPS: Final = 12
"""Steps at one sharpness, after which one between it and the last is tried first."""
LEAST_SHARPENING: Final = 1.02
SOFTLY: Final = 1e-2
"""Residual at which the split is sharpened."""
LEAST_SHARE: Final = 1e-9
SMALL_SHARE: Final = 1e-5
"""Flows under this part of all are left out of slopes (never out of loads)."""
MINUTE: Final = 1.0 / 60.0


@dataclass(frozen=True, slots=True, eq=False)
class GateSet:
    r"""G gates over A marked arcs, each delayed by its load v as ``D(v) = t phi(x)`` with ``x = p + v / c``.

    ``phi = min(x^n, limit)`` (BPR), or where gates are queues ``phi = x^n / (1 - x)`` to the utilisation of
    `landbridge.routing.delay`'s curve and its tangent beyond.

    Attributes
    ----------
    gate
        Gate of each marked arc, shape (A,).
    shared
        Whether the arcs of a gate work side by side (loads add up) or one after the other (the most loaded counts).
    scale_hours
        t, shape (G,).
    capacity_teu
        c, shape (G,).
    preload, power, limit
        p, n and the largest phi.
    queues
        Whether gates are queues.
    """

    gate: Int
    shared: NDArray[np.bool_]
    scale_hours: Float
    capacity_teu: Float
    preload: float
    power: float
    limit: float
    queues: bool = False

    def hours(self, load_teu: Float) -> Float:
        """Return the hours that loads (G,) add."""
        hours: Float = self.scale_hours * np.minimum(self._growth(self.filled(load_teu))[0], self.limit)
        return hours

    def filled(self, load_teu: Float) -> Float:
        """Return x of loads (G,)."""
        filled: Float = self.preload + np.maximum(load_teu, 0.0) / self.capacity_teu
        return filled

    def root(self, load_teu: Float) -> Float:
        """Return ``phi^(1/2)`` of loads (G,), within its bounds."""
        lowest, highest = self.bounds
        return np.clip(self._growth(self.filled(load_teu))[0] ** 0.5, lowest, highest)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest root."""
        least, _ = self._growth(np.array([max(self.preload, 0.01)]))
        return float(least[0]) ** 0.5, self.limit**0.5

    def held(self, root: Float) -> tuple[Float, Float, Float]:
        """Return loads and hours at ``root = phi^(1/2)``, and the slope of the loads, each (G,).

        In this measure both a gate's load and its delay bend little, so that Newton's steps go far.
        """
        growth = root**2
        filled = growth ** (1.0 / self.power) if not self.queues else self._queue_filled(growth)
        slope = self.capacity_teu * 2.0 * np.maximum(root, 1e-9) / np.maximum(self._growth(filled)[1], 1e-12)
        return self.capacity_teu * (filled - self.preload), self.scale_hours * growth, slope

    def _growth(self, filled: Float) -> tuple[Float, Float]:
        """Return phi without its limit, and its slope."""
        n = self.power
        if not self.queues:
            return filled**n, n * filled ** (n - 1.0)
        x = np.minimum(filled, DEFAULT_QUEUE_LIMIT)
        slope = x ** (n - 1.0) * (n * (1.0 - x) + x) / (1.0 - x) ** 2
        return x**n / (1.0 - x) + slope * (filled - x), slope

    def _queue_filled(self, growth: Float) -> Float:
        """Return x of phi by bisection, and beyond the curve by its tangent."""
        edge = np.full(len(growth), DEFAULT_QUEUE_LIMIT)
        most, slope = self._growth(edge)
        low, high = np.zeros(len(growth)), edge.copy()
        for _ in range(60):
            middle = 0.5 * (low + high)
            under = self._growth(middle)[0] < growth
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.where(growth > most, edge + (growth - most) / slope, high)

    def loads(self, arcs: Float) -> Float:
        """Return the load of every gate for loads of the marked arcs (A,)."""
        total = np.bincount(self.gate, arcs, len(self.shared))
        most = np.zeros(len(self.shared))
        np.maximum.at(most, self.gate, arcs)
        return np.where(self.shared, total, most)

    def leads(self, arcs: Float) -> NDArray[np.bool_]:
        """Return which marked arcs count for the load of their gate, shape (A,)."""
        best = np.full(len(self.shared), -1)
        for arc in np.argsort(arcs, kind="stable").tolist():
            best[self.gate[arc]] = arc
        chosen = self.shared[self.gate].copy()
        chosen[best[best >= 0]] = True
        return chosen


@dataclass(frozen=True, slots=True, eq=False)
class KnownRoutes:
    """Routes by season S, alternative R, class K and pair of Z zones: the first of each, and E further ones.

    Attributes
    ----------
    cost
        Generalised cost without delays, shape (S, R, K, Z, Z).
    marks
        Marked arcs on the way, shape (S, R, K, Z, Z, W).
    further
        Class, origin, destination, season, alternative and round of each further route, shape (E, 6), sorted.
    further_cost, further_marks
        Shapes (E,) and (E, W).
    """

    cost: Float
    marks: Bits
    further: Int
    further_cost: Float
    further_marks: Bits
    rounds: int
    """Searches that found them."""

    @property
    def cells(self) -> Int:
        """Return season and alternative of each further route as one number, shape (E,)."""
        cells: Int = self.further[:, 3] * self.cost.shape[1] + self.further[:, 4]
        return cells


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What decides how flows answer: `value_usd_per_teu` and `usd_per_hour` have shape (K,), `weight` (S,)."""

    value_usd_per_teu: Float
    usd_per_hour: Float
    trade_elasticity: float
    weight: Float
    logit: Logit
    least_hours: Float
    """The least that marked arcs can be delayed against the costs, shape (A,): below 0 where load may fall."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Containers between zones (K, Z, Z) as found at composite costs (K, Z, Z)."""

    teu: Float
    composite_usd_per_teu: Float


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Known routes, who wants to move on them, and how choices are made; made by `case_of`.

    Attributes
    ----------
    pairs
        Class, origin and destination of the pairs that gates concern, in order, shape (P, 3).
    """

    known: KnownRoutes
    demand: Demand
    market: Market
    pairs: Int
    cost: Float
    marks: Bits
    """Of the first known routes of these pairs, shapes (P, S, R) and (P, S, R, W)."""
    same: Int
    """First season with the same routes, shape (P, S)."""
    start: Int
    """Where the further routes of each pair start in `order`, shape (P + 1,)."""
    order: Int
    """Rows of these pairs' further routes."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What flows make of delays.

    Attributes
    ----------
    arcs
        Loads of marked arcs, shape (A,).
    slope
        Change of the loads of hot gates by an hour at each.
    pairs
        Class, origin and destination, shape (P, 3).
    teu, composite_usd_per_teu
        Containers after their answer, and what they pay, shape (P,).
    part
        Share of each further route in its alternative, shape (E,).
    excess, saving, paid
        USD a year: above the least known cost, what fresh routes would save, all.
    """

    arcs: Float
    slope: Float
    pairs: Int
    teu: Float
    composite_usd_per_teu: Float
    part: Float
    excess: float
    saving: float
    paid: float


@dataclass(frozen=True, slots=True, eq=False)
class GateFlows:
    """An equilibrium on known routes: loads and hours of gates (G,), the answer that makes them, steps taken."""

    known: KnownRoutes
    load: Float
    hours: Float
    answer: Answer
    residual: float
    steps: int


def first_routes(fresh: Alternatives, hours: Float, market: Market) -> KnownRoutes:
    """Return the routes of a search, with marks, in which marked arcs were delayed by `hours` (A,)."""
    from landbridge.routing import kernel_gates

    cost, marks = fresh.generalised_usd_per_teu, fresh.marks
    plain = kernel_gates.without_delays(cost, marks, hours, market.usd_per_hour)
    none = np.zeros((0, 6), np.int64)
    return KnownRoutes(plain, marks, none, np.zeros(0), np.zeros((0, marks.shape[-1]), np.uint64), 1)


def with_routes(
    known: KnownRoutes, fresh: Alternatives, share: Float, hours: Float, market: Market, teu: Float
) -> KnownRoutes:
    """Return the known routes and those of the next search that are used and pass other marked arcs.

    Parameters
    ----------
    fresh, share
        The search, with marks, and how its alternatives share (S, R, K, Z, Z).
    hours
        Delays of the marked arcs (A,) in it.
    market, teu
        Containers (K, Z, Z) tell which pairs count.
    """
    from landbridge.routing import kernel_gates

    number, cost, marks = known.rounds, fresh.generalised_usd_per_teu, fresh.marks
    pairs = _pairs(known, teu, market, (first_routes(fresh, hours, market).cost, marks))
    start, order = _by_pair(known, pairs)
    found = kernel_gates.new_routes(
        pairs, share, marks, known.marks, start, known.cells[order], known.further_marks[order]
    )
    k, i, j = pairs[found[:, 0]].T
    s, r = found[:, 1], found[:, 2]
    new_marks = marks[s, r, k, i, j]
    plain = cost[s, r, k, i, j] - market.usd_per_hour[k] * kernel_gates.hours_of(new_marks, hours)
    further = np.concatenate([known.further, np.stack([k, i, j, s, r, np.full(len(found), number)], axis=1)])
    order = np.lexsort(further.T[::-1])
    return KnownRoutes(
        known.cost,
        known.marks,
        further[order],
        np.concatenate([known.further_cost, plain])[order],
        np.concatenate([known.further_marks, new_marks])[order],
        number + 1,
    )


def case_of(known: KnownRoutes, demand: Demand, market: Market) -> Case:
    """Return known routes with the pairs that gates concern: containers, and a marked route worth looking at."""
    from landbridge.routing import kernel_gates

    pairs = _pairs(known, demand.teu, market)
    cost, marks = kernel_gates.gather(pairs, known.cost, known.marks, *_question(market))
    start, order = _by_pair(known, pairs)
    return Case(known, demand, market, pairs, cost, marks, kernel_gates.alike(cost, marks, start), start, order)


def respond(
    case: Case,
    hours: Float,
    *,
    split: float = SPLIT,
    gates: tuple[Int, NDArray[np.bool_], int] | None = None,
    fresh: Float | None = None,
) -> Answer:
    """Return what flows make of delays at marked arcs (A,).

    Parameters
    ----------
    split
        Scale within a corridor, as a multiple of that between corridors.
    gates
        Row of each marked arc's gate among hot gates (-1 for none), which arcs count for it, and the number of hot
        gates; without them no slopes are found.
    fresh
        Costs of a search at these delays (S, R, K, Z, Z): what they would save is found too.
    """
    from landbridge.routing import kernel_gates

    known, demand, market, pairs = case.known, case.demand, case.market, case.pairs
    start, order = case.start, case.order
    cell, further_marks = known.cells[order], known.further_marks[order]
    hot, counted, n_hot = gates or (np.full(len(hours), -1, np.int64), np.zeros(len(hours), np.bool_), 0)
    k, i, j = pairs.T
    nest_of, ratio = nest_codes(market.logit)
    mu = np.ascontiguousarray(np.broadcast_to(market.logit.scale_per_usd, market.usd_per_hour.shape), np.float64)
    further_cost, part = known.further_cost[order], np.zeros(len(order))
    teu, paid = demand.teu[k, i, j], demand.composite_usd_per_teu[k, i, j]
    small = SMALL_SHARE * float(teu.sum())
    lead = _as_bits(counted, known.marks.shape[-1])
    fresh_of_pairs = (
        np.zeros((0, 0, 0)) if fresh is None else np.ascontiguousarray(fresh[:, :, k, i, j].transpose(2, 0, 1))
    )

    def of(rows: slice) -> tuple[Float, Float, Float, Float]:
        first, last = start[rows.start], start[rows.stop]
        found: tuple[Float, Float, Float, Float] = kernel_gates.answer(
            hours,
            case.cost[rows],
            case.marks[rows],
            start[rows.start : rows.stop + 1] - first,
            cell[first:last],
            further_cost[first:last],
            further_marks[first:last],
            pairs[rows],
            teu[rows],
            paid[rows],
            market.value_usd_per_teu,
            market.trade_elasticity,
            market.usd_per_hour,
            market.weight,
            case.same[rows],
            np.ascontiguousarray(market.logit.constant_usd_per_teu, np.float64),
            mu,
            nest_of,
            ratio,
            float(market.logit.bound_ratio),
            mu * split,
            hot,
            lead,
            n_hot,
            small,
            fresh_of_pairs[rows] if len(fresh_of_pairs) else fresh_of_pairs,
            part[first:last],
        )
        return found

    half = len(pairs) // 2
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(of, [slice(0, half), slice(half, len(pairs))]))
    arcs, slope = parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]
    composite, sums = np.concatenate([parts[0][2], parts[1][2]]), parts[0][3] + parts[1][3]
    shares = np.zeros(len(known.further))
    shares[order] = part
    before = market.value_usd_per_teu[k] + paid
    moved = np.where(np.isfinite(before) & np.isfinite(composite), (market.value_usd_per_teu[k] + composite), 1.0)
    factor = (moved / np.where(np.isfinite(before) & np.isfinite(composite), before, 1.0)) ** -market.trade_elasticity
    moving = np.where(np.isfinite(composite), teu * factor, 0.0)
    return Answer(arcs, slope, pairs, moving, composite, shares, float(sums[0]), float(sums[1]), float(sums[2]))


def balance(
    case: Case, gates: GateSet, *, before: Float, load: Float, tolerance: float, near: bool = False
) -> GateFlows:
    """Return loads and delays of gates that agree on the known routes.

    Parameters
    ----------
    before
        Hours at gates that the costs of the known routes hold already, shape (G,).
    load
        Where to start, shape (G,).
    tolerance
        Of the residual: hours at gates of containers that would answer otherwise, over all hours there.
    near
        Whether `load` is near the answer, so that the sharp split can be tried at once.

    Raises
    ------
    ConvergenceError
        If the residual stays above the tolerance.
    """
    lowest, highest = gates.bounds
    solver = _Solver(case, gates, before, lowest, highest)
    root = gates.root(load)
    ahead = list(SOFTER if len(case.known.further) else (SPLIT,))
    reached, steps = 0.0, 0
    if near and len(case.known.further):
        trial = solver.newton(root, SPLIT, tolerance, STAGE_STEPS)
        if trial.residual <= tolerance:
            return GateFlows(case.known, trial.load, trial.hours - before, trial.answer, trial.residual, trial.steps)
        steps = trial.steps
    while True:
        split = ahead[0]
        goal = tolerance if split == SPLIT else SOFTLY
        trial = solver.newton(root, split, goal, MAX_STEPS if reached == 0.0 else STAGE_STEPS)
        steps += trial.steps
        if trial.residual <= goal:
            root, reached = trial.root, split
            ahead.pop(0)
            if not ahead:
                return GateFlows(case.known, trial.load, trial.hours - before, trial.answer, trial.residual, steps)
        elif split < LEAST_SHARPENING * reached or reached == 0.0:
            raise ConvergenceError(
                f"loads and delays at gates still differ by a relative {trial.residual:.2g} after {steps} Newton "
                f"steps (tolerance {tolerance:g}). Raise the capacities of the gates that overflow, or lower "
                "delay_factor."
            )
        else:
            ahead.insert(0, (reached * split) ** 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Where Newton's steps came to."""

    root: Float
    hours: Float
    load: Float
    answer: Answer
    residual: float
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class _Solver:
    """A case and its gates, with the bounds of their roots (see `GateSet.held`)."""

    case: Case
    gates: GateSet
    before: Float
    lowest: float
    highest: float

    def newton(self, root: Float, split: float, tolerance: float, most: int) -> _Trial:
        """Return where steps at one sharpness of the split come to: at the tolerance, or after `most` of them."""
        gates = self.gates
        leads = np.ones(len(gates.gate), np.bool_)
        last, sign, damping = np.inf, np.zeros(len(root)), np.ones(len(root))
        steps = 0
        while True:
            held, hours, rise = gates.held(root)
            chosen = gates.gate, leads, len(root)
            answer = respond(self.case, (hours - self.before)[gates.gate], split=split, gates=chosen)
            leads, load = gates.leads(answer.arcs), gates.loads(answer.arcs)
            away = load - held
            away[((root >= self.highest) & (away > 0.0)) | ((root <= self.lowest) & (away < 0.0))] = 0.0
            spent = float((hours + MINUTE) @ np.maximum(load, held))
            residual = float((hours + MINUTE) @ np.abs(away)) / spent if spent > 0 else 0.0
            if residual <= tolerance or steps >= most:
                return _Trial(root, hours, load, answer, residual, steps)
            steps += 1
            turned = answer.slope * (2.0 * gates.scale_hours * root)
            damping = _damped(damping, sign != np.sign(away), residual / last)
            following = root + damping * np.linalg.solve(np.diag(rise) - turned, away)
            last, sign = residual, np.sign(away)
            root = np.clip(np.clip(following, root / LEAP, LEAP * root + NUDGE), self.lowest, self.highest)


def _damped(damping: Float, turned: NDArray[np.bool_], gain: float) -> Float:
    """Return how far to go of the next Newton step, by gate: less where steps go to and fro without getting closer."""
    if gain < 0.5:
        return np.ones(len(damping))
    return np.where(turned, np.maximum(0.5 * damping, 0.02), np.minimum(1.5 * damping, 1.0))


def split_routes(known: KnownRoutes, part: Float, marks: Bits) -> dict[int, tuple[Int, Float]]:
    """Return by round the cells whose flow does not all take the present routes, and the share of that round's.

    Parameters
    ----------
    known
        Routes; where a route passes the same marked arcs as the present one, it is the present one.
    part
        Share of each further route in its alternative, shape (E,).
    marks
        Of the present routes, shape (S, R, K, Z, Z, W).

    Returns
    -------
    dict
        Round to cells (5, n), as the alternatives go (season, alternative, class, origin, destination), and shares.
    """
    k, i, j, s, r, number = known.further.T
    left = np.ones(known.cost.shape)
    np.subtract.at(left, (s, r, k, i, j), part)
    first = (known.marks != marks).any(-1) & np.isfinite(known.cost) & (left > LEAST_SHARE)
    found: dict[int, tuple[Int, Float]] = {}
    if first.any():
        found[0] = np.stack(np.nonzero(first)), left[first]
    other = (known.further_marks != marks[s, r, k, i, j]).any(-1) & (part > LEAST_SHARE)
    for round_number in np.unique(number[other]).tolist():
        of = other & (number == round_number)
        found[round_number] = np.stack([s[of], r[of], k[of], i[of], j[of]]), part[of]
    return found


def _pairs(known: KnownRoutes, teu: Float, market: Market, more: tuple[Float, Bits] | None = None) -> Int:
    """Return the pairs (P, 3) that marked routes concern, known ones or those of `more` (costs, marks), in order."""
    from landbridge.routing import kernel_gates

    parts = [known.further[:, :3]]
    for cost, marks in ((known.cost, known.marks), *(() if more is None else (more,))):
        parts.append(kernel_gates.concerned(marks, cost, teu, *_question(market)))
    every = np.concatenate(parts)
    zones = teu.shape[1]
    code = np.unique((every[:, 0] * zones + every[:, 1]) * zones + every[:, 2])
    return np.stack([code // zones**2, code // zones % zones, code % zones], axis=1)


def _question(market: Market) -> tuple[Float, Float, Float, float]:
    """Return what tells which routes are out of the question, as the kernels take it."""
    constant = np.ascontiguousarray(market.logit.constant_usd_per_teu, np.float64)
    return market.least_hours, market.usd_per_hour, constant, float(market.logit.bound_ratio)


def _by_pair(known: KnownRoutes, pairs: Int) -> tuple[Int, Int]:
    """Return where each pair's further routes start (P + 1,), and their rows."""
    zones = known.cost.shape[-1]
    code = (pairs[:, 0] * zones + pairs[:, 1]) * zones + pairs[:, 2]
    mine = (known.further[:, 0] * zones + known.further[:, 1]) * zones + known.further[:, 2]
    order = np.flatnonzero(np.isin(mine, code))
    return np.append(np.searchsorted(mine[order], code), len(order)).astype(np.int64), order


def _as_bits(chosen: NDArray[np.bool_], words: int) -> Bits:
    bits = np.zeros(words, np.uint64)
    for number in np.flatnonzero(chosen).tolist():
        bits[number // 64] |= np.uint64(1) << np.uint64(number % 64)
    return bits
