"""Routes under conditions, distinct routes and efficient routes against counting all of them."""

import importlib.util
import itertools
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import ConvergenceError, StudyError
from landbridge.routing.generalised import PLAIN, generalised_cost
from landbridge.routing.hierarchy import price
from landbridge.routing.pareto import pareto_paths
from landbridge.routing.paths import Distinct, Waypoint, best_path, distinct_paths, penalty_paths
from landbridge.routing.skims import hierarchy_of
from landbridge.routing.states import StateGraph, compile_states

_spec = importlib.util.spec_from_file_location("small_networks", Path(__file__).with_name("small_networks.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

NONE = np.zeros(0, np.int64)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))


def _simple_routes(graph: StateGraph, usable: np.ndarray, start: int, end: int) -> list[list[int]]:
    """All routes that pass no vertex twice."""
    found: list[list[int]] = []

    def go(at: int, passed: set[int], route: list[int]) -> None:
        if at == end:
            found.append(route)
            return
        for a in np.flatnonzero((graph.tail == at) & usable).tolist():
            onward = int(graph.head[a])
            if onward not in passed:
                go(onward, passed | {onward}, [*route, a])

    go(start, {start}, [])
    return found


def _graph(seed: int, n: int = 7, m: int = 22) -> StateGraph:
    return compile_states(small.random_network(np.random.default_rng(seed), n, m), places=np.arange(n))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("criteria", [2, 3])
def test_efficient_routes_are_those_that_counting_finds(seed: int, criteria: int) -> None:
    graph = _graph(seed)
    rng = np.random.default_rng(seed + 100)
    costs = rng.integers(1, 8, (graph.n_arcs, criteria)).astype(float)
    costs[~graph.values.open] = np.inf
    start, end = int(graph.departs[0]), int(graph.arrives[5])
    totals = {tuple(costs[r].sum(axis=0)) for r in _simple_routes(graph, graph.values.open, start, end)}
    best = {t for t in totals if not any(o != t and all(a <= b for a, b in zip(o, t, strict=True)) for o in totals)}
    found = pareto_paths(graph, costs, start, end)
    assert {tuple(row) for row in found.costs} == best
    assert len(found.costs) == len(best)
    for row, path in zip(found.costs, found.paths, strict=True):
        np.testing.assert_allclose(costs[path].sum(axis=0), row)


@pytest.mark.parametrize("seed", range(6))
def test_a_tolerance_leaves_a_route_within_it_for_each_efficient_one(seed: int) -> None:
    graph = compile_states(small.grid_network(6), places=np.array([0, 35]))
    costs = 1 + np.random.default_rng(seed).random((graph.n_arcs, 3))
    whole = pareto_paths(graph, costs, int(graph.departs[0]), int(graph.arrives[1]))
    thin = pareto_paths(graph, costs, int(graph.departs[0]), int(graph.arrives[1]), tolerance=0.05)
    assert len(thin.costs) < len(whole.costs)
    for row in whole.costs:
        assert (thin.costs <= 1.05 * row * (1 + 1e-12)).all(axis=1).any()


def test_the_cap_is_told_with_its_remedy() -> None:
    graph = compile_states(small.grid_network(8), places=np.array([0, 63]))
    costs = 1 + np.random.default_rng(0).random((graph.n_arcs, 3))
    with pytest.raises(ConvergenceError, match="allow a tolerance"):
        pareto_paths(graph, costs, int(graph.departs[0]), int(graph.arrives[1]), most_labels=100)
    with pytest.raises(StudyError, match="LB348"):
        pareto_paths(graph, costs[:, :1], 0, 1)


@pytest.mark.parametrize("seed", range(15))
def test_waypoints_are_used_in_their_order_at_least_cost(seed: int) -> None:
    graph = _graph(seed)
    cost = generalised_cost(graph.values, PLAIN) + 0.01
    shortest = np.full((7, 7), np.inf)
    for i in range(7):
        for j in range(7):
            path = best_path(graph, cost, int(graph.departs[i]), int(graph.arrives[j]))
            if path is not None:
                shortest[i, j] = cost[path].sum()
    gate = int(np.flatnonzero(graph.values.open)[3])
    node = {v: i for i, v in enumerate(graph.departs.tolist())}
    via = [Waypoint(NONE, np.array([gate])), Waypoint(graph.departs[[4]].astype(np.int64), NONE)]
    tail, head = node[int(graph.tail[gate])], node[int(graph.head[gate])]
    expected = shortest[0, tail] + cost[gate] + shortest[head, 4] + shortest[4, 6]
    path = best_path(graph, cost, int(graph.departs[0]), int(graph.arrives[6]), via)
    if path is None:
        assert np.isinf(expected)
        return
    assert cost[path].sum() == pytest.approx(expected)
    assert gate in path
    assert (graph.head[path[:-1]] == graph.tail[path[1:]]).all()


def test_three_roads_of_nearly_the_same_length_are_three_routes() -> None:
    # three chains of four links from 0 to 1, joined by nothing, of 4, 4.4, 5 and 6.4 hours
    links, node = [], 2
    for hours in (1.0, 1.1, 1.25, 1.6):
        chain = [0, node, node + 1, node + 2, 1]
        node += 3
        links += [(a, b, hours) for a, b in itertools.pairwise(chain)]
    graph = compile_states(small.make_network(node, small.both_ways(*links)), places=np.array([0, 1]))
    cost = graph.values.hours
    metric = price(hierarchy_of(graph), cost)
    ends = int(graph.departs[0]), int(graph.arrives[1])
    paths = distinct_paths(graph, metric, cost, ends, alternatives=5)
    assert [cost[path].sum() for path in paths] == pytest.approx([4.0, 4.4, 5.0, 6.4])
    within = distinct_paths(graph, metric, cost, ends, alternatives=5, distinct=Distinct(stretch=1.5))
    assert [cost[path].sum() for path in within] == pytest.approx([4.0, 4.4, 5.0])
    assert len(distinct_paths(graph, metric, cost, ends, alternatives=2)) == 2
    by_penalty = penalty_paths(graph, cost, ends, [], alternatives=3)
    assert [cost[path].sum() for path in by_penalty] == pytest.approx([4.0, 4.4, 5.0])


@pytest.mark.parametrize("seed", range(5))
def test_distinct_routes_keep_their_promises(seed: int) -> None:
    network = small.grid_network(12)
    graph = compile_states(network, places=np.array([0, 143]))
    cost = 1 + np.random.default_rng(seed).random(graph.n_arcs)
    metric = price(hierarchy_of(graph), cost)
    ends = int(graph.departs[0]), int(graph.arrives[1])
    rule = Distinct(overlap=0.5, stretch=1.4)
    paths = distinct_paths(graph, metric, cost, ends, alternatives=5, distinct=rule)
    totals = [cost[path].sum() for path in paths]
    best = best_path(graph, cost, *ends)
    assert best is not None
    assert totals[0] == pytest.approx(cost[best].sum())
    assert len(paths) >= 2
    for i, path in enumerate(paths):
        assert (graph.head[path[:-1]] == graph.tail[path[1:]]).all()
        assert totals[i] <= 1.4 * totals[0] * (1 + 1e-12)
        for other in paths[:i]:
            assert cost[np.intersect1d(path, other)].sum() <= 0.5 * max(totals) * (1 + 1e-12)
