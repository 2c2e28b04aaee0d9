"""Costs and flows until they agree: delays by load at links and transfers with a capacity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError
from landbridge.network.network import Network
from landbridge.pipeline.freight import Freight, find_freight, load_network
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.inputs import value_or

TOLERANCE_HOURS: Final = 0.01
MAX_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Freight with delays that its own loads make.

    Attributes
    ----------
    delay_hours
        What load adds to each touched arc against the baseline, shape (M,).
    gaps_hours
        Largest change of a delay in each round; empty where nothing has a capacity.
    """

    freight: Freight
    delay_hours: Float
    gaps_hours: tuple[float, ...]


def settle(ground: Ground, standing: Sequence[str], base_arcs: Float, respond: Callable[[Freight], Float]) -> Settled:
    """Return freight whose delays and flows agree, by averaging with shrinking steps.

    The baseline's hours are observed ones, so they hold the baseline's queues: load adds
    ``D(v) - D(v0)`` with the delay D of `extra_hours`.

    Parameters
    ----------
    ground, standing
        The study and the measures that stand.
    base_arcs
        Baseline TEU on every arc of the graph.
    respond
        Gives the containers between zones (K, Z, Z) that freight at given costs makes.

    Raises
    ------
    ConvergenceError
        If delays still move by more than `TOLERANCE_HOURS`.
    """
    touched = ground.overlay.touched
    delay = np.zeros(len(touched))
    freight = find_freight(ground, standing)
    capacity = capacities(freight.touched)
    limited = np.isfinite(capacity)
    if not limited.any():
        return Settled(freight, delay, ())
    base_capacity = capacities(ground.touched)
    before = extra_hours(ground, base_arcs[touched], base_capacity)
    gaps: list[float] = []
    step = 1.0
    for _ in range(MAX_ROUNDS):
        load = load_network(ground, freight, _off_diagonal(respond(freight))).sum(0)[touched]
        wanted = np.where(limited, extra_hours(ground, load, capacity) - before, 0.0)
        wanted = np.maximum(wanted, -_waits(freight.touched))
        gap = float(np.abs(wanted - delay).max())
        if gaps and gap > 0.9 * gaps[-1]:
            step = max(0.5 * step, 0.02)
        gaps.append(gap)
        if gap < TOLERANCE_HOURS:
            return Settled(freight, delay, tuple(gaps))
        delay = delay + step * (wanted - delay)
        freight = find_freight(ground, standing, delay_hours=delay)
    raise ConvergenceError(
        f"delays at gates still moved by {gaps[-1]:.3g} hours after {MAX_ROUNDS} rounds. Raise the capacities of the "
        f"gates that overflow, or lower delay_factor."
    )


def extra_hours(ground: Ground, load_teu: Float, capacity_teu: Float) -> Float:
    r"""Return the hours that load adds, shape (M,).

    .. math:: D(v) = b\, t_0 \Bigl(p + \frac{v}{c}\Bigr)^n, \quad\text{capped at } 3\, b\, t_0

    BPR on the dwell t0 of the gate, with the part p of its capacity that traffic outside the study takes
    (``preload_share``), b ``delay_factor`` and n ``delay_power``.
    """
    study = ground.study
    factor, power = value_or(study, "delay_factor", 0.5), value_or(study, "delay_power", 4.0)
    preload = value_or(study, "preload_share", 0.5)
    dwell = _waits(ground.touched)
    ratio = np.divide(load_teu, capacity_teu, out=np.zeros_like(load_teu), where=np.isfinite(capacity_teu))
    hours: Float = factor * dwell * np.minimum((preload + ratio) ** power, QUEUE_LIMIT)
    return np.where(np.isfinite(capacity_teu), hours, 0.0)


QUEUE_LIMIT: Final = 3.0
"""A gate that overflows turns trains away rather than holding them for ever: its delay is capped here."""


def capacities(touched: Network) -> Float:
    """Return the capacities of the touched arcs, TEU a year, shape (M,); inf where none is stated."""
    return np.concatenate([touched.links.capacity_teu_per_year, touched.transfers.capacity_teu_per_year])


def _waits(touched: Network) -> Float:
    """Return dwell and handling hours of the touched arcs, shape (M,)."""
    return np.concatenate([touched.links.wait_hours, touched.transfers.time_hours])


def _off_diagonal(teu: Float) -> Float:
    return np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu)
