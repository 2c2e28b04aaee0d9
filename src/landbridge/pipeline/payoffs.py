"""What many sets of standing measures are worth to every economy, solved in one batch."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.draws import quantile
from landbridge.pipeline.edits import NETWORK_KINDS
from landbridge.pipeline.freight import Freight, find_freight, freight_at, logit_of
from landbridge.pipeline.ground import Ground, arc_values, standing_network
from landbridge.pipeline.indicators import Indicator, trade_value, visits_under, visits_value
from landbridge.pipeline.inputs import Inputs
from landbridge.pipeline.interactions import compose, few_blocks, linked_triples
from landbridge.pipeline.loads import charge_shares, earner_mix
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.trading import Rules, containers, cost_change, flows_after, policy_of, rules_under
from landbridge.routing.choice import Choice, choose
from landbridge.routing.generalised import ArcValues
from landbridge.routing.overlay import Overlay, with_reference
from landbridge.study.model import Measure, Parameter, Study
from landbridge.trade.baseline import TradeBaseline
from landbridge.trade.one_sector import TradeEquilibrium, remove_deficits, solve_trade
from landbridge.trade.options import Charge, Policy, Shifts, TradeOptions

CHUNK: Final = 256
"""Equilibria that are solved together."""
WORKERS: Final = 2
"""Threads over network states; the kernels leave Python's lock."""
EXACT_NETWORKS: Final = 64
"""Up to this many networks all are searched."""
INTERACTS: Final = 0.01
"""Beyond it, three blocks of measures are searched together only if each two of them interact by more than this share
of the largest effect, and interactions of more than three are left out."""
TRADE_KINDS: Final = frozenset({"tariff", "agreement", "ban", "productivity"})
"""Kinds of change that move trade without touching the network; visas and travel move visits only."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Parameters that a draw of the payoffs replaces."""

    trade_elasticity: float
    choice_scale_per_usd: float


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


def moves_network(measure: Measure) -> bool:
    """Tell whether a measure changes the network."""
    return any(change.kind in NETWORK_KINDS for change in measure.changes)


def moves_trade(measure: Measure) -> bool:
    """Tell whether a measure changes costs of trade or its rules, not visits alone."""
    return any(change.kind in NETWORK_KINDS | TRADE_KINDS for change in measure.changes)


def draw_parameters(study: Study, count: int, rng: np.random.Generator) -> tuple[Draw, ...]:
    """Return draws of the trade elasticity and the choice scale, stratified over their stated ranges.

    Each range is cut into `count` parts of equal chance and one value is taken from each (McKay, Beckman and
    Conover 1979), so that few draws cover it; the two are paired at random.
    """
    if not count:
        return ()
    columns = [_stratified(study.parameters[name], count, rng) for name in ("trade_elasticity", "choice_scale_per_usd")]
    return tuple(Draw(float(a), float(b)) for a, b in zip(*columns, strict=True))


def _stratified(parameter: Parameter, count: int, rng: np.random.Generator) -> Float:
    share = rng.permutation((np.arange(count) + rng.random(count)) / count)
    return quantile(parameter, share)


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
        Further draws of the parameters, after the study's own.
    indicators
        Indicators to follow.
    blocks
        Measures that always change sides together, if the network is to be taken apart by them: where they make
        more than `EXACT_NETWORKS` networks, interactions of more than three blocks are left out, and of three that
        do not interact by two (see `pipeline.interactions`). Empty: every network is searched.

    Notes
    -----
    Delays by load are left at the baseline's: a queue that a new flow makes is not in these values (it is in
    those of `run`). Who earns the charges of a corridor that the baseline does not use is taken from the network
    with everything standing that some set holds.
    """
    study = base.ground.study
    order = {measure.id: k for k, measure in enumerate(study.measures)}
    sets = [tuple(sorted(set(names), key=order.__getitem__)) for names in standings]
    unique = list(dict.fromkeys(sets))
    back: Int = np.array([unique.index(one) for one in sets], dtype=np.int64)
    network = {measure.id for measure in study.measures if moves_network(measure)}
    trade = {measure.id for measure in study.measures if any(change.kind in TRADE_KINDS for change in measure.changes)}
    model = _Model.of(base, tuple(name for name in order if any(name in one for one in unique)), draws)
    networks, net_of = _distinct([tuple(n for n in one if n in network) for one in unique])
    rules, rule_of = _distinct([tuple(n for n in one if n in trade) for one in unique])
    states, found_of, searched = model.transports(
        networks, [tuple(n for n in block if n in network) for block in blocks]
    )
    gains, values = [], []
    for d in range(1 + len(draws)):
        gain, value = model.solve(d, unique, (states, found_of[net_of]), (rules, rule_of), indicators)
        gains.append(gain[back])
        values.append(value[back])
    return StateValues(np.stack(gains), np.stack(values), searched)


def _distinct(keys: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Int]:
    unique = list(dict.fromkeys(keys))
    at = {key: k for k, key in enumerate(unique)}
    return unique, np.array([at[key] for key in keys], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Transport:
    """One network in one draw: change of transport cost (N, N) and shares of charges by earner, each (N, N)."""

    change: Float
    charges: Mapping[str, Float]


@dataclass(frozen=True, slots=True, eq=False)
class _Anchor:
    """The baseline of one draw: elasticity, choice scale, composite cost and charges by who earns them."""

    draw: Draw
    freight: Freight
    charges: Mapping[str, Float]


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The baseline with everything that all states share."""

    base: Baseline
    ground: Ground
    anchors: tuple[_Anchor, ...]
    mixes: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, base: Baseline, all_named: Sequence[str], draws: Sequence[Draw]) -> "_Model":
        study = base.ground.study
        ground = replace(base.ground, overlay=_with_reference(base))
        own = Draw(study.parameter("trade_elasticity"), study.parameter("choice_scale_per_usd"))
        mixes = dict(base.mixes)
        whole = find_freight(ground, all_named)
        new = [corridor for corridor in whole.alternatives.corridors if corridor not in mixes]
        if new:
            teu = _teu(ground, base, whole, own, base.ground.inputs.flows)
            mixes = {**earner_mix(ground, whole, teu, new), **mixes}
        first = _Anchor(own, base.freight, base.charges)
        return cls(base, ground, (first, *(_anchor(base, ground, draw) for draw in draws)), mixes)

    def transports(
        self, networks: Sequence[tuple[str, ...]], blocks: Sequence[tuple[str, ...]]
    ) -> tuple[list[tuple[_Transport, ...]], Int, int]:
        """Return transport of networks in every draw, which of them each set gives, and how many were searched."""
        named = [block for block in blocks if block]
        if 1 << len(named) <= EXACT_NETWORKS:
            found, of = self._searched(networks)
            return found, of, len(found)
        standing = set(self.base.standing) & self._network_ids
        few = few_blocks(len(named), 2)
        rows, searched = self._toggled_rows(standing, named, few)
        costs = np.log(np.array([row[0].change for row in rows]))
        further = linked_triples(costs, few, len(named), INTERACTS)
        more, also = self._toggled_rows(standing, named, further)
        chosen, rows = np.concatenate([few, further]), [*rows, *more]
        whole = [_composed([row[d] for row in rows], chosen, len(named)) for d in range(len(self.anchors))]
        every = [tuple(draw[mask] for draw in whole) for mask in range(1 << len(named))]
        masks = {frozenset(_toggled(standing, named, mask)): mask for mask in range(len(every))}
        return every, np.array([masks[frozenset(one)] for one in networks], dtype=np.int64), searched + also

    def _toggled_rows(
        self, standing: set[str], blocks: Sequence[tuple[str, ...]], chosen: Int
    ) -> tuple[list[tuple[_Transport, ...]], int]:
        """Return transport in every draw with sets of blocks changed, and the number of networks searched."""
        solved, at = self._searched([tuple(sorted(_toggled(standing, blocks, mask))) for mask in chosen.tolist()])
        return [solved[k] for k in at.tolist()], len(solved)

    @property
    def _network_ids(self) -> set[str]:
        return {measure.id for measure in self.ground.study.measures if moves_network(measure)}

    def _searched(self, networks: Sequence[tuple[str, ...]]) -> tuple[list[tuple[_Transport, ...]], Int]:
        """Return transport in every draw for distinct networks, and which of them each set of measures gives.

        Measures on arcs that are closed change nothing, so networks are told apart by their open arcs.
        """
        touched = [standing_network(self.ground, names) for names in networks]
        keys: dict[bytes, int] = {}
        of: Int = np.array([keys.setdefault(_fingerprint(arc_values(net)), len(keys)) for net in touched])
        first = [int(np.flatnonzero(of == k)[0]) for k in range(len(keys))]

        def one(row: int) -> tuple[_Transport, ...]:
            freight = freight_at(self.ground, touched[row], arc_values(touched[row]))
            return tuple(self._transport(anchor, freight) for anchor in self.anchors)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, first)), of

    def _transport(self, anchor: _Anchor, freight: Freight) -> _Transport:
        there = rechosen(self.ground, freight, anchor.draw)
        composite = anchor.freight.choice.composite_usd_per_teu, there.choice.composite_usd_per_teu
        rules = self.base.rules, self.base.rules
        change = cost_change(self.ground.inputs, composite, rules, anchor.draw.trade_elasticity)
        if self.ground.study.settings.deficits == "multiplicative":
            return _Transport(change.transport, {})
        unit = containers(
            self.ground.inputs, np.ones_like(self.ground.inputs.flows), change, anchor.draw.trade_elasticity
        )
        unit = np.where(np.isfinite(composite[1]), unit, 0.0)
        return _Transport(change.transport, charge_shares(self.ground, there, unit, self.mixes))

    def solve(
        self,
        d: int,
        standings: Sequence[tuple[str, ...]],
        transports: tuple[list[tuple[_Transport, ...]], Int],
        rules: tuple[list[tuple[str, ...]], Int],
        indicators: Sequence[Indicator],
    ) -> tuple[Float, Float]:
        """Return gains (S, N) in million USD and indicators (S, I) of all sets in one draw."""
        inputs, study = self.ground.inputs, self.ground.study
        batch = _Batch.of(self, d, [row[d] for row in transports[0]], rules[0])
        net, rule = transports[1], rules[1]
        gain = np.zeros((len(standings), len(inputs.economies)))
        value = np.zeros((len(standings), len(indicators)))
        parts = [np.arange(at, min(at + CHUNK, len(standings))) for at in range(0, len(standings), CHUNK)]
        with ThreadPoolExecutor(WORKERS) as pool:
            found = list(pool.map(lambda rows: batch.equilibria(net[rows], rule[rows]), parts))
        for rows, equilibrium in zip(parts, found, strict=True):
            income = equilibrium.real_income_change
            gain[rows] = equilibrium.baseline_spending * (income - 1.0)
            if any(indicator.kind == "trade" for indicator in indicators):
                flows = flows_after(inputs, equilibrium)
            for i, indicator in enumerate(indicators):
                for k, row in enumerate(rows.tolist()):
                    if indicator.kind == "trade":
                        value[row, i] = trade_value(indicator, inputs.economies, flows[k])
                    else:
                        visits = visits_under(study, inputs, standings[row], self.base.standing, income[k])
                        value[row, i] = visits_value(indicator, study.tables["visits"], visits)
        return gain, value


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """All equilibria of one draw: arrays by network and by set of rules, put together chunk by chunk."""

    study: Study
    inputs: Inputs
    elasticity: float
    start: TradeBaseline | Float
    transport: Float
    rules_part: Float
    tariffs: Float
    new_tariffs: Float
    unbanned: Float
    open_weights: Float | None
    productivity: Float
    earners: tuple[str, ...]
    charges: Float
    base_charges: Mapping[str, Float]

    @classmethod
    def of(cls, model: _Model, d: int, transports: Sequence[_Transport], rules: Sequence[tuple[str, ...]]) -> "_Batch":
        ground, anchor, before = model.ground, model.anchors[d], model.base.rules
        study, inputs = ground.study, ground.inputs
        n = len(inputs.economies)
        after = [rules_under(study, inputs, names) for names in rules]
        policies = [policy_of(inputs, before, one) for one in after]
        earners = tuple(sorted({*anchor.charges, *(who for one in transports for who in one.charges)}))
        none = np.zeros((n, n))
        charges = np.array([[one.charges.get(who, none) for one in transports] for who in earners])
        return cls(
            study,
            inputs,
            anchor.draw.trade_elasticity,
            _start(study, inputs, anchor, before),
            np.array([one.change for one in transports]),
            np.array([_rules_part(inputs, before, one, anchor.draw.trade_elasticity) for one in after]),
            before.tariffs,
            np.array([one.tariffs for one in after]),
            np.array([policy.unbanned for policy in policies]),
            policies[0].open_weights,
            np.array([one.productivity / before.productivity for one in after]),
            earners,
            charges,
            anchor.charges,
        )

    def equilibria(self, net: Int, rule: Int) -> TradeEquilibrium:
        """Return the equilibria of states given by their network and their rules, shape (s,) each."""
        none = np.zeros(self.tariffs.shape)
        free = self.study.settings.deficits == "multiplicative"
        policy = Policy(
            tariffs=None if free else self.tariffs,
            new_tariffs=None if free else self.new_tariffs[rule],
            open_weights=self.open_weights,
            unbanned=self.unbanned[rule],
            charges=()
            if free
            else tuple(
                Charge(self.inputs.position(who), self.charges[k][net], self.base_charges.get(who, none))
                for k, who in enumerate(self.earners)
            ),
        )
        return solve_trade(
            self.start,
            self.transport[net] * self.rules_part[rule],
            trade_elasticity=self.elasticity,
            deficits=self.study.settings.deficits,
            policy=policy,
            shifts=Shifts(productivity=self.productivity[rule]),
            options=TradeOptions(labels=self.inputs.economies),
        )


def _toggled(standing: set[str], blocks: Sequence[tuple[str, ...]], mask: int) -> set[str]:
    return standing ^ {name for k, block in enumerate(blocks) if mask >> k & 1 for name in block}


def _composed(solved: Sequence[_Transport], chosen: Int, m: int) -> list[_Transport]:
    """Return transport of all 2**m networks from those of a few blocks: logs of costs, and shares of charges."""
    costs = np.exp(compose(np.log(np.array([one.change for one in solved])), chosen, m))
    none = np.zeros(costs.shape[1:])
    earners = sorted({who for one in solved for who in one.charges})
    charges = {
        who: np.maximum(compose(np.array([one.charges.get(who, none) for one in solved]), chosen, m), 0.0)
        for who in earners
    }
    return [_Transport(costs[mask], {who: values[mask] for who, values in charges.items()}) for mask in range(1 << m)]


def _start(study: Study, inputs: Inputs, anchor: _Anchor, before: Rules) -> TradeBaseline | Float:
    if study.settings.deficits != "balanced":
        return inputs.flows
    charges = tuple(Charge(inputs.position(who), share, share) for who, share in anchor.charges.items())
    return remove_deficits(
        inputs.flows,
        trade_elasticity=anchor.draw.trade_elasticity,
        policy=Policy(tariffs=before.tariffs, charges=charges),
        options=TradeOptions(labels=inputs.economies),
    )


def _rules_part(inputs: Inputs, before: Rules, after: Rules, elasticity: float) -> Float:
    """Return what agreements and bans do to costs, shape (N, N): the change at unchanged transport."""
    still = np.zeros((len(inputs.classes), len(inputs.zones), len(inputs.zones)))
    return cost_change(inputs, (still, still), (before, after), elasticity).total


def rechosen(ground: Ground, freight: Freight, draw: Draw) -> Freight:
    """Return freight with its corridors chosen anew under a draw's choice scale."""
    logit = logit_of(ground)
    if draw.choice_scale_per_usd == float(logit.scale_per_usd[0]):
        return freight
    seasons = freight.alternatives.seasons
    scaled = replace(logit, scale_per_usd=np.array([draw.choice_scale_per_usd]))
    choice: Choice = choose(freight.alternatives.generalised_usd_per_teu, seasons, scaled)
    return replace(freight, choice=choice)


def _anchor(base: Baseline, ground: Ground, draw: Draw) -> _Anchor:
    freight = rechosen(ground, base.freight, draw)
    unit = _teu(ground, base, freight, draw, np.ones_like(ground.inputs.flows), freight)
    return _Anchor(draw, freight, charge_shares(ground, freight, unit, base.mixes))


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


def _fingerprint(values: ArcValues) -> bytes:
    """Return the same bytes for networks whose open arcs are the same."""
    columns = (values.hours, values.cost_usd_per_teu, values.charge_usd_per_teu, values.months)
    parts = [values.open.tobytes(), *(np.where(values.open, column, 0).tobytes() for column in columns)]
    return hashlib.sha256(b"".join(parts)).digest()
