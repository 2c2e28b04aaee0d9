"""Takes vertices of low degree out of a graph before it is dissected, and sorts orders by their elimination tree."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]


@njit(cache=True, nogil=True)
def _holds(rows: Int32, first: int, size: int, wanted: int) -> bool:
    at = first
    while at < first + size and rows[at] != wanted:
        at += 1
    return at < first + size


@njit(cache=True, nogil=True)
def _has_room(rows: Int32, first: Int32, size: Int32, v: int) -> bool:
    """Return whether every neighbour of v can take the others in, once v has left its row."""
    for x in range(first[v], first[v] + size[v]):
        a = rows[x]
        fresh = -1
        for y in range(first[v], first[v] + size[v]):
            b = rows[y]
            if a != b and not _holds(rows, first[a], size[a], b):
                fresh += 1
        if size[a] + fresh > first[a + 1] - first[a]:
            return False
    return True


@njit(cache=True, nogil=True)
def _take_out(rows: Int32, first: Int32, size: Int32, v: int) -> None:
    """Take v out of the graph and join its neighbours pairwise."""
    for x in range(first[v], first[v] + size[v]):
        a = rows[x]
        for e in range(first[a], first[a] + size[a]):
            if rows[e] == v:
                rows[e] = rows[first[a] + size[a] - 1]
                break
        size[a] -= 1
        for y in range(first[v], first[v] + size[v]):
            b = rows[y]
            if a != b and not _holds(rows, first[a], size[a], b):
                rows[first[a] + size[a]] = b
                size[a] += 1


@njit(cache=True, nogil=True)
def reduce_graph(start: Int32, adjacent: Int32, most: int) -> tuple[Int32, Int32, Int32, Int32]:
    """Take out vertices of at most `most` neighbours, in rounds of vertices that are no neighbours of each other.

    Leaves and the vertices of chains go first (rake and compress, Miller and Reif 1985): each round takes about
    half of what a chain has left, so that the elimination tree stays as low as that of a dissection. Joining
    the neighbours of a vertex of three adds no line in all.

    Parameters
    ----------
    start, adjacent
        Undirected graph in compressed rows, without loops and copies.
    most
        1 to 3.

    Returns
    -------
    The vertices taken out, in order; the others, ascending; and the graph of the others, by their positions, in
    compressed rows with ascending neighbours.
    """
    n = len(start) - 1
    first = np.empty(n + 1, np.int32)
    first[0] = 0
    size = np.empty(n, np.int32)
    for v in range(n):
        size[v] = start[v + 1] - start[v]
        first[v + 1] = first[v] + size[v] + 3
    rows = np.empty(first[n], np.int32)
    for v in range(n):
        rows[first[v] : first[v] + size[v]] = adjacent[start[v] : start[v + 1]]
    order = np.empty(n, np.int32)
    out = 0
    gone = np.zeros(n, np.bool_)
    touched = np.full(n, -1, np.int32)
    left = np.arange(n).astype(np.int32)
    count = n
    turn = 0
    limit = min(2, most)
    while True:
        before = out
        kept = 0
        for i in range(count):
            v = left[i]
            if size[v] <= limit and touched[v] != turn and _has_room(rows, first, size, v):
                for e in range(first[v], first[v] + size[v]):
                    touched[rows[e]] = turn
                _take_out(rows, first, size, v)
                gone[v] = True
                order[out] = v
                out += 1
            else:
                left[kept] = v
                kept += 1
        count = kept
        turn += 1
        if out - before <= count // 1000:
            if limit == most:
                break
            limit += 1
        elif limit > 2:
            limit = 2
    position = np.empty(n, np.int32)
    for i in range(count):
        position[left[i]] = i
    core_start = np.zeros(count + 1, np.int32)
    for i in range(count):
        core_start[i + 1] = core_start[i] + size[left[i]]
    core = np.empty(core_start[count], np.int32)
    for i in range(count):
        v = left[i]
        row = core[core_start[i] : core_start[i + 1]]
        for e in range(size[v]):
            row[e] = position[rows[first[v] + e]]
        row.sort()
    return order[:out].copy(), left[:count].copy(), core_start, core


@njit(cache=True, nogil=True)
def twins(start: Int32, adjacent: Int32) -> Int32:
    """Return the position of each line's other direction, for rows with ascending neighbours."""
    reverse = np.empty(len(adjacent), np.int32)
    fill = start[:-1].copy()
    for v in range(len(start) - 1):
        for e in range(start[v], start[v + 1]):
            u = adjacent[e]
            reverse[fill[u]] = e
            fill[u] += 1
    return reverse


@njit(cache=True, nogil=True)
def along_tree(start: Int32, adjacent: Int32, order: Int32) -> Int32:
    """Return an equal order in which every part of the elimination tree lies in a row (a postorder of the tree).

    It makes the same hierarchy, but vertices that are met together are near each other in memory. The tree by
    Liu (1990): the parent of v is the first vertex after it that it reaches through vertices before that one.
    """
    n = len(order)
    rank = np.empty(n, np.int32)
    for i in range(n):
        rank[order[i]] = i
    parent = np.full(n, -1, np.int32)
    above = np.full(n, -1, np.int32)
    for i in range(n):
        v = order[i]
        for e in range(start[v], start[v + 1]):
            k = rank[adjacent[e]]
            while k < i:
                following = above[k]
                above[k] = i
                if following < 0:
                    parent[k] = i
                    break
                if following == i:
                    break
                k = following
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    root = -1
    for i in range(n):
        if parent[i] < 0:
            sibling[i] = root
            root = i
        else:
            sibling[i] = child[parent[i]]
            child[parent[i]] = i
    found = np.empty(n, np.int32)
    stack = np.empty(n + 1, np.int32)
    at = n
    depth = 0
    while root >= 0:
        stack[depth] = root
        depth += 1
        root = sibling[root]
    while depth > 0:
        depth -= 1
        i = stack[depth]
        at -= 1
        found[at] = order[i]
        below = child[i]
        while below >= 0:
            stack[depth] = below
            depth += 1
            below = sibling[below]
    return found
