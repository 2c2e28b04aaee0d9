"""Which part of the way to a target each player closes: growth, and each measure, adding up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse

PLAYERS_MAX = 16


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """The parts of a change; all values in the unit of the indicator.

    Attributes
    ----------
    players
        Growth and measures, in order.
    part
        Shape (p,); ``start + sum of part = end``.
    start, end
        The indicator with none and with all of the players.
    gap
        ``target - start``; ``end - start`` where no target is given.
    left
        ``target - end``: what no player closes; negative where the target is exceeded, 0 without one.
    """

    players: tuple[str, ...]
    part: Float
    start: float
    end: float
    gap: float
    left: float


def closed_parts(players: Sequence[str], requires: Mapping[str, Sequence[str]]) -> Int:
    """Return for every subset of the players, as a mask, its largest part closed under `requires`.

    A measure whose requirements are not in the subset does nothing there. Shape (2**p,); only the subsets that are
    their own part need to be computed. Requirements that are no players are taken to stand already.
    """
    names = list(players)
    refuse(_player_faults(names, requires))
    needs = [sum(1 << names.index(r) for r in set(requires.get(name, ())) if r in names) for name in names]
    part = np.arange(1 << len(names))
    while True:
        before = part
        for k, need in enumerate(needs):
            lacks = (part >> k & 1 == 1) & (part & need != need)
            part = np.where(lacks, part & ~(1 << k), part)
        if (part == before).all():
            return part


def decompose(
    players: Sequence[str],
    value: Float,
    *,
    requires: Mapping[str, Sequence[str]] | None = None,
    target: float | None = None,
) -> Decomposition:
    r"""Return the Shapley value of each player in the change of an indicator.

    :math:`\phi_k = \sum_{S \not\ni k} |S|! (p - |S| - 1)! / p! \, (v(\bar{S + k}) - v(\bar S))` with
    :math:`\bar S` the largest part of S closed under `requires` (the conjunctive restriction of Gilles, Owen
    and van den Brink 1992).

    Parameters
    ----------
    players
        Names, growth among them.
    value
        Shape (2**p,): the indicator with each closed subset; values of other subsets are not read.
    requires
        What each player requires.
    target
        The target value; None if there is none.
    """
    names = tuple(players)
    closed = closed_parts(names, requires or {})
    found = np.asarray(value, dtype=np.float64)
    refuse(_value_faults(names, found, closed))
    worth = found[closed]
    p = len(names)
    masks = np.arange(1 << p)
    weight = np.array([factorial(s) * factorial(p - s - 1) / factorial(p) for s in range(p)])
    part = np.zeros(p)
    for k in range(p):
        without = masks[masks >> k & 1 == 0]
        added = worth[without | 1 << k] - worth[without]
        part[k] = float(weight[np.bitwise_count(without)] @ added)
    start, end = float(worth[0]), float(worth[-1])
    aim = end if target is None else target
    return Decomposition(names, part, start, end, aim - start, aim - end)


def _player_faults(names: Sequence[str], requires: Mapping[str, Sequence[str]]) -> list[Problem]:
    found = []
    if len(names) > PLAYERS_MAX:
        message = f"{len(names)} players are more than {PLAYERS_MAX}. Join measures that always come together."
        found.append(Problem("LB656", message, "targets", column="players"))
    found += [
        Problem("LB656", f"{name!r} stands twice. Name each player once.", "targets", column="players")
        for name in sorted({name for name in names if list(names).count(name) > 1})
    ]
    found += [
        Problem("LB657", f"requirements are given for {name!r}, which is no player. Correct it.", "targets")
        for name in sorted(set(requires) - set(names))
    ]
    return found


def _value_faults(names: Sequence[str], value: Float, closed: Int) -> list[Problem]:
    if value.shape != (1 << len(names),):
        message = f"values have shape {value.shape}, not {(1 << len(names),)}. Give one a subset of the players."
        return [Problem("LB658", message, "targets", column="value")]
    bad = np.unique(closed[~np.isfinite(value[closed])])
    return [
        Problem(
            "LB658",
            f"the value with {[n for k, n in enumerate(names) if mask >> k & 1]} is not finite. Give a number.",
            "targets",
            column="value",
        )
        for mask in bad.tolist()
    ]
