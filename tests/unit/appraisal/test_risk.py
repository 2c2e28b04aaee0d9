"""Draws, tornado and waiting against closed forms and the appraisal itself."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.effects import ProjectEffects
from landbridge.appraisal.money import Money
from landbridge.appraisal.profiles import cost_range, profile_of
from landbridge.appraisal.project import Project
from landbridge.appraisal.risk import (
    RAIL_COST,
    Access,
    Factors,
    Profile,
    Revealed,
    Risks,
    Triangle,
    access_paths,
    draw,
    option_to_wait,
    present_values,
    tornado,
)
from landbridge.core.problems import StudyError

FLAT = Profile("flat", np.array([100.0, 0.0]), np.full(20, 30.0), 5.0, opening=1, life=5)


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def one(cost: float = 1.0, demand: float = 1.0, upkeep: float = 1.0, delay: int = 0) -> Factors:
    return Factors(np.array([cost]), np.array([demand]), np.array([upkeep]), np.array([delay]))


def test_factors_of_one_give_the_appraisal_back(project: Project, effects: ProjectEffects, money: Money) -> None:
    done = appraise_project(project, effects, money=money)
    profile = profile_of(done, money=money)
    for worth in done.worth:
        assert present_values(profile, worth.rate, one())[0] == pytest.approx(worth.npv, rel=1e-12)


def test_range_of_estimates_is_the_spread_of_cost(project: Project, money: Money) -> None:
    """Chosen 100 m USD; the lowest of all estimates 80, the highest 400."""
    spread = cost_range(project, money=money)
    assert (spread.low, spread.mode, spread.high) == pytest.approx((0.8, 1.0, 4.0))


def test_reference_class_has_its_moments() -> None:
    p = (np.arange(200_000) + 0.5) / 200_000
    factor = RAIL_COST.quantile(p)
    assert factor.mean() == pytest.approx(1.447, rel=1e-4)
    assert factor.std() == pytest.approx(0.384, rel=1e-3)


def test_triangle_has_its_mean_and_ends() -> None:
    p = (np.arange(100_000) + 0.5) / 100_000
    assert Triangle(0.5, 1.0, 3.0).quantile(p).mean() == pytest.approx(4.5 / 3, rel=1e-6)
    assert Triangle(0.5, 0.5, 3.0).quantile(np.array([0.0, 1.0])).tolist() == [0.5, 3.0]
    assert Triangle(2.0, 2.0, 2.0).quantile(np.array([0.3])).tolist() == [2.0]


def test_certain_draws_have_no_spread() -> None:
    drawn = draw([FLAT], [Risks()], 0.0, generator=rng(), draws=50)
    assert drawn.npv == pytest.approx(np.full((1, 50), 25.0)), "5 years of 30 - 5 less 100"
    assert drawn.chance_of_loss.tolist() == [0.0]


def test_mean_over_independent_factors_is_the_value_at_their_means() -> None:
    risks = Risks(Triangle(0.5, 1.0, 3.0), Triangle(0.0, 1.0, 1.1), Triangle(1.0, 1.0, 2.0))
    drawn = draw([FLAT], [risks], 0.05, generator=rng(), draws=200_000)
    means = one(4.5 / 3, 2.1 / 3, 4.0 / 3)
    assert drawn.mean[0] == pytest.approx(present_values(FLAT, 0.05, means)[0], abs=0.5)


def test_chance_of_loss_is_that_of_the_one_uncertain_thing() -> None:
    """At rate 0 the NPV is 125 - 100 c: negative for c above 1.25, half of a range from 0.25 to 2.25 about 1.25."""
    drawn = draw([FLAT], [Risks(cost=Triangle(0.25, 1.25, 2.25))], 0.0, generator=rng(), draws=100_000)
    assert drawn.chance_of_loss[0] == pytest.approx(0.5, abs=0.006)
    assert drawn.quantiles()[0, 1] == pytest.approx(0.0, abs=1.5)


def test_delay_loses_value_but_keeps_the_years_of_use() -> None:
    late = present_values(FLAT, 0.1, one(delay=2))[0] + 100.0
    assert late == pytest.approx((present_values(FLAT, 0.1, one())[0] + 100.0) / 1.1**2)


def test_lapse_is_geometric_and_shared() -> None:
    path = access_paths(Access(lapse=0.2), 40_000, 12, rng())
    assert path[:, 0].all()
    assert path.mean(axis=0) == pytest.approx(0.8 ** np.arange(12), abs=0.01)
    assert not (path[:, 1:] & ~path[:, :-1]).any(), "never restored"
    two = draw(
        [FLAT, FLAT], [Risks(access="dprk")] * 2, 0.05, generator=rng(), draws=500, accesses={"dprk": Access(lapse=0.3)}
    )
    assert np.array_equal(two.npv[0], two.npv[1]), "both lose access in the same draws"
    assert two.npv.std() > 1.0


def test_chain_settles_at_its_steady_state() -> None:
    path = access_paths(Access(1.0, 0.2, 0.1), 40_000, 60, rng())
    assert path[:, -1].mean() == pytest.approx(0.1 / 0.3, abs=0.01)


def test_tornado_is_sorted_and_one_at_a_time() -> None:
    risks = Risks(Triangle(0.5, 1.0, 3.0), Triangle(0.9, 1.0, 1.1), delay=(0.6, 0.25, 0.15))
    swings = tornado(FLAT, risks, 0.05, access=Access())
    assert [swing.factor for swing in swings][:2] == ["cost", "access"]
    assert [swing.width for swing in swings] == sorted((swing.width for swing in swings), reverse=True)
    cost = next(swing for swing in swings if swing.factor == "cost")
    assert cost.npv_low - cost.npv_high == pytest.approx(100 * (cost.high - cost.low))
    closed = next(swing for swing in swings if swing.factor == "access")
    middle = float(risks.cost.quantile(np.array([0.5]))[0])
    assert closed.npv_low == pytest.approx(present_values(FLAT, 0.05, one(middle, 0.0))[0])


def test_waiting_is_worth_nothing_where_nothing_is_learnt() -> None:
    drawn = draw([FLAT], [Risks()], 0.05, generator=rng(), draws=200)
    waiting = option_to_wait(FLAT, drawn, project=0)
    assert waiting.option == 0.0
    assert waiting.wait == pytest.approx(waiting.now / 1.05)


def test_waiting_by_the_two_state_formula() -> None:
    """Demand is all or nothing by access, absorbing after a year: wait is p V / (1 + r), now is p V' - I."""
    profile = replace(FLAT, benefits=np.full(20, 45.0), opening=1)
    risks = Risks(access="road")
    accesses = {"road": Access(open_at_start=0.4, lapse=0.0, restore=0.0)}
    drawn = draw([profile], [risks], 0.05, generator=rng(), draws=40_000, accesses=accesses)
    waiting = option_to_wait(profile, drawn, project=0, access="road")
    value = present_values(profile, 0.05, one())[0] / 1.05
    assert waiting.now == 0.0, "on average the project loses"
    assert waiting.wait == pytest.approx(0.4 * value, rel=0.02)
    assert waiting.start_later == pytest.approx(0.4, abs=0.01)
    blind = option_to_wait(profile, drawn, project=0, access="road", revealed=Revealed(("demand",)))
    assert blind.option == 0.0, "what is not seen cannot help"


def test_all_faults_at_once() -> None:
    bad = Risks(Triangle(3.0, 1.0, 2.0), delay=(0.5, 0.2), access="none", demand=replace(RAIL_COST, mean=-1.0))
    short = replace(FLAT, benefits=np.zeros(3))
    with pytest.raises(StudyError) as caught:
        draw([short], [bad], 0.05, generator=rng(), accesses={"a": Access(lapse=2.0)})
    assert {p.code for p in caught.value.problems} == {"LB870", "LB871", "LB872", "LB873", "LB874"}
