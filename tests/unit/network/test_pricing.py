"""Pricing in closed form on a network of five nodes, and its rules of precedence on the world network."""

from typing import Any

import numpy as np
import pytest

from landbridge.core.coded import Coded
from landbridge.core.tables import Table
from landbridge.network.base import base_network, world_network
from landbridge.network.building import NewLine, NewTransfer, with_lines
from landbridge.network.network import ALL_MONTHS, RAIL, ROAD, SEA, Links, Network, Nodes, Transfers
from landbridge.network.prices import DATA, Prices, default_prices, overlaid, with_tables
from landbridge.network.pricing import passage_length_km, price_network


def table(name: str, **columns: list[Any]) -> Table:
    kinds: dict[type, Any] = {str: object, float: np.float64, int: np.int64, bool: np.bool_}
    return Table(name, {key: np.array(values, dtype=kinds[type(values[0])]) for key, values in columns.items()})


def five_nodes() -> Network:
    """A - B in KR, B - C crossing into KP, C - D in KP, port D to E at sea."""
    nodes = Nodes(
        np.array([35.0, 37.0, 38.0, 39.0, 39.5]),
        np.array([129.0, 127.0, 126.5, 125.5, 124.0]),
        Coded.of(["KR", "KR", "KP", "KP", ""]),
        Coded.of(["rail", "rail", "rail", "port", "sea"]),
        Coded.of(["", "", "", "KPNAM", ""]),
    )
    empty = Network(nodes, _no_links(), _no_transfers())
    lines = [
        NewLine(0, 1, RAIL, 1435, 400.0, "line", "KR", "KR"),
        NewLine(1, 2, RAIL, 1435, 10.0, "crossing", "KR", "KP", name="Gate"),
        NewLine(2, 3, RAIL, 1435, 200.0, "spur", "KP", "KP", speed_kmh=50.0),
        NewLine(3, 4, SEA, 0, 62.0, "approach", "", ""),
    ]
    return with_lines(empty, lines, [NewTransfer(3, RAIL, 1435, SEA, 0, "port", "KPNAM")])


def _no_links() -> Links:
    return base_network().links.take(np.zeros(0, np.int64))


def _no_transfers() -> Transfers:
    return base_network().transfers.take(np.zeros(0, np.int64))


def prices(**tables: Table) -> Prices:
    return with_tables(default_prices(), **tables)


def test_running_time_is_length_over_speed_and_the_crossing_adds_its_dwell() -> None:
    rates = table(
        "rates",
        mode=["rail", "rail", "sea"],
        country=["KR", "KP", "*"],
        speed_kmh=[40.0, 20.0, 31.0],
        cost_usd_per_teu_km=[0.5, 0.25, 0.1],
        co2_kg_per_teu_km=[0.1, 0.2, 0.05],
    )
    crossings = table(
        "crossings",
        crossing=["Gate", "Gate"],
        from_country=["KR", "KP"],
        dwell_hours=[6.0, 8.0],
        cost_usd_per_teu=[30.0, 40.0],
        charge_usd_per_teu=[5.0, 0.0],
        charge_to=["PRK", ""],
        capacity_teu_per_year=[1000.0, 2000.0],
        open=[True, True],
    )
    links = price_network(five_nodes(), prices(rates=rates, crossings=crossings)).links
    # Forward rows 0 to 3, back rows 4 to 7. The spur has its own speed of 50 km/h, above North Korea's 20.
    np.testing.assert_allclose(links.time_hours, [10, 6.25, 4, 2, 10, 8.5, 4, 2])
    np.testing.assert_allclose(links.wait_hours, [0, 6, 0, 0, 0, 8, 0, 0])
    np.testing.assert_allclose(links.cost_usd_per_teu, [200, 35, 50, 6.2, 200, 42.5, 50, 6.2])
    np.testing.assert_allclose(links.charge_usd_per_teu, [0, 5, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(links.co2_kg_per_teu, [40, 1, 40, 3.1, 40, 2, 40, 3.1])
    assert links.charge_to[1] == "PRK"
    assert links.charge_to[5] == ""
    assert links.capacity_teu_per_year[1] == 1000
    assert np.isinf(links.capacity_teu_per_year[0])


def test_a_pair_of_countries_stands_between_the_name_and_the_star() -> None:
    def dwell(*names: str) -> float:
        rows = table(
            "crossings",
            crossing=list(names),
            from_country=["*"] * len(names),
            dwell_hours=[float(len(name)) for name in names],
            cost_usd_per_teu=[0.0] * len(names),
            charge_usd_per_teu=[0.0] * len(names),
            charge_to=[""] * len(names),
            capacity_teu_per_year=[np.inf] * len(names),
            open=[True] * len(names),
        )
        return float(price_network(five_nodes(), prices(crossings=rows)).links.wait_hours[1])

    assert dwell("*") == 1
    assert dwell("*", "KP-KR") == 5
    assert dwell("*", "KP-KR", "Gate") == 4


def test_a_port_stands_above_its_country_and_that_above_the_star() -> None:
    def hours(*names: str) -> float:
        rows = table(
            "ports",
            port=list(names),
            handling_hours=[10.0 * (i + 1) for i in range(len(names))],
            cost_usd_per_teu=[1.0] * len(names),
            charge_usd_per_teu=[0.0] * len(names),
            charge_to=[""] * len(names),
            capacity_teu_per_year=[np.inf] * len(names),
        )
        return float(price_network(five_nodes(), prices(ports=rows)).transfers.time_hours[0])

    assert hours("*") == 10
    assert hours("*", "KP") == 20
    assert hours("*", "KP", "KPNAM") == 30


def test_a_toll_is_paid_once_a_transit() -> None:
    world = world_network()
    for passage, toll, wait in (("suez", 50.0, 14.0), ("panama", 75.0, 24.0)):
        rows = np.flatnonzero(world.links.passage.mask(passage))
        # A canal is a chain: its links in one direction sum to one transit.
        assert world.links.charge_usd_per_teu[rows].sum() == pytest.approx(2 * toll)
        assert world.links.wait_hours[rows].sum() == pytest.approx(2 * wait)


def test_the_northern_sea_route_is_about_as_long_as_published() -> None:
    # Kara Strait to Providence Bay 5,600 km (Rosatom); ours ends at Bering Strait, some 350 km before.
    assert passage_length_km(base_network().links, "northern-sea-route") == pytest.approx(5_250, rel=0.05)


def test_the_season_of_a_passage_is_in_its_months() -> None:
    links = world_network().links
    route = links.passage.mask("northern-sea-route")
    assert set(links.months[route].tolist()) == {0b0111_1100_0000}
    assert set(links.months[~route & ~links.passage.mask("northwest-passage")].tolist()) == {ALL_MONTHS}


def test_a_table_can_close_but_not_open() -> None:
    world = world_network()
    assert not world.links.open[world.links.name.mask("GE-RU 1")].any()
    again = price_network(world, default_prices())
    assert not again.links.open[again.links.name.mask("Dorasan-Panmun")].any()


def test_pricing_twice_is_pricing_once() -> None:
    world = world_network()
    again = price_network(world, default_prices())
    for column in ("time_hours", "wait_hours", "cost_usd_per_teu", "charge_usd_per_teu", "months", "open"):
        np.testing.assert_array_equal(getattr(again.links, column), getattr(world.links, column))
        if column != "wait_hours":
            np.testing.assert_array_equal(getattr(again.transfers, column), getattr(world.transfers, column))


def test_every_shipped_price_has_a_source() -> None:
    shipped = default_prices()
    listed = (DATA / "default_sources.csv").read_text(encoding="utf-8").splitlines()[1:]
    keys = {"assumption", *(line.split(",")[0] for line in listed)}
    for name in ("rates", "crossings", "passages", "ports", "gauge_breaks", "terminals"):
        rows: Table = getattr(shipped, name)
        assert set(rows.text("source")) <= keys
        assert all(
            note for source, note in zip(rows.text("source"), rows.text("note"), strict=True) if source == "assumption"
        )


def test_missing_star_rows_are_named() -> None:
    only = table(
        "rates", mode=["rail"], country=["KR"], speed_kmh=[1.0], cost_usd_per_teu_km=[1.0], co2_kg_per_teu_km=[1.0]
    )
    bare = Prices(
        **{n: getattr(default_prices(), n) for n in ("crossings", "passages", "ports", "gauge_breaks", "terminals")},
        rates=only,
    )
    with pytest.raises(ValueError, match=r"rates hold no row of country '\*' for rail, sea"):
        price_network(five_nodes(), bare)


def test_overlaid_rows_replace_rows_of_the_same_key() -> None:
    below = table("ports", port=["*", "KR"], handling_hours=[1.0, 2.0])
    above = table("ports", port=["KR", "JP"], handling_hours=[3.0, 4.0])
    both = overlaid(below, above, ("port",))
    assert dict(zip(both.text("port"), both.number("handling_hours"), strict=True)) == {"*": 1.0, "KR": 3.0, "JP": 4.0}


def test_roads_are_priced_too() -> None:
    network = with_lines(five_nodes(), [NewLine(0, 1, ROAD, 0, 100.0, "access", "KR", "KR")], [])
    assert price_network(network, default_prices()).links.time_hours[8] == pytest.approx(2.0)
