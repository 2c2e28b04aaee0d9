"""What draws of a study share: cells whose alternatives are packed once, scenarios, figures, and the law of choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.draws import Draws
from landbridge.pipeline.freight import NEW_CONSTANT, logit_of, season_flows
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.indicators import Indicator, base_year_name, parse_indicator
from landbridge.pipeline.inputs import value_or
from landbridge.pipeline.loads import earner_mix
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.trading import containers
from landbridge.pipeline.uncertainty_cells import Cells, CellTrade, Reach, cell_trade, pack_cells
from landbridge.routing.choice import nests_of
from landbridge.study.model import Study

CHANGED_USD: Final = 1e-3
CHANGED_SHARE: Final = 1e-6
"""Cells whose composite cost and shares move by less under every corner of the draws count as unchanged."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: its key in the table ``headline`` and what it is."""

    key: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class ChainScenario:
    """A scenario with the cells that it changes and who earns the charges of its corridors."""

    outcome: Outcome
    rows: Int
    cells: Cells
    mixes: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """All that draws share."""

    base: Baseline
    trade: CellTrade
    cells: Cells
    scenarios: tuple[ChainScenario, ...]
    figures: tuple[Figure, ...]
    targets: tuple[tuple[str, str, Indicator], ...]


def chain_of(base: Baseline, outcomes: Mapping[str, Outcome], drawn: Draws) -> Chain:
    """Return what all draws share; scenarios hold the cells that differ from the baseline's at some corner."""
    ground = base.ground
    trade, rows = cell_trade(ground)
    reach = _reach(ground, drawn)
    cells = pack_cells(ground, base.freight, reach, rows)
    corners = [law_of(ground, study) for study in _corners(ground.study, drawn)]
    before = [chosen(cells, law) for law in corners]
    found = []
    for outcome in outcomes.values():
        whole = pack_cells(ground, outcome.freight, reach, rows)
        moved = np.zeros(len(rows), dtype=bool)
        for law, (cost, share, charge) in zip(corners, before, strict=True):
            now = chosen(whole, law)
            finite = np.isfinite(cost), np.isfinite(now[0])
            moved |= finite[0] != finite[1]
            moved |= np.abs(np.where(finite[1], now[0], 0.0) - np.where(finite[0], cost, 0.0)) > CHANGED_USD
            moved |= np.abs(now[1] - share).max(1) > CHANGED_SHARE
            moved |= np.abs(now[2] - charge).max(1) > CHANGED_USD
        some = np.flatnonzero(moved)
        found.append(
            ChainScenario(
                outcome, some, pack_cells(ground, outcome.freight, reach, rows[some]), _earners(base, outcome)
            )
        )
    targets = tuple(
        (str(row["target"]), str(row["unit"]), parse_indicator(str(row["indicator"]), ground.inputs.economies))
        for row in ground.study.tables["targets"].rows()
    )
    return Chain(base, trade, cells, tuple(found), _figures(base, targets), targets)


def _reach(ground: Ground, drawn: Draws) -> Reach:
    study = ground.study
    scale = drawn.column("choice_scale_per_usd", study.parameter("choice_scale_per_usd"))
    factor = drawn.column("delay_share_factor", 1.0) / value_or(study, "delay_share_factor", 1.0)
    bound = drawn.column("choice_bound_ratio", logit_of(ground).bound_ratio)
    least = min(float(scale.min()), study.parameter("choice_scale_per_usd"))
    shift = drawn.column(NEW_CONSTANT, value_or(study, NEW_CONSTANT, 0.0)) - value_or(study, NEW_CONSTANT, 0.0)
    ends = (float(factor.min()), float(factor.max())), (float(shift.min()), float(shift.max()))
    return Reach(least, float(bound.max()), *ends)


def _corners(study: Study, drawn: Draws) -> list[Study]:
    """Return the study's own values and the draws at the ends of the inputs that move the choice of corridors."""
    rows: set[int] = set()
    for name in ("choice_scale_per_usd", "delay_share_factor", NEW_CONSTANT):
        if any(item.name == name for item in drawn.inputs):
            column = drawn.column(name, 0.0)
            rows |= {int(column.argmin()), int(column.argmax())}
    return [study, *(drawn.study(study, row) for row in sorted(rows))]


def law_of(ground: Ground, study: Study) -> tuple[Any, ...]:
    """Return the choice model of a study with other parameters, as the kernel takes it."""
    logit = logit_of(replace(ground, study=study))
    groups = nests_of(logit)
    nest = np.zeros(len(logit.constant_usd_per_teu), dtype=np.int64)
    for m, (rows, _) in enumerate(groups):
        nest[rows] = m
    moved = value_or(study, "delay_share_factor", 1.0) / value_or(ground.study, "delay_share_factor", 1.0)
    price = value_or(study, "co2_price_usd_per_t", 0.0) - value_or(ground.study, "co2_price_usd_per_t", 0.0)
    return (
        float(logit.scale_per_usd[0]),
        float(logit.bound_ratio),
        np.array([scale for _, scale in groups]),
        nest,
        logit.constant_usd_per_teu,
        np.full(len(ground.inputs.classes), moved - 1.0),
        price,
    )


def chosen(cells: Cells, law: tuple[Any, ...]) -> tuple[Float, Float, Float]:
    """Return composite cost (C,), shares and mean charges by corridor (C, R) of the cells under a law of choice."""
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
        Figure(f"target:{name}", base_year_name(base.ground.study, indicator), unit)
        for name, unit, indicator in targets
    ]
    return tuple(found)
