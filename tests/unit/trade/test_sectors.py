"""Limits, invariants and faults of the many-sector model."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.core.problems import InfeasibleError, StudyError
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import settle, solve_trade_sectors
from landbridge.trade.welfare import first_order_sectors

J, N = 3, 5


def world(deficit: float = 0.05) -> SectorEconomy:
    rng = np.random.default_rng(0)
    shares = rng.gamma(0.5, size=(J, N, N)) + 4.0 * np.eye(N)
    added = rng.uniform(0.3, 0.6, (J, N))
    inputs = rng.gamma(1.0, size=(N, J, J))
    labour = np.array([1.0, 2.0, 5.0, 10.0, 30.0])
    gap = deficit * labour * np.array([1.0, -1.0, 1.0, -1.0, 0.0])
    return SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        np.outer(np.ones(J), labour),
        labour,
        added,
        inputs * ((1 - added.T) / inputs.sum(1))[:, None, :],
        np.full((J, N), 1 / J),
        np.array([3.0, 5.0, 8.0]),
        gap - labour * gap.sum() / labour.sum(),
        ("A", "B", "C", "D", "E"),
        ("food", "cloth", "steel"),
    )


FREE = np.zeros((J, N, N))


@pytest.mark.parametrize("deficits", ["balanced", "additive"])
def test_no_change_gives_no_change_and_a_settled_baseline_is_kept(deficits: str) -> None:
    tariff = np.full((J, N, N), 0.1) * (1 - np.eye(N))
    base = settle(world(), tariff=tariff, deficits=deficits)
    assert settle(base, tariff=tariff, deficits=deficits) is base
    result = solve_trade_sectors(base, tariff=tariff, deficits=deficits)
    assert result.iterations == 0
    np.testing.assert_allclose(result.real_income_change, 1, rtol=1e-9)
    np.testing.assert_allclose(result.flows, result.baseline_flows, rtol=1e-9)


def test_markets_clear_and_budgets_hold() -> None:
    rng = np.random.default_rng(1)
    old, new = rng.uniform(0, 0.3, (2, J, N, N)) * (1 - np.eye(N))
    result = solve_trade_sectors(world(), tariff=old, new_tariff=new, deficits="additive")
    base = result.baseline
    np.testing.assert_allclose(result.flows.sum(2), result.output, rtol=1e-9)
    np.testing.assert_allclose(((1 + new) * result.flows).sum(1), result.spending, rtol=1e-9)
    np.testing.assert_allclose((new * result.flows).sum((0, 1)), result.tariff_revenue, rtol=1e-8)
    surplus = result.flows.sum((0, 2)) - result.flows.sum((0, 1))
    np.testing.assert_allclose(surplus, -base.deficit, atol=1e-7)


def test_costs_that_fall_everywhere_by_one_factor() -> None:
    # With all costs, domestic ones included, cut to d: prices P = W d (I - inputs)^-1, so gains follow the Leontief
    # inverse: ln P_n = sum_j alpha_j [(I - Gamma^T)^-1 ln d]_j at unchanged wages.
    base = settle(world(), tariff=FREE)
    result = solve_trade_sectors(base, tariff=FREE, cost_change=np.full((J, N, N), 0.9))
    shares, inputs = base.shares, base.input_shares
    system = np.eye(J * N)
    for j in range(J):
        for n in range(N):
            for i in range(N):
                for k in range(J):
                    system[j * N + n, k * N + i] -= shares[j, i, n] * inputs[i, k, j]
    price = np.linalg.solve(system, np.full(J * N, np.log(0.9))).reshape(J, N)
    gain = -(base.final_shares * price).sum(0)
    assert gain.min() > -np.log(0.9)
    # To first order, as the fall differs by economy with its input shares.
    small = solve_trade_sectors(base, tariff=FREE, cost_change=np.full((J, N, N), 1 - 1e-6))
    order = first_order_sectors(small, cost_change=np.full((J, N, N), 1 - 1e-6)).total
    np.testing.assert_allclose(order, small.real_income_change - 1, rtol=1e-4)
    assert (np.log(result.real_income_change) > -np.log(0.9)).all()


def test_first_order_welfare_is_the_derivative() -> None:
    rng = np.random.default_rng(3)
    tariff = rng.uniform(0, 0.3, (J, N, N)) * (1 - np.eye(N))
    base = settle(world(), tariff=tariff)
    new = tariff + 1e-6 * rng.normal(size=tariff.shape) * (1 - np.eye(N))
    result = solve_trade_sectors(base, tariff=tariff, new_tariff=new)
    np.testing.assert_allclose(first_order_sectors(result).total, result.real_income_change - 1, rtol=1e-3, atol=1e-10)


def test_order_and_scale_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    cost, order, economy = np.exp(rng.normal(0, 0.3, (J, N, N))), np.array([3, 0, 4, 1, 2]), world()
    mixed = replace(
        economy,
        shares=economy.shares[:, order][:, :, order],
        spending=7.0 * economy.spending[:, order],
        value_added=7.0 * economy.value_added[order],
        value_added_share=economy.value_added_share[:, order],
        input_shares=economy.input_shares[order],
        deficit=7.0 * economy.deficit[order],
    )
    one = solve_trade_sectors(economy, tariff=FREE, cost_change=cost, deficits="additive")
    other = solve_trade_sectors(mixed, tariff=FREE, cost_change=cost[:, order][:, :, order], deficits="additive")
    np.testing.assert_allclose(other.real_income_change, one.real_income_change[order], rtol=1e-8)


def test_autarky_has_no_gains_left() -> None:
    cost = np.where(np.eye(N, dtype=bool), 1.0, np.inf) * np.ones((J, 1, 1))
    result = solve_trade_sectors(world(), tariff=FREE, cost_change=cost)
    assert (result.real_income_change < 1).all()
    assert result.flows.sum() == pytest.approx(np.trace(result.flows.sum(0)))


def test_a_sector_that_nobody_can_supply_is_named() -> None:
    cost = np.ones((2, J, N, N))
    cost[1, 2, :, 1] = np.inf
    options = TradeOptions(scenario_labels=("open", "closed"))
    with pytest.raises(InfeasibleError, match="closed: B can buy nothing of steel"):
        solve_trade_sectors(world(), tariff=FREE, cost_change=cost, options=options)


def test_additive_deficits_beyond_income_are_named() -> None:
    economy = world(0.9)
    with pytest.raises(InfeasibleError, match="deficits"):
        solve_trade_sectors(
            economy,
            tariff=FREE,
            cost_change=np.where(np.arange(N)[:, None] == 1, 5.0, 1.0) * np.ones((J, 1, N)),
            deficits="additive",
        )


def test_faults_are_told_together() -> None:
    with pytest.raises(StudyError) as raised:
        replace(world(), final_shares=np.full((J, N), 0.5), deficit=np.ones(N))
    assert [problem.column or problem.file for problem in raised.value.problems] == ["final_shares", "deficit"]
    with pytest.raises(StudyError, match="LB405"):
        solve_trade_sectors(world(), tariff=np.zeros((J, N)))
