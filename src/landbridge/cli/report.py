"""``landbridge report``: page and workbook again from results that were run before."""

from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import OutFolder, Quiet, StudyName


def report(
    study: StudyName,
    *,
    results: Annotated[
        Path | None, typer.Option("--results", help="Folder that 'landbridge run' wrote; out/STUDY unless given.")
    ] = None,
    out: OutFolder = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print it to PDF with a headless browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write report.html and tables.xlsx from the results of an earlier run.

    For example:
      landbridge report minimal
      landbridge report northeast-asia --results out/northeast-asia --pdf
    """
    from landbridge.pipeline.result import read_result
    from landbridge.report.study_report import write_report
    from landbridge.study.reader import read_study

    talk = Talk(quiet)
    read = read_study(study)
    folder = results or Path("out") / read.id
    names = [item.name for item in read.scenarios if (folder / item.name / "provenance.json").is_file()]
    found = {name: read_result(folder / name) for name in names}
    if not found:
        read_result(folder)
    with talk.progress("report") as step:
        written = write_report(read, found, out or folder, step=step)
    if pdf:
        from landbridge.report.pdf import write_pdf

        written["pdf"] = write_pdf(written["report"])
    for path in written.values():
        talk.say(f"Wrote {path.resolve()}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)
