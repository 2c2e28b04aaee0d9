"""Many sectors through the pipeline: one sector gives the one-sector model; classes reach the sectors they carry."""

from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.pipeline.outcome import Baseline, find_outcome
from landbridge.pipeline.run import baseline_of
from landbridge.pipeline.sector_results import sector_tables
from landbridge.pipeline.sectors import SectorTable, single_sector, solve_sectors
from landbridge.study.reader import read_study
from landbridge.trade.sector_economy import SectorEconomy


@pytest.fixture(scope="module")
def island() -> Baseline:
    return baseline_of(read_study("island-canal"))


@pytest.mark.parametrize("scenario", ["canal", "railway"])
def test_one_sector_is_the_one_sector_model(island: Baseline, scenario: str) -> None:
    outcome = find_outcome(island, island.ground.study.standing(scenario), scenario, with_charges=False)
    found = solve_sectors(island, outcome, single_sector(island))
    np.testing.assert_allclose(found.cost_change[0], outcome.change.total, rtol=1e-13)
    np.testing.assert_allclose(found.equilibrium.real_income_change, outcome.equilibrium.real_income_change, rtol=1e-9)
    assert found.shared == ()
    assert found.capped == pytest.approx(0.0, abs=1e-6)


def two_sectors(island: Baseline, size: float) -> SectorTable:
    """Return the study's flows as two sectors without links; all containers are of the first, of a given size."""
    one = single_sector(island).economy
    n = one.n_economies
    economy = SectorEconomy(
        np.repeat(one.shares, 2, axis=0),
        np.array([[size], [1.0 - size]]) * np.repeat(one.spending, 2, axis=0),
        one.value_added,
        np.ones((2, n)),
        np.zeros((n, 2, 2)),
        np.repeat([[size], [1.0 - size]], n, axis=1),
        np.full(2, one.trade_elasticity[0]),
        one.deficit,
        one.economies,
        ("goods", "services"),
    )
    weights = np.zeros((len(island.ground.inputs.classes), 2))
    weights[:, 0] = 1.0
    return SectorTable(economy, {name: name for name in one.economies}, weights, "made for the test")


def of_trade(island: Baseline, size: float) -> np.ndarray:
    """Return the part of goods in each pair's trade net of tariffs."""
    goods = size / (1.0 + island.rules.tariffs)
    share: np.ndarray = goods / (goods + 1.0 - size)
    return share


def test_only_the_sector_in_the_containers_gets_cheaper(island: Baseline) -> None:
    outcome = find_outcome(island, island.ground.study.standing("canal"), "canal")
    found = solve_sectors(island, outcome, two_sectors(island, 0.9))
    np.testing.assert_allclose(found.cost_change[1], 1.0, rtol=0, atol=0)
    # The same containers are a larger part of the smaller trade: tau^-eps - 1 rises by one over the sector's size.
    # Services bear no tariff, so that of trade net of tariffs goods are a little less than 0.9.
    eps = island.ground.study.parameter("trade_elasticity")
    whole, goods = outcome.change.transport**-eps - 1.0, found.cost_change[0] ** -eps - 1.0
    np.testing.assert_allclose(goods, whole / of_trade(island, 0.9), rtol=1e-9, atol=1e-12)
    assert found.capped == pytest.approx(0.0, abs=1e-6)


def test_containers_that_a_sector_cannot_fill_are_told(island: Baseline) -> None:
    outcome = find_outcome(island, island.ground.study.standing("canal"), "canal")
    found = solve_sectors(island, outcome, two_sectors(island, 0.5))
    inputs = island.ground.inputs
    carried = inputs.class_share.sum(0) * inputs.flows
    beyond = np.maximum(carried - of_trade(island, 0.5) * inputs.flows, 0.0).sum()
    assert beyond > 0
    assert found.capped == pytest.approx(beyond, rel=1e-9)


def test_regions_that_the_table_does_not_tell_apart_are_named(island: Baseline) -> None:
    outcome = find_outcome(island, island.ground.study.standing("canal"), "canal")
    one = single_sector(island)
    flows = island.ground.inputs.flows
    merged = np.array([[1.0, 0, 0], [0, 1, 1]]) @ flows @ np.array([[1.0, 0, 0], [0, 1, 1]]).T
    spending, sales = merged.sum(0), merged.sum(1)
    economy = SectorEconomy(
        (merged / spending)[None],
        spending[None],
        sales,
        np.ones((1, 2)),
        np.zeros((2, 1, 1)),
        np.ones((1, 2)),
        one.economy.trade_elasticity,
        spending - sales,
        ("ALT", "rest"),
        ("all",),
    )
    table = SectorTable(economy, {"ALT": "ALT", "BRE": "rest", "CIN": "rest"}, one.class_sectors, "made for the test")
    found = solve_sectors(island, outcome, table)
    assert found.shared == ("BRE", "CIN")
    shown = sector_tables(found)["sectors"]
    assert set(shown["economy"]) == {"ALT", "rest"}


def test_a_table_without_an_economy_or_with_wrong_shares_is_refused(island: Baseline) -> None:
    one = single_sector(island)
    outcome = find_outcome(island, island.ground.study.standing("canal"), "canal")
    with pytest.raises(StudyError, match="no economy for CIN"):
        solve_sectors(island, outcome, SectorTable(one.economy, {"ALT": "ALT", "BRE": "BRE"}, one.class_sectors, ""))
    with pytest.raises(StudyError, match="sum to 1"):
        SectorTable(one.economy, one.member, 0.5 * one.class_sectors, "")
    with pytest.raises(StudyError, match="no economy of the table"):
        SectorTable(one.economy, {"ALT": "Atlantis"}, one.class_sectors, "")


DATA = Path(__file__).parents[3] / "../shared/data/trade/wiod2011_41x10.npz"


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason=f"needs shared/data/trade/{DATA.name}")
def test_the_flagship_in_ten_sectors_beside_one() -> None:
    # The table is of 2011 and for tests only. Input-output links pass cost savings on, so gains of the economies that
    # the railway serves keep their sign and order of size.
    held = np.load(DATA)
    shares = np.ascontiguousarray(held["Din"].transpose(0, 2, 1))
    used = held["G"].sum(1, keepdims=True)
    economy = SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        held["X0"],
        held["VA"],
        held["B"],
        held["G"] / np.where(used > 0, used, 1.0) * (1 - held["B"].T)[:, None, :],
        held["al"] / held["al"].sum(0),
        held["th"],
        np.zeros(len(held["C"])),
        tuple(str(name) for name in held["C"]),
        tuple(str(name) for name in held["sec"]),
    )
    base = baseline_of(read_study("northeast-asia"))
    member = {
        name: {"RUS-FE": "RUS"}.get(name, name if name in economy.economies else "ROW")
        for name in base.ground.inputs.economies
    }
    # electronics, manufactures, basic: an illustration of which sectors fill the containers of each class
    weights = np.zeros((3, 10))
    weights[0, 7] = 1.0
    weights[1, [3, 7, 8]] = 0.3, 0.5, 0.2
    weights[2, [0, 2, 4, 5, 6]] = 0.1, 0.2, 0.2, 0.3, 0.2
    table = SectorTable(economy, member, weights, "WIOD 2011, 41 economies by 10 sectors: for tests only")
    outcome = find_outcome(base, base.ground.study.standing("rail-link"), "rail-link")
    found = solve_sectors(base, outcome, table)
    assert "MNG" in found.shared
    assert "PRK" in found.shared
    at = [economy.economies.index(name) for name in ("KOR", "CHN", "JPN", "DEU")]
    many = found.equilibrium.real_income_change[at] - 1.0
    one = found.one_sector_change[at] - 1.0
    assert (many > 0).all()
    assert (one > 0).all()
    assert (many / one < 10).all()
    assert (many / one > 0.1).all()
    np.testing.assert_array_equal(found.cost_change[9], np.ones_like(found.cost_change[9]))
