"""Money measures and decompositions agree with each other and with their definitions."""

import numpy as np
import pytest

from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import Policy, Shifts
from landbridge.trade.welfare import (
    cost_incidence,
    exact_parts,
    first_order_parts,
    money_welfare,
    payment_effect,
    trade_shift,
)

FLOWS = np.array([[90.0, 7.0, 10.0], [6.0, 40.0, 2.0], [8.0, 4.0, 300.0]])
EPS = 4.0


def test_money_measures() -> None:
    tau = np.ones((3, 3))
    tau[0, 1] = tau[1, 0] = 0.9
    result = solve_trade(FLOWS, tau, trade_elasticity=EPS, deficits="additive")
    worth = money_welfare(result, np.array([50.0, 20.0, 150.0]))
    spending = FLOWS.sum(0)
    np.testing.assert_allclose(worth.equivalent_variation, spending * (result.real_income_change - 1))
    # CV takes the new income back to the old utility: E' - CV = P_hat E_0.
    np.testing.assert_allclose(
        result.spending_change * spending - worth.compensating_variation, result.price_change * spending, rtol=1e-12
    )
    assert worth.percent_of_gdp is not None
    assert worth.percent_of_gdp[0] == pytest.approx(2 * worth.equivalent_variation[0])


def test_exact_parts_add_up_exactly() -> None:
    rng = np.random.default_rng(1)
    tau = np.exp(rng.normal(0, 0.3, (3, 3)))
    tariff = rng.uniform(0, 0.2, (3, 3)) * (1 - np.eye(3))
    shifts = Shifts(productivity=np.array([1.1, 1.0, 0.9]), supply_elasticity=0.5)
    policy = Policy(new_tariffs=tariff)
    result = solve_trade(FLOWS, tau, trade_elasticity=EPS, deficits="additive", policy=policy, shifts=shifts)
    parts = exact_parts(result, trade_elasticity=EPS, domestic_cost_change=np.diag(tau))
    np.testing.assert_allclose(parts.total, np.log(result.real_income_change), rtol=1e-10, atol=1e-12)


def test_first_order_is_the_derivative_of_real_income() -> None:
    rng = np.random.default_rng(2)
    tariffs = rng.uniform(0, 0.3, (3, 3)) * (1 - np.eye(3))
    direction, skill = rng.normal(size=(3, 3)), rng.normal(size=3)
    gift = np.array([1.0, -3.0, 2.0])
    size = 1e-5
    tau = 1 + size * direction
    policy = Policy(tariffs=tariffs, new_tariffs=tariffs + size * np.abs(direction) * (1 - np.eye(3)))
    shifts = Shifts(1 + size * skill, None, size * gift, 0.4)
    result = solve_trade(FLOWS, tau, trade_elasticity=EPS, deficits="additive", policy=policy, shifts=shifts)
    parts = first_order_parts(result, cost_change=tau, tariffs=tariffs)
    np.testing.assert_allclose(parts.total, result.real_income_change - 1, rtol=1e-3, atol=1e-9)


def test_creation_and_diversion_count_each_import_once() -> None:
    before = np.array([[100.0, 5, 5], [10, 100, 5], [20, 10, 100]])
    after = np.array([[92.0, 9, 4], [22, 95, 4], [16, 9, 102]])
    shift = trade_shift(before, after, np.array([True, True, False]))
    np.testing.assert_allclose(shift.from_bloc, [12, 4, -2])
    np.testing.assert_allclose(shift.diversion[:2], [4, 1])
    np.testing.assert_allclose(shift.creation[:2], [8, 3])
    np.testing.assert_allclose(shift.from_bloc + shift.from_others + shift.domestic, (after - before).sum(0))


def test_payments_count_nominal_over_price_and_move_terms_of_trade() -> None:
    tau = np.ones((3, 3))
    tau[0, 1] = tau[1, 0] = 0.9
    payment = np.array([2.0, -2.0, 0.0])
    without = solve_trade(FLOWS, tau, trade_elasticity=EPS, deficits="balanced")
    paid = solve_trade(FLOWS, tau, trade_elasticity=EPS, deficits="balanced", shifts=Shifts(transfers=payment))
    effect = payment_effect(without, paid, payment)
    gain = paid.baseline_spending * (paid.real_income_change - without.real_income_change)
    np.testing.assert_allclose(effect.money + effect.terms_of_trade, gain)
    np.testing.assert_allclose(effect.money, payment / paid.price_change)
    # With home bias the receiver's terms of trade improve (the secondary burden of the payer).
    assert effect.terms_of_trade[0] > 0 > effect.terms_of_trade[1]


def test_buyers_and_sellers_share_the_bill_of_dearer_trade() -> None:
    rng = np.random.default_rng(8)
    flows = rng.gamma(1.0, size=(6, 6)) * 10 + np.diag(rng.gamma(3.0, size=6) * 40)
    tau = np.exp(rng.normal(0.05, 0.1, (6, 6)))
    result = solve_trade(flows, tau, trade_elasticity=EPS, deficits="balanced")
    who = cost_incidence(result, tau, trade_elasticity=EPS)
    np.testing.assert_allclose(who.importer + who.exporter, who.bill, atol=1e-12)
    # Structural gravity in changes: trade over sizes is cost over both resistances.
    grown = result.sales_change[:, None] * result.spending_change
    resisted = (tau / (who.outward[:, None] * who.inward)) ** -EPS
    np.testing.assert_allclose(result.flows / result.baseline_flows, grown * resisted, rtol=1e-9)


def test_twins_pass_a_common_cost_on_to_buyers_and_a_small_seller_bears_its_own() -> None:
    twins = np.array([[80.0, 20.0], [20.0, 80.0]])
    tau = np.array([[1.0, 1.1], [1.1, 1.0]])
    who = cost_incidence(solve_trade(twins, tau, trade_elasticity=EPS), tau, trade_elasticity=EPS)
    np.testing.assert_allclose(who.exporter, 0.0, atol=1e-9)  # prices at the gate stay those of the world
    np.testing.assert_allclose(who.importer[0, 1], 2.0)
    world = np.array([[0.02, 0.98], [0.98, 9999.0]])  # the first sells nearly all of its output to a huge second
    dear = np.array([[1.0, 1.1], [1.0, 1.0]])
    found = cost_incidence(solve_trade(world, dear, trade_elasticity=50.0), dear, trade_elasticity=50.0)
    assert found.exporter[0, 1] / found.bill[0, 1] > 0.8


def test_a_pair_that_closes_bears_nothing() -> None:
    tau = np.ones((3, 3))
    tau[0, 1] = np.inf
    who = cost_incidence(solve_trade(FLOWS, tau, trade_elasticity=EPS), tau, trade_elasticity=EPS)
    assert who.bill[0, 1] == who.importer[0, 1] == who.exporter[0, 1] == 0.0
    with pytest.raises(ValueError, match="one scenario"):
        cost_incidence(solve_trade(FLOWS, tau[None], trade_elasticity=EPS), tau, trade_elasticity=EPS)
