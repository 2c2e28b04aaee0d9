"""Connected parts: against scipy's, on shapes that take many rounds, and without edges."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from landbridge.network.components import connected_parts


@pytest.mark.parametrize(("n", "m", "seed"), [(1, 0, 0), (50, 20, 1), (2_000, 1_500, 2), (20_000, 60_000, 3)])
def test_parts_are_scipys(n: int, m: int, seed: int) -> None:
    tail, head = np.random.default_rng(seed).integers(0, n, (2, m))
    parts = connected_parts(n, tail, head)
    _, theirs = connected_components(coo_matrix((np.ones(m), (tail, head)), shape=(n, n)), directed=False)
    smallest = np.full(theirs.max() + 1, n)
    np.minimum.at(smallest, theirs, np.arange(n))
    np.testing.assert_array_equal(parts, smallest[theirs])


def test_a_long_line_in_the_worst_order_is_one_part() -> None:
    way = np.random.default_rng(4).permutation(50_000)
    assert (connected_parts(50_000, way[1:], way[:-1]) == 0).all()


def test_loops_and_twins_change_nothing() -> None:
    np.testing.assert_array_equal(connected_parts(4, [1, 1, 3, 3], [1, 3, 1, 3]), [0, 1, 2, 1])
