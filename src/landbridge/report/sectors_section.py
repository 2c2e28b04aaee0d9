"""The report's chapter on what stands behind real income: its parts, trade creation, sectors if a table is given."""

from collections.abc import Mapping, Sequence
from typing import Final

from landbridge.figures.charts import stacked
from landbridge.figures.style import Figure
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, FigureBlock, Section, TableBlock, Text
from landbridge.report.lookup import by_label, rows_of
from landbridge.report.trade_section import chosen

PARTS: Final = {
    "first_terms_of_trade": "terms of trade",
    "first_trade_cost": "trade cost",
    "first_volume_of_trade": "volume of trade",
    "first_supply": "supply",
    "first_money": "money",
}
ONE_SECTOR_ONLY: Final = (
    "No input-output table is given with this study, so all results stand on the one-sector model: goods and services "
    "together, no links between sectors. docs/methods/uncertainty.md tells how to bring a table."
)


def sectors_section(results: Mapping[str, Result], baseline: str, first: Sequence[str]) -> Section | None:
    """Return the chapter, or None where no result holds a decomposition."""
    shown = {name: r for name, r in results.items() if name != baseline and rows_of(r, "decomposition")}
    if not shown:
        return None
    figures: dict[str, Figure] = {}
    tables: list[Block] = []
    with_sectors = False
    for name, result in shown.items():
        at = {
            measure: by_label(rows_of(result, "decomposition", measure=measure), "economy")
            for measure in (
                *PARTS,
                "exact_total",
                "tariff_revenue_change",
                "charge_income_change",
                "transport_bill_change",
            )
        }
        names = by_label(rows_of(result, "decomposition", measure="exact_total"), "economy", "name")
        order = chosen(at["exact_total"], first)
        figures[name] = stacked(
            [str(names[e]) for e in order],
            {word: [float(at[measure][e]) for e in order] for measure, word in PARTS.items()},
            "percent",
            "light",
        )
        tables.append(
            TableBlock(
                "Parts of real income: first order, the exact change in logs, and money that changes hands.",
                ("Economy", *PARTS.values(), "exact", "tariffs, million USD", "tolls earned", "transport bill"),
                tuple((str(names[e]), *(float(values[e]) for values in at.values())) for e in order),
                name,
                folded=True,
            )
        )
        tables += _shift(name, result, first)
        sectors = _sectors(name, result)
        with_sectors = with_sectors or bool(sectors)
        tables += sectors
    blocks: list[Block] = [
        Text(
            (
                "The parts are first order: shares of the change for small changes only; the exact change stands "
                "beside them. Trade cost is what is saved on imports, terms of trade what own prices gain on those of "
                "suppliers, volume what tariffs are worth on trade that grows, money what comes from tolls and "
                "transfers.",
                *(() if with_sectors else (ONE_SECTOR_ONLY,)),
            ),
            "note",
        ),
        FigureBlock(
            "income-parts",
            "First-order parts of the change of real income in the chosen scenario.",
            "Stacked bars of parts of real income by economy.",
            figures,
        ),
        *tables,
    ]
    return Section("parts", "Where the gains come from", tuple(blocks))


def _shift(name: str, result: Result, first: Sequence[str]) -> list[Block]:
    rows = rows_of(result, "trade_shift")
    found: list[Block] = []
    for agreement in dict.fromkeys(str(row["agreement"]) for row in rows):
        at = {
            measure: by_label([r for r in rows if r["agreement"] == agreement and r["measure"] == measure], "economy")
            for measure in ("creation", "diversion", "from_bloc", "from_others", "domestic")
        }
        names = by_label([r for r in rows if r["agreement"] == agreement], "economy", "name")
        order = chosen(at["creation"], first)
        found.append(
            TableBlock(
                f"Trade creation and diversion in imports, agreement '{agreement}', million USD.",
                ("Economy", "Creation", "Diversion", "From the bloc", "From others", "At home"),
                tuple((str(names[e]), *(float(values[e]) for values in at.values())) for e in order),
                name,
                folded=True,
            )
        )
    return found


def _sectors(name: str, result: Result) -> list[Block]:
    many = by_label(rows_of(result, "sectors", measure="real_income_many_sectors"), "economy")
    if not many:
        return []
    one = by_label(rows_of(result, "sectors", measure="real_income_one_sector"), "economy")
    cost = by_label(rows_of(result, "sector_costs", measure="cost_change"), "sector")
    trade = by_label(rows_of(result, "sector_costs", measure="trade_change"), "sector")
    return [
        TableBlock(
            "Real income with many sectors and input-output links beside one sector, percent.",
            ("Economy", "Many sectors", "One sector"),
            tuple((e, float(many[e]), float(one[e])) for e in sorted(many, key=lambda e: -float(many[e]))),
            name,
            folded=True,
        ),
        TableBlock(
            "Trade cost and trade between economies by sector, percent.",
            ("Sector", "Trade cost", "Trade"),
            tuple((s, float(cost[s]), float(trade[s])) for s in cost),
            name,
            folded=True,
        ),
    ]
