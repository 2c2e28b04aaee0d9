"""Look figures up in a result's tidy tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from landbridge.pipeline.result import Result

Rows = list[dict[str, Any]]


def rows_of(result: Result, table: str, **wanted: str) -> Rows:
    """Return the rows of a table whose labels are as wanted, as dictionaries; none if there is no such table."""
    columns: Mapping[str, Sequence[Any]] = result.tables.get(table, {})
    if not columns:
        return []
    names = list(columns)
    rows = (dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True))
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def by_label(rows: Rows, label: str, value: str = "value") -> dict[str, Any]:
    """Return the values of rows by one label; the last wins."""
    return {str(row[label]): row[value] for row in rows}
