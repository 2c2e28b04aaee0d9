"""From a road map to an answer: whether and in which orders the goal is reached, or what it would take."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from landbridge.cooperation.acceptance import Prospects, Rules, can_come, prospects, shortfall
from landbridge.cooperation.bitmasks import names_of
from landbridge.cooperation.orders import Ranking, StateGraph, acceptable_graph, best_orders
from landbridge.cooperation.roadmap import RoadMap
from landbridge.core.arrays import NO_LINK, Float
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a plan; arrays have shape (n,), in the unit of the payoffs.

    Attributes
    ----------
    made
        Elements made together; more than one is a simultaneous exchange.
    asked
        Parties whose consent it needs.
    state
        Mask of what stands afterwards.
    gain
        What each party, asked or not, gains over staying: ``W(s') - V(s)`` if this plan is followed.
    paid
        What each party is paid from outside to make the step acceptable.
    """

    made: tuple[str, ...]
    asked: tuple[str, ...]
    state: int
    gain: Float
    paid: Float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One order of steps.

    Attributes
    ----------
    steps
        In order.
    worth, gain
        Shape (n,): W at the start if this plan is followed, and that less the value of staying for good.
    accepted
        Whether every step is acceptable to those asked when all know that this very order is followed. The
        graph judges each step by the plan's own way on; an order that departs from it later may differ.
    minimal
        Whether no proper subset of its elements reaches the goal in acceptable steps.
    lapse_cost
        Shape (steps + 1, n): in the state before each step and at the end, what a lapse costs, ``W - V(after
        it)``, averaged over what may lapse; 0 where nothing can.
    """

    steps: tuple[Step, ...]
    worth: Float
    gain: Float
    accepted: bool
    minimal: bool
    lapse_cost: Float


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """The least payments from outside that reach the goal, paid when each step is made.

    Attributes
    ----------
    total
        Their sum, undiscounted, in the unit of the payoffs; 0 if none are needed.
    present
        Their present value at the start, later ones counted with discount and the chance that nothing lapses.
    plan
        The steps, with what is paid at each.
    binding_step
        The elements of the step that needs the largest payment; empty if none is needed.
    binding_party
        The party that needs the largest payment at that step; with payments among parties all that are asked.
    """

    total: float
    present: float
    plan: Plan
    binding_step: tuple[str, ...]
    binding_party: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RoadMapAnswer:
    """What follows from a road map under stated rules.

    Attributes
    ----------
    reached
        Whether acceptable steps lead from the start to the goal.
    orders
        In how many different orders.
    plans
        The k best, best first; empty if the goal is out of reach.
    graph
        The graph of acceptable states.
    as_far_as
        The plan that the parties follow if the goal is out of reach: as far as they agree to go.
    bridge
        The least payments that reach the goal.
    reached_one_by_one
        Whether it is reached too if every step makes one element only; if not, and it is reached, a
        simultaneous exchange unlocks it.
    prospects
        Values of all states.
    """

    reached: bool
    orders: int
    plans: tuple[Plan, ...]
    graph: StateGraph
    as_far_as: Plan
    bridge: Bridge
    reached_one_by_one: bool
    prospects: Prospects

    @property
    def exchange_unlocks(self) -> bool:
        """Whether only a simultaneous exchange reaches the goal."""
        return self.reached and not self.reached_one_by_one


def solve_road_map(
    road_map: RoadMap, rules: Rules | None = None, *, best: int = 5, by: Ranking = "worth"
) -> RoadMapAnswer:
    """Return whether the goal is reached in acceptable steps, how, and what it takes if not.

    Raises
    ------
    StudyError
        Steps of at most ``rules.at_once`` elements cannot reach the goal, whoever agrees.
    """
    rules = rules or Rules()
    found = prospects(road_map, rules)
    graph = acceptable_graph(road_map, rules, found)
    start = road_map.start_state
    # where the goal is reached nothing is owed along the plan, and the plan that is paid for is the plan itself
    bridged = found if graph.reached else prospects(road_map, rules, bridged=True)
    if not bridged.leads[start]:
        refuse(order_faults(road_map, rules))
    one_by_one = graph.reached
    if rules.at_once > 1:
        one_by_one = bool(prospects(road_map, replace(rules, at_once=1)).leads[start])
    return RoadMapAnswer(
        graph.reached,
        graph.orders,
        tuple(
            plan_along(road_map, rules, found, way, graph)
            for way in best_orders(graph, road_map, rules, found, count=best, by=by)
        ),
        graph,
        plan_along(road_map, rules, found, _policy_way(found, start), graph),
        _bridge(road_map, rules, bridged, graph),
        one_by_one,
        found,
    )


def order_faults(road_map: RoadMap, rules: Rules) -> list[Problem]:
    """Return which goals no order of steps reaches, whoever agrees, and the conditions that stand in the way."""
    come = np.flatnonzero(can_come(road_map, rules))
    goal = road_map.goal_mask
    if (come & goal == goal).any():
        return []
    ever = int(np.bitwise_or.reduce(come))
    by_id = {element.id: element for element in road_map.elements}
    problems = [
        Problem(
            "LB627",
            f"no order reaches {name!r} in steps of at most {rules.at_once}: it requires "
            f"{_listed(road_map.conditions(by_id[name]))}, together with {_listed(by_id[name].together_with)}, and "
            f"excludes {_listed(by_id[name].excludes)}. Allow larger steps, or relax one of these.",
            "roadmap",
            column=name,
        )
        for name in names_of(goal & ~ever, road_map.ids)
    ]
    if not problems:
        message = (
            f"each of {', '.join(road_map.goal)} can be reached, but not all in one order: some exclude what others "
            "require. Relax one of the exclusions."
        )
        problems.append(Problem("LB627", message, "roadmap", column="goal"))
    return problems


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "nothing"


def _policy_way(found: Prospects, start: int) -> tuple[int, ...]:
    way = [start]
    while found.following[way[-1]] != NO_LINK:
        way.append(int(found.following[way[-1]]))
    return tuple(way)


def plan_along(
    road_map: RoadMap, rules: Rules, found: Prospects, way: tuple[int, ...], graph: StateGraph, *, bridged: bool = False
) -> Plan:
    """Return the plan that goes through the given states, with values for this very order."""
    n = len(road_map.parties)
    worth = np.zeros((len(way), n))
    paid = np.zeros((len(way), n))
    worth[-1] = found.stay[way[-1]]
    room = rules.tolerance * max(float(np.abs(found.stay).max()), np.finfo(float).tiny)
    asked = [_asked(road_map, after & ~before) for before, after in pairwise(way)]
    accepted = True
    for t in range(len(way) - 2, -1, -1):
        s = way[t]
        short = shortfall(worth[t + 1][None, :], found.stay[s][None, :], asked[t], rules)[0]
        ok = float(short.sum()) <= room
        accepted = accepted and (ok or bridged)
        if bridged and not ok:
            paid[t] = short
        counted = 0.0 if rules.payments else paid[t]
        later = found.hold[s] * (worth[t + 1] + counted) + found.lapse[s]
        worth[t] = found.payoff[s] + rules.discount * later
    steps = tuple(
        Step(
            names_of(way[t + 1] & ~way[t], road_map.ids),
            names_of(asked[t], road_map.parties),
            way[t + 1],
            worth[t + 1] - found.stay[way[t]],
            paid[t],
        )
        for t in range(len(way) - 1)
    )
    chance = 1 - found.hold[list(way)][:, None]
    mean_after = np.divide(found.lapse[list(way)], chance, out=worth.copy(), where=chance > 0)
    minimal = bool(np.isin(way[-1], graph.minimal))
    return Plan(steps, worth[0], worth[0] - found.stay[way[0]], accepted, minimal, worth - mean_after)


def _asked(road_map: RoadMap, made: int) -> int:
    asked = 0
    for k, element in enumerate(road_map.elements):
        if made >> k & 1:
            asked |= sum(1 << road_map.parties.index(name) for name in set(element.consent))
    return asked


def _bridge(road_map: RoadMap, rules: Rules, bridged: Prospects, graph: StateGraph) -> Bridge:
    way = _policy_way(bridged, road_map.start_state)
    plan = plan_along(road_map, rules, bridged, way, graph, bridged=True)
    weight = np.cumprod(np.append(1.0, rules.discount * bridged.hold[list(way[:-1])]))[1:]
    amounts = np.array([float(step.paid.sum()) for step in plan.steps])
    if not len(amounts) or amounts.max() == 0:
        return Bridge(0.0, 0.0, plan, (), ())
    worst = plan.steps[int(amounts.argmax())]
    party = worst.asked if rules.payments else (road_map.parties[int(worst.paid.argmax())],)
    # paid when the step is made: with the discount of the year in which it takes effect
    return Bridge(float(amounts.sum()), float(amounts @ weight), plan, worst.made, party)
