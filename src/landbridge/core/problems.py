"""Faults as values: what is wrong, where, and what to do, and the errors that carry them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["fault", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input, with its place and its remedy.

    Attributes
    ----------
    code
        A stable name such as ``LB102``; each has an entry in ``docs/reference/problems.md``.
    message
        What was found, why it is not accepted and what to do, in whole sentences.
    file
        Path inside the study folder, or the name of the argument.
    row
        Line of the file as an editor counts it (the header is line 1); 0 where it has none.
    column
        Column or key; empty where it has none.
    severity
        A ``fault`` stops the run, a ``warning`` does not.
    """

    code: str
    message: str
    file: str = ""
    row: int = 0
    column: str = ""
    severity: Severity = "fault"

    def __str__(self) -> str:
        """Return ``file:row:column: message [code]``, leaving out what is not known."""
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        return f"{place + ': ' if place else ''}{self.message} [{self.code}]"


class LandbridgeError(Exception):
    """Every error that landbridge raises on purpose."""


class StudyError(LandbridgeError):
    """The input has faults; ``problems`` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConvergenceError(LandbridgeError):
    """An iteration stopped short of its tolerance; the message says how far it was."""


class InfeasibleError(LandbridgeError):
    """The question has no answer (negative spending, no finite value); the message names why."""


class MissingExtraError(LandbridgeError):
    """An optional dependency is absent; the message is the line to type."""


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `StudyError` with all of them if any is a fault."""
    found = tuple(problems)
    if any(problem.severity == "fault" for problem in found):
        raise StudyError(found)
