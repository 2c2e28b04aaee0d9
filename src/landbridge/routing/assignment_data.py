"""What an assignment takes and gives: a graph with capacities, demand by class, flows with their proof."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Bool, Float, Int, locked
from landbridge.core.matrices import Matrix
from landbridge.core.problems import Problem, refuse
from landbridge.routing.delay import Delays


@dataclass(frozen=True, slots=True, eq=False)
class CapacityGraph:
    """A directed graph whose link times depend on the load.

    Attributes
    ----------
    tail, head
        Node positions of each link, shape (n_links,). Parallel links and loops are allowed.
    n_nodes
        Number of nodes.
    delays
        Delay curve of each link.
    fixed_cost
        What a link costs beside its time (tolls, tariffs), in units of time, >= 0, ``inf`` where a class may not
        pass; shape (n_classes, n_links), or (n_links,) for one row that every class shares. Money is divided by
        the class's value of time.
    preload
        Load that is always there, PCE a period, shape (n_links,).
    first_thru_node
        Nodes before this position are centroids: routes start and end there but do not pass through.
    """

    tail: Int
    head: Int
    n_nodes: int
    delays: Delays
    fixed_cost: Float = field(default_factory=lambda: np.zeros((1, 0)))
    preload: Float = field(default_factory=lambda: np.zeros(0))
    first_thru_node: int = 0

    def __post_init__(self) -> None:
        n_links = len(self.delays)
        fixed = np.atleast_2d(np.asarray(self.fixed_cost, np.float64))
        preload = np.asarray(self.preload, np.float64)
        object.__setattr__(self, "tail", locked(self.tail, np.int64))
        object.__setattr__(self, "head", locked(self.head, np.int64))
        object.__setattr__(self, "fixed_cost", locked(fixed if fixed.shape[1] else np.zeros((1, n_links))))
        object.__setattr__(self, "preload", locked(preload if len(preload) else np.zeros(n_links)))
        refuse(_graph_faults(self))

    @property
    def n_links(self) -> int:
        """Number of links."""
        return len(self.tail)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Trips a period from node to node; rows of the same pair and class add up.

    Attributes
    ----------
    origin, destination
        Node positions, shape (n_rows,). Rows with the same origin and destination use no link.
    value
        Units (vehicles, TEU) a period, >= 0, shape (n_rows,).
    user_class
        Position of the class of each row, shape (n_rows,).
    pce
        Load of one unit of each class on capacity, > 0, shape (n_classes,).
    """

    origin: Int
    destination: Int
    value: Float
    user_class: Int = field(default_factory=lambda: np.zeros(0, np.int64))
    pce: Float = field(default_factory=lambda: np.ones(1))

    def __post_init__(self) -> None:
        kinds = np.asarray(self.user_class, np.int64)
        object.__setattr__(self, "origin", locked(self.origin, np.int64))
        object.__setattr__(self, "destination", locked(self.destination, np.int64))
        object.__setattr__(self, "value", locked(self.value, np.float64))
        rows = len(np.asarray(self.origin))
        object.__setattr__(self, "user_class", locked(kinds if len(kinds) else np.zeros(rows, np.int64)))
        object.__setattr__(self, "pce", locked(np.atleast_1d(np.asarray(self.pce, np.float64))))
        refuse(_demand_faults(self))

    @classmethod
    def of_matrix(cls, trips: Matrix | ArrayLike, *, nodes: ArrayLike | None = None) -> "Demand":
        """Return the non-zero cells of a (Z, Z) matrix; zone z is node ``nodes[z]``, or z itself."""
        values = np.asarray(trips.values if isinstance(trips, Matrix) else trips, np.float64)
        row, column = np.nonzero(values)
        at = np.arange(max(values.shape)) if nodes is None else np.asarray(nodes, np.int64)
        return cls(at[row], at[column], values[row, column])

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.pce)


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """A user equilibrium: nobody has a cheaper route, up to the relative gap.

    Attributes
    ----------
    flow
        Units a period on each link, all classes together, shape (n_links,), in the order of the graph.
    class_flow
        The same by class, shape (n_classes, n_links).
    load
        What the delay curves see: preload plus PCE of all classes, shape (n_links,).
    time
        Time of each link at that load, shape (n_links,).
    least_cost
        Least generalised time of each row of the demand at these times, shape (n_rows,): 0 from a node to itself,
        ``inf`` for a row without units and without a route.
    objective
        Beckmann's: ``sum integral_0^load t + sum pce_k f_ka fixed_ka``, less the integral up to the preload.
    gap_history
        Relative gap before each round; the last is that of `flow`.
    """

    flow: Float
    class_flow: Float
    load: Float
    time: Float
    least_cost: Float
    objective: float
    gap_history: tuple[float, ...]

    @property
    def relative_gap(self) -> float:
        """``(sum v c - sum d u) / sum v c`` at `flow`."""
        return self.gap_history[-1]


def _graph_faults(graph: CapacityGraph) -> list[Problem]:
    n_links = len(graph.delays)
    shapes = {
        "tail": graph.tail.shape == (n_links,),
        "head": graph.head.shape == (n_links,),
        "fixed_cost": graph.fixed_cost.shape[1:] == (n_links,),
        "preload": graph.preload.shape == (n_links,),
    }
    wrong = [name for name, fits in shapes.items() if not fits]
    if wrong:
        return [
            Problem("LB421", f"{name} does not have one value for each of the {n_links} links.", "graph", column=name)
            for name in wrong
        ]
    rules: tuple[tuple[str, Bool, str], ...] = (
        ("tail", (graph.tail < 0) | (graph.tail >= graph.n_nodes), f"Give positions from 0 to {graph.n_nodes - 1}."),
        ("head", (graph.head < 0) | (graph.head >= graph.n_nodes), f"Give positions from 0 to {graph.n_nodes - 1}."),
        ("preload", ~np.isfinite(graph.preload) | (graph.preload < 0), "Give a finite load of 0 or more."),
        ("fixed_cost", ~(np.min(graph.fixed_cost, axis=0) >= 0), "Give costs of 0 or more, inf where closed."),
    )
    return [_rows_problem("LB421", "graph", name, bad, remedy) for name, bad, remedy in rules if bad.any()]


def _demand_faults(demand: Demand) -> list[Problem]:
    rows = (len(demand.origin),)
    wrong = [n for n in ("destination", "value", "user_class") if getattr(demand, n).shape != rows]
    if wrong:
        return [
            Problem("LB422", f"{name} does not have one value for each of the {rows[0]} rows.", "demand", column=name)
            for name in wrong
        ]
    kinds = len(demand.pce)
    rules: tuple[tuple[str, Bool, str], ...] = (
        ("value", ~np.isfinite(demand.value) | (demand.value < 0), "Give a finite number of 0 or more."),
        ("user_class", (demand.user_class < 0) | (demand.user_class >= kinds), f"There are {kinds} classes."),
        ("pce", ~np.isfinite(demand.pce) | (demand.pce <= 0), "Give a finite load above 0 for each class."),
    )
    return [_rows_problem("LB422", "demand", name, bad, remedy) for name, bad, remedy in rules if bad.any()]


def _rows_problem(code: str, file: str, column: str, bad: Bool, remedy: str) -> Problem:
    rows = np.flatnonzero(bad)
    return Problem(code, f"rows {rows[:5].tolist()} ({len(rows)} in all) are out of range. {remedy}", file, 0, column)
