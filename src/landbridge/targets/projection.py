"""Projected values with their interval, and the chance that a target is attained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse
from landbridge.targets.growth import GrowthFit, required_growth


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Future values whose logs follow Student's t; arrays have shape (y,).

    Attributes
    ----------
    years
        Calendar years after the last value.
    median
        In the unit of the series.
    spread
        Scale of the log around that of the median; 0 for no uncertainty.
    degrees
        Degrees of freedom of t; ``inf`` for the normal.
    """

    years: Int
    median: Float
    spread: Float
    degrees: float

    def quantiles(self, shares: Sequence[float]) -> Float:
        """Return the values not exceeded with the given chances, shape (y, q)."""
        from scipy.stats import t

        at: Float = self.median[:, None] * np.exp(self.spread[:, None] * t.ppf(np.asarray(shares), self.degrees))
        return at

    def chance(self, target: float, year: int) -> float:
        """Return the chance that the value of a year is at or above a target."""
        from scipy.stats import t

        row = int(np.flatnonzero(self.years == year)[0])
        distance = np.log(target / self.median[row])
        if self.spread[row] == 0:
            return float(distance <= 0)
        return float(t.sf(distance / self.spread[row], self.degrees))

    def draws(self, rng: np.random.Generator, count: int) -> Float:
        """Return draws of the values, shape (y, count).

        One path is one draw: its spread grows with the years as that of a random walk does, and the error of
        the variance (the t) is common to the path.
        """
        step = np.sqrt(np.maximum(np.diff(np.append(0.0, self.spread**2)), 0.0))
        walk = np.cumsum(step[:, None] * rng.standard_normal((len(self.years), count)), axis=0)
        if np.isfinite(self.degrees):
            walk *= np.sqrt(self.degrees / rng.chisquare(self.degrees, count))
        drawn: Float = self.median[:, None] * np.exp(walk)
        return drawn


def project(
    fit: GrowthFit,
    years: Sequence[int],
    *,
    growth: Float | None = None,
    growth_error: float = 0.0,
    response: Float | None = None,
) -> Projection:
    r"""Project a series from its last value.

    The log h years ahead has median :math:`\ln x + \sum g + \ln r` and variance
    :math:`\sigma^2 (h + h^2 / T)` if the drift is that of the series, whose own error is :math:`\sigma^2 / T`
    over T years, or :math:`\sigma^2 h + (h s_g)^2` if growth is stated with error :math:`s_g`.

    Parameters
    ----------
    years
        Rising, after the last year of the fit.
    growth
        Stated growth of each projected year from the year after the last value on, as a share of 1, shape
        (years[-1] - last_year,); None for the drift of the series.
    growth_error
        Standard error of stated growth, a year, in logs.
    response
        Factor by which a scenario or road map changes the level, shape (y,); None for none.
    """
    at = np.asarray(years, dtype=np.int64)
    ahead = (at - fit.last_year).astype(np.float64)
    refuse(_project_faults(fit, at, growth, response))
    if growth is None:
        rise = fit.drift * ahead
        variance = fit.volatility**2 * (ahead + ahead**2 / fit.span_years)
    else:
        rise = np.cumsum(np.log1p(growth))[at - fit.last_year - 1]
        variance = fit.volatility**2 * ahead + (ahead * growth_error) ** 2
    factor = 1.0 if response is None else response
    return Projection(at, fit.last_value * np.exp(rise) * factor, np.sqrt(variance), float(fit.steps - 1))


def phase_in(effect: float, years: Sequence[int], *, first_year: int, length_years: int) -> Float:
    """Return the factor on the level in each year while a response phases in, shape (y,).

    Before `first_year` 1; then in equal steps of the log over `length_years` up to `effect`.
    """
    share = np.clip((np.asarray(years, dtype=np.float64) - first_year + 1) / max(length_years, 1), 0.0, 1.0)
    factor: Float = float(effect) ** share
    return factor


@dataclass(frozen=True, slots=True)
class Target:
    """A value that an indicator is to reach in a year."""

    indicator: str
    value: float
    unit: str
    year: int


@dataclass(frozen=True, slots=True, eq=False)
class Attainment:
    """How far a target is, under one scenario.

    Attributes
    ----------
    target
        The target.
    scenario
        Name of the scenario or road map.
    required_growth
        Yearly growth from the last known value to the target, as a share of 1.
    projected
        Median in the target's year, in its unit.
    interval
        Lower and upper end of the interval.
    coverage
        The chance that the interval is said to hold.
    chance
        Chance that the value of the target's year is at or above the target.
    path
        Per projected year: year, median, lower end, upper end, level on the way of equal growth, chance that the
        year's value is already at or above the target; shape (y, 6).
    """

    target: Target
    scenario: str
    required_growth: float
    projected: float
    interval: tuple[float, float]
    coverage: float
    chance: float
    path: Float


def attainment(
    target: Target, fit: GrowthFit, scenarios: Mapping[str, Projection], *, coverage: float = 0.9
) -> tuple[Attainment, ...]:
    """Return how far a target is under each scenario, whose projections must hold the target's year."""
    missing = [name for name, projection in scenarios.items() if target.year not in projection.years]
    refuse(
        Problem(
            "LB653",
            f"scenario {name!r} is not projected to {target.year}. Project to that year.",
            "targets",
            column=target.indicator,
        )
        for name in missing
    )
    growth = required_growth(fit.last_value, target.value, target.year - fit.last_year)
    found = []
    for name, projection in scenarios.items():
        ends = projection.quantiles(((1 - coverage) / 2, (1 + coverage) / 2))
        row = int(np.flatnonzero(projection.years == target.year)[0])
        needed = fit.last_value * (1 + growth) ** (projection.years - fit.last_year)
        chance = [projection.chance(target.value, year) for year in projection.years.tolist()]
        path = np.column_stack([projection.years, projection.median, ends, needed, chance])
        interval = (float(ends[row, 0]), float(ends[row, 1]))
        found.append(
            Attainment(target, name, growth, float(projection.median[row]), interval, coverage, chance[row], path)
        )
    return tuple(found)


def chance_of_draws(drawn: Float, target: float) -> float:
    """Return the share of draws at or above a target."""
    return float((drawn >= target).mean())


def _project_faults(fit: GrowthFit, years: Int, growth: Float | None, response: Float | None) -> list[Problem]:
    found = []
    if not len(years) or (np.diff(years) <= 0).any() or years[0] <= fit.last_year:
        message = f"years {years.tolist()} do not rise from {fit.last_year + 1} on. Give later years, in order."
        found.append(Problem("LB650", message, "projection", column="years"))
    elif growth is not None and len(growth) != years[-1] - fit.last_year:
        message = (
            f"{len(growth)} growth rates for the {years[-1] - fit.last_year} years after {fit.last_year}. "
            "Give one a year, years that are not shown included."
        )
        found.append(Problem("LB654", message, "projection", column="growth"))
    if growth is not None and not (np.asarray(growth) > -1).all():
        message = "growth of -100 % or less leaves nothing. Give shares of 1, as 0.03."
        found.append(Problem("LB654", message, "projection", column="growth"))
    if response is not None and (len(response) != len(years) or not (np.asarray(response) > 0).all()):
        message = "responses must be one positive factor a year. Give 1 for no change."
        found.append(Problem("LB655", message, "projection", column="response"))
    return found
