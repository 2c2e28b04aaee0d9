"""What a control's event makes of the page's view; what makes no sense changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landbridge.app.history import History
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
from landbridge.pipeline.whatif import standing_in
from landbridge.study.model import Study

Event = tuple[Any, Any]
"""Id of the control, and the value that it sent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the controls of a page show, as the page says it: values of any type."""

    search: Any
    scenario: Any
    measures: Any
    parameters: Any
    month: Any
    shows: Any
    freight: Any
    origin: Any
    destination: Any
    measure_ids: tuple[str, ...]
    parameter_ids: tuple[str, ...]


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


def stepped(study: Study, history: History, event: Event, shown: Shown) -> History:
    """Return the history after an event on the page.

    Controls that show something else than the history says were used while an answer was on its way: their steps
    count first, so that none is lost.
    """
    control, value = event
    if control in (None, "url"):
        address = write_view(study, read_view(study, shown.search))
        return history.went(address) if control == "url" and (history.past or history.now) else History(address)
    history = history.went(write_view(study, _caught_up(study, read_view(study, history.now), control, shown)))
    if control == "undo":
        return history.undone()
    if control == "redo":
        return history.redone()
    return history.went(write_view(study, after(study, read_view(study, history.now), (control, value))))


def _caught_up(study: Study, view: View, control: Any, shown: Shown) -> View:  # noqa: ANN401 - from a page
    """Return the view with what other controls than the one at hand show."""
    wanted = controls_of(study, view, "", shown)
    there = values_of(shown)
    one_by_one = ("search", "scenario", "measures", "parameters", "month", "shows", "class", "origin", "destination")
    for name, new, now in zip(one_by_one, wanted, there, strict=True):
        if name == "measures" and shown.scenario != view.question.scenario:
            continue
        if name in ("measures", "parameters"):
            ids = shown.measure_ids if name == "measures" else shown.parameter_ids
            for one, is_, was in zip(ids, _listed(now, len(ids)), new, strict=True):
                key = {"type": name.removesuffix("s"), "id": one}
                if is_ != was and key != control:
                    view = after(study, view, (key, is_))
        elif name not in ("search", control) and now != new:
            view = after(study, view, (name, now))
    return view


def _listed(values: Any, length: int) -> list[Any]:  # noqa: ANN401 - from a page
    return values if isinstance(values, list) and len(values) == length else [None] * length


def controls_of(study: Study, view: View, address: str, shown: Shown) -> tuple[Any, ...]:
    """Return what the controls are to show of a view, in the order of `values_of`."""
    standing = set(standing_in(study, view.question))
    moved = dict(view.question.parameters)
    held = study.parameters
    return (
        address,
        view.question.scenario,
        [one in standing for one in shown.measure_ids],
        [moved.get(one, held[one].value) if one in held else None for one in shown.parameter_ids],
        view.month,
        view.shows,
        str(view.freight),
        view.origin or None,
        view.destination or None,
    )


def values_of(shown: Shown) -> tuple[Any, ...]:
    """Return what the controls show, in the order of `controls_of`."""
    return (
        shown.search,
        shown.scenario,
        shown.measures,
        shown.parameters,
        shown.month,
        shown.shows,
        shown.freight,
        shown.origin,
        shown.destination,
    )
