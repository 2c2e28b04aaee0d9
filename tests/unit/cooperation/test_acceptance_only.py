"""Answers for the states that can come are those of the whole road map."""

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules, can_come, prospects
from landbridge.cooperation.elements import Element
from landbridge.cooperation.roadmap import RoadMap


@pytest.mark.parametrize("seed", range(6))
def test_states_that_cannot_come_do_not_change_the_answer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parties = ("a", "b", "c")
    elements = tuple(
        Element(
            f"e{k}",
            tuple(parties[i] for i in rng.choice(3, 2, replace=False)),
            requires=(f"e{k - 2}",) if k > 2 else (),
            lapses_with=("e0",) if k == 4 else (),
            lapse_chance=0.05 if k < 3 else 0.0,
        )
        for k in range(7)
    )
    stands = np.arange(1 << 7)[:, None] >> np.arange(7) & 1
    road_map = RoadMap(parties, elements, stands @ rng.normal(0.5, 1, (7, 3)), goal=("e6",))
    rules = Rules(at_once=2)
    only = can_come(road_map, rules)
    assert 1 < only.sum() < 1 << 7
    whole, part = prospects(road_map, rules), prospects(road_map, rules, only=only)
    for name in ("worth", "following", "leads", "steps_left"):
        np.testing.assert_array_equal(getattr(part, name)[only], getattr(whole, name)[only])


def test_a_state_without_what_it_requires_cannot_come() -> None:
    elements = (Element("first", ("a",)), Element("second", ("a",), requires=("first",)))
    road_map = RoadMap(("a",), elements, np.zeros((4, 1)), goal=("second",))
    assert can_come(road_map, Rules()).tolist() == [True, True, False, True]
