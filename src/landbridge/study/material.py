"""What was read from a folder before it is checked as a whole: tables with lines, entries with places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.study.convert import Loaded
from landbridge.study.entries import Entry
from landbridge.study.model import Change


@dataclass(frozen=True, slots=True)
class Material:
    """Tables by name, entries by section, and the changes of each measure in the order of the file.

    Attributes
    ----------
    broken
        Files that could not be read; what they would have declared is not missed elsewhere.
    """

    tables: Mapping[str, Loaded]
    entries: Mapping[str, tuple[Entry, ...]]
    changes: tuple[tuple[tuple[Change, Entry], ...], ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)

    def declared(self, reference: str) -> frozenset[str] | None:
        """Return the ids that a reference may name, or None where a fault leaves them unknown.

        References are ``table.column`` or ``section.key``; ``element.id`` is any move or milestone of the road map.
        """
        if reference == "element.id":
            moves, milestones = self.declared("move.id"), self.declared("milestone.id")
            return None if moves is None or milestones is None else moves | milestones
        name, _, key = reference.partition(".")
        if name in self.entries:
            if FILE_OF_SECTION.get(name, "") in self.broken:
                return None
            return frozenset(str(entry[key]) for entry in self.entries[name])
        loaded = self.tables.get(name)
        if loaded is None or key not in loaded.sound:
            return None
        return frozenset(loaded.table.text(key))


FILE_OF_SECTION = {
    "parameter": "study.toml",
    "member": "study.toml",
    "measure": "measures.toml",
    "scenario": "scenarios.toml",
    "move": "roadmap.toml",
    "milestone": "roadmap.toml",
    "stage": "roadmap.toml",
    "worth": "roadmap.toml",
    "project": "projects.toml",
}
"""The file in which each kind of named entry stands."""
