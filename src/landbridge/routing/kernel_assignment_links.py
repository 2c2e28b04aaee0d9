"""Compiled pieces of an assignment: arrays of the links, their time and slope at a load, least-cost trees."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
U1 = NDArray[np.uint8]


class LinkArrays(NamedTuple):
    """The usable graph: ends, links leaving each node, fixed cost and whether open by class, centroid rule."""

    tail: I4
    head: I4
    first_out: I4
    out_link: I4
    fixed: F8
    is_open: U1
    first_thru: int


class LinkState(NamedTuple):
    """Time of each link, shape (n_links,), and its curve, shape (n_links, 8); changed in place by the kernels.

    A curve has the columns LOAD, SLOPE, BASE, RISE, RATE, POWER, LIMIT and one spare (a cache line of 64 bytes):
    time is ``base + rise x^power``, or ``base + rise x^power / (1 - x)`` where ``limit > 0``, with x = rate load.
    """

    time: F8
    curve: F8


LOAD = 0
SLOPE = 1
BASE = 2
RISE = 3
RATE = 4
POWER = 5
LIMIT = 6


@njit(cache=True, nogil=True)
def set_link(time: F8, curve: F8, a: int) -> None:
    """Write time and slope of link `a` at its load; a flat curve keeps what it has."""
    rise = curve[a, RISE]
    if rise == 0.0:
        return
    p = curve[a, POWER]
    x = max(curve[a, LOAD], 0.0) * curve[a, RATE]
    if curve[a, LIMIT] > 0.0:
        edge = min(x, curve[a, LIMIT])
        room = 1.0 - edge
        lower = edge ** (p - 1.0)
        steep = lower * (p * room + edge) / (room * room)
        time[a] = curve[a, BASE] + rise * (lower * edge / room + steep * (x - edge))
        curve[a, SLOPE] = rise * curve[a, RATE] * steep
    elif p == 4.0:
        cube = rise * x * x * x
        time[a] = curve[a, BASE] + cube * x
        curve[a, SLOPE] = 4.0 * curve[a, RATE] * cube
    else:
        time[a] = curve[a, BASE] + rise * x**p
        if p < 1.0:
            # The slope is infinite at 0: a millionth of capacity stands in for less.
            x = max(x, 1e-6)
        curve[a, SLOPE] = p * rise * curve[a, RATE] * x ** (p - 1.0)


@njit(cache=True, nogil=True)
def set_links(state: LinkState) -> None:
    """Write time and slope of all links at their loads."""
    for a in range(len(state.time)):
        if state.curve[a, RISE] == 0.0:
            state.time[a] = state.curve[a, BASE]
            state.curve[a, SLOPE] = 0.0
        else:
            set_link(state.time, state.curve, a)


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
