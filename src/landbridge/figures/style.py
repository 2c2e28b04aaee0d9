"""Colours that colour-blind readers can tell apart, and the frame that all pictures share."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Theme = Literal["light", "dark"]
Figure = dict[str, Any]
"""A Plotly figure as plain data: ``{"data": [...], "layout": {...}}``."""

OKABE_ITO: Final = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D00", "#5C4D9B", "#6E6E6E", "#004D40",
    "#C9B6E4", "#7F1D1D",
)  # fmt: skip
"""Okabe and Ito (2008), yellow replaced by a darker ochre, with five more of other lightness for more series."""
FALL, RISE = "#D55E00", "#0072B2"
DIVERGING: Final = ((0.0, "#B35806"), (0.25, "#F1A340"), (0.5, "#F7F7F7"), (0.75, "#67A9CF"), (1.0, "#2166AC"))
"""Orange to blue through white: safe for red-green blindness."""
LOAD: Final = ("#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08306b")
"""Five steps from little to much."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of one theme."""

    text: str
    faint: str
    grid: str
    land: str
    sea: str
    paper: str


INKS: Final[dict[str, Ink]] = {
    "light": Ink("#1d2733", "#5b6875", "#d9dee3", "#e5e1d8", "#f7fafc", "#ffffff"),
    "dark": Ink("#e8edf2", "#a3afbb", "#3a4653", "#303943", "#151b22", "#1a2129"),
}


def layout(theme: Theme, *, height: int, shows_legend: bool = False, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - Plotly's own keys
    """Return the layout that all pictures share, with `more` on top."""
    ink = INKS[theme]
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, 'Segoe UI', 'Noto Sans', sans-serif", "size": 13, "color": ink.text},
        "hoverlabel": {"bgcolor": ink.paper, "font": {"color": ink.text}, "align": "left"},
        "showlegend": shows_legend,
        "legend": {"orientation": "h", "yanchor": "top", "y": -0.16, "x": 0},
        "colorway": list(OKABE_ITO),
        "autosize": True,
    }
    return {**base, **more}


def axis(theme: Theme, title: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - Plotly's own keys
    """Return an axis with a quiet grid."""
    ink = INKS[theme]
    return {
        "title": {"text": title, "font": {"size": 12, "color": ink.faint}},
        "gridcolor": ink.grid,
        "zerolinecolor": ink.faint,
        "automargin": True,
        "tickfont": {"color": ink.text, "size": 12},
        "exponentformat": "none",
        "separatethousands": True,
        **more,
    }
