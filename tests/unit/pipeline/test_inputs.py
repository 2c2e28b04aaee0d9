"""Wildcards of tables: the more specific row wins, and domestic sales are another thing than trade."""

import numpy as np

from landbridge.core.tables import Table
from landbridge.pipeline.inputs import resolve

ECONOMIES = ("A", "B", "C")


def table(*rows: tuple[str, str, float]) -> Table:
    return Table(
        "t",
        {
            "exporter": np.array([row[0] for row in rows], dtype=object),
            "importer": np.array([row[1] for row in rows], dtype=object),
            "value_share": np.array([row[2] for row in rows]),
        },
    )


def test_pair_beats_exporter_beats_importer_beats_all() -> None:
    rows = table(("A", "B", 1.0), ("*", "*", 4.0), ("A", "*", 2.0), ("*", "B", 3.0))
    found = resolve(rows, ECONOMIES, "exporter", "importer", "value_share")
    assert found.tolist() == [[0, 1, 2], [4, 0, 4], [4, 3, 0]]


def test_domestic_sales_take_their_own_rows_only() -> None:
    rows = table(("*", "*", 4.0), ("*", "=", 0.5), ("B", "=", 0.25), ("C", "C", 0.75))
    found = resolve(rows, ECONOMIES, "exporter", "importer", "value_share")
    assert np.diag(found).tolist() == [0.5, 0.25, 0.75]
