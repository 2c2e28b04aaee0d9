"""What a report is made of: sections of text, tables, figures and cards, as values without any HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landbridge.figures.style import Figure

Cell = str | float | int


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs in plain words; ``**bold**`` is the only mark."""

    paragraphs: tuple[str, ...]
    tone: str = "plain"
    """``plain``, ``note`` (how to read it) or ``warning`` (what the numbers do not say)."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with a caption; it gets its number from the page."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    scenario: str = ""
    """Shown only when this scenario is chosen; empty for always."""
    folded: bool = False
    """Whether it starts folded, for long tables."""


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with a caption; one figure, or one for each scenario that the reader can choose."""

    key: str
    caption: str
    alt: str
    figures: Mapping[str, Figure]
    """By scenario; the key '' is a figure that does not depend on the choice."""
    on_map: bool = False
    """Whether the land goes under it (stored once in the page)."""


@dataclass(frozen=True, slots=True)
class Card:
    """A boxed figure or route: title, large figure, lines under it."""

    title: str
    figure: str
    lines: tuple[str, ...] = ()
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards in a row that wraps."""

    cards: tuple[Card, ...]
    caption: str = ""


Block = Text | TableBlock | FigureBlock | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    subtitle: str
    scenarios: Sequence[tuple[str, str]]
    """Name and title of those the reader can choose among; the first is shown at the start."""
    sections: tuple[Section, ...]
    footer: tuple[str, ...] = field(default=())
