"""``landbridge estimate``: how a study's trade answers to transport cost, tariffs and agreements."""

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
    tariff: Annotated[
        str, typer.Option("--tariff", help="Column of tariffs in percent in that panel: tells the trade elasticity.")
    ] = "",
    skims: Annotated[
        bool, typer.Option("--skims", help="With --write: take the trade elasticity from transport cost.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Put what was estimated into the study, with ranges and covariance.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the coefficients to this CSV file.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Estimate how trade answers to the study's own hours and cost, beside great-circle distance.

    Structural gravity by PPML on the base year, exporter and importer effects, errors clustered by pair; borders from
    domestic sales. With --panel also the effect of agreements and of tariffs, with exporter-year, importer-year and
    pair effects. With --write the parameters go into the study's folder: draws then use their covariance.

    For example:
      landbridge estimate northeast-asia
      landbridge estimate my-study --panel wiod.csv --flag FTA --write
    """
    from landbridge.pipeline.estimate import estimate_study
    from landbridge.pipeline.run import baseline_of
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    _refuse_nothing_to_write(write=write, panel=panel, skims=skims, tariff=tariff)
    with talk.progress("landbridge estimate") as step:
        step(0, 2, "network and skims")
        base = baseline_of(read)
        step(1, 2, "gravity")
        found = estimate_study(base)
        fit = _panel_fit(panel, flag, tariff) if panel else None
    table = found.table()
    rows = list(zip(*table.values(), strict=True))
    agreements = _coefficients(fit, flag) if fit else []
    if as_json:
        shown: dict[str, Any] = {"study": read.id, "rows": [dict(zip(table, row, strict=True)) for row in rows]}
        shown |= {"pairs": found.pairs, "left_out": list(found.left_out), "at_home": list(found.at_home)}
        if agreements:
            shown["agreement"] = agreements
    else:
        talk.table(f"{read.title}: trade of {read.base_year} on measures of remoteness", tuple(table), rows)
        if agreements:
            talk.table("Panel, three-way effects", tuple(agreements[0]), [tuple(row.values()) for row in agreements])
    if found.left_out:
        talk.say(f"Left out, no route or no distance: {', '.join(found.left_out)}")
    if csv:
        _write(csv, table)
        talk.say(f"Written: {csv.resolve()}")
    written = _feed(study, talk, found if skims else None, (fit, flag, panel)) if write else []
    if as_json:
        talk.json({**shown, "written": written} if write else shown)


def _refuse_nothing_to_write(*, write: bool, panel: Path | None, skims: bool, tariff: str) -> None:
    """Raise where --write has nothing to write, or two sources tell the trade elasticity."""
    from landbridge.core.problems import Problem, StudyError

    if write and panel is None and not skims:
        message = (
            "nothing is estimated that a parameter stands for. Give --panel FILE (agreements; with --tariff COLUMN the "
            "trade elasticity too), or --skims to take the trade elasticity from transport cost, which holds more than "
            "freight."
        )
        raise StudyError([Problem("LB539", message, "write")])
    if write and skims and tariff:
        message = "both tell the trade elasticity. Keep one; tariffs are the cleaner source."
        raise StudyError([Problem("LB539", message, "skims and tariff")])
    if tariff and panel is None:
        raise StudyError([Problem("LB539", "a tariff's column belongs to a panel. Give --panel FILE.", "tariff")])


def _panel_fit(path: Path, flag: str, tariff: str) -> Any:  # noqa: ANN401 - a GravityEstimate, imported late
    from landbridge.formats.trade_table import read_csv_columns
    from landbridge.pipeline.estimate import estimate_agreement

    wanted = ("exporter", "importer", "year", "trade", flag, *([tariff] if tariff else []))
    columns = read_csv_columns(path, wanted, texts=("exporter", "importer"))
    return estimate_agreement(columns, flag, tariff=tariff or None)


def _coefficients(fit: Any, flag: str) -> list[dict[str, Any]]:  # noqa: ANN401
    from landbridge.pipeline.draws import NORMAL_95
    from landbridge.pipeline.estimate import TARIFF

    return [
        {
            "variable": name,
            "coefficient": fit[name],
            "standard_error": fit.standard_error(name),
            "low": fit[name] - NORMAL_95 * fit.standard_error(name),
            "high": fit[name] + NORMAL_95 * fit.standard_error(name),
            "observations": fit.observations,
            "clusters": fit.clusters,
        }
        for name in fit.names
        if name in (flag, TARIFF) or name.startswith("domestic_")
    ]


def _feed(study: str, talk: Talk, skims: Any, panel: tuple[Any, str, Path | None]) -> list[dict[str, Any]]:  # noqa: ANN401
    """Write parameters into the study, say which, and return them."""
    from landbridge.pipeline.estimate_feed import AGREEMENT, panel_parameters, skim_parameters, stated_apart
    from landbridge.study.reader import read_study
    from landbridge.study.rewrite import write_estimates

    fit, flag, path = panel
    found = []
    if fit is not None and path is not None:
        found.append(panel_parameters(fit, flag, data=f"panel {path.name}"))
    if skims is not None:
        found.append(skim_parameters(skims, base_year=read_study(study).base_year))
    before = read_study(study)
    after = write_estimates(study, found)
    apart = stated_apart(after) if fit is not None else []
    if apart:
        talk.say(
            f"Agreements state effects of their own in measures.toml ({', '.join(apart)}); draws scale them in "
            f"proportion. Set their value to {after.parameter(AGREEMENT):.4g} for runs to use the estimate."
        )
    rows = []
    for item in (parameter for one in found for parameter in one.parameters):
        old = before.parameters.get(item.name)
        rows.append(
            {
                "parameter": item.name,
                "before": None if old is None else old.value,
                "value": item.value,
                "low": item.low,
                "high": item.high,
                "unit": item.unit,
                "source": item.source,
            }
        )
    if not talk.as_json:
        cells = [tuple("" if cell is None else cell for cell in row.values()) for row in rows]
        talk.table(f"Written into {study}, with their covariance", tuple(rows[0]), cells)
    return rows


def _write(path: Path, table: dict[str, list[Any]]) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(estimate)
