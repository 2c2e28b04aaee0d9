"""Countries that are not written as two capital letters: the network would know no such country."""

import re
from typing import Final

from landbridge.core.problems import Problem
from landbridge.study.convert import MOST_OF_A_KIND
from landbridge.study.material import Material
from landbridge.study.suggest import shown

COUNTRY: Final = re.compile(r"[A-Z]{2}")
COLUMNS: Final = ("country", "from_country", "to_country", "countries")
REMEDY: Final = "is not an ISO 3166-1 alpha-2 code. Give two capital letters, such as KR."


def country_problems(material: Material) -> list[Problem]:
    """Return every country of tables and changes that is no code; empty cells and '*' are."""
    problems = []
    for loaded in material.tables.values():
        for column in COLUMNS:
            if column not in loaded.table or column not in loaded.sound:
                continue
            cells = zip(loaded.lines, loaded.table.text(column), strict=True)
            faulty = [(line, name) for line, cell in cells for name in cell.split("+") if not _fits(name)]
            problems += [
                Problem("LB216", f"{shown(name)} {REMEDY}", loaded.file, line, column)
                for line, name in faulty[:MOST_OF_A_KIND]
            ]
    for changes in material.changes:
        for change, entry in changes:
            problems += [
                entry.problem("LB216", f"{shown(name)} {REMEDY}", "countries")
                for name in change.countries
                if not COUNTRY.fullmatch(name)
            ]
    return problems


def _fits(name: str) -> bool:
    return name in ("", "*") or COUNTRY.fullmatch(name) is not None
