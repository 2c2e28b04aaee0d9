"""Input-output tables that are incomplete, or whose shares and names do not fit the study."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from landbridge.core.problems import Problem
from landbridge.study.convert import Loaded
from landbridge.study.material import Material
from landbridge.study.spec_sectors import SECTOR_TABLES
from landbridge.study.suggest import shown

TOLERANCE: Final = 1e-6
"""Shares that add up to 1 may miss it by this much, as they are rounded in print."""


def sector_problems(material: Material) -> list[Problem]:
    """Return the faults of the five tables of sectors."""
    loaded = {spec.name: material.tables.get(spec.name) for spec in SECTOR_TABLES}
    there = {name: item for name, item in loaded.items() if item is not None and len(item.table)}
    if not there:
        return []
    missing = [name for name in loaded if name not in there]
    if missing:
        message = (
            f"{', '.join(f'{name}.csv' for name in missing)} {'is' if len(missing) == 1 else 'are'} missing beside it. "
            "Give all five tables of sectors, or none; 'landbridge data sectors' makes them."
        )
        return [Problem("LB261", message, next(iter(there.values())).file)]
    return [*_members(there, material), *_shares(there, material)]


def _members(there: dict[str, Loaded], material: Material) -> Iterator[Problem]:
    members, trade = there["sector_members"], there["sector_trade"]
    if not {"economy", "table_economy"} <= members.sound or not {"exporter", "importer"} <= trade.sound:
        return
    sellers, buyers = set(trade.table.text("exporter")), set(trade.table.text("importer"))
    for line, name in zip(members.lines, members.table.text("table_economy"), strict=True):
        if name not in sellers or name not in buyers:
            message = f"{shown(name)} sells or buys nothing in sector_trade.csv. Give an economy of the table."
            yield Problem("LB261", message, members.file, line, "table_economy")
    known = set(members.table.text("economy"))
    for name in sorted(material.declared("economies.economy") or ()):
        if name not in known:
            message = f"economy {shown(name)} has no row. Say which economy of the table stands for it."
            yield Problem("LB261", message, members.file, 0, "economy")


def _shares(there: dict[str, Loaded], material: Material) -> Iterator[Problem]:
    shares = there["sector_classes"]
    if not {"class", "value_share"} <= shares.sound:
        return
    names = np.array(shares.table.text("class"), dtype=str)
    values = shares.table.number("value_share")
    for name in sorted(material.declared("classes.class") or ()):
        total = float(values[names == name].sum())
        if abs(total - 1.0) > TOLERANCE:
            message = f"the value_share of class {shown(name)} add up to {total:.9g}. Make them add up to 1."
            yield Problem("LB261", message, shares.file, 0, "value_share")
