"""What a run of freight and trade says about a project: the one value that the pipeline hands to the appraisal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from landbridge.appraisal.money import Price
from landbridge.appraisal.project import Basis
from landbridge.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Traffic:
    """Units a year (loaded TEU, TEU-km, tonnes, or 1 for the year) at a place, without and with the project."""

    without: float
    with_project: float


@dataclass(frozen=True, slots=True)
class ProjectEffects:
    """Yearly effects at full use, with less without the project, in the year of the run.

    Attributes
    ----------
    year
        Year for which the flows hold; they grow from it.
    price
        Money of all amounts, for example USD of 2018.
    traffic
        By (place, basis), as revenue lines name them. A place is a link, crossing, port or group of links.
    user_benefit_usd
        Rule of a half by economy, USD a year (`benefits.by_economy`); charges are part of the composite cost.
    welfare_usd
        Equivalent variation by economy, USD a year; empty where the trade model was not run.
    revenue_in_welfare
        Whether the trade model's spending already holds the operators' charges less their resource cost.
    other_operators_usd
        By economy, USD a year: what operators, ports and canals elsewhere gain or lose (charges less
        resource cost), if the run says so; part of ``users`` appraisals alone.
    co2_change_t
        Tonnes of CO2 a year; fewer is negative.
    growth_per_year, growth_until
        Growth of traffic, benefits and CO2 a year, as a share, up to and including the given year.
    early_growth_per_year, early_growth_until
        Growth up to and including a first year, before `growth_per_year` holds; none if that year is not after
        `year`.
    stated
        True if the figures are stated in the study rather than made by a run; says so in the report.
    beside_benefit_usd
        User benefits by economy, USD a year, that do not move over the places of the revenue lines as run: they
        are not cut where these places are full.
    stated_parts
        What is stated although the rest comes from a run, in words: traffic that the run does not hold.
    """

    year: int
    price: Price
    traffic: Mapping[tuple[str, Basis], Traffic] = field(default_factory=dict)
    user_benefit_usd: Mapping[str, float] = field(default_factory=dict)
    welfare_usd: Mapping[str, float] = field(default_factory=dict)
    revenue_in_welfare: bool = False
    other_operators_usd: Mapping[str, float] = field(default_factory=dict)
    co2_change_t: float = 0.0
    growth_per_year: float = 0.0
    growth_until: int = 9999
    early_growth_per_year: float = 0.0
    early_growth_until: int = 0
    stated: bool = False
    beside_benefit_usd: Mapping[str, float] = field(default_factory=dict)
    stated_parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("traffic", "user_benefit_usd", "welfare_usd", "other_operators_usd", "beside_benefit_usd"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def faults(self) -> list[Problem]:
        """Return every figure that is not finite, negative traffic, and growth that cannot be meant."""
        found: list[Problem] = []
        for name in ("user_benefit_usd", "welfare_usd", "other_operators_usd", "beside_benefit_usd"):
            found += [
                Problem("LB863", f"{economy}: {amount} is not finite. Give USD a year.", "effects", 0, name)
                for economy, amount in getattr(self, name).items()
                if not np.isfinite(amount)
            ]
        found += [
            Problem("LB863", f"{place}: traffic must be finite and not negative.", "effects", 0, "traffic")
            for (place, _), units in self.traffic.items()
            if not (
                np.isfinite([units.without, units.with_project]).all() and min(units.without, units.with_project) >= 0
            )
        ]
        rates = self.growth_per_year, self.early_growth_per_year
        if not all(-0.5 < rate < 0.5 for rate in rates) or not np.isfinite(self.co2_change_t):
            message = "Growth must be a share between -0.5 and 0.5 (0.03 for 3 %), tonnes of CO2 finite."
            found.append(Problem("LB863", message, "effects", 0, "growth_per_year"))
        return found
