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


@dataclass(frozen=True, slots=True)
class MapLines:
    """Lines that every map of the page draws, stored once: points as whole thousandths of a map unit.

    Attributes
    ----------
    x, y
        Points of all lines one after the other.
    start
        Position of each line's first point, and the number of points at the end.
    names
        What hovering tells of each line.
    loads
        By scenario, TEU a year on every line.
    baseline
        Scenario that changes are counted from.
    """

    x: tuple[int, ...]
    y: tuple[int, ...]
    start: tuple[int, ...]
    names: tuple[str, ...]
    loads: Mapping[str, tuple[int, ...]]
    baseline: str


@dataclass(frozen=True, slots=True)
class MapBlock:
    """A map of the page's lines by load, or by change of load against the baseline, in the chosen scenario.

    Attributes
    ----------
    kind
        ``load`` or ``change``: which steps of colour and width it uses.
    spots
        Trace of the places.
    """

    key: str
    caption: str
    alt: str
    kind: str
    spots: Mapping[str, object]


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


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation with what its letters mean; it gets its number from the page.

    Attributes
    ----------
    mathml
        The equation set by `tools.build_equations`: our own markup, not a study's.
    """

    key: str
    mathml: str
    words: str


Block = Text | TableBlock | FigureBlock | MapBlock | Cards | Equation


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
    lines: MapLines = field(default=MapLines((), (), (0,), (), {}, ""))
