"""The report's tables as one Excel workbook, with a sheet of units and one of sources."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from landbridge.pipeline.result import Result
from landbridge.pipeline.schema import RESULT_TABLES
from landbridge.study.model import Study

LARGE: Final = {"skims", "links", "corridor_pairs"}
"""Tables that the Parquet files hold but the workbook leaves out for their size."""
ROW_LIMIT: Final = 200_000


def write_workbook(study: Study, results: Mapping[str, Result], path: str | Path) -> Path:
    """Write one sheet a result table with the scenario in the first column; whole or not at all.

    Returns
    -------
    Path
        The workbook.
    """
    import xlsxwriter

    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".xlsx", dir=target.parent)
    os.close(handle)
    try:
        options = {
            "constant_memory": True,
            "nan_inf_to_errors": True,
            "strings_to_urls": False,
            "strings_to_formulas": False,
        }
        with xlsxwriter.Workbook(name, options) as book:
            _about(book, study, results)
            _units(book)
            _sources(book, study)
            for table in RESULT_TABLES:
                if table.name not in LARGE:
                    _sheet(book, table.name, results)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def _grid(book: Any, name: str, columns: list[str], rows: list[list[Any]]) -> None:  # noqa: ANN401 - xlsxwriter is untyped
    sheet = book.add_worksheet(name[:31])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for column, title in enumerate(columns):
        width = max([len(title), *(len(str(row[column])) for row in rows[:200])])
        sheet.set_column(column, column, min(60, width + 2))
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.write_row(0, 0, columns, head)
    for at, row in enumerate(rows[:ROW_LIMIT], start=1):
        sheet.write_row(at, 0, row)


def _about(book: Any, study: Study, results: Mapping[str, Result]) -> None:  # noqa: ANN401
    lines: list[list[Any]] = [
        ["study", study.id],
        ["title", study.title],
        ["base year", study.base_year],
        ["money", study.money],
        ["scenarios", ", ".join(results)],
    ]
    for key, value in next(iter(results.values())).provenance.items():
        if key not in ("when", "parameters") and isinstance(value, (str, int, float)):
            lines.append([key, value])
    _grid(book, "about", ["what", "value"], lines)


def _units(book: Any) -> None:  # noqa: ANN401
    rows = []
    for table in RESULT_TABLES:
        if table.name in LARGE:
            continue
        if not table.measures:
            rows.append([table.name, "", "see column unit", table.about])
        rows += [[table.name, *measure] for measure in table.measures]
    _grid(book, "units", ["sheet", "measure", "unit", "what it is"], rows)


def _sources(book: Any, study: Study) -> None:  # noqa: ANN401
    table = study.tables["sources"]
    columns = list(table.columns)
    _grid(book, "sources", columns, [[row[column] for column in columns] for row in table.rows()])


def _sheet(book: Any, name: str, results: Mapping[str, Result]) -> None:  # noqa: ANN401
    """Write a table of all scenarios; measures stand beside each other in columns that name their unit."""
    columns: dict[str, None] = {}
    lines: list[dict[str, Any]] = []
    for scenario, result in results.items():
        table = result.tables.get(name)
        if not table:
            continue
        for line in _wide(table):
            lines.append({"scenario": scenario, **line})
            columns.update(dict.fromkeys(lines[-1]))
    if columns:
        _grid(book, name, list(columns), [[line.get(column) for column in columns] for line in lines])


def _wide(table: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the rows of a tidy table, one for each set of labels with its measures in columns."""
    names = list(table)
    rows = zip(*table.values(), strict=True)
    if not {"measure", "value", "unit"} <= set(names):
        return [dict(zip(names, row, strict=True)) for row in rows]
    labels = [k for k, column in enumerate(names) if column not in ("measure", "value", "unit")]
    measure, value, unit = (names.index(column) for column in ("measure", "value", "unit"))
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[k] for k in labels)
        line = found.setdefault(key, {names[k]: row[k] for k in labels})
        line[f"{row[measure]} ({row[unit]})"] = row[value]
    return list(found.values())
