"""Intervals for the headline figures of scenarios: the chain run again under draws of uncertain inputs."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.pipeline.draws import Draws, Estimates, draw_inputs
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.uncertainty_chain import Chain, Figure, chain_of
from landbridge.pipeline.uncertainty_draw import run_draw
from landbridge.study.model import Study

WORKERS: Final = 2
"""Threads over draws; the kernels leave Python's lock."""
MOST_FAILED: Final = 0.05
"""Largest part of the draws that may have no equilibrium."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Figures of S scenarios in D draws.

    Attributes
    ----------
    scenarios, figures
        Names and keys.
    draws
        The inputs' values.
    values
        Shape (D, S, F); only draws that have an equilibrium.
    central
        At the study's own values, shape (S, F).
    income
        Change of real income in percent by economy, shape (D, S, N).
    failed
        Reasons of draws without an equilibrium.
    beside
        What was worked out beside them, one entry a draw; empty if nothing was asked for.
    """

    scenarios: tuple[str, ...]
    figures: tuple[Figure, ...]
    draws: Draws
    values: Float
    central: Float
    income: Float
    failed: tuple[str, ...]
    beside: tuple[Float, ...] = ()


Beside = Callable[[int, Chain, Study], Float]
"""A model beside the study's: takes the number of a draw, what draws share, and the study at the draw's parameters."""


def sample_outcomes(
    base: Baseline,
    outcomes: Mapping[str, Outcome],
    *,
    draws: int,
    seed: int,
    estimates: Sequence[Estimates] | None = None,
    beside: Beside | None = None,
) -> Sample:
    """Return the headline figures of scenarios under draws of the study's uncertain inputs.

    Each draw chooses corridors anew among the stored alternatives, whose cost is made anew from their hours, CO2
    and payments, and solves trade anew, all scenarios in one batch. Two things are held at the study's values: the
    route within a corridor (it is the best one at the study's value of time, so to first order its cost does not
    depend on the choice of route), and the delays by load that the scenario settled at.

    Parameters
    ----------
    base, outcomes
        Of one study; outcomes by scenario.
    draws
        D.
    seed
        The same seed gives the same draws.
    estimates
        Parameters with a covariance; those that the study holds if absent.
    beside
        Called in every draw, what it returns is kept in `Sample.beside`; a draw that fails in it has failed.

    Raises
    ------
    StudyError
        If `estimates` do not fit the study.
    ConvergenceError
        If more than one draw in twenty has no equilibrium; the first reasons are told.
    """
    study = base.ground.study
    drawn = draw_inputs(study, draws, np.random.default_rng(seed), estimates=estimates)
    chain = chain_of(base, outcomes, drawn)
    central, _ = run_draw(chain, study)

    def one(row: int) -> tuple[Float, Float, Float | None] | str:
        moved = drawn.study(study, row)
        try:
            return (*run_draw(chain, moved), beside(row, chain, moved) if beside else None)
        except (InfeasibleError, ConvergenceError) as error:
            return f"draw {row}: {error}"

    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(one, range(len(drawn))))
    failed = tuple(item for item in found if isinstance(item, str))
    if len(failed) > MOST_FAILED * len(drawn):
        shown = "\n".join(failed[:3])
        raise ConvergenceError(f"{len(failed)} of {len(drawn)} draws have no equilibrium. Narrow the ranges.\n{shown}")
    good = np.array([not isinstance(item, str) for item in found])
    solved = [item for item in found if not isinstance(item, str)]
    kept = Draws(drawn.inputs, drawn.chances[good], drawn.values[good], drawn.groups)
    return Sample(
        tuple(outcomes),
        chain.figures,
        kept,
        np.array([values for values, _, _ in solved]),
        central,
        np.array([income for _, income, _ in solved]),
        failed,
        tuple(more for _, _, more in solved if more is not None),
    )
