"""The card of a pair of places: what each corridor takes, its share, and its legs."""

import numpy as np
from dash import html

from landbridge.app.digits import shown
from landbridge.app.engine import Answer, Engine
from landbridge.app.meaning import ABOUT, TABLES, sources_of
from landbridge.app.parts import Node, note, table
from landbridge.app.texts import Texts
from landbridge.app.view import View
from landbridge.core.arrays import Int
from landbridge.pipeline.months import stretches

MEASURES = ("hours", "usd_per_teu", "km", "co2_kg_per_teu")


def route_card(engine: Engine, view: View, texts: Texts) -> Node:
    """Return the routes between the chosen places, the corridor most used first, its legs unfolded."""
    answer = engine.answer(view.question)
    ground, freight = answer.base.ground, answer.outcome.freight
    zones = ground.inputs.zones
    if view.origin not in zones:
        return note(texts["pick_pair"])
    if view.destination not in zones or view.origin == view.destination:
        return note(texts["pick_destination"])
    i, j = zones.index(view.origin), zones.index(view.destination)
    amounts = {name: freight.by_corridor(name)[:, view.freight, i, j] for name in MEASURES}
    share = freight.choice.share[:, view.freight, i, j]
    order = [r for r in np.argsort(-share, kind="stable").tolist() if np.isfinite(amounts["hours"][r])]
    if not order:
        return note(texts["no_route"])
    sources = f"{texts['source']}: {', '.join(sources_of(answer.study, TABLES['route']))}"
    heads = [texts[key] for key in ("corridor", "days", "hours", "usd", "km", "co2", "share_percent")]
    hints = {
        texts[key]: f"{ABOUT[f'routes.{name}']}\n{sources}"
        for key, name in (("hours", "hours"), ("usd", "usd_per_teu"), ("km", "km"), ("co2", "co2_kg_per_teu"))
    }
    hints[texts["share_percent"]] = ABOUT["routes.share"]
    rows = [
        (
            ground.corridor_names[r],
            f"{amounts['hours'][r] / 24:.1f}",
            *(shown(float(amounts[name][r])) for name in MEASURES),
            shown(float(100 * share[r])),
        )
        for r in order
    ]
    title = f"{ground.inputs.zone_names[i]} - {ground.inputs.zone_names[j]}"
    routes = engine.routes(answer, (i, j), view.freight)
    legs = [_legs(answer, r, routes[r], texts, first=r == order[0]) for r in order if r in routes]
    return html.Div(
        [
            html.H3(f"{texts['routes']}: {title}"),
            table(heads, rows, hints=hints, hints_word=texts["hints_by_keys"]),
            *legs,
        ]
    )


def _legs(answer: Answer, corridor: int, arcs: Int, texts: Texts, *, first: bool) -> Node:
    ground, freight = answer.base.ground, answer.outcome.freight
    found = stretches(ground, freight, arcs)
    rows = [
        (
            texts[leg.mode],
            ", ".join(leg.passes),
            shown(leg.hours),
            shown(leg.usd_per_teu),
            shown(leg.km) if leg.mode != "transfer" else "",
            shown(leg.co2_kg_per_teu),
        )
        for leg in found
        if leg.hours > 0 or leg.passes
    ]
    heads = [texts[key] for key in ("mode", "passes", "hours", "usd", "km", "co2")]
    words = f"{texts['legs']}: {ground.corridor_names[corridor]}"
    return html.Details([html.Summary(words), table(heads, rows, numbers_from=2)], open=first)
