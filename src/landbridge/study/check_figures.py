"""Figures that do not fit each other: shares, ranges, units, economies that trade nothing."""

import re
from difflib import get_close_matches
from typing import Final

import numpy as np

from landbridge.core.problems import Problem
from landbridge.study.check_estimates import covariance_problems
from landbridge.study.check_sectors import sector_problems
from landbridge.study.convert import MOST_OF_A_KIND, Loaded
from landbridge.study.entries import Entry
from landbridge.study.material import Material
from landbridge.study.spec_parameters import PARAMETERS
from landbridge.study.suggest import shown, suggestion
from landbridge.study.units import RATIO_UNITS, parse_unit

SHARE_TOLERANCE: Final = 1e-6
"""Shares that should add up to 1 may miss it by this much (figures are rounded in print)."""

PAIR: Final = re.compile(r"(trade|visits):(.+?)(<->|->)(.+)")
"""Indicators that a run computes: trade or visits between two economies (or several, joined by +)."""

PLAIN_UNIT: Final = {"trade": "USD", "visits": "visits"}


def figure_problems(material: Material) -> list[Problem]:
    """Return every fault among figures of the study."""
    return [
        *_zone_shares(material),
        *_class_shares(material),
        *_silent_economies(material),
        *_missing_parameters(material),
        *_parameter_ranges(material),
        *_own_network(material),
        *_indicator_units(material),
        *covariance_problems(material),
        *sector_problems(material),
    ]


def _zone_shares(material: Material) -> list[Problem]:
    zones = _sound(material, "zones", "economy", "trade_share")
    known = material.declared("economies.economy")
    if zones is None or known is None:
        return []
    names = np.array(zones.table.text("economy"), dtype=str)
    shares = zones.table.number("trade_share")
    problems = []
    for economy in sorted(known):
        rows = np.flatnonzero(names == economy)
        if not len(rows):
            message = f"economy {shown(economy)} has no zone, so its trade has no place to start. Give it one."
            problems.append(Problem("LB258", message, zones.file, 0, "economy"))
            continue
        total = float(shares[rows].sum())
        if abs(total - 1.0) > SHARE_TOLERANCE:
            message = f"the trade_share of {shown(economy)} add up to {total:.9g}. Make them add up to 1."
            problems.append(Problem("LB254", message, zones.file, zones.lines[int(rows[0])], "trade_share"))
    return problems


def _class_shares(material: Material) -> list[Problem]:
    """Return pairs named in class_shares.csv whose classes add up to more than 1, the nearest row counting."""
    loaded = _sound(material, "class_shares", "exporter", "importer", "class", "value_share")
    if loaded is None:
        return []
    table = loaded.table
    keys = list(zip(table.text("exporter"), table.text("importer"), table.text("class"), strict=True))
    share = dict(zip(keys, table.number("value_share").tolist(), strict=True))
    line = dict(zip(keys, loaded.lines, strict=True))
    classes = list(dict.fromkeys(key[2] for key in keys))
    problems = []
    for i, j in dict.fromkeys((key[0], key[1]) for key in keys):
        home = j in ("=", i) and i != "*"
        order = [(i, j), (i, "="), ("*", "=")] if home else [(i, j), (i, "*"), ("*", j), ("*", "*")]
        total = sum(next((share[*pair, name] for pair in order if (*pair, name) in share), 0.0) for name in classes)
        if total > 1.0 + SHARE_TOLERANCE:
            at = next(line[i, j, name] for name in classes if (i, j, name) in line)
            message = (
                f"the classes of {shown(i)} to {shown(j)} add up to {total:.6g}. Lower them to 1 or less together."
            )
            problems.append(Problem("LB255", message, loaded.file, at, "value_share"))
    return problems[:MOST_OF_A_KIND]


def _silent_economies(material: Material) -> list[Problem]:
    """Return economies that sell or buy nothing: no equilibrium holds them."""
    trade = _sound(material, "trade", "exporter", "importer", "flow_musd")
    known = material.declared("economies.economy")
    if trade is None or known is None:
        return []
    positive = trade.table.where(trade.table.number("flow_musd") > 0.0)
    problems = []
    for side, verb in (("exporter", "sells"), ("importer", "buys")):
        for economy in sorted(known - set(positive.text(side))):
            message = (
                f"economy {shown(economy)} {verb} nothing. Give a row with flow_musd above 0 (domestic sales too)."
            )
            problems.append(Problem("LB259", message, trade.file, 0, side))
    return problems


def _missing_parameters(material: Material) -> list[Problem]:
    known = material.declared("parameter.name")
    if known is None:
        return []
    return [
        Problem(
            "LB273", f"the parameter '{item.name}' is missing. Give a [[parameter]]: {item.description}", "study.toml"
        )
        for item in PARAMETERS
        if item.required and item.name not in known
    ]


def _own_network(material: Material) -> list[Problem]:
    """Return the fault of a study that wants no base network and has no line of its own."""
    links = material.tables.get("links")
    for entry in material.entries.get("settings", ()):
        if entry["base_network"] == "none" and (links is None or not len(links.table)):
            message = "with base_network = 'none' every line must stand in tables/links.csv, which is empty. Fill it."
            return [entry.problem("LB286", message, "base_network")]
    return []


def _parameter_ranges(material: Material) -> list[Problem]:
    problems = []
    for entry in material.entries.get("parameter", ()):
        value = entry["value"]
        if not entry.sound or value is None:
            continue
        low = value if entry["low"] is None else entry["low"]
        high = value if entry["high"] is None else entry["high"]
        if not low <= value <= high:
            message = f"{value:g} is outside its own range {low:g} to {high:g}. Give low <= value <= high."
            problems.append(entry.problem("LB257", message, "value"))
        problems += _known_parameter(entry)
    return problems


def _known_parameter(entry: Entry) -> list[Problem]:
    """Return what is wrong with a parameter that the package knows, or with a name that nearly is one."""
    known = {item.name: item for item in PARAMETERS}
    name, value, unit = entry["name"], entry["value"], entry["unit"]
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.7)
        message = f"no formula reads {shown(name)}. Did you mean '{near[0] if near else ''}'?"
        return [entry.warning("LB285", message, "name")] if near else []
    spec = known[name]
    problems = []
    if unit != spec.unit:
        message = f"the unit of '{name}' is {shown(spec.unit)}, not {shown(unit)}. Convert value, low and high."
        problems.append(entry.problem("LB256", message, "unit"))
    elif not spec.low <= value <= spec.high:
        message = f"{value:g} is outside {spec.low:g} to {spec.high:g}. Expected: {spec.description}"
        problems.append(entry.problem("LB207", message, "value"))
    return problems


def _indicator_units(material: Material) -> list[Problem]:
    """Return rows whose unit is not the one of their indicator, and indicators that nothing holds."""
    problems: list[Problem] = []
    plain = dict(PLAIN_UNIT)
    series = _sound(material, "series", "indicator", "unit")
    if series is not None:
        for line, row in zip(series.lines, series.table.rows(), strict=True):
            unit = parse_unit(row["unit"]).plain
            if plain.setdefault(row["indicator"], unit) != unit:
                problems.append(_unit_problem(series, line, row["unit"], row["indicator"], plain))
    economies = material.declared("economies.economy")
    targets = _sound(material, "targets", "indicator", "unit")
    if targets is not None:
        for line, row in zip(targets.lines, targets.table.rows(), strict=True):
            pair = PAIR.fullmatch(row["indicator"])
            name = pair.group(1) if pair else row["indicator"]
            if pair and economies is not None:
                parts = [*pair.group(2).split("+"), *pair.group(4).split("+")]
                problems += [
                    Problem("LB251", f"{shown(part)} is not in economies.csv. {suggestion(part, sorted(economies))}",
                            targets.file, line, "indicator")
                    for part in parts if part not in economies
                ]  # fmt: skip
            elif not pair and series is not None and name not in plain:
                message = (
                    f"{shown(name)} is neither trade:A<->B, visits:A<->B nor in series.csv. {suggestion(name, plain)}"
                )
                problems.append(Problem("LB251", message, targets.file, line, "indicator"))
            if name in plain and parse_unit(row["unit"]).plain != plain[name]:
                problems.append(_unit_problem(targets, line, row["unit"], name, plain))
    statements = _sound(material, "statements", "indicator", "unit")
    if statements is not None:
        for line, row in zip(statements.lines, statements.table.rows(), strict=True):
            unit = parse_unit(row["unit"]).plain
            if row["indicator"] in plain and unit not in RATIO_UNITS and unit != plain[row["indicator"]]:
                problems.append(_unit_problem(statements, line, row["unit"], row["indicator"], plain))
    return problems


def _unit_problem(loaded: Loaded, line: int, unit: str, indicator: str, plain: dict[str, str]) -> Problem:
    wanted = plain[indicator]
    message = (
        f"the unit {shown(unit)} is not one of {shown(indicator)}, which is in {shown(wanted)} "
        f"(or thousand, million, billion {wanted}). Convert the figure."
    )
    return Problem("LB256", message, loaded.file, line, "unit")


def _sound(material: Material, name: str, *columns: str) -> Loaded | None:
    """Return a table if it was read and none of the columns has a fault."""
    loaded = material.tables.get(name)
    return loaded if loaded is not None and loaded.sound.issuperset(columns) else None
