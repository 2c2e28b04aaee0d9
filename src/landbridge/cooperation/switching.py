"""Switching values: from which stated worth of a step on the goal comes within reach."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.cooperation.acceptance import Rules, prospects
from landbridge.cooperation.orders import acceptable_graph
from landbridge.cooperation.roadmap import RoadMap, with_security


@dataclass(frozen=True, slots=True)
class SwitchingValue:
    """Where the answer changes as one stated worth changes.

    Attributes
    ----------
    element, party
        Whose worth of what is changed.
    stated
        The worth as stated, a year, in the unit of the payoffs.
    value
        The worth at which the goal comes into or falls out of reach; None if it does not within the range.
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
    tolerance: float = 1e-6,
) -> SwitchingValue:
    """Return the stated worth of an element to a party at which the answer changes, by bisection.

    Parameters
    ----------
    low, high
        Range of the worth, a year.
    tolerance
        Share of the range to which the value is found.

    Notes
    -----
    If the answer changes more than once in the range, one of the changes is returned.
    """
    rules = rules or Rules()

    def reached(worth: float) -> bool:
        changed = with_security(road_map, element, party, worth)
        return acceptable_graph(changed, rules, prospects(changed, rules)).reached

    row, column = road_map.ids.index(element), road_map.parties.index(party)
    stated = 0.0 if road_map.security is None else float(road_map.security[row, column])
    below, above = reached(low), reached(high)
    value = None if below == above else _bisect(reached, low, high, tolerance * (high - low))
    return SwitchingValue(element, party, stated, value, below, above)


def _bisect(reached: Callable[[float], bool], low: float, high: float, width: float) -> float:
    at_low = reached(low)
    while high - low > width:
        middle = (low + high) / 2
        if reached(middle) == at_low:
            low = middle
        else:
            high = middle
    return (low + high) / 2
