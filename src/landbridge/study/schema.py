"""JSON Schema of a study folder, made from the declarations of its tables and keys."""

import math
from collections.abc import Iterable
from typing import Any, Final

from landbridge.core.columns import Column, TableSpec
from landbridge.study.reader import SECTIONS
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_changes import CHANGES
from landbridge.study.spec_toml import SCHEMA_VERSION, ChangeSpec, Section

TYPES: Final = {
    "text": "string", "id": "string", "date": "string", "number": "number", "quantity": "number",
    "integer": "integer", "boolean": "boolean",
}  # fmt: skip


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a folder: an object of its files, tables as lists of rows.

    Each file's own schema stands under ``$defs``, so that an editor can check one file against
    ``study.schema.json#/$defs/measures.toml``.
    """
    defs: dict[str, Any] = {file: _file_schema(sections) for file, sections in SECTIONS.items()}
    for spec in TABLES:
        defs[f"tables/{spec.name}.csv"] = _table_schema(spec)
    for spec in ROOT_TABLES:
        defs[f"{spec.name}.csv"] = _table_schema(spec)
    required = [f"tables/{spec.name}.csv" for spec in TABLES if spec.required]
    required += [f"{spec.name}.csv" for spec in ROOT_TABLES if spec.required]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"landbridge study, version {SCHEMA_VERSION}",
        "description": "The files of a study folder. Tables are lists of rows; an empty cell is an absent key.",
        "type": "object",
        "properties": {file: {"$ref": f"#/$defs/{file.replace('/', '~1')}"} for file in defs},
        "required": ["study.toml", *required],
        "additionalProperties": False,
        "$defs": defs,
    }


def _file_schema(sections: Iterable[Section]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for section in sections:
        entry = _object(section.keys, section.row)
        if section.name == "measure":
            entry["properties"]["change"] = {
                "type": "array",
                "items": {"oneOf": [_change(c) for c in CHANGES.values()]},
            }
        if not section.name:
            properties |= entry["properties"]
            required += entry["required"]
        else:
            properties[section.name] = {"type": "array", "items": entry} if section.repeated else entry
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _table_schema(spec: TableSpec) -> dict[str, Any]:
    rows: dict[str, Any] = {"type": "array", "items": _object(spec.columns, spec.row, joined=True)}
    if spec.required:
        rows["minItems"] = 1
    return rows


def _change(spec: ChangeSpec) -> dict[str, Any]:
    schema = _object([key.column for key in spec.keys], spec.row)
    schema["properties"] = {"kind": {"const": spec.kind}, **schema["properties"]}
    schema["required"] = ["kind", *(group[0] for group in spec.one_of if len(group) == 1)]
    several = [{"anyOf": [{"required": [name]} for name in group]} for group in spec.one_of if len(group) > 1]
    if several:
        schema["allOf"] = several
    return schema


def _object(columns: Iterable[Column], row: str, *, joined: bool = False) -> dict[str, Any]:
    columns = tuple(columns)
    return {
        "type": "object",
        "description": row,
        "properties": {column.name: _value(column, joined=joined) for column in columns},
        "required": [column.name for column in columns if column.required],
        "additionalProperties": False,
    }


def _value(column: Column, *, joined: bool) -> dict[str, Any]:
    """Return the schema of a cell or key; in a table a list of ids is one text joined by +."""
    schema: dict[str, Any] = {"type": TYPES.get(column.kind, "string"), "description": column.description}
    if column.kind == "ids" and not joined:
        schema = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True,
                  "description": column.description}  # fmt: skip
        if column.choices:
            schema["items"] = {"enum": list(column.choices)}
    elif column.choices:
        schema["enum"] = list(column.choices)
    elif column.kind == "date":
        schema["pattern"] = r"^\d{4}-\d{2}-\d{2}$"
    elif schema["type"] == "string" and column.required:
        schema["minLength"] = 1
    if math.isfinite(column.low):
        schema["minimum"] = column.low
    if math.isfinite(column.high):
        schema["maximum"] = column.high
    if column.default not in (None, "") and not (
        isinstance(column.default, float) and not math.isfinite(column.default)
    ):
        schema["default"] = column.default
    return schema
