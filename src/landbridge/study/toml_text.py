"""TOML text as plain values, with the line on which each key stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from landbridge.core.problems import Problem

Path = tuple[str | int, ...]

HEADER: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
KEY: Final = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=\s*(.*)$")
LINE: Final = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: its values, and for the path of every table and key the line where it stands."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """Return the line of a path, or of the nearest table around it; 0 where nothing is known."""
        while path:
            for known in (path, (*path, 0)):
                if known in self.lines:
                    return self.lines[known]
            path = path[:-1]
        return 0


def parse_toml(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Return the document, or the fault of its syntax with its line."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = LINE.search(str(error))
        last = text.count("\n") + 1
        reason = "the values are nested too deeply" if isinstance(error, RecursionError) else str(error)
        message = f"is not TOML: {reason}. Check the quotes, brackets and equals signs there."
        return None, [Problem("LB271", message, file, int(found.group(1)) if found else last)]
    return Document(file, values, _lines(text)), []


def _lines(text: str) -> dict[Path, int]:
    """Return the line of every table and key of a text that is TOML.

    Keys inside inline tables are not listed: their line is that of the key that holds them.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            if fence in line:
                fence = ""
            continue
        header = HEADER.match(line)
        if header:
            table = _table(header.group(2), counts, repeated=header.group(1) == "[[")
            lines.setdefault(table, number)
            continue
        key = KEY.match(line)
        if key:
            lines.setdefault((*table, key.group(1).strip("\"'")), number)
            opened = [mark for mark in ('"""', "'''") if key.group(2).count(mark) % 2]
            fence = opened[0] if opened else ""
    return lines


def _table(name: str, counts: dict[Path, int], *, repeated: bool) -> Path:
    """Return the path of a table header, with the position of each repeated table on the way."""
    path: Path = ()
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for depth, part in enumerate(parts):
        path = (*path, part)
        if depth == len(parts) - 1 and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
