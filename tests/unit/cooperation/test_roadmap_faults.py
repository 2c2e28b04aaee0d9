"""A road map that cannot be followed is refused with every fault, its place and its remedy."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules
from landbridge.cooperation.elements import Element, Stage
from landbridge.cooperation.plans import solve_road_map
from landbridge.cooperation.roadmap import RoadMap
from landbridge.core.problems import StudyError


def road_map(*elements: Element, goal: tuple[str, ...] = ("last",), **more: object) -> RoadMap:
    return RoadMap(("A", "B"), elements, np.zeros((1 << len(elements), 2)), goal, **more)  # type: ignore[arg-type]


def told(*elements: Element, goal: tuple[str, ...] = ("last",), **more: object) -> dict[str, list[str]]:
    """Return the messages of the refusal by code."""
    with pytest.raises(StudyError) as error:
        road_map(*elements, goal=goal, **more)
    found: dict[str, list[str]] = {}
    for problem in error.value.problems:
        found.setdefault(problem.code, []).append(str(problem))
    return found


LAST = Element("last", ("A",))


def test_all_faults_at_once() -> None:
    found = told(
        Element("last", ("A", "Z")),
        Element("none"),
        Element("both", ("A",), milestone=True),
        Element("odd", ("A",), yearly_chance=1.5, lapse_chance=-0.1, lag_years=-1),
        Element("lost", ("A",), requires=("gone",), together_with=("nowhere",)),
        Element("self", ("A",), requires=("odd",), excludes=("odd", "self")),
        Element("date", ("A",), not_before=2022, not_after=2020),
        Element("date", ("A",), not_before=20),
        goal=("last", "moon"),
        start=("sun",),
        stages=(Stage("one", ("mars",)),),
    )
    assert set(found) == {
        *("LB611", "LB612", "LB613", "LB614", "LB616", "LB621", "LB622", "LB623", "LB624", "LB625"),
    }
    assert "members are A, B" in found["LB614"][0]
    assert "call it a milestone" in found["LB613"][0]
    assert len(found["LB622"]) == 2
    assert len(found["LB612"]) == 3
    assert "before 2022 nor after 2020" in " ".join(found["LB624"])


def test_circular_conditions_name_the_circle() -> None:
    found = told(
        Element("a", ("A",), requires=("b",)),
        Element("b", ("A",), requires=("c",)),
        Element("c", ("A",), requires=("a",)),
        LAST,
    )
    assert found["LB620"] == [
        "roadmap:a: a requires b requires c requires a: none can come first. Take one condition out. [LB620]"
    ]


def test_circle_through_a_stage() -> None:
    found = told(Element("a", ("A",)), LAST, stages=(Stage("one", ("a",), ("last",)), Stage("two", ("last",), ("a",))))
    assert "LB620" in found


def test_a_goal_out_of_reach_names_the_condition_that_blocks() -> None:
    # `last` waits for `talks`, which must come together with one that excludes nothing but waits for itself
    found = told(
        Element("talks", ("A",), together_with=("treaty",)),
        Element("treaty", ("A",), requires=("talks",)),
        Element("last", ("A",), requires=("treaty",)),
    )
    assert "no path reaches 'last': it waits for treaty" in found["LB627"][0]


def test_a_deadline_before_its_conditions() -> None:
    found = told(
        Element("first", milestone=True, not_before=2021),
        Element("last", ("A",), requires=("first",), lag_years=1, not_after=2022),
    )
    assert "allow 2023 at the earliest" in found["LB624"][0]


def test_payoffs_of_a_wrong_shape_and_not_finite() -> None:
    good = road_map(LAST)
    with pytest.raises(StudyError, match=r"has shape \(4, 2\), not \(2, 2\)"):
        replace(good, payoff=np.zeros((4, 2)))
    with pytest.raises(StudyError, match="row 1, B: nan is not finite"):
        replace(good, payoff=np.array([[0, 0], [0, np.nan]]))
    with pytest.raises(StudyError, match=r"security: has shape \(2, 2\), not \(1, 2\)"):
        replace(good, security=np.zeros((2, 2)))


def test_no_goal() -> None:
    assert "LB626" in told(LAST, goal=())


def test_more_than_sixteen_members() -> None:
    with pytest.raises(StudyError, match="Join those that always act together"):
        RoadMap(tuple(f"P{i}" for i in range(17)), (Element("last", ("P1",)),), np.zeros((2, 17)), ("last",))


def test_steps_too_small_for_what_belongs_together() -> None:
    ring = [Element(f"e{k}", ("A",), together_with=(f"e{(k + 1) % 3}",)) for k in range(3)]
    three = road_map(*ring, goal=("e0",))
    assert solve_road_map(three, Rules(at_once=3)).reached
    with pytest.raises(StudyError, match="in steps of at most 2: it requires nothing, together with e1"):
        solve_road_map(three, Rules(at_once=2))


def test_goals_that_exclude_each_other() -> None:
    both = road_map(
        Element("a", ("A",), excludes=("last",)), Element("last", ("A",), excludes=("a",)), goal=("a", "last")
    )
    with pytest.raises(StudyError, match="not all in one order"):
        solve_road_map(both)


def test_rules_out_of_range() -> None:
    with pytest.raises(StudyError) as error:
        Rules(discount=1.0, at_once=0)
    assert [problem.code for problem in error.value.problems] == ["LB628", "LB629"]
