"""The tables of a study folder, declared once for reader, writer, checks, schema and manual."""

from typing import Final

from landbridge.appraisal.tables import PROJECT_TABLES
from landbridge.core.columns import Column, TableSpec
from landbridge.network.tables import NETWORK_TABLES, NOTE, SOURCE

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
        Column("exporter", "id", "economy that sells, or *."),
        Column("importer", "id", "economy that buys, or *."),
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
        Column("importer", "id", "economy that levies the tariff."),
        Column("exporter", "id", "economy whose goods pay it, or *."),
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
        Column("exporter", "id", "economy that sells, or *."),
        Column("importer", "id", "economy that buys, or *."),
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
        SOURCE,
        NOTE,
    ),
    key=("corridor",),
)

OBSERVED_SHARES: Final = TableSpec(
    "observed_shares",
    "an observed share of a corridor in the containers between two groups of economies, for calibration",
    (
        Column("origins", "ids", "economies where the freight starts, joined by +."),
        Column("destinations", "ids", "economies where it ends, joined by +."),
        Column("corridor", "id", "corridor.", refers_to="corridors.corridor"),
        Column("teu_share", "number", "share of the TEU.", low=0, high=1),
        Column("year", "integer", "year of the observation.", low=1900, high=2100),
        SOURCE,
        NOTE,
    ),
    key=("origins", "destinations", "corridor"),
)

OBSERVED_ROUTES: Final = TableSpec(
    "observed_routes",
    "a published time, length or price of a route, against which the model is shown",
    (
        Column("route", "id", "what the source calls it."),
        Column("origin", "id", "zone, or place of the gazetteer."),
        Column("destination", "id", "zone, or place of the gazetteer."),
        Column("corridor", "id", "corridor that it takes; empty for the best.", required=False, default=""),
        Column("measure", "text", "what was published.", choices=("days", "km", "usd_per_teu")),
        Column("low", "quantity", "published figure, or the low end of its range."),
        Column("high", "quantity", "published figure, or the high end of its range."),
        Column("unit", "text", "unit of both.", choices=("days", "km", "USD per TEU")),
        Column("year", "integer", "year of the figure.", low=1900, high=2100),
        SOURCE,
        NOTE,
    ),
    key=("route", "measure"),
)

SERIES: Final = TableSpec(
    "series",
    "an indicator's value in a year: what was known, or what came out",
    (
        Column("indicator", "id", "code of the indicator."),
        Column("year", "integer", "year.", low=1900, high=2100),
        Column("value", "quantity", "value."),
        Column("unit", "text", "unit of the value."),
        Column(
            "used",
            "boolean",
            "false where another source's figure for the same year is used instead.",
            required=False,
            default=True,
        ),
        SOURCE,
        NOTE,
    ),
)

VISITS: Final = TableSpec(
    "visits",
    "visits from one economy to another in the base year with what a trip takes",
    (
        Column("origin", "id", "economy of the visitors.", refers_to="economies.economy"),
        Column("destination", "id", "economy visited.", refers_to="economies.economy"),
        Column("visits", "number", "visits in the base year.", low=0),
        Column("travel_hours", "number", "door-to-door hours one way by the usual means.", low=0, high=1000),
        Column("fare_usd_per_trip", "number", "fare of the return trip, in USD.", low=0, high=100_000),
        Column("visa", "text", "visa rule of the base year.", choices=("waiver", "visa", "electronic", "closed")),
        Column("growth_percent_per_year", "number", "trend growth a year, in percent.", low=-100, high=200),
        SOURCE,
        NOTE,
    ),
    key=("origin", "destination"),
)

TARGETS: Final = TableSpec(
    "targets",
    "a figure that somebody wants to reach by a year",
    (
        Column("target", "id", "code of the target."),
        Column(
            "indicator",
            "id",
            "indicator: trade:A<->B (both directions), trade:A->B, visits:A<->B, or one of series.csv.",
        ),
        Column("value", "quantity", "value to reach."),
        Column("unit", "text", "unit of the value."),
        Column("year", "integer", "year by which.", low=1900, high=2200),
        SOURCE,
        NOTE,
    ),
    key=("target",),
)

STATEMENTS: Final = TableSpec(
    "statements",
    "who said which figure when, in which source, and what the study uses it for",
    (
        Column("id", "id", "code of the statement."),
        Column("date", "text", "date of publication, YYYY-MM-DD."),
        Column("outlet", "text", "where it was published."),
        Column("speaker", "text", "who said it; empty for the outlet itself.", required=False, default=""),
        Column("topic", "text", "what it is about."),
        Column("indicator", "text", "indicator that it gives a figure for.", required=False, default=""),
        Column("statement_in_our_words", "text", "what was said, in the study's own words."),
        Column("value", "quantity", "figure, if there is one.", required=False, default=float("nan")),
        Column("unit", "text", "unit of the figure.", required=False, default=""),
        Column("year", "integer", "year that the figure is about.", low=1900, high=2200),
        SOURCE,
        Column("used_for", "text", "what the study uses it for.", required=False, default=""),
    ),
    key=("id",),
)

SOURCES: Final = TableSpec(
    "sources",
    "a source of figures",
    (
        Column("key", "id", "key that other tables name; 'assumption' needs no row."),
        Column("title", "text", "title."),
        Column("publisher", "text", "who published it."),
        Column("date", "text", "date or year of publication.", required=False, default=""),
        Column("where", "text", "web address, DOI or file.", required=False, default=""),
        Column("licence", "text", "licence or terms.", required=False, default=""),
    ),
    key=("key",),
    required=True,
)

TABLES: Final[tuple[TableSpec, ...]] = (
    ECONOMIES, ZONES, CLASSES, TRADE, OPEN_TRADE, CLASS_SHARES, TARIFFS, GOODS, CORRIDORS, OBSERVED_SHARES,
    OBSERVED_ROUTES, SERIES, VISITS, *NETWORK_TABLES, *PROJECT_TABLES,
)  # fmt: skip
"""Tables in the folder ``tables/``."""

ROOT_TABLES: Final[tuple[TableSpec, ...]] = (TARGETS, STATEMENTS, SOURCES)
"""Tables beside ``study.toml``."""
