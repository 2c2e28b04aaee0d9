"""Every fault of a road map at once, each with its remedy."""

from collections.abc import Iterator

import numpy as np

from landbridge.cooperation.conditions import measure_faults
from landbridge.cooperation.elements import ELEMENTS_MAX, Draft, Element
from landbridge.cooperation.game import member_faults
from landbridge.core.problems import Problem

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def roadmap_faults(road_map: Draft) -> list[Problem]:
    """Return all faults of a road map; the goal's reach is judged only where the rest is sound."""
    requires = {element.id: road_map.conditions(element) for element in road_map.elements}
    found = member_faults(road_map.parties)
    found += measure_faults(road_map.ids, requires, ELEMENTS_MAX, place="roadmap")
    for element in road_map.elements:
        found += _party_faults(road_map, element)
        found += _number_faults(element)
        found += _name_faults(road_map, element)
    found += _set_faults(road_map)
    found += _array_faults(road_map)
    if not found:
        found += list(_reach_faults(road_map)) or list(_date_faults(road_map))
    return found


def _fault(code: str, message: str, where: str) -> Problem:
    return Problem(code, message, "roadmap", column=where)


def _party_faults(road_map: Draft, element: Element) -> Iterator[Problem]:
    if not element.consent and not element.milestone:
        message = "has no member whose consent it needs. Name those who decide on it, or call it a milestone."
        yield _fault("LB613", message, element.id)
    if element.consent and element.milestone:
        message = f"is a milestone, but {', '.join(element.consent)} must agree. Choose one of the two."
        yield _fault("LB621", message, element.id)
    for party in sorted(set(element.consent) - set(road_map.parties)):
        message = f"{party!r} is not a member; members are {', '.join(road_map.parties)}. Add or correct it."
        yield _fault("LB614", message, element.id)


def _number_faults(element: Element) -> Iterator[Problem]:
    for name, value in (("yearly_chance", element.yearly_chance), ("lapse_chance", element.lapse_chance)):
        if not 0 <= value <= 1:
            yield _fault("LB622", f"{name} is {value}. Give a chance from 0 to 1.", element.id)
    if element.lag_years < 0:
        yield _fault("LB623", f"lag_years is {element.lag_years}. Give 0 or more whole years.", element.id)
    for name, year in (("not_before", element.not_before), ("not_after", element.not_after)):
        if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
            message = f"{name} is {year}. Give a year from {_FIRST_YEAR} to {_LAST_YEAR}."
            yield _fault("LB624", message, element.id)
    if element.not_before is not None and element.not_after is not None and element.not_before > element.not_after:
        message = f"cannot happen before {element.not_before} nor after {element.not_after}. Exchange the dates."
        yield _fault("LB624", message, element.id)


def _name_faults(road_map: Draft, element: Element) -> Iterator[Problem]:
    for what in ("together_with", "excludes", "lapses_with"):
        for name in sorted(set(getattr(element, what)) - set(road_map.ids)):
            yield _fault("LB612", f"{what} names {name!r}, which does not exist. Correct the name.", element.id)
    for name in sorted({*element.requires, *element.together_with} & set(element.excludes)):
        yield _fault("LB625", f"needs {name!r} and excludes it. Take one of the two out.", element.id)
    if element.id in element.excludes:
        yield _fault("LB625", "excludes itself. Take it out of its own list.", element.id)


def _set_faults(road_map: Draft) -> Iterator[Problem]:
    for what, names in (("start", road_map.start), ("goal", road_map.goal)):
        for name in sorted(set(names) - set(road_map.ids)):
            yield _fault("LB616", f"{name!r} is no element. Add or correct it.", what)
    if not road_map.goal:
        yield _fault("LB626", "no goal is given. Name the elements that must stand in the end.", "goal")
    for stage in road_map.stages:
        for name in sorted({*stage.elements, *stage.conditions} - set(road_map.ids)):
            yield _fault("LB612", f"stage {stage.name!r} names {name!r}, which does not exist. Correct it.", "stages")


def _array_faults(road_map: Draft) -> Iterator[Problem]:
    m, n = len(road_map.elements), len(road_map.parties)
    arrays = [("payoff", road_map.payoff, (1 << m, n))]
    if road_map.security is not None:
        arrays.append(("security", road_map.security, (m, n)))
    for name, values, expected in arrays:
        if values.shape != expected:
            yield _fault("LB618", f"has shape {values.shape}, not {expected}. Give a row a state or element.", name)
        elif not np.isfinite(values).all():
            row, party = np.argwhere(~np.isfinite(values))[0]
            message = f"row {row}, {road_map.parties[party]}: {values[row, party]} is not finite. Give a number."
            yield _fault("LB619", message, name)


def _reach_faults(road_map: Draft) -> Iterator[Problem]:
    """Name the goals that conditions keep out of reach, whoever agrees."""
    can = set(road_map.start)
    by_id = {element.id: element for element in road_map.elements}
    while True:
        free = {e.id for e in road_map.elements if e.id not in can and set(road_map.conditions(e)) <= can}
        while alone := {name for name in free if not set(by_id[name].together_with) <= can | free}:
            free -= alone
        if not free:
            break
        can |= free
    for name in sorted(set(road_map.goal) - can):
        lacking = sorted({*road_map.conditions(by_id[name]), *by_id[name].together_with} - can)
        message = (
            f"no path reaches {name!r}: it waits for {', '.join(lacking)}, which cannot come to stand. "
            "Relax that condition, or add what brings it about."
        )
        yield _fault("LB627", message, "goal")


def _date_faults(road_map: Draft) -> Iterator[Problem]:
    """Name elements whose deadline passes before their conditions can hold."""
    earliest: dict[str, float] = dict.fromkeys(road_map.start, -np.inf)
    by_id = {element.id: element for element in road_map.elements}
    for _ in by_id:
        for element in road_map.elements:
            if element.id in road_map.start:
                continue
            needed = road_map.conditions(element)
            waits = max((earliest.get(name, np.inf) + 1 + element.lag_years for name in needed), default=-np.inf)
            date = -np.inf if element.not_before is None else float(element.not_before)
            earliest[element.id] = max(waits, date)
    for element in road_map.elements:
        first = earliest[element.id]
        if element.not_after is not None and np.isfinite(first) and first > element.not_after:
            message = (
                f"must happen by {element.not_after}, but its conditions and dates allow {first:.0f} at the earliest. "
                "Give a later deadline or earlier conditions."
            )
            yield _fault("LB624", message, element.id)
