r"""Which steps the parties accept: values of all states of a road map by backward induction.

Every year the parties stand in a state s. With discount :math:`\beta`, yearly payoff :math:`\pi_i(s)`, chance
:math:`h(s)` of a lapse and :math:`\ell_k(s)` the state after element k has lapsed:

.. math::

   V_i(s) &= \pi_i(s) + \beta \left((1 - h(s)) V_i(s) + \sum_k h_k(s) V_i(\ell_k(s))\right) \\
   W_i(s) &= \pi_i(s) + \beta \left((1 - h(s)) W_i(\sigma(s)) + \sum_k h_k(s) V_i(\ell_k(s))\right)

V is the value of staying for good, W that of going on. A step from s to s' is acceptable if
:math:`W_i(s') \ge V_i(s)` for every party asked (with payments: in sum over them). :math:`\sigma(s)` is the one
acceptable successor that the plan takes in s; where there is none the parties stay and W = V. Steps only add
elements and lapses only take them away, so V is found from the empty state up and W from the full one down, both
in one pass and exactly. What parties expect depends on the state alone, not on how it was reached: this is the
equilibrium process of coalition formation of Konishi and Ray (2003) with deterministic moves, restricted to
proposals that lead to the goal; see ``docs/methods/cooperation.md``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.cooperation.bitmasks import sizes
from landbridge.cooperation.roadmap import RoadMap, Steps, lapse_masks, steps_of
from landbridge.core.arrays import NO_LINK, Bool, Float, Int
from landbridge.core.problems import ConvergenceError, Problem, refuse

Continuation = Literal["largest_sum", "shortest"]
AfterLapse = Literal["stay", "resume"]

_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Rules:
    """How the parties judge a step.

    Attributes
    ----------
    discount
        Yearly discount factor, 0 or more and below 1; 0 is the myopic variant, which compares one year's payoff.
    payments
        Whether the parties asked may pay each other, so that a step is acceptable in sum.
    at_once
        Most elements made in one step; 2 allows simultaneous exchanges.
    continuation
        Which of several acceptable ways to the goal the plan takes in a state: that with the largest sum of W
        over all parties, or that with the fewest steps. The other rule settles ties, then the first step.
    after_lapse
        ``stay``: after a lapse trust is spent and the state lasts. ``resume``: the plan goes on from there, so V
        in the lapse term of W is replaced by W, and the values are a fixed point, found by iteration.
    tolerance
        Share of the largest value below which a loss does not count.
    """

    discount: float = 0.9
    payments: bool = False
    at_once: int = 2
    continuation: Continuation = "largest_sum"
    after_lapse: AfterLapse = "stay"
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        found = []
        if not 0 <= self.discount < 1:
            message = f"discount is {self.discount}. Give a yearly factor from 0 (myopic) to below 1."
            found.append(Problem("LB628", message, "rules", column="discount"))
        if self.at_once < 1:
            message = f"at_once is {self.at_once}. Give 1 or more elements a step."
            found.append(Problem("LB629", message, "rules", column="at_once"))
        refuse(found)


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """Values of all states; rows count states by their masks, columns parties.

    Attributes
    ----------
    payoff
        Shape (2**m, n): yearly payoff with security.
    stay
        V, shape (2**m, n).
    worth
        W, shape (2**m, n).
    following
        Shape (2**m,): the next state of the plan; NO_LINK where the parties stay.
    step
        Shape (2**m,): position of that step in `steps`; NO_LINK where they stay.
    leads
        Shape (2**m,): whether the plan reaches the goal from here.
    steps_left
        Shape (2**m,): steps to the end of the plan from here.
    owed
        Shape (2**m,): payments from outside along the plan from here on, undiscounted; 0 unless bridged.
    hold
        Shape (2**m,): chance ``1 - h(s)`` that a year passes without a lapse.
    lapse
        Shape (2**m, n): ``sum_k h_k(s) V(l_k(s))``, with W for V if the plan resumes.
    steps
        The steps of the road map.
    """

    payoff: Float
    stay: Float
    worth: Float
    following: Int
    step: Int
    leads: Bool
    steps_left: Int
    owed: Float
    hold: Float
    lapse: Float
    steps: Steps


def can_come(road_map: RoadMap, rules: Rules) -> Bool:
    """Return which states steps whose conditions hold can lead to from the start, lapses apart, shape (2**m,)."""
    steps, size = steps_of(road_map, rules.at_once), sizes(len(road_map.elements))
    found = np.zeros(1 << len(road_map.elements), dtype=np.bool_)
    found[road_map.start_state] = True
    for layer in range(len(road_map.elements)):
        here = np.flatnonzero(found & (size == layer))
        for j in range(len(steps)):
            can = (here & steps.before[j] == steps.before[j]) & (here & steps.forbidden[j] == 0)
            found[here[can] | steps.made[j]] = True
    return found


def prospects(road_map: RoadMap, rules: Rules, *, bridged: bool = False, only: Bool | None = None) -> Prospects:
    """Return the values of all states and the step that the plan takes in each.

    Parameters
    ----------
    bridged
        False: only acceptable steps are taken. True: any step whose conditions hold is taken, what a party asked
        falls short of staying is paid from outside when the step is made, and from each state the plan takes
        the way on which the least is paid in all. Parties count on what they will be paid later.
    only
        States for which an answer is wanted, from `can_come`; where parties resume after a lapse all are settled.

    Raises
    ------
    ConvergenceError
        ``after_lapse="resume"`` has no fixed point that iteration finds.
    """
    payoff = road_map.worth()
    steps = steps_of(road_map, rules.at_once)
    chances, hold = _lapse_chances(road_map)
    stay = _stay(payoff, rules.discount, chances, hold, road_map)
    lapse = _after_lapse(stay, chances, road_map)
    wanted = np.ones(len(payoff), dtype=np.bool_) if only is None or rules.after_lapse != "stay" else only
    search = _Search(road_map, rules, payoff, stay, hold, steps, bridged, wanted)
    found = search.backward(lapse)
    if rules.after_lapse == "stay" or not len(chances):
        return found
    for _ in range(_ROUNDS):
        again = search.backward(_after_lapse(found.worth, chances, road_map))
        change = float(np.abs(again.worth - found.worth).max())
        settled = bool((again.following == found.following).all())
        found = again
        if settled and change <= 1e-12 * search.scale:
            return found
    raise ConvergenceError(
        f"values with resumption after lapses still moved by {change:.2e} after {_ROUNDS} rounds; "
        "use after_lapse='stay'."
    )


def _lapse_chances(road_map: RoadMap) -> tuple[dict[int, Float], Float]:
    """Return by element the chance that it is the one that lapses in a year, by state, and that none does.

    Elements lapse independently; if several would in one year, one of them does, in proportion to its chance.
    """
    states = np.arange(1 << len(road_map.elements))
    hold = np.ones(len(states))
    total = np.zeros(len(states))
    lapsing = {k: e.lapse_chance for k, e in enumerate(road_map.elements) if e.lapse_chance > 0}
    for k, chance in lapsing.items():
        stands = states >> k & 1
        hold *= 1 - chance * stands
        total += chance * stands
    part = np.divide(1 - hold, total, out=np.zeros(len(states)), where=total > 0)
    by_element: dict[int, Float] = {}
    for k, chance in lapsing.items():
        by_element[k] = chance * (states >> k & 1).astype(np.float64) * part
    return by_element, hold


def _after_lapse(value: Float, chances: dict[int, Float], road_map: RoadMap) -> Float:
    states = np.arange(len(value))
    taken = lapse_masks(road_map)
    total = np.zeros_like(value)
    for k, chance in chances.items():
        total += chance[:, None] * value[states & ~taken[k]]
    return total


def _stay(payoff: Float, discount: float, chances: dict[int, Float], hold: Float, road_map: RoadMap) -> Float:
    """Return V, from the states with the fewest elements up."""
    taken = lapse_masks(road_map)
    size = sizes(len(road_map.elements))
    value = np.zeros_like(payoff)
    for layer in range(len(road_map.elements) + 1):
        here = np.flatnonzero(size == layer)
        later = np.zeros((len(here), payoff.shape[1]))
        for k, chance in chances.items():
            later += chance[here, None] * value[here & ~taken[k]]
        value[here] = (payoff[here] + discount * later) / (1 - discount * hold[here])[:, None]
    return value


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What the backward pass needs, apart from the lapse term."""

    road_map: RoadMap
    rules: Rules
    payoff: Float
    stay: Float
    hold: Float
    steps: Steps
    bridged: bool
    wanted: Bool

    @property
    def scale(self) -> float:
        return max(float(np.abs(self.stay).max()), np.finfo(float).tiny)

    def backward(self, lapse: Float) -> Prospects:
        """Return W and the plan's step for every state, from the states with the most elements down."""
        count = len(self.payoff)
        goal = self.road_map.goal_mask
        states = np.arange(count)
        leads = states & goal == goal
        found = Prospects(
            self.payoff,
            self.stay,
            self.stay.copy(),
            np.full(count, NO_LINK, dtype=np.int64),
            np.full(count, NO_LINK, dtype=np.int64),
            leads,
            np.zeros(count, dtype=np.int64),
            np.zeros(count),
            self.hold,
            lapse,
            self.steps,
        )
        size = sizes(len(self.road_map.elements))
        for layer in range(len(self.road_map.elements) - 1, -1, -1):
            here = np.flatnonzero((size == layer) & self.wanted & ~_reached(states, goal))
            if len(here):
                self._settle(here, found)
        return found

    def _settle(self, here: Int, found: Prospects) -> None:
        """Choose the step of every state of a layer, all of whose successors are settled, and its W."""
        room = self.rules.tolerance * self.scale
        best = _Best.at(self.stay[here].sum(axis=1))
        paid = np.zeros((len(here), self.payoff.shape[1]))
        for j in range(len(self.steps)):
            can = np.flatnonzero(
                (here & self.steps.before[j] == self.steps.before[j]) & (here & self.steps.forbidden[j] == 0)
            )
            if not len(can):
                continue
            after = here[can] | self.steps.made[j]
            short = shortfall(found.worth[after], self.stay[here[can]], int(self.steps.asked[j]), self.rules)
            total = short.sum(axis=1)
            ok = total <= room
            if self.bridged:
                short[ok] = 0.0
                offer = _Offer(found.owed[after] + np.where(ok, 0.0, total), found, after, found.leads[after])
            else:
                offer = _Offer(np.zeros(len(can)), found, after, ok & found.leads[after])
            taken = best.take(can, j, offer, self.rules.continuation, room)
            if self.bridged and not self.rules.payments:
                paid[can[taken]] = short[taken]
            if not self.bridged:
                best.take_partial(can, j, found, after, ok & ~found.leads[after], room)
        goes = best.step != NO_LINK
        at = here[goes]
        after = at | self.steps.made[best.step[goes]]
        discount, hold = self.rules.discount, self.hold[at, None]
        later = hold * (found.worth[after] + paid[goes]) + found.lapse[at]
        found.worth[at] = self.payoff[at] + discount * later
        found.following[at], found.step[at] = after, best.step[goes]
        found.leads[at], found.owed[at] = best.leads[goes], best.owed[goes]
        found.steps_left[at] = found.steps_left[after] + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Offer:
    """A step offered to several states at once: what is owed along it, where it leads, and whether to the goal."""

    owed: Float
    found: Prospects
    after: Int
    leads: Bool


@dataclass(frozen=True, slots=True, eq=False)
class _Best:
    """The best step so far of every state of a layer."""

    step: Int
    leads: Bool
    owed: Float
    total: Float
    left: Int

    @classmethod
    def at(cls, stay_total: Float) -> "_Best":
        n = len(stay_total)
        none = np.full(n, NO_LINK, dtype=np.int64)
        return cls(none, np.zeros(n, np.bool_), np.zeros(n), stay_total.copy(), np.zeros(n, np.int64))

    def take(self, can: Int, step: int, offer: _Offer, rule: Continuation, room: float) -> Bool:
        """Take the step where it leads to the goal and beats the best so far; return where."""
        total, left = offer.found.worth[offer.after].sum(axis=1), offer.found.steps_left[offer.after]
        more = total - self.total[can]
        cheaper = offer.owed - self.owed[can]
        fewer = left < self.left[can]
        same_left = left == self.left[can]
        if rule == "largest_sum":
            better = (more > room) | ((np.abs(more) <= room) & fewer)
        else:
            better = fewer | (same_left & (more > room))
        wins = (cheaper < -room) | ((np.abs(cheaper) <= room) & better)
        taken: Bool = offer.leads & (~self.leads[can] | wins)
        at = can[taken]
        self.step[at], self.leads[at] = step, True
        self.owed[at], self.total[at], self.left[at] = offer.owed[taken], total[taken], left[taken]
        return taken

    def take_partial(self, can: Int, step: int, found: Prospects, after: Int, may: Bool, room: float) -> None:
        """Where no step leads to the goal, take an acceptable one that improves most on staying, in sum."""
        total = found.worth[after].sum(axis=1)
        taken = may & ~self.leads[can] & (total > self.total[can] + room)
        at = can[taken]
        self.step[at], self.total[at] = step, total[taken]


def _reached(states: Int, goal: int) -> Bool:
    """Return in which states the goal is reached."""
    reached: Bool = states & goal == goal
    return reached


def shortfall(worth_after: Float, stay_before: Float, asked: int, rules: Rules) -> Float:
    """Return by how much the parties asked fall short of staying, shape (states, n); 0 where they do not.

    With payments the sum over the parties asked counts, and the shortfall stands in the first of their columns.
    """
    short = np.zeros_like(worth_after)
    columns = [i for i in range(worth_after.shape[1]) if asked >> i & 1]
    if not columns:
        return short
    loss = stay_before[:, columns] - worth_after[:, columns]
    if rules.payments:
        short[:, columns[0]] = np.maximum(loss.sum(axis=1), 0.0)
    else:
        short[:, columns] = np.maximum(loss, 0.0)
    return short
