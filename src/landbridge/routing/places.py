"""Turns names, UN/LOCODEs and coordinates into places on a network, joined to it by road."""

import numpy as np

from landbridge.core.problems import Problem, StudyError
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import Network
from landbridge.network.places import Place, find_place
from landbridge.network.prices import default_prices
from landbridge.network.pricing import price_network
from landbridge.network.zones import Access, add_zones

ACCESS = Access(rail_km=300.0, port_km=600.0, ports=2, large_ports=3)


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
        try:
            return find_place(place)
        except StudyError as error:
            return error.problems[0]
    latitude, longitude = place
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Problem("LB349", f"{latitude}, {longitude} is not a latitude and a longitude in degrees.", "place")
    name, country = f"{latitude:g}, {longitude:g}", _country_at(network, latitude, longitude)
    return Place(name, "point", "", country, latitude, longitude, 0)


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
