"""What differs between two results."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.core.problems import Problem, StudyError
from landbridge.pipeline.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Rows of both results side by side.

    Attributes
    ----------
    first, second
        ``study/scenario`` of each.
    notes
        What differs in how they were made: digest, parameters, version.
    tables
        By table, rows with the labels, ``first``, ``second``, ``difference`` and ``unit``.
    """

    first: str
    second: str
    notes: tuple[str, ...]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]

    def largest(self, table: str, count: int) -> list[dict[str, Any]]:
        """Return the rows of a table with the largest differences.

        Raises
        ------
        StudyError
            If neither result has that table.
        """
        if table not in self.tables:
            near = difflib.get_close_matches(table, self.tables, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            known = ", ".join(sorted(self.tables))
            raise StudyError([Problem("LB904", f"There is no table '{table}'.{hint} Give one of {known}.", "table")])
        rows = [dict(row) for row in self.tables[table] if row["difference"]]
        return sorted(rows, key=lambda row: -abs(row["difference"]))[:count]


def compare(first: Result, second: Result) -> Difference:
    """Return the difference ``second - first`` of every tidy table; a row that one lacks counts as 0 there."""
    tables = {}
    for name in first.tables:
        if "value" not in first.tables[name] or name not in second.tables:
            continue
        one, other = _values(first, name), _values(second, name)
        rows = []
        for key in dict.fromkeys([*one, *other]):
            a, b = one.get(key, (0.0, "")), other.get(key, (0.0, ""))
            if a[0] == b[0]:
                continue
            labels = dict(zip(_labels(first, name), key, strict=True))
            gap = b[0] - a[0]
            rows.append({**labels, "first": a[0], "second": b[0], "difference": gap, "unit": a[1] or b[1]})
        tables[name] = rows
    notes = [
        f"{key}: {_brief(first.provenance.get(key))} against {_brief(second.provenance.get(key))}"
        for key in ("study", "study_digest", "landbridge", "seed")
        if first.provenance.get(key) != second.provenance.get(key)
    ]
    before, after = (dict(result.provenance.get("parameters", {})) for result in (first, second))
    notes += [
        f"parameter {name}: {before.get(name, 'none')} against {after.get(name, 'none')}"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    return Difference(f"{first.study}/{first.scenario}", f"{second.study}/{second.scenario}", tuple(notes), tables)


def _brief(value: object) -> str:
    """Return what tells two results apart on one line: digests by their first signs."""
    return str(value)[:16]


def _labels(result: Result, table: str) -> list[str]:
    return [name for name in result.tables[table] if name not in ("value", "unit")]


def _values(result: Result, table: str) -> dict[tuple[Any, ...], tuple[float, str]]:
    columns = result.tables[table]
    keys = zip(*(columns[label] for label in _labels(result, table)), strict=True)
    return {
        key: (float(value), str(unit)) for key, value, unit in zip(keys, columns["value"], columns["unit"], strict=True)
    }
