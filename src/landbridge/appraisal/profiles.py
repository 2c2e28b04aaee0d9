"""An appraised project taken apart for draws: what moves with cost, with demand, with upkeep."""

from dataclasses import replace

import numpy as np

from landbridge.appraisal.appraise import Appraisal, project_ledger, works_usd
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Project
from landbridge.appraisal.risk import Profile, Triangle
from landbridge.core.arrays import Float

SPARE_YEARS = 15
"""Years of benefits beyond the table, for delays and for waiting."""


def profile_of(appraisal: Appraisal, *, money: Money | None = None) -> Profile:
    """Return the profile of an appraisal; all factors 1 give back its NPV (end-year convention).

    Benefits (users or welfare, operators net of operation, CO2) are those at full use by calendar year, so that
    a late opening loses the first years and not the growth.
    """
    money = money or Money({}, {})
    project = appraisal.project
    longer = _without_ramp(project, SPARE_YEARS)
    ledger = project_ledger(longer, appraisal.effects, money=money)
    items = ledger.by_item()
    zero = np.zeros(len(ledger.years))
    benefits: Float = sum(
        (usd for item, usd in items.items() if item not in ("works", "upkeep", "residual value")), zero
    )
    own = appraisal.ledger.by_item()
    years = len(appraisal.ledger.years)
    upkeep = own.get("upkeep", np.zeros(years))
    return Profile(
        project.id,
        -own.get("works", np.zeros(years)),
        benefits,
        -float(upkeep[-1]),
        project.opening_year - project.base_year,
        project.life_years,
        project.ramp_up,
        float(own.get("residual value", np.zeros(years))[-1]),
    )


def cost_range(project: Project, *, money: Money | None = None) -> Triangle:
    """Return the factor on works from the lowest to the highest published estimate, the chosen one likeliest.

    Items are added up: all at their least, all as chosen, all at their greatest.
    """
    money = money or Money({}, {})
    chosen = works_usd(project, money)
    price = project.price or Price("USD", project.base_year)
    low = high = 0.0
    for item in chosen:
        factors = [(e, 1e6 * money.factor(e.price or price, price)) for e in project.estimates if e.item == item]
        low += min(e.low * factor for e, factor in factors)
        high += max(e.high * factor for e, factor in factors)
    total = sum(chosen.values())
    return Triangle(low / total, 1.0, high / total)


def _without_ramp(project: Project, spare: int) -> Project:
    """Return the project open from its base year at full use, living on for `spare` years more."""
    return replace(project, opening_year=project.base_year, life_years=project.years + spare, ramp_up=(), finance=None)
