"""The tables of projects, their finance and money, declared once."""

from typing import Final

from landbridge.core.columns import TableSpec

PROJECT_TABLES: Final[tuple[TableSpec, ...]] = ()
