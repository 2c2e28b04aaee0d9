"""The game of the invented island: moves, works, consent, and answers that can be reckoned by hand."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.core.problems import StudyError
from landbridge.pipeline.bundles import coalition_bundles, scenario_bundles, standing_with, works_of
from landbridge.pipeline.coalitions import Cooperation, coalitions, cooperate, has_game, horizon_of
from landbridge.pipeline.outcome import find_outcome
from landbridge.pipeline.payoffs import state_values
from landbridge.pipeline.run import baseline_of
from landbridge.study.model import Change, Measure
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def island() -> Cooperation:
    return cooperate(read_study("island-canal"), draws=3)


def test_works_are_the_measures_own_or_those_of_the_project_of_its_scenario() -> None:
    # canal: works_usd_bn = 2.5; railway: none, but project midland-railway is chosen at 1,100 million
    assert works_of(read_study("island-canal")) == {"canal": (2500.0, "brena"), "railway": (1100.0, "brena")}


def test_the_present_value_of_one_a_year() -> None:
    horizon = horizon_of(read_study("island-canal"))
    assert_allclose(horizon.factor, 0.95 * (1 - 0.95**20) / (1 - 0.95))


def test_two_that_lift_their_embargo_gain_what_the_run_says(island: Cooperation) -> None:
    study = read_study("island-canal")
    base = baseline_of(study)
    lifted = find_outcome(base, standing_with(study, ["embargo"]), "lifted").equilibrium
    gain = lifted.baseline_spending * (lifted.real_income_change - 1.0)
    economies = base.ground.inputs.economies
    expected = island.horizon.factor * (gain[economies.index("ALT")] + gain[economies.index("CIN")])
    assert_allclose(island.game.at("alta", "cinda"), expected, rtol=1e-9)


def test_works_paid_by_a_member_are_in_its_payoff_and_cannot_be_undone(island: Cooperation) -> None:
    study = read_study("island-canal")
    base = baseline_of(study)
    state = state_values(base, [standing_with(study, ["railway"])]).gain_musd[0, 0]
    k = island.situation.ids.index("railway")
    economies = base.ground.inputs.economies
    expected = island.horizon.factor * state[economies.index("BRE")] - 1100.0
    assert_allclose(island.situation.payoff[1 << k, island.players.index("brena")], expected, rtol=1e-6)
    assert not island.situation.measures[k].removable


def test_who_alone_can_do_nothing_is_worth_nothing_and_who_has_a_veto_is_told(island: Cooperation) -> None:
    assert_allclose(island.game.singles(), 0.0, atol=1e-9)
    assert island.influence.veto == (True, False, True)
    assert island.taken_to_consent == ("Council of the island",)


def test_divisions_add_up_and_payments_leave_nobody_objecting(island: Cooperation) -> None:
    game = island.game
    for division in (island.shapley, island.nucleolus, island.payments.payoff, island.gains):
        assert_allclose(division.sum(), game.worth, rtol=1e-9)
    stands = (np.arange(8)[:, None] >> np.arange(3)) & 1
    assert (stands @ island.payments.payoff >= game.value - 1e-6).all()


def test_the_interval_of_the_draws_holds_the_centre_for_the_whole(island: Cooperation) -> None:
    assert island.spread is not None
    low, high = island.spread.value
    assert low[-1] <= high[-1]
    assert (low <= high).all()
    assert island.spread.draws == 3


def test_the_public_game_is_the_passive_one(island: Cooperation) -> None:
    assert_allclose(coalitions(read_study("island-canal")).value, island.game.value, rtol=1e-12)


def test_a_party_that_only_consents_can_play_and_earns_nothing_by_trade() -> None:
    found = cooperate(read_study("island-canal"), players="all")
    at = found.players.index("island-council")
    assert len(found.game.value) == 16
    assert_allclose(found.passive.own_gain[:, at], 0.0, atol=0)


def test_measures_move_together_if_they_ask_the_same_and_the_same_scenarios_make_them() -> None:
    study = read_study("island-canal")
    bundles, left = coalition_bundles(study, ("alta", "brena", "cinda"))
    assert [bundle.id for bundle in bundles] == ["embargo", "canal", "railway", "fast-borders", "free-trade"]
    assert bundles[3].requires == ("railway",)
    assert dict(left) == {"visa-waiver": "it moves visits, not trade"}


def test_a_scenario_that_builds_on_others_is_taken_apart_by_them() -> None:
    together = [bundle.measures for bundle in scenario_bundles(read_study("island-canal"), "all")]
    assert ("railway", "fast-borders") in together
    assert ("canal",) in together


def test_no_member_with_an_economy_is_a_fault_with_a_remedy() -> None:
    study = read_study("island-canal")
    without = replace(study, members=tuple(replace(member, economies=()) for member in study.members))
    assert not has_game(without)
    with pytest.raises(StudyError, match="no member holds an economy"):
        cooperate(without)


def test_too_many_different_consents_are_a_fault_with_a_remedy() -> None:
    study = read_study("island-canal")
    members = tuple(replace(study.members[0], id=f"m{k}") for k in range(14))
    ban = (Change("ban", exporters=("ALT",), importers=("CIN",)),)
    measures = tuple(Measure(f"x{k}", "x", ban, (f"m{k}",)) for k in range(14))
    scenarios = (replace(study.scenarios[0], add=tuple(measure.id for measure in measures)),)
    many = replace(study, members=members, measures=measures, scenarios=scenarios, roadmap={})
    with pytest.raises(StudyError, match="14 different sets of members"):
        coalition_bundles(many, tuple(member.id for member in members))
