"""Costs of pairs of economies follow from costs of zones, agreements and bans by closed forms."""

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.trade.costs import (
    NetworkTrade,
    agreement_cost_change,
    ban_cost_change,
    cost_factor,
    cost_factor_change,
    economy_cost_change,
    open_trade_weights,
    sector_cost_change,
)
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import Policy


def test_cost_factor_is_one_plus_cost_over_value() -> None:
    np.testing.assert_allclose(cost_factor(np.array([0.0, 5e3, np.inf]), 5e4), [1.0, 1.1, np.inf])


def test_a_pair_that_could_not_be_reached_has_no_change() -> None:
    before, after = np.array([np.inf, 1.2, 1.2]), np.array([1.3, 1.2, np.inf])
    np.testing.assert_allclose(cost_factor_change(before, after), [1.0, 1.0, np.inf])


def one_pair(values: list[float], off: float = 0.0) -> NetworkTrade:
    value = np.zeros((len(values), 2, 2))
    value[:, 0, 1] = values
    return NetworkTrade(value, np.array([0, 1]), 2, np.full((2, 2), off))


def test_parts_are_weighted_by_their_trade_to_the_power() -> None:
    change = np.ones((2, 2, 2))
    change[0, 0, 1] = 0.8
    result = economy_cost_change(change, one_pair([3.0, 1.0]), trade_elasticity=4.0)
    assert result[0, 1] == pytest.approx((0.75 * 0.8**-4 + 0.25) ** -0.25, rel=1e-14)
    assert result[1, 0] == 1.0


def test_trade_off_the_network_does_not_change() -> None:
    change = np.full((1, 2, 2), np.inf)
    assert economy_cost_change(change, one_pair([5.0], 0.4), trade_elasticity=4.0)[0, 1] == pytest.approx(0.4**-0.25)
    assert economy_cost_change(change, one_pair([5.0]), trade_elasticity=4.0)[0, 1] == np.inf


def test_the_pair_moves_as_its_parts_together_would() -> None:
    # With prices given, trade of the parts is sum s tau^-eps: the index gives the same by construction.
    rng = np.random.default_rng(0)
    value, change = rng.uniform(0, 1, (3, 4, 4)), rng.uniform(0.7, 1.3, (2, 3, 4, 4))
    trade = NetworkTrade(value, np.array([0, 0, 1, 1]), 2, np.zeros((2, 2)))
    index = economy_cost_change(change, trade, trade_elasticity=5.0)
    part = (value * change[1] ** -5.0)[:, :2, 2:].sum() / value[:, :2, 2:].sum()
    assert index.shape == (2, 2, 2)
    assert index[1, 0, 1] ** -5.0 == pytest.approx(part, rel=1e-12)


def test_an_agreement_has_its_effect_once() -> None:
    # Non-tariff part and tariff cut together move trade by exactly exp(beta) at given prices.
    rest = agreement_cost_change(0.4, trade_elasticity=5.0, tariffs=0.08, new_tariffs=0.0)
    assert (rest / 1.08) ** -5.0 == pytest.approx(np.exp(0.4), rel=1e-14)


def test_a_ban_on_a_share_of_goods_takes_that_share_of_trade() -> None:
    assert ban_cost_change(0.0, 0.3, trade_elasticity=4.0) ** -4.0 == pytest.approx(0.7)
    assert ban_cost_change(0.3, 0.0, trade_elasticity=4.0) ** -4.0 == pytest.approx(1 / 0.7)
    assert ban_cost_change(0.0, 1.0, trade_elasticity=4.0) == np.inf
    with pytest.raises(StudyError, match="open_weights"):
        ban_cost_change(1.0, 0.5, trade_elasticity=4.0)


def test_lifting_a_ban_and_leaving_it() -> None:
    flows = np.array([[90.0, 0.0, 10.0], [0.0, 40.0, 2.0], [8.0, 4.0, 300.0]])
    forbidden = np.zeros((3, 3), dtype=bool)
    forbidden[0, 1] = forbidden[1, 0] = True
    fitted = np.full((3, 3), 5.0)
    weights = open_trade_weights(fitted, flows, forbidden)
    assert weights[0, 1] == pytest.approx(5.0 / 44.0)
    assert weights[0, 2] == 0.0
    lifted = np.stack([np.zeros((3, 3)), forbidden.astype(float)])
    policy = Policy(open_weights=weights, unbanned=lifted)
    result = solve_trade(flows, None, trade_elasticity=4.0, deficits="balanced", policy=policy)
    np.testing.assert_allclose(result.real_income_change[0], 1.0, rtol=1e-12)
    np.testing.assert_allclose(result.flows[0], result.baseline_flows, rtol=1e-10)
    assert result.flows[1, 0, 1] > 0
    assert (result.real_income_change[1, :2] > 1).all()


def test_sectors_take_the_costs_of_their_classes() -> None:
    change = np.ones((3, 2, 2, 2))
    change[1, 0] = 0.8
    shares = np.array([[1.0, 0.0], [0.5, 0.25], [0.0, 0.0]])
    theta = np.array([4.0, 6.0, 5.0])
    result = sector_cost_change(change, shares, trade_elasticity=theta)
    assert result.shape == (3, 3, 2, 2)
    np.testing.assert_allclose(result[0], 1.0)
    np.testing.assert_allclose(result[1, 0], 0.8)
    np.testing.assert_allclose(result[1, 1], (0.5 * 0.8**-6 + 0.5) ** (-1 / 6))
    np.testing.assert_allclose(result[1, 2], 1.0)
    with pytest.raises(StudyError, match="sector 1"):
        sector_cost_change(change, np.array([[1.0, 0.0], [0.9, 0.3]]), trade_elasticity=theta[:2])
