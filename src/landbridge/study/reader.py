"""A study folder to frozen values, or every fault of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from landbridge.core.columns import TableSpec
from landbridge.core.problems import Problem, StudyError, refuse
from landbridge.study.assemble import changes_of, measure_of, member_of, parameter_of, scenario_of, settings_of
from landbridge.study.cells import csv_cells, parquet_cells
from landbridge.study.check_countries import country_problems
from landbridge.study.check_figures import figure_problems
from landbridge.study.check_measures import measure_problems
from landbridge.study.check_references import reference_problems
from landbridge.study.convert import Loaded, convert, empty_table
from landbridge.study.entries import Entry, section_entries, unknown_sections
from landbridge.study.files import STUDY_FILE, decode, digest_of, locate, read_bytes
from landbridge.study.material import Material
from landbridge.study.model import Study
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_toml import (
    MEASURE,
    PROJECT_SECTIONS,
    ROADMAP_SECTIONS,
    SCENARIO,
    SCHEMA_VERSION,
    STUDY_SECTIONS,
    Section,
)
from landbridge.study.suggest import shown, suggestion
from landbridge.study.toml_text import Document, parse_toml

SECTIONS: Final[dict[str, tuple[Section, ...]]] = {
    STUDY_FILE: STUDY_SECTIONS,
    "measures.toml": (MEASURE,),
    "scenarios.toml": (SCENARIO,),
    "roadmap.toml": ROADMAP_SECTIONS,
    "projects.toml": PROJECT_SECTIONS,
}
"""TOML files of a study and the sections that each may hold."""

NESTED: Final[dict[str, tuple[str, ...]]] = {"measure": ("change",)}
"""Keys of a section that hold tables of their own."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far, with its faults."""

    folder: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    documents: dict[str, Document] = field(default_factory=dict)


def read_study(study: str | Path) -> Study:
    """Return a study, given as a folder or as the name of a shipped one.

    Parameters
    ----------
    study
        A folder, or a name of `shipped_studies`; a folder wins where both are there.

    Raises
    ------
    StudyError
        If the folder has faults; ``problems`` lists all of them, warnings included.
    """
    value, problems = _read(study)
    refuse(problems)
    if value is None:
        raise StudyError(problems)
    return value


def check_study(study: str | Path) -> tuple[Problem, ...]:
    """Return every fault and warning of a study folder, in the order of its files; empty if there is none."""
    return tuple(_read(study)[1])


def _read(study: str | Path) -> tuple[Study | None, list[Problem]]:
    folder, problems = locate(study)
    if folder is None:
        return None, problems
    reading = _Reading(folder)
    _documents(reading)
    if STUDY_FILE not in reading.documents:
        if STUDY_FILE not in reading.broken:
            message = "is missing. A study folder holds it; 'landbridge new NAME' writes one."
            reading.problems.append(Problem("LB102", message, STUDY_FILE))
        return None, reading.problems
    entries = _entries(reading)
    changes = _changes(reading, len(entries["measure"]))
    tables = _tables(reading)
    _stray_files(reading)
    material = Material(tables, entries, changes, frozenset(reading.broken))
    sections = [section for group in SECTIONS.values() for section in group]
    reading.problems += reference_problems(material, sections)
    reading.problems += country_problems(material)
    reading.problems += figure_problems(material)
    reading.problems += measure_problems(material)
    reading.problems.sort(key=_place)
    if any(problem.severity == "fault" for problem in reading.problems):
        return None, reading.problems
    return _study(reading, material), reading.problems


def _documents(reading: _Reading) -> None:
    """Parse the TOML files that are there."""
    for file in SECTIONS:
        content = _content(reading, file)
        if content is None:
            continue
        text, problems = decode(content, file)
        reading.problems += problems
        document = None
        if text is not None:
            document, problems = parse_toml(text, file)
            reading.problems += problems
        if document is None:
            reading.broken.add(file)
        else:
            reading.documents[file] = document


def _entries(reading: _Reading) -> dict[str, tuple[Entry, ...]]:
    """Return the checked entries of every section, by its id."""
    entries: dict[str, tuple[Entry, ...]] = {}
    for file, sections in SECTIONS.items():
        document = reading.documents.get(file)
        for section in sections:
            found: list[Entry] = []
            if document is not None:
                also: tuple[str, ...] = NESTED.get(section.name, ())
                if not section.name:
                    also = tuple(other.name for other in sections if other.name)
                found, problems = section_entries(document, section, also=also)
                reading.problems += problems
            entries[section.id] = tuple(found)
        if document is not None and all(section.name for section in sections):
            reading.problems += unknown_sections(document, sections)
    for entry in entries["study"]:
        version = entry["schema_version"]
        if "schema_version" in entry.given and version is not None and version != SCHEMA_VERSION:
            message = f"{version} is not a version of the format that this release reads. Give {SCHEMA_VERSION}."
            reading.problems.append(entry.problem("LB275", message, "schema_version"))
    return entries


def _changes(reading: _Reading, measures: int) -> tuple[Any, ...]:
    """Return the changes of each measure with their entries."""
    document = reading.documents.get("measures.toml")
    if document is None:
        return ()
    result = []
    for position in range(measures):
        changes, problems = changes_of(document, position)
        reading.problems += problems
        result.append(tuple(changes))
    return tuple(result)


def _tables(reading: _Reading) -> dict[str, Loaded]:
    """Return the tables that are there; a required one that is not is a fault."""
    tables = {}
    for spec, stem in [
        *((spec, f"tables/{spec.name}") for spec in TABLES),
        *((spec, spec.name) for spec in ROOT_TABLES),
    ]:
        loaded = _table(reading, spec, stem)
        if loaded is not None:
            tables[spec.name] = loaded
    return tables


def _table(reading: _Reading, spec: TableSpec, stem: str) -> Loaded | None:
    found = [
        (suffix, content)
        for suffix in (".csv", ".parquet")
        if (content := _content(reading, stem + suffix)) is not None
    ]
    files = {file for file in (f"{stem}.csv", f"{stem}.parquet") if file in reading.broken}
    if not found:
        if spec.required and not files:
            message = f"is missing. Each of its rows is {spec.row}."
            reading.problems.append(Problem("LB102", message, f"{stem}.csv"))
        return None
    if len(found) > 1:
        message = f"stands beside {stem}.csv. Keep one of the two."
        reading.problems.append(Problem("LB108", message, f"{stem}.parquet"))
        return None
    suffix, content = found[0]
    file = stem + suffix
    if suffix == ".csv":
        text, problems = decode(content, file)
        reading.problems += problems
        if text is None:
            return None
        cells, problems = csv_cells(text, file, [column.name for column in spec.columns])
    else:
        cells, problems = parquet_cells(content, file)
    reading.problems += problems
    if cells is None:
        return None
    loaded, problems = convert(cells, spec)
    reading.problems += problems
    return loaded


def _content(reading: _Reading, file: str) -> bytes | None:
    """Return a file's bytes and keep them for the digest; a file that cannot be read is noted as broken."""
    content, problems = read_bytes(reading.folder, file)
    if problems:
        reading.problems += problems
        reading.broken.add(file)
    if content is not None:
        reading.contents[file] = content
    return content


def _stray_files(reading: _Reading) -> None:
    """Note files that look like a part of the study but have a name that nothing reads."""
    known = {
        "": {*SECTIONS, *(f"{spec.name}{end}" for spec in ROOT_TABLES for end in (".csv", ".parquet"))},
        "tables": {f"{spec.name}{end}" for spec in TABLES for end in (".csv", ".parquet")},
    }
    endings = {
        "": (".toml", ".csv", ".parquet"),
        "tables": (".toml", ".csv", ".parquet", ".tsv", ".txt", ".xlsx", ".xls"),
    }
    for inside, names in known.items():
        try:
            listed = sorted(path.name for path in (reading.folder / inside).iterdir())
        except OSError:
            continue
        for name in listed:
            if name.startswith((".", "~")) or not name.endswith(endings[inside]) or name in names:
                continue
            plain = sorted(other for other in names if not other.endswith(".parquet"))
            message = f"nothing reads a file of this name. {suggestion(name, plain, most=40)}"
            place = f"{inside}/{name}" if inside else name
            reading.problems.append(Problem("LB108", message, shown(place)[1:-1]))


def _study(reading: _Reading, material: Material) -> Study:
    """Return the study of a folder without faults."""
    entries = material.entries
    head = entries["study"][0]
    measures = zip(entries["measure"], material.changes, strict=True)
    specs = (*TABLES, *ROOT_TABLES)
    loaded = material.tables
    return Study(
        id=head["id"] or reading.folder.resolve().name,
        title=head["title"],
        base_year=head["base_year"],
        money=head["money"],
        about=head["about"],
        settings=settings_of(next(iter(entries["settings"]), None)),
        parameters={entry["name"]: parameter_of(entry) for entry in entries["parameter"]},
        members=tuple(member_of(entry) for entry in entries["member"]),
        measures=tuple(measure_of(entry, [change for change, _ in changes]) for entry, changes in measures),
        scenarios=tuple(scenario_of(entry) for entry in entries["scenario"]),
        tables={spec.name: loaded[spec.name].table if spec.name in loaded else empty_table(spec) for spec in specs},
        roadmap=_mapping(reading, ROADMAP_SECTIONS, entries, "roadmap.toml"),
        projects=_mapping(reading, PROJECT_SECTIONS, entries, "projects.toml"),
        digest=digest_of(reading.contents),
    )


def _mapping(
    reading: _Reading, sections: Sequence[Section], entries: Mapping[str, Sequence[Entry]], file: str
) -> dict[str, Any]:
    """Return a file's sections as plain values: a mapping for a single table, a tuple of them for a list."""
    if file not in reading.documents:
        return {}
    result: dict[str, Any] = {}
    for section in sections:
        values = [dict(entry.values) for entry in entries[section.id]]
        result[section.name] = tuple(values) if section.repeated else (values[0] if values else {})
    return result


def _place(problem: Problem) -> tuple[int, str, int]:
    """Return the order in which problems are told: by file as the manual lists them, then by row."""
    order = {file: i for i, file in enumerate(SECTIONS)}
    return order.get(problem.file, len(order)), problem.file, problem.row
