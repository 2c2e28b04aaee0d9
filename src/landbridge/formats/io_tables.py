"""Read inter-country input-output tables (OECD ICIO, WIOD 2013 and 2016) as trade by exporter, importer and sector."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError
from landbridge.formats.io_layouts import IoRow, Layout, Rows, io_rows, year_of
from landbridge.formats.trade_table import FilePath, TradeTable, trade_table

_ROUNDING: Final = 1e-4


def read_icio(path: FilePath, *, year: int | None = None) -> TradeTable:
    """Read OECD ICIO, one year as CSV (``ICIO2021_2018.csv``, ``2020_SML.csv``), row by row.

    Rows and columns bear ``AUS_01T02`` (editions 2018 and 2021), ``AUS_A01_02`` (2023) or ``AUS_C01T05AGR`` (2016);
    final demand, ``AUS_HFCE`` and the like (``HFCE_AUS`` in 2016), counts with the buyer. The exporter's industry is
    the sector; domestic sales stand in the rows with exporter = importer. China and Mexico, which the extended
    tables split (CN1, MX1 ...), are put together. Rows of value added and taxes are left out; each industry's row
    must add up to the column of output (``OUT`` or ``TOTAL``).

    Raises
    ------
    StudyError
        If the layout is another, the year is not in the file's name and not given, or cells are not numbers.
    """
    return _collect(io_rows(path), "OECD ICIO", Path(path).name, year_of(path, year))


def read_wiod(path: FilePath, *, year: int | None = None) -> TradeTable:
    """Read a world input-output table of WIOD: release 2013 (``.xlsx``), release 2016 (``.dta``, ``.xlsb``, ``.xlsx``).

    Codes ``ROM`` and ``RoW`` become ``ROU`` and ``ROW``. Each industry's row must add up to gross output.

    Raises
    ------
    StudyError
        If the layout is another, or the file is .RData.
    MissingExtraError
        If openpyxl (.xlsx) or pyxlsb (.xlsb) is not installed.
    """
    return _collect(io_rows(path), "WIOD", Path(path).name, year_of(path, year))


def _collect(rows: Rows, source: str, file: str, year: int) -> TradeTable:
    """Add cells up by importer, and hold each row to its output."""
    layout = next(rows)
    if not isinstance(layout, Layout):
        raise TypeError(layout)
    buys = [kind in ("industry", "final", "stocks") for kind in layout.kind]
    names = tuple(dict.fromkeys(code for code, counts in zip(layout.economy, buys, strict=True) if counts))
    at = np.array(
        [names.index(code) if counts else -1 for code, counts in zip(layout.economy, buys, strict=True)], np.int64
    )
    apart = np.array([kind == "other" for kind in layout.kind])
    sums: dict[tuple[str, str], Float] = {}
    wrong, total = [], 0.0
    for row in rows:
        if isinstance(row, Layout) or row.kind != "industry":
            continue
        value: Float = np.bincount(at[at >= 0], weights=row.cells[at >= 0], minlength=len(names)).astype(np.float64)
        total += float(value.sum())
        if gap := _gap(layout, row, float(value.sum() + row.cells[apart].sum())):
            wrong.append(gap)
        key = row.economy, row.industry
        sums[key] = sums.get(key, np.zeros(len(names))) + value
    if not sums:
        raise StudyError([Problem("LB440", "holds no industry of an economy. Give the original file.", file)])
    columns: dict[str, list[Any]] = {"exporter": [], "importer": [], "sector": [], "value_musd": []}
    for (exporter, industry), value in sums.items():
        there = np.flatnonzero(value)
        columns["exporter"] += [exporter] * len(there)
        columns["importer"] += [names[k] for k in there]
        columns["sector"] += [industry] * len(there)
        columns["value_musd"] += value[there].tolist()
    columns["year"] = [year] * len(columns["sector"])
    return trade_table(columns, source=source, file_total_musd=total, warnings=not_adding_up(wrong, "row", file))


def _gap(layout: Layout, row: IoRow, found: float) -> str:
    """Return where a row misses its gross output; empty if it does not."""
    if layout.output < 0:
        return ""
    output = float(row.cells[layout.output])
    if abs(found - output) <= max(_ROUNDING * abs(output), 0.5):
        return ""
    return f"{row.economy} {row.industry} ({found:.6g} and {output:.6g})"


def not_adding_up(wrong: list[str], what: str, file: str) -> tuple[Problem, ...]:
    """Return the warning LB449 that names what does not add up to its output; nothing if all does."""
    if not wrong:
        return ()
    message = f"{len(wrong)} {what}s do not add up to their output: {', '.join(wrong[:5])}."
    return (Problem("LB449", message, file, severity="warning"),)
