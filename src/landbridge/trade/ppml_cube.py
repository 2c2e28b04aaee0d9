r"""Poisson pseudo-maximum likelihood and least squares with gravity effects, for trade as a dense cube.

The model is ``E[y_ijt] = mu_ijt = exp(x_ijt' beta + a_it + b_jt + d_ij)`` (Santos Silva and Tenreyro 2006, with the
effects of Yotov and others 2016, equation 1-10). Closed-form updates of the effects (each scales mu so that sums of
fitted and observed trade agree by exporter-year, importer-year and pair) give a start; Newton steps on all parameters
at once finish. With ``r = (y - mu) / mu`` and tildes for what effects leave under weights mu,

    delta beta = (x~' M x~)^-1 x~' (y - mu),   delta eta = r - (r~ - x~ delta beta),   M = diag(mu),

so that one step costs one solve of `landbridge.trade.ppml_effects` for x and r, each started from the last one.
"""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import ConvergenceError
from landbridge.trade.ppml_effects import Effects, Projector, make_projector, solve_effects

_START_ROUNDS = 6
_EXACT = 1e-4
"""Least spread of errors, as a part of mean trade, against which steps are measured: a perfect fit has none."""
_COLLINEAR = 1e-9
"""A variable whose square falls below this part of itself once effects and other variables are out is collinear."""


@dataclass(frozen=True, slots=True, eq=False)
class CubeProblem:
    """Trade (I, J, T), which cells are observed, k regressors (k, I, J, T), which pairs (I, J) have effects."""

    trade: Float
    observed: Bool
    regressors: Float
    pairs: Bool
    symmetric: bool


@dataclass(frozen=True, slots=True, eq=False)
class CubeFit:
    """What the estimation needs of a fit.

    Attributes
    ----------
    coefficients
        Shape (k,).
    bread
        Inverse of ``x~' M x~``, shape (k, k).
    reduced
        Regressors less their effects under the final weights, shape (k, I, J, T).
    fitted
        Shape (I, J, T): mu, or the fitted logarithm for least squares; 0 where nothing was observed.
    steps
        Newton decrement by iteration, in units of the residuals' spread.
    """

    coefficients: Float
    bread: Float
    reduced: Float
    fitted: Float
    steps: tuple[float, ...]


def fit_ppml(problem: CubeProblem, *, tolerance: float, max_iterations: int) -> CubeFit:
    """Return the Poisson fit; every effect must have some positive trade (drop separated cells first).

    Raises
    ------
    ConvergenceError
        If Newton steps stay above `tolerance` standard errors.
    """
    y, x = problem.trade, problem.regressors
    eta = np.where(problem.observed, np.log(np.where(problem.observed, starting_fit(problem), 1.0)), 0.0)
    mu = np.where(problem.observed, np.exp(eta), 0.0)
    likelihood = float((y * eta - mu).sum())
    beta = np.zeros(len(x))
    x_effects: Effects | None = None
    freedom = max(int(problem.observed.sum()) - len(x), 1)
    steps: list[float] = []
    while True:
        r = np.where(problem.observed, y / np.where(problem.observed, mu, 1.0) - 1.0, 0.0)
        projector = make_projector(mu, pairs=problem.pairs, symmetric=problem.symmetric)
        spread = max(float((mu * r * r).sum()), _EXACT * float(mu.sum())) / freedom
        x_left, x_effects, bread = reduced_regressors(projector, x, 1e-4 if not _near(steps) else 1e-9, x_effects)
        if not steps and (y == mu).all():
            return CubeFit(beta, bread, x_left, mu, (0.0,))
        r_left, _, _ = solve_effects(
            projector, r[None], energy=np.array([_target(steps, spread, tolerance, float((mu * r * r).sum()))])
        )
        delta = bread @ np.einsum("kijt,ijt->k", x_left, y - mu)
        change = r - r_left[0] + np.einsum("k,kijt->ijt", delta, x_left)
        decrement = float(np.sqrt(max((mu * change * change).sum(), 0.0) / max(spread, np.finfo(np.float64).tiny)))
        steps.append(decrement)
        if decrement <= tolerance:
            x_left, _, bread = reduced_regressors(projector, x, 1e-9, x_effects)
            return CubeFit(beta + delta, bread, x_left, mu, tuple(steps))
        if len(steps) == max_iterations or not np.isfinite(decrement):
            raise ConvergenceError(f"PPML moved by {decrement:.1e} standard errors after {len(steps)} iterations")
        eta, mu, likelihood, scale = _stepped(problem, eta, change, likelihood)
        beta = beta + scale * delta


def fit_ols(problem: CubeProblem) -> CubeFit:
    """Return the least-squares fit of log trade on cells with positive trade."""
    weight = (problem.observed & (problem.trade > 0.0)).astype(np.float64)
    projector = make_projector(weight, pairs=problem.pairs, symmetric=problem.symmetric)
    logs = np.where(weight > 0.0, np.log(np.where(weight > 0.0, problem.trade, 1.0)), 0.0)
    x_left, _, bread = reduced_regressors(projector, problem.regressors, 1e-10, None)
    left, _, _ = solve_effects(projector, logs[None], energy=np.array([1e-20 * float((logs * logs).sum() + 1e-300)]))
    beta = bread @ np.einsum("kijt,ijt,ijt->k", x_left, weight, left[0])
    residual = weight * (left[0] - np.einsum("k,kijt->ijt", beta, x_left))
    return CubeFit(beta, bread, x_left * weight, logs - residual, (0.0,))


def reduced_regressors(
    projector: Projector, x: Float, accuracy: float, start: Effects | None
) -> tuple[Float, Effects, Float]:
    """Return regressors less their effects, those effects, and the inverse of their weighted squares."""
    weight = projector.weight
    if not len(x):
        empty = Effects(np.zeros((0, *weight[:, 0].shape)), np.zeros((0, *weight[0].shape)))
        return x, empty, np.zeros((0, 0))
    whole = np.einsum("ijt,kijt,kijt->k", weight, x, x)
    energy = np.maximum(accuracy**2 * whole * 1e-2, np.finfo(np.float64).tiny)
    left, effects, _ = solve_effects(projector, x, energy=energy, start=start)
    return left, effects, np.linalg.inv(np.einsum("ijt,kijt,lijt->kl", weight, left, left))


def independent_regressors(problem: CubeProblem, weight: Float) -> Bool:
    """Return which regressors effects and the regressors before them leave something of, shape (k,)."""
    x = problem.regressors
    keep = np.ones(len(x), dtype=bool)
    if not len(x):
        return keep
    projector = make_projector(weight, pairs=problem.pairs, symmetric=problem.symmetric)
    whole = np.einsum("ijt,kijt,kijt->k", weight, x, x)
    energy = np.maximum(1e-14 * whole, np.finfo(np.float64).tiny)
    left, _, _ = solve_effects(projector, x, energy=energy)
    square = np.einsum("ijt,kijt,lijt->kl", weight, left, left)
    for k in range(len(x)):
        others = np.flatnonzero(keep[:k])
        rest = square[k, k]
        if len(others):
            cross = square[k, others]
            rest = rest - cross @ np.linalg.solve(square[np.ix_(others, others)], cross)
        keep[k] = rest > _COLLINEAR * whole[k]
    return keep


def starting_fit(problem: CubeProblem) -> Float:
    """Return mu after a few closed-form updates of the effects, without regressors, shape (I, J, T)."""
    y = problem.trade
    mu = np.where(problem.observed, y.mean(), 0.0)
    for _ in range(_START_ROUNDS):
        mu *= _ratio(y.sum(1), mu.sum(1))[:, None, :]
        mu *= _ratio(y.sum(0), mu.sum(0))[None, :, :]
        if problem.pairs.any():
            above, below = y.sum(2), mu.sum(2)
            if problem.symmetric:
                above, below = above + above.T, below + below.T
            mu *= np.where(problem.pairs, _ratio(above, below), 1.0)[:, :, None]
    return mu


def _ratio(above: Float, below: Float) -> Float:
    return np.where(below > 0.0, above / np.where(below > 0.0, below, 1.0), 1.0)


def _near(steps: list[float]) -> bool:
    return bool(steps) and steps[-1] < 1e-3


def _target(steps: list[float], spread: float, tolerance: float, whole: float) -> float:
    """Return how much error the step for the effects may have: little beside the step that is expected."""
    expected = spread * steps[-1] ** 2 if steps else whole
    return float(max(1e-6 * expected, 1e-2 * tolerance**2 * spread, np.finfo(np.float64).tiny))


def _stepped(problem: CubeProblem, eta: Float, change: Float, likelihood: float) -> tuple[Float, Float, float, float]:
    """Take the step, or the largest half of it that does not lower the likelihood."""
    scale = 1.0
    while True:
        moved = eta + scale * change
        mu = np.where(problem.observed, np.exp(np.minimum(moved, 300.0)), 0.0)
        found = float((problem.trade * moved - mu).sum())
        if found >= likelihood - 1e-9 * abs(likelihood):
            return moved, mu, found, scale
        scale *= 0.5
        if scale < 1e-6:
            raise ConvergenceError("PPML: no step raises the likelihood; is a regressor all but collinear?")
