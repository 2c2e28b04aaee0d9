"""How long freight waits for a service that departs so many times a week."""

from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError

WEEK_HOURS: Final = 168.0
LONGEST_WAIT_HOURS: Final = 168.0
"""Who ships by a service that runs less often than twice a month plans by its timetable: an assumption."""


def half_headway_hours(departures_per_week: Float, *, table: str = "transfers") -> Float:
    r"""Return the mean wait for a service, hours; 0 where no departures are stated.

    .. math:: w = \min\left(\frac{168}{2n},\; 168\right)

    with n departures a week, evenly spread, and freight that comes at any time (Osuna and Newell
    1972, without variance of the headway).

    Parameters
    ----------
    departures_per_week
        nan where none is stated, inf for one at any time.
    table
        What a fault is told of.

    Raises
    ------
    StudyError
        If a number of departures is zero or less.
    """
    stated = ~np.isnan(departures_per_week)
    if (departures_per_week[stated] <= 0).any():
        message = "A service needs more than 0 departures a week; leave it empty where there is no timetable."
        raise StudyError([Problem("LB343", message, table, 0, "departures_per_week")])
    wait = WEEK_HOURS / 2.0 / np.where(stated, departures_per_week, 1.0)
    return np.where(stated, np.minimum(wait, LONGEST_WAIT_HOURS), 0.0)
