"""Loads and delays at gates against answers by hand and by root finding."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError
from landbridge.routing.choice import Logit
from landbridge.routing.gate_delays import GateSet
from landbridge.routing.gate_equilibrium import SPLIT, balance, respond
from landbridge.routing.gate_routes import Case, Demand, KnownRoutes, Market, case_of, split_routes

SCALE = 0.01
VALUE, HOUR = 10_000.0, 2.0


def gate_set(n: int = 1, *, power: float = 4.0, preload: float = 0.0) -> GateSet:
    return GateSet(np.arange(n), np.ones(n, np.bool_), np.full(n, 24.0), np.full(n, 100.0), preload, power, 60.0)


def market(alternatives: int, *, elasticity: float = 0.0, marks: int = 1) -> Market:
    logit = Logit(np.array([SCALE]), np.zeros(alternatives))
    return Market(np.array([VALUE]), np.array([HOUR]), elasticity, np.ones(1), logit, np.zeros(marks))


def case(
    cost: list[float], marks: list[int], teu: float, market: Market, further: list[tuple[int, float, int]]
) -> Case:
    """Return two zones with one route for each alternative from the first to the second, and further routes."""
    n = len(cost)
    table, bits = np.full((1, n, 1, 2, 2), np.inf), np.zeros((1, n, 1, 2, 2, 1), np.uint64)
    table[0, :, 0, 0, 1], bits[0, :, 0, 0, 1, 0] = cost, marks
    rows = np.array([(0, 0, 1, 0, r, 1) for r, _, _ in further], np.int64).reshape(-1, 6)
    known = KnownRoutes(
        table,
        bits,
        rows,
        np.array([usd for _, usd, _ in further]),
        np.array([[mark] for _, _, mark in further], np.uint64).reshape(-1, 1),
        2,
    )
    amount, paid = np.zeros((1, 2, 2)), np.full((1, 2, 2), np.inf)
    amount[0, 0, 1], paid[0, 0, 1] = teu, min(cost)
    return case_of(known, Demand(amount, paid), market)


def test_two_routes_of_one_corridor_share_until_they_cost_the_same() -> None:
    # 100 USD through the gate, 148 beside it: used both only where the delay costs 48 USD, that is 24 hours
    found = balance(
        case([100.0], [1], 1000.0, market(1), [(0, 148.0, 0)]),
        gate_set(),
        before=np.zeros(1),
        load=np.zeros(1),
        tolerance=1e-9,
    )
    aside = found.answer.part[0]
    assert found.load[0] == pytest.approx(100.0, rel=0.01)  # (v / c)^4 = 1
    assert aside == pytest.approx(0.9, rel=1e-3)
    assert HOUR * found.hours[0] == pytest.approx(48.0 + np.log(aside / (1.0 - aside)) / (SPLIT * SCALE))
    # the split is a logit so sharp that what is paid above the cheapest is next to nothing
    assert found.answer.excess / found.answer.paid < 1.0 / (SPLIT * SCALE * 100.0)


def test_a_detour_that_stays_dearer_is_not_used() -> None:
    found = balance(
        case([100.0], [1], 50.0, market(1), [(0, 148.0, 0)]),
        gate_set(),
        before=np.zeros(1),
        load=np.zeros(1),
        tolerance=1e-9,
    )
    assert found.load[0] == pytest.approx(50.0)
    assert found.hours[0] == pytest.approx(24.0 * 0.5**4)
    assert found.answer.part[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("preload", [0.0, 0.3])
@pytest.mark.parametrize("elasticity", [0.0, 5.0])
def test_corridors_and_trade_answer_to_the_delay(preload: float, elasticity: float) -> None:
    gates, of = gate_set(preload=preload), market(2, elasticity=elasticity)
    start = gates.hours(np.zeros(1))
    asked = case([100.0, 180.0], [1, 0], 400.0, of, [])

    def excess(load: float) -> float:
        late = float(gates.hours(np.array([load]))[0] - start[0]) * HOUR
        weight = np.exp(-SCALE * np.array([100.0 + late, 180.0]))
        composite = -np.log(weight.sum()) / SCALE
        teu = 400.0 * ((VALUE + composite) / (VALUE + 100.0)) ** -elasticity
        return float(teu * weight[0] / weight.sum()) - load

    found = balance(asked, gates, before=start, load=np.zeros(1), tolerance=1e-10)
    assert found.load[0] == pytest.approx(brentq(excess, 0.0, 400.0), rel=1e-7)


def test_two_gates_in_a_row_and_one_beside() -> None:
    # gates 0 and 1 in a row, or gate 2 alone, or neither: all three used, so all cost the same
    of = market(1, marks=3)
    found = balance(
        case([100.0], [0b011], 1000.0, of, [(0, 120.0, 0b100), (0, 200.0, 0)]),
        gate_set(3),
        before=np.zeros(3),
        load=np.zeros(3),
        tolerance=1e-9,
    )
    assert found.hours[0] == pytest.approx(found.hours[1])
    assert HOUR * (found.hours[0] + found.hours[1]) == pytest.approx(100.0, rel=0.01)
    assert HOUR * found.hours[2] == pytest.approx(80.0, rel=0.01)
    assert found.load[0] == pytest.approx(100.0 * (25.0 / 24.0) ** 0.25, rel=0.01)
    assert found.load[2] == pytest.approx(100.0 * (40.0 / 24.0) ** 0.25, rel=0.01)


def test_of_arcs_that_follow_each_other_the_most_loaded_counts() -> None:
    gates = GateSet(np.array([0, 0, 1]), np.array([False, True]), np.ones(2), np.ones(2), 0.0, 4.0, 60.0)
    assert gates.loads(np.array([3.0, 5.0, 2.0])).tolist() == [5.0, 2.0]
    assert gates.leads(np.array([3.0, 5.0, 2.0])).tolist() == [False, True, True]


def test_slopes_are_those_of_finite_differences() -> None:
    rng = np.random.default_rng(3)
    n, zones = 4, 5
    cost = rng.uniform(500.0, 900.0, (1, n, 1, zones, zones))
    marks = rng.integers(0, 8, (1, n, 1, zones, zones, 1)).astype(np.uint64)
    nested = Logit(np.array([SCALE]), np.zeros(n), ("a", "a", "", ""), (("a", 1.5),), bound_ratio=1.6)
    of = replace(market(n, elasticity=4.0, marks=3), logit=nested)
    known = KnownRoutes(cost, marks, np.zeros((0, 6), np.int64), np.zeros(0), np.zeros((0, 1), np.uint64), 1)
    asked = case_of(known, Demand(np.full((1, zones, zones), 10.0), cost.min((0, 1))), of)
    hours, chosen = np.array([5.0, 2.0, 9.0]), (np.arange(3), np.ones(3, np.bool_), 3)
    slope = respond(asked, hours, gates=chosen).slope
    for h in range(3):
        step = np.zeros(3)
        step[h] = 1e-3
        up, down = respond(asked, hours + step).arcs, respond(asked, hours - step).arcs
        np.testing.assert_allclose(slope[:, h], (up - down) / 2e-3, rtol=1e-4, atol=1e-6)


def test_what_fresh_routes_would_save_is_found() -> None:
    asked = case([100.0], [1], 10.0, market(1), [])
    fresh: Float = np.full((1, 1, 1, 2, 2), np.inf)
    fresh[0, 0, 0, 0, 1] = 90.0
    found = respond(asked, np.zeros(1), fresh=fresh)
    assert found.saving == pytest.approx(10.0 * 10.0)
    assert found.paid == pytest.approx(10.0 * 100.0)


def test_flows_off_the_present_routes_are_told_by_round() -> None:
    asked = case([100.0], [1], 10.0, market(1), [(0, 100.0, 0)])
    present = np.zeros_like(asked.known.marks)  # the present route passes no gate: it is the further one
    parts = split_routes(asked.known, np.array([0.4]), present)
    assert list(parts) == [0]
    cells, share = parts[0]
    assert cells[:, 0].tolist() == [0, 0, 0, 0, 1]
    assert share.tolist() == [0.6]


def test_no_agreement_says_how_far_it_is() -> None:
    asked = case([100.0], [1], 1000.0, market(1), [(0, 148.0, 0)])
    with pytest.raises(ConvergenceError, match="relative"):
        balance(asked, gate_set(), before=np.zeros(1), load=np.zeros(1), tolerance=0.0)
