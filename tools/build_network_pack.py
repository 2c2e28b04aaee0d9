"""Write the base network as two compact files: columns, and shapes of the lines."""

# ruff: noqa: ANN401 (numpy and scipy calls take and give too many kinds of values to name)

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tools.build_network_ports import Port
from tools.build_network_simplify import Edge

SMALL_KM = 30.0
"""Rail components shorter than this, without a port, are left out."""


def write(folder: Path, edges: list[Edge], columns: Any, ports: list[Port], speeds: dict[str, float]) -> list[str]:
    """Write ``base_network.npz`` and ``base_shapes.npz``; return lines for the log."""
    latitude, longitude, country, kind, name = (np.array(values) for values in columns)
    edges = without_small(edges, kind)
    used = np.zeros(len(latitude), bool)
    for edge in edges:
        used[[edge.tail, edge.head]] = True
    rows = np.flatnonzero(used)
    cell = np.floor((latitude[rows] + 90) / 2).astype(np.int64) * 180 + np.floor((longitude[rows] + 180) / 2).astype(
        np.int64
    )
    rows = rows[np.lexsort((longitude[rows], latitude[rows], cell))]
    new = np.full(len(latitude), -1)
    new[rows] = np.arange(len(rows))
    edges = sorted(edges, key=lambda e: (min(new[e.tail], new[e.head]), max(new[e.tail], new[e.head]), e.key))
    words: dict[str, list[str]] = {
        "country": [],
        "kind": [],
        "passage": [],
        "name": [],
        "node_kind": ["rail", "sea", "port"],
    }
    out: dict[str, Any] = {
        "node_latitude": np.round(latitude[rows] * 1e4).astype(np.int32),
        "node_longitude": np.round(longitude[rows] * 1e4).astype(np.int32),
        "node_kind": coded(kind[rows].tolist(), words, "node_kind", np.uint8),
        "node_country": coded(
            country[rows].tolist(), words, "country", np.uint8 if len(set(country)) < 250 else np.uint16
        ),
        "port_node": np.flatnonzero(name[rows] != "").astype(np.int32),
    }
    out["port_code"] = name[rows][out["port_node"]].astype("<U5")
    known = {port.code: port for port in ports}
    out["port_name"] = np.array([known[code].name for code in out["port_code"].tolist()])
    out["port_large"] = np.array([known[code].large for code in out["port_code"].tolist()])
    out["tail"] = new[[e.tail for e in edges]].astype(np.int32)
    out["head"] = new[[e.head for e in edges]].astype(np.int32)
    out["metres"] = np.maximum(np.round([e.km * 1000 for e in edges]), 1).astype(np.int32)
    out["mode"] = np.array([("road", "rail", "sea").index(e.key[0]) for e in edges], np.int8)
    out["gauge"] = np.array([e.key[1] for e in edges], np.int16)
    out["kind"] = coded([e.key[2] for e in edges], words, "kind", np.uint8)
    out["country"] = coded([e.key[3] for e in edges], words, "country", out["node_country"].dtype)
    out["passage"] = coded([e.key[4] for e in edges], words, "passage", np.uint8)
    out["name"] = coded([e.key[5] for e in edges], words, "name", np.uint16)
    out["own_speed_name"] = np.array(list(speeds))
    out["own_speed_kmh"] = np.array(list(speeds.values()))
    out["closed"] = np.flatnonzero([e.key[6] for e in edges]).astype(np.int32)
    node, mm_a, mm_b, at = gauge_breaks(out, words)
    out |= {"break_node": node, "break_from": mm_a, "break_to": mm_b, "break_name": coded(at, words, "name", np.uint16)}
    for key, values in words.items():
        out[f"words_{key}"] = np.array(values)
    folder.mkdir(exist_ok=True)
    np.savez_compressed(folder / "base_network.npz", **out)
    write_shapes(folder, edges, new, latitude, longitude)
    sizes = {path.name: path.stat().st_size for path in folder.glob("base_*.npz")}
    return [
        f"{len(rows)} nodes, {len(edges)} edges, {len(node)} gauge breaks, {len(out['port_node'])} ports, files {sizes}"
    ]


def coded(values: list[str], words: dict[str, list[str]], key: str, dtype: Any) -> Any:
    """Code words into `words[key]`, which grows."""
    known = {word: i for i, word in enumerate(words[key])}
    if key != "node_kind":
        known.setdefault("", len(known))
    codes = [known.setdefault(str(value), len(known)) for value in values]
    words[key] = list(known)
    if len(known) > np.iinfo(dtype).max:
        raise ValueError(f"too many words in {key}: {len(known)}")
    return np.array(codes, dtype)


def without_small(edges: list[Edge], kind: Any) -> list[Edge]:
    """Leave out rail components shorter than `SMALL_KM` that no port joins."""
    n = len(kind)
    ends = (np.array([e.tail for e in edges]), np.array([e.head for e in edges]))
    km = np.array([e.km for e in edges])
    count, part = connected_components(coo_matrix((np.ones(len(edges)), ends), shape=(n, n)), directed=False)
    length = np.bincount(part[ends[0]], weights=km, minlength=count)
    return [edge for edge, big in zip(edges, length[part[ends[0]]] >= SMALL_KM, strict=True) if big]


def gauge_breaks(out: dict[str, Any], words: dict[str, list[str]]) -> Any:
    """Return node, gauges and name of each place where two gauges meet.

    A yard stands at every node with rails of two gauges, but for the nodes inside a dual-gauge stretch,
    where both gauges lead to the same neighbours.
    """
    rail = out["mode"] == 1
    at: dict[int, dict[int, set[tuple[int, str]]]] = {}
    names = words["name"]
    for tail, head, mm, code in zip(*(out[c][rail].tolist() for c in ("tail", "head", "gauge", "name")), strict=True):
        at.setdefault(tail, {}).setdefault(mm, set()).add((head, names[code]))
        at.setdefault(head, {}).setdefault(mm, set()).add((tail, names[code]))
    rows: list[tuple[int, int, int, str]] = []
    for node, gauges in sorted(at.items()):
        label = next((n for group in gauges.values() for _, n in sorted(group) if n), "")
        same = len({frozenset(other for other, _ in group) for group in gauges.values()}) == 1
        if not same:
            rows += [(node, a, b, label) for a in sorted(gauges) for b in sorted(gauges) if a != b]
    columns = list(zip(*rows, strict=True))
    kinds = (np.int32, np.int16, np.int16)
    return (*(np.array(c, k) for c, k in zip(columns[:3], kinds, strict=True)), list(columns[3]))


def write_shapes(folder: Path, edges: list[Edge], new: Any, latitude: Any, longitude: Any) -> None:
    """Write the points between the ends of each line, thinned to 0.5 km, as steps of 0.001 degrees."""
    counts, lat, lon = [], [], []
    x = np.round(np.asarray(longitude) * 1000).astype(np.int64)
    y = np.round(np.asarray(latitude) * 1000).astype(np.int64)
    for edge in edges:
        points = thin(edge.shape, edge.tail, edge.head, x, y)
        counts.append(len(points))
        lat += y[points].tolist()
        lon += x[points].tolist()
    del new
    np.savez_compressed(
        folder / "base_shapes.npz",
        count=np.array(counts, np.uint16),
        latitude_step=np.diff(np.array(lat), prepend=0).astype(np.int32),
        longitude_step=np.diff(np.array(lon), prepend=0).astype(np.int32),
    )


def thin(shape: list[int], tail: int, head: int, x: Any, y: Any) -> list[int]:
    """Keep the points of Douglas and Peucker (1973) at 0.005 degrees."""
    if not shape:
        return []
    nodes = [tail, *shape, head]
    keep = {0, len(nodes) - 1}
    stack = [(0, len(nodes) - 1)]
    while stack:
        a, b = stack.pop()
        if b - a < 2:
            continue
        rows = np.array(nodes[a : b + 1])
        px, py = x[rows].astype(float), y[rows].astype(float)
        dx, dy = px[-1] - px[0], py[-1] - py[0]
        size = max(np.hypot(dx, dy), 1e-9)
        off = np.abs(dx * (py - py[0]) - dy * (px - px[0])) / size if size > 1 else np.hypot(px - px[0], py - py[0])
        far = int(np.argmax(off))
        if off[far] > 5:
            keep.add(a + far)
            stack += [(a, a + far), (a + far, b)]
    return [nodes[i] for i in sorted(keep)][1:-1]
