"""The build steps on small made-up data: each pitfall of the sources, with and without its handling."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

pytest.importorskip("shapely", reason="the build tools need shapely: pip install landbridge[gis]")
sys.path.insert(0, str(Path(__file__).parents[3]))
try:
    geo: Any = importlib.import_module("tools.build_network_land")
    rails: Any = importlib.import_module("tools.build_network_rail")
    seas: Any = importlib.import_module("tools.build_network_sea")
    shrink: Any = importlib.import_module("tools.build_network_simplify")
    read: Any = importlib.import_module("tools.build_network_read")
finally:
    sys.path.pop(0)


def rail(places: list[tuple[float, float, str]], edges: list[tuple[int, int, float]]) -> Any:
    lat, lon, country = zip(*places, strict=True)
    tail, head, km = zip(*edges, strict=True)
    n = len(edges)
    return rails.Rail(
        np.array(lat),
        np.array(lon),
        np.array(country),
        np.array(tail),
        np.array(head),
        np.array(km, float),
        np.full(n, "line", "<U10"),
        np.full(n, "", "<U40"),
        np.zeros(n, np.int64),
        np.zeros(n, bool),
        np.zeros(n, bool),
    )


KM = 1 / 111.195
"""Degrees of latitude in a km."""


def test_dead_ends_are_joined_but_never_across_the_inter_korean_border() -> None:
    for pair, joined in ((("KR", "KP"), 0), (("DE", "PL"), 1)):
        two = rail(
            [(37.0, 126.7, pair[0]), (37.5, 126.7, pair[0]), (37.5 + 2.2 * KM, 126.7, pair[1]), (38.0, 126.7, pair[1])],
            [(0, 1, 55.0), (2, 3, 53.0)],
        )
        grown = rails.join(two, {frozenset(("KR", "KP"))})
        assert len(grown.tail) - len(two.tail) == joined


def test_dead_ends_farther_than_three_km_stay_apart() -> None:
    two = rail(
        [(50.0, 10.0, "DE"), (50.5, 10.0, "DE"), (50.5 + 3.5 * KM, 10.0, "DE"), (51.0, 10.0, "DE")],
        [(0, 1, 55.0), (2, 3, 53.0)],
    )
    assert len(rails.join(two, set()).tail) == 2


def test_a_line_that_weaves_along_a_border_river_crosses_once() -> None:
    # The label flips for two short runs before the line leaves the country for good.
    codes = np.array(["RU"] * 4 + ["CN"] + ["RU"] * 2 + ["CN"] * 6)
    km = np.array([30.0, 30, 30, 2, 2, 2, 2, 30, 30, 30, 30, 30])
    tail = np.arange(12)
    smooth = geo.smooth(codes, tail, tail + 1, km, 25.0)
    assert (codes[tail] != codes[tail + 1]).sum() == 3
    assert (smooth[tail] != smooth[tail + 1]).sum() == 1
    assert smooth[0] == "RU"
    assert smooth[-1] == "CN"


def test_only_listed_crossings_stay_where_a_border_is_listed() -> None:
    line = rail(
        [(49.60, 117.36, "CN"), (49.63, 117.34, "RU"), (48.0, 110.0, "CN"), (48.1, 110.0, "RU")],
        [(0, 1, 3.0), (2, 3, 11.0)],
    )
    listed = [
        {"crossing": "Manzhouli-Zabaikalsk", "country_a": "CN", "country_b": "RU", "latitude_a_deg": "49.617",
         "longitude_a_deg": "117.358", "latitude_b_deg": "49.627", "longitude_b_deg": "117.346"}
    ]  # fmt: skip
    strict = rails.cross(line, listed, {frozenset(("CN", "RU"))})
    assert strict.name.tolist() == ["Manzhouli-Zabaikalsk"]
    loose = rails.cross(line, listed, set())
    assert loose.name.tolist() == ["Manzhouli-Zabaikalsk", "CN-RU 1"]
    assert loose.kind.tolist() == ["crossing", "crossing"]


def test_tracks_of_one_crossing_share_its_name() -> None:
    line = rail(
        [
            (52.0, 14.0, "DE"),
            (52.0, 14.1, "PL"),
            (52.01, 14.0, "DE"),
            (52.01, 14.1, "PL"),
            (51.0, 14.0, "DE"),
            (51.0, 14.1, "PL"),
        ],
        [(0, 1, 7.0), (2, 3, 7.0), (4, 5, 7.0)],
    )
    assert rails.cross(line, [], set()).name.tolist() == ["DE-PL 1", "DE-PL 1", "DE-PL 2"]


def test_the_end_of_a_crossing_belongs_to_the_country_of_its_side() -> None:
    row = {"country_a": "KP", "country_b": "CN"}
    country = np.array(["CN", "CN", "CN", "KP", "KP"])
    away = np.array([[0.0, 1, 2, 9, 9], [9.0, 9, 9, 0, 1]])
    assert rails.sides(row, country, away) == ("CN", "KP")


def test_a_trunk_takes_its_published_length_and_ways_beside_it_do_not_undercut_it() -> None:
    # 0 - 1 - 2 is the trunk of 90 km, published 110; 0 - 3 - 2 a high-speed line of 80 km.
    loop = rail(
        [(50.0, 10.0, "DE"), (50.4, 10.0, "DE"), (50.8, 10.0, "DE"), (50.4, 10.1, "DE")],
        [(0, 1, 45.0), (1, 2, 45.0), (0, 3, 40.0), (3, 2, 40.0)],
    )
    trunk = {
        "line": "x",
        "countries": "DE",
        "points": "50.0 10.0;50.4 10.0;50.8 10.0",
        "length_km": "110",
        "shortest": "yes",
        "source": "",
    }
    longer, _ = rails.publish(loop, [trunk])
    away = dijkstra(rails.graph(longer)[0], indices=0)
    assert away[2] == pytest.approx(110.0)
    assert longer.km[:2].sum() == pytest.approx(110.0)
    alone, _ = rails.publish(loop, [trunk | {"shortest": "no"}])
    assert dijkstra(rails.graph(alone)[0], indices=0)[2] == pytest.approx(80.0)


def test_a_high_speed_line_goes_only_where_the_ordinary_one_holds() -> None:
    places = [(50.0, 10.0, "DE"), (50.4, 10.0, "DE"), (50.8, 10.0, "DE"), (50.2, 10.2, "DE"), (50.6, 10.2, "DE")]
    edges = [(0, 1, 50.0), (1, 2, 50.0), (0, 3, 30.0), (3, 4, 44.0), (4, 2, 30.0)]
    line = {
        "line": "x",
        "countries": "DE",
        "from": "50.0 10.0",
        "to": "50.8 10.0",
        "points": "50.0 10.0;50.8 10.0",
        "ordinary_km": "100",
    }
    cities = [{"latitude": 50.0, "longitude": 10.0}, {"latitude": 50.8, "longitude": 10.0}]
    fast = rail(places, [(0, 1, 50.0), (1, 2, 50.0), (0, 3, 29.0), (3, 4, 40.0), (4, 2, 29.0)])
    kept, _ = rails.drop_high_speed(fast, [line], cities)
    assert dijkstra(rails.graph(kept)[0], indices=0)[2] == pytest.approx(100.0)
    # Without an ordinary line nothing goes.
    alone = rail(places, [(0, 1, 50.0), *edges[2:]])
    same, _ = rails.drop_high_speed(alone, [line], cities)
    assert len(same.tail) == len(alone.tail)


def test_two_gauges_are_two_tracks() -> None:
    line = rail([(42.42, 130.55, "KP"), (42.23, 130.29, "KP"), (42.0, 130.0, "KP")], [(0, 1, 52.0), (1, 2, 40.0)])
    section = {
        "section": "x",
        "countries": "KP",
        "points": "42.42 130.55;42.23 130.29",
        "gauge_mm": "1520",
        "rule": "add",
    }
    wide = rails.set_gauges(line, {"KP": 1435}, [], [section])
    assert sorted(wide.gauge.tolist()) == [1435, 1435, 1520]


def test_the_seam_is_joined_and_its_meridian_edges_go() -> None:
    raw = read.RawSea(
        np.array([70.0, 70.0, 60.0, 70.0]), np.array([180.0, -180.0, 180.0, 176.0]), np.array([0, 0, 0]),
        np.array([1, 2, 3]), np.array([0.0, 1112.0, 150.0]), ("pacific_ocean", "segment", "northwest"),
    )  # fmt: skip
    sea = seas.joined(raw)
    assert sea.km.tolist() == [150.0]
    named = seas.named(sea)
    assert named.passage.tolist() == ["northern-sea-route"]


def test_lanes_over_land_go_but_canals_stay() -> None:
    land = geo.Land(*_square_land())
    sea = seas.Sea(
        np.array([0.0, 0.0, 5.0]), np.array([-3.0, 3.0, 0.0]), np.array([0, 0, 1]), np.array([1, 2, 2]),
        np.array([667.0, 650.0, 650.0]), np.array(["", "", ""], dtype="<U24"),
    )  # fmt: skip
    assert len(seas.dry(sea, land)[0].km) == 2
    canal = replace(sea, passage=np.array(["suez", "", ""], dtype="<U24"))
    assert len(seas.dry(canal, land)[0].km) == 3


def _square_land() -> tuple[Any, Any, Any]:
    import shapely

    parts = np.array([shapely.box(-1, -1, 1, 1)], dtype=object)
    return parts, np.array(["XX"]), shapely.STRtree(parts)


def test_simplifying_keeps_distances_between_what_stays() -> None:
    rng = np.random.default_rng(5)
    n = 60
    pairs = [(i, i + 1) for i in range(n - 1)] + [
        tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(8)
    ]
    edges = [shrink.Edge(a, b, float(rng.uniform(1, 5)), ("rail", 1435, "line", "DE", "", "", False)) for a, b in pairs]
    keep = {0, 17, 41, n - 1}
    less = shrink.simplify(edges, keep, prune_km=0.5, longest_km=1e9)

    def lengths(found: list[Any]) -> Any:
        best: dict[tuple[int, int], float] = {}
        for edge in found:
            for pair in ((edge.tail, edge.head), (edge.head, edge.tail)):
                best[pair] = min(edge.km, best.get(pair, np.inf))
        rows, columns = zip(*best, strict=True)
        return dijkstra(csr_matrix((list(best.values()), (rows, columns)), shape=(n, n)), indices=sorted(keep))[
            :, sorted(keep)
        ]

    assert len(less) < len(edges) / 2
    np.testing.assert_allclose(lengths(less), lengths(edges))
    for edge in less:
        assert len(set(edge.shape)) == len(edge.shape)


def test_crossings_and_names_are_never_contracted() -> None:
    line = ("rail", 1435, "line", "DE", "", "", False)
    gate = ("rail", 1435, "crossing", "", "", "DE-PL 1", False)
    edges = [
        shrink.Edge(0, 1, 9.0, line),
        shrink.Edge(1, 2, 1.0, gate),
        shrink.Edge(2, 3, 9.0, line),
        shrink.Edge(3, 4, 9.0, line),
    ]
    less = shrink.simplify(edges, {0, 1, 2, 4}, prune_km=0.1, longest_km=100.0)
    assert sorted(edge.km for edge in less) == [1.0, 9.0, 18.0]
    assert len(shrink.simplify(edges, {0, 1, 2, 4}, prune_km=0.1, longest_km=10.0)) == 4
