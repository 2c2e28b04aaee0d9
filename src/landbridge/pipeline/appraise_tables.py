"""Appraisals of a study as tidy tables, saved like any other result."""

import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from landbridge.appraisal.effects import ProjectEffects
from landbridge.appraisal.portfolio import Portfolio
from landbridge.appraisal.tidy import appraisal_tables, risk_table, tornado_table, waiting_table
from landbridge.pipeline.appraise import Appraisals
from landbridge.pipeline.result import RESULT_SCHEMA, Result
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.study.model import Study

UNITS = {"t": "t a year", "teu": "TEU a year", "teu_km": "TEU-km a year", "year": "1 for the year"}


def appraisal_result(study: Study, done: Appraisals) -> Result:
    """Return appraisals as a result: tidy tables and where they come from."""
    price = next(iter(done.found.values())).project.price
    unit = str(price) if price is not None else "USD"
    made = [
        *appraisal_tables(list(done.found.values())).values(),
        risk_table(done.drawn, unit=unit),
        tornado_table(done.tornado, unit=unit),
        waiting_table(done.waiting, unit=unit),
    ]
    tables: dict[str, Columns] = {
        table.name: {name: column.tolist() for name, column in table.columns.items()} for table in made
    }
    tables["project_effects"] = effects_columns(done)
    tables["project_portfolio"] = portfolio_columns(done, unit)
    provenance = {
        "result_schema": RESULT_SCHEMA,
        "landbridge": version("landbridge"),
        "study": study.id,
        "scenario": "appraisal",
        "title": study.title,
        "base_year": study.base_year,
        "study_digest": study.digest,
        "seed": done.seed,
        "draws": done.draws,
        "discount_rate_of_draws": done.rate_name,
        "origin": dict(done.origin),
        "when": {"utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
    }
    return Result(study.id, "appraisal", tables, provenance)


def save_appraisals(study: Study, done: Appraisals, folder: str | Path) -> Path:
    """Write the tables as Parquet with ``provenance.json`` into a folder, whole or not at all; return it."""
    return appraisal_result(study, done).save(folder)


def effects_columns(done: Appraisals) -> Columns:
    """Return the yearly effects of every project, each with where it comes from: (project, part, of, case, origin)."""
    rows: list[tuple[Any, ...]] = []
    for name, one in done.found.items():
        rows += _effect_rows(name, one.effects, done.origin.get(name, ""))
        if name in done.least_cost:
            money = f"{one.effects.price} a year"
            rows.append((name, "user benefit at least cost", "all", "change", "run", done.least_cost[name], money))
            cautious = next(w for w in done.cautious[name].worth if w.name == done.rate_name).npv
            rows.append((name, "NPV at least cost", "all", "", "run", cautious, str(one.project.price)))
    return columns_of(rows, ("project", "part", "of", "case", "origin", "value", "unit"))


def portfolio_columns(done: Appraisals, unit: str) -> Columns:
    """Return the choices at each budget: (basis, budget_musd, project), worth and spending under ``all``."""
    rows: list[tuple[Any, ...]] = []
    cases: Sequence[tuple[str, Sequence[Portfolio]]] = (
        ("central", done.central),
        ("mean of draws", done.expected),
        ("cheapest way", done.prudent),
    )
    for basis, choices in cases:
        for choice in choices:
            budget = choice.budgets[0]
            rows.append((basis, budget, "all", "worth", choice.value, unit))
            rows.append((basis, budget, "all", "spent", choice.spent[0], "million USD of works"))
            rows += [
                (basis, budget, name, "chosen", float(name in choice.chosen), "1 yes, 0 no") for name in done.found
            ]
    rows += [("central", 0.0, "+".join(item.members), "joint", item.value, unit) for item in done.joint]
    rows += [("central", 0.0, "+".join(item.members), "only together", item.value, unit) for item in done.together]
    return columns_of(rows, ("basis", "budget_musd", "project", "measure", "value", "unit"))


def _effect_rows(name: str, effects: ProjectEffects, origin: str) -> list[tuple[Any, ...]]:
    """Return the rows of one project; what stands beside a run is marked as stated."""
    money = f"{effects.price} a year"
    made = "stated" if effects.stated else "run"
    rows: list[tuple[Any, ...]] = [(name, "origin", origin, "", made, float(not effects.stated), "1 run, 0 stated")]
    for (place, basis), units in effects.traffic.items():
        source = "stated" if effects.stated or basis == "t" else "run"
        rows.append((name, "traffic", place, "without", source, units.without, UNITS[basis]))
        rows.append((name, "traffic", place, "with", source, units.with_project, UNITS[basis]))
    for part, gains in (
        ("user benefit", effects.user_benefit_usd),
        ("equivalent variation", effects.welfare_usd),
        ("other operators", effects.other_operators_usd),
    ):
        rows += [(name, part, economy, "change", made, usd, money) for economy, usd in gains.items()]
    rows += [
        (name, "user benefit beside the run", economy, "change", "stated", usd, money)
        for economy, usd in effects.beside_benefit_usd.items()
    ]
    rows += [
        (name, "stated beside the run", words, "change", "stated", 1.0, "in words") for words in effects.stated_parts
    ]
    rows.append((name, "CO2", "world", "change", made, effects.co2_change_t, "t a year"))
    early = effects.early_growth_per_year if effects.early_growth_until > effects.year else effects.growth_per_year
    rows.append(
        (
            name,
            "growth",
            f"to {effects.early_growth_until or effects.growth_until}",
            "",
            made,
            100 * early,
            "percent a year",
        )
    )
    rows.append(
        (name, "growth", f"to {effects.growth_until}", "", "stated", 100 * effects.growth_per_year, "percent a year")
    )
    return rows
