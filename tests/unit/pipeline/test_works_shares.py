"""Works are shared among those whom they serve, and every rule adds up to their cost."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.cooperation.costs import cost_shares
from landbridge.cooperation.game import Game
from landbridge.pipeline.coalitions import Cooperation, cooperate
from landbridge.pipeline.works_shares import RULES, share_works
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def island() -> Cooperation:
    return cooperate(read_study("island-canal"))


def test_every_rule_shares_the_whole_cost_of_canal_and_railway(island: Cooperation) -> None:
    works = share_works(island)
    assert works is not None
    assert dict(zip(works.moves, works.cost.tolist(), strict=True)) == {"canal": 2500.0, "railway": 1100.0}
    assert works.stated.tolist() == [0.0, 3600.0, 0.0]
    for rule in RULES:
        share = works.shares[rule]
        assert share is not None
        assert_allclose(share.sum(), 3600.0, rtol=1e-9)


def test_shares_by_benefit_are_in_proportion_to_what_each_gains_before_anybody_pays(island: Cooperation) -> None:
    works = share_works(island)
    assert works is not None
    gained = works.benefit.sum(axis=0)
    assert_allclose(works.shares["benefit"], 3600.0 * gained / gained.sum(), rtol=1e-9)
    full = island.situation.payoff[-1]
    canal = island.situation.ids.index("canal")
    without = island.situation.payoff[(len(island.situation.payoff) - 1) & ~(1 << canal)]
    assert_allclose(works.benefit[works.moves.index("canal")], full - without + [0.0, 2500.0, 0.0], rtol=1e-9)


def test_a_work_that_serves_one_member_is_paid_by_it_alone_under_shapley(island: Cooperation) -> None:
    situation = island.situation
    stands = (np.arange(len(situation.payoff))[:, None] >> np.arange(len(situation.measures))) & 1
    paid = np.zeros_like(island.paid)
    paid[:2, 1] = (30.0, 60.0)
    benefit = np.zeros_like(paid)
    benefit[0] = (5.0, 0.0, 0.0)
    benefit[1] = (4.0, 4.0, 4.0)
    own = replace(island, paid=paid, situation=replace(situation, payoff=stands @ (benefit - paid)))
    works = share_works(own)
    assert works is not None
    # 30 by the first alone, 60 in three equal parts
    assert_allclose(works.shares["shapley"], [50.0, 20.0, 20.0], rtol=1e-9)


def test_serial_shares_of_a_runway_are_its_shapley_value() -> None:
    """Each further stretch of runway in equal parts by those that need it (Littlechild and Owen 1973)."""
    need = np.array([2.0, 5.0, 9.0])
    stands = (np.arange(8)[:, None] >> np.arange(3)) & 1
    game = Game(("a", "b", "c"), (stands * need).max(axis=1))
    serial = [2 / 3, 2 / 3 + 3 / 2, 2 / 3 + 3 / 2 + 4]
    assert_allclose(cost_shares(game, need, rule="shapley"), serial, rtol=1e-9)
