"""What a road map makes of the targets: their indicators year by year, their chances, and what each move brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.cooperation.elements import Element
from landbridge.cooperation.expectations import IndicatorPath
from landbridge.cooperation.timeline import Timeline
from landbridge.core.arrays import Float
from landbridge.pipeline.attainment import PHASE_PART, growth_of, series_of, stated_growth
from landbridge.pipeline.indicators import in_unit, indicator_name, parse_indicator
from landbridge.pipeline.inputs import value_or
from landbridge.pipeline.outcome import Baseline
from landbridge.study.model import Study
from landbridge.targets.decomposition import Decomposition, decompose
from landbridge.targets.growth import required_growth
from landbridge.targets.projection import project

SHARES: Final = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A target's indicator over the years of the road map, in the target's unit; y years.

    Attributes
    ----------
    name, title, indicator
        Of the target; of its indicator in words, and its code.
    path
        At base-year levels: what the road map alone does.
    projected
        With growth as known in the base year, over draws of both.
    without
        The same if nothing of the road map happens.
    base
        The baseline.
    required_growth
        A year, from the base year to the target, as a share of 1.
    target, target_year
        What is aimed at.
    chances, chances_without
        Chance that the value of each year is at or above the target, and the same if nothing of the road map
        happens, (y,).
    known, outcomes
        Values up to the base year, and what came after it, by year.
    """

    name: str
    title: str
    indicator: str
    unit: str
    path: IndicatorPath
    projected: IndicatorPath
    without: IndicatorPath
    base: float
    required_growth: float
    target: float
    target_year: int
    chances: Float
    chances_without: Float
    known: Mapping[int, float]
    outcomes: Mapping[int, float]

    @property
    def chance(self) -> float:
        """Chance that the target is met in its year; nan if the year is not drawn."""
        return _at(self.target_year, self.path, self.chances)

    @property
    def chance_without(self) -> float:
        """The same if nothing of the road map happens."""
        return _at(self.target_year, self.path, self.chances_without)


@dataclass(frozen=True, slots=True, eq=False)
class MoveParts:
    """What each move brings to a target's indicator at base-year levels once trade and visits have answered in full.

    Attributes
    ----------
    name, title, unit
        Of the target and its indicator.
    moves
        Moves that add or remove measures.
    alone
        What each brings by itself, in the target's unit, (k,).
    parts
        Shapley values of the moves, which add up to what all bring together.
    """

    name: str
    title: str
    unit: str
    moves: tuple[str, ...]
    alone: Float
    parts: Decomposition


def courses(base: Baseline, values: Float, timeline: Timeline) -> tuple[Course, ...]:
    """Return the course of every target of a study under the draws of a road map.

    Parameters
    ----------
    base
        The study's baseline.
    values
        Of the targets' indicators in each state of the road map, million USD or visits, shape (2**m, targets).
    timeline
        The draws.
    """
    rows = base.ground.study.tables["targets"].rows()
    return tuple(_course(base, row, values[:, i], timeline) for i, row in enumerate(rows))


def move_parts(
    base: Baseline, values: Float, elements: Sequence[Element], moves: Sequence[str]
) -> tuple[MoveParts, ...]:
    """Return what each move brings to each target; milestones and moves without measures bring nothing themselves.

    A move does nothing without the moves that it requires or must be made with, if they are among those named.
    """
    study = base.ground.study
    by_id = {element.id: element for element in elements}
    bits = [1 << [element.id for element in elements].index(name) for name in moves]
    sets = np.arange(1 << len(moves))
    states = sum((((sets >> k) & 1) * bit for k, bit in enumerate(bits)), np.zeros_like(sets))
    requires = {name: tuple(r for r in by_id[name].requires if r in moves) for name in moves}
    found = []
    for i, row in enumerate(study.tables["targets"].rows()):
        name, unit = str(row["target"]), str(row["unit"])
        indicator = parse_indicator(str(row["indicator"]), base.ground.inputs.economies)
        level = values[states, i] * in_unit(1.0, unit, name)
        alone = level[[1 << k for k in range(len(moves))]] - level[0]
        parts = decompose(moves, level, requires=requires, target=float(row["value"]))
        found.append(MoveParts(name, indicator_name(study, indicator), unit, tuple(moves), alone, parts))
    return tuple(found)


def _course(base: Baseline, row: Mapping[str, Any], value: Float, timeline: Timeline) -> Course:
    study = base.ground.study
    name, unit, year, target = str(row["target"]), str(row["unit"]), int(row["year"]), float(row["value"])
    indicator = parse_indicator(str(row["indicator"]), base.ground.inputs.economies)
    start = float(value[0] * in_unit(1.0, unit, name))
    response = _response(study, value, timeline)
    growth = _growth(
        study, (indicator.text, unit), start, stated_growth(study, indicator, _ahead(study, timeline)), timeline
    )
    level = start * growth
    return Course(
        name,
        indicator_name(study, indicator),
        indicator.text,
        unit,
        _path(timeline, start * response),
        _path(timeline, level * response),
        _path(timeline, level),
        start,
        required_growth(start, target, year - study.base_year) if start > 0 else float("nan"),
        target,
        year,
        np.mean(level * response >= target, axis=1),
        np.mean(level >= target, axis=1),
        *series_of(study, indicator.text, unit),
    )


def _ahead(study: Study, timeline: Timeline) -> Any:  # noqa: ANN401 - years after the base year, (h,)
    return np.arange(study.base_year + 1, int(timeline.years[-1]) + 1)


def _growth(study: Study, series: tuple[str, str], start: float, stated: Float | None, timeline: Timeline) -> Float:
    """Return draws of the factor by which an indicator has grown from the base year by each year, shape (y, draws).

    Years up to the base year have grown by nothing.
    """
    known, _ = series_of(study, *series)
    fit = growth_of(known, study.base_year, start, series[0])
    draws = timeline.states.shape[1]
    ahead = _ahead(study, timeline)
    level: Float = np.ones((len(timeline.years), draws))
    if len(ahead):
        drawn = project(fit, ahead.tolist(), growth=stated).draws(np.random.default_rng(0), draws) / fit.last_value
        later = timeline.years > study.base_year
        level[later] = drawn[timeline.years[later] - study.base_year - 1]
    return level


def _path(timeline: Timeline, drawn: Float) -> IndicatorPath:
    return IndicatorPath(timeline.years, drawn.mean(axis=1), np.quantile(drawn, SHARES, axis=1).T, SHARES)


def _at(year: int, path: IndicatorPath, chances: Float) -> float:
    rows = np.flatnonzero(path.years == year)
    return float(chances[rows[0]]) if len(rows) else float("nan")


def _response(study: Study, value: Float, timeline: Timeline) -> Float:
    """Return the factor on an indicator in each year and draw, shape (y, draws), phased in.

    The log of it is the mean over the last L years of the log effect of what stood, L as in
    `pipeline.attainment.phased`: what stands for good comes in by equal steps of the log.
    """
    length = max(1, round(value_or(study, "phase_in_years", 1.0) / PHASE_PART))
    effect = np.log(np.maximum(value, 1e-12) / max(float(value[0]), 1e-12))[timeline.states]
    total = np.cumsum(effect, axis=0)
    total[length:] -= total[:-length].copy()
    factor: Float = np.exp(total / length)
    return factor
