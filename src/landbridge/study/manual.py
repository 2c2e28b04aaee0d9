"""The reference page of the study format, made from the declarations of its tables and keys."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from landbridge.core.columns import Column, TableSpec
from landbridge.study.check_references import MORE_REFERENCES, WILDCARDS
from landbridge.study.reader import SECTIONS
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_changes import CHANGES
from landbridge.study.spec_parameters import PARAMETERS

HEAD = """# Study format

A study is a folder of plain files. `landbridge new NAME` makes one that runs, `landbridge check NAME` tells every
fault at once with file, row, column, value and remedy.

```
my-study/
  study.toml            what the study is, settings, parameters, members
  measures.toml         what can be changed, and whose consent it needs
  scenarios.toml        which measures stand together
  roadmap.toml          moves, milestones, goal (optional)
  projects.toml         works and their finance (optional)
  tables/*.csv          the tables below (CSV or Parquet)
  targets.csv  statements.csv  statement_relations.csv  sources.csv
```

**Rules for tables.** UTF-8 text with commas and decimal points; a byte-order mark is accepted, semicolons and tabs
are read with a warning. A number's unit stands in the column's name, or in the column `unit` of the row. An empty
cell means the default; a required cell must be filled. `nan`, `inf` and separators between thousands are refused.
Lists are joined by `+`. Blanks around a cell do not count. A file may have at most 25 MB.

**Rules for sources.** Every row with a figure names its `source`: a key of `sources.csv` (several joined by `+`), or
`assumption`, which needs a reason in `note` (in measures and moves: in `why`).

*Usual* is a narrower range: outside of it `landbridge check` warns. This page is made from the declarations in
`src/landbridge/study` and `src/landbridge/network/tables.py` by `python -m tools.build_reference`. The same
declarations make `src/landbridge/data/study.schema.json` (JSON Schema).
"""


def study_manual() -> str:
    """Return the reference page as Markdown."""
    return "\n".join([HEAD, *_toml_part(), *_table_part()]).rstrip() + "\n"


def _toml_part() -> Iterator[str]:
    for file, sections in SECTIONS.items():
        if not sections:
            continue
        yield f"## `{file}`\n"
        for section in sections:
            title = f"`{section.header}`" if section.name else "Head of the file"
            yield f"### {title}\n\n{_sentence(section.row)}\n"
            yield _key_table(section.keys)
            if section.name == "measure":
                yield from _changes_part()
            if section.name == "parameter":
                yield from _parameters_part()


def _changes_part() -> Iterator[str]:
    yield (
        "### `[[measure.change]]`\n\nWhat a measure changes; a measure may hold several. `kind` is one of the words "
        "below, each with its own keys.\n"
    )
    for spec in CHANGES.values():
        needs = "; ".join(" or ".join(f"`{name}`" for name in group) for group in spec.one_of)
        yield f'#### `kind = "{spec.kind}"`\n\n{_sentence(spec.row)} Needs {needs}.\n'
        needed = {group[0] for group in spec.one_of if len(group) == 1}
        yield _key_table(
            replace(key.column, required=True) if key.column.name in needed else key.column for key in spec.keys
        )


def _parameters_part() -> Iterator[str]:
    yield "Parameters that the package reads (a study may hold others for its own tools):\n"
    yield "| name | unit | range | if left out | what it is |\n|---|---|---|---|---|"
    for item in PARAMETERS:
        needed = "required" if item.required else "see there"
        bounds = _range(item.low, item.high)
        yield f"| `{item.name}` | {item.unit} | {bounds} | {needed} | {_sentence(item.description)} |"
    yield ""


def _key_table(columns: Iterable[Column]) -> str:
    lines = ["| key | holds | range | if left out | what it is |", "|---|---|---|---|---|"]
    lines += [_line(column, column.refers_to) for column in columns]
    return "\n".join(lines) + "\n"


def _table_part() -> Iterator[str]:
    yield "## Tables\n"
    for folder, specs in (("tables/", TABLES), ("", ROOT_TABLES)):
        for spec in specs:
            yield f"### `{folder}{spec.name}.csv`\n\n{_about(spec)}\n"
            lines = ["| column | holds | range | if left out | what it is |", "|---|---|---|---|---|"]
            lines += [
                _line(column, column.refers_to or MORE_REFERENCES.get((spec.name, column.name), ""))
                for column in spec.columns
            ]
            yield "\n".join(lines) + "\n"


def _about(spec: TableSpec) -> str:
    needed = " Every study needs it." if spec.required else ""
    key = f" No two rows have the same {', '.join(f'`{name}`' for name in spec.key)}." if spec.key else ""
    return f"A row is {spec.row}.{needed}{key}"


def _line(column: Column, refers_to: str) -> str:
    holds = {"quantity": "number, unit in `unit`", "ids": "list", "date": "day, YYYY-MM-DD"}.get(
        column.kind, column.kind
    )
    holds = f"{holds}, {column.unit}" if column.unit and column.kind == "number" else holds
    if column.choices:
        holds = ("list of " if column.kind == "ids" else "one of ") + ", ".join(f"`{word}`" for word in column.choices)
    where = f" Refers to `{refers_to.rstrip(WILDCARDS)}`." if refers_to else ""
    text = f"{_sentence(column.description)}{where}".replace("|", "\\|")
    return f"| `{column.name}` | {holds} | {_ranges(column)} | {_default(column)} | {text} |"


def _ranges(column: Column) -> str:
    full = _range(column.low, column.high)
    usual = _range(column.warn_low, column.warn_high)
    return f"{full}{'; ' if full and usual else ''}{f'usual: {usual}' if usual else ''}"


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return ""
    if math.isinf(high):
        return f"from {low:.12g}"
    return f"up to {high:.12g}" if math.isinf(low) else f"{low:.12g} to {high:.12g}"


def _default(column: Column) -> str:
    if column.required:
        return "required"
    value = column.default
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return "nothing"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return "no limit" if value == math.inf else f"`{value}`"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."
