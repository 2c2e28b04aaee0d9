"""Whether statements agree with each other and with the figures that the study uses."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from landbridge.study.model import Study
from landbridge.study.units import RATIO_UNITS, converted, parse_unit

Row = Mapping[str, Any]
TOLERANCE_PERCENT: Final = 1.0
"""Figures of statements are rounded in speech: up to this difference they agree."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One check of a statement.

    Attributes
    ----------
    against
        ``statements``: its figure follows from other statements; ``series``: the study uses a figure for the
        same indicator and year.
    expected
        The figure that follows, or that the study uses, in `unit`; nan where it cannot be told.
    difference_percent
        Stated less expected, in percent of expected; nan where it cannot be told.
    """

    statement: str
    against: Literal["statements", "series"]
    indicator: str
    year: int
    stated: float
    expected: float
    unit: str
    difference_percent: float
    agrees: bool
    words: str


def agreements(study: Study, *, tolerance_percent: float = TOLERANCE_PERCENT) -> tuple[Agreement, ...]:
    """Return every check that the study's statements allow, those among statements first.

    A statement is compared with the series if it is about a year that had begun when it was made: a figure for a
    later year is a plan. Figures are converted between thousand, million, billion and trillion of one unit.

    Parameters
    ----------
    tolerance_percent
        Largest difference in percent at which two figures agree.
    """
    statements = {row["id"]: row for row in study.tables["statements"].rows()}
    relations = study.tables["statement_relations"].rows()
    found = [_relation(row, statements, tolerance_percent) for row in relations]
    used = [row for row in study.tables["series"].rows() if row["used"]]
    for row in statements.values():
        if not math.isnan(row["value"]) and row["indicator"] and row["year"] <= int(row["date"][:4]):
            found += [
                _against_series(row, figure, tolerance_percent)
                for figure in used
                if (figure["indicator"], figure["year"]) == (row["indicator"], row["year"])
                and row["unit"] not in RATIO_UNITS
            ]
    return tuple(found)


def _against_series(row: Row, figure: Row, tolerance: float) -> Agreement:
    used = converted(figure["value"], figure["unit"], row["unit"])
    expected = math.nan if used is None else used
    words = f"the study uses {figure['value']:.6g} {figure['unit']} (source: {figure['source']})"
    return _agreement(row, "series", expected, words, "equal", tolerance)


def _relation(relation: Row, statements: Mapping[str, Row], tolerance: float) -> Agreement:
    """Return whether the stated figure follows from the others."""
    result = statements[relation["result"]]
    parts = [statements[name] for name in relation["of"].split("+")]
    expected = _computed(relation["kind"], parts, result["unit"])
    said = " and ".join(f"{row['value']:.6g} {row['unit']} ({row['year']})" for row in parts)
    words = f"{relation['kind'].replace('_', ' ')} of {said}"
    return _agreement(result, "statements", expected, words, relation["compare"], tolerance)


def _computed(kind: str, parts: Sequence[Row], unit: str) -> float:
    """Return the figure that a relation gives; nan where units or the number of parts do not allow it.

    Ratios and growth are free of units; sums and differences are in `unit`; a product multiplies the first figure
    by plain numbers ('times', 'share').
    """
    if kind in ("sum", "difference"):
        values = [converted(float(row["value"]), row["unit"], unit) for row in parts]
        known = [value for value in values if value is not None]
        if len(known) != len(values) or (kind == "difference" and len(known) != 2):
            return math.nan
        return sum(known) if kind == "sum" else known[0] - known[1]
    if kind == "product":
        first = converted(float(parts[0]["value"]), parts[0]["unit"], unit)
        plain = all(row["unit"] in ("times", "share") for row in parts[1:])
        return math.nan if first is None or not plain else first * math.prod(float(row["value"]) for row in parts[1:])
    if len(parts) != 2:
        return math.nan
    first, second = (float(row["value"]) * parse_unit(row["unit"]).factor for row in parts)
    same = parse_unit(parts[0]["unit"]).plain == parse_unit(parts[1]["unit"]).plain
    if not same or first <= 0.0 or second <= 0.0:
        return math.nan
    if kind == "ratio":
        return first / second
    years = int(parts[1]["year"]) - int(parts[0]["year"])
    if kind == "yearly_growth_percent":
        return 100.0 * (math.pow(second / first, 1.0 / years) - 1.0) if years > 0 else math.nan
    return 100.0 * (second / first - 1.0)


def _agreement(
    row: Row, against: Literal["statements", "series"], expected: float, words: str, compare: str, tolerance: float
) -> Agreement:
    stated = row["value"]
    difference = 100.0 * (stated - expected) / abs(expected) if expected and math.isfinite(expected) else math.nan
    agrees = {
        "equal": abs(difference) <= tolerance,
        "about": abs(difference) <= 10.0 * tolerance,
        "more than": stated <= expected,
        "less than": stated >= expected,
    }[compare]
    asked = "" if compare == "equal" else f"stated as '{compare}'; "
    return Agreement(
        row["id"],
        against,
        row["indicator"],
        row["year"],
        stated,
        expected,
        row["unit"],
        difference,
        agrees,
        asked + words,
    )
