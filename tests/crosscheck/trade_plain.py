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


def random_economy(rng: np.random.Generator, n: int, *, home: float = 0.8, zeros: float = 0.0, spread: float = 0.2):
    """Flows of n economies of very different sizes, with home bias, deficits and zeros between economies."""
    size = np.exp(rng.normal(0, 1.5, n))
    wanted = size * np.exp(rng.normal(0, spread, n))
    flows = np.exp(rng.normal(0, 1, (n, n))) * size[:, None] * wanted
    flows[rng.random((n, n)) < zeros] = 0.0
    np.fill_diagonal(flows, 0.0)
    ring = np.arange(n)
    flows[ring, (ring + 1) % n] += 1e-3 * flows.max()
    flows *= (1 - home) * size.sum() / flows.sum()
    return flows + np.diag(home * size)
