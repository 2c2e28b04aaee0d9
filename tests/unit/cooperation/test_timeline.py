"""Draws over a road map agree with closed forms, and are the same for the same seed."""

from math import sqrt

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules, prospects
from landbridge.cooperation.elements import Element
from landbridge.cooperation.expectations import expected_gains, indicator_path, lapse_losses
from landbridge.cooperation.orders import acceptable_elements
from landbridge.cooperation.roadmap import RoadMap
from landbridge.cooperation.timeline import Timeline, draw_timeline
from landbridge.core.arrays import Float
from landbridge.core.problems import StudyError

DRAWS = 40_000


def road_map(*elements: Element, payoff: Float | None = None, start: tuple[str, ...] = ()) -> RoadMap:
    worth = np.zeros((1 << len(elements), 1)) if payoff is None else payoff
    return RoadMap(("P",), elements, worth, goal=(elements[-1].id,), start=start)


def drawn(plan: RoadMap, last_year: int = 2030, seed: int = 3, draws: int = DRAWS) -> Timeline:
    return draw_timeline(plan, np.random.default_rng(seed), first_year=2021, last_year=last_year, draws=draws)


def near(chance: Float) -> Float:
    """Return four standard errors of a chance over the draws."""
    return 4 * np.sqrt(chance * (1 - chance) / DRAWS) + 1e-12


def test_a_yearly_chance_is_geometric() -> None:
    timeline = drawn(road_map(Element("talks", ("P",), yearly_chance=0.3)))
    expected = 1 - 0.7 ** np.arange(1, 11)
    assert (np.abs(timeline.standing()[:, 0] - expected) < near(expected)).all()
    first = 0.3 * 0.7 ** np.arange(10)
    assert (np.abs(timeline.first_year("talks") - first) < near(first)).all()


def test_dates_and_waiting_are_certain() -> None:
    timeline = drawn(
        road_map(
            Element("election", milestone=True, not_before=2023),
            Element("law", ("P",), requires=("election",)),
            Element("works", ("P",), requires=("law",), lag_years=2),
        ),
        draws=3,
    )
    stands = timeline.standing()
    assert [int(timeline.years[stands[:, k].argmax()]) for k in range(3)] == [2023, 2024, 2027]
    assert set(np.unique(stands)) == {0.0, 1.0}


def test_a_deadline_closes_the_window() -> None:
    timeline = drawn(road_map(Element("offer", ("P",), yearly_chance=0.5, not_before=2022, not_after=2023)))
    assert timeline.standing()[-1, 0] == pytest.approx(0.75, abs=4 * sqrt(0.1875 / DRAWS))
    assert timeline.standing()[0, 0] == 0


def test_conditions_that_stand_today_have_stood_long_enough() -> None:
    timeline = drawn(
        road_map(Element("law", ("P",)), Element("works", ("P",), requires=("law",), lag_years=5), start=("law",))
    )
    assert timeline.standing()[0].tolist() == [1, 1]


def test_lapse_and_return_settle_at_the_balance_of_both() -> None:
    # down with chance h, up again with p from the next year on: the share standing tends to p / (p + h)
    h, p = 0.2, 0.4
    timeline = drawn(road_map(Element("freeze", ("P",), yearly_chance=p, lapse_chance=h)), last_year=2080)
    share = timeline.standing()[-20:, 0].mean()
    assert share == pytest.approx(p / (p + h), abs=0.005)


def test_a_lapse_takes_back_what_hangs_on_it_but_not_what_is_built() -> None:
    timeline = drawn(
        road_map(
            Element("freeze", ("P",), lapse_chance=0.5),
            Element("easing", ("P",), requires=("freeze",), lapses_with=("freeze",)),
            Element("railway", ("P",), requires=("easing",)),
        )
    )
    freeze, easing, railway = (timeline.states >> k & 1 == 1 for k in range(3))
    fell = freeze[:-1] & ~freeze[1:]
    assert not easing[1:][fell].any()
    assert (railway[1:] >= railway[:-1]).all()


def test_what_belongs_together_comes_together_with_the_smaller_chance() -> None:
    timeline = drawn(
        road_map(
            Element("tests", ("P",), together_with=("exercises",), yearly_chance=0.9),
            Element("exercises", ("P",), together_with=("tests",), yearly_chance=0.25),
        )
    )
    standing = timeline.standing()
    assert (standing[:, 0] == standing[:, 1]).all()
    assert standing[0, 0] == pytest.approx(0.25, abs=0.01)


def test_what_excludes_never_stands_beside_it() -> None:
    timeline = drawn(
        road_map(
            Element("ban", ("P",), yearly_chance=0.3),
            Element("line", ("P",), excludes=("ban",), yearly_chance=0.3),
        )
    )
    # the line may come first and the ban later, never the ban first
    ban, line = timeline.states & 1 == 1, timeline.states >> 1 & 1 == 1
    came = line[1:] & ~line[:-1]
    assert not ban[1:][came].any()


def test_the_same_seed_gives_the_same_draws() -> None:
    plan = road_map(Element("a", ("P",), yearly_chance=0.5, lapse_chance=0.1), Element("b", ("P",), yearly_chance=0.2))
    assert (drawn(plan, draws=500).states == drawn(plan, draws=500).states).all()
    assert (drawn(plan, draws=500, seed=4).states != drawn(plan, draws=500).states).any()


def test_gains_indicators_and_losses() -> None:
    worth = np.array([[0.0], [2.0], [3.0], [10.0]])
    plan = road_map(
        Element("a", ("P",), not_before=2022),
        Element("b", ("P",), requires=("a",), lapses_with=("a",)),
        payoff=worth,
    )
    timeline = drawn(plan, last_year=2024, draws=10)  # nothing, a, a and b, a and b
    gains = expected_gains(timeline, plan, discount=0.5)
    assert gains.yearly[:, 0].tolist() == [0, 2, 10, 10]
    assert gains.total[0] == pytest.approx(2 / 2 + 10 / 4 + 10 / 8)
    assert gains.quantiles[:, 0] == pytest.approx([gains.total[0]] * 5)
    path = indicator_path(timeline, np.array([1.0, 2, 3, 4]), growth=np.array([1.0, 1.1, 1.2, 1.3]))
    assert path.mean == pytest.approx([1, 2.2, 4.8, 5.2])
    assert lapse_losses(timeline, plan).tolist() == [[10], [8]]
    assert timeline.likely_states(2022) == ((("a",), 1.0),)
    assert timeline.reached(("a", "b")).tolist() == [0, 0, 1, 1]


def test_quantiles_enclose_the_share_that_they_say() -> None:
    plan = road_map(Element("a", ("P",), yearly_chance=0.5))
    timeline = drawn(plan, last_year=2021)
    noise = np.random.default_rng(0).normal(1, 0.1, timeline.states.shape)
    path = indicator_path(timeline, np.array([100.0, 100.0]), growth=noise, shares=(0.1, 0.9))
    assert path.quantiles[0] == pytest.approx([100 - 12.8155, 100 + 12.8155], abs=0.5)


def test_moves_that_those_asked_refuse_do_not_happen() -> None:
    # each freeze alone costs its side 1, both bring each 1: only together, and never without the election before
    worth = np.zeros((16, 2))
    states = np.arange(16)
    north, south, extra = states & 1, states >> 1 & 1, states >> 3 & 1
    worth[:, 0] = -north + 2 * south - 5 * extra
    worth[:, 1] = -south + 2 * north
    plan = RoadMap(
        ("north", "south"),
        (
            Element("tests", ("north",), requires=("election",)),
            Element("exercises", ("south",), requires=("election",)),
            Element("election", milestone=True, not_before=2023),
            Element("gift", ("north",)),
        ),
        worth,
        goal=("tests", "exercises"),
    )
    rules = Rules()
    may = acceptable_elements(plan, rules, prospects(plan, rules))
    timeline = draw_timeline(plan, np.random.default_rng(1), first_year=2021, last_year=2026, draws=20, may=may)
    free = draw_timeline(plan, np.random.default_rng(1), first_year=2021, last_year=2026, draws=20)
    assert timeline.standing()[:, 3].max() == 0
    assert free.standing()[:, 3].min() == 1
    assert timeline.reached(plan.goal).tolist() == [0, 0, 0, 1, 1, 1]


def test_faults_of_the_frame_come_at_once() -> None:
    plan = road_map(Element("old", ("P",), not_after=1999))
    with pytest.raises(StudyError) as error:
        draw_timeline(plan, np.random.default_rng(0), first_year=2020, last_year=2019, draws=0)
    assert [problem.code for problem in error.value.problems] == ["LB640", "LB641", "LB624"]
