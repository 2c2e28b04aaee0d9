"""From transport costs and trade rules to the trade equilibrium, and from trade to containers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.inputs import Inputs, agreement_effect, banned_share, productivity_of, tariffs_of
from landbridge.study.model import Study
from landbridge.trade.baseline import TradeBaseline
from landbridge.trade.containers import ContainerTrade, container_flows
from landbridge.trade.costs import (
    agreement_cost_change,
    ban_cost_change,
    cost_factor,
    cost_factor_change,
    economy_cost_change,
    open_trade_weights,
)
from landbridge.trade.one_sector import TradeEquilibrium, remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Trade rules under some measures, all (N, N) but `productivity` (N,).

    Attributes
    ----------
    banned
        Share of a pair's open trade that is forbidden.
    tariffs
        Ad valorem rates.
    agreement
        Beta of the standing agreements.
    """

    banned: Float
    tariffs: Float
    agreement: Float
    productivity: Float


@dataclass(frozen=True, slots=True, eq=False)
class CostChange:
    """Changes of trade costs against the baseline.

    Attributes
    ----------
    zone
        ``tau_hat`` of transport by class and zone pair, (K, Z, Z).
    transport
        The same by pair of economies, (N, N).
    total
        With agreements and bans, (N, N).
    """

    zone: Float
    transport: Float
    total: Float


def rules_under(study: Study, inputs: Inputs, standing: Sequence[str]) -> Rules:
    """Return the trade rules of the standing measures."""
    return Rules(
        banned_share(study, inputs, standing),
        tariffs_of(study, inputs, standing),
        agreement_effect(study, inputs, standing),
        productivity_of(study, inputs, standing),
    )


def container_trade(inputs: Inputs) -> ContainerTrade:
    """Return how trade spreads over zones and classes."""
    value = np.array([freight.value_usd_per_teu for freight in inputs.classes])
    return ContainerTrade(inputs.zone_economy, inputs.zone_share, value, inputs.class_share)


def cost_change(
    inputs: Inputs, composite: tuple[Float, Float], rules: tuple[Rules, Rules], trade_elasticity: float
) -> CostChange:
    """Return changes of cost from composite costs (K, Z, Z) and rules, each before and after."""
    trade = container_trade(inputs)
    value = trade.value_usd_per_teu[:, None, None]
    zone = cost_factor_change(cost_factor(composite[0], value), cost_factor(composite[1], value))
    transport = economy_cost_change(zone, trade.network_trade(inputs.flows), trade_elasticity=trade_elasticity)
    before, after = rules
    agreement = np.where(
        before.agreement == after.agreement,
        1.0,
        agreement_cost_change(
            after.agreement - before.agreement,
            trade_elasticity=trade_elasticity,
            tariffs=before.tariffs,
            new_tariffs=after.tariffs,
        ),
    )
    partly = before.banned < 1.0
    bans = np.where(
        partly,
        ban_cost_change(
            np.where(partly, before.banned, 0.0),
            np.where(partly, after.banned, 0.0),
            trade_elasticity=trade_elasticity,
        ),
        1.0,
    )
    return CostChange(zone, transport, transport * agreement * bans)


def policy_of(
    inputs: Inputs,
    before: Rules,
    after: Rules,
    charges: tuple[Mapping[str, Float], Mapping[str, Float]] | None = None,
) -> Policy:
    """Return tariffs, open-trade weights and charges (before and after, by who earns them) of a change of rules."""
    forbidden = (inputs.fitted > 0) & (inputs.flows == 0) & (before.banned > 0)
    lifted = np.divide(
        before.banned - after.banned, before.banned, out=np.zeros_like(before.banned), where=before.banned > 0
    )
    return Policy(
        tariffs=before.tariffs,
        new_tariffs=after.tariffs,
        open_weights=open_trade_weights(inputs.fitted, inputs.flows * (1.0 + before.tariffs), forbidden),
        unbanned=np.where(forbidden, np.clip(lifted, 0.0, 1.0), 0.0),
        charges=_charges(inputs, charges),
    )


def _charges(inputs: Inputs, charges: tuple[Mapping[str, Float], Mapping[str, Float]] | None) -> tuple[Charge, ...]:
    if charges is None:
        return ()
    none = np.zeros(inputs.flows.shape)
    earners = sorted({*charges[0], *charges[1]})
    return tuple(
        Charge(inputs.position(economy), charges[1].get(economy, none), charges[0].get(economy, none))
        for economy in earners
    )


def solve_equilibrium(
    study: Study,
    inputs: Inputs,
    change: CostChange,
    rules: tuple[Rules, Rules],
    name: str,
    charges: tuple[Mapping[str, Float], Mapping[str, Float]] | None = None,
) -> TradeEquilibrium:
    """Return the trade equilibrium of a scenario called `name`; charges (before, after) by who earns them."""
    policy = policy_of(inputs, *rules, charges)
    elasticity = study.parameter("trade_elasticity")
    flows: Float | TradeBaseline = inputs.flows
    if study.settings.deficits == "multiplicative":
        policy = Policy(open_weights=policy.open_weights, unbanned=policy.unbanned)
    elif study.settings.deficits == "balanced":
        flows = _balanced(_Start(inputs, rules[0], None if charges is None else charges[0]), elasticity)
    return solve_trade(
        flows,
        change.total,
        trade_elasticity=elasticity,
        deficits=study.settings.deficits,
        policy=policy,
        shifts=Shifts(productivity=rules[1].productivity / rules[0].productivity),
        options=TradeOptions(labels=inputs.economies, scenario_labels=(name,)),
    )


class _Start:
    """What a baseline without deficits is made of; equal to another of the very same frozen values."""

    __slots__ = ("charges", "inputs", "rules")

    def __init__(self, inputs: Inputs, rules: Rules, charges: Mapping[str, Float] | None) -> None:
        self.inputs, self.rules, self.charges = inputs, rules, charges

    def __eq__(self, other: object) -> bool:
        mine = self.inputs, self.rules, self.charges
        return isinstance(other, _Start) and all(
            one is two for one, two in zip(mine, (other.inputs, other.rules, other.charges), strict=True)
        )

    def __hash__(self) -> int:
        return hash((id(self.inputs), id(self.rules), id(self.charges)))


@lru_cache(maxsize=4)
def _balanced(start: _Start, elasticity: float) -> TradeBaseline:
    """Return the equilibrium without deficits that all scenarios of a study start from, kept for the next one."""
    inputs = start.inputs
    charges = tuple(
        Charge(inputs.position(economy), share, share) for economy, share in sorted((start.charges or {}).items())
    )
    return remove_deficits(
        inputs.flows,
        trade_elasticity=elasticity,
        policy=Policy(tariffs=start.rules.tariffs, charges=charges),
        options=TradeOptions(labels=inputs.economies),
    )


def flows_after(inputs: Inputs, equilibrium: TradeEquilibrium) -> Float:
    """Return trade after the change on the study's own flows, million USD, shape (N, N).

    The equilibrium's change of each flow is put on the study's flow, which keeps its level where balancing the
    baseline moved it; a pair without trade takes what the equilibrium gives.
    """
    before, after = equilibrium.baseline_flows, equilibrium.flows
    ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return np.where(before > 0, inputs.flows * ratio, after)


def containers(inputs: Inputs, flows_musd: Float, change: CostChange, trade_elasticity: float) -> Float:
    """Return loaded TEU a year between zones, shape (K, Z, Z)."""
    return container_flows(
        flows_musd,
        container_trade(inputs),
        zone_change=change.zone,
        pair_change=change.transport,
        trade_elasticity=trade_elasticity,
    )
