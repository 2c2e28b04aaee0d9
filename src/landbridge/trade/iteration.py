"""Solving the system: an accelerated fixed point for many scenarios at once, Newton for what it leaves."""

from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.trade.acceleration import Memory
from landbridge.trade.connection import one_way, trading_groups
from landbridge.trade.newton import Attempt, gaps, last_resort, newton, no_return_trade, normalised
from landbridge.trade.options import TradeOptions
from landbridge.trade.system import State, TradeSystem, evaluate, jacobian

DEPTH = 8
"""How many earlier steps the acceleration remembers."""
NEWTON_UP_TO = 100
"""Largest number of economies for which few scenarios go to the Newton method at once."""
SHARED_FROM = 6
"""From this many scenarios on, the baseline's factorised Jacobian serves all as preconditioner."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Log prices x (S, N), the state there, residuals and clearing factors (S,), and how each scenario was solved."""

    x: Float
    state: State
    residual: Float
    clearing_factor: Float
    iterations: tuple[int, ...]
    method: tuple[str, ...]


def preconditioner(reference: TradeSystem) -> Float:
    """Return minus the inverse of the bordered Jacobian of a system of one scenario at its baseline, (N, N)."""
    slope = jacobian(reference, evaluate(reference, np.zeros((1, len(reference.sales)))))
    result: Float = -np.linalg.inv(slope - reference.sales / reference.sales.sum())
    return result


def solve_system(system: TradeSystem, n_scenarios: int, options: TradeOptions, shared: Float | None = None) -> Solved:
    """Solve every scenario.

    Parameters
    ----------
    system, n_scenarios, options
        What to solve and how.
    shared
        The preconditioner that all scenarios share (`preconditioner`); without it each has its own diagonal.

    Returns
    -------
    Solved
        At prices that keep world sales at their baseline value.

    Raises
    ------
    InfeasibleError, ConvergenceError
        With all scenarios that have no answer.
    """
    n = len(system.sales)
    x = np.zeros((n_scenarios, n))
    attempts = _structural(system, options)
    accelerated = options.method == "anderson" or (
        options.method == "automatic" and (shared is not None or n > NEWTON_UP_TO)
    )
    used = np.zeros(n_scenarios, dtype=np.int64)
    todo = np.array([s not in attempts for s in range(n_scenarios)])
    if accelerated and todo.any():
        x, used, todo = _anderson(system, todo, options, shared)
    for left in np.flatnonzero(todo).tolist():
        attempts[left] = _one(system if n_scenarios == 1 else system.only(left), left, options)
    _refuse(attempts)
    for s, attempt in attempts.items():
        if attempt.x is not None:
            x[s] = attempt.x[0]
    x = normalised(system, x, evaluate(system, x))
    state = evaluate(system, x)
    return Solved(
        x,
        state,
        gaps(state),
        1.0 / state.ratio.mean(1),
        tuple(int(used[s]) + (attempts[s].iterations if s in attempts else 0) for s in range(n_scenarios)),
        tuple(attempts[s].method if s in attempts else "anderson" for s in range(n_scenarios)),
    )


def _refuse(attempts: dict[int, Attempt]) -> None:
    impossible = [attempt.reason for attempt in attempts.values() if attempt.infeasible]
    if impossible:
        raise InfeasibleError("\n".join(impossible))
    unsolved = [attempt.reason for attempt in attempts.values() if attempt.x is None]
    if unsolved:
        raise ConvergenceError("\n".join(unsolved))


def _one(system: TradeSystem, scenario: int, options: TradeOptions) -> Attempt:
    x, count = newton(system, np.zeros((1, len(system.sales))), options)
    return Attempt(x, count, "newton") if x is not None else last_resort(system, scenario, options)


def _structural(system: TradeSystem, options: TradeOptions) -> dict[int, Attempt]:
    """Treat the scenarios whose zeros cut economies off from others, or let some only sell."""
    result: dict[int, Attempt] = {}
    seen: dict[bytes, tuple[Int, Int]] = {}
    balanced = not system.multiplicative and not system.deficit.any() and not system.charged
    for s in np.flatnonzero(system.weights.zeros()).tolist():
        weights = system.weights.matrix(s)
        pattern = (weights > 0).tobytes()
        if pattern not in seen or system.charged:
            payers = tuple((who, cells.matrix(s)) for who, cells in system.charged)
            seen[pattern] = trading_groups(weights, payers), one_way(weights)
        groups, alone = seen[pattern]
        shut = np.flatnonzero((weights.sum(0) == 0) | (weights.sum(1) == 0))
        if len(shut):
            result[s] = _shut(shut, s, options)
        elif balanced and len(alone):
            result[s] = no_return_trade(alone, options.scenario(s), 0, options)
        elif groups.max() > 0:
            result[s] = _by_group(system.only(s), groups, s, options)
    return result


def _shut(shut: Int, scenario: int, options: TradeOptions) -> Attempt:
    who = ", ".join(options.economy(int(position)) for position in shut[:5])
    reason = (
        f"{options.scenario(scenario)}: {who} can buy from nobody or sell to nobody, not even at home. Give "
        f"domestic sales, or keep a pair open."
    )
    return Attempt(None, 0, "newton", reason, infeasible=True)


def _by_group(system: TradeSystem, groups: Int, scenario: int, options: TradeOptions) -> Attempt:
    """Solve groups that do not trade with each other apart, each at its own unchanged sales."""
    x = np.zeros((1, len(groups)))
    total = 0
    for group in np.argsort(np.bincount(groups), kind="stable").tolist():
        members = np.flatnonzero(groups == group)
        names = options.labels or tuple(f"economy {i}" for i in range(len(groups)))
        mine = tuple(names[i] for i in members)
        part = system.among(members)
        lacking = part.spending - part.sales if system.multiplicative else part.deficit[0]
        if abs(lacking.sum()) > 1e-9 * part.sales.sum():
            reason = (
                f"{options.scenario(scenario)}: {', '.join(mine[:5])} cannot trade with the others, which leaves "
                f"nobody to finance a deficit of {lacking.sum():.4g}. Use deficits='balanced'."
            )
            return Attempt(None, total, "newton", reason, infeasible=True)
        found = _one(part, scenario, replace(options, labels=mine))
        if found.x is None:
            return found
        x[0, members] = normalised(part, found.x, evaluate(part, found.x))[0]
        total += found.iterations
    return Attempt(x, total, "newton")


def _diagonal(system: TradeSystem, state: State) -> Float:
    """Return one over minus the diagonal of each scenario's Jacobian without deficits, shape (S, N)."""
    rows = []
    for s in range(len(state.u)):
        eps = float(system.elasticity[s, 0]) if isinstance(system.elasticity, np.ndarray) else system.elasticity
        shares = system.weights.matrix(s) * (state.u[s][:, None] / state.phi[s])
        sold = shares * (state.spending[s] / state.sales[s][:, None])
        rows.append(eps * (1.0 - np.einsum("ij,ij->i", sold, shares)) + 1.0 - np.diagonal(sold))
    result: Float = 1.0 / np.clip(np.stack(rows), 1e-3, None)
    return result


def _anderson(system: TradeSystem, todo: Bool, options: TradeOptions, shared: Float | None) -> tuple[Float, Int, Bool]:
    """Run the preconditioned fixed point with Anderson acceleration (type II) on all scenarios together.

    Each scenario is frozen when it has converged; one that diverges is left to the Newton method.

    Returns
    -------
    tuple
        x (S, N), iterations (S,), and which scenarios are still to be solved (S,).
    """
    n_scenarios, n = len(todo), len(system.sales)
    weight = system.sales / system.sales.sum()
    x = np.zeros((n_scenarios, n))
    state = evaluate(system, x)
    own = _diagonal(system, state) if shared is None else np.ones((1, n))
    gap = gaps(state)
    best, used = gap.copy(), np.zeros(n_scenarios, dtype=np.int64)
    active = todo & (gap > options.tolerance) & (gap < np.inf)
    memory = Memory(n_scenarios, n, DEPTH)
    for count in range(options.max_iterations):
        if not active.any():
            break
        force = np.log(np.where(active[:, None], state.ratio, 1.0))
        force -= (force @ weight)[:, None]
        force = force * own if shared is None else force @ shared.T
        step = memory.step(x, force)
        x = x + np.where(active[:, None], np.clip(step, -2.0, 2.0), 0.0)
        state = evaluate(system, x)
        gap = np.where(active, gaps(state), gap)
        used[active] = count + 1
        best = np.minimum(best, gap)
        active &= (gap > options.tolerance) & (gap < 1e3 * best + 1e-3)
    return x, used, todo & ~(gap <= options.tolerance)
