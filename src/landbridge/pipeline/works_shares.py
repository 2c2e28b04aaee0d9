"""Who would pay for the works of a study's moves: what each gains by them, and the cost shared by several rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.cooperation.costs import CostRule, cost_shares
from landbridge.cooperation.game import Game
from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import InfeasibleError
from landbridge.pipeline.coalitions import Cooperation

RULES: Final[Mapping[CostRule, str]] = {
    "shapley": "Shapley (serial)",
    "nucleolus": "nucleolus",
    "benefit": "by benefit",
    "separable": "separable costs",
}
"""Rules by which the cost is shared, and their names."""
SERVES: Final = 0.01
"""A work serves a member that gains more by it than this share of what the member that gains most does."""


@dataclass(frozen=True, slots=True, eq=False)
class WorksShares:
    """Works of k moves shared among n members, million USD, present values.

    Attributes
    ----------
    moves, titles
        Moves with works.
    cost
        Of each, (k,).
    benefit
        What each member gains by each if everything else is done, before anybody pays, (k, n).
    served
        Whom each work serves, (k, n).
    stated
        What each member pays as the study states, (n,).
    unassigned
        Works that the study names no payer for.
    shares
        By rule what each pays of the whole cost, (n,); None where the rule has no answer.
    """

    players: tuple[str, ...]
    names: tuple[str, ...]
    moves: tuple[str, ...]
    titles: tuple[str, ...]
    cost: Float
    benefit: Float
    served: Bool
    stated: Float
    unassigned: float
    shares: Mapping[str, Float | None]


def share_works(found: Cooperation) -> WorksShares | None:
    r"""Return how the cost of all works of the moves would be shared; None if no move has works.

    The least cost of serving a set of members is that of the works that serve any of them:
    :math:`c(S) = \sum_k K_k\, [\,\exists i \in S : b_{ki} > 0.01 \max_j b_{kj}]`, with :math:`b_{ki}` what i gains
    if k is added to all other moves. Of this game the Shapley value is the serial rule too: each work in equal parts
    by those whom it serves (Littlechild and Owen 1973; Moulin and Shenker 1992).
    """
    loose = np.array([measure.cost for measure in found.situation.measures])
    cost = loose + found.paid.sum(axis=1)
    with_works = np.flatnonzero(cost > 0)
    if not len(with_works):
        return None
    m, n = found.paid.shape
    whole = (1 << m) - 1
    payoff = found.situation.payoff
    # what the study's payers pay stands in the payoffs and is no part of the benefit
    benefit = np.array([payoff[whole] - payoff[whole & ~(1 << k)] + found.paid[k] for k in with_works.tolist()])
    best = benefit.max(axis=1, keepdims=True)
    served = np.where(best > 0, benefit > SERVES * best, np.ones((1, n), dtype=bool))
    stands = ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1).astype(bool)
    needs = (stands[:, None, :] & served[None]).any(axis=2)
    game = Game(found.players, needs @ cost[with_works])
    gained = np.maximum(benefit, 0.0).sum(axis=0)
    return WorksShares(
        found.players,
        found.names,
        tuple(found.bundles[k].id for k in with_works.tolist()),
        tuple(found.bundles[k].title for k in with_works.tolist()),
        cost[with_works],
        benefit,
        served,
        found.paid.sum(axis=0),
        float(loose.sum()),
        {rule: _shares(game, gained, rule) for rule in RULES},
    )


def _shares(game: Game, benefit: Float, rule: CostRule) -> Float | None:
    try:
        return cost_shares(game, benefit, rule=rule)
    except InfeasibleError:
        return None
