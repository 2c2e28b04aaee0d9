"""Places by name, port code or coordinates: the shipped gazetteer."""

import difflib
import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, StudyError
from landbridge.network.geometry import great_circle_km
from landbridge.network.prices import DATA

PlaceKind = Literal["city", "port", "station", "crossing", "point"]
_AS_PEOPLE: Final = {"city": 0, "station": 80_000, "port": 40_000, "crossing": 10_000, "point": 0}
"""What a place without inhabitants weighs against cities of the same name."""
_POINT: Final = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*[,;]\s*([+-]?\d+(?:\.\d+)?)\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map.

    Attributes
    ----------
    name
        Name in the gazetteer; of a point its coordinates.
    kind
        ``city`` (GeoNames, over 100,000 people; over 20,000 in the region of the flagship study), ``port``,
        ``station``, ``crossing`` or ``point``.
    code
        UN/LOCODE of a port; else empty.
    country
        ISO 3166-1 alpha-2 code; of a point that of the nearest place.
    latitude_deg, longitude_deg
        Degrees north and east.
    people
        Inhabitants of a city; else 0.
    """

    name: str
    kind: PlaceKind
    code: str
    country: str
    latitude_deg: float
    longitude_deg: float
    people: int


def folded(text: str) -> str:
    """Return the text in lower case without accents, apostrophes and hyphens, for comparison."""
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in parts if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[-_/.’'ʼʻ`]+", " ", plain).split())


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    """Read the gazetteer once: kind, code, name, folded names between bars, country, latitude, longitude, people."""
    text = gzip.decompress((DATA / "places.tsv.gz").read_bytes()).decode("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.split("\n")[1:] if line)


@cache
def _place(row: int) -> Place:
    """Return one place of the gazetteer."""
    kind, code, name, _, country, latitude, longitude, people = _rows()[row]
    return Place(name, kind, code, country, float(latitude), float(longitude), int(people))  # type: ignore[arg-type]


@cache
def _by_code() -> dict[str, int]:
    """Return the row of each port's code."""
    return {cells[1]: row for row, cells in enumerate(_rows()) if cells[1]}


def _named(wanted: str) -> list[int]:
    """Return the rows of the places that bear a folded name."""
    barred = f"|{wanted}|"
    if "|" in wanted:
        return []
    return [row for row, cells in enumerate(_rows()) if wanted in cells[3] and barred in f"|{cells[3]}|"]


def _point(text: str) -> Place | None:
    """Return the point that ``lat,lon`` means; nothing if the text is no such pair."""
    match = _POINT.match(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise StudyError([_not_found(text, "latitude is outside -90 to 90 or longitude outside -180 to 180", "")])
    width = max(0.01, abs(90 - abs(latitude)) / 90)

    def apart(cells: tuple[str, ...]) -> float:
        across = abs(float(cells[6]) - longitude)
        return (float(cells[5]) - latitude) ** 2 + (min(across, 360 - across) * width) ** 2

    country = min(_rows(), key=apart)[4]
    return Place(f"{latitude:g},{longitude:g}", "point", "", country, latitude, longitude, 0)


def _not_found(text: str, why: str, hint: str) -> Problem:
    """Return the fault of a place that cannot be resolved."""
    remedy = "Give a city, a port's UN/LOCODE, a station, a crossing or 'lat,lon'."
    return Problem("LB320", f"place {text!r}: {why}.{hint} {remedy}", column="place")


def _weight(place: Place, wanted: str) -> float:
    """Return how likely a name means a place, in people; a city that has it as another name counts a quarter."""
    own = folded(place.name) == wanted
    return max(place.people, _AS_PEOPLE[place.kind]) * (1.0 if own else 0.25)


def find_place(text: str) -> Place:
    """Return the place that a text means.

    Parameters
    ----------
    text
        A name in any case, with or without accents (``Ulaanbaatar``, ``sinuiju``); a name with a country
        (``Brest, BY``); a shipped port's UN/LOCODE (``KRPUS``); or ``latitude,longitude`` in degrees.

    Returns
    -------
    Where several places bear the name the largest: a station counts as a town of 80,000, a port as one of
    40,000, and a city that has it only as another name counts a quarter of its people.

    Raises
    ------
    StudyError
        If nothing bears the name; the message suggests the nearest names.
    """
    point = _point(text)
    if point is not None:
        return point
    by_code = _by_code()
    code = text.strip().upper().replace(" ", "")
    if code in by_code and len(code) == 5 and text.strip().isupper():
        return _place(by_code[code])
    name, _, country = text.partition(",")
    wanted, country = folded(name), country.strip().upper()
    found = [_place(row) for row in _named(wanted) if country in ("", _rows()[row][4])]
    if found:
        return max(found, key=lambda place: _weight(place, wanted))
    if code in by_code:
        return _place(by_code[code])
    first: dict[str, int] = {}
    for row, cells in enumerate(_rows()):
        for word in cells[3].split("|"):
            first.setdefault(word, row)
    near = difflib.get_close_matches(wanted, first, n=3, cutoff=0.6)
    names = list(dict.fromkeys(_place(first[word]).name for word in near))
    hint = f" Did you mean {' or '.join(names)}?" if names else ""
    raise StudyError([_not_found(text, "nothing in the gazetteer bears this name", hint)])


@cache
def _cities() -> tuple[Int, Float, Float]:
    """Return the rows of the cities and their latitudes and longitudes in degrees."""
    rows = [row for row, cells in enumerate(_rows()) if cells[0] == "city"]
    latitude, longitude = (np.array([float(_rows()[row][at]) for row in rows]) for at in (5, 6))
    return np.array(rows), latitude, longitude


def nearest_city(latitude_deg: float, longitude_deg: float) -> tuple[Place, float]:
    """Return the nearest city of the gazetteer and its distance in km."""
    rows, latitude, longitude = _cities()
    km = great_circle_km(latitude_deg, longitude_deg, latitude, longitude)
    at = int(np.argmin(km))
    return _place(int(rows[at])), float(km[at])
