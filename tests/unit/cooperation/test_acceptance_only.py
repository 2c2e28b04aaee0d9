"""Answers for the states that can come are those of the whole road map."""

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules, can_come, prospects
from landbridge.cooperation.elements import Element
from landbridge.cooperation.roadmap import RoadMap
from landbridge.cooperation.switching import switching_value, switching_values


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


@pytest.mark.parametrize("seed", range(4))
def test_switching_values_are_those_found_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    elements = tuple(Element(f"e{k}", ("a", "b")) for k in range(4))
    stands = np.arange(16)[:, None] >> np.arange(4) & 1
    road_map = RoadMap(("a", "b"), elements, stands @ rng.normal(0, 1, (4, 2)), ("e0", "e3"),
                       security=np.round(rng.normal(0, 1, (4, 2)), 2))  # fmt: skip
    reached = bool(prospects(road_map, Rules()).leads[0])
    security = road_map.security
    assert security is not None
    found = {(one.element, one.party): one.value for one in switching_values(road_map, reached=reached, width=3.0)}
    for k, element in enumerate(road_map.ids):
        for i, party in enumerate(road_map.parties):
            far = security[k, i] + (-3.0 if reached else 3.0) * np.abs(security[:, i]).max()
            low, high = sorted((float(security[k, i]), float(far)))
            alone = switching_value(road_map, element, party, low=low, high=high, tolerance=1e-2).value
            if alone is None:
                assert (element, party) not in found
            else:
                assert found[element, party] == pytest.approx(alone, abs=0.01 * (high - low))
