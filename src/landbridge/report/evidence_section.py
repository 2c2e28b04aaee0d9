"""The report's chapters on evidence: calibration, statements, parameters, assumptions, sources."""

import math
from collections import Counter

from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, Section, TableBlock, Text
from landbridge.report.lookup import rows_of
from landbridge.study.arithmetic import agreements
from landbridge.study.model import Study


def calibration_section(result: Result) -> Section:
    """Return published days, kilometres and USD beside the model's, none tuned row by row."""
    rows = rows_of(result, "calibration")
    inside = sum(bool(row["in_range"]) for row in rows)
    return Section(
        "calibration",
        "Model against published figures",
        (
            Text(
                (
                    f"{inside} of {len(rows)} published figures hold the model's within their stated range. Only "
                    "parameters that mean something were set (speeds, dwell, handling, rates), none for a single row; "
                    "the error is against the nearer end of the range.",
                ),
                "note",
            ),
            TableBlock(
                "Published figures and the model's for the same places and corridor.",
                ("Route", "Measure", "Corridor", "Low", "High", "Model", "Unit", "Error, %", "Source"),
                tuple(
                    (
                        str(row["route"]),
                        str(row["measure"]),
                        str(row["corridor"]) or "best",
                        float(row["low"]),
                        float(row["high"]),
                        float(row["model"]),
                        str(row["unit"]),
                        float(row["error_percent"]),
                        str(row["source"]),
                    )
                    for row in rows
                ),
            ),
        ),
    )


def statements_section(study: Study) -> Section:
    """Return who said which figure, what follows among them, and where they disagree with what the study uses."""
    table = study.tables["statements"]
    checks = agreements(study)
    blocks: list[Block] = [
        TableBlock(
            "Statements on which the study rests.",
            ("Date", "Outlet", "Speaker", "Statement in our words", "Figure", "Unit", "Year", "Source"),
            tuple(
                (
                    row["date"],
                    row["outlet"],
                    row["speaker"],
                    row["statement_in_our_words"],
                    "" if math.isnan(row["value"]) else float(row["value"]),
                    row["unit"],
                    str(row["year"]),
                    row["source"],
                )
                for row in table.rows()
            ),
            folded=True,
        )
    ]
    if checks:
        blocks.append(
            TableBlock(
                "Arithmetic among statements, and statements against the figures that the study uses.",
                ("Statement", "Against", "Stated", "Expected", "Unit", "Difference, %", "Agrees"),
                tuple(
                    (
                        f"{check.statement} ({check.indicator}, {check.year})",
                        check.words,
                        float(check.stated),
                        float(check.expected),
                        check.unit,
                        float(check.difference_percent),
                        "yes" if check.agrees else "no",
                    )
                    for check in checks
                ),
            )
        )
    return Section("statements", "Statements", tuple(blocks))


def sources_section(study: Study) -> Section:
    """Return parameters with their ranges, assumptions with their reasons, and sources with what rests on them."""
    used: Counter[str] = Counter()
    assumptions: list[tuple[str, str, int]] = []
    for name, table in study.tables.items():
        if "source" not in table:
            continue
        notes: Counter[str] = Counter()
        for row in table.rows():
            used[str(row["source"])] += 1
            if row["source"] == "assumption":
                notes[str(row.get("note", ""))] += 1
        assumptions += [(name, note, count) for note, count in notes.items()]
    return Section(
        "sources",
        "Parameters, assumptions, sources",
        (
            TableBlock(
                "Parameters with the range that the draws use.",
                ("Parameter", "Value", "Low", "High", "Unit", "Source", "Note"),
                tuple((p.name, p.value, p.low, p.high, p.unit, p.source, p.note) for p in study.parameters.values()),
                folded=True,
            ),
            TableBlock(
                "Assumptions: figures for which no source was found, with the reason.",
                ("Table", "Reason", "Rows"),
                tuple(sorted(assumptions)),
                folded=True,
            ),
            TableBlock(
                "Sources, and how many rows of the study rest on each.",
                ("Key", "Title", "Publisher", "Date", "Where", "Licence", "Rows"),
                tuple(
                    (
                        row["key"],
                        row["title"],
                        row["publisher"],
                        str(row["date"]),
                        row["where"],
                        row["licence"],
                        used[str(row["key"])],
                    )
                    for row in study.tables["sources"].rows()
                ),
                folded=True,
            ),
        ),
    )
