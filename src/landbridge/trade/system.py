"""The equations of the one-sector model in changes: row ratios at given prices, and their Jacobian.

With p the change of an economy's producer price and ``K_ij = lambda_ij (tau_hat_ij T_ij)^-eps``
(exporter i, importer j),

    Phi_j = sum_i K_ij p_i^-eps,   P_j = Phi_j^(-1/eps),   lambda'_ij = K_ij p_i^-eps / Phi_j
    Y'_i  = Y_i A_i L_i p_i (p_i / P_i)^psi
    z_i   = sum_j kappa_ij lambda'_ij E'_j / Y'_i

where ``kappa_ij = (1 - phi'_ij) / (1 + t'_ij)`` is the part of spending that reaches the producer. An
equilibrium has all row ratios z equal; they are 1 under balanced and additive deficits (Walras' law), and equal
to one common number under multiplicative deficits. Everything is of degree 0 in p, as deficits are held in units
of world sales.
"""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.trade.weights import DenseWeights, Weights


@dataclass(frozen=True, slots=True, eq=False)
class TradeSystem:
    """One baseline and S scenarios, ready to be evaluated.

    Attributes
    ----------
    weights
        K.
    kept
        K kappa; the same object as `weights` without tariffs and charges.
    charged
        For each charge its recipient and ``K phi' / (1 + t')``.
    sales, spending
        Y and E of the baseline, shape (N,).
    supply
        ``A_hat L_hat``, shape (S, N) or (1, N).
    deficit
        D plus transfers at unchanged world sales, shape (S, N) or (1, N); unused if `multiplicative`.
    elasticity, supply_elasticity
        eps, a number or shape (S, 1); psi of shape (N,).
    multiplicative
        Whether ``E' = (Y'/Y) E``.
    """

    weights: Weights
    kept: Weights
    charged: tuple[tuple[int, Weights], ...]
    sales: Float
    spending: Float
    supply: Float
    deficit: Float
    elasticity: float | Float
    supply_elasticity: Float
    multiplicative: bool

    @property
    def only_elasticity(self) -> float:
        """The elasticity of a system of one scenario."""
        eps = self.elasticity
        return float(eps[0, 0]) if isinstance(eps, np.ndarray) else eps

    @property
    def taxed(self) -> bool:
        """Whether there are tariffs or charges."""
        return self.kept is not self.weights

    def only(self, scenario: int) -> "TradeSystem":
        """Return the system of one scenario."""
        weights = DenseWeights(self.weights.matrix(scenario)[None])
        kept = DenseWeights(self.kept.matrix(scenario)[None]) if self.taxed else weights
        return TradeSystem(
            weights,
            kept,
            tuple((who, DenseWeights(cells.matrix(scenario)[None])) for who, cells in self.charged),
            self.sales,
            self.spending,
            _row(self.supply, scenario),
            _row(self.deficit, scenario),
            float(self.elasticity[scenario, 0]) if isinstance(self.elasticity, np.ndarray) else self.elasticity,
            self.supply_elasticity,
            self.multiplicative,
        )

    def among(self, members: Int) -> "TradeSystem":
        """Return a system of one scenario for some economies alone, which must hold all that they trade with."""
        block = np.ix_(members, members)
        weights = DenseWeights(self.weights.matrix(0)[block][None])
        at = {int(member): position for position, member in enumerate(members)}
        return TradeSystem(
            weights,
            DenseWeights(self.kept.matrix(0)[block][None]) if self.taxed else weights,
            tuple((at[who], DenseWeights(cells.matrix(0)[block][None])) for who, cells in self.charged if who in at),
            self.sales[members],
            self.spending[members],
            self.supply[:, members],
            self.deficit[:, members],
            self.only_elasticity,
            self.supply_elasticity[members],
            self.multiplicative,
        )


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What holds at given prices; every array has shape (S, N).

    Attributes
    ----------
    ratio
        z: what buyers pay to an economy's producers over what they sell.
    u
        ``p^-eps``.
    phi
        ``P^-eps``.
    sales, spending
        Y' and E'.
    tariff_share
        Tariff revenue over spending.
    charge_income
        Money that the economy collects in charges.
    """

    ratio: Float
    u: Float
    phi: Float
    sales: Float
    spending: Float
    tariff_share: Float
    charge_income: Float


def _row(values: Float, scenario: int) -> Float:
    return values if len(values) == 1 else values[scenario : scenario + 1]


def evaluate(system: TradeSystem, x: Float) -> State:
    """Return the state at ``x = ln p``, shape (S, N); far-off prices give inf or nan, which no solver accepts."""
    with np.errstate(all="ignore"):
        return _state(system, x)


def _state(system: TradeSystem, x: Float) -> State:
    u = np.exp(-system.elasticity * x)
    phi = system.weights.into_importers(u)
    sales = system.sales * system.supply * np.exp(x)
    if system.supply_elasticity.any():
        sales = sales * np.exp(system.supply_elasticity * (x + np.log(phi) / system.elasticity))
    tariff_share = np.zeros((1, 1))
    income = np.zeros((1, 1))
    if system.multiplicative:
        spending = sales * (system.spending / system.sales)
    else:
        spending = sales + system.deficit * (sales.sum(1, keepdims=True) / system.sales.sum())
        if system.taxed:
            spending, tariff_share, income = _with_revenue(system, u, phi, spending)
    received = u * system.kept.into_exporters(spending / phi)
    return State(received / sales, u, phi, sales, spending, tariff_share, income)


def _with_revenue(system: TradeSystem, u: Float, phi: Float, own: Float) -> tuple[Float, Float, Float]:
    """Solve ``E' = own + tariff revenue(E') + charges collected(E')``; return E', tariff share and charges."""
    collected = [cells.into_importers(u) / phi for _, cells in system.charged]
    tariff_share = 1.0 - system.kept.into_importers(u) / phi - sum(collected, np.zeros((1, 1)))
    kept = 1.0 - tariff_share
    if not collected:
        return own / kept, tariff_share, np.zeros((1, 1))
    who = [recipient for recipient, _ in system.charged]
    rates = np.stack(collected, axis=1)
    feedback = np.eye(len(who)) - (rates / kept[:, None, :])[:, :, who]
    amounts = np.linalg.solve(feedback, np.sum(rates * (own / kept)[:, None, :], axis=2)[:, :, None])[:, :, 0]
    income = np.zeros_like(own)
    for order, recipient in enumerate(who):
        income[:, recipient] += amounts[:, order]
    return (own + income) / kept, tariff_share, income


def jacobian(system: TradeSystem, state: State) -> Float:
    """Return ``d ln z_i / d ln p_k``, shape (N, N), of a system of one scenario.

    With rho the shares of an exporter's sales by importer and H = d ln Y' / d ln p,
    ``J = rho (eps lambda'^T + d ln E'/d ln p) - eps I - H``; its rows sum to 0.
    """
    eps, n = system.only_elasticity, len(system.sales)
    u, phi, spending = state.u[0], state.phi[0], state.spending[0]
    shares = system.weights.matrix(0) * u[:, None] / phi
    sold = system.kept.matrix(0) * u[:, None] / phi * spending
    sold /= sold.sum(1, keepdims=True)
    inner = eps * shares.T
    supply = system.supply_elasticity
    if not system.taxed and not supply.any():
        own = state.sales[0] / spending
        if system.multiplicative:
            inner[np.diag_indices(n)] += 1.0
        else:
            inner[np.diag_indices(n)] += own
            share = system.deficit[0] / spending / system.sales.sum()
            inner += share[:, None] * state.sales[0]
        result = sold @ inner
        result[np.diag_indices(n)] -= 1.0 + eps
        return np.asarray(result)
    response = np.diag(1.0 + supply) - supply[:, None] * shares.T
    result = sold @ (inner + _spending_response(system, state, shares, response)) - response
    result[np.diag_indices(n)] -= eps
    return np.asarray(result)


def _spending_response(system: TradeSystem, state: State, shares: Float, response: Float) -> Float:
    """Return ``d ln E'_j / d ln p_k``, shape (N, N)."""
    if system.multiplicative:
        return response
    sales, spending, deficit = state.sales[0], state.spending[0], system.deficit[0]
    own = sales[:, None] * response + (deficit / system.sales.sum())[:, None] * (sales @ response)
    if not system.taxed:
        return np.asarray(own / spending[:, None])
    scale = state.u[0][:, None] / state.phi[0]
    eps = system.only_elasticity
    charged = [(who, cells.matrix(0) * scale) for who, cells in system.charged]
    tariff = shares - system.kept.matrix(0) * scale - sum((cells for _, cells in charged), np.zeros((1, 1)))
    rate = tariff.sum(0)
    own -= eps * spending[:, None] * (tariff - shares * rate).T
    left = np.diag(1.0 - rate)
    for who, cells in charged:
        total = cells.sum(0)
        own[who] -= eps * ((cells - shares * total) @ spending)
        left[who] -= total
    return np.asarray(np.linalg.solve(left, own) / spending[:, None])
