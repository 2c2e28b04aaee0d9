"""Read places from files that users have: UN/LOCODE and the World Port Index."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.formats.trade_table import FilePath

_COORDINATES = re.compile(r"(\d{2})(\d{2})([NS])\s*(\d{3})(\d{2})([EW])")
_FUNCTIONS: Final = {"1": "port", "2": "rail", "3": "road", "4": "airport", "6": "dry port", "B": "border crossing"}


def read_unlocode(paths: FilePath | Sequence[FilePath]) -> Table:
    """Read the UN/LOCODE code list, one file or its parts (``2024-1 UNLOCODE CodeListPart1.csv``).

    The parts have no header: change, country, location, name, name without diacritics, subdivision, function, status,
    date, IATA, coordinates (``5130N 00007W``), remarks. Files with a header, as redistributors give them, are read
    too. Rows of a country's own name, and rows marked ``X`` (to be removed), are left out.

    Returns
    -------
    Table
        ``code`` (five letters), ``name``, ``country``, ``latitude_deg``, ``longitude_deg`` (nan where not given), and
        ``functions``: port, rail, road, airport, dry port, border crossing, joined by +.

    Raises
    ------
    StudyError
        If a file has another layout.
    """
    several = [paths] if isinstance(paths, str) or not isinstance(paths, Sequence) else paths
    rows: list[tuple[Any, ...]] = []
    for path in several:
        for number, cells in _lines(path):
            if number == 1 and "Country" in cells:
                continue
            if len(cells) < 11:
                message = f"is not a UN/LOCODE list: {len(cells)} columns, not 11 or 12. Give the CSV files."
                raise StudyError([Problem("LB450", message, Path(path).name, number)])
            country, place = cells[1].strip(), cells[2].strip()
            if not place or cells[0].strip() == "X":
                continue
            functions = [word for sign, word in _FUNCTIONS.items() if sign in cells[6]]
            rows.append((country + place, cells[4].strip(), country, *_degrees(cells[10]), "+".join(functions)))
    names = ("code", "name", "country", "latitude_deg", "longitude_deg", "functions")
    return _table("unlocode", names, rows)


def read_world_port_index(path: FilePath) -> Table:
    """Read the World Port Index as the US National Geospatial-Intelligence Agency publishes it (``UpdatedPub150.csv``).

    Returns
    -------
    Table
        ``number``, ``name``, ``code`` (UN/LOCODE, empty where not given), ``country``, ``latitude_deg``,
        ``longitude_deg``, ``harbour_size``, ``rail`` (whether railway is there, empty where not said).

    Raises
    ------
    StudyError
        If columns are missing or coordinates are no places on Earth.
    """
    wanted = {
        "number": "World Port Index Number",
        "name": "Main Port Name",
        "code": "UN/LOCODE",
        "country": "Country Code",
        "latitude_deg": "Latitude",
        "longitude_deg": "Longitude",
        "harbour_size": "Harbor Size",
        "rail": "Railway",
    }
    lines = _lines(path)
    _, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    missing = [wanted[name] for name in ("name", "latitude_deg", "longitude_deg") if wanted[name] not in header]
    if missing:
        message = f"is not the World Port Index: no column {', '.join(missing)}. Give UpdatedPub150.csv."
        raise StudyError([Problem("LB450", message, Path(path).name, 1)])
    at = {name: header.index(column) if column in header else -1 for name, column in wanted.items()}
    rows, problems = [], []
    for number, cells in lines:
        row: list[Any] = [cells[k].strip() if 0 <= k < len(cells) else "" for k in at.values()]
        row[2] = row[2].replace(" ", "")
        try:
            row[4], row[5] = float(row[4]), float(row[5])
        except ValueError:
            row[4] = row[5] = float("nan")
        if not (abs(row[4]) <= 90.0 and abs(row[5]) <= 180.0):
            message = f"{row[1]}: its latitude and longitude are no place on Earth. Correct the row or take it away."
            problems.append(Problem("LB451", message, Path(path).name, number))
        rows.append(tuple(row))
    if problems:
        raise StudyError(problems)
    return _table("world_port_index", tuple(wanted), rows)


def _lines(path: FilePath) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with their line; text that is not UTF-8 is read as Latin-1, as older lists are."""
    raw = Path(path).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    lines = csv.reader(text.splitlines())
    for cells in lines:
        if cells:
            yield lines.line_num, cells


def _degrees(text: str) -> tuple[float, float]:
    """Return latitude and longitude of ``5130N 00007W`` in degrees; nan where there is none."""
    found = _COORDINATES.search(text)
    if not found:
        return float("nan"), float("nan")
    south, west = found.group(3) == "S", found.group(6) == "W"
    latitude = int(found.group(1)) + int(found.group(2)) / 60.0
    longitude = int(found.group(4)) + int(found.group(5)) / 60.0
    return (-latitude if south else latitude), (-longitude if west else longitude)


def _table(name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    made: dict[str, Any] = {}
    for k, column in enumerate(columns):
        kind = np.float64 if column.endswith("_deg") else object
        made[column] = np.array([row[k] for row in rows], dtype=kind)
    return Table(name, made)
