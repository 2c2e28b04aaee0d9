"""``landbridge check``: every fault of a study at once."""

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, StudyName


def check(study: StudyName, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Check a study: report every fault and warning at once, with file, row, column and what to do.

    Exit code 0 if there is no fault, 2 if there is one.

    For example:
      landbridge check northeast-asia
      landbridge check ./my-corridor --json
    """
    from landbridge.pipeline.check import check_whole_study

    talk = Talk(quiet, as_json)
    problems = check_whole_study(study)
    faults = sum(problem.severity == "fault" for problem in problems)
    if as_json:
        talk.json(
            {
                "faults": faults,
                "warnings": len(problems) - faults,
                "problems": [
                    {
                        "code": problem.code,
                        "severity": problem.severity,
                        "file": problem.file,
                        "row": problem.row,
                        "column": problem.column,
                        "message": problem.message,
                    }
                    for problem in problems
                ],
            }
        )
    else:
        for problem in problems:
            talk.out(f"{problem.severity}: {problem}", "red" if problem.severity == "fault" else "yellow")
        talk.say(f"{faults} fault(s), {len(problems) - faults} warning(s).")
    if faults:
        raise typer.Exit(2)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)
