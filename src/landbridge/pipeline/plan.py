"""In which order to act: a study's road map with the payoffs that the models give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.cooperation.acceptance import Rules
from landbridge.cooperation.elements import Element, Stage
from landbridge.cooperation.expectations import Gains, expected_gains, lapse_losses
from landbridge.cooperation.orders import acceptable_elements
from landbridge.cooperation.plans import Plan, RoadMapAnswer, order_faults, solve_road_map
from landbridge.cooperation.roadmap import RoadMap
from landbridge.cooperation.switching import SwitchingValue, switching_scale, switching_values
from landbridge.cooperation.timeline import Timeline, draw_timeline
from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError, refuse
from landbridge.pipeline.bundles import study_members, works_of
from landbridge.pipeline.coalitions import holdings
from landbridge.pipeline.courses import Course, MoveParts, courses, move_parts
from landbridge.pipeline.indicators import parse_indicator
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoffs import state_values
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Study

DRAWS: Final = 20_000
SEARCH_WIDTH: Final = 3.0
"""A switching value is searched as far from the stated worth as this many times the party's largest one."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Draws over years: who agrees decides (`agreed`), or everybody does and only chance and dates decide.

    Attributes
    ----------
    standing
        Chance that each element stands at the end of each year, (y, m).
    stages
        Chance that all elements of each stage stand, (y, stages).
    goal
        Chance that the goal stands, (y,).
    gains
        Of each party, million USD.
    courses
        Indicators of the targets.
    """

    timeline: Timeline
    standing: Float
    stages: Float
    goal: Float
    gains: Gains
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RoadMapResult:
    """What follows from a study's road map; amounts in million USD, n parties, m elements.

    Attributes
    ----------
    parties, party_names, elements, element_titles, stage_titles
        Ids and names.
    road_map, rules
        As solved.
    answer
        With foresight; `myopic` looks at one year only; `with_payments` lets the parties asked pay each other;
        `one_by_one` never makes two moves at once, nor does `myopic_one_by_one`.
    model_gain
        Shape (2**m, n): yearly gain over the baseline by the models, works as a yearly charge taken off, security
        left out.
    switching
        Stated worths whose change alone would bring the goal into or out of reach, nearest first, and the factor on
        all of them; `searched` tells how many were tried.
    agreed, willing
        Times with the parties' consent, and as if all agreed to every move.
    lapse_loss
        Yearly loss if an element lapses at the end of the time, shape (m, n), as if all agreed.
    move_parts
        What each move brings to each target's indicator at base-year levels, its response in full.
    """

    study: str
    parties: tuple[str, ...]
    party_names: tuple[str, ...]
    elements: tuple[str, ...]
    element_titles: tuple[str, ...]
    stage_titles: tuple[str, ...]
    road_map: RoadMap
    rules: Rules
    answer: RoadMapAnswer
    myopic: RoadMapAnswer
    with_payments: RoadMapAnswer
    one_by_one: RoadMapAnswer
    myopic_one_by_one: RoadMapAnswer
    model_gain: Float
    switching: tuple[SwitchingValue, ...]
    scale: SwitchingValue
    searched: int
    agreed: Times
    willing: Times
    lapse_loss: Float
    move_parts: tuple[MoveParts, ...]

    def title(self, element: str) -> str:
        """Return an element's title."""
        return self.element_titles[self.elements.index(element)]

    def name(self, party: str) -> str:
        """Return a party's name."""
        return self.party_names[self.parties.index(party)]


def plan(study: Study) -> list[Plan]:
    """Return the best orders in which the parties of a study's road map reach its goal, best first.

    Empty if some party asked refuses a step that every order needs; `follow_road_map` then tells who, where, and what
    payment would change that.
    """
    base = baseline_of(study)
    road_map, _ = road_map_of(study, base)
    return list(solve_road_map(road_map, rules_of(study)).plans)


def follow_road_map(
    study: Study, *, draws: int = DRAWS, seed: int = 0, search: bool = True, base: Baseline | None = None
) -> RoadMapResult:
    """Return everything that follows from a study's road map.

    Parameters
    ----------
    study
        The study.
    draws
        Of the time line.
    seed
        Of the draws.
    search
        Whether switching values of single worths are searched, which takes longest.
    base
        The study's baseline, if it is at hand.

    Raises
    ------
    StudyError
        If the study has no road map, or its conditions keep the goal out of reach whoever agrees.
    """
    base = base or baseline_of(study)
    road_map, values = road_map_of(study, base)
    rules = rules_of(study)
    answer = solve_road_map(road_map, rules)
    entries = (*study.roadmap["move"], *study.roadmap["milestone"])
    may = acceptable_elements(road_map, rules, answer.prospects)
    willing = _times(study, base, road_map, values, _drawn(study, road_map, draws, seed, None))
    return RoadMapResult(
        study.id,
        road_map.parties,
        tuple(member.name for member in study.members),
        road_map.ids,
        tuple(str(entry["title"]) for entry in entries),
        tuple(str(stage["title"]) for stage in study.roadmap.get("stage", ())),
        road_map,
        rules,
        answer,
        solve_road_map(road_map, replace(rules, discount=0.0)),
        solve_road_map(road_map, replace(rules, payments=True)),
        solve_road_map(road_map, replace(rules, at_once=1)),
        solve_road_map(road_map, replace(rules, discount=0.0, at_once=1)),
        road_map.payoff,
        switching_values(road_map, reached=answer.reached, width=SEARCH_WIDTH, rules=rules) if search else (),
        switching_scale(road_map, high=3.0, rules=rules, tolerance=1e-2),
        len(study.roadmap.get("worth", ())) if search else 0,
        _times(study, base, road_map, values, _drawn(study, road_map, draws, seed, may)),
        willing,
        lapse_losses(willing.timeline, road_map),
        move_parts(
            base, values, elements_of(study), [e["id"] for e in study.roadmap["move"] if e["adds"] or e["removes"]]
        ),
    )


def rules_of(study: Study) -> Rules:
    """Return how the parties judge a step: the road map's discount factor and moves at once."""
    settings = study.roadmap["settings"]
    return Rules(discount=float(settings["discount_factor"]), at_once=int(settings["moves_together"]))


def road_map_of(study: Study, base: Baseline) -> tuple[RoadMap, Float]:
    r"""Return the study's road map with yearly payoffs in million USD, and indicators by state (2**m, targets).

    Payoffs are the equivalent variation of what stands, less a yearly charge :math:`K (1 - \beta)` for works K of the
    measures that stand, which in all later years together is worth K in the year of the step. Works without a named
    payer are shared by the parties asked.

    Raises
    ------
    StudyError
        If the study has no road map, or it has faults.
    """
    refuse(_missing(study))
    parties = study_members(study)
    elements = elements_of(study)
    moves = [set(move["adds"]) | set(move["removes"]) for move in study.roadmap["move"]]
    moves += [set() for _ in study.roadmap["milestone"]]
    standings = _standings(study, len(elements))
    indicators = [
        parse_indicator(text, base.ground.inputs.economies) for text in study.tables["targets"].text("indicator")
    ]
    values = state_values(base, standings, indicators=indicators)
    beta = float(study.roadmap["settings"]["discount_factor"])
    charge = (1.0 - beta) * _works(study, elements, moves, parties)
    stands = ((np.arange(1 << len(elements))[:, None] >> np.arange(len(elements))) & 1).astype(np.float64)
    payoff = values.gain_musd[0] @ holdings(study, base, parties) - stands @ charge
    return _road_map(study, parties, elements, payoff), values.indicators[0]


def _road_map(study: Study, parties: tuple[str, ...], elements: tuple[Element, ...], payoff: Float) -> RoadMap:
    settings = study.roadmap["settings"]
    return RoadMap(
        parties,
        elements,
        payoff,
        tuple(settings["goal"]),
        tuple(settings["start"]),
        _security(study, elements, parties),
        tuple(
            Stage(str(stage["title"]), tuple(stage["elements"]), tuple(stage["conditions"]))
            for stage in study.roadmap.get("stage", ())
        ),
    )


def road_map_faults(study: Study) -> list[Problem]:
    """Return what keeps a study's road map from being followed, whatever its moves are worth: dates, circles, reach."""
    if _missing(study):
        return []
    parties, elements = study_members(study), elements_of(study)
    # what moves are worth does not matter here; a broadcast zero takes no room however many elements there are
    nothing = np.broadcast_to(0.0, (1 << len(elements), len(parties)))
    try:
        found = order_faults(_road_map(study, parties, elements, nothing), rules_of(study))
    except StudyError as error:
        found = list(error.problems)
    return [replace(problem, file="roadmap.toml") for problem in found]


def elements_of(study: Study) -> tuple[Element, ...]:
    """Return moves and milestones of ``roadmap.toml`` as elements; a move without consent asks for its measures'."""
    consent = {measure.id: measure.consent for measure in study.measures}
    found = []
    for move in study.roadmap["move"]:
        asked = tuple(move["consent"]) or tuple(
            member for member in study_members(study)
            if any(member in consent[name] for name in (*move["adds"], *move["removes"]))
        )  # fmt: skip
        found.append(_element(move, asked, tuple(move["requires"]), milestone=False))
    found += [_element(stone, (), tuple(stone["waits_for"]), milestone=True) for stone in study.roadmap["milestone"]]
    return tuple(found)


def _element(
    entry: Mapping[str, Any], consent: tuple[str, ...], requires: tuple[str, ...], *, milestone: bool
) -> Element:
    return Element(
        str(entry["id"]),
        consent,
        requires,
        tuple(entry.get("together_with", ())),
        tuple(entry.get("excludes", ())),
        tuple(entry["lapses_with"]),
        float(entry["lapse_chance_per_year"]),
        milestone,
        entry["not_before_year"],
        entry["not_after_year"],
        float(entry.get("chance_per_year", 1.0)),
        int(entry["lag_years"]),
        str(entry["why"]),
    )


def _standings(study: Study, m: int) -> list[tuple[str, ...]]:
    """Return what stands in each state of the road map."""
    baseline = frozenset(measure.id for measure in study.measures if measure.in_baseline)
    moves = [(frozenset(move["adds"]), frozenset(move["removes"])) for move in study.roadmap["move"]]
    found = []
    for state in range(1 << m):
        now = baseline
        for k, (adds, removes) in enumerate(moves):
            if state >> k & 1:
                now = (now | adds) - removes
        found.append(tuple(now))
    return found


def _works(study: Study, elements: Sequence[Element], moves: Sequence[set[str]], parties: Sequence[str]) -> Float:
    """Return the works of each element by the party that pays, million USD, shape (m, n)."""
    stated = works_of(study)
    paid = np.zeros((len(elements), len(parties)))
    for k, (element, names) in enumerate(zip(elements, moves, strict=True)):
        for name in names:
            amount, payer = stated.get(name, (0.0, ""))
            share = [payer] if payer in parties else list(element.consent)
            for party in share:
                paid[k, parties.index(party)] += amount / len(share)
    return paid


def _security(study: Study, elements: Sequence[Element], parties: Sequence[str]) -> Float:
    """Return stated worth beyond trade, million USD a year, shape (m, n)."""
    worth = np.zeros((len(elements), len(parties)))
    ids = [element.id for element in elements]
    for entry in study.roadmap.get("worth", ()):
        worth[ids.index(entry["element"]), parties.index(entry["party"])] += 1000.0 * float(entry["usd_bn_per_year"])
    return worth


def _missing(study: Study) -> list[Problem]:
    if study.roadmap.get("settings") and (study.roadmap.get("move") or study.roadmap.get("milestone")):
        return []
    message = f"study '{study.id}' has no road map. Add roadmap.toml with [settings] and [[move]] (see island-canal)."
    return [Problem("LB543", message, "roadmap.toml")]


def _drawn(study: Study, road_map: RoadMap, draws: int, seed: int, may: Any) -> Timeline:  # noqa: ANN401 - mask or None
    settings = study.roadmap["settings"]
    first = int(settings["start_year"])
    last = first + int(settings["horizon_years"]) - 1
    return draw_timeline(road_map, np.random.default_rng(seed), first_year=first, last_year=last, draws=draws, may=may)


def _times(study: Study, base: Baseline, road_map: RoadMap, values: Float, timeline: Timeline) -> Times:
    stages = [timeline.reached(stage.elements) for stage in road_map.stages]
    y = len(timeline.years)
    return Times(
        timeline,
        timeline.standing(),
        np.stack(stages, axis=1) if stages else np.zeros((y, 0)),
        timeline.reached(road_map.goal),
        expected_gains(timeline, road_map, discount=float(study.roadmap["settings"]["discount_factor"])),
        courses(base, values, timeline),
    )
