"""Zones on the network: a node for each, with roads to railways and ports near it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.coded import Coded
from landbridge.core.problems import Problem, refuse
from landbridge.network.base import main_ports
from landbridge.network.building import NewLine, NewTransfer, RailStops, rail_stops, with_lines
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import RAIL, ROAD, Network, Nodes


@dataclass(frozen=True, slots=True)
class Access:
    """How a zone is joined to the network.

    Attributes
    ----------
    detour_factor
        Road length over great-circle distance.
    rail_km
        Farthest rail stop of the own country, great circle.
    port_km
        Farthest port of the own country.
    ports, large_ports
        How many of the nearest ports, and how many of the nearest large ones besides.
    abroad_km
        A zone without rail or port at home is joined to the nearest stop and ports of any country this far.
    road_km
        Zones of one country on one railway are joined by road if at most this far apart; 0 for none.
    """

    detour_factor: float = 1.3
    rail_km: float = 300.0
    port_km: float = 600.0
    ports: int = 2
    large_ports: int = 3
    abroad_km: float = 1500.0
    road_km: float = 0.0


DEFAULT_ACCESS: Final = Access()
RAILWAY_KM: Final = 150.0
"""A railway shorter than this is not worth a lorry's way."""
OTHER_RAILWAY_FACTOR: Final = 1.5
OTHER_RAILWAY_KM: Final = 50.0
"""A second railway (or gauge) is joined if not farther than factor times the nearest plus this many km."""


@dataclass(frozen=True, slots=True)
class Zoned:
    """A network with zones, and the node of each zone, shape (n_zones,)."""

    network: Network
    nodes: Int


@dataclass(frozen=True, slots=True)
class _Terminals:
    """Rail stops and ports with their places."""

    stops: RailStops
    stop_country: Coded
    ports: Int
    port_country: Coded
    large: Bool


def _terminals(network: Network) -> _Terminals:
    """Collect rail stops on railways worth the way, and ports where ships call (not those with closed handling)."""
    stops = rail_stops(network)
    big = stops.component_km >= RAILWAY_KM
    stops = RailStops(stops.node[big], stops.gauge_mm[big], stops.component[big], stops.component_km[big])
    nodes = network.nodes
    handling = network.transfers.kind.mask("port")
    idle = np.setdiff1d(network.transfers.node[handling], network.transfers.node[handling & network.transfers.open])
    ports = np.setdiff1d(np.flatnonzero(nodes.kind.mask("port")), idle)
    codes = main_ports()
    large = np.array([nodes.name[int(p)] in codes for p in ports], dtype=np.bool_)
    return _Terminals(stops, nodes.country.take(stops.node), ports, nodes.country.take(ports), large)


def _rail_of(away: Float, stops: RailStops, mine: Bool, limit_km: float) -> list[int]:
    """Return rows of stops to join: the nearest, and the nearest of each further railway or gauge hardly farther."""
    rows = np.flatnonzero(mine & (away <= limit_km))
    if not len(rows):
        return []
    rows = rows[np.argsort(away[rows], kind="stable")]
    reach = OTHER_RAILWAY_FACTOR * away[rows[0]] + OTHER_RAILWAY_KM
    chosen: dict[tuple[int, int], int] = {}
    for row in rows[away[rows] <= reach].tolist():
        chosen.setdefault((int(stops.component[row]), int(stops.gauge_mm[row])), row)
    return list(chosen.values())


def _ports_of(away: Float, large: Bool, mine: Bool, limit_km: float, access: Access) -> list[int]:
    """Return rows of ports to join: the nearest ones and the nearest large ones."""
    rows = np.flatnonzero(mine & (away <= limit_km))
    rows = rows[np.argsort(away[rows], kind="stable")]
    return sorted({*rows[: access.ports].tolist(), *rows[large[rows]][: access.large_ports].tolist()})


def add_zones(
    network: Network,
    ids: Sequence[str],
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    country: Sequence[str],
    *,
    access: Access = DEFAULT_ACCESS,
) -> Zoned:
    """Add one node a zone and two-way roads to the nearest rail stops and ports.

    Roads lead to the own country's rail (one stop for each railway and gauge that is near) and ports; a zone
    without any of them at home to those of any country within ``access.abroad_km``. Transfers between road
    and rail are added at the stops; ports have theirs. The new links have no prices: call `price_network`.

    Parameters
    ----------
    network
        Network without these zones.
    ids
        Names of the zones; the nodes are called so. Shape (n_zones,).
    latitude_deg, longitude_deg
        Places, shape (n_zones,).
    country
        ISO 3166-1 alpha-2 codes, shape (n_zones,).
    access
        How far roads reach and how much longer than the crow flies they are.

    Raises
    ------
    StudyError
        Naming every zone from which nothing is in reach.
    """
    latitude, longitude = np.asarray(latitude_deg, np.float64), np.asarray(longitude_deg, np.float64)
    first = len(network.nodes)
    zones = Nodes(latitude, longitude, Coded.of(country), Coded.of(["zone"] * len(ids)), Coded.of(ids))
    nodes = network.nodes.followed_by(zones)
    at = _terminals(network)
    lines: list[NewLine] = []
    stops: dict[tuple[int, int], str] = {}
    railway: list[frozenset[int]] = []
    problems: list[Problem] = []
    for i, zone in enumerate(ids):
        place = (latitude[i], longitude[i])
        to_rail = great_circle_km(*place, nodes.latitude_deg[at.stops.node], nodes.longitude_deg[at.stops.node])
        to_port = great_circle_km(*place, nodes.latitude_deg[at.ports], nodes.longitude_deg[at.ports])
        home = at.stop_country.mask(country[i]), at.port_country.mask(country[i])
        rails = _rail_of(to_rail, at.stops, home[0], access.rail_km)
        ports = _ports_of(to_port, at.large, home[1], access.port_km, access)
        if not rails and not ports:
            rails = _rail_of(to_rail, at.stops, to_rail >= 0, access.abroad_km)[:1]
            ports = _ports_of(to_port, at.large, to_port >= 0, access.abroad_km, access)
        if not rails and not ports:
            reach = f"no railway and no port within {access.abroad_km:.0f} km"
            text = f"zone {zone!r} reaches {reach}. Correct its place or country."
            problems.append(Problem("LB310", text, file="tables/zones.csv", row=i + 2, column="zone"))
        ends = [(int(at.stops.node[r]), float(to_rail[r])) for r in rails]
        ends += [(int(at.ports[p]), float(to_port[p])) for p in ports]
        lines += [_road(first + i, node, km, country[i], access) for node, km in dict(sorted(ends)).items()]
        for r in rails:
            stops.setdefault((int(at.stops.node[r]), int(at.stops.gauge_mm[r])), zone)
        railway.append(frozenset(at.stops.component[rails].tolist()))
    refuse(problems)
    lines += _between(latitude, longitude, country, railway, first, access)
    terminals = [NewTransfer(node, ROAD, 0, RAIL, mm, "terminal", zone) for (node, mm), zone in sorted(stops.items())]
    grown = with_lines(Network(nodes, network.links, network.transfers), lines, _new_terminals(network, terminals))
    return Zoned(grown, np.arange(first, first + len(ids)))


def _road(zone: int, node: int, km: float, country: str, access: Access) -> NewLine:
    """Return the road between a zone and a terminal."""
    return NewLine(zone, node, ROAD, 0, max(km * access.detour_factor, 1.0), "access", country, country)


def _between(
    latitude: Float,
    longitude: Float,
    country: Sequence[str],
    railway: list[frozenset[int]],
    first: int,
    access: Access,
) -> list[NewLine]:
    """Return roads between zones of one country that one railway joins (so that no sea lies between them)."""
    lines = []
    for i in range(len(latitude) if access.road_km > 0 else 0):
        away = great_circle_km(latitude[i], longitude[i], latitude[i + 1 :], longitude[i + 1 :])
        lines += [
            _road(first + i, first + j, float(away[j - i - 1]), country[i], access)
            for j in (np.flatnonzero(away <= access.road_km) + i + 1).tolist()
            if country[i] == country[j] and railway[i] & railway[j]
        ]
    return lines


def _new_terminals(network: Network, wanted: list[NewTransfer]) -> list[NewTransfer]:
    """Leave out terminals that the network has already, from zones added before."""
    old = network.transfers
    rows = np.flatnonzero(old.kind.mask("terminal") & (old.from_mode == ROAD))
    known = set(zip(old.node[rows].tolist(), old.to_gauge_mm[rows].tolist(), strict=True))
    return [t for t in wanted if (t.node, t.to_gauge_mm) not in known]
