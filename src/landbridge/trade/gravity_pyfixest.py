"""Gravity by pyfixest: any effects, any panel."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, MissingExtraError
from landbridge.trade.gravity_panel import Panel


@dataclass(frozen=True, slots=True, eq=False)
class LibraryFit:
    """What the estimation needs of a fit by the library: n observations, k regressors that are not collinear.

    Attributes
    ----------
    kept
        Positions of the regressors that are not collinear, shape (k,).
    bread
        Inverse of the weighted squares of the reduced regressors, shape (k, k).
    scores
        Reduced regressors times residuals, shape (n, k).
    """

    kept: tuple[int, ...]
    coefficients: Float
    bread: Float
    scores: Float
    fitted: Float


def fit_with_pyfixest(panel: Panel, *, poisson: bool, tolerance: float, max_iterations: int) -> LibraryFit:
    """Return a fit by pyfixest; observations must be informative (see `drop_uninformative`).

    Raises
    ------
    MissingExtraError
        If pyfixest is not installed.
    ConvergenceError
        If it does not converge.
    """
    try:
        import pandas as pd
        import pyfixest
        from pyfixest.demeaners import MapDemeaner
        from pyfixest.errors import NonConvergenceError
    except ImportError as error:
        raise MissingExtraError(
            'These effects are estimated by pyfixest. Type: pip install "landbridge[estimation]"'
        ) from error
    x = [f"x{k}" for k in range(len(panel.names))]
    f = [f"f{k}" for k in range(len(panel.effects))]
    data: dict[str, Any] = {"y": panel.trade if poisson else np.log(panel.trade)}
    data |= dict(zip(x, panel.regressors.T, strict=True))
    data |= dict(zip(f, panel.effects.values(), strict=True))
    formula = f"y ~ {' + '.join(x) or '1'}" + (f" | {' + '.join(f)}" if f else "")
    frame = pd.DataFrame(data)
    demeaner = MapDemeaner(fixef_tol=1e-10, fixef_maxiter=100_000)
    options: dict[str, Any] = {"vcov": "hetero", "fixef_rm": "none", "demeaner": demeaner, "copy_data": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if poisson:
                accuracy = max(1e-4 * tolerance, 1e-13)
                fit = pyfixest.fepois(formula, frame, iwls_tol=accuracy, iwls_maxiter=max_iterations, **options)
            else:
                fit = pyfixest.feols(formula, frame, **options)
        except ValueError as error:
            if "collinear" not in str(error):
                raise ConvergenceError(f"pyfixest: {error}") from error
            none = np.zeros((len(panel.trade), 0))
            return LibraryFit((), np.zeros(0), np.zeros((0, 0)), none, data["y"])
        except (NonConvergenceError, np.linalg.LinAlgError) as error:
            raise ConvergenceError(f"pyfixest: {error}") from error
    if poisson and not fit.convergence:
        raise ConvergenceError(f"pyfixest did not converge within {max_iterations} iterations")
    names = list(fit._coefnames)  # noqa: SLF001 - pyfixest has no public name for these
    kept = tuple(k for k, name in enumerate(x) if name in names)
    at = [names.index(x[k]) for k in kept]
    scores = np.asarray(fit._X)[:, at] * np.asarray(fit._u_hat).reshape(-1, 1)  # noqa: SLF001
    bread = np.linalg.inv(np.asarray(fit._tZX))[np.ix_(at, at)]  # noqa: SLF001
    fitted = np.asarray(fit._Y_hat_response).reshape(-1) if poisson else data["y"] - np.asarray(fit._u_hat).reshape(-1)  # noqa: SLF001
    return LibraryFit(kept, np.asarray(fit.coef())[at], bread, scores, fitted)
