"""Ids that name what is not there, sources that are not listed, assumptions without a reason."""

from collections.abc import Iterable, Sequence
from typing import Final

from landbridge.core.columns import Column, TableSpec
from landbridge.core.problems import Problem
from landbridge.study.convert import MOST_OF_A_KIND, Loaded
from landbridge.study.entries import Entry
from landbridge.study.material import Material
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_changes import CHANGES
from landbridge.study.spec_toml import Section
from landbridge.study.suggest import shown, suggestion

ASSUMPTION: Final = "assumption"
SOURCES: Final = "sources.key"
WILDCARDS: Final = "*="
"""At the end of a reference: words that are allowed beside the ids ('*' for all, '=' for the own market)."""

MORE_REFERENCES: Final = {
    ("crossings", "charge_to"): "economies.economy",
    ("passages", "charge_to"): "economies.economy",
    ("ports", "charge_to"): "economies.economy",
}
"""References of tables whose declaration stands below the study and cannot know the study's economies."""


def reference_problems(material: Material, sections: Sequence[Section]) -> list[Problem]:
    """Return every dangling id and every assumption without a reason, of tables and of TOML entries."""
    problems: list[Problem] = []
    for spec in (*TABLES, *ROOT_TABLES):
        loaded = material.tables.get(spec.name)
        if loaded is not None and len(loaded.table):
            problems += _table_references(loaded, spec, material)
            problems += _table_reasons(loaded, spec)
    for section in sections:
        for entry in material.entries.get(section.id, ()):
            problems += _entry_references(entry, section.keys, material)
            problems += _entry_reason(entry)
    for changes in material.changes:
        for change, entry in changes:
            columns = [key.column for key in CHANGES[change.kind].keys]
            problems += _entry_references(entry, columns, material)
    return problems


def _table_references(loaded: Loaded, spec: TableSpec, material: Material) -> list[Problem]:
    problems: list[Problem] = []
    for column in spec.columns:
        reference = column.refers_to or MORE_REFERENCES.get((spec.name, column.name), "")
        if not reference or column.name not in loaded.sound:
            continue
        allowed = _allowed(reference, material)
        if allowed is None:
            continue
        several = column.kind == "ids" or reference == SOURCES
        cells = loaded.table.text(column.name)
        faulty = {cell: bad for cell in set(cells) if cell and (bad := _dangling(cell, allowed, several=several))}
        if not faulty:
            continue
        rows = [(line, cell) for line, cell in zip(loaded.lines, cells, strict=True) if cell in faulty]
        for line, cell in rows[:MOST_OF_A_KIND]:
            message = _message(faulty[cell], reference, allowed)
            code = "LB252" if reference == SOURCES else "LB251"
            problems.append(Problem(code, message, loaded.file, line, column.name))
        if len(rows) > MOST_OF_A_KIND:
            message = f"{len(rows) - MOST_OF_A_KIND} more cells of this column name what is not there."
            problems.append(Problem("LB251", message, loaded.file, 0, column.name))
    return problems


def _table_reasons(loaded: Loaded, spec: TableSpec) -> list[Problem]:
    names = {column.name for column in spec.columns}
    if not {"source", "note"} <= names or "source" not in loaded.sound:
        return []
    rows = [
        line
        for line, source, note in zip(loaded.lines, loaded.table.text("source"), loaded.table.text("note"), strict=True)
        if ASSUMPTION in source.split("+") and not note
    ]
    message = "the row is an assumption without a reason. Say in 'note' why this figure."
    problems = [Problem("LB253", message, loaded.file, line, "note") for line in rows[:MOST_OF_A_KIND]]
    if len(rows) > MOST_OF_A_KIND:
        message = f"{len(rows) - MOST_OF_A_KIND} more rows are assumptions without a reason."
        problems.append(Problem("LB253", message, loaded.file, 0, "note"))
    return problems


def _entry_references(entry: Entry, columns: Iterable[Column], material: Material) -> list[Problem]:
    problems = []
    for column in columns:
        value = entry.values[column.name]
        if not column.refers_to or not value:
            continue
        allowed = _allowed(column.refers_to, material)
        if allowed is None:
            continue
        names = value if isinstance(value, tuple) else value.split("+") if column.refers_to == SOURCES else (value,)
        code = "LB252" if column.refers_to == SOURCES else "LB251"
        problems += [
            entry.problem(code, _message(name, column.refers_to, allowed), column.name)
            for name in names
            if name not in allowed
        ]
    return problems


def _entry_reason(entry: Entry) -> list[Problem]:
    reason = next((key for key in ("note", "why") if key in entry.values), "")
    if not reason or entry.values[reason] or ASSUMPTION not in str(entry.values.get("source") or "").split("+"):
        return []
    return [entry.problem("LB253", f"it is an assumption without a reason. Say in '{reason}' why.", reason)]


def _allowed(reference: str, material: Material) -> frozenset[str] | None:
    plain = reference.rstrip(WILDCARDS)
    known = material.declared(plain)
    if known is None:
        return None
    words = {ASSUMPTION} if plain == SOURCES else set(reference[len(plain) :])
    return known | words


def _dangling(cell: str, allowed: frozenset[str], *, several: bool) -> str:
    """Return the first name of a cell that is not allowed; empty if all are."""
    if cell in allowed:
        return ""
    return next((name for name in (cell.split("+") if several else [cell]) if name not in allowed), "")


def _message(name: str, reference: str, allowed: frozenset[str]) -> str:
    plain = reference.rstrip(WILDCARDS)
    where = {
        SOURCES: "in sources.csv (nor is it 'assumption')",
        "element.id": "a move or milestone of roadmap.toml",
    }.get(plain, "")
    table = plain.partition(".")[0]
    if not where:
        where = f"in {table}.csv" if any(spec.name == table for spec in TABLES) else f"a {table} of the study"
    return f"{shown(name)} is not {where}. {suggestion(name, sorted(allowed))}"
