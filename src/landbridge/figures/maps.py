"""Maps: land, links by load or by change of load, gates and places, in an equal-area projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.figures.projection import EURASIA, Projection
from landbridge.figures.style import FALL, INKS, LOAD, RISE, Figure, Theme, layout

VIEW_X: Final = (-8.8, 8.0)
VIEW_Y: Final = (-5.9, 4.1)
"""Thousands of km from the centre of the projection that the map shows at first."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Polylines with what is to be shown of each.

    Attributes
    ----------
    latitude_deg, longitude_deg
        Points of all lines one after the other, shape (n_points,).
    start
        Position of each line's first point, and the number of points at the end, shape (n_lines + 1,).
    value
        Load or change of load, shape (n_lines,).
    text
        What hovering tells, one per line; empty for nothing.
    """

    latitude_deg: Float
    longitude_deg: Float
    start: np.ndarray[Any, np.dtype[np.int64]]
    value: Float
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map."""

    name: str
    latitude_deg: float
    longitude_deg: float
    text: str = ""
    kind: str = "zone"
    key: str = ""


@cache
def _land(projection: Projection) -> tuple[list[float | None], list[float | None]]:
    with (files("landbridge") / "data" / "land.npz").open("rb") as stream, np.load(stream) as archive:
        latitude, longitude, start = archive["latitude_deg"], archive["longitude_deg"], archive["start"]
    x, y = projection.forward(latitude, longitude)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for first, last in pairwise(start.tolist()):
        ring = slice(first, last)
        keep = np.isfinite(x[ring])
        if keep.sum() < 4:
            continue
        xs += [*np.round(x[ring][keep], 3).tolist(), None]
        ys += [*np.round(y[ring][keep], 3).tolist(), None]
    return xs, ys


def ground(theme: Theme, projection: Projection = EURASIA) -> list[dict[str, Any]]:
    """Return the traces under everything: land and a graticule."""
    ink = INKS[theme]
    xs, ys = _land(projection)
    gx: list[float | None] = []
    gy: list[float | None] = []
    span = np.linspace(0, 1, 91)
    parallels = [(np.full(91, lat), -180 + 360 * span) for lat in range(0, 90, 20)]
    meridians = [(-20 + 110 * span, np.full(91, lon)) for lon in range(-180, 180, 30)]
    for latitude, longitude in (*parallels, *meridians):
        x, y = projection.forward(latitude, longitude)
        gx += [None if np.isnan(v) else round(float(v), 3) for v in x] + [None]
        gy += [None if np.isnan(v) else round(float(v), 3) for v in y] + [None]
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    return [
        {**quiet, "x": gx, "y": gy, "line": {"width": 0.5, "color": ink.grid}},
        {**quiet, "x": xs, "y": ys, "fill": "toself", "fillcolor": ink.land, "line": {"width": 0.6, "color": ink.grid}},
    ]


@dataclass(frozen=True, slots=True)
class LineStep:
    """How lines with values above `low` and up to `high` are drawn."""

    low: float
    high: float
    colour: str
    width: float
    label: str


def steps_of(kind: str, theme: Theme) -> tuple[LineStep, ...]:
    """Return the steps of ``load`` (TEU a year) or ``change`` (more in blue, less in orange, wider for more)."""
    if kind == "load":
        colours = LOAD if theme == "light" else LOAD[::-1]
        edges = (0.0, 1e3, 1e4, 1e5, 1e6, 1e12)
        words = ("under 1,000", "1,000 to 10,000", "10,000 to 100,000", "100,000 to 1 million", "over 1 million")
        widths = (0.5, 0.9, 1.6, 2.6, 3.8)
        return tuple(
            LineStep(edges[k], edges[k + 1], colours[k], widths[k], f"{words[k]} TEU a year") for k in range(5)
        )
    found = []
    for sign, colour, word in ((1, RISE, "more"), (-1, FALL, "less")):
        for low, high, width in ((1.0, 1e3, 0.9), (1e3, 1e4, 1.8), (1e4, 1e5, 3.0), (1e5, 1e12, 4.4)):
            ends = (low, high) if sign > 0 else (-high, -low)
            size = f"{low:,.0f} to {high:,.0f}" if high < 1e12 else f"over {low:,.0f}"
            found.append(LineStep(ends[0], ends[1], colour, width, f"{word} by {size} TEU a year"))
    return tuple(found)


def line_traces(kind: str, lines: Lines, theme: Theme, projection: Projection = EURASIA) -> list[dict[str, Any]]:
    """Return lines in the steps of a kind (see `steps_of`)."""
    return [
        _trace(
            lines,
            np.flatnonzero((lines.value > step.low) & (lines.value <= step.high)),
            step.colour,
            step.width,
            step.label,
            projection,
        )
        for step in steps_of(kind, theme)
    ]


def _trace(
    lines: Lines,
    rows: np.ndarray[Any, np.dtype[np.int64]],
    colour: str,
    width: float,
    name: str,
    projection: Projection,
) -> dict[str, Any]:
    x, y = projection.forward(lines.latitude_deg, lines.longitude_deg)
    xs: list[float | None] = []
    ys: list[float | None] = []
    texts: list[str] = []
    for row in rows:
        part = slice(int(lines.start[row]), int(lines.start[row + 1]))
        px, py = x[part], y[part]
        xs += [None if np.isnan(v) else round(v, 3) for v in px.tolist()] + [None]
        ys += [None if np.isnan(v) else round(v, 3) for v in py.tolist()] + [None]
        texts += [lines.text[row]] * (len(px) + 1)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "text": texts if any(texts) else None,
        "hoverinfo": "text" if any(texts) else "skip",
        "name": name,
        "line": {"width": width, "color": colour},
        "showlegend": bool(len(rows)),
    }


def spot_trace(spots: Sequence[Spot], theme: Theme, projection: Projection = EURASIA) -> dict[str, Any]:
    """Return places as points with names on hover; `customdata` holds their keys."""
    x, y = projection.forward([s.latitude_deg for s in spots], [s.longitude_deg for s in spots])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None if np.isnan(v) else round(v, 3) for v in x.tolist()],
        "y": [None if np.isnan(v) else round(v, 3) for v in y.tolist()],
        "text": [f"<b>{s.name}</b>" + (f"<br>{s.text}" if s.text else "") for s in spots],
        "customdata": [s.key or s.name for s in spots],
        "hoverinfo": "text",
        "name": "places",
        "showlegend": False,
        "marker": {
            "size": [9 if s.kind == "gate" else 6 for s in spots],
            "symbol": ["diamond" if s.kind == "gate" else "circle" for s in spots],
            "color": INKS[theme].paper,
            "line": {"width": 1.4, "color": INKS[theme].text},
        },
    }


def map_figure(traces: Sequence[dict[str, Any]], theme: Theme, *, height: int = 620) -> Figure:
    """Return a map of the given traces on the ground."""
    hidden = {"visible": False, "fixedrange": False}
    return {
        "data": [*ground(theme), *traces],
        "layout": layout(
            theme,
            height=height,
            shows_legend=True,
            legend={"orientation": "h", "y": -0.02, "x": 0, "font": {"size": 11}},
            plot_bgcolor=INKS[theme].sea,
            xaxis={**hidden, "range": list(VIEW_X), "scaleanchor": "y", "constrain": "domain"},
            yaxis={**hidden, "range": list(VIEW_Y), "constrain": "domain"},
            dragmode="pan",
            hovermode="closest",
        ),
    }
