"""Answers to questions, found once: a few baselines and outcomes are kept, whoever asks."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final, TypeVar

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.months import YEAR, month_loads, route_arcs
from landbridge.pipeline.outcome import Baseline, Outcome, find_outcome
from landbridge.pipeline.whatif import WHAT_IF, WhatIf, baseline_with, standing_in, study_with
from landbridge.study.model import Study

T = TypeVar("T")
BASELINES: Final = 4
OUTCOMES: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An outcome with the baseline that it is compared with; both never change."""

    study: Study
    question: WhatIf
    base: Baseline
    outcome: Outcome


class Kept:
    """The last few values by key, found one at a time; the same key is found once however many ask for it."""

    def __init__(self, most: int, lock: RLock) -> None:
        self._most = most
        self._lock = lock
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return the value of a key, found now if it is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                held: T = self._values[key]
                return held
            value = find()
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return value

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)


class Engine:
    """A study ready to answer: nothing in it depends on who asked what."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._lock = RLock()
        self._baselines = Kept(BASELINES, self._lock)
        self._outcomes = Kept(OUTCOMES, self._lock)
        self._more = Kept(4 * OUTCOMES, self._lock)
        self._slow = Kept(BASELINES, RLock())

    def baseline(self, parameters: tuple[tuple[str, float], ...] = ()) -> Baseline:
        """Return the baseline at some parameters."""
        return self._baselines.get(parameters, lambda: baseline_with(self.study, parameters))

    def answer(self, question: WhatIf) -> Answer:
        """Return what a question comes to; as `landbridge what-if` finds it.

        Raises
        ------
        InfeasibleError, ConvergenceError
            If trade has no equilibrium, or costs and flows do not settle.
        """
        return self._outcomes.get(question, lambda: self._answer(question))

    def kept(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return something made of an answer, found once."""
        return self._more.get(key, find)

    def route(self, answer: Answer, pair: tuple[int, int], corridor: int, freight_class: int) -> Int:
        """Return the arcs of a corridor's route between two zones, in order."""
        return self.kept(
            ("route", answer.question, pair, corridor, freight_class),
            lambda: route_arcs(answer.base.ground, answer.outcome.freight, pair, corridor, freight_class),
        )

    def found_slowly(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return something that takes long and does not depend on a question; other answers need not wait for it."""
        return self._slow.get(key, find)

    def found_already(self, key: Hashable) -> bool:
        """Tell whether something slow is at hand."""
        return key in self._slow

    def _answer(self, question: WhatIf) -> Answer:
        base = self.baseline(question.parameters)
        plain = not (question.add or question.remove or question.parameters)
        study = self.study if plain else study_with(self.study, question)
        standing = standing_in(self.study, question)
        name = question.scenario if plain else WHAT_IF
        return Answer(study, question, base, find_outcome(base, standing, name))

    def arcs(self, answer: Answer, month: int, *, of_baseline: bool = False) -> Float:
        """Return TEU on every arc at the pace of a year (month 0) or of one month, shape (n_arcs,)."""
        freight, teu = (
            (answer.base.freight, answer.base.teu) if of_baseline else (answer.outcome.freight, answer.outcome.teu)
        )
        if month == YEAR:
            return (answer.base if of_baseline else answer.outcome).loads.arcs
        key = ("arcs", answer.question.parameters if of_baseline else answer.question, month, of_baseline)
        return self.kept(key, lambda: month_loads(answer.base.ground, freight, teu, month))
