"""Small parts of the page: tables, cards, hints, pictures."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from landbridge.figures.style import Figure

Node = Any
"""A component of the page; Dash has no types for them."""


def hint(node: Node, words: str) -> Node:
    """Return a node that tells something when the pointer or the keyboard is on it."""
    return dmc.Tooltip(
        node, label=words, multiline=True, w=340, withArrow=True, openDelay=250, position="bottom-start",
        events={"hover": True, "focus": True, "touch": True}, style={"whiteSpace": "pre-line"},
    )  # fmt: skip


def table(head: Sequence[str], rows: Sequence[Sequence[Node]], *, caption: str = "", numbers_from: int = 1) -> Node:
    """Return a table; columns from `numbers_from` on are set to the right."""
    sides = ["left" if at < numbers_from else "right" for at in range(len(head))]
    return html.Div(
        html.Table(
            [
                *([html.Caption(caption)] if caption else []),
                html.Thead(
                    html.Tr(
                        [
                            html.Th(word, scope="col", style={"textAlign": side})
                            for word, side in zip(head, sides, strict=True)
                        ]
                    )
                ),
                html.Tbody(
                    [
                        html.Tr(
                            [html.Td(cell, style={"textAlign": side}) for cell, side in zip(row, sides, strict=True)]
                        )
                        for row in rows
                    ]
                ),
            ],
            className="lb-table",
        ),
        className="lb-scroll",
        tabIndex="0",
        role="region",
        **{"aria-label": caption or str(head[0])},
    )


def picture(figure: Figure, label: str, key: str) -> Node:
    """Return a chart that a screen reader announces by its label."""
    return html.Div(
        dcc.Graph(figure=figure, id={"type": "chart", "id": key}, config={"displaylogo": False, "responsive": True}),
        role="img",
        **{"aria-label": label},
    )


def card(title: str, figure: str, line: str, words: str, *, rises: bool | None = None) -> Node:
    """Return a boxed figure."""
    tone = "" if rises is None else " lb-rise" if rises else " lb-fall"
    box = html.Div(
        [
            html.Div(title, className="lb-card-title"),
            html.Div(figure, className="lb-card-figure"),
            html.Div(line, className="lb-card-line" + tone),
        ],
        className="lb-card",
        tabIndex="0",
        role="group",
        **{"aria-label": f"{title}: {figure}, {line}"},
    )
    return hint(box, words)


def note(words: str) -> Node:
    """Return a line in a quiet voice."""
    return html.P(words, className="lb-note")
