"""A simplified network has the same routes, fewer links, and answers to edits as the original does."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from landbridge.network.base import world_network
from landbridge.network.edits import ChangeNumber, ScaleBy, apply_measures
from landbridge.network.network import Network
from landbridge.network.prices import default_prices
from landbridge.network.pricing import price_network
from landbridge.network.selection import Selector
from landbridge.network.simplify import simplify
from landbridge.network.zones import add_zones

PLACES = {
    "busan": (35.1, 129.04, "KR"),
    "moscow": (55.75, 37.62, "RU"),
    "hamburg": (53.55, 9.99, "DE"),
    "chita": (52.03, 113.5, "RU"),
}


def zoned() -> tuple[Network, np.ndarray]:
    latitude, longitude, country = zip(*PLACES.values(), strict=True)
    found = add_zones(world_network(), list(PLACES), latitude, longitude, country)
    return price_network(found.network, default_prices()), found.nodes


def hours_between(network: Network, places: np.ndarray) -> np.ndarray:
    """Hours by links alone, changing mode in nodes for nothing: enough to compare two networks."""
    links = network.links
    rows = np.flatnonzero(links.open)
    order = rows[np.argsort(-links.time_hours[rows], kind="stable")]
    n = len(network.nodes)
    cost: dict[tuple[int, int], float] = {}
    for row in order.tolist():
        cost[int(links.tail[row]), int(links.head[row])] = float(links.time_hours[row]) + 1e-9
    keys = np.array(list(cost))
    graph = csr_matrix((np.array(list(cost.values())), (keys[:, 0], keys[:, 1])), shape=(n, n))
    return dijkstra(graph, indices=places)[:, places]


def test_routes_are_the_same_and_links_are_fewer() -> None:
    network, places = zoned()
    small = simplify(network)
    assert len(small.network.links) < len(network.links)
    assert np.allclose(hours_between(small.network, places), hours_between(network, places), rtol=1e-6)
    assert len(np.unique(small.part)) == len(small.part)


def test_parts_add_up_to_their_whole() -> None:
    network, _ = zoned()
    small = simplify(network)
    size = np.diff(small.start)
    owner = np.repeat(np.arange(len(size)), size)
    for name in ("km", "time_hours", "cost_usd_per_teu", "co2_kg_per_teu"):
        total = np.bincount(owner, getattr(network.links, name)[small.part], len(size))
        assert np.allclose(total, getattr(small.network.links, name), rtol=1e-9)


def test_an_edit_before_is_an_edit_after() -> None:
    network, places = zoned()
    faster = [ChangeNumber(Selector(countries=("RU",), modes=("rail",)), "speed_kmh", ScaleBy(2.0))]
    before = simplify(apply_measures(network, faster)).network
    after = apply_measures(simplify(network).network, faster)
    assert np.allclose(hours_between(before, places), hours_between(after, places), rtol=1e-9)
