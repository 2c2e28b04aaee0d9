"""Shapley value and Banzhaf index of a game, summed exactly over all coalitions."""

from math import factorial
from typing import Literal

import numpy as np

from landbridge.cooperation.bitmasks import sizes, subsets
from landbridge.cooperation.game import Game
from landbridge.core.arrays import Float
from landbridge.core.problems import InfeasibleError

BanzhafKind = Literal["value", "index"]


def marginals(game: Game, member: int) -> Float:
    """Return what a member adds to each coalition of the others, shape (2**(n-1),), in order of their masks."""
    without = subsets(game.whole & ~(1 << member))
    added: Float = game.value[without | 1 << member] - game.value[without]
    return added


def shapley(game: Game) -> Float:
    r"""Return the Shapley value of each member, shape (n,), in the game's unit.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!} \, (v(S + i) - v(S))

    the mean of what i adds over all n! orders of joining (Shapley 1953). It adds up to ``v(N)``.
    """
    n = game.n
    by_size = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    weight = by_size[sizes(n - 1)]
    return np.array([float(weight @ marginals(game, i)) for i in range(n)])


def banzhaf(game: Game, *, kind: BanzhafKind = "value") -> Float:
    r"""Return the Banzhaf value or index of each member, shape (n,).

    ``value``: :math:`\beta_i = 2^{1-n} \sum_{S \not\ni i} (v(S + i) - v(S))` (Owen 1975), in the game's unit;
    in a voting game it is the chance that i decides. ``index``: the same divided by its sum (Banzhaf 1965).

    Raises
    ------
    InfeasibleError
        ``index`` of a game whose values add up to nothing.
    """
    raw = np.array([float(marginals(game, i).mean()) for i in range(game.n)])
    if kind == "value":
        return raw
    total = float(raw.sum())
    if total == 0:
        raise InfeasibleError("the Banzhaf values add up to 0, so they have no index; use kind='value'.")
    index: Float = raw / total
    return index
