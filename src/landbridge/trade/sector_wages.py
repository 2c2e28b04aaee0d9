"""The many-sector system of one scenario solved for wages alone, where economies are all but cut off from each other.

A sweep moves wages, prices and spending together, so that an error in spending, however small, hides the balance of
trade of an economy that hardly trades. Here prices and spending are exact for given wages: prices as the fixed point of
(10) and (11), a contraction in the largest norm with factor ``1 - gamma``; spending as the solution of (13), which is
linear; and wages by Newton on

    F_n = ln((exports_n + max(D_n, 0)) / (imports_n + max(-D_n, 0))),

which is of the size of its relative error however little an economy trades.
"""

import numpy as np

from landbridge.core.arrays import Float
from landbridge.trade.newton import Attempt
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_system import SectorPoint, SectorSystem, evaluate_sectors, input_costs

LARGEST_STEP = 2.0
"""Largest change of a log wage in one step."""
DIFFERENCE = 1e-5
"""Step of the differences that make the Jacobian, in log wages."""
PRICE_SWEEPS = 2000
MOST_UNKNOWNS = 1500
"""Largest number of sectors times economies for which spending is solved directly."""


def by_wages(system: SectorSystem, options: TradeOptions, name: str) -> Attempt:
    """Solve a system of one scenario for wages; x of the attempt is the vector of `SectorPoint`, or None."""
    economy = system.economy
    n = economy.n_economies
    failed = Attempt(None, 0, "wages", f"{name}: no equilibrium within the tolerance by Newton on wages.")
    if n * economy.n_sectors > MOST_UNKNOWNS:
        return failed
    weight = economy.value_added / economy.value_added.sum()
    wage, price = np.zeros(n), np.zeros((economy.n_sectors, n))
    price, spending, force = _balance(system, wage, price)
    for count in range(options.max_iterations):
        if not np.isfinite(force).all():
            return failed
        vector = SectorPoint(wage[None], price[None], np.log(spending / economy.spending)[None]).vector()
        if float(evaluate_sectors(system, SectorPoint.of(vector, economy)).residuals()[0]) <= options.tolerance:
            return Attempt(vector, count, "wages")
        slope = np.empty((n, n))
        for k in range(n):
            moved = wage + DIFFERENCE * (np.arange(n) == k)
            slope[:, k] = (_balance(system, moved, price)[2] - force) / DIFFERENCE
        try:
            step = np.linalg.solve(slope - weight, -force)
        except np.linalg.LinAlgError:
            return failed
        found = _line_search(system, (wage, price, force), step - step @ weight)
        if found is None:
            return failed
        wage, price, spending, force = found
    return failed


def _line_search(
    system: SectorSystem, at: tuple[Float, Float, Float], step: Float
) -> tuple[Float, Float, Float, Float] | None:
    """Return wages, prices, spending and force where the largest force has fallen along the step."""
    wage, price, force = at
    added = system.economy.value_added
    start = np.abs(force).max()
    length = min(1.0, LARGEST_STEP / (float(np.abs(step).max()) + 1e-300))
    for _ in range(20):
        moved = wage + length * step
        moved = moved - np.log(np.exp(moved) @ added / added.sum())
        new_price, spending, new_force = _balance(system, moved, price)
        if np.isfinite(new_force).all() and np.abs(new_force).max() < (1.0 - 1e-4 * length) * start:
            return moved, new_price, spending, new_force
        length *= 0.5
    return None


def _balance(system: SectorSystem, wage: Float, price: Float) -> tuple[Float, Float, Float]:
    """Return log prices and spending in money, (J, N) each, and F (N,) at log wages (N,); inf where there is none."""
    economy = system.economy
    theta = economy.trade_elasticity[:, None]
    weights, kept = system.weights[0], system.kept[0]
    u, phi = np.ones_like(price), np.ones_like(price)
    for _ in range(PRICE_SWEEPS):
        u = np.exp(-theta * input_costs(economy, wage[None], price[None])[0])
        phi = np.matmul(u[:, None, :], weights)[:, 0, :]
        new = -np.log(phi) / theta
        gap = np.abs(new - price).max()
        price = new
        if not gap > 1e-14:
            break
    u = np.exp(-theta * input_costs(economy, wage[None], price[None])[0])
    phi = np.matmul(u[:, None, :], weights)[:, 0, :]
    spending = _spending(system, kept * u[:, :, None] / phi[:, None, :], wage)
    if not (np.isfinite(spending).all() and spending.min() > 0):
        return price, spending, np.full_like(wage, np.inf)
    flows = kept * (u[:, :, None] * (spending / phi)[:, None, :])
    home = np.einsum("jnn->n", flows)
    deficit = _deficit(system, wage)
    with np.errstate(divide="ignore", invalid="ignore"):
        sold = flows.sum((0, 2)) - home + np.maximum(deficit, 0.0)
        bought = flows.sum((0, 1)) - home + np.maximum(-deficit, 0.0)
        force: Float = np.log(sold / bought)
    return price, spending, force


def _deficit(system: SectorSystem, wage: Float) -> Float:
    added = system.economy.value_added
    result: Float = system.deficit[0] * (np.exp(wage) @ added / added.sum())
    return result


def _spending(system: SectorSystem, bought: Float, wage: Float) -> Float:
    """Solve (13) for spending (J, N); `bought` is what reaches producers of each unit spent, (J, N, N)."""
    economy = system.economy
    j, n = economy.n_sectors, economy.n_economies
    linear = -np.einsum("njk,knm->jnkm", economy.input_shares, bought)
    taxed = 1.0 - bought.sum(1)
    at = np.arange(n)
    linear[:, at, :, at] -= economy.final_shares.T[:, :, None] * taxed.T[:, None, :]
    size = j * n
    matrix = linear.reshape(size, size)
    matrix[np.diag_indices(size)] += 1.0
    income = economy.value_added * np.exp(wage) + _deficit(system, wage)
    try:
        found: Float = np.linalg.solve(matrix, (economy.final_shares * income).ravel()).reshape(j, n)
    except np.linalg.LinAlgError:
        return np.full((j, n), np.nan)
    return found
