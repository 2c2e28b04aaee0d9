"""The tables of the study northeast-asia: they add up, they say what the sources say, their names exist."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landbridge.network.additions import add_lines, name_sections
from landbridge.network.base import base_network
from landbridge.pipeline.inputs import banned_share, read_inputs
from landbridge.study.arithmetic import agreements
from landbridge.study.model import Study
from landbridge.study.reader import check_study, read_study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "src" / "landbridge" / "studies" / "northeast-asia"
DATA = ROOT / "../shared/data"


def tool(name: str) -> ModuleType:
    """Load a script of tools/, which is no part of the package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


trade = tool("build_northeast_asia_trade")
needs_data = pytest.mark.skipif(not (DATA / "trade").is_dir(), reason="the raw data at ../shared/data are not there")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(STUDY)


@pytest.fixture(scope="module")
def built() -> tuple[Any, dict[str, float]]:
    return trade.build(DATA / "trade")


def flow(study: Study, exporters: str, importers: str) -> float:
    table = study.tables["trade"]
    rows = zip(table.text("exporter"), table.text("importer"), table.number("flow_musd"), strict=True)
    return sum(value for i, j, value in rows if i in exporters.split("+") and j in importers.split("+"))


def test_no_fault_and_no_warning() -> None:
    assert [str(problem) for problem in check_study(STUDY)] == []


def test_size_that_the_study_promises(study: Study) -> None:
    assert len(study.tables["economies"]) == 47
    owners = study.tables["zones"].text("economy")
    assert len(owners) >= 80
    several = ("KOR", "PRK", "CHN", "JPN", "MNG", "RUS", "RUS-FE", "USA", "DEU", "POL", "ROW")
    assert all(owners.count(economy) >= 4 for economy in several)
    assert len(study.tables["observed_routes"]) >= 15
    assert len(study.tables["classes"]) >= 3


def test_korea_russia_trade_is_that_of_2017(study: Study) -> None:
    out, back = flow(study, "KOR", "RUS+RUS-FE"), flow(study, "RUS+RUS-FE", "KOR")
    assert out == pytest.approx(6_900, abs=1e-3)
    assert back == pytest.approx(12_100, abs=1e-3)
    assert out + back == pytest.approx(19_000, abs=1e-3)


def test_north_korea_stands_for_2018(study: Study) -> None:
    others = "+".join(economy for economy in study.tables["economies"].text("economy") if economy != "PRK")
    exports, imports = flow(study, "PRK", others), flow(study, others, "PRK")
    assert exports == pytest.approx(243, abs=0.5)
    assert imports == pytest.approx(2_600, abs=0.5)
    china = flow(study, "PRK", "CHN") + flow(study, "CHN", "PRK")
    assert china / (exports + imports) == pytest.approx(0.958, abs=0.002)  # 95.8 % by KOTRA
    assert flow(study, "KOR+JPN+USA", "PRK") == 0.0
    assert flow(study, "PRK", "KOR+JPN+USA") == 0.0


def test_bans_explain_what_was_left_of_trade(study: Study) -> None:
    inputs = read_inputs(study)
    banned = banned_share(study, inputs, study.standing("baseline-2017"))
    at = inputs.position
    assert banned[at("PRK"), at("CHN")] == pytest.approx(1 - 195 / 2_630, abs=0.002)
    assert banned[at("CHN"), at("PRK")] == pytest.approx(1 - 2_525 / 3_610, abs=0.002)
    assert banned[at("PRK"), at("KOR")] == banned[at("USA"), at("PRK")] == pytest.approx(1.0)
    assert banned_share(study, inputs, study.standing("all")).max() == 0.0


def test_open_trade_stands_only_where_all_is_banned(study: Study) -> None:
    inputs = read_inputs(study)
    banned = banned_share(study, inputs, study.standing("baseline-2017"))
    pairs = inputs.fitted > 0
    assert pairs.sum() == 6
    assert banned[pairs] == pytest.approx(1.0)
    assert (inputs.flows[pairs] == 0).all()


def test_a_mean_container_is_worth_what_the_world_mean_is(study: Study) -> None:
    inputs = read_inputs(study)
    value = np.array([item.value_usd_per_teu for item in inputs.classes])
    default = np.array([0.04, 0.12, 0.12])
    assert default.sum() / (default / value).sum() == pytest.approx(42_000, rel=0.05)
    teu = np.einsum("kij,k,ij->ij", inputs.class_share, 1 / value, inputs.flows) * 1e6
    np.fill_diagonal(teu, 0.0)
    assert 100e6 < teu.sum() < 160e6  # world container trade of 2017: about 148 million TEU


def test_arithmetic_among_statements(study: Study) -> None:
    rows = {row["id"]: row for row in study.tables["statements"].rows()}
    assert len(rows) == 28
    ratio = rows["trade_2014"]["value"] * 1e9 / (rows["trade_1992"]["value"] * 1e6)
    assert ratio == pytest.approx(135.8, abs=0.05)
    assert ratio > rows["trade_growth_1992_2014"]["value"]
    series = {(row["indicator"], row["year"]): row["value"] for row in study.tables["series"].rows() if row["used"]}
    at = rows["trade_20bn"]["indicator"]
    assert series[at, 2017] == 19.0  # the speaker said 20: the two disagree and both are kept
    assert rows["trade_20bn"]["value"] == 20.0


def test_arithmetic_among_statements_is_told(study: Study) -> None:
    """25.8 billion over 190 million is 135.8 times, as was said; 20 billion is not the 19.0 that the study uses."""
    found = {(check.statement, check.against): check for check in agreements(study)}
    growth = found["trade_growth_1992_2014", "statements"]
    assert growth.agrees
    assert growth.expected == pytest.approx(135.8, abs=0.05)
    assert not found["trade_20bn", "series"].agrees


def test_one_used_figure_an_indicator_and_year(study: Study) -> None:
    used = [(row["indicator"], row["year"]) for row in study.tables["series"].rows() if row["used"]]
    assert len(used) == len(set(used))


def test_names_exist_in_the_world_network(study: Study) -> None:
    network = base_network()
    links, transfers = network.links, network.transfers
    sections = set(study.tables["sections"].text("section"))
    ends = np.flatnonzero(links.kind.mask("crossing"))
    country = network.nodes.country
    borders = {"-".join(sorted((country[int(links.tail[k])], country[int(links.head[k])]))) for k in ends}
    assert set(study.tables["crossings"].text("crossing")) - {"*"} <= set(links.name.words) | borders
    assert set(study.tables["passages"].text("passage")) <= set(links.passage.words)
    ports = [port for port in study.tables["ports"].text("port") if len(port) == 5]
    assert set(ports) <= set(transfers.name.words)
    own = set(study.tables["links"].text("link"))
    known = own | sections | set(links.name.words) | set(links.passage.words)
    gates = {gate for gates in study.tables["corridors"].text("gates") for gate in gates.split("+")}
    assert gates <= known | set(transfers.name.words)
    for measure in study.measures:
        for change in measure.changes:
            assert set(change.names) <= known
            assert set(change.passages) <= set(links.passage.words)
            assert set(change.ports) <= set(transfers.name.words)


STRETCHES = {
    "kp-west": (395, 430),  # Kaesong-Sinuiju about 400 km by the survey of 2018; Panmun is 10 km south of Kaesong
    "kp-east-middle": (510, 560),
    "kp-east-north": (75, 90),  # Chongjin-Rajin 81 km
    "trans-mongolian-line": (1040, 1115),  # Sukhbaatar-Zamyn-Uud 1,110 km less 24 to the border stations
    "tsr-south": (750, 780),  # Vladivostok-Khabarovsk 766 km
}


def test_stretches_have_their_published_lengths(study: Study) -> None:
    network = name_sections(add_lines(base_network(), study.tables["links"]), study.tables["sections"])
    for name, (low, high) in STRETCHES.items():
        more = {"kp-east-middle": ("tanchon-kimchaek",), "kp-east-north": ("rajin-west",)}.get(name, ())
        rows = network.links.name.mask(name, *more)
        edges = np.unique(network.links.edge[rows], return_index=True)[1]
        assert low <= network.links.km[rows][edges].sum() <= high, name


@needs_data
def test_trade_table_is_what_the_script_builds(study: Study, built: tuple[Any, dict[str, float]]) -> None:
    flows, gdp = built
    inputs = read_inputs(study)
    order = [flows.labels.index(economy) for economy in inputs.economies]
    assert inputs.flows == pytest.approx(flows.values[np.ix_(order, order)], abs=1e-6)
    assert inputs.gdp_usd_bn == pytest.approx([gdp[economy] for economy in inputs.economies], abs=1e-3)


@needs_data
def test_carving_and_splitting_leave_totals_alone(built: tuple[Any, dict[str, float]]) -> None:
    gdp = trade.read_gdp(DATA / "trade" / "gdp_current_usd.csv")
    flows = trade.read_flows(DATA / "trade" / "wiod_flows_44_2000_2005_2010_2014.csv", 2014)
    factors = trade.growth(flows.labels, gdp)
    before = trade.fix_cells(trade.grow(flows, factors), trade.KOREA_RUSSIA_MUSD)
    sales = {label: value * factors[label] for label, value in zip(flows.labels, flows.values.sum(1), strict=True)}
    after, money = built
    parts = {"ROW": ("ROW", "MNG", "PRK"), "RUS": ("RUS", "RUS-FE")}
    groups = [[after.labels.index(part) for part in parts.get(label, (label,))] for label in before.labels]
    whole = np.array([[after.values[np.ix_(i, j)].sum() for j in groups] for i in groups])
    assert whole == pytest.approx(before.values, rel=1e-9, abs=1e-6)
    assert whole.sum(1) == pytest.approx(list(sales.values()), rel=1e-10)  # sales grow by exactly the stated factor
    assert after.values.min() >= 0.0
    assert sum(money.values()) == pytest.approx(gdp["WLD", 2017], rel=1e-9)


def test_balance_of_two_by_two_keeps_the_odds_ratio() -> None:
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    result = trade.balance(seed, np.array([5.0, 5.0]), np.array([4.0, 6.0]))
    assert result.sum(1) == pytest.approx([5, 5])
    assert result.sum(0) == pytest.approx([4, 6])
    odds = [table[0, 0] * table[1, 1] / table[0, 1] / table[1, 0] for table in (seed, result)]
    assert odds[1] == pytest.approx(odds[0])


@settings(max_examples=25, deadline=None)
@given(arrays(float, (4, 4), elements=st.floats(0.1, 100)), st.lists(st.floats(0.5, 2), min_size=4, max_size=4))
def test_balance_meets_any_totals_of_one_sum(seed: np.ndarray, factors: list[float]) -> None:
    rows = seed.sum(1) * np.array(factors)
    columns = seed.sum(0) * rows.sum() / seed.sum()
    result = trade.balance(seed, rows, columns)
    assert result.sum(1) == pytest.approx(rows, rel=1e-8)
    assert result.sum(0) == pytest.approx(columns, rel=1e-8)
    assert result.min() >= 0
