"""The road map of the invented island: what the file says becomes what the science asks for."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.core.problems import StudyError
from landbridge.pipeline.cooperation_words import money, road_map_in_words
from landbridge.pipeline.outcome import find_outcome
from landbridge.pipeline.plan import RoadMapResult, elements_of, follow_road_map, plan, road_map_of
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Study
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("island-canal")


@pytest.fixture(scope="module")
def found(study: Study) -> RoadMapResult:
    return follow_road_map(study, draws=4000, seed=3)


def test_a_move_without_consent_asks_those_of_its_measures(study: Study) -> None:
    by_id = {element.id: element for element in elements_of(study)}
    assert by_id["lift-embargo"].consent == ("alta", "cinda")
    assert by_id["build-railway"].consent == ("alta", "brena", "cinda")
    assert by_id["open-canal"].consent == ("brena", "island-council")
    assert by_id["open-canal"].requires == ("survey",)
    assert by_id["survey"].milestone
    assert by_id["survey"].yearly_chance == 0.5


def test_yearly_payoffs_are_gains_of_what_stands_less_a_charge_for_works(study: Study) -> None:
    base = baseline_of(study)
    road_map, _ = road_map_of(study, base)
    built = find_outcome(base, study.standing("railway"), "railway").equilibrium
    gain = built.baseline_spending * (built.real_income_change - 1.0)
    state = 1 << road_map.ids.index("build-railway")
    economies = base.ground.inputs.economies
    alta, brena = (road_map.parties.index(name) for name in ("alta", "brena"))
    assert_allclose(road_map.payoff[state, alta], gain[economies.index("ALT")], rtol=1e-6)
    # 1,100 million paid once are 1,100 (1 - 0.95) a year for ever
    assert_allclose(road_map.payoff[state, brena], gain[economies.index("BRE")] - 55.0, rtol=1e-6)
    assert_allclose(road_map.payoff[:, road_map.parties.index("island-council")], 0.0, atol=0)


def test_stated_worth_is_added_in_million_usd(study: Study) -> None:
    road_map, _ = road_map_of(study, baseline_of(study))
    talks = 1 << road_map.ids.index("talks")
    added = road_map.worth()[talks] - road_map.payoff[talks]
    assert_allclose(added, [50.0, 0.0, 30.0, 0.0], atol=1e-9)


def test_the_canal_is_worth_less_to_brena_than_its_works(found: RoadMapResult, study: Study) -> None:
    canal = found.model_gain[1 << found.elements.index("open-canal"), found.parties.index("brena")]
    assert canal < 0
    assert not found.answer.reached
    assert found.answer.bridge.binding_party == ("brena",)
    assert "open-canal" in found.answer.bridge.binding_step
    assert plan(study) == []


def test_what_brena_lacks_is_what_the_others_could_pay(found: RoadMapResult) -> None:
    assert found.with_payments.reached
    assert found.with_payments.bridge.total == 0.0
    assert found.answer.bridge.total > 0


def test_refused_moves_never_happen_with_consent_and_all_do_without(found: RoadMapResult) -> None:
    canal = found.elements.index("open-canal")
    assert found.agreed.standing[:, canal].max() == 0.0
    years = found.willing.timeline.years
    # waits for the survey (chance 1/2 a year from 2021 on) and a year, not before 2022
    for t, year in enumerate(years[:5].tolist()):
        expected = 0.0 if year < 2022 else 1 - 0.5 ** (year - 2021)
        assert_allclose(found.willing.standing[t, canal], expected, atol=4 * 0.5 / 4000**0.5)


def test_indicators_start_at_the_baseline_and_rise_with_the_lifted_embargo(found: RoadMapResult) -> None:
    trade = found.willing.courses[0]
    assert_allclose(trade.path.mean[0], trade.base, rtol=1e-9)
    assert trade.path.mean[-1] > 1.4 * trade.base


def test_the_same_seed_gives_the_same_draws(study: Study, found: RoadMapResult) -> None:
    again = follow_road_map(study, draws=4000, seed=3, search=False)
    assert np.array_equal(again.willing.timeline.states, found.willing.timeline.states)


def test_words_name_who_binds_and_what_it_would_take(found: RoadMapResult) -> None:
    words = " ".join(road_map_in_words(found))
    assert "out of reach" in words
    assert money(found.answer.bridge.total) in words
    assert "Brena" in words


def test_a_study_without_road_map_is_a_fault_with_a_remedy() -> None:
    with pytest.raises(StudyError, match="has no road map"):
        plan(read_study("minimal"))


def test_cheaper_works_bring_the_goal_within_reach(study: Study) -> None:
    cheap = tuple(replace(m, works_usd_bn=0.0001) if m.id in ("canal", "railway") else m for m in study.measures)
    easier = replace(study, measures=cheap, roadmap={**study.roadmap, "worth": (*study.roadmap["worth"], {
        "party": "brena", "element": "talks", "usd_bn_per_year": 0.03,
    })})  # fmt: skip
    plans = plan(easier)
    assert plans
    assert all((step.paid == 0).all() for step in plans[0].steps)
