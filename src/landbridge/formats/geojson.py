"""Write networks and routes as GeoJSON (RFC 7946), for QGIS and web maps, without further libraries."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.core.arrays import Float
from landbridge.formats.gmns import FilePath
from landbridge.network.network import MODES, Network
from landbridge.network.shapes import path_of
from landbridge.routing.routes import Route


def write_geojson(network: Network, path: FilePath, *, from_base: bool = True) -> None:
    """Write links as lines and named nodes as points; lines that cross the 180th meridian are cut there.

    Of a two-way line whose directions are alike only the first is written, with ``both_ways`` true. `from_base`
    draws the base network's lines along their points, False straight.
    """
    with Path(path).open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        first = True
        for feature in (*_points(network), *_lines(network, from_base=from_base)):
            file.write(("" if first else ",\n") + json.dumps(feature, ensure_ascii=False, allow_nan=False))
            first = False
        file.write("\n]}\n")


def write_routes_geojson(routes: Sequence[Route], path: FilePath) -> None:
    """Write the legs of routes as lines, with the number of their route from 1."""
    text = json.dumps(routes_features(routes), ensure_ascii=False, allow_nan=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def routes_features(routes: Sequence[Route]) -> dict[str, Any]:
    """Return routes as a GeoJSON feature collection, one feature a leg that moves."""
    features = []
    for number, one in enumerate(routes, start=1):
        for leg in one.legs:
            if len(leg.points) < 2:
                continue
            latitude, longitude = np.array(leg.points).T
            about = {
                "route": number,
                "mode": leg.mode,
                "from": leg.from_name,
                "to": leg.to_name,
                "hours": leg.hours,
                "usd_per_teu": leg.usd_per_teu,
                "km": leg.km,
            }
            features.append(_feature(line_geometry(latitude, longitude), about))
    return {"type": "FeatureCollection", "features": features}


def line_geometry(latitude: Float, longitude: Float) -> dict[str, Any]:
    """Return a line; where it crosses the 180th meridian, its two or more parts (RFC 7946, section 3.1.9)."""
    parts = [
        [[round(float(lon), 6), round(float(lat), 6)] for lat, lon in part] for part in parts_of(latitude, longitude)
    ]
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def parts_of(latitude: Float, longitude: Float) -> list[list[tuple[float, float]]]:
    """Return the points of a line, cut wherever it crosses the 180th meridian."""
    points = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
    parts = [[points[0]]]
    for (lat_1, lon_1), (lat_2, lon_2) in pairwise(points):
        if abs(lon_2 - lon_1) > 180.0:
            side = 180.0 if lon_1 > 0.0 else -180.0
            span = lon_2 + 2.0 * side - lon_1
            share = (side - lon_1) / span if span else 0.0
            middle = lat_1 + share * (lat_2 - lat_1)
            parts[-1].append((middle, side))
            parts.append([(middle, -side)])
        parts[-1].append((lat_2, lon_2))
    return parts


def link_attributes(network: Network, row: int) -> dict[str, Any]:
    """Return what a map shows of a link; what has no finite value is None."""
    links = network.links
    numbers = ("km", "time_hours", "cost_usd_per_teu", "charge_usd_per_teu", "capacity_teu_per_year")
    found: dict[str, Any] = {"mode": MODES[int(links.mode[row])], "gauge_mm": int(links.gauge_mm[row])}
    found |= {name: _finite(getattr(links, name)[row]) for name in numbers}
    found |= {name: getattr(links, name)[row] for name in ("kind", "country", "passage", "name")}
    return found | {"open": bool(links.open[row])}


def drawn_links(network: Network) -> list[tuple[int, bool]]:
    """Return the rows to draw and whether each stands for both ways."""
    links = network.links
    seen: dict[tuple[int, ...], int] = {}
    rows: list[tuple[int, bool]] = []
    alike = np.stack([links.km, links.time_hours, links.cost_usd_per_teu, links.open], axis=1)
    for row, (edge, tail, head) in enumerate(
        zip(links.edge.tolist(), links.tail.tolist(), links.head.tolist(), strict=True)
    ):
        other = seen.get((edge, head, tail))
        if other is not None and not rows[other][1] and (alike[rows[other][0]] == alike[row]).all():
            rows[other] = (rows[other][0], True)
        else:
            seen[edge, tail, head] = len(rows)
            rows.append((row, False))
    return rows


def _lines(network: Network, *, from_base: bool) -> Iterator[dict[str, Any]]:
    for row, both in drawn_links(network):
        latitude, longitude = path_of(network, row, from_base=from_base)
        if np.isfinite(latitude).all() and np.isfinite(longitude).all():
            about = {**link_attributes(network, row), "both_ways": both}
            yield _feature(line_geometry(latitude, longitude), about)


def _points(network: Network) -> Iterator[dict[str, Any]]:
    nodes = network.nodes
    for row in np.flatnonzero((nodes.name.codes != 0) & np.isfinite(nodes.latitude_deg)).tolist():
        where = [round(float(nodes.longitude_deg[row]), 6), round(float(nodes.latitude_deg[row]), 6)]
        about = {"name": nodes.name[row], "kind": nodes.kind[row], "country": nodes.country[row]}
        yield _feature({"type": "Point", "coordinates": where}, about)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _finite(value: Any) -> float | None:  # noqa: ANN401 - a numpy number
    return float(value) if np.isfinite(value) else None
