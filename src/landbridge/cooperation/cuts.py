"""Linear programmes over all coalitions of a game, solved by adding the coalitions that object.

A game of 16 members has 65,534 coalitions and a programme a row for each. Only about n of them bind, so the
programme starts with a few, is solved, and takes in those that the answer leaves worst off, until none is left
out by more than the tolerance. Then the answer and its dual are those of the whole programme.
"""

from dataclasses import dataclass, field

import numpy as np

from landbridge.cooperation.bitmasks import rows_of, sums
from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import ConvergenceError, InfeasibleError

TOLERANCE = 1e-9
_LP_TOLERANCE = 1e-10
_ROUNDS = 1000
_EACH_SIZE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    r"""Minimise ``cost @ z`` over ``z = (x_1 .. x_n, further)`` subject to ``x(S) + slack e >= floor(S)``.

    Attributes
    ----------
    floor
        Shape (2**n,): what each coalition asks.
    asked
        Shape (2**n,): which coalitions have a row.
    cost
        Shape (n + f,): the objective, f the number of further variables.
    slack
        Position in z of the variable e that every coalition's row holds with factor 1; None for none.
    equal, level
        Rows of shape (q, n + f) and (q,): ``equal @ z = level``.
    above, limit
        Rows of shape (r, n + f) and (r,): ``above @ z <= limit``.
    low
        Shape (n + f,): lower bounds of z, ``-inf`` for none.
    """

    floor: Float
    asked: Bool
    cost: Float
    slack: int | None
    equal: Float
    level: Float
    low: Float
    above: Float | None = None
    limit: Float | None = None
    first: Int = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A solved programme: variables, objective, the coalitions taken in and their dual prices (not negative)."""

    z: Float
    objective: float
    rows: Int
    dual: Float


def solve(programme: Programme, n: int) -> Answer:
    """Solve a programme over the coalitions of n members to `TOLERANCE` in its own unit (scale it to about 1).

    Raises
    ------
    InfeasibleError
        No answer meets the rows.
    ConvergenceError
        Coalitions keep objecting after a thousand rounds.
    """
    rows = _first_rows(programme, n)
    for _ in range(_ROUNDS):
        answer = _solve_rows(programme, rows, n)
        held = sums(answer.z[:n])
        if programme.slack is not None:
            held = held + answer.z[programme.slack]
        missing = np.where(programme.asked, programme.floor - held, -np.inf)
        missing[rows] = -np.inf
        worst = _worst(missing, n)
        if not len(worst):
            return answer
        rows = np.concatenate([rows, worst])
    raise ConvergenceError(f"coalitions still object by {missing.max():.2e} after {_ROUNDS} rounds of rows.")


def _worst(missing: Float, n: int) -> Int:
    """Return the few worst coalitions of every size: those of one size alone are too much alike."""
    objects = np.flatnonzero(missing > TOLERANCE)
    size = np.bitwise_count(objects).astype(np.int64)
    order = np.lexsort((objects, -missing[objects], size))
    first = np.searchsorted(size[order], np.arange(n + 1))
    rank = np.arange(len(order)) - first[size[order]]
    worst: Int = objects[order[rank < _EACH_SIZE]]
    return worst


def _first_rows(programme: Programme, n: int) -> Int:
    singles = 1 << np.arange(n)
    rows = np.unique(np.concatenate([programme.first, singles, (1 << n) - 1 - singles]))
    kept: Int = rows[programme.asked[rows]]
    return kept


def _solve_rows(programme: Programme, rows: Int, n: int) -> Answer:
    from scipy.optimize import linprog

    width = len(programme.cost)
    ask = np.zeros((len(rows), width))
    ask[:, :n] = -rows_of(rows, n)
    if programme.slack is not None:
        ask[:, programme.slack] = -1.0
    upper = -programme.floor[rows]
    if programme.above is not None and programme.limit is not None:
        ask = np.vstack([ask, programme.above])
        upper = np.concatenate([upper, programme.limit])
    outcome = linprog(
        programme.cost,
        A_ub=ask,
        b_ub=upper,
        A_eq=programme.equal if len(programme.equal) else None,
        b_eq=programme.level if len(programme.equal) else None,
        bounds=[(float(low), np.inf) for low in programme.low],
        method="highs-ds",
        options={"primal_feasibility_tolerance": _LP_TOLERANCE, "dual_feasibility_tolerance": _LP_TOLERANCE},
    )
    if outcome.x is None:
        raise InfeasibleError(f"the programme over coalitions has no answer: {outcome.message}")
    dual = -np.asarray(outcome.ineqlin.marginals)[: len(rows)]
    return Answer(np.asarray(outcome.x), float(outcome.fun or 0.0), rows, dual)
