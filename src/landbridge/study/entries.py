"""Entries of a TOML file checked against their declaration: plain values in, typed values and faults out."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.core.columns import Column
from landbridge.core.problems import Problem
from landbridge.study.convert import RATIOS, date_fault, other_unit, unit_ending, value_problem
from landbridge.study.spec_toml import Section
from landbridge.study.suggest import shown, suggestion
from landbridge.study.toml_text import Document, Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: every declared key with its value (the default where it was left out), and its place.

    Attributes
    ----------
    values
        Texts as str, lists as tuples of str; None where a key without a default was left out.
    given
        The keys that the file holds.
    sound
        Whether no key is faulty.
    """

    values: Mapping[str, Any]
    given: frozenset[str]
    document: Document
    path: Path
    sound: bool

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a TOML value
        """Return the value of a key."""
        return self.values[key]

    def problem(self, code: str, message: str, key: str = "") -> Problem:
        """Return a fault of this entry."""
        path = (*self.path, key) if key else self.path
        return Problem(code, message, self.document.file, self.document.line(*path), key)

    def warning(self, code: str, message: str, key: str = "") -> Problem:
        """Return a warning about this entry."""
        fault = self.problem(code, message, key)
        return Problem(code, message, fault.file, fault.row, fault.column, "warning")


def section_entries(
    document: Document, section: Section, *, also: Sequence[str] = ()
) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a section; `also` names keys that others read (nested tables)."""
    raw = document.values.get(section.name) if section.name else document.values
    if raw is None:
        return [], []
    many = raw if section.repeated else [raw]
    if not isinstance(many, list) or not all(isinstance(item, Mapping) for item in many):
        message = f"'{section.name}' is not {section.header}. Write {section.header} on a line and its keys below."
        return [], [Problem("LB274", message, document.file, document.line(section.name), section.name)]
    entries, problems = [], []
    for i, item in enumerate(many):
        path: Path = (section.name, i) if section.repeated else (section.name,) if section.name else ()
        entry, found = read_entry(document, path, item, section.keys, also=also)
        entries.append(entry)
        problems += found
    problems += _same_ids(entries, section)
    return entries, problems


def read_entry(
    document: Document, path: Path, raw: Mapping[str, Any], keys: Sequence[Column], *, also: Sequence[str] = ()
) -> tuple[Entry, list[Problem]]:
    """Return one entry and its faults: unknown and missing keys, wrong types, values out of range."""
    known = {column.name: column for column in keys}
    absent = [name for name in known if name not in raw]
    problems: list[Problem] = []
    replaced = set()
    for key in raw:
        if key in known or key in also:
            continue
        other = other_unit(key, absent)
        if other:
            replaced.add(other)
        code, message = _unknown(key, other, [*absent, *also])
        problems.append(Problem(code, message, document.file, document.line(*path, key), key[:60]))
    values: dict[str, Any] = {}
    for name, column in known.items():
        if name not in raw:
            values[name] = _default(column)
            if column.required and name not in replaced:
                message = f"the key is missing. Expected: {column.description}"
                problems.append(Problem("LB273", message, document.file, document.line(*path), name))
            continue
        value, found = checked(column, raw[name])
        values[name] = _default(column) if value is None else value
        line = document.line(*path, name)
        problems += [Problem(p.code, p.message, document.file, line, name, p.severity) for p in found]
    sound = not any(problem.severity == "fault" for problem in problems)
    return Entry(values, frozenset(raw), document, path, sound), problems


def unknown_sections(document: Document, sections: Sequence[Section]) -> list[Problem]:
    """Return the tables at the top of a file that no section declares."""
    known = [section.name for section in sections if section.name]
    return [
        Problem(
            "LB272",
            f"unknown table {shown(key)}. {suggestion(key, known)}",
            document.file,
            document.line(key),
            key[:60],
        )
        for key in document.values
        if key not in known
    ]


def checked(column: Column, value: object) -> tuple[Any, list[Problem]]:
    """Return a TOML value as the declared kind, with faults that carry no place yet."""
    expected = f"Expected: {column.description}"

    def wrong(what: str) -> tuple[None, list[Problem]]:
        return None, [Problem("LB274", f"{shown(value)} is not {what}. {expected}")]

    if column.kind in ("number", "quantity", "integer"):
        return _checked_number(column, value)
    if column.kind == "boolean":
        return (value, []) if isinstance(value, bool) else wrong("true or false")
    if column.kind == "ids":
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            return wrong('a list of texts, such as ["a", "b"]')
        names = tuple(item.strip() for item in value)
        twice = sorted({name for name in names if names.count(name) > 1})
        found = [Problem("LB280", f"{shown(name)} stands in the list twice. Keep one.") for name in twice]
        odd = [name for name in names if column.choices and name not in column.choices]
        found += [Problem("LB209", f"{shown(name)} is not one of {', '.join(column.choices)}.") for name in odd]
        return names, found
    if column.kind == "date":
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat(), []
        return (value, []) if isinstance(value, str) and not date_fault(value) else wrong("a day as YYYY-MM-DD")
    if not isinstance(value, str):
        return wrong("a text in quotes")
    text = value.strip()
    if column.required and not text:
        return None, [Problem("LB205", f"the text is empty. {expected}")]
    if column.choices and text not in column.choices:
        message = f"{shown(text)} is not one of {', '.join(column.choices)}. {suggestion(text, column.choices)}"
        return None, [Problem("LB209", message)]
    return text, []


def _checked_number(column: Column, value: object) -> tuple[float | int | None, list[Problem]]:
    expected = f"Expected: {column.description}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        remedy = " Write the number without quotes." if isinstance(value, str) else ""
        return None, [Problem("LB206", f"{shown(value)} is not a number.{remedy} {expected}")]
    if abs(value) > 1e300 or not math.isfinite(value):
        return None, [Problem("LB206", f"{shown(value)} is not a finite number. {expected}")]
    if column.kind == "integer" and (value != int(value) or abs(value) > 2**62):
        return None, [Problem("LB206", f"{shown(value)} is not a whole number. {expected}")]
    outside = value_problem(column, float(value))
    found = [Problem(outside[0], outside[2], severity=outside[1])] if outside else []
    return int(value) if column.kind == "integer" else float(value), found


def _unknown(key: str, other: str, known: Sequence[str]) -> tuple[str, str]:
    if not other:
        return "LB272", f"unknown key {shown(key)}. {suggestion(key, known, most=30)}"
    factor = RATIOS.get((unit_ending(key), unit_ending(other)))
    remedy = f"Multiply the figure by {factor}" if factor else "Convert the figure"
    return "LB211", f"the key has another unit than the format wants. {remedy} and call it '{other}'."


def _default(column: Column) -> Any:  # noqa: ANN401 - a TOML value
    """Return what a key that was left out means."""
    if column.kind == "ids":
        return ()
    if column.default is not None or not column.required:
        return column.default
    return {"boolean": False, "text": "", "id": "", "date": ""}.get(column.kind)


def _same_ids(entries: Sequence[Entry], section: Section) -> list[Problem]:
    if not section.key:
        return []
    first: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        name = entry[section.key]
        if name and name in first:
            line = first[name].document.line(*first[name].path)
            message = f"{shown(name)} stands in line {line} already. Give each {section.name} its own {section.key}."
            problems.append(entry.problem("LB280", message, section.key))
        first.setdefault(name, entry)
    return problems
