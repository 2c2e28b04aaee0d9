"""A table file as rows of text cells with the line on which each row starts."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbridge.core.problems import Problem
from landbridge.study.suggest import shown

SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What other programs put between cells instead of a comma."""

MAX_CELLS: Final = 5_000_000
"""A Parquet file with more cells than this is refused before it is unpacked."""

MOST_SHAPE_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Cells:
    """The header and the rows of a table file; every row has as many cells as the header.

    Attributes
    ----------
    lines
        For each row the line of the file as an editor counts it (the header is line 1).
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    lines: tuple[int, ...]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, outer blanks taken off."""
        at = self.header.index(name)
        return [row[at].strip() for row in self.rows]


def csv_cells(text: str, file: str, known: Sequence[str]) -> tuple[Cells | None, list[Problem]]:
    """Return the cells of a CSV text; `known` names of columns tell which separator it uses."""
    problems: list[Problem] = []
    if not text.strip():
        message = f"is empty. Give at least the header: {', '.join(known)}."
        return None, [Problem("LB106", message, file)]
    separator = _separator(text, known)
    if separator != ",":
        message = f"is separated by {SEPARATORS[separator]}; it was read so. Save it with commas and decimal points."
        problems.append(Problem("LB109", message, file, severity="warning"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: tuple[str, ...] = ()
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    odd = 0
    start = 1
    try:
        for row in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = tuple(cell.strip() for cell in row)
            elif len(row) != len(header):
                odd += 1
                if odd <= MOST_SHAPE_PROBLEMS:
                    problems.append(_odd_row(row, header, file, line))
            else:
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        message = f"is not CSV from here on: {error}. Check the quotation marks of this row."
        problems.append(Problem("LB107", message, file, start))
        return None, problems
    if odd > MOST_SHAPE_PROBLEMS:
        message = f"{odd - MOST_SHAPE_PROBLEMS} more rows have another number of cells than the header."
        problems.append(Problem("LB204", message, file))
    return Cells(file, header, tuple(rows), tuple(lines)), problems


def parquet_cells(content: bytes, file: str) -> tuple[Cells | None, list[Problem]]:
    """Return the cells of a Parquet file as the text that a CSV file would hold; rows count from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not content:
        return None, [Problem("LB106", "is empty. Save the table again, or take the file away.", file)]
    try:
        source = pq.ParquetFile(pa.BufferReader(content))
        size = source.metadata.num_rows * source.metadata.num_columns
        if size > MAX_CELLS:
            message = f"holds {size:,} cells; the limit is {MAX_CELLS:,}. Keep the rows that the study needs."
            return None, [Problem("LB104", message, file)]
        table = source.read()
        columns = [[_as_text(value) for value in column.to_pylist()] for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, NotImplementedError, OverflowError) as error:
        reason = (str(error).splitlines() or ["damaged"])[0]
        return None, [Problem("LB107", f"is not a Parquet file that can be read: {reason}. Save it again.", file)]
    rows = tuple(zip(*columns, strict=True))
    return Cells(file, tuple(table.column_names), rows, tuple(range(1, len(rows) + 1))), []


def _as_text(value: object) -> str:
    """Return a Parquet value as a CSV cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "+".join(_as_text(item) for item in value)
    return value if isinstance(value, str) else str(value)


def _separator(text: str, known: Sequence[str]) -> str:
    """Return the separator whose split of the first line gives most known columns; a comma in doubt."""
    first = next(line for line in text.splitlines() if line.strip())
    names = set(known)

    def found(separator: str) -> int:
        return len(names & {cell.strip().strip('"') for cell in first.split(separator)})

    best = max(SEPARATORS, key=found)
    return best if found(best) > found(",") else ","


def _odd_row(row: Sequence[str], header: Sequence[str], file: str, line: int) -> Problem:
    more = len(row) > len(header)
    remedy = "Put quotation marks around a text that holds a comma." if more else "Give every cell, empty ones too."
    extra = f" (first cell {shown(row[0])})" if row[0] else ""
    return Problem("LB204", f"the row has {len(row)} cells, the header {len(header)}{extra}. {remedy}", file, line)
