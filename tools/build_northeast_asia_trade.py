"""Bring the 2014 table of 44 economies to the 47 economies of northeast-asia in its base year.

Steps, each a function: grow to 2017, set Korea-Russia, carve Mongolia and North Korea out of the rest of the
world, split the Russian Far East from Russia. All flows in million USD, exporters in rows.
"""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
REST = "ROW"

TAIWAN_GDP_USD_BN = {2014: 530.3, 2017: 573.6}
"""GDP per head of 22,632 and 24,337 USD (Directorate-General of Budget) times 23.43 and 23.57 million people."""

KOREA_RUSSIA_MUSD = {("KOR", "RUS"): 6_900.0, ("RUS", "KOR"): 12_100.0}
"""2018 flows of 7.3 and 17.5 bn deflated by the embassy's growth (+6 %, +45 %): 6.89 and 12.07; together 19.0 bn."""

NORTH_KOREA_EXPORTS_MUSD = {"CHN": 195.0, "RUS": 2.0, "IND": 8.0, REST: 38.0}
"""2018: 243 in all; China by total 2,720 less deficit 2,330; Russia 34 both ways; the rest assumed."""
NORTH_KOREA_IMPORTS_MUSD = 2_600.0
NORTH_KOREA_IMPORTS_FROM = {"CHN": 2_525.0, "RUS": 32.0}
NORTH_KOREA_GDP_USD_BN = 32.6
"""35.9 trillion won of 2018 (Bank of Korea) at 1,100 won."""

FAR_EAST_SHARE = 0.054
"""Share of the Far East in Russia's output and spending: 3,757 of about 69,250 bn roubles of 2016."""
FAR_EAST_HOME_SHARE = 0.55
"""Share of what the Far East buys that the Far East makes."""
FAR_EAST_EXPORTS = 0.068
"""Share of Russia's exports that the Far East sends out; 2019."""
FAR_EAST_IMPORTS = 0.034
FAR_EAST_EXPORTS_TO = {"KOR": 0.30, "CHN": 0.25, "JPN": 0.25}
FAR_EAST_IMPORTS_FROM = {"CHN": 0.45, "KOR": 0.15, "JPN": 0.15}
FAR_EAST_SHARE_NORTH_KOREA = 0.5
"""Share of the Far East in Russia's small trade with North Korea, which it borders."""
MOST_OF_A_FLOW = 0.65
"""The Far East never has more than this share of a Russian flow with one partner."""


@dataclass(frozen=True, slots=True)
class Flows:
    """A square table of flows with its labels."""

    labels: tuple[str, ...]
    values: Floats

    def at(self, exporter: str, importer: str) -> float:
        """Return one flow."""
        return float(self.values[self.labels.index(exporter), self.labels.index(importer)])


def read_flows(path: Path, year: int) -> Flows:
    """Read one year of the long table of flows."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if int(float(row["year"])) == year]
    labels = tuple(sorted({row["exporter"] for row in rows}))
    at = {label: i for i, label in enumerate(labels)}
    values = np.zeros((len(labels), len(labels)))
    for row in rows:
        values[at[row["exporter"]], at[row["importer"]]] = float(row["trade"])
    return Flows(labels, values)


def read_gdp(path: Path) -> dict[tuple[str, int], float]:
    """Read GDP in billion USD by country code and year."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {(row["Country Code"], int(row["Year"])): float(row["Value"]) / 1e9 for row in csv.DictReader(handle)}


def read_mirror(path: Path, year: int) -> dict[tuple[str, str], float]:
    """Read the four-yearly Comtrade flows of a year, in million USD, by exporter and importer."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        return {
            (row["exp"], row["imp"]): float(row["export"]) / 1e6
            for row in rows
            if int(row["time"]) == year and row["export"]
        }


def balance(seed: Floats, rows: Floats, columns: Floats, *, sweeps: int = 20_000) -> Floats:
    """Scale rows and columns of a non-negative seed until they add up to the given totals (RAS).

    Bacharach (1970): the result keeps zeros at zero and is the table nearest to the seed in information.
    """
    if min(rows.min(), columns.min(), seed.min()) < 0 or abs(rows.sum() / columns.sum() - 1) > 1e-12:
        raise ValueError("Totals of rows and columns must be non-negative and have one sum.")
    values = seed.copy()
    for _ in range(sweeps):
        values *= np.divide(rows, values.sum(1), out=np.ones_like(rows), where=values.sum(1) > 0)[:, None]
        values *= np.divide(columns, values.sum(0), out=np.ones_like(columns), where=values.sum(0) > 0)
        if np.abs(values.sum(1) - rows).max() <= 1e-13 * rows.max():
            return values
    raise ValueError("The table does not balance.")


def growth(labels: Sequence[str], gdp: Mapping[tuple[str, int], float]) -> dict[str, float]:
    """Return the factor from 2014 to 2017 of each economy's GDP in current USD; the rest is the world less all."""
    known = {(code, year): gdp[code, year] for code in labels if code not in (REST, "TWN") for year in (2014, 2017)}
    known |= {("TWN", year): value for year, value in TAIWAN_GDP_USD_BN.items()}
    for year in (2014, 2017):
        known[REST, year] = gdp["WLD", year] - sum(v for (code, y), v in known.items() if y == year and code != REST)
    return {code: known[code, 2017] / known[code, 2014] for code in labels}


def grow(flows: Flows, factors: Mapping[str, float]) -> Flows:
    """Scale sales and spending of each economy by its factor, then balance.

    The seed is ``X_ij sqrt(g_i g_j)``; sales grow by exactly g_i, spending by g_j times one factor near 1 that
    makes the two sums agree.
    """
    g = np.array([factors[label] for label in flows.labels])
    rows = flows.values.sum(1) * g
    columns = flows.values.sum(0) * g
    seed = flows.values * np.sqrt(np.outer(g, g))
    return Flows(flows.labels, balance(seed, rows, columns * rows.sum() / columns.sum()))


def fix_cells(flows: Flows, cells: Mapping[tuple[str, str], float]) -> Flows:
    """Set cells to stated values and balance the others to unchanged sales and spending."""
    rows, columns = flows.values.sum(1), flows.values.sum(0)
    seed = flows.values.copy()
    fixed = np.zeros_like(seed)
    for (exporter, importer), value in cells.items():
        at = flows.labels.index(exporter), flows.labels.index(importer)
        seed[at] = 0.0
        fixed[at] = value
    return Flows(flows.labels, fixed + balance(seed, rows - fixed.sum(1), columns - fixed.sum(0)))


def carve(flows: Flows, name: str, exports: Mapping[str, float], imports: Mapping[str, float], home: float) -> Flows:
    """Take an economy out of the rest of the world: what it sells and buys leaves the rest's cells.

    `exports` and `imports` may name the rest itself: trade of the new economy with what remains.
    """
    n = len(flows.labels)
    labels = (*flows.labels, name)
    values = np.zeros((n + 1, n + 1))
    values[:n, :n] = flows.values
    rest = flows.labels.index(REST)
    values[n, n] = home
    values[rest, rest] -= home
    for partner, value in exports.items():
        values[n, labels.index(partner)] = value
        values[rest, labels.index(partner)] -= value
    for partner, value in imports.items():
        values[labels.index(partner), n] = value
        values[labels.index(partner), rest] -= value
    if values.min() < 0:
        raise ValueError(f"{name} trades more than the rest of the world has.")
    return Flows(labels, values)


def _portions(total: float, flows: Floats, wanted: Mapping[int, float]) -> Floats:
    """Split a total over partners: stated parts for some, the others by their flow; capped by the flow."""
    parts = np.zeros_like(flows)
    for at, share in wanted.items():
        parts[at] = min(total * share, MOST_OF_A_FLOW * flows[at])
    others = flows.copy()
    others[list(wanted)] = 0.0
    result: Floats = parts + max(float(total - parts.sum()), 0.0) * others / others.sum()
    return result


def split(flows: Flows, whole: str, part: str) -> Flows:
    """Split a region from an economy with a stated home share; totals stay exact.

    With the region's sales ``y = s Y`` and spending ``e = s E``, its exports and imports by partner stated,
    its purchases at home ``h e``: sales to the remainder are ``y - h e - exports``, purchases from it
    ``e - h e - imports``. RAS then makes the four domestic cells add up; here it has nothing left to do.
    """
    n = len(flows.labels)
    at = flows.labels.index(whole)
    abroad = np.arange(n) != at
    out, into = np.where(abroad, flows.values[at], 0.0), np.where(abroad, flows.values[:, at], 0.0)
    where = flows.labels.index
    exports = _portions(FAR_EAST_EXPORTS * out.sum(), out, {where(k): v for k, v in FAR_EAST_EXPORTS_TO.items()})
    imports = _portions(FAR_EAST_IMPORTS * into.sum(), into, {where(k): v for k, v in FAR_EAST_IMPORTS_FROM.items()})
    sales, spending = FAR_EAST_SHARE * flows.values[at].sum(), FAR_EAST_SHARE * flows.values[:, at].sum()
    home = FAR_EAST_HOME_SHARE * spending
    domestic = np.array([[0.0, spending - home - imports.sum()], [sales - home - exports.sum(), home]])
    domestic[0, 0] = flows.values[at, at] - domestic.sum()
    values = np.zeros((n + 1, n + 1))
    values[:n, :n] = flows.values
    values[at, :n] = out - exports
    values[:n, at] = into - imports
    values[n, :n], values[:n, n] = exports, imports
    pair = np.ix_([at, n], [at, n])
    values[pair] = balance(domestic, domestic.sum(1), domestic.sum(0))
    north = where("PRK")
    for first, second in ((values[at], values[n]), (values[:, at], values[:, n])):
        moved = FAR_EAST_SHARE_NORTH_KOREA * (first[north] + second[north]) - second[north]
        free = int(np.argmax(np.where(np.isin(np.arange(n + 1), [at, n, north]), 0.0, first)))
        first[north], second[north] = first[north] - moved, second[north] + moved
        first[free], second[free] = first[free] + moved, second[free] - moved
    if values.min() < 0:
        raise ValueError(f"{part} trades more than {whole} has.")
    return Flows((*flows.labels, part), values)


def mongolia(
    flows: Flows, mirror: Mapping[tuple[str, str], float], factor: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Return Mongolia's exports and imports by partner: reports of 2016 times its growth to 2017."""
    return _partners(flows, mirror, "MNG", factor)


def _partners(
    flows: Flows, mirror: Mapping[tuple[str, str], float], code: str, factor: float
) -> tuple[dict[str, float], dict[str, float]]:
    exports: dict[str, float] = {}
    imports: dict[str, float] = {}
    for (exporter, importer), value in mirror.items():
        if code not in (exporter, importer):
            continue
        table, other = (exports, importer) if exporter == code else (imports, exporter)
        partner = other if other in flows.labels else REST
        table[partner] = table.get(partner, 0.0) + value * factor
    return exports, imports


def north_korea_imports(flows: Flows, mirror: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return imports of 2018 by partner: China and Russia stated, the rest by the pattern of 2016."""
    _, pattern = _partners(flows, mirror, "PRK", 1.0)
    rest = {k: v for k, v in pattern.items() if k not in ("CHN", "RUS", "KOR", "JPN", "USA")}
    left = NORTH_KOREA_IMPORTS_MUSD - sum(NORTH_KOREA_IMPORTS_FROM.values())
    return NORTH_KOREA_IMPORTS_FROM | {k: left * v / sum(rest.values()) for k, v in rest.items()}


def build(data: Path) -> tuple[Flows, dict[str, float]]:
    """Return the 47 economies' flows of the base year and GDP in billion USD."""
    gdp = read_gdp(data / "gdp_current_usd.csv")
    mirror = read_mirror(data / "comtrade_4yearly_to_2016.csv.gz", 2016)
    flows = read_flows(data / "wiod_flows_44_2000_2005_2010_2014.csv", 2014)
    flows = fix_cells(grow(flows, growth(flows.labels, gdp)), KOREA_RUSSIA_MUSD)
    known = sum(gdp[code, 2017] for code in flows.labels if code not in (REST, "TWN"))
    rest_gdp = gdp["WLD", 2017] - known - TAIWAN_GDP_USD_BN[2017]
    output_ratio = flows.values[flows.labels.index(REST)].sum() / 1e3 / rest_gdp
    exports, imports = mongolia(flows, mirror, gdp["MNG", 2017] / gdp["MNG", 2016])
    home = gdp["MNG", 2017] * output_ratio * 1e3 - sum(exports.values())
    flows = carve(flows, "MNG", exports, imports, home)
    home = NORTH_KOREA_GDP_USD_BN * output_ratio * 1e3 - sum(NORTH_KOREA_EXPORTS_MUSD.values())
    flows = carve(flows, "PRK", NORTH_KOREA_EXPORTS_MUSD, north_korea_imports(flows, mirror), home)
    flows = split(flows, "RUS", "RUS-FE")
    money = {code: gdp[code, 2017] for code in flows.labels if (code, 2017) in gdp}
    money |= {"TWN": TAIWAN_GDP_USD_BN[2017], "PRK": NORTH_KOREA_GDP_USD_BN}
    money["RUS-FE"] = FAR_EAST_SHARE * money["RUS"]
    money["RUS"] -= money["RUS-FE"]
    money[REST] = rest_gdp - money["MNG"] - money["PRK"]
    return flows, money
