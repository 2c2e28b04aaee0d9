"""The tables that price a network and change it: rates, crossings, passages, ports, breaks of gauge, links."""

from typing import Final

from landbridge.core.columns import Column, TableSpec

SOURCE: Final = Column(
    "source", "id", "the key of the source in sources.csv, or 'assumption'.", refers_to="sources.key"
)
NOTE: Final = Column("note", "text", "what the figure is, or the reason for an assumption.", required=False, default="")


def _departures(about: str) -> Column:
    return Column(
        "departures_per_week",
        "number",
        about,
        low=0.01,
        high=10_000,
        warn_high=500,
        required=False,
        default=float("nan"),
    )


RATES: Final = TableSpec(
    "rates",
    "what a mode costs in a country; country '*' stands for every country without a row",
    (
        Column("mode", "text", "road, rail or sea.", choices=("road", "rail", "sea")),
        Column("country", "text", "ISO 3166-1 alpha-2 code, or *."),
        Column(
            "speed_kmh",
            "number",
            "commercial speed with stops on the way, in km/h.",
            low=0.1,
            high=400,
            warn_low=5,
            warn_high=120,
        ),
        Column(
            "cost_usd_per_teu_km",
            "number",
            "resource cost of carrying a loaded TEU one km, in USD.",
            low=0,
            high=100,
            warn_high=3,
        ),
        Column(
            "co2_kg_per_teu_km",
            "number",
            "CO2 equivalent of carrying a TEU one km, in kg.",
            low=0,
            high=10,
            warn_high=2,
        ),
        SOURCE,
        NOTE,
    ),
    key=("mode", "country"),
)

CROSSINGS: Final = TableSpec(
    "crossings",
    "what a rail border crossing costs, by name and direction; crossing '*' stands for every one without a row",
    (
        Column("crossing", "id", "name of the crossing in the base network or in links.csv, or *."),
        Column(
            "from_country",
            "text",
            "ISO code of the country left, or * for both directions.",
            required=False,
            default="*",
        ),
        Column(
            "dwell_hours",
            "number",
            "hours from arrival to departure, break of gauge apart.",
            low=0,
            high=2000,
            warn_high=240,
        ),
        Column(
            "cost_usd_per_teu",
            "number",
            "resource cost of crossing, in USD per TEU.",
            low=0,
            high=10_000,
            warn_high=1_000,
        ),
        Column(
            "charge_usd_per_teu",
            "number",
            "fee that is income of an economy, in USD per TEU.",
            low=0,
            high=10_000,
            required=False,
            default=0.0,
        ),
        Column("charge_to", "id", "economy that earns the fee.", required=False, default=""),
        Column(
            "capacity_teu_per_year",
            "number",
            "TEU a year in one direction; empty for no limit.",
            low=0,
            required=False,
            default=float("inf"),
        ),
        Column("open", "boolean", "false where the crossing is shut in the baseline.", required=False, default=True),
        SOURCE,
        NOTE,
    ),
    key=("crossing", "from_country"),
)

PASSAGES: Final = TableSpec(
    "passages",
    "what a named strait, canal or sea route costs and when it is open",
    (
        Column("passage", "id", "name of the passage in the base network."),
        Column(
            "speed_kmh",
            "number",
            "speed in the passage, in km/h; empty for the mode's.",
            low=0.1,
            high=100,
            required=False,
            default=float("nan"),
        ),
        Column("wait_hours", "number", "hours of waiting and convoy, once per transit.", low=0, high=1000),
        Column(
            "cost_factor",
            "number",
            "resource cost a km as a multiple of the mode's.",
            low=0,
            high=100,
            required=False,
            default=1.0,
        ),
        Column(
            "charge_usd_per_teu",
            "number",
            "toll or icebreaker fee, once per transit, in USD per TEU.",
            low=0,
            high=10_000,
        ),
        Column("charge_to", "id", "economy that earns the toll.", required=False, default=""),
        Column(
            "first_month",
            "integer",
            "first month in which it is open (1 to 12).",
            low=1,
            high=12,
            required=False,
            default=1,
        ),
        Column(
            "last_month",
            "integer",
            "last month in which it is open; before first_month: over the turn of the year.",
            low=1,
            high=12,
            required=False,
            default=12,
        ),
        Column("open", "boolean", "false where it is shut in the baseline.", required=False, default=True),
        SOURCE,
        NOTE,
    ),
    key=("passage",),
)

PORTS: Final = TableSpec(
    "ports",
    "what moving a TEU between ship and land costs; port may be a code, a country (ISO alpha-2) or *",
    (
        Column("port", "id", "UN/LOCODE of the port, a country's ISO code, or *."),
        Column(
            "handling_hours",
            "number",
            "hours from berth to gate or back, customs included, and the ship's waiting unless departures are given.",
            low=0,
            high=2000,
            warn_high=500,
        ),
        Column(
            "cost_usd_per_teu",
            "number",
            "handling and the fixed part of the sea freight, in USD per TEU and port call.",
            low=0,
            high=10_000,
        ),
        Column(
            "charge_usd_per_teu",
            "number",
            "port due that is income of an economy, in USD per TEU.",
            low=0,
            required=False,
            default=0.0,
        ),
        Column("charge_to", "id", "economy that earns the due.", required=False, default=""),
        Column(
            "capacity_teu_per_year",
            "number",
            "TEU a year; empty for no limit.",
            low=0,
            required=False,
            default=float("inf"),
        ),
        _departures(
            "sailings a week: half the time between two, at most a week, is waited before loading, beside"
            " handling_hours; empty where those hold the waiting."
        ),
        SOURCE,
        NOTE,
    ),
    key=("port",),
)

GAUGE_BREAKS: Final = TableSpec(
    "gauge_breaks",
    "what leaving one rail gauge for another costs; at '*' stands for every yard without a row",
    (
        Column("at", "id", "name of the crossing or yard, or *."),
        Column("from_gauge_mm", "integer", "gauge left, in mm; 0 for any.", low=0, high=2000),
        Column("to_gauge_mm", "integer", "gauge taken, in mm; 0 for any.", low=0, high=2000),
        Column("transfer_hours", "number", "hours of transhipment or bogie exchange.", low=0, high=2000),
        Column(
            "cost_usd_per_teu", "number", "cost of transhipment or bogie exchange, in USD per TEU.", low=0, high=10_000
        ),
        Column(
            "capacity_teu_per_year",
            "number",
            "TEU a year; empty for no limit.",
            low=0,
            required=False,
            default=float("inf"),
        ),
        SOURCE,
        NOTE,
    ),
    key=("at", "from_gauge_mm", "to_gauge_mm"),
)

TERMINALS: Final = TableSpec(
    "terminals",
    "what moving a TEU between lorry and train costs in a country; country '*' stands for the rest",
    (
        Column("country", "text", "ISO 3166-1 alpha-2 code, or *."),
        Column(
            "handling_hours",
            "number",
            "hours from gate to departure of the train, or back.",
            low=0,
            high=2000,
            warn_high=240,
        ),
        Column("cost_usd_per_teu", "number", "handling at the terminal, in USD per TEU.", low=0, high=10_000),
        _departures(
            "trains a week: half the time between two, at most a week, is waited before loading, beside"
            " handling_hours; empty where those hold the waiting."
        ),
        SOURCE,
        NOTE,
    ),
    key=("country",),
)

LINKS: Final = TableSpec(
    "links",
    "a line that the study adds to the base network, both ways",
    (
        Column("link", "id", "name of the line, used by measures and corridors."),
        Column("mode", "text", "road, rail or sea.", choices=("road", "rail", "sea")),
        Column(
            "gauge_mm",
            "integer",
            "gauge in mm; 0 where the mode has none.",
            low=0,
            high=2000,
            required=False,
            default=0,
        ),
        Column(
            "from_latitude_deg",
            "number",
            "where the line starts; it joins the nearest node of its mode and country.",
            low=-90,
            high=90,
        ),
        Column("from_longitude_deg", "number", "where the line starts.", low=-180, high=180),
        Column(
            "from_country", "text", "ISO 3166-1 alpha-2 code at the start; empty at sea.", required=False, default=""
        ),
        Column("to_latitude_deg", "number", "where the line ends.", low=-90, high=90),
        Column("to_longitude_deg", "number", "where the line ends.", low=-180, high=180),
        Column("to_country", "text", "ISO 3166-1 alpha-2 code at the end; empty at sea.", required=False, default=""),
        Column("length_km", "number", "length of the line, in km.", low=0.001, high=20_000),
        Column(
            "speed_kmh",
            "number",
            "speed, in km/h; empty for the mode's in that country.",
            low=0.1,
            high=400,
            required=False,
            default=float("nan"),
        ),
        Column(
            "capacity_teu_per_year",
            "number",
            "TEU a year in one direction; empty for no limit.",
            low=0,
            required=False,
            default=float("inf"),
        ),
        Column(
            "open", "boolean", "false where it is shut (or not built) in the baseline.", required=False, default=True
        ),
        _departures(
            "departures a week in each direction: half the time between two, at most a week, is waited where the"
            " line begins; empty for no waiting. Of several lines that one service runs through, state it once."
        ),
        SOURCE,
        NOTE,
    ),
    key=("link",),
)

SECTIONS: Final = TableSpec(
    "sections",
    "a named stretch of the base network: the shortest way along one mode inside the given countries",
    (
        Column("section", "id", "name of the stretch, used by measures and corridors."),
        Column("mode", "text", "rail or sea.", choices=("rail", "sea", "road")),
        Column(
            "countries",
            "text",
            "ISO codes that the stretch may pass, joined by +; empty for any, as at sea.",
            required=False,
            default="",
        ),
        Column("from_latitude_deg", "number", "where it starts.", low=-90, high=90),
        Column("from_longitude_deg", "number", "where it starts.", low=-180, high=180),
        Column("to_latitude_deg", "number", "where it ends.", low=-90, high=90),
        Column("to_longitude_deg", "number", "where it ends.", low=-180, high=180),
        Column(
            "speed_kmh",
            "number",
            "baseline speed, in km/h; empty for the country's.",
            low=0.1,
            high=400,
            required=False,
            default=float("nan"),
        ),
        Column(
            "capacity_teu_per_year",
            "number",
            "TEU a year in one direction; empty for no limit.",
            low=0,
            required=False,
            default=float("inf"),
        ),
        SOURCE,
        NOTE,
    ),
    key=("section",),
)

NETWORK_TABLES: Final = (RATES, CROSSINGS, PASSAGES, PORTS, GAUGE_BREAKS, TERMINALS, LINKS, SECTIONS)
