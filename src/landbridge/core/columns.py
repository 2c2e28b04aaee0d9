"""One declaration per table column and key: it feeds reader, writer, checks and manual."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "quantity", "integer", "boolean", "id", "ids", "date"]
"""``quantity`` is a number whose unit stands in the column ``unit`` of the same row; ``ids`` a list of ids
(in a TOML file; in a CSV cell joined by +); ``date`` a day as YYYY-MM-DD."""

SUFFIXES: dict[str, str] = {
    "hours": "hours",
    "days": "days",
    "km": "km",
    "kmh": "km/h",
    "mm": "mm",
    "deg": "degrees",
    "usd": "USD",
    "usd_per_teu": "USD per TEU",
    "usd_per_teu_km": "USD per TEU-km",
    "musd": "million USD",
    "usd_bn": "billion USD",
    "kg_per_teu": "kg per TEU",
    "kg_per_teu_km": "kg per TEU-km",
    "usd_per_t": "USD per tonne",
    "teu_per_year": "TEU a year",
    "percent": "percent",
    "percent_per_day": "percent of value a day",
    "percent_per_year": "percent a year",
    "share": "share of 1",
    "elasticity": "elasticity",
    "factor": "factor",
    "year": "year",
    "years": "years",
    "month": "month",
    "per_week": "departures a week",
    "visits": "visits a year",
    "people": "people",
    "count": "count",
    "minutes": "minutes",
    "order": "order",
    "probability": "probability",
    "chance_per_year": "chance a year",
    "usd_bn_per_year": "billion USD a year",
    "log_points": "log points",
    "usd_per_trip": "USD per trip",
    "teu_per_musd": "TEU per million USD",
    "m_local": "million of the stated currency",
    "local_per_usd": "units of currency per USD",
    "index": "index",
    "bn": "billion of the stated currency",
    "kt": "thousand tonnes",
}
"""Endings that a number column's name may have, and the unit that each stands for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or one key of a TOML entry.

    Attributes
    ----------
    name
        Ends in its unit (`SUFFIXES`) if the column holds numbers.
    kind
        ``id`` is a text that other tables refer to or that refers to another table.
    description
        Printed in the manual and, as the remedy, in faults.
    low, high
        Outside of these a value is a fault.
    warn_low, warn_high
        Outside of these a value is a warning.
    required
        Whether the column must be there and every cell filled. Else an empty cell means `default`.
    choices
        The only words that a text may be.
    refers_to
        ``table.column`` that must hold the value of an id; a * or = after it is a word that is allowed as well.
    """

    name: str
    kind: Kind
    description: str
    low: float = float("-inf")
    high: float = float("inf")
    warn_low: float = float("-inf")
    warn_high: float = float("inf")
    required: bool = True
    default: str | float | bool | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""

    def __post_init__(self) -> None:
        if self.kind == "number" and not self.unit:
            raise ValueError(f"number column {self.name!r} must end in its unit, one of {sorted(SUFFIXES)}.")

    @property
    def unit(self) -> str:
        """The unit that the name ends in; empty for text."""
        if self.kind not in ("number", "integer"):
            return ""
        parts = self.name.split("_")
        for start in range(len(parts)):
            unit = SUFFIXES.get("_".join(parts[start:]))
            if unit is not None:
                return unit
        return ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a study: its file under ``tables/``, what a row is, its columns and its key."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(column for column in self.columns if column.name == name)
