"""Contraction orders: hand-made graphs, the same answers as searches, few arcs, and trees of little height."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from landbridge.routing import kernel_order, kernel_reduce
from landbridge.routing.hierarchy import build_hierarchy, contraction_order, meet, price

Int32 = NDArray[np.int32]


def both_ways(lines: list[tuple[int, int]]) -> tuple[Int32, Int32]:
    ends = np.array(lines, np.int32).reshape(-1, 2)
    return np.r_[ends[:, 0], ends[:, 1]].astype(np.int32), np.r_[ends[:, 1], ends[:, 0]].astype(np.int32)


def points(n: int) -> NDArray[np.float64]:
    found = np.random.default_rng(n).normal(size=(n, 3))
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_a_chain_is_reduced_to_nothing_in_a_logarithm_of_rounds() -> None:
    n = 1 << 12
    tail, head = both_ways([(i, i + 1) for i in range(n - 1)])
    start, adjacent, _ = kernel_order.undirected(n, tail, head)
    out, left, _, core = kernel_reduce.reduce_graph(start, adjacent, 2)
    assert sorted(out.tolist()) == list(range(n))
    assert len(left) == len(core) == 0
    built = build_hierarchy(n, tail, head, points(n))
    # halving: each round takes every other vertex, so the tree is about as high as there are rounds
    assert built.depth.max() <= 2 * 12
    assert built.n_slots <= 2 * n


def test_a_complete_graph_of_five_is_left_alone_and_one_of_four_is_not() -> None:
    for n, stays in ((5, 5), (4, 0)):
        tail, head = both_ways([(i, j) for i in range(n) for j in range(i)])
        start, adjacent, _ = kernel_order.undirected(n, tail, head)
        out, left, core_start, core = kernel_reduce.reduce_graph(start, adjacent, 3)
        assert len(left) == stays
        assert len(out) == n - stays
        assert core_start.tolist() == (list(range(0, 21, 4)) if stays else [0])
        assert len(core) == stays * (stays - 1)


def test_a_tree_is_raked_to_nothing_from_its_leaves() -> None:
    tail, head = both_ways([(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 6), (2, 7), (3, 8), (3, 9)])
    start, adjacent, _ = kernel_order.undirected(10, tail, head)
    out, left, _, _ = kernel_reduce.reduce_graph(start, adjacent, 1)
    assert len(out) == 10
    assert len(left) == 0


@pytest.mark.parametrize("seed", range(6))
def test_reduced_graphs_are_the_chordal_completion_over_what_went_out(seed: int) -> None:
    """Two vertices that stay are joined if and only if a way through vertices taken out joins them (plain check)."""
    rng = np.random.default_rng(seed)
    n = 60
    lines = [(int(a), int(b)) for a, b in rng.integers(0, n, (85, 2)) if a != b]
    tail, head = both_ways(lines)
    start, adjacent, _ = kernel_order.undirected(n, tail, head)
    _, left, core_start, core = kernel_reduce.reduce_graph(start, adjacent, 3)
    near = {v: {int(u) for u in adjacent[start[v] : start[v + 1]]} for v in range(n)}
    stays = set(left.tolist())
    for i, v in enumerate(left.tolist()):
        reached, queue = {v}, [v]
        while queue:
            at = queue.pop()
            for u in near[at] - reached:
                reached.add(u)
                if u not in stays:
                    queue.append(u)
        wanted = (reached & stays) - {v}
        assert {int(left[u]) for u in core[core_start[i] : core_start[i + 1]]} == wanted


@pytest.mark.parametrize("seed", range(6))
def test_least_costs_are_scipys_whatever_the_shape(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 400, (300, 450, 700, 1_000, 2_000, 399)[seed]
    tail, head = rng.integers(0, n, (2, m), dtype=np.int32)
    cost = rng.integers(1, 20, m).astype(np.float64)
    order = contraction_order(n, tail, head, points(n))
    assert sorted(order.tolist()) == list(range(n))
    metric = price(build_hierarchy(n, tail, head, points(n), order=order), cost)
    some = rng.choice(n, 40, replace=False)
    cheapest = np.lexsort((-cost, head, tail))
    plain = dict(zip(zip(tail[cheapest].tolist(), head[cheapest].tolist(), strict=True), cost[cheapest], strict=True))
    ends = np.array([pair for pair in plain if pair[0] != pair[1]]).T
    weights = [value for pair, value in plain.items() if pair[0] != pair[1]]
    theirs = dijkstra(sparse.csr_array((weights, (ends[0], ends[1])), shape=(n, n)), indices=some)[:, some]
    np.testing.assert_array_equal(meet(metric, some, some).cost, theirs)


def test_the_order_along_the_tree_makes_the_same_hierarchy() -> None:
    rng = np.random.default_rng(3)
    n = 300
    tail, head = both_ways([(int(a), int(b)) for a, b in rng.integers(0, n, (420, 2)) if a != b])
    start, adjacent, _ = kernel_order.undirected(n, tail, head)
    plain = rng.permutation(n).astype(np.int32)
    sorted_ = kernel_reduce.along_tree(start, adjacent, plain)
    one, two = (build_hierarchy(n, tail, head, points(n), order=order) for order in (plain, sorted_))
    assert one.n_slots == two.n_slots
    # a vertex has the same parent in both trees
    for v in range(n):
        above = [built.parent[built.rank[v]] for built in (one, two)]
        names = [-1 if a < 0 else int(order[a]) for a, order in zip(above, (plain, sorted_), strict=True)]
        assert names[0] == names[1]
    # children stand right before their parents: each subtree is a row of ranks
    size = np.ones(n, int)
    for v in range(n):
        if two.parent[v] >= 0:
            size[two.parent[v]] += size[v]
    lowest = np.arange(n)
    for v in range(n):
        if two.parent[v] >= 0:
            lowest[two.parent[v]] = min(lowest[two.parent[v]], lowest[v])
    np.testing.assert_array_equal(lowest, np.arange(n) - size + 1)


def test_graphs_without_vertices_or_lines_have_orders() -> None:
    none = np.zeros(0, np.int32)
    assert contraction_order(0, none, none, points(1)[:0]).tolist() == []
    assert sorted(contraction_order(3, none, none, points(3)).tolist()) == [0, 1, 2]
