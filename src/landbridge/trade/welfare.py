"""What an equilibrium is worth: money measures, decompositions, trade creation and diversion, payments."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.trade.one_sector import TradeEquilibrium
from landbridge.trade.sectors import SectorEquilibrium


@dataclass(frozen=True, slots=True, eq=False)
class MoneyWelfare:
    """Gains in the money of the flows, (N,) or (S, N).

    Attributes
    ----------
    equivalent_variation
        ``EV = E_0 (E_hat / P_hat - 1)``: at baseline prices.
    compensating_variation
        ``CV = P_hat EV``: at the prices of the scenario.
    percent_of_gdp
        EV over GDP; None where GDP was not given. Flows of an input-output table sum to gross output, about twice
        GDP, so they cannot stand in for it.
    """

    equivalent_variation: Float
    compensating_variation: Float
    percent_of_gdp: Float | None


@dataclass(frozen=True, slots=True, eq=False)
class FirstOrder:
    """First-order parts of the change of real income, as shares of baseline income, (N,) or (S, N).

    Attributes
    ----------
    terms_of_trade
        Own sales at the change of own price, less purchases at the changes of their producers' prices.
    trade_cost
        Purchases at the change of their trade cost, with the sign of a gain.
    volume_of_trade
        Tariffs on the change of the volumes that bear them.
    supply
        Sales at the change of quantities supplied (productivity, endowment, supply response).
    money
        Change of deficits, transfers and charges received.
    """

    terms_of_trade: Float
    trade_cost: Float
    volume_of_trade: Float
    supply: Float
    money: Float

    @property
    def total(self) -> Float:
        """The sum of the parts: near the exact change for small changes only."""
        return self.terms_of_trade + self.trade_cost + self.volume_of_trade + self.supply + self.money


@dataclass(frozen=True, slots=True, eq=False)
class ExactParts:
    """Parts whose sum is exactly ``ln(E_hat / P_hat)``, (N,) or (S, N).

    Attributes
    ----------
    openness
        ``-(1/eps) ln lambda_hat_jj``, the sufficient statistic of Arkolakis, Costinot and Rodriguez-Clare (2012).
    domestic_cost
        ``-ln tau_hat_jj``.
    supply
        ``ln(Y_hat / p_hat)``, quantities supplied.
    money
        ``ln(E_hat / Y_hat)``: tariffs, charges, transfers and deficits.
    """

    openness: Float
    domestic_cost: Float
    supply: Float
    money: Float

    @property
    def total(self) -> Float:
        """``ln(E_hat / P_hat)``."""
        return self.openness + self.domestic_cost + self.supply + self.money


@dataclass(frozen=True, slots=True, eq=False)
class TradeShift:
    """How the imports of each economy moved between a bloc and the rest, in the money of the flows, (N,).

    Attributes
    ----------
    from_bloc, from_others, domestic
        Change of purchases from bloc members (other than itself), from others, and at home.
    diversion
        Purchases from others that were lost, 0 where they rose.
    creation
        Growth of purchases from the bloc beyond diversion.
    """

    from_bloc: Float
    from_others: Float
    domestic: Float
    diversion: Float
    creation: Float


def money_welfare(equilibrium: TradeEquilibrium, gdp: Float | None = None) -> MoneyWelfare:
    """Return equivalent and compensating variation and EV in percent of GDP (shape (N,))."""
    equivalent = equilibrium.baseline_spending * (equilibrium.real_income_change - 1.0)
    percent = None if gdp is None else 100.0 * equivalent / gdp
    return MoneyWelfare(equivalent, equilibrium.price_change * equivalent, percent)


def exact_parts(
    equilibrium: TradeEquilibrium, *, trade_elasticity: float | Float, domestic_cost_change: Float | None = None
) -> ExactParts:
    """Split ``ln(E_hat/P_hat)`` exactly; `domestic_cost_change` is ``tau_hat_jj`` of shape (N,) or (S, N).

    The elasticity is a number or, in a batch, of shape (S,).

    With supply ``Y_hat = p_hat s``: ``p_hat / P_hat = lambda_hat_jj^(-1/eps) / tau_hat_jj``, so that real income is
    that times s times ``E_hat / Y_hat``.
    """
    home = 1.0 if domestic_cost_change is None else domestic_cost_change
    domestic = -np.log(home) + np.zeros_like(equilibrium.price_change)
    supply = np.log(equilibrium.sales_change / equilibrium.producer_price_change)
    money = np.log(equilibrium.spending_change / equilibrium.sales_change)
    share = _home_share_change(equilibrium)
    eps = trade_elasticity[:, None] if isinstance(trade_elasticity, np.ndarray) else trade_elasticity
    return ExactParts(-np.log(share) / eps, domestic, supply, money)


def _home_share_change(equilibrium: TradeEquilibrium) -> Float:
    """Return ``lambda_hat_jj``, for spending at home that bears no tariff."""
    now = np.diagonal(equilibrium.flows, axis1=-2, axis2=-1)
    spending = equilibrium.spending_change * equilibrium.baseline_spending
    before = np.diagonal(equilibrium.baseline_flows) / equilibrium.baseline_spending
    result: Float = now / spending / before
    return result


def first_order_parts(
    equilibrium: TradeEquilibrium, *, cost_change: Float | None = None, tariffs: Float | None = None
) -> FirstOrder:
    """Return the first-order decomposition of the one-sector model, in percentage changes from the baseline.

    With sales Y, flows X from i to n, baseline tariffs t and E spending, of economy n:
    ``[Y_n (p_hat_n - 1) - sum_i X_in (p_hat_i - 1)] / E_n`` (terms of trade),
    ``- sum_i X_in (tau_hat_in - 1) / E_n`` (trade cost) and
    ``sum_i t_in X_in (X_hat_in - p_hat_i tau_hat_in) / E_n`` (volume of trade).
    """
    flows, spending = equilibrium.baseline_flows, equilibrium.baseline_spending
    tau = np.ones_like(flows) if cost_change is None else np.asarray(cost_change, dtype=np.float64)
    tariff = np.zeros_like(flows) if tariffs is None else tariffs
    price = equilibrium.producer_price_change
    sales = _baseline_sales(equilibrium)
    terms = sales * (price - 1.0) - (price - 1.0) @ flows
    saved = -(flows * (np.where(flows > 0, tau, 1.0) - 1.0)).sum(-2)
    growth = equilibrium.flows / np.where(flows > 0, flows, 1.0)
    volume = (tariff * flows * (growth - price[..., :, None] * np.where(flows > 0, tau, 1.0))).sum(-2)
    supply = sales * (equilibrium.sales_change - price)
    own = equilibrium.spending_change * spending - equilibrium.sales_change * sales - equilibrium.tariff_revenue
    money = own - (spending - sales - (tariff * flows).sum(0))
    return FirstOrder(terms / spending, saved / spending, volume / spending, supply / spending, money / spending)


def _baseline_sales(equilibrium: TradeEquilibrium) -> Float:
    return equilibrium.parts[0].system.sales


def first_order_sectors(equilibrium: SectorEquilibrium, *, cost_change: Float | None = None) -> FirstOrder:
    """Return the first-order welfare of Caliendo and Parro (2015), in percentage changes.

    ``[sum_j sum_i E_ni (c_hat_n - 1) - sum_j sum_i M_in (c_hat_i - 1) + sum_j sum_i t_in M_in (M_hat_in - c_hat_i)] /
    I_n`` with E exports and M imports net of tariffs; flows at home cancel. With `cost_change` ((J, N, N) or
    (S, J, N, N)) the saving of trade cost is a part of its own.
    """
    flows, income = equilibrium.baseline_flows, equilibrium.baseline_income
    tau = np.ones_like(flows) if cost_change is None else np.asarray(cost_change, dtype=np.float64)
    tau = np.where(flows > 0, tau, 1.0)
    cost = equilibrium.unit_cost_change
    sold = flows.sum(2)
    bought = np.matmul((cost - 1.0)[..., None, :], flows)[..., 0, :]
    terms = (sold * (cost - 1.0) - bought).sum(-2)
    saved = -(flows * (tau - 1.0)).sum((-3, -2))
    growth = equilibrium.flows / np.where(flows > 0, flows, 1.0)
    volume = (equilibrium.tariff * flows * (growth - cost[..., :, None] * tau)).sum((-3, -2))
    none = np.zeros_like(terms)
    return FirstOrder(terms / income, saved / income + none, volume / income, none, none)


def bloc_import_growth(equilibrium: SectorEquilibrium, bloc: tuple[int, ...]) -> Float:
    """Return by how much each bloc member's imports from the other members grew, a factor, (len(bloc),).

    Values net of tariffs, at unchanged world value added.
    """
    if equilibrium.batch:
        raise ValueError("give one scenario: bloc_import_growth compares two sets of flows.")
    before, after = equilibrium.baseline_flows.sum(0), equilibrium.flows.sum(0)
    pairs = [([other for other in bloc if other != member], member) for member in bloc]
    return np.array([after[others, member].sum() / before[others, member].sum() for others, member in pairs])


def trade_shift(before: Float, after: Float, bloc: Bool) -> TradeShift:
    """Return trade creation and diversion in the imports of each economy (Viner's terms, in values).

    Parameters
    ----------
    before, after
        Flows net of tariffs, shape (N, N).
    bloc
        Which economies belong to it, shape (N,).
    """
    change = after - before
    home = np.diagonal(change).copy()
    inside = (change * bloc[:, None]).sum(0) - np.where(bloc, home, 0.0)
    outside = (change * ~bloc[:, None]).sum(0) - np.where(bloc, 0.0, home)
    diversion = np.maximum(0.0, -outside)
    return TradeShift(inside, outside, home, diversion, inside - np.minimum(diversion, np.maximum(inside, 0.0)))


@dataclass(frozen=True, slots=True, eq=False)
class CostIncidence:
    """Who pays for dearer trade, or keeps what cheaper trade saves, pair by pair; (N, N), exporter by importer.

    Attributes
    ----------
    bill
        What the change of cost costs on the baseline's quantities, ``X_ij p_hat_i (tau_hat_ij - 1)``, in the money of
        the flows; below 0 a saving.
    importer
        Its part that buyers pay: ``X_ij (p_hat_i tau_hat_ij - 1)``, the change of the delivered price.
    exporter
        Its part that sellers bear: ``X_ij (1 - p_hat_i)``, the fall of what they get at the gate.
    inward, outward
        Changes of multilateral resistance, shape (N,): the buyers' incidence P_hat over all that they buy, and the
        sellers' incidence ``Pi_hat_i = p_hat_i^-1 Y_hat_i^(-1/eps)`` over all that they sell.
    """

    bill: Float
    importer: Float
    exporter: Float
    inward: Float
    outward: Float


def cost_incidence(
    equilibrium: TradeEquilibrium, cost_change: Float, *, trade_elasticity: float, flows: Float | None = None
) -> CostIncidence:
    """Split the change of trade costs of one scenario between buyers and sellers.

    ``importer + exporter == bill`` in every cell, and without tariffs
    ``X_hat_ij = Y_hat_i E_hat_j (tau_hat_ij / (Pi_hat_i P_hat_j))^-eps`` (Anderson and van Wincoop 2003, equations 9 to
    11, in changes). Prices are relative to world sales (the numeraire): a price that moves as the world's does falls on
    nobody.

    Parameters
    ----------
    equilibrium
        Of one scenario, not a batch.
    cost_change
        ``tau_hat``, shape (N, N); pairs with an infinite one bear nothing, as nothing is left that could.
    trade_elasticity
        eps.
    flows
        What weighs, shape (N, N); the baseline's if absent.
    """
    if equilibrium.batch:
        raise ValueError("give one scenario: cost_incidence splits one change of costs.")
    weigh = equilibrium.baseline_flows if flows is None else flows
    price = equilibrium.producer_price_change[:, None]
    there = np.isfinite(cost_change)
    tau = np.where(there, cost_change, 1.0)
    kept = np.where(there, weigh, 0.0)
    outward = 1.0 / (equilibrium.producer_price_change * equilibrium.sales_change ** (1.0 / trade_elasticity))
    return CostIncidence(
        kept * price * (tau - 1.0),
        kept * (price * tau - 1.0),
        kept * (1.0 - price),
        equilibrium.price_change,
        outward,
    )


@dataclass(frozen=True, slots=True, eq=False)
class PaymentEffect:
    """What payments between economies do to their gains, in the money of the flows at baseline prices, (N,).

    Attributes
    ----------
    money
        The payment over ``P_hat``.
    terms_of_trade
        What it changes beside that, through prices.
    """

    money: Float
    terms_of_trade: Float


def payment_effect(without: TradeEquilibrium, paid: TradeEquilibrium, payments: Float) -> PaymentEffect:
    """Compare an equilibrium solved with ``Shifts(transfers=payments)`` with the one solved without."""
    money = payments / paid.price_change
    gain = paid.baseline_spending * (paid.real_income_change - without.real_income_change)
    return PaymentEffect(money, gain - money)
