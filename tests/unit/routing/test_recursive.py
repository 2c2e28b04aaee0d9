"""Recursive logit in closed form against counting routes."""

import numpy as np
import pytest

from landbridge.core.problems import InfeasibleError
from landbridge.routing.recursive import (
    ChoiceGraph,
    composite_of_weights,
    reduce_graph,
    solve_recursive,
    spectral_radius,
)


def _graph(n: int, *links: tuple[int, int, float]) -> ChoiceGraph:
    tail, head, cost = zip(*links, strict=True)
    return ChoiceGraph(n, np.array(tail), np.array(head), np.array(cost, float))


DIAMOND = _graph(4, (0, 1, 1.0), (1, 3, 2.0), (0, 2, 2.0), (2, 3, 2.5), (1, 2, 0.5), (0, 3, 5.0))


def _routes(graph: ChoiceGraph, at: int, end: int) -> list[list[int]]:
    """All routes of a graph without loops, as lists of links."""
    if at == end:
        return [[]]
    return [
        [a, *rest]
        for a in np.flatnonzero(graph.tail == at).tolist()
        for rest in _routes(graph, int(graph.head[a]), end)
    ]


@pytest.mark.parametrize("mu", [0.2, 1.0, 5.0])
def test_without_loops_it_is_the_logit_over_all_routes(mu: float) -> None:
    model = solve_recursive(DIAMOND, scale_per_usd=mu)
    routes = _routes(DIAMOND, 0, 3)
    costs = np.array([DIAMOND.cost_usd_per_teu[route].sum() for route in routes])
    weight = np.exp(-mu * costs)
    assert model.composite(np.array([0]), np.array([3]))[0, 0] == pytest.approx(-np.log(weight.sum()) / mu)
    use = np.zeros(6)
    for route, part in zip(routes, weight / weight.sum(), strict=True):
        use[route] += part
    np.testing.assert_allclose(model.link_use(0, 3), use, rtol=1e-12)


def test_as_the_scale_grows_the_cost_tends_to_the_shortest_path() -> None:
    gaps = [
        3.0 - solve_recursive(DIAMOND, scale_per_usd=mu).composite(np.array([0]), np.array([3]))[0, 0]
        for mu in (1, 5, 50)
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(0.0, abs=1e-12)


def test_with_loops_it_is_the_sum_over_walks_that_stop_at_the_destination() -> None:
    graph = _graph(3, (0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0))
    a = np.exp(-1.0)
    # walks 0 1 (0 1)^m 2: sum of a^2 (a^2)^m
    model = solve_recursive(graph, scale_per_usd=1.0)
    assert model.composite(np.array([0]), np.array([2]))[0, 0] == pytest.approx(-np.log(a**2 / (1 - a**2)))
    use = model.link_use(0, 2)
    assert use[2] == pytest.approx(1.0)
    assert use[0] == pytest.approx(1 / (1 - a**2))
    assert use[1] == pytest.approx(a**2 / (1 - a**2))


def test_the_destination_absorbs() -> None:
    graph = _graph(3, (0, 1, 1.0), (1, 2, 1.0), (2, 1, 1.0))
    model = solve_recursive(graph, scale_per_usd=1.0)
    assert model.link_use(0, 1).tolist() == [pytest.approx(1.0), 0.0, 0.0]
    assert model.composite(np.array([0, 1]), np.array([1])).ravel().tolist() == [pytest.approx(1.0), 0.0]


def test_use_is_conserved_at_every_node() -> None:
    rng = np.random.default_rng(5)
    n = 12
    links = [(int(i), int(j), float(1 + 3 * rng.random())) for i, j in rng.integers(0, n, (60, 2)) if i != j]
    graph = _graph(n, *links, *[(i, (i + 1) % n, 2.0) for i in range(n)])
    use = solve_recursive(graph, scale_per_usd=2.0).link_use(0, 7)
    balance = np.bincount(graph.tail, use, n) - np.bincount(graph.head, use, n)
    expected = np.zeros(n)
    expected[[0, 7]] = 1.0, -1.0
    np.testing.assert_allclose(balance, expected, atol=1e-12)


def test_reduction_keeps_the_composite_costs() -> None:
    rng = np.random.default_rng(6)
    n, mu = 15, 1.5
    links = [(int(i), int(j), float(1 + 3 * rng.random())) for i, j in rng.integers(0, n, (50, 2)) if i != j]
    graph = _graph(n, *links, *[(i, (i + 1) % n, 2.0) for i in range(n)])
    kept = np.array([0, 4, 9, 13])
    reduced = composite_of_weights(reduce_graph(graph, kept, scale_per_usd=mu), scale_per_usd=mu)
    np.testing.assert_allclose(
        reduced, solve_recursive(graph, scale_per_usd=mu).composite(kept, kept), rtol=1e-10, atol=1e-12
    )


def test_no_finite_value_is_refused_with_the_scale_that_works() -> None:
    graph = _graph(3, (0, 1, 1.0), (1, 0, 1.0), (0, 0, 1.0), (1, 1, 1.0), (1, 2, 1.0))
    # eigenvalue of [[a, a], [a, a]] is 2a: below 1 from mu = ln 2 on
    with pytest.raises(InfeasibleError, match="take a scale of") as found:
        solve_recursive(graph, scale_per_usd=0.5)
    stated = float(str(found.value).split("take a scale of ")[1].split()[0])
    assert stated >= np.log(2)
    assert solve_recursive(graph, scale_per_usd=stated).spectral_radius == pytest.approx(2 * np.exp(-stated))


def test_free_loops_have_no_value_at_any_scale() -> None:
    with pytest.raises(InfeasibleError, match="cost nothing"):
        solve_recursive(_graph(2, (0, 1, 0.0), (1, 0, 0.0)), scale_per_usd=1.0)


def test_spectral_radius_of_a_large_ring_by_iteration() -> None:
    n = 600
    ring = _graph(n, *[(i, (i + 1) % n, 0.3) for i in range(n)])
    assert spectral_radius(ring, 1.0) == pytest.approx(np.exp(-0.3))
    assert spectral_radius(DIAMOND, 1.0) == 0.0


def test_unreachable_is_infinite_and_has_no_use() -> None:
    model = solve_recursive(DIAMOND, scale_per_usd=1.0)
    assert np.isinf(model.composite(np.array([3]), np.array([0]))[0, 0])
    with pytest.raises(InfeasibleError, match="cannot be reached"):
        model.link_use(3, 0)
