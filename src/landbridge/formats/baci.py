"""Read CEPII's BACI: bilateral trade in goods by product of the Harmonized System."""

import csv
from pathlib import Path
from typing import Any, Final

from landbridge.core.problems import Problem, StudyError
from landbridge.formats.trade_table import FilePath, TradeTable, batches, header_of, numbers, sum_by, trade_table

OWN_CODES: Final = {"S19": "TWN", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "SCG": "SCG"}
"""ISO 3166 codes where a file's differ: BACI writes Taiwan as S19 (Comtrade's 'Other Asia, not elsewhere
specified', of which it is nearly all)."""


def read_baci(trade: FilePath, countries: FilePath, *, digits: int = 2) -> TradeTable:
    """Read one year of BACI, ``BACI_HSrr_Yyyyy_Vvvvvvv.csv``, with its ``country_codes_Vvvvvvv.csv``.

    Columns ``t, i, j, k, v, q``: year, exporter, importer, product, value in thousand USD, tonnes (not read).

    Parameters
    ----------
    trade, countries
        The two files, as they come out of the archive.
    digits
        Products are added up by the first digits of their code: 2 chapters, 4 headings, 6 products, 0 all goods
        (sector ``all``). Zeros in front are kept.

    Raises
    ------
    StudyError
        If a file has another layout, or a country of the trade file is not in the codes.
    """
    import pyarrow as pa
    from pyarrow import compute

    names = header_of(trade, ("t", "i", "j", "k", "v"), "a BACI file")
    codes = _countries(countries)

    def keys(chunk: dict[str, Any]) -> dict[str, Any]:
        n = len(chunk["t"])
        product = compute.utf8_lpad(compute.utf8_trim_whitespace(chunk["k"]), width=6, padding="0")
        sector = compute.utf8_slice_codeunits(product, 0, digits) if digits else pa.array(["all"] * n)
        ends = {name: compute.utf8_trim_whitespace(chunk[name]) for name in ("t", "i", "j")}
        return {**ends, "sector": sector, "value": compute.fill_null(numbers(chunk["v"], "v", trade), 0.0)}

    found, total = sum_by(batches(trade, names, ("t", "i", "j", "k", "v")), keys)
    unknown = sorted({code for side in ("i", "j") for code in found.get(side, []) if code not in codes})
    if unknown:
        message = (
            f"has countries {', '.join(unknown[:10])} that {Path(countries).name} lacks. Give both of one version."
        )
        raise StudyError([Problem("LB443", message, Path(trade).name)])
    own = sorted({codes[c] for side in ("i", "j") for c in found.get(side, []) if not _is_iso3(codes[c])})
    warnings = [
        Problem(
            "LB444",
            f"{', '.join(own)}: no ISO 3166 code; the file's own is kept.",
            Path(trade).name,
            severity="warning",
        )
    ]
    columns = {
        "exporter": [codes[code] for code in found.get("i", [])],
        "importer": [codes[code] for code in found.get("j", [])],
        "year": [int(year) for year in found.get("t", [])],
        "sector": found.get("sector", []),
        "value_musd": [value / 1e3 for value in found["value"]],
    }
    return trade_table(columns, source="CEPII BACI", file_total_musd=total / 1e3, warnings=warnings if own else ())


def _countries(path: FilePath) -> dict[str, str]:
    """Return codes by BACI's number; both layouts of the file are known (before and from 2023)."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        header = rows.fieldnames or []
        iso = next((name for name in ("country_iso3", "iso_3digit_alpha", "iso3") if name in header), None)
        number = next((name for name in ("country_code", "i") if name in header), None)
        if iso is None or number is None:
            message = f"is not BACI's list of countries: its header holds {', '.join(header)}."
            raise StudyError([Problem("LB440", f"{message} Give country_codes_V*.csv.", Path(path).name, 1)])
        return {row[number].strip(): OWN_CODES.get(row[iso].strip(), row[iso].strip()) or row[number] for row in rows}


def _is_iso3(code: str) -> bool:
    return len(code) == 3 and code.isalpha()
