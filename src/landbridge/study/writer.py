"""Frozen values to a study folder, whole or not at all, such that reading it gives the same values."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from landbridge.core.columns import Column, TableSpec
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.study.convert import empty_table
from landbridge.study.equality import differences
from landbridge.study.folders import make_folder
from landbridge.study.model import Measure, Study
from landbridge.study.reader import SECTIONS, read_study
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_changes import CHANGES, KIND
from landbridge.study.spec_toml import (
    MEASURE,
    MEMBER,
    PARAMETER,
    PROJECT_SECTIONS,
    ROADMAP_SECTIONS,
    SCENARIO,
    SCHEMA_VERSION,
    SETTINGS,
    STUDY,
    Section,
)
from landbridge.study.toml_write import toml_section, toml_table

SPECIAL: Final = re.compile(r'[",\r\n]')
"""What a cell cannot hold without quotes."""

STUDY_FILES: Final = frozenset(
    [
        *SECTIONS,
        *(f"tables/{spec.name}{end}" for spec in TABLES for end in (".csv", ".parquet")),
        *(f"{spec.name}{end}" for spec in ROOT_TABLES for end in (".csv", ".parquet")),
    ]
)
"""Every file that a study may be made of."""


def write_study(study: Study, folder: str | Path) -> None:
    """Write a study as a folder of TOML and CSV files.

    The folder is written beside its place, read back, compared, and only then renamed. A folder that is there
    already is replaced if it holds nothing but the files of a study.

    Raises
    ------
    StudyError
        If the values are not those of a sound study, cannot be written so that they read the same, or the
        folder holds other files.
    """
    texts = dict(_texts(study))

    def fill(new: Path) -> None:
        (new / "tables").mkdir()
        for file, text in texts.items():
            (new / file).write_bytes(_encoded(text, file))
        changed = differences(study, read_study(new))
        if changed:
            names = ", ".join(changed)
            message = f"{names} would read differently from a file. Take off outer blanks and control characters."
            raise StudyError([Problem("LB120", message)])

    make_folder(Path(folder), fill, replaces=STUDY_FILES)


def _texts(study: Study) -> Iterator[tuple[str, str]]:
    """Yield every file of the study with its text."""
    yield "study.toml", _study_toml(study)
    if study.measures:
        yield "measures.toml", "".join(_measure_toml(measure) for measure in study.measures)
    if study.scenarios:
        yield "scenarios.toml", toml_section(SCENARIO, (_fields(scenario) for scenario in study.scenarios))
    for file, sections, values in (
        ("roadmap.toml", ROADMAP_SECTIONS, study.roadmap),
        ("projects.toml", PROJECT_SECTIONS, study.projects),
    ):
        if values:
            yield file, _mapping_toml(sections, values)
    for folder, specs in (("tables/", TABLES), ("", ROOT_TABLES)):
        for spec in specs:
            table = study.tables.get(spec.name, empty_table(spec))
            if spec.required or len(table):
                yield f"{folder}{spec.name}.csv", csv_text(table, spec)


def csv_text(table: Table, spec: TableSpec) -> str:
    """Return a table as CSV: the required columns, and those with a value other than the default."""
    written = [column for column in spec.columns if column.required or _tells(table, column)]
    columns = [[_cell(value, column) for value in table.columns[column.name].tolist()] for column in written]
    rows = [[column.name for column in written], *zip(*columns, strict=True)]
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows)


def _quoted(cell: str) -> str:
    """Return a cell in quotes where it must have them (the csv module leaves a lone carriage return bare)."""
    return '"' + cell.replace('"', '""') + '"' if SPECIAL.search(cell) else cell


def _tells(table: Table, column: Column) -> bool:
    """Tell whether a column holds anything but what leaving it out would mean."""
    return any(_cell(value, column) for value in table.columns[column.name].tolist())


def _cell(value: Any, column: Column) -> str:  # noqa: ANN401 - a cell of any kind
    """Return a value as a CSV cell; empty where an empty cell means the same."""
    if isinstance(value, bool):
        return "" if not column.required and value == column.default else ("true" if value else "false")
    if isinstance(value, float):
        if math.isnan(value) or (not column.required and value == column.default and math.copysign(1.0, value) > 0):
            return ""
        whole = value.is_integer() and abs(value) < 1e15 and math.copysign(1.0, value) * value > 0
        return str(int(value)) if whole else repr(value)
    if isinstance(value, int):
        return "" if not column.required and value == column.default else str(value)
    return "" if not column.required and value == column.default else str(value)


def _study_toml(study: Study) -> str:
    head = {
        "schema_version": SCHEMA_VERSION,
        "id": study.id,
        "title": study.title,
        "base_year": study.base_year,
        "money": study.money,
        "about": study.about,
    }
    text = toml_section(STUDY, [head])
    text += toml_section(SETTINGS, [_fields(study.settings)])
    text += toml_section(PARAMETER, (_fields(parameter) for parameter in study.parameters.values()))
    return text + toml_section(MEMBER, (_fields(member) for member in study.members))


def _measure_toml(measure: Measure) -> str:
    text = toml_section(MEASURE, [_fields(measure)])
    for change in measure.changes:
        spec = CHANGES[change.kind]
        values = {key.column.name: getattr(change, key.field) for key in spec.keys}
        columns = [KIND, *(key.column for key in spec.keys)]
        text += toml_table("[[measure.change]]", columns, {"kind": change.kind, **values})
    return text


def _mapping_toml(sections: tuple[Section, ...], values: Mapping[str, Any]) -> str:
    parts = []
    for section in sections:
        held = values.get(section.name, ())
        entries = held if section.repeated else ([held] if held else [])
        parts.append(toml_section(section, entries))
    return "".join(parts)


def _fields(value: object) -> dict[str, Any]:
    """Return the fields of a frozen value by name."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]


def _encoded(text: str, file: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"a text holds {text[error.start]!r}, which is no character. Correct it."
        raise StudyError([Problem("LB120", message, file)]) from error
