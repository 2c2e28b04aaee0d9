"""Edits: all faults at once, nothing changed silently, the base untouched."""

from dataclasses import fields

import numpy as np
import pytest

from landbridge.core.coded import Coded
from landbridge.core.problems import StudyError
from landbridge.network.base import world_network
from landbridge.network.edits import ChangeNumber, Close, Open, ScaleBy, Season, SetTo, apply_measures, month_bits
from landbridge.network.network import Network
from landbridge.network.selection import Selector

GATE = Selector(names=("Dorasan-Panmun",))
MANZHOULI = Selector(names=("Manzhouli-Zabaikalsk",))
KP_RAIL = Selector(countries=("KP",), modes=("rail",))
NORTH = Selector(passages=("northern-sea-route",))


def digest(network: Network) -> list[bytes]:
    parts = []
    for table in (network.links, network.transfers):
        for field in fields(table):
            value = getattr(table, field.name)
            parts.append(value.codes.tobytes() if isinstance(value, Coded) else value.tobytes())
    return parts


def test_the_base_is_left_alone() -> None:
    world = world_network()
    before = digest(world)
    edits = [
        Open(GATE),
        ChangeNumber(KP_RAIL, "speed_kmh", SetTo(60)),
        ChangeNumber(MANZHOULI, "wait_hours", ScaleBy(0.5)),
        ChangeNumber(NORTH, "charge_usd_per_teu", ScaleBy(0.5), charge_to="RUS"),
        Season(NORTH, 6, 12),
        Close(Selector(ports=("KRPUS",))),
        ChangeNumber(Selector(names=("Erenhot-Zamyn-Uud",)), "capacity_teu_per_year", SetTo(500_000)),
    ]
    edited = apply_measures(world, edits)
    assert digest(world) == before
    assert digest(edited) != before
    assert edited.nodes is world.nodes


def test_opening_needs_no_prices() -> None:
    opened = apply_measures(world_network(), [Open(GATE)])
    row = int(np.flatnonzero(opened.links.name.mask("Dorasan-Panmun"))[0])
    # 2.4 km at the speed of the tail's country and 24 hours of inspection.
    assert opened.links.effective_hours[row] == pytest.approx(24 + 2.4 / 45, abs=0.1)


def test_all_faults_come_at_once() -> None:
    wrong = [
        Open(Selector(names=("Dorasn-Panmun",))),
        Open(Selector(names=("Erenhot-Zamyn-Uud",))),
        Close(Selector(ports=("XXXXX",))),
        ChangeNumber(KP_RAIL, "speed_kmh", SetTo(-5)),
        ChangeNumber(KP_RAIL, "cost_usd_per_teu", ScaleBy(1.0)),
        Season(NORTH, 7, 11),
        Season(NORTH, 0, 13),
        Close(Selector()),
    ]
    with pytest.raises(StudyError) as caught:
        apply_measures(world_network(), wrong)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["LB301", "LB304", "LB301", "LB303", "LB304", "LB304", "LB303", "LB302"]
    assert "Did you mean Dorasan-Panmun?" in str(caught.value)


def test_an_edit_is_looked_at_after_those_before_it() -> None:
    world = world_network()
    apply_measures(world, [Close(MANZHOULI), Open(MANZHOULI)])
    with pytest.raises(StudyError, match="closed already"):
        apply_measures(world, [Close(MANZHOULI), Close(MANZHOULI)])


def test_speed_changes_running_and_leaves_waiting() -> None:
    world = world_network()
    crossing = Selector(names=("Tumangang-Khasan",))
    edited = apply_measures(world, [ChangeNumber(crossing, "speed_kmh", SetTo(10.0))])
    rows = edited.links.name.mask("Tumangang-Khasan")
    km, wait = world.links.km[rows], world.links.wait_hours[rows]
    np.testing.assert_allclose(edited.links.time_hours[rows], wait + km / 10.0)
    np.testing.assert_array_equal(edited.links.wait_hours, world.links.wait_hours)


def test_doubling_speed_halves_running() -> None:
    world = world_network()
    edited = apply_measures(world, [ChangeNumber(KP_RAIL, "speed_kmh", ScaleBy(2.0))])
    rows = KP_RAIL.links(world)
    running = world.links.time_hours[rows] - world.links.wait_hours[rows]
    np.testing.assert_allclose(world.links.time_hours[rows] - edited.links.time_hours[rows], running / 2)


def test_dwell_is_set_on_each_crossing_whole() -> None:
    edited = apply_measures(world_network(), [ChangeNumber(MANZHOULI, "wait_hours", SetTo(6.0))])
    rows = edited.links.name.mask("Manzhouli-Zabaikalsk")
    np.testing.assert_allclose(edited.links.wait_hours[rows], 6.0)


def test_a_fee_is_set_once_a_transit() -> None:
    suez = Selector(passages=("suez",))
    edited = apply_measures(world_network(), [ChangeNumber(suez, "charge_usd_per_teu", SetTo(80.0), charge_to="EGY")])
    rows = edited.links.passage.mask("suez")
    assert edited.links.charge_usd_per_teu[rows].sum() / 2 == pytest.approx(80.0)
    assert set(edited.links.charge_to.text()[rows].tolist()) == {"EGY"}
    assert (edited.links.charge_to.text()[~rows] == world_network().links.charge_to.text()[~rows]).all()


def test_closing_a_port_shuts_its_transfers_and_no_other() -> None:
    world = world_network()
    edited = apply_measures(world, [Close(Selector(ports=("KPRJN",)))])
    rows = world.transfers.name.mask("KPRJN")
    assert rows.sum() == 6  # road, and rail of two gauges, each both ways
    assert np.isinf(edited.transfers.effective_hours[rows]).all()
    np.testing.assert_array_equal(edited.transfers.open[~rows], world.transfers.open[~rows])
    np.testing.assert_array_equal(edited.links.open, world.links.open)


def test_a_gauge_yard_shuts_with_its_crossing() -> None:
    edited = apply_measures(world_network(), [Close(MANZHOULI)])
    yard = edited.transfers.name.mask("Manzhouli-Zabaikalsk")
    assert yard.any()
    assert not edited.transfers.open[yard].any()


def test_handling_in_a_port_can_change() -> None:
    edit = ChangeNumber(Selector(ports=("KRPUS",)), "hours", ScaleBy(0.5))
    edited = apply_measures(world_network(), [edit])
    rows = edited.transfers.name.mask("KRPUS")
    np.testing.assert_allclose(edited.transfers.time_hours[rows], world_network().transfers.time_hours[rows] / 2)


def test_countries_and_modes_alone_mean_no_port() -> None:
    world = world_network()
    assert not KP_RAIL.transfers(world).any()
    assert KP_RAIL.links(world).any()


@pytest.mark.parametrize(
    ("first", "last", "months"), [(7, 11, {7, 8, 9, 10, 11}), (11, 2, {11, 12, 1, 2}), (5, 5, {5})]
)
def test_months_are_bits(first: int, last: int, months: set[int]) -> None:
    assert {m for m in range(1, 13) if month_bits(first, last) >> (m - 1) & 1} == months
