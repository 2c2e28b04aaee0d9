"""User equilibrium: answers by hand on small graphs, and what is refused."""

import numpy as np
import pytest

from landbridge.core.matrices import Matrix
from landbridge.core.problems import ConvergenceError, StudyError
from landbridge.routing.assignment import assign, beckmann
from landbridge.routing.assignment_data import CapacityGraph, Demand
from landbridge.routing.delay import Delays, bpr, delays, queue


def linear(constant: list[float], slope: list[float]) -> Delays:
    """Return t = constant + slope v as a queue-free curve: t0 (1 + b v) with capacity 1, or b v on no time."""
    t0 = np.array(constant)
    return bpr(t0, 1.0, np.divide(slope, t0, out=np.zeros(len(t0)), where=t0 > 0), 1.0)


def trips(*rows: tuple[int, int, float]) -> Demand:
    origin, destination, value = zip(*rows, strict=True)
    return Demand(np.array(origin), np.array(destination), np.array(value, float))


def test_two_links_share_flow_until_their_times_are_equal() -> None:
    # 10 + v1 = 15 + v2, v1 + v2 = 25: v1 = 15, v2 = 10, both 25.
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, linear([10, 15], [1, 1]))
    result = assign(graph, trips((0, 1, 25.0)), relative_gap=1e-12)
    np.testing.assert_allclose(result.flow, [15.0, 10.0], rtol=1e-9)
    np.testing.assert_allclose(result.time, [25.0, 25.0], rtol=1e-9)
    np.testing.assert_allclose(result.least_cost, [25.0], rtol=1e-9)
    assert result.objective == pytest.approx(10 * 15 + 15**2 / 2 + 15 * 10 + 10**2 / 2)


def test_a_cheap_link_takes_all_until_it_is_dearer_than_the_other() -> None:
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, linear([10, 50], [1, 1]))
    result = assign(graph, trips((0, 1, 25.0)))
    np.testing.assert_array_equal(result.flow, [25.0, 0.0])
    assert result.relative_gap == 0.0


def test_braess_closing_the_middle_link_shortens_everybodys_way() -> None:
    # Braess (1968): 6 units; 0-1 and 2-3 cost 10 v, 0-2 and 1-3 cost 50 + v, 1-2 costs 10 + v.
    # With the middle link every route takes 92 (flows 4, 2, 2, 4, 2), without it 83 (3 on each side).
    # t = 10 v is written with a free time of 1e-9, as BPR scales with it.
    tail, head = np.array([0, 0, 1, 2, 1]), np.array([1, 2, 3, 3, 2])
    open_ = CapacityGraph(tail, head, 4, linear([1e-9, 50, 50, 1e-9, 10], [10, 1, 1, 10, 1]))
    shut = CapacityGraph(tail, head, 4, linear([1e-9, 50, 50, 1e-9, np.inf], [10, 1, 1, 10, 0]))
    with_link = assign(open_, trips((0, 3, 6.0)), relative_gap=1e-12)
    without = assign(shut, trips((0, 3, 6.0)), relative_gap=1e-12)
    np.testing.assert_allclose(with_link.flow, [4, 2, 2, 4, 2], rtol=1e-8)
    np.testing.assert_allclose(with_link.least_cost, [92.0], rtol=1e-8)
    np.testing.assert_allclose(without.flow, [3, 3, 3, 3, 0], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(without.least_cost, [83.0], rtol=1e-8)
    assert without.time[4] == np.inf


def test_a_toll_in_units_of_time_moves_flow_as_time_does() -> None:
    # 10 + 5 + v1 = 15 + v2: an even split.
    graph = CapacityGraph(
        np.array([0, 0]), np.array([1, 1]), 2, linear([10, 15], [1, 1]), fixed_cost=np.array([5.0, 0])
    )
    result = assign(graph, trips((0, 1, 20.0)), relative_gap=1e-12)
    np.testing.assert_allclose(result.flow, [10.0, 10.0], rtol=1e-9)
    np.testing.assert_allclose(result.time, [20.0, 25.0], rtol=1e-9)


def test_preload_counts_for_delay_but_is_no_flow() -> None:
    # Ten units stand on link 0: 10 + 10 + v1 = 15 + v2 with 25 units: v1 = 10, v2 = 15.
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, linear([10, 15], [1, 1]), preload=np.array([10.0, 0]))
    result = assign(graph, trips((0, 1, 25.0)), relative_gap=1e-12)
    np.testing.assert_allclose(result.flow, [10.0, 15.0], rtol=1e-9)
    np.testing.assert_allclose(result.load, [20.0, 15.0], rtol=1e-9)
    assert result.objective == pytest.approx(10 * 10 + (20**2 - 10**2) / 2 + 15 * 15 + 15**2 / 2)


def test_classes_share_capacity_and_choose_by_their_own_costs() -> None:
    # Link 0: 1 + v / 10; link 1: 3. Class 1 pays 1 on link 0 and loads 2 PCE a unit. With 5 units of class 0 (all on
    # link 0) class 1 is indifferent at v = 10, so 2.5 of its 8 units take link 0.
    graph = CapacityGraph(
        np.array([0, 0]),
        np.array([1, 1]),
        2,
        bpr([1.0, 3.0], [10.0, np.inf], [1.0, 0.0], 1.0),
        fixed_cost=np.array([[0.0, 0.0], [1.0, 0.0]]),
    )
    zeros = np.zeros(2, np.int64)
    demand = Demand(zeros, zeros + 1, np.array([5.0, 8.0]), np.array([0, 1]), np.array([1.0, 2.0]))
    result = assign(graph, demand, relative_gap=1e-12)
    np.testing.assert_allclose(result.class_flow, [[5.0, 0.0], [2.5, 5.5]], rtol=1e-9)
    np.testing.assert_allclose(result.load, [10.0, 11.0], rtol=1e-9)
    np.testing.assert_allclose(result.flow, [7.5, 5.5], rtol=1e-9)
    np.testing.assert_allclose(result.least_cost, [2.0, 3.0], rtol=1e-9)
    # Area under link 0 to 10: 10 + 5; link 1: 33; the toll: 5 PCE.
    assert result.objective == pytest.approx(15 + 33 + 5)


def test_a_link_closed_to_one_class_is_open_to_the_other() -> None:
    graph = CapacityGraph(
        np.array([0, 0]), np.array([1, 1]), 2, linear([1, 9], [0, 0]), fixed_cost=np.array([[0.0, 0.0], [np.inf, 0.0]])
    )
    zeros = np.zeros(2, np.int64)
    result = assign(graph, Demand(zeros, zeros + 1, np.array([4.0, 6.0]), np.array([0, 1]), np.ones(2)))
    np.testing.assert_array_equal(result.class_flow, [[4.0, 0.0], [0.0, 6.0]])
    assert np.isfinite(result.objective)


def test_single_origin_sends_all_its_demand_over_one_bush() -> None:
    # 0 -> {1, 2} -> 3 with a further stop at 1: 4 units to 1, 10 to 3, t = 1 + v on all four links:
    # via 1: 1 + 4 + f + 1 + f = 2 (1 + 10 - f) via 2, so f = 4 and 6 go via 2 (12 a way... 14 = 14).
    graph = CapacityGraph(np.array([0, 1, 0, 2]), np.array([1, 3, 2, 3]), 4, linear([1, 1, 1, 1], [1, 1, 1, 1]))
    result = assign(graph, trips((0, 1, 4.0), (0, 3, 10.0)), relative_gap=1e-12)
    np.testing.assert_allclose(result.flow, [8.0, 4.0, 6.0, 6.0], rtol=1e-9)
    np.testing.assert_allclose(result.least_cost, [9.0, 14.0], rtol=1e-9)


def test_centroids_are_not_passed_through() -> None:
    # Node 0 is a zone between 1 and 2: the short way 1-0-2 is barred, 1-3-2 is taken; 0 itself still starts trips.
    tail, head = np.array([1, 0, 1, 3]), np.array([0, 2, 3, 2])
    curves = linear([1, 1, 5, 5], [0, 0, 0, 0])
    demand = trips((1, 2, 3.0), (0, 2, 2.0))
    barred = assign(CapacityGraph(tail, head, 4, curves, first_thru_node=1), trips((0, 2, 2.0)))
    np.testing.assert_array_equal(barred.flow, [0, 2, 0, 0])
    through = assign(CapacityGraph(tail, head, 4, curves), demand)
    np.testing.assert_array_equal(through.flow, [3, 5, 0, 0])
    # Zones first: number the nodes so that 1 is a zone too.
    both = assign(CapacityGraph(tail, head, 4, curves, first_thru_node=2), demand)
    np.testing.assert_array_equal(both.flow, [0, 2, 3, 3])


def test_zero_times_zero_power_parallel_links_and_loops_are_accepted() -> None:
    # A ring of zero-cost links, a loop at node 1 and two parallel links of which the flat one costs 2 (1 + 0.5) = 3.
    tail, head = np.array([0, 1, 2, 1, 2, 2]), np.array([1, 2, 0, 1, 3, 3])
    curves = bpr([0.0, 0.0, 0.0, 0.0, 2.0, 1.0], 10.0, [0.15, 0.15, 0.15, 0.15, 0.5, 1.0], [4, 4, 4, 4, 0, 1])
    result = assign(CapacityGraph(tail, head, 4, curves), trips((0, 3, 30.0), (1, 0, 5.0)), relative_gap=1e-12)
    # 1 + v / 10 = 3 at v = 20; the rest takes the flat link.
    np.testing.assert_allclose(result.flow, [30.0, 35.0, 5.0, 0.0, 10.0, 20.0], rtol=1e-9)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 4.0, 8.0, 20.0])
def test_two_equal_links_are_loaded_equally_at_any_power(power: float) -> None:
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, bpr([1.0, 1.0], 10.0, 1.0, power))
    result = assign(graph, trips((0, 1, 40.0)), relative_gap=1e-10)
    np.testing.assert_allclose(result.time[0], result.time[1], rtol=1e-8)
    np.testing.assert_allclose(result.flow, [20.0, 20.0], rtol=1e-6)


def test_a_border_queue_sends_the_rest_the_long_way() -> None:
    # One booth of 24 a day (service 1 h): wait rho / (1 - rho) hours; the detour takes 3 h more, so rho = 3 / 4.
    booth = queue([2.0], [24.0], [1.0], queue_limit=0.9)
    curves = delays([2.0, 5.0], [24.0, np.inf], [float(booth.b[0]), 0.0], [1.0, 1.0], is_queue=[True, False])
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, curves)
    result = assign(graph, trips((0, 1, 30.0)), relative_gap=1e-12)
    np.testing.assert_allclose(result.flow, [18.0, 12.0], rtol=1e-8)


def test_a_queue_above_its_capacity_still_has_an_equilibrium() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 2, queue([0.0], [10.0], [0.1]))
    result = assign(graph, trips((0, 1, 50.0)))
    assert np.isfinite(result.time[0])
    assert result.time[0] > 100 * 0.1


def test_intrazonal_and_zero_demand_use_no_link() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 2, linear([1], [1]))
    result = assign(graph, trips((0, 0, 9.0), (1, 0, 0.0), (0, 1, 2.0)))
    np.testing.assert_array_equal(result.flow, [2.0])
    np.testing.assert_array_equal(result.least_cost, [0.0, np.inf, 3.0])


def test_no_demand_gives_no_flow() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 2, linear([1], [1]))
    result = assign(graph, Demand.of_matrix(np.zeros((2, 2))))
    np.testing.assert_array_equal(result.flow, [0.0])
    assert result.objective == 0.0
    assert result.relative_gap == 0.0


def test_a_matrix_and_its_rows_are_the_same_demand() -> None:
    matrix = Matrix(np.array([[1.0, 2.0], [0.0, 4.0]]), ("a", "b"), ("a", "b"), "trips", "TEU/year")
    rows = Demand.of_matrix(matrix, nodes=[7, 3])
    assert list(zip(rows.origin, rows.destination, rows.value, strict=True)) == [(7, 7, 1), (7, 3, 2), (3, 3, 4)]


def test_a_pair_without_a_route_is_named() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 3, linear([1], [1]))
    with pytest.raises(StudyError, match="no open route leads 0 to 2") as caught:
        assign(graph, trips((0, 1, 1.0), (0, 2, 1.0)))
    assert [p.code for p in caught.value.problems] == ["LB424"]


def test_no_convergence_no_result() -> None:
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, bpr([1.0, 2.0], 10.0, 0.15, 4.0))
    with pytest.raises(ConvergenceError, match=r"relative gap was \d"):
        assign(graph, trips((0, 1, 40.0)), relative_gap=1e-12, max_rounds=0)


def test_faults_are_reported_together() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 2, linear([1], [1]), fixed_cost=np.zeros((3, 1)))
    with pytest.raises(StudyError) as caught:
        assign(graph, trips((0, 5, 1.0)), relative_gap=0.0)
    assert {p.column for p in caught.value.problems} == {"destination", "fixed_cost", "relative_gap"}


def test_negative_costs_and_ends_outside_the_graph_are_refused() -> None:
    with pytest.raises(StudyError) as caught:
        CapacityGraph(
            np.array([0, 9]),
            np.array([1, 1]),
            2,
            linear([1, 1], [0, 0]),
            fixed_cost=np.array([-1.0, 0.0]),
            preload=np.array([np.nan, 0.0]),
        )
    assert {p.column for p in caught.value.problems} == {"tail", "fixed_cost", "preload"}


def test_bad_demand_is_refused() -> None:
    with pytest.raises(StudyError) as caught:
        Demand(np.array([0]), np.array([1]), np.array([-1.0]), np.array([4]), np.array([0.0]))
    assert {p.column for p in caught.value.problems} == {"value", "user_class", "pce"}


def test_inputs_are_not_changed_and_results_cannot_be() -> None:
    graph = CapacityGraph(np.array([0, 0]), np.array([1, 1]), 2, linear([10, 15], [1, 1]))
    first = assign(graph, trips((0, 1, 25.0)))
    second = assign(graph, trips((0, 1, 25.0)))
    np.testing.assert_array_equal(first.flow, second.flow)
    np.testing.assert_array_equal(graph.preload, [0.0, 0.0])
    with pytest.raises(ValueError, match="read-only"):
        first.flow[0] = 1.0


def test_beckmann_of_no_flow_is_zero() -> None:
    graph = CapacityGraph(np.array([0]), np.array([1]), 2, linear([np.inf], [0]), preload=np.array([5.0]))
    assert beckmann(graph, np.zeros((1, 1))) == 0.0


def test_a_network_of_one_node_and_none_of_links() -> None:
    graph = CapacityGraph(np.zeros(0, np.int64), np.zeros(0, np.int64), 1, bpr(np.zeros(0), np.zeros(0)))
    result = assign(graph, trips((0, 0, 3.0)))
    assert result.flow.shape == (0,)
    np.testing.assert_array_equal(result.least_cost, [0.0])


def test_the_order_of_links_and_nodes_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    ring = np.arange(8)
    tail = np.concatenate([ring, np.roll(ring, -1), rng.integers(0, 8, 12)])
    head = np.concatenate([np.roll(ring, -1), ring, rng.integers(0, 8, 12)])
    free, capacity = rng.uniform(1, 5, 28), rng.uniform(2, 9, 28)
    demand = trips((0, 4, 9.0), (1, 5, 7.0), (6, 2, 8.0))
    plain = assign(CapacityGraph(tail, head, 8, bpr(free, capacity)), demand, relative_gap=1e-13)
    links, nodes = rng.permutation(28), rng.permutation(8)
    mixed = CapacityGraph(nodes[tail[links]], nodes[head[links]], 8, bpr(free[links], capacity[links]))
    other = Demand(nodes[demand.origin], nodes[demand.destination], demand.value)
    np.testing.assert_allclose(assign(mixed, other, relative_gap=1e-13).flow, plain.flow[links], atol=1e-5)


def test_units_of_time_and_of_load_do_not_matter() -> None:
    tail, head = np.array([0, 1, 0, 2, 1]), np.array([1, 3, 2, 3, 2])
    free, capacity = np.array([4.0, 2.0, 3.0, 5.0, 1.0]), np.array([3.0, 6.0, 4.0, 5.0, 2.0])
    first = assign(CapacityGraph(tail, head, 4, bpr(free, capacity)), trips((0, 3, 20.0)), relative_gap=1e-13)
    second = assign(
        CapacityGraph(tail, head, 4, bpr(60 * free, 1000 * capacity)), trips((0, 3, 20000.0)), relative_gap=1e-13
    )
    np.testing.assert_allclose(second.flow, 1000 * first.flow, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(second.time, 60 * first.time, rtol=1e-6)
    assert second.objective == pytest.approx(60000 * first.objective)
