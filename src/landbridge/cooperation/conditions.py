"""Measures that wait for one another: unknown and circular conditions are found and named."""

from collections.abc import Mapping, Sequence

from landbridge.core.problems import Problem


def measure_faults(
    ids: Sequence[str], requires: Mapping[str, tuple[str, ...]], limit: int, *, place: str = "measures"
) -> list[Problem]:
    """Return the faults of a list of measures and their requirements: number, doubles, unknown, circular."""
    found: list[Problem] = []
    if len(ids) > limit:
        message = f"{len(ids)} measures give more states than the 2^{limit} held at once. Join some into one."
        found.append(Problem("LB610", message, place))
    found += [
        Problem("LB611", f"{name!r} stands twice. Name each once.", place, column=name)
        for name in sorted({name for name in ids if list(ids).count(name) > 1})
    ]
    for name, needed in requires.items():
        for lacking in sorted(set(needed) - set(ids)):
            message = f"requires {lacking!r}, which does not exist. Add it, or correct the name."
            found.append(Problem("LB612", message, place, column=name))
    for circle in circles(requires):
        message = f"{' requires '.join([*circle, circle[0]])}: none can come first. Take one condition out."
        found.append(Problem("LB620", message, place, column=circle[0]))
    return found


def circles(requires: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return one circle for each knot of conditions that wait for each other."""
    open_ = {name: set(needed) & set(requires) for name, needed in requires.items()}
    while free := [name for name, needed in open_.items() if not needed]:
        for name in free:
            del open_[name]
        for needed in open_.values():
            needed.difference_update(free)
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for first in open_:
        walk: list[str] = []
        at = first
        while at not in walk and at not in seen:
            walk.append(at)
            at = min(open_[at])
        if at in walk:
            found.append(tuple(walk[walk.index(at) :]))
        seen.update(walk)
    return found
