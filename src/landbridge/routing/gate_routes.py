"""Routes that are known of each pair, told apart by the gates they pass, and who wants to move on them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float, Int
from landbridge.routing.alternatives import Alternatives
from landbridge.routing.choice import Logit

Bits = NDArray[np.uint64]
LEAST_SHARE: Final = 1e-9


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


def first_routes(fresh: Alternatives, hours: Float, market: Market) -> KnownRoutes:
    """Return the routes of a search, with marks, in which marked arcs were delayed by `hours` (A,)."""
    from landbridge.routing import kernel_gate_routes

    cost, marks = fresh.perceived_usd_per_teu, fresh.marks
    plain = kernel_gate_routes.without_delays(cost, marks, hours, market.usd_per_hour)
    none = np.zeros((0, 6), np.int64)
    return KnownRoutes(plain, marks, none, np.zeros(0), np.zeros((0, marks.shape[-1]), np.uint64), 1)


def with_routes(case: Case, fresh: Alternatives, share: Float, hours: Float, teu: Float) -> KnownRoutes:
    """Return the known routes and those of the next search that are used and pass other marked arcs.

    Parameters
    ----------
    case
        Of the known routes.
    fresh, share
        The search, with marks, and how its alternatives share (S, R, K, Z, Z).
    hours
        Delays of the marked arcs (A,) in it.
    teu
        Containers (K, Z, Z) tell which pairs count.
    """
    from landbridge.routing import kernel_gate_routes

    known, market = case.known, case.market
    number, cost, marks = known.rounds, fresh.perceived_usd_per_teu, fresh.marks
    pairs = _union(len(cost[0, 0, 0]), case.pairs, _concerned(first_routes(fresh, hours, market), teu, market))
    start, order = _by_pair(known, pairs)
    found = kernel_gate_routes.new_routes(
        pairs, share, marks, known.marks, start, known.cells[order], known.further_marks[order]
    )
    k, i, j = pairs[found[:, 0]].T
    s, r = found[:, 1], found[:, 2]
    new_marks = marks[s, r, k, i, j]
    plain = cost[s, r, k, i, j] - market.usd_per_hour[k] * kernel_gate_routes.hours_of(new_marks, hours)
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


def best_known(known: KnownRoutes, fresh: Alternatives, hours: Float, market: Market) -> Float:
    """Return what is chosen by of each alternative's best known route at delays (A,), shape (S, R, K, Z, Z).

    Searches are by generalised cost. Where constants differ by the corridor that a route goes on by, a known route may
    be better than the one found.
    """
    from landbridge.routing import kernel_gate_routes

    best = fresh.perceived_usd_per_teu
    mixed = np.flatnonzero(fresh.onward_usd_per_teu.any(axis=(0, 2, 3, 4)))
    if not len(mixed):
        return best
    best = best.copy()
    per_hour = market.usd_per_hour[:, None, None]
    for r in mixed.tolist():
        marks = known.marks[:, r]
        late = kernel_gate_routes.hours_of(marks.reshape(-1, marks.shape[-1]), hours).reshape(marks.shape[:-1])
        best[:, r] = np.minimum(best[:, r], known.cost[:, r] + per_hour * late)
    k, i, j, s, r, _ = known.further.T
    late = kernel_gate_routes.hours_of(known.further_marks, hours)
    rows = np.isin(r, mixed)
    cells = tuple(column[rows] for column in (s, r, k, i, j))
    np.minimum.at(best, cells, (known.further_cost + market.usd_per_hour[k] * late)[rows])
    found: Float = np.where(np.isfinite(fresh.generalised_usd_per_teu), best, np.inf)
    return found


def case_of(known: KnownRoutes, demand: Demand, market: Market, last: Case | None = None) -> Case:
    """Return known routes with the pairs that gates concern: containers, and a marked route worth looking at.

    `last` is the case of the same routes before the last search, where there was one.
    """
    from landbridge.routing import kernel_gate_routes

    concerned = _concerned(known, demand.teu, market) if last is None else last.pairs
    pairs = _union(len(demand.teu[0]), concerned, known.further[:, :3])
    if last is not None:
        pairs = pairs[demand.teu[tuple(pairs.T)] > 0.0]
    if last is not None and np.array_equal(pairs, last.pairs):
        cost, marks = last.cost, last.marks
    else:
        cost, marks = kernel_gate_routes.gather(pairs, known.cost, known.marks, *_question(market))
    start, order = _by_pair(known, pairs)
    same = kernel_gate_routes.alike(cost, marks, start)
    return Case(known, demand, market, pairs, cost, marks, same, start, order)


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


def _concerned(known: KnownRoutes, teu: Float, market: Market) -> Int:
    """Return the pairs (P, 3) that the first known routes' marks concern."""
    from landbridge.routing import kernel_gate_routes

    found: Int = kernel_gate_routes.concerned(known.marks, known.cost, teu, *_question(market))
    return found


def _union(zones: int, *pairs: Int) -> Int:
    """Return pairs (P, 3) without repetition, in order."""
    every = np.concatenate(pairs)
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
