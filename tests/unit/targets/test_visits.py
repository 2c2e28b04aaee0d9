"""Visits in changes: nothing changed changes nothing, and each factor has its closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.core.problems import StudyError
from landbridge.targets.visits import (
    SOURCES,
    BaseVisits,
    Travel,
    VisitParameters,
    change_visits,
    draw_parameters,
    visa_factor,
)

AIR_FERRY = Travel(("air", "ferry"), np.array([[10.0, 60.0]]), np.array([[300.0, 200.0]]))
BASE = BaseVisits(np.array([100_000.0]), np.array([[0.9, 0.1]]), AIR_FERRY)


def rail(hours: float, usd: float) -> tuple[BaseVisits, Travel]:
    """Return visits with a third mode that does not serve, and travel in which it does."""
    before = Travel(("air", "ferry", "rail"), np.array([[10.0, 60.0, np.inf]]), np.array([[300.0, 200.0, 0.0]]))
    after = Travel(before.modes, np.array([[10.0, 60.0, hours]]), np.array([[300.0, 200.0, usd]]))
    return BaseVisits(np.array([100_000.0]), np.array([[0.9, 0.1, 0.0]]), before), after


@settings(deadline=None, max_examples=50)
@given(st.floats(0.0, 3), st.floats(0.5, 8), st.floats(0, 0.9), st.floats(0, 50))
def test_nothing_changed_changes_nothing(cost: float, mode: float, visa: float, hour: float) -> None:
    parameters = VisitParameters(cost, mode, visa, usd_per_hour=hour)
    rule = np.array([0.4])
    found = change_visits(BASE, AIR_FERRY, visa=(rule, rule), income=(np.ones(1), np.ones(1)), parameters=parameters)
    assert found.visits == pytest.approx([100_000])
    assert found.shares == pytest.approx(BASE.shares)


def test_all_modes_dearer_alike_is_the_elasticity() -> None:
    dearer = Travel(AIR_FERRY.modes, AIR_FERRY.hours * 1.1, AIR_FERRY.usd * 1.1)
    found = change_visits(BASE, dearer, parameters=VisitParameters(cost_elasticity=1.5))
    assert found.visits == pytest.approx([100_000 * 1.1**-1.5])
    assert found.shares == pytest.approx(BASE.shares)


def test_a_small_cut_of_one_mode_counts_by_its_share() -> None:
    cut = Travel(AIR_FERRY.modes, AIR_FERRY.hours, AIR_FERRY.usd - [[0.01, 0.0]])
    found = change_visits(BASE, cut)
    cost = 300 + 12 * 10
    assert np.log(found.by_cost[0]) == pytest.approx(0.9 * 0.01 / cost, rel=1e-3)


def test_modes_gain_from_each_other_by_their_elasticity() -> None:
    cheaper = Travel(AIR_FERRY.modes, AIR_FERRY.hours, np.array([[300.0, 100.0]]))
    found = change_visits(BASE, cheaper, parameters=VisitParameters(mode_elasticity=2.0))
    odds = found.shares[0, 1] / found.shares[0, 0]
    assert odds == pytest.approx(0.1 / 0.9 * (820 / 920) ** -2)


def test_a_visa_lifted_brings_back_those_it_kept_away() -> None:
    found = change_visits(
        BASE, AIR_FERRY, visa=(np.ones(1), np.zeros(1)), parameters=VisitParameters(visa_deterrence=0.2)
    )
    assert found.by_visa == pytest.approx([1.25])
    assert visa_factor(1.0, 0.0, deterrence=0.2) == pytest.approx(1.25)
    assert visa_factor(0.0, 1.0, deterrence=0.2) == pytest.approx(0.8)


def test_incomes_count_by_their_elasticities() -> None:
    found = change_visits(
        BASE,
        AIR_FERRY,
        income=(np.array([1.1]), np.array([0.9])),
        parameters=VisitParameters(income_elasticity=1.3, destination_elasticity=0.3),
    )
    assert found.visits == pytest.approx([100_000 * 1.1**1.3 * 0.9**0.3])


def test_a_new_mode_at_the_mean_cost_gets_its_weight() -> None:
    base, _ = rail(0, 1)
    mean = 0.9 * (300 + 120) + 0.1 * (200 + 720)
    base, after = rail(10.0, mean - 120)
    found = change_visits(base, after, new_mode_weight=0.5, parameters=VisitParameters(mode_elasticity=3.0))
    assert found.shares[0, 2] == pytest.approx(0.5 / 1.5)
    assert found.by_cost == pytest.approx([1.5 ** (1 / 3)])
    base, after = rail(np.inf, 0.0)
    assert change_visits(base, after).visits == pytest.approx([100_000])


def test_a_mode_that_ends_leaves_the_others() -> None:
    ended = Travel(AIR_FERRY.modes, np.array([[10.0, np.inf]]), AIR_FERRY.usd)
    found = change_visits(BASE, ended)
    assert found.shares == pytest.approx(np.array([[1.0, 0.0]]))
    assert found.by_cost == pytest.approx([0.9 ** (1 / 3)])


def test_no_mode_left_is_refused() -> None:
    none = Travel(AIR_FERRY.modes, np.full((1, 2), np.inf), AIR_FERRY.usd)
    with pytest.raises(StudyError, match="no mode serves the pair"):
        change_visits(BASE, none)


def test_draws_lie_in_the_sourced_ranges() -> None:
    drawn = draw_parameters(np.random.default_rng(2), 500)
    assert drawn == draw_parameters(np.random.default_rng(2), 500)
    for source in SOURCES:
        values = [getattr(parameters, source.parameter) for parameters in drawn]
        assert source.low <= min(values)
        assert max(values) <= source.high
        assert getattr(VisitParameters(), source.parameter) == source.central


def test_all_faults_at_once() -> None:
    base = BaseVisits(np.array([-1.0]), np.array([[0.5, 0.6]]), AIR_FERRY)
    with pytest.raises(StudyError) as error:
        change_visits(
            base,
            Travel(AIR_FERRY.modes, AIR_FERRY.hours, np.array([[-300.0, 1.0]])),
            visa=(np.array([2.0]), np.zeros(1)),
            income=(np.zeros(1), np.ones(1)),
        )
    codes = [problem.code for problem in error.value.problems]
    assert codes == ["LB663", "LB663", "LB663", "LB664", "LB664"]
    with pytest.raises(StudyError, match="Give both for the same modes"):
        change_visits(BASE, Travel(("air", "sea"), AIR_FERRY.hours, AIR_FERRY.usd))
    with pytest.raises(StudyError, match="not \\(1, 2\\)"):
        change_visits(BaseVisits(BASE.visits, np.ones((2, 2)), AIR_FERRY), AIR_FERRY)
    with pytest.raises(StudyError) as error:
        VisitParameters(cost_elasticity=-1, mode_elasticity=0, visa_deterrence=1.0, usd_per_hour=-2)
    assert len(error.value.problems) == 4
