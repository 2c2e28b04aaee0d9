"""The bounded choice model: nothing beyond the bound, no jump at it, the logit without it."""

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.routing.choice import Logit, choose
from landbridge.routing.seasons import Season

YEAR = (Season(tuple(range(1, 13))),)


def shares(costs: list[float], bound: float, mu: float = 0.002) -> tuple[np.ndarray, float]:
    logit = Logit(np.array([mu]), np.zeros(len(costs)), bound_ratio=bound)
    found = choose(np.array(costs).reshape(1, -1, 1, 1, 1), YEAR, logit)
    return found.share[:, 0, 0, 0], float(found.composite_usd_per_teu[0, 0, 0])


def test_by_hand() -> None:
    """Costs 1000 and 1200, bound 1500: weights e^-2 - e^-3 and e^-2.4 - e^-3."""
    share, composite = shares([1000.0, 1200.0, 1600.0], 1.5)
    weight = np.exp([-2.0, -2.4]) - np.exp(-3.0)
    assert share == pytest.approx([*(weight / weight.sum()), 0.0], rel=1e-12)
    assert composite == pytest.approx(-np.log(weight.sum()) / 0.002, rel=1e-12)


def test_a_share_falls_to_nothing_without_a_jump() -> None:
    near, _ = shares([1000.0, 1499.999], 1.5)
    at, _ = shares([1000.0, 1500.0], 1.5)
    assert 0 < near[1] < 1e-5
    assert at[1] == 0


def test_a_far_bound_is_the_logit() -> None:
    bounded, c = shares([1000.0, 1500.0, np.inf], 1e4)
    plain, d = shares([1000.0, 1500.0, np.inf], np.inf)
    assert bounded == pytest.approx(plain, rel=1e-9)
    assert c == pytest.approx(d, rel=1e-12)


def test_nests_share_by_their_own_scale() -> None:
    """Two alike in a nest of ratio 2 and one alone: within the nest halves, bound beyond all."""
    logit = Logit(np.array([0.002]), np.zeros(3), ("rail", "rail", ""), (("rail", 2.0),), bound_ratio=3.0)
    costs = np.array([1000.0, 1000.0, 1100.0]).reshape(1, 3, 1, 1, 1)
    share = choose(costs, YEAR, logit).share[:, 0, 0, 0]
    assert share[0] == pytest.approx(share[1], rel=1e-12)
    assert share.sum() == pytest.approx(1.0, rel=1e-12)


def test_a_bound_of_one_leaves_nothing() -> None:
    with pytest.raises(StudyError, match="above 1"):
        Logit(np.array([0.002]), np.zeros(2), bound_ratio=1.0)
