"""Trade in one table form, whatever file it came from, and the reading of large CSV files in chunks."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.core.arrays import Float, positions
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table

FilePath = str | PathLike[str]


@dataclass(frozen=True, slots=True, eq=False)
class TradeTable:
    """Trade by exporter, importer, year and sector.

    Attributes
    ----------
    rows
        Columns ``exporter``, ``importer`` (ISO 3166 alpha-3, or the file's own code where it has none), ``year``,
        ``sector``, ``value_musd`` (million USD of the year), ``source``.
    file_total_musd
        Sum of everything in the file that the rows stand for; the rows add up to it but for what `warnings` name.
    """

    rows: Table
    file_total_musd: float
    warnings: tuple[Problem, ...] = ()

    def flows(self, economies: Sequence[str], *, year: int | None = None, sector: str | None = None) -> Float:
        """Return flows exporter by importer, million USD, shape (N, N); None sums over years or sectors."""
        keep = np.ones(len(self.rows), dtype=bool)
        if year is not None:
            keep &= self.rows.integer("year") == year
        if sector is not None:
            keep &= np.array(self.rows.text("sector"), dtype=object) == sector
        rows = positions(self.rows.text("exporter"), economies)
        columns = positions(self.rows.text("importer"), economies)
        keep &= (rows >= 0) & (columns >= 0)
        flows = np.zeros((len(economies), len(economies)))
        np.add.at(flows, (rows[keep], columns[keep]), self.rows.number("value_musd")[keep])
        return flows


def trade_table(
    columns: Mapping[str, Any], *, source: str, file_total_musd: float, warnings: Sequence[Problem] = ()
) -> TradeTable:
    """Return a table sorted by year, exporter, importer and sector; its sum is checked against the file's.

    Raises
    ------
    StudyError
        If the rows do not add up to the file's total to one part in a million.
    """
    texts = {name: np.array([str(word) for word in columns[name]], dtype=object) for name in ("exporter", "importer")}
    texts["sector"] = np.array([str(word) for word in columns["sector"]], dtype=object)
    year = np.asarray(columns["year"], np.int64)
    value = np.asarray(columns["value_musd"], np.float64)
    missed = abs(float(value.sum()) - file_total_musd)
    if missed > 1e-6 * max(abs(file_total_musd), 1e-9):
        message = f"the rows add up to {value.sum():.6g} million USD, the file to {file_total_musd:.6g}."
        raise StudyError([Problem("LB442", f"{message} The file may be cut short: download it again.", source)])
    order = np.lexsort((texts["sector"], texts["importer"], texts["exporter"], year))
    rows = {
        "exporter": texts["exporter"][order],
        "importer": texts["importer"][order],
        "year": year[order],
        "sector": texts["sector"][order],
        "value_musd": value[order],
        "source": np.full(len(order), source, dtype=object),
    }
    return TradeTable(Table("trade", rows), file_total_musd, tuple(warnings))


def header_of(path: FilePath, wanted: Sequence[str], what: str) -> list[str]:
    """Return a CSV file's column names; refuse it if some of those wanted are missing.

    Raises
    ------
    StudyError
        With the columns that are missing and those that are there.
    """
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        names = [name.strip() for name in next(csv.reader(file), [])]
    missing = [name for name in wanted if name not in names]
    if missing:
        found = ", ".join(names[:12]) or "nothing"
        message = f"is not {what}: no column {', '.join(missing)}. Its header holds {found}. Give the original file."
        raise StudyError([Problem("LB440", message, Path(path).name, 1)])
    return names


def batches(path: FilePath, names: Sequence[str], wanted: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the wanted columns of a CSV file in chunks of some megabytes, as pyarrow arrays of text.

    Rows that are one empty cell longer than the header (as UN Comtrade's are) are read all the same; text that is
    not UTF-8 is read as Latin-1.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = csv.reader(file)
        next(lines, None)
        first = next(lines, list(names))
    columns = [*names, *(f"_empty_{k}" for k in range(len(first) - len(names)))]
    convert = arrow.ConvertOptions(
        include_columns=list(wanted), column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
    )
    read = arrow.ReadOptions(column_names=columns, skip_rows=1, block_size=1 << 24, encoding=_encoding(path))
    try:
        stream = arrow.open_csv(
            path, read_options=read, convert_options=convert, parse_options=arrow.ParseOptions(newlines_in_values=True)
        )
        for batch in stream:
            yield {name: batch.column(name) for name in wanted}
    except pa.ArrowInvalid as error:
        message = f"cannot be read: {error}. Download it again."
        raise StudyError([Problem("LB441", message, Path(path).name)]) from error


def _encoding(path: FilePath) -> str:
    """Tell whether a file is UTF-8, looking at all of it in pieces."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    with Path(path).open("rb") as file:
        try:
            while piece := file.read(1 << 24):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin1"
    return "utf8"


def numbers(column: Any, name: str, path: FilePath) -> Any:  # noqa: ANN401 - pyarrow arrays
    """Return a text column as numbers; blanks around them are allowed, an empty cell is null.

    Raises
    ------
    StudyError
        If a cell is not a number.
    """
    import pyarrow as pa
    from pyarrow import compute

    trimmed = compute.utf8_trim_whitespace(column)
    empty = compute.is_in(trimmed, value_set=pa.array(["", "NA", "N/A", "nan"]))
    try:
        return compute.cast(compute.if_else(empty, None, trimmed), pa.float64())
    except pa.ArrowInvalid as error:
        message = f"holds what is not a number: {error}. Give the original file."
        raise StudyError([Problem("LB441", message, Path(path).name, 0, name)]) from error


def sum_by(
    chunks: Iterator[dict[str, Any]], keys: Callable[[dict[str, Any]], Mapping[str, Any] | None]
) -> tuple[dict[str, list[Any]], float]:
    """Add a file's values up by keys, chunk by chunk, so that only sums are kept.

    Parameters
    ----------
    chunks
        From `batches`.
    keys
        Makes key columns and the column ``value`` out of a chunk.

    Returns
    -------
    tuple
        Columns of keys and of ``value``, and the sum of all values.
    """
    import pyarrow as pa
    from pyarrow import compute

    parts, total, names = [], 0.0, []
    for chunk in chunks:
        columns = keys(chunk)
        if columns is None:
            continue
        names = [name for name in columns if name != "value"]
        table = pa.table(dict(columns))
        total += compute.sum(table["value"]).as_py() or 0.0
        parts.append(table.group_by(names).aggregate([("value", "sum")]).rename_columns([*names, "value"]))
    if not parts:
        return {"value": []}, 0.0
    found = pa.concat_tables(parts).group_by(names).aggregate([("value", "sum")]).rename_columns([*names, "value"])
    return {name: found[name].to_pylist() for name in [*names, "value"]}, total


def read_csv_columns(path: FilePath, columns: Sequence[str], *, texts: Sequence[str] = ()) -> dict[str, Any]:
    """Return columns of any CSV file: those in `texts` as words, the others as numbers; shape (n,) each.

    Raises
    ------
    StudyError
        If a column is missing, or a number is not one.
    """
    names = header_of(path, columns, "a table with the columns asked for")
    parts: dict[str, list[Any]] = {name: [] for name in columns}
    for chunk in batches(path, names, columns):
        for name in columns:
            cells = chunk[name] if name in texts else numbers(chunk[name], name, path)
            parts[name].append(cells.to_numpy(zero_copy_only=False))
    return {name: np.concatenate(cells) if cells else np.zeros(0) for name, cells in parts.items()}
