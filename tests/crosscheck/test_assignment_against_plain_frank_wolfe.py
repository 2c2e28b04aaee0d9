"""The bush method against a plain Frank-Wolfe with heapq searches, on random graphs of several kinds."""

import heapq

import numpy as np
import pytest

from landbridge.routing.assignment import assign, beckmann
from landbridge.routing.assignment_data import CapacityGraph, Demand
from landbridge.routing.delay import delay_time, delays


def plain_tree(graph: CapacityGraph, cost: np.ndarray, origin: int) -> tuple[list[float], list[int]]:
    dist, via = [np.inf] * graph.n_nodes, [-1] * graph.n_nodes
    dist[origin] = 0.0
    heap = [(0.0, origin)]
    while heap:
        reach, node = heapq.heappop(heap)
        if reach > dist[node] or (node < graph.first_thru_node and node != origin):
            continue
        for a in np.flatnonzero(graph.tail == node):
            other = int(graph.head[a])
            if reach + cost[a] < dist[other]:
                dist[other], via[other] = reach + cost[a], int(a)
                heapq.heappush(heap, (dist[other], other))
    return dist, via


def all_or_nothing(graph: CapacityGraph, demand: Demand, flow: np.ndarray) -> tuple[np.ndarray, float]:
    """Return PCE flows on least-cost routes at the times of `flow`, and their total cost (PCE x time)."""
    time = delay_time(graph.delays, graph.preload + flow.sum(axis=0))
    loaded, total = np.zeros_like(flow), 0.0
    for kind in range(demand.n_classes):
        cost = time + np.broadcast_to(graph.fixed_cost, flow.shape)[kind]
        for origin in np.unique(demand.origin[demand.user_class == kind]):
            dist, via = plain_tree(graph, cost, int(origin))
            for row in np.flatnonzero((demand.user_class == kind) & (demand.origin == origin)):
                pce = float(demand.value[row] * demand.pce[kind])
                node = int(demand.destination[row])
                total += pce * dist[node]
                while node != origin:
                    loaded[kind, via[node]] += pce
                    node = int(graph.tail[via[node]])
    return loaded, total


def frank_wolfe(graph: CapacityGraph, demand: Demand, rounds: int) -> tuple[float, float]:
    """Return an upper and a lower bound of the least objective (both by convexity), after line searches."""
    flow = np.zeros((demand.n_classes, graph.n_links))
    flow, _ = all_or_nothing(graph, demand, flow)
    lower = -np.inf
    fixed = np.broadcast_to(graph.fixed_cost, flow.shape)
    for _ in range(rounds):
        target, least = all_or_nothing(graph, demand, flow)
        time = delay_time(graph.delays, graph.preload + flow.sum(axis=0))
        lower = max(lower, beckmann(graph, flow) - float(((time + fixed) * flow).sum() - least))
        low, high = 0.0, 1.0
        for _ in range(40):
            step = (low + high) / 2
            at = flow + step * (target - flow)
            slope = ((delay_time(graph.delays, graph.preload + at.sum(axis=0)) + fixed) * (target - flow)).sum()
            low, high = (step, high) if slope < 0 else (low, step)
        flow += low * (target - flow)
    return beckmann(graph, flow), lower


def random_case(seed: int) -> tuple[CapacityGraph, Demand]:
    """Return a strongly connected graph with queues, tolls, zero times, parallel links, zones and two classes."""
    rng = np.random.default_rng(seed)
    n, extra = 12, 26
    ring = np.arange(3, n)
    zone = np.array([0, 1, 2])
    gate = rng.choice(ring, 3, replace=False)
    tail = np.concatenate([ring, np.roll(ring, -1), zone, gate, rng.integers(3, n, extra)])
    head = np.concatenate([np.roll(ring, -1), ring, gate, zone, rng.integers(3, n, extra)])
    m = len(tail)
    curves = delays(
        free_time=np.where(rng.random(m) < 0.2, 0.0, rng.uniform(1, 9, m)),
        capacity=rng.uniform(5, 20, m),
        b=rng.uniform(0.05, 1.0, m),
        power=rng.choice([1.0, 2.0, 3.5, 4.0], m),
        is_queue=rng.random(m) < 0.3,
        queue_limit=0.9,
    )
    graph = CapacityGraph(
        tail, head, n, curves, np.round(rng.uniform(0, 3, (2, m))), rng.uniform(0, 4, m), first_thru_node=3
    )
    rows = 24
    ends = rng.integers(0, n, (2, rows))
    ends = ends[:, ends[0] != ends[1]]
    k = ends.shape[1]
    return graph, Demand(ends[0], ends[1], rng.uniform(0.5, 4, k), rng.integers(0, 2, k), np.array([1.0, 2.5]))


@pytest.mark.parametrize("seed", range(6))
def test_objective_lies_between_the_bounds_of_frank_wolfe(seed: int) -> None:
    graph, demand = random_case(seed)
    upper, lower = frank_wolfe(graph, demand, 60)
    ours = assign(graph, demand, relative_gap=1e-10).objective
    assert lower - 1e-9 * abs(lower) <= ours <= upper + 1e-9 * abs(upper)
    assert upper - lower < 0.05 * upper  # else the bounds say nothing


@pytest.mark.parametrize("seed", range(40))
def test_gap_of_each_class_by_plain_searches_and_balance_at_every_node(seed: int) -> None:
    graph, demand = random_case(seed)
    result = assign(graph, demand, relative_gap=1e-10)
    pce_flow = result.class_flow * demand.pce[:, None]
    spent = float(((result.time + graph.fixed_cost) * pce_flow).sum())
    _, least = all_or_nothing(graph, demand, pce_flow)
    assert (spent - least) / spent <= 1.1e-10
    for kind in range(2):
        of = demand.user_class == kind
        flow = result.class_flow[kind]
        balance = np.bincount(graph.head, flow, graph.n_nodes) - np.bincount(graph.tail, flow, graph.n_nodes)
        wanted = np.bincount(demand.destination[of], demand.value[of], graph.n_nodes) - np.bincount(
            demand.origin[of], demand.value[of], graph.n_nodes
        )
        np.testing.assert_allclose(balance, wanted, atol=1e-11)
