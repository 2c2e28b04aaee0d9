"""How good such projections would have been: known outcomes, and many pairs over rolling origins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, StudyError, refuse
from landbridge.targets.projection import Projection

Method = Literal["naive", "own", "common", "shrunk", "reverting"]
Spread = Literal["own", "pooled"]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One known outcome beside its projection; values in the unit of the series.

    Attributes
    ----------
    year
        Of the outcome.
    projected, low, high
        Median and interval.
    naive
        The last value known when the projection was made.
    outcome
        What came.
    error
        ``ln(outcome / projected)``.
    naive_error
        ``ln(outcome / naive)``.
    inside
        Whether the outcome lies in the interval.
    """

    year: int
    projected: float
    low: float
    high: float
    naive: float
    outcome: float
    error: float
    naive_error: float
    inside: bool


def compare_outcomes(
    projection: Projection, outcomes: Mapping[int, float], *, last_value: float, coverage: float = 0.9
) -> tuple[OutcomeRow, ...]:
    """Return each known outcome within the projected years beside what was projected."""
    ends = projection.quantiles(((1 - coverage) / 2, (1 + coverage) / 2))
    rows = []
    for k, year in enumerate(projection.years.tolist()):
        if year in outcomes:
            middle, low, high, came = float(projection.median[k]), *map(float, ends[k]), float(outcomes[year])
            errors = float(np.log(came / middle)), float(np.log(came / last_value))
            rows.append(OutcomeRow(year, middle, low, high, last_value, came, *errors, low <= came <= high))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Backtest:
    """Errors of one method over all pairs and origins, in logs.

    Attributes
    ----------
    method
        The method of the projection.
    count
        Number of projections that have an outcome.
    excluded
        Pairs and origins left out because a value of the history or the outcome is 0 or unknown.
    rmse, naive_rmse
        Root mean squared error of the method and of 'no change', over the same cases.
    bias
        Mean of ``ln(outcome / projected)``.
    median_absolute, naive_median_absolute
        Median of the absolute error.
    coverage
        Share of outcomes within intervals that were said to hold `nominal` of them.
    nominal
        Those shares.
    """

    method: Method
    count: int
    excluded: int
    rmse: float
    naive_rmse: float
    bias: float
    median_absolute: float
    naive_median_absolute: float
    coverage: tuple[float, ...]
    nominal: tuple[float, ...]


def rolling_backtest(
    panel: Float,
    *,
    method: Method = "reverting",
    spread: Spread = "pooled",
    history: int = 3,
    ahead: int = 1,
    nominal: Sequence[float] = (0.5, 0.8, 0.9),
) -> Backtest:
    r"""Project every pair from every origin with what was known then, and compare with what came.

    Parameters
    ----------
    panel
        Shape (pairs, periods): values at equal intervals; 0 or nan where there is none.
    method
        Growth of the log. ``naive``: none. ``own``: the pair's mean growth over its history. ``common``: the mean
        growth of all pairs. ``shrunk``: own growth drawn towards the common one by the share of its variance that
        is noise (empirical Bayes, Efron and Morris 1975). ``reverting``: a regression over all pairs and all
        origins whose outcome was known by then, of what followed on the last change, on the distance of the level
        from its mean over the history, and on the level; 'no change' until there is such an origin.
    spread
        Intervals. ``own``: Student's t with the variance of the pair's history. ``pooled``: quantiles of the
        absolute errors of all pairs of like size (tenths of the level) at earlier origins; until there are any,
        the normal with the mean variance within histories.
    history
        Least number of past changes.
    ahead
        Periods from the origin to the outcome.
    nominal
        Shares that intervals should hold.

    Notes
    -----
    An origin knows nothing of later periods: neither growth, nor spread, nor which pairs go on trading. A case is
    left out if its outcome is 0, since the error of a log is then not defined; `excluded` tells how many.
    """
    values = np.asarray(panel, dtype=np.float64)
    refuse(_panel_faults(values, history, ahead))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0, np.log(values), np.nan)
    cases: list[_Case] = []
    for origin in range(history, values.shape[1] - ahead):
        past = logs[:, origin - history : origin + 1]
        known = np.flatnonzero(np.isfinite(past).all(axis=1))
        if not len(known):
            continue
        past = past[known]
        seen = [case for case in cases if case.origin <= origin - ahead]
        growth = _growth(past, method, seen, ahead)
        after = logs[known, origin + ahead] - past[:, -1]
        widths = _widths(past, seen, spread, ahead, nominal)
        cases.append(_Case(origin, _features(past), after, after - growth, past[:, -1], widths))
    return _summary(method, cases, logs.shape[0] * (values.shape[1] - ahead - history), tuple(nominal))


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """All pairs projected from one origin; nan where the outcome is 0 or unknown.

    `features` has shape (pairs, 4), `widths` (pairs, shares): half the width of each interval, in logs.
    """

    origin: int
    features: Float
    change: Float
    error: Float
    level: Float
    widths: Float


def _features(past: Float) -> Float:
    """Return what the regression reads: one, last change, distance from the mean level, level."""
    last = past[:, -1]
    return np.column_stack([np.ones(len(past)), last - past[:, -2], last - past.mean(axis=1), last])


def _growth(past: Float, method: Method, seen: list[_Case], ahead: int) -> Float:
    """Return growth of the log up to the outcome of each pair, shape (pairs,)."""
    change = np.diff(past, axis=1)
    own: Float = change.mean(axis=1)
    common = float(own.mean())
    if method == "naive" or (method == "reverting" and not seen):
        return np.zeros(len(own))
    if method == "reverting":
        every = np.concatenate([case.features for case in seen])
        followed = np.concatenate([case.change for case in seen])
        ok = np.isfinite(followed)
        coefficients = np.linalg.lstsq(every[ok], followed[ok], rcond=None)[0]
        fitted: Float = _features(past) @ coefficients
        return fitted
    if method == "common":
        return np.full(len(own), ahead * common)
    if method == "own":
        return ahead * own
    noise = float(change.var(axis=1, ddof=1).mean()) / change.shape[1]
    between = float(own.var(ddof=1)) if len(own) > 1 else 0.0
    weight = max(0.0, 1 - noise / between) if between > 0 else 0.0
    shrunk: Float = ahead * (common + weight * (own - common))
    return shrunk


def _widths(past: Float, seen: list[_Case], spread: Spread, ahead: int, nominal: Sequence[float]) -> Float:
    """Return half the width of the interval of each pair and share, shape (pairs, shares)."""
    from scipy.stats import t

    change = np.diff(past, axis=1)
    periods = change.shape[1]
    upper = (1 + np.asarray(nominal)) / 2
    variance = change.var(axis=1, ddof=1) * (ahead + ahead**2 / periods)
    if spread == "own":
        own: Float = np.sqrt(variance)[:, None] * t.ppf(upper, periods - 1)
        return own
    if not seen:
        return np.full((len(past), len(upper)), np.sqrt(variance.mean())) * t.ppf(upper, np.inf)
    error = np.concatenate([case.error for case in seen])
    level = np.concatenate([case.level for case in seen])
    ok = np.isfinite(error)
    edges = np.quantile(level[ok], np.linspace(0.1, 0.9, 9))
    group, now = np.searchsorted(edges, level[ok]), np.searchsorted(edges, past[:, -1])
    everywhere = np.quantile(np.abs(error[ok]), nominal)
    by_group = np.stack(
        [
            np.quantile(np.abs(error[ok][group == g]), nominal) if (group == g).sum() > _LEAST else everywhere
            for g in range(10)
        ]
    )
    pooled: Float = by_group[now]
    return pooled


_LEAST = 20
"""Fewer earlier errors of like size than this, and those of all sizes are used."""


def _summary(method: Method, cases: list[_Case], possible: int, nominal: tuple[float, ...]) -> Backtest:
    error = np.concatenate([case.error for case in cases]) if cases else np.zeros(0)
    ok = np.isfinite(error)
    if not ok.any():
        message = "no pair has a history and an outcome. Give more periods, or a shorter history."
        raise StudyError([Problem("LB659", message, "panel")])
    no_change = np.concatenate([case.change for case in cases])[ok]
    inside = np.abs(error[ok, None]) <= np.concatenate([case.widths for case in cases])[ok]
    error = error[ok]
    return Backtest(
        method,
        len(error),
        possible - len(error),
        float(np.sqrt((error**2).mean())),
        float(np.sqrt((no_change**2).mean())),
        float(error.mean()),
        float(np.median(np.abs(error))),
        float(np.median(np.abs(no_change))),
        tuple(float(share) for share in inside.mean(axis=0)),
        nominal,
    )


def _panel_faults(panel: Float, history: int, ahead: int) -> list[Problem]:
    found = []
    if panel.ndim != 2 or panel.shape[1] < history + 1 + ahead:
        message = f"shape {panel.shape} has not the {history + 1 + ahead} periods of a history and its outcome."
        found.append(Problem("LB659", message + " Give a row a pair and a column a period.", "panel"))
    if history < 2 or ahead < 1:
        message = f"history {history} and ahead {ahead}. Give at least two changes and one period ahead."
        found.append(Problem("LB659", message, "panel", column="history"))
    if (panel < 0).any():
        message = "a value is below 0. Give trade or visits, 0 for none."
        found.append(Problem("LB651", message, "panel"))
    return found


def regular_panel(pair: Sequence[str], year: Int, value: Float) -> tuple[tuple[str, ...], Int, Float]:
    """Return rows of (pair, year, value) as pairs, years and a panel, 0 where a row is missing."""
    pairs, row = np.unique(np.asarray(pair), return_inverse=True)
    years, column = np.unique(np.asarray(year), return_inverse=True)
    panel = np.zeros((len(pairs), len(years)))
    panel[row, column] = value
    return tuple(str(name) for name in pairs), years.astype(np.int64), panel
