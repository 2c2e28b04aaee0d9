"""The baseline without deficits is found once a study and serves every scenario to the last bit."""

import numpy as np

from landbridge.pipeline.inputs import read_inputs
from landbridge.pipeline.trading import CostChange, _balanced, rules_under, solve_equilibrium
from landbridge.study.reader import read_study
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import Charge, Policy, TradeOptions


def test_the_kept_baseline_gives_what_balancing_anew_gives() -> None:
    study = read_study("island-canal")
    inputs = read_inputs(study)
    rules = rules_under(study, inputs, [m.id for m in study.measures if m.in_baseline])
    n = len(inputs.economies)
    cost = np.exp(np.random.default_rng(1).normal(0, 0.05, (n, n)))
    tolls = {inputs.economies[0]: np.full((n, n), 0.01)}
    more = {inputs.economies[0]: np.full((n, n), 0.02), inputs.economies[1]: np.full((n, n), 0.003)}
    change = CostChange(np.ones((1, 1, 1)), cost, cost)
    _balanced.cache_clear()
    found = [solve_equilibrium(study, inputs, change, (rules, rules), "a", (tolls, more)) for _ in range(2)]
    assert _balanced.cache_info().misses == 1
    assert _balanced.cache_info().hits == 1
    none = np.zeros((n, n))
    anew = solve_trade(
        inputs.flows,
        cost,
        trade_elasticity=study.parameter("trade_elasticity"),
        deficits="balanced",
        policy=Policy(
            tariffs=rules.tariffs,
            new_tariffs=rules.tariffs,
            charges=tuple(Charge(inputs.position(who), more[who], tolls.get(who, none)) for who in sorted(more)),
        ),
        options=TradeOptions(labels=inputs.economies, scenario_labels=("a",)),
    )
    for one in found:
        np.testing.assert_array_equal(one.real_income_change, anew.real_income_change)
        np.testing.assert_array_equal(one.baseline_flows, anew.baseline_flows)
