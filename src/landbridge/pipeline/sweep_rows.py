"""The file that a sweep goes over: rows of scenario, measures and parameters, checked all at once."""

import csv
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landbridge.core.problems import Problem, StudyError, refuse
from landbridge.pipeline.digest_cache import row_digest
from landbridge.study.model import Study
from landbridge.study.spec_parameters import PARAMETERS

FIXED: Final = ("scenario", "add", "remove", "note")
"""Columns that are no parameters; `note` is for the reader."""


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One run that is asked for.

    Attributes
    ----------
    line
        Line of the file (the header is 1).
    scenario
        Name of the scenario that it starts from.
    standing
        Ids of the measures that stand.
    parameters
        By column of the file; None for the study's own value.
    digest
        Of everything that makes the result.
    """

    line: int
    scenario: str
    standing: tuple[str, ...]
    parameters: Mapping[str, float | None]
    digest: str


def read_rows(study: Study, file: Path) -> tuple[SweepRow, ...]:
    """Return the runs of a file, each once.

    Columns: `scenario`, empty for the study's baseline; `add` and `remove`, ids of measures joined by ``+``, on top of
    the scenario; `note`, which is left aside; every other column is a parameter of the study.

    Raises
    ------
    StudyError
        With every fault of the file.
    """
    header, lines = _read(file)
    name = file.name
    parameters = [column for column in header if column not in FIXED]
    found = _header_faults(study, name, header, parameters)
    refuse(found)
    known = {scenario.name for scenario in study.scenarios}
    measures = {measure.id for measure in study.measures}
    rows: dict[str, SweepRow] = {}
    content = study.digest
    for number, cells in lines:
        row = dict(zip(header, cells, strict=False))
        problems: list[Problem] = []
        if len(cells) != len(header):
            message = f"{len(cells)} cells for {len(header)} columns. Give one for each."
            problems.append(Problem("LB582", message, name, number))
        scenario = row.get("scenario", "").strip()
        if scenario and scenario not in known:
            problems.append(_unknown("LB583", "scenario", scenario, known, name, number))
        add, remove = (_ids(row.get(column, "")) for column in ("add", "remove"))
        for column, names in (("add", add), ("remove", remove)):
            problems += [
                _unknown("LB583", column, item, measures, name, number) for item in names if item not in measures
            ]
        values, faults = _values(row, parameters, name, number)
        problems += faults
        found += problems
        if problems:
            continue
        standing = _standing(study, scenario, add, remove)
        key = row_digest(content, standing, {k: v for k, v in values.items() if v is not None})
        rows.setdefault(key, SweepRow(number, scenario or "baseline", standing, values, key))
    if not lines:
        found.append(Problem("LB582", "there is no row. Give one for each run.", name))
    refuse(found)
    return tuple(rows.values())


def _read(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"'{file}' could not be read as UTF-8 text ({error}). Give a CSV file."
        raise StudyError([Problem("LB582", message, "over")]) from error
    reader = csv.reader(text.splitlines())
    rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    return header, rows[1:]


def _header_faults(study: Study, name: str, header: Sequence[str], parameters: Sequence[str]) -> list[Problem]:
    found = []
    if not header:
        found.append(Problem("LB582", "the file is empty. Give a header and one row for each run.", name))
    found += [
        Problem("LB582", "the column stands twice. Keep one.", name, 1, column)
        for column in dict.fromkeys(c for c in header if header.count(c) > 1)
    ]
    known = {*study.parameters, *FIXED}
    found += [
        _unknown("LB583", column, column, known, name, 1, "column")
        for column in parameters
        if column not in study.parameters
    ]
    return found


def _values(
    row: Mapping[str, str], parameters: Sequence[str], name: str, number: int
) -> tuple[dict[str, float | None], list[Problem]]:
    limits = {spec.name: (spec.low, spec.high) for spec in PARAMETERS}
    values: dict[str, float | None] = {}
    found = []
    for parameter in parameters:
        text = row.get(parameter, "").strip()
        if not text:
            values[parameter] = None
            continue
        low, high = limits.get(parameter, (float("-inf"), float("inf")))
        try:
            value = float(text)
        except ValueError:
            found.append(Problem("LB582", f"'{text}' is not a number. Give one.", name, number, parameter))
            continue
        if not low <= value <= high or value in (float("inf"), float("-inf")):
            message = f"{value:g} is outside {low:g} to {high:g}. Give a value inside."
            found.append(Problem("LB582", message, name, number, parameter))
        values[parameter] = value
    return values, found


def _ids(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("+") if word.strip())


def _standing(study: Study, scenario: str, add: Sequence[str], remove: Sequence[str]) -> tuple[str, ...]:
    start = study.standing(scenario) if scenario else tuple(m.id for m in study.measures if m.in_baseline)
    kept = [name for name in start if name not in remove]
    return (*kept, *(name for name in dict.fromkeys(add) if name not in kept))


def _unknown(code: str, column: str, word: str, known: set[str], name: str, number: int, what: str = "") -> Problem:
    near = difflib.get_close_matches(word, sorted(known), n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    kind = what or ("scenario" if column == "scenario" else "measure")
    return Problem(code, f"The study has no {kind} '{word}'.{hint}", name, number, column)
