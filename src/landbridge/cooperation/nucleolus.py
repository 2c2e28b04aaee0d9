"""The nucleolus: the division that leaves the worst-off coalitions as well off as can be, in order."""

from typing import Literal

import numpy as np

from landbridge.cooperation.bitmasks import rows_of, sums
from landbridge.cooperation.cuts import Programme, solve
from landbridge.cooperation.game import Game
from landbridge.cooperation.shares import shapley
from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import ConvergenceError, InfeasibleError

Among = Literal["imputations", "divisions"]

_DUAL = 1e-6
_RANK = 1e-7


def nucleolus(game: Game, *, among: Among = "imputations") -> Float:
    r"""Return the nucleolus of a game, shape (n,), in the game's unit; it adds up to ``v(N)``.

    Schmeidler (1969): of all divisions x of ``v(N)``, the one whose excesses ``v(S) - x(S)``, ordered from the
    largest, are lexicographically least. Found by a sequence of linear programmes (Kopelowitz 1967; Maschler,
    Peleg and Shapley 1979): each lowers the largest excess that is not yet settled; coalitions with a positive
    dual price bind in every optimum and are settled, with all that their rows span (Potters, Reijnierse and
    Ansing 1996). Each programme settles at least one row outside the span, so there are at most ``n - 1`` of
    them, whatever the ties. Rows come in as coalitions object (`landbridge.cooperation.cuts`).

    Parameters
    ----------
    among
        ``imputations``: nobody gets less than alone. ``divisions``: no such bound (the prenucleolus); the
        same where joining a coalition never harms it.

    Raises
    ------
    InfeasibleError
        ``imputations`` where the whole is worth less than the members alone.
    """
    n = game.n
    start = shapley(game)
    alone = game.singles() - start
    # excesses over the Shapley value, in units of the largest: same nucleolus, well-scaled numbers
    floor = game.value - sums(start)
    scale = float(np.abs(floor).max())
    low = np.full(n + 1, -np.inf)
    if among == "imputations":
        short = float(game.singles().sum() - game.worth)
        if short > 1e-9 * max(1.0, float(np.abs(game.value).max())):
            raise InfeasibleError(
                f"all together are worth {short:.6g} less than apart, so no division gives everybody what they "
                "have alone; use among='divisions'."
            )
    if n == 1 or scale <= 1e-12 * max(float(np.abs(game.value).max()), np.finfo(float).tiny):
        return start
    if among == "imputations":
        low[:n] = alone / scale - _slack_for_rounding(alone, scale)
    return start + scale * _settle(floor / scale, low, n)


def _slack_for_rounding(alone: Float, scale: float) -> float:
    # where the whole is worth no more than apart the bounds meet in one point: leave room for rounding
    return 1e-12 if float(alone.sum()) / scale > -1e-9 else 0.0


def _settle(floor: Float, low: Float, n: int) -> Float:
    whole = (1 << n) - 1
    settled = np.ones((1, n))
    level = np.array([floor[whole]])
    rows = np.zeros(0, np.int64)
    cost = np.zeros(n + 1)
    cost[n] = 1.0
    for _ in range(n):
        free = _outside_span(settled, n)
        equal = np.hstack([settled, np.zeros((len(settled), 1))])
        programme = Programme(floor, free, cost, n, equal, level, low, first=rows)
        answer = solve(programme, n)
        rows = answer.rows
        bound = rows[answer.dual > _DUAL]
        before = len(settled)
        for mask in bound[np.argsort(-answer.dual[answer.dual > _DUAL])]:
            row = rows_of(np.array([mask]), n)
            if np.linalg.matrix_rank(np.vstack([settled, row]), tol=_RANK) > len(settled):
                settled = np.vstack([settled, row])
                level = np.append(level, floor[mask] - answer.z[n])
        if len(settled) == n:
            return np.linalg.solve(settled, level)
        if len(settled) == before:
            break
    raise ConvergenceError(f"the nucleolus settled {len(settled)} of {n} independent coalitions and then none.")


def _outside_span(settled: Float, n: int) -> Bool:
    basis = np.linalg.qr(settled.T)[0]
    every = rows_of(np.arange(1 << n), n)
    rest = every - (every @ basis) @ basis.T
    free: Bool = (rest**2).sum(axis=1) > _RANK
    return free
