"""One elasticity a scenario: a batch gives what calls one by one give, for every deficit rule and with all options."""

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.trade.one_sector import remove_deficits, solve_trade
from landbridge.trade.options import Charge, DeficitRule, Policy, Shifts
from landbridge.trade.welfare import exact_parts

N, S = 9, 12
EPS = np.linspace(2.5, 9.0, S)


def world() -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(6)
    flows = rng.gamma(0.7, size=(N, N)) * 5 + np.diag(rng.gamma(2.0, size=N) * 60)
    return flows, np.exp(rng.normal(0, 0.15, (S, N, N))), rng


@pytest.mark.parametrize("count", [3, S])  # few go to Newton one by one, many share a preconditioner
@pytest.mark.parametrize("deficits", ["multiplicative", "additive"])
def test_a_batch_is_its_calls(count: int, deficits: DeficitRule) -> None:
    flows, cost, _ = world()
    batch = solve_trade(flows, cost[:count], trade_elasticity=EPS[:count], deficits=deficits)
    for s in range(count):
        one = solve_trade(flows, cost[s], trade_elasticity=float(EPS[s]), deficits=deficits)
        np.testing.assert_allclose(batch.real_income_change[s], one.real_income_change, rtol=1e-8)
        np.testing.assert_allclose(batch.flows[s], one.flows, rtol=1e-7)


def test_with_tariffs_charges_and_supply_too() -> None:
    flows, cost, rng = world()
    old, new = rng.uniform(0, 0.2, (2, N, N)) * (1 - np.eye(N))
    charge = Charge(1, np.full((N, N), 0.01), np.full((N, N), 0.005))
    policy = Policy(tariffs=old, new_tariffs=new, charges=(charge,))
    shifts = Shifts(productivity=np.exp(rng.normal(0, 0.1, N)), supply_elasticity=0.4)
    batch = solve_trade(flows, cost, trade_elasticity=EPS, deficits="additive", policy=policy, shifts=shifts)
    for s in (0, S - 1):
        one = solve_trade(
            flows, cost[s], trade_elasticity=float(EPS[s]), deficits="additive", policy=policy, shifts=shifts
        )
        np.testing.assert_allclose(batch.real_income_change[s], one.real_income_change, rtol=1e-8)


def test_elasticities_alone_make_a_batch_and_parts_add_up() -> None:
    flows, cost, _ = world()
    batch = solve_trade(flows, cost[0], trade_elasticity=EPS)
    assert batch.real_income_change.shape == (S, N)
    parts = exact_parts(batch, trade_elasticity=EPS, domestic_cost_change=np.diagonal(cost[0]))
    np.testing.assert_allclose(parts.total, np.log(batch.real_income_change), atol=1e-12)


def test_balanced_deficits_want_their_baseline() -> None:
    flows, cost, _ = world()
    with pytest.raises(StudyError, match="removed at one elasticity"):
        solve_trade(flows, cost, trade_elasticity=EPS, deficits="balanced")
    base = remove_deficits(flows, trade_elasticity=5.0)
    batch = solve_trade(base, cost, trade_elasticity=EPS, deficits="balanced")
    one = solve_trade(base, cost[3], trade_elasticity=float(EPS[3]), deficits="balanced")
    np.testing.assert_allclose(batch.real_income_change[3], one.real_income_change, rtol=1e-8)


def test_wrong_elasticities_are_told() -> None:
    flows, cost, _ = world()
    with pytest.raises(StudyError, match=r"shape \(3,\)"):
        solve_trade(flows, cost, trade_elasticity=EPS[:3])
    with pytest.raises(StudyError, match="not positive"):
        solve_trade(flows, cost, trade_elasticity=EPS - 4.0)
