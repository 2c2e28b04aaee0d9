"""Measures, scenarios and stages that contradict themselves: no effect, circles, what does not stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from landbridge.cooperation.game import MEMBERS_MAX
from landbridge.core.problems import Problem
from landbridge.study.entries import Entry
from landbridge.study.material import Material
from landbridge.study.model import Change
from landbridge.study.suggest import shown

Row = Mapping[str, object]

SAME_FIGURE: Final = ({"open", "close"}, {"tariff", "agreement"})
"""Kinds of change that set one and the same figure."""


def measure_problems(material: Material) -> list[Problem]:
    """Return every fault of measures, scenarios and the road map beyond single values."""
    return [
        *_no_effect(material),
        *_circles(material),
        *_scenarios(material),
        *_roadmap(material),
        *_members(material),
    ]


def _no_effect(material: Material) -> list[Problem]:
    problems = []
    measures = material.entries.get("measure", ())
    for at, (entry, changes) in enumerate(zip(measures, material.changes, strict=True)):
        if not changes and "change" not in entry.given:
            message = f"measure {shown(entry['id'])} changes nothing. Give it a [[measure.change]]."
            problems.append(entry.problem("LB277", message))
        others = [change for i, more in enumerate(material.changes) if i != at for change, _ in more]
        mine = [change for change, _ in changes]
        for i, (change, place) in enumerate(changes):
            reason = _neutral(change)
            rest = [*others, *mine[:i], *mine[i + 1 :]]
            if not reason and place.sound and not any(_meet(change, other) for other in rest):
                reason = _as_it_is(change, material)
            if reason:
                message = f"the change of measure {shown(entry['id'])} changes nothing: {reason}. Give another figure."
                problems.append(place.problem("LB277", message))
        if "consent" in entry.given and entry["consent"] == () and entry.sound:
            message = f"measure {shown(entry['id'])} needs nobody's consent. Name at least one member."
            problems.append(entry.problem("LB284", message, "consent"))
    return problems


def _neutral(change: Change) -> str:
    """Return why a change has no effect whatever it is applied to; empty if it may have one."""
    if change.kind == "travel":
        factors = [factor for factor in (change.factor, change.fare_factor) if factor is not None]
        return "its factors are 1" if factors and all(factor == 1.0 for factor in factors) else ""
    if change.factor == 1.0 and change.value is None:
        return "its factor is 1"
    if change.kind in ("visa", "productivity") and change.value == 0.0:
        return "its effect is 0"
    if change.kind == "agreement" and change.value == 0.0 and change.tariff_percent is None:
        return "its effect is 0 and it leaves tariffs alone"
    pairs = {(i, j) for i in change.exporters for j in change.importers if i != j or i == "*"}
    if change.exporters and change.importers and not pairs:
        return "exporter and importer are the same economy"
    return ""


def _meet(one: Change, other: Change) -> bool:
    """Tell whether two changes may set the same figure of the same thing."""
    if not any({one.kind, other.kind} <= group for group in (*SAME_FIGURE, {one.kind})):
        return False
    if one.kind in ("tariff", "agreement") or not (other.names or other.passages or other.ports):
        return True
    return bool({*one.names, *one.passages, *one.ports} & {*other.names, *other.passages, *other.ports})


def _as_it_is(change: Change, material: Material) -> str:
    """Return why a change gives what the tables of the study hold already; empty if that cannot be told."""
    if change.kind == "tariff":
        return _same_tariff(change, material)
    named = change.names + change.passages
    if not named or change.ports or change.countries or change.modes:
        return ""
    rows = _rows_named(material, named)
    if {row["_name"] for row in rows} != set(named):
        return ""
    tests: dict[str, tuple[str, Callable[[Row], bool]]] = {
        "open": ("all that it names is open", lambda row: row.get("open") is True),
        "close": ("all that it names is shut", lambda row: row.get("open") is False),
        "hours": ("the tables hold these hours", lambda row: row.get("_hours") == change.value),
        "speed": ("the tables hold this speed", lambda row: row.get("speed_kmh") == change.value),
        "charge": ("the tables hold this charge", lambda row: row.get("charge_usd_per_teu") == change.value),
        "capacity": ("the tables hold this capacity", lambda row: row.get("capacity_teu_per_year") == change.value),
        "departures": ("the tables hold this", lambda row: row.get("departures_per_week") == change.value),
        "season": (
            "the tables hold these months",
            lambda row: (row.get("first_month"), row.get("last_month")) == (change.first_month, change.last_month),
        ),
    }
    if change.kind not in tests or (change.factor is not None and change.value is None):
        return ""
    reason, holds = tests[change.kind]
    return reason if all(holds(row) for row in rows) else ""


def _rows_named(material: Material, names: Sequence[str]) -> list[dict[str, object]]:
    """Return the rows of crossings, passages and links with these names."""
    rows = []
    for name, key, hours in (("crossings", "crossing", "dwell_hours"), ("passages", "passage", "wait_hours"),
                             ("links", "link", "")):  # fmt: skip
        loaded = material.tables.get(name)
        if loaded is not None and key in loaded.sound:
            rows += [
                {**row, "_name": row[key], "_hours": row.get(hours)} for row in loaded.table.rows() if row[key] in names
            ]
    return rows


def _same_tariff(change: Change, material: Material) -> str:
    loaded = material.tables.get("tariffs")
    if loaded is None or not loaded.sound.issuperset(("importer", "exporter", "tariff_percent")):
        return ""
    if "*" in change.exporters + change.importers:
        return ""
    table = loaded.table
    rate = dict(zip(zip(table.text("exporter"), table.text("importer"), strict=True),
                    table.number("tariff_percent").tolist(), strict=True))  # fmt: skip
    pairs = {(i, j) for i in change.exporters for j in change.importers}
    pairs |= {(j, i) for i, j in pairs} if change.both_ways else set()
    now = [rate.get((i, j), rate.get(("*", j), rate.get((i, "*"), rate.get(("*", "*"), 0.0)))) for i, j in pairs]
    return "the tariffs stand at that already" if all(value == change.value for value in now) else ""


def _circles(material: Material) -> list[Problem]:
    """Return one fault per circle of conditions: measures, scenarios, milestones and stages."""
    problems = []
    measures = {entry["id"]: entry for entry in material.entries.get("measure", ())}
    problems += _circle(measures, lambda entry: entry["requires"], "requires")
    scenarios = {entry["name"]: entry for entry in material.entries.get("scenario", ())}
    problems += _circle(scenarios, lambda entry: (entry["based_on"],), "based_on")
    events = {entry["id"]: entry for name in ("move", "milestone") for entry in material.entries.get(name, ())}
    stages = material.entries.get("stage", ())

    def before(entry: Entry) -> list[str]:
        staged = [name for stage in stages if entry["id"] in stage["elements"] for name in stage["conditions"]]
        return [*(entry.values.get("requires") or entry.values.get("waits_for") or ()), *staged]

    problems += _circle(events, before, "requires")
    return problems


def _circle(entries: Mapping[str, Entry], before: Callable[[Entry], Iterable[str]], key: str) -> list[Problem]:
    """Return a fault for each circle that following `before` from entry to entry runs into."""
    problems = []
    seen: set[str] = set()
    for start in entries:
        if start in seen:
            continue
        seen.add(start)
        path = [start]
        ahead = [iter(before(entries[start]))]
        while ahead:
            name = next(ahead[-1], None)
            if name is None:
                ahead.pop()
                path.pop()
            elif name in path:
                circle = [*path[path.index(name) :], name]
                message = f"the conditions run in a circle: {' -> '.join(circle)}. Take one of them away."
                entry = entries[name]
                problems.append(entry.problem("LB278", message, key if key in entry.values else "waits_for"))
            elif name in entries and name not in seen:
                seen.add(name)
                path.append(name)
                ahead.append(iter(before(entries[name])))
    return problems


def _scenarios(material: Material) -> list[Problem]:
    """Return what a scenario adds though it stands, removes though it does not, or holds without its condition."""
    measures = {entry["id"]: entry for entry in material.entries.get("measure", ())}
    if material.declared("measure.id") is None:
        return []
    scenarios = {entry["name"]: entry for entry in material.entries.get("scenario", ())}
    baseline = [name for name, entry in measures.items() if entry["in_baseline"]]
    problems = [
        measures[name].problem("LB281", f"it stands in the baseline, but {shown(other)}, which it requires, does not. "
                               "Give both or neither in_baseline = true.", "requires")
        for name in baseline for other in measures[name]["requires"] if other in measures and other not in baseline
    ]  # fmt: skip
    for entry in scenarios.values():
        before = _standing(entry["based_on"], scenarios, baseline)
        if before is None:
            continue
        for name in entry["add"]:
            if name in before and name not in entry["remove"]:
                message = f"{shown(name)} stands already. Take it out of 'add'."
                problems.append(entry.warning("LB279", message, "add"))
        for name in entry["remove"]:
            if name in measures and name not in before:
                message = f"{shown(name)} does not stand before this scenario. Take it out of 'remove'."
                problems.append(entry.warning("LB279", message, "remove"))
        after = [name for name in before if name not in entry["remove"]]
        after += [name for name in entry["add"] if name not in after]
        for name in after:
            lacking = [
                other for other in (measures[name]["requires"] if name in measures else ()) if other not in after
            ]
            if lacking:
                message = (
                    f"{shown(name)} requires {', '.join(map(shown, lacking))}. Add it, or take {shown(name)} away."
                )
                problems.append(entry.problem("LB281", message, "add"))
    return problems


def _standing(name: str, scenarios: Mapping[str, Entry], baseline: Sequence[str]) -> list[str] | None:
    """Return the measures of a scenario, None where its chain is broken or runs in a circle."""
    chain: list[Entry] = []
    while name:
        if name not in scenarios or scenarios[name] in chain:
            return None
        chain.insert(0, scenarios[name])
        name = scenarios[name]["based_on"]
    standing = list(baseline)
    for entry in chain:
        standing = [measure for measure in standing if measure not in entry["remove"]]
        standing += [measure for measure in entry["add"] if measure not in standing]
    return standing


def _members(material: Material) -> list[Problem]:
    """Return the member from which on coalitions are too many to be valued one and all."""
    members = material.entries.get("member", ())
    if len(members) <= MEMBERS_MAX:
        return []
    message = (
        f"{len(members)} members are more than the {MEMBERS_MAX} whose coalitions are all valued. "
        "Join those that always act together into one member."
    )
    return [members[MEMBERS_MAX].problem("LB287", message, "id")]


def _roadmap(material: Material) -> list[Problem]:
    """Return moves that ask nobody, years in the wrong order, a road map without settings or goal."""
    problems = []
    moves, milestones = material.entries.get("move", ()), material.entries.get("milestone", ())
    for entry in (*moves, *milestones):
        first, last = entry["not_before_year"], entry["not_after_year"]
        if first is not None and last is not None and first > last:
            message = f"it cannot happen before {first} nor after {last}. Exchange the years."
            problems.append(entry.problem("LB282", message, "not_after_year"))
    for entry in moves:
        if entry.sound and not entry["consent"] and not entry["adds"] and not entry["removes"]:
            message = f"the move {shown(entry['id'])} asks nobody. Give 'consent', or the measures that it adds."
            problems.append(entry.problem("LB284", message, "consent"))
    names = [entry["id"] for entry in moves]
    problems += [
        entry.problem("LB280", f"{shown(entry['id'])} is the id of a move too. Give the milestone another id.", "id")
        for entry in milestones
        if entry["id"] and entry["id"] in names
    ]
    if (moves or milestones) and not material.entries.get("roadmap_settings"):
        entry = (*moves, *milestones)[0]
        message = "the file has no [settings]. Give it, with discount_factor, start_year, horizon_years and goal."
        problems.append(Problem("LB273", message, entry.document.file, 1, "settings"))
    for entry in material.entries.get("roadmap_settings", ()):
        if "goal" in entry.given and entry["goal"] == () and entry.sound:
            problems.append(entry.problem("LB283", "the goal is empty. Name what is to stand.", "goal"))
    return problems
