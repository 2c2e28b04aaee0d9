"""Checked entries to the values of a study: parameters, members, measures, scenarios, settings."""

from collections.abc import Mapping, Sequence
from typing import Any

from landbridge.core.problems import Problem
from landbridge.study.entries import Entry, read_entry
from landbridge.study.model import Change, Measure, Member, Parameter, Scenario, Settings
from landbridge.study.spec_changes import CHANGES
from landbridge.study.suggest import shown, suggestion
from landbridge.study.toml_text import Document, Path


def parameter_of(entry: Entry) -> Parameter:
    """Return a parameter; a range that was left out is the value itself."""
    value = entry["value"] if entry["value"] is not None else 0.0
    return Parameter(
        name=entry["name"],
        value=value,
        low=value if entry["low"] is None else entry["low"],
        high=value if entry["high"] is None else entry["high"],
        unit=entry["unit"],
        source=entry["source"],
        note=entry["note"],
        distribution=entry["distribution"] or "triangular",
    )


def settings_of(entry: Entry | None) -> Settings:
    """Return the settings; the defaults where there is no table."""
    return Settings() if entry is None else Settings(**entry.values)


def member_of(entry: Entry) -> Member:
    """Return a member."""
    return Member(entry["id"], entry["name"], entry["economies"])


def scenario_of(entry: Entry) -> Scenario:
    """Return a scenario."""
    return Scenario(**entry.values)


def measure_of(entry: Entry, changes: Sequence[Change]) -> Measure:
    """Return a measure with its changes."""
    return Measure(changes=tuple(changes), **entry.values)


def changes_of(document: Document, position: int) -> tuple[list[tuple[Change, Entry]], list[Problem]]:
    """Return the changes of a measure, each with its entry, and their faults."""
    raw = document.values["measure"][position].get("change")
    path: Path = ("measure", position)
    if raw is None:
        return [], []
    if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
        message = "'change' is not [[measure.change]]. Write [[measure.change]] on a line and its keys below."
        return [], [Problem("LB274", message, document.file, document.line(*path, "change"), "change")]
    changes, problems = [], []
    for i, item in enumerate(raw):
        change, found = _change_of(document, (*path, "change", i), item)
        problems += found
        if change is not None:
            changes.append(change)
    return changes, problems


def _change_of(
    document: Document, path: Path, raw: Mapping[str, Any]
) -> tuple[tuple[Change, Entry] | None, list[Problem]]:
    kind = raw.get("kind")
    spec = CHANGES.get(kind) if isinstance(kind, str) else None
    line = document.line(*path, "kind")
    if spec is None:
        found = "the key is missing." if kind is None else f"{shown(kind)} is not a kind of change."
        message = f"{found} {suggestion(str(kind), CHANGES, most=30)}"
        return None, [Problem("LB276", message, document.file, line, "kind")]
    entry, problems = read_entry(document, path, raw, [key.column for key in spec.keys], also=("kind",))
    for group in spec.one_of:
        if not any(entry.values[name] not in (None, ()) for name in group) and not set(group) & entry.given:
            needed = " or ".join(f"'{name}'" for name in group)
            message = f"a change of kind '{spec.kind}' {spec.row} and needs {needed}. Give it."
            problems.append(entry.problem("LB276", message, group[0] if len(group) == 1 else ""))
    both = [key.column.name for key in spec.keys if key.field in ("value", "factor") and key.column.name in entry.given]
    if len(both) > 1 and spec.kind != "travel":
        message = f"both '{both[0]}' and '{both[1]}' are given. Keep one: a new figure, or a factor on the present one."
        problems.append(entry.problem("LB276", message, both[1]))
    values = {key.field: entry.values[key.column.name] for key in spec.keys}
    return (Change(kind=spec.kind, **values), entry), problems  # type: ignore[arg-type]
