"""The report's chapter on estimates: how the study's own trade answers to remoteness, borders and agreements."""

import math
from typing import Final

from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, Section, TableBlock, Text
from landbridge.report.lookup import Rows, rows_of
from landbridge.study.model import Study

CLEAR: Final = 1.96
"""Standard errors beyond which a coefficient is told from 0."""
ANSWERS: Final = ("trade_elasticity", "agreement_trade_log_points", "visa_log_points", "visit_fare_elasticity")
"""Parameters that say how trade and visits answer."""
WORDS: Final = {
    "ln_distance": "ln distance",
    "ln_hours": "ln hours",
    "ln_cost": "ln cost/value",
    "ln_tau": "ln (1 + cost/value)",
    "border": "border between",
}


def estimates_section(study: Study, result: Result) -> Section | None:
    """Return the chapter, or None where the result holds no regressions."""
    rows = rows_of(result, "gravity")
    if not rows:
        return None
    blocks: list[Block] = [
        Text(_words(rows), "note"),
        TableBlock(
            "Trade between economies in the base year on measures of remoteness: PPML, exporter and importer effects, "
            "errors clustered by pair. Explained: the part of the deviance that the effects alone leave.",
            ("Regression", "Variable", "Coefficient", "Standard error", "t", "Pairs", "Explained, %"),
            tuple(
                (
                    str(row["regression"]),
                    WORDS.get(str(row["variable"]), str(row["variable"])),
                    float(row["coefficient"]),
                    float(row["standard_error"]),
                    _t(row),
                    int(row["pairs"]),
                    float(row["explained_percent"]),
                )
                for row in rows
            ),
        ),
    ]
    answers = _answers(study)
    if answers:
        blocks.append(
            TableBlock(
                "What the runs use, and whether it was estimated for this study (then draws follow its covariance).",
                ("Parameter", "Value", "Low", "High", "Unit", "From", "Source", "Note"),
                answers,
            )
        )
    return Section("estimates", "How trade answers: estimates on the study's own routes", tuple(blocks))


def _answers(study: Study) -> tuple[tuple[str, float, float, float, str, str, str, str], ...]:
    estimated = set(study.tables["covariances"].text("parameter"))
    return tuple(
        (
            item.name,
            item.value,
            item.low,
            item.high,
            item.unit,
            "estimated" if item.name in estimated else "literature or assumption",
            item.source,
            item.note,
        )
        for name in ANSWERS
        if (item := study.parameters.get(name)) is not None
    )


def _t(row: dict[str, object]) -> float:
    return float(str(row["coefficient"])) / float(str(row["standard_error"]))


def _words(rows: Rows) -> tuple[str, ...]:
    """Say what the regressions tell, from their own figures."""
    sets: dict[str, Rows] = {}
    for row in rows:
        sets.setdefault(str(row["regression"]), []).append(row)
    alone = {name: found[0] for name, found in sets.items() if len(found) == 1}
    said = []
    if len(alone) > 1:
        best = max(alone, key=lambda name: float(alone[name]["explained_percent"]))
        others = "; ".join(
            f"{name} {float(row['explained_percent']):.1f} %" for name, row in alone.items() if name != best
        )
        part = float(alone[best]["explained_percent"])
        said.append(f"By itself, **{best}** explains most of trade between economies ({part:.1f} %; {others}).")
    for found in sets.values():
        if len(found) != 2 or found[0]["variable"] != "ln_distance":
            continue
        other = found[1]
        name = WORDS.get(str(other["variable"]), str(other["variable"]))
        if other["variable"] == "border":
            factor = math.exp(-float(other["coefficient"]))
            said.append(
                f"At the same distance an economy buys {factor:,.1f} times as much at home as from another: the border."
            )
        else:
            adds = "adds to distance" if abs(_t(other)) > CLEAR else "does not add to distance clearly"
            said.append(f"Beside distance, {name} {adds} (t = {_t(other):.1f}).")
    said.append(
        "The coefficient of ln (1 + cost/value) is no trade elasticity: freight is a few percent of the value and "
        "cannot carry all of what grows with remoteness (information, tastes, time). Pairs have no effects of their "
        "own, which would absorb routes that do not change over time."
    )
    return tuple(said)
