"""Names of the economies of northeast-asia, and what was said by whom."""

import csv
from collections.abc import Iterator
from pathlib import Path

Row = tuple[str, ...]
BOTH_WAYS_TRADE = "trade:KOR<->RUS+RUS-FE"
BOTH_WAYS_VISITS = "visits:KOR<->RUS+RUS-FE"

SEEDS = {
    "000_017b018d35fd018a.txt": "seed-sputnik-2017",
    "001_04c78868a27266e1.txt": "seed-korea-herald-2017",
    "002_58f5a4662705265c.txt": "seed-korea-herald-2018",
    "003_c16a40f37aa2263c.txt": "seed-kremlin-2018",
    "004_3a668e29e8f2b521.txt": "seed-tass-2018",
}
INDICATORS = {
    "korea_russia_trade": BOTH_WAYS_TRADE,
    "korea_russia_visits": BOTH_WAYS_VISITS,
    "korea_russia_trade_growth": f"growth:{BOTH_WAYS_TRADE}",
}
USED_FOR = {
    "trade_1992": "arithmetic: 25.8 bn over 190 million is 135.8 times",
    "trade_2014": "arithmetic with trade_1992; series",
    "trade_growth_1992_2014": "checked against trade_2014 over trade_1992",
    "visits_1990": "series", "visits_2016": "series",
    "fta_wish": "measure korea-russia-fta", "arctic_routes": "measures nsr-longer-season, nsr-fee-cut",
    "rail_link": "measures west-line-open, east-line-open", "economic_community": "scenario all",
    "un_sanctions": "measures un-*, in the baseline", "far_east_role": "economy RUS-FE",
    "far_east_finance": "projects", "far_east_industry": "projects",
    "trade_20bn": "compared with 19.0 bn of the baseline", "trade_rank_kremlin": "compared with the trade table",
    "common_goal": "road map", "multilateral_mechanism": "road map", "dual_freeze": "road map, first stage",
    "sanctions_support": "consent of RUS to easing", "corresponding_measures": "road map, easing in steps",
    "rail_community": "members of scenario rail-community",
    "target_trade_2020": "target", "target_visits_2020": "target",
    "trade_growth_2018": "compared with 24.8 bn of 2018 over 19.0 bn",
}  # fmt: skip


def economies(path: Path) -> dict[str, dict[str, str]]:
    """Read name, land, expected growth and people of each economy, by its code."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["economy"]: row for row in csv.DictReader(handle)}


def statement_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of statements.csv from the seeds."""
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            indicator = INDICATORS.get(row["indicator"], row["indicator"])
            yield (
                row["id"], row["date"], row["outlet"], row["speaker"], row["topic"], indicator,
                row["statement_in_our_words"], row["value"], row["unit"], row["year"], SEEDS[row["source_file"]],
                USED_FOR.get(row["id"], "context"),
            )  # fmt: skip
