"""The report's chapter on targets: how far, how likely, and what was known against what came out."""

from collections.abc import Mapping

from landbridge.figures.charts import Fan, fan_chart
from landbridge.pipeline.backtest import METHODS, pairs_backtest
from landbridge.pipeline.indicators import name_of_code
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, Cell, FigureBlock, Section, TableBlock, Text
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
        name, title = str(row["target"]), name_of_code(study, str(row["indicator"]))
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
            base = {year: value for year, value in at["known"].items() if year == study.base_year}
            fans[scenario] = fan_chart(
                Fan(
                    name,
                    str(row["unit"]),
                    [*base, *years],
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
                f"{title}: known values, projection with 90 % interval in the chosen scenario, outcome and "
                f"target of {row['value']:,.0f} {row['unit']} by {row['year']}. {row['note']}",
                f"Fan chart of {title}.",
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
                f"{title}: how far the target is under each scenario.",
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
    baseline = next(iter(results))
    blocks += _outcomes(study, results, baseline)
    if any(str(row["indicator"]).startswith("trade:") for row in study.tables["targets"].rows()):
        blocks += _many_pairs()
    return Section("targets", "Targets", tuple(blocks))


def _outcomes(study: Study, results: Mapping[str, Result], baseline: str) -> list[Block]:
    """Return what was projected without any scenario beside what came out, for every target with outcomes."""
    rows: list[tuple[Cell, ...]] = []
    for target in study.tables["targets"].rows():
        paths = rows_of(results[baseline], "target_paths", target=str(target["target"]))
        at = {
            measure: {int(p["year"]): float(p["value"]) for p in paths if p["measure"] == measure}
            for measure in ("median", "low", "high", "known", "outcome")
        }
        before = at["known"].get(study.base_year)
        rows += [
            (
                name_of_code(study, str(target["indicator"])),
                str(year),
                str(target["unit"]),
                at["median"][year],
                at["low"][year],
                at["high"][year],
                before if before is not None else "",
                came,
                "yes" if at["low"][year] <= came <= at["high"][year] else "no",
            )
            for year, came in at["outcome"].items()
            if year in at["median"]
        ]
    if not rows:
        return []
    return [
        TableBlock(
            f"What was projected from what was known in {study.base_year}, without any scenario, and what came: the "
            "middle and the ends of the 90 % interval, the last value known ('no change'), and the outcome.",
            ("Indicator", "Year", "Unit", "Projected", "5 %", "95 %", "No change", "Came", "Inside"),
            tuple(rows),
        )
    ]


def _many_pairs() -> list[Block]:
    """Return how good such projections have been over many pairs of world trade."""
    pairs = pairs_backtest()
    own, naive = (next(one for one in pairs if one.method == method) for method in ("own", "naive"))
    return [
        TableBlock(
            "How good such projections have been: trade four years ahead, from every fourth year of "
            f"{pairs[0].years[0]} to {pairs[0].years[1]}, each made from what was known at the time. Error: root mean "
            "square of logs (0.7 is a factor of two). A method helps only where its error is below that of 'no "
            f"change'. Inside: share of outcomes within intervals that promised 50, 80 and 90 %. "
            f"Source: {pairs[0].source}.",
            ("Pairs", "Number", "Method", "Projections", "Error", "Error of no change", "Inside 50 %", "80 %", "90 %"),
            tuple(
                (
                    one.group,
                    one.pairs,
                    METHODS[one.method],
                    one.projections,
                    one.rmse_log,
                    one.naive_rmse_log,
                    *one.inside_percent,
                )
                for one in pairs
            ),
            folded=True,
        ),
        Text(
            (
                f"**What this means.** Over {own.projections:,} projections the past growth of a pair misled by "
                f"{100 * (own.rmse_log / naive.rmse_log - 1):.0f} % more than expecting no change at all. A target for "
                "the trade of one pair is therefore to be read with its whole interval, not with its middle. The "
                "intervals themselves held about what they promised.",
            ),
            "note",
        ),
    ]
