"""``landbridge new``: a study to start from."""

from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import Quiet


def new(
    folder: Annotated[Path, typer.Argument(metavar="NAME", help="Folder to make.")],
    *,
    example: Annotated[str, typer.Option("--from", help="Shipped study to start from.")] = "minimal",
    quiet: Quiet = False,
) -> None:
    """Make a study that runs: a minimal one of about ten rows, or a copy of a shipped one.

    For example:
      landbridge new my-corridor
      landbridge new korea --from northeast-asia
    """
    from landbridge.study.new import new_study

    made = new_study(folder, example=example)
    Talk(quiet).say(f"Made {made}. Try:  landbridge check {made}   and   landbridge run {made} --report")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(new)
