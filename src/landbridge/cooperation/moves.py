"""What a coalition can reach by the moves it may make, and what it is worth against the outsiders' answer.

A state is a set of measures, as a mask. A move adds or takes away one measure, and needs the consent of a set of
parties; a coalition S makes the moves whose consent set lies inside S, in any order, through states in which
every measure has what it requires. Payoffs are given for every state and party.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.cooperation.bitmasks import mask_of, membership, names_of
from landbridge.cooperation.conditions import measure_faults
from landbridge.cooperation.game import Game, member_faults
from landbridge.core.arrays import Bool, Float, Int, locked
from landbridge.core.problems import ConvergenceError, Problem, refuse

Outsiders = Literal["passive", "together", "alone"]

STATES_MAX_MEASURES = 16
_NOBODY_MAY = -1


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that coalitions may add or take away.

    Attributes
    ----------
    id
        Name of the measure.
    consent
        Parties that must agree to add it.
    consent_to_remove
        Parties that must agree to take it away; empty: the same as to add it.
    requires
        Measures that must stand before it can be added, and as long as it stands.
    cost
        Net present cost of the works to whoever makes the move, 0 or more, in the unit of the payoffs. Costs
        that fall on a fixed party whoever moves belong into the payoffs of the states.
    removable
        Whether it can be taken away at all.
    """

    id: str
    consent: tuple[str, ...]
    requires: tuple[str, ...] = ()
    cost: float = 0.0
    consent_to_remove: tuple[str, ...] = ()
    removable: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """Parties, measures, where they stand, and what every state is worth to every party.

    Attributes
    ----------
    parties
        Up to 16 names.
    measures
        Up to 16 measures, in the order of the bits of a state.
    payoff
        Shape (2**m, n): present value of each state to each party, over any common base.
    start
        Ids of the measures that stand at the start.

    Raises
    ------
    StudyError
        With all faults: unknown parties, measures without consent, requirements that are unknown or circular,
        a start that lacks what it requires, payoffs of a wrong shape or not finite, costs below 0.
    """

    parties: tuple[str, ...]
    measures: tuple[Measure, ...]
    payoff: Float
    start: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        payoff: Float = np.asarray(locked(self.payoff, np.float64), dtype=np.float64)
        object.__setattr__(self, "payoff", payoff)
        refuse(_situation_faults(self))

    @property
    def ids(self) -> tuple[str, ...]:
        """The measures' ids in the order of the bits."""
        return tuple(measure.id for measure in self.measures)

    @property
    def start_state(self) -> int:
        """The mask of what stands at the start."""
        return mask_of(self.start, self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class CoalitionValues:
    """What every coalition of parties reaches; S counts the 2**n coalitions by their masks.

    Attributes
    ----------
    game
        ``v(S)`` over the start: nobody is worth 0.
    chosen
        Shape (2**n,): the state to which S goes.
    reached
        Shape (2**n,): the state after the outsiders' answer; the same as `chosen` where they are passive.
    own_gain
        Shape (2**n, n): what each party, member or not, gains over the start in `reached`. The cost of works
        that S or the outsiders paid is not in it: how it is shared is theirs to say.
    works
        Shape (2**n,): the cost of the works that S pays; ``v(S) = sum of own_gain over S - works``.
    """

    game: Game
    chosen: Int
    reached: Int
    own_gain: Float
    works: Float


def coalition_values(situation: Situation, *, outsiders: Outsiders = "passive") -> CoalitionValues:
    r"""Return what every coalition is worth, as the best state that it can reach.

    .. math:: v(S) = \max_{s \in R_S(s_0)} \sum_{i \in S} (\pi_i(r(s)) - \pi_i(s_0)) - c(s \setminus s_0)

    with :math:`R_S` the states that S can reach and r the outsiders' answer.

    Parameters
    ----------
    outsiders
        ``passive``: r(s) = s. ``together``: the others answer as one coalition that maximises its own sum
        (Thrall and Lucas 1963, with the partition {S, N - S}). ``alone``: each other party answers for itself,
        in order, until nobody wants to move (Chander and Tulkens 1997, the gamma assumption). Among equally good
        answers they choose the one that changes least, then the lowest state.

    Raises
    ------
    ConvergenceError
        Outsiders who answer alone go round in circles.

    Notes
    -----
    S moves once and knows the answer. Coalitions with the same rights are searched together; the cost is
    ``2**n`` times the states that they reach, and with an answer ``2**(n + m)`` at worst.
    """
    search = _Search.of(situation)
    gain = situation.payoff - situation.payoff[situation.start_state]
    value, chosen, reached = search.values(gain, outsiders)
    works = search.spent[chosen]
    works[0] = 0.0
    return CoalitionValues(Game(situation.parties, value), chosen, reached, gain[reached], works)


def coalition_draws(situation: Situation, payoffs: Float, *, outsiders: Outsiders = "passive") -> Float:
    """Return what every coalition is worth in each draw of the payoffs, shape (draws, 2**n), for intervals.

    Parameters
    ----------
    payoffs
        Shape (draws, 2**m, n): in place of the payoffs of the situation. Each draw is valued as by
        `coalition_values`, so coalitions may choose another state in every draw.
    """
    search = _Search.of(situation)
    return np.stack([search.values(payoff - payoff[situation.start_state], outsiders)[0] for payoff in payoffs], axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class _Rights:
    """Who may add and take away what, and which states are allowed."""

    to_add: Int
    to_remove: Int
    needs: Int
    allowed: Bool

    @classmethod
    def of(cls, situation: Situation) -> "_Rights":
        parties, ids, m = situation.parties, situation.ids, len(situation.measures)
        to_add = np.array([mask_of(k.consent, parties) for k in situation.measures], dtype=np.int64)
        to_remove = np.array(
            [
                mask_of(k.consent_to_remove or k.consent, parties) if k.removable else _NOBODY_MAY
                for k in situation.measures
            ],
            dtype=np.int64,
        )
        needs = np.array([mask_of(k.requires, ids) for k in situation.measures], dtype=np.int64)
        states = np.arange(1 << m)
        allowed = np.ones(1 << m, dtype=np.bool_)
        for k in range(m):
            allowed &= (states >> k & 1 == 0) | (states & needs[k] == needs[k])
        return cls(to_add, to_remove, needs, allowed)

    def may(self, coalition: int) -> tuple[Bool, Bool]:
        """Return which measures a coalition may add and take away, each of shape (m,)."""
        outside = ~coalition
        return (self.to_add & outside) == 0, (self.to_remove & outside) == 0

    def groups(self, n: int) -> list[Int]:
        """Return the coalitions in groups that have the same rights."""
        coalitions = np.arange(1 << n)
        m = len(self.to_add)
        key = np.zeros(1 << n, dtype=np.int64)
        for k in range(m):
            key |= ((self.to_add[k] & ~coalitions) == 0).astype(np.int64) << k
            key |= ((self.to_remove[k] & ~coalitions) == 0).astype(np.int64) << (m + k)
        order = np.argsort(key, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)

    def reach(self, start: int, coalition: int) -> Bool:
        """Return which states a coalition can reach from the start, shape (2**m,)."""
        adds, removes = self.may(coalition)
        reached = np.zeros(len(self.allowed), dtype=np.bool_)
        reached[start] = True
        while True:
            before = int(reached.sum())
            for k in range(len(adds)):
                pair = reached.reshape(-1, 2, 1 << k)
                open_ = self.allowed.reshape(-1, 2, 1 << k)
                if adds[k]:
                    pair[:, 1] |= pair[:, 0] & open_[:, 1]
                if removes[k]:
                    pair[:, 0] |= pair[:, 1] & open_[:, 0]
            if int(reached.sum()) == before:
                return reached


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What does not depend on the payoffs: groups of coalitions with the same rights and what they reach."""

    situation: Situation
    rights: _Rights
    groups: tuple[tuple[Int, Int], ...]
    spent: Float

    @classmethod
    def of(cls, situation: Situation) -> "_Search":
        rights, start = _Rights.of(situation), situation.start_state
        groups = []
        for group in rights.groups(len(situation.parties)):
            within = np.flatnonzero(rights.reach(start, int(group[0])))
            # what changes least first, then the lowest state: the order in which ties are settled
            groups.append((group, within[np.lexsort((within, np.bitwise_count(within ^ start)))]))
        return cls(situation, rights, tuple(groups), _works(situation, start))

    def values(self, gain: Float, outsiders: Outsiders) -> tuple[Float, Int, Int]:
        """Return worth, the state chosen and the state reached of every coalition."""
        n = gain.shape[1]
        stands = membership(n)
        value, chosen = np.zeros(1 << n), np.full(1 << n, self.situation.start_state, dtype=np.int64)
        reached = chosen.copy()
        for group, within in self.groups:
            if outsiders == "passive":
                worth = stands[group].astype(np.float64) @ gain[within].T - self.spent[within]
                best = _best(worth)
                chosen[group] = reached[group] = within[best]
                value[group] = worth[np.arange(len(group)), best]
                continue
            for coalition in group.tolist():
                answer = _answer(self.situation, self.rights, coalition, gain, outsiders)[within]
                worth = gain[answer] @ stands[coalition] - self.spent[within]
                at = int(_best(worth[None, :])[0])
                chosen[coalition], reached[coalition] = within[at], answer[at]
                value[coalition] = worth[at]
        value[0] = 0.0
        return value, chosen, reached


def _best(worth: Float) -> Int:
    """Return the first column of the greatest worth, to rounding, of each row."""
    room = 1e-12 * max(1.0, float(np.abs(worth).max()))
    best: Int = (worth >= worth.max(axis=1, keepdims=True) - room).argmax(axis=1)
    return best


def _works(situation: Situation, start: int) -> Float:
    states = np.arange(1 << len(situation.measures))
    spent = np.zeros(len(states))
    for k, measure in enumerate(situation.measures):
        spent += measure.cost * ((states & ~start) >> k & 1)
    return spent


def _answer(situation: Situation, rights: _Rights, coalition: int, gain: Float, outsiders: Outsiders) -> Int:
    """Return the state in which the outsiders' answer to each state ends, shape (2**m,)."""
    n = len(situation.parties)
    others = ((1 << n) - 1) & ~coalition
    states = np.arange(1 << len(situation.measures))
    cost = np.array([measure.cost for measure in situation.measures])
    if outsiders == "together":
        return _reply(rights, others, gain, cost)
    replies = [_reply(rights, 1 << i, gain, cost) for i in range(n) if others >> i & 1]
    now = states
    for _ in range(2 + len(states)):
        after = now
        for reply in replies:
            after = reply[after]
        if (after == now).all():
            return now
        now = after
    who = "+".join(names_of(others, situation.parties))
    raise ConvergenceError(f"outsiders {who} answer each other in circles; use outsiders='together' or 'passive'.")


def _reply(rights: _Rights, coalition: int, gain: Float, cost: Float) -> Int:
    """Return the best state that a coalition can reach from each state, its own works paid, shape (2**m,)."""
    adds, removes = rights.may(coalition)
    states = np.arange(len(gain))
    target = states.copy()
    if not coalition or not (adds.any() or removes.any()):
        return target
    members = (coalition >> np.arange(gain.shape[1])) & 1
    own = gain @ members
    room = 1e-12 * max(1.0, float(np.abs(own).max()))
    best = own.copy()
    changed = True
    while changed:
        changed = False
        for k in range(len(cost)):
            if adds[k]:
                here = states[(states >> k & 1 == 0) & rights.allowed[states | 1 << k]]
                changed |= _improve(best, target, here, here | 1 << k, float(cost[k]), room)
            if removes[k]:
                here = states[(states >> k & 1 == 1) & rights.allowed[states & ~(1 << k)]]
                changed |= _improve(best, target, here, here & ~(1 << k), 0.0, room)
    return target


def _improve(best: Float, target: Int, here: Int, there: Int, price: float, room: float) -> bool:
    """Take over the best target of the neighbour where it is better; on a tie the nearer, then lower state."""
    offer = best[there] - price
    gap = offer - best[here]
    far_new, far_old = np.bitwise_count(target[there] ^ here), np.bitwise_count(target[here] ^ here)
    nearer = (far_new < far_old) | ((far_new == far_old) & (target[there] < target[here]))
    better = (gap > room) | ((np.abs(gap) <= room) & nearer)
    if not better.any():
        return False
    best[here[better]] = np.maximum(offer[better], best[here[better]])
    target[here[better]] = target[there[better]]
    return True


def _situation_faults(situation: Situation) -> list[Problem]:
    found = member_faults(situation.parties)
    ids = situation.ids
    found += measure_faults(ids, {k.id: k.requires for k in situation.measures}, STATES_MAX_MEASURES)
    for measure in situation.measures:
        if not measure.consent:
            message = f"measure {measure.id!r} has no member whose consent it needs. Name those who decide on it."
            found.append(Problem("LB613", message, "measures", column=measure.id))
        for party in sorted({*measure.consent, *measure.consent_to_remove} - set(situation.parties)):
            message = f"{party!r} is not a member; members are {', '.join(situation.parties)}. Add or correct it."
            found.append(Problem("LB614", message, "measures", column=measure.id))
        if not np.isfinite(measure.cost) or measure.cost < 0:
            message = f"cost {measure.cost} is not 0 or more. Put income into the payoffs of the states."
            found.append(Problem("LB615", message, "measures", column=measure.id))
    found += [
        Problem("LB616", f"start holds {name!r}, which is no measure. Add or correct it.", "measures", column="start")
        for name in situation.start
        if name not in ids
    ]
    for measure in situation.measures:
        lacking = sorted(set(measure.requires) - set(situation.start))
        if measure.id in situation.start and lacking:
            message = f"{measure.id!r} stands at the start without {', '.join(lacking)}. Start with them too."
            found.append(Problem("LB617", message, "measures", column="start"))
    expected = (1 << len(ids), len(situation.parties))
    if situation.payoff.shape != expected:
        message = f"payoffs have shape {situation.payoff.shape}, not {expected}. Give one a state and party."
        found.append(Problem("LB618", message, "payoff"))
    elif not np.isfinite(situation.payoff).all():
        state, party = np.argwhere(~np.isfinite(situation.payoff))[0]
        where = "+".join(names_of(int(state), ids)) or "no measure"
        message = f"the payoff of {situation.parties[party]} with {where} is not finite. Give a number."
        found.append(Problem("LB619", message, "payoff"))
    return found
