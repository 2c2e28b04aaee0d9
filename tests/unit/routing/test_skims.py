"""Skims on networks whose answers follow from a formula."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.network.network import Network
from landbridge.network.service import half_headway_hours
from landbridge.routing.generalised import FreightClass
from landbridge.routing.reasons import explain_unreachable
from landbridge.routing.skims import skim
from landbridge.routing.states import compile_states

_spec = importlib.util.spec_from_file_location("small_networks", Path(__file__).with_name("small_networks.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

TIME_ONLY = FreightClass("time", 2400.0, 100.0)  # 100 USD per TEU and hour
MONEY_ONLY = FreightClass("money", 1.0, 0.0)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))


def test_grid_distances_are_those_of_manhattan() -> None:
    side = 9
    zones = np.arange(side * side)
    skims = skim(small.grid_network(side), zones, classes=[TIME_ONLY])
    row, column = np.divmod(zones, side)
    steps = np.abs(row[:, None] - row) + np.abs(column[:, None] - column)
    assert np.allclose(skims.hours[0], steps)
    assert np.allclose(skims.usd_per_teu[0], 2 * steps)
    assert np.allclose(skims.km[0], 3 * steps)
    assert np.allclose(skims.co2_kg_per_teu[0], 4 * steps)
    assert np.allclose(skims.generalised_usd_per_teu[0], 102 * steps)


def test_each_class_takes_its_own_route_and_carries_what_that_route_costs() -> None:
    fast, slow = {"cost": 500.0, "km": 9.0, "charge": 50.0}, {"cost": 100.0, "km": 20.0, "co2": 3.0}
    network = small.make_network(2, [(0, 1, 10.0, fast), (0, 1, 40.0, slow)])
    skims = skim(network, np.array([0, 1]), classes=[TIME_ONLY, MONEY_ONLY])
    assert skims.hours[:, 0, 1].tolist() == [10.0, 40.0]
    assert skims.usd_per_teu[:, 0, 1].tolist() == [550.0, 100.0]
    assert skims.charge_usd_per_teu[:, 0, 1].tolist() == [50.0, 0.0]
    assert skims.km[:, 0, 1].tolist() == [9.0, 20.0]
    assert skims.co2_kg_per_teu[:, 0, 1].tolist() == [0.0, 3.0]
    assert skims.generalised_usd_per_teu[:, 0, 1].tolist() == [1550.0, 100.0]
    assert np.isinf(skims.hours[:, 1, 0]).all()


def test_a_price_of_co2_can_turn_the_choice() -> None:
    network = small.make_network(2, [(0, 1, 1.0, {"cost": 10.0, "co2": 1000.0}), (0, 1, 1.0, {"cost": 60.0})])
    for price, usd in ((0.0, 10.0), (49.0, 10.0), (51.0, 60.0)):
        skims = skim(network, np.array([0, 1]), classes=[MONEY_ONLY], co2_usd_per_tonne=price)
        assert skims.usd_per_teu[0, 0, 1] == usd


def test_the_year_is_the_mean_of_the_months_best_routes() -> None:
    july_to_september = 0b000111000000
    network = small.make_network(2, [(0, 1, 8.0), (0, 1, 4.0, {"months": july_to_september})])
    assert skim(network, np.array([0, 1]), classes=[TIME_ONLY]).hours[0, 0, 1] == pytest.approx((9 * 8 + 3 * 4) / 12)


def test_what_is_shut_in_some_month_is_unreachable_and_the_reason_names_months_and_link() -> None:
    network = small.make_network(2, [(0, 1, 4.0, {"months": 0b000111000000, "passage": "ice"})])
    assert np.isinf(skim(network, np.array([0, 1])).hours[0, 0, 1])
    reason = explain_unreachable(network, 0, 1)
    assert "months 1, 2, 3, 4, 5, 6, 10, 11, 12" in reason
    assert "ice (open in months 7, 8, 9)" in reason


def test_rails_of_two_gauges_need_a_transfer_and_pay_for_it() -> None:
    broad, standard = {"mode": "rail", "gauge": 1520, "cost": 1.0}, {"mode": "rail", "gauge": 1435, "cost": 1.0}
    links = [(0, 1, 5.0, broad), (1, 2, 7.0, standard)]
    without = small.make_network(3, links, names=["a", "yard", "b"])
    assert np.isinf(skim(without, ["a", "b"]).hours[0, 0, 1])
    assert explain_unreachable(without, "a", "b") == (
        "no transfer from yard (rail 1520 mm) to rail of 1435 mm at the same place"
    )
    change = (1, "rail", 1520, "rail", 1435, 12.0, {"cost": 30.0})
    assert skim(small.make_network(3, links, [change]), np.array([0, 2])).hours[0, 0, 1] == 24.0
    assert skim(small.make_network(3, links, [change]), np.array([0, 2])).usd_per_teu[0, 0, 1] == 32.0


def test_passing_through_a_zone_with_ships_and_trains_is_no_free_transfer() -> None:
    links = [(0, 1, 5.0, {"mode": "rail", "gauge": 1435}), (1, 2, 7.0, {"mode": "sea"})]
    skims = skim(small.make_network(3, links), np.array([0, 1, 2]))
    assert skims.hours[0, 0, 1] == 5.0
    assert skims.hours[0, 1, 2] == 7.0
    assert np.isinf(skims.hours[0, 0, 2])


def test_half_a_headway_is_waited_for_at_the_transfer() -> None:
    change = (1, "rail", 1520, "rail", 1435, 12.0)
    network = small.make_network(2, [(0, 1, 5.0, {"mode": "rail", "gauge": 1520})], [change])
    graph = compile_states(network, places=np.array([0]), departures_per_week=np.array([7.0]))
    assert graph.values.hours[1] == 12.0 + 12.0
    assert half_headway_hours(np.array([np.nan, 14.0])).tolist() == [0.0, 6.0]
    with pytest.raises(StudyError, match="LB343"):
        half_headway_hours(np.array([0.0]))


def test_one_node_no_link() -> None:
    skims = skim(small.make_network(1, []), np.array([0]))
    assert skims.hours.tolist() == [[[0.0]]]


def test_loops_copies_and_free_links_do_no_harm() -> None:
    network = small.make_network(3, [(0, 0, 1.0), (0, 1, 0.0), (0, 1, 3.0), (1, 0, 0.0), (1, 2, 2.0), (1, 2, 2.0)])
    hours = skim(network, np.array([0, 1, 2])).hours[0]
    assert hours[:, 2].tolist() == [2.0, 2.0, 0.0]
    assert hours[0, 1] == 0.0


def test_poles_and_the_antimeridian_are_places_like_any_other() -> None:
    places = [(90.0, 0.0), (-90.0, 12.0), (0.0, 180.0), (0.0, -180.0), (10.0, 179.9)]
    links = small.both_ways(*[(i, (i + 1) % 5, 1.0 + i) for i in range(5)])
    hours = skim(small.make_network(5, links, places=places), np.arange(5)).hours[0]
    assert hours[0].tolist() == [0.0, 1.0, 3.0, 6.0, 5.0]


def test_disconnected_zones_are_infinite_and_the_gap_is_named() -> None:
    network = small.make_network(4, [(0, 1, 1.0), (2, 3, 1.0)], names=["a", "b", "c", "d"])
    hours = skim(network, ["a", "d"]).hours[0]
    assert np.isinf(hours[0, 1])
    assert hours[0, 0] == 0.0
    assert explain_unreachable(network, "a", "d").startswith("no link joins the 2 states reached from a (road)")
    alone = small.make_network(2, [])
    assert "no link or transfer leaves 0" in explain_unreachable(alone, 0, 1)


def test_a_closed_link_is_named() -> None:
    links = [(0, 1, 1.0), (1, 2, 1.0, {"open": False, "name": "Dorasan-Bongdong"}), (2, 3, 1.0)]
    network = small.make_network(4, links)
    assert explain_unreachable(network, 0, 3) == "closed on the way: Dorasan-Bongdong"
    assert explain_unreachable(network, 0, 1) == ""


@pytest.mark.parametrize(
    ("columns", "name"),
    [({"cost": -1.0}, "cost_usd_per_teu"), ({"km": np.nan}, "km"), ({"co2": np.inf}, "co2_kg_per_teu")],
)
def test_costs_that_no_search_can_use_are_refused_by_name(columns: Any, name: str) -> None:
    with pytest.raises(StudyError, match=f"{name}.*LB341"):
        skim(small.make_network(2, [(0, 1, 1.0, columns)]), np.array([0, 1]))


def test_unknown_zones_are_all_named() -> None:
    with pytest.raises(StudyError) as found:
        skim(small.make_network(2, [(0, 1, 1.0)]), ["0", "x", "y"])
    assert [problem.code for problem in found.value.problems] == ["LB342", "LB342"]


def test_adding_a_link_never_lengthens_and_closing_never_shortens() -> None:
    rng = np.random.default_rng(7)
    for _ in range(10):
        network = small.random_network(rng)
        base = skim(network, np.arange(14)).generalised_usd_per_teu
        closed = np.flatnonzero(~network.links.open)
        more = skim(small.with_open(network, closed, opened=True), np.arange(14)).generalised_usd_per_teu
        opened = np.flatnonzero(network.links.open)[::3]
        less = skim(small.with_open(network, opened, opened=False), np.arange(14)).generalised_usd_per_teu
        assert (more <= base * (1 + 1e-12)).all()
        assert (less >= base * (1 - 1e-12)).all()


@pytest.mark.slow
def test_a_million_links() -> None:
    # a line of 500,001 nodes round the equator, a step an hour: hours are differences of positions
    n = 500_001
    links = np.arange(n - 1)
    one = small.make_network(2, [(0, 1, 1.0)])
    row = np.zeros(2 * (n - 1), np.int64)
    tail, head = np.concatenate([links, links + 1]), np.concatenate([links + 1, links])
    long = replace(one.links.take(row), tail=tail, head=head)
    nodes = replace(one.nodes.take(np.zeros(n, np.int64)), longitude_deg=np.linspace(-180, 180, n))
    zones = np.array([0, 1, 123_456, 400_000, n - 1])
    hours = skim(Network(nodes, long, one.transfers), zones).hours[0]
    assert (hours == np.abs(zones[:, None] - zones)).all()
