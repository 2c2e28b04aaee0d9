"""``landbridge sweep``: many runs of one study into one dataset."""

from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, StudyName


def sweep(
    study: StudyName,
    *,
    over: Annotated[
        Path, typer.Option("--over", help="CSV file: scenario, add, remove, and a column for each parameter to set.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the Parquet dataset; made if absent.")],
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, each with one BLAS thread.")] = 2,
    dask: Annotated[
        str, typer.Option("--dask", metavar="ADDRESS", help="Work on a Dask cluster instead, e.g. tcp://host:8786.")
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a study once for every row of a file; write headline figures as one Parquet dataset.

    A sweep that was stopped goes on where it was: rows that the folder holds are skipped. A row without a solution
    stands in the dataset with status 'failed' and the reason.

    For example:
      landbridge sweep northeast-asia --over runs.csv --out runs
      landbridge sweep minimal --over runs.csv -o runs --workers 4
    """
    from landbridge.pipeline.sweep import sweep as run_sweep

    talk = Talk(quiet, as_json)
    with talk.progress("landbridge sweep") as step:
        report = run_sweep(study, over, out, workers=workers, dask=dask, step=step)
    if as_json:
        talk.json(
            {
                "folder": str(report.folder),
                "rows": report.rows,
                "skipped": report.skipped,
                "done": report.done,
                "failed": report.failed,
            }
        )
    else:
        talk.out(
            f"{report.rows} rows: {report.done} done, {report.failed} failed, {report.skipped} held already. "
            f"Dataset: {report.folder.resolve()}"
        )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sweep)
