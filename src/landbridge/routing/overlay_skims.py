"""Skims of a scenario on the overlay: few better arcs on a small table, all else on a closed one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from landbridge.core.arrays import NO_LINK, Float
from landbridge.core.problems import ConvergenceError
from landbridge.core.threads import side_by_side
from landbridge.routing.generalised import ATTRIBUTES, ArcValues, generalised_cost
from landbridge.routing.overlay import (
    CIRCLE,
    Overlay,
    Reference,
    between_places,
    check_values,
    open_table,
    scenario_seasons,
)
from landbridge.routing.seasons import Season, in_season
from landbridge.routing.skims import Skims

FEW: Final = 150
"""Arcs that improve on a reference, up to which only the places and their ends are looked at."""


def skim_overlay(overlay: Overlay, values: ArcValues) -> Skims:
    """Return the skims of a scenario in which the touched arcs have the given values (M rows).

    Equal to a search on the whole network with those values: mean over the months, inf where in some month no
    route is open, the attributes along the route of least generalised cost.
    """
    check_values(overlay, values)
    n = len(overlay.zones)
    totals = np.zeros((1 + len(ATTRIBUTES), len(overlay.classes), n, n))
    seasons = scenario_seasons(overlay, values)

    def fill(k: int) -> None:
        _skim_class(overlay, values, seasons, k, totals[:, k])

    side_by_side(fill, len(overlay.classes))
    itself = np.arange(n)
    totals[:, :, itself, itself] = 0.0
    generalised, hours, usd, charge, km, co2 = totals
    classes = tuple(freight.id for freight in overlay.classes)
    return Skims(overlay.zones, classes, hours, usd, charge, km, co2, generalised)


def _skim_class(
    overlay: Overlay, values: ArcValues, seasons: Sequence[tuple[Season, int]], k: int, totals: Float
) -> None:
    """Add the year's means of one class to `totals` (6, Z, Z).

    Seasons of one base mostly differ by a few arcs: each starts from the one before, and ways to a zone that are as
    they were are not summed again.
    """
    every = np.arange(len(overlay.touched))
    grid = np.ix_(overlay.departs, overlay.arrives)
    near = overlay
    for season, base in seasons:
        better = _improved(overlay, values, freight=k, season=season, base=base)
        if better is not None:
            distance, between = better
            totals[0] += season.weight * distance
            totals[1:] += season.weight * np.moveaxis(between[:, :, : len(ATTRIBUTES)], 2, 0)
            continue
        table = open_table(near, values, None, freight=k, season=season, base=base, arcs=every, final=True)
        between = between_places(overlay, table)
        totals[0] += season.weight * table.distance[grid]
        totals[1:] += season.weight * np.moveaxis(between[:, :, : len(ATTRIBUTES)], 2, 0)
        if len(seasons) > 1:
            kept = Reference(k, base, every, table.cost, table.distance, table.first, table.values, between)
            near = replace(near, references=(*near.references, kept))


def _improved(
    overlay: Overlay, values: ArcValues, *, freight: int, season: Season, base: int
) -> tuple[Float, Float] | None:
    """Return distances (Z, Z) and attributes (Z, Z, k) between places from a reference that few arcs improve on.

    The table is then only of the places and of the ends of those arcs. None where there is no such reference.
    """
    from landbridge.routing import kernel_overlay

    cost = generalised_cost(values, overlay.classes[freight], co2_usd_per_tonne=overlay.co2_usd_per_tonne)
    now = np.where(in_season(values.months, season), cost, np.inf)
    amounts = np.concatenate([values.attributes(), overlay.further], axis=1)
    for known in overlay.references:
        if known.ways is None or known.between is None or (known.freight, known.base) != (freight, base):
            continue
        same = (now == known.cost) & ((now == np.inf) | (amounts == known.values).all(1))
        arcs = np.flatnonzero(~same)
        if len(arcs) > FEW or not (now[arcs] < known.cost[arcs]).all():
            continue
        n = len(overlay.zones)
        ends, place = np.unique(np.concatenate([overlay.tail[arcs], overlay.head[arcs]]), return_inverse=True)
        members = np.concatenate([overlay.departs, ends, overlay.arrives]).astype(np.int32)
        local = np.zeros((2, len(now)), np.int32)
        local[:, arcs] = n + place.reshape(2, -1)
        distance = known.distance[np.ix_(members, members)]
        first = np.full(distance.shape, NO_LINK, np.int32)
        order = arcs[np.argsort(now[arcs], kind="stable")]
        kernel_overlay.insert(distance, first, local[0], local[1], now, order)
        between = known.between
        if len(arcs):
            between = between.copy()
            starts, stops = np.arange(n), np.arange(len(members) - n, len(members))
            if not kernel_overlay.amounts_over(
                first, overlay.tail, local[1], members, starts, stops, known.ways, amounts, between
            ):
                raise ConvergenceError(CIRCLE)
        return distance[:n, len(members) - n :], between
    return None
