"""The multimodal network as frozen columns: nodes, links, and transfers inside nodes."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int, locked
from landbridge.core.coded import Coded

Mode = Literal["road", "rail", "sea"]
MODES: Final[tuple[Mode, ...]] = ("road", "rail", "sea")
ROAD, RAIL, SEA = range(3)
ALL_MONTHS: Final = 0b1111_1111_1111
"""Bit ``m - 1`` is set where a link is open in month ``m``."""


def _fresh(values: NDArray[Any]) -> NDArray[Any]:
    """Lock an array that nobody else holds, so that no copy is made of it; rows by a slice stay shared."""
    if values.base is None:
        values.flags.writeable = False
    return values


class _Columns:
    """Columns of one length: locks arrays on entry and takes rows."""

    __slots__ = ()

    def _lock(self) -> None:
        lengths = set()
        for column in fields(self):  # type: ignore[arg-type]
            value = getattr(self, column.name)
            if isinstance(value, np.ndarray):
                value = locked(value)
                object.__setattr__(self, column.name, value)
            lengths.add(len(value))
        if len(lengths) > 1:
            raise ValueError(f"{type(self).__name__}: columns have different lengths {sorted(lengths)}.")

    def take(self, rows: Int | Bool) -> Self:
        """Return the given rows."""
        taken = {}
        for column in fields(self):  # type: ignore[arg-type]
            value = getattr(self, column.name)
            taken[column.name] = value.take(rows) if isinstance(value, Coded) else _fresh(value[rows])
        return replace(self, **taken)  # type: ignore[type-var]

    def followed_by(self, other: Self) -> Self:
        """Return these rows and then the rows of `other`."""
        joined = {}
        for column in fields(self):  # type: ignore[arg-type]
            mine, its = getattr(self, column.name), getattr(other, column.name)
            joined[column.name] = (
                mine.followed_by(its) if isinstance(mine, Coded) else _fresh(np.concatenate([mine, its]))
            )
        return replace(self, **joined)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True, eq=False)
class Nodes(_Columns):
    """Places: stations, junctions, ports, points at sea, zones. All columns have shape (n_nodes,)."""

    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    country: Coded
    """ISO 3166-1 alpha-2 code of the land on which the node stands; empty at sea."""
    kind: Coded
    """``rail``, ``sea``, ``port``, ``zone`` or ``road``."""
    name: Coded
    """Name or code where the node has one: a port's UN/LOCODE, a station, a zone's id."""

    def __post_init__(self) -> None:
        self._lock()

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.latitude_deg)


@dataclass(frozen=True, slots=True, eq=False)
class Links(_Columns):
    """Directed links of one mode and gauge. All columns have shape (n_links,).

    `time_hours` is always the time of the open link, so that a measure can open what is closed: searches use
    `effective_hours`. A two-way line is two rows with the same `edge`.
    """

    edge: Int
    """Number of the undirected line; negative numbers are never used."""
    tail: Int
    """Position of the node where the link starts."""
    head: Int
    """Position of the node where the link ends."""
    mode: NDArray[np.int8]
    """Position in `MODES`."""
    gauge_mm: NDArray[np.int16]
    """0 where the mode has no gauge."""
    km: Float
    time_hours: Float
    """Running time plus dwell when open; finite."""
    cost_usd_per_teu: Float
    """Resource cost."""
    charge_usd_per_teu: Float
    """Toll or fee: income of the economy in `charge_to`."""
    charge_to: Coded
    co2_kg_per_teu: Float
    capacity_teu_per_year: Float
    """inf where none is stated."""
    months: NDArray[np.uint16]
    """Months in which the link is open, one bit each (`ALL_MONTHS`)."""
    kind: Coded
    """``line``, ``crossing`` (leaves a country by rail), ``approach`` (port to sea), ``spur`` (port to rail) or
    ``access`` (a zone's road to a terminal)."""
    country: Coded
    """ISO 3166-1 alpha-2 code; of a crossing the tail's; empty at sea."""
    passage: Coded
    """Named strait, canal or sea route; else empty."""
    name: Coded
    """Name that measures and corridors use: a crossing, a line of the study; else empty."""
    open: Bool
    """False where the link is closed (not built, shut, forbidden)."""
    speed_kmh: Float
    """Speed of the link itself; nan where the speed of its mode, country or passage holds."""
    wait_hours: Float = field(default_factory=lambda: np.zeros(0))
    """Part of `time_hours` that is not running: dwell at a crossing, wait of a passage or for a departure; left
    out: 0 everywhere."""
    departures_per_week: Float = field(default_factory=lambda: np.zeros(0))
    """Departures of the service that runs on the link; nan (everywhere, if left out) where it has no timetable."""

    def __post_init__(self) -> None:
        if not len(self.wait_hours):
            object.__setattr__(self, "wait_hours", np.zeros(len(self.tail)))
        if not len(self.departures_per_week):
            object.__setattr__(self, "departures_per_week", np.broadcast_to(np.float64("nan"), len(self.tail)))
        self._lock()

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.tail)

    @property
    def effective_hours(self) -> Float:
        """Hours from tail to head as things stand, shape (n_links,): inf where closed."""
        return np.where(self.open, self.time_hours, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Transfers(_Columns):
    """Arcs inside nodes, from one mode and gauge to another. All columns have shape (n_transfers,)."""

    node: Int
    from_mode: NDArray[np.int8]
    from_gauge_mm: NDArray[np.int16]
    to_mode: NDArray[np.int8]
    to_gauge_mm: NDArray[np.int16]
    time_hours: Float
    cost_usd_per_teu: Float
    charge_usd_per_teu: Float
    charge_to: Coded
    co2_kg_per_teu: Float
    capacity_teu_per_year: Float
    months: NDArray[np.uint16]
    kind: Coded
    """``port`` (sea to or from land), ``gauge`` (break of gauge), ``terminal`` (road to or from rail)."""
    name: Coded
    """A port's code, a border yard's name; what measures and corridors use."""
    open: Bool
    """False where the transfer is closed."""

    def __post_init__(self) -> None:
        self._lock()

    def __len__(self) -> int:
        """Return the number of transfers."""
        return len(self.node)

    @property
    def effective_hours(self) -> Float:
        """Hours of the transfer as things stand, shape (n_transfers,): inf where closed."""
        return np.where(self.open, self.time_hours, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes, links and transfers; the state of a search on it is (node, mode, gauge).

    Values only: edits give a new network and share the columns that they leave alone.
    """

    nodes: Nodes
    links: Links
    transfers: Transfers

    def __post_init__(self) -> None:
        n = len(self.nodes)
        ends = (self.links.tail, self.links.head, self.transfers.node)
        for values in ends:
            if len(values) and (values.min() < 0 or values.max() >= n):
                raise ValueError(f"A link or transfer stands at a node outside 0 to {n - 1}.")
