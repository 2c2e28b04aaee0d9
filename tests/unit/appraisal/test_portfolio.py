"""Choices of projects against trying every subset."""

from itertools import chain, combinations

import numpy as np
import pytest

from landbridge.appraisal.portfolio import Candidates, Joint, choose, only_together
from landbridge.core.problems import InfeasibleError, StudyError

NAMES = ("west", "east", "port", "fleet", "terminal", "park")


def brute(candidates: Candidates, budget: np.ndarray) -> float:
    best = 0.0
    n = len(candidates.names)
    for rows in chain.from_iterable(combinations(range(n), size) for size in range(n + 1)):
        chosen = frozenset(candidates.names[i] for i in rows)
        if candidates.allowed(chosen) and (candidates.costs[list(rows)].sum(axis=0) <= budget + 1e-9).all():
            best = max(best, candidates.worth(chosen))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_best_of_all_subsets(seed: int) -> None:
    generator = np.random.default_rng(seed)
    candidates = Candidates(
        NAMES, generator.normal(2, 6, 6), generator.uniform(1, 9, (6, 2)),
        conflicts=(("west", "fleet"),), requires=(("port", "east"), ("park", "port")),
        joint=(
            Joint(("east", "port"), float(generator.normal(0, 8))),
            Joint(("west", "east", "terminal"), float(generator.normal(0, 8))),
        ),
    )  # fmt: skip
    budget = generator.uniform(5, 20, 2)
    best = choose(candidates, budget)
    assert best.value == pytest.approx(brute(candidates, budget), abs=1e-9)
    assert (np.array(best.spent) <= budget + 1e-9).all()
    assert candidates.allowed(frozenset(best.chosen))


def test_more_budget_never_hurts() -> None:
    generator = np.random.default_rng(5)
    candidates = Candidates(NAMES, generator.normal(3, 5, 6), generator.uniform(1, 9, (6, 1)))
    values = [choose(candidates, [budget]).value for budget in (0, 4, 8, 16, np.inf)]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(candidates.values[candidates.values > 0].sum())


def test_projects_that_only_pay_together() -> None:
    """Line -5, port -3, together +10: they pay by 2, and only as a pair."""
    candidates = Candidates(
        ("line", "port", "other"), np.array([-5.0, -3.0, 1.0]), np.ones((3, 1)), joint=(Joint(("line", "port"), 10.0),)
    )
    assert only_together(candidates) == (Joint(("line", "port"), 2.0),)
    assert choose(candidates, [3]).chosen == ("line", "port", "other")
    assert choose(candidates, [1]).chosen == ("other",)


def test_what_must_be_done_is_done_or_said_to_be_impossible() -> None:
    candidates = Candidates(("a", "b"), np.array([-5.0, 3.0]), np.array([[4.0], [2.0]]), conflicts=(("a", "b"),))
    assert choose(candidates, [9], must=("a",)).chosen == ("a",)
    with pytest.raises(InfeasibleError, match="No choice that holds a"):
        choose(candidates, [3], must=("a",))


def test_faults_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        choose(Candidates(("a",), np.array([np.nan]), np.ones((1, 2)), conflicts=(("a", "c"),)), [1.0], must=("d",))
    assert [p.code for p in caught.value.problems] == ["LB880", "LB881", "LB882", "LB882"]
