"""Core, least core, cost of stability, side payments, influence and cost shares on games solved by hand."""

import numpy as np
import pytest

from landbridge.cooperation.core_of_game import least_core, objections, side_payments, stability_cost
from landbridge.cooperation.costs import cost_shares
from landbridge.cooperation.game import Game
from landbridge.cooperation.influence import dependency, dependency_of_shares, influence, spillover
from landbridge.core.problems import InfeasibleError

MAJORITY = Game.of("abc", lambda names: float(len(names) >= 2))
GLOVES = Game.of(("left", "right1", "right2"), lambda s: float("left" in s and len(s) > 1))


def test_majority_of_three_has_an_empty_core() -> None:
    # equal thirds leave each pair 1/3 short; the three pairs, each with weight 1/3, are the balanced collection
    found = least_core(MAJORITY)
    assert found.core_is_empty
    assert found.excess == pytest.approx(1 / 3)
    assert found.payoff == pytest.approx([1 / 3] * 3)
    assert {objection.members for objection in found.blocking} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert [objection.weight for objection in found.blocking] == pytest.approx([1 / 3] * 3)


def test_majority_of_three_costs_half_to_hold() -> None:
    # x_i + x_j >= 1 for each pair: the least total is 3/2 (Bachrach and others 2009, section 3)
    cost = stability_cost(MAJORITY)
    assert cost.outside_money == pytest.approx(0.5)
    assert cost.payoff == pytest.approx([0.5] * 3)


def test_weighted_voting_cost_of_stability_is_at_most_n_over_quota() -> None:
    # q-of-n: each gets 1/q, in all n/q (Bachrach and others 2009, theorem on unweighted voting)
    game = Game.of("abcdefg", lambda names: float(len(names) >= 5))
    assert stability_cost(game).outside_money == pytest.approx(7 / 5 - 1)


def test_core_that_is_one_point() -> None:
    found = least_core(GLOVES)
    assert not found.core_is_empty
    assert found.payoff == pytest.approx([1, 0, 0], abs=1e-9)
    assert stability_cost(GLOVES).outside_money == 0


def test_objections_are_sorted_by_what_leavers_gain() -> None:
    first, second, *_ = objections(GLOVES, np.array([0.5, 0.3, 0.2]))
    assert first.members == ("left", "right2")
    assert first.excess == pytest.approx(0.3)
    assert second.members == ("left", "right1")
    assert second.excess == pytest.approx(0.2)


def test_side_payments_move_no_more_than_needed() -> None:
    # alone 0, pair ab 10, all 12; own gains 2, 4, 6: a and b together must have 10, so c pays 4
    game = Game(("a", "b", "c"), np.array([0, 0, 0, 10, 0, 0, 0, 12.0]))
    paid = side_payments(game, np.array([2.0, 4.0, 6.0]))
    assert paid.received == pytest.approx(4)
    assert paid.payment == pytest.approx([2, 2, -4])  # of the ways to give 4, the even one
    assert paid.outside_money == 0


def test_no_payment_where_nobody_objects() -> None:
    game = Game(("a", "b"), np.array([0, 1, 1, 4.0]))
    assert side_payments(game, np.array([1.5, 2.5])).payment.tolist() == [0, 0]


def test_an_empty_core_needs_money_from_outside() -> None:
    paid = side_payments(MAJORITY, np.array([1.0, 0.0, 0.0]))
    assert paid.outside_money == pytest.approx(0.5)
    assert paid.payoff == pytest.approx([0.5] * 3)
    assert paid.payment.sum() == pytest.approx(0.5)


def test_gains_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 2"):
        side_payments(MAJORITY, np.array([1.0, 1.0, 0.0]))


def test_who_has_a_veto_and_who_adds_nothing() -> None:
    game = Game.of("abcd", lambda names: float("a" in names and ("b" in names or "c" in names)))
    found = influence(game)
    assert found.veto == (True, False, False, False)
    assert found.dummy == (False, False, False, True)
    assert found.essential == (True, False, False, False)
    assert found.last_gain.tolist() == [1, 0, 0, 0]


def test_dependency_reads_own_gains() -> None:
    own = np.zeros((4, 2))
    own[3] = [5, 1]  # both act
    own[1] = [2, -1]  # a alone
    own[2] = [0, 3]  # b alone
    # a loses 3 when b leaves; b loses -2 when b leaves... rows are who loses, columns who leaves
    assert dependency(own).tolist() == [[5, 3], [-2, 2]]
    assert spillover(own).tolist() == [0, -1, 0, 0]


def test_shares_depend_on_each_other_alike() -> None:
    loss = dependency_of_shares(GLOVES)
    assert loss == pytest.approx(loss.T)
    # with one right glove gone the left and the other right share 1 by halves: left loses 2/3 - 1/2
    assert loss[0] == pytest.approx([0, 1 / 6, 1 / 6])


def test_separable_costs_remaining_benefits() -> None:
    # c(1) = 6, c(2) = 8, c(12) = 10: separable 2 and 4, left 4; remaining min(b, c) - m = 5 - 2 and 8 - 4
    cost = Game(("1", "2"), np.array([0, 6, 8, 10.0]))
    benefit = np.array([5.0, 20.0])
    assert cost_shares(cost, benefit) == pytest.approx([2 + 4 * 3 / 7, 4 + 4 * 4 / 7])
    assert cost_shares(cost, benefit, rule="benefit") == pytest.approx([2, 8])
    for rule in ("shapley", "nucleolus"):
        assert cost_shares(cost, benefit, rule=rule) == pytest.approx([4, 6])


def test_a_cost_without_benefit_cannot_be_shared_by_it() -> None:
    with pytest.raises(InfeasibleError, match="Leave out who does not gain"):
        cost_shares(Game(("1", "2"), np.array([0, 6, 8, 10.0])), np.array([-1.0, 2.0]), rule="benefit")
