"""Arcs of one best route under conditions, and of several distinct routes by plateaus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int
from landbridge.routing.hierarchy import Metric
from landbridge.routing.plain_search import quickest_search
from landbridge.routing.states import StateGraph

Int32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Waypoint:
    """What a route must use: one of some vertices, or one of some arcs, of which one list may be empty."""

    vertices: Int
    arcs: Int


@dataclass(frozen=True, slots=True)
class Distinct:
    """When routes count as distinct.

    Attributes
    ----------
    overlap
        Largest part of a route's cost that it may share with any route before it.
    stretch
        Largest cost, as a multiple of the best route's.
    """

    overlap: float = 0.7
    stretch: float = 2.0


DISTINCT = Distinct()


def best_path(
    graph: StateGraph, cost: Float, origin: int, destination: int, via: Sequence[Waypoint] = ()
) -> Int | None:
    """Return the arcs of the best route that uses the waypoints in their order; None where there is none.

    Exact: a search per waypoint, which starts at all vertices that meet it with the costs of the search before.
    """
    search = quickest_search()
    n = graph.n_vertices
    sources, source_cost = np.array([origin], np.int32), np.zeros(1)
    entry = np.full(graph.n_vertices, -1, np.int64)
    trees: list[tuple[Int32, Int]] = []
    for waypoint in via:
        distance, last = search(n, graph.tail, graph.head, cost, sources, source_cost, -1)
        trees.append((last, entry))
        through = distance[graph.tail[waypoint.arcs]] + cost[waypoint.arcs]
        vertices = np.concatenate([waypoint.vertices, graph.head[waypoint.arcs]]).astype(np.int32)
        costs = np.concatenate([distance[waypoint.vertices], through])
        gate = np.concatenate([np.full(len(waypoint.vertices), -1), waypoint.arcs]).astype(np.int64)
        best = np.lexsort((costs, vertices))
        best = best[np.r_[True, vertices[best][1:] != vertices[best][:-1]]] if len(best) else best
        best = best[np.isfinite(costs[best])]
        sources, source_cost = vertices[best], costs[best]
        entry = np.full(graph.n_vertices, -1, np.int64)
        entry[sources] = gate[best]
    distance, last = search(n, graph.tail, graph.head, cost, sources, source_cost, destination)
    if not np.isfinite(distance[destination]):
        return None
    trees.append((last, entry))
    return _walk_back(graph, trees, destination)


def _walk_back(graph: StateGraph, trees: list[tuple[Int32, Int]], destination: int) -> Int:
    """Return the arcs from the origin to the destination through the trees, the last tree first."""
    route: list[int] = []
    at = destination
    for last, entry in reversed(trees):
        while last[at] >= 0:
            route.append(int(last[at]))
            at = int(graph.tail[last[at]])
        if entry[at] >= 0:
            route.append(int(entry[at]))
            at = int(graph.tail[entry[at]])
    return np.array(route[::-1], dtype=np.int64)


def distinct_paths(
    graph: StateGraph,
    metric: Metric,
    cost: Float,
    ends: tuple[int, int],
    *,
    alternatives: int,
    distinct: Distinct = DISTINCT,
) -> list[Int]:
    """Return the arcs of up to `alternatives` distinct routes, the best one first.

    Plateau method (Jones 2012; Abraham, Delling, Goldberg and Werneck 2013): the shortest-path tree from the
    origin and the one to the destination share chains of arcs; each chain gives a route, best to it and best
    from it, ranked by cost less the length of the chain. A route is kept if it passes no vertex twice, costs at
    most ``stretch`` times the best, and shares at most ``overlap`` of its cost with every route kept before.
    """
    from landbridge.routing import kernel_plateau

    h = metric.hierarchy
    origin, destination = int(h.rank[ends[0]]), int(h.rank[ends[1]])
    ahead, out = kernel_plateau.sweep(origin, h.up_start, h.up_head, h.parent, metric.up, metric.down)
    behind, back = kernel_plateau.sweep(destination, h.up_start, h.up_head, h.parent, metric.down, metric.up)
    best = ahead[destination]
    if not np.isfinite(best):
        return []
    first, length, total = kernel_plateau.plateaus(
        graph.tail, graph.head, cost, ahead[h.rank], behind[h.rank], best * distinct.stretch
    )
    ranked = np.argsort(total - length, kind="stable")
    kept: list[Int] = [_through(metric, out, back, destination)]
    used: list[Bool] = [_mask(graph, kept[0])]
    for p in ranked.tolist():
        if len(kept) >= alternatives:
            break
        if length[p] < (1.0 - distinct.overlap) * total[p] * 0.1:
            continue
        path = _through(metric, out, back, int(h.rank[first[p]]))
        shares = [cost[path[mask[path]]].sum() / max(total[p], 1e-300) for mask in used]
        if max(shares) <= distinct.overlap and _is_simple(graph, path):
            kept.append(path)
            used.append(_mask(graph, path))
    return sorted(kept, key=lambda path: float(cost[path].sum()))


def penalty_paths(
    graph: StateGraph,
    cost: Float,
    ends: tuple[int, int],
    via: Sequence[Waypoint],
    *,
    alternatives: int,
    distinct: Distinct = DISTINCT,
) -> list[Int]:
    """Return the arcs of up to `alternatives` distinct routes that use the waypoints, the best one first.

    Penalty method (de la Barra and others 1993): the arcs of each route found cost 1.2 times as much in the
    next search. A route is kept if it is within `stretch` and shares at most `overlap` of its cost with every
    route kept before; at most twelve searches a route.
    """
    penalised = cost.copy()
    kept: list[Int] = []
    used: list[Bool] = []
    best = np.inf
    for _ in range(12 * alternatives):
        path = best_path(graph, penalised, *ends, via)
        if path is None or len(kept) >= alternatives:
            break
        total = float(cost[path].sum())
        best = min(best, total)
        if total > best * distinct.stretch:
            break
        if all(cost[path[mask[path]]].sum() <= distinct.overlap * total for mask in used):
            kept.append(path)
            used.append(_mask(graph, path))
        penalised[path] *= 1.2
    return sorted(kept, key=lambda path: float(cost[path].sum()))


def _through(metric: Metric, out: Int32, back: Int32, first: int) -> Int:
    """Return the arcs of the route from the origin over the vertex `first` to the destination."""
    from landbridge.routing import kernel_hierarchy, kernel_plateau

    h = metric.hierarchy
    slots, climbs = kernel_plateau.chain(first, out, h.up_head, h.arc_low)
    onward, falls = kernel_plateau.chain(first, back, h.up_head, h.arc_low)
    # the second chain runs backwards from the destination: turn it round, and climbing into descending
    joined = np.concatenate([slots, onward[::-1]])
    upward = np.concatenate([climbs, ~falls[::-1]])
    arcs: Int32 = kernel_hierarchy.unpack_route(
        joined, upward, metric.made_up, metric.made_down, metric.side_up, metric.side_down
    )
    return arcs.astype(np.int64)


def _mask(graph: StateGraph, path: Int) -> Bool:
    mask = np.zeros(graph.n_arcs, dtype=np.bool_)
    mask[path] = True
    return mask


def _is_simple(graph: StateGraph, path: Int) -> bool:
    heads = graph.head[path]
    return len(np.unique(heads)) == len(heads) and not (heads == graph.tail[path[0]]).any()
