"""The parts of a gap add up, agree with the game's Shapley value, and respect what requires what."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.cooperation.game import Game
from landbridge.cooperation.shares import shapley
from landbridge.core.problems import StudyError
from landbridge.targets.decomposition import closed_parts, decompose

PLAYERS = ("growth", "rail", "visa", "tariff")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-100, 100), min_size=16, max_size=16))
def test_parts_add_up_exactly(values: list[float]) -> None:
    found = decompose(PLAYERS, np.array(values), requires={"rail": ("tariff",), "visa": ("rail",)}, target=7.0)
    assert found.start + found.part.sum() == pytest.approx(found.end, abs=1e-9)
    assert found.gap == pytest.approx(found.part.sum() + found.left, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-100, 100), min_size=16, max_size=16))
def test_without_requirements_it_is_the_shapley_value(values: list[float]) -> None:
    worth = np.array(values) - values[0]
    assert decompose(PLAYERS, np.array(values)).part == pytest.approx(shapley(Game(PLAYERS, worth)), abs=1e-9)


def test_two_factors_multiply() -> None:
    # 20 bn grows by 1.2 and a measure adds 1.5: 20, 24, 30, 36; growth (4 + 6) / 2, the measure (10 + 12) / 2
    found = decompose(("growth", "rail"), np.array([20.0, 24, 30, 36]), target=40.0)
    assert found.part == pytest.approx([5, 11])
    assert (found.gap, found.left) == (20, 4)


def test_a_measure_without_what_it_requires_does_nothing() -> None:
    parts = closed_parts(("a", "b", "c"), {"b": ("a",), "c": ("b", "stands already")})
    # subsets 0..7 as c b a: b alone and c without b and a fall away
    assert parts.tolist() == [0, 1, 0, 3, 0, 1, 0, 7]
    nan = float("nan")
    found = decompose(("a", "b"), np.array([0.0, 2, nan, 8]), requires={"b": ("a",)})
    # b adds 6 after a and nothing before it: a (2 + 8) / 2, b (0 + 6) / 2
    assert found.part == pytest.approx([5, 3])


def test_players_that_wait_for_each_other_come_together() -> None:
    assert closed_parts(("a", "b"), {"a": ("b",), "b": ("a",)}).tolist() == [0, 0, 0, 3]


def test_faults() -> None:
    with pytest.raises(StudyError) as error:
        closed_parts(("a",) * 17, {"z": ("a",)})
    assert [problem.code for problem in error.value.problems] == ["LB656", "LB656", "LB657"]
    with pytest.raises(StudyError, match=r"\['a'\] is not finite"):
        decompose(("a",), np.array([0.0, np.inf]))
    with pytest.raises(StudyError, match=r"not \(2,\)"):
        decompose(("a",), np.zeros(3))
