"""The layouts of inter-country input-output files (OECD ICIO, WIOD 2013 and 2016), row by row in one form."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import MissingExtraError, Problem, StudyError
from landbridge.formats.trade_table import FilePath

Kind = Literal["industry", "final", "stocks", "output", "other", ""]
"""What a column buys for: an industry, final demand, changes of stocks; gross output; a discrepancy; or no column."""
RowKind = Literal["industry", "cost", "output"]
"""What a row holds: an industry's sales, a part of cost besides inputs (value added, taxes), or gross output."""
Release = Literal["oecd-icio", "wiod-2013", "wiod-2016"]

CODES: Final = {"RoW": "ROW", "ROM": "ROU"}
"""Economies whose code differs from ISO 3166."""
STOCKS: Final = ("INVNT", "INV", "INVEN")
COST_CODES: Final = ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")
"""Rows at the foot of WIOD that add up, with inputs, to gross output (r61 to r66 in release 2013, 66 to 71 in 2016)."""
_COUNTRY = re.compile(r"[A-Z]{2}[A-Z0-9]|RoW")
_FINAL = re.compile(r"HFCE|NPISH|NPS|GGFC|GGCF|GFCF|INVNT|INV|DIRPA?|DPABR|P33|FD|NONRES")
_PART = re.compile(r"(CN|MX)\d")
_OUTPUT: Final = ("OUT", "TOTAL", "OUTPUT")


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Columns of a file, one entry a cell of a row.

    Attributes
    ----------
    economy, item
        Who buys (ISO 3166 alpha-3), and for what: the industry's code, or the name of the part of final demand.
    kind
        What the column is.
    release
        Whose codes the industries bear.
    """

    economy: tuple[str, ...]
    item: tuple[str, ...]
    kind: tuple[Kind, ...]
    release: Release

    @property
    def output(self) -> int:
        """Position of gross output, -1 if the file has no such column."""
        return next((k for k, kind in enumerate(self.kind) if kind == "output"), -1)


@dataclass(frozen=True, slots=True, eq=False)
class IoRow:
    """One row: who sells, from which industry, and the cells; economy and industry are empty in rows of cost."""

    kind: RowKind
    economy: str
    industry: str
    cells: Float


Rows = Iterator[Layout | IoRow]
"""First the layout, then the rows."""


def io_rows(path: FilePath) -> Rows:
    """Yield the layout and the rows of an input-output file, whichever of the layouts it has.

    CSV is taken for OECD ICIO, ``.dta`` for WIOD 2016, ``.xlsx`` and ``.xlsb`` for WIOD of either release.

    Raises
    ------
    StudyError
        If the layout is another, or a cell is not a number.
    MissingExtraError
        If openpyxl (.xlsx) or pyxlsb (.xlsb) is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".csv":
        return _icio_rows(path)
    if suffix == ".dta":
        return _stata_rows(path)
    if suffix in (".xlsx", ".xlsb"):
        return _sheet_rows(path)
    message = f"{suffix or 'a file without ending'} is not read. Give ICIO as .csv, WIOD as .dta, .xlsb or .xlsx."
    raise StudyError([Problem("LB448", message, Path(path).name)])


def year_of(path: FilePath, year: int | None) -> int:
    """Return the year given, or the last one in the file's name (``WIOT11_``: 2011)."""
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


def _icio_rows(path: FilePath) -> Rows:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        layout = _icio_layout(header[1:])
        if "industry" not in layout.kind:
            message = "is not an ICIO table: no column like AUS_01T02. Give the original CSV file."
            raise StudyError([Problem("LB440", message, Path(path).name, 1)])
        yield layout
        for line in lines:
            label = line[0].strip() if line else ""
            cells = _numbers(line[1:], len(layout.kind), path, lines.line_num)
            economy, industry, _ = _icio_label(label)
            if economy and industry not in ("TAXSUB", "VA"):
                yield IoRow("industry", economy, industry, cells)
            elif label in _OUTPUT:
                yield IoRow("output", "", label, cells)
            elif label:
                yield IoRow("cost", "", label, cells)


def _icio_layout(names: Sequence[str]) -> Layout:
    found = [_icio_label(name) for name in names]
    return _layout(found, "oecd-icio")


def _layout(columns: Sequence[tuple[str, str, Kind]], release: Release) -> Layout:
    return Layout(
        tuple(economy for economy, _, _ in columns),
        tuple(item for _, item, _ in columns),
        tuple(kind for _, _, kind in columns),
        release,
    )


def _icio_label(label: str) -> tuple[str, str, Kind]:
    """Return economy, item and kind of ``AUS_A01_02``, ``CN1_01T02``, ``AUS_HFCE``, ``HFCE_AUS`` (of 2016), ``OUT``."""
    word = label.strip()
    if word in _OUTPUT:
        return "", word, "output"
    first, _, rest = word.partition("_")
    head, _, last = word.rpartition("_")
    if _FINAL.fullmatch(head) and _COUNTRY.fullmatch(last):
        first, rest = last, head
    if not rest or not _COUNTRY.fullmatch(first):
        return "", word, "other" if word else ""
    part = _PART.fullmatch(first)
    economy = {"CN": "CHN", "MX": "MEX"}[part.group(1)] if part else CODES.get(first, first)
    if not _FINAL.fullmatch(rest):
        return economy, rest, "industry"
    return economy, rest, "stocks" if rest in STOCKS else "final"


def _numbers(cells: Sequence[Any], width: int, path: FilePath, line: int) -> Float:
    try:
        values = np.array([0.0 if cell in ("", None, "NA") else float(cell) for cell in cells])
    except (TypeError, ValueError) as error:
        message = f"{error}. Give the original file."
        raise StudyError([Problem("LB441", message, Path(path).name, line)]) from error
    return values if len(values) == width else np.pad(values[:width], (0, max(0, width - len(values))))


def _sheet_rows(path: FilePath) -> Rows:
    """Yield the rows of a WIOD sheet: four header rows hold codes, names, economies and ``c1``, ``c2`` ..."""
    head: list[Sequence[Any]] = []
    layout: Layout | None = None
    for number, cells in enumerate(_sheet(path), start=1):
        if layout is None:
            head.append(cells)
            if sum(bool(re.fullmatch(r"c\d+", str(cell))) for cell in cells) > 1:
                layout = _wiod_layout(head)
                yield layout
            elif number > 20:
                break
            continue
        row = _wiod_row(cells, layout)
        if row is not None:
            yield row
    if layout is None:
        message = "is not a WIOD table: no row of codes c1, c2 ... Give the original sheet."
        raise StudyError([Problem("LB440", message, Path(path).name)])


def _sheet(path: FilePath) -> Iterator[Sequence[Any]]:
    """Yield the rows of the sheet that holds the table."""
    if Path(path).suffix.lower() == ".xlsb":
        try:
            from pyxlsb import open_workbook
        except ImportError as error:
            message = 'Files .xlsb need pyxlsb. Type: pip install "landbridge[excel]", or take the Stata file.'
            raise MissingExtraError(message) from error
        with open_workbook(str(path)) as binary, binary.get_sheet(_table_sheet(binary.sheets)) as sheet:
            for cells in sheet.rows():
                yield [cell.v for cell in cells]
        return
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError('Excel files need openpyxl. Type: pip install "landbridge[excel]"') from error
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        yield from book[_table_sheet(book.sheetnames)].iter_rows(values_only=True)
    finally:
        book.close()


def _table_sheet(names: Sequence[str]) -> str:
    return next((name for name in names if re.search(r"\d{4}|WIOT", name)), names[0])


def _wiod_row(cells: Sequence[Any], layout: Layout) -> IoRow | None:
    """Return a row of a sheet: code, name, economy and ``r1`` stand in front, wherever the sheet has them."""
    words = [str(cell) if cell is not None else "" for cell in cells[:6]]
    code = next((word for word in words if re.fullmatch(r"r\d+", word)), "")
    if not code:
        return None
    country = next((word for word in words[1:] if _COUNTRY.fullmatch(word)), "")
    values = np.array([cell if isinstance(cell, (int, float)) else 0.0 for cell in cells], np.float64)
    values = np.pad(values[: len(layout.kind)], (0, max(0, len(layout.kind) - len(values))))
    if country not in ("", "TOT"):
        return IoRow("industry", CODES.get(country, country), words[0], values)
    return _foot(words[0] or code, int(code[1:]), layout.release, values)


def _foot(word: str, number: int, release: Release, values: Float) -> IoRow | None:
    """Return a row at the foot of WIOD; None for the total of inputs, which the rows above hold already."""
    costs, output = (range(61, 67), 69) if release == "wiod-2013" else (range(66, 72), 73)
    if word in COST_CODES or number in costs:
        return IoRow("cost", "", word, values)
    return IoRow("output", "", word, values) if word == "GO" or number == output else None


def _wiod_layout(head: Iterable[Sequence[Any]]) -> Layout:
    """Return the layout out of the header: the row of c-codes, the row with most economies, the row of industries."""
    rows = [[str(cell) if cell is not None else "" for cell in row] for row in head]
    width = len(rows[-1])
    rows = [row + [""] * (width - len(row)) for row in rows]
    numbers = [int(code[1:]) if re.fullmatch(r"c\d+", code) else 0 for code in rows[-1]]
    place = max(range(len(rows) - 1), key=lambda r: sum(bool(_COUNTRY.fullmatch(cell)) for cell in rows[r]))
    countries, items = rows[place], rows[max(0, place - 2)]
    last = max(k for k, number in enumerate(numbers) if number)
    columns: list[tuple[str, str, Kind]] = []
    release: Release = "wiod-2013" if max(n for n in numbers[:last] if n) < 50 else "wiod-2016"
    for k, (number, country) in enumerate(zip(numbers, countries, strict=True)):
        if not number:
            columns.append(("", "", ""))
        elif country == "TOT" or not _COUNTRY.fullmatch(country):
            columns.append(("", f"c{number}", "output" if k == last else ""))
        else:
            item, kind = _wiod_column(number, release, items[k])
            columns.append((CODES.get(country, country), item, kind))
    return _layout(columns, release)


def _wiod_column(number: int, release: Release, code: str) -> tuple[str, Kind]:
    """Return item and kind of a column by its number: 35 industries and c37 ... c42, or 56 and c57 ... c61."""
    industries, stocks = (35, 42) if release == "wiod-2013" else (56, 61)
    if number <= industries:
        return code or f"c{number}", "industry"
    return f"c{number}", "stocks" if number == stocks else "final"


def _stata_rows(path: FilePath) -> Rows:
    """Yield the rows of release 2016 as Stata holds it: IndustryCode, Country, RNr, vAUS1 ... vROW61, TOT."""
    import pandas as pd

    with pd.read_stata(path, chunksize=256, convert_categoricals=False) as frames:
        layout: Layout | None = None
        names: list[str] = []
        codes: dict[int, str] = {}
        for frame in frames:
            if layout is None:
                names = [str(name) for name in frame.columns]
                if not {"IndustryCode", "Country", "RNr"} <= set(names):
                    message = "is not a WIOD table: no columns IndustryCode, Country, RNr, vAUS1 ... Give the original."
                    raise StudyError([Problem("LB440", message, Path(path).name)])
                codes = {int(n): str(c) for n, c in zip(frame["RNr"], frame["IndustryCode"], strict=True) if n <= 56}
                layout = _stata_layout(names, codes)
                if "industry" not in layout.kind:
                    message = "is not a WIOD table: no columns vAUS1 ... Give the original file."
                    raise StudyError([Problem("LB440", message, Path(path).name)])
                yield layout
            values = frame.select_dtypes("number").reindex(columns=names).fillna(0.0).to_numpy(np.float64)
            rows = zip(frame["Country"], frame["IndustryCode"], frame["RNr"], values, strict=True)
            for country, industry, number, cells in rows:
                word = CODES.get(str(country), str(country)).upper()
                if word != "TOT":
                    yield IoRow("industry", word, str(industry), cells)
                    continue
                foot = _foot(str(industry), int(number), "wiod-2016", cells)
                if foot is not None:
                    yield foot


def _stata_layout(names: Sequence[str], codes: dict[int, str]) -> Layout:
    columns: list[tuple[str, str, Kind]] = []
    for name in names:
        found = re.fullmatch(r"v([A-Za-z]{3})(\d+)", name)
        if found:
            country, number = found.group(1), int(found.group(2))
            item, kind = _wiod_column(number, "wiod-2016", codes.get(number, ""))
            columns.append((CODES.get(country, country).upper(), item, kind))
        else:
            columns.append(("", name, "output" if name == "TOT" else ""))
    return _layout(columns, "wiod-2016")
