"""What the networks of many sets of measures make of transport costs and charges, each searched once."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.pipeline.edits import NETWORK_KINDS
from landbridge.pipeline.freight import Freight, find_freight, freight_at, logit_of
from landbridge.pipeline.ground import Ground, arc_values, standing_network
from landbridge.pipeline.interactions import compose, few_blocks, linked_triples
from landbridge.pipeline.loads import charge_shares, earner_mix
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoff_draws import Draw
from landbridge.pipeline.trading import containers, cost_change
from landbridge.routing.choice import Choice, Logit, choose
from landbridge.routing.generalised import ArcValues
from landbridge.routing.overlay import Overlay, with_reference
from landbridge.study.model import Measure

WORKERS: Final = 2
"""Threads over network states; the kernels leave Python's lock."""
EXACT_NETWORKS: Final = 64
"""Up to this many networks all are searched."""
INTERACTS: Final = 0.01
"""Beyond it, three blocks of measures are searched together only if each two of them interact by more than this share
of the largest effect, and interactions of more than three are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Transport:
    """One network at one point: change of transport cost (N, N) and shares of charges by earner, each (N, N)."""

    change: Float
    charges: Mapping[str, Float]


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """The baseline at one point: elasticity and choice scale, freight, and charges by who earns them."""

    draw: Draw
    freight: Freight
    charges: Mapping[str, Float]


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """Transport of networks at every point: N economies, P points, W networks searched.

    Attributes
    ----------
    searched
        By network that was searched, then by point.
    chosen
        Which sets of blocks those are, shape (W,); None if every network was searched.
    blocks
        Number of blocks, if there are any to compose from.
    of
        Row of each set of measures that was asked for: of `searched`, or of all ``2**blocks`` sets.
    parts
        Measures of each block.
    """

    searched: tuple[tuple[Transport, ...], ...]
    chosen: Int | None
    blocks: int
    of: Int
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def earners(self) -> tuple[str, ...]:
        """Economies that earn charges on some network."""
        return tuple(sorted({who for row in self.searched for one in row for who in one.charges}))

    def at(self, point: int, rows: Int) -> tuple[Float, Float]:
        """Return logs of cost changes (r, N, N) and shares of charges by earner (E, r, N, N) of rows at a point."""
        solved = [row[point] for row in self.searched]
        costs = self._whole(np.log(np.array([one.change for one in solved])))[rows]
        none = np.zeros(costs.shape[1:])
        charges = [self._whole(np.array([one.charges.get(who, none) for one in solved]))[rows] for who in self.earners]
        return costs, np.maximum(np.array(charges).reshape(len(charges), *costs.shape), 0.0)

    def _whole(self, values: Float) -> Float:
        return values if self.chosen is None else compose(values, self.chosen, self.blocks)


@dataclass(frozen=True, slots=True, eq=False)
class Searcher:
    """The baseline at every point, with everything that all networks share."""

    base: Baseline
    ground: Ground
    anchors: tuple[Anchor, ...]
    mixes: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, base: Baseline, all_named: Sequence[str], points: Sequence[Draw]) -> "Searcher":
        """Return a searcher; the first point is the study's own, `all_named` is all that some set holds."""
        ground = replace(base.ground, overlay=_with_reference(base))
        mixes = dict(base.mixes)
        whole = find_freight(ground, all_named)
        new = [corridor for corridor in whole.alternatives.corridors if corridor not in mixes]
        if new:
            teu = _teu(ground, base, whole, points[0], base.ground.inputs.flows)
            mixes = {**earner_mix(ground, whole, teu, new), **mixes}
        first = Anchor(points[0], base.freight, base.charges)
        return cls(base, ground, (first, *(_anchor(base, ground, point) for point in points[1:])), mixes)

    def transports(
        self, networks: Sequence[tuple[str, ...]], blocks: Sequence[tuple[str, ...]], *, own_only: bool = False
    ) -> Networks:
        """Return transport of networks (ids of measures) at every point; see `payoffs.state_values` for blocks.

        With `own_only`, networks that are composed of blocks are reckoned at the first point alone.
        """
        named = tuple(block for block in blocks if block)
        if 1 << len(named) <= EXACT_NETWORKS:
            found, of = self._searched(networks)
            return Networks(tuple(found), None, 0, of)
        standing = set(self.base.standing) & self._network_ids
        few = few_blocks(len(named), 2)
        rows = self._toggled_rows(named, few, own_only=own_only)
        costs = np.log(np.array([row[0].change for row in rows]))
        further = linked_triples(costs, few, len(named), INTERACTS)
        rows += self._toggled_rows(named, further, own_only=own_only)
        masks = {frozenset(_toggled(standing, named, mask)): mask for mask in range(1 << len(named))}
        of = np.array([masks[frozenset(one)] for one in networks], dtype=np.int64)
        return Networks(tuple(rows), np.concatenate([few, further]), len(named), of, named)

    def at_every_point(self, networks: Networks, rows: Int) -> Networks:
        """Return networks with transport at every point, of the sets of blocks that some rows are composed of."""
        if networks.chosen is None:
            return networks
        chosen = networks.chosen[[bool(((rows & one) == one).any()) for one in networks.chosen]]
        return replace(networks, searched=tuple(self._toggled_rows(networks.parts, chosen)), chosen=chosen)

    def _toggled_rows(
        self, blocks: Sequence[tuple[str, ...]], chosen: Int, *, own_only: bool = False
    ) -> list[tuple[Transport, ...]]:
        """Return transport at every point, or the first, with sets of blocks changed."""
        standing = set(self.base.standing) & self._network_ids
        names = [tuple(sorted(_toggled(standing, blocks, mask))) for mask in chosen.tolist()]
        solved, at = self._searched(names, own_only=own_only)
        return [solved[k] for k in at.tolist()]

    @property
    def _network_ids(self) -> set[str]:
        return {measure.id for measure in self.ground.study.measures if moves_network(measure)}

    def _searched(
        self, networks: Sequence[tuple[str, ...]], *, own_only: bool = False
    ) -> tuple[list[tuple[Transport, ...]], Int]:
        """Return transport at every point (or the first) of distinct networks, and which of them each set gives.

        Measures on arcs that are closed change nothing, so networks are told apart by their open arcs.
        """
        touched = [standing_network(self.ground, names) for names in networks]
        keys: dict[bytes, int] = {}
        of: Int = np.array([keys.setdefault(_fingerprint(arc_values(net)), len(keys)) for net in touched])
        first = [int(np.flatnonzero(of == k)[0]) for k in range(len(keys))]
        anchors = self.anchors[:1] if own_only else self.anchors

        def one(row: int) -> tuple[Transport, ...]:
            return self._at_points(freight_at(self.ground, touched[row], arc_values(touched[row])), anchors)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, first)), of

    def _at_points(self, freight: Freight, anchors: Sequence[Anchor]) -> tuple[Transport, ...]:
        """Return transport of one network at some points; corridors are chosen once for every choice scale."""
        chosen: dict[float, Freight] = {}
        moved = _moved_cells(self.ground, self.base.freight, freight) if len(anchors) > 1 else None
        found = []
        for anchor in anchors:
            scale = anchor.draw.choice_scale_per_usd
            if scale not in chosen:
                chosen[scale] = _rechosen_cells(self.ground, freight, anchor, moved)
            found.append(self._transport(anchor, chosen[scale]))
        return tuple(found)

    def _transport(self, anchor: Anchor, there: Freight) -> Transport:
        composite = anchor.freight.choice.composite_usd_per_teu, there.choice.composite_usd_per_teu
        rules = self.base.rules, self.base.rules
        change = cost_change(self.ground.inputs, composite, rules, anchor.draw.trade_elasticity)
        if self.ground.study.settings.deficits == "multiplicative":
            return Transport(change.transport, {})
        unit = containers(
            self.ground.inputs, np.ones_like(self.ground.inputs.flows), change, anchor.draw.trade_elasticity
        )
        unit = np.where(np.isfinite(composite[1]), unit, 0.0)
        return Transport(change.transport, charge_shares(self.ground, there, unit, self.mixes))


def moves_network(measure: Measure) -> bool:
    """Tell whether a measure changes the network."""
    return any(change.kind in NETWORK_KINDS for change in measure.changes)


def rechosen(ground: Ground, freight: Freight, draw: Draw) -> Freight:
    """Return freight with its corridors chosen anew under a draw's choice scale."""
    logit = logit_of(ground)
    if draw.choice_scale_per_usd == float(logit.scale_per_usd[0]):
        return freight
    seasons = freight.alternatives.seasons
    choice: Choice = choose(freight.alternatives.perceived_usd_per_teu, seasons, _scaled(logit, draw))
    return replace(freight, choice=choice)


def _scaled(logit: Logit, draw: Draw) -> Logit:
    return replace(logit, scale_per_usd=np.array([draw.choice_scale_per_usd]))


def _moved_cells(ground: Ground, before: Freight, after: Freight) -> Bool | None:
    """Return where (K, Z, Z) a corridor that anyone would take costs other than before; None: look everywhere.

    A corridor beyond the bound of the choice has no share whatever the scale, so its cost does not matter.
    """
    logit = logit_of(ground)
    a, b = before.alternatives, after.alternatives
    if a.corridors != b.corridors or a.seasons != b.seasons or not np.isfinite(logit.bound_ratio):
        return None
    used: Bool = np.zeros(a.perceived_usd_per_teu.shape, dtype=bool)
    for costs in (a.perceived_usd_per_teu, b.perceived_usd_per_teu):
        total = costs + logit.constant_usd_per_teu[:, None, None, None]
        least = total.min(axis=1, keepdims=True)
        used |= total < least + (logit.bound_ratio - 1.0) * np.abs(np.where(np.isfinite(least), least, 0.0))
    used &= a.perceived_usd_per_teu != b.perceived_usd_per_teu
    return np.asarray(used.any(axis=(0, 1)), dtype=bool)


def _rechosen_cells(ground: Ground, freight: Freight, anchor: Anchor, moved: Bool | None) -> Freight:
    """Return freight chosen anew under an anchor's scale; where nothing moved, the anchor's own choice holds."""
    logit = logit_of(ground)
    if moved is None or anchor.draw.choice_scale_per_usd == float(logit.scale_per_usd[0]):
        return rechosen(ground, freight, anchor.draw)
    cells = freight.alternatives.perceived_usd_per_teu[:, :, moved][:, :, None, None]
    part = choose(cells, freight.alternatives.seasons, _scaled(logit, anchor.draw))
    start = anchor.freight.choice
    season, share, composite = start.season_share.copy(), start.share.copy(), start.composite_usd_per_teu.copy()
    season[:, :, moved] = part.season_share[:, :, 0, 0]
    share[:, moved] = part.share[:, 0, 0]
    composite[moved] = part.composite_usd_per_teu[0, 0]
    return replace(freight, choice=Choice(season, share, composite))


def _anchor(base: Baseline, ground: Ground, draw: Draw) -> Anchor:
    freight = rechosen(ground, base.freight, draw)
    unit = _teu(ground, base, freight, draw, np.ones_like(ground.inputs.flows), freight)
    return Anchor(draw, freight, charge_shares(ground, freight, unit, base.mixes))


def _teu(
    ground: Ground, base: Baseline, freight: Freight, draw: Draw, flows: Float, before: Freight | None = None
) -> Float:
    """Return containers of flows (N, N) between zones that have a route, (K, Z, Z)."""
    start = (before or base.freight).choice.composite_usd_per_teu
    composite = freight.choice.composite_usd_per_teu
    change = cost_change(ground.inputs, (start, composite), (base.rules, base.rules), draw.trade_elasticity)
    teu = containers(ground.inputs, flows, change, draw.trade_elasticity)
    return np.where(np.isfinite(composite), teu, 0.0)


def _with_reference(base: Baseline) -> Overlay:
    overlay = base.ground.overlay
    gates = np.concatenate([np.zeros(0, np.int64), *(corridor.gates for corridor in base.ground.corridors)])
    return with_reference(overlay, base.freight.values, apart=np.flatnonzero(np.isin(overlay.touched, gates)))


def _toggled(standing: set[str], blocks: Sequence[tuple[str, ...]], mask: int) -> set[str]:
    return standing ^ {name for k, block in enumerate(blocks) if mask >> k & 1 for name in block}


def _fingerprint(values: ArcValues) -> bytes:
    """Return the same bytes for networks whose open arcs are the same."""
    columns = (values.hours, values.cost_usd_per_teu, values.charge_usd_per_teu, values.months)
    parts = [values.open.tobytes(), *(np.where(values.open, column, 0).tobytes() for column in columns)]
    return hashlib.sha256(b"".join(parts)).digest()
