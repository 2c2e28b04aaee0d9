"""Compile the computed tables of the study northeast-asia from the raw data: ``python -m tools.build_northeast_asia``.

Tables written: trade, economies, open_trade, tariffs, class_shares, statements. The others are kept by hand
in the study's folder. Running it twice gives the same bytes.
"""

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools import build_northeast_asia_history as history
from tools import build_northeast_asia_rules as rules
from tools import build_northeast_asia_trade as trade

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "src" / "landbridge" / "studies" / "northeast-asia"

INTER_KOREAN_MUSD = {("KOR", "PRK"): 1136.4, ("PRK", "KOR"): 1206.7}
"""Trade between South and North Korea in 2014, its height until then (customs, KITA)."""
BEFORE_BANS_MUSD = {"from": 2630.0, "to": 3420.0}
"""North Korea's exports to and imports from China in 2016."""
DISTANCE_KM = {"CHN": 810.0, "JPN": 1285.0, "USA": 10_900.0}
"""Great circle from Pyongyang to Beijing, Tokyo, and the middle of the USA's two coasts."""
DISTANCE_ELASTICITY = 0.841
"""PPML, table 1 of the Advanced Guide."""
NO_BORDER = 0.5
"""China shares a border and a customs practice with North Korea; others trade half of what its flow foretells."""


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV with one line end."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def trade_rows(flows: trade.Flows) -> Iterable[Sequence[str]]:
    """Yield the cells above zero with the step that made them."""
    for exporter in flows.labels:
        for importer in flows.labels:
            value = flows.at(exporter, importer)
            if value > 0:
                yield (exporter, importer, repr(round(value, 6)), *_origin(exporter, importer))


def _origin(exporter: str, importer: str) -> tuple[str, str]:
    ends = {exporter, importer}
    if "PRK" in ends:
        if len(ends) == 1:
            return "bok-2018", "GDP of 2018 times output per GDP of the rest of the world, less exports"
        return "kotra-2018", "2018, under the bans; split by partner in docs/studies/northeast-asia.md"
    if "MNG" in ends:
        if len(ends) == 1:
            return "wdi-gdp", "GDP times output per GDP of the rest of the world, less exports"
        return "comtrade-4yearly", "2016 times growth of GDP in current USD to 2017"
    if ends <= {"RUS", "RUS-FE"} or "RUS-FE" in ends:
        return "wiod-2016", "split from Russia with stated shares; see docs/studies/northeast-asia.md"
    if ends == {"KOR", "RUS"}:
        return "yonhap-embassy", "level of 2017 by direction, less the Far East's part"
    return "wiod-2016", ""


def open_trade_rows(flows: trade.Flows) -> Iterable[Sequence[str]]:
    """Yield what pairs would trade that do not trade only because it is forbidden."""
    for (exporter, importer), value in INTER_KOREAN_MUSD.items():
        yield exporter, importer, f"{value}", "kita-inter-korean", "trade of 2014, almost all through Kaesong"
    china = flows.labels.index("CHN")
    for partner in ("JPN", "USA"):
        at = flows.labels.index(partner)
        near = NO_BORDER * (DISTANCE_KM["CHN"] / DISTANCE_KM[partner]) ** DISTANCE_ELASTICITY
        buys = near * flows.values[:, at].sum() / flows.values[:, china].sum()
        sells = near * flows.values[at].sum() / flows.values[china].sum()
        note = "gravity from the flow with China in 2016: size, distance to the power -0.841, half for no border"
        yield "PRK", partner, f"{BEFORE_BANS_MUSD['from'] * buys:.1f}", "assumption", note
        yield partner, "PRK", f"{BEFORE_BANS_MUSD['to'] * sells:.1f}", "assumption", note


def economy_rows(flows: trade.Flows, gdp: dict[str, float]) -> Iterable[Sequence[str]]:
    """Yield name, land, GDP, expected growth and people of each economy."""
    special = {
        "PRK": ("bok-2018", "Bank of Korea's estimate for 2018 at 1,100 won per USD; South Korean prices"),
        "RUS-FE": ("fefd-grp", "5.4 % of Russia; regional product 3,757 bn roubles of 2016"),
        "RUS": ("wdi-gdp", "without the Far East"),
        "TWN": ("dgbas-taiwan", "24,337 USD a head times 23.57 million people"),
        "ROW": ("wdi-gdp", "world less all others"),
    }
    known = history.economies(Path(__file__).with_name("build_northeast_asia_economies.csv"))
    for code in flows.labels:
        row = known[code]
        source, note = special.get(code, ("wdi-gdp", ""))
        note = "; ".join(filter(None, (note, "growth: rounded medium-term expectation of 2017, assumption")))
        size = f"{float(row['people_million']) * 1e6:.0f}" if row["people_million"] else ""
        yield (
            code, row["name"], row["country"], f"{gdp[code]:.3f}", row["growth_percent_per_year"], size, source, note,
        )  # fmt: skip


def main() -> None:
    """Write the computed tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the raw data")
    parser.add_argument("--study", type=Path, default=STUDY, help="folder of the study")
    arguments = parser.parse_args()
    flows, gdp = trade.build(arguments.data / "trade")
    tables = arguments.study / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    files: dict[str, tuple[str, Iterable[Sequence[str]]]] = {
        "trade": ("exporter,importer,flow_musd,source,note", trade_rows(flows)),
        "economies": (
            "economy,name,country,gdp_usd_bn,growth_percent_per_year,people,source,note",
            economy_rows(flows, gdp),
        ),
        "open_trade": ("exporter,importer,fitted_flow_musd,source,note", open_trade_rows(flows)),
        "tariffs": ("importer,exporter,tariff_percent,source,note", rules.tariffs()),
        "class_shares": ("exporter,importer,class,value_share,source,note", rules.class_shares(flows.labels)),
    }
    for name, (header, rows) in files.items():
        write(tables / f"{name}.csv", header.split(","), rows)
    header = "id,date,outlet,speaker,topic,indicator,statement_in_our_words,value,unit,year,source,used_for"
    statements = history.statement_rows(arguments.data / "seeds" / "statements.csv")
    write(arguments.study / "statements.csv", header.split(","), statements)


if __name__ == "__main__":
    main()
