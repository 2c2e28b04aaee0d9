"""Says why no route leads from one place to another: which closed link or missing transfer is in the way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float
from landbridge.network.network import ALL_MONTHS, MODES, Network
from landbridge.routing.generalised import PLAIN, generalised_cost
from landbridge.routing.paths import Waypoint, best_path
from landbridge.routing.seasons import in_season, seasons_of
from landbridge.routing.states import PLACE, StateGraph, compile_states, place_positions, state_name

_MOST = 5


def explain_unreachable(network: Network, origin: str | int, destination: str | int) -> str:
    """Return why a pair of nodes has no route in some month, in one sentence; empty if it has one in each.

    The closed links and transfers that are named are those on the route that would be best if everything
    were open; if not even then there is one, the missing transfer, or the gap, is named.
    """
    ends = [
        place_positions(network, [str(p)] if isinstance(p, str) else np.array([p]))[0] for p in (origin, destination)
    ]
    graph = compile_states(network, places=np.array(ends))
    pair = int(graph.departs[0]), int(graph.arrives[1])
    cost = generalised_cost(graph.values, PLAIN)
    reasons = []
    for season in seasons_of(graph.values.months, graph.values.open):
        now = np.where(in_season(graph.values.months, season), cost, np.inf)
        if not np.isfinite(_reach(graph, now, pair)):
            when = "" if len(season.months) == 12 else f"in months {', '.join(map(str, season.months))}: "
            reasons.append(when + why_unreachable(network, graph, now, pair))
    return "; ".join(reasons)


def why_unreachable(
    network: Network, graph: StateGraph, cost: Float, ends: tuple[int, int], via: Sequence[Waypoint] = ()
) -> str:
    """Return why the second vertex cannot be reached from the first, by the waypoints, over arcs of finite cost."""
    shut = ~np.isfinite(cost)
    # as few closed arcs as possible: one costs more than any way that is open
    open_cost = generalised_cost(graph.values, PLAIN)
    plain = np.where(np.isfinite(open_cost), open_cost, 0.0)
    trial = np.where(shut, plain.sum() + 1.0, plain)
    path = best_path(graph, trial, *ends, via)
    if path is not None:
        barred = path[shut[path]].tolist()
        names = list(dict.fromkeys(_arc_name(network, graph, arc) for arc in barred))
        words = names[:_MOST]
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        return f"closed on the way: {', '.join(words)}{more}"
    return _missing(network, graph, ends)


def _reach(graph: StateGraph, cost: Float, ends: tuple[int, int]) -> float:
    from landbridge.routing import kernel_search

    start, arcs = kernel_search.rows(graph.n_vertices, graph.tail)
    source = np.array([ends[0]], np.int32)
    distance, _ = kernel_search.search(start, arcs, graph.head, cost, source, np.zeros(1), ends[1], np.inf)
    return float(distance[ends[1]])


def _arc_name(network: Network, graph: StateGraph, arc: int) -> str:
    link, transfer = graph.link_of(arc), graph.transfer_of(arc)
    tail, head = (state_name(graph, network, int(v)) for v in (graph.tail[arc], graph.head[arc]))
    if link >= 0:
        country = network.links.country[link]
        plain = f"{MODES[int(network.links.mode[link])]} in {country}" if country else f"{tail} - {head}"
        name = network.links.name[link] or network.links.passage[link] or plain
        months = int(network.links.months[link])
        seasonal = network.links.open[link] and months != ALL_MONTHS
        return f"{name} (open in months {_months(months)})" if seasonal else name
    name = network.transfers.name[transfer]
    return f"transfer {tail} - {head}" + (f" at {name}" if name else "")


def _months(mask: int) -> str:
    return ", ".join(str(month + 1) for month in range(12) if mask >> month & 1)


def _missing(network: Network, graph: StateGraph, ends: tuple[int, int]) -> str:
    """Return the transfer that would join what is reached to what reaches the destination, or that none would."""
    ahead = _closure(graph.n_vertices, graph.tail, graph.head, ends[0])
    behind = _closure(graph.n_vertices, graph.head, graph.tail, ends[1])
    if ahead.sum() == 1:
        return f"no link or transfer leaves {state_name(graph, network, ends[0])}"
    if behind.sum() == 1:
        return f"no link or transfer arrives at {state_name(graph, network, ends[1])}"
    real = graph.mode != PLACE
    shared = np.intersect1d(graph.node[ahead & real], graph.node[behind & real])
    if len(shared):
        node = int(shared[0])
        here = np.flatnonzero((graph.node == node) & real)
        one = next(int(v) for v in here if ahead[v])
        two = next(int(v) for v in here if behind[v])
        return f"no transfer from {state_name(graph, network, one)} to {_mode(graph, two)} at the same place"
    return (
        f"no link joins the {int(ahead.sum())} states reached from {state_name(graph, network, ends[0])} to the "
        f"{int(behind.sum())} states that lead to {state_name(graph, network, ends[1])}"
    )


def _mode(graph: StateGraph, vertex: int) -> str:
    gauge = f" of {graph.gauge_mm[vertex]} mm" if graph.gauge_mm[vertex] else ""
    return f"{MODES[int(graph.mode[vertex])]}{gauge}"


def _closure(n: int, tail: NDArray[np.int32], head: NDArray[np.int32], start: int) -> Bool:
    """Return which vertices can be reached from one, shape (n,)."""
    from scipy import sparse

    ones = np.ones(len(tail), np.int8)
    graph = sparse.csr_array((ones, (tail, head)), shape=(n, n))
    reached = np.zeros(n, dtype=np.bool_)
    reached[sparse.csgraph.breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached
