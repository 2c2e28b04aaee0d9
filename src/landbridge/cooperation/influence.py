"""Who cannot be done without: veto players, what each adds last, and who depends on whom."""

from dataclasses import dataclass

import numpy as np

from landbridge.cooperation.bitmasks import subsets
from landbridge.cooperation.game import Game
from landbridge.cooperation.shares import marginals, shapley
from landbridge.core.arrays import Float


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What every member is to the others; arrays have shape (n,), money is in the game's unit.

    Attributes
    ----------
    members
        Names in order.
    last_gain
        ``v(N) - v(N - i) - v({i})``: what all lose together when i leaves and acts alone.
    essential
        Whether `last_gain` is positive: the whole is worth more with i than apart.
    veto
        Whether every coalition without i is worth nothing, while the whole is worth something.
    dummy
        Whether i adds to every coalition just what it is worth alone.
    """

    members: tuple[str, ...]
    last_gain: Float
    essential: tuple[bool, ...]
    veto: tuple[bool, ...]
    dummy: tuple[bool, ...]


def influence(game: Game, *, tolerance: float = 1e-9) -> Influence:
    """Return what each member is to the others; `tolerance` is a share of the largest worth."""
    room = tolerance * (float(np.abs(game.value).max()) or 1.0)
    alone = game.singles()
    last_gain = np.zeros(game.n)
    veto, dummy = [], []
    for i in range(game.n):
        others = game.whole & ~(1 << i)
        last_gain[i] = game.worth - game.value[others] - alone[i]
        nothing = bool((np.abs(game.value[subsets(others)]) <= room).all())
        veto.append(nothing and abs(game.worth) > room)
        dummy.append(bool((np.abs(marginals(game, i) - alone[i]) <= room).all()))
    return Influence(game.members, last_gain, tuple((last_gain > room).tolist()), tuple(veto), tuple(dummy))


def dependency(own_gain: Float) -> Float:
    """Return who depends on whom: what i loses of its own gain when j leaves, shape (n, n), row i, column j.

    Parameters
    ----------
    own_gain
        Shape (2**n, n): ``own_gain[S, i]`` is what i gains, member or not, when exactly S acts together.

    Returns
    -------
    ``own_gain[N, i] - own_gain[N - j, i]``; on the diagonal what i loses by leaving itself. Negative where i is
    better off without j.
    """
    n = own_gain.shape[1]
    whole = (1 << n) - 1
    without = whole & ~(1 << np.arange(n))
    loss: Float = own_gain[whole][:, None] - own_gain[without].T
    return loss


def dependency_of_shares(game: Game) -> Float:
    """Return what i's Shapley value loses when j leaves, shape (n, n); symmetric (Myerson 1980), diagonal 0.

    The gains are shared anew among those that stay. Read beside `dependency`, which shares nothing.
    """
    share = shapley(game)
    loss = np.zeros((game.n, game.n))
    if game.n == 1:
        return loss
    for j, name in enumerate(game.members):
        rest = [i for i in range(game.n) if i != j]
        loss[rest, j] = share[rest] - shapley(game.without(name))
    return loss


def spillover(own_gain: Float) -> Float:
    """Return what those outside gain from each coalition, shape (2**n,); negative where they lose."""
    n = own_gain.shape[1]
    outside = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1 == 0
    total: Float = np.where(outside, own_gain, 0.0).sum(axis=1)
    return total
