"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A shipped study's name, or a folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the random draws.")]
OutFolder = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to; made if absent.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", "-s", help="Scenario to run; give it again for more. All of them unless named."),
]
