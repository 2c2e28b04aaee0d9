r"""Structural gravity: how trade answers to distance, borders, agreements and transport cost.

The model of Anderson and van Wincoop (2003) as estimated by Yotov and others (2016, equation 1-10),

    X_ijt = exp(x_ijt' beta + a_it + b_jt + d_ij) e_ijt ,

with exporter-year effects a (output and outward resistance), importer-year effects b (spending and inward
resistance) and, where wanted, pair effects d. Poisson pseudo-maximum likelihood keeps zeros and is consistent
whatever the spread of the errors (Santos Silva and Tenreyro 2006); least squares on logarithms is there to compare.
The covariance is the sandwich ``A (sum_g s_g s_g') A`` with A the inverse of the weighted squares of the regressors
less their effects, and s_g the sum of scores over cluster g (Cameron, Gelbach and Miller 2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import Problem, StudyError
from landbridge.trade.gravity_panel import (
    Dropped,
    Panel,
    PanelColumns,
    drop_uninformative,
    pair_effects,
    read_panel,
    small_sample_parameters,
    without_gaps,
)
from landbridge.trade.gravity_separation import separated_by_regressors, vanished

Estimator = Literal["ppml", "ols"]
Method = Literal["auto", "cube", "pyfixest"]
SmallSample = Literal["effects", "clusters", "none"]

THREE_WAY: Final = ("exporter-year", "importer-year", "pair")
TWO_WAY: Final = ("exporter-year", "importer-year")
_CUBE_EFFECTS: Final = tuple(frozenset((*TWO_WAY, *more)) for more in ((), ("pair",), ("symmetric-pair",), ("home",)))
_CUBE_FILL = 0.25
"""Least share of the cube's cells that must be observed for the dense method to be worth it."""


@dataclass(frozen=True, slots=True)
class GravityOptions:
    """How to estimate.

    Attributes
    ----------
    method
        ``cube``: our own dense method, for exporter-year and importer-year effects with or without pair effects.
        ``pyfixest``: that library, for any effects. ``auto``: the cube where it applies.
    small_sample
        Factor of the covariance: ``effects`` counts parameters and effects that are not nested in the clusters,
        ``(N - 1)/(N - K) G/(G - 1)``, as pyfixest, fixest and reghdfe do; ``clusters`` only ``G/(G - 1)``, as
        Stata's ppml does; ``none`` 1. Without clusters G/(G - 1) falls away, and N stands for N - 1.
    tolerance
        The last step of the coefficients, in standard errors under errors without clusters.
    """

    method: Method = "auto"
    small_sample: SmallSample = "effects"
    tolerance: float = 1e-8
    max_iterations: int = 100


@dataclass(frozen=True, slots=True, eq=False)
class GravityEstimate:
    """Coefficients with their covariance, k of them, and how well the model fits.

    Attributes
    ----------
    names, coefficients, standard_errors
        Of the regressors that are not collinear, shape (k,).
    covariance
        Shape (k, k).
    fitted
        One value an observation of the panel, in its order: fitted trade (under ``ols`` the exponential of the
        fitted logarithm). Separated observations are fitted as 0, singletons as observed; under ``ols`` what has no
        logarithm is 0.
    deviance
        Poisson deviance, or the sum of squared residuals under ``ols``.
    correlation_squared
        Squared correlation of fitted and observed trade (logarithms under ``ols``), the fit that Yotov and others
        report.
    iterations
        Newton steps of the dense method; 0 where the library does not tell.
    """

    names: tuple[str, ...]
    coefficients: Float
    standard_errors: Float
    covariance: Float
    observations: int
    clusters: int
    deviance: float
    correlation_squared: float
    fitted: Float
    dropped: Dropped
    estimator: Estimator
    method: Method
    iterations: int

    def __getitem__(self, name: str) -> float:
        """Return one coefficient."""
        return float(self.coefficients[self.names.index(name)])

    def standard_error(self, name: str) -> float:
        """Return the standard error of one coefficient."""
        return float(self.standard_errors[self.names.index(name)])

    def draws(self, generator: np.random.Generator, count: int) -> Float:
        """Return coefficients drawn from their normal distribution, shape (count, k)."""
        return generator.multivariate_normal(self.coefficients, self.covariance, size=count, method="eigh")

    def total(self, names: Sequence[str]) -> tuple[float, float]:
        """Return the sum of some coefficients and its standard error: the whole effect of what is phased in."""
        weight = np.array([float(name in names) for name in self.names])
        missing = set(names) - set(self.names)
        if missing:
            raise KeyError(f"{sorted(missing)} are not among the coefficients {self.names}.")
        return float(weight @ self.coefficients), float(np.sqrt(weight @ self.covariance @ weight))


_DEFAULT_COLUMNS: Final = PanelColumns()
_DEFAULT_OPTIONS: Final = GravityOptions()


def estimate_gravity(
    panel: Any,  # noqa: ANN401 - a pandas frame, a Table or a mapping of columns
    regressors: Sequence[str],
    *,
    effects: Sequence[str] = THREE_WAY,
    estimator: Estimator = "ppml",
    cluster: str | None = "pair",
    columns: PanelColumns = _DEFAULT_COLUMNS,
    options: GravityOptions = _DEFAULT_OPTIONS,
) -> GravityEstimate:
    """Estimate structural gravity on a panel of trade.

    Parameters
    ----------
    panel
        One row for each exporter, importer and year: a pandas frame, a `Table`, or a mapping of columns. With rows
        of domestic trade (exporter = importer), border and domestic-distance regressors can be told apart from the
        effects.
    regressors
        Columns of numbers. `landbridge.trade.gravity_terms` makes those that the literature uses.
    effects
        Among ``exporter-year``, ``importer-year``, ``pair`` (directed), ``symmetric-pair``, ``home`` (domestic trade
        of each economy), ``exporter``, ``importer``, ``year``, and columns of the panel.
    estimator
        ``ppml``, or ``ols`` on logarithms of positive trade.
    cluster
        What errors are clustered by: one of the words above or a column; None: robust to unequal spread only.
    columns
        Names of the panel's own columns; ``year=None`` for a cross-section.
    options
        Method, small-sample factor, tolerance.

    Raises
    ------
    StudyError
        If columns are missing, hold no numbers, or nothing is left to estimate.
    ConvergenceError
        If the estimate does not settle.
    MissingExtraError
        If the effects need pyfixest and it is not installed.
    """
    whole = read_panel(panel, regressors, effects, cluster, columns)
    keep, dropped = drop_uninformative(whole, poisson=estimator == "ppml")
    method = _method(whole.take(keep), effects, options)
    if estimator == "ppml":
        keep, separated = _without_separated(whole, keep, dense=method == "cube")
        dropped = replace(dropped, separated_by_regressor=separated)
    keep, fit, dropped = _settled(whole, keep, dropped, method, (estimator, options))
    sample = whole.take(keep)
    if len(regressors) and not fit.kept:
        message = f"Effects explain every regressor: {', '.join(regressors)}. Give one that varies beside them."
        raise StudyError([Problem("LB707", message, "regressors")])
    covariance, clusters = _covariance(sample, fit, options.small_sample)
    gone = tuple(name for k, name in enumerate(whole.names) if k not in fit.kept)
    fitted = whole.trade.copy()
    fitted[keep] = fit.fitted if estimator == "ppml" else np.exp(fit.fitted)
    observed = sample.trade if estimator == "ppml" else np.log(sample.trade)
    return GravityEstimate(
        tuple(whole.names[k] for k in fit.kept),
        fit.coefficients,
        np.sqrt(np.diag(covariance)),
        covariance,
        len(sample.trade),
        clusters,
        _deviance(observed, fit.fitted) if estimator == "ppml" else float(((observed - fit.fitted) ** 2).sum()),
        _correlation_squared(observed, fit.fitted),
        fitted,
        replace(dropped, collinear=gone),
        estimator,
        method,
        fit.iterations,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    kept: tuple[int, ...]
    coefficients: Float
    bread: Float
    scores: Float
    fitted: Float
    iterations: int


def _settled(
    whole: Panel, keep: Bool, dropped: Dropped, method: Method, how: tuple[Estimator, GravityOptions]
) -> tuple[Bool, _Fit, Dropped]:
    """Fit; leave out zeros whose fitted trade has run to nothing, and fit again until there are none."""
    estimator, options = how
    while True:
        sample = whole.take(keep)
        if len(sample.trade) <= len(whole.names):
            message = f"{len(sample.trade)} observations are left for {len(whole.names)} regressors. Give more trade."
            raise StudyError([Problem("LB704", message, "panel")])
        fit = _cube(sample, estimator, options) if method == "cube" else _library(sample, estimator, options)
        gone = vanished(sample.trade, fit.fitted) if estimator == "ppml" else np.zeros(len(sample.trade), dtype=bool)
        if not gone.any():
            return keep, fit, dropped
        keep = keep.copy()
        keep[np.flatnonzero(keep)[gone]] = False
        still, more = drop_uninformative(whole.take(keep), poisson=True)
        dropped = replace(
            dropped,
            separated_by_regressor=dropped.separated_by_regressor + int(gone.sum()),
            separated_by_effect=dropped.separated_by_effect + more.separated_by_effect,
            singletons=dropped.singletons + more.singletons,
        )
        keep[np.flatnonzero(keep)[~still]] = False


def _method(sample: Panel, effects: Sequence[str], options: GravityOptions) -> Method:
    """Return the method to use; refuse the cube where it does not apply."""
    fits = frozenset(effects) in _CUBE_EFFECTS
    years, n = len(sample.years), len(sample.economies)
    if options.method == "cube" and not fits:
        raise StudyError(
            [
                Problem(
                    "LB705",
                    "The dense method knows exporter-year and importer-year effects, alone or with pair, "
                    "symmetric-pair or home. Give these, or method='pyfixest'.",
                    "effects",
                )
            ]
        )
    if options.method != "auto":
        return options.method
    return "cube" if fits and len(sample.trade) >= _CUBE_FILL * years * n * n else "pyfixest"


def _cube_cells(sample: Panel) -> tuple[tuple[Int, Int, Int], tuple[int, int, int]]:
    n = len(sample.economies)
    return (sample.exporter, sample.importer, sample.year), (n, n, len(sample.years))


def _cube(sample: Panel, estimator: Estimator, options: GravityOptions) -> _Fit:
    from landbridge.trade.ppml_cube import CubeProblem, fit_ols, fit_ppml, independent_regressors

    cells, shape = _cube_cells(sample)
    trade, observed = np.zeros(shape), np.zeros(shape, dtype=bool)
    trade[cells], observed[cells] = sample.trade, True
    x = np.zeros((len(sample.names), *shape))
    x[:, cells[0], cells[1], cells[2]] = sample.regressors.T
    problem = CubeProblem(trade, observed, x, *pair_effects(sample))
    kept = np.flatnonzero(independent_regressors(problem, observed.astype(np.float64)))
    problem = replace(problem, regressors=x[kept])
    if estimator == "ppml":
        fit = fit_ppml(problem, tolerance=options.tolerance, max_iterations=options.max_iterations)
        residual = sample.trade - fit.fitted[cells]
    else:
        fit = fit_ols(problem)
        residual = np.log(sample.trade) - fit.fitted[cells]
    scores = fit.reduced[:, cells[0], cells[1], cells[2]].T * residual[:, None]
    return _Fit(tuple(int(k) for k in kept), fit.coefficients, fit.bread, scores, fit.fitted[cells], len(fit.steps))


def _library(sample: Panel, estimator: Estimator, options: GravityOptions) -> _Fit:
    from landbridge.trade.gravity_pyfixest import fit_with_pyfixest

    fit = fit_with_pyfixest(
        sample,
        poisson=estimator == "ppml",
        tolerance=options.tolerance,
        max_iterations=options.max_iterations,
    )
    return _Fit(fit.kept, fit.coefficients, fit.bread, fit.scores, fit.fitted, 0)


def _without_separated(whole: Panel, keep: Bool, *, dense: bool) -> tuple[Bool, int]:
    found = separated_by_regressors(whole.take(keep), dense=dense)
    if not found.any():
        return keep, 0
    kept = keep.copy()
    kept[np.flatnonzero(keep)[found]] = False
    return kept, int(found.sum())


def _covariance(sample: Panel, fit: _Fit, small_sample: SmallSample) -> tuple[Float, int]:
    """Return the sandwich covariance and the number of clusters (0 without)."""
    n, k = fit.scores.shape
    if sample.cluster is None:
        sums, clusters = fit.scores, 0
    else:
        codes = without_gaps(sample.cluster)
        clusters = int(codes.max()) + 1
        sums = np.column_stack([np.bincount(codes, weights=column) for column in fit.scores.T]) if k else fit.scores
    factor = 1.0
    if small_sample != "none" and clusters > 1:
        factor *= clusters / (clusters - 1.0)
    if small_sample == "effects":
        left = n - small_sample_parameters(sample, k)
        if left <= 0:
            raise StudyError([_too_little(n)])
        factor *= (n - (1.0 if clusters else 0.0)) / left
    return factor * fit.bread @ (sums.T @ sums) @ fit.bread, clusters


def _too_little(n: int) -> Problem:
    return Problem(
        "LB704", f"{n} observations do not exceed the parameters. Give more trade, or fewer effects.", "panel"
    )


def _deviance(observed: Float, fitted: Float) -> float:
    there = observed > 0.0
    ratio = np.where(there, observed / np.where(there, fitted, 1.0), 1.0)
    return float(2.0 * (observed * np.log(ratio) - (observed - fitted)).sum())


def _correlation_squared(observed: Float, fitted: Float) -> float:
    if np.ptp(observed) == 0.0 or np.ptp(fitted) == 0.0:
        return 1.0
    return float(np.corrcoef(observed, fitted)[0, 1] ** 2)
