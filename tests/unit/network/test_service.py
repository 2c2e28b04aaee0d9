"""Waiting for a service: by formula, in the prices of a network made by hand, and in a study from file to hours."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import landbridge
from landbridge.core.problems import StudyError
from landbridge.core.tables import Table
from landbridge.network.network import RAIL, ROAD, SEA
from landbridge.network.own import own_network
from landbridge.network.prices import default_prices, with_tables
from landbridge.network.pricing import price_network
from landbridge.network.service import LONGEST_WAIT_HOURS, half_headway_hours
from landbridge.pipeline.edits import edit_problems, edits_of
from landbridge.pipeline.ground import build_network
from landbridge.study.reader import read_study

ISLAND = Path(landbridge.__file__).parent / "studies/island-canal"


def test_half_a_week_over_the_departures_up_to_a_week() -> None:
    waits = half_headway_hours(np.array([np.nan, 1.0, 7.0, 14.0, np.inf, 0.5, 0.25]))
    assert waits.tolist() == [0.0, 84.0, 12.0, 6.0, 0.0, LONGEST_WAIT_HOURS, LONGEST_WAIT_HOURS]
    with pytest.raises(StudyError, match="LB343"):
        half_headway_hours(np.array([0.0]), table="links")


def test_the_mean_wait_of_freight_that_comes_at_any_time() -> None:
    # a train each 168 / 3 hours; freight arrives evenly over the week
    arrivals = np.linspace(0, 168, 100_000, endpoint=False)
    wait = (-arrivals) % (168 / 3)
    assert half_headway_hours(np.array([3.0]))[0] == pytest.approx(wait.mean(), rel=1e-3)


def _lines() -> Table:
    """A ferry of 310 km, twice a week, from a railway's end; the railway of 350 km runs without a timetable."""
    return Table(
        "links",
        {
            "link": np.array(["railway", "ferry"], object),
            "mode": np.array(["rail", "sea"], object),
            "gauge_mm": np.array([1435, 0]),
            "from_latitude_deg": np.array([37.0, 35.0]),
            "from_longitude_deg": np.array([127.0, 129.0]),
            "from_country": np.array(["KR", "KR"], object),
            "to_latitude_deg": np.array([35.0, 33.6]),
            "to_longitude_deg": np.array([129.0, 130.4]),
            "to_country": np.array(["KR", "JP"], object),
            "length_km": np.array([350.0, 310.0]),
            "speed_kmh": np.array([35.0, 31.0]),
            "capacity_teu_per_year": np.array([np.inf, np.inf]),
            "open": np.array([True, True]),
            "departures_per_week": np.array([np.nan, 2.0]),
        },
    )


def test_a_line_waits_before_it_runs_both_ways_and_pricing_again_waits_no_longer() -> None:
    once = price_network(own_network(_lines()), default_prices())
    for network in (once, price_network(once, default_prices())):
        ferry, railway = network.links.name.mask("ferry"), network.links.name.mask("railway")
        assert network.links.time_hours[ferry].tolist() == [10.0 + 42.0] * 2
        assert network.links.wait_hours[ferry].tolist() == [42.0] * 2
        assert network.links.time_hours[railway].tolist() == [10.0] * 2


def test_ships_and_trains_are_waited_for_when_boarding_only() -> None:
    shipped = default_prices()
    ports = Table("ports", {**shipped.ports.columns, "departures_per_week": np.array([3.0])})
    terminals = Table("terminals", {**shipped.terminals.columns, "departures_per_week": np.array([7.0])})
    network = own_network(_lines())
    plain = price_network(network, shipped).transfers
    timed = price_network(network, with_tables(shipped, ports=ports, terminals=terminals)).transfers
    more = timed.time_hours - plain.time_hours
    boarding = timed.kind.mask("port") & (timed.to_mode == SEA)
    assert boarding.sum() == 3  # from rail and road in Korea, from road in Japan
    np.testing.assert_allclose(more[boarding], 28.0)
    np.testing.assert_array_equal(more[~boarding], 0.0)
    assert set(timed.from_mode[boarding].tolist()) == {ROAD, RAIL}


def test_a_study_states_departures_in_its_tables_and_a_measure_changes_them(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(ISLAND, folder)
    table = folder / "tables/links.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    name = first.split(",")[0]
    lines = [f"departures_per_week,{head}", f"3.5,{first}", *(f",{row}" for row in rest)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    measures = folder / "measures.toml"
    measures.write_text(
        measures.read_text(encoding="utf-8")
        + f"""
[[measure]]
id = "daily"
title = "A departure a day"
why = "To test."
source = "assumption"
consent = ["brena"]

[[measure.change]]
kind = "departures"
names = ["{name}"]
departures_per_week = 7
""",
        encoding="utf-8",
    )
    plain, _ = build_network(read_study(ISLAND))
    study = read_study(folder)
    timed, _ = build_network(study)
    mine = timed.links.name.mask(name)
    assert mine.any()
    more = timed.links.time_hours - plain.links.time_hours
    np.testing.assert_allclose(more[mine], 24.0)
    np.testing.assert_array_equal(more[~mine], 0.0)
    daily = next(measure for measure in study.measures if measure.id == "daily")
    for edit in edits_of(daily, timed):
        timed = edit.apply(timed)
    np.testing.assert_allclose((timed.links.time_hours - plain.links.time_hours)[mine], 12.0)
    assert not [problem for problem in edit_problems(study, build_network(study)[0]) if "daily" in str(problem)]


def test_no_departures_is_a_fault_of_its_row(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(ISLAND, folder)
    table = folder / "tables/ports.csv"
    head, *rest = table.read_text(encoding="utf-8").splitlines()
    lines = [f"departures_per_week,{head}", *(f"0,{row}" for row in rest)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as found:
        read_study(folder)
    assert any("ports.csv" in str(p) and "departures_per_week" in str(p) for p in found.value.problems)
