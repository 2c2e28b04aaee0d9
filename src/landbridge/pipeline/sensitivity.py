r"""Which input moves a figure most: Sobol indices read from a polynomial fitted to the draws themselves.

A figure y of independent inputs with chances u is expanded in orthonormal Legendre polynomials of u (polynomial
chaos; Sudret 2008, Reliability Engineering and System Safety 93(7), equations 35 to 40):

.. math:: y(u) \approx \sum_\alpha c_\alpha \prod_k \sqrt{2\alpha_k + 1}\, P_{\alpha_k}(2 u_k - 1), \qquad
    D_\alpha = c_\alpha^2

An input's first-order index is the sum of the ``D`` of terms in it alone, its total index that of all terms that
hold it, each over the sum of all. The degree (1 to 3) is the one whose leave-one-out error is least, and that error
is told: an index is worth no more than the fit behind it.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import Problem, refuse

DEGREES: Final = (1, 2, 3)
TERMS_PER_DRAW: Final = 0.5
"""Most terms of a fit, as a part of the draws."""


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Sobol indices of Y figures over G groups of inputs.

    Attributes
    ----------
    first, total
        Shares of the variance, shape (Y, G).
    fit
        Part of the variance that the polynomial foretells of draws left out, shape (Y,); at most 1.
    varies
        Whether the figure varies at all, shape (Y,); indices are 0 where it does not.
    """

    first: Float
    total: Float
    fit: Float
    varies: Bool


def sobol_indices(chances: Float, groups: Int, values: Float) -> Indices:
    """Return first-order and total indices of figures (D, Y) for inputs with chances (D, d) in groups (d,).

    Raises
    ------
    StudyError
        If there are fewer draws than a straight-line fit asks for.
    """
    count, inputs = chances.shape
    if count < (inputs + 1) / TERMS_PER_DRAW:
        message = f"{count} draws cannot tell {inputs} inputs apart. Give at least {int(2 * (inputs + 1))}."
        refuse([Problem("LB573", message, "draws")])
    spread = values.std(0)
    varies = spread > 1e-9 * np.maximum(np.abs(values).max(0), 1e-300)
    size = int(groups.max()) + 1 if inputs else 0
    first, total = np.zeros((values.shape[1], size)), np.zeros((values.shape[1], size))
    fit = np.full(values.shape[1], -np.inf)
    for degree in DEGREES:
        powers = _powers(inputs, degree)
        if len(powers) > TERMS_PER_DRAW * count and degree > 1:
            break
        coefficients, error = _fitted(_basis(chances, powers), values)
        explained = 1.0 - error / np.where(varies, spread**2, 1.0)
        better = explained > fit
        shares = _shares(powers, groups, coefficients, size)
        first[better], total[better] = shares[0][better], shares[1][better]
        fit[better] = explained[better]
    still = ~varies
    first[still], total[still], fit[still] = 0.0, 0.0, 1.0
    return Indices(first, total, fit, varies)


def _powers(inputs: int, degree: int) -> Int:
    """Return the multi-indices of total degree up to `degree`, shape (terms, d), the constant first."""
    rows = [np.zeros(inputs, np.int64)]
    for order in range(1, degree + 1):
        rows += [
            np.bincount(np.array(chosen, dtype=np.int64), minlength=inputs)
            for chosen in combinations_with_replacement(range(inputs), order)
        ]
    return np.array(rows)


def _basis(chances: Float, powers: Int) -> Float:
    from numpy.polynomial.legendre import legvander

    highest = int(powers.max())
    single = legvander(2.0 * chances - 1.0, highest) * np.sqrt(2.0 * np.arange(highest + 1) + 1.0)
    basis = np.ones((len(chances), len(powers)))
    for k in range(chances.shape[1]):
        basis *= single[:, k][:, powers[:, k]]
    return basis


def _fitted(basis: Float, values: Float) -> tuple[Float, Float]:
    """Return coefficients (terms, Y) and the mean square of leave-one-out errors (Y,)."""
    q, r = np.linalg.qr(basis)
    coefficients = np.linalg.solve(r, q.T @ values)
    leverage = np.minimum((q**2).sum(1), 1.0 - 1e-9)
    error = (values - basis @ coefficients) / (1.0 - leverage)[:, None]
    return coefficients, (error**2).mean(0)


def _shares(powers: Int, groups: Int, coefficients: Float, size: int) -> tuple[Float, Float]:
    holds = np.zeros((len(powers), size), dtype=bool)
    for k, group in enumerate(groups.tolist()):
        holds[:, group] |= powers[:, k] > 0
    variance = coefficients**2 * (holds.sum(1) > 0)[:, None]
    whole = variance.sum(0)
    whole = np.where(whole > 0, whole, 1.0)
    alone = holds & (holds.sum(1) == 1)[:, None]
    return (variance.T @ alone) / whole[:, None], (variance.T @ holds) / whole[:, None]
