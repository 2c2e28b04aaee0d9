"""The rounds of the bush method: arrays for the kernels, one bush a class and origin, until the gap is small."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int
from landbridge.routing.assignment_data import CapacityGraph, Demand
from landbridge.routing.kernel_assignment_balance import balance
from landbridge.routing.kernel_assignment_bushes import (
    Bushes,
    Pool,
    Work,
    class_flows,
    revise_bushes,
    start_bushes,
)
from landbridge.routing.kernel_assignment_links import (
    BASE,
    LIMIT,
    LOAD,
    POWER,
    RATE,
    RISE,
    LinkArrays,
    LinkState,
    set_links,
)

PASSES = 12
"""Sweeps over all bushes between two measurements of the gap: measured best of 3 to 20 on the test networks."""


class Solution(NamedTuple):
    """Flows in PCE (n_classes, n_links), least costs and rows without a route (n_rows,), gaps by round."""

    pce_flow: Float
    least_cost: Float
    missing: Bool
    gaps: tuple[float, ...]


def equilibrate(network: CapacityGraph, demand: Demand, *, relative_gap: float, max_rounds: int) -> Solution:
    """Run rounds until the gap is reached, a pair has no route, or `max_rounds` have passed."""
    rows = _assigned_rows(demand)
    bushes = _bushes(demand, rows)
    links = _link_arrays(network, demand.n_classes)
    state = _link_state(network)
    set_links(state)
    work = _work(network.n_nodes, network.n_links)
    pool = _pool(len(bushes.origin), network.n_nodes, len(bushes.origin) * network.n_nodes)
    lost = np.zeros(len(rows), np.uint8)
    start_bushes(links, state, bushes, pool, work, lost)
    missing = np.zeros(len(demand.value), np.bool_)
    missing[rows] = lost.astype(np.bool_) & (demand.value[rows] > 0.0)
    cost = np.zeros(len(rows))
    gaps: list[float] = []
    while not missing.any():
        set_links(state)
        pool, load, gap = _revise(links, state, bushes, pool, work, cost)
        state.curve[:, LOAD] = network.preload + load
        gaps.append(gap)
        if gap <= relative_gap or len(gaps) > max_rounds:
            break
        set_links(state)
        balance(links, state, bushes, pool, work, PASSES)
    flow = np.zeros((demand.n_classes, network.n_links))
    class_flows(bushes, pool, flow)
    least = np.zeros(len(demand.value))
    least[rows] = cost
    return Solution(flow, least, missing, tuple(gaps))


def _revise(
    links: LinkArrays, state: LinkState, bushes: Bushes, pool: Pool, work: Work, cost: Float
) -> tuple[Pool, Float, float]:
    """Measure the gap and write all bushes anew; return them, the load (PCE) of their flows, and the gap."""
    n_bushes = len(bushes.origin)
    n_links = len(links.tail)
    n_nodes = len(work.dist)
    load = np.zeros(n_links)
    sums = np.zeros(2)
    used = int(pool.first_arc[pool.first_node[n_bushes]])
    fresh = _pool(n_bushes, n_nodes, used + used // 4 + n_links)
    done = 0
    while True:
        done = revise_bushes(links, state, bushes, pool, fresh, work, load, cost, sums, done)
        if done == n_bushes:
            break
        fresh = _with_more_arcs(fresh, len(fresh.link) + n_links)
    return fresh, load, float(sums[0] / sums[1]) if sums[1] > 0.0 else 0.0


def _assigned_rows(demand: Demand) -> Int:
    """Return the rows between two nodes, sorted by class and origin; rows without units ask for a least cost."""
    rows = np.flatnonzero(demand.origin != demand.destination)
    return rows[np.lexsort((demand.origin[rows], demand.user_class[rows]))]


def _bushes(demand: Demand, rows: Int) -> Bushes:
    kind = demand.user_class[rows]
    origin = demand.origin[rows]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (kind[1:] != kind[:-1]) | (origin[1:] != origin[:-1])
    first = np.flatnonzero(new)
    return Bushes(
        kind=kind[first].astype(np.int32),
        origin=origin[first].astype(np.int32),
        first_row=np.append(first, len(rows)).astype(np.int64),
        node=demand.destination[rows].astype(np.int32),
        value=demand.value[rows] * demand.pce[kind],
    )


def _link_arrays(network: CapacityGraph, n_classes: int) -> LinkArrays:
    """Return the graph for the kernels, links that a class may not use and loops marked as closed."""
    fixed = np.broadcast_to(network.fixed_cost, (n_classes, network.n_links))
    is_open = np.isfinite(fixed) & np.isfinite(network.delays.free_time) & (network.tail != network.head)
    out_link = np.argsort(network.tail, kind="stable")
    first_out = np.searchsorted(network.tail[out_link], np.arange(network.n_nodes + 1))
    return LinkArrays(
        tail=network.tail.astype(np.int32),
        head=network.head.astype(np.int32),
        first_out=first_out.astype(np.int32),
        out_link=out_link.astype(np.int32),
        fixed=np.where(is_open, fixed, 0.0),
        is_open=is_open.astype(np.uint8),
        first_thru=network.first_thru_node,
    )


def _link_state(network: CapacityGraph) -> LinkState:
    """Return the curves for the kernels at the preload, with flat ones folded into their base."""
    curves = network.delays
    base = np.where(np.isfinite(curves.free_time), curves.free_time, 0.0)
    rise = np.where(curves.is_queue, curves.b, base * curves.b)
    flat = ~curves.is_queue & (curves.power == 0.0)
    rate = np.zeros(network.n_links)
    np.divide(1.0, curves.capacity, out=rate, where=curves.capacity > 0.0)
    curve = np.zeros((network.n_links, 8))
    curve[:, LOAD] = network.preload
    curve[:, BASE] = base + np.where(flat, rise, 0.0)
    curve[:, RISE] = np.where(flat | (rate == 0.0), 0.0, rise)
    curve[:, RATE] = rate
    curve[:, POWER] = curves.power
    curve[:, LIMIT] = np.where(curves.is_queue, curves.queue_limit, 0.0)
    return LinkState(np.zeros(network.n_links), curve)


def _work(n_nodes: int, n_links: int) -> Work:
    def numbers(size: int = n_nodes) -> Float:
        return np.zeros(size)

    def places(size: int = n_nodes) -> NDArray[np.int32]:
        return np.zeros(size, np.int32)

    return Work(
        dist=numbers(),
        most=numbers(),
        through=numbers(),
        beat=numbers(),
        via=places(),
        order=places(),
        heap=places(),
        place=places(),
        waiting=np.zeros(n_nodes, np.uint8),
        low_arc=np.zeros(n_nodes, np.int64),
        main_arc=np.zeros(n_nodes, np.int64),
        first_in=places(),
        first_out=places(),
        indegree=places(),
        next_in=places(n_links),
        next_out=places(n_links),
        arc_link=places(n_links),
        arc_flow=numbers(n_links),
    )


def _pool(n_bushes: int, n_nodes: int, n_arcs: int) -> Pool:
    return Pool(
        first_node=np.zeros(n_bushes + 1, np.int64),
        node=np.empty(n_bushes * n_nodes, np.int32),
        first_arc=np.zeros(n_bushes * n_nodes + 1, np.int64),
        link=np.empty(n_arcs, np.int32),
        tail=np.empty(n_arcs, np.int32),
        flow=np.empty(n_arcs),
    )


def _with_more_arcs(pool: Pool, more: int) -> Pool:
    return pool._replace(
        link=np.append(pool.link, np.empty(more, np.int32)),
        tail=np.append(pool.tail, np.empty(more, np.int32)),
        flow=np.append(pool.flow, np.empty(more)),
    )
