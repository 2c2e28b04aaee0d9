"""The tables of a study's appraised projects, declared once; money is in USD of the project's price year."""

from typing import Final

from landbridge.pipeline.schema import ResultTable

USD: Final = "USD of the price year"
SHARE: Final = "share of 1"
YEARLY: Final = "share of 1 a year"
YES: Final = "1 yes, 0 no"
NOMINAL: Final = "USD, nominal"

PROJECT_TABLES: Final = (
    ResultTable(
        "project_cash_flow",
        ("project", "item", "party", "economy", "role", "year"),
        "what each item brings to each party in each year, undiscounted; costs below 0 (unit: USD of the price year)",
    ),
    ResultTable(
        "project_worth",
        ("project", "rate", "indicator"),
        "measures of worth at every discount rate; `internal` holds rates that need none",
        (
            ("NPV", USD, "economic net present value"),
            ("financial NPV", USD, "net present value of what the operator earns and spends"),
            ("present benefits", USD, "present value of benefits"),
            ("present costs", USD, "present value of costs"),
            ("benefit-cost ratio", "ratio", "present benefits over present costs"),
            ("first-year rate of return", SHARE, "net benefit of the first full year over costs up to it"),
            ("payback", "years", "until net benefits have regained the works; no row if never"),
            ("discounted payback", "years", "the same discounted"),
            ("annual equivalent", f"{USD} a year", "constant yearly amount of the same present value"),
            ("discount rate", YEARLY, "the rate"),
            ("EIRR", YEARLY, "economic internal rate of return; no row if there is none"),
            ("FIRR", YEARLY, "financial internal rate of return; no row if there is none"),
        ),
    ),
    ResultTable(
        "project_gains",
        ("project", "rate", "party"),
        "present value of what each party gains (unit: USD of the price year)",
    ),
    ResultTable(
        "project_switching",
        ("project", "rate", "item"),
        "by how many percent an item would have to change for an NPV of nothing (unit: percent)",
    ),
    ResultTable(
        "project_range",
        ("project", "item", "estimate", "bound", "indicator"),
        "worth under every published estimate of an item's cost",
        (
            ("works", USD, "cost of the works"),
            ("NPV", USD, "economic net present value"),
            ("EIRR", YEARLY, "economic internal rate of return"),
        ),
    ),
    ResultTable(
        "project_finance_flows",
        ("project", "tranche", "item", "year"),
        "yearly flows of every tranche",
        (
            ("draws", NOMINAL, "paid out by the lender"),
            ("capitalised", NOMINAL, "interest added to the debt"),
            ("interest", NOMINAL, "interest paid"),
            ("principal", NOMINAL, "repaid"),
            ("fees", NOMINAL, "fees paid"),
            ("balance", NOMINAL, "debt at the end of the year"),
            ("cover", "ratio", "cash for debt service over debt service, of all tranches"),
        ),
    ),
    ResultTable(
        "project_tranches",
        ("project", "tranche", "indicator"),
        "terms and tests of every tranche and of the whole plan",
        (
            ("content rule met", YES, "whether enough is bought in the named economy"),
            ("grant element at N %", "percent", "gift in the loan at the discount rate N of the income group"),
            ("share of need", SHARE, "part of the money that the tranche brings"),
            ("source", NOMINAL, "money from each source"),
            ("use", NOMINAL, "what it is used for"),
            ("least cover", "ratio", "least yearly cover"),
            ("loan life cover", "ratio", "present value of cash over the debt"),
            ("rate of return", "share of 1 a year, nominal", "to the owners"),
            ("support in operation", NOMINAL, "needed beside the loans"),
            ("least bankable grant", "share of the need", "grant from which on every year is covered"),
        ),
    ),
    ResultTable("project_notes", ("project", "note"), "what was assumed or left out, in words", plain=True),
    ResultTable(
        "project_risk",
        ("project", "indicator"),
        "worth over draws of the inputs",
        (
            ("mean NPV", USD, "mean over the draws"),
            ("NPV quantile Q", USD, "not exceeded in the share Q of the draws"),
            ("chance of a negative NPV", SHARE, "share of the draws"),
        ),
    ),
    ResultTable(
        "project_tornado",
        ("project", "factor", "bound"),
        "NPV with one factor at its low or high end, widest first (unit: USD of the price year)",
    ),
    ResultTable(
        "project_waiting",
        ("project", "indicator"),
        "what it is worth to decide a year later",
        (
            ("decide now", USD, "mean NPV if decided now"),
            ("decide in a year", USD, "mean NPV if decided when more is known"),
            ("option to wait", USD, "the difference, if positive"),
            ("started later", SHARE, "draws in which the project is started after waiting"),
        ),
    ),
    ResultTable(
        "project_effects",
        ("project", "part", "of", "case", "origin"),
        "yearly effects that the worth rests on, and whether a run or a statement gives them",
        (
            ("origin", "1 run, 0 stated", "where traffic and benefits come from"),
            ("traffic", "TEU, t or TEU-km a year", "with and without the project, by place"),
            ("user benefit", f"{USD} a year", "rule of a half, by economy"),
            ("user benefit beside the run", f"{USD} a year", "stated on top of the run"),
            ("user benefit at least cost", f"{USD} a year", "as if each took the least-cost route"),
            ("equivalent variation", f"{USD} a year", "of the trade model, by economy"),
            ("other operators", f"{USD} a year", "revenue less cost of others"),
            ("stated beside the run", "in words", "parts that are stated"),
            ("CO2", "t a year", "change of emissions"),
            ("growth", "percent a year", "growth of traffic, to the year named"),
            ("NPV at least cost", USD, "worth with benefits at least cost"),
        ),
    ),
    ResultTable(
        "project_portfolio",
        ("basis", "budget_musd", "project", "measure"),
        "what is chosen within each budget",
        (
            ("worth", USD, "of all that is chosen"),
            ("spent", "million USD of works", "of the budget"),
            ("chosen", YES, "whether the project is among them"),
            ("joint", USD, "what projects are worth together beyond what each is alone"),
            ("only together", USD, "worth of projects that are only to be had together"),
        ),
    ),
)
