"""The flagship's coalitions and road map: what has to hold whatever the figures, and what the answer rests on."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.core.problems import StudyError
from landbridge.pipeline.attainment import growth_of, series_of, stated_growth
from landbridge.pipeline.bundles import coalition_bundles, works_of
from landbridge.pipeline.indicators import parse_indicator
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoffs import state_values
from landbridge.pipeline.plan import RoadMapResult, elements_of, follow_road_map
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Study
from landbridge.study.reader import read_study
from landbridge.targets.projection import project


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("northeast-asia")


@pytest.fixture(scope="module")
def base(study: Study) -> Baseline:
    try:
        return baseline_of(study)
    except StudyError as error:
        pytest.skip(f"the study and the base network do not fit: {error.problems[0]}")


@pytest.fixture(scope="module")
def found(study: Study, base: Baseline) -> RoadMapResult:
    return follow_road_map(study, base=base, draws=2000, search=False)


def test_seven_members_with_economies_play_and_every_measure_is_a_move_or_left_out_with_a_reason(study: Study) -> None:
    players = tuple(member.id for member in study.members if member.economies)
    bundles, left = coalition_bundles(study, players)
    assert len(players) == 7
    named = [name for bundle in bundles for name in bundle.measures] + [name for name, _ in left]
    assert sorted(named) == sorted(measure.id for measure in study.measures)
    assert len(bundles) <= 12


def test_what_the_council_decided_asks_its_permanent_members(study: Study) -> None:
    by_id = {element.id: element for element in elements_of(study)}
    assert set(by_id["first-easing"].consent) == {"CHN", "RUS", "USA", "UNSC"}
    assert {"KOR", "PRK"} <= set(by_id["rail-exemption"].consent)


def test_works_of_north_korean_lines_are_paid_by_the_south(study: Study) -> None:
    works = works_of(study)
    assert works["west-line-upgrade"] == (7200.0, "KOR")


def test_lifting_a_full_ban_brings_trade_of_a_plausible_size(study: Study, base: Baseline) -> None:
    """A ban on all goods stands for 1, not for 1 but for rounding: else a pair explodes when it is lifted."""
    assert set(np.unique(base.rules.banned[base.rules.banned > 0.99])) == {1.0}
    gain = state_values(base, [study.standing("all")]).gain_musd[0, 0]
    gdp = 1000.0 * base.ground.inputs.gdp_usd_bn
    assert np.abs(gain / gdp).max() < 0.25
    korea = base.ground.inputs.position("PRK")
    assert int((gain / gdp).argmax()) == korea


def test_without_exchange_no_party_moves_in_the_dual_freeze(found: RoadMapResult) -> None:
    """Each freeze costs its maker and helps the other, so parties without foresight make both at once or neither."""
    freeze = {"test-freeze", "exercise-freeze"}
    together, alone = (
        {name for step in one.as_far_as.steps for name in step.made} for one in (found.myopic, found.myopic_one_by_one)
    )
    assert freeze <= together
    assert not freeze & alone
    security = found.road_map.security
    assert security is not None
    prk, usa = found.parties.index("PRK"), found.parties.index("USA")
    assert security[found.elements.index("test-freeze"), prk] < 0
    assert security[found.elements.index("exercise-freeze"), usa] < 0


def test_who_asks_for_payment_at_the_step_that_binds_would_lose_by_it(found: RoadMapResult) -> None:
    bridge = found.answer.bridge
    if not bridge.binding_step:
        assert found.answer.reached
        return
    step = next(step for step in bridge.plan.steps if step.made == bridge.binding_step)
    party = found.parties.index(bridge.binding_party[0])
    assert step.gain[party] < 0
    assert_allclose(step.paid[party], -step.gain[party], rtol=1e-9)


def test_chances_with_consent_are_never_above_those_if_all_agree(found: RoadMapResult) -> None:
    noise = 4 * 0.5 / 2000**0.5
    assert (found.agreed.goal <= found.willing.goal + noise).all()
    assert 0 < found.willing.goal[-1] < 1


def test_moves_of_the_road_map_bring_the_targets_nearer(found: RoadMapResult) -> None:
    """The agreement moves trade, flights move visits; both in full add up to what all moves bring."""
    trade, visits = found.move_parts
    agreement, travel = (trade.moves.index(name) for name in ("trade-agreement", "easier-travel"))
    assert trade.parts.part.argmax() == agreement
    assert visits.parts.part.argmax() == travel
    for one in found.move_parts:
        assert_allclose(one.parts.part.sum(), one.parts.end - one.parts.start, rtol=1e-9)
    for course in found.agreed.courses:
        assert course.chance_without < course.chance < 1.0
        assert (np.diff(course.projected.quantiles, axis=1) >= 0).all()


def test_without_any_move_the_draws_follow_the_law_of_the_targets_own_projection(
    found: RoadMapResult, study: Study, base: Baseline
) -> None:
    for course in found.agreed.courses:
        indicator = parse_indicator(course.indicator, base.ground.inputs.economies)
        known, _ = series_of(study, course.indicator, course.unit)
        fit = growth_of(known, study.base_year, course.base, "own")
        years = np.arange(study.base_year + 1, course.target_year + 1)
        alone = project(fit, years.tolist(), growth=stated_growth(study, indicator, years))
        at = int(np.flatnonzero(course.path.years == course.target_year)[0])
        assert_allclose(course.without.quantiles[at, 2], alone.median[-1], rtol=0.05)
        chance = alone.chance(course.target, course.target_year)
        assert_allclose(course.chance_without, chance, atol=4 * 0.5 / 2000**0.5)


def test_inspection_never_stands_without_the_freeze_that_it_lapses_with(found: RoadMapResult) -> None:
    states = found.willing.timeline.states
    inspection = states >> found.elements.index("inspection") & 1
    freeze = states >> found.elements.index("test-freeze") & 1
    assert not (inspection & ~freeze & 1).any()
