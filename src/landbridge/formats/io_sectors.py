"""Read an inter-country input-output file whole: who uses what from whom, by sectors of a concordance."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int, locked
from landbridge.core.problems import Problem, StudyError
from landbridge.formats.io_layouts import Layout, Release, io_rows, year_of
from landbridge.formats.io_tables import not_adding_up
from landbridge.formats.trade_table import FilePath

SOURCES: Final[Mapping[Release, str]] = {
    "oecd-icio": "OECD Inter-Country Input-Output tables",
    "wiod-2013": "World Input-Output Database, release 2013",
    "wiod-2016": "World Input-Output Database, release 2016",
}
_ROUNDING: Final = 1e-3
_SLACK_MUSD: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class IoSectors:
    """An input-output table of E economies and J sectors, million USD; every array is locked.

    Attributes
    ----------
    inputs
        Shape (E, J, E, J): sector j of economy i sold to sector k of economy n, at ``[i, j, n, k]``.
    final, stocks
        Shape (E, J, E): sold to final demand without and to changes of stocks (may be negative).
    costs
        Shape (E, J): what the file states besides inputs in the cost of a sector (value added, taxes, margins);
        zeros if it states nothing.
    output
        Shape (E, J): gross output as the file states it; the sum of uses if it states none.
    discrepancy
        Sum of what the file books to no economy (ICIO's column DISC), in million USD.
    warnings
        Rows and columns that do not add up.
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    release: Release
    year: int
    inputs: Float
    final: Float
    stocks: Float
    costs: Float
    output: Float
    discrepancy: float = 0.0
    warnings: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        for name in ("inputs", "final", "stocks", "costs", "output"):
            object.__setattr__(self, name, locked(getattr(self, name), np.float64))

    @property
    def source(self) -> str:
        """Name of the publisher's table and its year."""
        return f"{SOURCES[self.release]}, {self.year}"


def shipped_concordance() -> dict[Release, dict[str, str]]:
    """Return the sector of every industry code, by release, as shipped."""
    found: dict[Release, dict[str, str]] = {name: {} for name in SOURCES}
    text = (files("landbridge") / "data" / "sector_concordance.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for release, codes in found.items():
            if row["release"] == release:
                codes[row["code"]] = row["sector"]
    return found


def read_concordance(path: FilePath) -> dict[str, str]:
    """Read a concordance of one's own: a CSV file with the columns ``code`` and ``sector``.

    Raises
    ------
    StudyError
        If a column is missing, a cell is empty or a code stands twice; all at once.
    """
    name = Path(path).name
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"code", "sector"} <= set(rows.fieldnames or ()):
            message = "has no columns code and sector. Give one row for each industry code of the file."
            raise StudyError([Problem("LB450", message, name, 1)])
        found: dict[str, str] = {}
        problems = []
        for number, row in enumerate(rows, start=2):
            code, sector = (row["code"] or "").strip(), (row["sector"] or "").strip()
            if not code or not sector:
                problems.append(Problem("LB450", "a cell is empty. Give a code and a sector.", name, number))
            elif code in found:
                problems.append(Problem("LB450", f"the code {code} stands twice. Keep one.", name, number, "code"))
            found[code] = sector
    if problems:
        raise StudyError(problems)
    return found


def read_io_sectors(
    path: FilePath, concordance: Mapping[str, str] | None = None, *, year: int | None = None
) -> IoSectors:
    """Read OECD ICIO or WIOD, added up to the sectors of a concordance while it is read.

    The economies are the file's (split China and Mexico put together, codes as ISO 3166). Each industry's row is held
    to gross output, and each industry's column: inputs and other costs must add up to it too.

    Parameters
    ----------
    path
        ICIO as ``.csv``; WIOD as ``.dta``, ``.xlsb`` or ``.xlsx``.
    concordance
        Sector by industry code; the shipped one for the file's release if None.
    year
        Of the table; taken from the file's name if None.

    Returns
    -------
    IoSectors
        Sectors that the file has, in the order in which the concordance first names them.

    Raises
    ------
    StudyError
        If the layout is another, or industries of the file stand in no sector: all are named.
    """
    name = Path(path).name
    rows = io_rows(path)
    layout = next(rows)
    if not isinstance(layout, Layout):
        raise TypeError(layout)
    known = shipped_concordance()[layout.release] if concordance is None else dict(concordance)
    kinds = np.array(layout.kind)
    codes = {item for item, kind in zip(layout.item, layout.kind, strict=True) if kind == "industry"}
    _all_known(codes, known, name)
    there = {_sector(code, known) for code in codes}
    sectors = tuple(sector for sector in dict.fromkeys(known.values()) if sector in there)
    economies = tuple(sorted({code for code in layout.economy if code}))
    places = _Places(layout, economies, {code: sectors.index(_sector(code, known)) for code in codes}, len(sectors))
    e, j = len(economies), len(sectors)
    sums = {kind: np.zeros((e, j, size)) for kind, size in (("industry", e * j), ("final", e), ("stocks", e))}
    output, columns, costs = np.zeros((e, j)), np.zeros(len(kinds)), np.zeros(len(kinds))
    stated: Float | None = None
    loose, wrong = 0.0, []
    for row in rows:
        if isinstance(row, Layout):
            continue
        if row.kind == "cost":
            costs += row.cells
        elif row.kind == "output":
            stated = row.cells
        else:
            at = economies.index(row.economy), places.industry(row.industry, name)
            for kind, held in sums.items():
                held[at] += places.sums(kind, row.cells)
            columns += row.cells
            loose += float(row.cells[kinds == "other"].sum())
            used = float(row.cells[np.isin(kinds, ("industry", "final", "stocks", "other"))].sum())
            gross = float(row.cells[layout.output]) if layout.output >= 0 else used
            output[at] += gross
            if abs(used - gross) > max(_ROUNDING * abs(gross), _SLACK_MUSD):
                wrong.append(f"{row.economy} {row.industry} ({used:.6g} and {gross:.6g})")
    warnings = not_adding_up(wrong, "row", name) + not_adding_up(
        _columns_wrong(layout, (columns, costs, stated)), "column", name
    )
    return IoSectors(
        economies,
        sectors,
        layout.release,
        year_of(path, year),
        sums["industry"].reshape(e, j, e, j),
        sums["final"],
        sums["stocks"],
        places.sums("industry", costs).reshape(e, j),
        output,
        loose,
        warnings,
    )


class _Places:
    """Where the cells of a row are added up."""

    def __init__(self, layout: Layout, economies: tuple[str, ...], sector: Mapping[str, int], n_sectors: int) -> None:
        self._sector = dict(sector)
        self._at: dict[str, tuple[Int, Int, int]] = {}
        for kind in ("industry", "final", "stocks"):
            cells = [k for k, name in enumerate(layout.kind) if name == kind]
            to = [economies.index(layout.economy[k]) for k in cells]
            if kind == "industry":
                to = [place * n_sectors + sector[layout.item[k]] for place, k in zip(to, cells, strict=True)]
            size = len(economies) * (n_sectors if kind == "industry" else 1)
            self._at[kind] = np.array(cells, np.int64), np.array(to, np.int64), size

    def sums(self, kind: str, cells: Float) -> Float:
        """Return the cells of a kind added up by buyer (and buying sector)."""
        at, to, size = self._at[kind]
        return np.bincount(to, weights=cells[at], minlength=size).astype(np.float64)

    def industry(self, code: str, file: str) -> int:
        """Return the position of an industry's sector."""
        if code not in self._sector:
            message = f"industry {code} sells and has no column of purchases. Give the original file."
            raise StudyError([Problem("LB451", message, file)])
        return self._sector[code]


def _sector(code: str, known: Mapping[str, str]) -> str:
    """Return the sector of a code, or of the code without the letters that ICIO 2016 puts behind (C45CON); or ''."""
    return known.get(code) or known.get(re.sub(r"(?<=\d)[A-Z]+$", "", code), "")


def _all_known(codes: set[str], known: Mapping[str, str], file: str) -> None:
    missing = sorted(code for code in codes if not _sector(code, known))
    if missing:
        message = (
            f"industries {', '.join(missing[:20])}{' ...' if len(missing) > 20 else ''} stand in no sector. "
            "Give a concordance (CSV with code, sector) that names them."
        )
        raise StudyError([Problem("LB451", message, file)])


def _columns_wrong(layout: Layout, held: tuple[Float, Float, Float | None]) -> list[str]:
    """Return the industries whose inputs and other costs do not add up to their gross output."""
    inputs, costs, stated = held
    if stated is None or not costs.any():
        return []
    found = inputs + costs
    wrong = np.abs(found - stated) > np.maximum(_ROUNDING * np.abs(stated), _SLACK_MUSD)
    return [
        f"{layout.economy[k]} {layout.item[k]} ({found[k]:.6g} and {stated[k]:.6g})"
        for k in np.flatnonzero(wrong).tolist()
        if layout.kind[k] == "industry"
    ]
