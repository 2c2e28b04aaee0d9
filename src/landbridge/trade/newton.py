"""The safeguarded Newton method for one scenario, what is tried after it, and why there is no answer."""

from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.trade.connection import one_way
from landbridge.trade.options import TradeOptions
from landbridge.trade.system import State, TradeSystem, evaluate, jacobian

LARGEST_STEP = 3.0
"""Largest change of a log price in one Newton step."""
SMALLEST_STRIDE = 1e-4
"""Shortest step of the path along which deficits grow; where it is too long, the path has ended."""

PATIENCE = 400
"""Newton steps allowed in the last resort, where economies are all but cut off from each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What became of one scenario: x of shape (1, N) or None, steps taken, method, and why it failed.

    `infeasible` tells that there is no equilibrium, rather than that none was found.
    """

    x: Float | None
    iterations: int
    method: str
    reason: str = ""
    infeasible: bool = False


def gaps(state: State) -> Float:
    """Return the spread of the row ratios over their mean, shape (S,); inf where spending or a ratio is not above 0."""
    low, high = state.ratio.min(1), state.ratio.max(1)
    fine = (low > 0) & (high < np.inf) & (state.spending.min(1) > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread: Float = np.where(fine, (high - low) / state.ratio.mean(1), np.inf)
    return spread


def normalised(system: TradeSystem, x: Float, state: State) -> Float:
    """Return x moved so that world sales are those of the baseline (the numeraire)."""
    moved: Float = x - np.log(state.sales.sum(1, keepdims=True) / system.sales.sum())
    return moved


def newton(system: TradeSystem, x: Float, options: TradeOptions, *, patient: bool = False) -> tuple[Float | None, int]:
    """Run Newton with line search on one scenario; return x of shape (1, N), or None, and the steps taken.

    The bordered step ``(J - 1 y^T) dx = -ln z`` leaves the common factor of z free, so it serves every deficit
    rule. The line search asks the spread of ln z to fall and spending to stay positive. A `patient` search asks
    instead that the next step with the same Jacobian be shorter (Deuflhard's natural monotonicity test), which
    does not depend on how rows are scaled: where some economies are all but cut off, their rows hardly move.
    """
    state = evaluate(system, x)
    for count in range(options.max_iterations):
        gap = float(gaps(state)[0])
        if gap <= options.tolerance:
            return x, count
        if not np.isfinite(gap):
            return None, count
        weight = state.sales[0] / state.sales[0].sum()
        slope = jacobian(system, state) - weight
        try:
            if patient:
                inverse = np.linalg.inv(slope)
                found = _natural_search(system, x, inverse, -inverse @ np.log(state.ratio[0]))
            else:
                found = _line_search(system, x, state, np.linalg.solve(slope, -np.log(state.ratio[0])))
        except np.linalg.LinAlgError:
            return None, count
        if found is None:
            return None, count
        x, state = normalised(system, *found), found[1]
    return (x if float(gaps(state)[0]) <= options.tolerance else None), options.max_iterations


def _line_search(system: TradeSystem, x: Float, state: State, step: Float) -> tuple[Float, State] | None:
    start = _merit(state)
    if not np.isfinite(step).all():
        return None
    step = step - step.mean()
    length = min(1.0, LARGEST_STEP / (float(np.abs(step).max()) + 1e-300))
    for _ in range(25):
        trial = x + length * step
        found = evaluate(system, trial)
        if _merit(found) < (1.0 - 1e-4 * length) * start:
            return trial, found
        length *= 0.5
    return None


def _natural_search(system: TradeSystem, x: Float, inverse: Float, step: Float) -> tuple[Float, State] | None:
    if not np.isfinite(step).all():
        return None
    step = step - step.mean()
    size = float(np.linalg.norm(step))
    length = min(1.0, LARGEST_STEP / (float(np.abs(step).max()) + 1e-300))
    for _ in range(25):
        trial = x + length * step
        found = evaluate(system, trial)
        if np.isfinite(_merit(found)):
            following = inverse @ np.log(found.ratio[0])
            if np.linalg.norm(following - following.mean()) <= (1.0 - 0.25 * length) * size:
                return trial, found
        length *= 0.5
    return None


def _merit(state: State) -> float:
    """Return the spread of ln z; inf where spending or a row is not positive."""
    low, high = float(state.ratio.min()), float(state.ratio.max())
    if not (low > 0 and high < np.inf and state.spending.min() > 0):
        return float("inf")
    return float(np.log(high) - np.log(low))


def last_resort(system: TradeSystem, scenario: int, options: TradeOptions) -> Attempt:
    """Try the slow monotone fixed point, then a path along which deficits grow from nothing.

    Without deficits in levels, taxes and supply responses ``x + ln z / (1 + eps)`` is monotone and
    non-expansive in x, so it closes in from anywhere; Newton finishes.
    """
    name = options.scenario(scenario)
    options = replace(options, max_iterations=PATIENCE)
    none = replace(system, deficit=np.zeros_like(system.deficit))
    x, total = np.zeros((1, len(system.sales))), 0
    found: Float | None = None
    for _ in range(20):
        x = _damped(none, x, 100)
        found, count = newton(none, x, options, patient=True)
        total += count + 100
        if found is not None:
            break
    if found is None:
        return _not_found(system, name, total, options)
    if system.multiplicative or not system.deficit.any():
        return Attempt(found, total, "fixed point")
    x, level, stride = found, 0.0, 0.25
    while level < 1.0:
        trial = min(1.0, level + stride)
        found, count = newton(replace(system, deficit=trial * system.deficit), x, options, patient=True)
        total += count
        if found is not None:
            x, level, stride = found, trial, stride * 1.5
        elif stride > SMALLEST_STRIDE:
            stride *= 0.5
        else:
            return _spent(replace(system, deficit=level * system.deficit), x, level, name, options, total)
    return Attempt(x, total, "continuation")


def _damped(system: TradeSystem, x: Float, sweeps: int) -> Float:
    damping = 1.0 / (1.0 + system.only_elasticity + float(system.supply_elasticity.max(initial=0.0)))
    for _ in range(sweeps):
        state = evaluate(system, x)
        x = normalised(system, x, state) + damping * np.log(np.clip(state.ratio, 1e-300, 1e300))
    return x


def _not_found(system: TradeSystem, name: str, total: int, options: TradeOptions) -> Attempt:
    """Say that economies which only sell have no equilibrium, or else that none was found."""
    alone = one_way(system.weights.matrix(0))
    if len(alone):
        return no_return_trade(alone, name, total, options)
    reason = f"{name}: no equilibrium within the tolerance {options.tolerance:.0e} after {total} iterations."
    return Attempt(None, total, "fixed point", reason)


def no_return_trade(alone: Int, name: str, total: int, options: TradeOptions) -> Attempt:
    """Name economies that sell to others who cannot sell back, so that trade cannot balance at any finite price."""
    who = ", ".join(options.economy(int(position)) for position in alone[:5])
    reason = (
        f"{name}: no equilibrium, as {who} can sell to others from whom nothing can be bought back along any chain "
        f"of trade. Give the missing flows or leave these economies out."
    )
    return Attempt(None, total, "fixed point", reason, infeasible=True)


def _spent(system: TradeSystem, x: Float, level: float, name: str, options: TradeOptions, total: int) -> Attempt:
    """Name the economy whose spending runs out where the path of growing deficits ends."""
    left = evaluate(system, x).spending[0] / system.spending
    who = int(left.argmin())
    reason = (
        f"{name}: no equilibrium with the additive deficits: when {100 * level:.1f} % of them are kept, the "
        f"spending of {options.economy(who)} is down to {100 * left[who]:.2g} % of the baseline's and no further "
        f"step is possible. Use deficits='balanced' or 'multiplicative'."
    )
    return Attempt(None, total, "continuation", reason, infeasible=True)
