"""What the chapter on projects says in words, from the figures themselves."""

import numpy as np

from landbridge.appraisal.appraise import Appraisal, Worth, served_share
from landbridge.pipeline.appraise import Appraisals
from landbridge.report.blocks import Cell
from landbridge.study.model import Study

MILLION = 1e6
FAR_FROM_STATED = 3.0
"""A run's gains this many times the placeholder's, or a part of it, are spoken of."""
NEAR_WELFARE = (0.6, 1.6)
"""The equivalent variation over the gains of users and toll earners, inside of which the two are taken to agree."""
NOTABLE_SHARE = 0.1
"""Stated figures that move the worth by this share of the works or more are spoken of."""


def worth_at(one: Appraisal, rate: str) -> Worth:
    """Return an appraisal's worth at a named discount rate."""
    return next(worth for worth in one.worth if worth.name == rate)


def percent(rate: float | None) -> Cell:
    """Return a share in percent, or that there is none."""
    return "none" if rate is None else round(100.0 * rate, 1)


def _said(rate: float | None) -> str:
    return "none" if rate is None else f"{100.0 * rate:.1f} %"


def what_stands_out(done: Appraisals, name: str, one: Appraisal) -> tuple[str, ...]:
    """Return sentences on one project: its worth and who bears it, the run behind it, finance, what turns it."""
    said = [_verdict(done, name, one), _flows(done, name, one), _finance(one), _turning(done, name, one)]
    return tuple(text for text in said if text)


def _verdict(done: Appraisals, name: str, one: Appraisal) -> str:
    worth = worth_at(one, done.rate_name)
    signs = {w.name: w.npv > 0.0 for w in one.worth}
    if all(signs.values()):
        head = "It pays at every rate"
    elif not any(signs.values()):
        head = "It pays at none of the rates"
    else:
        good = ", ".join(rate for rate, pays in signs.items() if pays)
        head = f"It pays at the rate of {good} but not at {', '.join(r for r, pays in signs.items() if not pays)}"
    p = done.drawn.names.index(name)
    loss = 100.0 * float(done.drawn.chance_of_loss[p])
    text = (
        f"{head}: NPV {worth.npv / MILLION:,.0f} million at {100 * worth.rate:g} %, EIRR "
        f"{_said(one.economic_rates.rate)}, FIRR {_said(one.financial_rates.rate)}. {loss:.0f} % of the draws lose."
    )
    cautious = worth_at(done.cautious[name], done.rate_name).npv if name in done.cautious else worth.npv
    if worth.npv * cautious < 0.0:
        text += (
            f" **The answer rests on the choice model:** if all shippers took the cheapest way, the NPV would be "
            f"{cautious / MILLION:,.0f} million."
        )
    if worth.npv > 0.0 > worth.financial_npv:
        text += (
            " It is worth its cost to all parties together but not to its own account: users and others would have to "
            "pay part of it, or treasuries for them."
        )
    if worth.npv * float(done.drawn.mean[p]) < 0.0:
        text += (
            f" The mean of the draws, {float(done.drawn.mean[p]) / MILLION:,.0f} million, has the other sign: cost "
            "overruns, late opening and lapses of access weigh more than the central case shows."
        )
    return text


def _flows(done: Appraisals, name: str, one: Appraisal) -> str:
    effects = one.effects
    if effects.stated:
        carried = done.origin.get(name, "").endswith("in the study")
        head = "Taken without a run" if carried else "No measure of the study carries it"
        return f"{head}: traffic and gains are stated figures."
    users = sum(effects.user_benefit_usd.values()) / MILLION
    welfare = sum(effects.welfare_usd.values()) / MILLION
    units = {"teu": "TEU", "teu_km": "TEU-km"}
    flows = [
        f"{place.replace('+', ' and ')}: {t.without:,.0f} {units[basis]} a year without it, "
        f"{t.with_project:,.0f} with it"
        for (place, basis), t in effects.traffic.items()
        if basis in units
    ]
    text = f"In the run, {'; '.join(flows)}; users gain {users:,.2f} million USD a year" if flows else (
        f"In the run users gain {users:,.2f} million USD a year"
    )  # fmt: skip
    tolls = sum(effects.other_operators_usd.values()) / MILLION
    text += (
        f" at the run's level and earners of tolls {tolls:,.2f}, together {users + tolls:,.2f}; the trade model's "
        f"equivalent variation, found in another way, is {welfare:,.2f}."
    )
    if users + tolls > 0.0 and not NEAR_WELFARE[0] <= welfare / (users + tolls) <= NEAR_WELFARE[1]:
        text += (
            " They differ because the equivalent variation also holds prices and wages that change elsewhere, and the "
            "rule of a half only what users of transport save."
        )
    least = done.least_cost.get(name, 0.0) / MILLION
    if users > 0.0 and least < 0.75 * users:
        text += (
            f" If every shipper took the cheapest way, users would gain {least:,.1f}: the rest is what one more way is "
            "worth to shippers who differ, as the choice of corridors infers from other corridors, and the least sure "
            "part. With flows and tolls in the same proportion the NPV would be "
            f"{worth_at(done.cautious[name], done.rate_name).npv / MILLION:,.0f} million: the worth of a new way lies "
            "between the two."
        )
    text += _full(one)
    before = done.stated.get(name)
    stated = sum(before.effects.user_benefit_usd.values()) / MILLION if before else 0.0
    if stated > 0.0 and users < stated / FAR_FROM_STATED:
        text += (
            f" That is far less than the {stated:,.0f} million that had been assumed: for few of the "
            "study's containers is it the cheapest way."
        )
    elif stated > 0.0 and users > FAR_FROM_STATED * stated:
        text += f" That is far more than the {stated:,.0f} million that had been assumed."
    if name in done.alone:
        alone = worth_at(done.alone[name], done.rate_name).npv
        whole = worth_at(one, done.rate_name).npv
        if abs(whole - alone) > NOTABLE_SHARE * float(one.ledger.works.sum()):
            text += (
                f" Traffic that the run does not hold is stated beside it ({'; '.join(effects.stated_parts)}): without "
                f"it the NPV would be {alone / MILLION:,.0f} million."
            )
    if effects.co2_change_t > 0.0:
        text += f" CO2 rises by {effects.co2_change_t / 1000.0:,.1f} kt a year: what leaves ships emits more on land."
    return text


def _full(one: Appraisal) -> str:
    """Say where the run's flow does not fit through the project's places."""
    share = served_share(one.project, one.effects, np.array([one.effects.year, one.project.last_year]))
    if share[0] < 1.0:
        return (
            f" In the run more passes than the project has room for: only {100 * share[0]:.0f} % of it fits, and only "
            "that part of the gains is counted, without growth."
        )
    if share[1] < 1.0:
        return (
            f" In the last year {100 * share[1]:.0f} % of the grown flow fits, and only that part of the gains is "
            "counted."
        )
    return ""


def _finance(one: Appraisal) -> str:
    if one.financing is None or one.bankability is None:
        return ""
    plan, met = one.financing.plan, one.financing.met
    rules = [
        f"the content of {t.tied_to} {'meets' if met[t.name] else 'does not meet'} the share that {t.name} asks"
        for t in plan.tranches
        if t.tied_to
    ]
    sources = ", ".join(f"{100 * t.share:.0f} % {t.name}" for t in plan.tranches)
    rule = f" ({'; '.join(rules)})" if rules else ""
    return f"Finance: {sources}{rule}. {one.bankability.note}"


def _turning(done: Appraisals, name: str, one: Appraisal) -> str:
    worth = worth_at(one, done.rate_name)
    changes = [s for s in worth.switching if s.change_percent is not None and -100.0 <= s.change_percent <= 300.0]
    widest = done.tornado[name][0]
    text = f"Most depends on {widest.factor}"
    if changes:
        nearest = min(changes, key=lambda s: abs(s.change_percent or 0.0))
        text += f"; a change of {nearest.item} by {nearest.change_percent:+.0f} % alone would turn the answer"
    wait = done.waiting[name]
    if wait.option > 0.0:
        text += f". To decide a year later, knowing more, is worth {wait.option / MILLION:,.0f} million"
    return text + "."


def what_is_missing(study: Study, done: Appraisals) -> tuple[str, ...]:
    """Return what the numbers do not say."""
    stated = [one.project.title for one in done.found.values() if one.effects.stated]
    beside = [one.project.title for one in done.found.values() if one.effects.stated_parts]
    said = [
        "**What the numbers do not say.** A run moves containers and what else the study counts in them, at the trade "
        f"of {study.base_year} and its growth. Passengers, bulk, energy lines, tourism, security and the worth of "
        "contact between people are not in the users' gains; where they matter, the NPV is too low.",
        "Gains from a way that nobody has used rest on its assumed constant in the choice of corridors. Where the "
        "worth falls apart once all shippers take the cheapest way, the case for the project is a case for variety, "
        "and a trial service would say more than a longer calculation.",
        "The gain of users counts firms and households alike, whoever they are; a USD is a USD. The split between "
        "exporter and importer, half each, is an assumption, and what a carrier keeps of a saving is not known.",
        "Growth follows the economies' medium-term rates for ten years and then a slower, stated one. The far years "
        "carry much of the worth of a railway at 4.5 % and little at 9 %: the three rates are three answers, not a "
        "range of one.",
        "Costs come from press and officials, made for different lines: repair, single or double track, ordinary or "
        "high speed. The range shows how little is known rather than a chance. Access is a chain with assumed chances.",
        "Projects are appraised one at a time against the same state of the world, and for sets as the tables say. "
        "Sanctions are taken as the measures of each project state, not as they will be: whether works may start at "
        "all is no result.",
    ]  # fmt: skip
    if stated:
        said.append(f"Stated figures stand for a run in: {'; '.join(stated)}.")
    if beside:
        said.append(f"Stated traffic stands beside the run in: {'; '.join(beside)}.")
    return tuple(said)
