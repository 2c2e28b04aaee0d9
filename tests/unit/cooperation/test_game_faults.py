"""A game that cannot be one is refused with every fault and its remedy."""

import numpy as np
import pytest

from landbridge.cooperation.game import Game
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shape import superadditivity
from landbridge.cooperation.shares import banzhaf, shapley
from landbridge.core.problems import InfeasibleError, StudyError


def codes(error: pytest.ExceptionInfo[StudyError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_values_are_counted_in_bits() -> None:
    game = Game(("a", "b", "c"), np.array([0, 1, 2, 4, 8, 16, 32, 64.0]))
    assert game.at("a") == 1
    assert game.at("a", "c") == 16
    assert game.worth == 64
    assert game.without("b").value.tolist() == [0, 1, 8, 16]
    assert game.singles().tolist() == [1, 2, 8]


def test_a_game_cannot_be_changed() -> None:
    value = np.zeros(4)
    game = Game(("a", "b"), value)
    value[3] = 5
    assert game.worth == 0
    with pytest.raises(ValueError, match="read-only"):
        game.value[1] = 3


def test_all_faults_of_the_members_come_at_once() -> None:
    with pytest.raises(StudyError, match="Join those") as error:
        Game(("a",) * 17, np.zeros(2))
    assert codes(error) == ["LB602", "LB603"]


def test_all_faults_of_the_values_come_at_once() -> None:
    with pytest.raises(StudyError, match=r"a\+b is worth nan") as error:
        Game(("a", "b"), np.array([1.0, 2.0, np.inf, np.nan]))
    assert codes(error) == ["LB605", "LB605", "LB606"]


def test_shape_of_the_values_is_told() -> None:
    with pytest.raises(StudyError, match=r"\(4,\)") as error:
        Game(("a", "b"), np.zeros(3))
    assert codes(error) == ["LB604"]


def test_no_members() -> None:
    with pytest.raises(StudyError, match="at least one"):
        Game((), np.zeros(1))


def test_one_member_gets_all() -> None:
    game = Game(("a",), np.array([0.0, 7.0]))
    assert shapley(game).tolist() == [7]
    assert nucleolus(game).tolist() == [7]
    assert superadditivity(game).holds


def test_no_imputation_is_told_with_its_remedy() -> None:
    game = Game(("a", "b"), np.array([0.0, 2.0, 3.0, 1.0]))
    with pytest.raises(InfeasibleError, match="4 less than apart"):
        nucleolus(game)


def test_index_of_a_game_that_adds_up_to_nothing() -> None:
    with pytest.raises(InfeasibleError, match="kind='value'"):
        banzhaf(Game(("a", "b"), np.zeros(4)), kind="index")


def test_worst_pair_is_named() -> None:
    game = Game(("a", "b", "c"), np.array([0, 1, 1, 5, 1, 2, 2, 5.5]))
    test = superadditivity(game)
    assert not test.holds
    assert test.shortfall == pytest.approx(0.5)
    assert {test.first, test.second} == {("a", "b"), ("c",)}
