"""The report's chapter on targets: how far, how likely, and what was known against what came out."""

from collections.abc import Mapping

from landbridge.figures.charts import Fan, fan_chart
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, FigureBlock, Section, TableBlock, Text
from landbridge.report.lookup import by_label, rows_of
from landbridge.study.model import Study


def targets_section(study: Study, results: Mapping[str, Result], titles: Mapping[str, str]) -> Section:
    """Return a fan chart for every target and a table of all scenarios."""
    blocks: list[Block] = [
        Text(
            (
                "Projections are made from what was known in the base year; what came out later is shown beside them "
                "and enters nothing. The interval holds the spread of past growth, not the doubt about the model.",
            ),
            "note",
        )
    ]
    for row in study.tables["targets"].rows():
        name = str(row["target"])
        fans = {}
        for scenario, result in results.items():
            paths = rows_of(result, "target_paths", target=name)
            if not paths:
                continue
            at = {
                measure: {int(p["year"]): float(p["value"]) for p in paths if p["measure"] == measure}
                for measure in ("median", "low", "high", "known", "outcome")
            }
            years = sorted(at["median"])
            base = {study.base_year: at["known"].get(study.base_year, 0.0)}
            fans[scenario] = fan_chart(
                Fan(
                    name,
                    str(row["unit"]),
                    [study.base_year, *years],
                    [*base.values(), *(at["median"][y] for y in years)],
                    [*base.values(), *(at["low"][y] for y in years)],
                    [*base.values(), *(at["high"][y] for y in years)],
                    at["known"],
                    at["outcome"],
                    int(row["year"]),
                    float(row["value"]),
                ),
                "light",
            )
        blocks.append(
            FigureBlock(
                f"target-{name}",
                f"{row['indicator']}: known values, projection with 90 % interval in the chosen scenario, outcome and "
                f"target of {row['value']:,.0f} {row['unit']} by {row['year']}. {row['note']}",
                f"Fan chart of {row['indicator']}.",
                fans,
            )
        )
        columns = (
            "base",
            "scenario_base_year",
            "projected",
            "projected_low",
            "projected_high",
            "required_growth",
            "chance",
        )
        blocks.append(
            TableBlock(
                f"{row['indicator']}: how far the target is under each scenario.",
                (
                    "Scenario",
                    "Base year",
                    "Base year with scenario",
                    f"Projected {row['year']}",
                    "5 %",
                    "95 %",
                    "Required growth, % a year",
                    "Chance, %",
                ),
                tuple(
                    (
                        titles.get(s, s),
                        *(float(by_label(rows_of(r, "targets", target=name), "measure")[c]) for c in columns),
                    )
                    for s, r in results.items()
                ),
            )
        )
    return Section("targets", "Targets", tuple(blocks))
