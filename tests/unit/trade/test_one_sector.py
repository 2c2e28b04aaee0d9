"""Limits, special cases and faults of the one-sector model."""

import pickle

import numpy as np
import pytest

from landbridge.core.problems import InfeasibleError, StudyError
from landbridge.trade.one_sector import remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions

FLOWS = np.array([[90.0, 7.0, 10.0], [6.0, 40.0, 2.0], [8.0, 4.0, 300.0]])
NAMES = TradeOptions(labels=("KOR", "MNG", "ROW"))


def test_autarky_gives_the_closed_form() -> None:
    tau = np.where(np.eye(3, dtype=bool), 1.0, np.inf)
    result = solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits="balanced")
    base = result.baseline_flows
    home = np.diag(base) / base.sum(0)
    np.testing.assert_allclose(result.real_income_change, home**0.25, rtol=1e-12)
    np.testing.assert_allclose(result.wage_change, 1.0, rtol=1e-12)


def test_an_economy_cut_off_cannot_finance_a_deficit() -> None:
    tau = np.ones((3, 3))
    tau[1, [0, 2]] = tau[[0, 2], 1] = np.inf
    for rule in ("additive", "multiplicative"):
        with pytest.raises(InfeasibleError, match=r"the scenario: .*MNG.*balanced"):
            solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits=rule, options=NAMES)
    result = solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits="balanced")
    assert result.flows[1, 0] == 0
    assert result.real_income_change[1] < 1


def test_two_blocs_solve_apart_and_a_batch_finds_them() -> None:
    rng = np.random.default_rng(0)
    flows = rng.uniform(1, 5, (6, 6)) + 50 * np.eye(6)
    tau = np.ones((8, 6, 6))
    tau[5, :3, 3:] = tau[5, 3:, :3] = np.inf
    tau[5, 0, 1] = 0.8
    result = solve_trade(flows, tau, trade_elasticity=5.0, deficits="balanced")
    bloc = solve_trade(result.baseline_flows[:3, :3], None, trade_elasticity=5.0, deficits="balanced")
    assert result.residual[5] < 1e-10
    assert result.flows[5, :3, 3:].max() == 0
    np.testing.assert_allclose(bloc.residual, 0, atol=1e-10)
    np.testing.assert_allclose(result.real_income_change[4], 1, rtol=1e-9)


def test_additive_deficits_beyond_income_are_named() -> None:
    flows = np.array([[10.0, 40.0, 40.0], [1.0, 50.0, 5.0], [1.0, 5.0, 50.0]])
    tau = np.ones((7, 3, 3))
    tau[3, 0, 1:] = 8.0
    options = TradeOptions(labels=("SAU", "B", "C"), scenario_labels=tuple("abcdefg"))
    with pytest.raises(InfeasibleError, match=r"d: no equilibrium with the additive deficits.*SAU"):
        solve_trade(flows, tau, trade_elasticity=6.0, deficits="additive", options=options)
    assert solve_trade(flows, tau, trade_elasticity=6.0, deficits="balanced").residual.max() < 1e-10


def test_growth_alone_at_constant_prices() -> None:
    # All economies growing by g at once leave shares and relative prices as they are.
    shifts = Shifts(productivity=np.full(3, 1.1), endowment=np.full(3, 1.2))
    for rule in ("multiplicative", "additive", "balanced"):
        result = solve_trade(FLOWS, trade_elasticity=4.0, deficits=rule, shifts=shifts)
        np.testing.assert_allclose(result.real_income_change, 1.32, rtol=1e-9)
        np.testing.assert_allclose(result.flows, result.baseline_flows, rtol=1e-8)
        np.testing.assert_allclose(result.wage_change, 1 / 1.2, rtol=1e-9)


def test_supply_elasticity_raises_gains_by_one_plus_psi_in_logs() -> None:
    # Universal gravity: E/P = (p/P)^(1+psi) with balanced trade, and p/P = lambda_hat^(-1/eps).
    tau = np.where(np.eye(3, dtype=bool), 1.0, 0.9)
    shifts = Shifts(supply_elasticity=0.8)
    result = solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits="balanced", shifts=shifts)
    home = np.diag(result.flows) / result.flows.sum(0)
    before = np.diag(result.baseline_flows) / result.baseline_flows.sum(0)
    np.testing.assert_allclose(result.real_income_change, (home / before) ** (-1.8 / 4.0), rtol=1e-9)


def test_tariff_revenue_is_spent() -> None:
    # A small economy gains from a small tariff (optimum 1/eps), and loses from a prohibitive one.
    small = np.array([[50.0, 5.0], [5.0, 5000.0]])
    rates = np.zeros((3, 2, 2))
    rates[:, 1, 0] = 0.0, 0.2, 50.0
    result = solve_trade(small, trade_elasticity=4.0, deficits="additive", policy=Policy(new_tariffs=rates))
    gains = result.real_income_change[:, 0]
    assert gains[0] == pytest.approx(1)
    assert gains[1] > 1 > gains[2]
    assert result.tariff_revenue[1, 0] == pytest.approx(0.2 * result.flows[1, 1, 0])


def test_a_kept_baseline_gives_the_same_answer() -> None:
    tau = np.where(np.eye(3, dtype=bool), 1.0, 0.9)
    kept = remove_deficits(FLOWS, trade_elasticity=4.0)
    np.testing.assert_allclose(kept.deficit, 0, atol=1e-7)
    a = solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits="balanced")
    b = solve_trade(kept, tau, trade_elasticity=4.0, deficits="balanced")
    np.testing.assert_allclose(a.flows, b.flows, rtol=1e-12)


def test_faults_are_told_all_at_once() -> None:
    policy = Policy(tariffs=np.zeros((2, 2)), open_weights=-np.ones((3, 3)), charges=(Charge(0, np.full((3, 3), 2.0)),))
    with pytest.raises(StudyError) as raised:
        solve_trade(
            FLOWS,
            np.zeros((3, 3)),
            trade_elasticity=-1.0,
            policy=policy,
            shifts=Shifts(transfers=np.ones(3)),
            options=TradeOptions(labels=("A",)),
        )
    codes = [problem.code for problem in raised.value.problems]
    assert codes == ["LB403", "LB404", "LB406", "LB405", "LB406", "LB406", "LB407", "LB408"]


def test_an_economy_without_sales_is_named() -> None:
    flows = FLOWS.copy()
    flows[1] = 0
    with pytest.raises(StudyError, match="MNG sells nothing"):
        solve_trade(flows, trade_elasticity=4.0, options=NAMES)
    with pytest.raises(StudyError, match="LB401"):
        solve_trade(-FLOWS, trade_elasticity=4.0)


def test_an_economy_that_buys_nothing_abroad_has_no_balanced_equilibrium() -> None:
    flows = np.array([[90.0, 7.0, 10.0], [0.0, 40.0, 2.0], [0.0, 4.0, 300.0]])
    with pytest.raises(InfeasibleError, match="KOR can sell to others from whom nothing can be bought back"):
        solve_trade(flows, trade_elasticity=4.0, deficits="balanced", options=NAMES)


def test_charges_that_stay_change_nothing_and_their_removal_costs_the_collector() -> None:
    share = np.zeros((3, 3))
    share[0, 2] = share[2, 0] = 0.1
    flat = np.zeros((3, 3))
    for rule in ("balanced", "additive"):
        policy = Policy(charges=(Charge(1, np.stack([share, flat]), share), Charge(2, 0.5 * share, 0.5 * share)))
        tau = np.stack([np.ones((3, 3)), (1 - 1.5 * share) / (1 - 0.5 * share)])
        result = solve_trade(FLOWS, tau, trade_elasticity=4.0, deficits=rule, policy=policy)
        np.testing.assert_allclose(result.real_income_change[0], 1.0, rtol=1e-9)
        np.testing.assert_allclose(result.flows[0], result.baseline_flows, rtol=1e-8)
        assert result.charge_income[0, 1] == pytest.approx((share * result.baseline_flows).sum())
        assert result.charge_income[1, 1] == 0
        assert result.real_income_change[1, 1] < 1 < result.real_income_change[1, 0]


def test_results_can_be_sent_to_another_process() -> None:
    result = solve_trade(FLOWS, np.full((2, 3, 3), 0.9), trade_elasticity=4.0)
    again = pickle.loads(pickle.dumps(result))  # noqa: S301
    np.testing.assert_array_equal(again.flows, result.flows)
