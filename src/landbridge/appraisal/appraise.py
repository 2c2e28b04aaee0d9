"""A project and its effects become a cash-flow table and its measures of worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from landbridge.appraisal.benefits import carbon_benefit, interpolate_path
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.finance import Bankability, Financing, bankability, finance_project
from landbridge.appraisal.ledger import Ledger, Line
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Project, Revenue, Upkeep, Works
from landbridge.appraisal.worth import (
    InternalRates,
    Switching,
    annuity,
    benefit_cost_ratio,
    first_year_rate_of_return,
    internal_rates,
    net_present_value,
    payback_years,
    switching_values,
)
from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Worth:
    """A project's worth at one discount rate; money in USD of the project's price year.

    ``None`` where a figure does not exist: no costs, works never regained within the life.
    """

    name: str
    rate: float
    npv: float
    financial_npv: float
    benefits: float
    costs: float
    benefit_cost_ratio: float | None
    first_year_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    annual_equivalent: float
    gains_by_economy: Mapping[str, float]
    gains_by_party: Mapping[str, float]
    switching: tuple[Switching, ...]


@dataclass(frozen=True, slots=True)
class EstimateWorth:
    """What one published estimate of an item's cost would make of the whole project, at the main rate."""

    item: str
    estimate: str
    bound: str
    works_usd: float
    npv: float
    economic_rate: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """Everything that a feasibility study prints about one project."""

    project: Project
    effects: ProjectEffects
    ledger: Ledger
    worth: tuple[Worth, ...]
    economic_rates: InternalRates
    financial_rates: InternalRates
    range: tuple[EstimateWorth, ...]
    financing: Financing | None
    bankability: Bankability | None
    notes: tuple[str, ...]

    @property
    def main(self) -> Worth:
        """The worth at the project's first discount rate."""
        return self.worth[0]


def appraise_project(project: Project, effects: ProjectEffects, *, money: Money | None = None) -> Appraisal:
    """Appraise a project on the effects that a run, or the study, states.

    Raises
    ------
    StudyError
        With all faults of project, prices, finance plan and effects.
    """
    money = money or Money({}, {})
    refuse([*project.faults(money), *_effect_faults(project, effects, money)])
    ledger = project_ledger(project, effects, money=money)
    financing, bank = _financed(project, ledger)
    economic, financial = internal_rates(ledger.economic), internal_rates(ledger.financial)
    notes = [
        f"Economic internal rate: {economic.note}",
        f"Financial internal rate: {financial.note}",
        *(financing.notes if financing else ()),
    ]
    if effects.stated:
        notes.append("Traffic and benefits are stated in the study, not made by a run.")
    if effects.stated_parts:
        notes.append(f"Stated beside the run, as the run does not hold it: {'; '.join(effects.stated_parts)}.")
    return Appraisal(
        project,
        effects,
        ledger,
        tuple(_worth(project, ledger, name, rate) for name, rate in project.discount_rates.items()),
        economic,
        financial,
        _range(project, ledger, money),
        financing,
        bank,
        tuple(notes),
    )


def works_usd(project: Project, money: Money) -> dict[str, float]:
    """Return the central cost of each item in USD of the appraisal."""
    price = _price(project)
    return {
        item: project.chosen(item).central * MILLION * money.factor(_own(project.chosen(item).price, price), price)
        for item in dict.fromkeys(work.item for work in project.works)
    }


def project_ledger(project: Project, effects: ProjectEffects, *, money: Money) -> Ledger:
    """Return the table of a project's amounts by item, party and year."""
    years = project.base_year + np.arange(project.years, dtype=np.int64)
    costs = works_usd(project, money)
    built = {item: np.zeros(len(years)) for item in costs}
    lines: list[Line] = []
    for work in project.works:
        amount = np.where(years == work.year, work.share * costs[work.item], 0.0)
        built[work.item] += amount
        lines += _cost_lines("works", project.sponsor, work, amount)
    total = sum(costs.values())
    use = ramp(project, years)
    for keep in project.upkeep:
        price = _price(project)
        fixed = keep.amount * MILLION * money.factor(_own(keep.price, price), price) if keep.amount else 0.0
        amount = np.where(years >= project.opening_year, keep.works_share * total + fixed, 0.0)
        lines += _cost_lines("upkeep", project.sponsor, keep, amount)
    for revenue in project.revenue:
        lines += _revenue_lines(project, effects, revenue, use=use, years=years, money=money)
    lines += _benefit_lines(project, effects, use=use, years=years, money=money)
    if project.residual_share:
        left = np.where(years == project.last_year, project.residual_share * total, 0.0)
        lines.append(Line("residual value", project.sponsor, "operator", left, financial=True))
    return Ledger(years, _merged(lines))


def ramp(project: Project, years: Int) -> Float:
    """Return the share of full use by year, shape (T,): 0 before opening, then the ramp-up, then 1."""
    since = years - project.opening_year
    shares = np.array([*project.ramp_up, 1.0])
    return np.where(since < 0, 0.0, shares[np.clip(since, 0, len(shares) - 1)])


def growth(effects: ProjectEffects, years: Int) -> Float:
    """Return the factor of growth since the year of the run, shape (T,); level after `growth_until`.

    `early_growth_per_year` holds until `early_growth_until`, if that is after the run, and `growth_per_year` then.
    """
    start, turn = effects.year, max(effects.early_growth_until, effects.year)
    end = max(effects.growth_until, turn)
    first = effects.early_growth_per_year if turn > start else effects.growth_per_year
    early = (np.minimum(years, turn) - start).astype(np.float64)
    later = (np.clip(years, turn, end) - turn).astype(np.float64)
    return np.asarray((1.0 + first) ** early * (1.0 + effects.growth_per_year) ** later, dtype=np.float64)


def traffic_change(effects: ProjectEffects, revenue: Revenue, years: Int) -> Float:
    """Return units with less without the project by year at full use, each capped at its capacity, shape (T,)."""
    flow = effects.traffic.get((revenue.place, revenue.basis), Traffic(0.0, 0.0))
    if revenue.basis == "year" and (revenue.place, revenue.basis) not in effects.traffic:
        flow = Traffic(0.0, 1.0)
        return np.full(len(years), flow.with_project)
    more = growth(effects, years)
    return np.asarray(
        np.minimum(flow.with_project * more, revenue.capacity)
        - np.minimum(flow.without * more, revenue.capacity_without)
    )


def served_share(project: Project, effects: ProjectEffects, years: Int) -> Float:
    """Return the share of the run's flow that the project's places can take by year, shape (T,).

    The least, over revenue lines paid by TEU or TEU-km, of capacity over the flow with the project; 1 where no
    capacity is stated or the effects are stated themselves. What does not fit gains nothing: the mean gain of a
    unit is taken for those that do.
    """
    share = np.ones(len(years))
    if effects.stated:
        return share
    more = growth(effects, years)
    for line in project.revenue:
        flow = effects.traffic.get((line.place, line.basis))
        if line.basis in ("teu", "teu_km") and flow is not None and flow.with_project > 0.0:
            share = np.minimum(share, line.capacity / (flow.with_project * more))
    return share


def _cost_lines(item: str, payer: str, spent: Works | Upkeep, amount: Float) -> list[Line]:
    """Return what the payer spends, and what of it is tax or above the shadow price, a gain of others."""
    lines = [Line(item, payer, "operator", -amount, financial=True, cash=item != "works", cost=True)]
    if spent.tax_share:
        lines.append(Line(item, spent.economy, "government", spent.tax_share * amount, cost=True))
    rent = (1.0 - spent.tax_share) * (1.0 - spent.conversion_factor)
    if rent:
        lines.append(Line(item, spent.economy, "workers and suppliers", rent * amount, cost=True))
    return lines


def _revenue_lines(
    project: Project, effects: ProjectEffects, revenue: Revenue, *, use: Float, years: Int, money: Money
) -> list[Line]:
    """Return the operator's revenue and operating cost on the flows of a place."""
    units = use * traffic_change(effects, revenue, years)
    price = money.factor(Price("USD", revenue.price_year), _price(project))
    paid, spent = revenue.tariff * price * units, revenue.operating_cost * price * units
    lines = [Line("revenue", revenue.economy, "operator", paid, financial=True, cash=True)]
    if revenue.operating_cost:
        lines.append(Line("operation", revenue.economy, "operator", -spent, financial=True, cash=True, cost=True))
    if project.measures == ("welfare",) and effects.revenue_in_welfare:
        lines.append(Line("revenue", revenue.economy, "economy", -paid))
        if revenue.operating_cost:
            lines.append(Line("operation", revenue.economy, "economy", spent, cost=True))
    return lines


def _benefit_lines(project: Project, effects: ProjectEffects, *, use: Float, years: Int, money: Money) -> list[Line]:
    """Return users' gains and other operators', or the equivalent variation, and CO2."""
    whole = use * growth(effects, years) * money.factor(effects.price, _price(project))
    served = served_share(project, effects, years)
    full = whole * served
    lines: list[Line] = []
    if project.measures == ("users",):
        lines += [
            Line("user benefits", economy, "users", usd * full) for economy, usd in effects.user_benefit_usd.items()
        ]
        lines += [
            Line("user benefits", economy, "users", usd * whole) for economy, usd in effects.beside_benefit_usd.items()
        ]
        lines += [
            Line("other operators", economy, "other operators", usd * full)
            for economy, usd in effects.other_operators_usd.items()
        ]
    else:
        lines += [Line("welfare", economy, "economy", usd * full) for economy, usd in effects.welfare_usd.items()]
    if project.co2_usd_per_t and effects.co2_change_t:
        tonnes = effects.co2_change_t * use * growth(effects, years) * served
        prices = interpolate_path(project.co2_usd_per_t, years)
        lines.append(Line("CO2", "world", "climate", carbon_benefit(tonnes, prices)))
    return lines


def _merged(lines: list[Line]) -> tuple[Line, ...]:
    """Add up lines of the same item, party and kind."""
    merged: dict[tuple[object, ...], Line] = {}
    for line in lines:
        key = (line.item, line.economy, line.role, line.financial, line.cash, line.cost)
        merged[key] = replace(merged[key], usd=merged[key].usd + line.usd) if key in merged else line
    return tuple(merged.values())


def _financed(project: Project, ledger: Ledger) -> tuple[Financing | None, Bankability | None]:
    if project.finance is None:
        return None, None
    plan, opening = project.finance, project.opening_year - project.base_year
    works, cash = ledger.works, ledger.cash
    done = finance_project(plan, works=works, cash=cash, opening=opening, content=project.content)
    return done, bankability(plan, works=works, cash=cash, opening=opening, content=project.content)


def _worth(project: Project, ledger: Ledger, name: str, rate: float) -> Worth:
    opening = project.opening_year - project.base_year
    timing = project.timing

    def present(flows: Float) -> float:
        return float(net_present_value(flows, rate, timing=timing))

    total = ledger.economic
    spent = np.where(np.arange(len(total)) <= opening, -ledger.by_item().get("works", np.zeros(len(total))), 0.0)
    running = total + np.where(np.arange(len(total)) == opening, spent, 0.0)
    npv = present(total)
    return Worth(
        name,
        rate,
        npv,
        present(ledger.financial),
        present(ledger.benefits),
        present(ledger.costs),
        benefit_cost_ratio(ledger.benefits, ledger.costs, rate, timing=timing),
        first_year_rate_of_return(running, spent, rate, opening=opening),
        payback_years(total),
        payback_years(total, rate=rate),
        annuity(npv, rate, len(total)),
        MappingProxyType({economy: present(usd) for economy, usd in ledger.by_economy().items()}),
        MappingProxyType({party: present(usd) for party, usd in ledger.by_party().items()}),
        switching_values(ledger.by_item(), rate, timing=timing),
    )


def _range(project: Project, ledger: Ledger, money: Money) -> tuple[EstimateWorth, ...]:
    """Return what each estimate's low, central and high figure would make of NPV and economic rate."""
    price = _price(project)
    central = works_usd(project, money)
    rate = next(iter(project.discount_rates.values()))
    found: list[EstimateWorth] = []
    for estimate in project.estimates:
        cost_flow = _item_flow(project, estimate.item, ledger.years, central)
        factor = MILLION * money.factor(_own(estimate.price, price), price)
        for bound in ("low", "central", "high"):
            usd = getattr(estimate, bound) * factor
            flows = ledger.economic + cost_flow * (usd / central[estimate.item] - 1.0)
            npv = float(net_present_value(flows, rate, timing=project.timing))
            found.append(EstimateWorth(estimate.item, estimate.name, bound, usd, npv, internal_rates(flows).rate))
    return tuple(found)


def _item_flow(project: Project, item: str, years: Int, central: Mapping[str, float]) -> Float:
    """Return the economic amounts that move in proportion to one item's cost: works, upkeep by share, residual."""
    flow = np.zeros(len(years))
    for work in project.works:
        if work.item == item:
            factor = (1.0 - work.tax_share) * work.conversion_factor
            flow -= np.where(years == work.year, work.share * central[item] * factor, 0.0)
    for keep in project.upkeep:
        factor = (1.0 - keep.tax_share) * keep.conversion_factor
        flow -= np.where(years >= project.opening_year, keep.works_share * central[item] * factor, 0.0)
    return flow + np.where(years == project.last_year, project.residual_share * central[item], 0.0)


def _price(project: Project) -> Price:
    """Return the money of the appraisal; a project without it is refused before."""
    return _own(project.price, Price("USD", project.base_year))


def _own(price: Price | None, otherwise: Price) -> Price:
    return otherwise if price is None else price


def _effect_faults(project: Project, effects: ProjectEffects, money: Money) -> list[Problem]:
    """Return the effects' own faults and what the project's measure needs of them."""
    found = effects.faults()
    if project.price is not None and effects.price != project.price:
        found += money.faults(effects.price, project.price, place=f"{project.id}: effects")
    if project.measures == ("welfare",) and not effects.welfare_usd:
        message = (
            f"{project.id}: its benefits are 'welfare' but the effects hold no equivalent variation. "
            "Run the trade model."
        )
        found.append(Problem("LB864", message, "effects", 0, "welfare_usd"))
    found += [
        Problem(
            "LB865",
            f"{project.id}: no traffic at '{r.place}' in {r.basis} for revenue '{r.item}'.",
            "effects",
            0,
            "traffic",
        )
        for r in project.revenue
        if r.basis != "year" and (r.place, r.basis) not in effects.traffic
    ]
    return found
