"""The kinds of change that a measure may hold, each with its keys, declared once."""

from typing import Final

from landbridge.core.columns import Column
from landbridge.study.spec_toml import ChangeKey, ChangeSpec

KIND: Final = Column("kind", "text", "what kind of change it is.")


def _words(name: str, description: str, field: str = "", refers_to: str = "") -> ChangeKey:
    column = Column(name, "ids", description, required=False, default="", refers_to=refers_to)
    return ChangeKey(column, field or name)


def _number(column: Column, field: str = "value") -> ChangeKey:
    return ChangeKey(column, field)


NAMES: Final = _words("names", "names of crossings, lines of links.csv or stretches of sections.csv.")
PASSAGES: Final = _words("passages", "named straits, canals or sea routes.")
PORTS: Final = _words("ports", "UN/LOCODE of ports.")
COUNTRIES: Final = _words("countries", "ISO 3166-1 alpha-2 codes of the countries whose links it changes.")
MODES: Final = ChangeKey(
    Column(
        "modes",
        "ids",
        "modes that it changes (road, rail, sea); all if left out.",
        required=False,
        default="",
        choices=("road", "rail", "sea"),
    ),
    "modes",
)
PLACES: Final = (NAMES, PASSAGES, PORTS, COUNTRIES, MODES)
ANY_PLACE: Final = ("names", "passages", "ports", "countries")

FACTOR: Final = _number(
    Column("factor", "number", "what the present figure is multiplied by.", low=0, high=1000, required=False), "factor"
)
EXPORTERS: Final = _words("exporters", "economies that sell; '*' for all.", refers_to="economies.economy*")
IMPORTERS: Final = _words("importers", "economies that buy; '*' for all.", refers_to="economies.economy*")
ORIGINS: Final = _words("origins", "economies of the visitors; '*' for all.", "exporters", "economies.economy*")
DESTINATIONS: Final = _words("destinations", "economies visited; '*' for all.", "importers", "economies.economy*")
BOTH_WAYS: Final = ChangeKey(
    Column("both_ways", "boolean", "whether the other direction changes too.", required=False, default=False),
    "both_ways",
)
PAIRS: Final = (EXPORTERS, IMPORTERS, BOTH_WAYS)
TRIPS: Final = (ORIGINS, DESTINATIONS, BOTH_WAYS)
EACH_WAY: Final = (("exporters",), ("importers",))
EACH_TRIP: Final = (("origins",), ("destinations",))


def _month(name: str, description: str) -> ChangeKey:
    return _number(Column(name, "integer", description, low=1, high=12, required=False), name)


CHANGES: Final[dict[str, ChangeSpec]] = {
    spec.kind: spec
    for spec in (
        ChangeSpec("open", "opens what is shut", PLACES, (ANY_PLACE,)),
        ChangeSpec("close", "shuts what is open", PLACES, (ANY_PLACE,)),
        ChangeSpec(
            "speed",
            "gives links another speed",
            (
                *PLACES,
                _number(Column("speed_kmh", "number", "new speed, in km/h.", low=0.1, high=400, required=False)),
            ),
            (ANY_PLACE, ("speed_kmh",)),
        ),
        ChangeSpec(
            "hours",
            "changes dwell at a crossing, waiting in a passage or handling in a port",
            (
                *PLACES,
                _number(Column("hours", "number", "new dwell, waiting or handling.", low=0, high=2000, required=False)),
                FACTOR,
            ),
            (ANY_PLACE, ("hours", "factor")),
        ),
        ChangeSpec(
            "cost",
            "changes the resource cost",
            (
                *PLACES,
                _number(
                    Column(
                        "cost_usd_per_teu",
                        "number",
                        "new resource cost, in USD per TEU.",
                        low=0,
                        high=100_000,
                        required=False,
                    )
                ),
                FACTOR,
            ),
            (ANY_PLACE, ("cost_usd_per_teu", "factor")),
        ),
        ChangeSpec(
            "charge",
            "changes a toll, fee or due",
            (
                *PLACES,
                _number(
                    Column(
                        "charge_usd_per_teu",
                        "number",
                        "new charge, in USD per TEU.",
                        low=0,
                        high=100_000,
                        required=False,
                    )
                ),
                FACTOR,
                ChangeKey(
                    Column(
                        "charge_to",
                        "id",
                        "economy that earns the charge; as it is if left out.",
                        required=False,
                        default="",
                        refers_to="economies.economy",
                    ),
                    "charge_to",
                ),
            ),
            (ANY_PLACE, ("charge_usd_per_teu", "factor")),
        ),
        ChangeSpec(
            "season",
            "gives the months in which a passage or link is open",
            (
                *PLACES,
                _month("first_month", "first month in which it is open (1 to 12)."),
                _month("last_month", "last month; before first_month: over the turn of the year."),
            ),
            (ANY_PLACE, ("first_month",), ("last_month",)),
        ),
        ChangeSpec(
            "capacity",
            "changes what a link or port can take",
            (
                *PLACES,
                _number(
                    Column(
                        "capacity_teu_per_year",
                        "number",
                        "new capacity, in TEU a year in one direction.",
                        low=0,
                        required=False,
                    )
                ),
            ),
            (ANY_PLACE, ("capacity_teu_per_year",)),
        ),
        ChangeSpec(
            "departures",
            "gives the trains or ships of a line another timetable: its waiting becomes half the time between two",
            (
                NAMES,
                _number(
                    Column(
                        "departures_per_week",
                        "number",
                        "new departures a week in each direction.",
                        low=0.01,
                        high=10_000,
                        warn_high=500,
                        required=False,
                    )
                ),
            ),
            (("names",), ("departures_per_week",)),
        ),
        ChangeSpec(
            "tariff",
            "sets the ad valorem tariff",
            (
                *PAIRS,
                _number(
                    Column(
                        "tariff_percent",
                        "number",
                        "new tariff, in percent.",
                        low=0,
                        high=1000,
                        warn_high=100,
                        required=False,
                    )
                ),
            ),
            (*EACH_WAY, ("tariff_percent",)),
        ),
        ChangeSpec(
            "agreement",
            "brings a trade agreement into force",
            (
                *PAIRS,
                _number(
                    Column(
                        "trade_log_points",
                        "number",
                        "beta, the agreement's effect on log trade (what its tariff cuts do included).",
                        low=-3,
                        high=3,
                        warn_low=0,
                        warn_high=1,
                        required=False,
                    )
                ),
                _number(
                    Column(
                        "tariff_percent",
                        "number",
                        "tariffs come down to this, in percent; left as they are if not given.",
                        low=0,
                        high=1000,
                        required=False,
                    ),
                    "tariff_percent",
                ),
            ),
            (*EACH_WAY, ("trade_log_points", "tariff_percent")),
        ),
        ChangeSpec(
            "ban",
            "forbids trade in groups of goods",
            (
                *PAIRS,
                _words("goods", "groups of goods.csv that are forbidden; all if left out.", refers_to="goods.good"),
            ),
            EACH_WAY,
        ),
        ChangeSpec(
            "visa",
            "changes a visa rule",
            (
                *TRIPS,
                _number(
                    Column(
                        "visits_log_points",
                        "number",
                        "effect on log visits.",
                        low=-10,
                        high=10,
                        warn_low=-2,
                        warn_high=2,
                        required=False,
                    )
                ),
            ),
            (*EACH_TRIP, ("visits_log_points",)),
        ),
        ChangeSpec(
            "travel",
            "changes what a trip takes",
            (
                *TRIPS,
                _number(
                    Column(
                        "hours_factor",
                        "number",
                        "what travel hours are multiplied by.",
                        low=0.01,
                        high=100,
                        required=False,
                    ),
                    "factor",
                ),
                _number(
                    Column(
                        "fare_factor", "number", "what fares are multiplied by.", low=0.01, high=100, required=False
                    ),
                    "fare_factor",
                ),
            ),
            (*EACH_TRIP, ("hours_factor", "fare_factor")),
        ),
        ChangeSpec(
            "productivity",
            "changes the productivity of economies",
            (
                _words("economies", "economies that change.", "exporters", "economies.economy"),
                _number(
                    Column(
                        "productivity_percent",
                        "number",
                        "change of productivity, in percent.",
                        low=-90,
                        high=900,
                        warn_low=-10,
                        warn_high=10,
                        required=False,
                    )
                ),
            ),
            (("economies",), ("productivity_percent",)),
        ),
    )
}
"""Declaration of each kind of change, by its name."""
