"""``landbridge data``: files to download, names in the base network, the base network anew."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet

data = typer.Typer(help="Files to download, names in the base network, tables of sectors, the base network built anew.")


class Kind(StrEnum):
    """What names stand for."""

    ports = "ports"
    crossings = "crossings"
    passages = "passages"


@data.command("list")
def list_downloads(*, as_json: AsJson = False) -> None:
    """List the files that landbridge can download or read, with their licences.

    Example:  landbridge data list
    """
    from landbridge.formats.catalogue import CATALOGUE

    talk = Talk(as_json=as_json)
    if as_json:
        talk.json({"downloads": [{name: getattr(item, name) for name in item.__slots__} for item in CATALOGUE]})
        return
    rows = [
        (item.name, item.title, "fetch" if item.url else f"by hand: {item.page}", item.licence) for item in CATALOGUE
    ]
    talk.table("", ("name", "what", "how", "licence"), rows)


@data.command("fetch")
def fetch_download(
    name: Annotated[str, typer.Argument(help="Name from 'landbridge data list'.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to download to.")] = Path("data"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept the licence without being asked.")] = False,
    quiet: Quiet = False,
) -> None:
    """Download a file; its licence is shown first. Broken downloads are resumed, digests checked.

    Example:  landbridge data fetch baci-hs12 --out data
    """
    from landbridge.formats.catalogue import CATALOGUE, download_named
    from landbridge.formats.fetch import DIGESTS, fetch

    talk = Talk(quiet)
    item = download_named(name)
    if item is None:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(known.name for known in CATALOGUE)}.")
    typer.echo(f"{item.title}\nLicence: {item.licence}\nFrom:    {item.url or item.page}", err=True)
    if item.url and not yes:
        typer.confirm("Download under this licence?", abort=True, err=True)
    with talk.progress("landbridge data fetch") as step:
        path = fetch(item, out, step=step)
    if not item.sha256:
        talk.say(f"The publisher gives no digest: that of the first download is kept in {out / DIGESTS}.")
    talk.out(str(path))
    talk.say(f"Read it with {item.reader}.")


@data.command("sectors")
def add_sector_tables(
    file: Annotated[Path, typer.Argument(help="OECD ICIO (.csv) or WIOD (.dta, .xlsb, .xlsx).", exists=True)],
    *,
    study: Annotated[Path, typer.Option("--study", help="Folder of the study to put the tables into.")],
    year: Annotated[int | None, typer.Option("--year", help="Year of the table, if its name does not tell.")] = None,
    concordance: Annotated[
        Path | None,
        typer.Option("--concordance", help="CSV with code, sector; the shipped one if absent.", exists=True),
    ] = None,
    elasticities: Annotated[
        Path | None,
        typer.Option(
            "--elasticities", help="CSV of facts about sectors of your own, as data/sectors.csv.", exists=True
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Put an input-output table by sectors into a study: results then show many sectors beside one.

    Economies that the study does not have join the rest of the world; those that the file lacks are named, and stand
    on one sector only. Totals are checked; sales out of stocks count as made in the year.

    Example:  landbridge data sectors ICIO2021_2018.csv --study my-study
    """
    from landbridge.pipeline.sector_make import add_sectors

    talk = Talk(quiet, as_json)
    with talk.progress("landbridge data sectors") as step:
        step(0, 1, file.name)
        made = add_sectors(study, file, year=year, concordance=concordance, facts=elasticities)
    changed = made.adjustments
    rows: list[tuple[str, float, str]] = [
        ("gross output of the file", made.output, "million USD"),
        ("rows of trade", len(made.tables["sector_trade"]), "count"),
        ("sectors", len(made.tables["sectors"]), "count"),
        ("sales out of stocks, counted as made in the year", changed.stocks, "million USD"),
        ("negative purchases set to 0", changed.negative_inputs, "million USD"),
        ("inputs beyond output, counted as final use", changed.excess_inputs, "million USD"),
        ("sectors that an economy does not use, given a trace", changed.traces, "count"),
    ]
    if as_json:
        talk.json(
            {
                "study": str(study),
                "source": made.source,
                "figures": [{"name": name, "value": value, "unit": unit} for name, value, unit in rows],
                "one_sector_only": list(made.rest),
                "parts": dict(made.parts),
                "joined_to_the_rest": list(made.added),
                "warnings": [str(problem) for problem in made.warnings],
            }
        )
        return
    talk.table(made.source, ("", "value", "unit"), rows)
    for problem in made.warnings:
        talk.out(f"warning: {problem}", "yellow")
    talk.say(f"On one sector only, as the table lacks them: {', '.join(made.rest) or 'none'}")
    if made.parts:
        shown = ", ".join(f"{name} ({whole})" for name, whole in made.parts.items())
        talk.say(f"Parts of one economy of the table, whose answer they share: {shown}")
    talk.say(f"Joined to the rest of the world: {', '.join(made.added) or 'none'}")
    talk.say(f"Written: five tables in {(study / 'tables').resolve()}. Now:  landbridge run {study}")


@data.command("names")
def list_names(
    *,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only these.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the names in the base network that measures, corridors and tables may use.

    Example:  landbridge data names --kind crossings
    """
    from landbridge.network.base import base_network, port_names

    network = base_network()
    links = network.links
    crossing = links.kind.mask("crossing")
    found: dict[str, list[dict[str, Any]]] = {
        "ports": [{"name": code, "where": name} for code, name in sorted(port_names().items())],
        "crossings": [
            {"name": name, "where": "-".join(ends)}
            for name, ends in sorted(_ends(links.name.take(crossing), links.country.take(crossing)).items())
        ],
        "passages": [{"name": word, "where": ""} for word in sorted(links.passage.words) if word],
    }
    shown = {name: rows for name, rows in found.items() if kind in (None, name)}
    talk = Talk(as_json=as_json)
    if as_json:
        talk.json(shown)
        return
    for name, rows in shown.items():
        talk.table(f"{name}: {len(rows)}", ("name", "where"), [(row["name"], row["where"]) for row in rows])


def _ends(names: Any, countries: Any) -> dict[str, list[str]]:  # noqa: ANN401 - coded columns
    """Return the countries on both sides of each named crossing."""
    ends: dict[str, set[str]] = {}
    for name, country in {*zip(names.text().tolist(), countries.text().tolist(), strict=True)}:
        if name:
            ends.setdefault(name, set()).add(country)
    return {name: sorted(found) for name, found in ends.items()}


@data.command("build-network")
def build_network(
    *,
    work: Annotated[Path, typer.Option("--work", help="Folder for what is downloaded on the way.")] = Path("work"),
) -> None:
    """Build the shipped base network anew from OpenStreetMap and the World Port Index (in a checkout only).

    Example:  landbridge data build-network --work build/network
    """
    import subprocess
    import sys

    root = Path(__file__).resolve().parents[3]
    if not (root / "tools" / "build_network.py").exists():
        raise typer.BadParameter(
            "the tools that build the network are in the source repository, not in the installed package. "
            "Clone it, then: python -m tools.build_network --work FOLDER"
        )
    words = [sys.executable, "-m", "tools.build_network", "--work", str(work.resolve())]
    raise typer.Exit(subprocess.run(words, cwd=root, check=False).returncode)  # noqa: S603 - our own module


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(data, name="data")
