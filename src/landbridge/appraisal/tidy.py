"""An appraisal and its risks as tidy tables with a unit column, for results and reports."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landbridge.appraisal.appraise import Appraisal
from landbridge.appraisal.finance import Financing
from landbridge.appraisal.loans import DAC_DISCOUNT, DAC_DISCOUNT_BEFORE_2018, grant_element_of
from landbridge.appraisal.portfolio import Portfolio
from landbridge.appraisal.risk import Draws, Swing, Waiting
from landbridge.core.tables import Table

Row = tuple[Any, ...]
SHARE = "share of 1"


def appraisal_tables(appraisals: Sequence[Appraisal]) -> Mapping[str, Table]:
    """Return the tables of several appraisals by name; each is tidy: labels, then ``value`` and ``unit``.

    ``project_cash_flow`` (project, item, party, economy, role, year), ``project_worth`` (project, rate, indicator),
    ``project_gains`` (project, rate, economy, party), ``project_switching`` (project, rate, item),
    ``project_range`` (project, item, estimate, bound, indicator), ``project_finance_flows`` (project, tranche,
    item, year), ``project_tranches`` (project, tranche, indicator) and ``project_notes`` (project, note).
    Figures that do not exist (no internal rate, works never regained) have no row.
    """
    return {
        "project_cash_flow": _cash_flows(appraisals),
        "project_worth": _table(
            "project_worth", ("project", "rate", "indicator"), [row for one in appraisals for row in _worth(one)]
        ),
        "project_gains": _table(
            "project_gains",
            ("project", "rate", "party"),
            [
                (one.project.id, worth.name, party, usd, _unit(one))
                for one in appraisals
                for worth in one.worth
                for party, usd in worth.gains_by_party.items()
            ],
        ),
        "project_switching": _table(
            "project_switching",
            ("project", "rate", "item"),
            [
                (one.project.id, worth.name, switch.item, switch.change_percent, "percent")
                for one in appraisals
                for worth in one.worth
                for switch in worth.switching
            ],
        ),
        "project_range": _table(
            "project_range",
            ("project", "item", "estimate", "bound", "indicator"),
            [row for one in appraisals for row in _range(one)],
        ),
        "project_finance_flows": _table(
            "project_finance_flows",
            ("project", "tranche", "item", "year"),
            [row for one in appraisals if one.financing for row in _flows(one, one.financing)],
        ),
        "project_tranches": _table(
            "project_tranches",
            ("project", "tranche", "indicator"),
            [row for one in appraisals if one.financing for row in _tranches(one, one.financing)],
        ),
        "project_notes": Table(
            "project_notes",
            {
                "project": np.array([one.project.id for one in appraisals for _ in one.notes], dtype=object),
                "note": np.array([note for one in appraisals for note in one.notes], dtype=object),
            },
        ),
    }


def risk_table(drawn: Draws, *, unit: str, chances: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Table:
    """Return mean, quantiles and chance of loss of every project: (project, indicator)."""
    rows: list[Row] = []
    quantiles = drawn.quantiles(chances)
    for p, name in enumerate(drawn.names):
        rows.append((name, "mean NPV", float(drawn.mean[p]), unit))
        rows += [(name, f"NPV quantile {c:g}", float(q), unit) for c, q in zip(chances, quantiles[p], strict=True)]
        rows.append((name, "chance of a negative NPV", float(drawn.chance_of_loss[p]), SHARE))
    return _table("project_risk", ("project", "indicator"), rows)


def tornado_table(swings: Mapping[str, Sequence[Swing]], *, unit: str) -> Table:
    """Return the bars of every project's tornado, widest first: (project, factor, bound)."""
    rows = [
        (project, swing.factor, bound, value, unit)
        for project, bars in swings.items()
        for swing in bars
        for bound, value in (("low", swing.npv_low), ("high", swing.npv_high))
    ]
    return _table("project_tornado", ("project", "factor", "bound"), rows)


def waiting_table(waits: Mapping[str, Waiting], *, unit: str) -> Table:
    """Return what deciding in a year is worth by project: (project, indicator)."""
    rows: list[Row] = []
    for project, wait in waits.items():
        rows += [(project, "decide now", wait.now, unit), (project, "decide in a year", wait.wait, unit)]
        rows += [(project, "option to wait", wait.option, unit), (project, "started later", wait.start_later, SHARE)]
    return _table("project_waiting", ("project", "indicator"), rows)


def portfolio_table(choices: Sequence[Portfolio], *, unit: str) -> Table:
    """Return the choice at each budget: (budget, project), 1 where it is chosen, and the worth under ``all``."""
    rows: list[Row] = []
    for choice in choices:
        budget = "+".join(f"{limit:.6g}" for limit in choice.budgets)
        rows += [(budget, project, 1.0, "chosen") for project in choice.chosen]
        rows.append((budget, "all", choice.value, unit))
    return _table("portfolio", ("budget", "project"), rows)


def _table(name: str, labels: tuple[str, ...], rows: Sequence[Row]) -> Table:
    """Return a tidy table; rows whose value does not exist are left out."""
    kept = [row for row in rows if row[-2] is not None]
    columns: dict[str, Any] = {
        label: np.array([row[i] for row in kept], dtype=np.int64 if label == "year" else object)
        for i, label in enumerate(labels)
    }
    columns["value"] = np.array([row[-2] for row in kept], dtype=np.float64)
    columns["unit"] = np.array([row[-1] for row in kept], dtype=object)
    return Table(name, columns)


def _unit(appraisal: Appraisal) -> str:
    return str(appraisal.project.price)


def _cash_flows(appraisals: Sequence[Appraisal]) -> Table:
    parts = [(one.project.id, one.ledger.table(unit=_unit(one))) for one in appraisals]
    names = ("item", "party", "economy", "role", "year", "value", "unit")
    columns: dict[str, Any] = {
        "project": np.array([name for name, part in parts for _ in range(len(part))], dtype=object)
    }
    for column in names:
        columns[column] = np.concatenate([part.columns[column] for _, part in parts]) if parts else np.zeros(0)
    return Table("project_cash_flow", columns)


def _worth(one: Appraisal) -> list[Row]:
    unit, project = _unit(one), one.project.id
    rows: list[Row] = []
    for worth in one.worth:
        figures = [
            ("NPV", worth.npv, unit),
            ("financial NPV", worth.financial_npv, unit),
            ("present benefits", worth.benefits, unit),
            ("present costs", worth.costs, unit),
            ("benefit-cost ratio", worth.benefit_cost_ratio, "ratio"),
            ("first-year rate of return", worth.first_year_return, SHARE),
            ("payback", worth.payback_years, "years"),
            ("discounted payback", worth.discounted_payback_years, "years"),
            ("annual equivalent", worth.annual_equivalent, f"{unit} a year"),
            ("discount rate", worth.rate, "share of 1 a year"),
        ]
        rows += [(project, worth.name, *figure) for figure in figures]
    rows.append((project, "internal", "EIRR", one.economic_rates.rate, "share of 1 a year"))
    rows.append((project, "internal", "FIRR", one.financial_rates.rate, "share of 1 a year"))
    return rows


def _range(one: Appraisal) -> list[Row]:
    rows: list[Row] = []
    for estimate in one.range:
        labels = (one.project.id, estimate.item, estimate.estimate, estimate.bound)
        rows.append((*labels, "works", estimate.works_usd, _unit(one)))
        rows.append((*labels, "NPV", estimate.npv, _unit(one)))
        rows.append((*labels, "EIRR", estimate.economic_rate, "share of 1 a year"))
    return rows


def _flows(one: Appraisal, done: Financing) -> list[Row]:
    """Return the yearly flows of each tranche and the plan's cover, zeros left out."""
    first, project = one.project.base_year, one.project.id
    unit = "USD, nominal"
    rows: list[Row] = []
    for k, tranche in enumerate(done.tranches):
        for item in ("draws", "capitalised", "interest", "principal", "fees", "balance"):
            flows = getattr(done, item)[k]
            rows += [
                (project, tranche.name, item, first + int(t), float(flows[t]), unit) for t in np.flatnonzero(flows)
            ]
    rows += [
        (project, "all", "cover", first + int(t), float(done.cover[t]), "ratio")
        for t in np.flatnonzero(np.isfinite(done.cover))
    ]
    return rows


def _tranches(one: Appraisal, done: Financing) -> list[Row]:
    """Return terms of each tranche, whether its content rule was met, sources, uses and what makes it bankable."""
    project, plan = one.project.id, done.plan
    discount = DAC_DISCOUNT.get(plan.income_group, DAC_DISCOUNT_BEFORE_2018)
    rows: list[Row] = []
    for tranche in plan.tranches:
        rows.append((project, tranche.name, "content rule met", float(done.met[tranche.name]), "1 yes, 0 no"))
        element = grant_element_of(tranche, discount=discount)
        rows.append((project, tranche.name, f"grant element at {100 * discount:g} %", element, "percent"))
    rows += [(project, tranche.name, "share of need", tranche.share, SHARE) for tranche in done.tranches]
    rows += [(project, name, "source", usd, "USD, nominal") for name, usd in done.sources.items()]
    rows += [(project, name, "use", usd, "USD, nominal") for name, usd in done.uses.items()]
    figures = [("least cover", done.least_cover, "ratio"), ("loan life cover", done.loan_life_cover, "ratio")]
    rows += [(project, "all", name, value, unit) for name, value, unit in figures if np.isfinite(value)]
    rows.append((project, "equity", "rate of return", done.equity_rate.rate, "share of 1 a year, nominal"))
    if one.bankability is not None:
        bank = one.bankability
        rows.append((project, "all", "highest bankable rate", bank.highest_rate, "share of 1 a year"))
        rows.append((project, "all", "least bankable grant", bank.grant_share, "share of the need"))
        rows.append((project, "all", "support in operation", bank.support_usd, "USD, nominal"))
    return rows
