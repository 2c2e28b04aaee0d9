"""Read the International Trade and Production Database for Estimation (USITC): trade with domestic sales."""

from pathlib import Path
from typing import Any, Literal

from landbridge.core.problems import Problem
from landbridge.formats.trade_table import FilePath, TradeTable, batches, header_of, numbers, sum_by, trade_table

Sectors = Literal["industry_id", "broad_sector", "all"]


def read_itpde(path: FilePath, *, sectors: Sectors = "broad_sector") -> TradeTable:
    """Read ``ITPD_E_R*.csv``: exporter_iso3, importer_iso3, year, industry_id, broad_sector, trade (million USD).

    Rows with exporter = importer are domestic sales. ``sectors`` says what is added up: 170 industries, four broad
    sectors, or all.

    Raises
    ------
    StudyError
        If the file has another layout.
    """
    import pyarrow as pa
    from pyarrow import compute

    wanted = ["exporter_iso3", "importer_iso3", "year", "trade", *([sectors] if sectors != "all" else [])]
    names = header_of(path, wanted, "an ITPD-E file")
    empty = 0

    def keys(chunk: dict[str, Any]) -> dict[str, Any]:
        nonlocal empty
        value = numbers(chunk["trade"], "trade", path)
        empty += value.null_count
        ends = {name: compute.utf8_trim_whitespace(chunk[name]) for name in ("exporter_iso3", "importer_iso3", "year")}
        sector = chunk[sectors] if sectors != "all" else pa.array(["all"] * len(value))
        return {**ends, "sector": sector, "value": compute.fill_null(value, 0.0)}

    found, total = sum_by(batches(path, names, wanted), keys)
    message = f"{empty} rows hold no trade; they count as 0."
    warnings = [Problem("LB445", message, Path(path).name, severity="warning")] if empty else []
    columns = {
        "exporter": found.get("exporter_iso3", []),
        "importer": found.get("importer_iso3", []),
        "year": [int(year) for year in found.get("year", [])],
        "sector": found.get("sector", []),
        "value_musd": found["value"],
    }
    return trade_table(columns, source="USITC ITPD-E", file_total_musd=total, warnings=warnings)
