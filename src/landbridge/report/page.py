"""Render a report as one HTML file that needs no network."""

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from landbridge.figures.maps import ground, map_figure, steps_of
from landbridge.figures.style import INKS, Theme
from landbridge.report.blocks import Cards, Cell, Equation, FigureBlock, MapBlock, Page, TableBlock, Text

SMALLEST = 5e-7
"""Cells below it are printed as 0: what is left of rounding in the last digits."""


def render(page: Page) -> str:
    """Return the page as HTML: styles, scripts, figures and Plotly itself are inside."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["cell"] = _cell
    environment.filters["words"] = _words
    environment.filters["anchor"] = _anchor
    environment.filters["markup"] = Markup
    environment.filters["is_number"] = lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)
    template = environment.from_string(_asset("page.html.j2"))
    blocks = list(_numbered(page))
    figures = {block.key: dict(block.figures) for *_, block in blocks if isinstance(block, FigureBlock)}
    payload = {"figures": figures, "maps": _maps(page, blocks)}
    return template.render(
        page=page,
        blocks=blocks,
        listed=_listed(blocks),
        kind=_kind,
        style=Markup(_asset("page.css")),  # noqa: S704 - our own file
        script=Markup(_asset("page.js")),  # noqa: S704 - our own file
        plotly=Markup(get_plotlyjs()),  # noqa: S704 - Plotly's own file
        data=Markup(_script_json(payload)),  # noqa: S704 - escaped there
    )


def _maps(page: Page, blocks: list[tuple[int, str, Any]]) -> dict[str, Any]:
    """Return what the page's maps share and hold: ground, lines, steps of colour, values by scenario."""
    maps = [block for *_, block in blocks if isinstance(block, MapBlock)]
    if not maps:
        return {}
    themes: tuple[Theme, ...] = ("light", "dark")
    return {
        "ground": ground("light"),
        "inks": {theme: asdict(INKS[theme]) for theme in themes},
        "layout": {theme: map_figure([], theme, places=dict(maps[0].spots))["layout"] for theme in themes},
        "steps": {
            theme: {kind: [asdict(step) for step in steps_of(kind, theme)] for kind in ("load", "change")}
            for theme in themes
        },
        "lines": asdict(page.lines),
        "blocks": {block.key: {"kind": block.kind, "spots": block.spots} for block in maps},
    }


def write_page(page: Page, path: str | Path) -> Path:
    """Write the rendered page whole or not at all; return its path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = render(page)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


@cache
def _asset(name: str) -> str:
    return (files("landbridge.report") / "assets" / name).read_text(encoding="utf-8")


def _numbered(page: Page) -> Iterator[tuple[int, str, Any]]:
    """Yield section position, 'Table 3', 'Figure 2' or '(1)' (empty for text), and the block.

    Only one scenario is shown at a time: the first table of each has one number, the second the next, and so on.
    """
    tables = figures = equations = 0
    for position, section in enumerate(page.sections):
        numbers: list[int] = []
        met: Counter[str] = Counter()
        for block in section.blocks:
            if isinstance(block, TableBlock):
                again = bool(block.scenario) and met[block.scenario] < len(numbers)
                tables += not again
                number = numbers[met[block.scenario]] if again else tables
                if block.scenario:
                    met[block.scenario] += 1
                    numbers += [] if again else [number]
                yield position, f"Table {number}", block
            elif isinstance(block, (FigureBlock, MapBlock)):
                figures += 1
                yield position, f"Figure {figures}", block
            elif isinstance(block, Equation):
                equations += 1
                yield position, f"({equations})", block
            else:
                yield position, "", block


def _anchor(number: str, scenario: str = "") -> str:
    """Return the name under which links reach a figure, table (of a scenario) or equation."""
    if number.startswith("("):
        return f"equation-{number[1:-1]}"
    return "-".join([number.lower().replace(" ", "-"), *([scenario] if scenario else [])])


def _listed(blocks: list[tuple[int, str, Any]]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the table of figures and that of tables: number, caption and scenario of each."""
    found = []
    for title, kinds in (("Figures", (FigureBlock, MapBlock)), ("Tables", (TableBlock,))):
        rows = [
            (number, block.caption, getattr(block, "scenario", ""))
            for _, number, block in blocks
            if isinstance(block, kinds)
        ]
        found += [(title, rows)] if rows else []
    return found


def _kind(block: object) -> str:
    if isinstance(block, Equation):
        return "equation"
    if isinstance(block, TableBlock):
        return "table"
    if isinstance(block, FigureBlock):
        return "figure"
    if isinstance(block, MapBlock):
        return "map"
    return "cards" if isinstance(block, Cards) else "text" if isinstance(block, Text) else ""


def _cell(value: Cell) -> str:
    """Return a cell as a reader expects it: thousands apart, three or four significant digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - nan
        return "–"
    if abs(value) < SMALLEST:
        return "0"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:,.1f}"
    return f"{value:.3g}" if abs(value) >= 1e-3 else f"{value:.6f}"


def _words(text: str) -> Markup:
    """Escape a text and turn ``**bold**`` and web addresses into HTML."""
    marked = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(text)))
    linked = re.sub(r"(https?://[^\s<>&\"']+[^\s<>&\"'.,;:)])", r'<a href="\1" rel="noreferrer">\1</a>', marked)
    return Markup(linked)  # noqa: S704 - escaped above


def _script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
