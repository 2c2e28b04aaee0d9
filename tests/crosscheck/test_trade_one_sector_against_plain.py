"""The fast one-sector solver gives what a plain wage adjustment gives, under every rule and option."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import Charge, DeficitRule, Policy, Shifts, SolveMethod, TradeOptions

_spec = importlib.util.spec_from_file_location("trade_plain", Path(__file__).with_name("trade_plain.py"))
assert _spec is not None
assert _spec.loader is not None
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)


@pytest.mark.parametrize("rule", ["multiplicative", "balanced", "additive"])
@pytest.mark.parametrize("method", ["newton", "anderson"])
@pytest.mark.parametrize("zeros", [0.0, 0.4])
def test_every_deficit_rule_matches_the_plain_solver(rule: DeficitRule, method: SolveMethod, zeros: float) -> None:
    rng = np.random.default_rng(7)
    flows = plain.random_economy(rng, 15, zeros=zeros)
    tau = np.exp(rng.normal(0, 0.15, flows.shape))
    ours = solve_trade(flows, tau, trade_elasticity=5.0, deficits=rule, options=TradeOptions(method=method))
    start = plain.without_deficits(flows, 5.0) if rule == "balanced" else flows
    theirs = plain.plain_trade(start, tau, 5.0, "multiplicative" if rule == "multiplicative" else "additive")
    np.testing.assert_allclose(ours.wage_change, theirs.wage_change, rtol=1e-8)
    np.testing.assert_allclose(ours.real_income_change, theirs.real_income_change, rtol=1e-8)
    np.testing.assert_allclose(ours.flows, theirs.flows, rtol=1e-7)
    np.testing.assert_allclose(ours.baseline_flows, start, rtol=1e-8)


def test_tariffs_transfers_productivity_and_supply_match_the_plain_solver() -> None:
    rng = np.random.default_rng(3)
    flows = plain.random_economy(rng, 12)
    tau = np.exp(rng.normal(0, 0.1, flows.shape))
    old, new = rng.uniform(0, 0.3, flows.shape), rng.uniform(0, 0.3, flows.shape)
    np.fill_diagonal(old, 0.0)
    np.fill_diagonal(new, 0.0)
    skill = np.exp(rng.normal(0, 0.2, 12))
    gift = rng.normal(0, 0.002, 12) * flows.sum()
    gift -= gift.mean()
    policy, shifts = Policy(tariffs=old, new_tariffs=new), Shifts(skill, None, gift, 0.6)
    theirs = plain.plain_trade(
        flows, tau, 4.0, "additive", tariffs=old, new_tariffs=new, transfers=gift, psi=0.6, productivity=skill
    )
    for method in ("newton", "anderson"):
        options = TradeOptions(method=method)
        ours = solve_trade(
            flows, tau, trade_elasticity=4.0, deficits="additive", policy=policy, shifts=shifts, options=options
        )
        np.testing.assert_allclose(ours.real_income_change, theirs.real_income_change, rtol=1e-8)
        np.testing.assert_allclose(ours.flows, theirs.flows, rtol=1e-7)
        np.testing.assert_allclose(ours.tariff_revenue, (new * theirs.flows).sum(0), rtol=1e-7)


def test_charges_are_income_of_the_economy_that_collects_them() -> None:
    rng = np.random.default_rng(5)
    flows = plain.random_economy(rng, 10)
    share = np.zeros(flows.shape)
    share[:4, 6:] = 0.05
    tau = 1.0 / (1.0 - share)
    theirs = plain.plain_trade(flows, tau, 4.0, "additive", charge=(5, share))
    for method in ("newton", "anderson"):
        ours = solve_trade(
            flows,
            tau,
            trade_elasticity=4.0,
            deficits="additive",
            policy=Policy(charges=(Charge(5, share),)),
            options=TradeOptions(method=method),
        )
        np.testing.assert_allclose(ours.real_income_change, theirs.real_income_change, rtol=1e-8)
        assert ours.charge_income[5] == pytest.approx((share * theirs.flows).sum(), rel=1e-8)
        assert np.count_nonzero(ours.charge_income) == 1
    wasted = solve_trade(flows, tau, trade_elasticity=4.0, deficits="additive")
    assert ours.real_income_change[5] > wasted.real_income_change[5]


@pytest.mark.parametrize("shocked", ["few pairs", "every pair"])
def test_a_batch_gives_what_single_calls_give(shocked: str) -> None:
    rng = np.random.default_rng(11)
    flows = plain.random_economy(rng, 20, zeros=0.2)
    tau = np.exp(rng.normal(0, 0.2, (9, 20, 20)))
    if shocked == "few pairs":
        tau = np.where(rng.random(tau.shape) < 0.02, tau, 1.0)
        tau[4, 3, 7] = np.inf
    batch = solve_trade(flows, tau, trade_elasticity=6.0, deficits="additive")
    for s in range(9):
        alone = solve_trade(flows, tau[s], trade_elasticity=6.0, deficits="additive")
        np.testing.assert_allclose(batch.real_income_change[s], alone.real_income_change, rtol=1e-9)
        np.testing.assert_allclose(batch.flows[s], alone.flows, rtol=1e-7, atol=1e-15)
