"""Small parts of the page: tables, cards, hints, pictures."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from landbridge.figures.style import Figure

Node = Any
"""A component of the page; Dash has no types for them."""


def hint(node: Node, words: str) -> Node:
    """Return a node that tells something when the pointer or the keyboard is on it (see landbridge.js)."""
    return html.Div(node, className="lb-hinted", **{"data-hint": words})


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    numbers_from: int = 1,
    hints: Mapping[str, str] | None = None,
    hints_word: str = "",
) -> Node:
    """Return a table as one component; columns from `numbers_from` on are set to the right.

    Parameters
    ----------
    hints
        What to tell when the pointer or the keyboard is on a cell, by the cell's text.
    hints_word
        Tells a screen reader that there are hints and how the keyboard reaches them.
    """
    body = [list(row) for row in rows]
    inner = dmc.Table(
        data={"head": list(head), "body": body, **({"caption": caption} if caption else {})},
        className=f"lb-table lb-numbers-{numbers_from}",
        captionSide="top",
    )
    more = {"aria-label": caption or str(head[0])}
    if hints:
        more["aria-description"] = hints_word
        more["data-hints"] = json.dumps(hints, ensure_ascii=False)
    return html.Div(inner, className="lb-scroll", tabIndex="0", role="region", **more)


def picture(figure: Figure, label: str, key: str) -> Node:
    """Return a chart that a screen reader announces by its label."""
    return html.Div(
        dcc.Graph(figure=figure, id={"type": "chart", "id": key}, config={"displaylogo": False, "responsive": True}),
        role="figure",
        **{"aria-label": label},
    )


def card(title: str, figure: str, line: str, words: str, *, rises: bool | None = None) -> Node:
    """Return a boxed figure."""
    tone = "" if rises is None else " lb-rise" if rises else " lb-fall"
    return html.Div(
        [
            html.Div(title, className="lb-card-title"),
            html.Div(figure, className="lb-card-figure"),
            html.Div(line, className="lb-card-line" + tone),
        ],
        className="lb-card",
        tabIndex="0",
        role="group",
        **{"aria-label": f"{title}: {figure}, {line}", "data-hint": words},
    )


def note(words: str) -> Node:
    """Return a line in a quiet voice."""
    return html.P(words, className="lb-note")
