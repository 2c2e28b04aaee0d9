"""The report's chapter on how its figures are computed: numbered equations, set beforehand."""

import json
from functools import cache
from importlib.resources import files

from landbridge.report.blocks import Equation, Section, Text

WORDS = (
    "Every scenario passes the same steps: routes and their costs (1), shares of corridors by month (2) and the "
    "composite cost (3), trade costs (4), trade and prices in equilibrium (5, 6), welfare (7). Containers on the "
    "network delay each other at gates; costs and flows are found again until they agree. A hat marks the ratio of "
    "after to before, a prime a value after the change. The manual has the derivations, the checks and the literature."
)


def method_section() -> Section:
    """Return the chapter with its equations."""
    return Section("method", "How it is computed", (Text((WORDS,)), *_equations()))


@cache
def _equations() -> tuple[Equation, ...]:
    text = (files("landbridge.report") / "assets" / "equations.json").read_text(encoding="utf-8")
    return tuple(Equation(one["key"], one["mathml"], one["words"]) for one in json.loads(text))
