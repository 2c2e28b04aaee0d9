"""Compiles a network to the graph of its states: a vertex per node, mode and gauge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import NO_LINK, Float, Int, locked
from landbridge.core.problems import Problem, StudyError
from landbridge.network.network import ALL_MONTHS, MODES, ROAD, Network
from landbridge.network.service import half_headway_hours
from landbridge.routing.generalised import ArcValues, refuse_values

PLACE = -1
"""Mode of a vertex where freight only starts or ends."""


@dataclass(frozen=True, slots=True, eq=False)
class StateGraph:
    """The graph on which searches run: V vertices, A arcs.

    Arcs are the network's links in their order, then its transfers, then the connectors of places with several
    states. A route that changes mode or gauge does so on a transfer, so it pays for it.

    Attributes
    ----------
    node
        Node of each vertex, shape (V,).
    mode
        Position in `MODES` of each vertex, or `PLACE`, shape (V,).
    gauge_mm
        Gauge of each vertex, shape (V,).
    tail, head
        Ends of each arc, shape (A,).
    values
        What each arc costs as the network stands, A rows.
    n_links, n_transfers
        Arcs below `n_links` are links, the next `n_transfers` transfers.
    departs, arrives
        Vertex where freight of a place starts and ends, shape (n_places,).
    """

    node: NDArray[np.int32]
    mode: NDArray[np.int8]
    gauge_mm: NDArray[np.int16]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    values: ArcValues
    n_links: int
    n_transfers: int
    places: Int
    departs: NDArray[np.int32]
    arrives: NDArray[np.int32]
    point: Float
    """Vertices on the unit sphere, shape (V, 3)."""

    def __post_init__(self) -> None:
        for name in ("node", "mode", "gauge_mm", "tail", "head", "places", "departs", "arrives", "point"):
            object.__setattr__(self, name, locked(getattr(self, name)))

    @property
    def n_vertices(self) -> int:
        """Number of vertices."""
        return len(self.node)

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    def link_of(self, arc: int) -> int:
        """Return the link's row, or ``NO_LINK`` for another arc."""
        return arc if arc < self.n_links else NO_LINK

    def transfer_of(self, arc: int) -> int:
        """Return the transfer's row, or ``NO_LINK`` for another arc."""
        return arc - self.n_links if self.n_links <= arc < self.n_links + self.n_transfers else NO_LINK


def place_positions(network: Network, zones: "tuple[str, ...] | list[str] | Int") -> Int:
    """Return the node of each zone, given as names of nodes or as positions.

    Raises
    ------
    StudyError
        Naming every zone that is not in the network.
    """
    if isinstance(zones, np.ndarray) and zones.dtype.kind in "iu":
        if len(zones) and (zones.min() < 0 or zones.max() >= len(network.nodes)):
            raise StudyError([Problem("LB342", f"A zone stands outside 0 to {len(network.nodes) - 1}.", "zones")])
        return zones.astype(np.int64)
    names = network.nodes.name
    wanted = {str(zone) for zone in zones}
    code_of = {word: code for code, word in enumerate(names.words) if word in wanted and word}
    is_zone = network.nodes.kind.mask("zone")
    rows = np.flatnonzero(np.isin(names.codes, list(code_of.values())))
    at: dict[str, int] = {}
    for row in rows.tolist():
        word = names[row]
        if word not in at or (is_zone[row] and not is_zone[at[word]]):
            at[word] = row
    missing = [str(zone) for zone in zones if str(zone) not in at]
    if missing:
        raise StudyError(
            Problem("LB342", f"'{name}' is no node of the network. Add the zone to it first.", "zones")
            for name in missing
        )
    return np.array([at[str(zone)] for zone in zones], dtype=np.int64)


def compile_states(
    network: Network,
    *,
    places: Int | None = None,
    departures_per_week: Float | None = None,
) -> StateGraph:
    """Return the state graph of a network.

    Parameters
    ----------
    network
        Nodes, links and transfers.
    places
        Nodes where freight starts and ends; without it every node of kind ``zone``. A zone starts and ends on
        its road. A place with several states (a port with ships and trains) gets two more vertices, one to
        depart from and one to arrive at, so that nobody changes mode for nothing by passing through.
    departures_per_week
        Shape (n_transfers,): services a week that a transfer waits for, inf or nan for none. Half the headway,
        ``168 / departures / 2`` hours, is added to the transfer's hours (`landbridge.network.service`).

    Raises
    ------
    StudyError
        If a cost is negative, unknown or infinite.
    """
    links, transfers, nodes = network.links, network.transfers, network.nodes
    table: dict[tuple[int, int], int] = {}
    link_code = _codes(links.mode, links.gauge_mm, table)
    from_code = _codes(transfers.from_mode, transfers.from_gauge_mm, table)
    to_code = _codes(transfers.to_mode, transfers.to_gauge_mm, table)
    width = max(len(table), 1)
    ends = [links.tail * width + link_code, links.head * width + link_code]
    ends += [transfers.node * width + from_code, transfers.node * width + to_code]
    occurs = np.zeros(len(nodes) * width, dtype=np.bool_)
    for key in ends:
        occurs[key] = True
    keys = np.flatnonzero(occurs)
    vertex = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    modes = np.array([mode for mode, _ in table] or [ROAD], dtype=np.int8)
    gauges = np.array([gauge for _, gauge in table] or [0], dtype=np.int16)
    node = (keys // width).astype(np.int32)
    mode, gauge = modes[keys % width], gauges[keys % width]
    tail = [vertex[ends[0]], vertex[ends[2]]]
    head = [vertex[ends[1]], vertex[ends[3]]]
    if places is None:
        places = np.flatnonzero(nodes.kind.mask("zone"))
    extra = _connect(np.asarray(places, dtype=np.int64), node, mode)
    return StateGraph(
        node=np.concatenate([node, extra.node]),
        mode=np.concatenate([mode, np.full(len(extra.node), PLACE, np.int8)]),
        gauge_mm=np.concatenate([gauge, np.zeros(len(extra.node), np.int16)]),
        tail=np.concatenate([*tail, extra.tail]),
        head=np.concatenate([*head, extra.head]),
        values=_values(network, departures_per_week, len(extra.tail)),
        n_links=len(links),
        n_transfers=len(transfers),
        places=np.asarray(places, dtype=np.int64),
        departs=extra.departs,
        arrives=extra.arrives,
        point=_points(network)[np.concatenate([node, extra.node])],
    )


@dataclass(frozen=True, slots=True)
class _Connectors:
    node: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    departs: NDArray[np.int32]
    arrives: NDArray[np.int32]


def _codes(mode: NDArray[np.int8], gauge: NDArray[np.int16], table: dict[tuple[int, int], int]) -> Int:
    """Return a small number for each pair of mode and gauge, the same for the same pair."""
    joint = mode.astype(np.int64) << 16 | gauge.astype(np.int64)
    found, back = np.unique(joint, return_inverse=True)
    numbers = [table.setdefault((int(key) >> 16, int(key) & 0xFFFF), len(table)) for key in found]
    return np.array(numbers, dtype=np.int64)[back]


def _connect(places: Int, node: NDArray[np.int32], mode: NDArray[np.int8]) -> _Connectors:
    """Return the vertices and connectors of places that have not exactly one state to start from."""
    extra: list[int] = []
    tail: list[int] = []
    head: list[int] = []
    departs, arrives = [], []
    for place in places.tolist():
        first, last = np.searchsorted(node, [place, place + 1]).tolist()
        states = list(range(first, last))
        roads = [v for v in states if mode[v] == ROAD]
        if len(states) == 1 or roads:
            only = roads[0] if roads else first
            departs.append(only)
            arrives.append(only)
            continue
        departs.append(len(node) + len(extra))
        arrives.append(len(node) + len(extra) + 1)
        extra += [place, place]
        tail += [departs[-1]] * len(states) + states
        head += states + [arrives[-1]] * len(states)
    as_int = [np.array(values, dtype=np.int32) for values in (extra, tail, head, departs, arrives)]
    return _Connectors(*as_int)


def _values(network: Network, departures_per_week: Float | None, n_connectors: int) -> ArcValues:
    links, transfers = network.links, network.transfers
    wait = np.zeros(len(transfers)) if departures_per_week is None else half_headway_hours(departures_per_week)
    none = np.zeros(n_connectors)

    def joined(of_links: Float, of_transfers: Float) -> Float:
        return np.concatenate([of_links, of_transfers, none])

    values = ArcValues(
        hours=joined(links.time_hours, transfers.time_hours + wait),
        cost_usd_per_teu=joined(links.cost_usd_per_teu, transfers.cost_usd_per_teu),
        charge_usd_per_teu=joined(links.charge_usd_per_teu, transfers.charge_usd_per_teu),
        km=joined(links.km, np.zeros(len(transfers))),
        co2_kg_per_teu=joined(links.co2_kg_per_teu, transfers.co2_kg_per_teu),
        months=np.concatenate([links.months, transfers.months, np.full(n_connectors, ALL_MONTHS, np.uint16)]),
        open=np.concatenate([links.open, transfers.open, np.ones(n_connectors, np.bool_)]),
    )
    refuse_values(values, table="links and transfers")
    return values


def _points(network: Network) -> Float:
    latitude = np.radians(network.nodes.latitude_deg)
    longitude = np.radians(network.nodes.longitude_deg)
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )


def state_name(graph: StateGraph, network: Network, vertex: int) -> str:
    """Return words for a vertex: the node's name or position, mode and gauge."""
    node = int(graph.node[vertex])
    name = network.nodes.name[node] or (
        f"{network.nodes.latitude_deg[node]:.2f}, {network.nodes.longitude_deg[node]:.2f}"
    )
    mode = int(graph.mode[vertex])
    if mode == PLACE:
        return name
    gauge = f" {graph.gauge_mm[vertex]} mm" if graph.gauge_mm[vertex] else ""
    return f"{name} ({MODES[mode]}{gauge})"
