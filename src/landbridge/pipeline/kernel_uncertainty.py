"""Loops over cells (class and pair of zones): corridors chosen anew under drawn parameters, and sums by economies."""

from typing import Any

import numpy as np
from numba import njit

from landbridge.core.arrays import Float, Int

FAR = 20.0
"""Alternatives whose weight is below e^-20 of the best one's are not counted."""
_PARTS = 64
_STEP = 0.6931471805599453 / _PARTS
_POWERS = 2.0 ** (-np.arange(64.0 * _PARTS) / _PARTS)


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def falling_exp(gap: float) -> float:
    """Return ``exp(-gap)`` for 0 <= gap < 40 to 1e-13: a power of 2^(1/64) times a Taylor series on a 128th of ln 2."""
    k = int(gap * (1.0 / _STEP) + 0.5)
    r = k * _STEP - gap
    square = r * r
    value: float = _POWERS[k] * (1.0 + r + square * (0.5 + r * (1.0 / 6.0) + square * (1.0 / 24.0)))
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def choose_cells(cells: Any, law: Any, composite: Float, share: Float, charge: Float) -> None:  # noqa: ANN401
    """Write composite cost (C,), shares (C, R) and mean charges by corridor (C, R) of every cell.

    `cells` is (first, weight, start, corridor, cost, time, co2, fee, kind): cell c has the months' blocks
    ``first[c]`` to ``first[c + 1]``, block b the part ``weight[b]`` of the year and the alternatives ``start[b]`` to
    ``start[b + 1]``; each has its corridor, generalised cost, value of its hours, tonnes of CO2 and charges.

    `law` is (mu, phi, ratio, nest, constant, factor, price): scale, bound as a multiple of the least cost (inf for
    none), mu_m / mu of each nest, nest and constant of each corridor, factor on the value of time less 1 by class,
    and what is added to the price of CO2. The formulas are those of `landbridge.routing.choice`.
    """
    first, weight, start, corridor, cost, time, co2, fee, kind = cells
    mu, phi, ratio, nest, constant, factor, price = law
    nests = len(ratio)
    priced = price != 0.0
    least, total, scale = np.empty(nests), np.empty(nests), mu * ratio
    v, floor = np.empty(len(nest)), np.empty(nests)
    for c in range(len(composite)):
        mean = 0.0
        for r in range(len(nest)):
            share[c, r] = 0.0
            charge[c, r] = 0.0
        longer = factor[kind[c]]
        for b in range(first[c], first[c + 1]):
            at, count = start[b], start[b + 1] - start[b]
            if count == 0:
                mean = np.inf
                continue
            for m in range(nests):
                least[m] = np.inf
                total[m] = 0.0
            best = np.inf
            for e in range(count):
                r = corridor[at + e]
                one = cost[at + e] + longer * time[at + e] + constant[r]
                if priced:
                    one += price * co2[at + e]
                v[e] = one
                least[nest[r]] = min(least[nest[r]], one)
                best = min(best, one)
            bound = best + (phi - 1.0) * abs(best) if phi < np.inf else np.inf
            if count == 1 and phi == np.inf:
                r = corridor[at]
                mean += weight[b] * best
                share[c, r] += weight[b]
                charge[c, r] += weight[b] * fee[at]
                continue
            for m in range(nests):
                over = scale[m] * (bound - least[m])
                floor[m] = 0.0 if over > FAR else falling_exp(over) if over > 0.0 else 1.0
            for e in range(count):
                m = nest[corridor[at + e]]
                gap = scale[m] * (v[e] - least[m])
                v[e] = max(0.0, falling_exp(gap) - floor[m]) if gap < FAR and v[e] < bound else 0.0
                total[m] += v[e]
            best = np.inf
            for m in range(nests):
                if total[m] > 0.0:
                    if total[m] != 1.0:
                        least[m] -= np.log(total[m]) / scale[m]
                    best = min(best, least[m])
            whole = 0.0
            for m in range(nests):
                if total[m] > 0.0:
                    gap = mu * (least[m] - best)
                    part = falling_exp(gap) if gap < FAR else 0.0
                    whole += part
                    total[m] = part / total[m]
            mean += weight[b] * (best - np.log(whole) / mu)
            scaled = weight[b] / whole
            for e in range(count):
                if v[e] > 0.0:
                    r = corridor[at + e]
                    part = scaled * total[nest[r]] * v[e]
                    share[c, r] += part
                    charge[c, r] += part * fee[at + e]
        composite[c] = mean


@njit(cache=True, nogil=True, error_model="numpy")
def add_baseline(trade: Any, found: Any, teu: Float, fees: Float) -> None:  # noqa: ANN401
    """Add TEU and charges for a million USD of each pair's trade, by corridor: (R, N * N) each.

    `trade` is (pair, value, unit): pair of economies, trade on the network, TEU for a million USD of the pair's
    trade. `found` is (composite, share, charge).
    """
    pair, _, unit = trade
    composite, share, charge = found
    for c in range(len(pair)):
        if np.isfinite(composite[c]):
            for r in range(share.shape[1]):
                teu[r, pair[c]] += unit[c] * share[c, r]
                fees[r, pair[c]] += unit[c] * charge[c, r] * 1e-6


@njit(cache=True, nogil=True, error_model="numpy")
def add_change(
    trade: Any,  # noqa: ANN401
    rows: Int,
    elasticity: float,
    before: Any,  # noqa: ANN401
    after: Any,  # noqa: ANN401
    goods: Any,  # noqa: ANN401
    sums: Any,  # noqa: ANN401
) -> None:
    """Add what the changed cells `rows` change against the baseline's sums.

    `before` and `after` are (composite, share, charge) of all cells and of the changed ones; `goods` the value of a
    TEU by class with the class of every cell; `sums` is (kept, teu, fees): trade on the network times
    ``tau_hat^-eps`` less 1 by pair (N * N,), and what `add_baseline` sums.
    """
    pair, value, unit = trade
    kept, teu, fees = sums
    worth, kind = goods
    for k in range(len(rows)):
        c = rows[k]
        old, new = before[0][c], after[0][k]
        m = 1.0
        if np.isfinite(old):
            v = worth[kind[c]]
            m = np.exp(-elasticity * np.log((v + new) / (v + old))) if np.isfinite(new) else 0.0
        kept[pair[c]] += value[c] * (m - 1.0)
        now = m if np.isfinite(new) else 0.0
        then = 1.0 if np.isfinite(old) else 0.0
        for r in range(teu.shape[0]):
            teu[r, pair[c]] += unit[c] * (now * after[1][k, r] - then * before[1][c, r])
            fees[r, pair[c]] += unit[c] * 1e-6 * (now * after[2][k, r] - then * before[2][c, r])
