"""Turn raw rail edges into freight lines: countries, gaps, crossings, high-speed lines, published lengths."""

# ruff: noqa: ANN401 (numpy and scipy calls take and give too many kinds of values to name)

import csv
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.csgraph import dijkstra as plain_dijkstra
from scipy.spatial import cKDTree as PlainTree

from tools import build_network_land as geo
from tools import build_network_read as read

Texts = NDArray[np.str_]
dijkstra: Any = plain_dijkstra
Tree: Any = PlainTree
GAP_KM = 3.0
"""Dead ends at most this far from another component are joined to it."""
BREAK_KM = 6.0
DETOUR_KM = 350.0
UNBRIDGED = ("JP", "KP", "KR", "MN")
"""Countries whose breaks are closed by the list of connectors alone."""
CROSSING_KM = 12.0
"""An edge cut by a border belongs to a listed crossing if both ends are at most this far from its ends."""


@dataclass(frozen=True, slots=True)
class Rail:
    """Undirected rail edges with what a measure needs to know of them."""

    latitude: read.Floats
    longitude: read.Floats
    country: Texts
    tail: read.Ints
    head: read.Ints
    km: read.Floats
    kind: Texts
    name: Texts
    gauge: read.Ints
    closed: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    """Length overwritten by a published one."""

    def take(self, rows: Any) -> "Rail":
        """Return the same nodes with some of the edges."""
        names = ("tail", "head", "km", "kind", "name", "gauge", "closed", "fixed")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def plus(self, tail: list[int], head: list[int], km: list[float], **same: Any) -> "Rail":
        """Return the rail with further edges."""
        n = len(tail)
        fill: dict[str, Any] = {"kind": "line", "name": "", "gauge": 0, "closed": False, "fixed": False} | same
        columns = {"tail": tail, "head": head, "km": km} | {k: np.broadcast_to(v, n) for k, v in fill.items()}
        return replace(self, **{k: np.concatenate([getattr(self, k), v]) for k, v in columns.items()})


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a CSV as dictionaries."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def graph(rail: Rail, keep: NDArray[np.bool_] | None = None) -> tuple[csr_matrix, read.Ints]:
    """Return the symmetric matrix of lengths and the edge of each entry (shortest of parallel ones)."""
    rows = np.flatnonzero(keep if keep is not None else np.ones(len(rail.tail), bool))
    low, high = np.minimum(rail.tail[rows], rail.head[rows]), np.maximum(rail.tail[rows], rail.head[rows])
    order = np.lexsort((rail.km[rows], high, low))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    pick = rows[order[first]]
    n = len(rail.latitude)
    length = np.maximum(rail.km[pick], 1e-6)
    ends = (np.concatenate([rail.tail[pick], rail.head[pick]]), np.concatenate([rail.head[pick], rail.tail[pick]]))
    return csr_matrix((np.concatenate([length, length]), ends), shape=(n, n)), pick


def start(raw: read.RawRail, land: geo.Land, crossings: list[dict[str, str]]) -> Rail:
    """Label nodes with countries: near a listed crossing by the nearer end, elsewhere by smoothed polygons."""
    country = geo.label(land, raw.latitude, raw.longitude)
    blank = np.full(len(raw.tail), "", dtype="<U40")
    rail = Rail(
        raw.latitude,
        raw.longitude,
        country,
        raw.tail,
        raw.head,
        raw.km,
        np.full(len(raw.tail), "line", "<U10"),
        blank,
        np.zeros(len(raw.tail), np.int64),
        np.zeros(len(raw.tail), bool),
        np.zeros(len(raw.tail), bool),
    )
    at = {(round(a, 3), round(b, 3)): i for i, (a, b) in enumerate(zip(raw.latitude, raw.longitude, strict=True))}
    ends = [[at.get((float(r[f"latitude_{s}_deg"]), float(r[f"longitude_{s}_deg"]))) for s in "ab"] for r in crossings]
    listed = {tuple(sorted(pair)) for pair in ends if None not in pair}  # type: ignore[type-var]
    cut = np.array(
        [(min(a, b), max(a, b)) in listed for a, b in zip(raw.tail.tolist(), raw.head.tolist(), strict=True)]
    )
    matrix, _ = graph(rail, ~cut)
    missing = [r["crossing"] for r, pair in zip(crossings, ends, strict=True) if None in pair]
    if missing:
        raise ValueError(f"listed crossings without their nodes: {missing}")
    held = np.zeros(len(country), bool)
    for row, pair in zip(crossings, ends, strict=True):
        away = dijkstra(matrix, indices=pair, limit=40.0)
        mine = sides(row, country, away)
        if away[0, pair[1]] <= 40.0:
            continue  # Parallel tracks cross here too: the polygons tell the sides apart.
        near = (away.min(axis=0) <= 20.0) & np.isin(country, mine)
        country[near] = np.where(away[0] <= away[1], *mine)[near]
        held |= near
    smoothed = geo.smooth(country, raw.tail, raw.head, raw.km, 25.0)
    return replace(rail, country=np.where(held, country, smoothed))


def sides(row: dict[str, str], country: Texts, away: read.Floats) -> tuple[str, str]:
    """Return the countries of the two ends of a listed crossing: each the one that most nodes on its side have."""
    one, two = row["country_a"], row["country_b"]
    side = away[0] <= away[1]
    reached = np.isfinite(away.min(axis=0))
    first = (country[side & reached] == one).sum() - (country[side & reached] == two).sum()
    second = (country[~side & reached] == one).sum() - (country[~side & reached] == two).sum()
    return (one, two) if first >= second else (two, one)


def connect(rail: Rail, connectors: list[dict[str, str]]) -> Rail:
    """Add the gaps closed by hand; switches come closed."""
    for row in connectors:
        nodes = []
        for side in "ab":
            mine = np.flatnonzero(rail.country == row[f"country_{side}"])
            away = geo.haversine_km(
                float(row[f"latitude_{side}_deg"]),
                float(row[f"longitude_{side}_deg"]),
                rail.latitude[mine],
                rail.longitude[mine],
            )
            nodes.append(int(mine[np.argmin(away)]))
        cross = row["kind"] == "crossing"
        rail = rail.plus(
            nodes[:1],
            nodes[1:],
            [float(row["length_km"])],
            kind=row["kind"],
            name=row["connector"] if cross else "",
            closed=row["open"] == "no",
            fixed=not cross,
        )
    return rail


def allowed_pair(a: str, b: str, listed_only: set[frozenset[str]]) -> bool:
    """Tell whether a gap may be joined: never across a border whose crossings are listed."""
    return frozenset((a, b)) not in listed_only


def join(rail: Rail, listed_only: set[frozenset[str]]) -> Rail:
    """Join each dead end to the nearest other component at most `GAP_KM` away, nearest pairs first."""
    n = len(rail.latitude)
    matrix, _ = graph(rail, ~rail.closed)
    count, part = connected_components(matrix, directed=False)
    degree = np.diff(matrix.indptr)
    xyz = geo_xyz(rail.latitude, rail.longitude)
    tree = Tree(xyz)
    candidates: list[tuple[float, int, int]] = []
    for node in np.flatnonzero(degree == 1).tolist():
        for other in tree.query_ball_point(xyz[node], GAP_KM / geo.EARTH_KM):
            if part[other] != part[node] and allowed_pair(rail.country[node], rail.country[other], listed_only):
                km = float(
                    geo.haversine_km(
                        rail.latitude[node], rail.longitude[node], rail.latitude[other], rail.longitude[other]
                    )
                )
                candidates.append((km, node, other))
    parent = list(range(count))

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    tails, heads, lengths = [], [], []
    for km, a, b in sorted(candidates):
        ra, rb = root(int(part[a])), root(int(part[b]))
        if ra != rb:
            parent[ra] = rb
            tails.append(a)
            heads.append(b)
            lengths.append(max(km * 1.05, 0.01))
    del n
    return rail.plus(tails, heads, lengths)


def bridge(rail: Rail) -> Rail:
    """Join dead ends of one country that lie close together and far apart by rail: breaks inside a component.

    Two dead ends at most `BREAK_KM` apart, or a dead end and any node at most `GAP_KM` away, are joined where
    the way by rail is longer than `DETOUR_KM`.
    """
    matrix, _ = graph(rail, ~rail.closed)
    degree = np.diff(matrix.indptr)
    xyz = geo_xyz(rail.latitude, rail.longitude)
    tree = Tree(xyz)
    tails: list[int] = []
    heads: list[int] = []
    lengths: list[float] = []
    done: set[int] = set()
    for node in np.flatnonzero(degree == 1).tolist():
        if node in done or rail.country[node] in UNBRIDGED:
            continue
        near = [
            (float(np.linalg.norm(xyz[node] - xyz[other])) * geo.EARTH_KM, other)
            for other in tree.query_ball_point(xyz[node], BREAK_KM / geo.EARTH_KM)
            if other != node and rail.country[other] == rail.country[node] and degree[other] > 0
        ]
        near = sorted((km, other) for km, other in near if km <= GAP_KM or degree[other] == 1)
        if not near:
            continue
        away = dijkstra(matrix, indices=node, limit=DETOUR_KM)
        reach = [(km, other) for km, other in near if not np.isfinite(away[other])]
        if reach:
            km, other = reach[0]
            tails.append(node)
            heads.append(other)
            lengths.append(max(km * 1.05, 0.01))
            done |= {node, other}
    return rail.plus(tails, heads, lengths)


def geo_xyz(latitude: Any, longitude: Any) -> read.Floats:
    """Return points on the unit sphere, shape (n, 3)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)


def cross(rail: Rail, crossings: list[dict[str, str]], listed_only: set[frozenset[str]]) -> Rail:
    """Name edges cut by a border; drop those across a listed border that belong to no listed crossing."""
    a, b = rail.country[rail.tail], rail.country[rail.head]
    cut = np.flatnonzero((a != b) & (rail.name == ""))
    keep, kind, name = np.ones(len(rail.tail), bool), rail.kind.copy(), rail.name.copy()
    groups: dict[frozenset[str], list[int]] = {}
    for edge in cut.tolist():
        pair = frozenset((str(a[edge]), str(b[edge])))
        kind[edge] = "crossing"
        for row in crossings:
            if {row["country_a"], row["country_b"]} == pair and near_listed(rail, edge, row):
                name[edge] = row["crossing"]
        if not name[edge] and pair in listed_only:
            keep[edge] = False
        elif not name[edge]:
            groups.setdefault(pair, []).append(edge)
    for pair, edges in sorted(groups.items(), key=lambda item: sorted(item[0])):
        label = "-".join(sorted(pair))
        for number, cluster in enumerate(clusters(rail, edges), start=1):
            for edge in cluster:
                name[edge] = f"{label} {number}"
    return replace(rail, kind=kind, name=name).take(keep)


def near_listed(rail: Rail, edge: int, row: dict[str, str]) -> bool:
    """Tell whether both ends of an edge lie near the ends of a listed crossing."""
    place = [(float(row[f"latitude_{s}_deg"]), float(row[f"longitude_{s}_deg"])) for s in "ab"]
    return all(
        min(float(geo.haversine_km(rail.latitude[n], rail.longitude[n], *p)) for p in place) <= CROSSING_KM
        for n in (rail.tail[edge], rail.head[edge])
    )


def clusters(rail: Rail, edges: list[int]) -> list[list[int]]:
    """Group crossing edges whose middles lie within 8 km, from north to south."""
    lat = (rail.latitude[rail.tail[edges]] + rail.latitude[rail.head[edges]]) / 2
    lon = (rail.longitude[rail.tail[edges]] + rail.longitude[rail.head[edges]]) / 2
    apart = geo.haversine_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    count, group = connected_components(csr_matrix(apart <= 8.0), directed=False)
    order = sorted(range(count), key=lambda g: -lat[group == g].mean())
    return [[edges[i] for i in np.flatnonzero(group == g)] for g in order]


def nearest(rail: Rail, latitude: float, longitude: float, countries: set[str], part: Any = None) -> int:
    """Return the nearest node of the given countries, of the largest component there if `part` is given."""
    mine = np.flatnonzero(np.isin(rail.country, list(countries)))
    if part is not None:
        big = np.bincount(part[mine]).argmax()
        mine = mine[part[mine] == big]
    away = geo.haversine_km(latitude, longitude, rail.latitude[mine], rail.longitude[mine])
    return int(mine[np.argmin(away)])


def walk(matrix: csr_matrix, source: int, target: int) -> tuple[float, list[int]]:
    """Return the length of the shortest way and its nodes; inf and no nodes where there is none."""
    away, before = dijkstra(matrix, indices=source, return_predecessors=True)
    if not np.isfinite(away[target]):
        return float("inf"), []
    nodes = [target]
    while nodes[-1] != source:
        nodes.append(int(before[nodes[-1]]))
    return float(away[target]), nodes[::-1]


def waypoints(text: str) -> list[tuple[float, float]]:
    """Read ``lat lon; lat lon; ...``."""
    return [tuple(map(float, point.split())) for point in text.split(";")]  # type: ignore[misc]


def inside(rail: Rail, countries: set[str]) -> NDArray[np.bool_]:
    """Return which edges run inside the countries, switches left out."""
    names = list(countries)
    return np.isin(rail.country[rail.tail], names) & np.isin(rail.country[rail.head], names) & ~rail.closed


def cities_stay_near(
    rail: Rail, keep: NDArray[np.bool_], left: NDArray[np.bool_], towns: list[int], span: float
) -> bool:
    """Tell whether no two towns get much farther apart when only the edges `left` remain of those in `keep`.

    Much: more than 1.3 times the way before and more than 1.45 times the great circle.
    """
    if len(towns) < 2:
        return True
    nodes = np.array(towns)
    limit = 3.0 * span + 300.0
    before = dijkstra(graph(rail, keep)[0], indices=nodes, limit=limit)[:, nodes]
    after = dijkstra(graph(rail, left)[0], indices=nodes, limit=limit)[:, nodes]
    lat, lon = rail.latitude[nodes], rail.longitude[nodes]
    crow = geo.haversine_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    bad = np.isfinite(before) & (after > 1.3 * before + 5.0) & (after > 1.45 * crow + 10.0)
    return not bool(bad.any())


def drop_high_speed(rail: Rail, lines: list[dict[str, str]], cities: list[dict[str, Any]]) -> tuple[Rail, list[str]]:
    """Take the listed high-speed lines out between their stations.

    Each stretch is the shortest way between two stations of the line, but for the last kilometres at both.
    It goes only if the ends of the whole line then stay within 1.5 % above their published ordinary length,
    and the cities along it near each other: so neither a wrong point of the list nor a shared track can cut
    the ordinary line.
    """
    told = []
    used = np.unique(np.concatenate([rail.tail, rail.head]))
    tree = Tree(geo_xyz(rail.latitude[used], rail.longitude[used]))
    place = np.array([(float(c["latitude"]), float(c["longitude"])) for c in cities])
    away_km, row_of = tree.query(geo_xyz(place[:, 0], place[:, 1]))
    towns_at = np.unique(used[row_of[away_km * geo.EARTH_KM < 8.0]])
    for row in lines:
        countries = set(row["countries"].split("+"))
        part = connected_components(graph(rail, inside(rail, countries))[0], directed=False)[1]
        ends = [nearest(rail, *waypoints(row[side])[0], countries, part) for side in ("from", "to")]
        stations = [nearest(rail, *point, countries, part) for point in waypoints(row["points"])]
        before = walk(graph(rail, inside(rail, countries))[0], *ends)[0]
        dropped = 0
        for a, b in pairwise(stations):
            keep = inside(rail, countries)
            nodes = np.array(walk(graph(rail, keep)[0], a, b)[1], dtype=np.int64)
            if len(nodes) < 2:
                continue
            away = geo.haversine_km(rail.latitude[nodes], rail.longitude[nodes], rail.latitude[a], rail.longitude[a])
            back = geo.haversine_km(rail.latitude[nodes], rail.longitude[nodes], rail.latitude[b], rail.longitude[b])
            middle = set(nodes[np.minimum(away, back) > 5.0].tolist())
            steps = zip(nodes[:-1].tolist(), nodes[1:].tolist(), strict=True)
            pairs = {(min(x, y), max(x, y)) for x, y in steps if x in middle or y in middle}
            ways = zip(rail.tail.tolist(), rail.head.tolist(), strict=True)
            gone = np.array([(min(x, y), max(x, y)) in pairs for x, y in ways])
            after, _ = walk(graph(rail, keep & ~gone)[0], *ends)
            span = float(geo.haversine_km(rail.latitude[a], rail.longitude[a], rail.latitude[b], rail.longitude[b]))
            middle_lat = (rail.latitude[a] + rail.latitude[b]) / 2
            middle_lon = (rail.longitude[a] + rail.longitude[b]) / 2
            from_middle = geo.haversine_km(middle_lat, middle_lon, rail.latitude[towns_at], rail.longitude[towns_at])
            towns = towns_at[
                (from_middle < span / 2 + 40.0) & np.isin(rail.country[towns_at], list(countries))
            ].tolist()
            good = cities_stay_near(rail, keep, keep & ~gone, towns, span)
            if gone.any() and good and after <= 1.015 * float(row["ordinary_km"]):
                rail = rail.take(~gone)
                dropped += 1
        after, _ = walk(graph(rail, inside(rail, countries))[0], *ends)
        stretches = f"{dropped} of {len(stations) - 1} stretches dropped"
        told.append(f"{row['line']}: {stretches}, {before:.0f} to {after:.0f} km, published {row['ordinary_km']} km")
    return rail, told


def publish(rail: Rail, trunks: list[dict[str, str]]) -> tuple[Rail, list[str]]:
    """Give trunk lines their published lengths: one factor along the way through the listed points.

    With ``shortest = yes`` no other way inside the countries may be shorter than the published one: the
    shortest ways are lengthened in turn until that holds (rebuilt and high-speed lines beside the trunk).
    """
    told = []
    km = rail.km.copy()
    fixed = rail.fixed.copy()
    for row in trunks:
        countries = set(row["countries"].split("+"))
        keep = inside(rail, countries)
        part = connected_components(graph(rail, keep)[0], directed=False)[1]
        stops = [nearest(rail, *point, countries, part) for point in waypoints(row["points"])]
        published = float(row["length_km"])
        rounds = 12 if row["shortest"] == "yes" else 1
        for turn in range(rounds):
            rail = replace(rail, km=km)
            matrix, pick = graph(rail, keep)
            at = {(int(min(rail.tail[e], rail.head[e])), int(max(rail.tail[e], rail.head[e]))): int(e) for e in pick}
            chain = list(pairwise(stops)) if turn == 0 else [(stops[0], stops[-1])]
            edges: set[int] = set()
            total = 0.0
            for a, b in chain:
                length, nodes = walk(matrix, a, b)
                total += length
                edges |= {at[(min(x, y), max(x, y))] for x, y in pairwise(nodes)}
            if turn and total >= published * 0.999:
                break
            told.append(f"{row['line']}: {total:.1f} km, published {published:.1f}{' (other way)' if turn else ''}")
            rows = np.array(sorted(edges))
            if turn == 0:
                km[rows] *= published / total
            else:
                loose = rows[~fixed[rows]]
                if not len(loose):
                    break
                km[loose] *= 1 + (published - total) / km[loose].sum()
            fixed[rows] = True
    return replace(rail, km=km, fixed=fixed), told


def name_lines(rail: Rail, lines: list[dict[str, str]]) -> Rail:
    """Give listed lines their names, so that they keep a speed of their own and measures can mean them."""
    name = rail.name.copy()
    for row in lines:
        countries = set(row["countries"].split("+"))
        keep = inside(rail, countries)
        matrix, pick = graph(rail, keep)
        part = connected_components(matrix, directed=False)[1]
        at = {(int(min(rail.tail[e], rail.head[e])), int(max(rail.tail[e], rail.head[e]))): int(e) for e in pick}
        stops = [nearest(rail, *point, countries, part) for point in waypoints(row["points"])]
        for a, b in pairwise(stops):
            for x, y in pairwise(walk(matrix, a, b)[1]):
                edge = at[min(x, y), max(x, y)]
                name[edge] = name[edge] or row["line"]
    return replace(rail, name=name)


def set_gauges(
    rail: Rail, gauges: dict[str, int], crossings: list[dict[str, str]], sections: list[dict[str, str]]
) -> Rail:
    """Give every edge its gauge; add tracks of a second gauge beside those of the listed sections."""
    default = np.array([gauges.get(str(c), 1435) for c in rail.country], dtype=np.int64)
    gauge = np.where(
        default[rail.tail] == default[rail.head], default[rail.tail], np.maximum(default[rail.tail], default[rail.head])
    )
    listed = {row["crossing"]: int(row["gauge_mm"]) for row in crossings}
    for name, mm in listed.items():
        gauge[rail.name == name] = mm
    rail = replace(rail, gauge=gauge)
    for row in sections:
        countries = set(row["countries"].split("+"))
        keep = inside(rail, countries)
        part = connected_components(graph(rail, keep)[0], directed=False)[1]
        matrix, pick = graph(rail, keep)
        at = {(int(min(rail.tail[e], rail.head[e])), int(max(rail.tail[e], rail.head[e]))): int(e) for e in pick}
        stops = [nearest(rail, *point, countries, part) for point in waypoints(row["points"])]
        edges = set()
        for a, b in pairwise(stops):
            _, nodes = walk(matrix, a, b)
            edges |= {at[(min(x, y), max(x, y))] for x, y in pairwise(nodes)}
        rows = np.array(sorted(edges), dtype=np.int64)
        print(row["section"], round(float(rail.km[rows].sum()), 1), "km", row["rule"], row["gauge_mm"])
        if row["rule"] == "add":
            rail = rail.plus(
                rail.tail[rows].tolist(), rail.head[rows].tolist(), rail.km[rows].tolist(), gauge=int(row["gauge_mm"])
            )
        else:
            gauge = rail.gauge.copy()
            gauge[rows] = int(row["gauge_mm"])
            rail = replace(rail, gauge=gauge)
    return rail


def stops(rail: Rail, cities: list[dict[str, Any]], extra: list[tuple[float, float]], limit_km: float) -> set[int]:
    """Return the rail node nearest to each city within the limit, and to each extra place: places to board."""
    used = np.unique(np.concatenate([rail.tail, rail.head]))
    tree = Tree(geo_xyz(rail.latitude[used], rail.longitude[used]))
    places = [(float(c["latitude"]), float(c["longitude"])) for c in cities] + extra
    lat, lon = np.array(places).T
    away, row = tree.query(geo_xyz(lat, lon))
    return set(used[row[away * geo.EARTH_KM <= limit_km]].tolist())
