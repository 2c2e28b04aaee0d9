"""Sets labels of several criteria in lexicographic order until every efficient route to the target is known."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def _before(estimate: Float, a: int, b: int) -> bool:
    """Return whether label a comes before label b: lexicographic order of the estimates."""
    for x in range(estimate.shape[1]):
        if estimate[a, x] != estimate[b, x]:
            return bool(estimate[a, x] < estimate[b, x])
    return a < b


@njit(cache=True, nogil=True)
def _push(heap: Int32, size: int, label: int, estimate: Float) -> None:
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if not _before(estimate, label, heap[above]):
            break
        heap[at] = heap[above]
        at = above
    heap[at] = label


@njit(cache=True, nogil=True)
def _pop(heap: Int32, size: int, estimate: Float) -> int:
    """Return the first label of a heap of `size` and close the gap."""
    top = heap[0]
    moved = heap[size - 1]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size - 1:
            break
        least = child
        for c in range(child + 1, min(child + 4, size - 1)):
            if _before(estimate, heap[c], heap[least]):
                least = c
        if not _before(estimate, heap[least], moved):
            break
        heap[at] = heap[least]
        at = least
    heap[at] = moved
    return int(top)


@njit(cache=True, nogil=True)
def _covered(first: int, following: Int32, spent: Float, values: Float, factor: float) -> bool:
    """Return whether a settled label is at least as good as `factor * values` in all criteria but the first."""
    label = first
    while label >= 0:
        better = True
        for x in range(1, len(values)):
            if spent[label, x] > factor * values[x]:
                better = False
                break
        if better:
            return True
        label = following[label]
    return False


@njit(cache=True, nogil=True)
def efficient(
    start: Int32,
    arcs: Int32,
    head: Int32,
    cost: Float,
    bound: Float,
    origin: int,
    target: int,
    factor: float,
    most: int,
) -> tuple[Int32, Int32, Int32, Float, bool]:
    """Return labels of efficient routes: those at the target, each label's parent and arc, costs, and success.

    NAMOA* with dimensionality reduction (Pulido, Mandow and Perez-de-la-Cruz 2015): labels leave the heap in
    lexicographic order of cost so far plus lower bound, so a new label at a vertex is worse in the first
    criterion than all settled there, and is compared in the others only. ``bound[v, x]`` is the least cost of
    criterion x from v to the target. A label is dropped at once if a route to the target is already within
    `factor` of its estimate in every criterion. False is returned when more than `most` labels are made.
    """
    n, k = len(start) - 1, cost.shape[1]
    room = min(most, 1 << 16)
    spent = np.zeros((room, k))
    estimate = np.zeros((room, k))
    vertex = np.empty(room, np.int32)
    parent = np.full(room, -1, np.int32)
    by = np.full(room, -1, np.int32)
    following = np.full(room, -1, np.int32)
    heap = np.empty(room, np.int32)
    settled = np.full(n, -1, np.int32)
    vertex[0] = origin
    estimate[0] = bound[origin]
    heap[0] = 0
    size, made = 1, 1
    trial = np.empty(k)
    ahead = np.empty(k)
    found = np.empty(room, np.int32)
    n_found = 0
    if bound[origin, 0] == np.inf:
        return found[:0].copy(), parent[:0].copy(), by[:0].copy(), spent[:0].copy(), True
    while size > 0:
        label = _pop(heap, size, estimate)
        size -= 1
        v = vertex[label]
        if _covered(settled[v], following, spent, spent[label], 1.0):
            continue
        if _covered(settled[target], following, spent, estimate[label], factor):
            continue
        # labels that the new one covers need not be looked at again
        kept = -1
        other = settled[v]
        while other >= 0:
            onward = following[other]
            worse = True
            for x in range(1, k):
                if spent[other, x] < spent[label, x]:
                    worse = False
                    break
            if not worse:
                following[other] = kept
                kept = other
            other = onward
        following[label] = kept
        settled[v] = label
        if v == target:
            found[n_found] = label
            n_found += 1
            continue
        for e in range(start[v], start[v + 1]):
            a = arcs[e]
            u = head[a]
            usable = True
            for x in range(k):
                trial[x] = spent[label, x] + cost[a, x]
                ahead[x] = trial[x] + bound[u, x]
                if ahead[x] == np.inf:
                    usable = False
            if not usable or _covered(settled[u], following, spent, trial, 1.0):
                continue
            if _covered(settled[target], following, spent, ahead, factor):
                continue
            if made == room:
                if room == most:
                    return found[:n_found].copy(), parent, by, spent, False
                larger = min(most, 4 * room)
                spent = _grown(spent, larger)
                estimate = _grown(estimate, larger)
                vertex, parent = _longer(vertex, larger), _longer(parent, larger)
                by, following = _longer(by, larger), _longer(following, larger)
                heap, found = _longer(heap, larger), _longer(found, larger)
                room = larger
            for x in range(k):
                spent[made, x] = trial[x]
                estimate[made, x] = ahead[x]
            vertex[made], parent[made], by[made], following[made] = u, label, a, -1
            _push(heap, size, made, estimate)
            size += 1
            made += 1
    return found[:n_found].copy(), parent, by, spent, True


@njit(cache=True, nogil=True)
def _grown(table: Float, room: int) -> Float:
    larger = np.zeros((room, table.shape[1]))
    larger[: len(table)] = table
    return larger


@njit(cache=True, nogil=True)
def _longer(column: Int32, room: int) -> Int32:
    larger = np.full(room, -1, np.int32)
    larger[: len(column)] = column
    return larger
