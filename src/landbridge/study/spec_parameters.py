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
    required: bool = False


PARAMETERS: Final = (
    ParameterSpec(
        "trade_elasticity", "elasticity", "epsilon: how strongly trade answers to trade cost.", 0.1, 50.0, required=True
    ),
    ParameterSpec(
        "choice_scale_per_usd", "per USD", "mu of the logit choice between corridors.", 1e-7, 10.0, required=True
    ),
    ParameterSpec("nest_scale", "share of 1", "scale between nests over the scale inside; 1 if left out.", 1e-6, 1.0),
    ParameterSpec(
        "choice_bound_ratio",
        "times the least cost",
        "alternatives dearer than this many times the best are out of the question; no bound if left out.",
        1.0,
        1000.0,
    ),
    ParameterSpec(
        "co2_price_usd_per_t", "USD per tonne", "price of CO2 in route choice; 0 if left out.", 0.0, 10_000.0
    ),
    ParameterSpec(
        "new_corridor_constant_usd_per_teu",
        "USD per TEU",
        "added to the constants of corridors that nobody has used (corridors.csv, new); 0 if left out.",
        -10_000.0,
        10_000.0,
    ),
    ParameterSpec("delay_factor", "factor", "alpha of the delay at capacity (BPR); 0.5 if left out.", 0.0, 100.0),
    ParameterSpec(
        "delay_share_factor",
        "factor",
        "factor on the delay shares of all classes in draws, against its own value; not drawn if left out.",
        1e-3,
        1000.0,
    ),
    ParameterSpec("delay_power", "power", "power of the delay at capacity (BPR); 4 if left out.", 0.0, 20.0),
    ParameterSpec(
        "preload_share", "share of 1", "part of a capacity that other traffic takes; 0.25 if left out.", 0.0, 1.0
    ),
    ParameterSpec("phase_in_years", "years", "years until trade has answered in full; 1 if left out.", 0.0, 100.0),
    ParameterSpec(
        "world_output_growth_percent", "percent a year", "nominal growth of world output in USD.", -50.0, 100.0
    ),
    ParameterSpec(
        "discount_rate_percent", "percent a year", "rate at which gains of later years are discounted.", 0.0, 100.0
    ),
    ParameterSpec("visit_fare_elasticity", "elasticity", "answer of visits to the cost of a trip.", -10.0, 0.0),
    ParameterSpec("visit_time_usd_per_hour", "USD per hour", "what an hour of travel is worth.", 0.0, 1000.0),
)
"""Parameters by name; a study may hold others, which its own tools read."""
