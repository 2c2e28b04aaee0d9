"""Amounts of one currency and price year as amounts of another, by stated tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from landbridge.core.problems import Problem, refuse

Order = Literal["exchange_first", "inflate_first"]
"""Exchange at the rate of the price year, then move with the target's index; or the other way round."""


@dataclass(frozen=True, slots=True)
class Price:
    """A currency (ISO 4217 code) at the prices of a year."""

    currency: str
    year: int

    def __str__(self) -> str:
        """Return for example ``USD2018``."""
        return f"{self.currency}{self.year}"


@dataclass(frozen=True, slots=True)
class Money:
    """Exchange rates and price indices by (currency, year).

    Attributes
    ----------
    local_per_usd
        Yearly average units of the currency for 1 USD; USD itself needs no row.
    price_index
        Index of prices in the currency's economy, any base; only ratios within a currency are used.
    """

    local_per_usd: Mapping[tuple[str, int], float]
    price_index: Mapping[tuple[str, int], float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "local_per_usd", MappingProxyType(dict(self.local_per_usd)))
        object.__setattr__(self, "price_index", MappingProxyType(dict(self.price_index)))

    def rate(self, currency: str, year: int) -> float:
        """Return units of the currency for 1 USD in a year."""
        return 1.0 if currency == "USD" else self.local_per_usd[currency, year]

    def faults(self, of: Price, to: Price, *, order: Order = "exchange_first", place: str = "") -> list[Problem]:
        """Return what the tables lack for this conversion, with the rows to add."""
        found: list[Problem] = []
        year = of.year if order == "exchange_first" else to.year
        if of.currency != to.currency:
            found += [
                Problem(
                    "LB810",
                    f"There is no exchange rate of {currency} in {year}, so {of} cannot be turned into {to}. "
                    f"Add the row {currency},{year} to exchange_rates.csv.",
                    place,
                )
                for currency in (of.currency, to.currency)
                if currency != "USD" and not self.local_per_usd.get((currency, year), 0.0) > 0.0
            ]
        if of.year != to.year:
            currency = to.currency if order == "exchange_first" else of.currency
            found += [
                Problem(
                    "LB811",
                    f"There is no price index of {currency} in {wanted}, so {of} cannot be turned into {to}. "
                    f"Add the row {currency},{wanted} to price_index.csv.",
                    place,
                )
                for wanted in (of.year, to.year)
                if not self.price_index.get((currency, wanted), 0.0) > 0.0
            ]
        return found

    def factor(self, of: Price, to: Price, *, order: Order = "exchange_first") -> float:
        r"""Return how much of `to` one unit of `of` is.

        With :math:`e_c(y)` units of c for 1 USD and :math:`p_c(y)` the price index, from c at y to k at z:

        .. math:: \frac{e_k(y)}{e_c(y)} \frac{p_k(z)}{p_k(y)} \quad (exchange\ first), \qquad
                  \frac{p_c(z)}{p_c(y)} \frac{e_k(z)}{e_c(z)} \quad (inflate\ first).

        They agree where exchange rates follow relative prices, which they seldom do: state which was used.

        Raises
        ------
        StudyError
            If a rate or an index is missing; all of them are named.
        """
        refuse(self.faults(of, to, order=order))
        year = of.year if order == "exchange_first" else to.year
        exchange = self.rate(to.currency, year) / self.rate(of.currency, year) if of.currency != to.currency else 1.0
        currency = to.currency if order == "exchange_first" else of.currency
        prices = (
            self.price_index[currency, to.year] / self.price_index[currency, of.year] if of.year != to.year else 1.0
        )
        return exchange * prices
