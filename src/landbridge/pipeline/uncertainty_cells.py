"""Alternatives of routes packed cell by cell, so that corridors can be chosen anew a thousand times."""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.pipeline.freight import Freight, logit_of
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.trading import container_trade

KEPT_TO: Final = 14.0
"""Alternatives are kept while their weight can be above e^-14 (1e-6) of the best one's at the least scale."""
MARGIN: Final = 1.25
"""Alternatives are kept up to this many times the widest bound of the choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Alternatives by cell (class, origin, destination), in the layout of `kernel_uncertainty.choose_cells`."""

    first: Int
    weight: Float
    start: Int
    corridor: Int
    cost: Float
    time: Float
    co2: Float
    fee: Float
    kind: Int

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.kind)

    def as_tuple(self) -> tuple[Int | Float, ...]:
        """Return the columns as the kernels take them."""
        return (
            self.first,
            self.weight,
            self.start,
            self.corridor,
            self.cost,
            self.time,
            self.co2,
            self.fee,
            self.kind,
        )


@dataclass(frozen=True, slots=True, eq=False)
class CellTrade:
    """What each cell weighs: C cells of N economies.

    Attributes
    ----------
    pair
        Exporter times N plus importer, shape (C,).
    value
        Baseline trade on the network, million USD, shape (C,).
    unit_teu
        Containers for a million USD of the pair's trade, shape (C,).
    total, off
        Trade on the network and share of trade off it by pair, shape (N * N,).
    class_value
        USD per TEU by class, shape (K,).
    """

    pair: Int
    value: Float
    unit_teu: Float
    total: Float
    off: Float
    class_value: Float


def cell_trade(ground: Ground) -> tuple[CellTrade, Int]:
    """Return the weights of the cells that carry trade between different zones, and which cells they are."""
    inputs = ground.inputs
    trade = container_trade(inputs)
    network = trade.network_trade(inputs.flows)
    n, classes, zones = len(inputs.economies), len(inputs.classes), len(inputs.zones)
    pair = (inputs.zone_economy[:, None] * n + inputs.zone_economy).ravel()
    unit = trade.split() * 1e6 / trade.value_usd_per_teu[:, None, None]
    rows = np.flatnonzero((unit.ravel() > 0) & np.tile(~np.eye(zones, dtype=bool).ravel(), classes))
    return CellTrade(
        np.tile(pair, classes)[rows],
        network.value.ravel()[rows],
        unit.ravel()[rows],
        np.bincount(pair, network.value.sum(0).ravel(), n * n).astype(np.float64),
        network.off_network_share.ravel(),
        trade.value_usd_per_teu,
    ), rows


@dataclass(frozen=True, slots=True)
class Reach:
    """How far draws go: the least scale, the widest bound of the choice, the ends of the factor on values of time.

    `new_constants` are the ends of what is added to the constants of corridors that nobody has used.
    """

    least_scale: float
    widest_bound: float
    time_factors: tuple[float, float]
    new_constants: tuple[float, float] = (0.0, 0.0)


def pack_cells(ground: Ground, freight: Freight, reach: Reach, rows: Int) -> Cells:
    """Return the alternatives of some cells that can matter in any draw."""
    tall = _tall(ground, freight, rows)
    kept = _kept(tall, reach)
    still = (kept == kept[:, :1]).all((1, 2)) & ((tall.cost == tall.cost[:, :1]) | ~kept).all((1, 2))
    used = np.ones(kept.shape[:2], dtype=bool)
    used[:, 1:] = ~still[:, None]
    season = np.array([season.weight for season in freight.alternatives.seasons])
    block = kept[used]

    def column(values: Float) -> Float:
        return np.ascontiguousarray(values[used][block])

    return Cells(
        np.concatenate([[0], np.cumsum(used.sum(1))]),
        np.where(still[:, None], 1.0, season)[used],
        np.concatenate([[0], np.cumsum(block.sum(1))]),
        np.nonzero(block)[1],
        column(tall.cost),
        column(tall.time),
        column(tall.co2),
        column(tall.fee),
        tall.kind,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tall:
    """Alternatives as (C, S, R): cost, cost with constants, value of hours, tonnes of CO2, charges."""

    cost: Float
    total: Float
    time: Float
    co2: Float
    fee: Float
    kind: Int
    new: Bool


def _tall(ground: Ground, freight: Freight, rows: Int) -> _Tall:
    found = freight.alternatives
    seasons, corridors, classes, zones, _ = found.generalised_usd_per_teu.shape

    def tall(values: Float) -> Float:
        return values.transpose(2, 3, 4, 0, 1).reshape(classes * zones * zones, seasons, corridors)[rows]

    kind = np.repeat(np.arange(classes), zones * zones)[rows]
    hour = np.array([item.usd_per_teu_hour for item in ground.inputs.classes])
    cost = tall(found.perceived_usd_per_teu)
    there = np.isfinite(cost)
    return _Tall(
        cost,
        cost + logit_of(ground).constant_usd_per_teu,
        np.where(there, tall(found.hours), 0.0) * hour[kind][:, None, None],
        np.where(there, tall(found.co2_kg_per_teu), 0.0) / 1000.0,
        np.where(there, tall(found.charge_usd_per_teu), 0.0),
        kind,
        ground.new_corridors,
    )


def _kept(tall: _Tall, reach: Reach) -> Bool:
    """Return which alternatives can matter at either end of the value of time, or at the study's."""
    reached = np.isfinite(tall.cost)
    kept = np.zeros(reached.shape, dtype=bool)
    for factor, shift in product(dict.fromkeys((1.0, *reach.time_factors)), dict.fromkeys((0.0, *reach.new_constants))):
        total = np.where(reached, tall.total + (factor - 1.0) * tall.time + shift * tall.new, np.inf)
        best = total.min(2, keepdims=True)
        base = np.where(np.isfinite(best), best, 0.0)
        within = min(KEPT_TO / reach.least_scale, np.inf)
        limit = np.minimum(within, MARGIN * (reach.widest_bound - 1.0) * np.abs(base))
        kept |= reached & (np.where(reached, total, 0.0) - base <= limit)
    return kept
