"""Networks by hand for the tests of routing: links as tuples, everything else at its simplest."""

from dataclasses import replace
from typing import Any

import numpy as np

from landbridge.core.coded import Coded
from landbridge.network.network import ALL_MONTHS, RAIL, ROAD, SEA, Links, Network, Nodes, Transfers

MODE = {"road": ROAD, "rail": RAIL, "sea": SEA}


def make_network(n_nodes: int, links: Any, transfers: Any = (), *, names: Any = None, places: Any = None) -> Network:
    """Build a network.

    A link is (tail, head, hours) and may go on with a dict of columns: cost, charge, km, co2, mode, gauge, months,
    open, name, passage. A transfer is (node, from_mode, from_gauge, to_mode, to_gauge, hours) and may go on
    with a dict.
    """
    rows = [(*link, {}) if len(link) == 3 else link for link in links]
    more = [(*transfer, {}) if len(transfer) == 6 else transfer for transfer in transfers]

    def column(source: Any, key: str, default: Any, dtype: Any) -> Any:
        return np.array([row[-1].get(key, default) for row in source], dtype=dtype)

    latitude, longitude = np.array(places, float).T if places is not None else np.zeros((2, n_nodes))
    nodes = Nodes(
        latitude, longitude, Coded.blank(n_nodes), Coded.blank(n_nodes), Coded.of(names or map(str, range(n_nodes)))
    )
    count = len(rows)
    made = Links(
        edge=np.arange(count),
        tail=np.array([row[0] for row in rows], np.int64),
        head=np.array([row[1] for row in rows], np.int64),
        mode=np.array([MODE[row[-1].get("mode", "road")] for row in rows], np.int8),
        gauge_mm=column(rows, "gauge", 0, np.int16),
        km=column(rows, "km", 0.0, float),
        time_hours=np.array([row[2] for row in rows], float),
        cost_usd_per_teu=column(rows, "cost", 0.0, float),
        charge_usd_per_teu=column(rows, "charge", 0.0, float),
        charge_to=Coded.blank(count),
        co2_kg_per_teu=column(rows, "co2", 0.0, float),
        capacity_teu_per_year=np.full(count, np.inf),
        months=column(rows, "months", ALL_MONTHS, np.uint16),
        kind=Coded.of(["line"] * count),
        country=Coded.of([row[-1].get("country", "") for row in rows]),
        passage=Coded.of([row[-1].get("passage", "") for row in rows]),
        name=Coded.of([row[-1].get("name", "") for row in rows]),
        open=column(rows, "open", 1, bool),
        speed_kmh=np.full(count, np.nan),
        **({"wait_hours": np.zeros(count)} if "wait_hours" in Links.__dataclass_fields__ else {}),
    )
    inside = len(more)
    changes = Transfers(
        node=np.array([row[0] for row in more], np.int64),
        from_mode=np.array([MODE[row[1]] for row in more], np.int8),
        from_gauge_mm=np.array([row[2] for row in more], np.int16),
        to_mode=np.array([MODE[row[3]] for row in more], np.int8),
        to_gauge_mm=np.array([row[4] for row in more], np.int16),
        time_hours=np.array([row[5] for row in more], float),
        cost_usd_per_teu=column(more, "cost", 0.0, float),
        charge_usd_per_teu=column(more, "charge", 0.0, float),
        charge_to=Coded.blank(inside),
        co2_kg_per_teu=column(more, "co2", 0.0, float),
        capacity_teu_per_year=np.full(inside, np.inf),
        months=column(more, "months", ALL_MONTHS, np.uint16),
        kind=Coded.of(["gauge"] * inside),
        name=Coded.of([row[-1].get("name", "") for row in more]),
        open=column(more, "open", 1, bool),
    )
    return Network(nodes, made, changes)


def both_ways(*links: Any) -> list[Any]:
    """Return each link forward and back."""
    return [end for link in links for end in (link, (link[1], link[0], *link[2:]))]


def grid_network(side: int) -> Network:
    """Return a square grid: 1 hour, 2 USD, 3 km and 4 kg a step, row by row."""
    columns = {"cost": 2.0, "km": 3.0, "co2": 4.0}
    links = []
    for i in range(side):
        for j in range(side):
            if i + 1 < side:
                links.append((i * side + j, (i + 1) * side + j, 1.0, columns))
            if j + 1 < side:
                links.append((i * side + j, i * side + j + 1, 1.0, columns))
    places = [(i * 100 / side - 50, j * 300 / side - 150) for i in range(side) for j in range(side)]
    return make_network(side * side, both_ways(*links), places=places)


def random_network(rng: np.random.Generator, n_nodes: int = 14, n_links: int = 45) -> Network:
    """Return a random road network with loops, copies and links of no cost; some links are closed or seasonal."""
    links = [
        (
            int(rng.integers(n_nodes)),
            int(rng.integers(n_nodes)),
            float(rng.choice([0.0, 1.0, rng.random()])),
            {
                "cost": float(rng.choice([0.0, 10.0 * rng.random()])),
                "charge": float(rng.choice([0.0, 5.0 * rng.random()])),
                "km": float(rng.random()),
                "co2": float(rng.random()),
                "open": bool(rng.random() < 0.85),
                "months": int(rng.choice([ALL_MONTHS, ALL_MONTHS, 0b000111110000])),
            },
        )
        for _ in range(n_links)
    ]
    return make_network(n_nodes, links)


def with_open(network: Network, rows: Any, *, opened: bool) -> Network:
    """Return the network with the given links open or closed."""
    column = network.links.open.copy()
    column[rows] = opened
    return Network(network.nodes, replace(network.links, open=column), network.transfers)
