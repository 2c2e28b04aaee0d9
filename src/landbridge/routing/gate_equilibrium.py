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

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError
from landbridge.core.threads import side_by_side
from landbridge.routing.choice import nest_codes
from landbridge.routing.gate_delays import GateSet
from landbridge.routing.gate_routes import Case, KnownRoutes

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
FINELY: Final = 1e-5
"""Residual at which the split is sharpened, and where that was too rough."""
SMALL_SHARE: Final = 1e-5
"""Flows under this part of all are left out of slopes (never out of loads)."""
MINUTE: Final = 1.0 / 60.0


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
    rows = slice(0, half), slice(half, len(pairs))
    parts: list[tuple[Float, Float, Float, Float]] = [of(slice(0, 0))] * 2

    def fill(task: int) -> None:
        parts[task] = of(rows[task])

    side_by_side(fill, len(rows))
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
    reached, steps, softly = 0.0, 0, SOFTLY
    if near and len(case.known.further):
        trial = solver.newton(root, SPLIT, tolerance, STAGE_STEPS)
        if trial.residual <= tolerance:
            return GateFlows(case.known, trial.load, trial.hours - before, trial.answer, trial.residual, trial.steps)
        steps = trial.steps
    while True:
        split = ahead[0]
        goal = tolerance if split == SPLIT else softly
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
            softly = FINELY  # a step between has to start from a place that is worth more than the last


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


def _as_bits(chosen: NDArray[np.bool_], words: int) -> Bits:
    bits = np.zeros(words, np.uint64)
    for number in np.flatnonzero(chosen).tolist():
        bits[number // 64] |= np.uint64(1) << np.uint64(number % 64)
    return bits
