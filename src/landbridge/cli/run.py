"""``landbridge run``: the whole chain, one study, its scenarios."""

from pathlib import Path
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, OutFolder, Quiet, Scenarios, Seed, StudyName


def run(
    study: StudyName,
    *,
    scenario: Scenarios = None,
    out: OutFolder = None,
    report: Annotated[bool, typer.Option("--report", help="Also write report.html and tables.xlsx.")] = False,
    seed: Seed = 0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which parameters and rules gave the figures.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a study: freight, trade and welfare of its scenarios (all of them unless named).

    Results go to FOLDER/SCENARIO as Parquet tables with provenance; the headline figures are printed.

    Examples:  landbridge run northeast-asia --report   |   landbridge run minimal -s fast-border --json
    """
    from landbridge.pipeline.run import run_scenarios
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    names = scenario or [item.name for item in read.scenarios]
    target = out or Path("out") / read.id
    with talk.progress("landbridge run") as step:
        results = run_scenarios(read, names, seed=seed, step=step)
        for name, result in results.items():
            result.save(target / name)
        written: dict[str, Any] = {}
        if report:
            from landbridge.report.study_report import write_report

            written = write_report(read, results, target, step=step)
    if as_json:
        talk.json({"study": read.id, "folder": str(target), "scenarios": _headlines(results), **_texts(written)})
    else:
        _print(talk, read, results)
    if explain:
        for parameter in read.parameters.values():
            talk.say(f"{parameter.name} = {parameter.value:g} {parameter.unit} ({parameter.source}): {parameter.note}")
    talk.say(f"Results: {target.resolve()}")
    if "report" in written:
        talk.say(f"Report:  {written['report'].resolve()}")
        talk.say(f"Tables:  {written['workbook'].resolve()}")


def _texts(written: dict[str, Any]) -> dict[str, str]:
    return {name: str(path) for name, path in written.items()}


def _headlines(results: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, result in results.items():
        table = result.tables["headline"]
        found[name] = {
            key: {"value": value, "unit": unit}
            for key, value, unit in zip(table["indicator"], table["value"], table["unit"], strict=True)
        }
    return found


def _print(talk: Talk, study: Any, results: dict[str, Any]) -> None:  # noqa: ANN401 - a Study
    first = next(iter(results.values())).tables["headline"]
    rows = [
        (name, *(float(result.tables["headline"]["value"][row]) for result in results.values()), unit)
        for row, (name, unit) in enumerate(zip(first["name"], first["unit"], strict=True))
    ]
    talk.table(study.title, ("", *results, "unit"), rows)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)
