"""Estimates recover the model that made the shares, with the errors of theory."""

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.routing.calibration import SharesObserved, calibrate, predict
from landbridge.routing.choice import Logit, choose
from landbridge.routing.seasons import Season

YEAR = (Season(tuple(range(1, 13))),)
NAMES = ("suez", "rail", "other")
TRUE = Logit(np.array([0.004]), np.array([0.0, 350.0, 120.0]))


def _case(n_zones: int = 5) -> tuple[np.ndarray, SharesObserved]:
    rng = np.random.default_rng(3)
    costs = 1500 + 800 * rng.random((1, 3, 1, n_zones, n_zones))
    weight = np.zeros((n_zones, 1, n_zones, n_zones))
    for o in range(n_zones):
        weight[o, 0, o] = rng.random(n_zones)
    blank = SharesObserved(weight, np.full((n_zones, 3), np.nan), np.full(n_zones, 1000.0))
    return costs, SharesObserved(weight, predict(costs, YEAR, blank, TRUE), blank.containers)


def _start(scale: float = 0.004) -> Logit:
    return Logit(np.array([scale]), np.zeros(3))


def test_constants_and_scale_come_back() -> None:
    costs, observed = _case()
    found = calibrate(
        costs, YEAR, observed, _start(0.002), alternatives=NAMES, free=("rail", "other"), estimate_scale=True
    )
    assert found.names == ("scale_per_usd", "rail", "other")
    np.testing.assert_allclose(found.estimate, [0.004, 350.0, 120.0], rtol=1e-3)
    np.testing.assert_allclose(found.fitted, observed.share, atol=1e-6)
    assert found.unidentified == ()


def test_one_group_fits_exactly_and_has_the_error_of_a_binomial() -> None:
    costs = np.array([1000.0, 1300.0]).reshape(1, 2, 1, 1, 1)
    observed = SharesObserved(np.ones((1, 1, 1, 1)), np.array([[0.8, 0.2]]), np.array([400.0]))
    found = calibrate(
        costs, YEAR, observed, Logit(np.array([0.01]), np.zeros(2)), alternatives=("sea", "rail"), free=("rail",)
    )
    # ln(0.8 / 0.2) = mu (1300 + a - 1000); the error of a logit is 1 / sqrt(n p q), over mu
    assert found.estimate[0] == pytest.approx(np.log(4) / 0.01 - 300, abs=1e-3)
    assert found.standard_error[0] == pytest.approx(1 / np.sqrt(400 * 0.16) / 0.01, rel=1e-4)


def test_with_one_group_scale_and_constant_cannot_be_told_apart() -> None:
    costs = np.array([1000.0, 1300.0]).reshape(1, 2, 1, 1, 1)
    observed = SharesObserved(np.ones((1, 1, 1, 1)), np.array([[0.8, 0.2]]), np.array([400.0]))
    start = Logit(np.array([0.01]), np.zeros(2))
    found = calibrate(costs, YEAR, observed, start, alternatives=("sea", "rail"), free=("rail",), estimate_scale=True)
    assert found.unidentified == (("scale_per_usd", "rail"),)
    assert np.isinf(found.standard_error).all()
    np.testing.assert_allclose(found.fitted, observed.share, atol=1e-5)


def test_what_was_not_told_apart_is_one_lump() -> None:
    costs, observed = _case()
    share = observed.share.copy()
    share[:, [0, 2]] = np.nan
    only_rail = SharesObserved(observed.weight, share, observed.containers)
    found = calibrate(costs, YEAR, only_rail, _start(), alternatives=NAMES, free=("rail",))
    np.testing.assert_allclose(found.fitted[:, 1], observed.share[:, 1], atol=0.05)
    assert np.isfinite(found.standard_error).all()


def test_the_estimate_is_a_maximum() -> None:
    costs, observed = _case()
    noisy = np.random.default_rng(1).dirichlet([5, 3, 2], len(observed.share))
    seen = SharesObserved(observed.weight, noisy, observed.containers)
    found = calibrate(costs, YEAR, seen, _start(), alternatives=NAMES, free=("rail", "other"))

    def likelihood(constants: np.ndarray) -> float:
        shares = predict(costs, YEAR, seen, Logit(np.array([0.004]), constants))
        return float((seen.containers[:, None] * noisy * np.log(shares)).sum())

    best = likelihood(found.logit.constant_usd_per_teu)
    assert best == pytest.approx(found.log_likelihood)
    for r in (1, 2):
        for step in (-2.0, 2.0):
            moved = found.logit.constant_usd_per_teu.copy()
            moved[r] += step
            assert likelihood(moved) < best


def test_faults_are_told() -> None:
    costs, observed = _case()
    with pytest.raises(StudyError, match="leave one fixed"):
        calibrate(costs, YEAR, observed, _start(), alternatives=NAMES, free=NAMES)
    wrong = SharesObserved(observed.weight, observed.share * 1.2, observed.containers)
    with pytest.raises(StudyError, match="LB352"):
        calibrate(costs, YEAR, wrong, _start(), alternatives=NAMES)
    never = observed.share.copy()
    never[:, 2] += never[:, 1]
    never[:, 1] = 0.0
    with pytest.raises(StudyError, match="'rail' was seen in no group"):
        calibrate(
            costs, YEAR, SharesObserved(observed.weight, never, observed.containers), _start(), alternatives=NAMES
        )
    shut = costs.copy()
    shut[:, 1] = np.inf
    with pytest.raises(StudyError, match="closes to it"):
        calibrate(shut, YEAR, observed, _start(), alternatives=NAMES, free=("rail",))
    assert choose(shut, YEAR, _start()).share[1].sum() == 0.0
