"""The road map year by year on the map: every year's picture is found beforehand, so that playing asks nothing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from dash import html

from landbridge.app.digits import change, shown
from landbridge.app.engine import Answer, Engine
from landbridge.app.geometry import Geometry
from landbridge.app.map_figure import moving_line_traces
from landbridge.app.parts import Node
from landbridge.app.slow_panels import question_at, road_map_found
from landbridge.app.texts import Texts
from landbridge.app.view import Shows, View
from landbridge.figures.style import Theme
from landbridge.pipeline.plan import RoadMapResult

BARS = 6
"""Corridors that are told beside the map: those that change most over the years."""


@dataclass(frozen=True, slots=True)
class Year:
    """The state of the road map that is likeliest at the end of a year, and how likely it is."""

    year: int
    state: int
    chance: float


def years_of(found: RoadMapResult) -> tuple[Year, ...]:
    """Return the likeliest state of every year.

    If the parties' own consent reaches the goal, the draws with their consent are counted; otherwise those in which
    every party agrees, so that only dates and chance decide.
    """
    timeline = (found.agreed if found.answer.reached else found.willing).timeline
    years = []
    for year, states in zip(timeline.years.tolist(), timeline.states, strict=True):
        values, counts = np.unique(states, return_counts=True)
        most = int(np.argmax(counts))
        years.append(Year(int(year), int(values[most]), float(counts[most] / states.size)))
    return tuple(years)


def film(engine: Engine, geometry: Geometry, shows: Shows, theme: Theme, texts: Texts) -> dict[str, Any]:
    """Return the pictures by state, and what is told beside the map by year.

    ``frames[k]`` are the traces of lines and gates of one state; ``years`` are positions in it with their words.

    Raises
    ------
    InfeasibleError, ConvergenceError
        If trade has no equilibrium in a state, or costs and flows do not settle.
    """
    found = road_map_found(engine)
    years = years_of(found)
    states = list(dict.fromkeys(year.state for year in years))
    views = {state: View(question_at(engine.study, found, state), shows=shows) for state in states}
    answers = {state: engine.answer(view.question) for state, view in views.items()}
    chosen = _corridors(list(answers.values()))
    told = [_told(found, year, before, answers[year.state], chosen, texts) for year, before in _with_last(years)]
    return {
        "frames": [moving_line_traces(engine, geometry, views[state], theme, texts) for state in states],
        "years": [[year.year, states.index(year.state), words] for year, words in zip(years, told, strict=True)],
    }


def _with_last(years: tuple[Year, ...]) -> list[tuple[Year, int]]:
    """Return every year with the state of the year before."""
    return list(zip(years, [0, *(year.state for year in years[:-1])], strict=True))


def _corridors(answers: list[Answer]) -> list[int]:
    """Return the corridors whose load changes most in some state, in the study's order."""
    moved = [answer.outcome.loads.corridors.sum(1) - answer.base.loads.corridors.sum(1) for answer in answers]
    most = np.abs(np.array(moved)).max(0)[:-1]
    return sorted(np.argsort(-most, kind="stable")[:BARS].tolist())


def _told(found: RoadMapResult, year: Year, before: int, answer: Answer, corridors: list[int], texts: Texts) -> Node:
    titles = found.element_titles
    new = [title for k, title in enumerate(titles) if year.state >> k & 1 and not before >> k & 1]
    held = [title for k, title in enumerate(titles) if year.state >> k & 1 and before >> k & 1]
    lapsed = [title for k, title in enumerate(titles) if before >> k & 1 and not year.state >> k & 1]
    now, was = answer.outcome.loads.corridors.sum(1), answer.base.loads.corridors.sum(1)
    scale = max(float(now[corridors].max()), 1.0)
    rows = [
        html.Tr(
            [
                html.Th(answer.base.ground.corridor_names[r], scope="row"),
                html.Td(html.Div(className="lb-bar", style={"width": f"{100 * np.sqrt(now[r] / scale):.1f}%"})),
                html.Td(shown(float(now[r]))),
                html.Td(change(float(now[r] - was[r]))),
            ]
        )
        for r in corridors
    ]
    head = html.Tr([html.Th(word, scope="col") for word in (texts["corridor"], "", texts["teu"], texts["change"])])
    lines = [html.P([html.B(f"{year.year}: "), f"{texts['year_state']} {100 * year.chance:.0f} %"])]
    lines += [html.P([html.B(f"{texts['year_new']}: "), "; ".join(new)])] if new else []
    lines += [html.P([html.B(f"{texts['year_lapsed']}: "), "; ".join(lapsed)])] if lapsed else []
    lines += [html.P([html.B(f"{texts['year_held']}: "), "; ".join(held)])] if held else []
    consent = "year_agreed" if found.answer.reached else "year_willing"
    return html.Div(
        [
            html.Div([*lines, html.P(texts[consent], className="lb-note")], className="lb-year-words"),
            html.Table([html.Thead(head), html.Tbody(rows)], className="lb-table lb-numbers-2"),
        ],
        className="lb-year-told",
    )
