"""The batch says what `find_outcome` says one by one, and interactions of few blocks make up the whole."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.pipeline.interactions import compose, few_blocks, linked_triples, telling_sets
from landbridge.pipeline.outcome import Baseline, find_outcome
from landbridge.pipeline.payoff_draws import Draw, draw_parameters, knots_for, own_parameters
from landbridge.pipeline.payoffs import cube_values, state_values
from landbridge.pipeline.run import baseline_of
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def island() -> Baseline:
    return baseline_of(read_study("island-canal"))


def test_every_scenario_is_worth_what_a_run_of_it_says(island: Baseline) -> None:
    study = island.ground.study
    names = [scenario.name for scenario in study.scenarios]
    found = state_values(island, [study.standing(name) for name in names])
    for row, name in enumerate(names):
        alone = find_outcome(island, study.standing(name), name).equilibrium
        expected = alone.baseline_spending * (alone.real_income_change - 1.0)
        assert_allclose(found.gain_musd[0, row], expected, atol=1e-7)


def test_the_baseline_is_worth_nothing_in_every_draw_and_repeated_sets_are_equal(island: Baseline) -> None:
    draws = (Draw(3.0, 0.002), Draw(8.0, 0.008))
    canal = island.ground.study.standing("canal")
    found = state_values(island, [island.standing, canal, canal], draws=draws)
    assert_allclose(found.gain_musd[:, 0], 0.0, atol=1e-6)
    assert_allclose(found.gain_musd[:, 1], found.gain_musd[:, 2], atol=0)
    assert found.freight_states == 2


def test_a_draw_at_the_studys_own_parameters_is_the_study(island: Baseline) -> None:
    study = island.ground.study
    own = Draw(study.parameter("trade_elasticity"), study.parameter("choice_scale_per_usd"))
    found = state_values(island, [study.standing("all")], draws=(own,))
    assert_allclose(found.gain_musd[1], found.gain_musd[0], rtol=1e-9)


def test_trade_rules_alone_search_no_further_route(island: Baseline) -> None:
    assert state_values(island, [island.standing, island.ground.study.standing("peace")]).freight_states == 1


def test_each_stratum_of_a_range_is_drawn_once() -> None:
    study = read_study("island-canal")
    drawn = np.sort([d.trade_elasticity for d in draw_parameters(study, 40, np.random.default_rng(1))])
    # triangular from 3 to 8 with mode 5: chance below x is (x-3)^2/10 up to 5, then 1-(8-x)^2/15
    chance = np.where(drawn < 5, (drawn - 3) ** 2 / 10, 1 - (8 - drawn) ** 2 / 15)
    assert (np.floor(chance * 40) == np.arange(40)).all()


def test_few_blocks_make_up_all_sets_if_nothing_interacts_beyond_them() -> None:
    rng = np.random.default_rng(2)
    pairwise = np.triu(rng.normal(size=(5, 5)))
    stands = (np.arange(32)[:, None] >> np.arange(5)) & 1
    value = 7.0 + np.einsum("si,ij,sj->s", stands, pairwise, stands)
    few = few_blocks(5, 2)
    assert len(few) == 1 + 5 + 10
    assert_allclose(compose(value[few, None], few, 5)[:, 0], value, atol=1e-12)


def test_what_is_left_out_is_the_interaction_of_more_blocks() -> None:
    value = np.zeros(8)
    value[7] = 1.0  # a pure interaction of three
    few = few_blocks(3, 2)
    assert_allclose(compose(value[few, None], few, 3)[:, 0], 0.0, atol=0)


def test_only_blocks_that_all_interact_in_pairs_are_looked_at_together() -> None:
    stands = (np.arange(16)[:, None] >> np.arange(4)) & 1
    a, b, c, d = stands.T
    # a, b and c interact in pairs; d only with a
    value = (a + b + c + d + 0.5 * (a * b + a * c + b * c + a * d) + 0.25 * a * b * c).astype(np.float64)
    few = few_blocks(4, 2)
    linked = linked_triples(value[few], few, 4, 0.01)
    assert linked.tolist() == [0b0111]
    chosen = np.concatenate([few, linked])
    assert_allclose(compose(value[chosen, None], chosen, 4)[:, 0], value, atol=1e-12)
    assert len(linked_triples(value[few], few, 4, 10.0)) == 0


def test_left_out_interactions_are_small_on_the_island(island: Baseline, monkeypatch: pytest.MonkeyPatch) -> None:
    study = island.ground.study
    blocks = [("canal",), ("railway",), ("fast-borders",)]
    sets = [[*island.standing, *(b[0] for k, b in enumerate(blocks) if s >> k & 1)] for s in range(8)]
    exact = state_values(island, sets, blocks=blocks)
    monkeypatch.setattr("landbridge.pipeline.payoff_networks.EXACT_NETWORKS", 1)
    # with the order of all blocks nothing is left out
    whole = state_values(island, sets, blocks=blocks)
    assert_allclose(whole.gain_musd, exact.gain_musd, rtol=1e-6, atol=1e-4)
    assert_allclose(cube_values(island, blocks).gain_musd, exact.gain_musd, rtol=1e-6, atol=1e-4)
    assert study.id == "island-canal"


def test_many_draws_are_what_each_of_them_gives_alone(island: Baseline) -> None:
    """Interpolated transport and interactions kept from the centre cost less than half a percent of the effect."""
    blocks = [("canal",), ("railway",), ("fast-borders",), ("embargo",)]
    draws = draw_parameters(island.ground.study, 12, np.random.default_rng(4))
    many = cube_values(island, blocks, draws=draws)
    sets = [
        tuple(set(island.standing) ^ {b[0] for k, b in enumerate(blocks) if s >> k & 1})
        for s in range(1 << len(blocks))
    ]
    for d in (0, 5, 11):
        alone = state_values(island, sets, draws=(draws[d],))
        effect = np.abs(alone.gain_musd[1]).max()
        assert_allclose(many.gain_musd[1 + d], alone.gain_musd[1], atol=0.005 * effect)
        assert_allclose(many.gain_musd[0], alone.gain_musd[0], rtol=1e-9, atol=1e-6)


def test_transport_between_the_points_is_exact_for_what_is_of_second_order_in_scale_and_mixed_once() -> None:
    def smooth(e: float, scale: float) -> float:
        s = np.log(scale)
        return float(2.0 + 3.0 * e + s - 0.2 * s**2 + 0.7 * e * s)

    own = Draw(5.0, 0.004)
    draws = draw_parameters(read_study("island-canal"), 20, np.random.default_rng(3))
    knots = knots_for(own, draws)
    assert len(knots.points) == 5
    assert knots.points[0] == own
    at = np.array([smooth(p.trade_elasticity, p.choice_scale_per_usd) for p in knots.points])
    wanted = [smooth(d.trade_elasticity, d.choice_scale_per_usd) for d in draws]
    assert_allclose(knots.weights @ at, wanted, rtol=1e-9)
    assert_allclose(knots.weights.sum(axis=1), 1.0, rtol=1e-9)


def test_few_draws_are_points_themselves() -> None:
    own, one = Draw(5.0, 0.004), Draw(3.0, 0.002, 1.5)
    knots = knots_for(own, (one, own))
    assert [(p.trade_elasticity, p.choice_scale_per_usd) for p in knots.points] == [(5.0, 0.004), (3.0, 0.002)]
    assert_allclose(knots.weights, [[0.0, 1.0], [1.0, 0.0]], atol=0)


def test_draws_of_agreements_scale_their_effect(island: Baseline) -> None:
    treaty = [*island.standing, "free-trade"]
    own = own_parameters(island.ground.study)
    none, twice = replace(own, agreement_factor=0.5), replace(own, agreement_factor=2.0)
    found = state_values(island, [treaty], draws=(none, twice)).gain_musd.sum(axis=2)[:, 0]
    assert found[1] < found[0] < found[2]


def test_sets_that_tell_bring_their_subsets() -> None:
    value = np.zeros(16)
    stands = (np.arange(16)[:, None] >> np.arange(4)) & 1
    value += stands @ np.array([4.0, 2.0, 1.0, 1.0]) + 0.5 * (stands[:, :3].prod(axis=1))
    assert telling_sets(value, 4, 0.01).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert telling_sets(value, 4, 10.0).tolist() == [0, 1, 2, 4, 8]
