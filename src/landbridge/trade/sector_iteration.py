"""Solving the many-sector system: an accelerated sweep over wages, prices and spending of all scenarios together."""

from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.trade.acceleration import Memory
from landbridge.trade.newton import Attempt
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_system import (
    SectorPoint,
    SectorState,
    SectorSystem,
    evaluate_sectors,
    wage_steps,
)
from landbridge.trade.sector_wages import by_wages

DEPTH = 8
"""How many earlier sweeps the acceleration remembers."""
SWEEPS_EACH = 4
"""Sweeps allowed per iteration of `TradeOptions.max_iterations`: a sweep costs far less than a Newton step."""
LARGEST_MOVE = 1.0
"""Largest change of a log in one sweep."""


@dataclass(frozen=True, slots=True, eq=False)
class SectorSolved:
    """The point and state of every scenario, residuals (S,), sweeps and method."""

    point: SectorPoint
    state: SectorState
    residual: Float
    iterations: tuple[int, ...]
    method: tuple[str, ...]


def solve_sector_system(system: SectorSystem, options: TradeOptions) -> SectorSolved:
    """Solve every scenario; those that the sweep leaves by wages alone, or along a path of growing shocks.

    Raises
    ------
    InfeasibleError, ConvergenceError
        With all scenarios that have no answer.
    """
    count = len(system.weights)
    _refuse_closed(system, options)
    vector, used, left = _sweep(system, SectorPoint.still(count, system.economy).vector(), options)
    method = ["anderson"] * count
    impossible: list[str] = []
    unsolved: list[str] = []
    for s in np.flatnonzero(left).tolist():
        attempt = by_wages(_only(system, s), options, options.scenario(s))
        if attempt.x is None:
            attempt = _along_a_path(_only(system, s), options, options.scenario(s))
        used[s] += attempt.iterations
        method[s] = attempt.method
        if attempt.x is not None:
            vector[s] = attempt.x[0]
        else:
            (impossible if attempt.infeasible else unsolved).append(attempt.reason)
    if impossible:
        raise InfeasibleError("\n".join(impossible))
    if unsolved:
        raise ConvergenceError("\n".join(unsolved))
    point = SectorPoint.of(vector, system.economy)
    state = evaluate_sectors(system, point)
    return SectorSolved(point, state, state.residuals(), tuple(used.tolist()), tuple(method))


def _refuse_closed(system: SectorSystem, options: TradeOptions) -> None:
    """Refuse scenarios in which an economy can buy a sector's goods from nobody."""
    economy = system.economy
    found = []
    for s, j, n in np.argwhere(system.weights.sum(2) == 0).tolist():
        goods = economy.sectors[j] if economy.sectors else f"sector {j}"
        found.append(
            f"{options.scenario(s)}: {economy.economy(n)} can buy nothing of {goods} from anyone, not even at home. "
            f"Keep a pair open, or merge the sector with another."
        )
    if found:
        raise InfeasibleError("\n".join(found[:20]))


def _only(system: SectorSystem, scenario: int) -> SectorSystem:
    weights = system.weights[scenario : scenario + 1]
    kept = system.kept[scenario : scenario + 1] if system.taxed else weights
    return replace(system, weights=weights, kept=kept)


def _sweep(
    system: SectorSystem, vector: Float, options: TradeOptions
) -> tuple[Float, np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Sweep with Anderson acceleration; return the vector, sweeps used, and which scenarios did not arrive."""
    economy = system.economy
    point = SectorPoint.of(vector, economy)
    state = evaluate_sectors(system, point)
    scale = wage_steps(system, state)
    gap = state.residuals()
    best, used = gap.copy(), np.zeros(len(vector), dtype=np.int64)
    active = (gap > options.tolerance) & (gap < np.inf)
    memory = Memory(len(vector), vector.shape[1], DEPTH)
    for _ in range(SWEEPS_EACH * options.max_iterations):
        if not active.any():
            break
        force = SectorPoint(state.wage_gap * scale, state.price_gap, state.spending_gap).vector()
        force = np.where(active[:, None], force, 0.0)
        step = np.clip(memory.step(vector, force), -LARGEST_MOVE, LARGEST_MOVE)
        vector = vector + np.where(active[:, None], step, 0.0)
        vector = _at_world_value_added(vector, system)
        state = evaluate_sectors(system, SectorPoint.of(vector, economy))
        gap = np.where(active, state.residuals(), gap)
        used[active] += 1
        best = np.minimum(best, gap)
        active &= (gap > options.tolerance) & (gap < 1e4 * best + 1.0)
    return vector, used, ~(gap <= options.tolerance)


def _at_world_value_added(vector: Float, system: SectorSystem) -> Float:
    """Return all values moved by one factor, so that world value added is that of the baseline."""
    added = system.economy.value_added
    level = np.log(np.exp(vector[:, : len(added)]) @ added / added.sum())
    moved: Float = vector - level[:, None]
    return moved


def _along_a_path(system: SectorSystem, options: TradeOptions, name: str) -> Attempt:
    """Solve one scenario by letting the shock, and the deficits, grow from nothing in steps."""
    economy = system.economy
    vector = SectorPoint.still(1, economy).vector()
    shares = economy.shares[None]
    with np.errstate(divide="ignore", invalid="ignore"):
        shock = np.where(shares > 0, np.log(system.weights / shares), 0.0)
        tax = np.where(system.weights > 0, system.kept / system.weights, 1.0)
    level, stride, total = 0.0, 0.2, 0
    while level < 1.0:
        trial = min(1.0, level + stride)
        weights = shares * np.exp(trial * shock)
        kept = weights * tax if system.taxed else weights
        partial = replace(system, weights=weights, kept=kept, deficit=trial * system.deficit)
        found, used, left = _sweep(partial, vector, options)
        total += int(used[0])
        if not left[0]:
            vector, level, stride = found, trial, stride * 1.5
        elif stride > 1e-3:
            stride *= 0.5
        else:
            return _ended(partial, vector, level, name, total)
    return Attempt(vector, total, "continuation")


def _ended(system: SectorSystem, vector: Float, level: float, name: str, total: int) -> Attempt:
    """Name the economy whose income is used up where the path ends, or say that no answer was found."""
    state = evaluate_sectors(system, SectorPoint.of(vector, system.economy))
    share = state.income[0] / system.economy.value_added
    who = int(share.argmin())
    if share[who] < 0.02 and system.deficit.any():
        reason = (
            f"{name}: no equilibrium with the additive deficits: at {100 * level:.1f} % of the change the income of "
            f"{system.economy.economy(who)} is used up. Use deficits='balanced'."
        )
        return Attempt(None, total, "continuation", reason, infeasible=True)
    reason = f"{name}: no equilibrium within the tolerance; the path stopped at {100 * level:.1f} % of the change."
    return Attempt(None, total, "continuation", reason)
