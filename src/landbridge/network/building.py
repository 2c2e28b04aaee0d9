"""New rows for links and transfers, without prices, and what is known of a node's lines."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landbridge.core.arrays import Float, Int
from landbridge.core.coded import Coded
from landbridge.network.components import connected_parts
from landbridge.network.network import ALL_MONTHS, RAIL, ROAD, Links, Network, Transfers


@dataclass(frozen=True, slots=True)
class NewLine:
    """An undirected line to be added: two links."""

    tail: int
    head: int
    mode: int
    gauge_mm: int
    km: float
    kind: str
    tail_country: str
    head_country: str
    name: str = ""
    speed_kmh: float = float("nan")
    capacity_teu_per_year: float = float("inf")
    open: bool = True
    departures_per_week: float = float("nan")


def links_of(lines: list[NewLine], first_edge: int) -> Links:
    """Return two links a line, forward and back; hours and costs are 0 until priced."""
    n = len(lines)

    def both(values: ArrayLike, dtype: type) -> NDArray[Any]:
        once: NDArray[Any] = np.asarray(values, dtype=dtype)
        return np.concatenate([once, once])

    tail, head = np.array([line.tail for line in lines], np.int64), np.array([line.head for line in lines], np.int64)
    zero = np.zeros(2 * n)
    return Links(
        edge=both(np.arange(first_edge, first_edge + n), np.int64),
        tail=np.concatenate([tail, head]),
        head=np.concatenate([head, tail]),
        mode=both([line.mode for line in lines], np.int8),
        gauge_mm=both([line.gauge_mm for line in lines], np.int16),
        km=both([line.km for line in lines], np.float64),
        time_hours=zero,
        cost_usd_per_teu=zero,
        charge_usd_per_teu=zero,
        charge_to=Coded.blank(2 * n),
        co2_kg_per_teu=zero,
        capacity_teu_per_year=both([line.capacity_teu_per_year for line in lines], np.float64),
        months=np.full(2 * n, ALL_MONTHS, np.uint16),
        kind=Coded.of([line.kind for line in lines] * 2),
        country=Coded.of([*(line.tail_country for line in lines), *(line.head_country for line in lines)]),
        passage=Coded.blank(2 * n),
        name=Coded.of([line.name for line in lines] * 2),
        open=both([line.open for line in lines], np.bool_),
        speed_kmh=both([line.speed_kmh for line in lines], np.float64),
        departures_per_week=both([line.departures_per_week for line in lines], np.float64),
    )


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A transfer to be added, both ways."""

    node: int
    from_mode: int
    from_gauge_mm: int
    to_mode: int
    to_gauge_mm: int
    kind: str
    name: str


def transfers_of(pairs: list[NewTransfer]) -> Transfers:
    """Return two transfers a pair; hours and costs are 0 until priced."""
    n = 2 * len(pairs)
    modes = [(p.from_mode, p.from_gauge_mm, p.to_mode, p.to_gauge_mm) for p in pairs]
    modes += [(p.to_mode, p.to_gauge_mm, p.from_mode, p.from_gauge_mm) for p in pairs]
    columns = np.array(modes, np.int64).reshape(n, 4).T
    zero = np.zeros(n)
    return Transfers(
        node=np.array([p.node for p in pairs] * 2, np.int64),
        from_mode=columns[0].astype(np.int8),
        from_gauge_mm=columns[1].astype(np.int16),
        to_mode=columns[2].astype(np.int8),
        to_gauge_mm=columns[3].astype(np.int16),
        time_hours=zero,
        cost_usd_per_teu=zero,
        charge_usd_per_teu=zero,
        charge_to=Coded.blank(n),
        co2_kg_per_teu=zero,
        capacity_teu_per_year=np.full(n, np.inf),
        months=np.full(n, ALL_MONTHS, np.uint16),
        kind=Coded.of([p.kind for p in pairs] * 2),
        name=Coded.of([p.name for p in pairs] * 2),
        open=np.ones(n, np.bool_),
    )


def with_lines(network: Network, lines: list[NewLine], transfers: list[NewTransfer]) -> Network:
    """Return the network with lines and transfers added at nodes that it has."""
    first = int(network.links.edge.max()) + 1 if len(network.links) else 0
    links = network.links.followed_by(links_of(lines, first)) if lines else network.links
    more = network.transfers.followed_by(transfers_of(transfers)) if transfers else network.transfers
    return Network(network.nodes, links, more)


@dataclass(frozen=True, slots=True)
class RailStops:
    """Pairs of a rail node and a gauge on it, with the open railway that they belong to; shape (n_stops,)."""

    node: Int
    gauge_mm: Int
    component: Int
    component_km: Float
    """Length of lines of the whole component, one way."""


def rail_stops(network: Network) -> RailStops:
    """Return every pair of node and gauge at which a lorry could meet a train."""
    links = network.links
    rows = np.flatnonzero((links.mode == RAIL) & links.open & ~links.kind.mask("spur"))
    n = len(network.nodes)
    component = connected_parts(n, links.tail[rows], links.head[rows])
    km = np.bincount(component[links.tail[rows]], weights=links.km[rows], minlength=n) / 2
    stops = np.sort(links.tail[rows] * 10_000 + links.gauge_mm[rows])
    stops = stops[np.flatnonzero(np.diff(stops, prepend=-1))]
    node = stops // 10_000
    return RailStops(node, stops % 10_000, component[node], km[component[node]])


def nodes_of_mode(network: Network, mode: int) -> Int:
    """Return the nodes at which a line of this mode can be joined."""
    links = network.links
    nodes = np.unique(links.tail[links.mode == mode])
    if mode == ROAD:
        nodes = np.union1d(nodes, np.flatnonzero(network.nodes.kind.mask("port", "zone")))
    return nodes
