"""A project as frozen values: works, upkeep, revenue, life, content, prices, and all its faults at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from landbridge.appraisal.finance import FinancePlan
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.worth import Timing
from landbridge.core.problems import Problem

Measure = Literal["users", "welfare"]
"""``users``: rule of a half plus operators, taxes, CO2. ``welfare``: EV of the trade model plus what it leaves out."""

Basis = Literal["teu", "teu_km", "t", "year"]
"""What a tariff is paid for: a loaded TEU, a TEU-km, a tonne, or the year as such."""

LONGEST_LIFE = 150


@dataclass(frozen=True, slots=True)
class Estimate:
    """One published estimate of what an item of works costs, in millions of its own money.

    `chosen` is the one that the central case uses; all of an item's estimates together give its range.
    """

    item: str
    name: str
    low: float
    central: float
    high: float
    price: Price | None
    chosen: bool = False
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Works:
    """The share of an item's cost that falls in a year; the economy whose treasury gets the tax in it.

    `tax_share` of the amount is tax, a transfer; the resource cost of the rest is `conversion_factor` times it.
    """

    item: str
    year: int
    share: float
    economy: str
    tax_share: float = 0.0
    conversion_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Yearly cost from opening on: `works_share` of all works a year, plus `amount` in millions of `price`."""

    item: str
    economy: str
    works_share: float = 0.0
    amount: float = 0.0
    price: Price | None = None
    tax_share: float = 0.0
    conversion_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Revenue:
    """What the project's operator earns on the flows of a place, and what moving them costs it.

    `tariff` and `operating_cost` are USD of `price_year` per unit of `basis`; `capacity` caps the units a
    year with the project, `capacity_without` those without it.
    """

    item: str
    place: str
    basis: Basis
    tariff: float
    economy: str
    price_year: int
    operating_cost: float = 0.0
    capacity: float = float("inf")
    capacity_without: float = float("inf")


@dataclass(frozen=True, slots=True)
class Project:
    """One project.

    Attributes
    ----------
    price
        Money of the appraisal, for example USD of 2018; ``None`` is a fault.
    base_year
        Year to which everything is discounted, the first of the table.
    opening_year, life_years
        First year of use and years of use.
    ramp_up
        Share of full use in the first years; full use after them.
    residual_share
        Share of the works' cost that is still there at the end of the life.
    measures
        How benefits are counted: exactly one of `Measure`.
    discount_rates
        Rates a year by name, as shares, reported side by side; the first one is the main one.
    co2_usd_per_t
        Price path by year; straight between stated years, level before and after; empty: 0.
    content
        Share of the project's value that comes from each economy; they add up to at most 1.
    access
        Name of the access that the project depends on: projects with the same name lose it together.
    sponsor
        Economy that pays the works where a finance plan does not say more.
    """

    id: str
    title: str
    sponsor: str
    price: Price | None
    base_year: int
    opening_year: int
    life_years: int
    estimates: tuple[Estimate, ...]
    works: tuple[Works, ...]
    upkeep: tuple[Upkeep, ...] = ()
    revenue: tuple[Revenue, ...] = ()
    ramp_up: tuple[float, ...] = ()
    residual_share: float = 0.0
    measures: tuple[Measure, ...] = ("users",)
    discount_rates: Mapping[str, float] = field(default_factory=lambda: {"ADB": 0.09})
    timing: Timing = "end"
    co2_usd_per_t: Mapping[int, float] = field(default_factory=dict)
    content: Mapping[str, float] = field(default_factory=dict)
    access: str = ""
    finance: FinancePlan | None = None
    about: str = ""

    def __post_init__(self) -> None:
        for name in ("discount_rates", "co2_usd_per_t", "content"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def last_year(self) -> int:
        """Last year of use."""
        return self.opening_year + self.life_years - 1

    @property
    def years(self) -> int:
        """Number of years from the base year to the last year of use."""
        return self.last_year - self.base_year + 1

    def chosen(self, item: str) -> Estimate:
        """Return the estimate of an item that the central case uses."""
        return next(estimate for estimate in self.estimates if estimate.item == item and estimate.chosen)

    def faults(self, money: Money | None = None) -> list[Problem]:
        """Return every fault of the project, its prices and its finance plan at once."""
        found = [*self._time_faults(), *self._share_faults(), *self._works_faults(), *self._price_faults(money)]
        if len(self.measures) != 1 or self.measures[0] not in ("users", "welfare"):
            message = (
                f"benefit measures are {list(self.measures)}. Give exactly one of 'users' and 'welfare': "
                "the equivalent variation already holds what users gain, so both would count it twice."
            )
            found.append(self._fault("LB850", message, "measures"))
        if self.finance is not None:
            found += self.finance.faults(f"{self.id}/finance")
        return found

    def _fault(self, code: str, message: str, column: str) -> Problem:
        return Problem(code, f"{self.id}: {message}", "projects", 0, column)

    def _time_faults(self) -> list[Problem]:
        found: list[Problem] = []
        if not 1 <= self.life_years <= LONGEST_LIFE:
            message = f"a life of {self.life_years} years is outside 1 to {LONGEST_LIFE}. Give the years of use."
            found.append(self._fault("LB851", message, "life_years"))
        if self.opening_year < self.base_year:
            message = f"it opens in {self.opening_year}, before the base year {self.base_year}. Move one of them."
            found.append(self._fault("LB852", message, "opening_year"))
        found += [
            self._fault(
                "LB853", f"works of {w.item} in {w.year} are outside {self.base_year} to {self.last_year}.", "year"
            )
            for w in self.works
            if not self.base_year <= w.year <= max(self.last_year, self.base_year)
        ]
        if not self.discount_rates:
            found.append(self._fault("LB854", "it has no discount rate. Name at least one.", "discount_rates"))
        found += [
            self._fault(
                "LB854",
                f"discount rate {name} of {rate:g} is outside -0.5 to 1. Give 0.045 for 4.5 %.",
                "discount_rates",
            )
            for name, rate in self.discount_rates.items()
            if not -0.5 < rate < 1.0
        ]
        return found

    def _share_faults(self) -> list[Problem]:
        shares = [("ramp_up", "ramp-up", share) for share in self.ramp_up]
        shares += [("content", f"content of {economy}", share) for economy, share in self.content.items()]
        shares.append(("residual_share", "residual value", self.residual_share))
        spending: list[Works | Upkeep] = [*self.works, *self.upkeep]
        for spent in spending:
            shares.append(("tax_share", f"tax in {spent.item}", spent.tax_share))
        shares += [("works_share", f"works of {w.item} in {w.year}", w.share) for w in self.works]
        shares += [("works_share", f"upkeep {u.item}", u.works_share) for u in self.upkeep]
        found = [
            self._fault("LB855", f"{what} has a share of {share:g}, outside 0 to 1. Give a share of 1.", column)
            for column, what, share in shares
            if not 0.0 <= share <= 1.0
        ]
        total = sum(self.content.values())
        if total > 1.0 + 1e-9:
            message = f"content shares add up to {total:g}. Make them at most 1."
            found.append(self._fault("LB855", message, "content"))
        found += [
            self._fault(
                "LB856",
                f"{s.item}: a conversion factor of {s.conversion_factor:g} is outside 0 to 5.",
                "conversion_factor",
            )
            for s in spending
            if not 0.0 <= s.conversion_factor <= 5.0
        ]
        return found

    def _works_faults(self) -> list[Problem]:
        found: list[Problem] = []
        items = dict.fromkeys([*(w.item for w in self.works), *(e.item for e in self.estimates)])
        if not self.works:
            found.append(self._fault("LB857", "it has no works. Give at least one year of works.", "works"))
        for item in items:
            chosen = [e for e in self.estimates if e.item == item and e.chosen]
            if len(chosen) != 1:
                message = f"{item} has {len(chosen)} chosen estimates. Mark exactly one as chosen."
                found.append(self._fault("LB858", message, "chosen"))
            total = sum(w.share for w in self.works if w.item == item)
            if abs(total - 1.0) > 1e-6:
                message = f"{item}: the yearly shares of works add up to {total:g}. Make them add up to 1."
                found.append(self._fault("LB859", message, "works_share"))
        for e in self.estimates:
            if not 0.0 < e.low <= e.central <= e.high < float("inf"):
                message = f"{e.item}, {e.name}: {e.low:g}, {e.central:g}, {e.high:g} is not a rising range above 0."
                found.append(self._fault("LB860", message, "low, central, high"))
        for r in self.revenue:
            if not (np.isfinite([r.tariff, r.operating_cost]).all() and r.tariff >= 0.0 and r.operating_cost >= 0.0):
                found.append(self._fault("LB861", f"{r.item}: tariff and operating cost must be 0 or more.", "tariff"))
            if not (r.capacity > 0.0 and r.capacity_without >= 0.0):
                found.append(
                    self._fault(
                        "LB861", f"{r.item}: capacity must be above 0, without the project 0 or more.", "capacity"
                    )
                )
        return found

    def _price_faults(self, money: Money | None) -> list[Problem]:
        if self.price is None:
            return [self._fault("LB862", "it has no price base. Name currency and year of its money.", "price")]
        prices: list[tuple[str, Price | None]] = [(f"estimate {e.item}, {e.name}", e.price) for e in self.estimates]
        prices += [(f"upkeep {u.item}", u.price) for u in self.upkeep if u.amount]
        prices += [(f"revenue {r.item}", Price("USD", r.price_year)) for r in self.revenue]
        found: list[Problem] = []
        for what, price in prices:
            if price is None:
                message = f"{what} has no price base. Name currency and year of its money."
                found.append(self._fault("LB862", message, "price"))
            elif price != self.price:
                tables = money or Money({}, {})
                found += tables.faults(price, self.price, place=f"{self.id}: {what}")
        return found
