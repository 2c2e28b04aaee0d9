"""Groups the months of the year in which the same arcs are open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Season:
    """Months (1 to 12) with the same open arcs."""

    months: tuple[int, ...]

    @property
    def weight(self) -> float:
        """Part of the year, by months."""
        return len(self.months) / MONTHS

    @property
    def bit(self) -> int:
        """The bit of its first month: an arc whose mask holds it is open all season."""
        return 1 << (self.months[0] - 1)


def seasons_of(months: NDArray[np.uint16], considered: Bool) -> tuple[Season, ...]:
    """Return the seasons that the masks of the considered arcs make, in order of their first month.

    One season of twelve months if every arc is open all year.
    """
    masks = np.unique(months[considered])
    groups: dict[tuple[bool, ...], list[int]] = {}
    for month in range(MONTHS):
        pattern = tuple(bool(mask >> month & 1) for mask in masks.tolist())
        groups.setdefault(pattern, []).append(month + 1)
    return tuple(Season(tuple(group)) for group in groups.values())


def in_season(months: NDArray[np.uint16], season: Season) -> Bool:
    """Return which arcs are open in the season, shape (n_arcs,)."""
    open_now: Bool = (months & np.uint16(season.bit)) != 0
    return open_now
