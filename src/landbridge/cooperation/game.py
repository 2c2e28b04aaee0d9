"""A game with transferable utility: members and what every coalition of them is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.cooperation.bitmasks import mask_of, names_of, subsets
from landbridge.core.arrays import Float, locked
from landbridge.core.problems import Problem, refuse

MEMBERS_MAX = 16
"""All ``2**n`` coalitions are held and solved exactly up to this number of members."""


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """Members and the worth of each of their coalitions.

    Attributes
    ----------
    members
        Names, in the order of the bits.
    value
        Shape (2**n,): ``value[S]`` is ``v(S)``, bit i of ``S`` standing for ``members[i]``; ``value[0]`` is 0.
        In any unit of money; the solutions come in the same unit.

    Raises
    ------
    StudyError
        More than 16 members, none, one named twice, a wrong number of values, a value that is not finite,
        or an empty coalition that is worth something.
    """

    members: tuple[str, ...]
    value: Float

    def __post_init__(self) -> None:
        value: Float = np.asarray(locked(self.value, np.float64), dtype=np.float64)
        refuse(member_faults(self.members) or _value_faults(self.members, value))
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "value", value)

    @classmethod
    def of(cls, members: Sequence[str], worth: Callable[[tuple[str, ...]], float]) -> "Game":
        """Return the game in which `worth` gives the worth of a tuple of names, in the order of `members`."""
        names = tuple(members)
        refuse(member_faults(names))
        value = [0.0] + [float(worth(names_of(mask, names))) for mask in range(1, 1 << len(names))]
        return cls(names, np.array(value))

    @property
    def n(self) -> int:
        """The number of members."""
        return len(self.members)

    @property
    def whole(self) -> int:
        """The mask of all members together."""
        return (1 << len(self.members)) - 1

    @property
    def worth(self) -> float:
        """What all members together are worth, ``v(N)``."""
        return float(self.value[-1])

    def at(self, *names: str) -> float:
        """Return the worth of the coalition of the named members."""
        return float(self.value[mask_of(names, self.members)])

    def singles(self) -> Float:
        """Return what each member is worth alone, shape (n,)."""
        alone: Float = self.value[1 << np.arange(self.n)]
        return alone

    def without(self, name: str) -> "Game":
        """Return the game among the other members."""
        gone = 1 << self.members.index(name)
        return Game(tuple(m for m in self.members if m != name), self.value[subsets(self.whole & ~gone)])


def member_faults(members: Sequence[str]) -> list[Problem]:
    """Return the faults of a list of members: none, too many, or one named twice."""
    found: list[Problem] = []
    if not members:
        found.append(Problem("LB601", "there are no members. Name at least one.", "game", column="members"))
    if len(members) > MEMBERS_MAX:
        message = (
            f"{len(members)} members are more than the {MEMBERS_MAX} that are solved exactly. "
            "Join those that always act together into one member."
        )
        found.append(Problem("LB602", message, "game", column="members"))
    for name in sorted({name for name in members if list(members).count(name) > 1}):
        message = f"member {name!r} is named twice. Name every member once."
        found.append(Problem("LB603", message, "game", column="members"))
    return found


def _value_faults(members: Sequence[str], value: Float) -> list[Problem]:
    expected = (1 << len(members),)
    if value.shape != expected:
        message = f"values have shape {value.shape}, {len(members)} members ask for {expected}. Give one a subset."
        return [Problem("LB604", message, "game", column="value")]
    found = [
        Problem(
            "LB605",
            f"coalition {'+'.join(names_of(int(mask), members))} is worth {value[mask]}. Give a finite number.",
            "game",
            int(mask),
            "value",
        )
        for mask in np.flatnonzero(~np.isfinite(value))
    ]
    if value[0] != 0:
        message = f"the empty coalition is worth {value[0]}. Give gains over the baseline, 0 for nobody."
        found.append(Problem("LB606", message, "game", 0, "value"))
    return found
