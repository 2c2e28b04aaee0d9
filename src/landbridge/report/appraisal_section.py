"""The report's chapter on projects: does each pay, for whom, financed how, and which together."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from landbridge.appraisal.appraise import Appraisal
from landbridge.appraisal.loans import DAC_DISCOUNT, DAC_DISCOUNT_BEFORE_2018, grant_element_of
from landbridge.figures.appraisal import Bar, WorthRange, cash_flow_chart, tornado_chart, worth_ranges
from landbridge.pipeline.appraise import Appraisals
from landbridge.report.appraisal_words import percent, what_is_missing, what_stands_out, worth_at
from landbridge.report.blocks import Block, Cell, FigureBlock, Section, TableBlock, Text
from landbridge.study.model import Study

MILLION: Final = 1e6
GAINERS: Final = 6
"""Parties that the table of gains names for each project: those that gain or lose most."""


def appraisal_section(study: Study, done: Appraisals) -> Section:
    """Return the chapter on a study's projects.

    Parameters
    ----------
    study
        The study.
    done
        From `landbridge.pipeline.appraise.appraise_all`.
    """
    unit = f"million {_unit(done)}"
    blocks: list[Block] = [
        Text(_how_to_read(done), "note"),
        _worth_table(done, unit),
        FigureBlock(
            "appraisal-range",
            f"NPV at {_rate_words(done)}: central case, if all shippers took the cheapest way, range over all "
            "published estimates of cost at each project's own rate, and 5 to 95 % of the draws.",
            "Bars of the range of each project's net present value.",
            {"": worth_ranges([_range(done, name) for name in done.found], unit, "light")},
        ),
        _origin_table(done, unit),
        _gains_table(done, unit),
        _plan_table(done),
        _cover_table(done),
    ]
    for name, one in done.found.items():
        blocks += _project_blocks(done, name, one, unit)
    blocks += _portfolio_blocks(done, unit)
    blocks.append(Text(what_is_missing(study, done), "warning"))
    return Section("projects", "Projects: do they pay, and for whom", tuple(blocks))


def _how_to_read(done: Appraisals) -> tuple[str, ...]:
    carried = [name for name, words in done.origin.items() if words.startswith("run")]
    rest = [name for name in done.found if name not in carried]
    first = next(iter(done.found.values())).project
    return (
        f"Amounts are in constant {_unit(done)}, discounted to {first.base_year}, before growth of prices. **NPV** is "
        "what a project adds over its life for all parties together, transfers between them cancelled; **EIRR** is the "
        "rate at which that is nothing, **FIRR** the same for the project's own account. Users' gains are the rule of "
        "a half on composite costs of each pair of zones, never of a route.",
        (f"Traffic and gains of {', '.join(carried)} come from runs of this study with and without the project. " if
         carried else "")
        + (f"Those of {', '.join(rest)} are stated figures (assumptions), as no measure carries them: read them as "
           "orders of magnitude." if rest else ""),
    )  # fmt: skip


def _worth_table(done: Appraisals, unit: str) -> TableBlock:
    rates = next(iter(done.found.values())).project.discount_rates
    names = sorted(rates, key=lambda name: rates[name])
    rows: list[tuple[Cell, ...]] = []
    for p, (name, one) in enumerate(done.found.items()):
        low, high = (bound(row.works_usd for row in one.range) / MILLION for bound in (min, max))
        rows.append(
            (
                one.project.title,
                _millions(one.ledger.works.sum()),
                f"{low:,.0f} to {high:,.0f}",
                *(_millions(worth_at(one, rate).npv) for rate in names),
                _millions(worth_at(done.cautious[name], done.rate_name).npv) if name in done.cautious else "",
                percent(one.economic_rates.rate),
                percent(one.financial_rates.rate),
                _ratio(worth_at(one, done.rate_name).benefit_cost_ratio),
                _millions(done.drawn.mean[p]),
                round(100.0 * float(done.drawn.chance_of_loss[p]), 1),
            )
        )
    return TableBlock(
        f"Worth of the projects, {unit}. Works as in the central case, and from the least to the greatest published "
        f"estimate of an item; the NPV if all shippers took the cheapest way, mean and chance of loss over "
        f"{done.draws:,} draws at {_rate_words(done)} (seed {done.seed}).",
        (
            "Project", "Works", "Estimates", *(_npv_head(name, rates[name]) for name in names),
            "If all took the cheapest way", "EIRR, %",
            "FIRR, %", "Benefit-cost", "Mean of draws", "Chance of loss, %",
        ),
        tuple(rows),
    )  # fmt: skip


def _npv_head(name: str, rate: float) -> str:
    return f"NPV, {name}" if "%" in name else f"NPV, {name} {100 * rate:g} %"


def _range(done: Appraisals, name: str) -> WorthRange:
    p = done.drawn.names.index(name)
    low, high = (float(v) / MILLION for v in done.drawn.quantiles((0.05, 0.95))[p])
    one = done.found[name]
    npvs = [row.npv / MILLION for row in one.range] or [worth_at(one, done.rate_name).npv / MILLION]
    cautious = worth_at(done.cautious[name], done.rate_name).npv / MILLION if name in done.cautious else None
    central = worth_at(one, done.rate_name).npv / MILLION
    return WorthRange(one.project.title, central, (min(npvs), max(npvs)), (low, high), cautious)


def _origin_table(done: Appraisals, unit: str) -> TableBlock:
    rows: list[tuple[Cell, ...]] = []
    for name, one in done.found.items():
        effects = one.effects
        users = sum(effects.user_benefit_usd.values()) / MILLION
        variation = sum(effects.welfare_usd.values()) / MILLION
        run = not effects.stated
        rows.append(
            (
                one.project.title,
                done.origin.get(name, ""),
                round(users, 1),
                round(done.least_cost[name] / MILLION, 1) if name in done.least_cost else "",
                round(sum(effects.other_operators_usd.values()) / MILLION, 1) if run else "",
                round(variation, 1) if run else "",
                round(effects.co2_change_t / 1000.0, 1),
                _millions(worth_at(one, done.rate_name).npv),
                _millions(worth_at(done.alone[name], done.rate_name).npv) if name in done.alone else "",
                _millions(worth_at(done.stated[name], done.rate_name).npv) if name in done.stated else "",
            )
        )
    return TableBlock(
        f"Where each project's traffic and gains come from; a year at full use and the run's level, million USD. NPV "
        f"at {_rate_words(done)} in {unit}: as reported, on the run alone (nothing stated beside it), and on the "
        "placeholders that stood before the run.",
        (
            "Project", "From", "Users a year", "If all took the cheapest way", "Tolls a year",
            "EV of the trade model a year", "CO2, kt a year", "NPV", "NPV, run alone", "NPV, stated figures",
        ),
        tuple(rows),
        folded=True,
    )  # fmt: skip


def _gains_table(done: Appraisals, unit: str) -> TableBlock:
    rows: list[tuple[Cell, ...]] = []
    for one in done.found.values():
        worth = worth_at(one, done.rate_name)
        parties = sorted(worth.gains_by_party.items(), key=lambda item: -abs(item[1]))[:GAINERS]
        rows += [(one.project.title, party, _millions(usd)) for party, usd in sorted(parties, key=lambda i: -i[1])]
        rest = worth.npv - sum(usd for _, usd in parties)
        rows.append((one.project.title, "all other parties", _millions(rest)))
    return TableBlock(
        f"Who gains: present value by party at {_rate_words(done)}, {unit}, the {GAINERS} that gain or lose most. The "
        "operator bears works and upkeep; all parties of a project add up to its NPV.",
        ("Project", "Party", "Present value"),
        tuple(rows),
        folded=True,
    )


def _plan_table(done: Appraisals) -> TableBlock:
    rows: list[tuple[Cell, ...]] = []
    for one in done.found.values():
        if one.financing is None:
            continue
        plan = one.financing.plan
        discount = DAC_DISCOUNT.get(plan.income_group, DAC_DISCOUNT_BEFORE_2018)
        for tranche in plan.tranches:
            rule = ""
            if tranche.tied_to:
                have = 100.0 * one.project.content.get(tranche.tied_to, 0.0)
                held = "met" if one.financing.met[tranche.name] else f"not met, falls to {tranche.fallback}"
                rule = f"{100 * tranche.tied_min_share:g} % from {tranche.tied_to} asked, {have:g} % held: {held}"
            debt = tranche.is_debt
            rows.append(
                (
                    one.project.title, tranche.name, tranche.kind, round(100 * tranche.share, 1), tranche.currency,
                    round(100 * tranche.rate, 2) if debt else "",
                    f"{tranche.grace_years} / {tranche.maturity_years}" if debt else "",
                    round(grant_element_of(tranche, discount=discount), 1) if debt else "", rule,
                )
            )  # fmt: skip
    return TableBlock(
        "Finance plans, with the rule that ties a concession to the content of one economy. Grant element at the "
        "borrower's discount rate (9, 7 or 6 % by income group; 10 % where it is none of them).",
        (
            "Project", "Source", "Kind", "Share, %", "Currency", "Rate, %", "Grace / maturity, years",
            "Grant element, %", "Tied rule",
        ),
        tuple(rows),
        folded=True,
    )  # fmt: skip


def _cover_table(done: Appraisals) -> TableBlock:
    rows: list[tuple[Cell, ...]] = []
    for one in done.found.values():
        money, bank = one.financing, one.bankability
        if money is None or bank is None:
            continue
        rows.append(
            (
                one.project.title,
                _ratio(money.least_cover if np.isfinite(money.least_cover) else None),
                _ratio(money.loan_life_cover if np.isfinite(money.loan_life_cover) else None),
                percent(bank.highest_rate),
                percent(bank.grant_share),
                _millions(bank.support_usd),
                bank.note,
            )
        )
    return TableBlock(
        "Can it carry its debt: cash over service in the worst year and over the loans' life, and what would make "
        "every year reach the target. Support in million nominal USD over all years.",
        (
            "Project", "Worst year", "Loan life", "Highest rate, %", "Least grant, % of the need", "Support",
            "In words",
        ),
        tuple(rows),
    )  # fmt: skip


def _project_blocks(done: Appraisals, name: str, one: Appraisal, unit: str) -> list[Block]:
    ledger = one.ledger
    rate = one.project.discount_rates[done.rate_name]
    years = ledger.years.tolist()
    factors = (1.0 + rate) ** -np.arange(len(years), dtype=np.float64)
    if one.project.timing == "mid":
        factors = factors / (1.0 + rate) ** 0.5
    parts = {item: usd / MILLION for item, usd in ledger.by_item().items()}
    present = np.cumsum(ledger.economic * factors) / MILLION
    swings = [Bar(s.factor, s.npv_low / MILLION, s.npv_high / MILLION) for s in done.tornado[name]]
    blocks: list[Block] = [
        Text((f"**{one.project.title}.** {one.project.about}".strip(), *what_stands_out(done, name, one))),
        FigureBlock(
            f"appraisal-flow-{name}",
            f"{one.project.title}: amounts by item, and the present value cumulated at {_rate_words(done)}.",
            "Stacked bars of yearly costs and gains with a line of cumulated present value.",
            {"": cash_flow_chart(years, parts, present, unit, "light")},
        ),
        FigureBlock(
            f"appraisal-tornado-{name}",
            f"{one.project.title}: NPV with one thing at the 10 and 90 % ends of its range, all else at the middle.",
            "Tornado of what the worth depends on.",
            {"": tornado_chart(swings, unit, "light")},
        ),
    ]  # fmt: skip
    return blocks


def _portfolio_blocks(done: Appraisals, unit: str) -> list[Block]:
    if not done.central:
        return []
    titles = {name: one.project.title for name, one in done.found.items()}
    rows: list[tuple[Cell, ...]] = [
        (
            round(choice.budgets[0]),
            basis,
            "; ".join(titles[name] for name in choice.chosen) or "none",
            round(choice.spent[0]),
            _millions(choice.value),
        )
        for basis, choices in (
            ("central", done.central),
            ("mean of the draws", done.expected),
            ("cheapest way", done.prudent),
        )
        for choice in choices
    ]
    blocks: list[Block] = [
        TableBlock(
            f"Which projects at which budget of works: the choice of greatest worth, {unit}, at {_rate_words(done)}, "
            "by integer programme with conflicts, prerequisites and what sets are worth together.",
            ("Budget", "Valued at", "Projects", "Spent", "Worth"),
            tuple(rows),
        )
    ]
    sets = [("together beyond their sum", item) for item in done.joint]
    sets += [("pay only together", item) for item in done.together]
    if sets:
        blocks.append(
            TableBlock(
                f"Sets of projects, {unit}: what they are worth beyond the sum of their parts, from a run of all of "
                "them, and sets that pay although no part does (their whole worth).",
                ("Projects", "What", "Worth"),
                tuple(("; ".join(titles[m] for m in item.members), what, _millions(item.value)) for what, item in sets),
            )
        )
    return blocks


def _ratio(value: float | None) -> Cell:
    return "none" if value is None else round(value, 2)


def _millions(usd: float) -> float:
    return round(float(usd) / MILLION, 1)


def _unit(done: Appraisals) -> str:
    price = next(iter(done.found.values())).project.price
    return f"{price.currency} of {price.year}" if price is not None else "USD"


def _rate_words(done: Appraisals) -> str:
    rates: Mapping[str, float] = next(iter(done.found.values())).project.discount_rates
    return f"{100 * rates[done.rate_name]:g} %"
