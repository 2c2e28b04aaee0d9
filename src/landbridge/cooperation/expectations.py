"""What the draws of a timeline are worth: paths of indicators, gains by party, and what a lapse costs."""

from dataclasses import dataclass

import numpy as np

from landbridge.cooperation.roadmap import RoadMap, lapse_masks
from landbridge.cooperation.timeline import Timeline
from landbridge.core.arrays import Float, Int


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorPath:
    """The course of one indicator over the draws; arrays have a row a year.

    Attributes
    ----------
    years
        Calendar years, shape (y,).
    mean
        Shape (y,), in the unit of the indicator.
    quantiles
        Shape (y, q), at the shares in `shares`.
    shares
        Shape (q,), of 0 to 1.
    """

    years: Int
    mean: Float
    quantiles: Float
    shares: Float


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What each party gains over the start, in the unit of the payoffs.

    Attributes
    ----------
    yearly
        Expected gain of each year, shape (y, n).
    total
        Expected discounted sum over the years, shape (n,).
    quantiles
        Of that sum over the draws, shape (q, n), at the shares in `shares`.
    shares
        Shape (q,).
    """

    yearly: Float
    total: Float
    quantiles: Float
    shares: Float


_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def indicator_path(
    timeline: Timeline, value: Float, *, growth: Float | None = None, shares: tuple[float, ...] = _SHARES
) -> IndicatorPath:
    """Return the course of an indicator that depends on what stands.

    Parameters
    ----------
    value
        Shape (2**m,): the indicator in each state, at the level of the base year.
    growth
        Factor by which the level has grown by each year: None for none, shape (y,), or (y, draws) with its own
        uncertainty.
    shares
        Quantiles to give.
    """
    drawn = value[timeline.states]
    if growth is not None:
        drawn = drawn * (growth[:, None] if growth.ndim == 1 else growth)
    quantiles = np.quantile(drawn, shares, axis=1).T
    return IndicatorPath(timeline.years, drawn.mean(axis=1), quantiles, np.asarray(shares))


def expected_gains(
    timeline: Timeline, road_map: RoadMap, *, discount: float, shares: tuple[float, ...] = _SHARES
) -> Gains:
    """Return what each party gains over staying at the start, by year and in all.

    Gains of the first year are counted in full, those of each later one by the factor `discount` once more.
    """
    worth = road_map.worth()
    gain = worth - worth[road_map.start_state]
    y, draws = timeline.states.shape
    n = gain.shape[1]
    weight = discount ** np.arange(y)
    yearly, total, quantiles = np.zeros((y, n)), np.zeros(n), np.zeros((len(shares), n))
    for i in range(n):
        own = np.ascontiguousarray(gain[:, i])
        sum_ = np.zeros(draws)
        for t in range(y):
            drawn = own[timeline.states[t]]
            yearly[t, i] = drawn.mean()
            sum_ += weight[t] * drawn
        total[i] = sum_.mean()
        quantiles[:, i] = np.quantile(sum_, shares)
    return Gains(yearly, total, quantiles, np.asarray(shares))


def lapse_losses(timeline: Timeline, road_map: RoadMap) -> Float:
    """Return what a party loses a year if an element that stands at the end of the time lapses, shape (m, n).

    The mean over the draws in which it stands then of ``pi_i(s) - pi_i(s after the lapse)``; 0 for an element that
    never does. It is the loss, not its chance.
    """
    worth = road_map.worth()
    found, times = np.unique(timeline.states[-1], return_counts=True)
    loss = np.zeros((len(road_map.elements), worth.shape[1]))
    for k, gone in enumerate(lapse_masks(road_map).tolist()):
        stands = found >> k & 1 == 1
        if stands.any():
            states = found[stands]
            loss[k] = np.average(worth[states] - worth[states & ~gone], axis=0, weights=times[stands])
    return loss
