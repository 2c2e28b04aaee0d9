"""Pictures of cooperation: who depends on whom, the staircase and the lattice of a road map, chances by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.core.arrays import Float
from landbridge.figures.charts import facts_of
from landbridge.figures.style import DIVERGING, FALL, INKS, OKABE_ITO, RISE, Figure, Theme, axis, layout


def dependency_heat(names: Sequence[str], loss: Float, unit: str, theme: Theme) -> Figure:
    """Return what the row's party loses when the column's leaves; blue where it loses, orange where it gains."""
    size = float(abs(loss).max()) or 1.0
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(names),
                "y": list(names),
                "z": [[round(float(v), 3) for v in row] for row in loss],
                "zmin": -size,
                "zmax": size,
                "colorscale": [list(step) for step in DIVERGING],
                "colorbar": {"title": {"text": unit}, "thickness": 12},
                "hovertemplate": "%{y} loses %{z:,.3g} " + unit + " if %{x} leaves<extra></extra>",
                "xgap": 1,
                "ygap": 1,
            }
        ],
        "layout": layout(
            theme,
            height=140 + 34 * len(names),
            xaxis=axis(theme, "if this party leaves", side="top", tickangle=-40, showgrid=False),
            yaxis=axis(theme, "what this party loses", autorange="reversed", showgrid=False),
        ),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Staircase:
    """A way through a road map: what each step makes, and each party's yearly gain over today after it.

    Attributes
    ----------
    steps
        Words of each step.
    gain
        Shape (steps + 1, n): yearly gain over today, first row 0.
    refused_at
        Position of the step that binds, counted from 1; 0 for none.
    """

    steps: Sequence[str]
    parties: Sequence[str]
    gain: Float
    unit: str
    refused_at: int = 0


def staircase(way: Staircase, theme: Theme) -> Figure:
    """Return the staircase: one stepped line a party, a step of the road map a column."""
    x = list(range(len(way.steps) + 1))
    labels = ["today", *(f"{k}" for k in range(1, len(x)))]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": party,
            "x": x,
            "y": [round(float(v), 4) for v in way.gain[:, i]],
            "line": {"shape": "hv", "width": 2.5, "color": OKABE_ITO[i % len(OKABE_ITO)]},
            "marker": {"size": 7},
            "text": ["today", *way.steps],
            "hovertemplate": "%{text}<br>" + party + ": %{y:+,.3g} " + way.unit + "<extra></extra>",
        }
        for i, party in enumerate(way.parties)
    ]
    shapes = []
    notes: list[dict[str, Any]] = []
    if way.refused_at:
        band = {"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}}
        shapes = [
            {
                **band,
                "x0": way.refused_at - 0.5,
                "x1": len(x) - 0.5,
                "fillcolor": "rgba(213,94,0,0.10)",
                "layer": "below",
            }
        ]
        notes = [
            {
                "x": way.refused_at - 0.45,
                "y": 1.0,
                "xref": "x",
                "yref": "paper",
                "text": "needs payments from here on",
                "showarrow": False,
                "xanchor": "left",
                "font": {"size": 12, "color": FALL},
            }
        ]
    return {
        "data": data,
        "layout": layout(
            theme,
            height=430,
            shows_legend=True,
            xaxis=axis(theme, "step", tickvals=x, ticktext=labels, range=[-0.3, len(x) - 0.6]),
            yaxis=axis(theme, f"gain over today, {way.unit}", zeroline=True),
            shapes=shapes,
            annotations=notes,
        ),
    }


@dataclass(frozen=True, slots=True)
class Lattice:
    """States that can be reached in acceptable steps, and the steps between them.

    Attributes
    ----------
    states
        What stands in each state, in words.
    sizes
        How many elements stand in each.
    edges
        Positions of the states before and after each step.
    way
        Positions of the states on the way that the parties take.
    goals
        Positions of the states that hold the goal.
    """

    states: Sequence[str]
    sizes: Sequence[int]
    edges: Sequence[tuple[int, int]]
    way: Sequence[int]
    goals: Sequence[int]


def lattice_figure(lattice: Lattice, theme: Theme) -> Figure:
    """Return the lattice: more stands to the right; the way taken is drawn strongly."""
    ink = INKS[theme]
    rows: dict[int, list[int]] = {}
    for at, size in enumerate(lattice.sizes):
        rows.setdefault(size, []).append(at)
    y = {at: k - 0.5 * (len(those) - 1) for those in rows.values() for k, at in enumerate(those)}
    x = list(lattice.sizes)

    def path(pairs: Sequence[tuple[int, int]]) -> tuple[list[float | None], list[float | None]]:
        xs: list[float | None] = []
        ys: list[float | None] = []
        for tail, head in pairs:
            xs += [x[tail], x[head], None]
            ys += [y[tail], y[head], None]
        return xs, ys

    taken = list(zip(lattice.way[:-1], lattice.way[1:], strict=True))
    others, chosen = path([pair for pair in lattice.edges if pair not in taken]), path(taken)
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    on_way, ends = set(lattice.way), set(lattice.goals)
    colours = [OKABE_ITO[2] if k in ends else RISE if k in on_way else ink.faint for k in range(len(x))]
    return {
        "data": [
            {**line, "x": others[0], "y": others[1], "line": {"width": 0.7, "color": ink.grid}, "name": "can be taken"},
            {**line, "x": chosen[0], "y": chosen[1], "line": {"width": 3, "color": RISE}, "name": "way taken"},
            {
                "type": "scatter",
                "mode": "markers",
                "x": x,
                "y": [y[k] for k in range(len(x))],
                "text": list(lattice.states),
                "marker": {"size": [11 if k in on_way or k in ends else 7 for k in range(len(x))], "color": colours},
                "hovertemplate": "%{text}<extra></extra>",
                "name": "what stands (green: the goal)",
            },
        ],
        "layout": layout(
            theme,
            height=230 + 16 * max(len(those) for those in rows.values()),
            shows_legend=True,
            xaxis=axis(theme, "moves and milestones that stand", dtick=1),
            yaxis=axis(theme, "", showticklabels=False, showgrid=False, zeroline=False),
        ),
    }


def chance_lines(years: Sequence[int], chances: Mapping[str, Sequence[float]], strong: str, theme: Theme) -> Figure:
    """Return chances in percent by year, one line a name; the one called `strong` is drawn thick."""
    ink = INKS[theme]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": list(years),
                "y": [round(100.0 * float(v), 2) for v in values],
                "line": {
                    "width": 4 if name == strong else 2,
                    "color": ink.text if name == strong else OKABE_ITO[k % len(OKABE_ITO)],
                },
                "hovertemplate": name + ", %{x}: %{y:.0f} %<extra></extra>",
            }
            for k, (name, values) in enumerate(chances.items())
        ],
        "layout": layout(
            theme,
            height=360,
            shows_legend=True,
            xaxis=axis(theme, dtick=max(1, len(years) // 8)),
            yaxis=axis(theme, "chance, percent", range=[0, 102]),
        ),
    }


@dataclass(frozen=True, slots=True, eq=False)
class CourseFan:
    """An indicator under a road map over y years.

    Attributes
    ----------
    quantiles
        At 5, 25, 50, 75 and 95 percent, shape (y, 5).
    without
        The middle if nothing of the road map happens, (y,).
    known, outcome
        Values by year, before and after the base year.
    """

    unit: str
    years: Sequence[int]
    quantiles: Float
    without: Sequence[float]
    known: Mapping[int, float]
    outcome: Mapping[int, float]
    target_year: int
    target: float


def course_fan(fan: CourseFan, theme: Theme) -> Figure:
    """Return the fan of an indicator under a road map, with what was known, what came, and the target."""
    ink = INKS[theme]
    years = list(fan.years)
    line: dict[str, Any] = {"type": "scatter", "mode": "lines"}
    hidden = {**line, "x": years, "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    last = {year: value for year, value in fan.known.items() if year >= years[0] - 15}

    def band(low: int, high: int, opacity: float, name: str) -> list[dict[str, Any]]:
        return [
            {**hidden, "y": fan.quantiles[:, high].tolist()},
            {
                **hidden,
                "y": fan.quantiles[:, low].tolist(),
                "fill": "tonexty",
                "fillcolor": f"rgba(0,114,178,{opacity})",
                "name": name,
                "showlegend": True,
            },
        ]

    return {
        "data": [
            *band(0, 4, 0.13, "nine tenths of the draws"),
            *band(1, 3, 0.22, "half of the draws"),
            {
                **line,
                "x": years,
                "y": fan.quantiles[:, 2].tolist(),
                "line": {"color": RISE, "width": 2.5},
                "name": "with the road map",
                "hovertemplate": "%{x}: %{y:,.4g} " + fan.unit + "<extra></extra>",
            },
            {
                **line,
                "x": years,
                "y": list(fan.without),
                "line": {"color": ink.faint, "width": 2, "dash": "dash"},
                "name": "without",
                "hovertemplate": "%{x}: %{y:,.4g} " + fan.unit + "<extra></extra>",
            },
            *facts_of(last, fan.outcome, (fan.target_year, fan.target), ink.text, "came"),
        ],
        "layout": layout(
            theme,
            height=380,
            shows_legend=True,
            xaxis=axis(theme, dtick=max(1, (years[-1] - min([*last, years[0]])) // 8)),
            yaxis=axis(theme, fan.unit, rangemode="tozero"),
        ),
    }
