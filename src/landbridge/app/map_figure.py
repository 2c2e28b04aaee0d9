"""The map of a page: lines by load, change or measure, gates, places, the routes of the chosen pair."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np

from landbridge.app.digits import change, shown
from landbridge.app.engine import ROUTES, Answer, Engine
from landbridge.app.gates import gate_trace
from landbridge.app.geometry import SMALLEST_TEU, Geometry
from landbridge.app.texts import Texts
from landbridge.app.view import View
from landbridge.core.arrays import Float
from landbridge.figures.drawn import change_lines, hover_trace, line_trace, load_lines, plain_lines
from landbridge.figures.maps import Spot, map_figure, spot_trace
from landbridge.figures.projection import EURASIA
from landbridge.figures.style import INKS, Figure, Theme
from landbridge.network.network import MODES
from landbridge.pipeline.edits import edits_of
from landbridge.pipeline.months import YEAR

Trace = dict[str, Any]
GROUND_TRACES: Final = 2
LINE_SLOTS: Final = 8
MOST_HOVERS: Final = 500
NEAR: Final = 0.2
"""Thousands of km: ten pixels or so."""
EMPTY: Final[dict[str, Any]] = {
    "type": "scatter",
    "mode": "lines",
    "x": [],
    "y": [],
    "hoverinfo": "skip",
    "showlegend": False,
}


def whole_map(engine: Engine, geometry: Geometry, view: View, theme: Theme, texts: Texts) -> Figure:
    """Return the map with the land under it."""
    traces = moving_traces(engine, geometry, view, theme, texts)
    figure = map_figure(traces, theme, height=560, places=traces[-1])
    figure["layout"]["uirevision"] = "map"
    figure["layout"]["clickmode"] = "event"
    return figure


def moving_traces(engine: Engine, geometry: Geometry, view: View, theme: Theme, texts: Texts) -> list[Trace]:
    """Return everything above the land, always as many traces, so that they can be exchanged one by one."""
    return [
        *moving_line_traces(engine, geometry, view, theme, texts),
        *engine.drawn(routes_key(view), lambda: _route_traces(engine, geometry, view)),
        _places(engine, view, theme),
    ]


def moving_line_traces(engine: Engine, geometry: Geometry, view: View, theme: Theme, texts: Texts) -> list[Trace]:
    """Return the first of the moving traces: lines, what hovering tells, gates."""
    return engine.drawn(lines_key(view, theme, texts), lambda: _line_traces(engine, geometry, view, theme, texts))


def changed_traces(
    engine: Engine, geometry: Geometry, views: tuple[View, View], theme: Theme, texts: Texts
) -> dict[int, Trace]:
    """Return the traces in which the second of two views differs from the first, by their position in the figure.

    All of them where the first is not at hand any more.
    """
    was, view = views
    now = moving_traces(engine, geometry, view, theme, texts)
    held = engine.has(lines_key(was, theme, texts)) and engine.has(routes_key(was))
    old = moving_traces(engine, geometry, was, theme, texts) if held else [{}] * len(now)
    pairs = enumerate(zip(now, old, strict=True), start=GROUND_TRACES)
    return {at: trace for at, (trace, before) in pairs if trace != before}


def lines_key(view: View, theme: Theme, texts: Texts) -> Hashable:
    """Return under what the lines of a view are kept."""
    return "lines", view.question, view.month, view.shows, theme, texts["language"]


def routes_key(view: View) -> Hashable:
    """Return under what the routes of a view's pair are kept."""
    return "route lines", view.question, view.origin, view.destination, view.freight


def _line_traces(engine: Engine, geometry: Geometry, view: View, theme: Theme, texts: Texts) -> list[Trace]:
    """Return lines, gates and what hovering tells: `LINE_SLOTS` and two more."""
    answer = engine.answer(view.question)
    now = geometry.both_ways(engine.arcs(answer, view.month))
    was = geometry.both_ways(engine.arcs(answer, view.month, of_baseline=True))
    unit = texts["teu"] if view.month == YEAR else texts["teu_pace"]
    if view.shows == "load":
        used = _values(now, SMALLEST_TEU)
        lines = load_lines(geometry.joined, used, theme, unit)
    elif view.shows == "change":
        used = _values(now - was, SMALLEST_TEU)
        lines = change_lines(geometry.joined, used, (texts["more"], texts["less"]), unit)
    else:
        lines, used = _touched_lines(answer, geometry, now, theme, texts)
    lines += [EMPTY] * (LINE_SLOTS - len(lines))
    gates = gate_trace(engine, geometry, answer, theme, texts)
    places = _places(engine, view, theme)
    points = [(x, y) for spots in (places, gates) for x, y in zip(spots["x"], spots["y"], strict=True) if x is not None]
    near = np.array(points).reshape(-1, 2)
    hovers = [point for point in _hovers(geometry, used, now, was, unit) if not _close(point, near)]
    return [*lines, hover_trace(hovers, theme), gates]


def _close(point: tuple[float, float, str], places: Float) -> bool:
    """Tell whether a point is so near to a place that it would take its clicks."""
    return bool((np.hypot(places[:, 0] - point[0], places[:, 1] - point[1]) < NEAR).any())


def _values(loads: Float, least: float) -> dict[int, float]:
    rows = np.flatnonzero(np.abs(loads) >= least)
    return dict(zip(rows.tolist(), loads[rows].tolist(), strict=True))


def _touched_lines(
    answer: Answer, geometry: Geometry, now: Float, theme: Theme, texts: Texts
) -> tuple[list[Trace], dict[int, float]]:
    """Return all links in use, faint, and over them what measures touch."""
    ground = answer.base.ground
    stands: set[int] = set()
    others: set[int] = set()
    for measure in ground.study.measures:
        changed = (measure.id in answer.outcome.standing) != measure.in_baseline
        for edit in edits_of(measure, ground.network):
            rows = np.flatnonzero(edit.where.links(ground.network))
            (stands if changed else others).update(geometry.edges_of(rows))
    used = _values(now, SMALLEST_TEU)
    faint = line_trace(geometry.joined(used), texts["all_links"], INKS[theme].faint, 0.5)
    return [
        faint,
        plain_lines(geometry.joined(others - stands), texts["touched_off"], 4, 2.5, "dot"),
        plain_lines(geometry.joined(stands), texts["touched_on"], 5, 4.0),
    ], {edge: float(now[edge]) for edge in stands | others}


def _route_traces(engine: Engine, geometry: Geometry, view: View) -> list[Trace]:
    """Return the routes of the corridors that the chosen pair uses most, `ROUTES` traces."""
    answer = engine.answer(view.question)
    ground, freight = answer.base.ground, answer.outcome.freight
    zones = ground.inputs.zones
    traces: list[Trace] = []
    if view.origin in zones and view.destination in zones and view.origin != view.destination:
        i, j = zones.index(view.origin), zones.index(view.destination)
        share = freight.choice.share[:, view.freight, i, j]
        for number, (corridor, arcs) in enumerate(engine.routes(answer, (i, j), view.freight).items()):
            if not share[corridor] > 0.005:
                continue
            edges = geometry.edges_of(arcs[arcs < ground.graph.n_links])
            name = f"{ground.corridor_names[corridor]} {100 * share[corridor]:.0f} %"
            dash = ("solid", "dash", "dot")[number]
            traces.append(plain_lines(geometry.joined(edges), name, (1, 3, 2)[number], 2.4, dash))
    return [*traces, *([EMPTY] * (ROUTES - len(traces)))]


def _hovers(
    geometry: Geometry, used: Mapping[int, float], now: Float, was: Float, unit: str
) -> list[tuple[float, float, str]]:
    """Return a text at the middle of the lines that matter most."""
    largest = sorted(used, key=lambda edge: -abs(used[edge]))[:MOST_HOVERS]
    paths = geometry.paths(largest)
    found = []
    for edge in largest:
        x, y = paths[edge]
        if len(x) < 2:
            continue
        middle = (len(x) - 1) // 2
        at_x, at_y = x[middle], y[middle]
        if at_x is None or at_y is None:
            continue
        name = geometry.name(edge) or MODES[geometry.mode(edge)]
        words = f"<b>{name}</b><br>{shown(float(now[edge]))} {unit}<br>{change(float(now[edge] - was[edge]))}"
        found.append((at_x, at_y, words))
    return found


def _places(engine: Engine, view: View, theme: Theme) -> dict[str, Any]:
    """Return the zones; the chosen pair is larger and filled."""
    zones = engine.study.tables["zones"].rows()
    spots = [
        Spot(r["name"], float(r["latitude_deg"]), float(r["longitude_deg"]), r["economy"], "zone", r["zone"])
        for r in zones
    ]
    trace = spot_trace(spots, theme, EURASIA)
    chosen = [spot.key in (view.origin, view.destination) for spot in spots]
    ink = INKS[theme]
    trace["marker"] = {
        "size": [14 if mine else 8 for mine in chosen],
        "color": ["#D55E00" if mine else ink.paper for mine in chosen],
        "line": {"width": 1.4, "color": ink.text},
    }
    return trace
