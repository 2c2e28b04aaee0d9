"""How far each target is under a scenario: base, effect, growth, interval, chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.indicators import (
    Indicator,
    in_unit,
    indicator_name,
    parse_indicator,
    trade_value,
    visits_under,
    visits_value,
)
from landbridge.pipeline.inputs import value_or
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.study.model import Study
from landbridge.targets.growth import GrowthFit, fit_growth
from landbridge.targets.projection import Attainment, Target, attainment, phase_in, project

COVERAGE = 0.9
PHASE_PART = 2.0 / 3.0
"""Part of the response that has come in after ``phase_in_years``."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """One target under one scenario, all in the target's unit.

    Attributes
    ----------
    name, title
        Of the target, and of its indicator in words.
    base, with_scenario
        In the base year, as it was and had the scenario been in force with its full response.
    attained
        With growth, phase-in and interval.
    known
        Values up to the base year that the projection rests on, by year.
    outcomes
        Values after it: what came out, by year.
    """

    name: str
    title: str
    indicator: Indicator
    base: float
    with_scenario: float
    attained: Attainment
    known: Mapping[int, float]
    outcomes: Mapping[int, float]


def reach_targets(base: Baseline, outcome: Outcome) -> tuple[Reach, ...]:
    """Return how far every target of the study is under a scenario."""
    study = base.ground.study
    return tuple(_reach(base, outcome, row) for row in study.tables["targets"].rows())


def indicator_value(base: Baseline, outcome: Outcome | None, indicator: Indicator) -> float:
    """Return an indicator in million USD or visits: of the baseline (None) or of an outcome."""
    study, inputs = base.ground.study, base.ground.inputs
    if indicator.kind == "trade":
        return trade_value(indicator, inputs.economies, inputs.flows if outcome is None else outcome.flows)
    table = study.tables["visits"]
    if outcome is None:
        return visits_value(indicator, table, table.number("visits"))
    income = outcome.equilibrium.real_income_change
    return visits_value(indicator, table, visits_under(study, inputs, outcome.standing, base.standing, income))


def _reach(base: Baseline, outcome: Outcome, row: Mapping[str, object]) -> Reach:
    study = base.ground.study
    name, unit, year = str(row["target"]), str(row["unit"]), int(str(row["year"]))
    indicator = parse_indicator(str(row["indicator"]), base.ground.inputs.economies)
    start = in_unit(indicator_value(base, None, indicator), unit, name)
    end = in_unit(indicator_value(base, outcome, indicator), unit, name)
    known, outcomes = series_of(study, indicator.text, unit)
    fit = growth_of(known, study.base_year, start, indicator.text)
    years = np.arange(study.base_year + 1, year + 1)
    response = phased(study, end / start if start > 0 else 1.0, years.tolist())
    projection = project(fit, years.tolist(), growth=stated_growth(study, indicator, years), response=response)
    target = Target(indicator.text, float(str(row["value"])), unit, year)
    (attained,) = attainment(target, fit, {outcome.name: projection}, coverage=COVERAGE)
    return Reach(name, indicator_name(study, indicator), indicator, start, end, attained, known, outcomes)


def series_of(study: Study, indicator: str, unit: str) -> tuple[dict[int, float], dict[int, float]]:
    """Return an indicator's used values to the base year and after it, by year, in a unit."""
    from landbridge.study.units import converted

    known: dict[int, float] = {}
    later: dict[int, float] = {}
    for row in study.tables["series"].rows():
        if row["indicator"] != indicator or not row["used"]:
            continue
        value = converted(float(row["value"]), str(row["unit"]), unit)
        if value is not None and value > 0:
            (known if row["year"] <= study.base_year else later)[int(row["year"])] = value
    return dict(sorted(known.items())), dict(sorted(later.items()))


def growth_of(known: Mapping[int, float], base_year: int, start: float, name: str) -> GrowthFit:
    """Return the growth of what was known up to the base year, whose value is the study's own.

    With fewer than three values there is nothing to fit: no drift and no spread, which the table shows as an
    interval of no width.
    """
    values = {year: value for year, value in known.items() if year < base_year} | {base_year: start}
    recent = {year: value for year, value in values.items() if year >= base_year - 15}
    use = recent if len(recent) >= 4 else values
    if len(use) < 3 or min(use.values()) <= 0:
        return GrowthFit(base_year, max(start, 1e-12), 0.0, 0.0, 2, 1)
    return fit_growth(np.array(list(use)), np.array(list(use.values())), name=name)


def stated_growth(study: Study, indicator: Indicator, years: np.ndarray) -> Float | None:
    """Return stated growth a year: of trade the mean of the economies' with world prices, of visits the table's."""
    if indicator.kind == "visits":
        table = study.tables["visits"]
        rows = [
            (float(g), float(v))
            for o, d, g, v in zip(
                table.text("origin"),
                table.text("destination"),
                table.number("growth_percent_per_year"),
                table.number("visits"),
                strict=True,
            )
            if {o, d} & set(indicator.origins) and {o, d} & set(indicator.destinations) and v > 0
        ]
        if not rows:
            return None
        mean = sum(g * v for g, v in rows) / sum(v for _, v in rows)
        return np.full(len(years), mean / 100.0)
    world = value_or(study, "world_output_growth_percent", float("nan"))
    if np.isnan(world):
        return None
    table = study.tables["economies"]
    growth = dict(zip(table.text("economy"), table.number("growth_percent_per_year"), strict=True))
    gdp = dict(zip(table.text("economy"), table.number("gdp_usd_bn"), strict=True))
    real_world = sum(growth[e] * gdp[e] for e in growth) / sum(gdp.values())

    def mean_of(names: Sequence[str]) -> float:
        return float(sum(growth[e] * gdp[e] for e in names) / sum(gdp[e] for e in names))

    pair = 0.5 * (mean_of(indicator.origins) + mean_of(indicator.destinations))
    return np.full(len(years), (pair + world - real_world) / 100.0)


def phased(study: Study, effect: float, years: Sequence[int]) -> Float:
    """Return the factor by which a scenario in force from the year after the base year moves the level, shape (y,).

    Two thirds of the response in logs come in over ``phase_in_years``, in equal steps.
    """
    length = max(1, round(value_or(study, "phase_in_years", 1.0) / PHASE_PART))
    return phase_in(max(effect, 1e-9), years, first_year=study.base_year + 1, length_years=length)
