"""Turns names, UN/LOCODEs and coordinates into places on a network, joined to it by road."""

import csv
import difflib
import gzip
import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import Network
from landbridge.network.prices import default_prices
from landbridge.network.pricing import price_network
from landbridge.network.zones import Access, add_zones

_FILE = Path(__file__).parents[1] / "data" / "places.csv.gz"
_COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")
ACCESS = Access(rail_km=300.0, port_km=600.0, ports=2, large_ports=3)


@dataclass(frozen=True, slots=True)
class Place:
    """A point on land; `country` is the ISO 3166-1 alpha-2 code."""

    name: str
    country: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Cities in descending order of population (GeoNames, CC BY 4.0)."""

    places: tuple[Place, ...]
    latitude_deg: Float
    longitude_deg: Float

    def nearest(self, latitude_deg: float, longitude_deg: float) -> tuple[Place, float]:
        """Return the nearest city and its distance in km."""
        km = great_circle_km(latitude_deg, longitude_deg, self.latitude_deg, self.longitude_deg)
        at = int(np.argmin(km))
        return self.places[at], float(km[at])

    def find(self, name: str) -> Place | None:
        """Return the largest city of a name, written in any case; ``Name, CC`` asks for one of a country."""
        word, _, country = (part.strip() for part in name.partition(","))
        same = (p for p in self.places if p.name.casefold() == word.casefold() and country in ("", p.country))
        return next(same, None)


@cache
def gazetteer() -> Gazetteer:
    """Return the shipped cities, read once a process."""
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        rows = list(csv.reader(io.StringIO(file.read())))[1:]
    places = tuple(Place(name, country, float(lat), float(lon)) for name, country, lat, lon in rows)
    return Gazetteer(places, np.array([p.latitude_deg for p in places]), np.array([p.longitude_deg for p in places]))


def join_places(network: Network, places: tuple[str | tuple[float, float], ...]) -> tuple[Network, tuple[int, ...]]:
    """Return the network with a zone for each place that is no node of it yet, and the node of each place.

    Parameters
    ----------
    network
        A priced network; its rows stay as they are. Roads to terminals are priced at the shipped rates.
    places
        Names of nodes (zones, UN/LOCODEs of ports), cities (``Moscow``, ``Portland, US``), or coordinates as
        (latitude, longitude) in degrees or as text ``55.75, 37.62``.

    Raises
    ------
    StudyError
        Naming every place that is not known, with names like it.
    """
    problems: list[Problem] = []
    nodes: list[int | None] = []
    fresh: list[Place] = []
    for place in places:
        found = _look_up(network, place)
        if isinstance(found, Problem):
            problems.append(found)
        elif isinstance(found, int):
            nodes.append(found)
        else:
            nodes.append(None)
            fresh.append(found)
    if problems:
        raise StudyError(problems)
    if not fresh:
        return network, tuple(node for node in nodes if node is not None)
    grown = add_zones(
        network,
        [place.name for place in fresh],
        [place.latitude_deg for place in fresh],
        [place.longitude_deg for place in fresh],
        [place.country for place in fresh],
        access=ACCESS,
    )
    added = iter(grown.nodes.tolist())
    return _price_new(network, grown.network), tuple(next(added) if node is None else node for node in nodes)


def _look_up(network: Network, place: str | tuple[float, float]) -> int | Place | Problem:
    """Return a node, a city or point to be joined, or what is wrong."""
    if isinstance(place, str):
        names = network.nodes.name
        if place and place in names.words:
            rows = np.flatnonzero(names.mask(place))
            if len(rows):
                return int(rows[0])
        written = _COORDINATES.fullmatch(place)
        if written is None:
            return gazetteer().find(place) or _unknown(network, place)
        place = float(written[1]), float(written[2])
    latitude, longitude = place
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Problem("LB349", f"{latitude}, {longitude} is not a latitude and a longitude in degrees.", "place")
    return Place(f"{latitude:g}, {longitude:g}", _country_at(network, latitude, longitude), latitude, longitude)


def _unknown(network: Network, place: str) -> Problem:
    known = [p.name for p in gazetteer().places] + [word for word in network.nodes.name.words if word]
    near = difflib.get_close_matches(place, known, n=3)
    hint = f"Did you mean {' or '.join(dict.fromkeys(near))}? " if near else ""
    message = f"'{place}' is not known. {hint}Give a city, a UN/LOCODE of the network, or latitude, longitude."
    return Problem("LB349", message, "place")


def _country_at(network: Network, latitude_deg: float, longitude_deg: float) -> str:
    """Return the country of the nearest node that stands on land."""
    nodes = network.nodes
    km = great_circle_km(latitude_deg, longitude_deg, nodes.latitude_deg, nodes.longitude_deg)
    km = np.where(nodes.country.codes == 0, np.inf, km)
    return nodes.country[int(np.argmin(km))]


def _price_new(old: Network, grown: Network) -> Network:
    """Return the grown network with only its new rows priced: old rows may hold measures."""
    links = grown.links.take(np.arange(len(old.links), len(grown.links)))
    transfers = grown.transfers.take(np.arange(len(old.transfers), len(grown.transfers)))
    new = price_network(Network(grown.nodes, links, transfers), default_prices())
    return Network(grown.nodes, old.links.followed_by(new.links), old.transfers.followed_by(new.transfers))
