"""Answers to questions, found once: a few baselines and outcomes are kept, whoever asks."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from threading import Lock, RLock
from typing import Any, Final, TypeVar

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.freight import Freight
from landbridge.pipeline.months import YEAR, corridor_arcs, month_loads
from landbridge.pipeline.outcome import Baseline, Outcome, find_outcome
from landbridge.pipeline.whatif import WHAT_IF, WhatIf, baseline_with, standing_in, study_with
from landbridge.study.model import Study

T = TypeVar("T")
BASELINES: Final = 4
OUTCOMES: Final = (6, 40)
"""Fewest and most outcomes that are kept; between them as many as fit into `MEMORY`."""
MEMORY: Final = 1_000_000_000
"""Bytes that kept outcomes may take."""
MONTHS: Final = 26
DRAWINGS: Final = 60
WORDS: Final = 320
"""How many loads by month, pictures and small results are kept."""
ROUTES: Final = 3
"""Corridors of a pair whose routes are shown leg by leg and on the map."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An outcome with the baseline that it is compared with; both never change."""

    study: Study
    question: WhatIf
    base: Baseline
    outcome: Outcome


class Kept:
    """The last few values by key; the same key is found once however many ask for it.

    What is held is given at once, also while something else is being found.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = Lock()
        self._finding = RLock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return the value of a key, found now if it is not held."""
        there, value = self._look(key)
        if there:
            held: T = value
            return held
        with self._finding:
            there, value = self._look(key)
            found: T = value if there else find()
            with self._held:
                self._values[key] = found
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            return found

    def _look(self, key: Hashable) -> tuple[bool, Any]:
        with self._held:
            if key not in self._values:
                return False, None
            self._values.move_to_end(key)
            return True, self._values[key]

    def __contains__(self, key: Hashable) -> bool:
        with self._held:
            return key in self._values

    def __len__(self) -> int:
        return len(self._values)


class Engine:
    """A study ready to answer: nothing in it depends on who asked what."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._baselines = Kept(BASELINES)
        self._slow = Kept(BASELINES)
        self._arcs = Kept(MONTHS)
        self._drawings = Kept(DRAWINGS)
        self._more = Kept(WORDS)
        fewest, most = OUTCOMES
        self._outcomes = Kept(min(max(MEMORY // _bytes(self.baseline().freight), fewest), most))

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

    def drawn(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return a picture made of an answer, found once."""
        return self._drawings.get(key, find)

    def has(self, key: Hashable) -> bool:
        """Tell whether a picture is at hand."""
        return key in self._drawings

    def routes(self, answer: Answer, pair: tuple[int, int], freight_class: int) -> dict[int, Int]:
        """Return the arcs of the routes between two zones by corridor, in order; the most used `ROUTES` corridors."""

        def find() -> dict[int, Int]:
            share = answer.outcome.freight.choice.share[:, freight_class, pair[0], pair[1]]
            most = [r for r in np.argsort(-share, kind="stable")[:ROUTES].tolist() if share[r] > 0]
            found = corridor_arcs(answer.base.ground, answer.outcome.freight, pair, most, freight_class)
            return dict(zip(most, found, strict=True))

        return self.kept(("routes", answer.question, pair, freight_class), find)

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
        return self._arcs.get(key, lambda: month_loads(answer.base.ground, freight, teu, month))


def _bytes(freight: Freight) -> int:
    """Return about how much memory the routes of an outcome take, which is nearly all of it."""
    parts = (freight.alternatives, freight.choice)
    values = (getattr(part, field.name) for part in parts for field in fields(part))
    return max(sum(value.nbytes for value in values if isinstance(value, np.ndarray)), 1)
