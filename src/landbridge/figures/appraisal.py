"""Pictures of appraisals: ranges of worth, tornados and cash flows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landbridge.core.arrays import Float
from landbridge.figures.style import FALL, INKS, OKABE_ITO, RISE, Figure, Theme, axis, layout


@dataclass(frozen=True, slots=True)
class WorthRange:
    """One project's worth: central, over the published estimates of cost, and the 5 to 95 % interval of the draws.

    `cautious` is the worth if all shippers took the cheapest way; ``None`` where no run gives it.
    """

    name: str
    central: float
    estimates: tuple[float, float]
    drawn: tuple[float, float]
    cautious: float | None = None


def worth_ranges(rows: Sequence[WorthRange], unit: str, theme: Theme) -> Figure:
    """Return a thin bar for the draws, a thick one for the published estimates and a mark for the central case."""
    names = [row.name for row in rows]

    def span(label: str, ends: Sequence[tuple[float, float]], width: float, colour: str) -> Figure:
        return {
            "type": "bar",
            "orientation": "h",
            "name": label,
            "y": names,
            "base": [round(low, 3) for low, _ in ends],
            "x": [round(high - low, 3) for low, high in ends],
            "width": width,
            "marker": {"color": colour},
            "customdata": [[round(low, 1), round(high, 1)] for low, high in ends],
            "hovertemplate": "%{y}, "
            + label
            + ": %{customdata[0]:,} to %{customdata[1]:,} "
            + unit
            + "<extra></extra>",
        }

    return {
        "data": [
            span("draws, 5 to 95 %", [row.drawn for row in rows], 0.26, OKABE_ITO[4]),
            span("published estimates of cost", [row.estimates for row in rows], 0.5, "rgba(230,159,0,0.55)"),
            {
                "type": "scatter",
                "mode": "markers",
                "name": "central case",
                "x": [round(row.central, 3) for row in rows],
                "y": names,
                "marker": {
                    "size": 11,
                    "symbol": "diamond",
                    "color": [RISE if row.central >= 0 else FALL for row in rows],
                    "line": {"width": 1, "color": INKS[theme].text},
                },
                "hovertemplate": "%{y}, central: %{x:,.1f} " + unit + "<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": "if all took the cheapest way",
                "x": [round(row.cautious, 3) for row in rows if row.cautious is not None],
                "y": [row.name for row in rows if row.cautious is not None],
                "marker": {"size": 12, "symbol": "x-thin-open", "line": {"width": 2.5, "color": INKS[theme].text}},
                "hovertemplate": "%{y}, cheapest way: %{x:,.1f} " + unit + "<extra></extra>",
            },
        ],
        "layout": layout(
            theme,
            height=140 + 44 * len(rows),
            shows_legend=True,
            barmode="overlay",
            xaxis=axis(theme, unit, zeroline=True),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
        ),
    }


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a tornado: the worth at the low and at the high end of one thing."""

    name: str
    at_low: float
    at_high: float


def tornado_chart(bars: Sequence[Bar], unit: str, theme: Theme) -> Figure:
    """Return the bars, the widest on top, from the worth at the low end to that at the high end of each thing."""

    def half(label: str, colour: str, values: Sequence[float], others: Sequence[float]) -> Figure:
        middle = [0.5 * (a + b) for a, b in zip(values, others, strict=True)]
        return {
            "type": "bar",
            "orientation": "h",
            "name": label,
            "y": [bar.name for bar in bars],
            "base": [round(m, 3) for m in middle],
            "x": [round(v - m, 3) for v, m in zip(values, middle, strict=True)],
            "marker": {"color": colour},
            "customdata": [round(v, 1) for v in values],
            "hovertemplate": "%{y}, " + label + ": %{customdata:,} " + unit + "<extra></extra>",
        }

    low, high = [bar.at_low for bar in bars], [bar.at_high for bar in bars]
    return {
        "data": [half("low end", OKABE_ITO[1], low, high), half("high end", OKABE_ITO[0], high, low)],
        "layout": layout(
            theme,
            height=110 + 30 * len(bars),
            shows_legend=True,
            barmode="overlay",
            xaxis=axis(theme, unit, zeroline=True),
            yaxis=axis(theme, autorange="reversed", showgrid=False),
            bargap=0.35,
        ),
    }


def cash_flow_chart(
    years: Sequence[int], parts: Mapping[str, Float], present: Float, unit: str, theme: Theme
) -> Figure:
    """Return amounts by item and year as stacked bars, and the cumulated present value as a line."""
    return {
        "data": [
            *(
                {
                    "type": "bar",
                    "name": name,
                    "x": list(years),
                    "y": [round(float(v), 3) for v in values],
                    "marker": {"color": OKABE_ITO[k % len(OKABE_ITO)]},
                    "hovertemplate": "%{x}, " + name + ": %{y:,.1f} " + unit + "<extra></extra>",
                }
                for k, (name, values) in enumerate(parts.items())
            ),
            {
                "type": "scatter",
                "mode": "lines",
                "name": "cumulated present value",
                "x": list(years),
                "y": [round(float(v), 3) for v in present],
                "line": {"color": INKS[theme].text, "width": 2},
                "hovertemplate": "%{x}, cumulated: %{y:,.1f} " + unit + "<extra></extra>",
            },
        ],
        "layout": layout(
            theme,
            height=330,
            shows_legend=True,
            barmode="relative",
            xaxis=axis(theme),
            yaxis=axis(theme, unit, zeroline=True),
            bargap=0.15,
        ),
    }
