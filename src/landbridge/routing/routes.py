"""Routes between two places, leg by leg, as a forwarder reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import InfeasibleError, Problem, StudyError
from landbridge.network.network import ALL_MONTHS, MODES, Network
from landbridge.network.places import nearest_city
from landbridge.network.shapes import runs_on_base, way_on_map
from landbridge.routing.generalised import PLAIN, ArcValues, FreightClass, generalised_cost
from landbridge.routing.hierarchy import price
from landbridge.routing.paths import DISTINCT, Distinct, Waypoint, best_path, distinct_paths, penalty_paths
from landbridge.routing.places import join_places
from landbridge.routing.reasons import why_unreachable
from landbridge.routing.skims import hierarchy_of
from landbridge.routing.states import StateGraph, compile_states

By = Literal["generalised", "hours", "usd", "co2"]
_NEAR_KM = 40.0


@dataclass(frozen=True, slots=True)
class RouteConditions:
    """What a route must satisfy.

    Attributes
    ----------
    via, avoid
        Crossings, passages, ports, sections, nodes or countries (ISO alpha-2) by name: to pass in this order,
        and not to use. A line, crossing or passage is passed by going along one of its links.
    freight
        The class whose value of time counts in the generalised cost.
    co2_usd_per_tonne
        Price of CO2 in the generalised cost.
    month
        Month of the year (1 to 12); None for routes that are open all year.
    distinct
        When alternatives count as distinct.
    """

    via: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    freight: FreightClass = PLAIN
    co2_usd_per_tonne: float = 0.0
    month: int | None = None
    distinct: Distinct = DISTINCT


ANY_ROUTE = RouteConditions()


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of one mode and gauge, or a transfer inside a place.

    Attributes
    ----------
    mode
        ``road``, ``rail``, ``sea`` or ``transfer``.
    from_name, to_name
        A node's name, or the city that it is in or near.
    passes
        Crossings, passages and named lines on the way, in order.
    usd_per_teu
        What is paid: resource cost and charges.
    points
        Latitudes and longitudes on the way: of nodes, and of where lines of the base network run between them.
    """

    mode: str
    gauge_mm: int
    from_name: str
    to_name: str
    passes: tuple[str, ...]
    hours: float
    usd_per_teu: float
    charge_usd_per_teu: float
    km: float
    co2_kg_per_teu: float
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A route with its legs; the totals are the sums over them."""

    origin: str
    destination: str
    legs: tuple[Leg, ...]
    hours: float
    usd_per_teu: float
    charge_usd_per_teu: float
    km: float
    co2_kg_per_teu: float
    generalised_usd_per_teu: float
    links: tuple[int, ...]
    """Rows of the network's links on the way; roads that were added to reach the places are left out."""

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes in order, transfers left out, a mode that goes on named once."""
        modes = [leg.mode for leg in self.legs if leg.mode != "transfer"]
        return tuple(mode for i, mode in enumerate(modes) if i == 0 or mode != modes[i - 1])


def route(
    network: Network,
    origin: str | tuple[float, float],
    destination: str | tuple[float, float],
    *,
    by: By = "generalised",
    alternatives: int = 1,
    conditions: RouteConditions = ANY_ROUTE,
) -> list[Route]:
    """Return the best route between two places, and up to ``alternatives - 1`` distinct ones, best first.

    Parameters
    ----------
    network
        The network as it stands, priced.
    origin, destination
        City, UN/LOCODE, name of a node, or (latitude, longitude) in degrees.
    by
        What is least: generalised cost, hours, what is paid, or CO2.
    alternatives
        How many routes at most. Distinct ones come from plateaus (`distinct_paths`), under `via` from penalties
        (`penalty_paths`).
    conditions
        Places to pass or avoid, class of freight, month.

    Raises
    ------
    StudyError
        If a place or name is not known.
    InfeasibleError
        If there is no route; the message says which closed link or missing transfer is in the way.
    """
    grown, (start, end) = join_places(network, (origin, destination))
    graph = compile_states(grown, places=np.array([start, end]))
    cost = _cost(graph.values, by, conditions)
    cost = np.where(_avoided(grown, graph, conditions.avoid), np.inf, cost)
    via = [_waypoint(grown, graph, word) for word in conditions.via]
    ends = int(graph.departs[0]), int(graph.arrives[1])
    first = best_path(graph, cost, *ends, via)
    if first is None:
        reason = why_unreachable(grown, graph, cost, ends, via)
        raise InfeasibleError(f"no route from {origin} to {destination}: {reason}")
    paths = [first]
    if alternatives > 1 and via:
        paths = penalty_paths(graph, cost, ends, via, alternatives=alternatives, distinct=conditions.distinct)
    elif alternatives > 1:
        metric = price(hierarchy_of(graph, few_places=True), cost)
        paths = distinct_paths(graph, metric, cost, ends, alternatives=alternatives, distinct=conditions.distinct)
    g = generalised_cost(graph.values, conditions.freight, co2_usd_per_tonne=conditions.co2_usd_per_tonne)
    n_old = len(network.links)
    return [describe(grown, graph, path, float(g[path].sum()), n_links=n_old) for path in paths]


def describe(network: Network, graph: StateGraph, path: Int, generalised: float, *, n_links: int) -> Route:
    """Return the route that runs over the given arcs."""
    amounts = graph.values.attributes()[path]
    hours, usd, charge, km, co2 = amounts.sum(axis=0).tolist()
    shaped = runs_on_base(network)
    legs = tuple(_leg(network, graph, path[rows], amounts[rows], shaped=shaped) for rows in _groups(graph, path))
    first, last = (int(graph.node[v]) for v in (graph.tail[path[0]], graph.head[path[-1]]))
    return Route(
        node_name(network, first),
        node_name(network, last),
        legs,
        hours,
        usd,
        charge,
        km,
        co2,
        generalised,
        tuple(int(arc) for arc in path if arc < n_links),
    )


def _groups(graph: StateGraph, path: Int) -> list[Int]:
    """Return the positions along the path of each leg; connectors belong to none."""
    groups: list[list[int]] = []
    before: tuple[int, int] | None = None
    for i, arc in enumerate(path.tolist()):
        if arc >= graph.n_links + graph.n_transfers:
            continue
        tail = graph.tail[arc]
        kind = (int(graph.mode[tail]), int(graph.gauge_mm[tail])) if arc < graph.n_links else None
        if kind is None or kind != before:
            groups.append([])
        groups[-1].append(i)
        before = kind
    return [np.array(group) for group in groups]


def _leg(network: Network, graph: StateGraph, arcs: Int, amounts: Float, *, shaped: bool) -> Leg:
    hours, usd, charge, km, co2 = amounts.sum(axis=0).tolist()
    transfer = graph.transfer_of(int(arcs[0]))
    tail, head = int(graph.tail[arcs[0]]), int(graph.head[arcs[-1]])
    ends = int(graph.node[tail]), int(graph.node[head])
    if transfer >= 0:
        mode, gauge = "transfer", 0
        points = [(float(network.nodes.latitude_deg[node]), float(network.nodes.longitude_deg[node])) for node in ends]
        passes: tuple[str, ...] = (f"{_state(graph, tail)} to {_state(graph, head)}",)
    else:
        mode, gauge = MODES[int(graph.mode[tail])], int(graph.gauge_mm[tail])
        words = [network.links.passage[a] or network.links.name[a] for a in arcs.tolist()]
        passes = tuple(dict.fromkeys(word for word in words if word))
        latitude, longitude = way_on_map(network, arcs, from_base=shaped)
        points = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
    return Leg(
        mode,
        gauge,
        node_name(network, ends[0]),
        node_name(network, ends[1]),
        passes,
        hours,
        usd,
        charge,
        km,
        co2,
        tuple(points),
    )


def _state(graph: StateGraph, vertex: int) -> str:
    gauge = f" {graph.gauge_mm[vertex]} mm" if graph.gauge_mm[vertex] else ""
    return f"{MODES[int(graph.mode[vertex])]}{gauge}"


def node_name(network: Network, node: int) -> str:
    """Return a node's name, or the city within 40 km of it, or its coordinates."""
    nodes = network.nodes
    latitude, longitude = float(nodes.latitude_deg[node]), float(nodes.longitude_deg[node])
    city, km = nearest_city(latitude, longitude)
    name = nodes.name[node]
    if nodes.kind[node] == "port" and name:
        return f"{city.name} ({name})" if km <= _NEAR_KM else name
    if name:
        return name
    return city.name if km <= _NEAR_KM else f"{latitude:.2f}, {longitude:.2f} {nodes.country[node]}".strip()


def _cost(values: ArcValues, by: By, conditions: RouteConditions) -> Float:
    columns = {"hours": values.hours, "usd": values.cost_usd_per_teu + values.charge_usd_per_teu}
    columns["co2"] = values.co2_kg_per_teu
    if by == "generalised":
        cost = generalised_cost(values, conditions.freight, co2_usd_per_tonne=conditions.co2_usd_per_tonne)
    else:
        cost = columns[by]
    wanted = ALL_MONTHS if conditions.month is None else 1 << (conditions.month - 1)
    usable = values.open & ((values.months & np.uint16(wanted)) == wanted)
    return np.where(usable, cost, np.inf)


def _named(network: Network, word: str) -> Bool:
    """Return which links and then transfers a word means, shape (n_links + n_transfers,)."""
    links = network.links.name.mask(word) | network.links.passage.mask(word) | network.links.country.mask(word)
    transfers = network.transfers.name.mask(word) | network.nodes.country.mask(word)[network.transfers.node]
    return np.concatenate([links, transfers])


def _avoided(network: Network, graph: StateGraph, words: Sequence[str]) -> Bool:
    avoided = np.zeros(graph.n_arcs, dtype=np.bool_)
    for word in words:
        vertices = network.nodes.name.mask(word)[graph.node]
        arcs = _named(network, word)
        if not (vertices.any() or arcs.any()):
            raise StudyError([_nothing(word, "avoid")])
        avoided[: len(arcs)] |= arcs
        avoided |= vertices[graph.tail] | vertices[graph.head]
    return avoided


def _waypoint(network: Network, graph: StateGraph, word: str) -> Waypoint:
    """Return what a word asks a route to use.

    A line, crossing or passage is used by going along one of its links: to change gauge at its end, or to call at
    a port of its name, is not enough. A port, yard, node or country is used by passing it.
    """
    links = network.links.name.mask(word) | network.links.passage.mask(word)
    if links.any():
        return Waypoint(np.zeros(0, np.int64), np.flatnonzero(links))
    vertices = np.flatnonzero(network.nodes.name.mask(word)[graph.node])
    arcs = np.flatnonzero(_named(network, word))
    if not len(vertices) and not len(arcs):
        raise StudyError([_nothing(word, "via")])
    return Waypoint(vertices, arcs)


def _nothing(word: str, key: str) -> Problem:
    message = f"'{word}' names no crossing, passage, port, section, node or country of the network."
    return Problem("LB349", message + " Give a name that it holds.", "conditions", 0, key)
