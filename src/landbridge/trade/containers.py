"""From trade between economies to loaded containers between zones, and back to the baseline's weights."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.trade.costs import NetworkTrade


@dataclass(frozen=True, slots=True, eq=False)
class ContainerTrade:
    """How the trade of N economies spreads over Z zones and K classes of containers.

    Attributes
    ----------
    economy
        Position of each zone's economy, shape (Z,).
    zone_share
        Share of its economy's trade in each zone, shape (Z,).
    value_usd_per_teu
        Value of a loaded TEU by class, shape (K,).
    class_share
        Part of a pair's trade value that moves in containers of the class, shape (K, N, N); the rest does not use
        the network.
    """

    economy: Int
    zone_share: Float
    value_usd_per_teu: Float
    class_share: Float

    def split(self) -> Float:
        """Return the part of an economy pair's trade in each class and zone pair, shape (K, Z, Z)."""
        i, j = self.economy[:, None], self.economy
        result: Float = self.class_share[:, i, j] * (self.zone_share[:, None] * self.zone_share)
        return result

    def network_trade(self, flows: Float) -> NetworkTrade:
        """Return the baseline weights of the network's part of flows of shape (N, N)."""
        i, j = self.economy[:, None], self.economy
        off = np.clip(1.0 - self.class_share.sum(0), 0.0, 1.0)
        return NetworkTrade(self.split() * flows[i, j], self.economy, len(flows), off)


def container_flows(
    flows_musd: Float, trade: ContainerTrade, *, zone_change: Float, pair_change: Float, trade_elasticity: float
) -> Float:
    r"""Return loaded containers between zones, TEU a year, shape (K, Z, Z).

    .. math:: q^k_{ab} = \frac{X_{ij} s^k_{ij} s_a s_b}{v_k}
        \Bigl(\frac{\hat\tau^k_{ab}}{\hat\tau_{ij}}\Bigr)^{-\varepsilon}

    A pair's trade spreads over classes and zones by the baseline's shares, each moved by its own change of cost
    against the pair's (so that parts add up to the whole): what became cheaper gains within the pair.

    Parameters
    ----------
    flows_musd
        X after the change, million USD, shape (N, N).
    trade
        Shares and values.
    zone_change
        ``tau_hat`` of class and zone pair, shape (K, Z, Z); inf carries nothing.
    pair_change
        ``tau_hat`` of transport by pair of economies, shape (N, N) (`economy_cost_change`).
    trade_elasticity
        eps > 0.
    """
    i, j = trade.economy[:, None], trade.economy
    known = np.isfinite(pair_change)
    pair = np.where(known, flows_musd * np.where(known, pair_change, 1.0) ** trade_elasticity, 0.0)
    value = trade.split() * pair[i, j] * zone_change**-trade_elasticity
    teu: Float = value * 1e6 / trade.value_usd_per_teu[:, None, None]
    return teu
