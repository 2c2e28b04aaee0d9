"""When a road map's elements come to stand: draws over dates, yearly chances and lapses, year by year.

Each year, for every draw: first what stands may lapse, with all that lapses with it; then every element whose
conditions stood at the end of the year before (and for its lag before that), which is not excluded, not before
its first and not after its last year, happens with its yearly chance. Elements that belong together happen
together, with the smallest of their chances. An element that lapsed can come again from the next year on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.cooperation.bitmasks import mask_of, names_of
from landbridge.cooperation.roadmap import RoadMap, lapse_masks
from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse

States = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Draws of what stands at the end of each year.

    Attributes
    ----------
    years
        Calendar years, shape (y,).
    states
        Shape (y, draws): what stands at the end of each year, as masks.
    ids
        Elements in the order of the bits.
    """

    years: Int
    states: States
    ids: tuple[str, ...]

    def standing(self) -> Float:
        """Return the chance that each element stands at the end of each year, shape (y, m)."""
        return np.stack([(self.states >> k & 1).mean(axis=1) for k in range(len(self.ids))], axis=1)

    def reached(self, goal: Sequence[str]) -> Float:
        """Return the chance that all the named elements stand at the end of each year, shape (y,)."""
        mask = mask_of(goal, self.ids)
        chance: Float = (self.states & mask == mask).mean(axis=1)
        return chance

    def likely_states(self, year: int, *, count: int = 10) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Return the most likely sets of elements at the end of a year with their chances, likeliest first."""
        found, times = np.unique(self.states[int(np.flatnonzero(self.years == year)[0])], return_counts=True)
        order = np.lexsort((found, -times))[:count]
        draws = self.states.shape[1]
        return tuple((names_of(int(found[i]), self.ids), float(times[i]) / draws) for i in order)

    def first_year(self, element: str) -> Float:
        """Return the chance that an element first stands in each year, shape (y,); the rest never."""
        stands = self.states >> self.ids.index(element) & 1 == 1
        first = np.where(stands.any(axis=0), stands.argmax(axis=0), len(self.years))
        chance: Float = np.bincount(first, minlength=len(self.years) + 1)[: len(self.years)] / stands.shape[1]
        return chance


def draw_timeline(
    road_map: RoadMap,
    rng: np.random.Generator,
    *,
    first_year: int,
    last_year: int,
    draws: int = 10_000,
    may: NDArray[np.bool_] | None = None,
) -> Timeline:
    """Draw what stands at the end of each year from the start of the road map on.

    Parameters
    ----------
    rng
        The only source of chance: the same generator state gives the same draws.
    first_year, last_year
        The start stands at the end of the year before the first.
    draws
        Number of draws.
    may
        Shape (2**m, m): in which states each element may be made, as
        `landbridge.cooperation.orders.acceptable_elements` gives it; None for wherever its conditions hold,
        whether or not those asked would agree.

    Raises
    ------
    StudyError
        Years in the wrong order, no draws, or dates that all lie after the last year.
    """
    refuse(_timeline_faults(road_map, first_year, last_year, draws))
    plan = _Plan.of(road_map)
    years: Int = np.arange(first_year, last_year + 1, dtype=np.int64)
    states = np.empty((len(years), draws), dtype=np.int32)
    now = np.full(draws, road_map.start_state, dtype=np.int32)
    # years for which the conditions of each lagging element have held
    # (conditions that stand at the start have stood long enough)
    held = {
        k: np.full(draws, lag if plan.ready(now, k).all() else 0, dtype=np.int16)
        for k, lag in enumerate(plan.lag)
        if lag
    }
    for t, year in enumerate(years.tolist()):
        ready = {k: plan.ready(now, k) & (count >= plan.lag[k]) for k, count in held.items()}
        before = now
        now = plan.lapsed(before, rng)
        can = [plan.ready(before, k) & plan.ready(now, k) & ready.get(k, True) for k in range(len(plan.before))]
        if may is not None:
            can = [ok & may[now, k] for k, ok in enumerate(can)]
        now = now | plan.happened(before, now, year, can, rng)
        states[t] = now
        for k, count in held.items():
            held[k] = np.where(plan.ready(now, k) & plan.ready(before, k), count + 1, 0).astype(np.int16)
    return Timeline(years, states, road_map.ids)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The road map as masks and numbers."""

    before: tuple[int, ...]
    without: tuple[int, ...]
    lag: tuple[int, ...]
    window: tuple[tuple[float, float], ...]
    groups: tuple[tuple[int, float], ...]
    lapses: tuple[tuple[int, int, float], ...]
    beside: tuple[int, ...]

    @classmethod
    def of(cls, road_map: RoadMap) -> "_Plan":
        ids = road_map.ids
        taken = lapse_masks(road_map)
        return cls(
            tuple(mask_of(road_map.conditions(e), ids) for e in road_map.elements),
            tuple(mask_of(e.excludes, ids) for e in road_map.elements),
            tuple(e.lag_years for e in road_map.elements),
            tuple(
                (
                    -np.inf if e.not_before is None else float(e.not_before),
                    np.inf if e.not_after is None else float(e.not_after),
                )
                for e in road_map.elements
            ),
            _groups(road_map),
            tuple((k, int(taken[k]), e.lapse_chance) for k, e in enumerate(road_map.elements) if e.lapse_chance > 0),
            tuple(mask_of(e.together_with, ids) for e in road_map.elements),
        )

    def ready(self, state: States, k: int) -> NDArray[np.bool_]:
        """Return in which draws the conditions of an element stand."""
        ok: NDArray[np.bool_] = (state & self.before[k] == self.before[k]) & (state & self.without[k] == 0)
        return ok

    def lapsed(self, state: States, rng: np.random.Generator) -> States:
        """Return what still stands after the year's lapses; each element lapses on its own."""
        after = state
        for k, gone, chance in self.lapses:
            falls = (state >> k & 1 == 1) & (rng.random(len(state)) < chance)
            after = np.where(falls, after & ~gone, after).astype(np.int32)
        return after

    def happened(
        self,
        before: States,
        now: States,
        year: int,
        ready: list[NDArray[np.bool_]],
        rng: np.random.Generator,
    ) -> States:
        """Return the mask of what comes to stand in the year, of the elements that are ready by draw."""
        new = np.zeros(len(now), dtype=np.int32)
        for group, chance in self.groups:
            can = before & ~now & group == 0  # what lapsed this year does not come again before the next
            for k in (k for k in range(len(self.before)) if group >> k & 1):
                low, high = self.window[k]
                if not low <= year <= high:
                    can[:] = False
                    break
                can &= ready[k]
                # what it must stand beside: made before, or in the same group
                can &= (before | group) & self.beside[k] == self.beside[k]
                can &= new & self.without[k] == 0
            if chance < 1 or can.any():
                happens = can & (rng.random(len(now)) < chance) if chance < 1 else can
                new = np.where(happens, new | group, new).astype(np.int32)
        return new & ~now


def _groups(road_map: RoadMap) -> tuple[tuple[int, float], ...]:
    """Return the elements that happen together, as masks, each with its chance.

    An element is drawn with all that it must stand beside and that must stand beside it in turn; one that waits
    for another without being waited for is drawn alone.
    """
    ids, m = road_map.ids, len(road_map.elements)
    beside = [mask_of(e.together_with, ids) for e in road_map.elements]
    reach = [1 << k | beside[k] for k in range(m)]
    for _ in range(m):
        reach = [_widened(reach, mask) for mask in reach]
    groups: dict[int, float] = {}
    for k in range(m):
        mutual = sum(1 << j for j in range(m) if reach[k] >> j & 1 and reach[j] >> k & 1)
        chance = road_map.elements[k].yearly_chance
        groups[mutual] = min(groups.get(mutual, 1.0), chance)
    return tuple(groups.items())


def _widened(reach: list[int], mask: int) -> int:
    wide = mask
    for k, further in enumerate(reach):
        if mask >> k & 1:
            wide |= further
    return wide


def _timeline_faults(road_map: RoadMap, first_year: int, last_year: int, draws: int) -> list[Problem]:
    found = []
    if last_year < first_year:
        message = f"the last year {last_year} is before the first {first_year}. Exchange them."
        found.append(Problem("LB640", message, "timeline", column="last_year"))
    if draws < 1:
        found.append(Problem("LB641", f"draws is {draws}. Give 1 or more.", "timeline", column="draws"))
    for element in road_map.elements:
        if element.not_after is not None and element.not_after < first_year and element.id not in road_map.start:
            message = f"must happen by {element.not_after}, before the first year {first_year}. Correct the date."
            found.append(Problem("LB624", message, "timeline", column=element.id))
    return found
