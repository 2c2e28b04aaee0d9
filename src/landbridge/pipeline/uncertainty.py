"""Intervals for the headline figures of scenarios: the chain run again under draws of uncertain inputs."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.pipeline.draws import Draws, Estimates, draw_inputs
from landbridge.pipeline.freight import logit_of, season_flows
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.indicators import Indicator, in_unit, parse_indicator, trade_value, visits_under, visits_value
from landbridge.pipeline.inputs import Inputs, agreement_effect
from landbridge.pipeline.loads import earner_mix
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.trading import Rules, containers, cost_change, flows_after, policy_of
from landbridge.pipeline.uncertainty_cells import Cells, CellTrade, Reach, cell_trade, pack_cells
from landbridge.routing.choice import nests_of
from landbridge.study.model import Study
from landbridge.trade.one_sector import remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions

WORKERS: Final = 2
"""Threads over draws; the kernels leave Python's lock."""
CHANGED_USD: Final = 1e-3
CHANGED_SHARE: Final = 1e-6
"""Cells whose composite cost and shares move by less under every corner of the draws count as unchanged."""
MOST_FAILED: Final = 0.05
"""Largest part of the draws that may have no equilibrium."""
LOG_POINTS: Final = {"agreement": "agreement_trade_log_points", "visa": "visa_log_points"}
"""Parameters that scale what all measures of a kind state."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: its key in the table ``headline`` and what it is."""

    key: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Figures of S scenarios in D draws.

    Attributes
    ----------
    scenarios, figures
        Names and keys.
    draws
        The inputs' values.
    values
        Shape (D, S, F); only draws that have an equilibrium.
    central
        At the study's own values, shape (S, F).
    income
        Change of real income in percent by economy, shape (D, S, N).
    failed
        Reasons of draws without an equilibrium.
    """

    scenarios: tuple[str, ...]
    figures: tuple[Figure, ...]
    draws: Draws
    values: Float
    central: Float
    income: Float
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Scenario:
    """A scenario with the cells that it changes and who earns the charges of its corridors."""

    outcome: Outcome
    rows: Int
    cells: Cells
    mixes: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """All that draws share."""

    base: Baseline
    trade: CellTrade
    cells: Cells
    scenarios: tuple[_Scenario, ...]
    figures: tuple[Figure, ...]
    targets: tuple[tuple[str, str, Indicator], ...]


def sample_outcomes(
    base: Baseline,
    outcomes: Mapping[str, Outcome],
    *,
    draws: int,
    seed: int,
    estimates: Sequence[Estimates] | None = None,
) -> Sample:
    """Return the headline figures of scenarios under draws of the study's uncertain inputs.

    Each draw chooses corridors anew among the stored alternatives, whose cost is made anew from their hours, CO2
    and payments, and solves trade anew, all scenarios in one batch. Two things are held at the study's values: the
    route within a corridor (it is the best one at the study's value of time, so to first order its cost does not
    depend on the choice of route), and the delays by load that the scenario settled at.

    Parameters
    ----------
    base, outcomes
        Of one study; outcomes by scenario.
    draws
        D.
    seed
        The same seed gives the same draws.
    estimates
        Parameters with a covariance; those that the study holds if absent.

    Raises
    ------
    StudyError
        If `estimates` do not fit the study.
    ConvergenceError
        If more than one draw in twenty has no equilibrium; the first reasons are told.
    """
    study = base.ground.study
    drawn = draw_inputs(study, draws, np.random.default_rng(seed), estimates=estimates)
    chain = _chain(base, outcomes, drawn)
    central, _ = _run_draw(chain, study)

    def one(row: int) -> tuple[Float, Float] | str:
        try:
            return _run_draw(chain, drawn.study(study, row))
        except (InfeasibleError, ConvergenceError) as error:
            return f"draw {row}: {error}"

    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(one, range(len(drawn))))
    failed = tuple(item for item in found if isinstance(item, str))
    if len(failed) > MOST_FAILED * len(drawn):
        shown = "\n".join(failed[:3])
        raise ConvergenceError(f"{len(failed)} of {len(drawn)} draws have no equilibrium. Narrow the ranges.\n{shown}")
    good = np.array([not isinstance(item, str) for item in found])
    solved = [item for item in found if not isinstance(item, str)]
    kept = Draws(drawn.inputs, drawn.chances[good], drawn.values[good], drawn.groups)
    return Sample(
        tuple(outcomes),
        chain.figures,
        kept,
        np.array([values for values, _ in solved]),
        central,
        np.array([income for _, income in solved]),
        failed,
    )


def _chain(base: Baseline, outcomes: Mapping[str, Outcome], drawn: Draws) -> _Chain:
    ground = base.ground
    trade, rows = cell_trade(ground)
    reach = _reach(ground, drawn)
    cells = pack_cells(ground, base.freight, reach, rows)
    corners = [_law(ground, study) for study in _corners(ground.study, drawn)]
    before = [_chosen(cells, law) for law in corners]
    found = []
    for outcome in outcomes.values():
        whole = pack_cells(ground, outcome.freight, reach, rows)
        moved = np.zeros(len(rows), dtype=bool)
        for law, (cost, share, charge) in zip(corners, before, strict=True):
            now = _chosen(whole, law)
            finite = np.isfinite(cost), np.isfinite(now[0])
            moved |= finite[0] != finite[1]
            moved |= np.abs(np.where(finite[1], now[0], 0.0) - np.where(finite[0], cost, 0.0)) > CHANGED_USD
            moved |= np.abs(now[1] - share).max(1) > CHANGED_SHARE
            moved |= np.abs(now[2] - charge).max(1) > CHANGED_USD
        some = np.flatnonzero(moved)
        found.append(
            _Scenario(outcome, some, pack_cells(ground, outcome.freight, reach, rows[some]), _earners(base, outcome))
        )
    targets = tuple(
        (str(row["target"]), str(row["unit"]), parse_indicator(str(row["indicator"]), ground.inputs.economies))
        for row in ground.study.tables["targets"].rows()
    )
    return _Chain(base, trade, cells, tuple(found), _figures(base, targets), targets)


def _reach(ground: Ground, drawn: Draws) -> Reach:
    study = ground.study
    scale = drawn.column("choice_scale_per_usd", study.parameter("choice_scale_per_usd"))
    factor = drawn.column("delay_share_factor", 1.0) / _value(study, "delay_share_factor", 1.0)
    bound = drawn.column("choice_bound_ratio", logit_of(ground).bound_ratio)
    least = min(float(scale.min()), study.parameter("choice_scale_per_usd"))
    return Reach(least, float(bound.max()), (float(factor.min()), float(factor.max())))


def _value(study: Study, name: str, default: float) -> float:
    return study.parameters[name].value if name in study.parameters else default


def _corners(study: Study, drawn: Draws) -> list[Study]:
    """Return the study's own values and the draws at the ends of the inputs that move the choice of corridors."""
    rows: set[int] = set()
    for name in ("choice_scale_per_usd", "delay_share_factor"):
        if any(item.name == name for item in drawn.inputs):
            column = drawn.column(name, 0.0)
            rows |= {int(column.argmin()), int(column.argmax())}
    return [study, *(drawn.study(study, row) for row in sorted(rows))]


def _law(ground: Ground, study: Study) -> tuple[Any, ...]:
    """Return the choice model of a study with other parameters, as the kernel takes it."""
    logit = logit_of(replace(ground, study=study))
    groups = nests_of(logit)
    nest = np.zeros(len(logit.constant_usd_per_teu), dtype=np.int64)
    for m, (rows, _) in enumerate(groups):
        nest[rows] = m
    moved = _value(study, "delay_share_factor", 1.0) / _value(ground.study, "delay_share_factor", 1.0)
    price = _value(study, "co2_price_usd_per_t", 0.0) - _value(ground.study, "co2_price_usd_per_t", 0.0)
    return (
        float(logit.scale_per_usd[0]),
        float(logit.bound_ratio),
        np.array([scale for _, scale in groups]),
        nest,
        logit.constant_usd_per_teu,
        np.full(len(ground.inputs.classes), moved - 1.0),
        price,
    )


def _chosen(cells: Cells, law: tuple[Any, ...]) -> tuple[Float, Float, Float]:
    from landbridge.pipeline.kernel_uncertainty import choose_cells

    shape = len(cells), len(law[3])
    found = np.empty(shape[0]), np.empty(shape), np.empty(shape)
    choose_cells(cells.as_tuple(), law, *found)
    return found


def _earners(base: Baseline, outcome: Outcome) -> Mapping[str, Mapping[str, float]]:
    """Return who earns which part of each corridor's charges in an outcome, as the outcome itself counts it."""
    ground, freight = base.ground, outcome.freight
    elasticity = ground.study.parameter("trade_elasticity")
    teu = containers(ground.inputs, ground.inputs.flows, outcome.change, elasticity)
    teu = np.where(np.isfinite(freight.choice.composite_usd_per_teu), teu, 0.0)
    used = season_flows(freight, teu).sum((0, 2, 3, 4))
    corridors = freight.alternatives.corridors
    new = [name for r, name in enumerate(corridors) if name not in base.mixes and used[r] > 1.0]
    return {**earner_mix(ground, freight, teu, new), **base.mixes}


def _figures(base: Baseline, targets: Sequence[tuple[str, str, Indicator]]) -> tuple[Figure, ...]:
    ground = base.ground
    found = [
        Figure("world_ev", "World gain (equivalent variation)", "billion USD"),
        Figure("world_ev_percent", "World gain", "percent of GDP"),
    ]
    found += [
        Figure(f"ev:{member.id}", f"{member.name}: gain", "million USD")
        for member in ground.study.members
        if member.economies
    ]
    corridors = base.freight.alternatives.corridors
    found += [
        Figure(f"teu:{corridor}", name, "TEU a year")
        for corridor, name in zip(corridors, ground.corridor_names, strict=True)
    ]
    found += [
        Figure(f"target:{name}", f"{indicator.text} at base-year levels", unit) for name, unit, indicator in targets
    ]
    return tuple(found)


def _run_draw(chain: _Chain, study: Study) -> tuple[Float, Float]:
    """Return the figures (S, F) and real incomes (S, N, percent) under a study with other parameters."""
    ground = chain.base.ground
    own = _with_log_points(ground.study, study)
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


def _indicators(chain: _Chain, study: Study, outcome: Outcome, flows: Float, income: Float) -> list[float]:
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


def _with_log_points(study: Study, drawn: Study) -> Study:
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


def _transport(chain: _Chain, study: Study) -> _Transport:
    from landbridge.pipeline.kernel_uncertainty import add_baseline, add_change

    ground, trade = chain.base.ground, chain.trade
    law = _law(ground, study)
    n, elasticity = len(ground.inputs.economies), study.parameter("trade_elasticity")
    before = _chosen(chain.cells, law)
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
        add_change(weights, scenario.rows, elasticity, before, _chosen(scenario.cells, law), goods, sums)
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


def _equilibria(chain: _Chain, study: Study, transport: _Transport) -> tuple[Float, Any]:
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
