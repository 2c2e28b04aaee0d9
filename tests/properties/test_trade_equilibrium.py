"""What holds in every one-sector equilibrium, over random economies with zeros and large deficits."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landbridge.core.problems import InfeasibleError
from landbridge.trade.one_sector import TradeEquilibrium, solve_trade

N = 6
RULES = st.sampled_from(["multiplicative", "balanced", "additive"])
SIZES = hnp.arrays(np.float64, N, elements=st.floats(0.05, 20))
TASTES = hnp.arrays(np.float64, (N, N), elements=st.one_of(st.just(0.0), st.floats(0.01, 10)))
COSTS = hnp.arrays(np.float64, (N, N), elements=st.floats(0.5, 2.5))
EPS = st.floats(1.5, 9)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def economy(sizes: np.ndarray, tastes: np.ndarray) -> np.ndarray:
    """Flows with home bias, zeros and deficits; a ring of small flows keeps every pair connected."""
    flows = 0.05 * tastes * np.outer(sizes, sizes) / sizes.sum()
    ring = np.arange(N)
    flows[ring, (ring + 1) % N] += 0.02 * np.minimum(sizes, np.roll(sizes, -1))
    flows[ring, ring] = sizes
    return flows


def solve(flows: np.ndarray, tau: np.ndarray, eps: float, rule: str) -> TradeEquilibrium | None:
    try:
        return solve_trade(flows, tau, trade_elasticity=eps, deficits=rule)
    except InfeasibleError:
        assert rule == "additive", "only deficits in levels can be beyond an economy's means"
        return None


@slow
@given(SIZES, TASTES, EPS, RULES)
def test_no_change_gives_no_change(sizes: np.ndarray, tastes: np.ndarray, eps: float, rule: str) -> None:
    flows = economy(sizes, tastes)
    result = solve_trade(flows, np.ones((N, N)), trade_elasticity=eps, deficits=rule)
    np.testing.assert_allclose(result.real_income_change, 1, rtol=1e-7)
    if rule != "balanced":
        np.testing.assert_allclose(result.flows, flows, rtol=1e-7)


@slow
@given(SIZES, TASTES, COSTS, EPS, RULES)
def test_markets_clear_and_budgets_hold(
    sizes: np.ndarray, tastes: np.ndarray, tau: np.ndarray, eps: float, rule: str
) -> None:
    result = solve(economy(sizes, tastes), tau, eps, rule)
    if result is None:
        return
    base = result.baseline_flows
    sales, spending = result.sales_change * base.sum(1), result.spending_change * base.sum(0)
    np.testing.assert_allclose(result.flows.sum(0), spending, rtol=1e-9)
    np.testing.assert_allclose(result.clearing_factor * result.flows.sum(1), sales, rtol=1e-9)
    assert sales.sum() == pytest.approx(base.sum(), rel=1e-9)
    if rule == "additive":
        np.testing.assert_allclose(spending - sales, base.sum(0) - base.sum(1), atol=1e-8 * base.sum())
    if rule == "balanced":
        np.testing.assert_allclose(spending, sales, rtol=1e-8)


@slow
@given(SIZES, TASTES, COSTS, EPS, RULES)
def test_real_wage_is_the_sufficient_statistic(
    sizes: np.ndarray, tastes: np.ndarray, tau: np.ndarray, eps: float, rule: str
) -> None:
    # Arkolakis, Costinot and Rodriguez-Clare (2012), under any deficit rule.
    result = solve(economy(sizes, tastes), tau, eps, rule)
    if result is None:
        return
    base = result.baseline_flows
    home = (np.diag(result.flows) / result.flows.sum(0)) / (np.diag(base) / base.sum(0))
    np.testing.assert_allclose(result.wage_change / result.price_change, home ** (-1 / eps) / np.diag(tau), rtol=1e-9)


@slow
@given(SIZES, TASTES, COSTS, EPS, RULES, st.permutations(range(N)), st.floats(1e-6, 1e6))
def test_scale_and_order_do_not_matter(
    sizes: np.ndarray, tastes: np.ndarray, tau: np.ndarray, eps: float, rule: str, order: list[int], scale: float
) -> None:
    flows = economy(sizes, tastes)
    result = solve(flows, tau, eps, rule)
    if result is None:
        return
    block = np.ix_(order, order)
    again = solve_trade(scale * flows[block], tau[block], trade_elasticity=eps, deficits=rule)
    np.testing.assert_allclose(again.real_income_change, result.real_income_change[order], rtol=1e-7)


@slow
@given(SIZES, TASTES, COSTS, st.floats(2.5, 8))
def test_armington_and_eaton_kortum_are_the_same_model(
    sizes: np.ndarray, tastes: np.ndarray, tau: np.ndarray, eps: float
) -> None:
    # Armington in levels: sigma = 1 + eps and taste weights b_ij = X_ij / E_j at unit prices, expenditure
    # p_i tau_ij q_ij with q = b (p tau)^-sigma P^(sigma-1) E. Eaton-Kortum in levels: pi_ij =
    # T_i (w_i d_ij)^-theta / sum. Evaluated at the solved prices, both must clear every market.
    result = solve(economy(sizes, tastes), tau, eps, "balanced")
    assert result is not None
    base, price = result.baseline_flows, result.producer_price_change
    weight, spending = base / base.sum(0), price * base.sum(1)
    sigma = 1 + eps
    delivered = price[:, None] * tau
    index = (weight * delivered ** (1 - sigma)).sum(0) ** (1 / (1 - sigma))
    quantity = weight * delivered**-sigma * index ** (sigma - 1) * spending
    np.testing.assert_allclose((delivered * quantity).sum(1), spending, rtol=1e-7)
    technology = np.diag(weight) ** 0.5
    with np.errstate(divide="ignore"):
        distance = (weight / technology[:, None]) ** (-1 / eps) * tau
    attraction = technology[:, None] * (price[:, None] * distance) ** -eps
    np.testing.assert_allclose((attraction / attraction.sum(0) * spending).sum(1), spending, rtol=1e-7)
    np.testing.assert_allclose(index, result.price_change, rtol=1e-9)


@slow
@given(SIZES, TASTES, st.floats(0.5, 0.99), EPS)
def test_lower_cost_at_home_and_abroad_helps_everyone(
    sizes: np.ndarray, tastes: np.ndarray, cut: float, eps: float
) -> None:
    # A fall of every cost, domestic included, by one factor is a rise of productivity: real income rises by it.
    result = solve_trade(economy(sizes, tastes), np.full((N, N), cut), trade_elasticity=eps)
    np.testing.assert_allclose(result.real_income_change, 1 / cut, rtol=1e-8)
