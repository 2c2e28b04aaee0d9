"""How members share the cost of common works."""

from typing import Literal

import numpy as np

from landbridge.cooperation.game import Game
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shares import shapley
from landbridge.core.arrays import Float
from landbridge.core.problems import InfeasibleError

CostRule = Literal["shapley", "nucleolus", "benefit", "separable"]


def cost_shares(cost: Game, benefit: Float, *, rule: CostRule = "separable") -> Float:
    r"""Return what each member pays of the cost of serving all, shape (n,); it adds up to ``c(N)``.

    Parameters
    ----------
    cost
        ``c(S)``: the least cost of serving S alone.
    benefit
        Shape (n,): what each gains before costs, in the same unit. Used by ``benefit`` and ``separable``.
    rule
        ``shapley`` and ``nucleolus`` of the cost game; ``benefit``: in proportion to the benefit;
        ``separable``: separable costs, remaining benefits (Young 1994, section 3.3): each pays
        :math:`m_i = c(N) - c(N - i)`, and the rest is shared in proportion to
        :math:`\min(b_i, c(i)) - m_i`.

    Raises
    ------
    InfeasibleError
        Benefits by which to share do not add up to something positive.
    """
    benefit = np.asarray(benefit, dtype=np.float64)
    if rule == "shapley":
        return shapley(cost)
    if rule == "nucleolus":
        shared: Float = -nucleolus(Game(cost.members, -cost.value))
        return shared
    if rule == "benefit":
        paid: Float = cost.worth * _parts(benefit, "benefits")
        return paid
    separable: Float = cost.worth - cost.value[cost.whole & ~(1 << np.arange(cost.n))]
    left = cost.worth - float(separable.sum())
    if left == 0:
        return separable
    remaining = np.maximum(np.minimum(benefit, cost.singles()) - separable, 0.0)
    shares: Float = separable + left * _parts(remaining, "remaining benefits")
    return shares


def _parts(weight: Float, what: str) -> Float:
    total = float(weight.sum())
    if total <= 0 or float(weight.min()) < 0:
        raise InfeasibleError(
            f"{what} {np.round(weight, 6).tolist()} cannot share a cost: each must be 0 or more and one positive. "
            "Leave out who does not gain, or use rule='shapley'."
        )
    parts: Float = weight / total
    return parts
