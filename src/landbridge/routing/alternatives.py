"""Best routes through each named corridor for all pairs, and the arcs that flows on them load."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError, Problem, StudyError
from landbridge.core.threads import side_by_side
from landbridge.routing.generalised import ATTRIBUTES, ArcValues
from landbridge.routing.hierarchy import load
from landbridge.routing.overlay import (
    CIRCLE,
    Overlay,
    Table,
    amounts_between,
    check_values,
    close_table,
    marks_between,
    open_table,
    scenario_seasons,
)
from landbridge.routing.seasons import Season

Int32 = NDArray[np.int32]
Bits = NDArray[np.uint64]
OTHER: Final = "other"
"""The alternative that uses no gate of any corridor; always the last."""
WORD: Final = 64
"""Bits of a word of marks."""


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """A named set of gate arcs of the state graph; `gates` has shape (n_gates,)."""

    id: str
    gates: Int


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """The best route through each of R corridors (the last is `OTHER`) by season S, class K and pair of Z zones.

    Every array has shape (S, R, K, Z, Z); inf where the season has no such route. The alternative of corridor c
    is the best route that passes at least one gate of c and none of a corridor before c in the study's order:
    a route that passes several corridors belongs to the first.
    """

    corridors: tuple[str, ...]
    seasons: tuple[Season, ...]
    classes: tuple[str, ...]
    zones: tuple[str, ...]
    generalised_usd_per_teu: Float
    hours: Float
    usd_per_teu: Float
    charge_usd_per_teu: Float
    km: Float
    co2_kg_per_teu: Float
    further: Float
    """Further amounts that the overlay carries, shape (X, S, R, K, Z, Z)."""
    onward_usd_per_teu: Float
    """What constants change by where routes go on by another corridor (see `Constants`), shape (S, R, K, Z, Z)."""
    marks: Bits
    """Which marked arcs each route passes, shape (S, R, K, Z, Z, W): mark number n is bit n % 64 of word n // 64."""

    @property
    def perceived_usd_per_teu(self) -> Float:
        """Generalised cost with what constants change by onward, shape (S, R, K, Z, Z): what is chosen by."""
        if not self.onward_usd_per_teu.any():
            return self.generalised_usd_per_teu
        perceived: Float = self.generalised_usd_per_teu + self.onward_usd_per_teu
        return perceived


@dataclass(frozen=True, slots=True, eq=False)
class Constants:
    """Constants of the corridors, and which of these were never used.

    A constant stands for what costs leave out of a way. Of a way that nobody has used nothing is known: where its
    route goes on by a corridor in use (the first in order), that one's constant stands in its place.

    Attributes
    ----------
    usd_per_teu, new
        Both of shape (R,), the last for `OTHER`.
    """

    usd_per_teu: Float
    new: NDArray[np.bool_]


def find_alternatives(
    overlay: Overlay,
    values: ArcValues,
    corridors: Sequence[Corridor],
    *,
    further: Float | None = None,
    with_amounts: bool = True,
    marked: Int | None = None,
    constants: Constants | None = None,
) -> Alternatives:
    """Return each corridor's best routes in a scenario in which the touched arcs have the given values.

    ``min over gates (u, v) of d(i, u) + g + d(v, j)``, with d on the graph without the gates of the corridors
    before c. Corridors are added to the overlay's table from the last to the first, so each table is the one
    before with a few arcs more.

    Parameters
    ----------
    overlay
        Built with all gates among its touched arcs.
    values
        The touched arcs as they stand, M rows.
    corridors
        In the study's order.
    further
        Further amounts of the touched arcs as they stand, shape (M, X); None for those of the base.
    with_amounts
        False leaves everything but the generalised cost at inf, for rounds in which only shares count.
    marked
        Touched arcs (positions) for which `Alternatives.marks` tells whether a route passes them; none if absent.
    constants
        For `Alternatives.onward_usd_per_teu`, which is 0 without.

    Raises
    ------
    StudyError
        If a gate is not among the overlay's touched arcs, or two corridors share a name.
    """
    check_values(overlay, values)
    gates = own_gates(overlay, corridors)
    free = _free(overlay, gates)
    seasons = scenario_seasons(overlay, values)
    n = len(overlay.zones)
    n_amounts = len(ATTRIBUTES) + overlay.further.shape[1] if with_amounts else 0
    shape = len(seasons), len(gates) + 1, len(overlay.classes), n, n
    totals = np.empty((1 + n_amounts, *shape))
    bit = mark_bits(overlay, np.zeros(0, np.int64) if marked is None else marked)
    marks = np.empty((*shape, bit.shape[1]), np.uint64)
    onward = np.zeros(shape)
    belongs = corridor_bits(overlay, gates) if constants is not None and constants.new.any() else None

    def fill(task: int) -> None:
        k, s = divmod(task, len(seasons))
        season, base = seasons[s]
        table = open_table(overlay, values, further, freight=k, season=season, base=base, arcs=free)
        for stage in _stages(overlay, table, gates):
            totals[0, s, stage.corridor, k] = stage.cost
            if with_amounts:
                totals[1:, s, stage.corridor, k] = _amounts(overlay, table, stage, gates)
            if bit.shape[1]:
                _put_marks(overlay, table, stage, gates, bit, marks[s, stage.corridor, k])
            if constants is not None and belongs is not None and constants.new[stage.corridor]:
                passed = np.empty((n, n, belongs.shape[1]), np.uint64)
                _put_marks(overlay, table, stage, gates, belongs, passed)
                _put_onward(passed, stage.corridor, constants, onward[s, stage.corridor, k])

    side_by_side(fill, len(overlay.classes) * len(seasons))
    itself = np.arange(n)
    totals[..., itself, itself] = np.inf
    totals[:, :, -1, :, itself, itself] = 0.0
    unknown = np.broadcast_to(np.inf, totals[0].shape)
    amounts = totals[1:] if with_amounts else [unknown] * len(ATTRIBUTES)
    hours, usd, charge, km, co2 = amounts[: len(ATTRIBUTES)]
    return Alternatives(
        (*(corridor.id for corridor in corridors), OTHER),
        tuple(season for season, _ in seasons),
        tuple(freight.id for freight in overlay.classes),
        overlay.zones,
        totals[0],
        hours,
        usd,
        charge,
        km,
        co2,
        totals[1 + len(ATTRIBUTES) :],
        onward,
        marks,
    )


def load_alternatives(
    overlay: Overlay, corridors: Sequence[Corridor], parts: Sequence[tuple[ArcValues, Float]]
) -> Float:
    """Return the TEU on every arc of the graph by class, shape (K, n_arcs), when flows take the alternatives.

    Parameters
    ----------
    overlay, corridors
        As given to `find_alternatives`.
    parts
        Touched arcs as they stand, and the flows that take the routes found so: TEU by season, alternative, class
        and pair, shape (S, R, K, Z, Z), as the alternatives' seasons and corridors go. A flow from a zone to itself
        uses no arc.

    Raises
    ------
    StudyError
        If flow is asked of an alternative that does not exist, or the shape is wrong.
    """
    gates = own_gates(overlay, corridors)
    free = _free(overlay, gates)
    n = len(overlay.zones)
    for values, flow in parts:
        check_values(overlay, values)
        shape = (len(scenario_seasons(overlay, values)), len(gates) + 1, len(overlay.classes), n, n)
        if flow.shape != shape:
            message = f"Flows have shape {flow.shape}; seasons, alternatives, classes and zones ask for {shape}."
            raise StudyError([Problem("LB346", message, "flow_teu")])
    loads = np.zeros((len(overlay.classes), overlay.graph.n_arcs))
    elsewhere = 1.0 - np.eye(n)

    def fill(k: int) -> None:
        pieces = [np.zeros_like(stretch.distance) for stretch in overlay.stretches[k]]
        touched = np.zeros(len(overlay.touched))
        for values, flow in parts:
            for s, (season, base) in enumerate(scenario_seasons(overlay, values)):
                moving = flow[s, :, k] * elsewhere
                if not moving.any():
                    continue
                table = open_table(overlay, values, None, freight=k, season=season, base=base, arcs=free)
                for stage in _stages(overlay, table, gates):
                    if moving[stage.corridor].any():
                        _spread(
                            overlay, table, stage, gates, moving[stage.corridor], pieces=pieces[base], touched=touched
                        )
        for stretch, flow in zip(overlay.stretches[k], pieces, strict=True):
            if flow.any():
                loads[k] += load(stretch.meeting, flow)
        loads[k, overlay.touched] += touched

    side_by_side(fill, len(overlay.classes))
    return loads


def load_each(
    overlay: Overlay, corridors: Sequence[Corridor], values: ArcValues, flow_teu: Float, which: Sequence[int]
) -> Float:
    """Return the TEU on every arc of the graph that each of some alternatives brings, shape (len(which), n_arcs).

    Parameters
    ----------
    overlay, corridors, values, flow_teu
        As in `load_alternatives`, one part; flows of other alternatives are left out.
    which
        Positions of the alternatives.
    """
    gates = own_gates(overlay, corridors)
    free = _free(overlay, gates)
    shape = (len(which), len(overlay.classes), overlay.graph.n_arcs)
    loads = np.zeros(shape)
    elsewhere = 1.0 - np.eye(len(overlay.zones))
    row = {corridor: place for place, corridor in enumerate(which)}

    def fill(k: int) -> None:
        for s, (season, base) in enumerate(scenario_seasons(overlay, values)):
            table = open_table(overlay, values, None, freight=k, season=season, base=base, arcs=free)
            for stage in _stages(overlay, table, gates):
                flow = flow_teu[s, stage.corridor, k] * elsewhere
                if stage.corridor not in row or not flow.any():
                    continue
                pieces, touched = np.zeros_like(table.distance), np.zeros(len(overlay.touched))
                _spread(overlay, table, stage, gates, flow, pieces=pieces, touched=touched)
                here = loads[row[stage.corridor], k]
                here += load(table.stretch.meeting, pieces)
                here[overlay.touched] += touched

    side_by_side(fill, len(overlay.classes))
    total: Float = loads.sum(1)
    return total


def own_gates(overlay: Overlay, corridors: Sequence[Corridor]) -> tuple[Int, ...]:
    """Return each corridor's gates as positions among the touched arcs; a shared gate is the first corridor's."""
    problems = []
    taken = np.zeros(len(overlay.touched), dtype=np.bool_)
    own = []
    names = [corridor.id for corridor in corridors]
    for corridor in corridors:
        if names.count(corridor.id) > 1 or corridor.id == OTHER:
            message = f"'{corridor.id}' names two alternatives; give each corridor a name of its own."
            problems.append(Problem("LB347", message, "corridors"))
        found = np.isin(overlay.touched, corridor.gates)
        if found.sum() < len(np.unique(corridor.gates)):
            message = f"A gate of '{corridor.id}' is not among the overlay's touched arcs; build it with all gates."
            problems.append(Problem("LB347", message, "corridors"))
        own.append(np.flatnonzero(found & ~taken))
        taken |= found
    if problems:
        raise StudyError(problems)
    return tuple(own)


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """One alternative: its costs and the gate that each pair takes (-1 for a pair without gate)."""

    corridor: int
    cost: Float
    gate: Int32
    direct: bool


def _stages(overlay: Overlay, table: Table, gates: tuple[Int, ...]) -> Iterator[_Stage]:
    """Yield the alternatives from the last to the first; the table is closed for the one that is yielded."""
    from landbridge.routing import kernel_overlay

    n = len(overlay.zones)
    none = np.full((n, n), -1, np.int32)
    yield _Stage(len(gates), table.distance[np.ix_(overlay.departs, overlay.arrives)], none, direct=True)
    for c in range(len(gates) - 1, -1, -1):
        close_table(overlay, table, gates[c])
        cost, gate = kernel_overlay.through_gates(
            table.distance, overlay.tail, overlay.head, table.cost, gates[c], overlay.departs, overlay.arrives
        )
        yield _Stage(c, cost, gate, direct=False)


def _free(overlay: Overlay, gates: tuple[Int, ...]) -> Int:
    """Return the touched arcs that are no gate."""
    return np.setdiff1d(np.arange(len(overlay.touched)), np.concatenate([*gates, np.zeros(0, np.int64)]))


def _amounts(overlay: Overlay, table: Table, stage: _Stage, gates: tuple[Int, ...]) -> Float:
    """Return the attributes of one alternative, shape (k, Z, Z); inf where it has no route."""
    from landbridge.routing import kernel_overlay

    if stage.direct:
        return np.moveaxis(amounts_between(overlay, table, overlay.departs, overlay.arrives), 2, 0)
    own = gates[stage.corridor]
    there = amounts_between(overlay, table, overlay.departs, overlay.tail[own])
    onward = amounts_between(overlay, table, overlay.head[own], overlay.arrives)
    position = np.zeros(len(overlay.touched), np.int32)
    position[own] = np.arange(len(own))
    amounts: Float = kernel_overlay.through_amounts(stage.gate, position, there, onward, table.values)
    return amounts


def mark_bits(overlay: Overlay, marked: Int) -> Bits:
    """Return the bit of each touched arc, shape (M, W): one for every arc of `marked`, in its order, else 0."""
    bit = np.zeros((len(overlay.touched), -(-len(marked) // WORD)), np.uint64)
    number = np.arange(len(marked))
    bit[marked, number // WORD] = np.uint64(1) << (number % WORD).astype(np.uint64)
    return bit


def corridor_bits(overlay: Overlay, gates: tuple[Int, ...]) -> Bits:
    """Return the bit of the corridor whose gate each touched arc is, shape (M, W): bit c % 64 of word c // 64."""
    bit = np.zeros((len(overlay.touched), -(-len(gates) // WORD)), np.uint64)
    for c, own in enumerate(gates):
        bit[own, c // WORD] |= np.uint64(1) << np.uint64(c % WORD)
    return bit


def _put_onward(passed: Bits, own: int, constants: Constants, onward: Float) -> None:
    from landbridge.routing import kernel_overlay

    used = ~constants.new
    used[-1] = False  # routes beside all corridors pass no gate
    kernel_overlay.onward_constants(
        passed, own, np.ascontiguousarray(constants.usd_per_teu, np.float64), used[:-1], onward
    )


def _put_marks(overlay: Overlay, table: Table, stage: _Stage, gates: tuple[Int, ...], bit: Bits, marks: Bits) -> None:
    """Put the marks of one alternative's routes into `marks` (Z, Z, W)."""
    from landbridge.routing import kernel_overlay

    if stage.direct:
        marks[:] = marks_between(overlay, table, overlay.departs, overlay.arrives, bit)
        return
    own = gates[stage.corridor]
    there = marks_between(overlay, table, overlay.departs, overlay.tail[own], bit)
    onward = marks_between(overlay, table, overlay.head[own], overlay.arrives, bit)
    position = np.zeros(len(overlay.touched), np.int32)
    position[own] = np.arange(len(own))
    kernel_overlay.through_marks(stage.gate, position, there, onward, bit, marks)


def _spread(
    overlay: Overlay,
    table: Table,
    stage: _Stage,
    gates: tuple[Int, ...],
    flow: Float,
    *,
    pieces: Float,
    touched: Float,
) -> None:
    """Add the flow of one alternative to the stretches between touched arcs and to those, in place."""
    from landbridge.routing import kernel_overlay

    if (flow[~np.isfinite(stage.cost)] != 0).any():
        name = OTHER if stage.direct else f"number {stage.corridor}"
        message = f"Flow is asked of alternative {name} for a pair that has no such route; give it no share."
        raise StudyError([Problem("LB346", message, "flow_teu")])
    if stage.direct:
        parts = [(overlay.departs, overlay.arrives, flow)]
    else:
        own = gates[stage.corridor]
        position = np.zeros(len(overlay.touched), np.int32)
        position[own] = np.arange(len(own))
        there, onward = kernel_overlay.gate_flows(stage.gate, position, flow, len(own), touched)
        parts = [(overlay.departs, overlay.tail[own], there), (overlay.head[own], overlay.arrives, onward)]
    for starts, ends, amount in parts:
        ended = kernel_overlay.spread_between(
            table.first, overlay.tail, overlay.head, starts, ends, amount, pieces, touched
        )
        if not ended:
            raise ConvergenceError(CIRCLE)
