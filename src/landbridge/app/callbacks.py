"""What happens on the page: an event becomes an address, an address becomes figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from dash import ALL, MATCH, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update

from landbridge.app.engine import Engine
from landbridge.app.events import Shown, controls_of, stepped, values_of
from landbridge.app.exports import command_of, csv_zip, scenario_text, tables_of, workbook
from landbridge.app.geometry import Geometry
from landbridge.app.history import read_history
from landbridge.app.map_figure import changed_traces, whole_map
from landbridge.app.panels import (
    cards,
    corridors_panel,
    headline_panel,
    income_panel,
    sources_panel,
    targets_panel,
    trade_panel,
)
from landbridge.app.parts import Node, note
from landbridge.app.route_card import route_card
from landbridge.app.slow_panels import has_panel, slow_panel
from landbridge.app.texts import Texts
from landbridge.app.view import View, read_view
from landbridge.app.years import film
from landbridge.core.problems import ConvergenceError, InfeasibleError, StudyError
from landbridge.figures.style import Theme
from landbridge.study.model import Study

Speaks = Callable[[], Texts]
SLOW: Final = ("coalition", "roadmap", "projects")


@dataclass(frozen=True, slots=True)
class Served:
    """What every callback needs; nothing of it changes."""

    engine: Engine
    geometry: Geometry
    name: str
    """The study as the command names it."""
    speaks: Speaks

    @property
    def study(self) -> Study:
        """The study."""
        return self.engine.study


def register(app: Dash, served: Served) -> None:
    """Add every callback."""
    _register_steps(app, served)
    _register_figures(app, served)
    _register_years(app, served)
    _register_exports(app, served)
    for name, out, events in CLIENT:
        late = {"prevent_initial_call": True} if name == "year" else {}
        app.clientside_callback(f"window.dash_clientside.landbridge.{name}", out, *events, **late)


CLIENT: Final = (
    (
        "theme",
        [Output("theme", "data"), Output("theme-provider", "forceColorScheme")],
        [Input("theme-button", "n_clicks"), State("theme", "data")],
    ),
    ("language", Output("language-now", "data"), [Input("language", "value"), State("language-now", "data")]),
    ("share", Output("share", "title"), [Input("share", "n_clicks")]),
    ("svg", Output("save-svg", "title"), [Input("save-svg", "n_clicks")]),
    ("png", Output("save-png", "title"), [Input("save-png", "n_clicks")]),
    (
        "play",
        [Output("year", "disabled"), Output("year-end", "disabled")],
        [Input("film", "data"), Input("year-play", "n_clicks"), Input("year-end", "n_clicks"), State("year", "value")],
    ),
    (
        "year",
        [
            Output("map", "figure", allow_duplicate=True),
            Output("held", "data", allow_duplicate=True),
            Output("year-told", "children", allow_duplicate=True),
            Output("year-now", "children"),
        ],
        [Input("year", "value"), Input("film", "data"), State("map", "figure")],
    ),
)


def _register_steps(app: Dash, served: Served) -> None:
    engine, study = served.engine, served.study

    @app.callback(
        Output("history", "data"),
        Output("url", "search"),
        Output("scenario", "value"),
        Output({"type": "measure", "id": ALL}, "checked"),
        Output({"type": "parameter", "id": ALL}, "value"),
        Output("month", "value"),
        Output("shows", "value"),
        Output("class", "value"),
        Output("origin", "value"),
        Output("destination", "value"),
        Output("map", "clickData"),
        Output("undo", "disabled"),
        Output("redo", "disabled"),
        Output("command", "children"),
        Output("changed", "children"),
        Output("month-word", "children"),
        Output("cards", "children"),
        Output("answered", "data"),
        Output("problem", "children"),
        Input("url", "search"),
        Input("scenario", "value"),
        Input({"type": "measure", "id": ALL}, "checked"),
        Input({"type": "parameter", "id": ALL}, "value"),
        Input("month", "value"),
        Input("shows", "value"),
        Input("class", "value"),
        Input("origin", "value"),
        Input("destination", "value"),
        Input("map", "clickData"),
        Input("undo", "n_clicks"),
        Input("redo", "n_clicks"),
        Input("reset", "n_clicks"),
        State("history", "data"),
        State({"type": "measure", "id": ALL}, "id"),
        State({"type": "parameter", "id": ALL}, "id"),
        State("answered", "data"),
    )
    def step(search: Any, *rest: Any) -> tuple[Any, ...]:  # noqa: ANN401 - from a page
        held, measures, parameters, answered = rest[-4:]
        values: tuple[Any, ...] = (search, *rest[: len(fields(Shown)) - 3], _ids(measures), _ids(parameters))
        shown = Shown(*values)
        history = stepped(study, read_history(held), (ctx.triggered_id, ctx.triggered[0]["value"]), shown)
        view, texts = read_view(study, history.now), served.speaks()
        wanted = controls_of(study, view, history.now, shown)
        changed = [_to_change(new, now) for new, now in zip(wanted, values_of(shown), strict=True)]
        month = texts["whole_year"] if not view.month else texts["months"][view.month - 1]
        words = command_of(view.question, served.name), _changed(study, view, texts), month
        figures = _figures(engine, view, history.now, answered, texts)
        return (history.plain(), *changed, None, not history.past, not history.future, *words, *figures)


def _ids(states: Any) -> tuple[str, ...]:  # noqa: ANN401 - from a page
    return tuple(str(item["id"]) for item in states)


def _figures(engine: Engine, view: View, now: str, answered: Any, texts: Texts) -> tuple[Any, Any, Any]:  # noqa: ANN401 - from a page
    """Return boxes, the address answered, and what went wrong; no boxes where the same question was answered before."""
    same = isinstance(answered, str) and read_view(engine.study, answered).question == view.question
    try:
        return no_update if same else cards(engine, engine.answer(view.question), texts), now, None
    except (InfeasibleError, ConvergenceError) as error:
        return no_update, no_update, html.Div([html.B(f"{texts['failed']}. "), str(error)], className="lb-problem")


def _to_change(wanted: Any, there: Any) -> Any:  # noqa: ANN401 - values of controls
    """Return what a control is to show; nothing where it shows that already, so that the browser need not draw it."""
    if isinstance(wanted, list):
        held = there if isinstance(there, list) and len(there) == len(wanted) else [None] * len(wanted)
        return [_to_change(new, now) for new, now in zip(wanted, held, strict=True)]
    return no_update if wanted == there else wanted


def _register_figures(app: Dash, served: Served) -> None:
    engine, geometry, study = served.engine, served.geometry, served.study

    @app.callback(
        Output("map", "figure"),
        Output("held", "data"),
        Output("drawn", "data"),
        Input("answered", "data"),
        Input("theme", "data"),
        Input("year-end", "n_clicks"),
        State("held", "data"),
    )
    def draw(address: Any, theme: Any, _clicks: Any, held: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - from a page
        view, mode, texts = read_view(study, address), _theme(theme), served.speaks()
        if not isinstance(held, list) or len(held) != 2 or held[1] != mode:
            return whole_map(engine, geometry, view, mode, texts), [address, mode], address
        patched = Patch()
        for at, trace in changed_traces(engine, geometry, (read_view(study, held[0]), view), mode, texts).items():
            patched["data"][at] = trace
        return patched, [address, mode], address

    @app.callback(Output("route", "children"), Input("drawn", "data"))
    def go(drawn: Any) -> Node:  # noqa: ANN401 - from a page
        return route_card(engine, read_view(study, drawn), served.speaks())

    @app.callback(
        Output({"type": "panel", "id": ALL}, "children"),
        Input("drawn", "data"),
        Input("tab", "value"),
        State("theme", "data"),
    )
    def unfold(drawn: Any, tab: Any, theme: Any) -> list[Any]:  # noqa: ANN401 - from a page
        names = [output["id"]["id"] for output in ctx.outputs_list]
        panel = _panel(served, read_view(study, drawn), str(tab), _theme(theme), served.speaks())
        return [panel if name == tab else None for name in names]

    @app.callback(
        Output({"type": "panel", "id": MATCH}, "children", allow_duplicate=True),
        Input({"type": "compute", "id": MATCH}, "n_clicks"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def compute(clicks: Any, theme: Any) -> Any:  # noqa: ANN401 - from a page
        control = ctx.triggered_id
        name = control.get("id") if isinstance(control, Mapping) else None
        if not clicks or name not in SLOW or not has_panel(study, name):
            return no_update
        return slow_panel(engine, name, served.speaks(), _theme(theme))


def _register_years(app: Dash, served: Served) -> None:
    engine, study = served.engine, served.study

    @app.callback(
        Output("film", "data"),
        Output("film-key", "data"),
        Output("year-told", "children"),
        Input("year-play", "n_clicks"),
        State("history", "data"),
        State("theme", "data"),
        State("film-key", "data"),
        prevent_initial_call=True,
    )
    def shoot(clicks: Any, data: Any, theme: Any, key: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - from a page
        if not clicks or not has_panel(study, "roadmap"):
            return no_update, no_update, no_update
        shows, mode, texts = read_view(study, read_history(data).now).shows, _theme(theme), served.speaks()
        if key == [shows, mode]:
            return no_update, no_update, no_update
        try:
            return film(engine, served.geometry, shows, mode, texts), [shows, mode], no_update
        except (StudyError, InfeasibleError, ConvergenceError) as error:
            problem = html.Div([html.B(f"{texts['failed']}. "), str(error)], className="lb-problem")
            return no_update, no_update, problem


def _panel(served: Served, view: View, tab: str, theme: Theme, texts: Texts) -> Node:
    engine = served.engine
    answer = engine.answer(view.question)
    if tab == "headline":
        return headline_panel(engine, answer, texts)
    if tab == "sources":
        return sources_panel(answer, texts)
    charted = {"income": income_panel, "trade": trade_panel, "corridors": corridors_panel, "targets": targets_panel}
    if tab in charted:
        return charted[tab](engine, answer, texts, theme)
    if tab in SLOW and not has_panel(served.study, tab):
        return note(texts["not_here"])
    if tab in SLOW and engine.found_already(tab):
        return slow_panel(engine, tab, texts, theme)
    if tab in SLOW:
        button = html.Button(texts["compute"], id={"type": "compute", "id": tab}, n_clicks=0, className="lb-button")
        return html.Div([note(texts["compute_help"]), button])
    return None


def _changed(study: Study, view: View, texts: Texts) -> Node:
    question = view.question
    scenario = study.scenario(question.scenario)
    words = [scenario.why] if scenario.why else []
    count = len(question.add) + len(question.remove) + len(question.parameters)
    if count:
        words.append(f"{texts['scenario_changed']}: {count}")
    return " · ".join(words)


def _theme(value: Any) -> Theme:  # noqa: ANN401 - from a page
    return "dark" if value == "dark" else "light"


def _register_exports(app: Dash, served: Served) -> None:
    study, engine = served.study, served.engine

    @app.callback(
        Output("download", "data"),
        Input("save-scenario", "n_clicks"),
        Input("save-xlsx", "n_clicks"),
        Input("save-csv", "n_clicks"),
        State("history", "data"),
        prevent_initial_call=True,
    )
    def give(*values: Any) -> Any:  # noqa: ANN401 - from a page
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update
        view = read_view(study, read_history(values[-1]).now)
        if ctx.triggered_id == "save-scenario":
            return {"content": scenario_text(study, view.question), "filename": "scenarios.toml", "type": "text/plain"}
        try:
            tables = tables_of(engine.answer(view.question))
        except (InfeasibleError, ConvergenceError):
            return no_update
        if ctx.triggered_id == "save-xlsx":
            return dcc.send_bytes(workbook(tables), f"{study.id}.xlsx")
        return dcc.send_bytes(csv_zip(tables), f"{study.id}.zip")
