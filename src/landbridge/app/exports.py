"""What a page gives away: tables, the scenario in the study's own format, the command that says the same."""

import csv
import io
import shlex
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from landbridge.app.engine import Answer
from landbridge.pipeline.run import result_tables
from landbridge.pipeline.tables import Columns
from landbridge.pipeline.whatif import WHAT_IF, WhatIf, scenario_of
from landbridge.study.model import Study
from landbridge.study.spec_toml import PARAMETER, SCENARIO
from landbridge.study.toml_write import toml_section

LARGE: Final = frozenset({"skims", "links", "corridor_pairs"})
"""Tables that the downloads leave out for their size; the command writes them."""


def command_of(question: WhatIf, study_name: str) -> str:
    """Return the command that gives the figures of a question."""
    name = shlex.quote(study_name)
    scenario = shlex.quote(question.scenario)
    if not (question.add or question.remove or question.parameters):
        return f"landbridge run {name} --scenario {scenario}"
    words = [f"landbridge what-if {name} --scenario {scenario}"]
    words += [f"--add {shlex.quote(one)}" for one in question.add]
    words += [f"--remove {shlex.quote(one)}" for one in question.remove]
    words += [f"--set {shlex.quote(key)}={value!r}" for key, value in question.parameters]
    return " ".join(words)


def scenario_text(study: Study, question: WhatIf) -> str:
    """Return the question as an entry of ``scenarios.toml``; moved parameters as comments for ``study.toml``."""
    fields = _fields(scenario_of(question, name=WHAT_IF, title="What if"))
    text = "# Add this to the study's scenarios.toml, and give it a name and a title of your own.\n\n"
    text += toml_section(SCENARIO, [fields])
    if question.parameters:
        held = []
        for name, value in question.parameters:
            held.append({**_fields(study.parameters[name]), "value": value})
        text += "# Parameters that were moved; they replace those of the same name in study.toml:\n#\n"
        text += "".join(f"# {line}".rstrip() + "\n" for line in toml_section(PARAMETER, held).splitlines())
    return text


def tables_of(answer: Answer) -> dict[str, Columns]:
    """Return the result tables of an answer, the large ones left out."""
    return {name: rows for name, rows in result_tables(answer.base, answer.outcome).items() if name not in LARGE}


def csv_zip(tables: Mapping[str, Columns]) -> bytes:
    """Return tables as CSV files in a zip; the same tables give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns in tables.items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(list(columns))
            writer.writerows(zip(*columns.values(), strict=True))
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0)), text.getvalue())
    return whole.getvalue()


def workbook(tables: Mapping[str, Columns]) -> bytes:
    """Return tables as one Excel workbook, a sheet a table."""
    import xlsxwriter

    whole = io.BytesIO()
    options = {
        "in_memory": True, "nan_inf_to_errors": True, "strings_to_urls": False, "strings_to_formulas": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(whole, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, columns in tables.items():
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, list(columns), head)
            for at, row in enumerate(zip(*columns.values(), strict=True), start=1):
                sheet.write_row(at, 0, [_plain(cell) for cell in row])
            sheet.freeze_panes(1, 0)
    return whole.getvalue()


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    return cell.item() if hasattr(cell, "item") else cell


def _fields(value: object) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]
