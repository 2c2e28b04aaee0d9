"""Write out the rules of northeast-asia that hold for groups of economies: tariffs and shares in containers."""

from collections.abc import Iterator, Sequence

Row = tuple[str, ...]

EUROPEAN_UNION = (
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC", "HRV", "HUN", "IRL",
    "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
)  # fmt: skip
NEIGHBOURS = ("CHE", "NOR", "TUR")
NORTH_AMERICA = ("USA", "CAN", "MEX")
KOREAN_PARTNERS = (*EUROPEAN_UNION, *NEIGHBOURS, "USA", "CAN", "AUS")
"""Economies with an agreement with Korea in force in 2017 whose goods enter almost free."""

TARIFFS: dict[str, tuple[float, str, str]] = {
    "JPN": (2.5, "wdi-tariff-japan", "weighted mean applied, 2017"),
    "USA": (1.7, "rstreet-wto-2016", "trade-weighted mean, 2016"),
    "CHN": (4.0, "rstreet-wto-2016", "trade-weighted mean, about, 2016"),
    "RUS": (5.8, "wb-wps6161", "weighted mean at the end of the commitments to the World Trade Organization"),
    "MEX": (1.2, "wdi-tariff-mexico", "weighted mean applied, 2017"),
    "MNG": (5.2, "wb-mongolia-brief", "trade-weighted mean, 2008; the flat 5 % still stood in 2017"),
    "KOR": (5.0, "assumption", "between 4.0 (other than farm goods) and 8.0 (all) of the WTO profile, preferences off"),
    "IND": (5.8, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "BRA": (8.6, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "TUR": (2.9, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "IDN": (2.1, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "CAN": (1.5, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "AUS": (1.0, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "CHE": (1.6, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "NOR": (2.0, "assumption", "order of the World Bank's weighted mean; no measure touches it"),
    "TWN": (2.0, "assumption", "order of the trade-weighted mean; no measure touches it"),
    "PRK": (5.0, "assumption", "no schedule is published; order of its neighbours"),
    "ROW": (5.0, "assumption", "order of the world's mean outside the high-income economies"),
}
"""Importer to percent, source, note; the rate for exporters without a row of their own."""

CONTAINERS: dict[str, tuple[float, float, float, str]] = {
    "*": (0.04, 0.12, 0.12, "world: 52 % of seaborne value in containers, 73 % of goods by sea, goods 0.75 of trade"),
    "CHN": (0.10, 0.22, 0.28, "manufactures by sea; about 10 million TEU a year to Europe are the check"),
    "KOR": (0.10, 0.18, 0.07, "cars, ships and oil products move outside containers, chips by air"),
    "JPN": (0.10, 0.18, 0.07, "cars move outside containers"),
    "TWN": (0.12, 0.15, 0.08, "chips move by air"),
    "RUS": (0.0, 0.02, 0.06, "oil, gas, coal and metals move outside containers"),
    "RUS-FE": (0.0, 0.01, 0.05, "oil, gas, coal and timber move outside containers; fish in reefers"),
    "MNG": (0.0, 0.0, 0.04, "coal and copper move in bulk; cashmere and meat in containers"),
    "PRK": (0.02, 0.15, 0.18, "what is left under the bans; coal was bulk"),
    "USA": (0.05, 0.11, 0.10, "grain, oil and aircraft move outside containers"),
    "AUS": (0.0, 0.02, 0.08, "ores, coal and gas move in bulk"),
    "NOR": (0.0, 0.03, 0.05, "oil and gas move outside containers"),
    "BRA": (0.0, 0.05, 0.12, "ores and grain move in bulk"),
    "CAN": (0.01, 0.05, 0.10, "mostly by land to the USA"),
    "IDN": (0.02, 0.10, 0.16, "coal and palm oil move in bulk"),
    "IND": (0.03, 0.14, 0.18, "textiles, parts, food"),
    "ROW": (0.03, 0.07, 0.10, "oil and ores weigh heavily"),
}
"""Exporter to value shares of the classes electronics, manufactures, basic."""

PAIRS: dict[tuple[str, str], tuple[float, float, float, str]] = {
    ("KOR", "RUS"): (0.10, 0.35, 0.10, "parts, machines, resins; finished cars (30 %) apart; 67 thousand TEU"),
    ("KOR", "RUS-FE"): (0.10, 0.35, 0.10, "as to the rest of Russia"),
    ("CHN", "PRK"): (0.03, 0.15, 0.20, "consumer goods, materials; fuel and grain apart"),
    ("KOR", "PRK"): (0.15, 0.30, 0.20, "yarn, parts and electrical goods for processing, as in 2014"),
    ("PRK", "KOR"): (0.15, 0.40, 0.15, "garments and electrical goods, as in 2014"),
    ("RUS", "PRK"): (0.0, 0.03, 0.10, "fuel and grain apart"),
    ("RUS-FE", "PRK"): (0.0, 0.03, 0.10, "fuel apart"),
    ("RUS", "RUS-FE"): (0.02, 0.05, 0.04, "domestic containers on the Trans-Siberian"),
    ("RUS-FE", "RUS"): (0.0, 0.01, 0.04, "fish, timber products; raw materials apart"),
    ("CHN", "MNG"): (0.03, 0.12, 0.15, "consumer goods and machines by rail; much by lorry"),
    ("RUS", "MNG"): (0.0, 0.05, 0.10, "fuel apart"),
}

DOMESTIC: dict[str, tuple[float, float, float, str]] = {
    "*": (0.001, 0.004, 0.003, "few domestic sales move in containers over long distances"),
    "PRK": (0.0, 0.03, 0.07, "rail carries 90 % of freight; boxes stand for wagonloads"),
    "MNG": (0.0, 0.01, 0.02, "one trunk line"),
    "RUS": (0.002, 0.008, 0.005, "long hauls by rail"),
}
CLASSES = ("electronics", "manufactures", "basic")


def tariffs() -> Iterator[Row]:
    """Yield rows importer, exporter, percent, source, note."""
    for importer, (rate, source, note) in TARIFFS.items():
        yield (importer, "*", f"{rate:g}", source, note)
    for importer in EUROPEAN_UNION:
        yield (importer, "*", "2", "rstreet-wto-2016", "trade-weighted mean of the European Union, 2016")
        for exporter in (*EUROPEAN_UNION, *NEIGHBOURS):
            if exporter != importer:
                yield (importer, exporter, "0", "assumption", "single market, customs union or agreement")
    yield ("RUS-FE", "*", "5.8", "wb-wps6161", "tariff of the Eurasian Economic Union")
    yield ("RUS", "RUS-FE", "0", "assumption", "one customs territory")
    yield ("RUS-FE", "RUS", "0", "assumption", "one customs territory")
    for exporter in ("RUS", "RUS-FE"):
        yield ("KOR", exporter, "2", "assumption", "Russian goods are fuels and raw materials at 0 to 3 %")
    for one in NEIGHBOURS:
        for other in EUROPEAN_UNION:
            yield (one, other, "0", "assumption", "agreement or customs union")
    for one in NORTH_AMERICA:
        for other in NORTH_AMERICA:
            if one != other:
                yield (one, other, "0", "assumption", "North American agreement")
    for partner in KOREAN_PARTNERS:
        yield (partner, "KOR", "0", "assumption", "agreement with Korea in force")
        yield ("KOR", partner, "0.5", "assumption", "agreement with Korea in force; some farm goods stay out")


def class_shares(economies: Sequence[str]) -> Iterator[Row]:
    """Yield rows exporter, importer, class, share, source, note."""
    for exporter, (*shares, note) in CONTAINERS.items():
        yield from _classes(exporter, "*", shares, note)
    for (exporter, importer), (*shares, note) in PAIRS.items():
        yield from _classes(exporter, importer, shares, note)
    for economy in economies:
        *shares, note = DOMESTIC.get(economy, DOMESTIC["*"])
        yield from _classes(economy, "=", shares, note)
    land = "neighbours trade by lorry and pipeline; what moves by rail or short sea in containers"
    europe = (*EUROPEAN_UNION, *NEIGHBOURS)
    for exporter in europe:
        for importer in europe:
            if exporter != importer:
                yield from _classes(exporter, importer, (0.005, 0.02, 0.02), land)
        yield from _classes(exporter, "RUS", (0.01, 0.05, 0.05), land)
        yield from _classes("RUS", exporter, (0.0, 0.01, 0.03), land)
    for exporter in NORTH_AMERICA:
        for importer in NORTH_AMERICA:
            if exporter != importer:
                yield from _classes(exporter, importer, (0.01, 0.02, 0.02), land)


def _classes(exporter: str, importer: str, shares: Sequence[object], note: str) -> Iterator[Row]:
    source = "unctad-containers" if (exporter, importer) == ("*", "*") else "assumption"
    for name, share in zip(CLASSES, shares, strict=True):
        yield (exporter, importer, name, f"{share}", source, note)
