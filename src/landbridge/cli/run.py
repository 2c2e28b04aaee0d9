"""``landbridge run``: the whole chain, one study, its scenarios."""

from pathlib import Path
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, OutFolder, Quiet, Scenarios, Seed, StudyName

FULL_DRAWS = 60
CELL = 10
"""Characters of the widest figure."""
LEAST_MONEY = {"million USD": 1e-3, "billion USD": 1e-6}
"""A thousand USD, by unit."""


def run(
    study: StudyName,
    *,
    scenario: Scenarios = None,
    out: OutFolder = None,
    report: Annotated[bool, typer.Option("--report", help="Also write report.html and tables.xlsx.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="With --report: intervals, coalitions, road map and projects too.")
    ] = False,
    draws: Annotated[int, typer.Option("--draws", min=0, help="Draws for intervals; 60 with --full.")] = 0,
    seed: Seed = 0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which parameters and rules gave the figures.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a study: freight, trade and welfare of its scenarios (all of them unless named).

    Results go to FOLDER/SCENARIO as Parquet tables with provenance; the headline figures are printed.

    For example:
      landbridge run northeast-asia --report
      landbridge run northeast-asia --full
      landbridge run minimal -s baseline -s fast-border --explain
      landbridge run ./my-corridor --out results --json
    """
    from landbridge.pipeline.run import run_scenarios
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    names = scenario or [item.name for item in read.scenarios]
    target = out or Path("out") / read.id
    with talk.progress("landbridge run") as step:
        results = run_scenarios(read, names, seed=seed, draws=draws or (FULL_DRAWS if full else 0), step=step)
        for name, result in results.items():
            result.save(target / name)
        written: dict[str, Any] = {}
        if report or full:
            from landbridge.pipeline.deepen import deepen
            from landbridge.report.study_report import write_report

            deep = deepen(read, seed=seed, step=step) if full else None
            written = write_report(read, results, target, step=step, deep=deep)
    if as_json:
        talk.json({"study": read.id, "folder": str(target), "scenarios": _headlines(results), **_texts(written)})
    else:
        _print(talk, read, results)
        _print_sectors(talk, read, results)
    if explain:
        _explain(talk, read, names)
    talk.say(f"Results: {target.resolve()}")
    if "report" in written:
        talk.say(f"Report:  {written['report'].resolve()}")
        talk.say(f"Tables:  {written['workbook'].resolve()}")


def _explain(talk: Talk, study: Any, names: list[str]) -> None:  # noqa: ANN401 - a Study
    """Say what stands in each scenario, by whose consent, and the parameters with their sources."""
    measures = {measure.id: measure for measure in study.measures}
    for name in names:
        talk.say(f"{name}: {'these measures stand:' if study.standing(name) else 'no measure stands.'}")
        for key in study.standing(name):
            consent = ", ".join(measures[key].consent) or "nobody"
            talk.say(f"  {key}: {measures[key].title} (consent of {consent}; {measures[key].source})")
    talk.say("Parameters:")
    for parameter in study.parameters.values():
        talk.say(f"  {parameter.name} = {parameter.value:g} {parameter.unit} ({parameter.source}): {parameter.note}")


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
    """Print the headline figures, as many scenarios side by side as the line has room for."""
    first = next(iter(results.values())).tables["headline"]
    labels = [(str(name), str(unit)) for name, unit in zip(first["name"], first["unit"], strict=True)]
    room = talk.width() - max(len(name) for name, _ in labels) - max(len(unit) for _, unit in labels) - 4
    widest = max(CELL, *(len(name) for name in results)) + 2
    scenarios, count = list(results), max(1, room // widest)
    for names in (scenarios[start : start + count] for start in range(0, len(scenarios), count)):
        rows = [
            (name, *(_figure(results[scenario].tables["headline"]["value"][row], unit) for scenario in names), unit)
            for row, (name, unit) in enumerate(labels)
        ]
        talk.table(study.title, ("", *names, "unit"), rows)


MODELS = ("real_income_many_sectors", "gain_one_sector")


def _print_sectors(talk: Talk, study: Any, results: dict[str, Any]) -> None:  # noqa: ANN401 - a Study
    """Print what many sectors make of the members' economies beside one sector; nothing without sectors."""
    wanted = list(dict.fromkeys(economy for member in study.members for economy in member.economies))
    names = dict(zip(study.tables["economies"].text("economy"), study.tables["economies"].text("name"), strict=True))
    for row in study.tables["sector_members"].rows():
        if row["holds"] == "part" and row["table_economy"] not in ("", row["economy"]):
            names[row["table_economy"]] = f"{names[row['table_economy']]}, {names[row['economy']]}"
    for scenario, result in results.items():
        table = result.tables.get("sectors")
        if not table or scenario == study.scenarios[0].name:
            continue
        value = {
            (economy, measure): float(figure)
            for economy, measure, figure in zip(table["economy"], table["measure"], table["value"], strict=True)
        }
        ends = [end for end in ("_low", "_high") if any((e, MODELS[0] + end) in value for e in wanted)]
        figures = [measure + end for measure in MODELS for end in ("", *ends)]
        rows: list[tuple[object, ...]] = [
            (names[e], *(value.get((e, figure), "") for figure in figures)) for e in wanted if (e, MODELS[0]) in value
        ]
        rows += [
            (f"{names[e]}, on one sector only", *[""] * (1 + len(ends)), value[e, "one_sector_only"], *[""] * len(ends))
            for e in wanted
            if (e, "one_sector_only") in value
        ]
        bounds = ["5 %", "95 %"] if ends else []
        if rows:
            title = f"{scenario}: real income with many sectors, percent, beside one sector, percent of GDP"
            talk.table(title, ("", "many sectors", *bounds, "one sector", *bounds), rows)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def _figure(value: float, unit: str) -> float:
    """Return a headline figure; of money under a thousand USD nothing, as a world's equilibrium is no more exact."""
    return 0.0 if abs(value) < LEAST_MONEY.get(unit, 0.0) else float(value)
