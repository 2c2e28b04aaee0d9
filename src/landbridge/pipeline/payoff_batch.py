"""All trade equilibria of one draw: arrays by network and by set of rules, put together chunk by chunk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.inputs import Inputs
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoff_draws import Draw
from landbridge.pipeline.trading import Rules, cost_change, policy_of
from landbridge.study.model import Study
from landbridge.trade.baseline import TradeBaseline
from landbridge.trade.one_sector import TradeEquilibrium, remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions


@dataclass(frozen=True, slots=True, eq=False)
class Shipping:
    """What networks make of trade in one draw.

    Attributes
    ----------
    change
        Change of transport cost by network, (W, N, N).
    earners, charges
        Shares of charges in delivered value by earner and network, (E, W, N, N).
    base_charges
        The same of the baseline by earner, each (N, N).
    """

    change: Float
    earners: tuple[str, ...]
    charges: Float
    base_charges: Mapping[str, Float]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """All equilibria of one draw."""

    study: Study
    inputs: Inputs
    elasticity: float
    start: TradeBaseline | Float
    shipping: Shipping
    rules_part: Float
    tariffs: Float
    new_tariffs: Float
    unbanned: Float
    open_weights: Float | None
    productivity: Float

    @classmethod
    def of(cls, base: Baseline, draw: Draw, shipping: Shipping, rules: Sequence[Rules]) -> "Batch":
        """Return the batch of a draw for sets of rules at the study's own parameters."""
        study, inputs = base.ground.study, base.ground.inputs
        before = _scaled(base.rules, draw)
        after = [_scaled(one, draw) for one in rules]
        policies = [policy_of(inputs, before, one) for one in after]
        return cls(
            study,
            inputs,
            draw.trade_elasticity,
            _start(study, inputs, (draw.trade_elasticity, shipping.base_charges), before),
            shipping,
            np.array([_rules_part(inputs, before, one, draw.trade_elasticity) for one in after]),
            before.tariffs,
            np.array([one.tariffs for one in after]),
            np.array([policy.unbanned for policy in policies]),
            policies[0].open_weights,
            np.array([one.productivity / before.productivity for one in after]),
        )

    def equilibria(self, net: Int, rule: Int) -> TradeEquilibrium:
        """Return the equilibria of states given by their network and their rules, shape (s,) each."""
        none = np.zeros(self.tariffs.shape)
        free = self.study.settings.deficits == "multiplicative"
        policy = Policy(
            tariffs=None if free else self.tariffs,
            new_tariffs=None if free else self.new_tariffs[rule],
            open_weights=self.open_weights,
            unbanned=self.unbanned[rule],
            charges=()
            if free
            else tuple(
                Charge(
                    self.inputs.position(who), self.shipping.charges[k][net], self.shipping.base_charges.get(who, none)
                )
                for k, who in enumerate(self.shipping.earners)
            ),
        )
        return solve_trade(
            self.start,
            self.shipping.change[net] * self.rules_part[rule],
            trade_elasticity=self.elasticity,
            deficits=self.study.settings.deficits,
            policy=policy,
            shifts=Shifts(productivity=self.productivity[rule]),
            options=TradeOptions(labels=self.inputs.economies),
        )


def _start(
    study: Study, inputs: Inputs, priced: tuple[float, Mapping[str, Float]], before: Rules
) -> TradeBaseline | Float:
    if study.settings.deficits != "balanced":
        return inputs.flows
    elasticity, base_charges = priced
    charges = tuple(Charge(inputs.position(who), share, share) for who, share in base_charges.items())
    return remove_deficits(
        inputs.flows,
        trade_elasticity=elasticity,
        policy=Policy(tariffs=before.tariffs, charges=charges),
        options=TradeOptions(labels=inputs.economies),
    )


def _scaled(rules: Rules, draw: Draw) -> Rules:
    """Return rules with the effect of agreements as in a draw."""
    return rules if draw.agreement_factor == 1.0 else replace(rules, agreement=rules.agreement * draw.agreement_factor)


def _rules_part(inputs: Inputs, before: Rules, after: Rules, elasticity: float) -> Float:
    """Return what agreements and bans do to costs, shape (N, N): the change in a world without zones."""
    nowhere = replace(inputs, zones=(), zone_names=(), zone_economy=np.zeros(0, np.int64), zone_share=np.zeros(0))
    still = np.zeros((len(inputs.classes), 0, 0))
    return cost_change(nowhere, (still, still), (before, after), elasticity).total
