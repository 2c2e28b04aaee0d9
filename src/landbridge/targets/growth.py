"""The growth that a target requires, and the growth that a series has had."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True)
class GrowthFit:
    """A random walk in logs with drift, fitted to a series with gaps.

    Attributes
    ----------
    last_year, last_value
        Where the series ends; the value is in the unit of the series.
    drift
        Yearly growth in logs.
    volatility
        Standard deviation of yearly growth in logs.
    steps
        Number of changes that it rests on.
    span_years
        Years from the first to the last value.
    """

    last_year: int
    last_value: float
    drift: float
    volatility: float
    steps: int
    span_years: int


def required_growth(value: float, target: float, years: float) -> float:
    """Return the yearly growth, as a share of 1, that brings `value` to `target` in so many years.

    ``(target / value) ** (1 / years) - 1``; below 0 where the target is below the value.
    """
    refuse(_growth_faults(value, target, years))
    return float((target / value) ** (1 / years) - 1)


def required_path(value: float, target: float, years: Sequence[int]) -> Float:
    """Return the level in each year on the way of equal growth from the first year to the last, shape (y,)."""
    at = np.asarray(years, dtype=np.float64)
    growth = required_growth(value, target, float(at[-1] - at[0]))
    path: Float = value * (1 + growth) ** (at - at[0])
    return path


def fit_growth(years: Int, values: Float, *, name: str = "series") -> GrowthFit:
    r"""Fit a random walk in logs with drift.

    With changes :math:`\Delta_k` of the log over gaps of :math:`d_k` years, each normal with mean
    :math:`\mu d_k` and variance :math:`\sigma^2 d_k`, the likelihood is greatest at
    :math:`\hat\mu = \sum \Delta_k / \sum d_k`, and :math:`\hat\sigma^2 = \sum (\Delta_k - \hat\mu d_k)^2 / d_k
    / (K - 1)` has no bias.

    Parameters
    ----------
    years, values
        Shape (t,), years rising, values positive, at least three.
    name
        Of the series, for messages.

    Raises
    ------
    StudyError
        Fewer than three values, years that do not rise, values that are not positive: all at once.
    """
    years, values = np.asarray(years, dtype=np.int64), np.asarray(values, dtype=np.float64)
    refuse(_series_faults(years, values, name))
    change, gap = np.diff(np.log(values)), np.diff(years).astype(np.float64)
    drift = float(change.sum() / gap.sum())
    variance = float(((change - drift * gap) ** 2 / gap).sum() / (len(change) - 1))
    return GrowthFit(
        int(years[-1]), float(values[-1]), drift, float(np.sqrt(variance)), len(change), int(years[-1] - years[0])
    )


def _growth_faults(value: float, target: float, years: float) -> list[Problem]:
    found = []
    for name, number in (("value", value), ("target", target)):
        if not (np.isfinite(number) and number > 0):
            found.append(Problem("LB651", f"{name} is {number}. Give a positive number.", "targets", column=name))
    if not years > 0:
        message = f"{years} years lie between value and target. Give a target year after the value's year."
        found.append(Problem("LB650", message, "targets", column="year"))
    return found


def _series_faults(years: Int, values: Float, name: str) -> list[Problem]:
    found = []
    if years.shape != values.shape or years.ndim != 1:
        message = f"{years.shape} years and {values.shape} values. Give one value a year."
        return [Problem("LB652", message, name)]
    if len(years) < 3:
        message = f"{len(years)} values do not show both growth and its spread. Give at least three."
        found.append(Problem("LB652", message, name))
    if (np.diff(years) <= 0).any():
        found.append(Problem("LB650", "years do not rise. Sort them and give each once.", name, column="years"))
    for year, value in zip(years.tolist(), values.tolist(), strict=True):
        if not (np.isfinite(value) and value > 0):
            message = f"the value of {year} is {value}. Give a positive number, or leave the year out."
            found.append(Problem("LB651", message, name, column="values"))
    return found
