"""What a road map is made of: elements, stages, and the fields that are checked as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from landbridge.cooperation.bitmasks import mask_of
from landbridge.core.arrays import Float

ELEMENTS_MAX = 18
"""States are all held at once, and numbers of orders fit into 64 bits, up to this many elements."""


@dataclass(frozen=True, slots=True)
class Element:
    """One move or milestone.

    Attributes
    ----------
    id
        Name of the element.
    consent
        Parties that must agree; empty only for a milestone.
    requires
        Elements that must stand before the step in which this one is made.
    together_with
        Elements that must stand before or be made in the same step (a simultaneous exchange).
    excludes
        Elements that must not stand when this one is made.
    lapses_with
        Elements whose lapse takes this one back too. Empty: what is done stays done (a railway).
    lapse_chance
        Yearly chance of 0 to 1 that this element lapses by itself while it stands.
    milestone
        Whether nobody decides it.
    not_before
        First year in which it can happen; None for no date.
    not_after
        Last year in which it can happen; None for no deadline.
    yearly_chance
        Chance of 0 to 1 that it happens in a year in which it could; 1 for what only waits.
    lag_years
        Full years that must pass after the year in which its conditions come to stand: with 0 it can happen in
        the next year, with 1 in the one after that.
    why
        In words, for the reader.
    """

    id: str
    consent: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    together_with: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    lapses_with: tuple[str, ...] = ()
    lapse_chance: float = 0.0
    milestone: bool = False
    not_before: int | None = None
    not_after: int | None = None
    yearly_chance: float = 1.0
    lag_years: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A named group of elements, none of which can come before the stage's conditions stand."""

    name: str
    elements: tuple[str, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """The fields of a road map before they are checked.

    Attributes
    ----------
    parties
        Up to 16 names.
    elements
        Up to 18, in the order of the bits of a state.
    payoff
        Shape (2**m, n): worth of a year in each state to each party, as the models give it (for instance EV in
        million USD).
    goal
        Elements that must all stand for the goal to be reached.
    start
        Elements that stand today.
    security
        Shape (m, n): worth of a year with the element standing to each party beyond what the models give, in
        the unit of the payoffs; an input that somebody states. Added up over what stands.
    stages
        Groups of elements with their conditions, which are added to what the elements require.
    """

    parties: tuple[str, ...]
    elements: tuple[Element, ...]
    payoff: Float
    goal: tuple[str, ...]
    start: tuple[str, ...] = ()
    security: Float | None = None
    stages: tuple[Stage, ...] = field(default=())

    @property
    def ids(self) -> tuple[str, ...]:
        """The elements' ids in the order of the bits."""
        return tuple(element.id for element in self.elements)

    @property
    def start_state(self) -> int:
        """The mask of what stands today."""
        return mask_of(self.start, self.ids)

    @property
    def goal_mask(self) -> int:
        """The mask of what must stand at the goal."""
        return mask_of(self.goal, self.ids)

    def worth(self) -> Float:
        """Return payoff and security together, shape (2**m, n)."""
        if self.security is None:
            return self.payoff
        total = self.payoff.copy()
        for k, gain in enumerate(self.security):
            total.reshape(-1, 2, 1 << k, len(self.parties))[:, 1] += gain
        return total

    def conditions(self, element: Element) -> tuple[str, ...]:
        """Return what must stand before an element: its own requirements and those of its stages."""
        return staged_requires(element, self.stages)

    def stage_of(self, state: int) -> str:
        """Return the last stage, in order, all of whose elements stand; empty before the first is complete."""
        done = [stage.name for stage in self.stages if not mask_of(stage.elements, self.ids) & ~state]
        return done[-1] if done else ""


def staged_requires(element: Element, stages: Sequence[Stage]) -> tuple[str, ...]:
    """Return what an element requires, with the conditions of every stage that holds it."""
    needed = list(element.requires)
    for stage in stages:
        if element.id in stage.elements:
            needed += [name for name in stage.conditions if name not in needed]
    return tuple(needed)
