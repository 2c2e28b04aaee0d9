"""The hierarchy against scipy's Dijkstra on the whole world network, attributes recomputed from the legs."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from landbridge.core.arrays import Float
from landbridge.network.base import world_network
from landbridge.routing.generalised import FreightClass, generalised_cost
from landbridge.routing.hierarchy import arcs_of
from landbridge.routing.paths import best_path
from landbridge.routing.seasons import in_season, seasons_of
from landbridge.routing.skims import hierarchy_of, meet_season, skim_graph
from landbridge.routing.states import StateGraph, compile_states

CLASSES = (FreightClass("bulk", 12_000.0, 0.3), FreightClass("parts", 150_000.0, 1.0))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[StateGraph, Path]:
    network = world_network()
    rng = np.random.default_rng(11)
    ports = rng.choice(np.flatnonzero(network.nodes.kind.mask("port")), 12, replace=False)
    rails = rng.choice(np.unique(network.links.tail[network.links.mode == 1]), 12, replace=False)
    return compile_states(network, places=np.concatenate([ports, rails])), tmp_path_factory.mktemp("orders")


def _scipy(graph: StateGraph, cost: Float) -> Float:
    """Least costs from every place, by scipy; parallel arcs reduced to the cheapest first."""
    usable = np.flatnonzero(np.isfinite(cost))
    order = usable[np.lexsort((cost[usable], graph.head[usable], graph.tail[usable]))]
    pair = graph.tail[order].astype(np.int64) * graph.n_vertices + graph.head[order]
    keep = order[np.r_[True, pair[1:] != pair[:-1]]]
    shape = (graph.n_vertices, graph.n_vertices)
    # scipy takes a stored 0 as no edge: free connectors get a cost far below 1e-9 of any route
    matrix = sparse.csr_array((np.maximum(cost[keep], 1e-12), (graph.tail[keep], graph.head[keep])), shape=shape)
    distance: Float = dijkstra(matrix, indices=graph.departs)
    return distance


def test_every_attribute_is_recomputed_from_the_legs_and_the_legs_cost_what_scipy_says(
    world: tuple[StateGraph, Path],
) -> None:
    """All pairs, no exception for ties: of routes that tie either may be taken, and its attributes are told."""
    graph, cache = world
    hierarchy = hierarchy_of(graph, cache=cache)
    labels = [str(place) for place in graph.places]
    skims = skim_graph(graph, hierarchy, labels, CLASSES)
    seasons = seasons_of(graph.values.months, graph.values.open)
    attributes = graph.values.attributes()
    columns = ("hours", "usd_per_teu", "charge_usd_per_teu", "km", "co2_kg_per_teu")
    n = len(labels)
    off = ~np.eye(n, dtype=bool)
    for k, freight in enumerate(CLASSES):
        total, carried = np.zeros((n, n)), np.zeros((len(columns), n, n))
        for season in seasons:
            plain = generalised_cost(graph.values, freight)
            cost = np.where(in_season(graph.values.months, season), plain, np.inf)
            distance = _scipy(graph, cost)[:, graph.arrives]
            meeting = meet_season(graph, hierarchy, plain, season)
            total += season.weight * distance
            for i, j in zip(*np.nonzero(off), strict=True):
                legs = arcs_of(meeting, int(i), int(j))
                if not np.isfinite(distance[i, j]):
                    assert len(legs) == 0
                    carried[:, i, j] = np.inf
                    continue
                assert graph.tail[legs[0]] == graph.departs[i]
                assert graph.head[legs[-1]] == graph.arrives[j]
                assert (graph.head[legs[:-1]] == graph.tail[legs[1:]]).all()
                assert cost[legs].sum() == pytest.approx(distance[i, j], rel=1e-9)
                carried[:, i, j] += season.weight * attributes[legs].sum(axis=0)
        np.testing.assert_allclose(skims.generalised_usd_per_teu[k][off], total[off], rtol=1e-9)
        for x, column in enumerate(columns):
            np.testing.assert_allclose(getattr(skims, column)[k][off], carried[x][off], rtol=1e-9, err_msg=column)
        paid = skims.usd_per_teu[k] + freight.usd_per_teu_hour * skims.hours[k]
        np.testing.assert_allclose(paid[off], skims.generalised_usd_per_teu[k][off], rtol=1e-9)


def test_routes_of_the_hierarchy_are_connected_and_cost_what_it_says(world: tuple[StateGraph, Path]) -> None:
    graph, cache = world
    hierarchy = hierarchy_of(graph, cache=cache)
    cost = generalised_cost(graph.values, CLASSES[0])
    season = seasons_of(graph.values.months, graph.values.open)[0]
    meeting = meet_season(graph, hierarchy, cost, season)
    now = np.where(in_season(graph.values.months, season), cost, np.inf)
    for i, j in ((0, 1), (3, 17), (20, 5), (12, 23)):
        legs = arcs_of(meeting, i, j)
        if not np.isfinite(meeting.cost[i, j]):
            assert len(legs) == 0
            continue
        assert graph.tail[legs[0]] == graph.departs[i]
        assert graph.head[legs[-1]] == graph.arrives[j]
        assert (graph.head[legs[:-1]] == graph.tail[legs[1:]]).all()
        assert cost[legs].sum() == pytest.approx(meeting.cost[i, j], rel=1e-12)
        by_search = best_path(graph, now, int(graph.departs[i]), int(graph.arrives[j]))
        assert by_search is not None
        assert cost[by_search].sum() == pytest.approx(meeting.cost[i, j], rel=1e-12)


def test_the_order_that_ignores_places_gives_the_same_answer(world: tuple[StateGraph, Path]) -> None:
    graph, cache = world
    labels = [str(place) for place in graph.places]
    whole = skim_graph(graph, hierarchy_of(graph, cache=cache), labels, CLASSES[:1])
    reused = skim_graph(graph, hierarchy_of(graph, cache=cache, few_places=True), labels, CLASSES[:1])
    np.testing.assert_allclose(reused.generalised_usd_per_teu, whole.generalised_usd_per_teu, rtol=1e-12)
    assert len(list(cache.glob("order-*.npy"))) == 2
