"""From two runs, without and with a project, to the yearly effects that its appraisal needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from landbridge.appraisal.appraise import growth
from landbridge.appraisal.assemble import StudyProject
from landbridge.appraisal.benefits import by_economy, rule_of_half
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Basis, Project
from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse
from landbridge.pipeline.inputs import value_or
from landbridge.pipeline.loads import Loads, charges_collected
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.tables import gate_loads
from landbridge.trade.welfare import money_welfare

EARLY_YEARS: Final = 10
"""How long the economies' medium-term growth holds; then the project's own, slower growth."""
SMALL_SHARE: Final = 0.002
"""Economies with less of all gains and losses are told together, as `OTHERS`."""
OTHERS: Final = "other economies"
CO2_PRICE: Final = "co2_price_usd_per_t"


def effects_of(
    base: Baseline, without: Outcome, with_project: Outcome, item: StudyProject, *, money: Money
) -> ProjectEffects:
    """Return what a project does in a year at full use: the run with it less the run without it.

    User benefits are the rule of a half on composite costs by class and zone pair (`landbridge.appraisal.benefits`);
    welfare the difference of the equivalent variations. Composite costs hold tolls and fees, so what their earners
    gain or lose goes to other operators; the project's own places are left out there where its revenue lines earn
    the same. Units at places come from the loads. What the study states as beyond the run stands beside it.

    Parameters
    ----------
    base
        Baseline of the study, common to both outcomes.
    without, with_project
        Outcomes to compare.
    item
        The project; its stated effects give what the run does not hold, and growth in the long run.
    money
        Exchange rates and prices of the study.

    Raises
    ------
    StudyError
        If users are counted although a ban is lifted or a pair gains or loses its only route (the rule of a half
        is undefined there), or a revenue line names a place that is not in the network.
    """
    refuse([*_place_problems(base, item), *_ban_problems(without, with_project, item)])
    return with_stated(run_effects(base, without, with_project, item), item.beside, money=money)


def run_effects(base: Baseline, without: Outcome, with_project: Outcome, item: StudyProject) -> ProjectEffects:
    """Return what two runs say of a project, with nothing stated beside them; see `effects_of`."""
    study, inputs = base.ground.study, base.ground.inputs
    project = item.project
    welfare = money_welfare(with_project.equilibrium).equivalent_variation
    welfare = welfare - money_welfare(without.equilibrium).equivalent_variation
    gains = np.zeros_like(without.teu)
    users: dict[str, float] = {}
    if project.measures == ("users",):
        gains = pair_gains(without, with_project)
        users = _together(by_economy(gains, inputs.zone_economy, inputs.economies))
    priced = value_or(study, CO2_PRICE, 0.0) > 0.0
    weight = np.abs(gains) if gains.any() else np.abs(with_project.teu - without.teu)
    return ProjectEffects(
        year=study.base_year,
        price=_run_price(base),
        traffic=_traffic(base, without, with_project, project),
        user_benefit_usd=users,
        welfare_usd=_together({e: 1e6 * float(welfare[i]) for i, e in enumerate(inputs.economies)}),
        revenue_in_welfare=_charged(base, with_project, project),
        other_operators_usd=other_operators(base, without, with_project, project),
        co2_change_t=0.0 if priced else co2_tonnes(with_project) - co2_tonnes(without),
        growth_per_year=item.stated.growth_per_year,
        growth_until=item.stated.growth_until,
        early_growth_per_year=mean_growth(base, weight),
        early_growth_until=study.base_year + EARLY_YEARS if weight.any() else 0,
    )


def with_stated(effects: ProjectEffects, beside: ProjectEffects, *, money: Money) -> ProjectEffects:
    """Return the effects of a run with what is stated beside it, in the run's money and at its year's level.

    Stated figures hold for their own year; they are taken back to the run's by the growth that the effects have,
    so that they come out as stated in their year.
    """
    if not beside.stated_parts:
        return effects
    level = float(growth(effects, np.array([beside.year]))[0])
    factor = money.factor(beside.price, effects.price) / level
    traffic = {
        place: Traffic(units.without / level, units.with_project / level) for place, units in beside.traffic.items()
    }
    return replace(
        effects,
        traffic={**effects.traffic, **traffic},
        beside_benefit_usd={economy: factor * usd for economy, usd in beside.user_benefit_usd.items()},
        welfare_usd=added(effects.welfare_usd, beside.welfare_usd, factor),
        stated_parts=beside.stated_parts,
    )


def at_least_cost(effects: ProjectEffects, gain_usd: float) -> ProjectEffects:
    """Return the effects if all shippers took the cheapest way: users gain `gain_usd`, the rest in proportion.

    Tolls, CO2 and the change of containers at the project's places shrink with users' gains, never below nothing and
    never beyond the run; what is stated beside it stays.
    """
    users = sum(effects.user_benefit_usd.values())
    part = min(max(gain_usd / users, 0.0), 1.0) if users > 0.0 else 1.0
    traffic = {
        (place, basis): Traffic(t.without, t.without + part * (t.with_project - t.without))
        if basis in ("teu", "teu_km")
        else t
        for (place, basis), t in effects.traffic.items()
    }
    return replace(
        effects,
        traffic=traffic,
        user_benefit_usd={economy: part * usd for economy, usd in effects.user_benefit_usd.items()},
        other_operators_usd={economy: part * usd for economy, usd in effects.other_operators_usd.items()},
        co2_change_t=part * effects.co2_change_t,
    )


def added(one: Mapping[str, float], other: Mapping[str, float], factor: float = 1.0) -> dict[str, float]:
    """Return amounts by name, the second times `factor` added to the first."""
    return {name: one.get(name, 0.0) + factor * other.get(name, 0.0) for name in dict.fromkeys([*one, *other])}


def pair_gains(without: Outcome, with_project: Outcome) -> Float:
    """Return the rule of a half by class and zone pair, USD a year, shape (K, Z, Z); a zone with itself is left out.

    Raises
    ------
    StudyError
        If a pair with trips cannot be served in one of the two cases.
    """
    costs = without.freight.choice.composite_usd_per_teu, with_project.freight.choice.composite_usd_per_teu
    return rule_of_half(_between(without.teu), _between(with_project.teu), *costs)


def least_cost_gain(base: Baseline, without: Outcome, with_project: Outcome) -> float:
    """Return the rule of a half on the cost of the best corridor instead of composite costs, USD a year.

    What users would gain if all of a pair took the corridor of least cost (with its constant): the limit of the
    choice model as shippers become alike. The rest of `pair_gains` is the worth of one more way to those who differ.
    Pairs without a way in one of the cases are left out.
    """

    def least(outcome: Outcome) -> Float:
        found = outcome.freight.alternatives
        weight = np.array([season.weight for season in found.seasons])
        cost = (found.perceived_usd_per_teu + base.ground.constants[None, :, None, None, None]).min(1)
        return np.asarray(np.einsum("s,skij->kij", weight, cost))

    before, after = least(without), least(with_project)
    both = np.isfinite(before) & np.isfinite(after)
    saved = np.where(both, before, 0.0) - np.where(both, after, 0.0)
    return float(0.5 * (_between(without.teu + with_project.teu) * saved).sum())


def co2_tonnes(outcome: Outcome) -> float:
    """Return tonnes of CO2 a year of all containers between zones."""
    teu = _between(outcome.teu)
    return float((teu * np.where(teu > 0.0, outcome.freight.mean("co2_kg_per_teu"), 0.0)).sum()) / 1000.0


def place_units(base: Baseline, loads: Loads, place: str, basis: Basis) -> float:
    """Return loaded TEU at, or TEU-km on, a place a year, both directions.

    Several names joined by + are added up: crossings and ports for ``teu``, sections of a line for ``teu_km``. A
    line or crossing counts with its most loaded link.
    """
    names = place.split("+")
    if basis == "teu_km":
        links = base.ground.network.links
        rows = links.name.mask(*names) | links.passage.mask(*names)
        return float((links.km * loads.arcs[: len(links)])[rows].sum())
    found = gate_loads(base, loads)
    return sum(max((teu for (gate, _), teu in found.items() if gate == name), default=0.0) for name in names)


def other_operators(base: Baseline, without: Outcome, with_project: Outcome, project: Project) -> dict[str, float]:
    """Return what earners of tolls and fees gain or lose, USD a year, but for those that revenue lines hold."""
    own = {(line.economy, name) for line in project.revenue for name in line.place.split("+")}
    found: dict[str, float] = {}
    for outcome, sign in ((with_project, 1e6), (without, -1e6)):
        collected = charges_collected(base.ground, outcome.freight, outcome.loads.arcs)
        for (economy, gate), amount in collected.items():
            if (economy, gate) not in own:
                name = economy or OTHERS
                found[name] = found.get(name, 0.0) + sign * amount
    return {economy: usd for economy, usd in found.items() if abs(usd) > 1.0}


def mean_growth(base: Baseline, weight: Float) -> float:
    """Return growth a year as a share: that of pairs of economies, weighted by class and zone pair (K, Z, Z).

    A pair grows with the mean of its two economies, so that trade keeps its share in output.
    """
    inputs = base.ground.inputs
    rates = base.ground.study.tables["economies"].number("growth_percent_per_year")[inputs.zone_economy] / 100.0
    pairs = 0.5 * (rates[:, None] + rates[None, :])
    total = float(weight.sum())
    return float((weight.sum(0) * pairs).sum()) / total if total > 0.0 else 0.0


def _traffic(
    base: Baseline, without: Outcome, with_project: Outcome, project: Project
) -> dict[tuple[str, Basis], Traffic]:
    keys: list[tuple[str, Basis]] = [
        (line.place, line.basis) for line in project.revenue if line.basis in ("teu", "teu_km")
    ]
    return {
        key: Traffic(place_units(base, without.loads, *key), place_units(base, with_project.loads, *key))
        for key in keys
    }


def _place_problems(base: Baseline, item: StudyProject) -> list[Problem]:
    """Return revenue lines whose place is not in the network, and those that no run and no statement can fill."""
    network = base.ground.network
    known = {*network.links.name.words, *network.links.passage.words, *network.transfers.name.words}
    found: list[Problem] = []
    for line in item.project.revenue:
        if (line.place, line.basis) in item.beside.traffic or line.basis == "year":
            continue
        if line.basis == "t":
            message = (
                f"{item.project.id}: '{line.item}' pays by the tonne, and a run moves containers. State its traffic "
                f"in project_traffic with beyond_run = true."
            )
            found.append(Problem("LB867", message, "tables/project_revenue.csv", 0, "basis"))
            continue
        found += [
            Problem(
                "LB867",
                f"{item.project.id}: place '{name}' is not in the network. Give a crossing, passage, port, line or "
                f"section by its name ('landbridge data names' lists them).",
                "tables/project_revenue.csv",
                0,
                "place",
            )
            for name in line.place.split("+")
            if name not in known
        ]
    return found


def _ban_problems(without: Outcome, with_project: Outcome, item: StudyProject) -> list[Problem]:
    if item.project.measures != ("users",) or np.array_equal(without.rules.banned, with_project.rules.banned):
        return []
    message = (
        f"{item.project.id}: bans differ with and without it, and the rule of a half says nothing about trade out of "
        f'a ban. Give measure = "welfare", or compare it with a scenario of the same bans.'
    )
    return [Problem("LB866", message, "projects.toml", 0, "measure")]


def _charged(base: Baseline, with_project: Outcome, project: Project) -> bool:
    """Whether what the project earns at its places is a charge, which the trade model counts as income."""
    own = {(line.economy, name) for line in project.revenue for name in line.place.split("+")}
    return any(key in own for key in charges_collected(base.ground, with_project.freight, with_project.loads.arcs))


def _run_price(base: Baseline) -> Price:
    """Return the money of the run: that of the study's words, such as 'USD of 2017', else USD of its base year."""
    words: Sequence[str] = base.ground.study.money.replace("of", " ").split()
    years = [int(word) for word in words if word.isdigit()]
    return Price("USD", years[0] if years else base.ground.study.base_year)


def _together(gains: dict[str, float]) -> dict[str, float]:
    """Return the gains with small ones added up; the total stays."""
    least = SMALL_SHARE * sum(abs(usd) for usd in gains.values())
    large = {economy: usd for economy, usd in gains.items() if abs(usd) > least}
    rest = sum(usd for economy, usd in gains.items() if economy not in large)
    return {**large, OTHERS: rest} if rest else large


def _between(teu: Float) -> Float:
    return np.where(np.eye(teu.shape[-1], dtype=bool), 0.0, teu)
