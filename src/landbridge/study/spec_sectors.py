"""The tables of a study's input-output table by sectors, declared once: all five are there, or none."""

from typing import Final

from landbridge.core.columns import Column, TableSpec
from landbridge.network.tables import NOTE, SOURCE

HOLDS: Final = ("own", "part", "rest")
"""How the table holds an economy of the study: by itself, as part of a larger one, or in its rest of the world."""

_TABLE_ECONOMY: Final = "economy of the input-output table"

SECTORS: Final = TableSpec(
    "sectors",
    "a sector of the study's input-output table; `landbridge data sectors` makes this table and the four beside it",
    (
        Column("sector", "id", "code of the sector."),
        Column("name", "text", "name as the report prints it."),
        Column(
            "trade_elasticity",
            "number",
            "answer of the sector's trade to its cost.",
            low=0.1,
            high=200,
            warn_low=0.5,
            warn_high=80,
        ),
        Column("low_elasticity", "number", "low end of its range, for intervals.", low=0.1, high=200),
        Column("high_elasticity", "number", "high end of its range, for intervals.", low=0.1, high=300),
        SOURCE,
        NOTE,
    ),
    key=("sector",),
)

SECTOR_MEMBERS: Final = TableSpec(
    "sector_members",
    "which economy of the input-output table stands for an economy of the study",
    (
        Column("economy", "id", "economy of the study.", refers_to="economies.economy"),
        Column("table_economy", "id", f"{_TABLE_ECONOMY} that stands for it."),
        Column(
            "holds",
            "text",
            "own: the table has it; part: it is part of that economy; rest: the table lacks it, its results stand on one sector only.",
            choices=HOLDS,
        ),
        SOURCE,
        NOTE,
    ),
    key=("economy",),
)

SECTOR_TRADE: Final = TableSpec(
    "sector_trade",
    "what an economy sells to another by sector, to industries and final demand, domestic sales included, net of tariff; no row, no trade",
    (
        Column("exporter", "id", f"{_TABLE_ECONOMY} that sells."),
        Column("importer", "id", f"{_TABLE_ECONOMY} that buys."),
        Column("sector", "id", "sector of what is sold.", refers_to="sectors.sector"),
        Column("flow_musd", "number", "value in the table's year, in million USD.", low=0),
        SOURCE,
        NOTE,
    ),
    key=("exporter", "importer", "sector"),
)

SECTOR_INPUTS: Final = TableSpec(
    "sector_inputs",
    "what a sector of an economy buys of a sector, at home and abroad; sales less all inputs are its value added",
    (
        Column("economy", "id", f"{_TABLE_ECONOMY} that buys."),
        Column("sector", "id", "sector that buys.", refers_to="sectors.sector"),
        Column("input_sector", "id", "sector that is bought.", refers_to="sectors.sector"),
        Column("input_musd", "number", "value in the table's year, net of tariff, in million USD.", low=0),
        SOURCE,
        NOTE,
    ),
    key=("economy", "sector", "input_sector"),
)

SECTOR_CLASSES: Final = TableSpec(
    "sector_classes",
    "the part of a class's containers, by value, that are goods of a sector; sectors in no row move otherwise (services, pipelines)",
    (
        Column("class", "id", "class.", refers_to="classes.class"),
        Column("sector", "id", "sector.", refers_to="sectors.sector"),
        Column("value_share", "number", "share of the class's value; they add up to 1 for each class.", low=0, high=1),
        SOURCE,
        NOTE,
    ),
    key=("class", "sector"),
)

SECTOR_TABLES: Final[tuple[TableSpec, ...]] = (SECTORS, SECTOR_MEMBERS, SECTOR_TRADE, SECTOR_INPUTS, SECTOR_CLASSES)
