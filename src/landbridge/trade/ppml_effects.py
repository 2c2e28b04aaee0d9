r"""Weighted least squares on exporter-year, importer-year and pair effects, for trade as a dense cube.

For weights w and a variable v of shape (I, J, T) it solves

    min  sum_ijt w_ijt (v_ijt - a_it - b_jt - d_ij)^2 .

The pair effects are eliminated in closed form, ``d_ij = sum_t w (v - a - b) / sum_t w``; the normal equations of
(a, b) that remain are solved by conjugate gradients. The preconditioner is their block diagonal by year, itself
solved exactly: exporters eliminated in closed form, one J x J matrix a year inverted. Without pair effects the
preconditioner is the inverse and two steps suffice.
"""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import ConvergenceError

_FLOOR = 1e-12
"""Ridge of the yearly matrices, relative to their diagonal, for years whose trade falls into separate blocks."""


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects that were solved for k variables: exporter-year (k, I, T), importer-year (k, J, T)."""

    exporter_year: Float
    importer_year: Float


@dataclass(frozen=True, slots=True, eq=False)
class Projector:
    """Everything about the weights that solving for effects needs.

    Attributes
    ----------
    weight
        Shape (I, J, T); 0 where there is no observation.
    inverse_pair
        1 over a pair's weight, shape (I, J); 0 for a pair without observations, or without an effect of its own.
    symmetric
        Whether (i, j) and (j, i) share one effect.
    inverse_exporter, inverse_importer
        1 over an exporter's weight by year (T, I); inverse of the importers' reduced matrix by year (T, J, J).
    by_year
        The weights with the year first, (T, I, J).
    """

    weight: Float
    inverse_pair: Float
    symmetric: bool
    inverse_exporter: Float
    inverse_importer: Float
    by_year: Float

    def precondition(self, rows: Float, columns: Float) -> tuple[Float, Float]:
        """Solve the two-way problem of each year for right-hand sides (k, I, T) and (k, J, T)."""
        r = np.ascontiguousarray(np.moveaxis(rows, (0, 1, 2), (2, 1, 0)))
        c = np.ascontiguousarray(np.moveaxis(columns, (0, 1, 2), (2, 1, 0)))
        scaled = r * self.inverse_exporter[:, :, None]
        b = self.inverse_importer @ (c - self.by_year.transpose(0, 2, 1) @ scaled)
        a = scaled - self.inverse_exporter[:, :, None] * (self.by_year @ b)
        return np.ascontiguousarray(a.transpose(2, 1, 0)), np.ascontiguousarray(b.transpose(2, 1, 0))


def make_projector(weight: Float, *, pairs: Bool, symmetric: bool) -> Projector:
    """Prepare to solve for effects under weights of shape (I, J, T); `pairs` (I, J) have effects of their own."""
    by_year = np.ascontiguousarray(weight.transpose(2, 0, 1))
    exporter = by_year.sum(2)
    importer = by_year.sum(1)
    inverse_exporter = _inverse(exporter)
    reduced = -(by_year.transpose(0, 2, 1) @ (by_year * inverse_exporter[:, :, None]))
    at = np.arange(importer.shape[1])
    reduced[:, at, at] += importer * (1.0 + _FLOOR)
    total = np.maximum(importer.sum(1), np.finfo(np.float64).tiny)
    reduced += importer[:, :, None] * importer[:, None, :] / total[:, None, None]
    reduced[:, at, at] += importer == 0.0
    sums = weight.sum(2)
    if symmetric:
        sums = sums + np.where(np.eye(len(sums), dtype=bool), 0.0, sums.T)
    inverse_pair: Float = np.where(pairs, _inverse(sums), 0.0)
    inverse_importer: Float = np.linalg.inv(reduced).astype(np.float64, copy=False)
    return Projector(weight, inverse_pair, symmetric, inverse_exporter, inverse_importer, by_year)


def solve_effects(
    projector: Projector, values: Float, *, energy: Float, start: Effects | None = None, max_iterations: int = 2000
) -> tuple[Float, Effects, int]:
    """Return what effects leave of k variables.

    Parameters
    ----------
    projector
        The weights.
    values
        Shape (k, I, J, T).
    energy
        Largest error ``sum w (error of the fitted effects)^2`` allowed for each variable, shape (k,).
    start
        Effects to start from; none: 0.
    max_iterations
        Of conjugate gradients.

    Returns
    -------
    tuple
        Residuals (k, I, J, T), the effects and the number of iterations.

    Raises
    ------
    ConvergenceError
        If the error stays above `energy`.
    """
    from landbridge.trade.kernel_gravity import reduced_operator, reduced_sums, residual_of

    k, n, m, years = values.shape
    w, inverse, symmetric = projector.weight, projector.inverse_pair, projector.symmetric
    r_a, r_b = np.empty((k, n, years)), np.empty((k, m, years))
    s_a, s_b = np.empty_like(r_a), np.empty_like(r_b)
    for c in range(k):
        reduced_sums(w, inverse, values[c], r_a[c], r_b[c], symmetric)
    a, b = (np.zeros_like(r_a), np.zeros_like(r_b)) if start is None else (start.exporter_year, start.importer_year)
    if start is not None:
        a, b = a.copy(), b.copy()
        for c in range(k):
            reduced_operator(w, inverse, a[c], b[c], s_a[c], s_b[c], symmetric)
        r_a -= s_a
        r_b -= s_b
    z_a, z_b = projector.precondition(r_a, r_b)
    p_a, p_b = z_a.copy(), z_b.copy()
    rho = _dot(r_a, z_a) + _dot(r_b, z_b)
    iterations = 0
    while (rho > energy).any():
        if iterations == max_iterations:
            raise ConvergenceError(
                f"effects: error {float((rho / energy).max()):.1e} times the tolerance after {iterations} iterations"
            )
        for c in range(k):
            reduced_operator(w, inverse, p_a[c], p_b[c], s_a[c], s_b[c], symmetric)
        curvature = _dot(p_a, s_a) + _dot(p_b, s_b)
        step = np.where((rho > energy) & (curvature > 0.0), rho / np.where(curvature > 0.0, curvature, 1.0), 0.0)
        if not step.any():
            break
        a += step[:, None, None] * p_a
        b += step[:, None, None] * p_b
        r_a -= step[:, None, None] * s_a
        r_b -= step[:, None, None] * s_b
        z_a, z_b = projector.precondition(r_a, r_b)
        fresh = _dot(r_a, z_a) + _dot(r_b, z_b)
        turn = np.where(step > 0.0, fresh / np.where(rho > 0.0, rho, 1.0), 0.0)
        p_a = z_a + turn[:, None, None] * p_a
        p_b = z_b + turn[:, None, None] * p_b
        rho = fresh
        iterations += 1
    left = np.empty_like(values)
    for c in range(k):
        residual_of(w, inverse, values[c], a[c], b[c], left[c], symmetric)
    return left, Effects(a, b), iterations


def _inverse(values: Float) -> Float:
    result: Float = np.where(values > 0.0, 1.0 / np.where(values > 0.0, values, 1.0), 0.0)
    return result


def _dot(x: Float, y: Float) -> Float:
    result: Float = np.einsum("kit,kit->k", x, y)
    return result
