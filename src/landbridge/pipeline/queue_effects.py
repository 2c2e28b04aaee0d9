r"""What queues at gates change in the values of all sets of moves, from full runs of the few sets that tell most.

Sets of moves are valued with queues as in the baseline (`pipeline.payoffs`). With f their values and F those of full
runs, :math:`d(S) = F(S) - f(S)` hardly has interactions of more than two moves, so

.. math:: d(S) \approx \sum_{T \subseteq S,\ T \in \mathcal T} \mu_d(T)

where :math:`\mathcal T` holds every move on the network alone, and the pairs of them that interact most in f: where two
moves bring freight to the same gate, both the values and the queues tell.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from landbridge.core.algebra import plain_algebra
from landbridge.core.arrays import Float
from landbridge.pipeline.bundles import Bundle, standing_with
from landbridge.pipeline.interactions import compose
from landbridge.pipeline.outcome import Baseline, find_equilibrium
from landbridge.pipeline.payoff_networks import WORKERS

PAIR_TELLS: Final = 0.004
"""Pairs of moves whose interaction exceeds this share of the largest effect are run in full."""
MOST_PAIRS: Final = 6
STILL: Final = 1e-6
"""Moves of less than this share of the largest effect do nothing by themselves, and make no queue."""


@dataclass(frozen=True, slots=True, eq=False)
class QueueEffects:
    """What queues change: M moves, N economies.

    Attributes
    ----------
    gain_musd
        To be added to values with the baseline's queues, million USD a year, shape (2**M, N).
    ran
        Sets of moves that were run in full, as masks.
    """

    gain_musd: Float
    ran: tuple[int, ...]


def queue_effects(base: Baseline, bundles: Sequence[Bundle], gain_musd: Float) -> QueueEffects:
    """Return what queues change in the values of all sets of bundles.

    Parameters
    ----------
    base
        The study's baseline.
    bundles
        The moves.
    gain_musd
        Values of all sets with the baseline's queues, million USD a year, shape (2**M, N).

    Raises
    ------
    InfeasibleError, ConvergenceError
        If a run has no answer.
    """
    m = len(bundles)
    ran = _telling(bundles, gain_musd) if _has_queues(base) else ()
    if not ran:
        return QueueEffects(np.zeros_like(gain_musd), ())
    with plain_algebra(), ThreadPoolExecutor(WORKERS) as pool:
        full = np.array(list(pool.map(lambda mask: full_gain(base, bundles, mask), ran)))
    moved = np.zeros((1 << m, *gain_musd.shape[1:]))
    moved[list(ran)] = full - (gain_musd[list(ran)] - gain_musd[0])
    chosen = np.unique([0, *(1 << k for k in range(m)), *ran])
    return QueueEffects(compose(moved[chosen], chosen, m), ran)


def full_gain(base: Baseline, bundles: Sequence[Bundle], mask: int) -> Float:
    """Return the gain of every economy by a set of bundles in a full run, million USD a year, shape (N,)."""
    made = [name for k, bundle in enumerate(bundles) if mask >> k & 1 for name in bundle.measures]
    equilibrium = find_equilibrium(base, standing_with(base.ground.study, made), "a set of moves")
    gain: Float = equilibrium.baseline_spending * (equilibrium.real_income_change - 1.0)
    return gain


def _telling(bundles: Sequence[Bundle], gain: Float) -> tuple[int, ...]:
    """Return the moves on the network that do something alone, and the pairs of them that interact most."""
    alone = {k: gain[1 << k] - gain[0] for k, bundle in enumerate(bundles) if bundle.on_network}
    size = float(np.abs(gain - gain[0]).max(initial=0.0))
    singles = tuple(1 << k for k, effect in alone.items() if np.abs(effect).max() > STILL * size)
    together = {
        1 << i | 1 << j: float(np.abs(gain[1 << i | 1 << j] - gain[0] - alone[i] - alone[j]).max())
        for i, j in combinations(alone, 2)
    }
    pairs = sorted((pair for pair in together if together[pair] > PAIR_TELLS * size), key=lambda pair: -together[pair])
    return (*singles, *pairs[:MOST_PAIRS])


def _has_queues(base: Baseline) -> bool:
    network = base.ground.network
    return any(np.isfinite(part.capacity_teu_per_year).any() for part in (network.links, network.transfers))
