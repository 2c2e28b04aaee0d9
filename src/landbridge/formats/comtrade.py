"""Read CSV files of UN Comtrade, of the present site and of the one before 2023."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from landbridge.core.problems import Problem, StudyError
from landbridge.formats.baci import OWN_CODES
from landbridge.formats.trade_table import FilePath, TradeTable, batches, header_of, numbers, sum_by, trade_table

Prefer = Literal["importer", "exporter"]

_NEW: Final = {
    "reporter": "reporterISO",
    "partner": "partnerISO",
    "flow": "flowCode",
    "year": "refYear",
    "product": "cmdCode",
    "value": "primaryValue",
}
_OLD: Final = {
    "reporter": "Reporter ISO",
    "partner": "Partner ISO",
    "flow": "Trade Flow",
    "year": "Year",
    "product": "Commodity Code",
    "value": "Trade Value (US$)",
}
_DETAIL: Final = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
"""Columns that split a flow further, with the code that stands for all of it; other rows would count twice."""
_IMPORT: Final = {"M": "import", "Import": "import", "Imports": "import", "X": "export", "Export": "export"}
_WORLD: Final = ("W00", "WLD")
_TOLERANCE: Final = 0.01


def read_comtrade(path: FilePath, *, prefer: Prefer = "importer") -> TradeTable:
    """Read a CSV download of UN Comtrade.

    Both sides may report a flow. The side preferred counts, the other fills what it leaves out; ``source`` says
    which. Imports are valued with cost, insurance and freight, exports without. Re-exports and re-imports are left
    out, and rows that split a flow by second partner, customs procedure or mode of transport.

    Raises
    ------
    StudyError
        If the file has another layout, or nothing in it is an import or export.
    """
    names = header_of(path, (), "a CSV file")
    layout = _NEW if "primaryValue" in names else _OLD
    header_of(path, tuple(layout.values()), "a UN Comtrade file")
    detail = {name: code for name, code in _DETAIL.items() if name in names}
    reports = _reports(path, names, layout, detail)
    sides = {"import": _pairs(reports, "import"), "export": _pairs(reports, "export")}
    if not sides["import"] and not sides["export"]:
        message = "holds neither imports nor exports of single partners. Ask for flows M or X and all partners."
        raise StudyError([Problem("LB446", message, Path(path).name)])
    first, second = ("import", "export") if prefer == "importer" else ("export", "import")
    chosen = {**sides[second], **sides[first]}
    keys = list(chosen)
    columns = {name: [key[k] for key in keys] for k, name in enumerate(("exporter", "importer", "year", "sector"))} | {
        "value_musd": list(chosen.values())
    }
    words = {
        side: f"UN Comtrade, {side}s as reported by the {'importer' if side == 'import' else 'exporter'}"
        for side in sides
    }
    table = trade_table(
        columns,
        source="UN Comtrade",
        file_total_musd=sum(chosen.values()),
        warnings=_against_world(reports, Path(path).name),
    )
    source = [
        words[first] if key in sides[first] else words[second]
        for key in zip(*(table.rows.columns[name].tolist() for name in list(columns)[:4]), strict=True)
    ]
    return _with_source(table, source)


def _with_source(table: TradeTable, source: list[str]) -> TradeTable:
    import numpy as np

    from landbridge.core.tables import Table

    columns = {**table.rows.columns, "source": np.array(source, dtype=object)}
    return TradeTable(Table("trade", columns), table.file_total_musd, table.warnings)


Reports = dict[tuple[str, str, str, int, str], float]
"""Million USD by flow, reporter, partner, year and product."""


def _reports(path: FilePath, names: list[str], layout: Mapping[str, str], detail: Mapping[str, str]) -> Reports:
    import pyarrow as pa
    from pyarrow import compute

    def keys(chunk: dict[str, Any]) -> dict[str, Any]:
        value = compute.fill_null(numbers(chunk[layout["value"]], layout["value"], path), 0.0)
        keep = pa.array([True] * len(value))
        for name, code in detail.items():
            cells = compute.utf8_trim_whitespace(chunk[name])
            keep = compute.and_(keep, compute.is_in(cells, value_set=pa.array([code, ""])))
        columns = {
            name: compute.utf8_trim_whitespace(chunk[column]) for name, column in layout.items() if name != "value"
        }
        table = pa.table({**columns, "value": value}).filter(keep)
        return {name: table[name] for name in table.column_names}

    wanted = (*layout.values(), *detail)
    found, _ = sum_by(batches(path, names, wanted), keys)
    rows = zip(*(found.get(name, []) for name in ("flow", "reporter", "partner", "year", "product")), strict=True)
    reports: Reports = {}
    for (flow, reporter, partner, year, product), value in zip(rows, found["value"], strict=True):
        if flow in _IMPORT:
            ends = OWN_CODES.get(reporter, reporter), OWN_CODES.get(partner, partner)
            key = (_IMPORT[flow], *ends, int(year), product)
            reports[key] = reports.get(key, 0.0) + value / 1e6
    return reports


def _pairs(reports: Reports, flow: str) -> dict[tuple[str, str, int, str], float]:
    """Return one side's reports by exporter, importer, year and product, without the world as partner."""
    return {
        ((partner, reporter) if flow == "import" else (reporter, partner)) + (year, product): value
        for (side, reporter, partner, year, product), value in reports.items()
        if side == flow and partner not in _WORLD and partner
    }


def _against_world(reports: Reports, file: str) -> list[Problem]:
    """Return a warning for each reporter whose partners do not add up to its own world total."""
    world: dict[tuple[str, str, int, str], float] = {}
    parts: dict[tuple[str, str, int, str], float] = {}
    for (flow, reporter, partner, year, product), value in reports.items():
        into = world if partner in _WORLD else parts
        key = (flow, reporter, year, product)
        into[key] = into.get(key, 0.0) + value
    return [
        Problem(
            "LB447",
            f"{key[0]}s of {key[1]} {key[2]}, product {key[3]}: partners add up to {parts[key]:.6g} million USD, "
            f"the world total is {total:.6g}. Partners may be missing from the download.",
            file,
            severity="warning",
        )
        for key, total in world.items()
        if key in parts and abs(parts[key] - total) > _TOLERANCE * total
    ]
