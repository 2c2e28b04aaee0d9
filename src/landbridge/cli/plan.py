"""``landbridge plan``: in which order to act, who refuses what, and what it would take."""

from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, Seed, StudyName


def plan(
    study: StudyName,
    *,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Draws of what happens when.")] = 20_000,
    no_search: Annotated[
        bool, typer.Option("--no-search", help="Leave out the search for switching values, which takes longest.")
    ] = False,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Also show how good such projections of targets have been.")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell in which order the parties of a road map can act so that nobody asked is worse off.

    Gains are those of trade and of what the study states as worth beyond trade, in million USD. If the goal is out of
    reach: how far the parties go, who refuses, and what payments would change it.

    For example:
      landbridge plan northeast-asia
      landbridge plan island-canal --no-search --json
    """
    from landbridge.pipeline.plan import follow_road_map
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    with talk.progress("landbridge plan") as step:
        step(0, 1, "road map")
        found = follow_road_map(read, draws=draws, seed=seed, search=not no_search)
        step(1, 1, "done")
    if as_json:
        talk.json(_plain(found))
        return
    _print(talk, read.title, found)
    if backtest:
        _backtest(talk, read)


def _print(talk: Talk, title: str, found: Any) -> None:  # noqa: ANN401 - a RoadMapResult
    from landbridge.pipeline.cooperation_words import road_map_in_words

    answer = found.answer
    if answer.reached:
        _steps(talk, f"{title}\nThe best of {answer.orders:,} orders:", found, answer.plans[0], paid=False)
    else:
        _steps(talk, f"{title}\nAs far as the parties agree to go:", found, answer.as_far_as, paid=False)
        talk.out("")
        _steps(talk, "To the goal, with the least payments from outside:", found, answer.bridge.plan, paid=True)
    talk.out("")
    years = found.agreed.timeline.years
    shown = sorted({int(i) for i in (0, 1, 2, 4, 7, len(years) // 2, len(years) - 1) if i < len(years)})
    talk.table(
        "Chance in percent that it stands at the end of the year, if all agree to every move:",
        ("", *(str(int(years[i])) for i in shown)),
        [
            (found.element_titles[k], *(round(100 * float(found.willing.standing[i, k])) for i in shown))
            for k in range(len(found.elements))
        ]
        + [
            ("The goal", *(round(100 * float(found.willing.goal[i])) for i in shown)),
            ("The goal, with the parties' consent", *(round(100 * float(found.agreed.goal[i])) for i in shown)),
        ],
    )
    _targets(talk, found)
    talk.out("")
    for line in road_map_in_words(found):
        talk.out(line.replace("**", ""))


def _targets(talk: Talk, found: Any) -> None:  # noqa: ANN401 - a RoadMapResult
    from landbridge.pipeline.cooperation_words import amount

    for k, (agreed, willing) in enumerate(zip(found.agreed.courses, found.willing.courses, strict=True)):
        last = max(agreed.target_year, int(agreed.path.years[0]))
        rows = [
            (
                str(year),
                *(amount(float(x)) for x in agreed.without.quantiles[i, [0, 2, 4]]),
                *(amount(float(x)) for x in agreed.projected.quantiles[i, [0, 2, 4]]),
                *(f"{100 * float(c.chances[i]):.0f}" for c in (agreed, willing)),
                f"{100 * float(agreed.chances_without[i]):.0f}",
            )
            for i, year in enumerate(agreed.path.years.tolist())
            if year <= last
        ]
        talk.out("")
        talk.table(
            f"{agreed.title}, {agreed.unit}; target {amount(agreed.target)} by {agreed.target_year}, which needs "
            f"{100 * agreed.required_growth:.1f} % growth a year. Chances in percent that the year's value is "
            "at or above it: with the parties' consent, if all agree, without the road map.",
            (
                "year",
                "without: 5 %",
                "median",
                "95 %",
                "with: 5 %",
                "median",
                "95 %",
                "consent",
                "all agree",
                "without",
            ),
            rows,
        )
        parts = found.move_parts[k]
        talk.out("")
        talk.table(
            f"What each move brings in full, at base-year levels, {parts.unit} (all together "
            f"{amount(float(parts.parts.part.sum()))}):",
            ("", "alone", "its share of all (Shapley)"),
            [
                (found.title(name), amount(float(parts.alone[i])), amount(float(parts.parts.part[i])))
                for i, name in enumerate(parts.moves)
                if abs(float(parts.alone[i])) + abs(float(parts.parts.part[i]))
                >= 1e-4 * abs(float(parts.parts.part.sum()))
            ],
        )


def _backtest(talk: Talk, study: Any) -> None:  # noqa: ANN401 - a Study
    from landbridge.pipeline.backtest import METHODS, backtest, pairs_backtest
    from landbridge.pipeline.cooperation_words import amount
    from landbridge.pipeline.run import baseline_of

    rows = [
        (
            one.title,
            str(row.year),
            f"{amount(row.projected)} ({amount(row.low)} to {amount(row.high)})",
            amount(row.naive),
            amount(row.outcome),
            "yes" if row.inside else "no",
        )
        for one in backtest(baseline_of(study))
        for row in one.rows
    ]
    talk.out("")
    talk.table(
        "Targets as projected from their own past up to the base year, beside what came:",
        ("indicator", "year", "projected (90 % interval)", "no change", "came", "inside"),
        rows,
    )
    pairs = pairs_backtest()
    talk.out("")
    talk.table(
        f"Projections four years ahead over many pairs, {pairs[0].years[0]} to {pairs[0].years[1]} "
        f"({pairs[0].source}). Error: root mean square of logs; inside: outcomes within the 90 % interval.",
        ("pairs", "method", "projections", "error", "of no change", "inside, %"),
        [
            (
                f"{one.group} ({one.pairs:,})",
                METHODS[one.method],
                one.projections,
                one.rmse_log,
                one.naive_rmse_log,
                one.inside_percent[2],
            )
            for one in pairs
        ],
    )


def _course(course: Any) -> dict[str, Any]:  # noqa: ANN401 - a Course
    return {
        "name": course.title,
        "indicator": course.indicator,
        "unit": course.unit,
        "base": course.base,
        "target": course.target,
        "target_year": course.target_year,
        "required_growth": course.required_growth,
        "chance": course.chance,
        "chance_without": course.chance_without,
        "shares": course.projected.shares,
        "projected": course.projected.quantiles,
        "without": course.without.quantiles,
        "at_base_year_levels": course.path.quantiles,
        "chances": course.chances,
        "chances_without": course.chances_without,
    }


def _steps(talk: Talk, title: str, found: Any, way: Any, *, paid: bool) -> None:  # noqa: ANN401 - RoadMapResult, Plan
    rows = [
        (
            number,
            " + ".join(found.title(name) for name in step.made),
            ", ".join(step.asked) or "nobody",
            *(float(x) for x in step.gain),
            *(
                (", ".join(f"{p} {a:,.0f}" for p, a in zip(found.parties, step.paid, strict=True) if a > 0),)
                if paid
                else ()
            ),
        )
        for number, step in enumerate(way.steps, start=1)
    ]
    columns = ("", "step", "asked", *found.parties, *(("paid",) if paid else ()))
    talk.table(f"{title} (columns of parties: gain over staying, million USD)", columns, rows)


def _way(way: Any, parties: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 - a Plan
    return {
        "accepted": way.accepted,
        "minimal": way.minimal,
        "gain": dict(zip(parties, way.gain.tolist(), strict=True)),
        "steps": [
            {
                "made": step.made,
                "asked": step.asked,
                "gain": dict(zip(parties, step.gain.tolist(), strict=True)),
                "paid": {p: a for p, a in zip(parties, step.paid.tolist(), strict=True) if a > 0},
            }
            for step in way.steps
        ],
    }


def _plain(found: Any) -> dict[str, Any]:  # noqa: ANN401 - a RoadMapResult
    from landbridge.pipeline.cooperation_words import road_map_in_words

    answer, bridge = found.answer, found.answer.bridge
    times = {"agreed": found.agreed, "willing": found.willing}
    return {
        "study": found.study,
        "unit": "million USD",
        "discount_factor": found.rules.discount,
        "moves_together": found.rules.at_once,
        "goal": found.road_map.goal,
        "reached": answer.reached,
        "reached_one_by_one": answer.reached_one_by_one,
        "reached_myopic": found.myopic.reached,
        "reached_with_payments": found.with_payments.reached,
        "orders": answer.orders,
        "plans": [_way(way, found.parties) for way in answer.plans],
        "as_far_as": _way(answer.as_far_as, found.parties),
        "bridge": {
            "total": bridge.total,
            "present": bridge.present,
            "binding_step": bridge.binding_step,
            "binding_party": bridge.binding_party,
            "plan": _way(bridge.plan, found.parties),
        },
        "switching": [
            {"party": one.party, "element": one.element, "stated": one.stated, "switches_at": one.value}
            for one in found.switching
        ],
        "switching_scale": found.scale.value,
        "years": found.agreed.timeline.years,
        "chances": {
            name: {
                "goal": one.goal,
                "elements": {e: one.standing[:, k] for k, e in enumerate(found.elements)},
                "expected_gain": dict(zip(found.parties, one.gains.total.tolist(), strict=True)),
                "targets": {course.name: _course(course) for course in one.courses},
            }
            for name, one in times.items()
        },
        "moves_to_targets": {
            one.name: {
                "unit": one.unit,
                "alone": dict(zip(one.moves, one.alone.tolist(), strict=True)),
                "shapley": dict(zip(one.moves, one.parts.part.tolist(), strict=True)),
            }
            for one in found.move_parts
        },
        "in_words": [line.replace("**", "") for line in road_map_in_words(found)],
    }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)
