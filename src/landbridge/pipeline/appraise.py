"""Projects of a study appraised on its own runs: worth, finance, draws and portfolio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from landbridge.appraisal.appraise import Appraisal, appraise_project
from landbridge.appraisal.assemble import StudyProject, StudyProjects, study_projects
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.portfolio import Joint, Portfolio, choose, only_together
from landbridge.appraisal.profiles import profile_of
from landbridge.appraisal.risk import Draws, Swing, Waiting, draw, option_to_wait, tornado
from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse
from landbridge.pipeline.appraise_effects import added, at_least_cost, effects_of, least_cost_gain, run_effects
from landbridge.pipeline.outcome import Baseline, Outcome, find_outcome
from landbridge.pipeline.run import Step, baseline_of
from landbridge.pipeline.scenarios import check_scenarios
from landbridge.study.model import Study

DRAWS: Final = 10_000
BUDGET_SHARES: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Budgets of the portfolio as shares of what all projects cost together."""


@dataclass(frozen=True, slots=True, eq=False)
class Appraisals:
    """Projects of one study, appraised on the same baseline.

    Attributes
    ----------
    found
        By project.
    stated
        The same projects on the study's placeholder figures alone, where a run gave `found`; to compare.
    alone
        The same projects on the run alone, where something is stated beside it.
    least_cost
        By project with a run, what its users would gain a year if all took the cheapest way, USD.
    cautious
        The same projects in that case: flows, tolls and CO2 in proportion.
    origin
        By project, where its traffic and benefits come from, in words.
    rate_name
        Discount rate of draws and portfolio: the study's first, the same for all so that they compare.
    drawn, tornado, waiting
        What may come otherwise; `drawn` has the projects in the order of `found`.
    central, expected, prudent
        Best choices at each budget, by central worth, by the mean of the draws and by the cautious worth; budgets in
        million USD of works.
    joint
        What sets of projects are worth together beyond their sum, USD.
    together
        Sets that pay although no part of them does, central worth.
    """

    study: str
    found: Mapping[str, Appraisal]
    stated: Mapping[str, Appraisal]
    alone: Mapping[str, Appraisal]
    least_cost: Mapping[str, float]
    cautious: Mapping[str, Appraisal]
    origin: Mapping[str, str]
    rate_name: str
    drawn: Draws
    tornado: Mapping[str, tuple[Swing, ...]]
    waiting: Mapping[str, Waiting]
    central: tuple[Portfolio, ...] = ()
    expected: tuple[Portfolio, ...] = ()
    prudent: tuple[Portfolio, ...] = ()
    joint: tuple[Joint, ...] = ()
    together: tuple[Joint, ...] = ()
    seed: int = 0
    draws: int = field(default=DRAWS)


class Runs:
    """Outcomes of a study by what stands, each solved once."""

    __slots__ = ("_found", "study")

    def __init__(self, study: Study) -> None:
        self.study = study
        self._found: dict[frozenset[str], Outcome] = {}

    @property
    def base(self) -> Baseline:
        """The baseline, prepared at first use."""
        return baseline_of(self.study)

    def outcome(self, standing: Sequence[str], name: str) -> Outcome:
        """Return the outcome under some measures."""
        key = frozenset(standing)
        if key not in self._found:
            self._found[key] = find_outcome(self.base, tuple(standing), name)
        return self._found[key]


def appraise(
    study: Study, project: str, outcomes: tuple[Outcome, Outcome] | None = None, *, stated: bool = False
) -> Appraisal:
    """Return the appraisal of one project of a study.

    Parameters
    ----------
    study
        From `landbridge.read_study`.
    project
        Its id in ``projects.toml``.
    outcomes
        Runs without and with the project, if they are at hand; else they are made.
    stated
        Whether to take what the study states instead of a run.

    Raises
    ------
    StudyError
        If there is no such project, or with all its faults.
    InfeasibleError, ConvergenceError
        If a run has no answer.
    """
    projects = projects_of(study)
    item = projects.named(project)
    effects = item.stated
    if item.carried and not stated:
        runs = Runs(study)
        without, with_project = outcomes or compared(runs, item)
        effects = effects_of(runs.base, without, with_project, item, money=projects.money)
    return appraise_project(item.project, effects, money=projects.money)


def appraise_all(
    study: Study,
    names: Sequence[str] = (),
    *,
    draws: int = DRAWS,
    seed: int = 0,
    stated: bool = False,
    step: Step | None = None,
) -> Appraisals:
    """Return the appraisals of all projects of a study, or of the named ones, with draws and portfolio.

    Parameters
    ----------
    study
        From `landbridge.read_study`.
    names
        Ids of projects; all of them if empty. A portfolio is chosen among two projects or more.
    draws, seed
        How many draws, and of which seed; the same seed gives the same draws.
    stated
        Whether to take what the study states instead of runs.
    step
        Told how far the work is.

    Raises
    ------
    StudyError
        If there is no such project, or with all faults.
    InfeasibleError, ConvergenceError
        If a run has no answer.
    """
    projects = projects_of(study)
    chosen = [projects.named(name) for name in names] or list(projects.projects)
    projects = _kept(projects, chosen)
    runs = Runs(study)
    tell = step or _silent
    found: dict[str, Appraisal] = {}
    placeholders: dict[str, Appraisal] = {}
    alone: dict[str, Appraisal] = {}
    least: dict[str, float] = {}
    cautious: dict[str, Appraisal] = {}
    for done, item in enumerate(chosen):
        tell(done, len(chosen) + 1, item.project.title)
        plain = appraise_project(item.project, item.stated, money=projects.money)
        if item.carried and not stated:
            found[item.project.id], lone = _on_runs(runs, projects, item)
            alone |= lone
            least[item.project.id] = least_cost_gain(runs.base, *compared(runs, item))
            effects = at_least_cost(found[item.project.id].effects, least[item.project.id])
            cautious[item.project.id] = appraise_project(item.project, effects, money=projects.money)
            placeholders[item.project.id] = plain
        else:
            found[item.project.id] = plain
    tell(len(chosen), len(chosen) + 1, "draws and portfolio")
    rate_name = str(study.tables["discount_rates"].text("rate")[0])
    if not stated:
        projects = replace(
            projects, joint=tuple(_joint(runs, projects, found, item, rate_name) for item in projects.joint)
        )
    origin = {i.project.id: _origin(study, i, stated=stated) for i in chosen}
    found = {name: _noted(one, origin[name], cautious.get(name), rate_name) for name, one in found.items()}
    result = _drawn(study, projects, found, rate_name, draws=draws, seed=seed)
    result = replace(
        result,
        stated=MappingProxyType(placeholders),
        alone=MappingProxyType(alone),
        least_cost=MappingProxyType(least),
        cautious=MappingProxyType(cautious),
        origin=MappingProxyType(origin),
    )
    return _with_portfolio(result, projects) if len(chosen) > 1 else result


def _on_runs(runs: Runs, projects: StudyProjects, item: StudyProject) -> tuple[Appraisal, dict[str, Appraisal]]:
    """Return a project's appraisal on its runs, and that on the runs alone where something is stated beside them."""
    project, money = item.project, projects.money
    effects = effects_of(runs.base, *compared(runs, item), item, money=money)
    whole = appraise_project(project, effects, money=money)
    if not item.beside.stated_parts:
        return whole, {}
    lone = run_effects(runs.base, *compared(runs, item), item)
    nothing = {place: Traffic(0.0, 0.0) for place in item.beside.traffic if place not in lone.traffic}
    lone = replace(lone, traffic={**lone.traffic, **nothing})
    return whole, {project.id: appraise_project(project, lone, money=money)}


def _silent(done: int, total: int, label: str) -> None:
    """Say nothing."""


def projects_of(study: Study) -> StudyProjects:
    """Return the projects of a study.

    Raises
    ------
    StudyError
        If it has none, or with all faults of all of them.
    """
    entries = study.projects.get("project", ())
    if not entries:
        message = "The study has no projects. Give them in projects.toml; docs/howto/write-a-project.md shows how."
        refuse([Problem("LB894", message, "projects.toml")])
    return study_projects(entries, study.tables)


def compared(runs: Runs, item: StudyProject) -> tuple[Outcome, Outcome]:
    """Return the outcomes without and with a project."""
    without, with_project = standings(runs.study, item)
    name = item.project.id
    return runs.outcome(without, f"{name}: without"), runs.outcome(with_project, f"{name}: with")


def standings(study: Study, item: StudyProject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the measures that stand without and with a project.

    Without: those of `compared_with`, or the baseline's. With: those of `scenario`, or those without it; plus
    `adds`, less `removes`. Both less `supposes_gone`.

    Raises
    ------
    StudyError
        If nothing differs.
    """
    check_scenarios(study, [name for name in (item.scenario, item.compared_with) if name])
    before = _before(study, item)
    without = _changed(before, (), item.supposes_gone)
    start = study.standing(item.scenario) if item.scenario else before
    with_project = _changed(start, item.adds, (*item.removes, *item.supposes_gone))
    if set(without) == set(with_project):
        message = f"{item.project.id}: the same measures stand with and without it. Give what it 'adds'."
        refuse([Problem("LB868", message, "projects.toml", 0, "adds")])
    return without, with_project


def _before(study: Study, item: StudyProject) -> tuple[str, ...]:
    """Return what stands without a project, before what it supposes gone."""
    if item.compared_with:
        return study.standing(item.compared_with)
    return tuple(measure.id for measure in study.measures if measure.in_baseline)


def _changed(standing: Sequence[str], adds: Sequence[str], removes: Sequence[str]) -> tuple[str, ...]:
    kept = [name for name in standing if name not in removes]
    return (*kept, *(name for name in adds if name not in kept))


def _origin(study: Study, item: StudyProject, *, stated: bool) -> str:
    if stated or not item.carried:
        return "stated in the study: no measure of the study carries it" if not item.carried else "stated in the study"
    without, with_project = standings(study, item)
    changes = [f"+{name}" for name in with_project if name not in without]
    changes += [f"-{name}" for name in without if name not in with_project]
    if item.supposes_gone:
        changes.append(f"(without {', '.join(item.supposes_gone)} in both)")
    beside = f"; stated beside it: {'; '.join(item.beside.stated_parts)}" if item.beside.stated_parts else ""
    return f"run: {' '.join(changes)} against {item.compared_with or 'the baseline'}{beside}"


def _noted(one: Appraisal, origin: str, cautious: Appraisal | None, rate_name: str) -> Appraisal:
    """Return an appraisal whose notes say where its figures come from, and the cautious worth."""
    notes = [*one.notes, f"Traffic and gains: {origin}."]
    if cautious is not None:
        notes.append(
            f"If all shippers took the cheapest way, the NPV at {rate_name} would be "
            f"{_npv(cautious, rate_name) / 1e6:,.1f} million instead of {_npv(one, rate_name) / 1e6:,.1f} million."
        )
    return replace(one, notes=tuple(notes))


def _kept(projects: StudyProjects, chosen: Sequence[StudyProject]) -> StudyProjects:
    """Return the projects that are appraised and the relations among them."""
    ids = {item.project.id for item in chosen}

    def inside(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in pairs if ids >= set(pair))

    joint = tuple(item for item in projects.joint if ids >= set(item.members))
    conflicts, requires = inside(projects.conflicts), inside(projects.requires)
    return replace(projects, projects=tuple(chosen), conflicts=conflicts, requires=requires, joint=joint)


def _drawn(
    study: Study, projects: StudyProjects, found: Mapping[str, Appraisal], rate_name: str, *, draws: int, seed: int
) -> Appraisals:
    """Return the appraisals with draws, tornado and the option to wait at one rate."""
    rate = next(iter(found.values())).project.discount_rates[rate_name]
    profiles = [profile_of(one, money=projects.money) for one in found.values()]
    risks = [item.risks for item in projects.projects]
    used = {risk.access for risk in risks if risk.access}
    accesses = {name: access for name, access in projects.accesses.items() if name in used}
    generator = np.random.default_rng(seed)
    drawn = draw(profiles, risks, rate, generator=generator, draws=draws, accesses=accesses)
    swings = {
        profile.name: tornado(profile, risk, rate, access=accesses.get(risk.access))
        for profile, risk in zip(profiles, risks, strict=True)
    }
    waits = {
        profile.name: option_to_wait(profile, drawn, project=p, access=risks[p].access)
        for p, profile in enumerate(profiles)
    }
    empty: Mapping[str, Appraisal] = {}
    return Appraisals(
        study.id, found, empty, empty, {}, empty, {}, rate_name, drawn, swings, waits, seed=seed, draws=draws
    )


def _with_portfolio(result: Appraisals, projects: StudyProjects) -> Appraisals:
    """Return the appraisals with the best choices at each budget."""
    costs = np.array([[one.ledger.works.sum() / 1e6] for one in result.found.values()])
    central = np.array([_npv(one, result.rate_name) for one in result.found.values()])
    careful = [_npv(result.cautious.get(name, one), result.rate_name) for name, one in result.found.items()]
    alone = replace(projects, joint=())
    budgets = [share * float(costs.sum()) for share in BUDGET_SHARES]

    def best(values: Float) -> tuple[Portfolio, ...]:
        return tuple(choose(projects.candidates(values, costs), [budget]) for budget in budgets)

    return replace(
        result,
        central=best(central),
        expected=best(result.drawn.mean),
        prudent=tuple(choose(alone.candidates(np.array(careful), costs), [budget]) for budget in budgets),
        joint=projects.joint,
        together=only_together(projects.candidates(central, costs)),
    )


def _npv(one: Appraisal, rate_name: str) -> float:
    return next(worth.npv for worth in one.worth if worth.name == rate_name)


def _joint(runs: Runs, projects: StudyProjects, found: Mapping[str, Appraisal], joint: Joint, rate_name: str) -> Joint:
    """Return what a set is worth together beyond its sum, from a run with all of it, in USD.

    Users, earners of tolls and CO2 of the common run less those of the others count for the first member that
    supposes something gone, or the first of all; each member's places carry the common run's traffic. A set of
    which no member is carried by a measure keeps the stated value; if one alone is, its run holds what the others
    make possible and nothing is added.
    """
    items = [projects.named(name) for name in joint.members]
    carried = sorted((item for item in items if item.carried), key=lambda item: not item.supposes_gone)
    if len(carried) < 2:
        return joint if not carried else replace(joint, value=0.0)
    without = together = _before(runs.study, carried[0])
    for item in carried:
        before, after = standings(runs.study, item)
        adds, removes = [m for m in after if m not in before], [m for m in before if m not in after]
        together = _changed(together, adds, (*removes, *item.supposes_gone))
    pair = runs.outcome(without, "without"), runs.outcome(together, "+".join(joint.members))

    def effects(item: StudyProject) -> ProjectEffects:
        return effects_of(runs.base, *pair, item, money=projects.money)

    first, others = carried[0], carried[1:]
    whole = effects(first)
    for other in others:
        run_alone = run_effects(runs.base, *compared(runs, other), other)
        whole = replace(
            whole,
            user_benefit_usd=added(whole.user_benefit_usd, run_alone.user_benefit_usd, -1.0),
            welfare_usd=added(whole.welfare_usd, run_alone.welfare_usd, -1.0),
            other_operators_usd=added(whole.other_operators_usd, run_alone.other_operators_usd, -1.0),
            co2_change_t=whole.co2_change_t - run_alone.co2_change_t,
        )
    parts = {first.project.id: whole}
    parts |= {o.project.id: replace(found[o.project.id].effects, traffic=effects(o).traffic) for o in others}
    value = sum(
        _npv(appraise_project(item.project, parts[item.project.id], money=projects.money), rate_name)
        - _npv(found[item.project.id], rate_name)
        for item in carried
    )
    return replace(joint, value=value)
