"""Who pays for a project and can it carry its debt: sources and uses, service, cover ratios, bankability.

Works and cash come in constant USD and are turned into nominal USD with the plan's inflation, because interest
is nominal. Each year's need before opening (works, fees, financed interest) is met by the tranches in fixed
shares. From opening on, the cash available for debt service pays interest and principal; what is left is equity's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from scipy.optimize import brentq

from landbridge.appraisal.loans import IncomeGroup, Tranche, arrangement_notes, repayments
from landbridge.appraisal.worth import InternalRates, internal_rates
from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse

SHARE_TOLERANCE = 1e-6
DUST = 1e-15
"""Service below this share of the works is rounding, not service."""


@dataclass(frozen=True, slots=True)
class FinancePlan:
    """How a project is to be paid.

    Attributes
    ----------
    inflation
        Rise of USD prices a year, as a share: turns constant into nominal USD.
    depreciation
        Rise a year of units of a currency for 1 USD, as a share, by currency; 0 where it is not named.
    target_cover
        Least debt service cover ratio of every year at which lenders are taken to lend.
    income_group
        The borrower's economy in the list of aid recipients; sets discount and notes of the grant element.
    """

    name: str
    tranches: tuple[Tranche, ...]
    inflation: float = 0.02
    depreciation: Mapping[str, float] = field(default_factory=dict)
    target_cover: float = 1.2
    income_group: IncomeGroup = "not_eligible"

    def __post_init__(self) -> None:
        object.__setattr__(self, "depreciation", MappingProxyType(dict(self.depreciation)))

    def faults(self, place: str = "finance") -> list[Problem]:
        """Return all faults of the plan and of its tranches."""
        found = [problem for tranche in self.tranches for problem in tranche.faults(place)]
        total = sum(tranche.share for tranche in self.tranches)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            message = f"{self.name}: the tranches' shares add up to {total:.6g}. Make them add up to 1."
            found.append(Problem("LB827", message, place, 0, "share"))
        names = [tranche.name for tranche in self.tranches]
        for tranche in self.tranches:
            if tranche.fallback and (tranche.fallback not in names or tranche.fallback == tranche.name):
                message = (
                    f"{tranche.name}: the fallback '{tranche.fallback}' is not another tranche. Name one of {names}."
                )
                found.append(Problem("LB828", message, place, 0, "fallback"))
            elif tranche.fallback and self.tranches[names.index(tranche.fallback)].tied_to:
                message = f"{tranche.name}: the fallback '{tranche.fallback}' is tied itself. Name one that is not."
                found.append(Problem("LB828", message, place, 0, "fallback"))
        if len(set(names)) < len(names):
            found.append(Problem("LB829", f"{self.name}: two tranches have the same name.", place, 0, "name"))
        if self.target_cover <= 0.0 or not -0.2 < self.inflation < 1.0:
            message = f"{self.name}: give a target cover above 0 and inflation as a share between -0.2 and 1."
            found.append(Problem("LB821", message, place))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Financing:
    """A plan carried through: nominal USD, shape (Y,) or (K, Y) for K tranches and Y years from the base year.

    Attributes
    ----------
    draws, capitalised, interest, principal, fees, balance
        Shape (K, Y). `interest` is what is paid in money, `capitalised` what is added to the loan instead.
    uses, sources
        By name, in total; they are equal.
    cover
        Debt service cover ratio by year, shape (Y,); ``inf`` where no service is due.
    loan_life_cover
        Present value of the cash until the last repayment over the debt at opening; ``inf`` without debt.
    equity_flows
        Shape (Y,): less what equity pays, plus what service leaves.
    met
        Whether each tranche's content rule was met (true for one that is not tied), by name of the plan's tranche.
    """

    plan: FinancePlan
    tranches: tuple[Tranche, ...]
    opening: int
    works: Float
    cash: Float
    draws: Float
    capitalised: Float
    interest: Float
    principal: Float
    fees: Float
    balance: Float
    uses: Mapping[str, float]
    sources: Mapping[str, float]
    cover: Float
    loan_life_cover: float
    equity_flows: Float
    equity_rate: InternalRates
    met: Mapping[str, bool]
    notes: tuple[str, ...]

    @property
    def debt_service(self) -> Float:
        """Interest and principal from opening on, shape (Y,)."""
        total = self.interest.sum(0) + self.principal.sum(0)
        total[: self.opening] = 0.0
        return np.asarray(total)

    @property
    def least_cover(self) -> float:
        """The smallest cover ratio of any year; ``inf`` without debt."""
        return float(self.cover.min(initial=np.inf))


@dataclass(frozen=True, slots=True)
class Bankability:
    """What would make every year's cover reach the target.

    Attributes
    ----------
    highest_rate
        Highest common interest rate of all loans at which the target is met; ``None`` if not even 0 does.
    grant_share
        Least share of the need that a grant must take over from the loans, pro rata; ``None`` if none suffices.
    support_usd
        Nominal USD, all years together, that somebody must add to the cash so that every year meets the target.
    """

    least_cover: float
    target_cover: float
    highest_rate: float | None
    grant_share: float | None
    support_usd: float
    note: str


def content_met(plan: FinancePlan, content: Mapping[str, float]) -> tuple[tuple[Tranche, ...], dict[str, bool]]:
    """Return the tranches that are there for a project of this content, and which tied rule is met.

    A tied tranche whose rule is not met is left out and its share goes to its fallback.
    """
    met = {t.name: not t.tied_to or content.get(t.tied_to, 0.0) >= t.tied_min_share - 1e-12 for t in plan.tranches}
    extra = dict.fromkeys(met, 0.0)
    for tranche in plan.tranches:
        if not met[tranche.name]:
            extra[tranche.fallback] += tranche.share
    kept = tuple(replace(t, share=t.share + extra[t.name]) for t in plan.tranches if met[t.name])
    return kept, met


def finance_project(
    plan: FinancePlan, *, works: Float, cash: Float, opening: int, content: Mapping[str, float] | None = None
) -> Financing:
    """Carry a plan through.

    Parameters
    ----------
    works, cash
        Constant USD, shape (T,): what building costs (positive); what operation leaves before debt service.
        Works from `opening` on (renewals) are paid out of the cash.
    opening
        Position of the first year of use.
    content
        Share of the project's value that comes from each economy, for tied tranches.

    Raises
    ------
    StudyError
        With all faults of the plan, and if a loan's first repayment would fall before the opening.
    """
    content = content or {}
    problems = plan.faults()
    problems += _shape_faults(works, cash, opening)
    refuse(problems)
    tranches, met = content_met(plan, content)
    first = int(np.flatnonzero(works > 0.0)[0])
    refuse(_grace_faults(tranches, first, opening))
    years = max([len(works), *(first + t.maturity_years + 1 for t in tranches if t.is_debt)])
    prices = (1.0 + plan.inflation) ** np.arange(years)
    building, renewal = np.zeros(years), np.zeros(years)
    building[:opening] = (np.asarray(works) * prices[: len(works)])[:opening]
    renewal[opening : len(works)] = (np.asarray(works) * prices[: len(works)])[opening:]
    money = np.zeros(years)
    money[opening : len(cash)] = (np.asarray(cash) * prices[: len(cash)])[opening:]
    money -= renewal
    draws, capitalised, interest, principal, fees, balance = _carry(plan, tranches, building, first, opening)
    service = interest.sum(0) + principal.sum(0)
    service[:opening] = 0.0
    cover = np.full(years, np.inf)
    due = service > DUST * building.sum()
    cover[due] = money[due] / service[due]
    financed = float(interest[:, :opening].sum())
    uses = {"works": float(building.sum()), "interest during construction": financed + float(capitalised.sum())}
    uses["fees"] = float(fees.sum())
    sources = {t.name: float(draws[k].sum() + capitalised[k].sum()) for k, t in enumerate(tranches)}
    equity = sum((draws[k] for k, t in enumerate(tranches) if t.kind == "equity"), np.zeros(years))
    left = money - service
    flows = np.where(np.arange(years) >= opening, left, 0.0) - equity
    debt = np.array([t.is_debt for t in tranches])
    return Financing(
        plan, tranches, opening, building, money, draws, capitalised, interest, principal, fees, balance,
        MappingProxyType(uses), MappingProxyType(sources), cover,
        _loan_life_cover(tranches, balance[:, opening - 1] * debt, money, service, opening),
        flows, internal_rates(flows), MappingProxyType(met), arrangement_notes(tranches, plan.income_group),
    )  # fmt: skip


def _carry(
    plan: FinancePlan, tranches: Sequence[Tranche], building: Float, first: int, opening: int
) -> tuple[Float, Float, Float, Float, Float, Float]:
    """Walk through the years: need and draws before opening, repayments after grace; all (K, Y) in nominal USD."""
    k, years = len(tranches), len(building)
    draws, capitalised, interest, principal, fees = (np.zeros((k, years)) for _ in range(5))
    owed = np.zeros((k, years))  # in units of the tranche's currency, exchange 1 in the base year
    loans = np.array([t.is_debt for t in tranches])
    shares = np.array([t.share for t in tranches])
    rates = np.array([t.rate for t in tranches])
    slide = np.array([plan.depreciation.get(t.currency, 0.0) for t in tranches])
    exchange = (1.0 + slide)[:, np.newaxis] ** np.arange(years)
    addon = np.array([t.construction_interest == "capitalised" for t in tranches]) & loans
    committed = shares * building.sum() * loans
    upfront = np.array([t.upfront_fee for t in tranches]) * committed
    standing = np.array([t.commitment_fee for t in tranches])
    built = np.cumsum(building)
    for t in range(first, years):
        before = owed[:, t - 1] if t else np.zeros(k)
        due = rates * before
        if t < opening:
            fees[:, t] = standing * shares * (built[-1] - built[t]) * loans + (upfront if t == first else 0.0)
            capitalised[:, t] = np.where(addon, due / exchange[:, t], 0.0)
            interest[:, t] = np.where(addon, 0.0, due / exchange[:, t])
            draws[:, t] = shares * (building[t] + fees[:, t].sum() + interest[:, t].sum())
            owed[:, t] = before + (draws[:, t] + capitalised[:, t]) * loans * exchange[:, t]
        else:
            back = np.array([_repaid(tr, owed[i], t, first) for i, tr in enumerate(tranches)])
            interest[:, t] = due / exchange[:, t]
            principal[:, t] = back / exchange[:, t]
            owed[:, t] = before - back
    return draws, capitalised, interest, principal, fees, owed / exchange


def _repaid(tranche: Tranche, owed: Float, year: int, first: int) -> float:
    """Return the principal due in a year, in the tranche's currency."""
    start = first + tranche.grace_years
    count = tranche.maturity_years - tranche.grace_years
    if not tranche.is_debt or not start < year <= start + count:
        return 0.0
    if year == start + count:
        return float(owed[year - 1])  # all that is left, so that no rounding is owed for ever
    parts = repayments(float(owed[start]), tranche.rate, count, repayment=tranche.repayment)
    return float(parts[year - start - 1])


def _loan_life_cover(tranches: Sequence[Tranche], debt: Float, cash: Float, service: Float, opening: int) -> float:
    """Return the present value of cash until the last service over `debt` at the end of the year before opening."""
    if debt.sum() <= 0.0:
        return float("inf")
    rate = float((debt * np.array([t.rate for t in tranches])).sum() / debt.sum())
    last = int(np.flatnonzero(service > DUST * debt.sum())[-1]) + 1
    years = np.arange(opening, last)
    return float((cash[opening:last] * (1.0 + rate) ** -(years - opening + 1.0)).sum() / debt.sum())


def bankability(
    plan: FinancePlan, *, works: Float, cash: Float, opening: int, content: Mapping[str, float] | None = None
) -> Bankability:
    """Return which common rate or which grant brings the least cover to the plan's target."""
    content = content or {}
    present = finance_project(plan, works=works, cash=cash, opening=opening, content=content)
    target = plan.target_cover
    tranches = present.tranches
    bare = replace(plan, tranches=tuple(replace(t, tied_to="", fallback="") for t in tranches))
    debt_share = sum(t.share for t in tranches if t.is_debt)

    def gap_at_rate(rate: float) -> float:
        changed = tuple(replace(t, rate=rate) if t.is_debt else t for t in bare.tranches)
        new = finance_project(replace(bare, tranches=changed), works=works, cash=cash, opening=opening)
        return new.least_cover - target

    def gap_at_grant(share: float) -> float:
        kept = 1.0 - share / debt_share
        changed = tuple(replace(t, share=t.share * kept) if t.is_debt else t for t in bare.tranches)
        grant = Tranche("grant that makes it bankable", "grant", share)
        new = finance_project(replace(bare, tranches=(*changed, grant)), works=works, cash=cash, opening=opening)
        return new.least_cover - target

    if debt_share <= 0.0:
        return Bankability(present.least_cover, target, None, 0.0, 0.0, "The plan has no debt: no cover is asked for.")
    rate = _last_met(gap_at_rate, 0.0, 0.5)
    most = debt_share * (1.0 - 1e-6)
    grant = 0.0 if gap_at_grant(0.0) >= 0.0 else None
    if grant is None and gap_at_grant(most) >= 0.0:
        grant = float(brentq(gap_at_grant, 0.0, most, xtol=1e-10))
    service = present.debt_service
    support = float(np.where(service > 0.0, np.maximum(target * service - present.cash, 0.0), 0.0).sum())
    note = _verdict(present.least_cover, target, rate, grant, support)
    return Bankability(present.least_cover, target, rate, grant, support, note)


def _last_met(gap: Callable[[float], float], low: float, high: float) -> float | None:
    """Return the highest value with a gap of at least 0, for a gap that falls."""
    if gap(low) < 0.0:
        return None
    return high if gap(high) >= 0.0 else float(brentq(gap, low, high, xtol=1e-10))


def _verdict(cover: float, target: float, rate: float | None, grant: float | None, support: float) -> str:
    if cover >= target:
        return f"The least cover of {cover:.2f} meets the target of {target:.2f}."
    if rate is None and grant is None:
        return (
            f"The least cover is {cover:.2f}: in some year of service there is no cash, so no rate and no grant "
            f"that leaves a loan suffices; payments of {support / 1e6:,.1f} m USD over the years of service would do."
        )
    first = "no rate is low enough" if rate is None else f"a common rate of {100 * rate:.2f} % suffices"
    second = "no grant suffices" if grant is None else f"a grant of {100 * grant:.1f} % of the need suffices"
    return f"The least cover of {cover:.2f} misses the target of {target:.2f}: {first}; {second}."


def _shape_faults(works: Float, cash: Float, opening: int) -> list[Problem]:
    """Return what is wrong with the amounts that are to be financed."""
    found: list[Problem] = []
    if len(works) != len(cash):
        found.append(
            Problem("LB830", f"Works have {len(works)} years and cash {len(cash)}. Give both for the same years.")
        )
    if not (np.isfinite(works).all() and np.isfinite(cash).all()) or (np.asarray(works) < 0.0).any():
        found.append(Problem("LB830", "Works and cash must be finite, and works positive amounts of cost."))
    if not 1 <= opening < len(works) or not (np.asarray(works)[: max(opening, 0)] > 0.0).any():
        found.append(
            Problem("LB831", f"There are no works before the opening (position {opening}): nothing to finance.")
        )
    return found


def _grace_faults(tranches: Sequence[Tranche], first: int, opening: int) -> list[Problem]:
    """Return the loans whose first repayment would fall before the opening."""
    return [
        Problem(
            "LB832",
            f"{t.name}: the first repayment falls {opening - first - t.grace_years - 1} year(s) before the "
            f"project opens. Give a grace of at least {opening - first - 1} years.",
            "finance",
            0,
            "grace_years",
        )
        for t in tranches
        if t.is_debt and first + t.grace_years + 1 < opening
    ]
