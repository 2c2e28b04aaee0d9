"""The tables of a result, declared once for the writer, the report and the manual."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A tidy table: label columns, then ``value`` and ``unit`` unless `plain`."""

    name: str
    labels: tuple[str, ...]
    about: str
    measures: tuple[tuple[str, str, str], ...] = ()
    """Value of the column `keyed`, unit and what it is, where the table has such a column."""
    plain: bool = False
    """Whether the table has no ``value`` and ``unit`` columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns in order."""
        return self.labels if self.plain else (*self.labels, "value", "unit")

    @property
    def keyed(self) -> str:
        """The column whose values `measures` explain."""
        return next((name for name in ("measure", "indicator", "part", "item") if name in self.labels), "measure")


RESULT_TABLES: Final = (
    ResultTable("headline", ("indicator", "name"), "the figures that stand first in the report"),
    ResultTable(
        "economies",
        ("economy", "name", "measure"),
        "what changes for each economy against the baseline",
        (
            ("real_income_change", "percent", "change of real income, E_hat/P_hat - 1"),
            ("real_wage_change", "percent", "change of the real wage, w_hat/P_hat - 1"),
            ("equivalent_variation", "million USD", "E (E_hat/P_hat - 1), in money of the base year"),
            ("equivalent_variation_of_gdp", "percent of GDP", "equivalent variation over GDP"),
            ("exports_change", "percent", "change of exports at unchanged world sales"),
            ("imports_change", "percent", "change of imports at unchanged world sales"),
            ("terms_of_trade_part", "percent", "first-order part of real income from terms of trade"),
            ("volume_part", "percent", "first-order part of real income from volume, tariffs and transport costs"),
        ),
    ),
    ResultTable(
        "trade",
        ("exporter", "importer", "measure"),
        "trade between economies before and after",
        (
            ("before", "million USD", "flow of the baseline"),
            ("after", "million USD", "flow of the scenario at unchanged world sales"),
            ("cost_change", "percent", "change of the trade cost, tariffs and bans apart"),
        ),
    ),
    ResultTable(
        "corridors",
        ("corridor", "name", "class", "measure"),
        "containers by corridor",
        (
            ("teu", "TEU a year", "loaded containers, both directions"),
            ("teu_change", "TEU a year", "the same less the baseline's"),
            ("share", "percent", "share of all containers of the study's trade"),
        ),
    ),
    ResultTable(
        "corridor_pairs",
        ("exporter", "importer", "corridor"),
        "containers by corridor and pair of economies",
        (("teu", "TEU a year", "loaded containers"),),
    ),
    ResultTable(
        "gates",
        ("gate", "kind", "measure"),
        "containers through crossings, passages, ports, named lines and sections",
        (
            ("teu", "TEU a year", "loaded containers, both directions"),
            ("teu_change", "TEU a year", "the same less the baseline's"),
            ("delay_hours", "hours", "delay by load where the gate has a capacity"),
        ),
    ),
    ResultTable(
        "links",
        ("link", "mode", "name", "path"),
        "containers on every link of the network that carries any, with its points as latitude,longitude",
    ),
    ResultTable(
        "routes",
        ("origin", "destination", "class", "corridor", "measure"),
        "what the route of each corridor takes between the study's showcase zones",
        (
            ("hours", "hours", "door to door"),
            ("usd_per_teu", "USD per TEU", "cost and charges"),
            ("km", "km", "length"),
            ("co2_kg_per_teu", "kg per TEU", "CO2 equivalent"),
            ("generalised_usd_per_teu", "USD per TEU", "cost, charges and value of time"),
            ("share", "percent", "share of the pair's containers of the class, mean over the months"),
        ),
    ),
    ResultTable(
        "skims",
        ("class", "origin", "destination", "measure"),
        "zone to zone, along the best generalised route, mean over the months",
        (
            ("hours", "hours", "door to door"),
            ("usd_per_teu", "USD per TEU", "cost and charges"),
            ("km", "km", "length"),
            ("co2_kg_per_teu", "kg per TEU", "CO2 equivalent"),
            ("composite_usd_per_teu", "USD per TEU", "logsum of the corridors' generalised costs"),
        ),
    ),
    ResultTable("charges", ("economy", "gate"), "tolls and fees collected, by the economy that earns them"),
    ResultTable(
        "targets",
        ("target", "name", "measure"),
        "how far each target is",
        (
            ("target", "as stated", "the value to reach"),
            ("base", "as stated", "the value in the base year"),
            ("scenario_base_year", "as stated", "the base-year value had the scenario been in force"),
            ("projected", "as stated", "the value in the target's year with growth and the scenario"),
            ("projected_low", "as stated", "5 % quantile of the draws"),
            ("projected_high", "as stated", "95 % quantile of the draws"),
            ("required_growth", "percent a year", "growth that would reach it"),
            ("chance", "percent", "share of the draws that reach it"),
        ),
    ),
    ResultTable(
        "target_paths",
        ("target", "year", "measure"),
        "each target's indicator by year",
        (
            ("known", "as stated", "what was known in the base year"),
            ("median", "as stated", "projected"),
            ("low", "as stated", "5 % quantile"),
            ("high", "as stated", "95 % quantile"),
            ("outcome", "as stated", "what came out after the base year"),
        ),
    ),
    ResultTable("target_parts", ("target", "player"), "part of the gap that growth and each measure close (Shapley)"),
    ResultTable(
        "calibration",
        ("route", "measure", "corridor", "low", "high", "model", "unit", "error_percent", "in_range", "source"),
        "published days, kilometres and USD against the model",
        plain=True,
    ),
    ResultTable("measures", ("measure", "title", "in_baseline", "stands", "consent"), "what stands", plain=True),
    ResultTable(
        "uncertainty",
        ("indicator", "name", "measure"),
        "headline figures and real incomes under draws of uncertain inputs (docs/methods/uncertainty.md)",
        (
            ("central", "as stated", "at the study's own values"),
            ("mean", "as stated", "mean of the draws"),
            ("low", "as stated", "5 % quantile of the draws"),
            ("median", "as stated", "median of the draws"),
            ("high", "as stated", "95 % quantile of the draws"),
        ),
    ),
    ResultTable(
        "sensitivity",
        ("indicator", "name", "input", "measure"),
        "which input moves a figure: Sobol indices",
        (
            ("first_order", "share of variance", "what the input moves alone"),
            ("total", "share of variance", "what it moves alone and together with others"),
            ("fit", "share of variance", "what the polynomial behind the indices foretells of draws left out"),
        ),
    ),
    ResultTable(
        "uncertain_inputs",
        ("input", "treatment", "distribution", "low", "value", "high", "unit", "source"),
        "parameters with a range: drawn, or held at their value",
        plain=True,
    ),
    ResultTable(
        "decomposition",
        ("economy", "name", "measure"),
        "real income taken apart, and money that changes hands",
        (
            ("exact_openness", "log percent", "-(1/eps) ln of the change of the home share"),
            ("exact_domestic_cost", "log percent", "less the log change of domestic trade cost"),
            ("exact_supply", "log percent", "quantities supplied"),
            ("exact_money", "log percent", "tariffs, charges, transfers and deficits"),
            ("exact_total", "log percent", "their sum: 100 ln(E_hat/P_hat)"),
            ("first_terms_of_trade", "percent", "first order: own price against prices of suppliers"),
            ("first_trade_cost", "percent", "first order: what is saved on trade cost"),
            ("first_volume_of_trade", "percent", "first order: tariffs on the change of volumes"),
            ("first_supply", "percent", "first order: quantities supplied"),
            ("first_money", "percent", "first order: deficits, transfers and charges"),
            ("first_total", "percent", "their sum: near the exact change for small changes only"),
            ("tariff_revenue_change", "million USD", "tariffs collected, against the baseline"),
            ("charge_income_change", "million USD", "tolls and fees earned, against the baseline"),
            ("transport_bill_change", "million USD", "imports at the change of their transport cost"),
            ("inward_resistance", "log percent", "buyers' incidence of all trade costs: 100 ln P_hat"),
            ("outward_resistance", "log percent", "sellers' incidence of all trade costs: 100 ln Pi_hat"),
            ("cost_borne_as_importer", "million USD", "part of changed trade costs that it pays as a buyer"),
            ("cost_borne_as_exporter", "million USD", "part of changed trade costs that it bears as a seller"),
        ),
    ),
    ResultTable(
        "incidence",
        ("exporter", "importer", "measure"),
        "who pays for changed trade costs, by pair, on the quantities of the baseline",
        (
            ("bill", "million USD", "X p_hat (tau_hat - 1): what the change costs; below 0 a saving"),
            ("importer", "million USD", "X (p_hat tau_hat - 1): the part that buyers pay"),
            ("exporter", "million USD", "X (1 - p_hat): the part that sellers bear"),
        ),
    ),
    ResultTable(
        "trade_shift",
        ("agreement", "economy", "name", "in_bloc", "measure"),
        "imports between the bloc of an agreement and the rest",
        (
            ("from_bloc", "million USD", "change of purchases from members of the bloc"),
            ("from_others", "million USD", "change of purchases from others"),
            ("domestic", "million USD", "change of purchases at home"),
            ("creation", "million USD", "growth of purchases from the bloc beyond diversion"),
            ("diversion", "million USD", "purchases from others that were lost"),
        ),
    ),
    ResultTable(
        "sectors",
        ("economy", "measure"),
        "real income in the many-sector model beside the one-sector model",
        (
            ("real_income_many_sectors", "percent", "change of real income with sectors and input-output links"),
            ("real_income_one_sector", "percent", "the same in the one-sector model, of spending on all goods"),
            ("gain_one_sector", "percent of GDP", "the same as equivalent variation over GDP: to be set beside it"),
            *(
                (f"{figure}_{end}", unit, f"{words} of {drawn}")
                for figure, unit, drawn in (
                    ("real_income_many_sectors", "percent", "draws of the inputs and the sectors' trade elasticities"),
                    ("gain_one_sector", "percent of GDP", "draws of the study's uncertain inputs"),
                )
                for end, words in (("low", "5 %"), ("median", "median"), ("high", "95 %"))
            ),
            ("one_sector_only", "percent of GDP", "gain on one sector of an economy that the input-output table lacks"),
        ),
    ),
    ResultTable(
        "sector_costs",
        ("sector", "measure"),
        "what a scenario changes by sector",
        (
            ("cost_change", "percent", "trade cost between economies, mean by baseline trade"),
            ("trade_change", "percent", "trade between economies"),
            ("containers_beyond_table", "million USD", "the study's containers that the table's sectors cannot fill"),
        ),
    ),
    ResultTable(
        "gravity",
        (
            "regression",
            "variable",
            "coefficient",
            "standard_error",
            "pairs",
            "deviance",
            "explained_percent",
            "correlation_squared",
        ),
        "the baseline's trade between economies on distance, hours, transport cost and borders (PPML)",
        plain=True,
    ),
    ResultTable("convergence", ("part", "measure"), "residuals, gaps and iterations"),
)
