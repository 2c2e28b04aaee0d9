"""``landbridge compare``: what differs between two results."""

from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet


def compare(
    first: Annotated[Path, typer.Argument(help="Folder of a result, as 'landbridge run' wrote it.")],
    second: Annotated[Path, typer.Argument(help="Folder of another.")],
    *,
    table: Annotated[str, typer.Option("--table", "-t", help="Table to compare.")] = "headline",
    top: Annotated[int, typer.Option("--top", min=1, help="Rows to show, the largest differences first.")] = 25,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare two results table by table.

    For example:
      landbridge compare out/minimal/baseline out/minimal/fast-border
      landbridge compare out/minimal/baseline out/minimal/fast-border --table corridors --top 5
    """
    from landbridge.pipeline.compare import compare as differ
    from landbridge.pipeline.result import read_result

    talk = Talk(quiet, as_json)
    difference = differ(read_result(first), read_result(second))
    rows = difference.largest(table, top)
    if as_json:
        talk.json({"first": difference.first, "second": difference.second, "table": table, "rows": rows})
        return
    for line in difference.notes:
        talk.say(line)
    labels = list(rows[0]) if rows else []
    cells = [tuple(row[label] for label in labels) for row in rows]
    talk.table(f"{table}: {difference.first} and {difference.second}", labels, cells)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)
