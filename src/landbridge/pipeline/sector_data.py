"""A study's tables of sectors as values: the baseline of the many-sector model and how it goes with the study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.core.arrays import Float, positions
from landbridge.core.problems import Problem, StudyError
from landbridge.study.model import Parameter, Study
from landbridge.study.spec_sectors import SECTOR_TABLES
from landbridge.trade.sector_accounts import SectorAccounts


@dataclass(frozen=True, slots=True, eq=False)
class StudySectors:
    """A study's tables of sectors as values.

    Attributes
    ----------
    accounts
        M economies of the table, J sectors.
    member
        Economy of the table by economy of the study.
    holds
        By economy of the study: ``own``, ``part`` or ``rest``.
    elasticities
        Trade elasticity of each sector with its range.
    class_sectors
        Part of each class's containers that are goods of a sector, shape (K, J).
    names
        Of the sectors, as the report prints them.
    source
        Where the flows come from.
    """

    accounts: SectorAccounts
    member: Mapping[str, str]
    holds: Mapping[str, str]
    elasticities: tuple[Parameter, ...]
    class_sectors: Float
    names: tuple[str, ...]
    source: str


def has_sectors(study: Study) -> bool:
    """Tell whether a study holds an input-output table by sectors."""
    return all(spec.name in study.tables and len(study.tables[spec.name]) for spec in SECTOR_TABLES)


def study_sectors(study: Study, classes: Sequence[str]) -> StudySectors:
    """Return the tables of sectors as values; classes in the given order.

    Raises
    ------
    StudyError
        If a purchase by a sector has no seller.
    """
    sectors, members = study.tables["sectors"], study.tables["sector_members"]
    trade, inputs, shares = (study.tables[name] for name in ("sector_trade", "sector_inputs", "sector_classes"))
    names = sectors.text("sector")
    economies = tuple(dict.fromkeys((*trade.text("exporter"), *trade.text("importer"))))
    m, j = len(economies), len(names)
    flows, bought = np.zeros((j, m, m)), np.zeros((m, j, j))
    at = [positions(trade.text(column), economies) for column in ("exporter", "importer")]
    np.add.at(flows, (positions(trade.text("sector"), names), *at), trade.number("flow_musd"))
    buyer = positions(inputs.text("economy"), economies)
    if (buyer < 0).any():
        unknown = sorted({name for name in inputs.text("economy") if name not in economies})
        message = f"{', '.join(unknown)} trade nothing in sector_trade.csv. Give economies of the table."
        raise StudyError([Problem("LB577", message, "tables/sector_inputs.csv", 0, "economy")])
    to = [positions(inputs.text(column), names) for column in ("input_sector", "sector")]
    np.add.at(bought, (buyer, *to), inputs.number("input_musd"))
    weights = np.zeros((len(classes), j))
    rows = positions(shares.text("class"), classes), positions(shares.text("sector"), names)
    np.add.at(weights, rows, shares.number("value_share"))
    return StudySectors(
        SectorAccounts(flows, bought, economies, names),
        dict(zip(members.text("economy"), members.text("table_economy"), strict=True)),
        dict(zip(members.text("economy"), members.text("holds"), strict=True)),
        tuple(_elasticity(row) for row in sectors.rows()),
        weights / weights.sum(1, keepdims=True),
        sectors.text("name"),
        ", ".join(dict.fromkeys(trade.text("source"))),
    )


def _elasticity(row: Mapping[str, Any]) -> Parameter:
    value, low, high = (float(row[f"{which}_elasticity"]) for which in ("trade", "low", "high"))
    return Parameter(str(row["sector"]), value, low, high, "elasticity", str(row["source"]), str(row["note"]))
