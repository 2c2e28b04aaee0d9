"""One scenario from measures to trade, welfare and containers, as values before they become tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.feedback import Settled, settle
from landbridge.pipeline.freight import Freight, find_freight, near_ground, season_flows
from landbridge.pipeline.ground import Ground, standing_network
from landbridge.pipeline.loads import Loads, charge_shares, earner_mix, find_loads
from landbridge.pipeline.trading import (
    CostChange,
    Rules,
    containers,
    cost_change,
    flows_after,
    rules_under,
    solve_equilibrium,
)
from landbridge.trade.one_sector import TradeEquilibrium


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """The study as it stands: what every scenario is compared with.

    Attributes
    ----------
    teu
        Containers between zones, TEU a year, (K, Z, Z).
    charges
        Share of charges in delivered value by the economy that earns them, each (N, N).
    mixes
        Which economy earns which part of each corridor's charges.
    """

    ground: Ground
    standing: tuple[str, ...]
    freight: Freight
    rules: Rules
    teu: Float
    loads: Loads
    charges: Mapping[str, Float]
    mixes: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a scenario makes of freight, trade and welfare.

    Attributes
    ----------
    flows
        Trade on the study's own flows after the change, million USD, (N, N).
    teu
        Containers between zones, TEU a year, (K, Z, Z).
    """

    name: str
    standing: tuple[str, ...]
    freight: Freight
    rules: Rules
    change: CostChange
    equilibrium: TradeEquilibrium
    flows: Float
    teu: Float
    loads: Loads
    settled: Settled


def find_baseline(ground: Ground) -> Baseline:
    """Return the baseline: the measures that stand, the study's flows, their containers."""
    standing = tuple(measure.id for measure in ground.study.measures if measure.in_baseline)
    freight = find_freight(ground, standing, with_marks=True)
    near = near_ground(ground, freight.touched)
    inputs = ground.inputs
    rules = rules_under(ground.study, inputs, standing)
    composite = freight.choice.composite_usd_per_teu
    elasticity = ground.study.parameter("trade_elasticity")
    nothing = cost_change(inputs, (composite, composite), (rules, rules), elasticity)
    teu = containers(inputs, inputs.flows, nothing, elasticity)
    unit = containers(inputs, np.ones_like(inputs.flows), nothing, elasticity)
    reached = _reached(teu, freight)
    mixes = earner_mix(near, freight, reached, freight.alternatives.corridors)
    charges = charge_shares(ground, freight, _reached(unit, freight), mixes)
    return Baseline(ground, standing, freight, rules, teu, find_loads(near, freight, reached), charges, mixes)


def find_outcome(baseline: Baseline, standing: Sequence[str], name: str, *, with_charges: bool = True) -> Outcome:
    """Return what the standing measures make of the baseline.

    Delays by load, where the study has capacities, are settled first with trade (see `pipeline.feedback`), tolls
    and fees become income after that.

    Parameters
    ----------
    baseline
        Of the same study.
    standing
        Ids of the measures that stand.
    name
        For errors.
    with_charges
        Whether tolls and fees become income of those who earn them.

    Raises
    ------
    InfeasibleError, ConvergenceError
        If trade has no equilibrium, or costs and flows do not settle.
    """
    found = _answer(baseline, standing, name, with_charges=with_charges)
    freight = found.settled.freight
    return Outcome(
        name,
        tuple(standing),
        freight,
        found.rules,
        found.change,
        found.equilibrium,
        found.flows,
        found.teu,
        find_loads(found.near, freight, found.teu),
        found.settled,
    )


def find_equilibrium(baseline: Baseline, standing: Sequence[str], name: str) -> TradeEquilibrium:
    """Return the trade equilibrium of `find_outcome`, where nobody asks for loads."""
    return _answer(baseline, standing, name, with_charges=True).equilibrium


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What the standing measures make of costs and trade, before containers are put on arcs."""

    near: Ground
    settled: Settled
    rules: Rules
    change: CostChange
    equilibrium: TradeEquilibrium
    flows: Float
    teu: Float


def _answer(baseline: Baseline, standing: Sequence[str], name: str, *, with_charges: bool) -> _Answer:
    ground = baseline.ground
    study, inputs = ground.study, ground.inputs
    elasticity = study.parameter("trade_elasticity")
    rules = rules_under(study, inputs, standing)

    def change_at(freight: Freight) -> CostChange:
        composite = baseline.freight.choice.composite_usd_per_teu, freight.choice.composite_usd_per_teu
        return cost_change(inputs, composite, (baseline.rules, rules), elasticity)

    def trade_at(
        freight: Freight, change: CostChange, charges: _Charges | None
    ) -> tuple[TradeEquilibrium, Float, Float]:
        equilibrium = solve_equilibrium(study, inputs, change, (baseline.rules, rules), name, charges)
        flows = flows_after(inputs, equilibrium)
        return equilibrium, flows, _reached(containers(inputs, flows, change, elasticity), freight)

    touched = standing_network(ground, standing)
    near = near_ground(ground, touched)
    known = baseline.freight, baseline.loads.arcs
    settled = settle(near, touched, known, lambda freight: trade_at(freight, change_at(freight), None)[2])
    freight = settled.freight
    change = change_at(freight)
    charges = _charges_at(baseline, near, freight, change) if with_charges else None
    return _Answer(near, settled, rules, change, *trade_at(freight, change, charges))


_Charges = tuple[Mapping[str, Float], Mapping[str, Float]]


def _charges_at(baseline: Baseline, near: Ground, freight: Freight, change: CostChange) -> _Charges:
    """Return charges by who earns them, before and after; corridors that the baseline did not use are looked at."""
    ground, inputs = baseline.ground, baseline.ground.inputs
    elasticity = ground.study.parameter("trade_elasticity")
    teu = _reached(containers(inputs, inputs.flows, change, elasticity), freight)
    used = season_flows(freight, teu).sum((0, 2, 3, 4))
    corridors = freight.alternatives.corridors
    new = [corridor for r, corridor in enumerate(corridors) if corridor not in baseline.mixes and used[r] > 1.0]
    mixes = {**earner_mix(near, freight, teu, new), **baseline.mixes}
    unit = containers(inputs, np.ones_like(inputs.flows), change, elasticity)
    return baseline.charges, charge_shares(ground, freight, _reached(unit, freight), mixes)


def _reached(teu: Float, freight: Freight) -> Float:
    """Return containers between pairs that have a route; others' trade went off the network already."""
    return np.where(np.isfinite(freight.choice.composite_usd_per_teu), teu, 0.0)
