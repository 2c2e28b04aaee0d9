"""Costs and flows until they agree: delays by load at gates with a capacity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError
from landbridge.network.network import Network
from landbridge.pipeline.freight import Freight, OtherRoutes, freight_at, limited_arcs, logit_of
from landbridge.pipeline.ground import Ground, arc_values
from landbridge.pipeline.inputs import value_or
from landbridge.routing.choice import choose
from landbridge.routing.gate_delays import GateSet
from landbridge.routing.gate_equilibrium import GateFlows, balance
from landbridge.routing.gate_equilibrium import respond as respond_to
from landbridge.routing.gate_routes import (
    Case,
    Demand,
    KnownRoutes,
    Market,
    best_known,
    case_of,
    first_routes,
    split_routes,
    with_routes,
)
from landbridge.routing.generalised import ArcValues
from landbridge.routing.overlay import scenario_seasons

TOLERANCE: Final = 1e-4
"""Largest relative gap (`Settled.gaps`)."""
STILL_HOURS: Final = 1e-7
"""Delays that move by less are the same: no search would find other routes."""
COARSE: Final = 5e-3
"""Residual at gates that the first round is balanced to: it knows one route of each corridor yet."""
SAME_HOURS: Final = 1e-2
"""Delays that differ by less than this from those of a search are told as those."""
MAX_ROUNDS: Final = 30
LIMIT: Final = {"bpr": 60.0, "queue": 600.0}
"""A gate that overflows turns trains away rather than holding them for ever: phi is capped here."""
FULL: Final = {"bpr": 1.0, "queue": 0.85}
"""Part of a gate's capacity that the baseline fills at most: more says that the stated capacity is old."""


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """Places with a capacity among the touched arcs: a crossing in one direction, a yard's gauge, a port.

    Attributes
    ----------
    of
        Gate of each touched arc, -1 where it has no capacity, shape (M,).
    shared
        Whether arcs of the gate work side by side, so that their loads add up (yards, ports); the links of a
        crossing follow each other, so that the most loaded counts. Shape (n_gates,).
    dwell_hours, capacity_teu
        Shape (n_gates,).
    """

    of: Int
    shared: Float
    dwell_hours: Float
    capacity_teu: Float

    def loads(self, arcs: Float) -> Float:
        """Return the load of every gate for loads of the touched arcs (M,)."""
        limited = self.of >= 0
        total = np.bincount(self.of[limited], arcs[limited], len(self.shared))
        most = np.zeros(len(self.shared))
        np.maximum.at(most, self.of[limited], arcs[limited])
        return np.where(self.shared > 0, total, most)

    def on_arcs(self, hours: Float) -> Float:
        """Return hours of gates (n_gates,) on the touched arcs, shape (M,)."""
        return np.where(self.of >= 0, np.append(hours, 0.0)[self.of], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Freight with delays that its own loads make.

    Attributes
    ----------
    delay_hours
        What load adds to each touched arc against the baseline, shape (M,).
    gaps
        Relative gap of each search for routes; empty where nothing has a capacity. It is the largest of three: what
        freight pays above the cheapest routes there are at these delays, as a share of all it pays; the
        containers that trade at these costs would add or take away, as a share of all; hours at gates of containers
        that would answer otherwise, as a share of all hours there.
    steps
        Newton steps on gate loads, all rounds together.
    """

    freight: Freight
    delay_hours: Float
    gaps: tuple[float, ...]
    steps: int


def settle(near: Ground, touched: Network, base: tuple[Freight, Float], respond: Callable[[Freight], Float]) -> Settled:
    r"""Return freight whose delays, routes and containers agree: an equilibrium (`routing.gate_equilibrium`).

    The baseline's hours are observed ones, so they hold the baseline's queues: load adds ``D(v) - D(v0)`` with the
    delay D of `queue_of`. A gate that carries more in the baseline than its stated capacity leaves beside the
    preload is taken to have just that: the baseline is a fact, the stated figure may be old.

    Each round searches for the best routes at the present delays, lets trade answer to their costs, and balances
    gate loads and delays on all routes known so far.

    Parameters
    ----------
    near, touched
        The study with tables near to the network as it stands (`near_ground`), and its touched arcs so.
    base
        The baseline's freight and its TEU on every arc of the graph.
    respond
        Gives the containers between zones (K, Z, Z) that freight at given costs makes.

    Raises
    ------
    ConvergenceError
        If the gap stays above `TOLERANCE`.
    """
    plain = arc_values(touched)
    gates = find_gates(touched)
    marked = limited_arcs(touched)
    if not len(marked):
        return Settled(freight_at(near, touched, plain), np.zeros(len(plain)), (), 0)
    load = gates.loads(base[1][near.overlay.touched])
    gates = replace(gates, capacity_teu=np.maximum(gates.capacity_teu, load / _room(near)))
    queue = queue_of(near, gates, marked)
    before = queue.hours(load)
    search = _Search(near, touched, plain, marked, respond, (queue.hours(np.zeros(len(load))) - before)[queue.gate])
    rounds = [search.at(np.zeros(len(plain)), base=base[0])]
    gaps: list[float] = []
    hours, steps = np.zeros(len(load)), 0
    tolerance, near_enough = COARSE, False
    case: Case | None = None
    while len(rounds) <= MAX_ROUNDS:
        last = rounds[-1]
        demand = Demand(last.teu, last.freight.choice.composite_usd_per_teu)
        case = case_of(last.known, demand, search.market, case)
        found = balance(case, queue, before=before, load=load, tolerance=tolerance, near=near_enough)
        load, steps = found.load, steps + found.steps
        still = float(np.abs(found.hours - hours).max()) < STILL_HOURS
        hours = np.where(np.abs(found.hours) < STILL_HOURS, 0.0, found.hours)
        if still and not near_enough:
            gaps.append(found.residual)
        # flows were near an equilibrium before the last search; what it found has its share now
        if near_enough or (still and found.residual <= 0.5 * TOLERANCE):
            return search.finished(rounds, found, gates.on_arcs(hours), gaps, steps)
        tolerance = 0.5 * TOLERANCE
        if not still:
            rounds.append(search.at(gates.on_arcs(hours), case))
            gaps.append(max(search.gap(case, rounds[-1], hours[queue.gate]), found.residual))
            near_enough = gaps[-1] < TOLERANCE
    raise ConvergenceError(
        f"delays at gates and flows still differ by a relative gap of {gaps[-1]:.2g} after {MAX_ROUNDS} rounds "
        f"(tolerance {TOLERANCE:g}). Raise the capacities of the gates that overflow, or lower delay_factor."
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """A search at some delays, all routes known after it, and the containers that its costs make."""

    values: ArcValues
    freight: Freight
    known: KnownRoutes
    teu: Float
    whole: bool
    """Whether routes have their amounts."""


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What stays the same from round to round."""

    ground: Ground
    touched: Network
    plain: ArcValues
    marked: Int
    respond: Callable[[Freight], Float]
    least_hours: Float

    @property
    def market(self) -> Market:
        """How flows answer."""
        classes = self.ground.inputs.classes
        seasons = scenario_seasons(self.ground.overlay, self.plain)
        return Market(
            np.array([item.value_usd_per_teu for item in classes]),
            np.array([item.usd_per_teu_hour for item in classes]),
            self.ground.study.parameter("trade_elasticity"),
            np.array([season.weight for season, _ in seasons]),
            logit_of(self.ground),
            self.least_hours,
        )

    def at(self, hours: Float, last: Case | None = None, base: Freight | None = None) -> _Round:
        """Return the routes at delays of the touched arcs (M,) and what trade makes of them.

        Where only rules of trade differ from the baseline, its routes are the first. Amounts are left out of the first
        search: there is seldom nothing to wait for.
        """
        values = replace(self.plain, hours=self.plain.hours + hours)
        if base is not None and _alike(values, base.values) and np.array_equal(limited_arcs(base.touched), self.marked):
            known = first_routes(base.alternatives, hours[self.marked], self.market)
            freight = replace(base, touched=self.touched)
            return _Round(values, freight, known, _off_diagonal(self.respond(freight)), whole=True)
        freight = freight_at(self.ground, self.touched, values, with_amounts=last is not None, marked=self.marked)
        fresh, late = freight.alternatives, hours[self.marked]
        if last is None:
            known = first_routes(fresh, late, self.market)
        else:
            known = with_routes(last, fresh, freight.choice.season_share, late, last.demand.teu)
            freight = self._chosen(freight, known, late)
        return _Round(values, freight, known, _off_diagonal(self.respond(freight)), whole=last is not None)

    def _chosen(self, freight: Freight, known: KnownRoutes, late: Float) -> Freight:
        """Return freight whose shares are by each corridor's best known route at delays of the marked arcs (A,)."""
        if not freight.alternatives.onward_usd_per_teu.any():
            return freight
        best = best_known(known, freight.alternatives, late, self.market)
        return replace(freight, choice=choose(best, freight.alternatives.seasons, logit_of(self.ground)))

    def gap(self, case: Case, fresh: _Round, hours: Float) -> float:
        """Return the relative gap of flows that balance on known routes, by a search at their delays (A,)."""
        found = respond_to(case, hours, fresh=fresh.freight.alternatives.perceived_usd_per_teu)
        k, i, j = found.pairs.T
        moving = float(found.teu.sum())
        other = float(np.abs(fresh.teu[k, i, j] - found.teu).sum()) / moving if moving > 0 else 0.0
        return max((found.excess + found.saving) / found.paid if found.paid > 0 else 0.0, other)

    def finished(
        self, rounds: Sequence[_Round], found: GateFlows, hours: Float, gaps: Sequence[float], steps: int
    ) -> Settled:
        """Return the freight at the delays of the touched arcs (M,), with the routes that share one corridor.

        Where these are those of the last search but for half a minute or so, its routes are taken.
        """
        last = rounds[-1]
        searched = last.values.hours - self.plain.hours
        if last.whole and float(np.abs(searched - hours).max()) < SAME_HOURS:
            hours, freight = searched, last.freight
        else:
            values = replace(self.plain, hours=self.plain.hours + hours)
            freight = freight_at(self.ground, self.touched, values, marked=self.marked)
            freight = self._chosen(freight, found.known, hours[self.marked])
        parts = split_routes(found.known, found.answer.part, freight.alternatives.marks)
        others = tuple(
            OtherRoutes(rounds[number].values, cells, share) for number, (cells, share) in sorted(parts.items())
        )
        plain = replace(freight.alternatives, marks=freight.alternatives.marks[..., :0].copy())
        return Settled(replace(freight, alternatives=plain, others=others), hours, tuple(gaps), steps)


def _alike(one: ArcValues, other: ArcValues) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def queue_of(ground: Ground, gates: Gates, marked: Int) -> GateSet:
    r"""Return the gates of marked arcs (positions among the touched ones) with their delays.

    .. math:: D(v) = b\, t_0\, \varphi(x), \quad x = p + \frac{v}{c}, \qquad
        \varphi = \min\{x^n, 60\} \text{ or } \frac{x^n}{1 - x}

    on the dwell t0 of the gate, with the part p of its capacity that traffic outside the study takes
    (``preload_share``), b ``delay_factor`` and n ``delay_power``. The first form is BPR's, the second that of a queue,
    its tangent from x = 0.95 on: loads stay near capacity (setting ``delay_form``).
    """
    study = ground.study
    return GateSet(
        gates.of[marked],
        gates.shared > 0,
        value_or(study, "delay_factor", 0.5) * gates.dwell_hours,
        gates.capacity_teu,
        _preload(ground),
        value_or(study, "delay_power", 4.0),
        LIMIT[study.settings.delay_form],
        study.settings.delay_form == "queue",
    )


def _room(ground: Ground) -> float:
    """Return the part of a gate's capacity that the study's containers may fill in the baseline."""
    return max(FULL[ground.study.settings.delay_form] - _preload(ground), 0.01)


def _preload(ground: Ground) -> float:
    return min(value_or(ground.study, "preload_share", 0.25), 0.99)


def find_gates(touched: Network) -> Gates:
    """Return the gates among the touched links and transfers."""
    links, transfers = touched.links, touched.transfers
    keys: dict[tuple[str, ...], int] = {}
    of = np.full(len(links) + len(transfers), -1, np.int64)
    shared: list[float] = []
    dwell: list[float] = []
    capacity: list[float] = []
    for row in np.flatnonzero(np.isfinite(links.capacity_teu_per_year)).tolist():
        key: tuple[str, ...] = ("link", links.name[row] or str(links.edge[row]), links.country[row])
        of[row] = keys.setdefault(key, len(keys))
        if of[row] == len(shared):
            shared.append(0.0)
            dwell.append(float(links.wait_hours[row]))
            capacity.append(float(links.capacity_teu_per_year[row]))
    for row in np.flatnonzero(np.isfinite(transfers.capacity_teu_per_year)).tolist():
        port = transfers.kind[row] == "port"
        key = transfers.kind[row], transfers.name[row], "" if port else str(transfers.from_gauge_mm[row])
        at = len(links) + row
        of[at] = keys.setdefault(key, len(keys))
        if of[at] == len(shared):
            shared.append(1.0)
            dwell.append(float(transfers.time_hours[row]))
            capacity.append(float(transfers.capacity_teu_per_year[row]))
    return Gates(of, np.array(shared), np.array(dwell), np.array(capacity))


def _off_diagonal(teu: Float) -> Float:
    return np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu)
