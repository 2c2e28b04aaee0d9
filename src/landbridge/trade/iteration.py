"""Solving the system: accelerated fixed point for many scenarios at once, safeguarded Newton for the hard ones."""

from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.trade.options import TradeOptions
from landbridge.trade.system import State, TradeSystem, evaluate, jacobian

DEPTH = 5
"""How many earlier steps the acceleration remembers."""
NEWTON_UP_TO = 100
"""Largest number of economies for which one scenario alone goes to the Newton method at once."""
SHARED_FROM = 6
"""From this many scenarios on, one factorised Jacobian of the first serves all as preconditioner."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Log prices x (S, N), residuals (S,), iterations (S,) and the method that ended each scenario."""

    x: Float
    state: State
    residual: Float
    clearing_factor: Float
    iterations: list[int]
    method: list[str]


def spread(ratio: Float) -> Float:
    """Return the spread of the row ratios over their mean, shape (S,); inf where one is not positive."""
    low, high = ratio.min(1), ratio.max(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = (high - low) / ratio.mean(1)
    return np.where((low > 0) & np.isfinite(gap), gap, np.inf)


def normalised(system: TradeSystem, x: Float, state: State) -> Float:
    """Return x moved so that world sales are those of the baseline (the numeraire)."""
    return x - np.log(state.sales.sum(1, keepdims=True) / system.sales.sum())


def solve_system(system: TradeSystem, n_scenarios: int, options: TradeOptions, shared: Float | None = None) -> Solved:
    """Solve every scenario; raise `InfeasibleError` or `ConvergenceError` with all that fail.

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
    """
    n = len(system.sales)
    x = np.zeros((n_scenarios, n))
    iterations = [0] * n_scenarios
    method = ["newton"] * n_scenarios
    todo = list(range(n_scenarios))
    alone = shared is None and n <= NEWTON_UP_TO
    if options.method == "anderson" or (options.method == "automatic" and not alone):
        x, used, gaps = _anderson(system, x, options, shared)
        iterations = [int(count) for count in used]
        todo = [s for s in range(n_scenarios) if not gaps[s] <= options.tolerance]
        method = ["newton" if s in set(todo) else "anderson" for s in range(n_scenarios)]
    failures: list[str] = []
    for s in todo:
        single = system if n_scenarios == 1 else system.only(s)
        found, count = _newton(single, np.zeros((1, n)), options)
        if found is None:
            found, count, how = _last_resort(single, options)
            method[s] = how
        iterations[s] += count
        if found is None:
            failures.append(_reason(single, s, options))
        else:
            x[s] = found[0]
    if failures:
        raise InfeasibleError("\n".join(failures))
    state = evaluate(system, x)
    x = normalised(system, x, state)
    state = evaluate(system, x)
    residual = spread(state.ratio)
    lowest = state.spending.min(1)
    failures.extend(
        _negative(options, int(row), int(state.spending[row].argmin()), float(lowest[row]))
        for row in np.flatnonzero(lowest <= 0)
    )
    if failures:
        raise InfeasibleError("\n".join(failures))
    return Solved(x, state, residual, 1.0 / state.ratio.mean(1), iterations, method)


def _negative(options: TradeOptions, scenario: int, economy: int, amount: float) -> str:
    return (
        f"{options.scenario(scenario)}: no equilibrium with the additive deficits, as the spending of "
        f"{options.economy(economy)} would be {amount:.4g}. Use deficits='balanced' or 'multiplicative', or "
        f"correct the flows of {options.economy(economy)}."
    )


def preconditioner(reference: TradeSystem) -> Float:
    """Return minus the inverse of the bordered Jacobian of a system of one scenario at its baseline, (N, N)."""
    slope = jacobian(reference, evaluate(reference, np.zeros((1, len(reference.sales)))))
    return -np.linalg.inv(slope - reference.sales / reference.sales.sum())


def _diagonal(system: TradeSystem, state: State) -> Float:
    """Return one over minus the diagonal of each scenario's Jacobian without deficits, shape (S, N)."""
    eps = system.elasticity
    rows = []
    for s in range(len(state.u)):
        shares = system.weights.matrix(s) * (state.u[s][:, None] / state.phi[s])
        sold = shares * (state.spending[s] / state.sales[s][:, None])
        rows.append(eps * (1.0 - np.einsum("ij,ij->i", sold, shares)) + 1.0 - np.diagonal(sold))
    return 1.0 / np.clip(np.stack(rows), 1e-3, None)


def _anderson(system: TradeSystem, x: Float, options: TradeOptions, shared: Float | None) -> tuple[Float, Float, Float]:
    """Run the preconditioned fixed point with Anderson acceleration (type II) on all scenarios together.

    Each scenario is frozen when it has converged; one that diverges is left to the Newton method.

    Returns
    -------
    tuple
        x (S, N), iterations (S,), residuals (S,).
    """
    n_scenarios, n = x.shape
    weight = system.sales / system.sales.sum()
    state = evaluate(system, x)
    diagonal = _diagonal(system, state) if shared is None else None
    gaps = spread(state.ratio)
    best, used = gaps.copy(), np.zeros(n_scenarios)
    active = gaps > options.tolerance
    moves = np.zeros((n_scenarios, DEPTH, n))
    drifts = np.zeros((n_scenarios, DEPTH, n))
    old_x, old_f = x, x
    ridge = 1e-13 * np.eye(DEPTH)
    for count in range(options.max_iterations):
        if not active.any():
            break
        with np.errstate(invalid="ignore", divide="ignore"):
            force = np.log(state.ratio)
        force = np.where(active[:, None] & np.isfinite(force), force, 0.0)
        force -= (force @ weight)[:, None]
        force = force @ shared.T if shared is not None else force * diagonal
        step = force
        if count:
            slot = (count - 1) % DEPTH
            moves[:, slot], drifts[:, slot] = x - old_x, force - old_f
            kept = min(count, DEPTH)
            drift = drifts[:, :kept]
            normal = np.matmul(drift, drift.transpose(0, 2, 1))
            size = np.trace(normal, axis1=1, axis2=2)[:, None, None] + 1e-300
            right = np.matmul(drift, force[:, :, None])
            gamma = np.linalg.solve(normal / size + ridge[:kept, :kept], right / size)
            step = force - np.matmul((moves[:, :kept] + drift).transpose(0, 2, 1), gamma)[:, :, 0]
        old_x, old_f = x, force
        x = x + np.where(active[:, None], np.clip(step, -2.0, 2.0), 0.0)
        state = evaluate(system, x)
        gaps = np.where(active, spread(state.ratio), gaps)
        used[active] = count + 1
        best = np.minimum(best, gaps)
        active &= (gaps > options.tolerance) & (gaps < 1e3 * best + 1e-3) & np.isfinite(gaps)
    return x, used, gaps


def _newton(system: TradeSystem, x: Float, options: TradeOptions) -> tuple[Float | None, int]:
    """Run Newton with line search on one scenario; return x of shape (1, N), or None, and the steps taken."""
    state = evaluate(system, x)
    gap = float(spread(state.ratio)[0])
    for count in range(options.max_iterations):
        if gap <= options.tolerance:
            return x, count
        force = np.log(state.ratio[0])
        weight = state.sales[0] / state.sales[0].sum()
        try:
            step = np.linalg.solve(jacobian(system, state) - weight, -force)
        except np.linalg.LinAlgError:
            return None, count
        step -= weight @ step
        length = min(1.0, 3.0 / (np.abs(step).max() + 1e-300))
        if not np.isfinite(length):
            return None, count
        for _ in range(25):
            trial = x + length * step
            trial_state = evaluate(system, trial)
            trial_gap = _merit(trial_state)
            if trial_gap < (1.0 - 1e-4 * length) * _merit(state) or trial_gap < options.tolerance:
                break
            length *= 0.5
        else:
            return (x, count) if gap <= 1e2 * options.tolerance else (None, count)
        x, state = trial, trial_state
        x = normalised(system, x, state)
        gap = float(spread(state.ratio)[0])
    return (x if gap <= options.tolerance else None), options.max_iterations


def _merit(state: State) -> float:
    """Return the spread of ln z, the line search's measure; inf where spending or a row is not positive."""
    if state.ratio.min() <= 0 or state.spending.min() <= 0 or not np.isfinite(state.ratio).all():
        return float("inf")
    force = np.log(state.ratio)
    return float(force.max() - force.min())


def _last_resort(system: TradeSystem, options: TradeOptions) -> tuple[Float | None, int, str]:
    """Try the slow monotone fixed point, then a path along which deficits grow from nothing.

    Without deficits in levels, taxes and supply responses ``x + ln z / (1 + eps)`` is monotone and
    non-expansive, so it closes in from anywhere; Newton finishes.
    """
    total = 0
    none = replace(system, deficit=np.zeros_like(system.deficit))
    x: Float | None = np.zeros((1, len(system.sales)))
    for _ in range(20):
        x, count = _damped(none, x, 200)
        total += count
        found, count = _newton(none, x, options)
        total += count
        if found is not None:
            break
    else:
        return None, total, "fixed point"
    if system.multiplicative or not system.deficit.any():
        return found, total, "fixed point"
    x, level, stride = found, 0.0, 0.25
    while level < 1.0:
        trial = min(1.0, level + stride)
        found, count = _newton(replace(system, deficit=trial * system.deficit), x, options)
        total += count
        if found is None:
            stride *= 0.5
            if stride < 1e-4:
                return None, total, "continuation"
            continue
        x, level, stride = found, trial, stride * 1.5
    return x, total, "continuation"


def _damped(system: TradeSystem, x: Float, sweeps: int) -> tuple[Float, int]:
    damping = 1.0 / (1.0 + system.elasticity + system.supply_elasticity.max(initial=0.0))
    for _ in range(sweeps):
        state = evaluate(system, x)
        force = np.log(np.clip(state.ratio, 1e-300, None))
        x = normalised(system, x, state) + damping * force
    return x, sweeps


def _reason(system: TradeSystem, scenario: int, options: TradeOptions) -> str:
    """Say why one scenario has no answer: the economy whose spending runs out, or how far the methods came."""
    none = replace(system, deficit=np.zeros_like(system.deficit))
    x, _ = _newton(none, np.zeros((1, len(system.sales))), options)
    if system.multiplicative or x is None or not system.deficit.any():
        raise ConvergenceError(
            f"{options.scenario(scenario)}: no equilibrium within the tolerance {options.tolerance:.0e}."
        )
    level, stride = 0.0, 0.25
    while stride > 1e-4:
        found, _ = _newton(replace(system, deficit=(level + stride) * system.deficit), x, options)
        if found is None:
            stride *= 0.5
        else:
            x, level = found, level + stride
    state = evaluate(replace(system, deficit=level * system.deficit), x)
    who = int((state.spending[0] / system.spending).argmin())
    return (
        f"{options.scenario(scenario)}: no equilibrium with the additive deficits: spending of "
        f"{options.economy(who)} falls to nothing when {100 * level:.1f} % of the deficits are kept. Use "
        f"deficits='balanced' or 'multiplicative'."
    )
