"""The feasibility annex of one project as an Excel workbook whose formulas recompute NPV, rates and cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from landbridge.appraisal.appraise import Appraisal
from landbridge.appraisal.finance import Financing
from landbridge.appraisal.risk import Swing
from landbridge.appraisal.worth import InternalRates, discount_factors
from landbridge.core.arrays import Float

FIRST_YEAR_COLUMN = 4


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the figures that other sheets point to stand, as references with their sheet."""

    factors: Mapping[str, str]
    rates: Sequence[str]
    economic: str
    financial: str
    costs: str


def write_feasibility_workbook(
    appraisal: Appraisal, path: str | Path, *, tornado: Sequence[Swing] = (), cached: bool = True
) -> Path:
    """Write the workbook and return its path.

    Sheets: Summary (worth at every discount rate), Inputs (rates and factors to change), Cash flow (amounts by
    item, party and year), Parties (who gains), Finance (draws, service, cover), Range (published estimates),
    Sensitivity (if a tornado is given), Notes. Every total, NPV, internal rate, ratio, interest, balance and cover
    is a formula.

    Parameters
    ----------
    appraisal
        What `appraise_project` returned.
    tornado
        What `landbridge.appraisal.risk.tornado` returned.
    cached
        Whether formulas carry the value that Python computed, so that viewers that do not calculate show it.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(target) as book:
        book.set_calc_mode("auto")
        page = _Page(book, _formats(book), cached=cached)
        summary = book.add_worksheet("Summary")
        cells = _inputs_and_flows(page, appraisal)
        _parties(page, appraisal, cells)
        if appraisal.financing is not None:
            _finance(page, appraisal.financing, appraisal.project.base_year)
        _range(page, appraisal)
        if tornado:
            _sensitivity(page, appraisal, tornado)
        _notes(page, appraisal)
        _summary(page, summary, appraisal, cells)
    return target


@dataclass(frozen=True, slots=True)
class _Page:
    """The workbook with its formats; writes formulas with or without their cached value."""

    book: Any
    formats: Mapping[str, Any]
    cached: bool

    def formula(self, sheet: Any, row: int, column: int, text: str, value: float, kind: str = "money") -> None:  # noqa: ANN401
        """Write one formula."""
        sheet.write_formula(row, column, text, self.formats[kind], value if self.cached else 0)


def _formats(book: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "money": book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}),
        "total": book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00", "bold": True, "top": 1}),
        "percent": book.add_format({"num_format": "0.00%"}),
        "ratio": book.add_format({"num_format": "0.000"}),
        "factor": book.add_format({"num_format": "0.000000"}),
        "input": book.add_format({"num_format": "0.0000", "bg_color": "#FFF7D6", "border": 1}),
        "input_percent": book.add_format({"num_format": "0.00%", "bg_color": "#FFF7D6", "border": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({}),
    }


def _inputs_and_flows(page: _Page, appraisal: Appraisal) -> Cells:
    """Write the sheets Inputs and Cash flow."""
    project, ledger = appraisal.project, appraisal.ledger
    inputs = page.book.add_worksheet("Inputs")
    inputs.set_column(0, 0, 34)
    inputs.write(0, 0, "Change the yellow cells: everything else follows.", page.formats["title"])
    inputs.write_row(2, 0, ["Discount rate", "a year"], page.formats["head"])
    rates = []
    for i, (name, rate) in enumerate(project.discount_rates.items()):
        inputs.write(3 + i, 0, name)
        inputs.write_number(3 + i, 1, rate, page.formats["input_percent"])
        rates.append(f"Inputs!{xl_rowcol_to_cell(3 + i, 1, row_abs=True, col_abs=True)}")
    start = 5 + len(rates)
    inputs.write_row(start, 0, ["Factor on", "factor"], page.formats["head"])
    items = list(dict.fromkeys(line.item for line in ledger.lines))
    factors = {}
    for i, item in enumerate(items):
        inputs.write(start + 1 + i, 0, item)
        inputs.write_number(start + 1 + i, 1, 1.0, page.formats["input"])
        factors[item] = f"Inputs!{xl_rowcol_to_cell(start + 1 + i, 1, row_abs=True, col_abs=True)}"
    return _flows(page, appraisal, factors, rates)


def _flows(page: _Page, appraisal: Appraisal, factors: Mapping[str, str], rates: Sequence[str]) -> Cells:
    """Write the cash-flow sheet: stated amounts below, amounts times factors and totals above."""
    ledger = appraisal.ledger
    sheet = page.book.add_worksheet("Cash flow")
    sheet.freeze_panes(2, FIRST_YEAR_COLUMN)
    sheet.set_column(0, 1, 24)
    sheet.write(0, 0, f"Million {_unit(appraisal)}; a gain is positive", page.formats["title"])
    sheet.write_row(1, 0, ["item", "party", "financial", "cost"], page.formats["head"])
    sheet.write_row(1, FIRST_YEAR_COLUMN, ledger.years.tolist(), page.formats["head"])
    n, years = len(ledger.lines), len(ledger.years)
    base = 2 + n + 8
    sheet.write(base - 1, 0, "Amounts before factors", page.formats["head"])
    for k, line in enumerate(ledger.lines):
        words = [line.item, line.party, "yes" if line.financial else "", "yes" if line.cost else ""]
        sheet.write_row(2 + k, 0, words)
        sheet.write_row(base + k, 0, words[:2])
        for t in range(years):
            value = float(line.usd[t]) / 1e6
            column = FIRST_YEAR_COLUMN + t
            sheet.write_number(base + k, column, value, page.formats["money"])
            page.formula(sheet, 2 + k, column, f"={xl_rowcol_to_cell(base + k, column)}*{factors[line.item]}", value)
    totals: list[tuple[str, Float, str]] = [
        ("Economic net benefit", ledger.economic, ""),
        ("Financial net benefit", ledger.financial, "C"),
        ("Costs", -ledger.costs, "D"),
    ]
    first, last = 3, 2 + n
    for i, (name, usd, flag) in enumerate(totals):
        row = 2 + n + 1 + i
        sheet.write(row, 0, name, page.formats["total"])
        for t in range(years):
            letter = xl_rowcol_to_cell(0, FIRST_YEAR_COLUMN + t)[:-1]
            span = f"{letter}{first}:{letter}{last}"
            text = f'=SUMIF(${flag}${first}:${flag}${last},"yes",{span})' if flag else f"=SUM({span})"
            page.formula(sheet, row, FIRST_YEAR_COLUMN + t, text, float(usd[t]) / 1e6, "total")
    end = FIRST_YEAR_COLUMN + years - 1

    def whole(row: int) -> str:
        return f"'Cash flow'!{xl_range_abs(row, FIRST_YEAR_COLUMN, row, end)}"

    return Cells(factors, rates, whole(3 + n), whole(4 + n), whole(5 + n))


def _present(flow: str, rate: str, *, timing: str) -> str:
    """Return the formula of a present value: the base year undiscounted, or half a year later for ``mid``."""
    sheet, cells = flow.split("!")
    first, last = cells.split(":")
    column = "".join(c for c in first.split("$")[1])
    after = _next(column)
    text = f"({sheet}!{first}+NPV({rate},{sheet}!${after}${first.split('$')[2]}:{last}))"
    return f"({text}/(1+{rate})^0.5)" if timing == "mid" else text


def _next(column: str) -> str:
    """Return the letters of the column after this one."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return str(xl_rowcol_to_cell(0, number))[:-1]


def _parties(page: _Page, appraisal: Appraisal, cells: Cells) -> None:
    """Write present gains by party at every rate, with their total against the project's."""
    sheet = page.book.add_worksheet("Parties")
    sheet.set_column(0, 0, 30)
    sheet.write(0, 0, f"Present value by party, million {_unit(appraisal)}", page.formats["title"])
    sheet.write_row(1, 0, ["party", *(worth.name for worth in appraisal.worth)], page.formats["head"])
    ledger = appraisal.ledger
    lines, years = ledger.lines, len(ledger.years)
    parties = list(ledger.by_party())
    end = FIRST_YEAR_COLUMN + years - 1
    block = f"'Cash flow'!{xl_range_abs(2, FIRST_YEAR_COLUMN, 1 + len(lines), end)}"
    names = f"'Cash flow'!{xl_range_abs(2, 1, 1 + len(lines), 1)}"
    times = f"('Cash flow'!{xl_range_abs(1, FIRST_YEAR_COLUMN, 1, end)}-{int(ledger.years[0])})"
    shift = "+0.5" if appraisal.project.timing == "mid" else ""
    for i, party in enumerate(parties):
        sheet.write(2 + i, 0, party)
        for j, worth in enumerate(appraisal.worth):
            text = f"=SUMPRODUCT(({names}=$A{3 + i})*{block}/(1+{cells.rates[j]})^({times}{shift}))"
            page.formula(sheet, 2 + i, 1 + j, text, worth.gains_by_party[party] / 1e6)
    row = 2 + len(parties)
    sheet.write(row, 0, "all parties", page.formats["total"])
    for j, worth in enumerate(appraisal.worth):
        span = f"{xl_rowcol_to_cell(2, 1 + j)}:{xl_rowcol_to_cell(row - 1, 1 + j)}"
        page.formula(sheet, row, 1 + j, f"=SUM({span})", worth.npv / 1e6, "total")


def _summary(page: _Page, sheet: Any, appraisal: Appraisal, cells: Cells) -> None:  # noqa: ANN401
    """Write worth at every discount rate with live formulas."""
    project = appraisal.project
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 16)
    sheet.write(0, 0, project.title, page.formats["title"])
    facts = [
        ("Money", f"million {_unit(appraisal)}"),
        ("Base year, opening, years of use", f"{project.base_year}, {project.opening_year}, {project.life_years}"),
        ("Benefits counted as", project.measures[0]),
        ("Amounts fall", "at the end of their year" if project.timing == "end" else "in the middle of their year"),
    ]
    for i, (name, value) in enumerate(facts):
        sheet.write(1 + i, 0, name)
        sheet.write(1 + i, 1, value)
    head = 6
    sheet.write_row(head, 0, ["", *(worth.name for worth in appraisal.worth)], page.formats["head"])
    names = ["Discount rate", "Economic NPV", "Financial NPV", "Present costs", "Benefit-cost ratio"]
    sheet.write_column(head + 1, 0, names)
    for j, worth in enumerate(appraisal.worth):
        rate, column = cells.rates[j], 1 + j
        timing = project.timing
        npv, costs = (_present(flow, rate, timing=timing) for flow in (cells.economic, cells.costs))
        page.formula(sheet, head + 1, column, f"={rate}", worth.rate, "percent")
        page.formula(sheet, head + 2, column, f"={npv}", worth.npv / 1e6)
        page.formula(
            sheet, head + 3, column, f"={_present(cells.financial, rate, timing=timing)}", worth.financial_npv / 1e6
        )
        page.formula(sheet, head + 4, column, f"=-{costs}", worth.costs / 1e6)
        if worth.benefit_cost_ratio is not None:
            page.formula(sheet, head + 5, column, f"=({npv}-{costs})/-{costs}", worth.benefit_cost_ratio, "ratio")
    for i, (name, flow, found) in enumerate(
        [
            ("Economic internal rate of return", cells.economic, appraisal.economic_rates),
            ("Financial internal rate of return", cells.financial, appraisal.financial_rates),
        ]
    ):
        row = head + 7 + i
        sheet.write(row, 0, name)
        _internal(page, sheet, row, flow, found)
    if appraisal.bankability is not None:
        sheet.write(head + 10, 0, "Finance")
        sheet.write(head + 10, 1, appraisal.bankability.note)


def _internal(page: _Page, sheet: Any, row: int, flow: str, found: InternalRates) -> None:  # noqa: ANN401
    """Write an internal rate as a formula if there is exactly one, else the sentence that says why not."""
    if found.rate is None:
        sheet.write(row, 1, found.note)
        return
    page.formula(sheet, row, 1, f"=IRR({flow},{found.rate:.6f})", found.rate, "percent")


def _finance(page: _Page, financing: Financing, base_year: int) -> None:
    """Write draws and repayments as amounts, interest, balance, service and cover as formulas."""
    sheet = page.book.add_worksheet("Finance")
    sheet.freeze_panes(2, 2)
    sheet.set_column(0, 0, 34)
    sheet.write(0, 0, "Million USD, nominal", page.formats["title"])
    years = financing.draws.shape[1]
    sheet.write_row(1, 0, ["", "total"], page.formats["head"])
    sheet.write_row(1, 2, [base_year + t for t in range(years)], page.formats["head"])
    million = 1e-6
    row = 2
    interest_rows, principal_rows = [], []

    def amounts(name: str, values: Float) -> int:
        nonlocal row
        sheet.write(row, 0, name)
        sheet.write_row(row, 2, (values * million).tolist(), page.formats["money"])
        span = f"{xl_rowcol_to_cell(row, 2)}:{xl_rowcol_to_cell(row, 1 + years)}"
        page.formula(sheet, row, 1, f"=SUM({span})", float(values.sum()) * million, "total")
        row += 1
        return row - 1

    amounts("works", financing.works)
    cash = amounts("cash before debt service", financing.cash)
    for k, tranche in enumerate(financing.tranches):
        drawn = amounts(f"{tranche.name}: drawn", financing.draws[k])
        if not tranche.is_debt:
            continue
        paid = amounts(f"{tranche.name}: repaid", financing.principal[k])
        slide = 1.0 + financing.plan.depreciation.get(tranche.currency, 0.0)
        added = financing.capitalised[k]
        sheet.write(row, 0, f"{tranche.name}: interest paid")
        sheet.write(row + 1, 0, f"{tranche.name}: interest added")
        sheet.write(row + 2, 0, f"{tranche.name}: owed")
        sheet.write(row, 1, tranche.rate, page.formats["percent"])
        for t in range(years):
            column = 2 + t
            before = xl_rowcol_to_cell(row + 2, column - 1) if t else "0"
            rate = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
            due = f"{before}*{rate}/{slide!r}"
            capital = tranche.construction_interest == "capitalised" and t < financing.opening
            page.formula(sheet, row, column, "=0" if capital else f"={due}", float(financing.interest[k, t]) * million)
            page.formula(sheet, row + 1, column, f"={due}" if capital else "=0", float(added[t]) * million)
            owed = (
                f"={before}/{slide!r}+{xl_rowcol_to_cell(drawn, column)}+{xl_rowcol_to_cell(row + 1, column)}"
                f"-{xl_rowcol_to_cell(paid, column)}"
            )
            page.formula(sheet, row + 2, column, owed, float(financing.balance[k, t]) * million)
        interest_rows.append(row)
        principal_rows.append(paid)
        row += 3
    sheet.write(row, 0, "debt service", page.formats["total"])
    sheet.write(row + 1, 0, "cover ratio", page.formats["total"])
    for t in range(financing.opening, years):
        column = 2 + t
        parts = "+".join(xl_rowcol_to_cell(r, column) for r in (*interest_rows, *principal_rows)) or "0"
        service = float(financing.debt_service[t]) * million
        page.formula(sheet, row, column, f"={parts}", service, "total")
        if np.isfinite(financing.cover[t]):
            text = f"={xl_rowcol_to_cell(cash, column)}/{xl_rowcol_to_cell(row, column)}"
            page.formula(sheet, row + 1, column, text, float(financing.cover[t]), "ratio")
    _uses_and_sources(page, sheet, financing, row + 3)


def _uses_and_sources(page: _Page, sheet: Any, financing: Financing, row: int) -> None:  # noqa: ANN401
    """Write uses and sources with their totals, from `row` on."""
    for heading, totals in (("Uses", financing.uses), ("Sources", financing.sources)):
        sheet.write(row, 0, heading, page.formats["head"])
        top = row + 1
        for item, usd in totals.items():
            row += 1
            sheet.write(row, 0, item)
            sheet.write_number(row, 1, usd * 1e-6, page.formats["money"])
        row += 1
        span = f"{xl_rowcol_to_cell(top, 1)}:{xl_rowcol_to_cell(row - 1, 1)}"
        page.formula(sheet, row, 1, f"=SUM({span})", sum(totals.values()) * 1e-6, "total")
        row += 2


def _range(page: _Page, appraisal: Appraisal) -> None:
    """Write what every published estimate would make of the project."""
    sheet = page.book.add_worksheet("Range")
    sheet.set_column(0, 1, 30)
    sheet.write(
        0, 0, f"What each published estimate of cost would mean, million {_unit(appraisal)}", page.formats["title"]
    )
    rate = f"NPV at {100 * appraisal.main.rate:g} %"
    sheet.write_row(1, 0, ["item", "estimate", "bound", "works", rate, "economic rate", "source"], page.formats["head"])
    sources = {(e.item, e.name): e.source for e in appraisal.project.estimates}
    for i, one in enumerate(appraisal.range):
        sheet.write_row(2 + i, 0, [one.item, one.estimate, one.bound])
        sheet.write_number(2 + i, 3, one.works_usd / 1e6, page.formats["money"])
        sheet.write_number(2 + i, 4, one.npv / 1e6, page.formats["money"])
        if one.economic_rate is not None:
            sheet.write_number(2 + i, 5, one.economic_rate, page.formats["percent"])
        sheet.write(2 + i, 6, sources[one.item, one.estimate])


def _sensitivity(page: _Page, appraisal: Appraisal, tornado: Sequence[Swing]) -> None:
    """Write the tornado's bars, widest first, with their width as a formula."""
    sheet = page.book.add_worksheet("Sensitivity")
    sheet.set_column(0, 0, 20)
    sheet.write(0, 0, f"NPV with one thing changed, million {_unit(appraisal)}", page.formats["title"])
    sheet.write_row(1, 0, ["changed", "low", "high", "NPV at low", "NPV at high", "width"], page.formats["head"])
    for i, bar in enumerate(tornado):
        sheet.write(2 + i, 0, bar.factor)
        sheet.write_row(2 + i, 1, [bar.low, bar.high], page.formats["ratio"])
        sheet.write_row(2 + i, 3, [bar.npv_low / 1e6, bar.npv_high / 1e6], page.formats["money"])
        page.formula(sheet, 2 + i, 5, f"=ABS(E{3 + i}-D{3 + i})", bar.width / 1e6)


def _notes(page: _Page, appraisal: Appraisal) -> None:
    """Write switching values, the remarks of the appraisal and the conventions."""
    sheet = page.book.add_worksheet("Notes")
    sheet.set_column(0, 0, 100)
    sheet.write(0, 0, "Notes", page.formats["title"])
    lines = [appraisal.project.about, *appraisal.notes]
    lines += [
        f"At {100 * appraisal.main.rate:g} % the NPV is zero if {switch.item} change by {switch.change_percent:+.1f} %."
        for switch in appraisal.main.switching
        if switch.change_percent is not None
    ]
    lines.append(f"Discount factor of the last year at the main rate: {_last_factor(appraisal):.6f}.")
    for i, text in enumerate(line for line in lines if line):
        sheet.write(1 + i, 0, text, page.formats["wrap"])


def _last_factor(appraisal: Appraisal) -> float:
    factors = discount_factors(appraisal.main.rate, len(appraisal.ledger.years), timing=appraisal.project.timing)
    return float(factors[-1])


def _unit(appraisal: Appraisal) -> str:
    price = appraisal.project.price
    return str(price) if price is not None else "USD"
