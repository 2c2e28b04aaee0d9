"""Who gains from acting together, whether it holds, and who can hold it up: the game of a study's members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from landbridge.cooperation.bitmasks import names_of
from landbridge.cooperation.core_of_game import LeastCore, SidePayments, least_core, side_payments
from landbridge.cooperation.game import Game
from landbridge.cooperation.influence import Influence, dependency, influence, spillover
from landbridge.cooperation.moves import (
    CoalitionValues,
    Measure,
    Outsiders,
    Situation,
    coalition_draws,
    coalition_values,
)
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shape import ShapeTest, convexity, superadditivity
from landbridge.cooperation.shares import banzhaf, shapley
from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, InfeasibleError, Problem, refuse
from landbridge.pipeline.bundles import Bundle, coalition_bundles, study_members, works_of
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoff_draws import draw_parameters
from landbridge.pipeline.payoffs import cube_values
from landbridge.pipeline.queue_effects import queue_effects
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Study

Players = Literal["economies", "all"]
"""``economies``: members that hold an economy play, the others are taken to consent. ``all``: every member plays."""
ANSWERS: Final[tuple[Outsiders, ...]] = ("passive", "together", "alone")
DEFAULT_HORIZON_YEARS: Final = 20
DEFAULT_RATE: Final = 0.05
ENDS: Final = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How yearly gains become a present value: the first year counts discounted once."""

    rate: float
    years: int
    why: str

    @property
    def factor(self) -> float:
        """Present value of 1 a year."""
        return float(np.sum((1.0 + self.rate) ** -np.arange(1.0, self.years + 1.0)))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Quantiles over draws of elasticity, choice scale and agreements, 5 % and 95 %; million USD, present value."""

    draws: int
    value: tuple[Float, Float]
    """Of every coalition, each (2**n,)."""
    own_gain: tuple[Float, Float]
    """Of each member when all act together in the central best state, each (n,)."""
    shapley: tuple[Float, Float]
    """Each (n,)."""
    core_empty_share: float
    """Share of the draws in which the core is empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Cooperation:
    """The game of a study; amounts are present values in million USD, n players.

    Attributes
    ----------
    players, names
        Ids and names.
    taken_to_consent
        Members without economies whose consent is taken as given.
    bundles
        The moves.
    left_out
        Measures that are no move, each with the reason.
    horizon
        How yearly gains became present values.
    situation
        Payoff of every set of moves to every player, works paid.
    paid
        Works of each move by the player that the study names as payer, million USD, shape (m, n).
    answers
        What every coalition is worth by the outsiders' answer; None where they answer in circles.
    gains
        Own gain of each player when all act together, works that it pays taken off, shape (n,).
    superadditive, convex
        Whether joining is never worth less than apart; whether members add more to larger coalitions.
    shapley, banzhaf, nucleolus
        Divisions of the joint gain, shape (n,); the Banzhaf value does not add up to it.
    stability
        Least core: whether the core is empty and who objects.
    payments
        The least side payments that hold all together.
    influence
        Essential members and veto players.
    dependency
        What the row's player loses when the column's leaves, shape (n, n).
    spillover
        What those outside gain from each coalition, shape (2**n,).
    spread
        Over draws; None if none were asked for.
    freight_states
        Networks for which routes were searched.
    full_runs
        Sets of moves that were run in full for what queues change (`pipeline.queue_effects`).
    """

    study: str
    players: tuple[str, ...]
    names: tuple[str, ...]
    taken_to_consent: tuple[str, ...]
    bundles: tuple[Bundle, ...]
    left_out: tuple[tuple[str, str], ...]
    horizon: Horizon
    situation: Situation
    paid: Float
    answers: Mapping[str, CoalitionValues | None]
    gains: Float
    superadditive: ShapeTest
    convex: ShapeTest
    shapley: Float
    banzhaf: Float
    nucleolus: Float
    stability: LeastCore
    payments: SidePayments
    influence: Influence
    dependency: Float
    spillover: Float
    spread: Spread | None
    freight_states: int
    full_runs: int

    @property
    def game(self) -> Game:
        """The game with outsiders who do nothing."""
        return self.passive.game

    @property
    def passive(self) -> CoalitionValues:
        """What coalitions are worth with outsiders who do nothing."""
        found = self.answers["passive"]
        if found is None:
            raise InfeasibleError("coalitions were not valued.")
        return found

    def moves_of(self, coalition: int) -> tuple[str, ...]:
        """Return the moves that a coalition (a mask) makes."""
        return names_of(int(self.passive.chosen[coalition]), self.situation.ids)


def coalitions(study: Study) -> Game:
    """Return the game of a study's members: what every coalition of them is worth, million USD, present value.

    Outsiders do nothing. `cooperate` gives the same with everything that follows from it.
    """
    return cooperate(study).game


def has_game(study: Study) -> bool:
    """Tell whether some member with an economy is asked for some measure that moves trade."""
    players = tuple(member.id for member in study.members if member.economies)
    return bool(players) and bool(coalition_bundles(study, players)[0])


def cooperate(
    study: Study, *, draws: int = 0, seed: int = 0, players: Players = "economies", base: Baseline | None = None
) -> Cooperation:
    r"""Return the game of a study's members with its solutions.

    :math:`\pi_i(s) = A\, \mathrm{EV}_i(s) - \sum \text{works paid by } i`, A the present value of 1 a year.

    Parameters
    ----------
    study
        The study.
    draws
        Number of stratified draws of the trade elasticity, the choice scale and the effect of agreements.
    seed
        Of the draws.
    players
        Who plays.
    base
        The study's baseline, if it is at hand.

    Raises
    ------
    StudyError
        No member, no measure that moves trade, or more moves than can be valued.
    """
    chosen = tuple(m.id for m in study.members if players == "all" or m.economies)
    refuse(_faults(study, chosen))
    bundles, left = coalition_bundles(study, chosen)
    if not bundles:
        refuse([_fault("LB541", "no measure that moves trade asks a member. Add measures with 'consent'.")])
    horizon = horizon_of(study)
    base = base or baseline_of(study)
    sampled = draw_parameters(study, draws, np.random.default_rng(seed))
    states = cube_values(base, [bundle.measures for bundle in bundles], draws=sampled)
    holds = holdings(study, base, chosen)
    works, loose = _works(study, bundles, chosen)
    queues = queue_effects(base, bundles, states.gain_musd[0])
    payoffs = horizon.factor * (states.gain_musd + queues.gain_musd) @ holds - _sums(works)
    situation = Situation(
        chosen,
        tuple(
            Measure(b.id, b.consent, b.requires, cost, removable=not (cost or row.any()))
            for b, cost, row in zip(bundles, loose, works, strict=True)
        ),
        payoffs[0],
    )
    return _answer(
        study, situation, payoffs[1:], (bundles, left, horizon, (states.freight_states, len(queues.ran)), works)
    )


def _answer(
    study: Study,
    situation: Situation,
    sampled: Float,
    about: tuple[tuple[Bundle, ...], tuple[tuple[str, str], ...], Horizon, tuple[int, int], Float],
) -> Cooperation:
    players = situation.parties
    answers: dict[str, CoalitionValues | None] = {outsiders: _valued(situation, outsiders) for outsiders in ANSWERS}
    passive = coalition_values(situation)
    game = passive.game
    gains = passive.own_gain[-1] - _shared(passive)
    names = {member.id: member.name for member in study.members}
    return Cooperation(
        study.id,
        players,
        tuple(names[player] for player in players),
        tuple(name for member, name in names.items() if member not in players),
        about[0],
        about[1],
        about[2],
        situation,
        about[4],
        answers,
        gains,
        superadditivity(game),
        convexity(game),
        shapley(game),
        banzhaf(game),
        _nucleolus(game),
        least_core(game),
        side_payments(game, gains),
        influence(game),
        dependency(passive.own_gain),
        spillover(passive.own_gain),
        _spread(situation, passive, sampled) if len(sampled) else None,
        *about[3],
    )


def _valued(situation: Situation, outsiders: Outsiders) -> CoalitionValues | None:
    try:
        return coalition_values(situation, outsiders=outsiders)
    except ConvergenceError:
        return None


def _shared(found: CoalitionValues) -> Float:
    """Return the works of all together that nobody is named for, in equal parts, shape (n,)."""
    n = found.own_gain.shape[1]
    part: Float = np.full(n, float(found.works[-1]) / n)
    return part


def _nucleolus(game: Game) -> Float:
    try:
        return nucleolus(game)
    except InfeasibleError:
        return nucleolus(game, among="divisions")


def _spread(situation: Situation, central: CoalitionValues, sampled: Float) -> Spread:
    values = coalition_draws(situation, sampled)
    games = [Game(situation.parties, value) for value in values]
    own = sampled[:, int(central.chosen[-1])] - sampled[:, situation.start_state] - _shared(central)
    shares = np.array([shapley(game) for game in games])
    empty = float(np.mean([least_core(game).core_is_empty for game in games]))
    return Spread(len(sampled), _ends(values), _ends(own), _ends(shares), empty)


def _ends(values: Float) -> tuple[Float, Float]:
    low, high = np.quantile(values, ENDS, axis=0)
    return low, high


def horizon_of(study: Study) -> Horizon:
    """Return the study's discount rate and horizon.

    The rate is parameter ``discount_rate_percent``, else that of the road map's discount factor; the years are
    the road map's.
    """
    settings = study.roadmap.get("settings", {})
    years = int(settings.get("horizon_years", DEFAULT_HORIZON_YEARS))
    said = "road map" if settings else "default"
    if "discount_rate_percent" in study.parameters:
        rate = study.parameter("discount_rate_percent") / 100.0
        return Horizon(rate, years, f"rate: parameter discount_rate_percent; years: {said}")
    if settings.get("discount_factor"):
        return Horizon(1.0 / float(settings["discount_factor"]) - 1.0, years, "rate and years: road map")
    return Horizon(DEFAULT_RATE, years, f"rate: default; years: {said}")


def holdings(study: Study, base: Baseline, parties: Sequence[str]) -> Float:
    """Return which party holds which economy, ones and zeros, shape (N, n)."""
    economies = base.ground.inputs.economies
    held = np.zeros((len(economies), len(parties)))
    for member in study.members:
        for economy in member.economies:
            if member.id in parties and economy in economies:
                held[economies.index(economy), parties.index(member.id)] = 1.0
    return held


def _works(study: Study, bundles: Sequence[Bundle], players: Sequence[str]) -> tuple[Float, list[float]]:
    """Return works by bundle and the player that pays, shape (m, n), and those that whoever moves pays, million USD."""
    stated = works_of(study)
    paid = np.zeros((len(bundles), len(players)))
    loose = [0.0] * len(bundles)
    for k, bundle in enumerate(bundles):
        for name in bundle.measures:
            amount, payer = stated.get(name, (0.0, ""))
            if payer in players:
                paid[k, players.index(payer)] += amount
            else:
                loose[k] += amount
    return paid, loose


def _sums(rows: Float) -> Float:
    """Return the sum of the rows over every set of them, shape (2**m, n)."""
    m = len(rows)
    stands = (np.arange(1 << m)[:, None] >> np.arange(m)) & 1
    total: Float = stands.astype(np.float64) @ rows
    return total


def _faults(study: Study, players: Sequence[str]) -> list[Problem]:
    found = []
    if not players:
        with_none = ", ".join(study_members(study)) or "none"
        found.append(_fault("LB542", f"no member holds an economy (members: {with_none}). Give one 'economies'."))
    return found


def _fault(code: str, message: str) -> Problem:
    return Problem(code, message, "study.toml", column="member")
