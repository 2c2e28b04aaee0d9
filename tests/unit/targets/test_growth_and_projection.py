"""Growth, projections and chances against closed forms and simulation."""

import numpy as np
import pytest
from scipy.stats import norm, t

from landbridge.core.problems import StudyError
from landbridge.targets.growth import GrowthFit, fit_growth, required_growth, required_path
from landbridge.targets.projection import Projection, Target, attainment, chance_of_draws, phase_in, project


def test_growth_to_thirty_billion() -> None:
    # from 19.0 bn USD in 2017 to 30 in 2020 takes 16.4 % a year: 1.1644^3 = 1.5789
    growth = required_growth(19.0, 30.0, 3)
    assert growth == pytest.approx(0.1644, abs=1e-4)
    assert required_path(19.0, 30.0, (2017, 2018, 2020)) == pytest.approx([19, 19 * (1 + growth), 30])
    assert required_growth(20.0, 10.0, 1) == -0.5


def test_growth_of_nothing_is_refused_with_all_faults() -> None:
    with pytest.raises(StudyError) as error:
        required_growth(0.0, -1.0, 0)
    assert [problem.code for problem in error.value.problems] == ["LB651", "LB651", "LB650"]


def test_steady_growth_has_no_spread() -> None:
    fit = fit_growth(np.array([2000, 2001, 2005]), 10 * 1.05 ** np.array([0.0, 1, 5]))
    assert fit.drift == pytest.approx(np.log(1.05))
    assert fit.volatility == pytest.approx(0, abs=1e-12)
    assert fit.span_years == 5


def test_fit_weighs_gaps_by_their_years() -> None:
    # changes 1 over 1 year and 1 over 4 years: drift 2/5; (1-.4)^2/1 + (1-1.6)^2/4 over 2 - 1
    fit = fit_growth(np.array([0, 1, 5]) + 2000, np.exp(np.array([0.0, 1, 2])))
    assert fit.drift == pytest.approx(0.4)
    assert fit.volatility**2 == pytest.approx(0.36 + 0.09)


def test_estimates_have_no_bias_on_gappy_walks() -> None:
    rng = np.random.default_rng(5)
    years = 2000 + np.array([0, 1, 4, 5, 9, 12])
    fits = []
    for _ in range(3000):
        walk = np.cumsum(rng.normal(0.05, 0.2, 13))
        fits.append(fit_growth(years, np.exp(walk[years - 2000])))
    assert np.mean([fit.drift for fit in fits]) == pytest.approx(0.05, abs=0.005)
    assert np.mean([fit.volatility**2 for fit in fits]) == pytest.approx(0.04, abs=0.002)


def test_intervals_hold_what_they_say_on_random_walks() -> None:
    # with few years the error of drift and variance matters: only the t with h + h^2/T gives 80 % of 80 %
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(2000):
        walk = np.cumsum(rng.normal(0.03, 0.15, 12))
        fit = fit_growth(np.arange(2000, 2009), np.exp(walk[:9]))
        low, high = project(fit, (2011,)).quantiles((0.1, 0.9))[0]
        inside += low <= np.exp(walk[11]) <= high
    assert inside / 2000 == pytest.approx(0.8, abs=0.03)


FIT = GrowthFit(2017, 19.0, drift=0.03, volatility=0.2, steps=10, span_years=12)


def test_median_spread_and_chance_in_closed_form() -> None:
    found = project(FIT, (2018, 2020))
    assert found.median == pytest.approx([19 * np.exp(0.03), 19 * np.exp(0.09)])
    assert found.spread**2 == pytest.approx(0.04 * np.array([1 + 1 / 12, 3 + 9 / 12]))
    distance = np.log(30 / found.median[1]) / found.spread[1]
    assert found.chance(30, 2020) == pytest.approx(t.sf(distance, 9))
    assert found.chance(float(found.median[1]), 2020) == pytest.approx(0.5)


def test_stated_growth_replaces_the_drift() -> None:
    found = project(FIT, (2018, 2020), growth=np.array([0.1, 0.0, 0.2]), growth_error=0.01)
    assert found.median == pytest.approx([19 * 1.1, 19 * 1.1 * 1.2])
    assert found.spread**2 == pytest.approx([0.04 + 0.0001, 0.12 + 0.0009])


def test_response_lifts_the_level_and_phases_in() -> None:
    factor = phase_in(1.21, (2018, 2019, 2020, 2021), first_year=2019, length_years=2)
    assert factor == pytest.approx([1, 1.1, 1.21, 1.21])
    plain = project(FIT, (2018, 2019, 2020, 2021))
    lifted = project(FIT, (2018, 2019, 2020, 2021), response=factor)
    assert lifted.median / plain.median == pytest.approx(factor)


def test_draws_follow_the_same_law() -> None:
    found = project(FIT, (2018, 2020))
    drawn = found.draws(np.random.default_rng(1), 200_000)
    assert np.quantile(drawn[1], [0.1, 0.5, 0.9]) == pytest.approx(found.quantiles((0.1, 0.5, 0.9))[1], rel=0.02)
    assert chance_of_draws(drawn[1], 30) == pytest.approx(found.chance(30, 2020), abs=0.005)


def test_certain_projection_has_chance_of_one_or_nothing() -> None:
    sure = Projection(np.array([2020]), np.array([30.0]), np.array([0.0]), np.inf)
    assert (sure.chance(30, 2020), sure.chance(30.1, 2020)) == (1, 0)
    wide = Projection(np.array([2020]), np.array([30.0]), np.array([0.5]), np.inf)
    assert wide.chance(40, 2020) == pytest.approx(norm.sf(np.log(4 / 3) / 0.5))


def test_attainment_by_scenario() -> None:
    base = project(FIT, (2018, 2019, 2020))
    open_ = project(FIT, (2018, 2019, 2020), response=np.array([1.0, 1.2, 1.4]))
    first, second = attainment(Target("trade", 30.0, "bn USD", 2020), FIT, {"base": base, "open": open_})
    assert first.required_growth == second.required_growth == pytest.approx(0.1644, abs=1e-4)
    assert first.chance < second.chance
    assert first.interval[0] < first.projected < first.interval[1]
    assert second.path[:, 0].tolist() == [2018, 2019, 2020]
    assert second.path[-1, 4] == pytest.approx(30)
    assert second.path[-1, 5] == second.chance


def test_faults_of_series_and_projection() -> None:
    with pytest.raises(StudyError) as error:
        fit_growth(np.array([2001, 2000]), np.array([1.0, 0.0]), name="trade")
    assert [problem.code for problem in error.value.problems] == ["LB652", "LB650", "LB651"]
    assert "the value of 2000 is 0.0" in str(error.value)
    with pytest.raises(StudyError, match="one value a year"):
        fit_growth(np.array([2001, 2002]), np.array([1.0]))
    with pytest.raises(StudyError) as error:
        project(FIT, (2019, 2020), growth=np.array([0.1, -1.0]), response=np.array([0.0, 1.0]))
    assert [problem.code for problem in error.value.problems] == ["LB654", "LB654", "LB655"]
    with pytest.raises(StudyError, match="from 2018 on"):
        project(FIT, (2017,))
    with pytest.raises(StudyError, match="not projected to 2021"):
        attainment(Target("trade", 30.0, "bn USD", 2021), FIT, {"base": project(FIT, (2018,))})
