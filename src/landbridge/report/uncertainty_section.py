"""The report's chapter on uncertainty: intervals of the headline figures, and which input moves them."""

from collections.abc import Mapping, Sequence
from typing import Final

from landbridge.figures.style import Figure
from landbridge.figures.uncertainty import Interval, interval_chart, share_chart
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, FigureBlock, Section, TableBlock, Text
from landbridge.report.lookup import Rows, by_label, rows_of

MOST_INPUTS: Final = 6
LEAST_FIT: Final = 0.8
"""Below this the indices of a figure are told to be rough."""


def uncertainty_section(results: Mapping[str, Result], baseline: str) -> Section | None:
    """Return the chapter, or None where no result holds draws."""
    shown = {name: r for name, r in results.items() if name != baseline and rows_of(r, "uncertainty")}
    if not shown:
        return None
    gains: dict[str, Figure] = {}
    shares: dict[str, Figure] = {}
    tables: list[Block] = []
    for name, result in shown.items():
        at = _intervals(result)
        members = [key for key in at if key.startswith("ev:")]
        gains[name] = interval_chart([at[key][0] for key in members], "million USD", "light")
        found = rows_of(result, "sensitivity")
        if found:
            shares[name] = _shares(found)
        tables += _tables(name, at, found)
    drawn = rows_of(next(iter(shown.values())), "uncertain_inputs")
    blocks: list[Block] = [
        Text(_words(drawn), "note"),
        FigureBlock(
            "interval-gains",
            "Gain of each member in the chosen scenario: 5 to 95 % of the draws, and the figure at the study's values.",
            "Intervals of gains by member.",
            gains,
        ),
    ]
    if shares:
        blocks.append(
            FigureBlock(
                "sensitivity",
                "What each input moves alone, as a share of the variance of the figure (first-order Sobol indices); "
                "grey is what inputs move together.",
                "Shares of inputs in the variance of figures.",
                shares,
            )
        )
    blocks += tables
    blocks.append(
        TableBlock(
            "Inputs with a range: drawn, or held at their value.",
            ("Input", "Treatment", "Distribution", "Low", "Value", "High", "Unit", "Source"),
            tuple(
                (
                    str(row["input"]),
                    str(row["treatment"]),
                    str(row["distribution"]),
                    float(row["low"]),
                    float(row["value"]),
                    float(row["high"]),
                    str(row["unit"]),
                    str(row["source"]),
                )
                for row in drawn
            ),
            folded=True,
        )
    )
    return Section("uncertainty", "How sure are the figures?", tuple(blocks))


def _intervals(result: Result) -> dict[str, tuple[Interval, float, str]]:
    """Return interval, median and unit by indicator, those of the headline only."""
    rows: dict[str, dict[str, float]] = {}
    names, units = {}, {}
    for row in rows_of(result, "uncertainty"):
        key = str(row["indicator"])
        if key.startswith("income:"):
            continue
        rows.setdefault(key, {})[str(row["measure"])] = float(row["value"])
        names[key], units[key] = str(row["name"]), str(row["unit"])
    return {
        key: (Interval(names[key], at["low"], at["central"], at["high"]), at["median"], units[key])
        for key, at in rows.items()
    }


def _shares(found: Rows) -> Figure:
    first = [row for row in found if row["measure"] == "first_order"]
    keys = [key for key in dict.fromkeys(str(row["indicator"]) for row in first) if not key.startswith("teu:")]
    names = by_label([row for row in first if row["indicator"] in keys], "indicator", "name")
    weight: dict[str, float] = {}
    for row in first:
        weight[str(row["input"])] = weight.get(str(row["input"]), 0.0) + float(row["value"])
    inputs = sorted(weight, key=lambda item: -weight[item])[:MOST_INPUTS]
    at = {(row["indicator"], row["input"]): float(row["value"]) for row in first}
    return share_chart(
        [str(names[key]) for key in keys], {item: [at[key, item] for key in keys] for item in inputs}, "light"
    )


def _tables(name: str, at: Mapping[str, tuple[Interval, float, str]], found: Rows) -> list[Block]:
    fits = by_label([row for row in found if row["measure"] == "fit"], "indicator")
    most: dict[str, tuple[str, float]] = {}
    for row in found:
        if row["measure"] == "total":
            key, value = str(row["indicator"]), float(row["value"])
            if value > most.get(key, ("", -1.0))[1]:
                most[key] = str(row["input"]), value
    return [
        TableBlock(
            "Headline figures with their interval, and the input that moves each most (total Sobol index).",
            ("Figure", "At the study's values", "5 %", "Median", "95 %", "Unit", "Moved most by", "Share", "Fit"),
            tuple(
                (
                    interval.name,
                    interval.central,
                    interval.low,
                    median,
                    interval.high,
                    unit,
                    most.get(key, ("nothing drawn", 0.0))[0],
                    most.get(key, ("", 0.0))[1],
                    float(fits.get(key, 1.0)),
                )
                for key, (interval, median, unit) in at.items()
            ),
            name,
            folded=True,
        )
    ]


def _words(drawn: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    moved = ", ".join(str(row["input"]) for row in drawn if row["treatment"] == "drawn")
    held = ", ".join(str(row["input"]) for row in drawn if row["treatment"] == "held")
    return (
        f"Drawn together from their stated ranges: {moved}. Each draw chooses corridors and solves trade anew. The "
        "route within a corridor and the delays that the scenario settled at are those of the study's own values.",
        *((f"Have a range but are held: {held}.",) if held else ()),
        "Constants of corridors are held as well. For ways that nobody has used yet they are assumptions, and may move "
        "loads and gains there by more than everything that is drawn.",
        "An interval says what the stated ranges make of the model's answer. It holds no doubt about the model itself. "
        f"Shares rest on a polynomial fitted to the draws; where its fit is below {LEAST_FIT:g}, they are rough.",
    )
