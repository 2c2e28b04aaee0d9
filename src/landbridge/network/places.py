"""Places by name, port code or coordinates: the shipped gazetteer."""

import difflib
import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np

from landbridge.core.arrays import Float
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
def _places() -> tuple[tuple[Place, ...], dict[str, list[int]], dict[str, int]]:
    """Read the gazetteer once: places, rows by folded name, row by port code."""
    places: list[Place] = []
    by_name: dict[str, list[int]] = {}
    by_code: dict[str, int] = {}
    with gzip.open(DATA / "places.tsv.gz", "rt", encoding="utf-8") as handle:
        next(handle)
        for row, line in enumerate(handle):
            kind, code, name, words, country, latitude, longitude, people = line.rstrip("\n").split("\t")
            place = Place(name, kind, code, country, float(latitude), float(longitude), int(people))  # type: ignore[arg-type]
            places.append(place)
            for word in words.split("|"):
                by_name.setdefault(word, []).append(row)
            if code:
                by_code[code] = row
    return tuple(places), by_name, by_code


def _point(text: str) -> Place | None:
    """Return the point that ``lat,lon`` means; nothing if the text is no such pair."""
    match = _POINT.match(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise StudyError([_not_found(text, "latitude is outside -90 to 90 or longitude outside -180 to 180", "")])
    places = _places()[0]
    width = max(0.01, abs(90 - abs(latitude)) / 90)

    def apart(place: Place) -> float:
        across = abs(place.longitude_deg - longitude)
        return (place.latitude_deg - latitude) ** 2 + (min(across, 360 - across) * width) ** 2

    country = min(places, key=apart).country
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
    places, by_name, by_code = _places()
    code = text.strip().upper().replace(" ", "")
    if code in by_code and len(code) == 5 and text.strip().isupper():
        return places[by_code[code]]
    name, _, country = text.partition(",")
    wanted, country = folded(name), country.strip().upper()
    rows = [row for row in by_name.get(wanted, []) if country in ("", places[row].country)]
    if rows:
        return max((places[row] for row in rows), key=lambda place: _weight(place, wanted))
    if code in by_code:
        return places[by_code[code]]
    near = difflib.get_close_matches(wanted, by_name, n=3, cutoff=0.6)
    names = list(dict.fromkeys(places[by_name[word][0]].name for word in near))
    hint = f" Did you mean {' or '.join(names)}?" if names else ""
    raise StudyError([_not_found(text, "nothing in the gazetteer bears this name", hint)])


@cache
def _cities() -> tuple[tuple[Place, ...], Float, Float]:
    """Return the cities and their latitudes and longitudes in degrees."""
    cities = tuple(place for place in _places()[0] if place.kind == "city")
    return cities, np.array([c.latitude_deg for c in cities]), np.array([c.longitude_deg for c in cities])


def nearest_city(latitude_deg: float, longitude_deg: float) -> tuple[Place, float]:
    """Return the nearest city of the gazetteer and its distance in km."""
    cities, latitude, longitude = _cities()
    km = great_circle_km(latitude_deg, longitude_deg, latitude, longitude)
    at = int(np.argmin(km))
    return cities[at], float(km[at])
