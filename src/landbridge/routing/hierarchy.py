"""A contraction hierarchy of a graph: built once, priced for each class and season, asked for whole matrices."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.digests import digest

Int32 = NDArray[np.int32]
_DIRECTIONS = np.array(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]],
    dtype=np.float64,
)
_DEGREE = 3
"""Vertices of at most this many neighbours are contracted before the rest is dissected."""
_METHOD = 2
"""Number of the way of ordering: orders kept by another one are not used."""


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """The chordal completion of a graph in a contraction order; knows no cost (V vertices, E arcs).

    Vertices are numbered by rank inside. Every shortest path has an equal one that first climbs and then
    descends in rank (Dibbelt, Strasser and Wagner 2016), and all that can be met by climbing from a vertex are
    its ancestors in the elimination tree: one path to the root.
    """

    rank: Int32
    """Rank of each vertex of the graph, shape (V,)."""
    up_start: Int32
    up_head: Int32
    arc_low: Int32
    parent: Int32
    depth: Int32
    slots: Int32
    """Place in the hierarchy of each arc of the graph; -1 for a loop."""
    upward: Bool

    @property
    def n_slots(self) -> int:
        """Number of arcs in the hierarchy."""
        return len(self.up_head)


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """A hierarchy priced with one cost per arc of the graph."""

    hierarchy: Hierarchy
    up: Float
    down: Float
    made_up: Int32
    made_down: Int32
    side_up: Int32
    side_down: Int32


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """Best upward routes from some vertices (or to them): rows per vertex, columns by depth in the tree."""

    vertices: Int32
    ancestor: Int32
    cost: Float
    last: Int32


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Best routes between rows and columns: cost, the depth where the two climbs meet, and the climbs."""

    metric: Metric
    origin: Climb
    destination: Climb
    cost: Float
    """Shape (rows, columns); inf where there is no route."""
    at: Int32
    """Shape (rows, columns); -1 where there is no route."""


def build_hierarchy(
    n: int, tail: Int32, head: Int32, point: Float, *, cache: Path | None = None, order: Int32 | None = None
) -> Hierarchy:
    """Return the hierarchy of a graph.

    Parameters
    ----------
    n
        Number of vertices.
    tail, head
        Ends of each arc, shape (n_arcs,). Loops and parallel arcs are accepted.
    point
        Vertices on the unit sphere, shape (n, 3); only the quality of the order rests on them.
    cache
        Folder that keeps contraction orders by the digest of the graph; None keeps nothing.
    order
        A contraction order to use instead, shape (n,).
    """
    from landbridge.routing import kernel_hierarchy, kernel_order

    tail, head = np.ascontiguousarray(tail, np.int32), np.ascontiguousarray(head, np.int32)
    if order is None:
        order = contraction_order(n, tail, head, point, cache=cache)
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    start, adjacent, _ = kernel_order.undirected(n, rank[tail], rank[head])
    up_start, up_head, parent = kernel_hierarchy.complete(n, start, adjacent)
    slots, upward = kernel_hierarchy.place_arcs(up_start, up_head, rank[tail], rank[head])
    return Hierarchy(
        rank=rank,
        up_start=up_start,
        up_head=up_head,
        arc_low=np.repeat(np.arange(n, dtype=np.int32), np.diff(up_start)),
        parent=parent,
        depth=kernel_hierarchy.depths(parent),
        slots=slots,
        upward=upward,
    )


def contraction_order(n: int, tail: Int32, head: Int32, point: Float, *, cache: Path | None = None) -> Int32:
    """Return the vertices in contraction order, from the cache where it holds this graph, shape (n,).

    Vertices of at most three neighbours come first, in rounds (`kernel_reduce`); what is left is dissected.
    """
    from landbridge.routing import kernel_order, kernel_reduce

    start, adjacent, _ = kernel_order.undirected(n, tail, head)
    file = None
    if cache is not None:
        file = cache / f"order-{digest((_METHOD, start, adjacent))[:32]}.npy"
        if file.is_file():
            kept: Int32 = np.load(file)
            if kept.shape == (n,):
                return kept
    out, left, core_start, core = kernel_reduce.reduce_graph(start, adjacent, _DEGREE)
    last = kernel_order.dissection_order(
        core_start,
        core,
        kernel_reduce.twins(core_start, core),
        np.ascontiguousarray(point, np.float64)[left],
        _DIRECTIONS,
    )
    order: Int32 = kernel_reduce.along_tree(start, adjacent, np.concatenate([out, left[last]]))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = file.with_suffix(f".{os.getpid()}.npy")
        np.save(written, order)
        written.replace(file)
    return order


def cache_folder() -> Path:
    """Return where contraction orders are kept: ``LANDBRIDGE_CACHE``, else the user's cache folder."""
    stated = os.environ.get("LANDBRIDGE_CACHE")
    if stated:
        return Path(stated)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "landbridge" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "landbridge"


def price(hierarchy: Hierarchy, arc_cost: Float) -> Metric:
    """Return the hierarchy with costs, shape (n_arcs,); inf closes an arc, 0 is a cost like any other."""
    from landbridge.routing import kernel_hierarchy

    priced = kernel_hierarchy.customise(
        hierarchy.up_start,
        hierarchy.up_head,
        hierarchy.slots,
        hierarchy.upward,
        np.ascontiguousarray(arc_cost, np.float64),
    )
    return Metric(hierarchy, *priced)


def meet(metric: Metric, origins: Int | Int32, destinations: Int | Int32) -> Meeting:
    """Return the best routes between all origins and destinations (vertices of the graph)."""
    from landbridge.routing import kernel_hierarchy

    origin = _climb(metric, origins, metric.up)
    destination = _climb(metric, destinations, metric.down)
    cost, at = kernel_hierarchy.meet(origin.ancestor, origin.cost, destination.ancestor, destination.cost)
    return Meeting(metric, origin, destination, cost, at)


def carry(meeting: Meeting, values: Float) -> Float:
    """Return sums of arc values [n_arcs, k] along each best route, shape (k, rows, columns); inf where none."""
    from landbridge.routing import kernel_hierarchy

    metric, h = meeting.metric, meeting.metric.hierarchy
    up, down = kernel_hierarchy.carry(
        metric.made_up,
        metric.made_down,
        metric.side_up,
        metric.side_down,
        meeting.origin.last,
        meeting.destination.last,
        np.ascontiguousarray(values, np.float64),
    )
    out = kernel_hierarchy.carry_climb(meeting.origin.ancestor, meeting.origin.last, h.arc_low, h.depth, up)
    back = kernel_hierarchy.carry_climb(
        meeting.destination.ancestor, meeting.destination.last, h.arc_low, h.depth, down
    )
    total: Float = kernel_hierarchy.gather(meeting.at, out, back)
    return total


def load(meeting: Meeting, flow: Float) -> Float:
    """Return the flow on each arc of the graph when `flow` [rows, columns] takes the best routes, shape (n_arcs,).

    Flow between a pair without a route is left out: look at `Meeting.at` for it.
    """
    from landbridge.routing import kernel_hierarchy

    metric, h = meeting.metric, meeting.metric.hierarchy
    flow = np.ascontiguousarray(flow, np.float64)
    up, down = np.zeros(h.n_slots), np.zeros(h.n_slots)
    out, back = meeting.origin, meeting.destination
    kernel_hierarchy.spread(meeting.at, flow, out.ancestor, out.last, h.arc_low, h.depth, up)
    at, turned = np.ascontiguousarray(meeting.at.T), np.ascontiguousarray(flow.T)
    kernel_hierarchy.spread(at, turned, back.ancestor, back.last, h.arc_low, h.depth, down)
    arc_flow = np.zeros(len(h.slots))
    kernel_hierarchy.unpack_flows(
        metric.made_up, metric.made_down, metric.side_up, metric.side_down, up, down, arc_flow
    )
    return arc_flow


def arcs_of(meeting: Meeting, row: int, column: int, *, at: int | None = None) -> Int:
    """Return the arcs of the graph along one best route, in order; empty where there is none or it is a point.

    Parameters
    ----------
    at
        Depth of another ancestor to pass instead of the best one.
    """
    from landbridge.routing import kernel_hierarchy

    metric, h = meeting.metric, meeting.metric.hierarchy
    depth = int(meeting.at[row, column]) if at is None else at
    if depth < 0:
        return np.zeros(0, np.int64)
    out = _chain(meeting.origin.last[row], depth, h)[::-1]
    back = _chain(meeting.destination.last[column], depth, h)
    slots = np.array(out + back, dtype=np.int32)
    upward = np.arange(len(slots)) < len(out)
    arcs: Int32 = kernel_hierarchy.unpack_route(
        slots, upward, metric.made_up, metric.made_down, metric.side_up, metric.side_down
    )
    return arcs.astype(np.int64)


def least_costs_to(metric: Metric, vertex: int) -> Float:
    """Return the least cost from every vertex of the graph to one, shape (V,); inf where there is no route."""
    from landbridge.routing import kernel_plateau

    h = metric.hierarchy
    distance, _ = kernel_plateau.sweep(int(h.rank[vertex]), h.up_start, h.up_head, h.parent, metric.down, metric.up)
    by_vertex: Float = distance[h.rank]
    return by_vertex


def _chain(last: Int32, depth: int, hierarchy: Hierarchy) -> list[int]:
    """Return the hierarchy arcs from an ancestor down to the vertex of the row."""
    chain = []
    while last[depth] >= 0:
        chain.append(int(last[depth]))
        depth = int(hierarchy.depth[hierarchy.arc_low[chain[-1]]])
    return chain


def _climb(metric: Metric, vertices: Int | Int32, cost: Float) -> Climb:
    from landbridge.routing import kernel_hierarchy

    h = metric.hierarchy
    ranks = h.rank[np.asarray(vertices, dtype=np.int64)]
    ancestor, best, last = kernel_hierarchy.climb(ranks, h.up_start, h.up_head, h.parent, h.depth, cost)
    return Climb(ranks, ancestor, best, last)
