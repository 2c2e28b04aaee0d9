"""A question beside a study's scenarios: measures added and taken away, parameters moved within their ranges."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from landbridge.core.problems import Problem, refuse
from landbridge.pipeline.outcome import Baseline, find_baseline, find_outcome
from landbridge.pipeline.result import Result
from landbridge.pipeline.run import baseline_of, provenance, result_tables
from landbridge.pipeline.scenarios import check_scenarios
from landbridge.study.model import Parameter, Scenario, Study
from landbridge.study.suggest import shown, suggestion

WHAT_IF: Final = "what-if"
"""Name of the scenario that a question becomes."""
REBUILDING: Final = frozenset({"co2_price_usd_per_t", "delay_share_factor"})
"""Parameters that enter the cost of every arc: another value rebuilds the table between touched places."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A scenario of the study, what is added to and taken from it, and parameters that differ from the study's.

    `add`, `remove` and `parameters` are in the study's order, so that equal questions are equal values.
    """

    scenario: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()


def ask(
    study: Study,
    scenario: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    parameters: Mapping[str, float] | None = None,
) -> WhatIf:
    """Return a question about a study in its plain form.

    What stands already is not added, what does not stand is not removed, and a parameter at the study's own value
    is left out.

    Raises
    ------
    StudyError
        If a scenario, measure or parameter is unknown, or a value lies outside its stated range.
    """
    check_scenarios(study, [scenario])
    wanted = parameters or {}
    known = {measure.id for measure in study.measures}
    problems = [
        Problem("LB534", f"There is no measure {shown(name)}. {suggestion(name, sorted(known))}".strip(), "measures")
        for name in (*add, *remove)
        if name not in known
    ]
    problems += [
        problem for name, value in wanted.items() for problem in _value_problems(study.parameters, name, value)
    ]
    refuse(problems)
    standing = set(study.standing(scenario))
    return WhatIf(
        scenario,
        tuple(m.id for m in study.measures if m.id in add and m.id not in standing),
        tuple(m.id for m in study.measures if m.id in remove and m.id in standing and m.id not in add),
        tuple((n, float(wanted[n])) for n, p in study.parameters.items() if n in wanted and wanted[n] != p.value),
    )


def _value_problems(parameters: Mapping[str, Parameter], name: str, value: float) -> list[Problem]:
    if name not in parameters:
        message = f"There is no parameter {shown(name)}. {suggestion(name, parameters, most=len(parameters))}".strip()
        return [Problem("LB535", message, "parameters")]
    held = parameters[name]
    if held.low <= value <= held.high:
        return []
    words = f"{name} = {value:g} is outside its stated range, {held.low:g} to {held.high:g} {held.unit}."
    return [Problem("LB536", f"{words} Give a value in it, or widen the range in study.toml.", "parameters")]


def scenario_of(question: WhatIf, *, name: str = WHAT_IF, title: str = "What if") -> Scenario:
    """Return the question as a scenario of the study."""
    return Scenario(name, title, question.scenario, question.add, question.remove)


def study_with(study: Study, question: WhatIf, *, name: str = WHAT_IF, title: str = "What if") -> Study:
    """Return the study with the question's parameters, and the question as one more scenario."""
    moved = dict(question.parameters)
    parameters = {n: replace(p, value=moved.get(n, p.value)) for n, p in study.parameters.items()}
    others = tuple(scenario for scenario in study.scenarios if scenario.name != name)
    return replace(
        study,
        parameters=parameters,
        scenarios=(*others, scenario_of(question, name=name, title=title)),
        digest="",
    )


def standing_in(study: Study, question: WhatIf) -> tuple[str, ...]:
    """Return the measures that stand under a question."""
    if not question.add and not question.remove:
        return study.standing(question.scenario)
    return study_with(study, question).standing(WHAT_IF)


def baseline_with(study: Study, parameters: Sequence[tuple[str, float]]) -> Baseline:
    """Return the baseline at other values of some parameters.

    The network and its table do not depend on parameters other than `REBUILDING`, so that for the rest only routes'
    shares, trade and loads of the baseline are found again; the answer is that of a study with these values.
    """
    if not parameters:
        return baseline_of(study)
    held = {name: replace(p, value=dict(parameters).get(name, p.value)) for name, p in study.parameters.items()}
    moved = replace(study, parameters=held, digest="")
    if any(name in REBUILDING for name, _ in parameters):
        return baseline_of(moved)
    return find_baseline(replace(baseline_of(study).ground, study=moved))


def run_what_if(study: Study, question: WhatIf, *, seed: int = 0) -> Result:
    """Return the result of a question, with every table that a scenario's run has."""
    started = time.perf_counter()
    base = baseline_with(study, question.parameters)
    ready = time.perf_counter()
    asked = study_with(study, question)
    outcome = find_outcome(base, asked.standing(WHAT_IF), WHAT_IF)
    tables = result_tables(base, outcome)
    seconds = ready - started, time.perf_counter() - ready
    return Result(study.id, WHAT_IF, tables, provenance(asked, WHAT_IF, seed, seconds))
