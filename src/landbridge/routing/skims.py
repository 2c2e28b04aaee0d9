"""Zone-by-zone matrices of hours, USD, km, CO2 and generalised cost along the best routes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import ROAD, Network
from landbridge.routing.generalised import PLAIN, FreightClass, generalised_cost
from landbridge.routing.hierarchy import (
    Hierarchy,
    Meeting,
    build_hierarchy,
    cache_folder,
    carry,
    contraction_order,
    meet,
    price,
)
from landbridge.routing.seasons import Season, in_season, seasons_of
from landbridge.routing.states import PLACE, StateGraph, compile_states, place_positions


@dataclass(frozen=True, slots=True, eq=False)
class Skims:
    """Matrices over K classes and Z zones: mean over the months of the best open route of each month.

    Every matrix has shape (K, Z, Z), origin by destination; inf where in some month no route is open (then
    `explain_unreachable` says why); 0 from a zone to itself.

    Attributes
    ----------
    hours, km, co2_kg_per_teu
        Along the route of least generalised cost.
    usd_per_teu
        What is paid: resource cost and charges.
    charge_usd_per_teu
        The part of it that is income of a named economy.
    generalised_usd_per_teu
        Least generalised cost.
    """

    zones: tuple[str, ...]
    classes: tuple[str, ...]
    hours: Float
    usd_per_teu: Float
    charge_usd_per_teu: Float
    km: Float
    co2_kg_per_teu: Float
    generalised_usd_per_teu: Float


def hierarchy_of(graph: StateGraph, *, cache: Path | None = None, few_places: bool = False) -> Hierarchy:
    """Return the hierarchy of a state graph.

    Parameters
    ----------
    cache
        Folder that keeps contraction orders; None for the user's (`cache_folder`).
    few_places
        Contract the road states first, so that the order of railways and sea lanes is the same whatever places
        were joined to them, and is found in the cache. For a handful of places; with many, the order of the
        whole graph is better.
    """
    folder = cache_folder() if cache is None else cache
    n, order = graph.n_vertices, None
    if few_places:
        core = (graph.mode != ROAD) & (graph.mode != PLACE)
        number = np.cumsum(core, dtype=np.int32) - np.int32(1)
        inside = core[graph.tail] & core[graph.head]
        tail, head = number[graph.tail[inside]], number[graph.head[inside]]
        last = contraction_order(int(core.sum()), tail, head, graph.point[core], cache=folder)
        order = np.concatenate([np.flatnonzero(~core)[::-1], np.flatnonzero(core)[last]]).astype(np.int32)
    return build_hierarchy(n, graph.tail, graph.head, graph.point, cache=folder, order=order)


def skim(
    network: Network,
    zones: Sequence[str] | Int,
    *,
    classes: Sequence[FreightClass] = (PLAIN,),
    co2_usd_per_tonne: float = 0.0,
) -> Skims:
    """Return skims between zones, all attributes carried along the route of least generalised cost.

    Parameters
    ----------
    network
        The network as it stands.
    zones
        Names of nodes, or positions of nodes, Z of them.
    classes
        K classes of freight, each with its own best routes.
    co2_usd_per_tonne
        Price of CO2 in the generalised cost.

    Raises
    ------
    StudyError
        If a zone is not in the network or a cost is negative or unknown.
    """
    places = place_positions(network, zones if isinstance(zones, np.ndarray) else tuple(zones))
    graph = compile_states(network, places=places)
    labels = tuple(str(zone) for zone in zones)
    return skim_graph(graph, hierarchy_of(graph), labels, classes, co2_usd_per_tonne=co2_usd_per_tonne)


def skim_graph(
    graph: StateGraph,
    hierarchy: Hierarchy,
    zones: Sequence[str],
    classes: Sequence[FreightClass],
    *,
    co2_usd_per_tonne: float = 0.0,
) -> Skims:
    """Return skims between the places of a graph whose hierarchy is at hand (see `skim`)."""
    seasons = seasons_of(graph.values.months, graph.values.open)
    attributes = graph.values.attributes()
    n = len(graph.places)
    totals = np.zeros((6, len(classes), n, n))
    for k, freight in enumerate(classes):
        cost = generalised_cost(graph.values, freight, co2_usd_per_tonne=co2_usd_per_tonne)
        for season in seasons:
            meeting = meet_season(graph, hierarchy, cost, season)
            totals[0, k] += season.weight * meeting.cost
            totals[1:, k] += season.weight * carry(meeting, attributes)
    itself = np.arange(n)
    totals[:, :, itself, itself] = 0.0
    generalised, hours, usd, charge, km, co2 = totals
    return Skims(tuple(zones), tuple(freight.id for freight in classes), hours, usd, charge, km, co2, generalised)


def meet_season(graph: StateGraph, hierarchy: Hierarchy, cost: Float, season: Season) -> Meeting:
    """Return the best routes between all places in one season, for arc costs of shape (n_arcs,)."""
    now = np.where(in_season(graph.values.months, season), cost, np.inf)
    return meet(price(hierarchy, now), graph.departs, graph.arrives)
