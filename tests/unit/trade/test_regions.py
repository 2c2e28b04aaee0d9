"""Splits and carvings keep totals, stay non-negative and can be undone."""

import numpy as np
import pytest

from landbridge.core.matrices import Matrix
from landbridge.core.problems import InfeasibleError, StudyError
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.regions import (
    Carved,
    Region,
    balance_to_targets,
    carve_economy,
    carved_in_proportion,
    merge_economies,
    ras,
    split_economy,
)


def table() -> Matrix:
    values = np.array([[80.0, 6, 2, 9], [5, 200, 7, 3], [1, 8, 50, 4], [10, 2, 6, 900]])
    names = ("KOR", "RUS", "MNG", "ROW")
    return Matrix(values, names, names, "trade", "musd")


def test_ras_meets_totals_and_keeps_cross_ratios() -> None:
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    result = ras(start, np.array([5.0, 5.0]), np.array([4.0, 6.0]))
    np.testing.assert_allclose(result.sum(1), [5, 5], rtol=1e-13)
    np.testing.assert_allclose(result.sum(0), [4, 6], rtol=1e-13)
    assert result[0, 0] * result[1, 1] / (result[0, 1] * result[1, 0]) == pytest.approx(4 / 6, rel=1e-12)


def test_ras_holds_fixed_cells_and_names_what_is_impossible() -> None:
    start = np.full((3, 3), 1.0)
    fixed = np.zeros((3, 3), dtype=bool)
    fixed[0, 1], start[0, 1] = True, 2.0
    result = ras(start, np.full(3, 3.0), np.full(3, 3.0), fixed=fixed)
    assert result[0, 1] == 2.0
    np.testing.assert_allclose(result.sum(0), 3.0, rtol=1e-13)
    start[0, 1] = 4.0
    with pytest.raises(InfeasibleError, match="exceed"):
        ras(start, np.full(3, 3.0), np.full(3, 3.0), fixed=fixed)


def test_a_split_adds_up_again_and_has_the_stated_home_share() -> None:
    flows = table()
    parts = split_economy(flows, "RUS", (Region("RUS", 0.94, 0.98), Region("RUS-FE", 0.06, 0.7)))
    assert parts.rows == ("KOR", "RUS", "MNG", "ROW", "RUS-FE")
    assert parts.values.min() >= 0
    assert parts.at("RUS-FE", "RUS-FE") == pytest.approx(0.7 * 0.06 * 200, rel=1e-12)
    within = [parts.at(a, b) for a in ("RUS", "RUS-FE") for b in ("RUS", "RUS-FE")]
    assert sum(within) == pytest.approx(200, rel=1e-13)
    assert parts.values[4].sum() == pytest.approx(0.06 * flows.values[1].sum(), rel=1e-13)
    back = merge_economies(parts, ("RUS", "RUS-FE"), "RUS")
    assert back.rows == flows.rows
    np.testing.assert_allclose(back.values, flows.values, rtol=1e-13)


def test_a_split_in_proportion_overstates_what_trade_is_worth() -> None:
    # The smaller the home share, the larger the gain from the same fall of cost (ACR): so the share must be stated.
    flows = table()
    gains = []
    for home in (0.06, 0.7):
        parts = split_economy(
            flows, "RUS", (Region("RUS", 0.94, 0.94 if home < 0.1 else 0.98), Region("FE", 0.06, home))
        )
        tau = np.ones(parts.values.shape)
        tau[1, 4] = tau[4, 1] = 0.8
        gains.append(solve_trade(parts.values, tau, trade_elasticity=4.0).real_income_change[4])
    assert gains[0] > gains[1] > 1


def test_regions_under_a_common_shock_add_up_to_the_whole() -> None:
    flows = table()
    parts = split_economy(flows, "RUS", (Region("RUS", 0.9, 0.95), Region("RUS-FE", 0.1, 0.6)))
    tau = np.ones((4, 4))
    tau[0, 1], tau[1, 0] = 0.7, 0.8
    member = [0, 1, 2, 3, 1]
    whole = solve_trade(flows.values, tau, trade_elasticity=5.0, deficits="balanced")
    split = solve_trade(parts.values, tau[np.ix_(member, member)], trade_elasticity=5.0, deficits="balanced")
    merged = merge_economies(Matrix(split.flows, parts.rows, parts.rows, "trade", "musd"), ("RUS", "RUS-FE"), "RUS")
    np.testing.assert_allclose(split.real_income_change[[1, 4]], whole.real_income_change[1], rtol=1e-8)
    np.testing.assert_allclose(merged.values, whole.flows, rtol=1e-7)


def test_carving_is_undone_by_merging() -> None:
    flows = table()
    carved = Carved("PRK", {"RUS": 0.2, "ROW": 3.0}, {"RUS": 0.1, "ROW": 4.0}, 25.0)
    out = carve_economy(flows, "ROW", carved)
    assert out.at("PRK", "RUS") == 0.2
    assert out.at("ROW", "RUS") == pytest.approx(2 - 0.2)
    assert out.at("ROW", "ROW") == pytest.approx(900 - 3 - 4 - 25)
    np.testing.assert_allclose(merge_economies(out, ("ROW", "PRK"), "ROW").values, flows.values, rtol=1e-14)


def test_carving_more_than_there_is_names_every_cell() -> None:
    with pytest.raises(StudyError) as raised:
        carve_economy(table(), "ROW", Carved("PRK", {"RUS": 2.5}, {"KOR": 9.5}, 25.0))
    assert [problem.code for problem in raised.value.problems] == ["LB413", "LB413"]
    assert "ROW to RUS would be -0.5" in str(raised.value)


def test_carving_in_proportion_trades_as_the_host_does() -> None:
    flows = table()
    carved = carved_in_proportion(flows, "ROW", "PRK", sales=30.0, export_share=0.1, import_share=0.1)
    out = carve_economy(flows, "ROW", carved)
    assert out.values[4].sum() == pytest.approx(30)
    assert out.at("PRK", "KOR") / out.at("PRK", "MNG") == pytest.approx(10 / 6)


def test_known_cells_are_held_while_totals_stay() -> None:
    flows = table()
    balanced = balance_to_targets(flows, {("KOR", "RUS"): 7.5, ("RUS", "KOR"): 4.0})
    assert balanced.at("KOR", "RUS") == 7.5
    assert balanced.at("RUS", "KOR") == 4.0
    np.testing.assert_allclose(balanced.values.sum(1), flows.values.sum(1), rtol=1e-12)
    np.testing.assert_allclose(balanced.values.sum(0), flows.values.sum(0), rtol=1e-12)


def test_faults_are_told_together() -> None:
    with pytest.raises(StudyError) as raised:
        split_economy(table(), "RUX", (Region("KOR", 0.5, 0.5), Region("B", 0.6, 0.0)))
    assert {problem.code for problem in raised.value.problems} == {"LB411", "LB412"}
