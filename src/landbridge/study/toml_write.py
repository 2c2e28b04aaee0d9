"""Plain values to TOML text, by the declaration of their section."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from landbridge.core.columns import Column
from landbridge.study.spec_toml import Section


def toml_section(section: Section, entries: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of a section's entries, each with the keys that differ from their default."""
    return "".join(toml_table(section.header if section.name else "", section.keys, entry) for entry in entries)


def toml_table(header: str, keys: Iterable[Column], values: Mapping[str, Any]) -> str:
    """Return one table: its header, then a line for each key that must be or is not at its default."""
    lines = []
    for column in keys:
        value = values.get(column.name)
        if value is None or (not column.required and value in (column.default, "", ())):
            continue
        lines.append(f"{column.name} = {toml_value(value)}")
    if not lines and not any(column.required for column in keys):
        return ""
    return "\n".join([header, *lines] if header else lines) + "\n\n"


def toml_value(value: object) -> str:
    """Return a value as TOML writes it; floats by `repr`, so that they come back to the last bit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
