"""What many sets of standing measures are worth to every economy, solved in one batch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.algebra import plain_algebra
from landbridge.core.arrays import Float, Int
from landbridge.pipeline.edits import NETWORK_KINDS
from landbridge.pipeline.indicators import Indicator, trade_value, visits_under, visits_value
from landbridge.pipeline.interactions import compose, telling_sets
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoff_batch import Batch, Shipping
from landbridge.pipeline.payoff_draws import Draw, Knots, knots_for, own_parameters
from landbridge.pipeline.payoff_networks import WORKERS, Networks, Searcher, moves_network
from landbridge.pipeline.trading import Rules, flows_after, rules_under
from landbridge.study.model import Measure

CHUNK: Final = 256
"""Equilibria that are solved together."""
TELLS: Final = 2e-3
"""In draws, interactions of blocks below this share of the largest effect stay as at the study's own parameters."""
TRADE_KINDS: Final = frozenset({"tariff", "agreement", "ban", "productivity"})
"""Kinds of change that move trade without touching the network; visas and travel move visits only."""


@dataclass(frozen=True, slots=True, eq=False)
class StateValues:
    """What each of S sets of standing measures makes of N economies and I indicators, in D draws.

    Attributes
    ----------
    gain_musd
        Equivalent variation against the baseline, million USD a year at base-year levels, shape (D, S, N). The
        first draw is the study's own parameters.
    indicators
        Trade in million USD or visits, shape (D, S, I).
    freight_states
        Number of distinct networks for which routes were searched.
    """

    gain_musd: Float
    indicators: Float
    freight_states: int


def moves_trade(measure: Measure) -> bool:
    """Tell whether a measure changes costs of trade or its rules, not visits alone."""
    return any(change.kind in NETWORK_KINDS | TRADE_KINDS for change in measure.changes)


def state_values(
    base: Baseline,
    standings: Sequence[Sequence[str]],
    *,
    draws: Sequence[Draw] = (),
    indicators: Sequence[Indicator] = (),
    blocks: Sequence[Sequence[str]] = (),
) -> StateValues:
    """Return what sets of standing measures are worth, as `outcome.find_outcome` would say one by one.

    Routes are searched once for every distinct network, choice and cost of transport follow for every draw, and
    trade rules, which change no route, are put together with them: all equilibria of a draw are one batch.

    Parameters
    ----------
    base
        The study's baseline.
    standings
        Ids of the measures that stand, S sets; repeated ones cost nothing.
    draws
        Further draws of the parameters, after the study's own; where there are many, transport is interpolated
        between a few points (`payoff_draws.knots_for`).
    indicators
        Indicators to follow.
    blocks
        Measures that always change sides together, if the network is to be taken apart by them: where they make
        more than `EXACT_NETWORKS` networks, interactions of more than three blocks are left out, and of three that
        do not interact by two (see `pipeline.interactions`). Empty: every network is searched.

    Notes
    -----
    Delays by load are left at the baseline's: a queue that a new flow makes is not in these values (it is in
    those of `run`, and put into games by `pipeline.queue_effects`). Who earns the charges of a corridor that the
    baseline does not use is taken from the network with everything standing that some set holds.
    """
    with plain_algebra():
        model = _Model.of(base, standings, draws, blocks)
        rows = np.arange(len(model.sets))
        points = model.points(rows)
        found = [model.solve(d, rows, points, indicators) for d in (None, *range(len(draws)))]
    gains, values = (np.stack([one[k][model.back] for one in found]) for k in range(2))
    return StateValues(gains, values, len(model.networks.searched))


def cube_values(base: Baseline, blocks: Sequence[Sequence[str]], *, draws: Sequence[Draw] = ()) -> StateValues:
    r"""Return what every set of blocks is worth once the blocks in it have changed sides, sets in the order of masks.

    At the study's own parameters every set is solved. In draws only the sets T whose interaction
    :math:`\mu_0(T)` there exceeds `TELLS` of the largest effect, and all their subsets, are; for the others

    .. math:: f_d(S) \approx f_0(S) + \sum_{T \subseteq S,\ T\ \text{solved}} \mu_{f_d - f_0}(T) ,

    so small interactions stay as at the study's own parameters (with errors of up to 0.1 % of the largest effect for
    the flagship, those of interpolated transport included).
    """
    m = len(blocks)
    order = {measure.id: k for k, measure in enumerate(base.ground.study.measures)}
    baseline = frozenset(base.standing)
    changed = [{name for k, block in enumerate(blocks) if s >> k & 1 for name in block} for s in range(1 << m)]
    standings = [sorted(baseline ^ names, key=order.__getitem__) for names in changed]
    with plain_algebra():
        return _cube(_Model.of(base, standings, draws, blocks, own_only=True), m)


def _cube(model: "_Model", m: int) -> StateValues:
    networks = len(model.networks.searched)
    everything = np.arange(len(model.sets))
    own = model.solve(None, everything, model.points(everything, own_only=True))[0][model.back]
    gains = [own]
    if model.draws:
        telling = telling_sets(own, m, TELLS)
        rows, back = np.unique(model.back[telling], return_inverse=True)
        model = model.at_every_point(rows)
        points = model.points(rows)
        with ThreadPoolExecutor(WORKERS) as pool:
            drawn = list(pool.map(lambda d: model.solve(d, rows, points, spread=False)[0], range(len(model.draws))))
        gains += [own + compose(one[back] - own[telling], telling, m) for one in drawn]
    found = np.stack(gains)
    return StateValues(found, np.zeros((*found.shape[:2], 0)), networks)


def _distinct(keys: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Int]:
    unique = list(dict.fromkeys(keys))
    at = {key: k for k, key in enumerate(unique)}
    return unique, np.array([at[key] for key in keys], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Distinct sets of measures with the network and the rules of each.

    Attributes
    ----------
    sets, back
        Distinct sets, and which of them each set that was asked for is.
    rules, rule_of
        Distinct rules, and those of each set.
    """

    base: Baseline
    draws: tuple[Draw, ...]
    knots: Knots
    searcher: Searcher
    networks: Networks
    sets: tuple[tuple[str, ...], ...]
    back: Int
    rules: tuple[Rules, ...]
    rule_of: Int

    @classmethod
    def of(
        cls,
        base: Baseline,
        standings: Sequence[Sequence[str]],
        draws: Sequence[Draw],
        blocks: Sequence[Sequence[str]],
        *,
        own_only: bool = False,
    ) -> "_Model":
        study = base.ground.study
        order = {measure.id: k for k, measure in enumerate(study.measures)}
        sets, back = _distinct([tuple(sorted(set(names), key=order.__getitem__)) for names in standings])
        network = {measure.id for measure in study.measures if moves_network(measure)}
        trade = {m.id for m in study.measures if any(change.kind in TRADE_KINDS for change in m.changes)}
        named = frozenset().union(*sets)
        knots = knots_for(own_parameters(study), draws)
        searcher = Searcher.of(base, tuple(name for name in order if name in named), knots.points)
        networks, net_of = _distinct([tuple(n for n in one if n in network) for one in sets])
        rules, rule_of = _distinct([tuple(n for n in one if n in trade) for one in sets])
        parts = [tuple(n for n in block if n in network) for block in blocks]
        found = searcher.transports(networks, parts, own_only=own_only)
        found = replace(found, of=found.of[net_of])
        under = tuple(rules_under(study, base.ground.inputs, names) for names in rules)
        return cls(base, tuple(draws), knots, searcher, found, tuple(sets), back, under, rule_of)

    def at_every_point(self, rows: Int) -> "_Model":
        """Return the model with the networks of some sets at every point."""
        return replace(self, networks=self.searcher.at_every_point(self.networks, np.unique(self.networks.of[rows])))

    def solve(
        self,
        draw: int | None,
        rows: Int,
        points: "_Points",
        indicators: Sequence[Indicator] = (),
        *,
        spread: bool = True,
    ) -> tuple[Float, Float]:
        """Return gains (r, N) in million USD and indicators (r, I) of sets in a draw, or (None) at own parameters."""
        inputs = self.base.ground.inputs
        net = np.searchsorted(points.nets, self.networks.of[rows])
        kinds, rule = np.unique(self.rule_of[rows], return_inverse=True)
        one = self.knots.points[0] if draw is None else self.draws[draw]
        own = np.eye(1, len(points.logs))[0]
        shipping = points.mixed(own if draw is None else self.knots.weights[draw])
        batch = Batch.of(self.base, one, shipping, [self.rules[k] for k in kinds.tolist()])
        # sets that differ in visas and travel only share an equilibrium
        pairs, of = np.unique(np.stack([net, rule]), axis=1, return_inverse=True)
        parts = [pairs[:, at : at + CHUNK] for at in range(0, pairs.shape[1], CHUNK)]
        if spread and len(parts) > 1:
            with ThreadPoolExecutor(WORKERS) as pool:
                found = list(pool.map(lambda part: batch.equilibria(*part), parts))
        else:
            found = [batch.equilibria(*part) for part in parts]
        income = np.concatenate([one.real_income_change for one in found])[of.ravel()]
        gain = found[0].baseline_spending * (income - 1.0)
        value = np.zeros((len(rows), len(indicators)))
        if any(indicator.kind == "trade" for indicator in indicators):
            flows = [flows_after(inputs, one) for one in found]
            for i, indicator in enumerate(indicators):
                if indicator.kind == "trade":
                    each = [trade_value(indicator, inputs.economies, flow) for part in flows for flow in part]
                    value[:, i] = np.array(each)[of.ravel()]
        for i, indicator in enumerate(indicators):
            if indicator.kind == "visits":
                value[:, i] = [self._visits(indicator, row, income[k]) for k, row in enumerate(rows.tolist())]
        return gain, value

    def _visits(self, indicator: Indicator, row: int, income: Float) -> float:
        study = self.base.ground.study
        visits = visits_under(study, self.base.ground.inputs, self.sets[row], self.base.standing, income)
        return visits_value(indicator, study.tables["visits"], visits)

    def points(self, rows: Int, *, own_only: bool = False) -> "_Points":
        """Return transport of the networks of some sets at every point (or the first), to be mixed draw by draw."""
        nets = np.unique(self.networks.of[rows])
        anchors = self.searcher.anchors[:1] if own_only else self.searcher.anchors
        found = [self.networks.at(p, nets) for p in range(len(anchors))]
        earners = tuple(sorted({*self.networks.earners, *(who for anchor in anchors for who in anchor.charges)}))
        none = np.zeros(found[0][0].shape[1:])
        still = np.zeros_like(found[0][0])
        charges = [dict(zip(self.networks.earners, one[1], strict=True)) for one in found]
        return _Points(
            nets,
            np.array([one[0] for one in found]),
            earners,
            np.array([[each.get(who, still) for who in earners] for each in charges]),
            np.array([[anchor.charges.get(who, none) for who in earners] for anchor in anchors]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Networks (W,) at P points: logs of costs (P, W, N, N), charges (P, E, W, N, N), the baseline's (P, E, N, N)."""

    nets: Int
    logs: Float
    earners: tuple[str, ...]
    charges: Float
    base_charges: Float

    def mixed(self, weights: Float) -> Shipping:
        """Return transport where the points have these weights, shape (P,); an infinite cost stays so."""
        at = np.flatnonzero(weights)
        weight = weights[at]
        with np.errstate(invalid="ignore"):
            logs = np.tensordot(weight, self.logs[at], 1)
        change = np.exp(np.where(np.isfinite(self.logs[0]), logs, self.logs[0]))
        charges = np.maximum(np.tensordot(weight, self.charges[at], 1), 0.0)
        base = np.maximum(np.tensordot(weight, self.base_charges[at], 1), 0.0)
        return Shipping(change, self.earners, charges, dict(zip(self.earners, base, strict=True)))
