"""Maps: land, links by load or by change of load, gates and places, in an equal-area projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.figures.drawn import draw_path
from landbridge.figures.projection import EURASIA, Projection
from landbridge.figures.style import FALL, INKS, LOAD, RISE, Figure, Theme, layout

VIEW_X: Final = (-8.8, 8.0)
VIEW_Y: Final = (-5.9, 4.1)
"""Thousands of km from the centre of the projection that the map shows at first."""
SMALL: Final = 2.5
"""Width or height of a study that the usual window would show too small, in thousands of km."""
COAST: Final = 0.009
"""Points of coasts nearer than this to the line without them are left out, in thousands of km: half a pixel."""
ISLET: Final = 0.06
"""Width and height together of the smallest islands shown, in thousands of km."""


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
    xs: list[float | None] = []
    ys: list[float | None] = []
    for first, last in pairwise(start.tolist()):
        ring = slice(first, last)
        path_x, path_y = draw_path(latitude[ring], longitude[ring], projection, tolerance=COAST)
        if len(path_x) < 5 or _extent(path_x) + _extent(path_y) < ISLET:
            continue
        xs += path_x
        ys += path_y
    return xs, ys


def _extent(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return max(known) - min(known)


def ground(theme: Theme, projection: Projection = EURASIA) -> list[dict[str, Any]]:
    """Return the traces under everything: a graticule, and land as one filled shape, which browsers draw fast."""
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
        {**quiet, "x": xs, "y": ys, "mode": "none", "fill": "toself", "fillcolor": ink.land},
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


def window(x: Sequence[float | None], y: Sequence[float | None]) -> tuple[list[float], list[float]]:
    """Return the ranges that a map shows at first: Eurasia and the Arctic, or where a study's places lie apart.

    Places lie apart if fewer than half of them are in the usual window, or all of them in a small part of it.
    """
    points = np.array([(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]).reshape(-1, 2)
    usual = np.array([VIEW_X, VIEW_Y])
    inside = ((points > usual[:, 0]) & (points < usual[:, 1])).all(1)
    if not len(points):
        return list(VIEW_X), list(VIEW_Y)
    low, high = points.min(0), points.max(0)
    if inside.mean() >= 0.5 and (high - low).max() > SMALL:
        return list(VIEW_X), list(VIEW_Y)
    margin = 0.2 * max(float((high - low).max()), 0.1)
    return [low[0] - margin, high[0] + margin], [low[1] - margin, high[1] + margin]


def map_figure(
    traces: Sequence[dict[str, Any]],
    theme: Theme,
    *,
    height: int = 620,
    places: dict[str, Any] | None = None,
) -> Figure:
    """Return a map of the given traces on the ground; `places` is the trace whose points it must show."""
    hidden = {"visible": False, "fixedrange": False}
    across, up = window(places["x"], places["y"]) if places else (list(VIEW_X), list(VIEW_Y))
    return {
        "data": [*ground(theme), *traces],
        "layout": layout(
            theme,
            height=height,
            shows_legend=True,
            legend={"orientation": "h", "y": -0.02, "x": 0, "font": {"size": 11}},
            plot_bgcolor=INKS[theme].sea,
            xaxis={**hidden, "range": across, "scaleanchor": "y"},
            yaxis={**hidden, "range": up},
            dragmode="pan",
            hovermode="closest",
        ),
    }
