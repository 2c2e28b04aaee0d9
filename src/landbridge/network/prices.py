"""The tables that price a network as one value, and the shipped ones."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.core.columns import Column, TableSpec
from landbridge.core.tables import Table
from landbridge.network.tables import CROSSINGS, GAUGE_BREAKS, PASSAGES, PORTS, RATES, TERMINALS

DATA: Final = Path(__file__).parent.parent / "data"
"""Folder of the shipped data files."""

_SPECS: Final = {
    "rates": RATES,
    "crossings": CROSSINGS,
    "passages": PASSAGES,
    "ports": PORTS,
    "gauge_breaks": GAUGE_BREAKS,
    "terminals": TERMINALS,
}


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What carrying, crossing, passing, handling and changing gauge cost: one table each (see `network.tables`)."""

    rates: Table
    crossings: Table
    passages: Table
    ports: Table
    gauge_breaks: Table
    terminals: Table


def _cell(column: Column, text: str) -> Any:  # noqa: ANN401
    """Turn the text of one cell into its value; an empty one into the default."""
    if text == "":
        default = column.default
        if default is None:
            default = float("nan") if column.kind == "number" else ""
        return default
    turn: dict[str, Callable[[str], Any]] = {
        "number": float,
        "integer": int,
        "boolean": lambda word: word == "true",
    }
    return turn.get(column.kind, str)(text)


def read_shipped_table(spec: TableSpec, path: Path) -> Table:
    """Read a CSV that ships with the package, without the checks that a study's tables get."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kinds: dict[str, type] = {"number": np.float64, "integer": np.int64, "boolean": np.bool_}
    columns: dict[str, NDArray[Any]] = {
        column.name: np.array(
            [_cell(column, row.get(column.name) or "") for row in rows], dtype=kinds.get(column.kind, object)
        )
        for column in spec.columns
    }
    return Table(spec.name, columns)


@cache
def default_prices() -> Prices:
    """Return the shipped world prices, read once a process."""
    return Prices(**{name: read_shipped_table(spec, DATA / f"default_{name}.csv") for name, spec in _SPECS.items()})


def overlaid(below: Table, above: Table, key: tuple[str, ...]) -> Table:
    """Return the rows of `above` and those rows of `below` whose key `above` does not hold."""
    taken = set(zip(*(above.text(name) for name in key), strict=True))
    keep = [row not in taken for row in zip(*(below.text(name) for name in key), strict=True)]
    rest = below.where(np.array(keep, dtype=np.bool_))
    return Table(above.name, {c: np.concatenate([v, rest.columns[c]]) for c, v in above.columns.items() if c in rest})


def with_tables(prices: Prices, **tables: Table) -> Prices:
    """Return prices in which the rows of the given tables stand above those of `prices`, key by key.

    Parameters
    ----------
    prices
        Mostly `default_prices`.
    **tables
        Any of ``rates``, ``crossings``, ``passages``, ``ports``, ``gauge_breaks``, ``terminals``.
    """
    changed = {name: overlaid(getattr(prices, name), table, _SPECS[name].key) for name, table in tables.items()}
    return replace(prices, **changed)
