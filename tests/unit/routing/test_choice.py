"""Shares and composite costs against closed forms."""

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.routing.choice import Logit, choose, logsum, path_size, path_size_logit
from landbridge.routing.seasons import Season

YEAR = (Season(tuple(range(1, 13))),)
HALVES = (Season((1, 2, 3, 4, 5, 6)), Season((7, 8, 9, 10, 11, 12)))


def _costs(*seasons: list[float]) -> np.ndarray:
    """Shape (S, R, 1, 1, 1)."""
    return np.array(seasons, float)[:, :, None, None, None]


def _logit(scale: float, constants: list[float], **more: object) -> Logit:
    return Logit(np.array([scale]), np.array(constants), **more)


def test_two_alternatives_are_the_logistic_function_of_their_gap() -> None:
    choice = choose(_costs([1000.0, 1200.0]), YEAR, _logit(0.01, [0.0, 50.0]))
    assert choice.share[0, 0, 0, 0] == pytest.approx(1 / (1 + np.exp(-0.01 * 250)))
    assert choice.share.sum() == pytest.approx(1.0)
    assert choice.composite_usd_per_teu[0, 0, 0] == pytest.approx(1000 - np.log(1 + np.exp(-2.5)) / 0.01)


def test_n_equal_alternatives_are_worth_log_n() -> None:
    choice = choose(_costs([500.0] * 4), YEAR, _logit(0.02, [0.0] * 4))
    assert choice.composite_usd_per_teu[0, 0, 0] == pytest.approx(500 - np.log(4) / 0.02)


def test_the_year_is_the_mean_of_months_not_a_choice_on_a_mean() -> None:
    choice = choose(_costs([100.0, np.inf], [100.0, 0.0]), HALVES, _logit(0.05, [0.0, 0.0]))
    summer = 1 / (1 + np.exp(0.05 * 100))
    assert choice.season_share[:, 1, 0, 0, 0].tolist() == [0.0, pytest.approx(1 - summer)]
    assert choice.share[1, 0, 0, 0] == pytest.approx((1 - summer) / 2)
    assert choice.composite_usd_per_teu[0, 0, 0] == pytest.approx((100 + -np.log(1 + np.exp(-5)) / 0.05) / 2)


def test_a_month_without_route_leaves_no_finite_year() -> None:
    choice = choose(_costs([np.inf, np.inf], [1.0, 2.0]), HALVES, _logit(0.05, [0.0, 0.0]))
    assert np.isinf(choice.composite_usd_per_teu[0, 0, 0])
    assert choice.season_share[0].sum() == 0.0


def test_as_the_scale_grows_the_cost_tends_to_the_shortest_path() -> None:
    costs = _costs([310.0, 300.0, 345.0])
    gaps = [300 - choose(costs, YEAR, _logit(mu, [0.0] * 3)).composite_usd_per_teu[0, 0, 0] for mu in (0.1, 1.0, 100.0)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(0.0, abs=1e-12)


def test_the_composite_costs_slope_is_the_share() -> None:
    base, step = [900.0, 950.0, 1000.0], 1e-4
    logit = _logit(0.01, [0.0, 20.0, -10.0], nest=("rail", "rail", "sea"), nest_scale_ratio=(("rail", 2.5),))
    choice = choose(_costs(base), YEAR, logit)
    for r in range(3):
        up, down = list(base), list(base)
        up[r], down[r] = base[r] + step, base[r] - step
        slope = (
            choose(_costs(up), YEAR, logit).composite_usd_per_teu
            - choose(_costs(down), YEAR, logit).composite_usd_per_teu
        ) / (2 * step)
        assert slope[0, 0, 0] == pytest.approx(choice.share[r, 0, 0, 0], rel=1e-6)


def test_a_nest_of_two_equal_routes_lies_between_one_route_and_two() -> None:
    costs = _costs([500.0, 500.0, 500.0])
    nest = ("rail", "rail", "")

    def rail(ratio: float) -> float:
        logit = _logit(0.01, [0.0] * 3, nest=nest, nest_scale_ratio=(("rail", ratio),))
        return float(choose(costs, YEAR, logit).share[:2].sum())

    assert rail(1.0) == pytest.approx(2 / 3)
    assert rail(1e9) == pytest.approx(1 / 2)
    # closed form: the nest's worth is 2^(1/ratio)
    assert rail(2.0) == pytest.approx(np.sqrt(2) / (np.sqrt(2) + 1))


def test_within_a_nest_only_the_nests_own_scale_counts() -> None:
    logit = _logit(0.01, [0.0] * 3, nest=("n", "n", ""), nest_scale_ratio=(("n", 3.0),))
    share = choose(_costs([100.0, 150.0, 90.0]), YEAR, logit).share[:, 0, 0, 0]
    assert share[0] / share[1] == pytest.approx(np.exp(0.03 * 50))


def test_a_constant_for_all_moves_the_cost_and_no_share() -> None:
    costs = _costs([100.0, 150.0])
    one, other = (choose(costs, YEAR, _logit(0.02, [a, a])) for a in (0.0, 40.0))
    np.testing.assert_allclose(one.share, other.share)
    assert other.composite_usd_per_teu[0, 0, 0] - one.composite_usd_per_teu[0, 0, 0] == pytest.approx(40.0)


def test_huge_costs_do_not_overflow() -> None:
    choice = choose(_costs([1e9, 1e9 + 1]), YEAR, _logit(1.0, [0.0, 0.0]))
    assert choice.share.sum() == pytest.approx(1.0)
    assert logsum(np.array([np.inf, np.inf]), np.array(1.0), axis=0) == np.inf


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale_per_usd": np.array([0.0])},
        {"constant_usd_per_teu": np.array([np.inf, 0.0])},
        {"nest": ("a",)},
        {"nest": ("a", "a"), "nest_scale_ratio": (("a", 0.5),)},
    ],
)
def test_models_that_are_none_are_refused(wrong: dict[str, object]) -> None:
    given = {"scale_per_usd": np.array([1.0]), "constant_usd_per_teu": np.zeros(2), **wrong}
    with pytest.raises(StudyError, match="LB350"):
        Logit(**given)


def test_path_size_of_copies_and_of_routes_apart() -> None:
    cost = np.array([2.0, 2.0, 4.0, 1.0])
    assert path_size([np.array([0, 1]), np.array([2])], cost).tolist() == [1.0, 1.0]
    assert path_size([np.array([0, 1])] * 3, cost).tolist() == [pytest.approx(1 / 3)] * 3
    # half of the first route is shared with the second: 1/2 + 1/2 * 1/2
    assert path_size([np.array([0, 1]), np.array([0, 2])], cost)[0] == pytest.approx(0.75)


def test_copies_of_a_route_have_together_the_share_of_one() -> None:
    shares, composite = path_size_logit(np.array([10.0, 10.0, 12.0]), np.array([0.5, 0.5, 1.0]), scale_per_usd=0.3)
    alone, worth = path_size_logit(np.array([10.0, 12.0]), np.ones(2), scale_per_usd=0.3)
    assert shares[:2].sum() == pytest.approx(alone[0])
    assert composite == pytest.approx(worth)
