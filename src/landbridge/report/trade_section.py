"""The report's chapters on trade and welfare: changes of trade, real income, targets."""

from collections.abc import Mapping, Sequence

import numpy as np

from landbridge.figures.charts import bars, heat
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, FigureBlock, Section, TableBlock, Text
from landbridge.report.lookup import by_label, rows_of

SHOWN = 16
"""Economies that the bars and the matrix show: the members' first, then those that move most."""


def welfare_section(results: Mapping[str, Result], baseline: str, first: Sequence[str]) -> Section:
    """Return real income by economy, with the money that it stands for."""
    figures, tables = {}, []
    for name, result in results.items():
        if name == baseline:
            continue
        rows = {
            measure: by_label(rows_of(result, "economies", measure=measure), "economy")
            for measure in (
                "real_income_change",
                "real_wage_change",
                "equivalent_variation",
                "equivalent_variation_of_gdp",
                "exports_change",
                "imports_change",
            )
        }
        names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
        income = rows["real_income_change"]
        order = chosen(income, first)
        figures[name] = bars([names[e] for e in order], [income[e] for e in order], "percent", "light", digits=4)
        tables.append(
            TableBlock(
                "Real income, trade and equivalent variation by economy.",
                (
                    "Economy",
                    "Real income, %",
                    "Real wage, %",
                    "EV, million USD",
                    "EV, % of GDP",
                    "Exports, %",
                    "Imports, %",
                ),
                tuple(
                    (str(names[e]), *(float(rows[measure][e]) for measure in rows))
                    for e in sorted(income, key=lambda e: -float(income[e]))
                ),
                name,
                folded=True,
            )
        )
    return Section(
        "welfare",
        "Real income",
        (
            Text(
                (
                    "Real income is spending over the price index, E/P; the equivalent variation (EV) is what that is "
                    "worth in money of the base year. The one-sector model holds technology, labour and preferences "
                    "fixed: what a railway does beyond cheaper trade (investment, tourism, security) is not in it.",
                ),
                "note",
            ),
            FigureBlock(
                "income",
                "Change of real income against the baseline in the chosen scenario: the members first, then the "
                "economies that move most.",
                "Bars of real income change by economy.",
                figures,
            ),
            *tables,
        ),
    )


def trade_section(results: Mapping[str, Result], baseline: str, first: Sequence[str]) -> Section:
    """Return the matrix of trade changes and the pairs that change most."""
    figures, tables = {}, []
    for name, result in results.items():
        if name == baseline:
            continue
        before = _matrix(result, "before")
        after = _matrix(result, "after")
        pairs = [pair for pair in before if pair[0] != pair[1]]
        moved = {
            e: sum(abs(after[p] - before[p]) / (before[p] + 1e3) for p in pairs if e in p)
            for e in {p[0] for p in pairs}
        }
        order = chosen(moved, first)
        values = np.array(
            [
                [_percent(before.get((i, j), 0.0), after.get((i, j), 0.0)) if i != j else 0.0 for j in order]
                for i in order
            ]
        )
        figures[name] = heat(order, order, np.clip(values, -100, 400), "percent", "light", limit=_limit(values))
        largest = sorted(pairs, key=lambda p: -abs(after[p] - before[p]))[:25]
        tables.append(
            TableBlock(
                "The 25 pairs whose trade changes most, million USD a year at unchanged world sales.",
                ("Exporter", "Importer", "Before", "After", "Change", "Change, %"),
                tuple(
                    (
                        *p,
                        float(before[p]),
                        float(after[p]),
                        float(after[p] - before[p]),
                        float(_percent(before[p], after[p])) if before[p] else "new",
                    )
                    for p in largest
                ),
                name,
                folded=True,
            )
        )
    blocks: list[Block] = [
        FigureBlock(
            "trade",
            "Change of trade in percent, exporter by importer. Colours end at the 95th percentile; hover for figures. "
            "A pair that did not trade before shows 0 here and stands as 'new' in the table.",
            "Heat map of trade changes.",
            figures,
        ),
        *tables,
    ]
    return Section("trade", "Trade", tuple(blocks))


def chosen(size: Mapping[str, float], first: Sequence[str]) -> list[str]:
    """Return the members' economies and then those with the largest figures, `SHOWN` in all."""
    order = [e for e in first if e in size]
    order += sorted((e for e in size if e not in order), key=lambda e: -abs(float(size[e])))
    return order[:SHOWN]


def _matrix(result: Result, measure: str) -> dict[tuple[str, str], float]:
    return {(r["exporter"], r["importer"]): float(r["value"]) for r in rows_of(result, "trade", measure=measure)}


def _percent(before: float, after: float) -> float:
    return 100.0 * (after / before - 1.0) if before > 0 else 0.0


def _limit(values: np.ndarray) -> float:
    size = np.abs(values[values != 0])
    return float(np.quantile(size, 0.95)) if len(size) else 1.0
