"""The page: head, controls, map, cards, panels; nothing here is computed."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from landbridge.app.digits import shown
from landbridge.app.engine import Engine
from landbridge.app.geometry import Geometry
from landbridge.app.map_figure import whole_map
from landbridge.app.meaning import about_measure, about_parameter
from landbridge.app.parts import Node, hint, note
from landbridge.app.slow_panels import has_panel
from landbridge.app.texts import LANGUAGES, Texts, texts_of
from landbridge.app.view import SHOWS, first_view
from landbridge.pipeline.whatif import REBUILDING
from landbridge.study.model import Measure, Parameter, Study

USED: Final = (
    "trade_elasticity", "choice_scale_per_usd", "nest_scale", "choice_bound_ratio",
    "new_corridor_constant_usd_per_teu", "delay_factor", "delay_power",
    "preload_share", "world_output_growth_percent", "phase_in_years", "visit_fare_elasticity",
    "visit_time_usd_per_hour", "co2_price_usd_per_t",
)  # fmt: skip
"""Parameters that the figures of the page answer to."""
PANELS: Final = (
    "headline", "trade", "income", "corridors", "targets", "coalition", "roadmap", "projects", "sources",
)  # fmt: skip


def page(engine: Engine, geometry: Geometry, language: str) -> Node:
    """Return the whole page in one language."""
    study, texts = engine.study, texts_of(language)
    return dmc.MantineProvider(
        id="theme-provider",
        forceColorScheme="light",
        theme={"primaryColor": "blue", "fontFamily": "system-ui, 'Segoe UI', 'Noto Sans', sans-serif"},
        children=html.Div(
            [
                dcc.Location(id="url", refresh=False),
                dcc.Store(id="history", data={"now": "", "past": [], "future": []}),
                dcc.Store(id="answered"),
                dcc.Store(id="drawn", data=""),
                dcc.Store(id="held", data=["", "light"]),
                dcc.Store(id="film"),
                dcc.Store(id="film-key"),
                dcc.Store(id="theme", storage_type="local", data="light"),
                dcc.Download(id="download"),
                html.A(texts["skip"], href="#figures", className="lb-skip"),
                _head(study, texts, language),
                html.Div(
                    [_controls(study, texts), _figures(engine, geometry, texts)],
                    className="lb-body",
                ),
                html.Footer(texts["attribution"], className="lb-foot"),
            ],
            id="lb",
            className="lb",
        ),
    )


def _head(study: Study, texts: Texts, language: str) -> Node:
    languages = [{"value": name, "label": texts_of(name)["language"]} for name in LANGUAGES]
    return html.Header(
        [
            html.Div([html.H1(study.title), html.P(texts["lead"])], className="lb-title"),
            html.Div(
                [
                    _button("undo", "↶", texts["undo"], disabled=True),
                    _button("redo", "↷", texts["redo"], disabled=True),
                    _button("reset", "⟲", texts["reset"]),
                    dmc.Button(texts["share"], id="share", n_clicks=0, size="xs", variant="default"),
                    html.Details(
                        [
                            html.Summary(texts["save"], id="save"),
                            html.Div(
                                [
                                    html.Button(texts[f"save_{kind}"], id=f"save-{kind}", n_clicks=0)
                                    for kind in ("scenario", "xlsx", "csv", "svg", "png")
                                ]
                            ),
                        ],
                        className="lb-menu",
                    ),
                    dcc.Store(id="language-now", data=language),
                    html.Div(
                        dmc.SegmentedControl(data=languages, value=language, id="language", size="xs"),
                        role="group",
                        **{"aria-label": texts["language_label"]},
                    ),
                    _button("theme-button", "◐", texts["theme"]),
                ],
                className="lb-tools",
                role="toolbar",
                **{"aria-label": texts["save"]},
            ),
        ],
        className="lb-head",
    )


def _button(key: str, sign: str, label: str, *, disabled: bool = False) -> Node:
    icon = dmc.ActionIcon(
        html.Span(sign, **{"aria-hidden": "true"}),
        id=key,
        n_clicks=0,
        disabled=disabled,
        variant="default",
        size="md",
        attributes={"root": {"aria-label": label}},
    )
    return hint(icon, label)


def _controls(study: Study, texts: Texts) -> Node:
    scenarios = [{"value": s.name, "label": s.title or s.name} for s in study.scenarios]
    groups = measure_groups(study)
    open_first = [f"group-{n}" for n, (_, members) in enumerate(groups) if not all(m.in_baseline for m in members)][:1]
    used = [p for p in study.parameters.values() if p.name in USED and p.low < p.high]
    unused = [p.name for p in study.parameters.values() if p not in used]
    return html.Section(
        [
            html.H2(texts["scenario"]),
            dmc.Select(
                id="scenario",
                data=scenarios,
                value=study.scenarios[0].name,
                allowDeselect=False,
                attributes={"input": {"aria-label": texts["scenario"]}},
            ),
            html.Div("", id="changed", className="lb-note", role="status"),
            html.H2(texts["measures"]),
            note(texts["measures_help"]),
            dmc.Accordion(
                [
                    dmc.AccordionItem(
                        [
                            dmc.AccordionControl(name),
                            dmc.AccordionPanel([_switch(study, measure, texts) for measure in members]),
                        ],
                        value=f"group-{number}",
                    )
                    for number, (name, members) in enumerate(groups)
                ],
                multiple=True,
                value=open_first,
                variant="contained",
                chevronPosition="left",
            ),
            html.H2(texts["parameters"]),
            note(texts["parameters_help"]),
            dmc.Accordion(
                [
                    dmc.AccordionItem(
                        [
                            dmc.AccordionControl(texts["parameters"]),
                            dmc.AccordionPanel([_slider(study, parameter, texts) for parameter in used]),
                        ],
                        value="parameters",
                    )
                ],
                multiple=True,
                value=[],
                variant="contained",
                chevronPosition="left",
            ),
            note(f"{texts['unused']}: {', '.join(unused)}.") if unused else None,
        ],
        className="lb-controls",
        **{"aria-label": texts["controls"]},
    )


def measure_groups(study: Study) -> list[tuple[str, list[Measure]]]:
    """Return the measures by the members whose consent they need, in the study's order."""
    names = {member.id: member.name.split(" (")[0] for member in study.members}
    groups: dict[str, list[Measure]] = {}
    for measure in study.measures:
        key = ", ".join(names.get(one, one) for one in measure.consent)
        groups.setdefault(key, []).append(measure)
    return list(groups.items())


def _switch(study: Study, measure: Measure, texts: Texts) -> Node:
    words = about_measure(study, measure, texts)
    if measure.in_baseline:
        words = f"{texts['stands_now']}\n{words}"
    return dmc.Switch(
        id={"type": "measure", "id": measure.id},
        label=measure.title,
        checked=measure.in_baseline,
        size="sm",
        className="lb-switch",
        wrapperProps={"data-hint": words},
    )


def _slider(study: Study, parameter: Parameter, texts: Texts) -> Node:
    step = 10.0 ** (len(f"{int((parameter.high - parameter.low) * 1e6):d}") - 7 - 1)
    slow = f" ({texts['slower']})" if parameter.name in REBUILDING else ""
    label = f"{parameter.name.replace('_', ' ')}{slow}"
    slider = dmc.Slider(
        id={"type": "parameter", "id": parameter.name},
        min=parameter.low,
        max=parameter.high,
        step=round(step, 9),
        precision=9,
        value=parameter.value,
        updatemode="mouseup",
        size="sm",
        thumbLabel=label,
        marks=[{"value": v, "label": shown(v)} for v in (parameter.low, parameter.high)],
        mb=28,
    )
    head = html.Div([html.Span(label), html.Span(parameter.unit, className="lb-unit")], className="lb-slider-head")
    return hint(html.Div([head, slider]), about_parameter(study, parameter, texts))


def _figures(engine: Engine, geometry: Geometry, texts: Texts) -> Node:
    study, view = engine.study, first_view(engine.study)
    return html.Main(
        [
            html.Div(id="problem", role="alert"),
            html.Div(id="cards", **{"aria-live": "polite"}),
            html.Section(
                [
                    html.H2(texts["map"], className="lb-hidden"),
                    _map_tools(texts),
                    _years(study, texts),
                    html.Div(
                        dcc.Graph(
                            id="map",
                            figure=whole_map(engine, geometry, view, "light", texts),
                            config={
                                "displaylogo": False,
                                "scrollZoom": True,
                                "responsive": True,
                                "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "toImage"],
                            },
                            style={"height": "560px"},
                        ),
                        id="map-box",
                        role="figure",
                        **{"aria-label": texts["map_label"]},
                    ),
                    note(texts["map_help"]),
                ]
            ),
            html.Section([_pair(study, texts), html.Div(id="route", **{"aria-live": "polite"})], className="lb-route"),
            _panels(texts),
            html.Section(
                [
                    html.H2(texts["command"]),
                    html.Div(
                        [
                            html.Code(id="command", className="lb-command"),
                            dcc.Clipboard(target_id="command", title=texts["copy_command"], className="lb-copy"),
                        ],
                        className="lb-command-row",
                    ),
                ]
            ),
        ],
        id="figures",
        className="lb-figures",
    )


def _map_tools(texts: Texts) -> Node:
    months = [(0, texts["whole_year"]), *((m, texts["months"][m - 1]) for m in range(1, 13))]
    marks = [{"value": m, "label": word if m % 3 == 0 else ""} for m, word in months]
    return html.Div(
        [
            html.Div(
                dmc.SegmentedControl(
                    id="shows",
                    value="load",
                    data=[{"value": kind, "label": texts[f"shows_{kind}"]} for kind in SHOWS],
                    size="xs",
                ),
                role="group",
                **{"aria-label": texts["shows"]},
            ),
            html.Div(
                [
                    html.Span(texts["month"], className="lb-month-word"),
                    dmc.Slider(
                        id="month", min=0, max=12, step=1, value=0, marks=marks, label=None, size="sm",
                        thumbLabel=texts["month"], updatemode="mouseup", className="lb-month-slider",
                    ),
                    html.Span(texts["whole_year"], id="month-word", className="lb-month-now"),
                ],
                className="lb-month",
            ),
        ],
        className="lb-map-tools",
    )  # fmt: skip


def _years(study: Study, texts: Texts) -> Node:
    """Return the player of the road map; of a study without one, the same parts unseen."""
    there = has_panel(study, "roadmap")
    settings = study.roadmap.get("settings", {})
    first = int(settings.get("start_year", 0))
    last = first + max(int(settings.get("horizon_years", 1)), 2) - 1
    label = {"aria-label": texts["play"]}
    marks = [{"value": y, "label": str(y) if (y - first) % 3 == 0 else ""} for y in range(first, last + 1)]
    return html.Div(
        [
            html.Div(
                [
                    html.Button("▶", id="year-play", n_clicks=0, className="lb-button", **label),
                    html.Span(texts["tab_roadmap"], className="lb-month-word"),
                    dmc.Slider(
                        id="year", min=first, max=last, step=1, value=first, marks=marks, label=None, size="sm",
                        thumbLabel=texts["play"], updatemode="drag", disabled=True, className="lb-month-slider",
                    ),
                    html.Span("", id="year-now", className="lb-month-now"),
                    html.Button(texts["play_end"], id="year-end", n_clicks=0, className="lb-button", disabled=True),
                ],
                className="lb-month",
            ),
            html.Div(id="year-told", **{"aria-live": "polite"}),
        ],
        className="lb-years",
        role="group",
        hidden=not there,
        **label,
    )  # fmt: skip


def _pair(study: Study, texts: Texts) -> Node:
    zones = [{"value": r["zone"], "label": f"{r['name']} ({r['economy']})"} for r in study.tables["zones"].rows()]
    zones.sort(key=lambda zone: zone["label"])
    classes = [
        {"value": str(k), "label": r["name"] or r["class"]} for k, r in enumerate(study.tables["classes"].rows())
    ]
    view = first_view(study)
    return html.Div(
        [
            _select("origin", texts["from"], zones, view.origin),
            _select("destination", texts["to"], zones, view.destination),
            _select("class", texts["class"], classes, "0"),
        ],
        className="lb-pair",
    )


def _select(key: str, label: str, data: Sequence[dict[str, Any]], value: str) -> Node:
    return dmc.Select(
        id=key, label=label, data=list(data), value=value, searchable=len(data) > 8, allowDeselect=False, size="xs",
        maxDropdownHeight=260,
    )  # fmt: skip


def _panels(texts: Texts) -> Node:
    return html.Section(
        [
            dmc.Tabs(
                [
                    dmc.TabsList([dmc.TabsTab(texts[f"tab_{name}"], value=name) for name in PANELS]),
                    *(
                        dmc.TabsPanel(html.Div(id={"type": "panel", "id": name}), value=name, pt="sm")
                        for name in PANELS
                    ),
                ],
                id="tab",
                value="headline",
            )
        ],
        **{"aria-label": texts["where_from"]},
    )
