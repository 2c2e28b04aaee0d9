"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def complete_study(incomplete: str) -> list[str]:
    """Return shipped studies, and folders here that hold one, that begin with what is typed."""
    from landbridge.study.files import shipped_studies

    here = [path.parent.name for path in sorted(Path().glob("*/study.toml"))]
    return [name for name in dict.fromkeys((*shipped_studies(), *here)) if name.startswith(incomplete)]


def complete_scenario(context: typer.Context, incomplete: str) -> list[str]:
    """Return the scenarios of the study on the command line that begin with what is typed."""
    return _complete(context, incomplete, "scenarios")


def complete_measure(context: typer.Context, incomplete: str) -> list[str]:
    """Return the measures of the study on the command line that begin with what is typed."""
    return _complete(context, incomplete, "measures")


def complete_parameter(context: typer.Context, incomplete: str) -> list[str]:
    """Return the parameters of the study on the command line that begin with what is typed, ready for a value."""
    return _complete(context, incomplete, "parameters")


def _complete(
    context: typer.Context, incomplete: str, kind: Literal["scenarios", "measures", "parameters"]
) -> list[str]:
    from landbridge.core.problems import StudyError
    from landbridge.study.reader import read_study

    name = context.params.get("study") or next(iter(context.args), None)  # not parsed yet before an option's value
    try:
        study = read_study(name) if name else None
    except StudyError:
        study = None
    if study is None:
        return []
    names = {
        "scenarios": [scenario.name for scenario in study.scenarios],
        "measures": [measure.id for measure in study.measures],
        "parameters": [f"{parameter}=" for parameter in study.parameters],
    }
    return [one for one in names[kind] if one.startswith(incomplete)]


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
