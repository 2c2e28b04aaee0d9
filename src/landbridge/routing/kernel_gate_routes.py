"""Routes by the gates that they pass: which matter for a pair, which are new, and the hours on them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bits = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def byte_hours(hours: Float, words: int) -> Float:
    """Return the hours of every byte of a mark: ``table[b, x]`` is the sum over the bits of x at byte b."""
    table = np.zeros((words * 8, 256))
    for b in range(words * 8):
        for x in range(1, 256):
            low = 0
            while not x >> low & 1:
                low += 1
            place = b * 8 + low
            table[b, x] = table[b, x & (x - 1)] + (hours[place] if place < len(hours) else 0.0)
    return table


@njit(cache=True, nogil=True)
def marked_hours(mark: Bits, table: Float) -> float:
    """Return the hours of a mark (W,) by `byte_hours`."""
    total = 0.0
    for w in range(len(mark)):
        m = mark[w]
        b = w * 8
        while m != np.uint64(0):
            total += table[b, np.int64(m & np.uint64(255))]
            m >>= np.uint64(8)
            b += 1
    return total


@njit(cache=True, nogil=True)
def hours_of(marks: Bits, hours: Float) -> Float:
    """Return the hours of each mark (E, W), shape (E,)."""
    table = byte_hours(hours, marks.shape[1])
    total = np.empty(len(marks))
    for e in range(len(marks)):
        total[e] = marked_hours(marks[e], table)
    return total


@njit(cache=True, nogil=True)
def without_delays(cost: Float, marks: Bits, hours: Float, usd_per_hour: Float) -> Float:
    """Return routes' costs [S, R, K, Z, Z] less the delays on them."""
    seasons, n, classes, zones, _ = cost.shape
    table = byte_hours(hours, marks.shape[5])
    plain = np.empty_like(cost)
    for s in range(seasons):
        for r in range(n):
            for k in range(classes):
                for i in range(zones):
                    for j in range(zones):
                        plain[s, r, k, i, j] = cost[s, r, k, i, j] - usd_per_hour[k] * marked_hours(
                            marks[s, r, k, i, j], table
                        )
    return plain


@njit(cache=True, nogil=True)
def concerned(
    marks: Bits, cost: Float, teu: Float, least_hours: Float, usd_per_hour: Float, constant: Float, bound_ratio: float
) -> Int:
    """Return class, origin and destination of the pairs whose choice a marked arc can be part of, shape (P, 3).

    A route that stays dearer than the bound of its pair, however short the delays (`least_hours` (A,)), is out of
    the question: what marks it has does not matter.
    """
    seasons, n, classes, zones, _ = cost.shape
    words = marks.shape[5]
    table = byte_hours(least_hours, words)
    found = np.empty((classes * zones * zones, 3), np.int64)
    count = 0
    for k in range(classes):
        for i in range(zones):
            for j in range(zones):
                if i == j or not teu[k, i, j] > 0.0:
                    continue
                hit = False
                for s in range(seasons):
                    certain = np.inf
                    possible = np.inf
                    for r in range(n):
                        here = cost[s, r, k, i, j]
                        if not here < np.inf:
                            continue
                        marked = False
                        for w in range(words):
                            marked = marked or marks[s, r, k, i, j, w] != np.uint64(0)
                        here += constant[r]
                        if marked:
                            possible = min(possible, here + usd_per_hour[k] * marked_hours(marks[s, r, k, i, j], table))
                        else:
                            certain = min(certain, here)
                    bound = certain + (bound_ratio - 1.0) * abs(certain) if certain < np.inf else np.inf
                    hit = hit or possible < bound
                if hit:
                    found[count, 0] = k
                    found[count, 1] = i
                    found[count, 2] = j
                    count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def gather(
    pairs: Int, cost: Float, marks: Bits, least_hours: Float, usd_per_hour: Float, constant: Float, bound_ratio: float
) -> tuple[Float, Bits]:
    """Return costs and marks of the pairs side by side, shapes (P, S, R) and (P, S, R, W).

    What is out of the question whatever the delays (see `concerned`) gets the cost inf.
    """
    seasons, n = cost.shape[:2]
    words = marks.shape[5]
    table = byte_hours(least_hours, words)
    near = np.empty((len(pairs), seasons, n))
    bits = np.empty((len(pairs), seasons, n, words), np.uint64)
    for s in range(seasons):
        for r in range(n):
            for p in range(len(pairs)):
                k, i, j = pairs[p]
                near[p, s, r] = cost[s, r, k, i, j]
                for w in range(words):
                    bits[p, s, r, w] = marks[s, r, k, i, j, w]
    plain = np.zeros(words, np.uint64)
    for p in range(len(pairs)):
        for s in range(seasons):
            certain = np.inf
            for r in range(n):
                if (bits[p, s, r] == plain).all():
                    certain = min(certain, near[p, s, r] + constant[r])
            bound = certain + (bound_ratio - 1.0) * abs(certain) if certain < np.inf else np.inf
            for r in range(n):
                least = near[p, s, r] + constant[r] + usd_per_hour[pairs[p, 0]] * marked_hours(bits[p, s, r], table)
                if not least < bound:
                    near[p, s, r] = np.inf
    return near, bits


@njit(cache=True, nogil=True)
def alike(cost: Float, marks: Bits, start: Int) -> Int:
    """Return for each pair and season the first season with the same routes, shape (P, S); itself with further ones."""
    pairs, seasons, _ = cost.shape
    same = np.empty((pairs, seasons), np.int64)
    for p in range(pairs):
        for s in range(seasons):
            same[p, s] = s
            if start[p + 1] > start[p]:
                continue
            for earlier in range(s):
                if same[p, s] == s and (cost[p, s] == cost[p, earlier]).all():
                    known = True
                    for r in range(cost.shape[2]):
                        if cost[p, s, r] < np.inf:
                            known = known and (marks[p, s, r] == marks[p, earlier, r]).all()
                    if known:
                        same[p, s] = earlier
    return same


@njit(cache=True, nogil=True)
def new_routes(
    pairs: Int, share: Float, marks: Bits, base_marks: Bits, extra_start: Int, extra_cell: Int, extra_marks: Bits
) -> Int:
    """Return (pair, season, alternative) of the used routes whose marks are not among those known, shape (E, 3)."""
    seasons, n = share.shape[:2]
    found = np.empty((len(pairs) * seasons * n, 3), np.int64)
    count = 0
    for p in range(len(pairs)):
        k, i, j = pairs[p]
        for s in range(seasons):
            for r in range(n):
                if not share[s, r, k, i, j] > 0.0:
                    continue
                known = (marks[s, r, k, i, j] == base_marks[s, r, k, i, j]).all()
                for e in range(extra_start[p], extra_start[p + 1]):
                    if extra_cell[e] == s * n + r and (marks[s, r, k, i, j] == extra_marks[e]).all():
                        known = True
                if not known:
                    found[count, 0] = p
                    found[count, 1] = s
                    found[count, 2] = r
                    count += 1
    return found[:count]
