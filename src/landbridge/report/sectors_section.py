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
NO_TABLE: Final = (
    "No input-output table is given with this study, so all results stand on the one-sector model: goods and services "
    "together, no links between sectors. 'landbridge data sectors' brings one in from OECD ICIO or WIOD files."
)
ONE_ONLY: Final = "one_sector_only"
MODELS: Final = (("real_income_many_sectors", "many sectors"), ("gain_one_sector", "one sector"))


def sectors_section(results: Mapping[str, Result], baseline: str, first: Sequence[str]) -> Section | None:
    """Return the chapter, or None where no result holds a decomposition or sectors."""
    parts = {name: r for name, r in results.items() if name != baseline and rows_of(r, "decomposition")}
    sectors = {name: r for name, r in results.items() if name != baseline and rows_of(r, "sectors")}
    if not parts and not sectors:
        return None
    blocks: list[Block] = []
    if parts:
        blocks += _parts(parts, first, told=bool(sectors))
    if sectors:
        blocks += _beside(sectors, first)
    return Section("parts", "Where the gains come from", tuple(blocks))


def _parts(shown: Mapping[str, Result], first: Sequence[str], *, told: bool) -> list[Block]:
    """Return first-order parts, exact changes, trade creation and diversion."""
    figures: dict[str, Figure] = {}
    tables: list[Block] = []
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
    return [
        Text(
            (
                "The parts are first order: shares of the change for small changes only; the exact change stands "
                "beside them. Trade cost is what is saved on imports, terms of trade what own prices gain on those of "
                "suppliers, volume what tariffs are worth on trade that grows, money what comes from tolls and "
                "transfers.",
                *(() if told else (NO_TABLE,)),
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


def _beside(shown: Mapping[str, Result], first: Sequence[str]) -> list[Block]:
    """Return many sectors beside one sector, with intervals where they were drawn."""
    lacking: dict[str, None] = {}
    for result in shown.values():
        names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
        only = by_label(rows_of(result, "sectors", measure=ONE_ONLY), "economy")
        lacking |= dict.fromkeys(str(names.get(economy, economy)) for economy in only)
    notes = [
        "The same scenarios in a model of many sectors that buy from each other (Caliendo and Parro 2015), on the "
        "study's input-output table, beside the study's one-sector model. Links pass a cost saved on to buyers of "
        "buyers. Many sectors: change of real income in percent; one sector: gain in percent of GDP, which is nearly "
        "the same base. Charges earned on the way, productivity, and trade of pairs that only a ban keeps at zero are "
        "in the one-sector figures only. Where the two differ in sign, tariffs that are given up count for more or "
        "less by sector than on average, and neither figure should be quoted alone."
    ]
    if lacking:
        notes.append(
            f"The input-output table has no row of its own for {', '.join(lacking)}: what these results say of them "
            "stands on one sector only."
        )
    parts = dict.fromkeys(name for result in shown.values() for name in _parts_of_others(result))
    if parts:
        notes.append(f"Part of an economy of the table, whose answer they share: {', '.join(parts)}.")
    blocks: list[Block] = [Text(tuple(notes), "note")]
    figures = {name: _models_figure(result, first) for name, result in shown.items()}
    blocks.append(
        FigureBlock(
            "sector-models",
            "Gain in the chosen scenario, percent of income or GDP: many sectors beside one.",
            "Bars of the gain by economy, in the many-sector and the one-sector model.",
            figures,
        )
    )
    for name, result in shown.items():
        blocks += _sectors(name, result)
    return blocks


def _parts_of_others(result: Result) -> list[str]:
    """Return the names of economies of the study that are no row of the table of sectors."""
    names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
    held = {str(row["economy"]) for row in rows_of(result, "sectors")}
    return [str(name) for economy, name in names.items() if economy not in held]


def _incomes(result: Result) -> dict[str, dict[str, float]]:
    """Return gains by model and economy, of income or GDP."""
    return {word: by_label(rows_of(result, "sectors", measure=model), "economy") for model, word in MODELS}


def _models_figure(result: Result, first: Sequence[str]) -> Figure:
    values = _incomes(result)
    names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
    order = chosen(values["many sectors"], first)
    made = stacked(
        [str(names.get(e, e)) for e in order],
        {word: [float(found[e]) for e in order] for word, found in values.items()},
        "percent",
        "light",
    )
    return {**made, "layout": {**made["layout"], "barmode": "group"}}


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
    values = _incomes(result)
    many, one = values["many sectors"], values["one sector"]
    names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
    ends = {
        (model, end): by_label(rows_of(result, "sectors", measure=f"{model}_{end}"), "economy")
        for model, _ in MODELS
        for end in ("low", "high")
    }
    drawn = [model for model, _ in MODELS if ends[model, "low"]]
    only = by_label(rows_of(result, "sectors", measure=ONE_ONLY), "economy")
    head = ["Economy", "Many sectors"] + (["5 %", "95 %"] if MODELS[0][0] in drawn else [])
    head += ["One sector"] + (["5 %", "95 %"] if MODELS[1][0] in drawn else [])

    def row(economy: str) -> tuple[str | float, ...]:
        cells: list[str | float] = [str(names.get(economy, economy))]
        for (model, _), found in zip(MODELS, (many, one), strict=True):
            cells.append(float(found[economy]) if economy in found else "")
            if model in drawn:
                cells += [
                    float(ends[model, end][economy]) if economy in ends[model, end] else "" for end in ("low", "high")
                ]
        return tuple(cells)

    def alone(economy: str) -> tuple[str | float, ...]:
        blank = ["", ""] if MODELS[1][0] in drawn else []
        before = [""] * (len(head) - 2 - len(blank))
        return (f"{names.get(economy, economy)} (one sector only)", *before, float(only[economy]), *blank)

    cost = by_label(rows_of(result, "sector_costs", measure="cost_change"), "sector")
    trade = by_label(rows_of(result, "sector_costs", measure="trade_change"), "sector")
    return [
        TableBlock(
            "Gains with many sectors and input-output links, percent of income, beside one sector, percent of GDP.",
            tuple(head),
            (
                *(row(e) for e in sorted(many, key=lambda e: -float(many[e]))),
                *(alone(e) for e in sorted(only, key=lambda e: -float(only[e]))),
            ),
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
