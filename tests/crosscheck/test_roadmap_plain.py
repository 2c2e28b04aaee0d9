"""The road map solver beside plain recursions over sets of names and over all orders."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from landbridge.cooperation.acceptance import Rules, prospects
from landbridge.cooperation.bitmasks import mask_of
from landbridge.cooperation.elements import Element
from landbridge.cooperation.orders import acceptable_graph, best_orders
from landbridge.cooperation.plans import plan_along, solve_road_map
from landbridge.cooperation.roadmap import RoadMap
from landbridge.core.arrays import Float

Names = frozenset[str]


def random_road_map(seed: int, m: int = 5, n: int = 3) -> RoadMap:
    rng = np.random.default_rng(seed)
    parties = tuple("ABC"[:n])
    ids = tuple(f"e{k}" for k in range(m))

    def some(of: tuple[str, ...], chance: float) -> tuple[str, ...]:
        return tuple(name for name in of if rng.random() < chance)

    elements = tuple(
        Element(
            ids[k],
            some(parties, 0.5) or (parties[k % n],),
            requires=some(ids[:k], 0.25),
            excludes=some(ids[:k], 0.08) if k < m - 1 else (),
            lapses_with=some(ids[:k], 0.4),
            lapse_chance=float(rng.choice([0.0, 0.1, 0.3])),
        )
        for k in range(m)
    )
    elements = tuple(
        e if not set(e.requires) & set(e.excludes) else Element(e.id, e.consent, requires=e.requires) for e in elements
    )
    payoff = rng.normal(0, 1, (1 << m, n)) + 0.4 * np.bitwise_count(np.arange(1 << m))[:, None]
    return RoadMap(parties, elements, payoff, goal=(ids[-1],), security=rng.normal(0, 0.3, (m, n)))


class Plain:
    """The definitions of the method page, one state at a time, with sets of names."""

    def __init__(self, road_map: RoadMap, rules: Rules) -> None:
        self.map, self.rules = road_map, rules
        self.by_id = {e.id: e for e in road_map.elements}
        self.stay = cache(self._stay)
        self.going = cache(self._going)

    def pay(self, s: Names) -> Float:
        total = self.map.payoff[mask_of(s, self.map.ids)].copy()
        if self.map.security is not None:
            for name in s:
                total += self.map.security[self.map.ids.index(name)]
        return total

    def lapses(self, s: Names) -> list[tuple[float, Names]]:
        chances = {name: self.by_id[name].lapse_chance for name in s}
        any_ = 1 - float(np.prod([1 - h for h in chances.values()]))
        total = sum(chances.values())
        return [(any_ * h / total, self.after(s, name)) for name, h in chances.items() if h > 0]

    def after(self, s: Names, name: str) -> Names:
        gone, before = {name}, set[str]()
        while gone != before:
            before = set(gone)
            gone |= {e.id for e in self.map.elements if set(e.lapses_with) & gone}
        return s - gone

    def _stay(self, s: Names) -> Float:
        beta = self.rules.discount
        lapses = self.lapses(s)
        later = sum((h * self.stay(t) for h, t in lapses), np.zeros(len(self.map.parties)))
        return (self.pay(s) + beta * later) / (1 - beta * (1 - sum(h for h, _ in lapses)))

    def steps(self, s: Names) -> list[tuple[Names, Names]]:
        """Return what can be made, and who is asked."""
        free = [e for e in self.map.elements if e.id not in s]
        found = []
        for size in range(1, self.rules.at_once + 1):
            for made in combinations(free, size):
                names = frozenset(e.id for e in made)
                if all(set(e.requires) <= s and not set(e.excludes) & (s | names) for e in made):
                    found.append((names, frozenset(p for e in made for p in e.consent)))
        return found

    def accepts(self, s: Names, worth_after: Float, asked: Names) -> bool:
        gain = (worth_after - self.stay(s))[[self.map.parties.index(p) for p in sorted(asked)]]
        return bool(gain.sum() >= -1e-9) if self.rules.payments else bool((gain >= -1e-9).all())

    def _going(self, s: Names) -> tuple[Float, Names | None, bool]:
        """Return W, the next state and whether the goal is reached."""
        if set(self.map.goal) <= s:
            return self.stay(s), None, True
        best: tuple[float, Names] | None = None
        partial: tuple[float, Names] | None = None
        for made, asked in self.steps(s):
            worth, _, leads = self.going(s | made)
            if not self.accepts(s, worth, asked):
                continue
            total = float(worth.sum())
            if leads and (best is None or total > best[0] + 1e-9):
                best = (total, s | made)
            if not leads and total > (float(self.stay(s).sum()) if partial is None else partial[0]) + 1e-9:
                partial = (total, s | made)
        chosen = best or partial
        if chosen is None:
            return self.stay(s), None, False
        lapses = self.lapses(s)
        later = (1 - sum(h for h, _ in lapses)) * self.going(chosen[1])[0]
        later = later + sum((h * self.stay(t) for h, t in lapses), np.zeros(len(self.map.parties)))
        return self.pay(s) + self.rules.discount * later, chosen[1], best is not None

    def orders(self) -> list[tuple[Names, ...]]:
        """Return every order of acceptable steps to the goal, by walking all of them."""
        done, todo = [], [(frozenset(self.map.start),)]
        while todo:
            way = todo.pop()
            if set(self.map.goal) <= way[-1]:
                done.append(way)
                continue
            for made, asked in self.steps(way[-1]):
                after = way[-1] | made
                if self.accepts(way[-1], self.going(after)[0], asked):
                    todo.append((*way, after))
        return done

    def worth_of(self, way: tuple[Names, ...]) -> Float:
        worth = self.stay(way[-1])
        for s in reversed(way[:-1]):
            lapses = self.lapses(s)
            later = (1 - sum(h for h, _ in lapses)) * worth
            later = later + sum((h * self.stay(t) for h, t in lapses), np.zeros(len(self.map.parties)))
            worth = self.pay(s) + self.rules.discount * later
        return worth


RULES = (Rules(), Rules(discount=0.0), Rules(discount=0.6, at_once=1), Rules(payments=True, at_once=3))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("rules", RULES, ids=["foresight", "myopic", "single", "payments"])
def test_values_orders_and_best_plans(seed: int, rules: Rules) -> None:
    road_map = random_road_map(seed)
    plain = Plain(road_map, rules)
    found = prospects(road_map, rules)
    for mask in range(1 << len(road_map.elements)):
        s = frozenset(name for k, name in enumerate(road_map.ids) if mask >> k & 1)
        assert found.stay[mask] == pytest.approx(plain.stay(s))
        worth, after, leads = plain.going(s)
        assert found.leads[mask] == leads
        assert found.worth[mask] == pytest.approx(worth)
        assert (found.following[mask] < 0) == (after is None)
    orders = plain.orders()
    graph = acceptable_graph(road_map, rules, found)
    assert graph.orders == len(orders)
    assert graph.reached == bool(orders)
    assert set(graph.ends.tolist()) == {mask_of(way[-1], road_map.ids) for way in orders}
    ends = {way[-1] for way in orders}
    minimal = {mask_of(e, road_map.ids) for e in ends if not any(f < e for f in ends)}
    assert set(graph.minimal.tolist()) == minimal
    if rules.discount == 0:
        return
    listed = sorted((float(plain.worth_of(way).sum()) for way in orders), reverse=True)
    best = best_orders(graph, road_map, rules, found, count=4)
    got = [float(plan_along(road_map, rules, found, way, graph).worth.sum()) for way in best]
    assert got == pytest.approx(listed[:4])


@pytest.mark.parametrize("seed", range(6))
def test_staying_is_the_value_of_a_markov_chain(seed: int) -> None:
    # V = (I - beta P)^-1 pi, with the chain of lapses written down as one matrix
    road_map = random_road_map(seed)
    rules = Rules(discount=0.8)
    plain = Plain(road_map, rules)
    count = 1 << len(road_map.elements)
    chain = np.zeros((count, count))
    for mask in range(count):
        s = frozenset(name for k, name in enumerate(road_map.ids) if mask >> k & 1)
        for h, t in plain.lapses(s):
            chain[mask, mask_of(t, road_map.ids)] += h
        chain[mask, mask] += 1 - chain[mask].sum()
    expected = np.linalg.solve(np.eye(count) - rules.discount * chain, road_map.worth())
    assert prospects(road_map, rules).stay == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(6))
def test_resumption_solves_its_own_equation(seed: int) -> None:
    road_map = random_road_map(seed)
    rules = Rules(discount=0.7, after_lapse="resume")
    found = prospects(road_map, rules)
    goes = np.flatnonzero(found.following >= 0)
    later = found.hold[goes, None] * found.worth[found.following[goes]] + found.lapse[goes]
    assert found.worth[goes] == pytest.approx(found.payoff[goes] + rules.discount * later)


@pytest.mark.parametrize("seed", range(12))
def test_payments_close_exactly_what_is_missing(seed: int) -> None:
    road_map = random_road_map(seed)
    answer = solve_road_map(road_map)
    assert (answer.bridge.total == 0) == answer.reached
    for step in answer.bridge.plan.steps:
        asked = [road_map.parties.index(name) for name in step.asked]
        after_payment = (step.gain + step.paid)[asked]
        assert (after_payment >= -1e-8).all()
        # nobody gets more than brings him level
        assert after_payment[step.paid[asked] > 0] == pytest.approx(0, abs=1e-8)
    # the plan that is paid for takes, from the start, no more than any single other first step would
    bridged = prospects(road_map, Rules(), bridged=True)
    assert bridged.owed[road_map.start_state] == pytest.approx(answer.bridge.total)


@pytest.mark.parametrize("seed", range(20))
def test_where_nothing_is_owed_the_plan_that_is_paid_for_is_the_plan(seed: int) -> None:
    road_map = random_road_map(seed)
    found, bridged = prospects(road_map, Rules()), prospects(road_map, Rules(), bridged=True)
    free = bridged.leads & (bridged.owed == 0)
    assert (free == found.leads).all()
    assert (bridged.following[free] == found.following[free]).all()
    assert bridged.worth[free] == pytest.approx(found.worth[free])
