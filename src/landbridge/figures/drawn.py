"""Polylines projected and thinned once, so that a map is drawn again by choosing among them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.figures.projection import EURASIA, Projection
from landbridge.figures.style import FALL, LOAD, OKABE_ITO, RISE, Theme

TOLERANCE: Final = 0.012
"""Points nearer than this to the line without them are left out, in thousands of km: a third of a pixel."""
Path = tuple[tuple[float | None, ...], tuple[float | None, ...]]
"""x and y of one line with a None at its end."""
LOAD_STEPS: Final = (
    (0.0, 1e3, 0.6, "under 1,000"),
    (1e3, 1e4, 1.0, "1,000 to 10,000"),
    (1e4, 1e5, 1.7, "10,000 to 100,000"),
    (1e5, 1e6, 2.8, "100,000 to 1 million"),
    (1e6, np.inf, 4.2, "over 1 million"),
)
CHANGE_STEPS: Final = ((1.0, 1e3, 0.9), (1e3, 1e4, 1.8), (1e4, 1e5, 3.0), (1e5, np.inf, 4.4))


def draw_path(latitude_deg: Float, longitude_deg: Float, projection: Projection = EURASIA) -> Path:
    """Return a line on the map, thinned; empty where it lies beyond the horizon."""
    x, y = projection.forward(latitude_deg, longitude_deg)
    seen = np.isfinite(x)
    if seen.sum() < 2:
        return (), ()
    x, y = x[seen], y[seen]
    keep = _thinned(x, y)
    return (*np.round(x[keep], 3).tolist(), None), (*np.round(y[keep], 3).tolist(), None)


def _thinned(x: Float, y: Float) -> Float:
    """Return which points stay by Douglas and Peucker (1973), without recursion."""
    keep = np.zeros(len(x), dtype=bool)
    keep[[0, -1]] = True
    open_parts = [(0, len(x) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        dx, dy = x[last] - x[first], y[last] - y[first]
        inner = slice(first + 1, last)
        length = float(np.hypot(dx, dy))
        if length > 0:
            off = np.abs(dx * (y[inner] - y[first]) - dy * (x[inner] - x[first])) / length
        else:
            off = np.hypot(x[inner] - x[first], y[inner] - y[first])
        far = int(np.argmax(off))
        if off[far] > TOLERANCE:
            middle = first + 1 + far
            keep[middle] = True
            open_parts += [(first, middle), (middle, last)]
    return keep


def line_trace(paths: Iterable[Path], name: str, colour: str, width: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - Plotly's keys
    """Return lines as one trace."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in paths:
        xs += x
        ys += y
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "name": name,
        "hoverinfo": "skip",
        "line": {"width": width, "color": colour, "simplify": False},
        "showlegend": bool(xs),
        **more,
    }


def load_lines(paths: Mapping[int, Path], loads: Mapping[int, float], theme: Theme, unit: str) -> list[dict[str, Any]]:
    """Return five traces of lines by load, wider and darker for more."""
    colours = LOAD if theme == "light" else LOAD[::-1]
    return [
        line_trace(
            (paths[key] for key, value in loads.items() if low < value <= high), f"{words} {unit}", colour, width
        )
        for (low, high, width, words), colour in zip(LOAD_STEPS, colours, strict=True)
    ]


def change_lines(
    paths: Mapping[int, Path], changes: Mapping[int, float], words: tuple[str, str], unit: str
) -> list[dict[str, Any]]:
    """Return eight traces of lines by change: what rises in blue, what falls in orange, wider for more."""
    traces = []
    for sign, colour, word in ((1.0, RISE, words[0]), (-1.0, FALL, words[1])):
        for low, high, width in CHANGE_STEPS:
            span = f"{low:,.0f}-{high:,.0f}" if np.isfinite(high) else f"> {low:,.0f}"
            chosen = (paths[key] for key, value in changes.items() if low < sign * value <= high)
            traces.append(line_trace(chosen, f"{word} {span} {unit}", colour, width))
    return traces


def plain_lines(paths: Iterable[Path], name: str, number: int, width: float, dash: str = "solid") -> dict[str, Any]:
    """Return lines of one colour of the palette."""
    trace = line_trace(paths, name, OKABE_ITO[number % len(OKABE_ITO)], width)
    trace["line"]["dash"] = dash
    return trace


def hover_trace(points: Sequence[tuple[float, float, str]]) -> dict[str, Any]:
    """Return points without a mark that tell a text when the pointer is near."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _, _ in points],
        "y": [y for _, y, _ in points],
        "text": [text for _, _, text in points],
        "hoverinfo": "text",
        "marker": {"size": 10, "opacity": 0},
        "showlegend": False,
        "name": "",
    }
