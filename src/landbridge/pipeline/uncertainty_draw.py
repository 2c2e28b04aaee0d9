"""One draw: corridors chosen anew, trade of all scenarios solved in one batch, and the headline figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.indicators import in_unit, trade_value, visits_under, visits_value
from landbridge.pipeline.inputs import Inputs, agreement_effect
from landbridge.pipeline.outcome import Outcome
from landbridge.pipeline.trading import Rules, cost_change, flows_after, policy_of
from landbridge.pipeline.uncertainty_chain import Chain, chosen, law_of
from landbridge.study.model import Study
from landbridge.trade.one_sector import remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions

LOG_POINTS: Final = {"agreement": "agreement_trade_log_points", "visa": "visa_log_points"}
"""Parameters that scale what all measures of a kind state."""


def run_draw(chain: Chain, study: Study) -> tuple[Float, Float]:
    """Return the figures (S, F) and real incomes (S, N, percent) under a study with other parameters."""
    ground = chain.base.ground
    own = with_log_points(ground.study, study)
    transport = _transport(chain, own)
    start, equilibrium = _equilibria(chain, own, transport)
    inputs, elasticity = ground.inputs, own.parameter("trade_elasticity")
    n = len(inputs.economies)
    flows = flows_after(inputs, equilibrium)
    income = equilibrium.real_income_change
    variation = start * (income - 1.0)
    gdp = inputs.gdp_usd_bn.sum() * 1000.0
    rows = []
    for s, scenario in enumerate(chain.scenarios):
        moved = np.where(np.isfinite(transport.change[s]), transport.change[s], 0.0) ** elasticity
        corridors = transport.teu[s] @ (flows[s] * moved).reshape(n * n)
        rows.append(
            [
                variation[s].sum() / 1000.0,
                100.0 * variation[s].sum() / gdp,
                *_members(ground.study, inputs, variation[s]),
                *corridors,
                *_indicators(chain, own, scenario.outcome, flows[s], income[s]),
            ]
        )
    return np.array(rows), 100.0 * (income - 1.0)


def _members(study: Study, inputs: Inputs, variation: Float) -> list[float]:
    return [
        float(variation[[inputs.position(economy) for economy in member.economies]].sum())
        for member in study.members
        if member.economies
    ]


def _indicators(chain: Chain, study: Study, outcome: Outcome, flows: Float, income: Float) -> list[float]:
    inputs, table = chain.base.ground.inputs, study.tables["visits"]
    visits: Float | None = None
    values = []
    for name, unit, indicator in chain.targets:
        if indicator.kind == "trade":
            value = trade_value(indicator, inputs.economies, flows)
        else:
            if visits is None:
                visits = visits_under(study, inputs, outcome.standing, chain.base.standing, income)
            value = visits_value(indicator, table, visits)
        values.append(in_unit(value, unit, name))
    return values


def with_log_points(study: Study, drawn: Study) -> Study:
    """Return the drawn study with effects of agreements and visa rules scaled as their parameters are."""
    factors = {
        kind: drawn.parameter(name) / study.parameter(name)
        for kind, name in LOG_POINTS.items()
        if name in study.parameters and study.parameter(name) and drawn.parameter(name) != study.parameter(name)
    }
    if not factors:
        return drawn
    measures = tuple(
        replace(
            measure,
            changes=tuple(
                change
                if change.value is None or change.kind not in factors
                else replace(change, value=change.value * factors[change.kind])
                for change in measure.changes
            ),
        )
        for measure in drawn.measures
    )
    return replace(drawn, measures=measures)


@dataclass(frozen=True, slots=True, eq=False)
class _Transport:
    """Freight of S scenarios in one draw.

    Attributes
    ----------
    change
        ``tau_hat`` of transport by pair of economies, (S, N, N).
    teu
        Containers by corridor for a million USD of a pair's trade at ``tau_hat`` 1, (S, R, N * N).
    charges, base_charges
        Share of charges in delivered value by earner, (S, N, N) and (N, N).
    """

    change: Float
    teu: Float
    charges: Mapping[str, Float]
    base_charges: Mapping[str, Float]


def _transport(chain: Chain, study: Study) -> _Transport:
    from landbridge.pipeline.kernel_uncertainty import add_baseline, add_change

    ground, trade = chain.base.ground, chain.trade
    law = law_of(ground, study)
    n, elasticity = len(ground.inputs.economies), study.parameter("trade_elasticity")
    before = chosen(chain.cells, law)
    weights = trade.pair, trade.value, trade.unit_teu
    shape = before[1].shape[1], n * n
    teu, fees = np.zeros(shape), np.zeros(shape)
    add_baseline(weights, before, teu, fees)
    corridors = chain.base.freight.alternatives.corridors
    base_charges = _by_earner(ground, corridors, fees, chain.base.mixes)
    changes, boxes = [], []
    charges: dict[str, Float] = {}
    total = np.where(trade.total > 0, trade.total, 1.0)
    goods = trade.class_value, chain.cells.kind
    for s, scenario in enumerate(chain.scenarios):
        sums = np.zeros(n * n), teu.copy(), fees.copy()
        add_change(weights, scenario.rows, elasticity, before, chosen(scenario.cells, law), goods, sums)
        on = np.maximum(1.0 + sums[0] / total, 0.0)
        with np.errstate(divide="ignore"):
            change = (trade.off + (1.0 - trade.off) * on) ** (-1.0 / elasticity)
        change = np.where(trade.total > 0, change, 1.0)
        changes.append(change.reshape(n, n))
        boxes.append(np.maximum(sums[1], 0.0))  # differences of sums round to a little below 0
        scaled = np.maximum(sums[2], 0.0) * np.where(np.isfinite(change), change, 0.0) ** elasticity
        for who, share in _by_earner(ground, corridors, scaled, scenario.mixes).items():
            charges.setdefault(who, np.zeros((len(chain.scenarios), n, n)))[s] = share
    return _Transport(np.array(changes), np.array(boxes), charges, base_charges)


def _by_earner(
    ground: Ground, corridors: Sequence[str], fees: Float, mixes: Mapping[str, Mapping[str, float]]
) -> dict[str, Float]:
    economies = ground.inputs.economies
    n = len(economies)
    found: dict[str, Float] = {}
    for r, corridor in enumerate(corridors):
        for who, part in mixes.get(corridor, {}).items():
            if who in economies and fees[r].any():
                found[who] = found.get(who, 0.0) + fees[r].reshape(n, n) * part
    return found


def _equilibria(chain: Chain, study: Study, transport: _Transport) -> tuple[Float, Any]:
    """Return baseline spending (N,) and the equilibria of all scenarios in one draw."""
    base = chain.base
    inputs, elasticity = base.ground.inputs, study.parameter("trade_elasticity")
    before = _rules(study, inputs, base.rules, base.standing)
    after = [_rules(study, inputs, item.outcome.rules, item.outcome.standing) for item in chain.scenarios]
    policies = [policy_of(inputs, before, one) for one in after]
    free = study.settings.deficits == "multiplicative"
    none = np.zeros(inputs.flows.shape)
    still = np.zeros((len(after), *none.shape))
    earners = () if free else tuple(sorted({*transport.charges, *transport.base_charges}))
    charges = tuple(
        Charge(inputs.position(who), transport.charges.get(who, still), transport.base_charges.get(who, none))
        for who in earners
    )
    options = TradeOptions(labels=inputs.economies)
    flows: Any = inputs.flows
    if study.settings.deficits == "balanced":
        calm = tuple(Charge(item.recipient, _stated(item), item.baseline_share) for item in charges)
        policy = Policy(tariffs=before.tariffs, charges=calm)
        flows = remove_deficits(inputs.flows, trade_elasticity=elasticity, policy=policy, options=options)
    found = solve_trade(
        flows,
        transport.change * np.array([_rules_part(inputs, before, one, elasticity) for one in after]),
        trade_elasticity=elasticity,
        deficits=study.settings.deficits,
        policy=Policy(
            tariffs=None if free else before.tariffs,
            new_tariffs=None if free else np.array([one.tariffs for one in after]),
            open_weights=policies[0].open_weights,
            unbanned=np.array([policy.unbanned for policy in policies]),
            charges=charges,
        ),
        shifts=Shifts(productivity=np.array([one.productivity / before.productivity for one in after])),
        options=replace(options, scenario_labels=tuple(item.outcome.name for item in chain.scenarios)),
    )
    return found.baseline_spending, found


def _stated(charge: Charge) -> Float:
    return np.zeros(charge.share.shape[1:]) if charge.baseline_share is None else charge.baseline_share


def _rules(study: Study, inputs: Inputs, rules: Rules, standing: Sequence[str]) -> Rules:
    return replace(rules, agreement=agreement_effect(study, inputs, standing))


def _rules_part(inputs: Inputs, before: Rules, after: Rules, elasticity: float) -> Float:
    """Return what agreements and bans do to costs, shape (N, N): the change in a world without zones."""
    nowhere = replace(inputs, zones=(), zone_names=(), zone_economy=np.zeros(0, np.int64), zone_share=np.zeros(0))
    still = np.zeros((len(inputs.classes), 0, 0))
    return cost_change(nowhere, (still, still), (before, after), elasticity).total
