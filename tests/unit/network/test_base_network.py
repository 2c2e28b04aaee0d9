"""The shipped base network: every pitfall of its sources is handled, and each test fails without the handling."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

import landbridge
from landbridge.network.base import base_network, main_ports, port_names, ports_without_containers, world_network
from landbridge.network.edits import Close, Open, apply_measures
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import RAIL, SEA, Network
from landbridge.network.prices import DATA
from landbridge.network.selection import Selector
from landbridge.network.zones import add_zones

LISTED_PAIRS = {
    frozenset(pair)
    for pair in (
        ("CN", "RU"),
        ("CN", "KP"),
        ("KP", "RU"),
        ("CN", "MN"),
        ("RU", "MN"),
        ("CN", "KZ"),
        ("KR", "KP"),
        ("CN", "VN"),
    )
}
PASSAGES = {
    "suez",
    "bab-el-mandeb",
    "panama",
    "malacca",
    "northern-sea-route",
    "northwest-passage",
    "bosporus",
    "gibraltar",
    "hormuz",
    "dardanelles",
    "sunda",
    "bering",
    "cape-of-good-hope",
    "cape-horn",
}


def graph(network: Network, mode: int, closed: tuple[str, ...] = (), gauge: int = 0) -> csr_matrix:
    """Return lengths of open links of one mode; the shortest of parallel links."""
    links = network.links
    use = (links.mode == mode) & links.open & ~links.passage.mask(*closed)
    if gauge:
        use &= links.gauge_mm == gauge
    rows = np.flatnonzero(use)
    rows = rows[np.lexsort((links.km[rows], links.head[rows], links.tail[rows]))]
    first = np.ones(len(rows), bool)
    first[1:] = (np.diff(links.tail[rows]) != 0) | (np.diff(links.head[rows]) != 0)
    rows = rows[first]
    n = len(network.nodes)
    return csr_matrix((links.km[rows], (links.tail[rows], links.head[rows])), shape=(n, n))


def port(code: str) -> int:
    return int(np.flatnonzero(base_network().nodes.name.mask(code))[0])


def rail_node(latitude: float, longitude: float, country: str) -> int:
    nodes = base_network().nodes
    mine = np.flatnonzero(nodes.country.mask(country) & nodes.kind.mask("rail"))
    return int(
        mine[np.argmin(great_circle_km(latitude, longitude, nodes.latitude_deg[mine], nodes.longitude_deg[mine]))]
    )


def sea_nm(one: str, other: str, *closed: str) -> float:
    return float(dijkstra(graph(base_network(), SEA, closed), indices=port(one))[port(other)]) / 1.852


def test_the_files_are_small() -> None:
    folder = Path(landbridge.__file__).parent / "data"
    assert sum((folder / name).stat().st_size for name in ("base_network.npz", "base_shapes.npz")) <= 5_000_000


def test_no_link_is_a_loop_and_every_line_goes_both_ways() -> None:
    links = base_network().links
    assert (links.tail != links.head).all()
    half = len(links) // 2
    np.testing.assert_array_equal(links.tail[:half], links.head[half:])
    np.testing.assert_array_equal(links.edge[:half], links.edge[half:])
    assert (links.km > 0).all()


def test_no_trains_run_between_the_koreas_unless_a_measure_opens_the_line() -> None:
    base = base_network()
    busan, pyongyang = rail_node(35.11, 129.04, "KR"), rail_node(39.01, 125.74, "KP")
    assert np.isinf(dijkstra(graph(base, RAIL), indices=busan)[pyongyang])
    opened = apply_measures(base, [Open(Selector(names=("Dorasan-Panmun",)))])
    # Busan-Seoul 441.7 km, Seoul-Dorasan 56 km, 2.4 km, Kaesong-Pyongyang 187 km and the way to Kaesong.
    assert dijkstra(graph(opened, RAIL), indices=busan)[pyongyang] == pytest.approx(700, rel=0.03)


def test_both_inter_korean_lines_are_shipped_closed() -> None:
    links = base_network().links
    rows = links.name.mask("Dorasan-Panmun", "Jejin-Onjongri")
    assert rows.sum() == 4
    assert not links.open[rows].any()
    assert np.isinf(links.effective_hours[rows]).all()


def test_rail_leaves_a_country_only_at_a_named_crossing() -> None:
    base = base_network()
    links, country = base.links, base.nodes.country
    rail = (links.mode == RAIL) & (country.codes[links.tail] != country.codes[links.head])
    assert (links.kind.mask("crossing") == rail).all()
    assert not (links.name.mask("") & rail).any()


def test_listed_borders_have_only_their_listed_crossings() -> None:
    base = base_network()
    links, country = base.links, base.nodes.country
    for row in np.flatnonzero(links.kind.mask("crossing")).tolist():
        pair = frozenset((country[int(links.tail[row])], country[int(links.head[row])]))
        if pair in LISTED_PAIRS:
            assert not links.name[row][-1].isdigit(), links.name[row]


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("Sinuiju-Dandong", (39.01, 125.74, "KP"), (41.80, 123.43, "CN")),
        ("Tumangang-Khasan", (42.25, 130.30, "KP"), (43.12, 131.88, "RU")),
        ("Erenhot-Zamyn-Uud", (47.91, 106.88, "MN"), (41.03, 113.11, "CN")),
        ("Naushki-Sukhbaatar", (47.91, 106.88, "MN"), (51.83, 107.58, "RU")),
        ("Manzhouli-Zabaikalsk", (45.76, 126.63, "CN"), (52.03, 113.50, "RU")),
        ("Alashankou-Dostyk", (43.79, 87.58, "CN"), (46.96, 79.67, "KZ")),
    ],
)
def test_a_crossing_carries_the_way_that_it_stands_for(
    name: str, one: tuple[float, float, str], other: tuple[float, float, str]
) -> None:
    base = base_network()
    start, end = rail_node(*one), rail_node(*other)
    before = dijkstra(graph(base, RAIL), indices=start)[end]
    closed = apply_measures(base, [Close(Selector(names=(name,)))])
    assert np.isfinite(before)
    assert dijkstra(graph(closed, RAIL), indices=start)[end] > 1.2 * before


def test_ships_do_not_cross_chukotka() -> None:
    base = base_network()
    nodes, links = base.nodes, base.links
    sea = links.mode == SEA
    at_180 = np.abs(np.abs(nodes.longitude_deg) - 180) < 0.001
    lat = nodes.latitude_deg
    vertical = sea & at_180[links.tail] & at_180[links.head] & (np.abs(lat[links.tail] - lat[links.head]) > 0.5)
    vertical &= np.maximum(lat[links.tail], lat[links.head]) > 55
    assert not vertical.any()
    # From the Arctic at 180 degrees to the Bering Sea at 180 degrees is the way round by the strait.
    row = np.flatnonzero(nodes.kind.mask("sea"))
    north = row[np.argmin(great_circle_km(70, 180, lat[row], nodes.longitude_deg[row]))]
    south = row[np.argmin(great_circle_km(62.1, 180, lat[row], nodes.longitude_deg[row]))]
    assert dijkstra(graph(base, SEA), indices=north)[south] > 1_100


def test_the_seam_at_180_degrees_is_closed() -> None:
    crow = float(great_circle_km(35.44, 139.65, 37.80, -122.40))
    across = dijkstra(graph(base_network(), SEA), indices=port("JPYOK"))[port("USOAK")]
    assert across < 1.06 * crow


def test_ports_join_rail_of_their_own_country() -> None:
    base = base_network()
    spur = base.links.kind.mask("spur")
    country = base.nodes.country
    np.testing.assert_array_equal(country.codes[base.links.tail[spur]], country.codes[base.links.head[spur]])


def test_every_port_reaches_the_ocean() -> None:
    base = base_network()
    ports = np.flatnonzero(base.nodes.kind.mask("port"))
    away = dijkstra(graph(base, SEA), indices=port("NLRTM"))
    assert np.isfinite(away[ports]).all()
    assert len(ports) >= 600
    assert set(port_names()) == {base.nodes.name[int(p)] for p in ports}


@pytest.mark.parametrize(
    ("code", "name"), [("KPRJN", "Rajin"), ("KPCHO", "Chongjin"), ("RUVYP", "Vostochny"), ("KRPUS", "Busan")]
)
def test_ports_far_from_a_sea_node_have_approaches(code: str, name: str) -> None:
    base = base_network()
    rows = (base.links.tail == port(code)) & base.links.kind.mask("approach")
    assert rows.any()
    assert port_names()[code] == name
    # Busan lies 700 to 1,000 km off; without an approach of its own Rajin would stand 141 km inland.
    assert sea_nm("KRPUS", code) < 560


def test_the_passages_are_there() -> None:
    links = base_network().links
    assert {links.passage.words[code] for code in np.unique(links.passage.codes).tolist()} - {""} == PASSAGES


def test_the_northern_sea_route_is_not_the_northwest_passage() -> None:
    base = base_network()
    east = np.where(base.nodes.longitude_deg < -168, base.nodes.longitude_deg + 360, base.nodes.longitude_deg)
    route, passage = base.links.passage.mask("northern-sea-route"), base.links.passage.mask("northwest-passage")
    assert ((east[base.links.tail[route]] > 55) & (east[base.links.tail[route]] < 193)).all()
    assert not ((east[base.links.tail[passage]] > 0) & (east[base.links.tail[passage]] < 178)).any()
    north = sea_nm("NLRTM", "JPYOK")
    west = sea_nm("NLRTM", "JPYOK", "northern-sea-route")
    south = sea_nm("NLRTM", "JPYOK", "northern-sea-route", "northwest-passage")
    assert north < west < south


@pytest.mark.parametrize(
    ("passage", "one", "other"),
    [
        ("suez", "SGSIN", "NLRTM"),
        ("bab-el-mandeb", "SGSIN", "NLRTM"),
        ("gibraltar", "SGSIN", "NLRTM"),
        ("malacca", "SGSIN", "NLRTM"),
        ("panama", "CNSHA", "USNYC"),
        ("bosporus", "ROCND", "NLRTM"),
        ("dardanelles", "ROCND", "NLRTM"),
        ("hormuz", "SADMM", "SGSIN"),
    ],
)
def test_closing_a_passage_lengthens_the_way_through_it(passage: str, one: str, other: str) -> None:
    always = ("northern-sea-route", "northwest-passage")
    assert sea_nm(one, other, *always, passage) > 1.02 * sea_nm(one, other, *always)


def test_closing_suez_alone_sends_asia_by_panama_and_both_by_the_cape() -> None:
    always = ("northern-sea-route", "northwest-passage")
    panama = sea_nm("KRPUS", "NLRTM", *always, "suez")
    cape = sea_nm("KRPUS", "NLRTM", *always, "suez", "panama")
    assert sea_nm("KRPUS", "NLRTM", *always) == pytest.approx(10_910, rel=0.01)
    assert panama < cape
    assert cape == pytest.approx(14_230, rel=0.01)


def test_gauges_meet_only_where_a_transfer_stands() -> None:
    base = base_network()
    breaks = base.transfers.kind.mask("gauge")
    at = set(base.transfers.node[breaks].tolist())
    names = {base.transfers.name[int(row)] for row in np.flatnonzero(breaks)}
    assert {
        "Manzhouli-Zabaikalsk",
        "Erenhot-Zamyn-Uud",
        "Alashankou-Dostyk",
        "Khorgos-Altynkol",
        "Brest-Terespol",
    } <= names
    assert "Naushki-Sukhbaatar" not in names
    assert "Vainikkala-Buslovskaya" not in names
    for name in ("Manzhouli-Zabaikalsk", "Erenhot-Zamyn-Uud"):
        rows = base.links.name.mask(name)
        assert set(base.links.gauge_mm[rows].tolist()) == {1520}
        assert at & set(base.links.tail[rows].tolist())


def test_russian_trains_run_through_to_rajin() -> None:
    base = base_network()
    khasan, rajin = rail_node(42.43, 130.64, "RU"), port("KPRJN")
    wide = dijkstra(graph(base, RAIL, gauge=1520), indices=khasan)
    assert wide[rajin] < 70
    assert np.isinf(wide[rail_node(39.01, 125.74, "KP")])
    narrow = dijkstra(graph(base, RAIL, gauge=1435), indices=rail_node(39.01, 125.74, "KP"))
    assert np.isfinite(narrow[rajin])


def test_the_rail_of_eurasia_is_one_from_spain_to_vietnam() -> None:
    away = dijkstra(graph(base_network(), RAIL), indices=rail_node(40.41, -3.69, "ES"))
    for place in (
        (51.5, -0.12, "GB"),
        (48.86, 2.35, "FR"),
        (55.75, 37.6, "RU"),
        (47.91, 106.88, "MN"),
        (39.9, 116.4, "CN"),
        (21.02, 105.84, "VN"),
    ):
        assert np.isfinite(away[rail_node(*place)]), place


def test_the_priced_network_keeps_the_places() -> None:
    world, base = world_network(), base_network()
    assert world.nodes is base.nodes
    assert np.isfinite(world.links.time_hours).all()
    assert (world.links.time_hours > 0).all()
    assert (world.transfers.time_hours > 0).all()
    assert not world.links.open[world.links.name.mask("Dorasan-Panmun")].any()
    assert world.links.open[world.links.name.mask("Manzhouli-Zabaikalsk")].all()


def test_columns_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        base_network().links.km[0] = 1.0


def test_large_ports_are_ports() -> None:
    assert {"KRPUS", "NLRTM", "SGSIN", "RUVVO", "DEHAM"} <= main_ports() <= set(port_names())


def test_dropping_a_column_from_a_copy_leaves_the_base_alone() -> None:
    base = base_network()
    shut = replace(base, links=replace(base.links, open=np.zeros(len(base.links), bool)))
    assert not shut.links.open.any()
    assert base.links.open.sum() > 200_000


def test_the_baikal_amur_mainline_is_named_and_slow() -> None:
    base, world = base_network(), world_network()
    rows = base.links.name.mask("Baikal-Amur Mainline")
    # Taishet-Tynda, both ways; 2,364 km by its km posts.
    assert base.links.km[rows].sum() / 2 == pytest.approx(2_364, rel=0.04)
    assert set(base.links.speed_kmh[rows].tolist()) == {25.0}
    assert np.isnan(base.links.speed_kmh[~rows]).all()
    np.testing.assert_allclose(world.links.time_hours[rows], world.links.km[rows] / 25.0)


def test_ports_without_container_lines_are_shut_with_a_reason_and_can_be_opened() -> None:
    base, idle = base_network(), ports_without_containers()
    assert {"USBUF", "CATOR", "ZARCB", "RURND"} <= set(idle) <= set(port_names())
    assert all(idle.values())
    shut = base.transfers.name.mask(*idle)
    np.testing.assert_array_equal(base.transfers.open, ~shut)
    # Montreal, below the locks, and Durban, Jebel Ali, Novorossiysk, Houston, which take the containers, are open
    instead = ("CAMTR", "ZADUR", "AEJEA", "RUNVS", "USHOU", "INNSA", "USNYC")
    assert base.transfers.open[base.transfers.name.mask(*instead)].all()
    opened = apply_measures(world_network(), [Open(Selector(ports=("USBUF",)))])
    assert opened.transfers.open[opened.transfers.name.mask("USBUF")].all()
    sources = (DATA / "default_sources.csv").read_text(encoding="utf-8").splitlines()[1:]
    listed = {"assumption", *(line.split(",")[0] for line in sources)}
    rows = (DATA / "ports_without_containers.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {row.rsplit(",", 1)[1] for row in rows} <= listed


def test_zones_are_not_joined_to_ports_without_container_lines() -> None:
    base = base_network()
    zoned = add_zones(base, ["toronto"], [43.65], [-79.38], ["CA"])
    links, nodes = zoned.network.links, zoned.network.nodes
    ends = links.head[links.tail == zoned.nodes[0]]
    reached = {nodes.name[int(node)] for node in ends if nodes.kind[int(node)] == "port"}
    assert "CATOR" not in reached
    assert "CAMTR" in reached
