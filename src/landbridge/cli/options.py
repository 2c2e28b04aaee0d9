"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer


def complete_study(incomplete: str) -> list[str]:
    """Return shipped studies, and folders here that hold one, that begin with what is typed."""
    from landbridge.study.files import shipped_studies

    here = [path.parent.name for path in sorted(Path().glob("*/study.toml"))]
    return [name for name in dict.fromkeys((*shipped_studies(), *here)) if name.startswith(incomplete)]


def complete_scenario(context: typer.Context, incomplete: str) -> list[str]:
    """Return the scenarios of the study on the command line that begin with what is typed."""
    from landbridge.core.problems import StudyError
    from landbridge.study.reader import read_study

    study = context.params.get("study") or next(iter(context.args), None)  # not parsed yet before an option's value
    try:
        scenarios = read_study(study).scenarios if study else ()
    except StudyError:
        return []
    return [scenario.name for scenario in scenarios if scenario.name.startswith(incomplete)]


StudyName = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="A shipped study's name, or a folder.", autocompletion=complete_study),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the random draws.")]
OutFolder = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to; made if absent.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        "-s",
        help="Scenario to run; give it again for more. All of them unless named.",
        autocompletion=complete_scenario,
    ),
]
