"""The report's chapters on cooperation: who gains and whether it holds, the road map, and when."""

import numpy as np

from landbridge.cooperation.bitmasks import names_of
from landbridge.cooperation.plans import Plan, RoadMapAnswer
from landbridge.figures.cooperation import (
    Lattice,
    Staircase,
    chance_lines,
    dependency_heat,
    lattice_figure,
    staircase,
)
from landbridge.pipeline.coalitions import Cooperation
from landbridge.pipeline.cooperation_words import in_words, road_map_in_words
from landbridge.pipeline.plan import RoadMapResult, Times
from landbridge.report.blocks import Block, Cell, FigureBlock, Section, TableBlock, Text

COALITIONS_SHOWN = 24
LATTICE_STATES_MAX = 250
"""Larger graphs are told in numbers only."""


def cooperation_sections(game: Cooperation | None, road_map: RoadMapResult | None) -> tuple[Section, ...]:
    """Return the chapters for what a study has: a game of its members, a road map, both or neither."""
    found = []
    if game is not None:
        found.append(coalition_section(game))
    if road_map is not None:
        found += [road_map_section(road_map), timing_section(road_map)]
    return tuple(found)


def coalition_section(game: Cooperation) -> Section:
    """Return who gains from acting together, whether it holds, and who depends on whom."""
    horizon = game.horizon
    blocks: list[Block] = [
        Text(in_words(game)),
        _members(game),
        _coalitions(game),
        FigureBlock(
            "dependency",
            "Who depends on whom: what the party of the row loses of its own gain if the party of "
            "the column leaves and "
            "the others do what is best for them without it, billion USD, present value, before any payments. On the "
            "diagonal: what a party loses by leaving itself.",
            "Heat map of dependency between members.",
            {"": dependency_heat(game.names, game.dependency / 1000.0, "billion USD", "light")},
        ),
        _moves(game),
        Text(
            (
                f"**What the numbers say.** A coalition is worth the most that its members can reach together by moves "
                f"that need nobody else: equivalent variation in the trade model at base-year levels, {horizon.years} "
                f"years at {100 * horizon.rate:.3g} % a year ({horizon.why}), less works paid. 'Others answer' lets "
                "those outside, as one bloc, do what is best for them afterwards.",
                "Measures that ask the same members move together, whole or not at all, so a worth is a lower bound. "
                "Queues at gates stay as they were in the baseline. "
                + (
                    f"Routes were searched on {game.freight_states} networks; interactions of more "
                    "than three groups of "
                    "measures on the network are left out (about a thousandth of the change of costs)."
                    if game.freight_states < 1 << sum(bundle.on_network for bundle in game.bundles)
                    else f"Routes were searched on all {game.freight_states} networks that differ."
                ),
                "**What they do not say.** Security, prestige, transit income beyond charges that the study names, and "
                "what has no price in trade are not in them; growth is not either. A party that is worth little to the "
                "others in this game may matter in others. Works count in full at the start, while trade on a new line "
                "may go on for longer than the years counted.",
            ),
            "warning",
        ),
    ]
    return Section("cooperation", "Who gains, and does it hold?", tuple(blocks))


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
            + "Steps: "
            + "; ".join(f"{k} {words}" for k, words in enumerate(steps, start=1))
            + ".",
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
    if 1 < len(_states_of(found)) <= LATTICE_STATES_MAX:
        blocks.append(_lattice(found))
    blocks += [_elements(found), *_switching(found)]
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
        _targets(found),
        Text(
            (
                "Chances are those that the road map states, not forecasts: they say how long such "
                "an order takes and how "
                "fragile it is. 'With consent' makes only moves that nobody asked refuses under the "
                "stated worths; 'if all "
                "agree' makes every move as soon as its conditions, dates and chances allow. Gains are at base-year "
                "levels, discounted, and count the response of trade in full at once; in the targets it phases in.",
            ),
            "warning",
        ),
    ]
    return Section("road-map-time", "When, and how likely", tuple(blocks))


def _members(game: Cooperation) -> TableBlock:
    columns = ["Member", "Own gain", "Shapley", "Banzhaf", "Nucleolus", "Side payment", "Essential", "Veto"]
    rows: list[list[Cell]] = [
        [
            game.names[i],
            float(game.gains[i]),
            float(game.shapley[i]),
            float(game.banzhaf[i]),
            float(game.nucleolus[i]),
            float(game.payments.payment[i]),
            "yes" if game.influence.essential[i] else "no",
            "yes" if game.influence.veto[i] else "no",
        ]
        for i in range(len(game.players))
    ]
    if game.spread is not None:
        columns += ["Own gain, 5 %", "95 %", "Shapley, 5 %", "95 % "]
        for i, row in enumerate(rows):
            row += [float(end[i]) for end in (*game.spread.own_gain, *game.spread.shapley)]
    return TableBlock(
        "All together, million USD, present value: what each gains by itself, three ways to divide the joint gain, and "
        "the least payments after which no coalition objects. Essential: all lose if it leaves. "
        "Veto: without it nothing "
        "is gained.",
        tuple(columns),
        tuple(tuple(row) for row in rows),
    )


def _coalitions(game: Cooperation) -> TableBlock:
    n = len(game.players)
    order = sorted(range(1, 1 << n), key=lambda mask: (-float(game.game.value[mask]), mask))
    together = game.answers["together"]
    interval = () if game.spread is None else ("5 %", "95 %")
    rows: list[tuple[Cell, ...]] = []
    for mask in order[:COALITIONS_SHOWN]:
        ends = () if game.spread is None else tuple(float(end[mask]) for end in game.spread.value)
        rows.append(
            (
                ", ".join(names_of(mask, game.names)),
                float(game.game.value[mask]),
                *ends,
                "in circles" if together is None else float(together.game.value[mask]),
                float(game.spillover[mask]),
                ", ".join(game.moves_of(mask)) or "none",
            )
        )
    return TableBlock(
        f"The {min(COALITIONS_SHOWN, len(order))} most valuable of {len(order)} coalitions, million "
        "USD, present value: "
        "what its members gain together with outsiders who do nothing, the same after the others' best answer, what "
        "outsiders gain by it, and the moves that it makes.",
        ("Members", "Worth", *interval, "Others answer", "Outsiders gain", "Moves"),
        tuple(rows),
        folded=True,
    )


def _moves(game: Cooperation) -> TableBlock:
    made = game.moves_of(game.game.whole)
    rows = [
        (b.id, b.title, ", ".join(b.consent), ", ".join(b.requires) or "nothing", "yes" if b.id in made else "no")
        for b in game.bundles
    ]
    rows += [(name, f"no move: {why}", "", "", "") for name, why in game.left_out]
    return TableBlock(
        "The moves: measures that ask the same members and go the same way, and whether all together make them.",
        ("Move", "Measures", "Asks", "Requires", "Made by all"),
        tuple(rows),
        folded=True,
    )


def _steps(found: RoadMapResult, way: Plan, title: str) -> TableBlock:
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            " + ".join(found.title(name) for name in step.made),
            ", ".join(found.name(party) for party in step.asked) or "nobody",
            *(float(v) / 1000.0 for v in step.gain),
            ", ".join(
                f"{found.name(p)} {a / 1000:,.2f}"
                for p, a in zip(found.parties, step.paid.tolist(), strict=True)
                if a > 0
            )
            or "nobody",
        )
        for number, step in enumerate(way.steps, start=1)
    ]
    return TableBlock(
        f"{title}: each step, who is asked, and what every party gains by it over staying where they are for good, "
        "billion USD, present value with what follows counted. A step is acceptable if nobody asked is below 0.",
        ("Step", "What is done", "Asked", *found.parties, "Paid from outside"),
        tuple(rows),
    )


def _drawn_answer(found: RoadMapResult) -> RoadMapAnswer:
    """Return the answer whose graph is drawn: with payments among those asked, if only they reach the goal."""
    return found.with_payments if found.with_payments.reached and not found.answer.reached else found.answer


def _states_of(found: RoadMapResult) -> list[int]:
    graph = _drawn_answer(found).graph
    start = found.road_map.start_state
    return sorted({start, *graph.tail.tolist(), *graph.head.tolist()}, key=lambda s: (s.bit_count(), s))


def _lattice(found: RoadMapResult) -> FigureBlock:
    states, answer = _states_of(found), _drawn_answer(found)
    at = {state: k for k, state in enumerate(states)}
    graph, goal = answer.graph, found.road_map.goal_mask
    way = answer.plans[0] if answer.reached else answer.as_far_as
    words = ["<br>".join(found.title(e) for e in names_of(state, found.elements)) or "today" for state in states]
    lattice = Lattice(
        words,
        [state.bit_count() for state in states],
        sorted({(at[a], at[b]) for a, b in zip(graph.tail.tolist(), graph.head.tolist(), strict=True)}),
        [at[found.road_map.start_state], *(at[step.state] for step in way.steps if step.state in at)],
        [at[state] for state in states if state & goal == goal],
    )
    ending = "on an order to the goal" if answer.reached else "though none leads to the goal"
    paying = ", if those asked may pay one another," if answer is not found.answer else ""
    return FigureBlock(
        "lattice",
        f"The lattice: {len(states)} sets of moves and milestones that can come to stand by steps that nobody asked "
        f"refuses{paying} {ending}; more stands to the right. Hover for what stands.",
        "Lattice of acceptable states.",
        {"": lattice_figure(lattice, "light")},
    )


def _elements(found: RoadMapResult) -> TableBlock:
    security = found.road_map.security
    rows: list[tuple[Cell, ...]] = []
    for k, element in enumerate(found.road_map.elements):
        worth = [] if security is None else [float(v) / 1000.0 for v in security[k]]
        needs = [*found.road_map.conditions(element), *(f"with {name}" for name in element.together_with)]
        rows.append(
            (
                found.element_titles[k],
                ", ".join(element.consent) or "nobody (milestone)",
                ", ".join(needs) or "nothing",
                ", ".join(element.lapses_with) or "nothing",
                100.0 * element.lapse_chance,
                *worth,
                element.why,
            )
        )
    parties = () if security is None else found.parties
    return TableBlock(
        "Moves and milestones as stated: who is asked, what must stand before or be done with them, "
        "what they lapse with, "
        "their own chance of lapse a year, and their stated worth beyond trade, billion USD a year. Worths are inputs.",
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


def _targets(found: RoadMapResult) -> TableBlock:
    rows: list[tuple[Cell, ...]] = []
    for with_consent, if_all in zip(found.agreed.courses, found.willing.courses, strict=True):
        drawn = np.isfinite(if_all.chance)
        rows.append(
            (
                if_all.indicator,
                if_all.target,
                if_all.unit,
                if_all.target_year,
                if_all.base,
                float(if_all.path.mean[-1]),
                100.0 * if_all.chance_without if drawn else "not drawn",
                100.0 * with_consent.chance if drawn else "not drawn",
                100.0 * if_all.chance if drawn else "not drawn",
            )
        )
    return TableBlock(
        "What becomes of the targets: the indicator at base-year levels today and at the end of the "
        "years if all agree, and "
        "the chance in percent of the target in its year, growth included.",
        (
            "Indicator",
            "Target",
            "Unit",
            "Year",
            "Today",
            "At the end",
            "Without, %",
            "With consent, %",
            "If all agree, %",
        ),
        tuple(rows),
    )
