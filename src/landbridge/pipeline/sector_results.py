"""The many-sector model's results as tidy tables, beside those of one sector."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.sector_data import StudySectors, has_sectors, study_sectors
from landbridge.pipeline.sectors import SectorOutcome, SectorTable, deficits_of, solve_sectors, table_of
from landbridge.pipeline.tables import Columns, columns_of


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


def sector_tables(found: SectorOutcome) -> dict[str, Columns]:
    """Return the tables ``sectors`` (many beside one sector by economy) and ``sector_costs`` (by sector).

    Economies of the study that the table lacks are rows of their own, with their change on one sector only.
    """
    economy = found.table.economy
    many = 100.0 * (found.equilibrium.real_income_change - 1.0)
    one = 100.0 * (found.one_sector_change - 1.0)
    gain = one * found.spending_over_gdp
    held = set(found.table.member.values())
    rows = [
        (name, measure, float(values[i]), unit)
        for measure, values, unit in (
            ("real_income_many_sectors", many, "percent"),
            ("real_income_one_sector", one, "percent"),
            ("gain_one_sector", gain, "percent of GDP"),
        )
        for i, name in enumerate(economy.economies)
        if name in held
    ]
    rows += [(name, "one_sector_only", value, "percent of GDP") for name, value in found.lacking_change.items()]
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
