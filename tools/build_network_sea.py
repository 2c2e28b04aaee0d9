"""Turn the raw sea graph into one without seams: longitudes joined, passages named, land crossings dropped."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree as PlainTree

from tools import build_network_land as geo
from tools import build_network_read as read
from tools.build_network_rail import geo_xyz

Tree: Any = PlainTree
LAND_KM = 25.0
PASSAGES = {
    "suez": "suez",
    "panama": "panama",
    "babalmandab": "bab-el-mandeb",
    "bosporus": "bosporus",
    "dardanelles": "dardanelles",
    "gibraltar": "gibraltar",
    "malacca": "malacca",
    "sunda": "sunda",
    "ormuz": "hormuz",
    "bering": "bering",
    "south_africa": "cape-of-good-hope",
    "chili": "cape-horn",
}
INLAND = (
    (-34.5, -32.5, -60.7, -58.3),
    (-6.2, -5.6, 12.2, 13.6),
    (54.5, 54.8, 19.8, 20.5),
    (45.6, 46.0, -123.0, -122.7),
)
"""Boxes (south, north, west, east) of rivers and lagoons that sea-going container ships use and that 1:50 million
land does not show: Parana, Congo mouth, Kaliningrad, Columbia."""


@dataclass(frozen=True, slots=True)
class Sea:
    """Undirected sea edges; longitudes from -180 to 180; an edge may cross 180 degrees."""

    latitude: read.Floats
    longitude: read.Floats
    tail: read.Ints
    head: read.Ints
    km: read.Floats
    passage: NDArray[np.str_]
    waypoints: tuple[tuple[float, float], ...] = ()


def joined(raw: read.RawSea) -> Sea:
    """Bring longitudes to -180..180 and make nodes at the same place one node."""
    seam = np.array([p in ("segment", "segment2") for p in raw.passage])
    longitude = np.where(raw.longitude > 180, raw.longitude - 360, raw.longitude)
    pairs = Tree(geo_xyz(raw.latitude, longitude)).query_pairs(0.2 / geo.EARTH_KM, output_type="ndarray")
    n = len(longitude)
    same = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    count, node = connected_components(same, directed=False)
    first = np.full(count, -1)
    first[node[::-1]] = np.arange(n)[::-1]
    tail, head = node[raw.tail], node[raw.head]
    keep = ~seam & (tail != head)
    passage = np.array(raw.passage, dtype="<U24")
    return Sea(raw.latitude[first], longitude[first], tail[keep], head[keep], raw.km[keep], passage[keep])


def named(sea: Sea) -> Sea:
    """Give passages their names; part the Northern Sea Route from the Northwest Passage by position."""
    passage = np.array([PASSAGES.get(p, "") for p in sea.passage], dtype="<U24")
    lat = (sea.latitude[sea.tail] + sea.latitude[sea.head]) / 2
    both = np.stack([sea.longitude[sea.tail], sea.longitude[sea.head]])
    east = np.where(both < -170, both + 360, both)
    siberia = (lat > 68.0) & (east.min(0) >= 56.5) & (east.max(0) <= 190) & ~gulf(sea)
    chukchi = (lat > 66.5) & (east.min(0) >= 179) & (east.max(0) <= 190.9)
    passage[siberia | chukchi] = "northern-sea-route"
    america = (lat > 66.0) & (both.min(0) >= -169.2) & (both.max(0) <= -72.0) & (sea.passage == "northwest")
    passage[america] = "northwest-passage"
    alaska = (lat > 69.0) & (both.min(0) >= -181) & (both.max(0) <= -100)
    passage[alaska & (passage == "")] = "northwest-passage"
    return replace(sea, passage=passage)


def gulf(sea: Sea) -> NDArray[np.bool_]:
    """Tell which edges lead up the Ob and the Yenisei, off the through route."""
    south = np.minimum(sea.latitude[sea.tail], sea.latitude[sea.head])
    west = np.minimum(sea.longitude[sea.tail], sea.longitude[sea.head])
    return (south < 73.5) & (west > 71.9) & (west < 90)


def dry(sea: Sea, land: geo.Land) -> tuple[Sea, list[str]]:
    """Drop edges over more than `LAND_KM` of land but for passages and listed inland water."""
    lon1, lon2 = sea.longitude[sea.tail], sea.longitude[sea.head]
    wraps = np.abs(lon1 - lon2) > 180
    lat1, lat2 = sea.latitude[sea.tail], sea.latitude[sea.head]
    over = geo.land_km(land, lat1, lon1, lat2, lon2)
    over[wraps] = 0.0
    allowed = sea.passage != ""
    for south, north, west, east in INLAND:
        allowed |= (lat1 > south) & (lat1 < north) & (lon1 > west) & (lon1 < east)
    gone = (over > LAND_KM) & ~allowed
    told = [
        f"{a:.2f} {b:.2f} to {c:.2f} {d:.2f}: {e:.0f} km of land"
        for a, b, c, d, e in zip(lat1[gone], lon1[gone], lat2[gone], lon2[gone], over[gone], strict=True)
    ]
    names = ("tail", "head", "km", "passage")
    kept: Any = {name: getattr(sea, name)[~gone] for name in names}
    return replace(sea, **kept), told


def ocean(sea: Sea) -> Sea:
    """Keep the nodes from which the world's ocean can be reached."""
    n = len(sea.latitude)
    matrix = csr_matrix((np.ones(len(sea.tail)), (sea.tail, sea.head)), shape=(n, n))
    _, part = connected_components(matrix, directed=False)
    main = part == np.bincount(part).argmax()
    new = np.cumsum(main) - 1
    keep = main[sea.tail]
    return Sea(
        sea.latitude[main],
        sea.longitude[main],
        new[sea.tail[keep]],
        new[sea.head[keep]],
        sea.km[keep],
        sea.passage[keep],
    )
