"""Panels that look at every combination of measures and are found on request: members, road map, projects."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from dash import dcc, html

from landbridge.app.digits import change, shown
from landbridge.app.engine import Engine
from landbridge.app.parts import Node, note, picture, table
from landbridge.app.texts import Texts
from landbridge.app.view import View, write_view
from landbridge.cooperation.plans import Plan
from landbridge.core.problems import ConvergenceError, InfeasibleError, StudyError
from landbridge.figures.charts import bars
from landbridge.figures.cooperation import Staircase, staircase
from landbridge.figures.style import Theme
from landbridge.pipeline.appraise import appraise_all
from landbridge.pipeline.coalitions import cooperate
from landbridge.pipeline.plan import RoadMapResult, follow_road_map
from landbridge.pipeline.whatif import WhatIf, ask
from landbridge.study.model import Study

DRAWS: Final = 500
"""Draws behind the projects' chances on the page; the command takes more."""


def has_panel(study: Study, name: str) -> bool:
    """Tell whether a study holds what a panel needs."""
    if name == "coalition":
        return any(member.economies for member in study.members) and bool(study.measures)
    return bool(study.roadmap.get("move")) if name == "roadmap" else bool(study.projects.get("project"))


def slow_panel(engine: Engine, name: str, texts: Texts, theme: Theme) -> Node:
    """Return one of the panels; it is found at the first request and then kept."""
    build: dict[str, Callable[[], Node]] = {
        "coalition": lambda: _coalition(engine, texts, theme),
        "roadmap": lambda: _roadmap(engine, texts, theme),
        "projects": lambda: _projects(engine, texts, theme),
    }
    try:
        return build[name]()
    except (StudyError, InfeasibleError, ConvergenceError) as error:
        return html.Div([html.B(f"{texts['failed']}. "), str(error)], className="lb-problem")


def _coalition(engine: Engine, texts: Texts, theme: Theme) -> Node:
    found = engine.found_slowly("coalition", lambda: cooperate(engine.study, base=engine.baseline()))
    heads = [texts[key] for key in ("member", "gain_together", "fair_share", "stable_share")]
    rows = [
        (name, change(float(found.gains[i])), change(float(found.shapley[i])), change(float(found.nucleolus[i])))
        for i, name in enumerate(found.names)
    ]
    words = texts["core_empty"] if found.stability.core_is_empty else texts["core_full"]
    chart = bars(found.names, found.gains.tolist(), texts["million_present"], theme, digits=0)
    return html.Div(
        [
            picture(chart, texts["gain_together"], "coalition"),
            note(f"{words} {found.horizon.years} x {100 * found.horizon.rate:.3g} %."),
            table(heads, rows, caption=texts["million_present"]),
        ]
    )


def _roadmap(engine: Engine, texts: Texts, theme: Theme) -> Node:
    study = engine.study
    found = road_map_found(engine)
    way, binding = way_of(found)
    worth = found.road_map.worth()
    states = [found.road_map.start_state, *(step.state for step in way.steps)]
    gain = (worth[states] - worth[states[0]]) / 1000.0
    used = [i for i in range(len(found.parties)) if np.abs(gain[:, i]).max() > 1e-6]
    steps = [" + ".join(found.title(name) for name in step.made) for step in way.steps]
    stairs = Staircase(steps, [found.party_names[i] for i in used], gain[:, used], "bn USD / a", binding)
    rows = [
        (
            str(number),
            words,
            ", ".join(found.name(party) for party in step.asked),
        )
        for number, (step, words) in enumerate(zip(way.steps, steps, strict=True), start=1)
    ]
    heads = [texts[key] for key in ("step", "moves", "asked")]
    links = [
        dcc.Link(str(number), href=write_view(study, View(question_at(study, found, step.state))) or "?")
        for number, step in enumerate(way.steps, start=1)
    ]
    row = html.P([f"{texts['map']}, {texts['step']}: ", *links], className="lb-steps")
    chart = picture(staircase(stairs, theme), texts["tab_roadmap"], "roadmap")
    return html.Div([chart, row, table(heads, rows, numbers_from=9)])


def road_map_found(engine: Engine) -> RoadMapResult:
    """Return what follows from the study's road map, found once."""
    study = engine.study
    return engine.found_slowly(
        "roadmap", lambda: follow_road_map(study, search=False, draws=2000, base=engine.baseline())
    )


def way_of(found: RoadMapResult) -> tuple[Plan, int]:
    """Return the best order, or the one that the least payments reach, and the first step that needs a payment."""
    if found.answer.reached:
        return found.answer.plans[0], 0
    way = found.answer.bridge.plan
    return way, next((k for k, step in enumerate(way.steps, start=1) if step.paid.sum() > 0), 0)


def question_at(study: Study, found: RoadMapResult, state: int) -> WhatIf:
    """Return the measures that stand in a state of the road map as a question on the first scenario."""
    entries: dict[str, Any] = {str(entry["id"]): entry for entry in study.roadmap["move"]}
    made = [entries[name] for k, name in enumerate(found.elements) if state >> k & 1 and name in entries]
    adds = [measure for entry in made for measure in entry.get("adds", ())]
    removes = [measure for entry in made for measure in entry.get("removes", ())]
    return ask(study, study.scenarios[0].name, add=adds, remove=removes)


def _projects(engine: Engine, texts: Texts, theme: Theme) -> Node:
    found = engine.found_slowly("projects", lambda: appraise_all(engine.study, draws=DRAWS))
    rows = []
    for p, one in enumerate(found.found.values()):
        rate, ratio = one.economic_rates.rate, one.main.benefit_cost_ratio
        chance = 100.0 * (1.0 - float(found.drawn.chance_of_loss[p]))
        rows.append(
            (
                one.project.title,
                change(one.main.npv / 1e6),
                "-" if ratio is None else shown(float(ratio)),
                "-" if rate is None else shown(100.0 * float(rate)),
                f"{shown(chance)} %",
            )
        )
    names = [one.project.title for one in found.found.values()]
    worth = [one.main.npv / 1e6 for one in found.found.values()]
    heads = [texts[key] for key in ("project", "npv", "bcr", "eirr", "chance")]
    return html.Div(
        [
            picture(bars(names, worth, texts["million_present"], theme, digits=0), texts["npv"], "projects"),
            table(heads, rows, caption=texts["million_present"]),
        ]
    )
