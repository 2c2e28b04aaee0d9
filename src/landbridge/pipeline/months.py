"""Freight in one month of the year: loads at the pace of a year, and the route of one corridor leg by leg."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import MODES
from landbridge.pipeline.freight import Freight, load_flows, near_ground, season_flows
from landbridge.pipeline.ground import Ground
from landbridge.routing.alternatives import load_alternatives

YEAR: Final = 0
"""As a month: the mean of the year."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a route on one mode, or the transfers at one place.

    Attributes
    ----------
    mode
        ``road``, ``rail``, ``sea`` or ``transfer``.
    passes
        Crossings, passages, ports and named lines on the way, in order.
    """

    mode: str
    passes: tuple[str, ...]
    hours: float
    usd_per_teu: float
    km: float
    co2_kg_per_teu: float


def season_of(freight: Freight, month: int) -> int:
    """Return the position of the season that a month lies in; of `YEAR`, the longest season."""
    seasons = freight.alternatives.seasons
    if month == YEAR:
        return max(range(len(seasons)), key=lambda s: len(seasons[s].months))
    return next(s for s, season in enumerate(seasons) if month in season.months)


def month_loads(ground: Ground, freight: Freight, teu: Float, month: int) -> Float:
    """Return TEU on every arc of the graph if every month were like the given one, shape (n_arcs,).

    Parameters
    ----------
    ground, freight
        The study and its routes.
    teu
        TEU a year between zones, (K, Z, Z).
    month
        1 to 12.
    """
    moving = np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu)
    flows = season_flows(freight, moving)
    chosen = season_of(freight, month)
    only = np.zeros_like(flows)
    only[chosen] = flows[chosen] / freight.alternatives.seasons[chosen].weight
    total: Float = load_flows(near_ground(ground, freight.touched), freight, only).sum(0)
    return total


def route_arcs(ground: Ground, freight: Freight, pair: tuple[int, int], corridor: int, freight_class: int) -> Int:
    """Return the arcs of a corridor's route between two zones in order; see `corridor_arcs`."""
    return corridor_arcs(ground, freight, pair, [corridor], freight_class)[0]


def corridor_arcs(
    ground: Ground, freight: Freight, pair: tuple[int, int], corridors: Sequence[int], freight_class: int
) -> tuple[Int, ...]:
    """Return the arcs of some corridors' routes between two zones, each in order; empty where one has none.

    Of the seasons in which a corridor is open, the longest is taken. All are loaded at once: corridor number c of the
    list with 2**c containers, so that the sum on an arc tells which of them use it.

    Parameters
    ----------
    pair
        Positions of the zones.
    corridors
        Positions of the alternatives, at most 30.
    freight_class
        Position of the class.
    """
    seasons = freight.alternatives.seasons
    there = freight.alternatives.generalised_usd_per_teu
    flow = np.zeros_like(there)
    for bit, corridor in enumerate(corridors):
        usable = [s for s in range(len(seasons)) if np.isfinite(there[s, corridor, freight_class, pair[0], pair[1]])]
        if usable and pair[0] != pair[1]:
            season = max(usable, key=lambda s: len(seasons[s].months))
            flow[season, corridor, freight_class, pair[0], pair[1]] = float(1 << bit)
    if not flow.any():
        return tuple(np.zeros(0, np.int64) for _ in corridors)
    loads = load_alternatives(ground.overlay, ground.corridors, [(freight.values, flow)])[freight_class]
    marks = np.rint(loads).astype(np.int64)
    return tuple(_in_order(ground, np.flatnonzero(marks >> bit & 1), pair[0]) for bit in range(len(corridors)))


def _in_order(ground: Ground, used: Int, zone: int) -> Int:
    graph = ground.graph
    onward: dict[int, list[int]] = {}
    for arc in used.tolist():
        onward.setdefault(int(graph.tail[arc]), []).append(arc)
    at = int(graph.departs[zone])
    way: list[int] = []
    while onward.get(at):
        arc = onward[at].pop()
        way.append(arc)
        at = int(graph.head[arc])
    return np.array(way, np.int64)


def stretches(ground: Ground, freight: Freight, arcs: Int) -> tuple[Stretch, ...]:
    """Return a route's arcs as stretches of one mode each; transfers at one place are one stretch."""
    hours, usd, km, co2 = arc_amounts(ground, freight)
    found: list[Stretch] = []
    for run in _runs(ground, arcs):
        rows = np.array(run, np.int64)
        found.append(
            Stretch(
                _mode(ground, run[0]),
                _names(ground, run),
                float(hours[rows].sum()),
                float(usd[rows].sum()),
                float(km[rows].sum()),
                float(co2[rows].sum()),
            )
        )
    return tuple(found)


def arc_amounts(ground: Ground, freight: Freight) -> tuple[Float, Float, Float, Float]:
    """Return hours, USD (charges included), km and CO2 of every arc as it stands, each of shape (n_arcs,)."""
    base, touched, rows = ground.graph.values, freight.values, ground.overlay.touched
    parts = []
    for name in ("hours", "cost_usd_per_teu", "charge_usd_per_teu", "km", "co2_kg_per_teu"):
        values = np.array(getattr(base, name), dtype=np.float64)
        values[rows] = getattr(touched, name)
        parts.append(values)
    return parts[0], parts[1] + parts[2], parts[3], parts[4]


def _runs(ground: Ground, arcs: Int) -> list[list[int]]:
    runs: list[list[int]] = []
    for arc in arcs.tolist():
        if arc >= ground.graph.n_links + ground.graph.n_transfers:
            continue
        if runs and _mode(ground, runs[-1][-1]) == _mode(ground, arc):
            runs[-1].append(arc)
        else:
            runs.append([arc])
    return runs


def _mode(ground: Ground, arc: int) -> str:
    return MODES[ground.network.links.mode[arc]] if arc < ground.graph.n_links else "transfer"


def _names(ground: Ground, arcs: Sequence[int]) -> tuple[str, ...]:
    links, transfers = ground.network.links, ground.network.transfers
    words: dict[str, None] = {}
    for arc in arcs:
        on_link = arc < len(links)
        name = (links.name[arc] or links.passage[arc]) if on_link else transfers.name[arc - len(links)]
        if name:
            words[name] = None
    return tuple(words)
