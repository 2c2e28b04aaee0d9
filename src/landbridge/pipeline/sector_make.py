"""Make a study's tables of sectors out of an input-output file: economies added up, totals kept."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, positions
from landbridge.core.columns import TableSpec
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.formats.catalogue import download_named
from landbridge.formats.io_sectors import IoSectors, read_concordance, read_io_sectors
from landbridge.study.model import Study
from landbridge.study.reader import read_study
from landbridge.study.sector_files import write_sector_tables
from landbridge.study.spec_sectors import SECTOR_TABLES
from landbridge.trade.sector_accounts import Adjustments, SectorAccounts, merged, sector_accounts

REST: Final = "ROW"
"""Code of the rest of the world, in tables and where a study has one."""
NEAR: Final = 0.5
"""Spread, in logs of value per TEU, within which a class takes the goods of a sector."""
DIGITS: Final = 6
"""Decimals of a million USD that are written: one USD."""
SHARE_DIGITS: Final = 3
"""Decimals of the shares of sectors in a class, which are no better known."""


@dataclass(frozen=True, slots=True, eq=False)
class MadeSectors:
    """Tables of sectors made from a file, and what was done to make them.

    Attributes
    ----------
    tables
        The five tables by name.
    rest
        Economies of the study that the file lacks: they stand in its rest of the world, on one sector only.
    parts
        Economies of the study that are part of one of the file, by that one.
    added
        Economies of the file that the study counts with the rest of the world.
    adjustments
        Amounts changed, million USD.
    output
        Gross output of the file, million USD.
    warnings
        Rows and columns of the file that do not add up.
    source
        The publisher's table and its year.
    """

    tables: Mapping[str, Table]
    rest: tuple[str, ...]
    parts: Mapping[str, str]
    added: tuple[str, ...]
    adjustments: Adjustments
    output: float
    warnings: tuple[Problem, ...] = ()
    source: str = ""


def make_sectors(study: Study, io: IoSectors, source: str, *, facts: Path | None = None) -> MadeSectors:
    """Return a study's tables of sectors out of an input-output file.

    Economies that the study does not have are added to the rest of the world, totals kept. An economy of the study
    that the file lacks is part of one that it has (a region: same country), or else in its rest of the world.

    Parameters
    ----------
    study
        Its economies, classes and values per TEU count.
    io
        The file.
    source
        Key in the study's sources.csv.
    facts
        CSV file with the columns of the shipped ``data/sectors.csv``, for sectors of one's own.

    Raises
    ------
    StudyError
        If the study and the file share no economy, the file has nobody to hold an economy, or a sector has no
        elasticity.
    """
    member, holds = study_members(study, io.economies)
    table = tuple(dict.fromkeys((*(name for name in member.values() if name != REST), REST)))
    at = positions([name if name in table else REST for name in io.economies], table)
    inputs = merged(merged(io.inputs, at, len(table), axis=0), at, len(table), axis=2)
    final, stocks = (
        merged(merged(values, at, len(table), axis=0), at, len(table), axis=2) for values in (io.final, io.stocks)
    )
    if not (inputs[-1].any() or final[-1].any()):
        lost = [name for name, to in member.items() if to == REST]
        if lost:
            message = f"has no rest of the world that could hold {', '.join(lost)}. Take a file of the whole world."
            raise StudyError([Problem("LB578", message, "the input-output file")])
        table, keep = table[:-1], slice(0, len(table) - 1)
        inputs, final, stocks = inputs[keep, :, keep], final[keep, :, keep], stocks[keep, :, keep]
    accounts, changed = sector_accounts(inputs, final, stocks, economies=table, sectors=io.sectors)
    known = sector_facts(io.sectors, facts)
    return MadeSectors(
        accounts_tables(study, accounts, (member, holds), known, source),
        tuple(name for name, how in holds.items() if how == "rest"),
        {name: member[name] for name, how in holds.items() if how == "part"},
        tuple(name for name in io.economies if name not in table),
        changed,
        float(io.output.sum()),
    )


def study_members(study: Study, known: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the table's economy of each of the study's, and how the table holds it (``own``, ``part``, ``rest``).

    Raises
    ------
    StudyError
        If the two share no economy.
    """
    economies = study.tables["economies"]
    country = dict(zip(economies.text("economy"), economies.text("country"), strict=True))
    by_land = {land: name for name, land in country.items() if land and name in known}
    member: dict[str, str] = {}
    holds: dict[str, str] = {}
    for name, land in country.items():
        whole = name.partition("-")[0]
        if name in known or not land:
            member[name], holds[name] = (name if name in known else REST), "own"
        elif land in by_land or (whole != name and whole in known):
            member[name], holds[name] = by_land.get(land, whole), "part"
        else:
            member[name], holds[name] = REST, "rest"
    shared = set(member.values())
    holds = {
        name: "part" if how == "own" and name != REST and _shares(name, member, holds) else how
        for name, how in holds.items()
    }
    if shared <= {REST}:
        message = f"shares no economy with the study. It has {', '.join(known[:10])} ..."
        raise StudyError([Problem("LB578", message, "the input-output file")])
    return member, holds


def _shares(name: str, member: Mapping[str, str], holds: Mapping[str, str]) -> bool:
    """Tell whether another economy of the study is part of the one that stands for `name`."""
    return any(other != name and to == member[name] and holds[other] == "part" for other, to in member.items())


@dataclass(frozen=True, slots=True)
class SectorFacts:
    """What is said about a sector: elasticity with its range, part in containers, value per TEU."""

    name: str
    elasticity: tuple[float, float, float]
    containers: float
    value: float
    source: str
    note: str


def sector_facts(sectors: Sequence[str], own: Path | None = None) -> dict[str, SectorFacts]:
    """Return the facts about sectors, shipped or out of a file of one's own with the columns `FACTS`.

    Raises
    ------
    StudyError
        If a sector is not in the file, or a column or number is missing.
    """
    shipped = files("landbridge") / "data" / "sectors.csv"
    text = own.read_text(encoding="utf-8-sig") if own else shipped.read_text(encoding="utf-8")
    rows = {row["sector"]: row for row in csv.DictReader(text.splitlines()) if row.get("sector")}
    missing = [name for name in sectors if name not in rows]
    if missing:
        message = (
            f"{', '.join(missing)}: no trade elasticity. Name sectors as {', '.join(rows)}, "
            "or give a file of your own with --elasticities."
        )
        raise StudyError([Problem("LB579", message, own.name if own else "concordance", 0, "sector")])
    try:
        return {name: _facts_of(rows[name]) for name in sectors}
    except (KeyError, TypeError, ValueError) as error:
        message = f"{error}: give the columns {', '.join(FACTS)} with numbers in theirs."
        raise StudyError([Problem("LB579", message, own.name if own else "sectors.csv")]) from error


def _facts_of(row: Mapping[str, str]) -> SectorFacts:
    low, value, high = (float(row[f"{which}_elasticity"]) for which in ("low", "trade", "high"))
    return SectorFacts(
        row["name"],
        (value, low, high),
        float(row["containers_share"]),
        float(row["value_usd_per_teu"]),
        row["source"],
        row["note"],
    )


FACTS: Final = (
    "sector",
    "name",
    "trade_elasticity",
    "low_elasticity",
    "high_elasticity",
    "containers_share",
    "value_usd_per_teu",
    "source",
    "note",
)
"""Columns of the file of facts about sectors."""


def class_shares(study: Study, accounts: SectorAccounts, facts: Mapping[str, tuple[float, float]]) -> Float:
    r"""Return the part of each class's containers that are goods of a sector, shape (K, J).

    .. math:: b_{kj} \propto T_j\, c_j \exp\bigl(-\tfrac12 (\ln v_k - \ln v_j)^2 / 0.5^2\bigr)

    with T the trade of sector j between economies, c the part of it in containers and v values per TEU of the class
    and of the sector: a class takes the goods that are worth about as much as its own.

    Parameters
    ----------
    study
        Its classes.
    accounts
        The table.
    facts
        c and v of every sector.

    Raises
    ------
    StudyError
        If no sector moves in containers.
    """
    classes = study.tables["classes"]
    abroad = accounts.flows.sum((1, 2)) - np.trace(accounts.flows, axis1=1, axis2=2)
    found = np.zeros((len(classes), len(accounts.sectors)))
    for k, value in enumerate(classes.number("value_usd_per_teu").tolist()):
        for j, name in enumerate(accounts.sectors):
            part, worth = facts[name]
            if part > 0:
                gap = math.log(value / worth) / NEAR
                found[k, j] = abroad[j] * part * math.exp(-0.5 * gap**2)
    total = found.sum(1, keepdims=True)
    if not (total > 0).all():
        raise StudyError([Problem("LB579", "no sector of the table moves in containers.", "concordance", 0, "sector")])
    shares: Float = np.round(found / total, SHARE_DIGITS)
    shares[np.arange(len(shares)), shares.argmax(1)] += 1.0 - shares.sum(1)
    return np.round(shares, SHARE_DIGITS)


def accounts_tables(
    study: Study,
    accounts: SectorAccounts,
    members: tuple[Mapping[str, str], Mapping[str, str]],
    facts: Mapping[str, SectorFacts],
    source: str,
) -> dict[str, Table]:
    """Return the five tables of sectors of a study; `members` from `study_members`, `facts` from `sector_facts`."""
    member, holds = members
    notes = {
        "own": "",
        "part": "part of this economy of the table, whose answer it shares",
        "rest": "the table lacks it: results stand on one sector only",
    }
    shares = class_shares(study, accounts, {name: (fact.containers, fact.value) for name, fact in facts.items()})
    flows, inputs = np.round(accounts.flows, DIGITS), np.round(accounts.inputs, DIGITS)
    e, s = accounts.economies, accounts.sectors
    why = "value per TEU and part in containers of the sector against the class's value: see methods/sectors"
    rows: dict[str, list[tuple[Any, ...]]] = {
        "sectors": [(k, f.name, *f.elasticity, f.source, f.note) for k, f in facts.items()],
        "sector_members": [(name, to, holds[name], source, notes[holds[name]]) for name, to in member.items()],
        "sector_trade": [
            (e[i], e[n], s[j], float(flows[j, i, n]), source, "") for i, n, j in np.argwhere(flows.transpose(1, 2, 0))
        ],
        "sector_inputs": [
            (e[n], s[j], s[k], float(inputs[n, k, j]), source, "") for n, j, k in np.argwhere(inputs.transpose(0, 2, 1))
        ],
        "sector_classes": [
            (name, s[j], float(shares[k, j]), "assumption", why)
            for k, name in enumerate(study.tables["classes"].text("class"))
            for j in np.flatnonzero(shares[k]).tolist()
        ],
    }
    return {spec.name: _table(spec, rows[spec.name]) for spec in SECTOR_TABLES}


def _table(spec: TableSpec, rows: Sequence[Sequence[Any]]) -> Table:
    columns = {}
    for k, column in enumerate(spec.columns):
        cells = [row[k] for row in rows]
        columns[column.name] = np.array(cells, np.float64) if column.kind == "number" else np.array(cells, object)
    return Table(spec.name, columns)


def add_sectors(
    folder: Path,
    file: Path,
    *,
    year: int | None = None,
    concordance: Path | None = None,
    facts: Path | None = None,
) -> MadeSectors:
    """Read an input-output file into the tables of sectors of a study folder.

    Parameters
    ----------
    folder
        Of the study; its five tables of sectors are replaced, and their sources listed.
    file
        OECD ICIO (``.csv``) or WIOD (``.dta``, ``.xlsb``, ``.xlsx``).
    year
        Of the table; from the file's name if None.
    concordance, facts
        Files of one's own: sector by industry code; elasticities and the like by sector.

    Raises
    ------
    StudyError
        If the file or the study has faults, or they do not fit each other; the study is then left as it was.
    """
    study = read_study(folder)
    io = read_io_sectors(file, read_concordance(concordance) if concordance else None, year=year)
    key = f"{io.release}-{io.year}"
    made = make_sectors(study, io, key, facts=facts)
    item = download_named(io.release)
    source = {
        "key": key,
        "title": f"{io.source}, added up to {len(io.sectors)} sectors",
        "publisher": item.title if item else "",
        "date": str(io.year),
        "where": item.page if item else "",
        "licence": item.licence if item else "see the publisher",
    }
    write_sector_tables(folder, made.tables, (source, *ELASTICITY_SOURCES))
    return replace(made, warnings=io.warnings, source=io.source)


ELASTICITY_SOURCES: Final[tuple[Mapping[str, str], ...]] = (
    {
        "key": "caliendo-parro-2015",
        "title": "Estimates of the Trade and Welfare Effects of NAFTA: sector elasticities (99 % sample)",
        "publisher": "Caliendo and Parro, Review of Economic Studies 82(1)",
        "date": "2015",
        "where": "https://doi.org/10.1093/restud/rdu035",
        "licence": "figures cited",
    },
)
"""Sources of what is shipped about sectors."""
