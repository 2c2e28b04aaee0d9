r"""Measures of worth of a stream of yearly amounts: present value, ratios, internal rates, payback.

Let :math:`x_t` be the amounts of the years :math:`t = 0, 1, \dots, T-1` counted from the base year, in
constant money, and :math:`r` a real discount rate. With the convention ``end`` an amount counts on the last
day of its year and is brought to the end of the base year, with ``mid`` it counts in the middle of its year
and is brought to the start of the base year:

.. math:: NPV = \sum_t x_t (1 + r)^{-t} \quad (end), \qquad NPV = \sum_t x_t (1 + r)^{-(t + 1/2)} \quad (mid).

The two differ by the factor :math:`(1 + r)^{1/2}`, so they never disagree about the sign, the internal rate or
the ratio of benefits to costs.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError

Timing = Literal["end", "mid"]
RateVerdict = Literal["unique", "multiple", "none"]

RATE_SPAN = (-0.95, 10.0)
"""Internal rates are looked for between -95 % and 1,000 % a year."""

_GRID = 2001


@dataclass(frozen=True, slots=True)
class InternalRates:
    """All internal rates of a stream within `RATE_SPAN`, in rising order, and what they are good for.

    ``rate`` is the one to print: the only rate, else ``None``. ``note`` says in a sentence why there is none
    or which to distrust.
    """

    rates: tuple[float, ...]
    verdict: RateVerdict
    note: str

    @property
    def rate(self) -> float | None:
        """The rate if there is exactly one, else ``None``."""
        return self.rates[0] if self.verdict == "unique" else None


@dataclass(frozen=True, slots=True)
class Switching:
    """How far one item may change before the project's NPV is zero.

    ``factor`` multiplies the item in all years; ``change_percent`` is ``100 (factor - 1)``. Both are ``None``
    where the item has no present value, so that no change of it matters.
    """

    item: str
    present_value: float
    factor: float | None

    @property
    def change_percent(self) -> float | None:
        """The change in percent at which the NPV is zero."""
        return None if self.factor is None else 100.0 * (self.factor - 1.0)


def _finite(flows: ArrayLike) -> Float:
    values = np.asarray(flows, dtype=np.float64)
    if values.ndim == 0 or values.shape[-1] == 0:
        raise StudyError([Problem("LB801", "Amounts need at least one year. Give an array whose last axis is years.")])
    if not np.isfinite(values).all():
        raise StudyError([Problem("LB802", "Amounts hold inf or nan. Give a finite amount for every year.")])
    return values


def discount_factors(rate: ArrayLike, years: int, *, timing: Timing = "end") -> Float:
    """Return the factors ``(1 + r)^-t`` (``end``) or ``(1 + r)^-(t + 1/2)`` (``mid``), shape (..., years).

    `rate` is a share a year, shape (...); a rate of -1 or below has no factor and is refused.
    """
    rates = np.asarray(rate, dtype=np.float64)
    if not (np.isfinite(rates).all() and (rates > -1.0).all()):
        raise StudyError(
            [
                Problem(
                    "LB803",
                    f"A discount rate of {rates.tolist()} has no discount factor. Give a share above -1.",
                )
            ]
        )
    shift = 0.5 if timing == "mid" else 0.0
    return np.asarray((1.0 + rates)[..., np.newaxis] ** -(np.arange(years) + shift), dtype=np.float64)


def net_present_value(flows: ArrayLike, rate: ArrayLike, *, timing: Timing = "end") -> Float:
    """Return the NPV of `flows`, shape (..., T), at `rate`: shape of the two's leading axes, broadcast."""
    values = _finite(flows)
    return np.asarray((values * discount_factors(rate, values.shape[-1], timing=timing)).sum(axis=-1))


def benefit_cost_ratio(benefits: ArrayLike, costs: ArrayLike, rate: float, *, timing: Timing = "end") -> float | None:
    """Return present benefits over present costs (positive amounts both), ``None`` if costs are not positive."""
    cost = float(net_present_value(costs, rate, timing=timing))
    return float(net_present_value(benefits, rate, timing=timing)) / cost if cost > 0.0 else None


def internal_rates(flows: ArrayLike) -> InternalRates:
    r"""Return every rate in `RATE_SPAN` at which the NPV of `flows`, shape (T,), is zero.

    Roots of :math:`\sum_t x_t v^t`, :math:`v = 1/(1+r)`, are bracketed on a grid in :math:`\ln(1+r)` and
    refined (Brent); touching roots are looked for between grid points where the absolute value has a
    minimum. By Descartes' rule a stream whose sign changes once has at most one.
    """
    values = _finite(flows)
    if values.ndim != 1:
        raise StudyError([Problem("LB801", "Internal rates are those of one stream. Give an array of shape (T,).")])
    signs = np.sign(values[values != 0.0])
    changes = int((signs[1:] != signs[:-1]).sum())
    if changes == 0:
        return InternalRates((), "none", "All amounts have the same sign, so no rate brings the NPV to zero.")
    found = _only_root(values) if changes == 1 else _roots(values)
    if not found:
        return InternalRates((), "none", "The NPV has the same sign at every rate from -95 % to 1,000 %.")
    if len(found) == 1:
        return InternalRates(found, "unique", "One internal rate.")
    listed = ", ".join(f"{100 * rate:.2f} %" for rate in found)
    return InternalRates(
        found,
        "multiple",
        f"The amounts change sign {changes} times and have internal rates {listed}: judge by the NPV.",
    )


def _only_root(values: Float) -> tuple[float, ...]:
    """Return the one rate of a stream whose sign changes once, if it lies in `RATE_SPAN`; no grid is needed."""
    powers = np.arange(len(values), dtype=np.float64)
    sizes = np.abs(values)

    def scaled(log_growth: float) -> float:
        factors = np.exp(-log_growth * powers - max(-log_growth * powers[-1], 0.0))
        return float(values @ factors) / float(sizes @ factors)

    low, high = math.log1p(RATE_SPAN[0]), math.log1p(RATE_SPAN[1])
    if scaled(low) * scaled(high) > 0.0:
        return ()
    return (float(np.expm1(brentq(scaled, low, high, xtol=1e-15, rtol=1e-14))),)


def _roots(values: Float) -> tuple[float, ...]:
    """Return the rates in `RATE_SPAN` at which the NPV crosses or touches zero."""
    powers = np.arange(len(values))

    def scaled(log_growth: float) -> float:
        terms = values * np.exp(-log_growth * powers - max(-log_growth * powers[-1], 0.0))
        return float(terms.sum() / np.abs(terms).sum())

    grid = np.linspace(math.log1p(RATE_SPAN[0]), math.log1p(RATE_SPAN[1]), _GRID)
    exponents = -grid[:, np.newaxis] * powers
    terms = values * np.exp(exponents - np.maximum(exponents[:, -1:], 0.0))
    height = terms.sum(axis=1) / np.abs(terms).sum(axis=1)
    roots = [float(grid[i]) for i in np.flatnonzero(height == 0.0)]
    crossing = np.flatnonzero(height[:-1] * height[1:] < 0.0)
    roots += [float(brentq(scaled, grid[i], grid[i + 1], xtol=1e-15, rtol=1e-14)) for i in crossing]
    size = np.abs(height)
    dips = 1 + np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (size[1:-1] < 1e-3))
    for i in dips:
        if height[i - 1] * height[i + 1] > 0.0 and height[i] * height[i + 1] > 0.0:
            least = minimize_scalar(
                lambda x: abs(scaled(x)), bounds=(grid[i - 1], grid[i + 1]), method="bounded", options={"xatol": 1e-13}
            )
            if least.fun < 1e-12:
                roots.append(float(least.x))
    return tuple(sorted(float(np.expm1(root)) for root in roots))


def payback_years(flows: ArrayLike, *, rate: float = 0.0) -> float | None:
    """Return the years from the start of the base year until the cumulated amounts stay at zero or above.

    Amounts are spread evenly within their year, so the answer has a fraction. With `rate` above 0 the
    amounts are discounted first (``end``). ``None`` if the sum is never regained; 0 if it is never negative.
    """
    values = _finite(flows)
    discounted = values * discount_factors(rate, values.shape[-1])
    balance = np.cumsum(discounted)
    below = np.flatnonzero(balance < -1e-12 * np.abs(discounted).sum())
    if len(below) == 0:
        return 0.0
    last = int(below[-1])
    if last == len(balance) - 1:
        return None
    return last + 1 + float(-balance[last] / discounted[last + 1])


def first_year_rate_of_return(net_benefits: ArrayLike, works: ArrayLike, rate: float, *, opening: int) -> float | None:
    r"""Return the net benefit of the opening year over the works compounded to that year.

    .. math:: FYRR = b_o \Big/ \sum_{t \le o} w_t (1 + r)^{o - t}

    with `opening` the position o of the first year of use. A return below the discount rate says that the
    project should be delayed although its NPV may be positive. Works are positive amounts; ``None`` without works.
    """
    benefits, spent = _finite(net_benefits), _finite(works)
    if not 0 <= opening < len(benefits):
        raise StudyError([Problem("LB804", f"The opening position {opening} is outside 0 to {len(benefits) - 1}.")])
    upto = np.arange(opening + 1)
    compounded = float((spent[: opening + 1] * (1.0 + rate) ** (opening - upto)).sum())
    return float(benefits[opening]) / compounded if compounded > 0.0 else None


def annuity_factor(rate: float, years: int) -> float:
    """Return the present value of 1 a year for n years, first after a year: ``(1 - (1 + r)^-n) / r``; n at r = 0."""
    if years <= 0:
        raise StudyError([Problem("LB805", f"An annuity of {years} years pays nothing. Give at least one year.")])
    if rate == 0.0:
        return float(years)
    return float(-np.expm1(-years * np.log1p(rate)) / rate)


def annuity(present_value: float, rate: float, years: int) -> float:
    """Return the equal yearly amount, first after a year, whose present value is `present_value`."""
    return present_value / annuity_factor(rate, years)


def switching_values(items: dict[str, Float], rate: float, *, timing: Timing = "end") -> tuple[Switching, ...]:
    """Return for each item (signed amounts, shape (T,)) the factor at which the sum of all items has NPV 0.

    The NPV is linear in each item, so with present value :math:`V_k` the factor is :math:`1 - NPV / V_k`.
    """
    present = {name: float(net_present_value(flows, rate, timing=timing)) for name, flows in items.items()}
    total = sum(present.values())
    return tuple(
        Switching(name, value, 1.0 - total / value if value != 0.0 else None) for name, value in present.items()
    )
