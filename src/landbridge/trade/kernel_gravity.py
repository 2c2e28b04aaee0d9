"""Loops over trade cubes [exporter, importer, year]: weighted sums and means out of which effects are solved."""

# ruff: noqa: FBT001 -- a kernel takes its arrays one by one

from numba import njit

from landbridge.core.arrays import Float


@njit(cache=True, nogil=True)
def reduced_sums(w: Float, inverse: Float, v: Float, rows: Float, columns: Float, symmetric: bool) -> None:
    """Add ``w (v - m)`` up by exporter-year and importer-year, m the weighted mean of v over a pair's years.

    `w`, `v` have shape (I, J, T); `inverse` (I, J) is 1 over a pair's weight, 0 where pairs have no effect;
    `rows` (I, T) and `columns` (J, T) are overwritten. In the symmetric case (i, j) and (j, i) are one pair.
    """
    n, m, years = w.shape
    rows[:] = 0.0
    columns[:] = 0.0
    for i in range(n):
        for j in range(i if symmetric else 0, m):
            back = symmetric and i != j
            mean = 0.0
            for t in range(years):
                mean += w[i, j, t] * v[i, j, t]
            if back:
                for t in range(years):
                    mean += w[j, i, t] * v[j, i, t]
            mean *= inverse[i, j]
            for t in range(years):
                part = w[i, j, t] * (v[i, j, t] - mean)
                rows[i, t] += part
                columns[j, t] += part
            if back:
                for t in range(years):
                    part = w[j, i, t] * (v[j, i, t] - mean)
                    rows[j, t] += part
                    columns[i, t] += part


@njit(cache=True, nogil=True)
def reduced_operator(
    w: Float,
    inverse: Float,
    a: Float,
    b: Float,
    rows: Float,
    columns: Float,
    symmetric: bool,
) -> None:
    """Do what `reduced_sums` does for ``v = a_it + b_jt``, without making v: a (I, T), b (J, T)."""
    n, m, years = w.shape
    rows[:] = 0.0
    columns[:] = 0.0
    for i in range(n):
        for j in range(i if symmetric else 0, m):
            back = symmetric and i != j
            mean = 0.0
            if inverse[i, j] > 0.0:
                for t in range(years):
                    mean += w[i, j, t] * (a[i, t] + b[j, t])
                if back:
                    for t in range(years):
                        mean += w[j, i, t] * (a[j, t] + b[i, t])
                mean *= inverse[i, j]
            for t in range(years):
                part = w[i, j, t] * (a[i, t] + b[j, t] - mean)
                rows[i, t] += part
                columns[j, t] += part
            if back:
                for t in range(years):
                    part = w[j, i, t] * (a[j, t] + b[i, t] - mean)
                    rows[j, t] += part
                    columns[i, t] += part


@njit(cache=True, nogil=True)
def residual_of(
    w: Float,
    inverse: Float,
    v: Float,
    a: Float,
    b: Float,
    out: Float,
    symmetric: bool,
) -> None:
    """Write ``v - a_it - b_jt - d_ij`` to `out`, d the weighted mean of what a and b leave of a pair."""
    n, m, years = w.shape
    for i in range(n):
        for j in range(i if symmetric else 0, m):
            back = symmetric and i != j
            mean = 0.0
            for t in range(years):
                out[i, j, t] = v[i, j, t] - a[i, t] - b[j, t]
                mean += w[i, j, t] * out[i, j, t]
            if back:
                for t in range(years):
                    out[j, i, t] = v[j, i, t] - a[j, t] - b[i, t]
                    mean += w[j, i, t] * out[j, i, t]
            mean *= inverse[i, j]
            for t in range(years):
                out[i, j, t] -= mean
            if back:
                for t in range(years):
                    out[j, i, t] -= mean
