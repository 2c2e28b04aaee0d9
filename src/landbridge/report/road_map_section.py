"""The report's chapters on the road map: in which order, who refuses what, when, and what becomes of the targets."""

import numpy as np

from landbridge.cooperation.bitmasks import names_of
from landbridge.cooperation.plans import Plan, RoadMapAnswer, Step
from landbridge.figures.cooperation import (
    CourseFan,
    Lattice,
    Staircase,
    chance_lines,
    course_fan,
    lattice_figure,
    staircase,
)
from landbridge.pipeline.cooperation_words import amount, road_map_in_words
from landbridge.pipeline.courses import Course
from landbridge.pipeline.plan import RoadMapResult, Times
from landbridge.report.blocks import Block, Cell, FigureBlock, Section, TableBlock, Text

LATTICE_STATES_MAX = 250
"""Larger graphs are told in numbers only."""
YEARS_AFTER_TARGET = 2
"""Years that a fan goes on after the target's."""


def road_map_section(found: RoadMapResult) -> Section:
    """Return the road map: words, staircase, steps, lattice, switching values."""
    answer = found.answer
    way = answer.plans[0] if answer.reached else answer.bridge.plan
    binding = 0 if answer.reached else next((k for k, s in enumerate(way.steps, start=1) if s.paid.sum() > 0), 0)
    worth = found.road_map.worth()
    states = [found.road_map.start_state, *(step.state for step in way.steps)]
    gain = (worth[states] - worth[states[0]]) / 1000.0
    steps = [" + ".join(found.title(name) for name in step.made) for step in way.steps]
    shown = [i for i in range(len(found.parties)) if np.abs(gain[:, i]).max() > 1e-6]
    blocks: list[Block] = [
        Text(road_map_in_words(found)),
        FigureBlock(
            "staircase",
            "The staircase: yearly gain of each party over today after each step, billion USD a year, trade and stated "
            "worth together, before payments. "
            + ("Shaded: from the first step that some party asked would refuse unpaid. " if binding else "")
            + (
                "The steps are those of the table of the best order"
                if answer.reached
                else "The steps are those of the table that leads to the goal"
            )
            + " below; hover for their words.",
            "Staircase of the road map with each party's gain.",
            {
                "": staircase(
                    Staircase(
                        steps,
                        [found.party_names[i].split(" (")[0] for i in shown],
                        gain[:, shown],
                        "billion USD a year",
                        binding,
                    ),
                    "light",
                )
            },
        ),
    ]
    if answer.reached:
        blocks.append(_steps(found, way, f"The best of {answer.orders:,} orders"))
    else:
        blocks.append(_steps(found, answer.as_far_as, "As far as the parties agree to go"))
        blocks.append(_steps(found, way, "To the goal, with the least payments from outside"))
    blocks += [*_lattice(found), _elements(found), *_switching(found)]
    return Section("road-map", "Action for action: the road map", tuple(blocks))


def timing_section(found: RoadMapResult) -> Section:
    """Return when: chances by year, expected gains, what a lapse costs, and what becomes of the targets."""
    years = found.willing.timeline.years.tolist()
    lines = {title: found.willing.stages[:, k].tolist() for k, title in enumerate(found.stage_titles)}
    lines["The goal"] = found.willing.goal.tolist()
    draws = found.willing.timeline.states.shape[1]
    blocks: list[Block] = [
        FigureBlock(
            "stage-chances",
            "Chance that all moves of a stage stand at the end of each year if all agree to every "
            f"move: {draws:,} draws "
            "of dates, chances and lapses as stated in the road map. A line falls where lapses outweigh.",
            "Lines of the chance of each stage by year.",
            {"": chance_lines(years, lines, "The goal", "light")},
        ),
        _expected(found),
        _lapses(found),
        *_targets(found),
        Text(
            (
                "Chances are those that the road map states, not forecasts: they say how long such "
                "an order takes and how "
                "fragile it is. 'With consent' makes only moves that nobody asked refuses under the "
                "stated worths; 'if all "
                "agree' makes every move as soon as its conditions, dates and chances allow. Gains are at base-year "
                "levels, discounted, with queues at gates as in the baseline, and count the response of trade in "
                "full at once; in the targets it phases in.",
            ),
            "warning",
        ),
    ]
    return Section("road-map-time", "When, and how likely", tuple(blocks))


def _steps(found: RoadMapResult, way: Plan, title: str) -> TableBlock:
    gains = np.array([step.gain for step in way.steps]).reshape(len(way.steps), len(found.parties)) / 1000.0
    shown = [i for i in range(len(found.parties)) if np.abs(gains[:, i]).max(initial=0.0) >= 0.005]
    paid = any(step.paid.any() for step in way.steps)
    rows: list[tuple[Cell, ...]] = [
        (
            f"{number}. " + " + ".join(found.title(name) for name in step.made),
            ", ".join(step.asked) or "nobody",
            *(round(float(gains[number - 1, i]), 2) + 0.0 for i in shown),
            *((_paid(found, step),) if paid else ()),
        )
        for number, step in enumerate(way.steps, start=1)
    ]
    names = "; ".join(f"{p} {found.name(p).split(' (')[0]}" for p in found.parties)
    still = ", ".join(found.parties[i] for i in range(len(found.parties)) if i not in shown)
    return TableBlock(
        f"{title}: each step, who is asked, and what every party gains by it over staying where they are for good, "
        "billion USD, present value with what follows counted. A step is acceptable if nobody asked is below 0. "
        f"{names}." + (f" Not shown, as their gains are below 5 million USD: {still}." if still else ""),
        ("What is done", "Asked", *(found.parties[i] for i in shown), *(("Paid from outside",) if paid else ())),
        tuple(rows),
    )


def _paid(found: RoadMapResult, step: Step) -> str:
    paid = zip(found.parties, step.paid.tolist(), strict=True)
    return ", ".join(f"{party} {amount_ / 1000:,.2f}" for party, amount_ in paid if amount_ > 0) or "nobody"


def _drawn_answer(found: RoadMapResult) -> RoadMapAnswer:
    """Return the answer whose graph is drawn: with payments among those asked, if only they reach the goal."""
    return found.with_payments if found.with_payments.reached and not found.answer.reached else found.answer


def _needed(found: RoadMapResult) -> int:
    """Return the mask of elements that the goal needs, directly or through what it requires."""
    road_map = found.road_map
    needed: set[str] = set()
    asked = list(road_map.goal)
    while asked:
        name = asked.pop()
        if name not in needed:
            needed.add(name)
            element = road_map.elements[road_map.ids.index(name)]
            asked += [*road_map.conditions(element), *element.together_with]
    return sum(1 << k for k, name in enumerate(road_map.ids) if name in needed)


def _lattice(found: RoadMapResult) -> list[Block]:
    """Return the lattice of acceptable states, told apart by what the goal needs; nothing if it is too large."""
    answer, needed = _drawn_answer(found), _needed(found)
    graph, goal, start = answer.graph, found.road_map.goal_mask, found.road_map.start_state & needed
    edges = {(a & needed, b & needed) for a, b in zip(graph.tail.tolist(), graph.head.tolist(), strict=True)}
    edges = {(a, b) for a, b in edges if a != b}
    states = sorted({start, *(state for edge in edges for state in edge)}, key=lambda s: (s.bit_count(), s))
    if not 1 < len(states) <= LATTICE_STATES_MAX:
        return []
    at = {state: k for k, state in enumerate(states)}
    way = answer.plans[0] if answer.reached else answer.as_far_as
    taken = list(dict.fromkeys([start, *(step.state & needed for step in way.steps)]))
    lattice = Lattice(
        [_standing(found, state) for state in states],
        [state.bit_count() for state in states],
        sorted((at[a], at[b]) for a, b in edges),
        [at[state] for state in taken if state in at],
        [at[state] for state in states if state & goal == goal],
    )
    aside = [found.title(name) for k, name in enumerate(found.elements) if not needed >> k & 1]
    ending = "on an order to the goal" if answer.reached else "though none leads to the goal"
    paying = ", if those asked may pay one another," if answer is not found.answer else ""
    return [
        FigureBlock(
            "lattice",
            f"The lattice: {len(states)} sets of moves and milestones that can come to stand by steps that nobody "
            f"asked refuses{paying} {ending}; more stands to the right, and the strong line is the way taken. Hover "
            "for what stands and what each party gains a year by it over today."
            + (f" Moves that the goal does not need are left out of the picture: {'; '.join(aside)}." if aside else ""),
            "Lattice of acceptable states.",
            {"": lattice_figure(lattice, "light")},
        )
    ]


def _standing(found: RoadMapResult, state: int) -> str:
    """Return what stands in a state, and each party's yearly gain over today."""
    worth = found.road_map.worth()
    gain = (worth[state] - worth[found.road_map.start_state]) / 1000.0
    words = [found.title(name) for name in names_of(state, found.elements)] or ["today"]
    gains = [
        f"{party} {value:+.2f}"
        for party, value in zip(found.parties, gain.tolist(), strict=True)
        if abs(value) >= 0.005
    ]
    lines = [", ".join(gains[k : k + 5]) for k in range(0, len(gains), 5)]
    return "<br>".join([*words, *(["billion USD a year:", *lines] if lines else [])])


def _elements(found: RoadMapResult) -> TableBlock:
    security = found.road_map.security
    number = {name: str(k) for k, name in enumerate(found.elements, start=1)}
    rows: list[tuple[Cell, ...]] = []
    for k, element in enumerate(found.road_map.elements):
        worth = [] if security is None else [float(v) / 1000.0 for v in security[k]]
        before = ", ".join(number[name] for name in found.road_map.conditions(element))
        beside = ", ".join(number[name] for name in element.together_with)
        needs = "; ".join([*([before] if before else []), *([f"with {beside}"] if beside else [])])
        rows.append(
            (
                f"{k + 1}. {found.element_titles[k]}",
                ", ".join(element.consent) or "nobody (milestone)",
                needs or "nothing",
                ", ".join(number[name] for name in element.lapses_with) or "nothing",
                100.0 * element.lapse_chance,
                *worth,
                element.why,
            )
        )
    parties = () if security is None else found.parties
    return TableBlock(
        "Moves and milestones as stated: who is asked, what must stand before or be done with them (by number), what "
        "they lapse with, their own chance of lapse a year, and their stated worth beyond trade, billion USD a year. "
        "Worths are inputs.",
        ("What", "Asks", "Needs", "Lapses with", "Lapse, % a year", *parties, "Why"),
        tuple(rows),
        folded=True,
    )


def _switching(found: RoadMapResult) -> list[Block]:
    if not found.searched:
        return []
    rows = [
        (found.name(one.party), found.title(one.element), one.stated / 1000.0, (one.value or 0.0) / 1000.0)
        for one in found.switching
    ]
    if not rows:
        return []
    into = "out of reach" if found.answer.reached else "within reach"
    return [
        TableBlock(
            f"Switching values, billion USD a year: of {found.searched} stated worths, those that "
            f"would bring the goal {into} "
            "if they alone were otherwise, and from which value on (up to three times the party's "
            "largest stated worth).",
            ("Party", "Worth of", "Stated", "Switches at"),
            tuple(rows),
        )
    ]


def _expected(found: RoadMapResult) -> TableBlock:
    def ends(times: Times, i: int) -> tuple[float, float, float]:
        quantiles = times.gains.quantiles[:, i] / 1000.0
        return float(times.gains.total[i]) / 1000.0, float(quantiles[0]), float(quantiles[-1])

    rows = tuple(
        (found.party_names[i], *ends(found.agreed, i), *ends(found.willing, i)) for i in range(len(found.parties))
    )
    return TableBlock(
        "Expected gain over staying at today, billion USD, discounted sum over "
        f"{len(found.agreed.timeline.years)} years, with "
        "the 5 % and 95 % quantiles of the draws.",
        ("Party", "With consent", "5 %", "95 %", "If all agree", "5 % ", "95 % "),
        rows,
    )


def _lapses(found: RoadMapResult) -> TableBlock:
    rows: list[tuple[Cell, ...]] = [
        (found.element_titles[k], *(float(v) / 1000.0 for v in found.lapse_loss[k]))
        for k, element in enumerate(found.road_map.elements)
        if element.lapse_chance > 0
    ]
    return TableBlock(
        "What a lapse costs: yearly loss of each party, billion USD, if the move lapses at the end "
        "of the years, with all "
        "that lapses with it. Negative: the party would be better off.",
        ("If this lapses", *found.parties),
        tuple(rows),
        folded=True,
    )


def _targets(found: RoadMapResult) -> list[Block]:
    """Return for every target its fan under the road map, its chances by year, and what each move brings."""
    blocks: list[Block] = []
    for k, (agreed, willing) in enumerate(zip(found.agreed.courses, found.willing.courses, strict=True)):
        years = [y for y in agreed.path.years.tolist() if y <= agreed.target_year + YEARS_AFTER_TARGET]
        blocks += [
            FigureBlock(
                f"road-map-{agreed.name}",
                f"{agreed.title} under the road map with the parties' consent: middle, half and nine tenths of the "
                "draws of growth, dates, chances and lapses. Dashed: the middle if nothing of the road map happens. "
                f"The target is {amount(agreed.target)} {agreed.unit} by {agreed.target_year}.",
                f"Fan chart of {agreed.title} under the road map.",
                {"": course_fan(_fan(agreed, len(years)), "light")},
            ),
            _chances(agreed, willing, len(years)),
            _parts(found, k),
        ]
    return blocks


def _fan(course: Course, years: int) -> CourseFan:
    return CourseFan(
        course.unit,
        course.path.years[:years].tolist(),
        course.projected.quantiles[:years],
        course.without.quantiles[:years, 2].tolist(),
        course.known,
        {year: value for year, value in course.outcomes.items() if year <= int(course.path.years[years - 1])},
        course.target_year,
        course.target,
    )


def _chances(agreed: Course, willing: Course, years: int) -> TableBlock:
    rows: list[tuple[Cell, ...]] = [
        (
            str(year),
            float(agreed.without.quantiles[i, 2]),
            *(float(x) for x in agreed.projected.quantiles[i, [2, 0, 4]]),
            *(float(x) for x in willing.projected.quantiles[i, [2, 0, 4]]),
            *(round(100.0 * float(x), 1) for x in (agreed.chances_without[i], agreed.chances[i], willing.chances[i])),
        )
        for i, year in enumerate(agreed.path.years[:years].tolist())
    ]
    return TableBlock(
        f"{agreed.title}, {agreed.unit}, by year: the middle of the draws without the road map, then middle, 5 % and "
        "95 % with the parties' consent and if all agree, and the chance in percent that the year's value is at or "
        f"above the target. From {amount(agreed.base)} it takes {100 * agreed.required_growth:.1f} % growth a year.",
        (
            "Year",
            "Without",
            "With consent",
            "5 %",
            "95 %",
            "If all agree",
            "5 % ",
            "95 % ",
            "Chance without",
            "Chance with consent",
            "Chance if all agree",
        ),
        tuple(rows),
    )


def _parts(found: RoadMapResult, k: int) -> TableBlock:
    one = found.move_parts[k]
    rows: list[tuple[Cell, ...]] = [
        (found.title(name), float(one.alone[i]), float(one.parts.part[i])) for i, name in enumerate(one.moves)
    ]
    rows.append(("All moves together", one.parts.end - one.parts.start, float(one.parts.part.sum())))
    return TableBlock(
        f"{one.title}, {one.unit}: what each move brings at base-year levels once trade and visits have answered "
        "in full, by itself and as its share (Shapley value) of what all bring.",
        ("Move", "Alone", "Share of all"),
        tuple(rows),
        folded=True,
    )
