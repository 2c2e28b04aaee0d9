"""Connected parts of a graph, without loading a library of graphs."""

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Int


def connected_parts(n: int, tail: ArrayLike, head: ArrayLike) -> Int:
    """Return the part of each node, shape (n,): the smallest node in it; directions do not count.

    Shiloach and Vishkin (1982): of the roots of an edge's ends the larger hangs under the smaller, then every
    node hangs under its root; a few rounds over the edges between different roots, each in numpy.

    Parameters
    ----------
    n
        Number of nodes.
    tail, head
        Ends of the edges, shape (m,).
    """
    root = np.arange(n)
    a, b = np.asarray(tail, np.int64), np.asarray(head, np.int64)
    while len(a):
        one, two = root[a], root[b]
        apart = one != two
        a, b, one, two = a[apart], b[apart], one[apart], two[apart]
        np.minimum.at(root, np.maximum(one, two), np.minimum(one, two))
        above = root[root]
        while (above != root).any():
            root = above
            above = root[root]
    return root
