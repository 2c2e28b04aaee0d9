"""Regressions on a study's own measures: a known truth found again, what is left out, the panel of agreements."""

from typing import Any

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.pipeline.estimate import BORDER, COST, DISTANCE, compare_costs, economy_mean, estimate_agreement
from landbridge.pipeline.inputs import Inputs
from landbridge.routing.generalised import FreightClass

N = 12
NAMES = [f"E{k}" for k in range(N)]


def world(seed: int = 0) -> tuple[Any, dict[str, Any]]:
    """Trade that answers to cost with elasticity -2 and not to distance, with which cost goes together."""
    rng = np.random.default_rng(seed)
    distance = rng.uniform(5, 9, (N, N))
    cost = 0.5 * distance + rng.normal(0, 0.3, (N, N))
    flows = np.exp(rng.normal(size=(N, 1)) + rng.normal(size=(1, N)) - 2.0 * cost)
    np.fill_diagonal(distance, np.inf)  # economies of one zone have no distance within
    return flows, {DISTANCE: distance, COST: cost}


def test_the_measure_that_moves_trade_is_told_from_one_that_goes_with_it() -> None:
    flows, measures = world()
    found = compare_costs(flows, measures, economies=NAMES)
    table = found.table()
    assert table["variable"] == [DISTANCE, COST, DISTANCE, COST]
    assert table["coefficient"][1] == pytest.approx(-2.0, abs=1e-8)
    assert table["coefficient"][2:] == pytest.approx([0.0, -2.0], abs=1e-8)
    assert table["coefficient"][0] < -0.5
    explained = [item.explained for item in found.specifications]
    assert explained[0] < explained[1] == pytest.approx(1.0, abs=1e-9)
    assert found.pairs == N * (N - 1)
    assert found.left_out == ()


def test_pairs_without_a_route_are_left_out_of_every_regression_and_named() -> None:
    flows, measures = world()
    measures[COST][0, 1] = np.inf
    measures[DISTANCE][2, 3] = np.inf
    flows[2, 3] = 0.0
    found = compare_costs(flows, measures, economies=NAMES)
    assert found.pairs == N * (N - 1) - 2
    assert found.left_out == ("E0-E1",)
    assert {item.estimate.observations for item in found.specifications} == {N * (N - 1) - 2}


def test_a_border_is_told_from_distance_where_economies_have_a_distance_within() -> None:
    flows, measures = world()
    distance = measures[DISTANCE]
    within = np.arange(N) < 5
    np.fill_diagonal(distance, np.where(within, 4.0, np.inf))
    rng = np.random.default_rng(1)
    size = rng.normal(size=(N, 1)) + rng.normal(size=(1, N))
    flows = np.exp(size - 0.9 * np.where(np.isfinite(distance), distance, 0.0) - 2.5 * (1 - np.eye(N)))
    found = compare_costs(flows, {DISTANCE: distance}, economies=NAMES)
    fit = found.specifications[-1].estimate
    assert fit.names == (DISTANCE, BORDER)
    np.testing.assert_allclose(fit.coefficients, [-0.9, -2.5], atol=1e-8)
    assert found.at_home == tuple(NAMES[:5])
    assert (found.pairs, fit.observations) == (N * (N - 1), N * (N - 1) + 5)


def test_indicators_stand_in_every_regression() -> None:
    flows, measures = world()
    language = (np.random.default_rng(2).random((N, N)) < 0.3).astype(float)
    found = compare_costs(flows * np.exp(0.5 * language), measures, economies=NAMES, indicators={"language": language})
    assert found.specifications[1].estimate["language"] == pytest.approx(0.5, abs=1e-8)
    assert all("language" in item.estimate.names for item in found.specifications)


def test_too_few_economies_are_refused() -> None:
    with pytest.raises(StudyError, match="3 economies are too few"):
        compare_costs(np.ones((3, 3)), {DISTANCE: np.ones((3, 3))}, economies=NAMES[:3])


def inputs() -> Inputs:
    nothing = np.zeros((2, 2))
    classes = (FreightClass("a", 1000.0, 0.5), FreightClass("b", 2000.0, 0.5))
    share = np.array([[[0.0, 0.3], [0.0, 0.0]], [[0.0, 0.1], [0.0, 0.0]]])
    zones = ("x", "y", "z")
    where, weight = np.array([0, 0, 1]), np.array([0.75, 0.25, 1.0])
    return Inputs(
        ("A", "B"), ("A", "B"), np.ones(2), nothing, nothing, nothing, zones, zones, where, weight,
        classes, share, (), np.zeros((0, 2, 2)),
    )  # fmt: skip


def test_means_weigh_zones_by_trade_and_classes_by_value() -> None:
    values = np.zeros((2, 3, 3))
    values[:, 0, 2], values[:, 1, 2] = (8.0, 4.0), (16.0, 0.0)
    mean = economy_mean(inputs(), values)
    assert mean[0, 1] == pytest.approx(0.75 * (0.75 * 8 + 0.25 * 4) + 0.25 * (0.75 * 16 + 0.25 * 0))
    values[1, 1, 2] = np.inf
    assert economy_mean(inputs(), values)[0, 1] == np.inf
    assert economy_mean(inputs(), values)[1, 0] == 0.0


def test_an_agreement_is_not_credited_with_globalisation() -> None:
    rng = np.random.default_rng(4)
    i, j, t = (axis.ravel() for axis in np.indices((8, 8, 4)))
    flag = ((t >= rng.integers(1, 8, (8, 8))[i, j]) & (i != j)).astype(float)
    size = rng.normal(size=(8, 4))[i, t] + rng.normal(size=(8, 4))[j, t] + rng.normal(size=(8, 8))[i, j]
    trade = np.exp(size + 0.4 * flag - 0.2 * (i == j) * t)
    panel = {"exporter": i, "importer": j, "year": 2000 + 5 * t, "trade": trade, "FTA": np.where(i == j, 1.0, flag)}
    found = estimate_agreement(panel, "FTA")
    assert found.names == ("FTA", "domestic_2005", "domestic_2010", "domestic_2015")
    np.testing.assert_allclose(found.coefficients, [0.4, -0.2, -0.4, -0.6], atol=1e-8)
    with pytest.raises(StudyError, match="no column 'EU'"):
        estimate_agreement(panel, "EU")
