r"""One loan: its terms, its schedule of service and its grant element.

Conventions: a year's draws, interest and repayments fall on the last day of the year; interest is due on the
balance at the end of the year before. With grace :math:`G` and maturity :math:`M` years, counted from the year
of the first draw, the first repayment falls :math:`G + 1` years after it and the last after :math:`M`: there are
:math:`M - G` of them. That is the definition of the OECD's Development Assistance Committee, where the grace
period is the time to the first repayment less one period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse

TrancheKind = Literal["equity", "grant", "commercial", "concessional"]
Repayment = Literal["annuity", "equal_principal"]
ConstructionInterest = Literal["financed", "capitalised"]
IncomeGroup = Literal["least_developed", "low", "lower_middle", "upper_middle", "not_eligible"]

DAC_DISCOUNT: dict[IncomeGroup, float] = {
    "least_developed": 0.09,
    "low": 0.09,
    "lower_middle": 0.07,
    "upper_middle": 0.06,
}
"""Discount rates of the grant element by income group of the borrower since the data of 2018."""

DAC_DISCOUNT_BEFORE_2018 = 0.10


@dataclass(frozen=True, slots=True)
class Tranche:
    """One part of the money that builds a project.

    Attributes
    ----------
    share
        Share of each year's need (works, fees and financed interest) that it covers; a plan's add up to 1.
    rate
        Interest a year on loans, nominal, as a share, in the tranche's own currency.
    upfront_fee, commitment_fee
        Shares: of the amount committed, in the first year; of what is not yet drawn, each year until opening.
    grace_years, maturity_years
        From the first draw; both 0 for equity and grants.
    construction_interest
        ``financed``: interest until opening adds to the need of all tranches; ``capitalised``: to the loan itself.
    tied_to, tied_min_share, fallback
        The tranche is only there if at least this share of the project's content is of that economy; if not,
        the tranche named by `fallback` covers its share.
    payments_per_year
        Used by the grant element alone; the schedule is yearly.
    """

    name: str
    kind: TrancheKind
    share: float
    currency: str = "USD"
    rate: float = 0.0
    upfront_fee: float = 0.0
    commitment_fee: float = 0.0
    grace_years: int = 0
    maturity_years: int = 0
    repayment: Repayment = "equal_principal"
    construction_interest: ConstructionInterest = "financed"
    tied_to: str = ""
    tied_min_share: float = 0.0
    fallback: str = ""
    payments_per_year: int = 1

    @property
    def is_debt(self) -> bool:
        """Whether it must be paid back."""
        return self.kind in ("commercial", "concessional")

    def faults(self, place: str = "") -> list[Problem]:
        """Return everything that cannot be meant, at once."""

        def fault(code: str, message: str, column: str) -> Problem:
            return Problem(code, f"{self.name}: {message}", place, 0, column)

        found: list[Problem] = []
        if not 0.0 <= self.share <= 1.0:
            found.append(fault("LB820", f"a share of {self.share:g} is outside 0 to 1. Give a share of 1.", "share"))
        if not 0.0 <= self.tied_min_share <= 1.0:
            message = f"a content share of {self.tied_min_share:g} is outside 0 to 1. Give a share of 1."
            found.append(fault("LB820", message, "tied_min_share"))
        if not -0.5 < self.rate < 1.0:
            message = f"an interest rate of {self.rate:g} is outside -0.5 to 1. Give 0.02 for 2 % a year."
            found.append(fault("LB821", message, "rate"))
        for column in ("upfront_fee", "commitment_fee"):
            fee = getattr(self, column)
            if not 0.0 <= fee < 0.5:
                found.append(fault("LB821", f"a fee of {fee:g} is outside 0 to 0.5. Give 0.0025 for 0.25 %.", column))
        if self.is_debt and self.maturity_years <= 0:
            message = (
                f"a maturity of {self.maturity_years} years never repays the loan. Give the year of the last repayment."
            )
            found.append(fault("LB822", message, "maturity_years"))
        elif self.is_debt and not 0 <= self.grace_years < self.maturity_years:
            message = (
                f"a grace of {self.grace_years} years leaves no repayment within the maturity of "
                f"{self.maturity_years}. Give a grace from 0 to {self.maturity_years - 1}."
            )
            found.append(fault("LB823", message, "grace_years"))
        if not self.is_debt and (self.rate or self.maturity_years or self.grace_years):
            message = f"{self.kind} pays no interest and is not paid back. Leave rate, grace and maturity at 0."
            found.append(fault("LB824", message, "kind"))
        if self.tied_to and not self.fallback:
            message = f"it is tied to content of {self.tied_to}; name in `fallback` what pays if that is not met."
            found.append(fault("LB825", message, "fallback"))
        return found


def repayments(balance: float, rate: float, count: int, *, repayment: Repayment) -> Float:
    """Return the principal parts, shape (count,), that bring `balance` to zero, the first after one period."""
    if repayment == "equal_principal":
        return np.full(count, balance / count)
    if rate == 0.0:
        return np.full(count, balance / count)
    first = balance * (rate / np.expm1(count * np.log1p(rate)))
    return np.asarray(first * (1.0 + rate) ** np.arange(count), dtype=np.float64)


def service(tranche: Tranche, *, loan: float = 1.0) -> tuple[Float, Float]:
    """Return interest and principal by year, both shape (M + 1,), of a loan drawn in full in year 0."""
    refuse(tranche.faults())
    n = tranche.maturity_years
    principal = np.zeros(n + 1)
    principal[tranche.grace_years + 1 :] = repayments(
        loan, tranche.rate, n - tranche.grace_years, repayment=tranche.repayment
    )
    balance = loan - np.cumsum(principal)
    interest = np.zeros(n + 1)
    interest[1:] = tranche.rate * balance[:-1]
    return interest, principal


def grant_element(
    rate: float, *, grace_years: float, maturity_years: float, discount: float = 0.09, payments_per_year: int = 2
) -> float:
    r"""Return the grant element in percent of a loan repaid in equal parts of principal.

    .. math:: 100 \left(1 - \frac{r/a}{d_a}\right)
              \left(1 - \frac{(1+d)^{-G} - (1+d)^{-M}}{d_a\, a\, (M - G)}\right), \qquad d_a = (1+d)^{1/a} - 1

    with rate r, discount d, a payments a year, maturity M and G the time to the first repayment less one period
    (OECD DAC). Korea's EDCF terms, 0.05 %, 40 years, 15 grace, at 9 % and a = 2: 88.5 %.
    """
    a, d, g, m = payments_per_year, discount, grace_years, maturity_years
    if not 0 <= g < m:
        refuse(
            [Problem("LB823", f"A grace of {g} years leaves no repayment within the maturity of {m}.", "grace_years")]
        )
    if a < 1 or d <= 0.0:
        refuse([Problem("LB826", f"Give at least one payment a year and a discount above 0, not {a} and {d}.")])
    d_a = (1.0 + d) ** (1.0 / a) - 1.0
    annuity = ((1.0 + d) ** -g - (1.0 + d) ** -m) / (d_a * a * (m - g))
    return float(100.0 * (1.0 - (rate / a) / d_a) * (1.0 - annuity))


def grant_element_of(tranche: Tranche, *, discount: float) -> float:
    """Return the grant element in percent: 100 of a grant, 0 of equity, by formula or schedule of a loan."""
    if tranche.kind == "grant":
        return 100.0
    if not tranche.is_debt:
        return 0.0
    if tranche.repayment == "equal_principal":
        return grant_element(
            tranche.rate,
            grace_years=tranche.grace_years,
            maturity_years=tranche.maturity_years,
            discount=discount,
            payments_per_year=tranche.payments_per_year,
        )
    interest, principal = service(tranche)
    return float(100.0 * (1.0 - ((interest + principal) * (1.0 + discount) ** -np.arange(len(interest))).sum()))


def arrangement_notes(tranches: Sequence[Tranche], income_group: IncomeGroup) -> tuple[str, ...]:
    """Return where the OECD Arrangement on Officially Supported Export Credits rather than aid rules applies.

    The Arrangement covers official support of exports with a repayment term of two years or more. Tied aid must
    have a concessionality of at least 35 % (50 % for a least developed country), may not go to countries above
    the income limit, nor to commercially viable projects unless its concessionality is 80 % or more.
    """
    notes: list[str] = []
    for tranche in tranches:
        if not (tranche.is_debt and tranche.tied_to and tranche.maturity_years >= 2):
            continue
        if income_group not in DAC_DISCOUNT or income_group == "upper_middle":
            notes.append(
                f"{tranche.name}: tied to content of {tranche.tied_to} and the borrower's economy is not open to "
                "tied aid, so the OECD Arrangement on Officially Supported Export Credits governs its terms, "
                "if the lender takes part."
            )
            continue
        element = grant_element_of(tranche, discount=DAC_DISCOUNT[income_group])
        least = 50.0 if income_group == "least_developed" else 35.0
        verdict = "meets" if element >= least else "does not meet"
        notes.append(
            f"{tranche.name}: tied aid; its grant element of {element:.1f} % {verdict} the {least:g} % that the OECD "
            "Arrangement asks for (measured there with its own differentiated discount rates); a commercially "
            "viable project may have it only from 80 % on."
        )
    return tuple(notes)
