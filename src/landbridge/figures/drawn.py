"""Polylines projected and thinned once, so that a map is drawn again by choosing among them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.figures.projection import EURASIA, Projection
from landbridge.figures.style import FALL, INKS, LOAD, OKABE_ITO, RISE, Theme

TOLERANCE: Final = 0.02
"""Points nearer than this to the line without them are left out, in thousands of km: a pixel."""
SPACING: Final = 0.035
"""Least distance between points of joined lines, in thousands of km: under two pixels."""
Path = tuple[tuple[float | None, ...], tuple[float | None, ...]]
"""x and y of one line with a None at its end."""
Joined = Callable[[Iterable[int]], Sequence[Path]]
"""Gives lines of some keys, joined where they meet."""
LOAD_STEPS: Final = (
    (0.0, 1e3, 0.6, "under 1,000"),
    (1e3, 1e4, 1.0, "1,000 to 10,000"),
    (1e4, 1e5, 1.7, "10,000 to 100,000"),
    (1e5, 1e6, 2.8, "100,000 to 1 million"),
    (1e6, np.inf, 4.2, "over 1 million"),
)
CHANGE_STEPS: Final = ((1.0, 1e3, 0.9), (1e3, 1e4, 1.8), (1e4, 1e5, 3.0), (1e5, np.inf, 4.4))


def draw_path(
    latitude_deg: Float, longitude_deg: Float, projection: Projection = EURASIA, *, tolerance: float = TOLERANCE
) -> Path:
    """Return a line on the map, thinned; empty where it lies beyond the horizon."""
    x, y = projection.forward(latitude_deg, longitude_deg)
    seen = np.isfinite(x)
    if seen.sum() < 2:
        return (), ()
    x, y = x[seen], y[seen]
    keep = _thinned(x, y, tolerance)
    return (*np.round(x[keep], 3).tolist(), None), (*np.round(y[keep], 3).tolist(), None)


def _thinned(x: Float, y: Float, tolerance: float) -> Float:
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
        if off[far] > tolerance:
            middle = first + 1 + far
            keep[middle] = True
            open_parts += [(first, middle), (middle, last)]
    return keep


@dataclass(frozen=True, slots=True, eq=False)
class Web:
    """Lines that meet at nodes: path, and the nodes at its first and last point, by key.

    `path` is a mapping that holds every key that is asked for.
    """

    path: Mapping[int, Path]
    tail: Sequence[int]
    head: Sequence[int]

    def joined(self, keys: Iterable[int]) -> list[Path]:
        """Return the lines of some keys as few long ones that go on wherever another begins, thinned to `SPACING`.

        Ends of the lines and nodes at which other than two of them meet keep their place.
        """
        chosen = [key for key in keys if self.path[key][0]]
        at: dict[int, list[int]] = {}
        tail, head = self.tail, self.head
        for key in chosen:
            at.setdefault(tail[key], []).append(key)
            at.setdefault(head[key], []).append(key)
        fork = {node for node, lines in at.items() if len(lines) != 2}
        left = dict.fromkeys(chosen)
        found = []
        for key in chosen:
            if key not in left:
                continue
            del left[key]
            onward = _walk(head[key], at, left, (tail, head))
            back = _walk(tail[key], at, left, (tail, head))
            way = [(k, not turned) for k, turned in reversed(back)] + [(key, False)] + onward
            found.append(_spaced([(self.path[k], turned, (head if turned else tail)[k] in fork) for k, turned in way]))
        return found


def _walk(
    node: int, at: Mapping[int, list[int]], left: dict[int, None], ends: tuple[Sequence[int], Sequence[int]]
) -> list[tuple[int, bool]]:
    """Return lines not used yet that go on from a node, and whether each runs against its direction."""
    tail, head = ends
    way = []
    while at[node]:
        key = at[node].pop()
        if key not in left:
            continue
        del left[key]
        turned = tail[key] != node
        way.append((key, turned))
        node = tail[key] if turned else head[key]
    return way


def _spaced(way: Sequence[tuple[Path, bool, bool]]) -> Path:
    """Return paths one after the other as one, points nearer than `SPACING` to the last kept left out.

    `way` has paths, whether to turn them, and whether their first point must stay.
    """
    xs: list[float | None] = []
    ys: list[float | None] = []
    last_x = last_y = np.inf
    a = b = 0.0
    for (x, y), turned, fixed in way:
        points = zip(x[-2::-1], y[-2::-1], strict=True) if turned else zip(x[:-1], y[:-1], strict=True)
        stays = fixed
        for p, q in points:
            a, b = float(p or 0.0), float(q or 0.0)
            if stays or abs(a - last_x) + abs(b - last_y) > SPACING:
                xs.append(a)
                ys.append(b)
                last_x, last_y = a, b
            stays = False
    if (a, b) != (last_x, last_y):
        xs.append(a)
        ys.append(b)
    return (*xs, None), (*ys, None)


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
        "line": {"width": width, "color": colour},
        "showlegend": bool(xs),
        **more,
    }


def load_lines(joined: Joined, loads: Mapping[int, float], theme: Theme, unit: str) -> list[dict[str, Any]]:
    """Return five traces of lines by load, wider and darker for more."""
    colours = LOAD if theme == "light" else LOAD[::-1]
    return [
        line_trace(joined(key for key, value in loads.items() if low < value <= high), f"{words} {unit}", colour, width)
        for (low, high, width, words), colour in zip(LOAD_STEPS, colours, strict=True)
    ]


def change_lines(
    joined: Joined, changes: Mapping[int, float], words: tuple[str, str], unit: str
) -> list[dict[str, Any]]:
    """Return eight traces of lines by change: what rises in blue, what falls in orange, wider for more."""
    traces = []
    for sign, colour, word in ((1.0, RISE, words[0]), (-1.0, FALL, words[1])):
        for low, high, width in CHANGE_STEPS:
            span = f"{low:,.0f}-{high:,.0f}" if np.isfinite(high) else f"> {low:,.0f}"
            chosen = joined(key for key, value in changes.items() if low < sign * value <= high)
            traces.append(line_trace(chosen, f"{word} {span} {unit}", colour, width))
    return traces


def plain_lines(paths: Iterable[Path], name: str, number: int, width: float, dash: str = "solid") -> dict[str, Any]:
    """Return lines of one colour of the palette."""
    trace = line_trace(paths, name, OKABE_ITO[number % len(OKABE_ITO)], width)
    trace["line"]["dash"] = dash
    return trace


def hover_trace(points: Sequence[tuple[float, float, str]], theme: Theme) -> dict[str, Any]:
    """Return points without a mark that tell a text when the pointer is near."""
    return {
        "type": "scatter",
        "mode": "none",
        "hoveron": "points",
        "x": [x for x, _, _ in points],
        "y": [y for _, y, _ in points],
        "text": [text for _, _, text in points],
        "hoverinfo": "text",
        "hoverlabel": {"bgcolor": INKS[theme].paper},
        "showlegend": False,
        "name": "",
    }
