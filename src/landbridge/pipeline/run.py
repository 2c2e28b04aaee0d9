"""The whole chain: a study and a scenario to a result."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from landbridge.core.digests import digest
from landbridge.pipeline.attainment import Reach, reach_targets
from landbridge.pipeline.calibration import calibration_table
from landbridge.pipeline.ground import Ground, prepare
from landbridge.pipeline.outcome import Baseline, Outcome, find_baseline, find_outcome
from landbridge.pipeline.result import RESULT_SCHEMA, Result
from landbridge.pipeline.scenarios import check_scenarios
from landbridge.pipeline.sector_results import sector_results
from landbridge.pipeline.tables import (
    Columns,
    charge_table,
    columns_of,
    convergence_table,
    corridor_tables,
    economy_table,
    gate_table,
    headline_table,
    link_table,
    measure_table,
    route_table,
    skim_table,
    trade_table,
)
from landbridge.study.model import Study

Step = Callable[[int, int, str], None]
"""Called with what is done, of how much, and a word for it."""


def _silent(done: int, total: int, label: str) -> None:
    """Say nothing."""


def run(study: Study, scenario: str, *, seed: int = 0) -> Result:
    """Return what a scenario of a study makes of freight, trade and welfare.

    Parameters
    ----------
    study
        From `landbridge.read_study`.
    scenario
        Name of one of its scenarios.
    seed
        Of what is drawn; the same seed gives the same result.

    Raises
    ------
    StudyError
        If the study names what is not in the network, or there is no such scenario.
    InfeasibleError, ConvergenceError
        If trade has no equilibrium, or costs and flows do not settle.
    """
    return run_scenarios(study, [scenario], seed=seed)[scenario]


def run_scenarios(
    study: Study, scenarios: Sequence[str], *, seed: int = 0, draws: int = 0, step: Step = _silent
) -> dict[str, Result]:
    """Return results by scenario; the study's network is prepared once for all of them.

    Where the study holds an input-output table, results also tell what many sectors make of real income. With `draws`
    they also hold intervals, what moves them, the parts of the targets' gaps and the decomposition of trade and
    income.
    """
    check_scenarios(study, scenarios)
    total = len(scenarios) + 2
    started = time.perf_counter()
    step(0, total, "network")
    base = baseline_of(study)
    ready = time.perf_counter() - started
    outcomes: dict[str, Outcome] = {}
    tables: dict[str, dict[str, Columns]] = {}
    seconds: dict[str, float] = {}
    for done, name in enumerate(scenarios, start=1):
        step(done, total, name)
        begun = time.perf_counter()
        outcome = find_outcome(base, study.standing(name), name)
        tables[name] = result_tables(base, outcome)
        if draws:
            outcomes[name] = outcome
        else:  # an outcome is a hundred megabytes: it is kept only where something asks for it again
            tables[name].update(sector_results(base, {name: outcome}).get(name, {}))
        seconds[name] = time.perf_counter() - begun
    if draws:
        step(total - 1, total, "intervals")
        for name, more in deeper_tables(base, outcomes, draws, seed).items():
            tables[name].update(more)
    step(total, total, "done")
    return {
        name: Result(study.id, name, tables[name], provenance(study, name, seed, (ready, seconds[name])))
        for name in scenarios
    }


def deeper_tables(
    base: Baseline, outcomes: Mapping[str, Outcome], draws: int, seed: int
) -> dict[str, dict[str, Columns]]:
    """Return by scenario the tables that take many solutions: intervals, inputs that matter, parts of targets."""
    from landbridge.pipeline.decomposition import decomposition_table, incidence_table, shift_table
    from landbridge.pipeline.estimate import gravity_table
    from landbridge.pipeline.target_parts import target_parts, target_parts_table
    from landbridge.pipeline.uncertainty_tables import uncertainty_tables

    found = uncertainty_tables(base, outcomes, draws=draws, seed=seed)
    parts = target_parts(base, list(outcomes))
    gravity = gravity_table(base)
    return {
        name: {
            **found[name],
            **({} if gravity is None else {"gravity": gravity}),
            "target_parts": target_parts_table(parts[name]),
            "decomposition": decomposition_table(base, outcome),
            "incidence": incidence_table(base, outcome),
            "trade_shift": shift_table(base, outcome),
        }
        for name, outcome in outcomes.items()
    }


def baseline_of(study: Study) -> Baseline:
    """Return the study's baseline, kept by the digest of its content for the next call."""
    return _baseline(_Key(study))


class _Key:
    """A study that is equal to another of the same digest."""

    __slots__ = ("name", "study")

    def __init__(self, study: Study) -> None:
        self.study = study
        self.name = content_digest(study)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=2)
def _baseline(key: _Key) -> Baseline:
    ground: Ground = prepare(key.study)
    return find_baseline(ground)


def content_digest(study: Study) -> str:
    """Return a digest of what the study holds, whatever folder it came from."""
    tables = {name: dict(table.columns) for name, table in study.tables.items()}
    words = {name: {key: _plain(column) for key, column in columns.items()} for name, columns in tables.items()}
    parts: Mapping[str, Any] = {
        "parameters": dict(study.parameters),
        "settings": study.settings,
        "measures": study.measures,
        "scenarios": study.scenarios,
        "members": study.members,
        "base_year": study.base_year,
        "tables": words,
    }
    return digest(parts)


def _plain(column: Any) -> Any:  # noqa: ANN401 - a column of any type
    """Return a column as the digest takes it: words in one piece, since tables of sectors hold 100,000 of them."""
    if column.dtype.kind != "O":
        return column
    words = column.tolist()
    return "\x1f".join(words) if set(map(type, words)) <= {str} else words


def result_tables(base: Baseline, outcome: Outcome) -> dict[str, Columns]:
    """Return every table of a result."""
    reached = reach_targets(base, outcome)
    corridors, pairs = corridor_tables(base, outcome)
    indicators = {
        f"target:{reach.name}": (
            f"{reach.title}, at base-year levels",
            reach.with_scenario,
            reach.attained.target.unit,
        )
        for reach in reached
    }
    return {
        "headline": headline_table(base, outcome, indicators),
        "economies": economy_table(base, outcome),
        "trade": trade_table(base, outcome),
        "corridors": corridors,
        "corridor_pairs": pairs,
        "gates": gate_table(base, outcome),
        "links": link_table(base, outcome.loads),
        "routes": route_table(base, outcome, showcase_pairs(base)),
        "skims": skim_table(base, outcome),
        "charges": charge_table(base, outcome),
        "targets": target_table(reached),
        "target_paths": target_paths(reached),
        "calibration": calibration_table(base),
        "measures": measure_table(base, outcome),
        "convergence": convergence_table(outcome),
    }


def target_table(reached: Sequence[Reach]) -> Columns:
    """Return how far each target is."""
    rows = []
    for reach in reached:
        found, unit = reach.attained, reach.attained.target.unit
        rows += [
            (reach.name, reach.title, measure, value, words)
            for measure, value, words in (
                ("target", found.target.value, unit),
                ("base", reach.base, unit),
                ("scenario_base_year", reach.with_scenario, unit),
                ("projected", found.projected, unit),
                ("projected_low", found.interval[0], unit),
                ("projected_high", found.interval[1], unit),
                ("required_growth", 100.0 * found.required_growth, "percent a year"),
                ("chance", 100.0 * found.chance, "percent"),
            )
        ]
    return columns_of(rows, ("target", "name", "measure", "value", "unit"))


def target_paths(reached: Sequence[Reach]) -> Columns:
    """Return each target's indicator by year: known, projected with its interval, and what came out."""
    rows: list[tuple[Any, ...]] = []
    for reach in reached:
        unit = reach.attained.target.unit
        rows += [(reach.name, year, "known", value, unit) for year, value in reach.known.items()]
        rows += [(reach.name, year, "outcome", value, unit) for year, value in reach.outcomes.items()]
        for year, median, low, high, *_ in reach.attained.path.tolist():
            at = reach.name, int(year)
            rows += [(*at, "median", median, unit), (*at, "low", low, unit), (*at, "high", high, unit)]
    return columns_of(rows, ("target", "year", "measure", "value", "unit"))


def showcase_pairs(base: Baseline) -> list[tuple[str, str]]:
    """Return the zone pairs of the route cards: of the observed routes, the most often published, up to six."""
    zones = base.ground.inputs.zones
    table = base.ground.study.tables["observed_routes"]
    count: dict[tuple[str, str], int] = {}
    for origin, destination in zip(table.text("origin"), table.text("destination"), strict=True):
        if origin in zones and destination in zones:
            count[origin, destination] = count.get((origin, destination), 0) + 1
    if not count and len(zones) > 1:
        return [(zones[0], zones[-1])]
    return sorted(count, key=lambda pair: (-count[pair], list(count).index(pair)))[:6]


def provenance(study: Study, scenario: str, seed: int, seconds: tuple[float, float]) -> dict[str, Any]:
    """Return where a result comes from; what differs from run to run stands under ``when``."""
    return {
        "result_schema": RESULT_SCHEMA,
        "landbridge": version("landbridge"),
        "study": study.id,
        "title": study.title,
        "scenario": scenario,
        "base_year": study.base_year,
        "money": study.money,
        "study_digest": study.digest or content_digest(study),
        "seed": seed,
        "versions": {name: version(name) for name in ("numpy", "scipy", "numba", "pandas", "pyarrow")},
        "standing": list(study.standing(scenario)),
        "parameters": {name: parameter.value for name, parameter in study.parameters.items()},
        "sources": sorted({str(source) for table in study.tables.values() for source in _sources(table)}),
        "when": {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "prepare_seconds": round(seconds[0], 3),
            "run_seconds": round(seconds[1], 3),
        },
    }


def _sources(table: Any) -> Sequence[str]:  # noqa: ANN401 - any table
    return table.text("source") if "source" in table else ()
