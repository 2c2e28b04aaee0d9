"""The tables of projects, their finance and money, and the keys of a project's entry, declared once."""

from typing import Final

from landbridge.core.columns import Column, TableSpec

SOURCE: Final = Column(
    "source", "id", "the key of the source in sources.csv, or 'assumption'.", refers_to="sources.key"
)
NOTE: Final = Column("note", "text", "what the figure is, or the reason for an assumption.", required=False, default="")
PROJECT: Final = Column("project", "id", "project that the row belongs to.", refers_to="project.id")
PRICE_YEAR: Final = Column("price_year", "integer", "year of the prices.", low=1950, high=2100)
CURRENCY: Final = Column("currency", "text", "ISO 4217 code of the currency, such as KRW.")


def _share(name: str, description: str, *, default: float | None = None, high: float = 1.0) -> Column:
    return Column(name, "number", description, low=0, high=high, required=default is None, default=default)


def _economy(description: str) -> Column:
    return Column("economy", "id", description, refers_to="economies.economy")


PROJECT_KEYS: Final[tuple[Column, ...]] = (
    Column("id", "id", "code of the project."),
    Column("title", "text", "what is built, in a few words."),
    Column("about", "text", "what it is and why the central case is as it is.", required=False, default=""),
    Column("sponsor", "id", "economy that pays the works and owns the operator.", refers_to="economies.economy"),
    Column("price_currency", "text", "currency of the appraisal.", required=False, default="USD"),
    Column("price_year", "integer", "year of the prices of the appraisal.", low=1950, high=2100),
    Column("base_year", "integer", "year to which everything is discounted; the first of the table.", low=1950, high=2200),
    Column("opening_year", "integer", "first year of use.", low=1950, high=2200),
    Column("life_years", "integer", "years of use that are appraised.", low=1, high=150),
    _share("first_year_share", "share of full use in the first year; it rises in equal steps.", default=1.0),
    Column("ramp_up_years", "integer", "years of use before full use.", low=0, high=50, required=False, default=0),
    _share("residual_share", "share of the works' cost that is left at the end.", default=0.0),
    Column(
        "measure", "text", "how benefits are counted; one or the other, as both would count users twice.",
        choices=("users", "welfare"), required=False, default="users",
    ),
    Column("main_rate", "id", "discount rate that decides.", refers_to="discount_rates.rate"),
    Column("timing", "text", "when in its year an amount falls.", choices=("end", "mid"), required=False, default="end"),
    Column(
        "income_group", "text", "the borrower's economy in the list of aid recipients.",
        choices=("least_developed", "low", "lower_middle", "upper_middle", "not_eligible"),
        required=False, default="not_eligible",
    ),
    Column("inflation_percent", "number", "rise of USD prices in the finance plan.", low=-20, high=100, required=False, default=2.0),
    Column("target_cover_factor", "number", "least debt service cover ratio of lenders.", low=0.1, high=10, required=False, default=1.2),
    Column("access", "id", "access that it depends on; projects with the same one lose it together.", required=False, default="", refers_to="project_access.access"),
    Column("scenario", "id", "scenario whose run gives traffic and benefits; empty: only what is stated.", required=False, default="", refers_to="scenario.name"),
    Column("compared_with", "id", "scenario without the project; empty: the baseline.", required=False, default="", refers_to="scenario.name"),
    Column("adds", "ids", "measures that are the project, added to what stands without it; instead of a scenario.", required=False, default="", refers_to="measure.id"),
    Column("removes", "ids", "measures that must go for the project to be of use, such as a closure.", required=False, default="", refers_to="measure.id"),
    Column("supposes_gone", "ids", "measures that are taken as gone both without and with it, as another's doing.", required=False, default="", refers_to="measure.id"),
    Column("effects_year", "integer", "year for which stated traffic and benefits hold.", low=1950, high=2200),
    Column("growth_percent_per_year", "number", "growth of traffic and benefits.", low=-20, high=30, required=False, default=0.0),
    Column("growth_until_year", "integer", "last year of growth.", low=1950, high=2200, required=False, default=2200),
    Column("co2_change_kt", "number", "stated change of CO2 a year at full use; less is negative.", required=False, default=0.0),
    SOURCE,
    NOTE,
)  # fmt: skip
"""Keys of a ``[[project]]`` of ``projects.toml``."""

ESTIMATES: Final = TableSpec(
    "project_estimates",
    "one published estimate of what an item of works costs; all are kept, one is chosen",
    (
        PROJECT,
        Column("item", "id", "part of the works that is estimated as a whole."),
        Column("estimate", "text", "whose estimate."),
        Column("low_m_local", "number", "least figure.", low=0),
        Column("central_m_local", "number", "central figure.", low=0),
        Column("high_m_local", "number", "greatest figure.", low=0),
        CURRENCY,
        PRICE_YEAR,
        Column("chosen", "boolean", "whether the central case uses it; exactly one of an item."),
        SOURCE,
        NOTE,
    ),
    key=("project", "item", "estimate"),
)

WORKS: Final = TableSpec(
    "project_works",
    "the share of an item's cost that falls in a year",
    (
        PROJECT,
        Column("item", "id", "part of the works."),
        Column("year", "integer", "year of the works.", low=1950, high=2200),
        _share("works_share", "share of the item's cost in the year; they add up to 1."),
        _economy("economy in which the works are done; its treasury gets the tax."),
        _share("tax_share", "share of the amount that is tax, a transfer.", default=0.0),
        _share("conversion_factor", "resource cost over market price, net of tax.", default=1.0, high=5.0),
        SOURCE,
        NOTE,
    ),
    key=("project", "item", "year"),
)

UPKEEP: Final = TableSpec(
    "project_upkeep",
    "a yearly cost from opening on: a share of all works, an amount, or both",
    (
        PROJECT,
        Column("item", "text", "what is kept up."),
        _economy("economy in which it is spent."),
        _share("works_share", "share of the cost of all works a year.", default=0.0),
        Column("amount_m_local", "number", "amount a year.", low=0, required=False, default=0.0),
        Column("currency", "text", "ISO 4217 code of the amount's currency.", required=False, default=""),
        Column("price_year", "integer", "year of the amount's prices.", low=0, high=2100, required=False, default=0),
        _share("tax_share", "share of the amount that is tax, a transfer.", default=0.0),
        _share("conversion_factor", "resource cost over market price, net of tax.", default=1.0, high=5.0),
        SOURCE,
        NOTE,
    ),
    key=("project", "item"),
)

REVENUE: Final = TableSpec(
    "project_revenue",
    "what the project's operator earns on the flows of a place",
    (
        PROJECT,
        Column("item", "text", "what is sold."),
        Column("place", "id", "link, crossing, port or group of links whose loaded flow pays."),
        Column("basis", "text", "what the tariff is paid for.", choices=("teu", "teu_km", "t", "year")),
        Column("tariff_usd", "number", "tariff per unit of the basis, in USD.", low=0),
        Column("operating_cost_usd", "number", "cost of moving or handling a unit, in USD.", low=0, required=False, default=0.0),
        Column("capacity_count", "number", "most units a year; empty: no limit.", low=0, required=False, default=float("inf")),
        Column("capacity_without_count", "number", "most units a year without the project; empty: no limit.", low=0, required=False, default=float("inf")),
        _economy("economy of the operator."),
        PRICE_YEAR,
        SOURCE,
        NOTE,
    ),
    key=("project", "item"),
)  # fmt: skip

TRAFFIC: Final = TableSpec(
    "project_traffic",
    "stated units a year at full use at a place, where no run gives them",
    (
        PROJECT,
        Column("place", "id", "as in project_revenue."),
        Column("basis", "text", "unit.", choices=("teu", "teu_km", "t", "year")),
        Column("without_count", "number", "units a year without the project.", low=0),
        Column("with_count", "number", "units a year with it.", low=0),
        Column(
            "beyond_run", "boolean",
            "whether it stands beside what a run gives, as traffic that the run does not hold (bulk, passengers).",
            required=False, default=False,
        ),
        SOURCE,
        NOTE,
    ),
    key=("project", "place", "basis"),
)  # fmt: skip

BENEFITS: Final = TableSpec(
    "project_benefits",
    "stated user benefits or equivalent variation by economy a year at full use, where no run gives them",
    (
        PROJECT,
        _economy("economy that gains."),
        Column("user_benefit_musd", "number", "rule of a half, or its stated equivalent; USD of price_year."),
        Column("welfare_musd", "number", "equivalent variation.", required=False, default=0.0),
        PRICE_YEAR,
        Column(
            "beyond_run", "boolean",
            "whether it stands beside what a run gives, as traffic that the run does not hold (bulk, passengers).",
            required=False, default=False,
        ),
        SOURCE,
        NOTE,
    ),
    key=("project", "economy", "beyond_run"),
)  # fmt: skip

CONTENT: Final = TableSpec(
    "project_content",
    "the share of a project's value that comes from an economy",
    (PROJECT, _economy("economy of origin."), _share("content_share", "share; at most 1 in all."), SOURCE, NOTE),
    key=("project", "economy"),
)

FINANCE: Final = TableSpec(
    "project_finance",
    "one tranche of a project's finance plan",
    (
        PROJECT,
        Column("tranche", "id", "name of the tranche."),
        Column("kind", "text", "kind of money.", choices=("equity", "grant", "commercial", "concessional")),
        _share("need_share", "share of each year's need that it covers; they add up to 1."),
        Column("currency", "text", "ISO 4217 code of the loan's currency.", required=False, default="USD"),
        Column("rate_percent", "number", "interest a year, nominal.", low=-50, high=100, required=False, default=0.0),
        Column("upfront_fee_percent", "number", "fee on the amount committed.", low=0, high=50, required=False, default=0.0),
        Column("commitment_fee_percent", "number", "fee a year on what is not drawn.", low=0, high=50, required=False, default=0.0),
        Column("grace_years", "integer", "time to the first repayment less one period, from the first draw.", low=0, required=False, default=0),
        Column("maturity_years", "integer", "time to the last repayment, from the first draw.", low=0, required=False, default=0),
        Column("repayment", "text", "how it is paid back.", choices=("annuity", "equal_principal"), required=False, default="equal_principal"),
        Column("construction_interest", "text", "who bears interest until opening.", choices=("financed", "capitalised"), required=False, default="financed"),
        Column("tied_to", "text", "economy whose content share it depends on; empty: untied.", required=False, default=""),
        _share("tied_content_share", "least content share of that economy.", default=0.0),
        Column("fallback", "text", "tranche that pays if the share is not met.", required=False, default=""),
        Column("depreciation_percent_per_year", "number", "rise of the currency's units per USD.", low=-50, high=100, required=False, default=0.0),
        Column("payments_per_year_count", "integer", "payments a year in the grant element.", low=1, high=12, required=False, default=1),
        SOURCE,
        NOTE,
    ),
    key=("project", "tranche"),
)  # fmt: skip

RISKS: Final = TableSpec(
    "project_risks",
    "how a part of a project may come otherwise",
    (
        PROJECT,
        Column("part", "text", "what may change; 'late' holds chances of opening 1, 2 and 3 years late.", choices=("cost", "demand", "upkeep", "late")),
        Column("spread", "text", "triangle: three factors; estimates: range of all published ones; rail_overrun: reference class of finished rail projects; chances: for 'late'.", choices=("triangle", "estimates", "rail_overrun", "chances")),
        Column("low_factor", "number", "least factor, or the chance of one year.", low=0, required=False, default=1.0),
        Column("mode_factor", "number", "likeliest factor, or the chance of two years.", low=0, required=False, default=1.0),
        Column("high_factor", "number", "greatest factor, or the chance of three years.", low=0, required=False, default=1.0),
        SOURCE,
        NOTE,
    ),
    key=("project", "part"),
)  # fmt: skip

ACCESS: Final = TableSpec(
    "project_access",
    "an access that projects depend on and that may lapse: a stage of the road map",
    (
        Column("access", "id", "code of the access."),
        Column("name", "text", "what it is."),
        Column("open_probability", "number", "chance that it is open in the base year.", low=0, high=1),
        Column("lapse_chance_per_year", "number", "chance a year that it lapses.", low=0, high=1),
        Column("restore_chance_per_year", "number", "chance a year that it comes back.", low=0, high=1),
        SOURCE,
        NOTE,
    ),
    key=("access",),
)

RELATIONS: Final = TableSpec(
    "project_relations",
    "how projects depend on each other in a portfolio",
    (
        Column("relation", "text", "conflict: not both; requires: the first only with the second; joint: worth more together.", choices=("conflict", "requires", "joint")),
        PROJECT,
        Column("other", "id", "the other project; for 'joint' any number, joined by +."),
        Column("value_musd", "number", "present value of doing them together beyond their sum; for 'joint'.", required=False, default=0.0),
        SOURCE,
        NOTE,
    ),
    key=("relation", "project", "other"),
)  # fmt: skip

DISCOUNT_RATES: Final = TableSpec(
    "discount_rates",
    "a real discount rate at which projects are shown",
    (
        Column("rate", "id", "name of the rate."),
        Column("rate_percent", "number", "real rate a year.", low=-5, high=50, warn_low=0, warn_high=15),
        SOURCE,
        NOTE,
    ),
    key=("rate",),
)

CO2_PRICES: Final = TableSpec(
    "co2_prices",
    "the price of CO2 in a year; straight between years, level before and after",
    (
        Column("year", "integer", "year.", low=1950, high=2300),
        Column("price_usd_per_t", "number", "price in the money of the appraisal.", low=0),
        SOURCE,
        NOTE,
    ),
    key=("year",),
)

EXCHANGE_RATES: Final = TableSpec(
    "exchange_rates",
    "the yearly average exchange rate of a currency",
    (
        CURRENCY,
        Column("year", "integer", "year.", low=1950, high=2100),
        Column("local_per_usd", "number", "units of the currency for 1 USD.", low=1e-9),
        SOURCE,
        NOTE,
    ),
    key=("currency", "year"),
)

PRICE_INDEX: Final = TableSpec(
    "price_index",
    "the price level of a currency's economy; only ratios within a currency are used",
    (
        CURRENCY,
        Column("year", "integer", "year.", low=1950, high=2100),
        Column("price_index", "number", "index on any base.", low=1e-9),
        SOURCE,
        NOTE,
    ),
    key=("currency", "year"),
)

PROJECT_TABLES: Final[tuple[TableSpec, ...]] = (
    ESTIMATES, WORKS, UPKEEP, REVENUE, TRAFFIC, BENEFITS, CONTENT, FINANCE, RISKS, ACCESS, RELATIONS,
    DISCOUNT_RATES, CO2_PRICES, EXCHANGE_RATES, PRICE_INDEX,
)  # fmt: skip
"""All tables that projects may use; every one is optional."""
