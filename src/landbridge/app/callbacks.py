"""What happens on the page: an event becomes an address, an address becomes figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dash import ALL, MATCH, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update

from landbridge.app.engine import Engine
from landbridge.app.exports import command_of, csv_zip, scenario_text, tables_of, workbook
from landbridge.app.geometry import Geometry
from landbridge.app.history import History, read_history
from landbridge.app.map_figure import GROUND_TRACES, moving_traces, whole_map
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
from landbridge.app.view import (
    SHOWS,
    View,
    read_view,
    with_measure,
    with_parameter,
    with_place,
    with_scenario,
    write_view,
)
from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.figures.style import Theme
from landbridge.pipeline.whatif import standing_in
from landbridge.study.model import Study

Speaks = Callable[[], Texts]
SLOW: Final = ("coalition", "roadmap", "projects")
Event = tuple[Any, Any]
"""Id of the control, and the value that it sent."""


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


def after(study: Study, view: View, event: Event) -> View:
    """Return the view after a control sent a value; what makes no sense changes nothing."""
    control, value = event
    if isinstance(control, Mapping):
        return _after_grouped(study, view, control, value)
    zones = study.tables["zones"].text("zone")
    if control == "scenario" and value in {scenario.name for scenario in study.scenarios}:
        return with_scenario(view, str(value))
    if control == "month" and value in range(13):
        return replace(view, month=int(value))
    if control == "shows" and value in SHOWS:
        return replace(view, shows=value)
    if control == "class" and str(value) in map(str, range(len(study.tables["classes"]))):
        return replace(view, freight=int(value))
    if control == "origin" and value in zones:
        return replace(view, origin=str(value))
    if control == "destination" and value in zones:
        return replace(view, destination=str(value))
    if control == "map":
        zone = clicked(value)
        return with_place(view, zone) if zone in zones else view
    if control == "reset":
        return read_view(study, "")
    return view


def _after_grouped(study: Study, view: View, control: Mapping[str, Any], value: Any) -> View:  # noqa: ANN401 - from a page
    name = control.get("id")
    if control.get("type") == "measure" and isinstance(value, bool) and name in {m.id for m in study.measures}:
        return with_measure(study, view, str(name), stands=value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124 - nan
    if control.get("type") == "parameter" and number and isinstance(name, str) and name in study.parameters:
        return with_parameter(study, view, name, float(value))
    return view


def clicked(value: Any) -> str:  # noqa: ANN401 - from a page
    """Return the zone that a click on the map hit; empty for anything else."""
    try:
        zone = value["points"][0]["customdata"]
    except (KeyError, IndexError, TypeError):
        return ""
    return zone if isinstance(zone, str) else ""


def register(app: Dash, served: Served) -> None:
    """Add every callback."""
    _register_steps(app, served)
    _register_figures(app, served)
    _register_exports(app, served)
    for name, out, events in CLIENT:
        app.clientside_callback(f"window.dash_clientside.landbridge.{name}", out, *events)


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
)


def _register_steps(app: Dash, served: Served) -> None:
    study = served.study

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
    )
    def step(search: Any, *rest: Any) -> tuple[Any, ...]:  # noqa: ANN401 - from a page
        history = stepped(study, read_history(rest[-3]), ctx.triggered_id, search, ctx.triggered[0]["value"])
        view = read_view(study, history.now)
        standing = set(standing_in(study, view.question))
        moved = dict(view.question.parameters)
        shown = [item["id"] for item in rest[-1]]
        values = [moved.get(name, study.parameters[name].value) for name in shown if name in study.parameters]
        return (
            history.plain(),
            history.now,
            view.question.scenario,
            [item["id"] in standing for item in rest[-2]],
            values,
            view.month,
            view.shows,
            str(view.freight),
            view.origin or None,
            view.destination or None,
            None,
            not history.past,
            not history.future,
        )


def stepped(study: Study, history: History, control: Any, search: Any, value: Any) -> History:  # noqa: ANN401 - from a page
    """Return the history after an event on the page."""
    if control == "undo":
        return history.undone()
    if control == "redo":
        return history.redone()
    if control in (None, "url"):
        address = write_view(study, read_view(study, search))
        return history.went(address) if control == "url" and (history.past or history.now) else History(address)
    now = read_view(study, history.now)
    return history.went(write_view(study, after(study, now, (control, value))))


def _register_figures(app: Dash, served: Served) -> None:
    engine, geometry, study = served.engine, served.geometry, served.study

    @app.callback(
        Output("cards", "children"),
        Output("answered", "data"),
        Output("command", "children"),
        Output("changed", "children"),
        Output("month-word", "children"),
        Output("problem", "children"),
        Input("history", "data"),
    )
    def tell(data: Any) -> tuple[Any, ...]:  # noqa: ANN401 - from a page
        view, texts = read_view(study, read_history(data).now), served.speaks()
        month = texts["whole_year"] if not view.month else texts["months"][view.month - 1]
        words = command_of(view.question, served.name), _changed(study, view, texts), month
        try:
            return cards(engine, engine.answer(view.question), texts), read_history(data).now, *words, None
        except (InfeasibleError, ConvergenceError) as error:
            problem = html.Div([html.B(f"{texts['failed']}. "), str(error)], className="lb-problem")
            return no_update, no_update, *words, problem

    @app.callback(Output("map", "figure"), Input("answered", "data"), Input("theme", "data"))
    def draw(address: Any, theme: Any) -> Any:  # noqa: ANN401 - from a page
        view, mode, texts = read_view(study, address), _theme(theme), served.speaks()
        if ctx.triggered_id != "answered":
            return whole_map(engine, geometry, view, mode, texts)
        patched = Patch()
        for at, trace in enumerate(moving_traces(engine, geometry, view, mode, texts)):
            patched["data"][GROUND_TRACES + at] = trace
        return patched

    @app.callback(Output("route", "children"), Input("answered", "data"))
    def go(address: Any) -> Node:  # noqa: ANN401 - from a page
        return route_card(engine, read_view(study, address), served.speaks())

    @app.callback(
        Output({"type": "panel", "id": ALL}, "children"),
        Input("answered", "data"),
        Input("tab", "value"),
        Input("theme", "data"),
    )
    def unfold(address: Any, tab: Any, theme: Any) -> list[Any]:  # noqa: ANN401 - from a page
        names = [output["id"]["id"] for output in ctx.outputs_list]
        panel = _panel(served, read_view(study, address), str(tab), _theme(theme), served.speaks())
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
