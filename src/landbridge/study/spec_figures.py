"""The tables of observed and stated figures, targets and sources, declared once."""

from typing import Final

from landbridge.core.columns import Column, TableSpec
from landbridge.network.tables import NOTE, SOURCE

OBSERVED_SHARES: Final = TableSpec(
    "observed_shares",
    "an observed share of a corridor in the containers between two groups of economies, for calibration",
    (
        Column("origins", "ids", "economies where the freight starts.", refers_to="economies.economy"),
        Column("destinations", "ids", "economies where it ends.", refers_to="economies.economy"),
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
        Column(
            "corridor",
            "id",
            "corridor that it takes; empty for the best.",
            required=False,
            default="",
            refers_to="corridors.corridor",
        ),
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
        Column("date", "date", "day of publication, YYYY-MM-DD."),
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

STATEMENT_RELATIONS: Final = TableSpec(
    "statement_relations",
    "arithmetic that should hold among statements: one figure follows from others",
    (
        Column("relation", "id", "code of the relation."),
        Column("result", "id", "statement whose figure should follow.", refers_to="statements.id"),
        Column(
            "kind",
            "text",
            "'ratio' (first by second), 'sum', 'difference' (first less second), 'product', 'growth_percent' (from first "
            "to second) or 'yearly_growth_percent' (the same a year).",
            choices=("ratio", "sum", "difference", "product", "growth_percent", "yearly_growth_percent"),
        ),
        Column("of", "ids", "statements that it follows from, in order.", refers_to="statements.id"),
        Column(
            "compare",
            "text",
            "how the stated figure was put.",
            choices=("equal", "about", "more than", "less than"),
            required=False,
            default="equal",
        ),
        NOTE,
    ),
    key=("relation",),
)

COVARIANCES: Final = TableSpec(
    "covariances",
    "how the errors of two parameters that were estimated together vary with each other; of a parameter with itself it "
    "is the squared standard error. Draws of these parameters are normal around their values and keep the covariances",
    (
        Column("estimate", "id", "code of the estimate; parameters of different estimates are drawn apart."),
        Column("parameter", "id", "parameter that was estimated.", refers_to="parameter.name"),
        Column("other", "id", "the other parameter, or the same again; each pair once.", refers_to="parameter.name"),
        Column("covariance", "quantity", "covariance of the two estimates."),
        Column("unit", "text", "the product of the units of both parameters."),
        SOURCE,
        NOTE,
    ),
    key=("estimate", "parameter", "other"),
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
