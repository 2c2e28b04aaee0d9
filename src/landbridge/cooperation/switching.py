"""Switching values: from which stated worth of a step on the goal comes within reach."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from landbridge.cooperation.acceptance import Rules, can_come, prospects
from landbridge.cooperation.roadmap import RoadMap, with_security
from landbridge.core.arrays import Bool


@dataclass(frozen=True, slots=True)
class SwitchingValue:
    """Where the answer changes as one stated number changes.

    Attributes
    ----------
    element, party
        Whose worth of what is changed; both empty if the whole of the stated worth is scaled.
    stated
        The worth as stated, a year, in the unit of the payoffs; 1 for the scale.
    value
        The worth, or the scale, at which the goal comes into or falls out of reach; None if it does not within the
        range.
    reached_below, reached_above
        Whether the goal is reached at the lower and the upper end of the range.
    """

    element: str
    party: str
    stated: float
    value: float | None
    reached_below: bool
    reached_above: bool


def switching_value(
    road_map: RoadMap,
    element: str,
    party: str,
    *,
    low: float,
    high: float,
    rules: Rules | None = None,
    tolerance: float = 1e-4,
    as_stated: bool | None = None,
) -> SwitchingValue:
    """Return the stated worth of an element to a party at which the answer changes, by bisection.

    Parameters
    ----------
    low, high
        Range of the worth, a year.
    tolerance
        Share of the range to which the value is found.
    as_stated
        Whether the goal is reached with the worth as stated, if that is known.

    Notes
    -----
    If the answer changes more than once in the range, one of the changes is returned.
    """
    only = can_come(road_map, rules or Rules())
    row, column = road_map.ids.index(element), road_map.parties.index(party)
    stated = 0.0 if road_map.security is None else float(road_map.security[row, column])

    def reached(worth: float) -> bool:
        if as_stated is not None and worth == stated:
            return as_stated
        return _reached(with_security(road_map, element, party, worth), rules or Rules(), only)

    return SwitchingValue(element, party, stated, *_change(reached, low, high, tolerance))


def switching_scale(
    road_map: RoadMap,
    *,
    low: float = 0.0,
    high: float = 2.0,
    rules: Rules | None = None,
    tolerance: float = 1e-4,
) -> SwitchingValue:
    """Return the factor on all stated security worth at which the answer changes, by bisection.

    At 0 only what the models give counts. See `switching_value` for the parameters.
    """
    only = can_come(road_map, rules or Rules())

    def reached(scale: float) -> bool:
        scaled = None if road_map.security is None else road_map.security * scale
        return _reached(replace(road_map, security=scaled), rules or Rules(), only)

    return SwitchingValue("", "", 1.0, *_change(reached, low, high, tolerance))


def _reached(road_map: RoadMap, rules: Rules, only: Bool) -> bool:
    return bool(prospects(road_map, rules, only=only).leads[road_map.start_state])


def _change(
    reached: Callable[[float], bool], low: float, high: float, tolerance: float
) -> tuple[float | None, bool, bool]:
    below, above = reached(low), reached(high)
    if below == above:
        return None, below, above
    width = tolerance * (high - low)
    while high - low > width:
        middle = (low + high) / 2
        if reached(middle) == below:
            low = middle
        else:
            high = middle
    return (low + high) / 2, below, above
