"""User benefits: the rule of a half where it holds, a refusal where it does not."""

import numpy as np
import pytest

from landbridge.appraisal.benefits import (
    by_economy,
    carbon_benefit,
    interpolate_path,
    rule_of_half,
    rule_of_half_matrix,
)
from landbridge.core.matrices import Matrix
from landbridge.core.problems import StudyError


def test_is_the_area_under_a_straight_demand_curve() -> None:
    """q = 100 - C/2 between C = 60 and C = 40: the area is 20 * (70 + 80) / 2."""
    assert rule_of_half([[70.0]], [[80.0]], [[60.0]], [[40.0]]) == pytest.approx(1500.0)


def test_tends_to_the_equivalent_variation_as_the_change_becomes_small() -> None:
    """CES demand for one good beside a numeraire: EV of the price fall over the rule of a half tends to 1."""
    eps, income, price = 5.0, 1e9, 1000.0

    def cost_of_living(p: float) -> float:
        return float((0.9 + 0.1 * p**-eps) ** (-1 / eps))

    def trips(p: float) -> float:
        share = 0.1 * p**-eps / (0.9 + 0.1 * p**-eps)
        return share * income / (p * price)

    errors = []
    for fall in (0.1, 0.01, 0.001):
        ev = income * (cost_of_living(1.0) / cost_of_living(1.0 - fall) - 1.0)
        half = rule_of_half([trips(1.0)], [trips(1.0 - fall)], [price], [price * (1.0 - fall)])[0]
        errors.append(abs(ev / half - 1.0))
    assert errors[1] < errors[0] / 5
    assert errors[2] < 2e-4


def test_out_of_a_ban_it_is_refused_with_the_remedy() -> None:
    with pytest.raises(StudyError, match="use the equivalent variation") as caught:
        rule_of_half([[0.0, 1.0]], [[5.0, 1.0]], [[np.inf, 3.0]], [[100.0, 2.0]])
    assert "(0, 0)" in str(caught.value)


def test_pairs_without_trips_gain_nothing_whatever_their_cost() -> None:
    gain = rule_of_half([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [np.inf, 5.0, np.inf], [np.inf, np.inf, 5.0])
    assert gain.tolist() == [0.0, 0.0, 0.0]


def test_economies_add_up_to_the_total() -> None:
    gains = np.random.default_rng(3).uniform(-1, 5, (2, 4, 4))
    economies = ("KOR", "RUS", "PRK")
    for share in (0.0, 0.3, 1.0):
        parts = by_economy(gains, np.array([0, 0, 1, 2]), economies, importer_share=share)
        assert sum(parts.values()) == pytest.approx(gains.sum(), rel=1e-13)
    importer = by_economy(gains, np.array([0, 0, 1, 2]), economies, importer_share=1.0)
    assert importer["PRK"] == pytest.approx(gains[..., 3].sum())
    with pytest.raises(StudyError, match="outside 0 to 1"):
        by_economy(gains, np.array([0, 0, 1, 2]), economies, importer_share=2.0)


def test_matrices_must_fit() -> None:
    def matrix(rows: tuple[str, ...], unit: str, value: float) -> Matrix:
        return Matrix(np.full((2, 2), value), rows, rows, "m", unit)

    trips, cost = matrix(("a", "b"), "TEU a year", 2.0), matrix(("a", "b"), "USD per TEU", 9.0)
    cheaper = matrix(("a", "b"), "USD per TEU", 8.0)
    assert rule_of_half_matrix((trips, cost), (trips, cheaper)).values.sum() == pytest.approx(8.0)
    with pytest.raises(StudyError) as caught:
        rule_of_half_matrix((trips, cost), (matrix(("a", "c"), "TEU a day", 1.0), cheaper))
    assert [p.code for p in caught.value.problems] == ["LB840", "LB843"]
    with pytest.raises(StudyError, match="shapes"):
        rule_of_half([1.0], [1.0, 2.0], [1.0], [1.0])


def test_carbon_follows_the_path() -> None:
    prices = interpolate_path({2020: 40.0, 2030: 80.0}, np.array([2018, 2025, 2040]))
    assert prices.tolist() == [40.0, 60.0, 80.0]
    assert carbon_benefit(np.array([-2.0, 1.0, 0.0]), prices).tolist() == [80.0, -60.0, 0.0]
    assert interpolate_path({}, np.array([2018])).tolist() == [0.0]
