"""Paths of years: growth at constant prices, scale of world output, and phasing."""

import numpy as np
import pytest

from landbridge.trade.growth import GrowthPath, compound, phase_in, solve_trade_path
from landbridge.trade.one_sector import solve_trade

FLOWS = np.array([[90.0, 7.0, 10.0], [6.0, 40.0, 2.0], [8.0, 4.0, 300.0]])


def test_common_growth_scales_flows_by_world_output_alone() -> None:
    years = (2020, 2025, 2030)
    factor = compound(np.full(3, 3.0), years, 2020)
    assert factor[1, 0] == pytest.approx(1.03**5)
    path = GrowthPath(years, factor, np.array([1.0, 1.3, 1.7]))
    result = solve_trade_path(FLOWS, path, trade_elasticity=4.0, deficits="additive")
    np.testing.assert_allclose(result.flows[2], 1.7 * FLOWS, rtol=1e-8)
    np.testing.assert_allclose(result.real_income_change, factor, rtol=1e-9)


def test_who_grows_faster_sells_cheaper() -> None:
    path = GrowthPath((2030,), np.array([[2.0, 1.0, 1.0]]), np.ones(1))
    result = solve_trade_path(FLOWS, path, trade_elasticity=4.0).equilibrium
    assert result.producer_price_change[0, 0] < result.producer_price_change[0, 1:].min()
    assert 1 < result.real_income_change[0, 0] < 2
    assert (result.real_income_change[0, 1:] > 1).all()


def test_phasing_reaches_the_long_run() -> None:
    change = np.array([[1.0, 0.8, np.inf], [0.9, 1.0, 1.0], [1.0, 1.0, 1.0]])
    path = phase_in(change, np.array([0.0, 0.5, 1.0]))
    np.testing.assert_array_equal(path[0], 1.0)
    np.testing.assert_allclose(path[1, 0], [1.0, 0.8**0.5, np.inf])
    years = GrowthPath((2020, 2025, 2030), np.ones((3, 3)), np.ones(3))
    result = solve_trade_path(FLOWS, years, path, trade_elasticity=4.0, deficits="balanced")
    final = solve_trade(FLOWS, change, trade_elasticity=4.0, deficits="balanced")
    np.testing.assert_allclose(result.real_income_change[2], final.real_income_change, rtol=1e-9)
    np.testing.assert_allclose(result.real_income_change[0], 1.0, rtol=1e-9)
