"""Skims, alternatives and loads of a scenario on a small table built once: exact for every change of touched arcs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import NO_LINK, Float, Int
from landbridge.core.problems import ConvergenceError, Problem, StudyError
from landbridge.routing.generalised import ArcValues, FreightClass, generalised_cost, refuse_values
from landbridge.routing.hierarchy import Hierarchy, Meeting, carry, meet, price
from landbridge.routing.seasons import MONTHS, Season, in_season, seasons_of
from landbridge.routing.skims import Skims
from landbridge.routing.states import StateGraph

DEARER: Final = 4
"""Adding an arc to a closed table takes about this many times what it takes in a fresh one, cheapest first."""
NEARER: Final = 2
"""A start has to leave this many times fewer arcs to add than one that is nearer in other respects."""
Int32 = NDArray[np.int32]
Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Best routes between the members of T that use no touched arc, for one class in one season."""

    meeting: Meeting
    distance: Float
    """Generalised cost, shape (T, T)."""
    amounts: Float
    """Attributes along it, shape (T, T, 5 + X): in the order of `ATTRIBUTES`, then the further amounts."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The table of a study: T = places and the ends of its M touched arcs.

    A scenario may give touched arcs any values; everything else is as in the base graph. What changes every arc
    (value of time, price of CO2) needs a new overlay.
    """

    graph: StateGraph
    zones: tuple[str, ...]
    classes: tuple[FreightClass, ...]
    co2_usd_per_tonne: float
    touched: Int
    """Arcs that measures change, corridors have as gates, or that have a capacity, shape (M,), ascending."""
    tail: Int32
    head: Int32
    """Ends of the touched arcs as members of T, shape (M,)."""
    departs: Int32
    arrives: Int32
    """The places as members of T, shape (Z,)."""
    seasons: tuple[Season, ...]
    """Seasons of the arcs that are not touched."""
    stretches: tuple[tuple[Stretch, ...], ...]
    """By class, then season."""
    further: Float
    """Further amounts of the touched arcs in the base, shape (M, X)."""
    references: tuple["Reference", ...] = ()
    """Closed tables of a scenario near to those that will be asked for (`with_reference`)."""

    @property
    def values(self) -> ArcValues:
        """Touched arcs as they stand in the base graph, M rows."""
        return self.graph.values.take(self.touched)

    def skim(self, values: ArcValues) -> Skims:
        """Return the skims of a scenario in which the touched arcs have these values (see `skim_overlay`)."""
        from landbridge.routing.overlay_skims import skim_overlay

        return skim_overlay(self, values)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A table of one class and base season, closed with `arcs` at `cost`: a start for what only improves on it."""

    freight: int
    base: int
    arcs: Int
    cost: Float
    distance: Float
    first: Int32
    values: Float
    """Attributes of the touched arcs in it, shape (M, k)."""
    between: Float | None = None
    """Attributes between places, shape (Z, Z, k), where they were summed."""
    ways: Float | None = None
    """Attributes between all members of T, shape (T, T, k), where they were summed."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Distances with some of the touched arcs of one class and season in it; more are added stage by stage."""

    distance: Float
    first: Int32
    """First touched arc on the way from one member of T to another, shape (T, T)."""
    cost: Float
    """Generalised cost of the touched arcs in this season, shape (M,)."""
    values: Float
    """Attributes of the touched arcs, shape (M, k)."""
    stretch: Stretch
    start: Reference | None = None
    """What it was made from."""


def build_overlay(
    graph: StateGraph,
    hierarchy: Hierarchy,
    *,
    zones: Sequence[str],
    touched: Int,
    classes: Sequence[FreightClass],
    co2_usd_per_tonne: float = 0.0,
    further: Float | None = None,
) -> Overlay:
    """Return the overlay of a graph.

    For each class and season, best routes between all members of T that use no touched arc. Nothing is pruned
    by how things stand: a touched arc that is closed or dear in the base may be opened or cheap in a scenario.

    Parameters
    ----------
    graph, hierarchy
        The base and its hierarchy (`landbridge.routing.skims.hierarchy_of`).
    zones
        Labels of the graph's places, Z of them.
    touched
        Arcs that scenarios change or that have to be told apart (gates, capacities); repeated ones count once.
    classes
        Classes of freight.
    co2_usd_per_tonne
        Price of CO2 in the generalised cost.
    further
        X more amounts an arc that add up along a route, shape (n_arcs, X): the charge by who earns it, say.

    Raises
    ------
    StudyError
        If a touched arc is not in the graph, or the labels do not match the places.
    """
    touched = np.unique(np.asarray(touched, dtype=np.int64))
    problems = []
    if len(touched) and (touched[0] < 0 or touched[-1] >= graph.n_arcs):
        problems.append(Problem("LB344", f"A touched arc lies outside 0 to {graph.n_arcs - 1}.", "touched"))
    if len(zones) != len(graph.places):
        problems.append(Problem("LB345", f"{len(zones)} labels for {len(graph.places)} places.", "zones"))
    if problems:
        raise StudyError(problems)
    ends = [graph.departs, graph.arrives, graph.tail[touched], graph.head[touched]]
    members, back = np.unique(np.concatenate(ends), return_inverse=True)
    departs, arrives, tail, head = np.split(back.astype(np.int32), np.cumsum([len(end) for end in ends])[:-1])
    untouched = np.ones(graph.n_arcs, dtype=np.bool_)
    untouched[touched] = False
    seasons = seasons_of(graph.values.months, graph.values.open & untouched)
    further = np.zeros((graph.n_arcs, 0)) if further is None else further
    attributes = np.concatenate([graph.values.attributes(), further], axis=1)
    stretches = []
    for freight in classes:
        cost = generalised_cost(graph.values, freight, co2_usd_per_tonne=co2_usd_per_tonne)
        row = []
        for season in seasons:
            usable = untouched & in_season(graph.values.months, season)
            meeting = meet(price(hierarchy, np.where(usable, cost, np.inf)), members, members)
            amounts = np.ascontiguousarray(np.moveaxis(carry(meeting, attributes), 0, 2))
            row.append(Stretch(meeting, meeting.cost, amounts))
        stretches.append(tuple(row))
    return Overlay(
        graph,
        tuple(zones),
        tuple(classes),
        co2_usd_per_tonne,
        touched,
        tail,
        head,
        departs,
        arrives,
        seasons,
        tuple(stretches),
        further[touched],
    )


def scenario_seasons(overlay: Overlay, values: ArcValues) -> tuple[tuple[Season, int], ...]:
    """Return the seasons of a scenario, each with the season of the base in which it lies."""
    base_of = {month: s for s, season in enumerate(overlay.seasons) for month in season.months}
    masks = np.unique(values.months[values.open]).tolist()
    groups: dict[tuple[int, ...], list[int]] = {}
    for month in range(1, MONTHS + 1):
        pattern = (base_of[month], *(mask >> (month - 1) & 1 for mask in masks))
        groups.setdefault(pattern, []).append(month)
    return tuple((Season(tuple(months)), pattern[0]) for pattern, months in groups.items())


def open_table(  # noqa: PLR0913 - a table has as many sides
    overlay: Overlay,
    values: ArcValues,
    further: Float | None,
    *,
    freight: int,
    season: Season,
    base: int,
    arcs: Int,
    final: bool = False,
) -> Table:
    """Return the table of one class and season with `arcs` (positions in ``overlay.touched``) in it.

    `further` is None for the base's. Of the references whose arcs are all among `arcs` and cost no more now, that
    which leaves the fewest to add is the start. A table that is `final` takes no more arcs, so that it need not be a
    copy.
    """
    stretch = overlay.stretches[freight][base]
    cost = generalised_cost(values, overlay.classes[freight], co2_usd_per_tonne=overlay.co2_usd_per_tonne)
    now = np.where(in_season(values.months, season), cost, np.inf)
    amounts = np.concatenate([values.attributes(), overlay.further if further is None else further], axis=1)
    wanted = np.zeros(len(now), np.bool_)
    wanted[arcs] = True
    start, left = None, arcs[np.isfinite(now[arcs])]
    for known in reversed(overlay.references):  # the last is the nearest, most likely
        if (known.freight, known.base) != (freight, base):
            continue
        usable = np.isfinite(known.cost[known.arcs])
        if not (wanted[known.arcs] | ~usable).all() or not (now[known.arcs] <= known.cost[known.arcs]).all():
            continue
        same = np.zeros(len(now), np.bool_)
        same[known.arcs] = now[known.arcs] == known.cost[known.arcs]
        more = arcs[~same[arcs] & np.isfinite(now[arcs])]
        if len(more) * (DEARER if start is None else NEARER) < len(left):
            start, left = known, more
    if start is None:
        first = np.full(stretch.distance.shape, NO_LINK, np.int32)
        table = Table(stretch.distance.copy(), first, now, amounts, stretch)
    elif final and not len(left):
        table = Table(start.distance, start.first, now, amounts, stretch, start)
    else:
        table = Table(start.distance.copy(), start.first.copy(), now, amounts, stretch, start)
    close_table(overlay, table, left)
    return table


def with_reference(overlay: Overlay, values: ArcValues, *, apart: Int | None = None) -> Overlay:
    """Return the overlay with the closed tables of a scenario (the baseline, say) kept.

    Answers stay the same. Scenarios in which no touched arc costs more than here become several times quicker.

    Parameters
    ----------
    values
        The touched arcs as they stand in the reference, M rows.
    apart
        Touched arcs (positions) that are added later by corridor: all gates. None for skims only.
    """
    every = np.arange(len(overlay.touched))
    wanted = [every] if apart is None else [every, np.setdiff1d(every, apart)]
    return with_tables(replace(overlay, references=()), values, wanted)


def with_tables(overlay: Overlay, values: ArcValues, sets: Sequence[Int]) -> Overlay:
    """Return the overlay with the tables of a scenario kept, one for each set of touched arcs (positions).

    A table of some arcs is a start for every table that has these and others: what changes often is left out of
    the set, and added when it is asked for.
    """
    check_values(overlay, values)
    grown = overlay
    for k, season, base in _rounds(overlay, values):
        for arcs in sets:
            table = open_table(grown, values, None, freight=k, season=season, base=base, arcs=arcs)
            ways = between = None
            if len(arcs) == len(overlay.touched):
                members = np.arange(len(table.distance), dtype=np.int32)
                ways = amounts_between(overlay, table, members, members)
                between = np.ascontiguousarray(ways[np.ix_(overlay.departs, overlay.arrives)])
            kept = Reference(k, base, arcs, table.cost, table.distance, table.first, table.values, between, ways)
            grown = replace(grown, references=(*grown.references, kept))
    return grown


def close_table(overlay: Overlay, table: Table, arcs: Int) -> None:
    """Add touched arcs (positions in ``overlay.touched``) to a table, in place.

    The cheapest first: a pair is then seldom improved twice, which makes it more than twice as quick.
    """
    from landbridge.routing import kernel_overlay

    if len(arcs):
        order = arcs[np.argsort(table.cost[arcs], kind="stable")]
        kernel_overlay.insert(table.distance, table.first, overlay.tail, overlay.head, table.cost, order)


def amounts_between(overlay: Overlay, table: Table, starts: Int32, ends: Int32) -> Float:
    """Return the attributes along the ways from starts to ends (members of T), shape (n_starts, n_ends, k).

    Raises
    ------
    ConvergenceError
        If a way runs in a circle, which takes a circle of touched arcs that cost nothing.
    """
    from landbridge.routing import kernel_overlay

    total: Float
    total, ends_well = kernel_overlay.amounts_between(
        table.distance, table.first, overlay.tail, overlay.head, starts, ends, table.stretch.amounts, table.values
    )
    if not ends_well:
        raise ConvergenceError(CIRCLE)
    return total


def marks_between(overlay: Overlay, table: Table, starts: Int32, ends: Int32, bit: Bits) -> Bits:
    """Return which marked arcs lie on the ways from starts to ends, (n_starts, n_ends, W), by bits `bit` (M, W).

    Raises
    ------
    ConvergenceError
        As `amounts_between`.
    """
    from landbridge.routing import kernel_overlay

    found: Bits
    found, ends_well = kernel_overlay.marks_between(table.first, overlay.head, starts, ends, bit, table.distance)
    if not ends_well:
        raise ConvergenceError(CIRCLE)
    return found


CIRCLE = "A route over touched arcs of no cost runs in a circle; give them a cost above 0."


def check_values(overlay: Overlay, values: ArcValues) -> None:
    """Refuse values that are not of the touched arcs or that no search can use."""
    if len(values) != len(overlay.touched):
        message = f"{len(values)} rows for {len(overlay.touched)} touched arcs; give one row each, in their order."
        raise StudyError([Problem("LB344", message, "values")])
    refuse_values(values, table="touched arcs")


def between_places(overlay: Overlay, table: Table) -> Float:
    """Return the attributes between places, shape (Z, Z, k); what is as in the table's start is not summed again."""
    start = table.start
    if start is None or start.between is None:
        return amounts_between(overlay, table, overlay.departs, overlay.arrives)
    # the last entry stands for "no arc"
    changed = np.append((table.values != start.values).any(1), np.zeros(1, np.bool_))
    ways = table.first[:, overlay.arrives]
    moved = (ways != start.first[:, overlay.arrives]).any(0) | changed[ways].any(0)
    reached, before = (
        np.isfinite(distance[np.ix_(overlay.departs, overlay.arrives)]) for distance in (table.distance, start.distance)
    )
    again = np.flatnonzero(moved | (reached != before).any(0))
    if not len(again):
        return start.between
    between = start.between.copy()
    between[:, again] = amounts_between(overlay, table, overlay.departs, overlay.arrives[again])
    return between


def _rounds(overlay: Overlay, values: ArcValues) -> Iterator[tuple[int, Season, int]]:
    for k in range(len(overlay.classes)):
        for season, base in scenario_seasons(overlay, values):
            yield k, season, base
