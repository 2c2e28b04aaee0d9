"""Choose the ports of the base network and join them to the sea and to their own country's railways."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.csgraph import dijkstra as plain_dijkstra
from scipy.spatial import cKDTree as PlainTree

from tools import build_network_land as geo
from tools.build_network_rail import Rail, geo_xyz, graph
from tools.build_network_sea import Sea

dijkstra: Any = plain_dijkstra
Tree: Any = PlainTree
REGION = ("KR", "KP", "RU", "JP", "CN", "TW", "HK")
SMALL = ("RUZAR", "RUPKC", "KPRJN", "KPCHO", "KRTGA", "KRSHO", "JPTOY", "CNYNT", "CNQZH", "CNRZH")
"""Ports added by hand that are not large."""
SPUR_KM = 40.0
SPUR_FACTOR = 1.3
APPROACH_FACTOR = 1.05
APPROACH_LIMIT_KM = 400.0


@dataclass(frozen=True, slots=True)
class Port:
    """A port with its place."""

    code: str
    name: str
    country: str
    latitude: float
    longitude: float
    large: bool


def read_index(path: Path) -> list[dict[str, str]]:
    """Read the World Port Index."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def choose(
    index: list[dict[str, str]], listed: list[dict[str, Any]], extra: list[dict[str, str]], land: geo.Land
) -> list[Port]:
    """Choose ports: those added by hand, large ones, those with container berths, all of the region.

    A World Port Index row counts with a UN/LOCODE and harbour size Large or Medium, or container
    facilities; the region's also when Small. Ports that the sea package marks as main join if the index
    gives them a size. Two ports of one country within 8 km are one: the first stays.
    """
    main = {str(item["port"]) for item in listed if item.get("t")}
    found: list[Port] = [
        Port(
            r["port"],
            r["name"],
            r["port"][:2],
            float(r["latitude_deg"]),
            float(r["longitude_deg"]),
            large=r["port"] not in SMALL,
        )
        for r in extra
    ]
    ranked: list[tuple[int, Port]] = []
    for row in index:
        code = row["UN/LOCODE"].replace(" ", "").strip()
        if len(code) != 5:
            continue
        size = row["Harbor Size"].strip()
        container = row["Facilities - Container"] == "Yes" or row["Cranes Container"] == "Yes"
        region = code[:2] in REGION and (size in ("Large", "Medium", "Small"))
        rank = {"Large": 0, "Medium": 1, "Small": 2}.get(size, 3)
        if rank < 2 or container or region or code in main:
            name = row["Main Port Name"].strip()
            ranked.append(
                (rank, Port(code, name, code[:2], float(row["Latitude"]), float(row["Longitude"]), rank == 0))
            )
    for _, port in sorted(ranked, key=lambda item: (item[0], item[1].code)):
        near = [
            p
            for p in found
            if p.code == port.code
            or (
                p.country == port.country
                and geo.haversine_km(p.latitude, p.longitude, port.latitude, port.longitude) < 8.0
            )
        ]
        if not near:
            found.append(port)
    del land
    return found


def one_side(sea: Sea, approaches: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Drop approaches by which a ship could pass a strait or canal through a port.

    Of the approaches of one port only those stay that lie on the same side of every passage near it as the
    shortest one: with the passage shut, the way between their sea nodes is not a far one.
    """
    by_port: dict[int, list[tuple[int, float]]] = {}
    for row, node, km in approaches:
        by_port.setdefault(row, []).append((node, km))
    n = len(sea.latitude)
    for passage in sorted(set(sea.passage.tolist()) - {""}):
        shut = sea.passage == passage
        ends = np.unique(np.concatenate([sea.tail[shut], sea.head[shut]]))
        there = Tree(geo_xyz(sea.latitude[ends], sea.longitude[ends]))
        rows = np.flatnonzero(~shut)
        both = (np.concatenate([sea.tail[rows], sea.head[rows]]), np.concatenate([sea.head[rows], sea.tail[rows]]))
        rest = csr_matrix((np.concatenate([sea.km[rows], sea.km[rows]]), both), shape=(n, n))
        for row, mine in by_port.items():
            nodes = [node for node, _ in mine]
            near = there.query(geo_xyz(sea.latitude[nodes], sea.longitude[nodes]))[0].min() * geo.EARTH_KM < 250.0
            if len(mine) < 2 or not near:
                continue
            first, first_km = mine[0]
            away = dijkstra(rest, indices=first, limit=3000.0)
            by_port[row] = [(node, km) for node, km in mine if away[node] <= 3.0 * (km + first_km) + 60.0]
    return [(row, node, km) for row, mine in by_port.items() for node, km in mine]


@dataclass(frozen=True, slots=True)
class Joints:
    """Edges from ports (row of the port, position in rail or sea, km, gauge)."""

    approaches: list[tuple[int, int, float]]
    spurs: list[tuple[int, int, float, int]]
    lost: list[str]


def join_ports(ports: list[Port], rail: Rail, sea: Sea, land: geo.Land) -> Joints:
    """Find approaches to up to four sea nodes over water and a spur to the own country's rail."""
    tree = Tree(geo_xyz(sea.latitude, sea.longitude))
    approaches, spurs, lost = [], [], []
    _, part = connected_components(graph(rail, ~rail.closed)[0], directed=False)
    size = np.bincount(part, minlength=part.max() + 1)
    gauges: dict[int, set[int]] = {}
    for a, b, g in zip(rail.tail.tolist(), rail.head.tolist(), rail.gauge.tolist(), strict=True):
        gauges.setdefault(a, set()).add(g)
        gauges.setdefault(b, set()).add(g)
    used = np.zeros(len(rail.latitude), bool)
    used[list(gauges)] = True
    for row, port in enumerate(ports):
        near = tree.query(geo_xyz(port.latitude, port.longitude), k=24)[1]
        km = geo.haversine_km(port.latitude, port.longitude, sea.latitude[near], sea.longitude[near])
        lon = sea.longitude[near]
        lon = np.where(lon - port.longitude > 180, lon - 360, np.where(lon - port.longitude < -180, lon + 360, lon))
        over = geo.land_km(
            land, np.full(len(near), port.latitude), np.full(len(near), port.longitude), sea.latitude[near], lon
        )
        cost = km + 6.0 * np.maximum(over - 6.0, 0.0)
        order = np.argsort(cost)
        best = order[0]
        if km[best] > APPROACH_LIMIT_KM:
            lost.append(f"{port.code} {port.name}: {km[best]:.0f} km from the sea graph")
            continue
        chosen = [
            best,
            *[i for i in order[1:] if over[i] <= max(6.0, over[best]) and km[i] <= 2.5 * km[best] + 40.0][:4],
        ]
        approaches += [(row, int(near[i]), max(float(km[i]) * APPROACH_FACTOR, 0.5)) for i in chosen]
        mine = np.flatnonzero((rail.country == port.country) & used)
        if not len(mine):
            continue
        away = geo.haversine_km(port.latitude, port.longitude, rail.latitude[mine], rail.longitude[mine])
        close = np.flatnonzero(away <= SPUR_KM)
        if len(close):
            weight = away[close] + np.where(size[part[mine[close]]] >= 400, 0.0, 15.0)
            node = int(mine[close[np.argmin(weight)]])
            length = max(float(away[close[np.argmin(weight)]]) * SPUR_FACTOR, 1.0)
            spurs += [(row, node, length, gauge) for gauge in sorted(gauges[node])]
    return Joints(one_side(sea, approaches), spurs, lost)
