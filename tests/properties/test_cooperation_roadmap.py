"""What must hold of every road map: names, units and order do not matter; more freedom never hurts the myopic."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.cooperation.acceptance import Rules, prospects
from landbridge.cooperation.elements import Element
from landbridge.cooperation.moves import Measure, Situation, coalition_values
from landbridge.cooperation.orders import acceptable_graph
from landbridge.cooperation.plans import solve_road_map
from landbridge.cooperation.roadmap import RoadMap, with_security
from landbridge.cooperation.timeline import draw_timeline

PARTIES = ("A", "B", "C")
M = 4
NAMES = tuple(f"e{k}" for k in range(M))


@st.composite
def road_maps(draw: st.DrawFn) -> RoadMap:
    numbers = st.integers(-4, 5).map(float)
    elements = tuple(
        Element(
            NAMES[k],
            tuple(draw(st.lists(st.sampled_from(PARTIES), min_size=1, unique=True))),
            requires=tuple(draw(st.lists(st.sampled_from(NAMES[:k]), unique=True, max_size=1))) if k else (),
            lapses_with=tuple(draw(st.lists(st.sampled_from(NAMES[:k]), unique=True))) if k else (),
            lapse_chance=draw(st.sampled_from([0.0, 0.0, 0.2])),
        )
        for k in range(M)
    )
    payoff = np.array(draw(st.lists(numbers, min_size=3 << M, max_size=3 << M))).reshape(1 << M, 3)
    return RoadMap(PARTIES, elements, payoff, goal=(NAMES[-1],))


RULES = st.sampled_from([Rules(), Rules(discount=0.0), Rules(discount=0.5, at_once=1), Rules(payments=True)])


@settings(deadline=None, max_examples=60)
@given(road_maps(), RULES, st.permutations(range(M)), st.permutations(range(3)))
def test_the_order_of_elements_and_parties_does_not_matter(
    road_map: RoadMap, rules: Rules, order: list[int], people: list[int]
) -> None:
    masks = np.arange(1 << M)
    old = sum((masks >> new & 1) << was for new, was in enumerate(order))
    other = RoadMap(
        tuple(PARTIES[i] for i in people),
        tuple(road_map.elements[k] for k in order),
        road_map.payoff[old][:, people],
        road_map.goal,
    )
    first, second = prospects(road_map, rules), prospects(other, rules)
    np.testing.assert_allclose(second.stay, first.stay[old][:, people], atol=1e-9)
    assert acceptable_graph(
        road_map, replace(rules, discount=0.0), prospects(road_map, replace(rules, discount=0.0))
    ).orders == (
        acceptable_graph(other, replace(rules, discount=0.0), prospects(other, replace(rules, discount=0.0))).orders
    )


@settings(deadline=None, max_examples=60)
@given(road_maps(), RULES, st.sampled_from([0.5, 4.0, 1024.0]))
def test_the_unit_of_money_does_not_matter(road_map: RoadMap, rules: Rules, unit: float) -> None:
    other = replace(road_map, payoff=road_map.payoff * unit)
    first, second = solve_road_map(road_map, rules), solve_road_map(other, rules)
    assert (first.reached, first.orders) == (second.reached, second.orders)
    np.testing.assert_allclose(second.bridge.total, unit * first.bridge.total, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(road_maps())
def test_more_freedom_never_closes_a_way_to_the_myopic(road_map: RoadMap) -> None:
    def orders(**more: object) -> int:
        rules = Rules(discount=0.0, **more)  # type: ignore[arg-type]
        return acceptable_graph(road_map, rules, prospects(road_map, rules)).orders

    assert orders(at_once=1) <= orders(at_once=2) <= orders(at_once=3)
    assert orders() <= orders(payments=True)


@settings(deadline=None, max_examples=60)
@given(road_maps(), RULES)
def test_what_is_reached_needs_no_payment_and_the_plan_is_accepted(road_map: RoadMap, rules: Rules) -> None:
    answer = solve_road_map(road_map, rules)
    assert answer.reached == (answer.bridge.total == 0)
    assert answer.reached == bool(answer.plans)
    if answer.reached:
        assert answer.as_far_as.accepted
        assert answer.as_far_as.steps[-1].state >> M - 1 & 1
    else:
        assert answer.bridge.binding_step != ()


@settings(deadline=None, max_examples=60)
@given(road_maps())
def test_paying_the_one_who_binds_enough_security_never_raises_the_price(road_map: RoadMap) -> None:
    rules = Rules(discount=0.0)
    before = solve_road_map(road_map, rules).bridge.total
    eased = with_security(road_map, NAMES[-1], "A", 3.0)
    # the goal ends every way, so an amount more for it lowers what its last step needs, and touches no other
    assert solve_road_map(eased, rules).bridge.total <= before + 1e-9


@settings(deadline=None, max_examples=30)
@given(road_maps(), st.integers(0, 2**32 - 1))
def test_conditions_hold_in_every_draw(road_map: RoadMap, seed: int) -> None:
    once = replace(road_map, elements=tuple(replace(e, lapse_chance=0.0, yearly_chance=0.6) for e in road_map.elements))
    timeline = draw_timeline(once, np.random.default_rng(seed), first_year=2021, last_year=2026, draws=50)
    for k, element in enumerate(once.elements):
        for name in element.requires:
            stands = timeline.states >> k & 1 == 1
            before = timeline.states >> NAMES.index(name) & 1 == 1
            assert before[:-1][stands[1:] & ~stands[:-1]].all()
            assert not stands[0].any()
    assert (timeline.states[1:] & timeline.states[:-1] == timeline.states[:-1]).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-5, 9), min_size=24, max_size=24), st.booleans())
def test_a_coalition_may_always_stay(worth: list[int], open_: bool) -> None:  # noqa: FBT001
    payoff = np.array(worth, dtype=float).reshape(8, 3)
    measures = tuple(Measure(f"m{k}", (PARTIES[k],) if open_ else PARTIES[: k + 1]) for k in range(3))
    value = coalition_values(Situation(PARTIES, measures, payoff)).game.value
    assert (value >= 0).all()
