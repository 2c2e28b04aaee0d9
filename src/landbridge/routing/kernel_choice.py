"""Bounded nested logit of one pair, and of every pair of a table (see `landbridge.routing.choice`)."""

# ruff: noqa: PLR0913, PLR0917 -- a kernel takes its arrays one by one

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int = NDArray[np.int64]
Float = NDArray[np.float64]


@njit(cache=True, nogil=True)
def choose_one(
    cost: Float, mu: float, nest_of: Int, ratio: Float, bound_ratio: float, inner: Float, share: Float
) -> float:
    """Return the composite cost of R alternatives, and put their shares into `share` (R,); inf and 0 if none is open.

    `inner` (n_nests,) is room to work in. Terms are taken against the least cost of their nest, so that none is lost.
    """
    n, n_nests = len(cost), len(ratio)
    least = np.inf
    for r in range(n):
        share[r] = 0.0
        least = min(least, cost[r])
    if not math.isfinite(least):
        return np.inf
    bounded = math.isfinite(bound_ratio)
    bound = least + (bound_ratio - 1.0) * abs(least) if bounded else np.inf
    best = np.inf
    for m in range(n_nests):
        first = np.inf
        for r in range(n):
            if nest_of[r] == m:
                first = min(first, cost[r])
        inner[m] = np.inf
        if not first < bound:
            continue
        scale = mu * ratio[m]
        floor = math.exp(-scale * (bound - first)) if bounded else 0.0
        total = 0.0
        for r in range(n):
            if nest_of[r] == m and cost[r] < bound:
                share[r] = math.exp(-scale * (cost[r] - first)) - floor
                total += share[r]
        if total > 0.0:
            inner[m] = first - math.log(total) / scale
            best = min(best, inner[m])
            for r in range(n):
                if nest_of[r] == m:
                    share[r] /= total
    if not best < np.inf:
        return np.inf
    together = 0.0
    for m in range(n_nests):
        if inner[m] < np.inf:
            inner[m] = math.exp(-mu * (inner[m] - best))
            together += inner[m]
        else:
            inner[m] = 0.0
    for r in range(n):
        share[r] *= inner[nest_of[r]] / together
    return best - math.log(together) / mu


@njit(cache=True, nogil=True)
def choose_some(
    generalised: Float,
    constant: Float,
    mu: Float,
    nest_of: Int,
    ratio: Float,
    bound_ratio: float,
    season: int,
    freight: int,
    share: Float,
    composite: Float,
) -> None:
    """Put one season's and class's shares into `share` [S, R, K, Z, Z], its composite costs into `composite`."""
    _, n, _, rows, columns = generalised.shape
    cost, part, inner = np.empty(n), np.empty(n), np.empty(len(ratio))
    for i in range(rows):
        for j in range(columns):
            for r in range(n):
                cost[r] = generalised[season, r, freight, i, j] + constant[r]
            composite[season, freight, i, j] = choose_one(cost, mu[freight], nest_of, ratio, bound_ratio, inner, part)
            for r in range(n):
                share[season, r, freight, i, j] = part[r]
