"""Whether all members stay together: the core, who objects, the least core and what stability costs."""

from dataclasses import dataclass

import numpy as np

from landbridge.cooperation.bitmasks import names_of, sums
from landbridge.cooperation.cuts import Answer, Programme, solve
from landbridge.cooperation.game import Game
from landbridge.core.arrays import Float

_DUAL = 1e-6
_EMPTY = 1e-8
"""An excess above this share of the largest worth counts as an objection."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A coalition that could do better by itself.

    Attributes
    ----------
    members
        Who objects.
    excess
        ``v(S) - x(S)`` in the game's unit: what they gain by leaving; negative where they lose.
    weight
        The dual price of the coalition in the least core: how far the largest excess falls if the coalition
        is worth one less; 0 where the objection is to a given division.
    """

    members: tuple[str, ...]
    excess: float
    weight: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LeastCore:
    """The divisions that make the largest excess as small as it can be (Maschler, Peleg and Shapley 1979).

    Attributes
    ----------
    excess
        That smallest largest excess, in the game's unit. The core is empty if and only if it is positive.
    payoff
        One such division, shape (n,).
    blocking
        Coalitions that keep the excess from falling, largest weight first: a balanced collection, whose
        weights add up to 1 (Bondareva 1963; Shapley 1967). The first is the one that objects most.
    core_is_empty
        Whether `excess` is positive by more than rounding.
    """

    excess: float
    payoff: Float
    blocking: tuple[Objection, ...]
    core_is_empty: bool


@dataclass(frozen=True, slots=True, eq=False)
class StabilityCost:
    """The least money from outside that keeps all together (Bachrach and others 2009).

    Attributes
    ----------
    outside_money
        ``min x(N) - v(N)`` over all x with ``x(S) >= v(S)`` for every S; 0 where the core is not empty.
    payoff
        A division of ``v(N) + outside_money`` to which nobody objects, shape (n,).
    """

    outside_money: float
    payoff: Float


@dataclass(frozen=True, slots=True, eq=False)
class SidePayments:
    """The smallest payments among members after which no coalition objects.

    Attributes
    ----------
    payment
        Shape (n,), in the game's unit: received positive, paid negative. Adds up to `outside_money`.
    received
        The sum of what is received, the least possible.
    outside_money
        What has to come from outside, the cost of stability; 0 where the core is not empty.
    payoff
        Gain after payments, shape (n,).
    """

    payment: Float
    received: float
    outside_money: float
    payoff: Float


def least_core(game: Game) -> LeastCore:
    """Return the least core: minimise e subject to ``x(S) + e >= v(S)`` for S other than nobody and all.

    For one member there is no such S: the excess is minus infinity and the core is not empty.
    """
    n, scale = game.n, _scale(game)
    if n == 1:
        return LeastCore(-np.inf, game.value[1:].copy(), (), core_is_empty=False)
    asked = np.ones(1 << n, dtype=np.bool_)
    asked[[0, -1]] = False
    cost = np.append(np.zeros(n), 1.0)
    whole = np.append(np.ones(n), 0.0)[None, :]
    low = np.full(n + 1, -np.inf)
    answer = solve(Programme(game.value / scale, asked, cost, n, whole, game.value[-1:] / scale, low), n)
    excess = answer.objective * scale
    return LeastCore(excess, answer.z[:n] * scale, _blocking(game, answer, excess), answer.objective > _EMPTY)


def objections(game: Game, payoff: Float, *, count: int = 5) -> tuple[Objection, ...]:
    """Return the coalitions that object most to a division, with their excess, largest first.

    Coalitions that would lose by leaving are listed too, after those that gain: their excess is negative.
    """
    excess = game.value - sums(np.asarray(payoff, dtype=np.float64))
    order = 1 + np.argsort(-excess[1:-1], kind="stable")[:count]
    return tuple(Objection(names_of(int(mask), game.members), float(excess[mask])) for mask in order)


def stability_cost(game: Game) -> StabilityCost:
    """Return the cost of stability: minimise ``x(N)`` subject to ``x(S) >= v(S)`` for every S, N included.

    Bachrach and others (2009), section 3, ask for ``x >= 0`` too; with ``v({i}) >= 0`` that is no further
    condition, and where a member loses alone we let it bear a loss.
    """
    least = least_core(game)
    if not least.core_is_empty:
        return StabilityCost(0.0, least.payoff)
    n, scale = game.n, _scale(game)
    asked = np.ones(1 << n, dtype=np.bool_)
    asked[0] = False
    programme = Programme(
        game.value / scale, asked, np.ones(n), None, np.zeros((0, n)), np.zeros(0), np.full(n, -np.inf)
    )
    answer = solve(programme, n)
    return StabilityCost(answer.objective * scale - game.worth, answer.z * scale)


def side_payments(game: Game, gains: Float) -> SidePayments:
    r"""Return the least payments that turn the members' own gains into a division to which nobody objects.

    Minimise :math:`\sum_i \max(t_i, 0)` subject to ``g(S) + t(S) >= v(S)`` for every S and
    ``t(N) = outside money``; among those, payments whose largest receipt plus largest contribution is least.

    Parameters
    ----------
    gains
        Shape (n,): what each member gains by itself when all act together, before payments; adds up to
        ``v(N)``.

    Raises
    ------
    ValueError
        The gains do not add up to ``v(N)``.
    """
    n, scale = game.n, _scale(game)
    gains = np.asarray(gains, dtype=np.float64)
    if abs(float(gains.sum()) - game.worth) > 1e-6 * scale:
        raise ValueError(f"gains add up to {gains.sum():.6g}, the whole is worth {game.worth:.6g}: give own gains.")
    outside = stability_cost(game).outside_money
    level = np.array([(game.worth + outside) / scale])
    # variables: payoff x (n), received r (n), largest received, largest paid
    whole = np.concatenate([np.ones(n), np.zeros(n + 2)])[None, :]
    eye, none, one, zero = np.eye(n), np.zeros((n, n)), np.ones((n, 1)), np.zeros((n, 1))
    own = gains / scale
    received = np.hstack([eye, -eye, zero, zero])
    largest = np.vstack([np.hstack([eye, none, -one, zero]), np.hstack([-eye, none, zero, -one])])
    total = np.concatenate([np.zeros(n), np.ones(n), [0.0, 0.0]])
    low = np.concatenate([np.full(n, -np.inf), np.zeros(n + 2)])
    floor = game.value / scale
    asked = np.ones(1 << n, dtype=np.bool_)
    asked[[0, -1]] = False
    floor = np.where(asked, floor, 0.0) - 1e-11
    least = solve(Programme(floor, asked, total, None, whole, level, low, received, own), n)
    above = np.vstack([received, largest, total[None, :]])
    limit = np.concatenate([own, own, -own, [least.objective + 1e-10]])
    cost = np.append(np.zeros(2 * n), [1.0, 1.0])
    even = solve(Programme(floor, asked, cost, None, whole, level, low, above, limit, least.rows), n)
    payoff = even.z[:n] * scale
    payment = payoff - gains
    payment[np.abs(payment) < 1e-9 * scale] = 0.0
    return SidePayments(payment, float(np.maximum(payment, 0.0).sum()), outside, gains + payment)


def _blocking(game: Game, answer: Answer, excess: float) -> tuple[Objection, ...]:
    found = [
        Objection(names_of(int(mask), game.members), excess, float(weight))
        for mask, weight in zip(answer.rows, answer.dual, strict=True)
        if weight > _DUAL
    ]
    return tuple(sorted(found, key=lambda objection: (-objection.weight, objection.members)))


def _scale(game: Game) -> float:
    return float(np.abs(game.value).max()) or 1.0
