"""Read trade from a plain Excel sheet: one row a flow, or a matrix of exporters by importers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from landbridge.core.problems import MissingExtraError, Problem, StudyError
from landbridge.formats.trade_table import FilePath, TradeTable, trade_table

Unit = Literal["musd", "thousand_usd", "usd"]
_TO_MUSD: Final = {"musd": 1.0, "thousand_usd": 1e-3, "usd": 1e-6}
_LONG: Final = ("exporter", "importer", "value")


def read_trade_excel(
    path: FilePath, *, year: int, sheet: str | None = None, unit: Unit = "musd", sector: str = "all"
) -> TradeTable:
    """Read one sheet of an .xlsx file.

    One row a flow: columns ``exporter``, ``importer``, ``value`` and, if wanted, ``year`` and ``sector`` (which stand
    before the arguments). A matrix: importers in the first row, exporters in the first column. A last row or column
    named ``total`` is held against the sum and left out.

    Raises
    ------
    StudyError
        With every cell that is not a number, and every total that is not the sum.
    MissingExtraError
        If openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError('Excel files need openpyxl. Type: pip install "landbridge[excel]"') from error
    book = load_workbook(path, read_only=True, data_only=True)
    if sheet is not None and sheet not in book.sheetnames:
        message = f"has no sheet {sheet!r}. Its sheets are {', '.join(book.sheetnames)}."
        raise StudyError([Problem("LB440", message, Path(path).name)])
    cells = [list(row) for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)]
    book.close()
    cells = [row for row in cells if any(cell is not None for cell in row)]
    if not cells:
        raise StudyError([Problem("LB440", "the sheet is empty. Name another.", Path(path).name)])
    header = [_word(cell).lower() for cell in cells[0]]
    problems: list[Problem] = []
    if set(_LONG) <= set(header):
        columns = _long(cells[1:], header, (year, sector), Path(path).name, problems)
    else:
        columns = _matrix(cells, (year, sector), Path(path).name, problems)
    if problems:
        raise StudyError(problems)
    columns["value_musd"] = [value * _TO_MUSD[unit] for value in columns["value_musd"]]
    return trade_table(columns, source=Path(path).name, file_total_musd=sum(columns["value_musd"]))


def _long(
    rows: Sequence[Sequence[Any]], header: Sequence[str], default: tuple[int, str], file: str, problems: list[Problem]
) -> dict[str, list[Any]]:
    at = {name: header.index(name) for name in (*_LONG, "year", "sector") if name in header}
    columns: dict[str, list[Any]] = {"exporter": [], "importer": [], "year": [], "sector": [], "value_musd": []}
    for number, row in enumerate(rows, start=2):
        columns["exporter"].append(_word(row[at["exporter"]]))
        columns["importer"].append(_word(row[at["importer"]]))
        columns["year"].append(int(row[at["year"]]) if "year" in at else default[0])
        columns["sector"].append(_word(row[at["sector"]]) if "sector" in at else default[1])
        columns["value_musd"].append(_number(row[at["value"]], file, number, "value", problems))
    return columns


def _matrix(
    cells: Sequence[Sequence[Any]], default: tuple[int, str], file: str, problems: list[Problem]
) -> dict[str, list[Any]]:
    names = [_word(cell) for cell in cells[0]]
    columns: dict[str, list[Any]] = {"exporter": [], "importer": [], "year": [], "sector": [], "value_musd": []}
    sums = dict.fromkeys(names[1:], 0.0)
    for number, row in enumerate(cells[1:], start=2):
        exporter = _word(row[0])
        values = {
            name: _number(cell, file, number, name, problems) for name, cell in zip(names[1:], row[1:], strict=False)
        }
        own = {name: value for name, value in values.items() if name.lower() != "total"}
        if exporter.lower() == "total":
            problems += [_not_sum(file, number, name, value, sums[name]) for name, value in own.items()
                         if abs(value - sums[name]) > 1e-6 * max(abs(value), 1.0)]  # fmt: skip
            continue
        total = next((value for name, value in values.items() if name.lower() == "total"), sum(own.values()))
        if abs(total - sum(own.values())) > 1e-6 * max(abs(total), 1.0):
            problems.append(_not_sum(file, number, "total", total, sum(own.values())))
        for name, value in own.items():
            sums[name] += value
            for column, cell in zip(columns, (exporter, name, *default, value), strict=True):
                columns[column].append(cell)
    return columns


def _not_sum(file: str, row: int, column: str, total: float, found: float) -> Problem:
    return Problem("LB442", f"the total is {total:g}, its parts add up to {found:g}. Correct one.", file, row, column)


def _word(cell: Any) -> str:  # noqa: ANN401 - a cell
    return "" if cell is None else str(cell).strip()


def _number(cell: Any, file: str, row: int, column: str, problems: list[Problem]) -> float:  # noqa: ANN401
    if cell is None:
        return 0.0
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    problems.append(Problem("LB441", f"{cell!r} is not a number. Give a number.", file, row, column))
    return 0.0
