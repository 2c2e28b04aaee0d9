"""A study's measures as edits of the network."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from landbridge.core.problems import Problem, StudyError
from landbridge.network.edits import ChangeNumber, Close, Edit, Open, Quantity, ScaleBy, Season, SetTo
from landbridge.network.network import MODES, Network
from landbridge.network.selection import Selector
from landbridge.network.service import half_headway_hours
from landbridge.study.model import Change, Measure, Study

_NUMBERS: Final[dict[str, Quantity]] = {
    "speed": "speed_kmh",
    "cost": "cost_usd_per_teu",
    "charge": "charge_usd_per_teu",
    "capacity": "capacity_teu_per_year",
}
NETWORK_KINDS: Final = frozenset({"open", "close", "season", "hours", "departures", *_NUMBERS})
"""Kinds of change that touch the network; the others are rules of trade and travel."""


def edits_of(measure: Measure, network: Network) -> tuple[Edit, ...]:
    """Return the edits that a measure makes on a network, in its order."""
    return tuple(edit_of(change, network) for change in measure.changes if change.kind in NETWORK_KINDS)


def edit_of(change: Change, network: Network) -> Edit:
    """Return one change as an edit.

    ``hours`` is dwell or waiting where links are meant and handling where transfers are; ``departures`` is the
    waiting that they mean (`landbridge.network.service`).
    """
    where = Selector(
        change.names,
        change.passages,
        change.ports,
        change.countries,
        tuple(mode for mode in MODES if mode in change.modes),
    )
    if change.kind == "open":
        return Open(where)
    if change.kind == "close":
        return Close(where)
    if change.kind == "season":
        return Season(where, change.first_month or 1, change.last_month or 12)
    if change.kind == "departures":
        wait = half_headway_hours(np.array([change.value or 0.0]), table="measures.toml")
        return ChangeNumber(where, "wait_hours", SetTo(float(wait[0])))
    new = ScaleBy(change.factor) if change.factor is not None else SetTo(float(change.value or 0.0))
    if change.kind == "hours":
        return ChangeNumber(where, "wait_hours" if where.links(network).any() else "hours", new)
    return ChangeNumber(where, _NUMBERS[change.kind], new, charge_to=change.charge_to)


def edits_standing(study: Study, standing: Sequence[str], network: Network) -> list[Edit]:
    """Return the edits of the standing measures, in the study's order of measures."""
    return [edit for measure in study.measures if measure.id in standing for edit in edits_of(measure, network)]


def edit_problems(study: Study, network: Network) -> list[Problem]:
    """Return the faults of every measure of the study on the network as the tables give it, each alone."""
    found = []
    for measure in study.measures:
        edited = network
        for order, change in enumerate(measure.changes, start=1):
            if change.kind not in NETWORK_KINDS:
                continue
            edit = edit_of(change, edited)
            problems = edit.problems(edited)
            found += [
                Problem(
                    problem.code,
                    f"Measure '{measure.id}', change {order}: {problem.message}",
                    "measures.toml",
                    column=f"measure.{measure.id}.change.{problem.column or change.kind}",
                )
                for problem in problems
            ]
            if not problems:
                edited = edit.apply(edited)
    return found


def apply_standing(study: Study, standing: Sequence[str], network: Network) -> Network:
    """Return the network with the standing measures' edits.

    Measures are applied as values, so an edit that another one has made idle is passed over; `edit_problems`
    has looked at each alone.

    Raises
    ------
    StudyError
        If an edit names what is not in the network.
    """
    found: list[Problem] = []
    for edit in edits_standing(study, standing, network):
        problems = edit.where.problems(network)
        found += problems
        if not problems:
            network = edit.apply(network)
    if found:
        raise StudyError(found)
    return network
