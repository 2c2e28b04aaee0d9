"""Steps back and forward: the addresses that a page has been at, held by the page itself."""

from dataclasses import dataclass
from typing import Any, Final

LONGEST: Final = 60
"""Steps that are kept."""


@dataclass(frozen=True, slots=True)
class History:
    """The address of a page, those before it (the last one nearest) and those undone (the last one nearest)."""

    now: str = ""
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()

    def went(self, address: str) -> "History":
        """Return the history after a step; a step to where the page is already is none."""
        if address == self.now:
            return self
        return History(address, (*self.past, self.now)[-LONGEST:])

    def undone(self) -> "History":
        """Return the history one step back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.now))

    def redone(self) -> "History":
        """Return the history one undone step on, if there is one."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.now), self.future[:-1])

    def plain(self) -> dict[str, Any]:
        """Return the history as the page's store holds it."""
        return {"now": self.now, "past": list(self.past), "future": list(self.future)}


def read_history(value: object) -> History:
    """Return the history of a page's store; empty if it holds anything else."""
    if not isinstance(value, dict):
        return History()
    now = value.get("now")
    return History(now if isinstance(now, str) else "", _words(value.get("past")), _words(value.get("future")))


def _words(value: object) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str))[-LONGEST:] if isinstance(value, list) else ()
