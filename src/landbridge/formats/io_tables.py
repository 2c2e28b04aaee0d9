"""Read inter-country input-output tables: OECD ICIO (CSV), WIOD 2013 and 2016 (Excel, Stata)."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import MissingExtraError, Problem, StudyError
from landbridge.formats.trade_table import FilePath, TradeTable, trade_table

_PARTS: Final = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX", "RoW": "ROW", "ROM": "ROU"}
"""Parts of an economy that ICIO's extended tables split, and codes that differ from ISO 3166."""
_COUNTRY = re.compile(r"[A-Z]{2}[A-Z0-9]|RoW")
_ROUNDING: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """Columns of the table: importers' codes by column, and the position of gross output (-1 if there is none)."""

    importers: tuple[str, ...]
    output: int


def read_icio(path: FilePath, *, year: int | None = None) -> TradeTable:
    """Read OECD ICIO, one year as CSV (``ICIO2021_2018.csv``, ``2020_SML.csv``), row by row.

    Rows and columns bear ``AUS_01T02``; final demand ``AUS_HFCE`` and the like counts with the buyer. The exporter's
    industry is the sector; domestic sales stand in the rows with exporter = importer. China and Mexico, which the
    extended tables split, are put together. Rows of value added and taxes are left out; each industry's row must
    add up to the column of output (``OUT`` or ``TOTAL``).

    Raises
    ------
    StudyError
        If the layout is another, the year is not in the file's name and not given, or cells are not numbers.
    """
    return _collect(_icio_rows(path), "OECD ICIO", Path(path).name, _year(path, year))


def read_wiod(path: FilePath, *, year: int | None = None) -> TradeTable:
    """Read a world input-output table of WIOD: release 2013 (``.xlsx``), release 2016 (``.xlsx`` or ``.dta``).

    Release 2016 comes as ``.xlsb``, which is not read: take the Stata file of the same table, or save the sheet as
    .xlsx. Codes ``ROM`` and ``RoW`` become ``ROU`` and ``ROW``. Each industry's row must add up to gross output.

    Raises
    ------
    StudyError
        If the layout is another, or the file is .xlsb or .RData.
    MissingExtraError
        If openpyxl is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".dta":
        rows = _stata_rows(path)
    elif suffix == ".xlsx":
        rows = _excel_rows(path)
    else:
        message = f"{suffix or 'a file without ending'} is not read. Take the Stata file (.dta), or save as .xlsx."
        raise StudyError([Problem("LB448", message, Path(path).name)])
    return _collect(rows, "WIOD", Path(path).name, _year(path, year))


Rows = Iterator[_Layout | tuple[str, str, Float]]
"""First the layout, then exporter, industry and the cells of each row."""


def _collect(rows: Rows, source: str, file: str, year: int) -> TradeTable:
    """Add cells up by importer, and hold each row to its output."""
    layout = next(rows)
    if not isinstance(layout, _Layout):
        raise TypeError(layout)
    names = tuple(dict.fromkeys(code for code in layout.importers if code))
    at = np.array([names.index(code) if code else -1 for code in layout.importers])
    sums: dict[tuple[str, str], Float] = {}
    wrong, total = [], 0.0
    for row in rows:
        if isinstance(row, _Layout):
            continue
        exporter, industry, cells = row
        value: Float = np.bincount(at[at >= 0], weights=cells[at >= 0], minlength=len(names)).astype(np.float64)
        total += float(value.sum())
        if layout.output >= 0:
            output = float(cells[layout.output])
            if abs(value.sum() - output) > max(_ROUNDING * abs(output), 0.5):
                wrong.append(f"{exporter} {industry} ({value.sum():.6g} and {output:.6g})")
        sums[exporter, industry] = sums.get((exporter, industry), np.zeros(len(names))) + value
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
    warnings = [
        Problem(
            "LB449",
            f"{len(wrong)} rows do not add up to their output: {', '.join(wrong[:5])}.",
            file,
            severity="warning",
        )
    ]
    return trade_table(columns, source=source, file_total_musd=total, warnings=warnings if wrong else ())


def _icio_rows(path: FilePath) -> Rows:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        importers = ["", *(_split(name)[0] for name in header[1:])]
        output = next((k for k, name in enumerate(header) if name in ("OUT", "TOTAL", "OUTPUT")), -1)
        if not any(importers):
            message = "is not an ICIO table: no column like AUS_01T02. Give the original CSV file."
            raise StudyError([Problem("LB440", message, Path(path).name, 1)])
        yield _Layout(tuple(importers), output)
        for line in lines:
            exporter, industry = _split(line[0] if line else "")
            if exporter and industry not in ("TAXSUB", "VA"):
                yield exporter, industry, _cells(["0", *line[1:]], path, lines.line_num)


def _split(label: str) -> tuple[str, str]:
    """Return economy and industry of ``AUS_01T02``; empty words if it is not such a label."""
    code, _, rest = label.strip().partition("_")
    return (_PARTS.get(code, code), rest) if rest and _COUNTRY.fullmatch(code) else ("", "")


def _cells(cells: Sequence[Any], path: FilePath, line: int) -> Float:
    try:
        return np.array([0.0 if cell in ("", None) else float(cell) for cell in cells])
    except (TypeError, ValueError) as error:
        message = f"{error}. Give the original file."
        raise StudyError([Problem("LB441", message, Path(path).name, line)]) from error


def _excel_rows(path: FilePath) -> Rows:
    """Yield the rows of a WIOD sheet: its first rows hold codes, names, economies and ``c1``, ``c2`` ..."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError('Excel files need openpyxl. Type: pip install "landbridge[excel]"') from error
    book = load_workbook(path, read_only=True, data_only=True)
    sheet = next((book[name] for name in book.sheetnames if re.search(r"\d{4}|WIOT", name)), book.worksheets[0])
    head: list[Sequence[Any]] = []
    layout: _Layout | None = None
    labels = (0, 0)
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if layout is None:
            head.append(cells)
            if sum(bool(re.fullmatch(r"c\d+", str(cell))) for cell in cells) > 1:
                layout = _wiod_layout(head)
                yield layout
            elif number > 20:
                break
            continue
        if labels == (0, 0):
            labels = _label_columns(cells)
        country, code = str(cells[labels[0]]), str(cells[labels[1]])
        if _PARTS.get(country, country) in layout.importers and re.fullmatch(r"r\d+", code):
            values = [cell if isinstance(cell, (int, float)) else 0.0 for cell in cells]
            yield _PARTS.get(country, country), str(cells[0]), np.array(values, np.float64)
    book.close()
    if layout is None:
        message = "is not a WIOD table: no row of codes c1, c2 ... Give the original sheet."
        raise StudyError([Problem("LB440", message, Path(path).name)])


def _wiod_layout(head: Iterable[Sequence[Any]]) -> _Layout:
    """Return the layout out of the header: the row with most economies, and the row of c-codes."""
    rows = [[str(cell) if cell is not None else "" for cell in row] for row in head]
    codes = rows[-1]
    countries = max(rows[:-1], key=lambda row: sum(bool(_COUNTRY.fullmatch(cell)) for cell in row))
    numbered = [k for k, code in enumerate(codes) if re.fullmatch(r"c\d+", code)]
    output = numbered[-1] if not _COUNTRY.fullmatch(countries[numbered[-1]]) or countries[numbered[-1]] == "TOT" else -1
    importers = [
        _PARTS.get(country, country) if k in numbered and k != output and country != "TOT" else ""
        for k, country in enumerate(countries)
    ]
    return _Layout(tuple(code if _COUNTRY.fullmatch(code) else "" for code in importers), output)


def _label_columns(cells: Sequence[Any]) -> tuple[int, int]:
    """Return which of the first columns hold the economy and the row's code."""
    words = [str(cell) for cell in cells[:6]]
    code = next((k for k, word in enumerate(words) if re.fullmatch(r"r\d+", word)), 3)
    country = next((k for k, word in enumerate(words) if k not in (0, code) and _COUNTRY.fullmatch(word)), 2)
    return country, code


def _stata_rows(path: FilePath) -> Rows:
    """Yield the rows of release 2016 as Stata holds it: IndustryCode, Country, RNr, vAUS1 ... vROW61, TOT."""
    import pandas as pd

    with pd.read_stata(path, chunksize=256, convert_categoricals=False) as frames:
        layout: _Layout | None = None
        names: list[str] = []
        for frame in frames:
            if layout is None:
                names = [str(name) for name in frame.columns]
                layout = _stata_layout(names, Path(path).name)
                yield layout
            numeric = frame.select_dtypes("number").reindex(columns=names).fillna(0.0).to_numpy(np.float64)
            rows = zip(frame["Country"], frame["IndustryCode"], numeric, strict=True)
            for country, industry, cells in rows:
                if str(country).upper() in layout.importers:
                    yield str(country).upper(), str(industry), cells


def _stata_layout(names: Sequence[str], file: str) -> _Layout:
    found = [re.fullmatch(r"v([A-Za-z]{3})(\d+)", name) for name in names]
    if not any(found) or not {"IndustryCode", "Country"} <= set(names):
        message = "is not a WIOD table: no columns IndustryCode, Country, vAUS1 ... Give the original file."
        raise StudyError([Problem("LB440", message, file)])
    importers = tuple(_PARTS.get(m.group(1), m.group(1)).upper() if m else "" for m in found)
    return _Layout(importers, names.index("TOT") if "TOT" in names else -1)


def _year(path: FilePath, year: int | None) -> int:
    """Return the year given, or the last one in the file's name."""
    if year is not None:
        return year
    stem = Path(path).stem
    short = re.match(r"(?i)wiot(\d\d)_", stem)
    if short:
        return 1900 + int(short.group(1)) if int(short.group(1)) > 50 else 2000 + int(short.group(1))
    found = re.findall(r"(?:19|20)\d\d", stem)
    if not found:
        raise StudyError([Problem("LB440", "the file's name holds no year. Give year=.", Path(path).name)])
    return int(found[-1])
