"""Units written in words as a multiple of a plain unit, so that figures of different sources can be compared."""

from dataclasses import dataclass
from typing import Final

MULTIPLES: Final[dict[str, float]] = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
RATIO_UNITS: Final = frozenset({"times", "percent", "share", "rank", "index"})
"""Units of figures about an indicator (its growth, its rank) and not of the indicator itself."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A plain unit and how many of it the written unit is: 'million USD' is 1e6 of 'USD'."""

    plain: str
    factor: float


def parse_unit(text: str) -> Unit:
    """Return a written unit as a multiple of a plain one; 'of 2017' and the like stay in the plain unit."""
    words = text.split()
    factor = 1.0
    while words and words[0].lower() in MULTIPLES:
        factor *= MULTIPLES[words.pop(0).lower()]
    return Unit(" ".join(words), factor)


def converted(value: float, unit: str, into: str) -> float | None:
    """Return a value of one unit in another, None where the two are not of one kind."""
    one, other = parse_unit(unit), parse_unit(into)
    return value * one.factor / other.factor if one.plain == other.plain else None
