"""``landbridge estimate``: how a study's trade answers to transport cost, and trade to agreements."""

from pathlib import Path
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, StudyName


def estimate(
    study: StudyName,
    *,
    panel: Annotated[
        Path | None,
        typer.Option("--panel", help="CSV with exporter, importer, year, trade and a flag of agreements in force."),
    ] = None,
    flag: Annotated[str, typer.Option("--flag", help="The flag's column in that panel.")] = "FTA",
    write: Annotated[Path | None, typer.Option("--write", help="Write the coefficients to this CSV file.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Estimate how trade answers to the study's own hours and cost, beside great-circle distance.

    Structural gravity by PPML on the base year, exporter and importer effects, errors clustered by pair. With --panel
    also the effect of agreements, with exporter-year, importer-year and pair effects.

    Examples:  landbridge estimate northeast-asia   |   landbridge estimate northeast-asia --panel wiod.csv --flag FTA
    """
    from landbridge.pipeline.estimate import estimate_study
    from landbridge.pipeline.run import baseline_of
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    with talk.progress("landbridge estimate") as step:
        step(0, 2, "network and skims")
        base = baseline_of(read)
        step(1, 2, "gravity")
        found = estimate_study(base)
        agreement = _agreement(panel, flag) if panel else None
    table = found.table()
    rows = list(zip(*table.values(), strict=True))
    if as_json:
        shown: dict[str, Any] = {"study": read.id, "rows": [dict(zip(table, row, strict=True)) for row in rows]}
        shown |= {"pairs": found.pairs, "left_out": list(found.left_out)}
        if agreement:
            shown["agreement"] = agreement
        talk.json(shown)
    else:
        talk.table(f"{read.title}: trade of {read.base_year} on measures of remoteness", tuple(table), rows)
        if agreement:
            talk.table("Agreements, three-way effects", tuple(agreement), [tuple(agreement.values())])
    if found.left_out:
        talk.say(f"Left out, no route or no distance: {', '.join(found.left_out)}")
    if write:
        _write(write, table)
        talk.say(f"Written: {write.resolve()}")


def _agreement(path: Path, flag: str) -> dict[str, Any]:
    from landbridge.formats.trade_table import read_csv_columns
    from landbridge.pipeline.estimate import estimate_agreement

    columns = read_csv_columns(path, ("exporter", "importer", "year", "trade", flag), texts=("exporter", "importer"))
    fit = estimate_agreement(columns, flag)
    low, high = (fit[flag] + sign * 1.96 * fit.standard_error(flag) for sign in (-1.0, 1.0))
    return {
        "variable": flag,
        "coefficient_log_points": fit[flag],
        "standard_error": fit.standard_error(flag),
        "low": low,
        "high": high,
        "observations": fit.observations,
        "clusters": fit.clusters,
    }


def _write(path: Path, table: dict[str, list[Any]]) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(estimate)
