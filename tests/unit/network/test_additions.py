"""Lines, sections and zones that a study adds."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from landbridge.core.problems import StudyError
from landbridge.core.tables import Table
from landbridge.network.additions import add_lines, name_sections, section_edges
from landbridge.network.base import base_network
from landbridge.network.network import RAIL, ROAD, Network
from landbridge.network.prices import default_prices
from landbridge.network.pricing import price_network
from landbridge.network.zones import Access, add_zones

KINDS: dict[type, Any] = {str: object, float: np.float64, int: np.int64, bool: np.bool_}


def links_table(**changes: Any) -> Table:
    row = {
        "link": "Donghae line",
        "mode": "rail",
        "gauge_mm": 0,
        "from_latitude_deg": 37.76,
        "from_longitude_deg": 128.9,
        "from_country": "KR",
        "to_latitude_deg": 37.97,
        "to_longitude_deg": 126.56,
        "to_country": "KP",
        "length_km": 250.0,
        "speed_kmh": float("nan"),
        "capacity_teu_per_year": float("inf"),
        "open": True,
    } | changes
    return Table("links", {key: np.array([value], dtype=KINDS[type(value)]) for key, value in row.items()})


def sections_table(*rows: tuple[str, str, float, float, float, float, float]) -> Table:
    names = (
        "section",
        "countries",
        "from_latitude_deg",
        "from_longitude_deg",
        "to_latitude_deg",
        "to_longitude_deg",
        "speed_kmh",
    )
    columns = {
        name: np.array(values, dtype=KINDS[type(values[0])])
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
    columns["mode"] = np.array(["rail"] * len(rows), dtype=object)
    columns["capacity_teu_per_year"] = np.full(len(rows), np.inf)
    return Table("sections", columns)


PYONGUI = ("Kaesong-Sinuiju", "KP", 37.97, 126.56, 40.10, 124.40, 45.0)


def hours(network: Network, source: int) -> np.ndarray:
    links = network.links
    n = len(network.nodes)
    order = np.lexsort((links.effective_hours, links.head, links.tail))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(links.tail[order]) != 0) | (np.diff(links.head[order]) != 0)
    rows = order[first]
    rows = rows[links.open[rows]]
    return np.asarray(
        dijkstra(
            csr_matrix((links.time_hours[rows], (links.tail[rows], links.head[rows])), shape=(n, n)), indices=source
        )
    )


def test_a_new_line_between_countries_is_a_crossing_with_a_name() -> None:
    base = base_network()
    grown = add_lines(base, links_table())
    assert len(grown.links) == len(base.links) + 2
    rows = np.flatnonzero(grown.links.name.mask("Donghae line"))
    assert {grown.links.kind[int(r)] for r in rows} == {"crossing"}
    assert set(grown.links.gauge_mm[rows].tolist()) == {1435}
    assert {grown.links.country[int(r)] for r in rows} == {"KR", "KP"}
    priced = price_network(grown, default_prices()).links
    np.testing.assert_allclose(priced.wait_hours[rows], 20.0)


def test_a_line_of_another_gauge_gets_its_transfer() -> None:
    wide = add_lines(
        base_network(),
        links_table(link="wide", gauge_mm=1520, to_country="KR", to_latitude_deg=35.12, to_longitude_deg=129.04),
    )
    rows = wide.transfers.name.mask("wide")
    assert rows.sum() >= 2
    assert {
        (a, b)
        for a, b in zip(
            wide.transfers.from_gauge_mm[rows].tolist(), wide.transfers.to_gauge_mm[rows].tolist(), strict=True
        )
    } >= {(1520, 1435), (1435, 1520)}


def test_faults_of_lines_come_together() -> None:
    with pytest.raises(StudyError) as caught:
        add_lines(
            base_network(), links_table(link="Manzhouli-Zabaikalsk", to_latitude_deg=0.0, to_longitude_deg=-150.0)
        )
    assert [problem.code for problem in caught.value.problems] == ["LB312", "LB311"]
    assert "tables/links.csv:2" in str(caught.value)


def test_a_section_takes_name_and_speed_and_its_crossings_keep_theirs() -> None:
    named = name_sections(base_network(), sections_table(PYONGUI))
    rows = named.links.name.mask("Kaesong-Sinuiju")
    # About 410 km drawn, both ways.
    assert named.links.km[rows].sum() / 2 == pytest.approx(410, rel=0.03)
    assert set(named.links.speed_kmh[rows].tolist()) == {45.0}
    assert named.links.name.mask("Sinuiju-Dandong").sum() == base_network().links.name.mask("Sinuiju-Dandong").sum()
    priced = price_network(named, default_prices()).links
    np.testing.assert_allclose(priced.time_hours[rows], priced.km[rows] / 45.0)


def test_sections_that_overlap_or_lead_nowhere_are_faults() -> None:
    inner = ("Pyongyang-Sinuiju", "KP", 39.01, 125.74, 40.10, 124.40, 45.0)
    nowhere = ("Busan-Pyongyang", "KR+KP", 35.11, 129.04, 39.01, 125.74, 45.0)
    with pytest.raises(StudyError) as caught:
        name_sections(base_network(), sections_table(PYONGUI, inner, nowhere))
    assert [problem.code for problem in caught.value.problems] == ["LB314", "LB313"]


def test_a_section_is_a_shortest_way() -> None:
    base = base_network()
    walked = section_edges(base, RAIL, ("KR",), ((35.115, 129.041), (37.555, 126.971)))
    np.testing.assert_array_equal(base.links.head[walked[:-1]], base.links.tail[walked[1:]])
    assert base.links.km[walked].sum() == pytest.approx(441.7, rel=0.01)


def test_zones_reach_their_own_country_first() -> None:
    base = base_network()
    zoned = add_zones(
        base, ["seoul", "ulaanbaatar", "rason"], [37.57, 47.92, 42.25], [126.98, 106.92, 130.3], ["KR", "MN", "KP"]
    )
    nodes, links = zoned.network.nodes, zoned.network.links
    for zone, code, ports in zip(zoned.nodes.tolist(), ("KR", "MN", "KP"), (True, False, True), strict=True):
        ends = links.head[(links.tail == zone) & (links.mode == ROAD)]
        assert {nodes.country[int(end)] for end in ends} == {code}
        assert ("port" in {nodes.kind[int(end)] for end in ends}) is ports
        assert "rail" in {nodes.kind[int(end)] for end in ends}
    assert {nodes.name[int(z)] for z in zoned.nodes} == {"seoul", "ulaanbaatar", "rason"}
    terminals = zoned.network.transfers.kind.mask("terminal")
    # Rason stands at rails of two gauges: two terminals where the others have one; each is a pair.
    assert terminals.sum() == 2 * 4
    assert set(zoned.network.transfers.from_gauge_mm[terminals].tolist()) == {0, 1435, 1520}


def test_roads_are_the_detour_times_the_crow() -> None:
    zoned = add_zones(base_network(), ["x"], [37.57], [126.98], ["KR"], access=Access(detour_factor=2.0))
    once = add_zones(base_network(), ["x"], [37.57], [126.98], ["KR"], access=Access(detour_factor=1.0))
    rows = zoned.network.links.kind.mask("access")
    far = once.network.links.km[rows] > 2
    np.testing.assert_allclose(zoned.network.links.km[rows][far], 2 * once.network.links.km[rows][far])


def test_landlocked_and_island_zones() -> None:
    zoned = add_zones(base_network(), ["thimphu", "reykjavik"], [27.47, 64.15], [89.64, -21.94], ["BT", "IS"])
    links, nodes = zoned.network.links, zoned.network.nodes
    first = {nodes.country[int(e)] for e in links.head[links.tail == zoned.nodes[0]]}
    assert first
    assert "BT" not in first
    assert {nodes.kind[int(e)] for e in links.head[links.tail == zoned.nodes[1]]} == {"port"}


def test_a_zone_in_the_middle_of_nowhere_is_named() -> None:
    with pytest.raises(StudyError, match=r"tables/zones.csv:3:zone: zone 'lost' reaches no railway and no port"):
        add_zones(base_network(), ["ok", "lost"], [37.57, -75.0], [126.98, 0.0], ["KR", "AQ"])


def test_zones_of_one_country_can_be_joined_by_road() -> None:
    places = ([37.57, 35.18, 43.06], [126.98, 129.07, 141.35], ["KR", "KR", "JP"])
    zoned = add_zones(base_network(), ["seoul", "busan", "sapporo"], *places, access=Access(road_km=2000))
    links = zoned.network.links
    both = np.isin(links.tail, zoned.nodes) & np.isin(links.head, zoned.nodes)
    assert both.sum() == 2


def test_everything_is_reached_from_a_priced_zone() -> None:
    zoned = add_zones(
        base_network(), ["seoul", "moscow", "hamburg"], [37.57, 55.75, 53.55], [126.98, 37.62, 10.0], ["KR", "RU", "DE"]
    )
    priced = price_network(zoned.network, default_prices())
    away = hours(priced, int(zoned.nodes[0]))
    assert np.isfinite(away[zoned.nodes]).all()
    assert 24 * 8 < away[zoned.nodes[1]] < 24 * 40
