"""Compiled pieces of an assignment: arrays of the links, their time and slope at a load, least-cost trees."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
U1 = NDArray[np.uint8]


class LinkArrays(NamedTuple):
    """Columns of the usable graph; a curve is ``base + rise x^power`` (BPR) or ``base + rise x^p/(1-x)``."""

    tail: I4
    head: I4
    first_out: I4
    out_link: I4
    base: F8
    rise: F8
    rate: F8
    power: F8
    is_queue: U1
    limit: F8
    fixed: F8
    is_open: U1
    first_thru: int


class LinkState(NamedTuple):
    """Load, time and slope of each link; changed in place by the kernels."""

    load: F8
    time: F8
    slope: F8


@njit(cache=True, nogil=True)
def set_link(links: LinkArrays, state: LinkState, a: int) -> None:
    """Write time and slope of link `a` at its load."""
    x = max(state.load[a], 0.0) * links.rate[a]
    rise = links.rise[a]
    p = links.power[a]
    if rise == 0.0:
        return
    if links.is_queue[a]:
        edge = min(x, links.limit[a])
        room = 1.0 - edge
        lower = edge ** (p - 1.0)
        steep = lower * (p * room + edge) / (room * room)
        state.time[a] = links.base[a] + rise * (lower * edge / room + steep * (x - edge))
        state.slope[a] = rise * links.rate[a] * steep
    elif p == 4.0:
        cube = x * x * x
        state.time[a] = links.base[a] + rise * cube * x
        state.slope[a] = 4.0 * rise * links.rate[a] * cube
    else:
        state.time[a] = links.base[a] + rise * x**p
        if p >= 1.0:
            state.slope[a] = p * rise * links.rate[a] * x ** (p - 1.0)
        else:
            # The slope is infinite at 0: a millionth of capacity stands in for less.
            state.slope[a] = p * rise * links.rate[a] * max(x, 1e-6) ** (p - 1.0)


@njit(cache=True, nogil=True)
def set_links(links: LinkArrays, state: LinkState) -> None:
    """Write time and slope of all links at their loads; a flat curve has its base and slope 0."""
    for a in range(len(links.tail)):
        if links.rise[a] == 0.0:
            state.time[a] = links.base[a]
            state.slope[a] = 0.0
        else:
            set_link(links, state, a)


@njit(cache=True, nogil=True)
def _sift_up(heap: I4, place: I4, dist: F8, at: int) -> None:
    node = heap[at]
    while at > 0:
        parent = (at - 1) >> 2
        if dist[heap[parent]] <= dist[node]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = node
    place[node] = at


@njit(cache=True, nogil=True)
def _pop(heap: I4, place: I4, dist: F8, size: int) -> int:
    """Take the first node of a heap of `size`; the caller counts down."""
    top = int(heap[0])
    node = heap[size - 1]
    size -= 1
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if dist[heap[other]] < dist[heap[best]]:
                best = other
        if dist[heap[best]] >= dist[node]:
            break
        heap[at] = heap[best]
        place[heap[at]] = at
        at = best
    heap[at] = node
    place[node] = at
    return top


@njit(cache=True, nogil=True)
def grow_tree(  # noqa: PLR0913, PLR0917 - arrays are written in place
    links: LinkArrays, state: LinkState, kind: int, origin: int, dist: F8, via: I4, order: I4, heap: I4, place: I4
) -> int:
    """Find least costs from `origin` for class `kind` (Dijkstra, 4-ary heap); return how many nodes it reaches.

    Writes ``dist`` (inf where unreachable), ``via`` (last link, -1 at the origin and where unreachable) and
    ``order`` (reached nodes, each after the node that it is reached from).
    """
    dist[:] = np.inf
    via[:] = -1
    place[:] = -1
    dist[origin] = 0.0
    heap[0] = origin
    place[origin] = 0
    size = 1
    count = 0
    while size > 0:
        node = _pop(heap, place, dist, size)
        size -= 1
        order[count] = node
        count += 1
        if node < links.first_thru and node != origin:
            continue
        for at in range(links.first_out[node], links.first_out[node + 1]):
            a = links.out_link[at]
            if not links.is_open[kind, a]:
                continue
            other = links.head[a]
            reach = dist[node] + state.time[a] + links.fixed[kind, a]
            if reach < dist[other]:
                if via[other] < 0 and other != origin:
                    place[other] = size
                    heap[size] = other
                    size += 1
                dist[other] = reach
                via[other] = a
                _sift_up(heap, place, dist, place[other])
    return count
