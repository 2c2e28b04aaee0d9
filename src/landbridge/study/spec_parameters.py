"""The parameters that the package's formulas ask a study for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter: its name in ``study.toml``, its unit, the range that makes sense, and what it is."""

    name: str
    unit: str
    description: str
    low: float = float("-inf")
    high: float = float("inf")


PARAMETERS: Final = (
    ParameterSpec("trade_elasticity", "elasticity", "epsilon: how strongly trade answers to trade cost.", 0.1, 50.0),
    ParameterSpec("choice_scale_per_usd", "per USD", "mu of the logit choice between corridors.", 1e-7, 10.0),
)
"""Parameters by name; a study may hold others, which its own tools read."""
