"""Whether joining together is worth more than staying apart: superadditivity and convexity of a game."""

from dataclasses import dataclass

import numpy as np

from landbridge.cooperation.bitmasks import names_of, subsets
from landbridge.cooperation.game import Game
from landbridge.core.arrays import Int


@dataclass(frozen=True, slots=True)
class ShapeTest:
    """The outcome of a test over all pairs of coalitions.

    Attributes
    ----------
    holds
        Whether no pair falls short by more than the tolerance.
    shortfall
        By how much the worst pair falls short, in the game's unit; negative or 0 where the property holds.
    first, second
        The worst pair of coalitions; empty where there is no pair to compare (one member).
    """

    holds: bool
    shortfall: float
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


def superadditivity(game: Game, *, tolerance: float = 1e-9) -> ShapeTest:
    """Test ``v(S + T) >= v(S) + v(T)`` for all disjoint S and T.

    The ``(3**n - 2**(n+1) + 1)/2`` pairs are all compared. `tolerance` is a share of the largest worth.
    """
    worst, pair = -np.inf, (0, 0)
    value = game.value
    for first in range(1, 1 << game.n):
        # each unordered pair once: the lowest member of the union belongs to `first`
        lowest = first & -first
        others = game.whole & ~first & ~(lowest - 1)
        if not others:
            continue
        second = _subsets_by_halves(others)[1:]
        shortfall = value[second] - value[first | second]
        at = int(shortfall.argmax())
        if shortfall[at] + value[first] > worst:
            worst, pair = float(shortfall[at] + value[first]), (first, int(second[at]))
    return _outcome(game, worst, pair, tolerance)


def convexity(game: Game, *, tolerance: float = 1e-9) -> ShapeTest:
    """Test ``v(S + i + j) - v(S + i) >= v(S + j) - v(S)`` for all S and pairs i, j outside S.

    Equivalent to ``v(S | T) + v(S & T) >= v(S) + v(T)`` for all S and T (Shapley 1971); a convex game has
    a core, and its Shapley value lies in it. The pair that is returned is ``S + i`` and ``S + j``.
    """
    worst, pair = -np.inf, (0, 0)
    value = game.value
    for i in range(game.n):
        for j in range(i + 1, game.n):
            rest = subsets(game.whole & ~(1 << i) & ~(1 << j))
            with_i, with_j = rest | 1 << i, rest | 1 << j
            shortfall = value[with_i] + value[with_j] - value[with_i | with_j] - value[rest]
            at = int(shortfall.argmax())
            if shortfall[at] > worst:
                worst, pair = float(shortfall[at]), (int(with_i[at]), int(with_j[at]))
    return _outcome(game, worst, pair, tolerance)


_LOW = 255
_BYTES = tuple(subsets(mask) for mask in range(256))


def _subsets_by_halves(mask: int) -> Int:
    high = _BYTES[mask >> 8] << 8
    found: Int = (high[:, None] | _BYTES[mask & _LOW]).ravel()
    return found


def _outcome(game: Game, worst: float, pair: tuple[int, int], tolerance: float) -> ShapeTest:
    if not np.isfinite(worst):
        return ShapeTest(holds=True, shortfall=0.0)
    scale = max(float(np.abs(game.value).max()), np.finfo(float).tiny)
    first, second = (names_of(mask, game.members) for mask in pair)
    return ShapeTest(worst <= tolerance * scale, worst, first, second)
