"""Indicators that targets name: trade between economies and visits, before and after a scenario."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.pipeline.inputs import Inputs, value_or
from landbridge.study.model import Change, Study
from landbridge.targets.visits import BaseVisits, Travel, VisitParameters, change_visits

UNIT_FACTORS: Final = {
    "billion usd": 1e-3,
    "million usd": 1.0,
    "visits": 1.0,
    "thousand visits": 1e-3,
    "million visits": 1e-6,
}
"""What trade in million USD or visits are multiplied by."""
_FORM: Final = re.compile(r"^(trade|visits):([^<>]+?)(<->|->)([^<>]+)$")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sum of trade (million USD) or visits over pairs of economies."""

    text: str
    kind: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    both_ways: bool


def parse_indicator(text: str, known: Sequence[str]) -> Indicator:
    """Return an indicator such as ``trade:KOR<->RUS+RUS-FE`` or ``visits:JPN->KOR``.

    Raises
    ------
    StudyError
        If the form is another, or an economy is unknown.
    """
    match = _FORM.match(text.strip())
    words = [] if match is None else [*match.group(2).split("+"), *match.group(4).split("+")]
    if match is None or any(word not in known for word in words):
        unknown = ", ".join(word for word in words if word not in known)
        why = f"{unknown} is no economy of the study" if unknown else "the form is not known"
        raise StudyError(
            [
                Problem(
                    "LB520",
                    f"Indicator '{text}': {why}. Give trade: or visits:, economies joined by +, and <-> or ->, as in "
                    f"trade:KOR<->RUS.",
                    "targets.csv",
                    column="indicator",
                )
            ]
        )
    return Indicator(
        text,
        match.group(1),
        tuple(match.group(2).split("+")),
        tuple(match.group(4).split("+")),
        match.group(3) == "<->",
    )


def indicator_name(study: Study, indicator: Indicator) -> str:
    """Return an indicator in words, such as "Trade of South Korea with Russia"; the code is for machines."""
    here, there = (_economies_in_words(study, names) for names in (indicator.origins, indicator.destinations))
    if indicator.both_ways:
        return f"Trade of {here} with {there}" if indicator.kind == "trade" else f"Visits between {here} and {there}"
    return f"{'Exports' if indicator.kind == 'trade' else 'Visits'} from {here} to {there}"


def base_year_name(study: Study, indicator: Indicator) -> str:
    """Return an indicator's name where its value leaves growth out."""
    return f"{indicator_name(study, indicator)}, at base-year levels"


def name_of_code(study: Study, text: str) -> str:
    """Return an indicator's name from its code."""
    return indicator_name(study, parse_indicator(text, study.tables["economies"].text("economy")))


def _economies_in_words(study: Study, economies: Sequence[str]) -> str:
    """Return the member that holds just these economies, else their names."""
    for member in study.members:
        if set(member.economies) == set(economies):
            return member.name
    table = study.tables["economies"]
    names = dict(zip(table.text("economy"), table.text("name"), strict=True))
    return " and ".join(names.get(code, code) for code in economies)


def trade_value(indicator: Indicator, economies: Sequence[str], flows_musd: Float) -> float:
    """Return the indicator's trade in million USD for flows of shape (N, N)."""
    a = [economies.index(name) for name in indicator.origins]
    b = [economies.index(name) for name in indicator.destinations]
    total = flows_musd[np.ix_(a, b)].sum()
    if indicator.both_ways:
        total += flows_musd[np.ix_(b, a)].sum()
    return float(total)


def visits_value(indicator: Indicator, table: Table, visits: Float) -> float:
    """Return the indicator's visits, for visits in the rows of the table."""
    origin, destination = table.text("origin"), table.text("destination")
    a, b = set(indicator.origins), set(indicator.destinations)
    rows = [
        (o in a and d in b) or (indicator.both_ways and o in b and d in a)
        for o, d in zip(origin, destination, strict=True)
    ]
    return float(visits[np.array(rows, dtype=bool)].sum()) if rows else 0.0


def visits_under(
    study: Study, inputs: Inputs, standing: Sequence[str], base: Sequence[str], income_change: Float
) -> Float:
    """Return visits under the standing measures, one a row of the table, shape (pairs,).

    Gravity in changes: the generalised cost of a trip (fare and hours, there and back) with the study's
    elasticity, visa rules as log effects, and real incomes (N,) of origin and destination.
    """
    table = study.tables["visits"]
    if not len(table):
        return np.zeros(0)
    pairs = list(zip(table.text("origin"), table.text("destination"), strict=True))
    hours, fares = table.number("travel_hours"), table.number("fare_usd_per_trip")
    now, then = _rules(study, pairs, standing), _rules(study, pairs, base)
    before = Travel(("usual",), 2.0 * hours[:, None] * then.hours[:, None], fares[:, None] * then.fares[:, None])
    after = Travel(("usual",), 2.0 * hours[:, None] * now.hours[:, None], fares[:, None] * now.fares[:, None])
    income = np.array([income_change[inputs.position(o)] for o, _ in pairs])
    there = np.array([income_change[inputs.position(d)] for _, d in pairs])
    default = VisitParameters()
    changed = change_visits(
        BaseVisits(table.number("visits"), np.ones((len(pairs), 1)), before),
        after,
        income=(income, there),
        parameters=VisitParameters(
            cost_elasticity=-value_or(study, "visit_fare_elasticity", -default.cost_elasticity),
            usd_per_hour=value_or(study, "visit_time_usd_per_hour", default.usd_per_hour),
        ),
    )
    effect: Float = changed.visits * np.exp(now.visa - then.visa)
    return effect


@dataclass(frozen=True, slots=True, eq=False)
class _TravelRules:
    """Factors on hours and fares, and the visa effect in logs, by pair."""

    hours: Float
    fares: Float
    visa: Float


def _rules(study: Study, pairs: Sequence[tuple[str, str]], standing: Sequence[str]) -> _TravelRules:
    hours, fares, visa = np.ones(len(pairs)), np.ones(len(pairs)), np.zeros(len(pairs))
    for measure in study.measures:
        if measure.id not in standing:
            continue
        for change in measure.changes:
            if change.kind not in ("visa", "travel"):
                continue
            rows = np.array([_covers(change, o, d) for o, d in pairs], dtype=bool)
            if change.kind == "visa":
                visa[rows] += change.value or 0.0
            else:
                hours[rows] *= 1.0 if change.factor is None else change.factor
                fares[rows] *= 1.0 if change.fare_factor is None else change.fare_factor
    return _TravelRules(hours, fares, visa)


def _covers(change: Change, origin: str, destination: str) -> bool:
    def meant(names: tuple[str, ...], economy: str) -> bool:
        return not names or "*" in names or economy in names

    forward = meant(change.exporters, origin) and meant(change.importers, destination)
    back = change.both_ways and meant(change.exporters, destination) and meant(change.importers, origin)
    return forward or back


def in_unit(value: float, unit: str, target: str) -> float:
    """Return million USD or visits in the unit of a target.

    Raises
    ------
    StudyError
        If the unit is not known.
    """
    factor = UNIT_FACTORS.get(unit.strip().lower())
    if factor is None:
        raise StudyError(
            [
                Problem(
                    "LB521",
                    f"Target '{target}' has unit '{unit}'. Give one of {', '.join(sorted(UNIT_FACTORS))}.",
                    "targets.csv",
                    column="unit",
                )
            ]
        )
    return value * factor
