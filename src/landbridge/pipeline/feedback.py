"""Costs and flows until they agree: delays by load at gates with a capacity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError
from landbridge.network.network import Network
from landbridge.pipeline.freight import Freight, find_freight, load_network
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.inputs import value_or

TOLERANCE: Final = 3e-2
"""Largest relative gap: hours at gates that flows would save by answering once more, over hours spent there."""
IN_A_ROW: Final = 2
"""Rounds in a row whose gaps must be below the tolerance, as one may be small by chance."""
MAX_ROUNDS: Final = 80
QUEUE_LIMIT: Final = 60.0
"""A gate that overflows turns trains away rather than holding them for ever: (p + v/c)^n is capped here."""


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """Places with a capacity among the touched arcs: a crossing in one direction, a yard's gauge, a port.

    Attributes
    ----------
    of
        Gate of each touched arc, -1 where it has no capacity, shape (M,).
    shared
        Whether arcs of the gate work side by side, so that their loads add up (yards, ports); the links of a
        crossing follow each other, so that the most loaded counts. Shape (n_gates,).
    dwell_hours, capacity_teu
        Shape (n_gates,).
    """

    of: Int
    shared: Float
    dwell_hours: Float
    capacity_teu: Float

    def loads(self, arcs: Float) -> Float:
        """Return the load of every gate for loads of the touched arcs (M,)."""
        limited = self.of >= 0
        total = np.bincount(self.of[limited], arcs[limited], len(self.shared))
        most = np.zeros(len(self.shared))
        np.maximum.at(most, self.of[limited], arcs[limited])
        return np.where(self.shared > 0, total, most)

    def on_arcs(self, hours: Float) -> Float:
        """Return hours of gates (n_gates,) on the touched arcs, shape (M,)."""
        return np.where(self.of >= 0, np.append(hours, 0.0)[self.of], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Freight with delays that its own loads make.

    Attributes
    ----------
    delay_hours
        What load adds to each touched arc against the baseline, shape (M,).
    gaps
        How far each round still moved the delays; empty where nothing has a capacity. As the step shrinks, it
        shrinks too: it says that delays stand still, not that no flow would answer otherwise.
    unsettled
        The other measure, free of the step: hours at gates of containers that the last answer would add or take
        away, over all hours at gates. All-or-nothing routes within a corridor keep it above 0.
    """

    freight: Freight
    delay_hours: Float
    gaps: tuple[float, ...]
    unsettled: float


def settle(ground: Ground, standing: Sequence[str], base_arcs: Float, respond: Callable[[Freight], Float]) -> Settled:
    r"""Return freight whose delays and flows agree, by successive averages of gate loads.

    The baseline's hours are observed ones, so they hold the baseline's queues: load adds ``D(v) - D(v0)`` with the
    delay D of `extra_hours`. A gate that carries more in the baseline than its stated capacity leaves beside the
    preload is taken to have just that: the baseline is a fact, the stated figure may be old.

    In each round n flows y answer to the delays of the mean loads v, and v moves to y by 1/(n + 1) (the method of
    successive averages; routes within a corridor are all-or-nothing, so y itself jumps). The gap is the hours by
    which that move still changes the gates' delays, over all hours spent at gates.

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
        If the gap stays above `TOLERANCE`.
    """
    touched = ground.overlay.touched
    freight = find_freight(ground, standing)
    gates = find_gates(freight.touched)
    if not len(gates.shared):
        return Settled(freight, np.zeros(len(touched)), (), 0.0)
    load = gates.loads(base_arcs[touched])
    gates = replace(gates, capacity_teu=np.maximum(gates.capacity_teu, load / (1.0 - _preload(ground))))
    before = extra_hours(ground, load, gates)
    gaps: list[float] = []
    for number in range(1, MAX_ROUNDS + 1):
        teu = _off_diagonal(respond(freight))
        answer = gates.loads(load_network(ground, freight, teu, only_touched=True).sum(0)[touched])
        moved = load + (answer - load) / (number + 1.0)
        now, then = extra_hours(ground, load, gates), extra_hours(ground, moved, gates)
        weight = np.maximum(load, moved)
        spent = float((gates.dwell_hours + then) @ weight)
        gaps.append(float(np.abs(then - now) @ weight) / spent if spent > 0 else 0.0)
        unsettled = float((gates.dwell_hours + now) @ np.abs(answer - load)) / spent if spent > 0 else 0.0
        load = moved
        delay = gates.on_arcs(then - before)
        if max(gaps[-IN_A_ROW:]) < TOLERANCE and (len(gaps) >= IN_A_ROW or gaps[0] < 0.01 * TOLERANCE):
            freight = find_freight(ground, standing, delay_hours=delay)
            return Settled(freight, delay, tuple(gaps), unsettled)
        freight = find_freight(ground, standing, delay_hours=delay, with_amounts=False)
    raise ConvergenceError(
        f"delays at gates and flows still differ by a relative gap of {gaps[-1]:.2g} after {MAX_ROUNDS} rounds "
        f"(tolerance {TOLERANCE:g}). Raise the capacities of the gates that overflow, or lower delay_factor."
    )


def extra_hours(ground: Ground, load_teu: Float, gates: Gates) -> Float:
    r"""Return the hours that load adds at each gate, shape (n_gates,).

    .. math:: D(v) = b\, t_0 \min\Bigl\{\Bigl(p + \frac{v}{c}\Bigr)^n, 60\Bigr\}

    BPR on the dwell t0 of the gate, with the part p of its capacity that traffic outside the study takes
    (``preload_share``), b ``delay_factor`` and n ``delay_power``.
    """
    study = ground.study
    factor, power = value_or(study, "delay_factor", 0.5), value_or(study, "delay_power", 4.0)
    preload = _preload(ground)
    ratio = np.maximum(load_teu, 0.0) / gates.capacity_teu
    hours: Float = factor * gates.dwell_hours * np.minimum((preload + ratio) ** power, QUEUE_LIMIT)
    return hours


def _preload(ground: Ground) -> float:
    return min(value_or(ground.study, "preload_share", 0.25), 0.99)


def find_gates(touched: Network) -> Gates:
    """Return the gates among the touched links and transfers."""
    links, transfers = touched.links, touched.transfers
    keys: dict[tuple[str, ...], int] = {}
    of = np.full(len(links) + len(transfers), -1, np.int64)
    shared: list[float] = []
    dwell: list[float] = []
    capacity: list[float] = []
    for row in np.flatnonzero(np.isfinite(links.capacity_teu_per_year)).tolist():
        key: tuple[str, ...] = ("link", links.name[row] or str(links.edge[row]), links.country[row])
        of[row] = keys.setdefault(key, len(keys))
        if of[row] == len(shared):
            shared.append(0.0)
            dwell.append(float(links.wait_hours[row]))
            capacity.append(float(links.capacity_teu_per_year[row]))
    for row in np.flatnonzero(np.isfinite(transfers.capacity_teu_per_year)).tolist():
        port = transfers.kind[row] == "port"
        key = transfers.kind[row], transfers.name[row], "" if port else str(transfers.from_gauge_mm[row])
        at = len(links) + row
        of[at] = keys.setdefault(key, len(keys))
        if of[at] == len(shared):
            shared.append(1.0)
            dwell.append(float(transfers.time_hours[row]))
            capacity.append(float(transfers.capacity_teu_per_year[row]))
    return Gates(of, np.array(shared), np.array(dwell), np.array(capacity))


def _off_diagonal(teu: Float) -> Float:
    return np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu)
