"""Cells to a table of the declared columns, with every fault of the cells."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.columns import SUFFIXES, Column, TableSpec
from landbridge.core.problems import Problem, Severity
from landbridge.core.tables import Table
from landbridge.study.cells import Cells
from landbridge.study.suggest import shown, suggestion

NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
WHOLE: Final = re.compile(r"[+-]?\d{1,18}(?:\.0*)?", re.ASCII)
GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[ ,'_\u00a0\u202f]\d{3})+(?:\.\d*)?", re.ASCII)
DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+", re.ASCII)
TRUTHS: Final = {"true": True, "false": False}
NO_NUMBERS: Final = {"nan", "na", "n/a", "null", "none", "-", "inf", "+inf", "-inf", "infinity", "-infinity", "#n/a"}

MOST_OF_A_KIND: Final = 20
"""So many faults of one kind in one column are listed; the rest is counted."""

RATIOS: Final[dict[tuple[str, str], str]] = {
    ("days", "hours"): "24", ("minutes", "hours"): "1/60", ("hours", "days"): "1/24", ("hours", "minutes"): "60",
    ("usd_bn", "musd"): "1000", ("musd", "usd_bn"): "0.001", ("share", "percent"): "100",
    ("percent", "share"): "0.01", ("usd", "musd"): "0.000001", ("factor", "percent"): "100",
}  # fmt: skip
"""What to multiply a column of one unit by, to get another."""


Fault = tuple[str, Severity, str]
"""Code, severity and message."""
Parsed = tuple[Any, Fault | None]
"""The value of a cell, and its fault if it has one."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table with the place of its rows.

    Attributes
    ----------
    sound
        Columns without a fault; checks across tables use only these.
    """

    table: Table
    file: str
    lines: tuple[int, ...]
    sound: frozenset[str]


def empty_table(spec: TableSpec) -> Table:
    """Return the table without rows, with all declared columns."""
    return Table(spec.name, {column.name: _as_array(column, []) for column in spec.columns})


def convert(cells: Cells, spec: TableSpec) -> tuple[Loaded, list[Problem]]:
    """Return the table that the cells hold; where a cell is faulty it holds the column's empty value."""
    problems = header_problems(cells, spec)
    columns: dict[str, NDArray[Any]] = {}
    sound = set()
    for column in spec.columns:
        if column.name in cells.header:
            values, found = _convert_column(column, cells)
            columns[column.name] = values
            problems += found
            if not any(problem.severity == "fault" for problem in found):
                sound.add(column.name)
        else:
            columns[column.name] = _as_array(column, [_empty(column)] * len(cells.rows))
            if not column.required:
                sound.add(column.name)
    problems += _duplicate_keys(columns, cells, spec, sound)
    if spec.required and not cells.rows:
        message = f"has no rows. Give at least one: {spec.row}."
        problems.append(Problem("LB214", message, cells.file))
    return Loaded(Table(spec.name, columns), cells.file, cells.lines, frozenset(sound)), problems


def header_problems(cells: Cells, spec: TableSpec) -> list[Problem]:
    """Return unknown, repeated and missing columns; a column in another unit is named as such."""
    problems = []
    wanted = {column.name: column for column in spec.columns}
    missing = [name for name, column in wanted.items() if column.required and name not in cells.header]
    absent = [name for name in wanted if name not in cells.header]
    for name in dict.fromkeys(cells.header):
        if cells.header.count(name) > 1:
            message = f"the column {shown(name)} stands there {cells.header.count(name)} times. Keep one."
            problems.append(Problem("LB203", message, cells.file, 1, name))
        if name in wanted:
            continue
        other = other_unit(name, absent)
        if other:
            wrong, right = unit_of(name), wanted[other].unit
            factor = RATIOS.get((unit_ending(name), unit_ending(other)))
            remedy = f"Multiply its figures by {factor}" if factor else "Convert its figures"
            message = f"the column is in {wrong}; this table wants {right}. {remedy} and call it '{other}'."
            problems.append(Problem("LB211", message, cells.file, 1, name))
            missing = [column for column in missing if column != other]
        elif not name:
            problems.append(Problem("LB201", "a column has no name. Name it or take it away.", cells.file, 1))
        else:
            message = f"unknown column {shown(name)}. {suggestion(name, absent or wanted, most=30)}"
            problems.append(Problem("LB201", message, cells.file, 1, name[:60]))
    for name in missing:
        message = f"the column is missing. Expected: {wanted[name].description}"
        problems.append(Problem("LB202", message, cells.file, 1, name))
    return problems


def unit_ending(name: str) -> str:
    """Return the longest ending of a name that is a unit; empty if there is none."""
    parts = name.split("_")
    return next((end for i in range(len(parts)) if (end := "_".join(parts[i:])) in SUFFIXES), "")


def unit_of(name: str) -> str:
    """Return the unit that a name ends in; empty if there is none."""
    return SUFFIXES.get(unit_ending(name), "")


def other_unit(name: str, wanted: Sequence[str]) -> str:
    """Return the wanted name that differs from `name` only in its unit; empty if there is none."""
    ending = unit_ending(name)
    if not ending:
        return ""
    stem = name.removesuffix(ending)
    same = [other for other in wanted if unit_ending(other) and other.removesuffix(unit_ending(other)) == stem]
    same = [other for other in same if (ending, unit_ending(other)) in RATIOS] or same
    return same[0] if len(same) == 1 and unit_ending(same[0]) != ending else ""


def value_problem(column: Column, value: float) -> Fault | None:
    """Return code, severity and message where a number is out of its ranges."""
    number = f"{value:.12g}"
    if not column.low <= value <= column.high:
        return (
            "LB207",
            "fault",
            f"{number} is outside {_range(column.low, column.high)}. Expected: {column.description}",
        )
    if not column.warn_low <= value <= column.warn_high:
        usual = _range(column.warn_low, column.warn_high)
        return "LB208", "warning", f"{number} is unusual ({usual} is usual). Expected: {column.description}"
    return None


def date_fault(text: str) -> bool:
    """Tell whether a text is no day of the form YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False


def _convert_column(column: Column, cells: Cells) -> tuple[NDArray[Any], list[Problem]]:
    """Return the values of a column and the faults of its cells."""
    raw = cells.column(column.name)
    plain = _plain_column(column, raw)
    if plain is not None:
        return plain, []
    empty = _empty(column)
    parse = _parser(column)
    values = []
    found: list[tuple[int, str, Severity, str]] = []
    for i, cell in enumerate(raw):
        if not cell:
            values.append(empty)
            if column.required:
                found.append((i, "LB205", "fault", f"the cell is empty. Expected: {column.description}"))
            continue
        value, fault = parse(cell)
        values.append(empty if fault else value)
        if fault:
            found.append((i, *fault))
        elif column.kind in ("number", "quantity", "integer"):
            outside = value_problem(column, value)
            if outside:
                found.append((i, *outside))
    return _as_array(column, values), _limited(found, cells, column.name)


def _plain_column(column: Column, raw: list[str]) -> NDArray[Any] | None:
    """Return a column that has no empty cell and no fault in one go; None where cells must be looked at one by one."""
    if "" in raw and (column.required or column.default != ""):
        return None
    if column.kind in ("text", "id") and not column.choices:
        return _as_array(column, raw)
    if column.kind not in ("number", "quantity") or not raw or not all(map(NUMBER.fullmatch, raw)):
        return None
    values = _as_array(column, list(map(float, raw)))
    low, high = max(column.low, column.warn_low), min(column.high, column.warn_high)
    return values if np.isfinite(values).all() and values.min() >= low and values.max() <= high else None


def _limited(found: Sequence[tuple[int, str, Severity, str]], cells: Cells, column: str) -> list[Problem]:
    """Return the faults as problems, those beyond `MOST_OF_A_KIND` of a kind counted."""
    problems = []
    seen: dict[tuple[str, Severity], int] = {}
    for i, code, severity, message in found:
        seen[code, severity] = seen.get((code, severity), 0) + 1
        if seen[code, severity] <= MOST_OF_A_KIND:
            problems.append(Problem(code, message, cells.file, cells.lines[i], column, severity))
    for (code, severity), count in seen.items():
        if count > MOST_OF_A_KIND:
            message = f"{count - MOST_OF_A_KIND} more cells of this column have a fault of this kind."
            problems.append(Problem(code, message, cells.file, 0, column, severity))
    return problems


def _parser(column: Column) -> Callable[[str], Parsed]:
    """Return the function from a filled cell to its value and, where it has one, its fault."""
    expected = f"Expected: {column.description}"

    def number(cell: str) -> Parsed:
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
        return (value, None) if math.isfinite(value) else (0.0, ("LB206", "fault", f"{_no_number(cell)} {expected}"))

    def integer(cell: str) -> Parsed:
        if WHOLE.fullmatch(cell):
            return int(cell.partition(".")[0]), None
        is_number = NUMBER.fullmatch(cell) is not None
        reason = f"{shown(cell)} is not a whole number." if is_number else _no_number(cell)
        return 0, ("LB206", "fault", f"{reason} {expected}")

    def boolean(cell: str) -> Parsed:
        value = TRUTHS.get(cell.lower())
        fault: Fault = ("LB212", "fault", f"{shown(cell)} is not true or false. {expected}")
        return (value, None) if value is not None else (False, fault)

    def day(cell: str) -> Parsed:
        fault: Fault = ("LB213", "fault", f"{shown(cell)} is not a day as YYYY-MM-DD. {expected}")
        return (cell, None) if not date_fault(cell) else ("", fault)

    def ids(cell: str) -> Parsed:
        parts = [part.strip() for part in cell.split("+")]
        fault: Fault = ("LB215", "fault", f"{shown(cell)} has an empty name between or beside its +. {expected}")
        return ("+".join(parts), None) if all(parts) else ("", fault)

    def text(cell: str) -> Parsed:
        if column.choices and cell not in column.choices:
            remedy = suggestion(cell, column.choices)
            return "", ("LB209", "fault", f"{shown(cell)} is not one of {', '.join(column.choices)}. {remedy}")
        return cell, None

    parsers = {
        "number": number,
        "quantity": number,
        "integer": integer,
        "boolean": boolean,
        "date": day,
        "ids": ids,
    }
    return parsers.get(column.kind, text)


def _no_number(cell: str) -> str:
    """Return why a cell is no number and what to write."""
    if cell.lower() in NO_NUMBERS:
        return f"{shown(cell)} is not a number; where a figure is unknown the cell stays empty, if the column allows."
    if GROUPED.fullmatch(cell):
        plain = re.sub(r"[ ,'_\u00a0\u202f]", "", cell)
        return f"{shown(cell)} has separators between thousands; write {plain}."
    if DECIMAL_COMMA.fullmatch(cell):
        return f"{shown(cell)} has a decimal comma; write {cell.replace(',', '.')}."
    if NUMBER.fullmatch(cell):
        return f"{shown(cell)} is too large."
    return f"{shown(cell)} is not a number."


def _duplicate_keys(columns: dict[str, NDArray[Any]], cells: Cells, spec: TableSpec, sound: set[str]) -> list[Problem]:
    """Return the rows whose key stands in an earlier row."""
    if not spec.key or not sound.issuperset(spec.key):
        return []
    first: dict[tuple[Any, ...], int] = {}
    found: list[tuple[int, str, Severity, str]] = []
    for i, key in enumerate(zip(*(columns[name].tolist() for name in spec.key), strict=True)):
        if key in first:
            words = ", ".join(f"{name} {shown(value)}" for name, value in zip(spec.key, key, strict=True))
            message = f"{words} stands in row {cells.lines[first[key]]} already. Keep one of the two rows."
            found.append((i, "LB210", "fault", message))
        else:
            first[key] = i
    return _limited(found, cells, spec.key[0])


def _empty(column: Column) -> str | float | bool:
    """Return what an empty cell means."""
    if column.default is not None:
        return column.default
    return {"number": math.nan, "quantity": math.nan, "integer": 0, "boolean": False}.get(column.kind, "")


def _as_array(column: Column, values: list[Any]) -> NDArray[Any]:
    """Return values as an array of the column's kind."""
    dtype: dict[str, Any] = {"number": np.float64, "quantity": np.float64, "integer": np.int64, "boolean": np.bool_}
    if column.kind in dtype:
        return np.array(values, dtype=dtype[column.kind])
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _range(low: float, high: float) -> str:
    """Return a range in words."""
    if math.isinf(low):
        return f"at most {high:,.12g}"
    if math.isinf(high):
        return f"at least {low:,.12g}"
    return f"{low:,.12g} to {high:,.12g}"
