"""Properties of edits for any selection: inverses, order of edits that do not meet, the base untouched."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.network.base import world_network
from landbridge.network.edits import ChangeNumber, Close, Open, ScaleBy, SetTo, apply_measures
from landbridge.network.network import Network
from landbridge.network.selection import Selector

CROSSINGS = (
    "Manzhouli-Zabaikalsk",
    "Erenhot-Zamyn-Uud",
    "Alashankou-Dostyk",
    "Brest-Terespol",
    "Tumangang-Khasan",
    "Sinuiju-Dandong",
)
PASSAGES = ("suez", "panama", "northern-sea-route", "bosporus")
QUANTITIES = ("speed_kmh", "wait_hours", "hours", "cost_usd_per_teu")
selectors = st.one_of(
    st.sets(st.sampled_from(CROSSINGS), min_size=1).map(lambda names: Selector(names=tuple(sorted(names)))),
    st.sets(st.sampled_from(PASSAGES), min_size=1).map(lambda names: Selector(passages=tuple(sorted(names)))),
    st.sets(st.sampled_from(("KP", "MN", "KR")), min_size=1).map(
        lambda codes: Selector(countries=tuple(sorted(codes)), modes=("rail",))
    ),
)
QUICK = settings(max_examples=25, deadline=None)


def numbers(network: Network) -> list[np.ndarray]:
    links, transfers = network.links, network.transfers
    return [
        links.time_hours,
        links.wait_hours,
        links.cost_usd_per_teu,
        links.open,
        transfers.time_hours,
        transfers.open,
    ]


@QUICK
@given(selectors)
def test_opening_undoes_closing(where: Selector) -> None:
    world = world_network()
    closed = apply_measures(world, [Close(where)])
    rows = where.links(world)
    assert np.isinf(closed.links.effective_hours[rows]).all()
    back = apply_measures(closed, [Open(where)])
    np.testing.assert_array_equal(back.links.open, world.links.open | rows)
    np.testing.assert_array_equal(back.links.time_hours, world.links.time_hours)


@QUICK
@given(selectors, st.sampled_from(QUANTITIES), st.floats(0.2, 5.0).filter(lambda f: abs(f - 1) > 0.01))
def test_a_factor_and_its_inverse_change_nothing(where: Selector, quantity: str, factor: float) -> None:
    world = world_network()
    if quantity == "wait_hours" and not world.links.wait_hours[where.links(world)].any():
        return
    there = [ChangeNumber(where, quantity, ScaleBy(factor)), ChangeNumber(where, quantity, ScaleBy(1 / factor))]  # type: ignore[arg-type]
    for mine, its in zip(numbers(apply_measures(world, there)), numbers(world), strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-12)


@QUICK
@given(st.sampled_from(CROSSINGS), st.sampled_from(PASSAGES), st.floats(1.0, 200.0))
def test_edits_that_do_not_meet_commute(crossing: str, passage: str, hours: float) -> None:
    one = ChangeNumber(Selector(names=(crossing,)), "wait_hours", SetTo(hours + 300))
    other = ChangeNumber(Selector(passages=(passage,)), "cost_usd_per_teu", ScaleBy(1.5))
    world = world_network()
    for a, b in zip(
        numbers(apply_measures(world, [one, other])), numbers(apply_measures(world, [other, one])), strict=True
    ):
        np.testing.assert_array_equal(a, b)


@QUICK
@given(selectors, st.floats(5.0, 120.0))
def test_a_faster_line_never_takes_longer(where: Selector, factor: float) -> None:
    world = world_network()
    faster = apply_measures(world, [ChangeNumber(where, "speed_kmh", ScaleBy(1 + factor / 100))])
    assert (faster.links.time_hours <= world.links.time_hours + 1e-12).all()
