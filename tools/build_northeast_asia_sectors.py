"""Compile the tables of sectors of the study northeast-asia: ``python -m tools.build_northeast_asia_sectors``.

The figures are those of the World Input-Output Database, release 2013, year 2011, 40 countries and the rest of the
world, added up to ten sectors and whole million USD, changes of stocks netted out (``wiod2011_41x10.npz``). The release
is licensed under Creative Commons Attribution 4.0 (doi 10.34894/XDTAUZ). Elasticities are in
``tools/inputs/sectors_wiod2011.csv``. Running it twice gives the same bytes.
"""

import argparse
from pathlib import Path

import numpy as np

from landbridge.pipeline.sector_make import accounts_tables, sector_facts, study_members
from landbridge.study.reader import read_study
from landbridge.study.spec_sectors import SECTOR_TABLES
from landbridge.study.writer import csv_text
from landbridge.trade.sector_accounts import SectorAccounts

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "src" / "landbridge" / "studies" / "northeast-asia"
FACTS = Path(__file__).with_name("inputs") / "sectors_wiod2011.csv"
SOURCE = "wiod-2013"
SECTORS = (
    "agriculture",
    "mining",
    "food",
    "textiles",
    "wood_paper_other",
    "petroleum_chemicals",
    "metals",
    "machinery_electronics",
    "transport_equipment",
    "services",
)


def accounts_of(path: Path) -> SectorAccounts:
    """Return the accounts out of shares: flows, inputs and value added are whole numbers of million USD again.

    Raises
    ------
    ValueError
        If they are not, or do not add up to the value added that the file states.
    """
    with np.load(path) as held:
        importer_first = held["Din"] * held["X0"][:, :, None]
        flows = np.rint(importer_first).transpose(0, 2, 1)
        bought = held["G"] * ((1.0 - held["B"]) * flows.sum(2)).T[:, None, :]
        inputs = np.rint(bought)
        stated = held["VA"]
        economies = tuple(str(name) for name in held["C"])
    if np.abs(importer_first - flows.transpose(0, 2, 1)).max() > 1e-6 or np.abs(bought - inputs).max() > 1e-6:
        raise ValueError("flows or inputs are not whole numbers of million USD")
    found = SectorAccounts(flows, inputs, economies, SECTORS)
    if np.abs(found.value_added.sum(0) - stated).max() > 1e-6:
        raise ValueError("value added is not sales less inputs")
    return found


def main() -> None:
    """Write the five tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the raw data")
    parser.add_argument("--study", type=Path, default=STUDY, help="folder of the study")
    arguments = parser.parse_args()
    study = read_study(arguments.study)
    accounts = accounts_of(arguments.data / "trade" / "wiod2011_41x10.npz")
    members = study_members(study, accounts.economies)
    tables = accounts_tables(study, accounts, members, sector_facts(SECTORS, FACTS), SOURCE)
    for spec in SECTOR_TABLES:
        (arguments.study / "tables" / f"{spec.name}.csv").write_bytes(csv_text(tables[spec.name], spec).encode())


if __name__ == "__main__":
    main()
