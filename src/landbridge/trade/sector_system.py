"""The equations of the many-sector model in changes, for many scenarios side by side.

Numbers are those of Caliendo and Parro (2015), Review of Economic Studies 82(1), with hats for changes:

    c_n^j    = w_n^(gamma_n^j) prod_k (P_n^k)^(gamma_n^{k,j})                            (10)
    P_n^j    = [sum_i pi_in^j (kappa_in^j c_i^j)^(-theta^j)]^(-1/theta^j)                 (11)
    pi'_in^j = pi_in^j (kappa_in^j c_i^j / P_n^j)^(-theta^j)                              (12)
    X'_n^j   = sum_k gamma_n^{j,k} sum_m pi'_nm^k X'_m^k / (1 + t'_nm^k) + alpha_n^j I'_n   (13)
    I'_n     = w_n w_n^0 L_n + tariff revenue + D_n

and, in place of balance (14), the labour market: ``w_n w_n^0 L_n = sum_j gamma_n^j Y'_n^j`` with Y' gross output,
which is the same by Walras' law. Pairs are written exporter first.
"""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float
from landbridge.trade.sector_economy import SectorEconomy


@dataclass(frozen=True, slots=True, eq=False)
class SectorSystem:
    """A baseline with the weights of S scenarios: ``pi kappa^-theta`` and the same over ``1 + t'``, (S, J, N, N)."""

    economy: SectorEconomy
    weights: Float
    kept: Float
    deficit: Float

    @property
    def taxed(self) -> bool:
        """Whether there are tariffs."""
        return self.kept is not self.weights


@dataclass(frozen=True, slots=True, eq=False)
class SectorPoint:
    """Log changes of wages (S, N), of prices and of spending (S, J, N)."""

    wage: Float
    price: Float
    spending: Float

    @classmethod
    def still(cls, n_scenarios: int, economy: SectorEconomy) -> "SectorPoint":
        """Return no change."""
        shape = (n_scenarios, economy.n_sectors, economy.n_economies)
        return cls(np.zeros((n_scenarios, economy.n_economies)), np.zeros(shape), np.zeros(shape))

    def vector(self) -> Float:
        """Return all unknowns of each scenario in one row, shape (S, N + 2 J N)."""
        count = len(self.wage)
        return np.concatenate([self.wage, self.price.reshape(count, -1), self.spending.reshape(count, -1)], axis=1)

    @classmethod
    def of(cls, vector: Float, economy: SectorEconomy) -> "SectorPoint":
        """Return the point whose `vector` this is."""
        n, j = economy.n_economies, economy.n_sectors
        shape = (len(vector), j, n)
        return cls(vector[:, :n], vector[:, n : n + j * n].reshape(shape), vector[:, n + j * n :].reshape(shape))


@dataclass(frozen=True, slots=True, eq=False)
class SectorState:
    """What follows from a point, and how far the point is from agreeing with it.

    Attributes
    ----------
    cost
        ``ln c_hat``, shape (S, J, N).
    u, phi
        ``c_hat^-theta`` and ``P_hat^-theta``, shape (S, J, N).
    spending, output
        X and gross output Y, shape (S, J, N).
    revenue, income
        Tariff revenue and final income I, shape (S, N).
    wage_gap
        ``ln(sum gamma Y / (w L))``, shape (S, N).
    price_gap, spending_gap
        One more sweep less the point, in logs, shape (S, J, N).
    """

    cost: Float
    u: Float
    phi: Float
    spending: Float
    output: Float
    revenue: Float
    income: Float
    wage_gap: Float
    price_gap: Float
    spending_gap: Float

    def residuals(self) -> Float:
        """Return the largest gap of each scenario, shape (S,); inf where one is not a number."""
        worst = np.abs(self.wage_gap).max(1)
        for gap in (self.price_gap, self.spending_gap):
            worst = np.maximum(worst, np.abs(gap).max((1, 2)))
        result: Float = np.where(np.isfinite(worst), worst, np.inf)
        return result


def _mix(matrices: Float, values: Float) -> Float:
    """Return ``sum_k matrices[n, j, k] values[s, k, n]``, shape (S, J, N)."""
    mixed: Float = np.matmul(matrices, values.transpose(2, 1, 0)).transpose(2, 1, 0)
    return np.ascontiguousarray(mixed)


def input_costs(economy: SectorEconomy, wage: Float, price: Float) -> Float:
    """Return ``ln c_hat`` (10), shape (S, J, N), at log wages (S, N) and log prices (S, J, N)."""
    inputs = economy.input_shares.transpose(0, 2, 1)
    result: Float = economy.value_added_share * wage[:, None, :] + _mix(inputs, price)
    return result


def evaluate_sectors(system: SectorSystem, point: SectorPoint) -> SectorState:
    """Return the state at a point."""
    economy = system.economy
    theta = economy.trade_elasticity[:, None]
    inputs = economy.input_shares
    cost = input_costs(economy, point.wage, point.price)
    u = np.exp(-theta * cost)
    phi = np.matmul(u[:, :, None, :], system.weights)[:, :, 0, :]
    spending = economy.spending * np.exp(point.spending)
    v = spending / phi
    output = u * np.matmul(system.kept, v[:, :, :, None])[:, :, :, 0]
    revenue = np.zeros_like(point.wage)
    if system.taxed:
        revenue = (spending - v * np.matmul(u[:, :, None, :], system.kept)[:, :, 0, :]).sum(1)
    labour = economy.value_added * np.exp(point.wage)
    income = labour + revenue + system.deficit * (labour.sum(1, keepdims=True) / economy.value_added.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        swept = np.log((economy.final_shares * income[:, None, :] + _mix(inputs, output)) / economy.spending)
        wage_gap = np.log((economy.value_added_share * output).sum(1) / labour)
        price_gap = -np.log(phi) / theta - point.price
    return SectorState(cost, u, phi, spending, output, revenue, income, wage_gap, price_gap, swept - point.spending)


def wage_steps(system: SectorSystem, state: SectorState) -> Float:
    """Return a step length for each wage, shape (S, N): one over its own effect on the demand for its labour."""
    economy = system.economy
    theta = economy.trade_elasticity[:, None]
    earned = economy.value_added_share * state.output
    earned = earned / earned.sum(1, keepdims=True)
    shares = system.weights * state.u[..., None]
    shares = shares * shares / state.phi[:, :, None, :] ** 2
    sold_at_home = np.matmul(shares, state.spending[..., None])[..., 0] / np.maximum(state.output, 1e-300)
    own = np.clip(1.0 - sold_at_home, 0.0, 1.0)
    result: Float = 1.0 / (1.0 + (earned * theta * economy.value_added_share * own).sum(1))
    return result
