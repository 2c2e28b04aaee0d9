"""Which part of the way to each target growth and each group of measures brings, adding up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.attainment import growth_of, phased, series_of, stated_growth
from landbridge.pipeline.bundles import Bundle, baseline_of_study, scenario_bundles, standing_with, toggled
from landbridge.pipeline.indicators import in_unit, parse_indicator
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoffs import StateValues, state_values
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.study.model import Study
from landbridge.targets.decomposition import Decomposition, decompose
from landbridge.targets.projection import project

GROWTH: Final = "growth"
LEFT: Final = "left"
"""Row of the table for what no player closes; negative where the target is exceeded."""
BLOCKS_MAX: Final = 9
"""Groups of measures of a scenario; with more, the smallest are joined in the order of the study."""


@dataclass(frozen=True, slots=True, eq=False)
class TargetParts:
    """The parts of one target under one scenario, in the target's unit; players are growth and bundles by title."""

    target: str
    scenario: str
    unit: str
    bundles: tuple[Bundle, ...]
    parts: Decomposition


def target_parts(base: Baseline, scenarios: Sequence[str]) -> dict[str, tuple[TargetParts, ...]]:
    """Return by scenario which part of each target's gap growth and each group of measures close.

    A group holds the measures that the same scenarios make (`bundles.scenario_bundles`). A set of players is worth
    the indicator in the target's year with growth, if it is among them, and the response of the groups, phased in as
    in the projection; parts are Shapley values and add up exactly to projected less base.

    Parameters
    ----------
    base
        The study's baseline.
    scenarios
        Names; all their sets of measures are solved in one batch, without delays by load.
    """
    study = base.ground.study
    rows = study.tables["targets"].rows()
    groups = {name: _few(study, scenario_bundles(study, name)) for name in scenarios}
    indicators = [parse_indicator(str(row["indicator"]), base.ground.inputs.economies) for row in rows]
    first: dict[str, int] = {}
    standings: list[tuple[str, ...]] = []
    for name, bundles in groups.items():
        first[name] = len(standings)
        for state in range(1 << len(bundles)):
            made = [m for k, bundle in enumerate(bundles) if state >> k & 1 for m in bundle.measures]
            standings.append(standing_with(study, made))
    if not rows:
        return dict.fromkeys(groups, ())
    found = state_values(base, standings, indicators=indicators)
    return {
        name: tuple(
            _parts(base, (name, bundles), dict(row), _column(found, i, first[name], len(bundles)))
            for i, row in enumerate(rows)
        )
        for name, bundles in groups.items()
    }


def target_parts_table(parts: Sequence[TargetParts]) -> Columns:
    """Return the result table ``target_parts`` of one scenario: base, every player's part, and what is left."""
    rows: list[tuple[Any, ...]] = []
    for one in parts:
        players = zip(one.parts.players, one.parts.part.tolist(), strict=True)
        rows += [(one.target, player, part, one.unit) for player, part in players]
        rows.append((one.target, LEFT, one.parts.left, one.unit))
    return columns_of(rows, ("target", "player", "value", "unit"))


def _column(found: StateValues, indicator: int, first: int, m: int) -> Float:
    values: Float = found.indicators[0, first : first + (1 << m), indicator]
    return values


def _parts(base: Baseline, scenario: tuple[str, tuple[Bundle, ...]], row: dict[str, Any], value: Float) -> TargetParts:
    study, (name, bundles) = base.ground.study, scenario
    target, unit, year = str(row["target"]), str(row["unit"]), int(row["year"])
    indicator = parse_indicator(str(row["indicator"]), base.ground.inputs.economies)
    level = value * in_unit(1.0, unit, target)
    known, _ = series_of(study, indicator.text, unit)
    fit = growth_of(known, study.base_year, float(level[0]), indicator.text)
    years = np.arange(study.base_year + 1, year + 1)
    grown = project(fit, years.tolist(), growth=stated_growth(study, indicator, years)).median[-1] / fit.last_value
    effect = [float(phased(study, one, years.tolist())[-1]) for one in level / max(float(level[0]), 1e-12)]
    with_none = float(level[0]) * np.array(effect)
    # growth is the first player, so the lowest bit
    whole = np.stack([with_none, with_none * float(grown)], axis=1).ravel()
    names = (GROWTH, *(bundle.title for bundle in bundles))
    titles = {bundle.id: bundle.title for bundle in bundles}
    requires = {bundle.title: tuple(titles[r] for r in bundle.requires) for bundle in bundles}
    parts = decompose(names, whole, requires=requires, target=float(row["value"]))
    return TargetParts(target, name, unit, bundles, parts)


def _few(study: Study, bundles: tuple[Bundle, ...]) -> tuple[Bundle, ...]:
    """Return bundles under short titles, the last ones joined where they are too many."""
    kept, rest = bundles[: BLOCKS_MAX - 1], bundles[BLOCKS_MAX - 1 :]
    joined = list(kept)
    if len(rest) == 1:
        joined.append(rest[0])
    elif rest:
        measures = tuple(m for bundle in rest for m in bundle.measures)
        consent = tuple(dict.fromkeys(c for bundle in rest for c in bundle.consent))
        gone = {bundle.id for bundle in rest}
        requires = tuple(dict.fromkeys(r for bundle in rest for r in bundle.requires if r not in gone))
        on_network = any(bundle.on_network for bundle in rest)
        joined.append(Bundle(f"{rest[0].id}+{len(measures) - 1}", "", measures, consent, requires, (), on_network))
    renamed = {bundle.id for bundle in rest} if len(rest) > 1 else set()
    last = joined[-1].id if joined else ""
    titles = _titles(study, joined)
    return tuple(
        Bundle(
            bundle.id,
            title,
            bundle.measures,
            bundle.consent,
            tuple(dict.fromkeys(last if r in renamed else r for r in bundle.requires)),
            bundle.scenarios,
            bundle.on_network,
        )
        for bundle, title in zip(joined, titles, strict=True)
    )


def _titles(study: Study, bundles: Sequence[Bundle]) -> list[str]:
    """Return a short title for each: its only measure's, else that of the smallest scenario that makes it."""
    titles = {measure.id: measure.title for measure in study.measures}
    baseline = set(baseline_of_study(study))
    named = {scenario.name: scenario.title for scenario in study.scenarios}
    found: list[str] = []
    for bundle in bundles:
        if len(bundle.measures) == 1:
            words = titles[bundle.measures[0]]
            title = f"ended: {words}" if bundle.measures[0] in baseline else words
        elif bundle.scenarios:
            smallest = min(bundle.scenarios, key=lambda name: len(toggled(study, name)))
            title = f"{named[smallest]} ({len(bundle.measures)} measures)"
        else:
            title = ", ".join(bundle.measures)
        found.append(title if title not in found else f"{title}: {bundle.measures[0]} and others")
    return found
