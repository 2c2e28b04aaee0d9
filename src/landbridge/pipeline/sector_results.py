"""The many-sector model's results as tidy tables, beside one sector, with intervals over sector elasticities."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.pipeline.draws import latin_hypercube, quantile
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.sector_data import StudySectors, has_sectors, study_sectors
from landbridge.pipeline.sectors import (
    SectorOutcome,
    SectorTable,
    deficits_of,
    sector_case,
    solve_sectors,
    table_of,
)
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.trade.options import TradeOptions
from landbridge.trade.sectors import solve_trade_sectors

LOW, HIGH = 0.05, 0.95
"""Ends of the interval."""
MOST_FAILED: Final = 0.05
"""Largest part of the draws that may have no equilibrium."""
SEED_STEP: Final = 7
"""Second word of the seed: sector elasticities are drawn apart from the study's parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class SectorSample:
    """Real incomes in the many-sector model under draws of the sectors' trade elasticities.

    Attributes
    ----------
    scenarios
        Names.
    elasticities
        What was drawn, shape (D, J).
    income
        Change of real income in percent, shape (D, S, M); draws without an equilibrium are left out.
    failed
        Their reasons.
    """

    scenarios: tuple[str, ...]
    elasticities: Float
    income: Float
    failed: tuple[str, ...]


def sectors_of(base: Baseline) -> tuple[StudySectors, SectorTable] | None:
    """Return the study's input-output table, or None if it holds none."""
    study = base.ground.study
    if not has_sectors(study):
        return None
    sectors = study_sectors(study, [item.id for item in base.ground.inputs.classes])
    return sectors, table_of(base, sectors)


def sector_results(base: Baseline, outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, Columns]]:
    """Return by scenario the tables ``sectors`` and ``sector_costs``; nothing if the study holds no such table."""
    known = sectors_of(base)
    if known is None:
        return {}
    deficits = deficits_of(base.ground.study)
    return {
        name: sector_tables(solve_sectors(base, outcome, known[1], deficits=deficits))
        for name, outcome in outcomes.items()
    }


def sample_sectors(
    base: Baseline, outcomes: Mapping[str, Outcome], known: tuple[StudySectors, SectorTable], *, draws: int, seed: int
) -> SectorSample:
    """Return real incomes of scenarios under draws of every sector's elasticity, each over its own range.

    Transport costs by sector are made anew at each draw; corridors, delays and all other inputs are held at the
    study's values. Elasticities are independent of each other, a Latin hypercube over triangular distributions.

    Parameters
    ----------
    base, outcomes
        Of one study.
    known
        From `sectors_of`.
    draws
        D.
    seed
        The same seed gives the same draws.

    Raises
    ------
    ConvergenceError
        If more than one draw in twenty has no equilibrium.
    """
    sectors, table = known
    chances = latin_hypercube(draws, len(sectors.elasticities), np.random.default_rng([seed, SEED_STEP]))
    theta = np.stack([quantile(item, chances[:, j]) for j, item in enumerate(sectors.elasticities)], axis=1)
    case = sector_case(base, outcomes, table)
    tariffs = np.stack([rules.tariffs for rules in case.after])
    options = TradeOptions(labels=table.economy.economies, scenario_labels=tuple(outcomes))
    kept, failed = [], []
    for row, drawn in enumerate(theta):
        try:
            found = solve_trade_sectors(
                replace(table.economy, trade_elasticity=drawn),
                tariff=case.before.tariffs,
                new_tariff=tariffs,
                cost_change=case.cost_change(drawn),
                deficits=deficits_of(base.ground.study),
                options=options,
            )
        except (InfeasibleError, ConvergenceError) as error:
            failed.append(f"draw {row}: {error}")
        else:
            kept.append((row, 100.0 * (found.real_income_change - 1.0)))
    if len(failed) > MOST_FAILED * draws:
        shown = "\n".join(failed[:3])
        message = f"{len(failed)} of {draws} draws of sector elasticities have no equilibrium. Narrow their ranges."
        raise ConvergenceError(f"{message}\n{shown}")
    rows = [row for row, _ in kept]
    return SectorSample(tuple(outcomes), theta[rows], np.array([values for _, values in kept]), tuple(failed))


def with_intervals(
    tables: Mapping[str, Columns], sample: SectorSample, scenario: str, found: SectorTable, one: Columns | None
) -> dict[str, Columns]:
    """Return the tables with intervals: of many sectors from the sample, of one sector from table ``uncertainty``.

    An economy of the table that stands for several of the study has no interval on one sector.
    """
    place = sample.scenarios.index(scenario)
    drawn = sample.income[:, place]
    low, median, high = np.quantile(drawn, (LOW, 0.5, HIGH), axis=0)
    names = found.economy.economies
    held = set(found.member.values())
    rows = list(zip(*tables["sectors"].values(), strict=True))
    for measure, values in (("low", low), ("median", median), ("high", high)):
        rows += [
            (name, f"real_income_many_sectors_{measure}", float(values[i]), "percent")
            for i, name in enumerate(names)
            if name in held
        ]
    lines = list(zip(*one.values(), strict=True)) if one else []
    labels = list(one) if one else []
    by_key = {
        (row[labels.index("indicator")], row[labels.index("measure")]): float(row[labels.index("value")])
        for row in lines
    }
    alone = {to: name for name, to in found.member.items() if list(found.member.values()).count(to) == 1}
    for measure in ("low", "median", "high"):
        rows += [
            (name, f"real_income_one_sector_{measure}", by_key[f"income:{alone[name]}", measure], "percent")
            for name in names
            if name in alone and (f"income:{alone[name]}", measure) in by_key
        ]
    return {**tables, "sectors": columns_of(rows, ("economy", "measure", "value", "unit"))}


def interval_results(
    base: Baseline,
    outcomes: Mapping[str, Outcome],
    uncertainty: Mapping[str, Mapping[str, Columns]],
    *,
    draws: int,
    seed: int,
) -> dict[str, dict[str, Columns]]:
    """Return ``sectors`` and ``sector_costs`` with intervals by scenario; nothing if the study holds no such table."""
    known = sectors_of(base)
    if known is None:
        return {}
    plain = sector_results(base, outcomes)
    sample = sample_sectors(base, outcomes, known, draws=draws, seed=seed)
    return {
        name: with_intervals(tables, sample, name, known[1], uncertainty.get(name, {}).get("uncertainty"))
        for name, tables in plain.items()
    }


def sector_tables(found: SectorOutcome) -> dict[str, Columns]:
    """Return the tables ``sectors`` (many beside one sector by economy) and ``sector_costs`` (by sector).

    Economies of the study that the table lacks are rows of their own, with their change on one sector only.
    """
    economy = found.table.economy
    many = 100.0 * (found.equilibrium.real_income_change - 1.0)
    one = 100.0 * (found.one_sector_change - 1.0)
    held = set(found.table.member.values())
    rows = [
        (name, measure, float(values[i]), "percent")
        for measure, values in (("real_income_many_sectors", many), ("real_income_one_sector", one))
        for i, name in enumerate(economy.economies)
        if name in held
    ]
    rows += [(name, "one_sector_only", value, "percent") for name, value in found.lacking_change.items()]
    before = found.equilibrium.baseline_flows
    after = found.equilibrium.flows
    abroad = ~np.eye(economy.n_economies, dtype=bool)
    lines: list[tuple[Any, ...]] = []
    for j, name in enumerate(economy.sectors):
        old, new = before[j][abroad], after[j][abroad]
        mean = float((old * found.cost_change[j][abroad]).sum() / old.sum()) if old.sum() > 0 else 1.0
        lines.append((name, "cost_change", 100.0 * (mean - 1.0), "percent"))
        lines.append(
            (name, "trade_change", 100.0 * (float(new.sum() / old.sum()) - 1.0) if old.sum() else 0.0, "percent")
        )
    lines.append(("all", "containers_beyond_table", found.capped, "million USD"))
    return {
        "sectors": columns_of(rows, ("economy", "measure", "value", "unit")),
        "sector_costs": columns_of(lines, ("sector", "measure", "value", "unit")),
    }
