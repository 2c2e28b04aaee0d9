"""How far the game's short cuts are from full runs: a sample of sets of moves, evaluated one by one with queues."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.coalitions import Cooperation, holdings
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.queue_effects import full_gain


@dataclass(frozen=True, slots=True, eq=False)
class GameCheck:
    """Sets of moves as the game values them and as full runs do, before works; k sets, n players.

    Attributes
    ----------
    states
        Masks of moves, (k,).
    game, full
        Present values of gains, million USD, (k, n): of the game (queues from few full runs, interactions of many
        groups left out) and of `outcome.find_outcome` (queues by load, every network searched).
    """

    states: tuple[int, ...]
    game: Float
    full: Float

    @property
    def largest(self) -> float:
        """Largest difference of a player's gain as a share of the largest gain."""
        return float(np.abs(self.full - self.game).max() / np.abs(self.full).max())

    @property
    def joint(self) -> float:
        """Largest difference of a joint gain as a share of the largest joint gain."""
        joint = self.full.sum(axis=1)
        return float(np.abs(joint - self.game.sum(axis=1)).max() / np.abs(joint).max())


def check_game(found: Cooperation, base: Baseline, *, sample: int = 5, seed: int = 0) -> GameCheck:
    """Return the sets of moves that coalitions choose (all together first, then a sample), evaluated in full.

    Parameters
    ----------
    found
        The game.
    base
        The study's baseline.
    sample
        How many sets; each takes as long as a run.
    seed
        Of the sample.
    """
    chosen = [int(found.passive.chosen[-1])]
    others = sorted({int(state) for state in found.passive.chosen} - {*chosen, found.situation.start_state})
    chosen += np.random.default_rng(seed).permutation(others)[: max(sample - 1, 0)].tolist()
    held = holdings(base.ground.study, base, found.players)
    paid = np.array(found.paid)
    full, game = [], []
    for state in chosen:
        made = [k for k in range(len(found.bundles)) if state >> k & 1]
        full.append(found.horizon.factor * full_gain(base, found.bundles, state) @ held)
        start = found.situation.payoff[found.situation.start_state]
        game.append(found.situation.payoff[state] - start + paid[made].sum(axis=0))
    return GameCheck(tuple(chosen), np.array(game), np.array(full))
