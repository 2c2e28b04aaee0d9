"""Bars, heat maps and fans of results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

from landbridge.core.arrays import Float
from landbridge.figures.style import DIVERGING, FALL, INKS, OKABE_ITO, RISE, Figure, Theme, axis, layout

SMALLEST: Final = 5e-7
"""Bars below it are labelled 0: what is left of rounding in the last digits."""


def bars(names: Sequence[str], values: Sequence[float], unit: str, theme: Theme, *, digits: int = 3) -> Figure:
    """Return horizontal bars, the first name on top; gains blue, losses orange."""
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [round(float(v), 6) for v in values],
                "y": list(names),
                "marker": {"color": [RISE if v >= 0 else FALL for v in values]},
                "text": [_signed(float(v), digits) for v in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{x:+.4f} " + unit + "<extra></extra>",
            }
        ],
        "layout": layout(
            theme,
            height=70 + 22 * len(names),
            xaxis=axis(theme, unit, zeroline=True),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
            margin={"l": 8, "r": 60, "t": 8, "b": 8},
            bargap=0.3,
        ),
    }


def _signed(value: float, digits: int) -> str:
    """Return a label of a bar: `digits` decimals, or as many as one figure that is not 0 needs."""
    size = abs(value)
    needed = digits if size >= 0.5 * 10.0**-digits or size < SMALLEST else 1 - floor(log10(size))
    return f"{value:+.{needed}f}" if size >= SMALLEST else "0"


def stacked(
    rows: Sequence[str], parts: Mapping[str, Sequence[float]], unit: str, theme: Theme, *, height: int = 0
) -> Figure:
    """Return horizontal stacked bars: one bar a row, one colour a part."""
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "x": [round(float(v), 6) for v in values],
                "y": list(rows),
                "marker": {"color": OKABE_ITO[k % len(OKABE_ITO)]},
                "hovertemplate": "%{y}, " + name + ": %{x:,.4g} " + unit + "<extra></extra>",
            }
            for k, (name, values) in enumerate(parts.items())
        ],
        "layout": layout(
            theme,
            height=height or 170 + 34 * len(rows) + 9 * len(parts),
            shows_legend=True,
            barmode="relative",
            legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "font": {"size": 11}},
            xaxis=axis(theme, unit),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
            bargap=0.3,
        ),
    }


def heat(
    rows: Sequence[str], columns: Sequence[str], values: Float, unit: str, theme: Theme, *, limit: float = 0.0
) -> Figure:
    """Return a matrix of changes, white at nothing; cells beyond `limit` take its colour."""
    size = limit or float(abs(values).max()) or 1.0
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(columns),
                "y": list(rows),
                "z": [[round(float(v), 4) for v in row] for row in values],
                "zmin": -size,
                "zmax": size,
                "colorscale": [list(step) for step in DIVERGING],
                "colorbar": {"title": {"text": unit}, "thickness": 12},
                "hovertemplate": "%{y} to %{x}: %{z:+.3f} " + unit + "<extra></extra>",
                "xgap": 1,
                "ygap": 1,
            }
        ],
        "layout": layout(
            theme,
            height=120 + 20 * len(rows),
            xaxis=axis(theme, "importer", side="top", tickangle=-60, showgrid=False),
            yaxis=axis(theme, "exporter", autorange="reversed", showgrid=False),
        ),
    }


@dataclass(frozen=True, slots=True)
class Fan:
    """An indicator over years: the middle path, its interval, what was known, what came out, the target."""

    name: str
    unit: str
    years: Sequence[int]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    known: Mapping[int, float]
    outcome: Mapping[int, float]
    target_year: int
    target: float


def facts_of(
    known: Mapping[int, float], outcome: Mapping[int, float], target: tuple[int, float], text: str, came: str
) -> list[dict[str, Any]]:
    """Return the traces of a fan that are no projection: what was known, what came out (named `came`), the target.

    `target` is its year and value, `text` the colour of words.
    """
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(known),
            "y": list(known.values()),
            "line": {"color": text, "width": 1.5},
            "marker": {"size": 6, "color": text},
            "name": "known",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": list(outcome),
            "y": list(outcome.values()),
            "marker": {"size": 10, "symbol": "x", "color": FALL},
            "name": came,
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [target[0]],
            "y": [target[1]],
            "marker": {"size": 13, "symbol": "star", "color": OKABE_ITO[2]},
            "text": ["target"],
            "textposition": "top center",
            "name": "target",
        },
    ]


def fan_chart(fan: Fan, theme: Theme) -> Figure:
    """Return the fan of one indicator."""
    ink = INKS[theme]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines"}
    years = list(fan.years)
    return {
        "data": [
            {**line, "x": years, "y": list(fan.high), "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False},
            {
                **line,
                "x": years,
                "y": list(fan.low),
                "line": {"width": 0},
                "fill": "tonexty",
                "fillcolor": "rgba(0,114,178,0.18)",
                "name": "90 % interval",
                "hovertemplate": "%{x}: from %{y:,.4g} " + fan.unit + "<extra></extra>",
            },
            {**line, "x": years, "y": list(fan.middle), "line": {"color": RISE, "width": 2}, "name": "projected"},
            *facts_of(fan.known, fan.outcome, (fan.target_year, fan.target), ink.text, "outcome"),
        ],
        "layout": layout(
            theme,
            height=360,
            shows_legend=True,
            xaxis=axis(theme, separatethousands=False, dtick=max(1, (years[-1] - min([*fan.known, years[0]])) // 8)),
            yaxis=axis(theme, fan.unit, rangemode="tozero"),
        ),
    }
