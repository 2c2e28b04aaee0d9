"""A road map as frozen values: who must agree to which step, what waits for what, what a lapse takes back.

A state is a set of elements that have been done, as a mask. An element is a move of some parties (a freeze, an
easing step, a railway) or a milestone that nobody decides (an election). Steps add elements; lapses take them
away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from operator import or_

import numpy as np

from landbridge.cooperation.bitmasks import mask_of
from landbridge.cooperation.elements import Draft
from landbridge.cooperation.roadmap_faults import roadmap_faults
from landbridge.core.arrays import Bool, Int, locked
from landbridge.core.problems import refuse


@dataclass(frozen=True, slots=True, eq=False)
class RoadMap(Draft):
    """Parties, elements, where they start, where they want to go, and what each state is worth.

    The fields are those of `landbridge.cooperation.elements.Draft`, checked.

    Raises
    ------
    StudyError
        With every fault and its remedy; see `landbridge.cooperation.roadmap_faults`.
    """

    def __post_init__(self) -> None:
        for name in ("payoff", "security"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, locked(values, np.float64))
        refuse(roadmap_faults(self))


def with_security(road_map: RoadMap, element: str, party: str, worth: float) -> RoadMap:
    """Return the road map with another stated worth of one element to one party."""
    security = np.zeros((len(road_map.elements), len(road_map.parties)))
    if road_map.security is not None:
        security += road_map.security
    security[road_map.ids.index(element), road_map.parties.index(party)] = worth
    return replace(road_map, security=security)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """All sets of elements that may be made in one step, with what they ask; arrays have a row a step.

    Attributes
    ----------
    made
        Mask of the elements made.
    before
        Mask of what must stand before.
    forbidden
        Mask of what must not stand before: what is made, and what it excludes.
    asked
        Mask of the parties asked: the union of the elements' consent sets.
    """

    made: Int
    before: Int
    forbidden: Int
    asked: Int

    def __len__(self) -> int:
        """Return the number of steps."""
        return len(self.made)

    def open_at(self, state: int) -> Bool:
        """Return which steps can be made in a state, shape (steps,)."""
        can: Bool = (state & self.before == self.before) & (state & self.forbidden == 0)
        return can


def steps_of(road_map: RoadMap, at_once: int) -> Steps:
    """Return every step of up to `at_once` elements whose conditions can hold, fewest elements first.

    Elements of one step do not count as standing for each other's `requires`, but do for `together_with`;
    elements that exclude each other are not made in one step.
    """
    ids = road_map.ids
    before = [mask_of(road_map.conditions(e), ids) for e in road_map.elements]
    beside = [mask_of(e.together_with, ids) for e in road_map.elements]
    without = [mask_of(e.excludes, ids) for e in road_map.elements]
    asked = [mask_of(e.consent, road_map.parties) for e in road_map.elements]
    rows: list[tuple[int, int, int, int]] = []
    m = len(ids)
    for inside in (few for size in range(1, at_once + 1) for few in combinations(range(m), size)):
        made = sum(1 << k for k in inside)
        needed = _union(before[k] for k in inside)
        barred = _union(without[k] for k in inside)
        if needed & made or barred & made:
            continue
        needed |= _union(beside[k] for k in inside) & ~made
        rows.append((made, needed, made | barred, _union(asked[k] for k in inside)))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Steps(*columns)


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def lapse_masks(road_map: RoadMap) -> Int:
    """Return what each element takes back when it lapses: itself and all that lapses with it, shape (m,)."""
    m, ids = len(road_map.elements), road_map.ids
    with_ = [mask_of(e.lapses_with, ids) for e in road_map.elements]
    taken = []
    for k in range(m):
        gone = 1 << k
        while True:
            more = _union([1 << j for j in range(m) if with_[j] & gone]) | gone
            if more == gone:
                break
            gone = more
        taken.append(gone)
    return np.array(taken, dtype=np.int64)
