"""Intervals of figures and the inputs behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landbridge.figures.style import INKS, OKABE_ITO, RISE, Figure, Theme, axis, layout


@dataclass(frozen=True, slots=True)
class Interval:
    """One figure with its interval, all in one unit."""

    name: str
    low: float
    central: float
    high: float


def interval_chart(intervals: Sequence[Interval], unit: str, theme: Theme) -> Figure:
    """Return horizontal bars from low to high with a mark at the central value, the first on top."""
    names = [item.name for item in intervals]
    ink = INKS[theme]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "base": [round(item.low, 6) for item in intervals],
                "x": [round(item.high - item.low, 6) for item in intervals],
                "marker": {"color": RISE, "opacity": 0.35},
                "customdata": [[round(item.low, 6), round(item.high, 6)] for item in intervals],
                "hovertemplate": "%{y}: %{customdata[0]:,.4g} to %{customdata[1]:,.4g} " + unit + "<extra></extra>",
                "name": "5 to 95 %",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(item.central, 6) for item in intervals],
                "y": names,
                "marker": {"symbol": "line-ns-open", "size": 14, "line": {"width": 2.5}, "color": ink.text},
                "hovertemplate": "%{y}: %{x:,.4g} " + unit + "<extra></extra>",
                "name": "at the study's values",
            },
        ],
        "layout": layout(
            theme,
            height=120 + 26 * len(names),
            shows_legend=True,
            xaxis=axis(theme, unit, zeroline=True),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
            bargap=0.45,
        ),
    }


def share_chart(rows: Sequence[str], parts: Mapping[str, Sequence[float]], theme: Theme) -> Figure:
    """Return stacked bars of the shares of inputs in the variance of each figure, the rest as interaction."""
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "x": [round(float(value), 4) for value in values],
            "y": list(rows),
            "marker": {"color": OKABE_ITO[k % len(OKABE_ITO)]},
            "hovertemplate": "%{y}, " + name + ": %{x:.0%}<extra></extra>",
        }
        for k, (name, values) in enumerate(parts.items())
    ]
    rest = [max(0.0, 1.0 - sum(float(values[k]) for values in parts.values())) for k in range(len(rows))]
    bars.append(
        {
            "type": "bar",
            "orientation": "h",
            "name": "together",
            "x": [round(value, 4) for value in rest],
            "y": list(rows),
            "marker": {"color": INKS[theme].grid},
            "hovertemplate": "%{y}, inputs acting together: %{x:.0%}<extra></extra>",
        }
    )
    return {
        "data": bars,
        "layout": layout(
            theme,
            height=150 + 26 * len(rows),
            shows_legend=True,
            barmode="stack",
            xaxis=axis(theme, "share of variance", tickformat=".0%", range=[0, 1]),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
            bargap=0.35,
        ),
    }
