"""Coalition values from moves, on situations small enough to solve by hand and by listing everything."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from landbridge.cooperation.moves import Measure, Outsiders, Situation, coalition_draws, coalition_values
from landbridge.core.arrays import Float
from landbridge.core.problems import ConvergenceError, StudyError


def additive(worth: Float) -> Float:
    """Payoff of a state: the sum of what its measures bring each party; worth of shape (m, n)."""
    m = len(worth)
    states = np.arange(1 << m)[:, None] >> np.arange(m) & 1
    return states @ worth


RAIL = Situation(
    ("north", "south", "east"),
    (
        Measure("line", ("north", "south"), cost=3.0),
        Measure("port", ("east",), requires=("line",)),
        Measure("toll", ("east",)),
    ),
    additive(np.array([[4.0, 6.0, 1.0], [1.0, 2.0, 2.0], [-2.0, -2.0, 5.0]])),
)


def test_passive_outsiders_by_hand() -> None:
    found = coalition_values(RAIL)
    # masks: north 1, south 2, east 4. north or south alone can do nothing; together the line: 4 + 6 - 3
    assert found.game.value[[1, 2, 3]].tolist() == [0, 0, 7]
    # east alone: its toll. It cannot build the port without the line
    assert found.game.value[4] == 5
    assert found.chosen[4] == 0b100
    # all: line and port and toll: 11 - 3 + 5 + (5 - 4)
    assert found.game.worth == 14
    assert found.works[7] == 3
    assert found.own_gain[3].tolist() == [4, 6, 1]  # what the east gains as an outsider is seen too


def test_outsiders_answer_with_their_own_best_move() -> None:
    found = coalition_values(RAIL, outsiders="together")
    # north and south build; the east adds port and toll: 10 - 3 + 3 - 4
    assert found.chosen[3] == 0b001
    assert found.reached[3] == 0b111
    assert found.game.value[3] == 6
    # north alone cannot stop the toll
    assert found.game.value[1] == -2
    # the east as insider: north and south together build the line for 3: it is worth 10 to them
    assert found.reached[4] == 0b101
    assert found.game.value[4] == 6


def test_outsiders_alone_cannot_build_what_two_must_agree_on() -> None:
    found = coalition_values(RAIL, outsiders="alone")
    assert found.reached[4] == 0b100
    assert found.game.value[4] == 5


def test_what_cannot_be_taken_away_stays() -> None:
    worth = np.array([[-5.0, 1.0]])
    situation = Situation(("a", "b"), (Measure("tie", ("a",), removable=False),), additive(worth), start=("tie",))
    assert coalition_values(situation).game.value.tolist() == [0, 0, 0, 0]
    free = Situation(("a", "b"), (Measure("tie", ("a",)),), additive(worth), start=("tie",))
    assert coalition_values(free).game.value.tolist() == [0, 5, 0, 4]
    ask = Situation(
        ("a", "b"), (Measure("tie", ("a",), consent_to_remove=("a", "b")),), additive(worth), start=("tie",)
    )
    assert coalition_values(ask).game.value.tolist() == [0, 0, 0, 4]


def test_outsiders_in_circles_are_told() -> None:
    # matching pennies: a wants the switches alike, b wants them to differ
    payoff = np.array([[1.0, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]])
    situation = Situation(("a", "b", "c"), (Measure("x", ("a",)), Measure("y", ("b",))), payoff)
    with pytest.raises(ConvergenceError, match="in circles"):
        coalition_values(situation, outsiders="alone")


def plain_values(situation: Situation, outsiders: Outsiders) -> Float:
    """Every coalition by itself, with states as sets and searches by lists."""
    n = len(situation.parties)

    def allowed(state: int) -> bool:
        have = {k.id for i, k in enumerate(situation.measures) if state >> i & 1}
        return all(set(k.requires) <= have for i, k in enumerate(situation.measures) if state >> i & 1)

    def reach(start: int, who: set[str]) -> set[int]:
        seen, todo = {start}, [start]
        while todo:
            at = todo.pop()
            for i, k in enumerate(situation.measures):
                ask = k.consent if not at >> i & 1 else (k.consent_to_remove or k.consent)
                new = at ^ 1 << i
                if set(ask) <= who and new not in seen and allowed(new) and (k.removable or not at >> i & 1):
                    seen.add(new)
                    todo.append(new)
        return seen

    def spent(new: int, old: int) -> float:
        return sum(k.cost for i, k in enumerate(situation.measures) if (new & ~old) >> i & 1)

    value = np.zeros(1 << n)
    start = situation.start_state
    for coalition in range(1, 1 << n):
        inside = {p for i, p in enumerate(situation.parties) if coalition >> i & 1}
        outside = set(situation.parties) - inside
        columns = [i for i in range(n) if coalition >> i & 1]
        others = [i for i in range(n) if not coalition >> i & 1]
        best = -np.inf
        for state in reach(start, inside):
            end = state
            if outsiders == "together" and others:
                end = min(
                    reach(state, outside),
                    key=lambda t, s=state: (
                        -round(situation.payoff[t, others].sum() - spent(t, s), 9),
                        (t ^ s).bit_count(),
                        t,
                    ),
                )
            gain = (situation.payoff[end, columns] - situation.payoff[start, columns]).sum()
            best = max(best, gain - spent(state, start))
        value[coalition] = best
    return value


@pytest.mark.parametrize(("seed", "outsiders"), list(product(range(8), ("passive", "together"))))
def test_same_as_listing_everything(seed: int, outsiders: Outsiders) -> None:
    rng = np.random.default_rng(seed)
    parties = ("a", "b", "c")
    measures = tuple(
        Measure(
            f"m{k}",
            tuple(rng.choice(parties, rng.integers(1, 3), replace=False)),
            requires=(f"m{k - 1}",) if k and rng.random() < 0.4 else (),
            cost=float(rng.integers(0, 3)),
            removable=bool(rng.random() < 0.7),
        )
        for k in range(5)
    )
    # payoffs of full precision: no ties, so the answer is one state
    situation = Situation(parties, measures, rng.normal(0, 3, (32, 3)))
    found = coalition_values(situation, outsiders=outsiders)
    assert found.game.value == pytest.approx(plain_values(situation, outsiders))
    inside = np.arange(8)[:, None] >> np.arange(3) & 1
    assert found.game.value == pytest.approx((found.own_gain * inside).sum(axis=1) - found.works)


@pytest.mark.parametrize("outsiders", ["passive", "together"])
def test_draws_are_the_same_question_many_times(outsiders: Outsiders) -> None:
    rng = np.random.default_rng(3)
    payoffs = RAIL.payoff + rng.normal(0, 2, (20, 8, 3))
    drawn = coalition_draws(RAIL, payoffs, outsiders=outsiders)
    for value, payoff in zip(drawn, payoffs, strict=True):
        again = coalition_values(replace(RAIL, payoff=payoff), outsiders=outsiders)
        assert value == pytest.approx(again.game.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(StudyError) as error:
        Situation(
            ("a", "b"),
            (
                Measure("one", (), requires=("two",)),
                Measure("two", ("a", "z"), requires=("one", "gone"), cost=-1.0),
            ),
            np.zeros((3, 2)),
            start=("two", "nine"),
        )
    text = str(error.value)
    assert sorted({problem.code for problem in error.value.problems}) == [
        "LB612",
        "LB613",
        "LB614",
        "LB615",
        "LB616",
        "LB617",
        "LB618",
        "LB620",
    ]
    assert "one requires two requires one" in text
    assert "'z' is not a member" in text
    assert "Name those who decide on it" in text


def test_a_payoff_that_is_not_finite_is_named() -> None:
    payoff = np.zeros((2, 2))
    payoff[1, 1] = np.nan
    with pytest.raises(StudyError, match="payoff of b with one is not finite"):
        Situation(("a", "b"), (Measure("one", ("a",)),), payoff)
