"""What a page shows, as a value that travels in its address: the question asked and what is looked at."""

import math
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from urllib.parse import parse_qs, urlencode

from landbridge.pipeline.whatif import WhatIf, ask
from landbridge.study.model import Study

Shows = Literal["load", "change", "touched"]
SHOWS: Final[tuple[Shows, ...]] = get_args(Shows)
LONGEST: Final = 6000
"""Longest address that is read, in characters; what is longer counts as empty."""
NOWHERE: Final = "-"
"""In an address: no place is chosen, where one is at the start."""


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows.

    Attributes
    ----------
    question
        The scenario with what was switched and moved.
    month
        1 to 12; 0 for the mean of the year.
    shows
        Containers, their change against the baseline, or what the measures touch.
    freight
        Position of the commodity class of the route cards.
    origin, destination
        Zones of the route cards; empty for none.
    """

    question: WhatIf
    month: int = 0
    shows: Shows = "load"
    freight: int = 0
    origin: str = ""
    destination: str = ""


def first_view(study: Study) -> View:
    """Return what is shown at the start: the first scenario and the pair of zones named first in observed routes."""
    zones = study.tables["zones"].text("zone")
    table = study.tables["observed_routes"]
    for origin, destination in zip(table.text("origin"), table.text("destination"), strict=True):
        if origin in zones and destination in zones:
            return View(WhatIf(study.scenarios[0].name), origin=origin, destination=destination)
    return View(WhatIf(study.scenarios[0].name), origin=zones[0], destination=zones[-1])


def read_view(study: Study, query: object) -> View:
    """Return the view of an address; whatever it holds that the study does not know is left out.

    Only names that the study has and numbers within their stated ranges get through: nothing of an address is used
    as a path or as code.
    """
    start = first_view(study)
    if not isinstance(query, str) or len(query) > LONGEST:
        return start
    found = parse_qs(query.removeprefix("?"), max_num_fields=200) if query.count("&") < 200 else {}

    def word(key: str) -> str:
        return found.get(key, [""])[0]

    names = {scenario.name for scenario in study.scenarios}
    measures = {measure.id for measure in study.measures}
    zones = study.tables["zones"].text("zone")
    moved: dict[str, float] = {}
    for name, parameter in study.parameters.items():
        value = _number(word(f"p.{name}"))
        if math.isfinite(value):
            moved[name] = min(max(value, parameter.low), parameter.high)
    question = ask(
        study,
        word("s") if word("s") in names else start.question.scenario,
        add=[name for name in word("on").split(" ") if name in measures],
        remove=[name for name in word("off").split(" ") if name in measures],
        parameters=moved,
    )
    month, freight = _number(word("m")), _number(word("k"))
    places = {key: word(key) for key in ("from", "to") if word(key) in (NOWHERE, *zones)}
    return View(
        question,
        int(month) if month in range(1, 13) else 0,
        next((shown for shown in SHOWS if shown == word("show")), "load"),
        int(freight) if freight in range(len(study.tables["classes"])) else 0,
        _place(places.get("from", start.origin)),
        _place(places.get("to", start.destination)),
    )


def _place(name: str) -> str:
    return "" if name == NOWHERE else name


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def write_view(study: Study, view: View) -> str:
    """Return the address of a view: what differs from `first_view`, as a query that starts with '?'."""
    start, question = first_view(study), view.question
    pairs: list[tuple[str, str]] = []
    if question.scenario != start.question.scenario:
        pairs.append(("s", question.scenario))
    if question.add:
        pairs.append(("on", " ".join(question.add)))
    if question.remove:
        pairs.append(("off", " ".join(question.remove)))
    pairs += [(f"p.{name}", repr(value)) for name, value in question.parameters]
    for key, value, usual in (
        ("m", str(view.month), str(start.month)),
        ("show", view.shows, start.shows),
        ("k", str(view.freight), str(start.freight)),
        ("from", view.origin or NOWHERE, start.origin),
        ("to", view.destination or NOWHERE, start.destination),
    ):
        if value != usual:
            pairs.append((key, value))
    return "?" + urlencode(pairs) if pairs else ""


def with_scenario(view: View, name: str) -> View:
    """Return the view of a scenario as the study has it; parameters stay where they are."""
    return replace(view, question=WhatIf(name, parameters=view.question.parameters))


def with_measure(study: Study, view: View, name: str, *, stands: bool) -> View:
    """Return the view with one measure switched."""
    question = view.question
    add = (set(question.add) | {name}) if stands else set(question.add) - {name}
    remove = set(question.remove) - {name} if stands else set(question.remove) | {name}
    switched = ask(study, question.scenario, add=list(add), remove=list(remove), parameters=dict(question.parameters))
    return replace(view, question=switched)


def with_parameter(study: Study, view: View, name: str, value: float) -> View:
    """Return the view with one parameter moved; a value beyond its range is set to the range's end."""
    held = study.parameters[name]
    moved = {**dict(view.question.parameters), name: min(max(value, held.low), held.high)}
    question = view.question
    return replace(
        view, question=ask(study, question.scenario, add=question.add, remove=question.remove, parameters=moved)
    )


def with_place(view: View, zone: str) -> View:
    """Return the view after a click on a place: the first click starts a pair, the second ends it."""
    if view.origin and not view.destination and zone != view.origin:
        return replace(view, destination=zone)
    return replace(view, origin=zone, destination="")
