"""Make ``data/backtest_trade.csv``: how good projections of trade four years ahead would have been, over many pairs.

``python -m tools.build_backtest FILE`` with the four-yearly extract of world trade (``exp, imp, time, export``
...); the extract itself is not in the project.
"""

import argparse
import csv
import gzip
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.targets.backtest import Method, regular_panel, rolling_backtest

TARGET: Final = Path(__file__).parents[1] / "src/landbridge/data/backtest_trade.csv"
METHODS: Final[tuple[Method, ...]] = ("naive", "own", "common", "shrunk", "reverting")
GROUPS: Final[tuple[tuple[str, Collection[str]], ...]] = (
    ("all pairs of world trade", ()),
    (
        "pairs of China, Japan, South Korea, Mongolia, Russia and the United States with anybody",
        ("CHN", "JPN", "KOR", "MNG", "RUS", "USA"),
    ),
    ("pairs among these six", ("among", "CHN", "JPN", "KOR", "MNG", "RUS", "USA")),
)
SOURCE: Final = "UN Comtrade, every fourth year, as in the R package penppml (MIT)"
COLUMNS: Final = (
    "group",
    "method",
    "pairs",
    "projections",
    "rmse_log",
    "naive_rmse_log",
    "bias_log",
    "inside_50_percent",
    "inside_80_percent",
    "inside_90_percent",
    "first_year",
    "last_year",
    "source",
)


def read_extract(path: Path) -> tuple[tuple[str, ...], list[int], Float]:
    """Return pairs as ``exporter-importer``, years and exports, one row a pair and one column a year."""
    pair, year, value = [], [], []
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            pair.append(f"{row['exp']}-{row['imp']}")
            year.append(int(row["time"]))
            value.append(float(row["export"]))
    pairs, years, panel = regular_panel(pair, np.array(year), np.array(value))
    return pairs, years.tolist(), panel


def rows_of(path: Path) -> list[tuple[str | int | float, ...]]:
    """Return a row a group of pairs and method."""
    pairs, years, panel = read_extract(path)
    found: list[tuple[str | int | float, ...]] = []
    for name, members in GROUPS:
        ends = [set(pair.split("-")) for pair in pairs]
        among = "among" in members
        wanted = [not members or (both <= set(members) if among else bool(both & set(members))) for both in ends]
        part = panel[np.array(wanted)]
        part = part[(part > 0).any(axis=1)]
        for method in METHODS:
            test = rolling_backtest(part, method=method)
            inside = (round(100 * share, 1) for share in test.coverage)
            found.append(
                (
                    name,
                    method,
                    len(part),
                    test.count,
                    round(test.rmse, 4),
                    round(test.naive_rmse, 4),
                    round(test.bias, 4),
                    *inside,
                    years[0],
                    years[-1],
                    SOURCE,
                )
            )
    return found


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    rows = rows_of(parser.parse_args().extract)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
