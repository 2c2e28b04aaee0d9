"""Estimated parameters put into a study's folder, while everything else of its files stays as it was written."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.columns import TableSpec
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.study.files import SHIPPED, STUDY_FILE, decode, locate
from landbridge.study.model import Parameter, Study
from landbridge.study.reader import read_study
from landbridge.study.spec_figures import COVARIANCES, SOURCES
from landbridge.study.spec_toml import PARAMETER
from landbridge.study.suggest import shown
from landbridge.study.toml_text import HEADER, Document, parse_toml
from landbridge.study.toml_write import toml_section
from landbridge.study.writer import csv_text


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedParameters:
    """Parameters of a study that one regression gives.

    Attributes
    ----------
    estimate
        Code of the estimate; it is the key of its source as well.
    parameters
        With value, range and source.
    covariance
        Shape (p, p), in the units of the parameters.
    title
        Method and data, as ``sources.csv`` tells them.
    """

    estimate: str
    parameters: tuple[Parameter, ...]
    covariance: Float
    title: str


def write_estimates(study: str | Path, found: Sequence[EstimatedParameters]) -> Study:
    """Put estimated parameters, their covariances and their sources into a study's folder.

    Blocks ``[[parameter]]`` of these names are written anew (or added after the last one), the rest of
    ``study.toml`` stays to the letter. ``tables/covariances.csv`` and ``sources.csv`` are written whole. A copy of
    the folder is changed and read first: nothing is touched unless the study stays sound.

    Raises
    ------
    StudyError
        If the study is one that comes with the package, its folder cannot be written, or the estimates do not fit.
    """
    folder, problems = locate(study)
    if folder is None:
        raise StudyError(problems)
    if folder.resolve().is_relative_to(SHIPPED):
        message = f"{shown(folder.name)} comes with the package. Copy it: landbridge new NAME --from {folder.name}"
        raise StudyError([Problem("LB121", message)])
    before = read_study(folder)
    texts = {STUDY_FILE: _with_parameters(folder, [item for one in found for item in one.parameters])}
    texts["tables/covariances.csv"] = csv_text(_covariances(before, found), COVARIANCES)
    texts["sources.csv"] = csv_text(_sources(before, found), SOURCES)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name[:100]}-", dir=folder.resolve().parent) as beside:
            trial = Path(beside, folder.name)
            shutil.copytree(folder, trial)
            _put(trial, texts)
            after = read_study(trial)
            for name in texts:
                (folder / name).parent.mkdir(exist_ok=True)
                (trial / name).replace(folder / name)
                (folder / name).with_suffix(".parquet").unlink(missing_ok=True)
    except OSError as error:
        message = f"{shown(str(folder))} cannot be written: {error.strerror or error}. Check its permissions."
        raise StudyError([Problem("LB121", message)]) from error
    return after


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    (folder / "tables").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        if name.endswith(".csv"):
            (folder / name).with_suffix(".parquet").unlink(missing_ok=True)


def _with_parameters(folder: Path, parameters: Sequence[Parameter]) -> str:
    """Return the text of ``study.toml`` with the blocks of these parameters in place of those that were there."""
    text, problems = decode((folder / STUDY_FILE).read_bytes(), STUDY_FILE)
    document, more = parse_toml(text or "", STUDY_FILE)
    if text is None or document is None:
        raise StudyError([*problems, *more])
    lines = text.splitlines(keepends=True)
    names = [str(entry.get("name", "")) for entry in document.values.get("parameter", [])]
    blocks = [_block(document, lines, k) for k in range(len(names))]
    edits = []
    for parameter in parameters:
        fresh = toml_section(PARAMETER, [_fields(parameter)]).rstrip("\n") + "\n"
        at = names.index(parameter.name) if parameter.name in names else None
        if at is None:
            end = max((stop for _, stop in blocks), default=len(lines))
            edits.append((end, end, "\n" + fresh))
        else:
            edits.append((*blocks[at], fresh))
    for start, stop, fresh in sorted(edits, key=lambda edit: edit[0], reverse=True):
        if start and not lines[start - 1].endswith("\n"):
            lines[start - 1] += "\n"
        lines[start:stop] = [fresh]
    return "".join(lines)


def _block(document: Document, lines: Sequence[str], position: int) -> tuple[int, int]:
    """Return where a parameter's block starts and where it ends, blank lines and comments after it left out."""
    start = document.line("parameter", position) - 1
    if not HEADER.match(lines[start]):
        message = "parameters are not written as [[parameter]] with their keys below. Write them so."
        raise StudyError([Problem("LB274", message, STUDY_FILE, start + 1)])
    inside = ("parameter", position)
    later = [line for path, line in document.lines.items() if path[:2] != inside and line > start + 1]
    stop = min(later, default=len(lines) + 1) - 1
    while stop > start + 1 and (not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#")):
        stop -= 1
    return start, stop


def _covariances(study: Study, found: Sequence[EstimatedParameters]) -> Table:
    """Return the study's covariances without those of parameters that are estimated anew, and the new ones."""
    fresh = {item.name for one in found for item in one.parameters}
    gone = fresh | {one.estimate for one in found}
    kept = [
        row
        for row in study.tables[COVARIANCES.name].rows()
        if not {row["parameter"], row["other"], row["estimate"]} & gone
    ]
    return _table(COVARIANCES, [*kept, *(row for one in found for row in _rows(one))])


def _rows(found: EstimatedParameters) -> Iterator[dict[str, Any]]:
    for k, item in enumerate(found.parameters):
        for m, other in enumerate(found.parameters[: k + 1]):
            yield {
                "estimate": found.estimate,
                "parameter": item.name,
                "other": other.name,
                "covariance": float(found.covariance[k, m]),
                "unit": f"{item.unit} x {other.unit}" if k != m else f"{item.unit} squared",
                "source": found.estimate,
                "note": f"standard error {float(np.sqrt(found.covariance[k, k])):.4g}" if k == m else "",
            }


def _sources(study: Study, found: Sequence[EstimatedParameters]) -> Table:
    fresh = {one.estimate for one in found}
    kept = [row for row in study.tables[SOURCES.name].rows() if row["key"] not in fresh]
    rows = [{"key": one.estimate, "title": one.title, "publisher": "this study"} for one in found]
    return _table(SOURCES, [*kept, *rows])


def _table(spec: TableSpec, rows: Sequence[Mapping[str, Any]]) -> Table:
    kinds = {"number": np.float64, "quantity": np.float64}
    return Table(
        spec.name,
        {
            column.name: np.array(
                [row.get(column.name, "" if column.default is None else column.default) for row in rows],
                dtype=kinds.get(column.kind, object),
            )
            for column in spec.columns
        },
    )


def _fields(value: Parameter) -> dict[str, Any]:
    return {name: getattr(value, name) for name in Parameter.__dataclass_fields__}
