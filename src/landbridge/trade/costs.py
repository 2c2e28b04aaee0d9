"""From transport, agreements and bans to the change of trade cost by pair of economies."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True, eq=False)
class NetworkTrade:
    """Baseline trade by class and pair of zones, and which economy each zone lies in.

    Attributes
    ----------
    value
        Shape (C, Z, Z), origin by destination, any one unit of money a year; what uses the network.
    economy
        Position of the economy of each zone, shape (Z,).
    n_economies
        N.
    off_network_share
        Shape (N, N): share of a pair's trade that does not use the network (pipelines, air, services); its cost
        does not change.
    """

    value: Float
    economy: Int
    n_economies: int
    off_network_share: Float

    def __post_init__(self) -> None:
        n, zones = self.n_economies, len(self.economy)
        found = []
        if self.value.shape[1:] != (zones, zones) or self.value.ndim != 3:
            found.append(Problem("LB405", f"shape {self.value.shape}. Give (C, {zones}, {zones}).", "value"))
        elif not self.value.min(initial=0.0) >= 0:
            found.append(Problem("LB406", f"{self.value.min()} is negative. Give values of trade.", "value"))
        share = self.off_network_share
        if share.shape != (n, n) or not (share.min() >= 0 and share.max() <= 1):
            found.append(Problem("LB406", f"a share is outside 0 to 1. Give {(n, n)} shares.", "off_network_share"))
        refuse(found)


def cost_factor(composite_usd_per_teu: Float, value_usd_per_teu: float | Float) -> Float:
    """Return ``tau = 1 + C / value``; inf where C is inf.

    C is the composite generalised cost, which holds time already, and `value_usd_per_teu` the value of a TEU of
    the class. Shapes broadcast.
    """
    result: Float = 1.0 + np.asarray(composite_usd_per_teu, dtype=np.float64) / value_usd_per_teu
    return result


def cost_factor_change(before: Float, after: Float) -> Float:
    """Return ``tau_hat = tau' / tau`` by cell.

    A cell that could not be reached before has no baseline to change: its trade, if any, went off the network and
    keeps its cost (1). A pair opened from nothing needs an open-trade weight. A cell that is closed becomes inf.
    """
    known = np.isfinite(before)
    result: Float = np.where(known, after / np.where(known, before, 1.0), 1.0)
    return result


def economy_cost_change(change: Float, trade: NetworkTrade, *, trade_elasticity: float) -> Float:
    """Return ``tau_hat_ij = (sum s tau_hat^-eps)^(-1/eps)`` by pair of economies, shape (N, N) or (S, N, N).

    The sum runs over classes and zone pairs with s their shares in the baseline value of the pair, and over the
    trade that does not use the network, at 1. It is the change that moves the pair's trade as its parts together
    would (a CES index with baseline weights). Pairs without trade on the network stay at 1; inf closes a part, and
    all of a pair whose trade is all closed.

    Parameters
    ----------
    change
        ``tau_hat`` by class and zone pair, shape (C, Z, Z) or (S, C, Z, Z).
    trade
        Baseline weights.
    trade_elasticity
        eps > 0.
    """
    n = trade.n_economies
    pair = (trade.economy[:, None] * n + trade.economy).ravel()
    total = np.bincount(pair, trade.value.sum(0).ravel(), n * n)
    batch = np.asarray(change, dtype=np.float64)
    lead = batch.shape[: batch.ndim - 3]
    result = np.ones((*lead, n, n))
    off = trade.off_network_share.ravel()
    for place in np.ndindex(*lead):
        with np.errstate(divide="ignore"):
            kept = (trade.value * batch[place] ** -trade_elasticity).sum(0).ravel()
            on = np.bincount(pair, kept, n * n) / np.where(total > 0, total, 1.0)
            index = (off + (1.0 - off) * on) ** (-1.0 / trade_elasticity)
        result[place] = np.where(total > 0, index, 1.0).reshape(n, n)
    return result


def sector_cost_change(change: Float, class_shares: Float, *, trade_elasticity: Float) -> Float:
    """Return cost changes by sector from those by class, shape (J, N, N) or (S, J, N, N).

    ``tau_hat^j = (sum_k s_jk tau_hat_k^-theta_j)^(-1/theta_j)`` over classes k and, for the rest of a sector
    (services, pipelines, air), 1.

    Parameters
    ----------
    change
        By class and pair of economies, (C, N, N) or (S, C, N, N).
    class_shares
        Shape (J, C): share of each class in the trade of each sector; rows sum to at most 1.
    trade_elasticity
        theta, shape (J,).
    """
    rest = 1.0 - class_shares.sum(1)
    refuse(
        Problem("LB406", f"shares of sector {j} are negative or sum to more than 1. Correct them.", "class_shares")
        for j in np.flatnonzero((rest < -1e-12) | (class_shares.min(1) < 0)).tolist()
    )
    parts = []
    with np.errstate(divide="ignore"):
        for j, theta in enumerate(trade_elasticity.tolist()):
            moved = np.tensordot(class_shares[j], np.moveaxis(change, -3, 0) ** -theta, axes=1)
            parts.append((moved + max(float(rest[j]), 0.0)) ** (-1.0 / theta))
    return np.stack(parts, axis=-3)


def agreement_cost_change(
    effect: float | Float,
    *,
    trade_elasticity: float,
    tariffs: float | Float = 0.0,
    new_tariffs: float | Float = 0.0,
) -> Float:
    """Return the change of the non-tariff cost that an agreement with trade effect beta stands for.

    ``tau_hat = exp(-beta / eps) (1 + t) / (1 + t')``: beta, a log effect on trade estimated on flows net of
    tariffs with exponent -eps on cost, already contains the tariff cut, which is therefore taken out. Above 1 where
    the stated cut is worth more than beta.
    """
    cut = (1.0 + np.asarray(tariffs)) / (1.0 + np.asarray(new_tariffs))
    result: Float = np.exp(-np.asarray(effect, dtype=np.float64) / trade_elasticity) * cut
    return result


def ban_cost_change(banned: float | Float, now_banned: float | Float, *, trade_elasticity: float) -> Float:
    """Return ``((1 - b') / (1 - b))^(-1/eps)``: a ban on a share b of the goods multiplies tau^-eps by 1 - b.

    inf where all is banned now.

    Raises
    ------
    StudyError
        Where all was banned before: a pair without baseline trade needs an open-trade weight instead.
    """
    old, new = np.asarray(banned, dtype=np.float64), np.asarray(now_banned, dtype=np.float64)
    found = []
    if not (old.min() >= 0 and old.max() < 1):
        found.append(Problem("LB410", "a share banned before is not below 1. Use open_weights for it.", "banned"))
    if not (new.min() >= 0 and new.max() <= 1):
        found.append(Problem("LB406", "a share is outside 0 to 1. Give the share of goods banned.", "now_banned"))
    refuse(found)
    with np.errstate(divide="ignore"):
        result: Float = ((1.0 - new) / (1.0 - old)) ** (-1.0 / trade_elasticity)
    return result


def open_trade_weights(fitted_flows: Float, baseline_flows: Float, forbidden: Float) -> Float:
    """Return ``a_ij = X_fit_ij / E_j`` of forbidden pairs, 0 elsewhere, shape (N, N).

    Parameters
    ----------
    fitted_flows
        Trade that the fitted gravity expects without the ban, (N, N), in the unit of the baseline flows.
    baseline_flows
        X, (N, N), whose column sums are spending.
    forbidden
        Boolean (N, N): pairs that do not trade only because they may not.
    """
    result: Float = np.where(forbidden, fitted_flows / baseline_flows.sum(0), 0.0)
    return result
