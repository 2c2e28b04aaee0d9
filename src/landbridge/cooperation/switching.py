"""Switching values: from which stated worth of a step on the goal comes within reach."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

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
    only = can_come(road_map, rules or Rules())
    row, column = road_map.ids.index(element), road_map.parties.index(party)
    stated = 0.0 if road_map.security is None else float(road_map.security[row, column])

    def reached(worth: float) -> bool:
        return _reached(with_security(road_map, element, party, worth), rules or Rules(), only)

    return SwitchingValue(element, party, stated, *_change(reached, low, high, tolerance))


def switching_values(
    road_map: RoadMap, *, reached: bool, width: float, rules: Rules | None = None, tolerance: float = 1e-2
) -> tuple[SwitchingValue, ...]:
    """Return the stated worths whose change alone changes the answer, the nearest to its worth as stated first.

    Parameters
    ----------
    reached
        The answer with all worths as stated: worths are searched downward if the goal is reached, else upward.
    width
        How far from the stated worth, as a multiple of the party's largest one.
    tolerance
        Share of the range to which a value is found.
    """
    if road_map.security is None:
        return ()
    used, only = rules or Rules(), can_come(road_map, rules or Rules())
    found = []
    for k, i in np.argwhere(road_map.security != 0).tolist():
        element, party, stated = road_map.ids[k], road_map.parties[i], float(road_map.security[k, i])

        def answer(worth: float, element: str = element, party: str = party) -> bool:
            return _reached(with_security(road_map, element, party, worth), used, only)

        far = stated + (-width if reached else width) * float(np.abs(road_map.security[:, i]).max())
        if answer(far) == reached:
            continue
        value = _bisect(answer, (stated, reached), far, tolerance)
        # downward a goal is lost and upward it is won, so it is out of reach below either way
        found.append(SwitchingValue(element, party, stated, value, reached_below=False, reached_above=True))
    return tuple(sorted(found, key=lambda one: abs((one.value or 0.0) - one.stated)))


def _bisect(answer: Callable[[float], bool], near: tuple[float, bool], far: float, tolerance: float) -> float:
    """Return where the answer changes between a value with its answer and one with the other answer."""
    here, known = near
    width = tolerance * abs(far - here)
    while abs(far - here) > width:
        middle = (here + far) / 2
        if answer(middle) == known:
            here = middle
        else:
            far = middle
    return (here + far) / 2


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
