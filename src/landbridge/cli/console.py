"""Talk to stderr, results to stdout: progress bars, tables and the words for errors."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rich.console import Console
from rich.table import Table

PIPE_WIDTH: Final = 160
"""Columns of a table that no terminal shows, unless the environment states ``COLUMNS``."""
ROUNDING: Final = 1e-6
"""What is nearer to zero is shown as zero: a dollar among millions, less than iterations leave."""


class Step(Protocol):
    """Called by long work with what was done and of how much."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show how far the work is."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How a command speaks.

    Attributes
    ----------
    quiet
        Say nothing on stderr but errors.
    as_json
        Print the result as JSON on stdout instead of tables.
    """

    quiet: bool = False
    as_json: bool = False

    def say(self, text: str) -> None:
        """Say something to the person, on stderr."""
        if not self.quiet:
            Console(stderr=True, highlight=False).print(text, markup=False, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table on stdout; numbers are set to the right."""
        console = _stdout()
        if title:
            console.print(title, style="bold", markup=False, soft_wrap=True)
        table = Table(header_style="bold cyan", box=None, pad_edge=False)
        for index, column in enumerate(columns):
            numeric = all(isinstance(row[index], (int, float)) or row[index] == "" for row in rows)
            table.add_column(
                column,
                justify="right" if numeric else "left",
                no_wrap=numeric,
                style="dim" if column == "unit" else None,
            )
        for row in rows:
            table.add_row(*(shown(cell) for cell in row))
        console.print(table)

    def width(self) -> int:
        """Return how many characters a line of a table may have."""
        return _stdout().width

    def out(self, text: str, style: str = "") -> None:
        """Print one line of the result on stdout, coloured on a terminal."""
        _stdout().print(text, style=style, markup=False, soft_wrap=True)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print a value as JSON on stdout; what has no finite value is null."""
        sys.stdout.write(json.dumps(_finite(value), indent=1, ensure_ascii=False, default=str) + "\n")

    @contextmanager
    def progress(self, title: str) -> Iterator[Step]:
        """Show a bar on stderr while work goes on; nothing when stderr is not a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield _silent
            return
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=None)

            def step(done: int, total: int, label: str) -> None:
                bar.update(task, completed=done, total=total, description=f"{title}: {label}")

            yield step


def _stdout() -> Console:
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=PIPE_WIDTH if piped else None)


def _silent(done: int, total: int, label: str) -> None:
    """Show nothing."""


def shown(cell: object) -> str:
    """Return a cell as a person reads it: thousands apart, four significant digits below a thousand, no rounding."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return str(cell)
    if cell != cell or cell in (float("inf"), float("-inf")):  # noqa: PLR0124 - nan
        return "-"
    if abs(cell) < ROUNDING:
        return "0"
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}"
    return f"{cell:.4g}"


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "tolist"):
        return _finite(value.tolist())
    if isinstance(value, float) and not (float("-inf") < value < float("inf")):
        return None
    return value
