"""A hand-made road map with its known answer for every rule."""

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules, prospects
from landbridge.cooperation.elements import Element, Stage
from landbridge.cooperation.orders import acceptable_graph, minimal_sets
from landbridge.cooperation.plans import RoadMapAnswer, solve_road_map
from landbridge.cooperation.roadmap import RoadMap, lapse_masks, steps_of, with_security
from landbridge.cooperation.switching import switching_scale, switching_value
from landbridge.core.arrays import Float


def additive(*rows: tuple[float, ...]) -> Float:
    """Payoff of a state: the sum of what each element that stands brings each party."""
    worth = np.array(rows, dtype=float)
    m = len(worth)
    return (np.arange(1 << m)[:, None] >> np.arange(m) & 1) @ worth


def sacrifice_then_gain(lapse_chance: float = 0.0) -> RoadMap:
    """A gives 1 a year first, and gets 3 a year after the second element, which waits for the first."""
    return RoadMap(
        ("A",),
        (
            Element("give", ("A",), lapse_chance=lapse_chance),
            Element("gain", ("A",), requires=("give",), lapses_with=("give",)),
        ),
        additive((-1,), (3,)),
        goal=("gain",),
    )


def solve(road_map: RoadMap, **rules: object) -> RoadMapAnswer:
    return solve_road_map(road_map, Rules(**rules))  # type: ignore[arg-type]


@pytest.mark.parametrize(("discount", "reached"), [(0.0, False), (0.33, False), (0.34, True), (0.9, True)])
def test_foresight_accepts_a_sacrifice_from_a_third_on(discount: float, *, reached: bool) -> None:
    # W(give) = -1 + beta * 2 / (1 - beta) >= 0  if and only if  beta >= 1/3; myopic never
    assert solve(sacrifice_then_gain(), discount=discount).reached is reached


def test_values_with_lapse_in_closed_form() -> None:
    beta, h = 0.9, 0.2
    found = prospects(sacrifice_then_gain(h), Rules(discount=beta))
    hold = 1 - h
    goal = 2 / (1 - beta * hold)  # after the lapse nothing stands, worth 0
    assert found.stay[:, 0] == pytest.approx([0, -1 / (1 - beta * hold), 3 / (1 - beta), goal])
    assert found.worth[1, 0] == pytest.approx(-1 + beta * hold * goal)
    assert found.worth[0, 0] == pytest.approx(beta * (-1 + beta * hold * goal))


def test_a_lapse_that_is_likely_enough_stops_the_plan() -> None:
    # -1 + beta (1-h) 2 / (1 - beta (1-h)) >= 0 if and only if beta (1-h) >= 1/3
    assert solve(sacrifice_then_gain(0.62), discount=0.9).reached
    assert not solve(sacrifice_then_gain(0.64), discount=0.9).reached


def test_resumption_is_worth_more_than_a_lapse_for_good() -> None:
    beta, h = 0.9, 0.2
    found = prospects(sacrifice_then_gain(h), Rules(discount=beta, after_lapse="resume"))
    w0, w1, _, w3 = found.worth[:, 0]
    assert w0 == pytest.approx(beta * w1)
    assert w1 == pytest.approx(-1 + beta * ((1 - h) * w3 + h * w0))
    assert w1 > prospects(sacrifice_then_gain(h), Rules(discount=beta)).worth[1, 0]


def dual_freeze() -> RoadMap:
    """Each freeze costs the side that makes it 1 a year and is worth 2 to the other."""
    return RoadMap(
        ("north", "south"),
        (Element("tests", ("north",)), Element("exercises", ("south",))),
        additive((-1, 2), (2, -1)),
        goal=("tests", "exercises"),
    )


@pytest.mark.parametrize("discount", [0.0, 0.9])
def test_only_a_simultaneous_exchange_unlocks_the_dual_freeze(discount: float) -> None:
    answer = solve(dual_freeze(), discount=discount)
    assert answer.reached
    assert not answer.reached_one_by_one
    assert answer.exchange_unlocks
    assert answer.orders == 1
    step = answer.plans[0].steps[0]
    assert step.made == ("tests", "exercises")
    assert step.asked == ("north", "south")
    assert step.gain == pytest.approx([1 / (1 - discount)] * 2)
    assert not solve(dual_freeze(), discount=discount, at_once=1).reached


def unequal() -> RoadMap:
    """One line that both must agree to: 1 a year lost by A, 3 a year gained by B."""
    return RoadMap(("A", "B"), (Element("line", ("A", "B")),), additive((-1, 3)), goal=("line",))


def test_payments_among_those_asked_make_a_step_acceptable_in_sum() -> None:
    assert not solve(unequal()).reached
    answer = solve(unequal(), payments=True)
    assert answer.reached
    assert answer.bridge.total == 0


def test_least_payment_is_the_present_value_of_the_loss() -> None:
    answer = solve(unequal(), discount=0.9)
    assert not answer.reached
    assert answer.plans == ()
    assert answer.as_far_as.steps == ()
    assert answer.bridge.total == pytest.approx(10)  # 1 a year for good at 0.9
    assert answer.bridge.present == pytest.approx(9)
    assert answer.bridge.binding_step == ("line",)
    assert answer.bridge.binding_party == ("A",)
    assert answer.bridge.plan.steps[0].paid == pytest.approx([10, 0])


def test_what_will_be_paid_later_is_counted_on() -> None:
    # A loses 1 with each of two elements in a row. Paid at the second: 10; W(first) = -1 + .9 (-20 + 10) = -10
    road_map = RoadMap(
        ("A",),
        (Element("one", ("A",)), Element("two", ("A",), requires=("one",))),
        additive((-1,), (-1,)),
        goal=("two",),
    )
    bridge = solve(road_map, discount=0.9).bridge
    assert [float(step.paid[0]) for step in bridge.plan.steps] == pytest.approx([10, 10])
    assert bridge.total == pytest.approx(20)


def test_the_way_that_needs_least_is_paid_for() -> None:
    road_map = RoadMap(
        ("A",),
        (
            Element("dear", ("A",)),
            Element("cheap", ("A",)),
            Element("goal", ("A",), requires=("cheap",)),
            Element("goal too", ("A",), requires=("dear",)),
        ),
        additive((-5,), (-1,), (-1,), (0,)),
        goal=("goal",),
    )
    bridge = solve(road_map, at_once=1).bridge
    assert [step.made for step in bridge.plan.steps] == [("cheap",), ("goal",)]


@pytest.mark.parametrize(("at_once", "orders"), [(1, 6), (2, 12), (3, 13)])
def test_orders_of_three_free_elements(at_once: int, orders: int) -> None:
    # 3! one by one; 13 ordered partitions of three things, of which one has a block of three
    names = ("a", "b", "c")
    road_map = RoadMap(("P",), tuple(Element(k, ("P",)) for k in names), additive((1,), (1,), (1,)), goal=names)
    assert solve(road_map, at_once=at_once).orders == orders


def test_number_of_orders_of_twelve_free_elements() -> None:
    # one by one or in pairs: c(m) = m c(m - 1) + m (m - 1) / 2 c(m - 2)
    count = [1, 1]
    for m in range(2, 13):
        count.append(m * count[-1] + m * (m - 1) // 2 * count[-2])
    names = tuple(f"e{k}" for k in range(12))
    road_map = RoadMap(("P",), tuple(Element(k, ("P",)) for k in names), additive(*[(1,)] * 12), goal=names)
    assert solve(road_map).orders == count[12]


def test_orders_are_ranked_by_worth_and_by_steps() -> None:
    road_map = RoadMap(("P",), tuple(Element(k, ("P",)) for k in "ab"), additive((5,), (1,)), goal=("a", "b"))
    best = solve_road_map(road_map, Rules(discount=0.5), best=3).plans
    assert [[step.made for step in plan.steps] for plan in best] == [
        [("a", "b")],
        [("a",), ("b",)],
        [("b",), ("a",)],
    ]
    # 0 now, then 6 a year for good at a half; one by one, a year with 5 or with 1 comes between
    assert [float(plan.worth.sum()) for plan in best] == pytest.approx([6, 5.5, 3.5])
    one = solve_road_map(road_map, Rules(discount=0.5, at_once=1), best=3, by="steps").plans
    assert [len(plan.steps) for plan in one] == [2, 2]


def test_which_way_the_plan_takes() -> None:
    # the plan ends at the goal, so what is worth most comes before it, or never if the shortest way is taken
    road_map = RoadMap(
        ("P",), (Element("extra", ("P",)), Element("goal", ("P",))), additive((5,), (1,)), goal=("goal",)
    )
    by_sum = prospects(road_map, Rules(discount=0.5, at_once=1))
    by_steps = prospects(road_map, Rules(discount=0.5, at_once=1, continuation="shortest"))
    assert (by_sum.following[0], by_sum.worth[0, 0]) == (0b01, 0.5 * (5 + 0.5 * 12))
    assert (by_steps.following[0], by_steps.worth[0, 0]) == (0b10, 0.5 * 2)


@pytest.mark.parametrize("discount", [0.0, 0.9])
def test_a_goal_that_stands_today_needs_no_step(discount: float) -> None:
    road_map = RoadMap(("P",), (Element("goal", ("P",)),), additive((1,)), goal=("goal",), start=("goal",))
    answer = solve(road_map, discount=discount)
    assert (answer.reached, answer.orders, answer.bridge.total) == (True, 1, 0)
    assert answer.plans[0].steps == ()


def test_a_set_that_holds_a_smaller_way_is_not_minimal() -> None:
    road_map = RoadMap(
        ("P",), (Element("extra", ("P",)), Element("goal", ("P",))), additive((1,), (1,)), goal=("goal",)
    )
    answer = solve(road_map)
    ends = answer.graph.ends.tolist()
    assert ends == [0b10, 0b11]
    assert answer.graph.minimal.tolist() == [0b10]
    by_end = {plan.steps[-1].state: plan.minimal for plan in answer.plans}
    assert by_end == {0b10: True, 0b11: False}


def test_minimal_sets_by_listing() -> None:
    sets = np.array([0b0011, 0b0111, 0b1000, 0b1001, 0b0110])
    assert minimal_sets(sets, 4).tolist() == [0b0011, 0b1000, 0b0110]


def test_a_milestone_asks_nobody() -> None:
    road_map = RoadMap(
        ("P",),
        (Element("election", milestone=True), Element("opening", ("P",), requires=("election",))),
        additive((0,), (1,)),
        goal=("opening",),
    )
    plan = solve(road_map, discount=0.0).plans[0]
    assert [step.asked for step in plan.steps] == [(), ("P",)]


def test_two_that_belong_together_are_one_step() -> None:
    road_map = RoadMap(
        ("P", "Q"),
        (Element("left", ("P",), together_with=("right",)), Element("right", ("Q",), together_with=("left",))),
        additive((1, 1), (1, 1)),
        goal=("left",),
    )
    answer = solve(road_map)
    assert [plan.steps[0].made for plan in answer.plans] == [("left", "right")]
    assert answer.exchange_unlocks


def test_what_excludes_is_not_made_beside_it() -> None:
    road_map = RoadMap(
        ("P",),
        (Element("ban", ("P",)), Element("line", ("P",), excludes=("ban",))),
        additive((1,), (1,)),
        goal=("line",),
    )
    steps = steps_of(road_map, 2)
    assert steps.made.tolist() == [1, 2]
    assert steps.open_at(0).tolist() == [True, True]
    assert steps.open_at(1).tolist() == [False, False]


def test_a_lapse_takes_back_all_that_hangs_on_it() -> None:
    road_map = RoadMap(
        ("P",),
        (
            Element("freeze", ("P",), lapse_chance=0.1),
            Element("easing", ("P",), lapses_with=("freeze",)),
            Element("trade", ("P",), lapses_with=("easing",)),
            Element("railway", ("P",), requires=("easing",)),
        ),
        np.zeros((16, 1)),
        goal=("railway",),
    )
    assert lapse_masks(road_map).tolist() == [0b0111, 0b0110, 0b0100, 0b1000]


def test_stages_hold_back_their_elements() -> None:
    road_map = RoadMap(
        ("P",),
        (Element("word", ("P",)), Element("deed", ("P",)), Element("trust", ("P",))),
        additive((1,), (1,), (1,)),
        goal=("trust",),
        stages=(Stage("first", ("word", "deed")), Stage("second", ("trust",), conditions=("word", "deed"))),
    )
    assert [step.made for step in solve(road_map).plans[0].steps] == [("word", "deed"), ("trust",)]
    assert road_map.stage_of(0b001) == ""
    assert road_map.stage_of(0b011) == "first"
    assert road_map.stage_of(0b111) == "second"


def test_security_is_added_and_its_switching_value_found() -> None:
    road_map = with_security(unequal(), "line", "A", 0.4)
    assert road_map.worth().tolist() == [[0, 0], [-0.6, 3]]
    found = switching_value(road_map, "line", "A", low=-5, high=5)
    assert (found.stated, found.reached_below, found.reached_above) == (0.4, False, True)
    assert found.value == pytest.approx(1, abs=1e-3)
    assert switching_value(road_map, "line", "B", low=-1, high=1).value is None


def test_scale_of_all_security_at_which_the_answer_changes() -> None:
    # A loses 1 by the models and is said to gain 1.6 in security: 1 / 1.6 of that is enough
    road_map = with_security(unequal(), "line", "A", 1.6)
    found = switching_scale(road_map)
    assert (found.stated, found.reached_below, found.reached_above) == (1.0, False, True)
    assert found.value == pytest.approx(1 / 1.6, abs=1e-3)
    assert switching_scale(unequal()).value is None


def test_what_a_lapse_costs_at_each_stage() -> None:
    plan = solve(sacrifice_then_gain(0.2), discount=0.9).plans[0]
    # nothing can lapse today; in both later states a lapse leaves nothing, worth 0, so it costs W
    goal = 2 / (1 - 0.9 * 0.8)
    assert plan.lapse_cost[:, 0] == pytest.approx([0, -1 + 0.9 * 0.8 * goal, goal])


def test_an_order_may_hold_in_the_graph_but_not_by_itself() -> None:
    found = prospects(dual_freeze(), Rules())
    graph = acceptable_graph(dual_freeze(), Rules(), found, ask=False)
    assert graph.orders == 3  # both orders one by one, and together
    assert all(plan.accepted for plan in solve(dual_freeze()).plans)
