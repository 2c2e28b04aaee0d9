"""The tables of a study folder, declared once for reader, writer, checks, schema and manual."""

from typing import Final

from landbridge.appraisal.tables import PROJECT_TABLES
from landbridge.core.columns import Column, TableSpec
from landbridge.network.tables import NETWORK_TABLES, NOTE, SOURCE
from landbridge.study.spec_figures import (
    COVARIANCES,
    OBSERVED_ROUTES,
    OBSERVED_SHARES,
    SERIES,
    SOURCES,
    STATEMENT_RELATIONS,
    STATEMENTS,
    TARGETS,
    VISITS,
)
from landbridge.study.spec_sectors import SECTOR_TABLES

ECONOMIES: Final = TableSpec(
    "economies",
    "an economy that trades: a country, a part of one, or the rest of the world",
    (
        Column("economy", "id", "ISO 3166-1 alpha-3 code, or a code of the study."),
        Column("name", "text", "name as the report prints it."),
        Column(
            "country",
            "text",
            "ISO 3166-1 alpha-2 code of its land; empty for the rest of the world.",
            required=False,
            default="",
        ),
        Column("gdp_usd_bn", "number", "GDP in the base year at market exchange rates, in billion USD.", low=0),
        Column(
            "growth_percent_per_year",
            "number",
            "expected real growth a year after the base year, in percent.",
            low=-50,
            high=50,
            warn_low=-5,
            warn_high=12,
        ),
        Column("people", "number", "people in the base year.", low=0, required=False, default=float("nan")),
        SOURCE,
        NOTE,
    ),
    key=("economy",),
    required=True,
)

ZONES: Final = TableSpec(
    "zones",
    "a place where freight starts or ends, with its share of its economy's trade",
    (
        Column("zone", "id", "code of the zone."),
        Column("name", "text", "name as the report prints it."),
        Column("economy", "id", "economy that it belongs to.", refers_to="economies.economy"),
        Column("country", "text", "ISO 3166-1 alpha-2 code of the land on which it stands."),
        Column("latitude_deg", "number", "latitude, north positive.", low=-90, high=90),
        Column("longitude_deg", "number", "longitude, east positive.", low=-180, high=180),
        Column(
            "trade_share",
            "number",
            "share of the economy's trade that starts or ends here; they add up to 1.",
            low=0,
            high=1,
        ),
        SOURCE,
        NOTE,
    ),
    key=("zone",),
    required=True,
)

CLASSES: Final = TableSpec(
    "classes",
    "a commodity class that moves in containers",
    (
        Column("class", "id", "code of the class."),
        Column("name", "text", "name as the report prints it."),
        Column(
            "value_usd_per_teu",
            "number",
            "value of the goods in a loaded TEU, in USD.",
            low=1,
            high=10_000_000,
            warn_low=2_000,
            warn_high=1_000_000,
        ),
        Column(
            "delay_percent_per_day",
            "number",
            "ad valorem cost of a day in transit, in percent of the value.",
            low=0,
            high=20,
            warn_high=2.3,
        ),
        SOURCE,
        NOTE,
    ),
    key=("class",),
    required=True,
)

TRADE: Final = TableSpec(
    "trade",
    "the value of what an exporter sells to an importer in the base year, domestic sales included, net of tariff",
    (
        Column("exporter", "id", "economy that sells.", refers_to="economies.economy"),
        Column("importer", "id", "economy that buys.", refers_to="economies.economy"),
        Column("flow_musd", "number", "value in the base year, in million USD.", low=0),
        SOURCE,
        NOTE,
    ),
    key=("exporter", "importer"),
    required=True,
)

OPEN_TRADE: Final = TableSpec(
    "open_trade",
    "what a pair would trade were nothing forbidden, where the baseline holds zero only because of a ban",
    (
        Column("exporter", "id", "economy that would sell.", refers_to="economies.economy"),
        Column("importer", "id", "economy that would buy.", refers_to="economies.economy"),
        Column("fitted_flow_musd", "number", "fitted open trade at baseline costs, in million USD.", low=0),
        SOURCE,
        NOTE,
    ),
    key=("exporter", "importer"),
)

CLASS_SHARES: Final = TableSpec(
    "class_shares",
    "the part of a pair's trade value that moves in containers of a class; what is left does not use the network. "
    "'*' stands for every economy without a row; exporter and importer beat exporter, exporter beats importer, importer beats '*'; '*' leaves domestic sales alone, for which importer '=' stands",
    (
        Column("exporter", "id", "economy that sells, or *.", refers_to="economies.economy*"),
        Column("importer", "id", "economy that buys, or *.", refers_to="economies.economy*="),
        Column("class", "id", "class.", refers_to="classes.class"),
        Column("value_share", "number", "share of the pair's trade value.", low=0, high=1),
        SOURCE,
        NOTE,
    ),
    key=("exporter", "importer", "class"),
)

TARIFFS: Final = TableSpec(
    "tariffs",
    "the ad valorem tariff, weighted by trade, that an importer asks of an exporter's goods; '*' stands for those without a row; no row, no tariff",
    (
        Column("importer", "id", "economy that levies the tariff, or *.", refers_to="economies.economy*"),
        Column("exporter", "id", "economy whose goods pay it, or *.", refers_to="economies.economy*"),
        Column(
            "tariff_percent",
            "number",
            "mean applied tariff weighted by trade, in percent.",
            low=0,
            high=1000,
            warn_high=60,
        ),
        SOURCE,
        NOTE,
    ),
    key=("importer", "exporter"),
)

GOODS: Final = TableSpec(
    "goods",
    "the share of a pair's open trade that a group of goods makes up, for bans by goods; '*' stands for those without a row",
    (
        Column("exporter", "id", "economy that sells, or *.", refers_to="economies.economy*"),
        Column("importer", "id", "economy that buys, or *.", refers_to="economies.economy*="),
        Column("good", "id", "group of goods; bans name it."),
        Column("value_share", "number", "share of the pair's trade value before any ban.", low=0, high=1),
        SOURCE,
        NOTE,
    ),
    key=("exporter", "importer", "good"),
)

CORRIDORS: Final = TableSpec(
    "corridors",
    "a named set of gates; a route that passes gates of several corridors belongs to the first row",
    (
        Column("corridor", "id", "code of the corridor."),
        Column("name", "text", "name as the report prints it."),
        Column("gates", "ids", "names of passages, crossings, lines or sections of which a route uses at least one."),
        Column(
            "nest", "text", "nest of the choice model; corridors that are alike share one.", required=False, default=""
        ),
        Column(
            "constant_usd_per_teu",
            "number",
            "alternative-specific constant added to the generalised cost, in USD per TEU.",
            low=-1e5,
            high=1e5,
            required=False,
            default=0.0,
        ),
        Column(
            "new",
            "boolean",
            "true where nobody has used the corridor yet: parameter new_corridor_constant_usd_per_teu is added.",
            required=False,
            default=False,
        ),
        SOURCE,
        NOTE,
    ),
    key=("corridor",),
)

TABLES: Final[tuple[TableSpec, ...]] = (
    ECONOMIES, ZONES, CLASSES, TRADE, OPEN_TRADE, CLASS_SHARES, TARIFFS, GOODS, CORRIDORS, OBSERVED_SHARES,
    OBSERVED_ROUTES, SERIES, VISITS, COVARIANCES, *SECTOR_TABLES, *NETWORK_TABLES, *PROJECT_TABLES,
)  # fmt: skip
"""Tables in the folder ``tables/``."""

ROOT_TABLES: Final[tuple[TableSpec, ...]] = (TARGETS, STATEMENTS, STATEMENT_RELATIONS, SOURCES)
"""Tables beside ``study.toml``."""
