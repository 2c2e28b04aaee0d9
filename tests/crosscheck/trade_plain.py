"""Plain, slow and readable solvers of the trade models: the reference that the fast ones are held against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PlainAnswer:
    wage_change: Array
    price_change: Array
    real_income_change: Array
    flows: Array
    sweeps: int


def plain_trade(
    flows: Array,
    cost_change: Array,
    eps: float,
    rule: str,
    *,
    tariffs: Array | None = None,
    new_tariffs: Array | None = None,
    transfers: Array | None = None,
    psi: float = 0.0,
    productivity: Array | None = None,
    charge: tuple[int, Array] | None = None,
    tolerance: float = 1e-12,
) -> PlainAnswer:
    """Damped wage adjustment by economy, cell by cell; ``rule`` is 'additive' or 'multiplicative'.

    To get balanced deficits remove them first (zero deficits, no change) and call again with those flows.
    """
    n = len(flows)
    old = np.zeros((n, n)) if tariffs is None else tariffs
    new = old if new_tariffs is None else new_tariffs
    gift = np.zeros(n) if transfers is None else transfers
    skill = np.ones(n) if productivity is None else productivity
    sales = flows.sum(1)
    spending0 = (flows * (1 + old)).sum(0)
    shares0 = flows * (1 + old) / spending0
    deficit = spending0 - sales - (flows * old).sum(0)
    price_p = np.ones(n)
    spending = spending0.copy()
    for sweep in range(200_000):
        cost = price_p[:, None] * cost_change * (1 + new) / (1 + old)
        weight = shares0 * cost**-eps
        price = weight.sum(0) ** (-1 / eps)
        shares = weight / weight.sum(0)
        made = sales * skill * price_p * (price_p / price) ** psi
        net = shares * spending / (1 + new)
        if rule == "multiplicative":
            spending = spending0 * made / sales
        else:
            collected = np.zeros(n)
            if charge is not None:
                collected[charge[0]] = (charge[1] * net).sum()
            spending = made + (deficit + gift) * made.sum() / sales.sum() + (new * net).sum(0) + collected
        net = shares * spending / (1 + new)
        kept = net if charge is None else net * (1 - charge[1])
        ratio = kept.sum(1) / made
        if sweep > 10 and np.abs(ratio / ratio.mean() - 1).max() < tolerance:
            break
        price_p = price_p * ratio ** (1 / (1 + eps + psi))
        price_p = price_p * sales.sum() / (sales * skill * price_p * (price_p / price) ** psi).sum()
    else:
        raise ArithmeticError("the plain solver did not arrive")
    return PlainAnswer(made / sales, price, spending / spending0 / price, net, sweep)


def without_deficits(flows: Array, eps: float) -> Array:
    """Deficits shrunk to nothing in the one-sector model, by Dekle, Eaton and Kortum's exercise."""
    n = len(flows)
    sales = flows.sum(1)
    shares0 = flows / flows.sum(0)
    wage = np.ones(n)
    for _ in range(200_000):
        weight = shares0 * (wage**-eps)[:, None]
        shares = weight / weight.sum(0)
        ratio = (shares * (wage * sales)).sum(1) / (wage * sales)
        if np.abs(ratio - 1).max() < 1e-13:
            break
        wage = wage * ratio ** (1 / (1 + eps))
        wage = wage * sales.sum() / (wage * sales).sum()
    return shares * (wage * sales)


def random_economy(
    rng: np.random.Generator, n: int, *, home: float = 0.8, zeros: float = 0.0, spread: float = 0.2
) -> Array:
    """Flows of n economies of very different sizes, with home bias, deficits and zeros between economies."""
    size = np.exp(rng.normal(0, 1.5, n))
    wanted = size * np.exp(rng.normal(0, spread, n))
    flows = np.exp(rng.normal(0, 1, (n, n))) * size[:, None] * wanted
    flows[rng.random((n, n)) < zeros] = 0.0
    np.fill_diagonal(flows, 0.0)
    ring = np.arange(n)
    flows[ring, (ring + 1) % n] += 1e-3 * flows.max()
    flows *= (1 - home) * size.sum() / flows.sum()
    total: Array = flows + np.diag(home * size)
    return total


@dataclass(frozen=True)
class PlainSectors:
    wage_change: Array
    real_income_change: Array
    sector_price_change: Array


def plain_sectors(  # noqa: PLR0917
    shares: Array,
    spending: Array,
    value_added: Array,
    value_added_share: Array,
    input_shares: Array,
    final_shares: Array,
    theta: Array,
    tariff: Array,
    new_tariff: Array,
    cost_change: Array,
    deficit: Array,
    *,
    tolerance: float = 1e-11,
) -> PlainSectors:
    """Caliendo and Parro's own nesting: prices inside, then spending, then wages, each by plain repetition.

    All pairs are exporter first; the baseline must be an equilibrium at `tariff`.
    """
    n_sectors, n, _ = shares.shape
    wage = np.ones(n)
    price = np.ones((n_sectors, n))
    spent = spending.copy()
    kept0 = shares / (1 + tariff)
    income0 = value_added + deficit + (spending - (kept0 * spending[:, None, :]).sum(1)).sum(0)
    ratio = (1 + new_tariff) / (1 + tariff) * cost_change
    for _ in range(20_000):
        for _ in range(10_000):
            cost = np.empty((n_sectors, n))
            for j in range(n_sectors):
                for i in range(n):
                    cost[j, i] = wage[i] ** value_added_share[j, i] * np.prod(price[:, i] ** input_shares[i, :, j])
            weight = shares * (ratio * cost[:, :, None]) ** -theta[:, None, None]
            fresh = weight.sum(1) ** (-1 / theta[:, None])
            done = np.abs(fresh - price).max() < tolerance
            price = fresh
            if done:
                break
        now = weight / weight.sum(1, keepdims=True)
        kept = now / (1 + new_tariff)
        for _ in range(10_000):
            output = (kept * spent[:, None, :]).sum(2)
            revenue = (spent - (kept * spent[:, None, :]).sum(1)).sum(0)
            income = wage * value_added + revenue + deficit
            fresh = np.empty((n_sectors, n))
            for k in range(n_sectors):
                for i in range(n):
                    fresh[k, i] = final_shares[k, i] * income[i] + (input_shares[i, k, :] * output[:, i]).sum()
            done = np.abs(fresh / spent - 1).max() < tolerance
            spent = fresh
            if done:
                break
        demand = (value_added_share * output).sum(0) / (wage * value_added)
        if np.abs(demand / demand.mean() - 1).max() < 100 * tolerance:
            break
        wage = wage * demand**0.15
        wage = wage * value_added.sum() / (wage * value_added).sum()
    real = income / income0 / np.prod(price**final_shares, axis=0)
    return PlainSectors(wage, real, price)
