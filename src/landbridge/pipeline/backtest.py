"""What was projected from the base year, beside what came out."""

from dataclasses import dataclass

import numpy as np

from landbridge.pipeline.attainment import growth_of, indicator_value, series_of
from landbridge.pipeline.indicators import in_unit, parse_indicator
from landbridge.pipeline.outcome import Baseline
from landbridge.targets.backtest import OutcomeRow, compare_outcomes
from landbridge.targets.projection import project


@dataclass(frozen=True, slots=True)
class TargetOutcomes:
    """Known outcomes of one target's indicator beside the projection from the base year, in the target's unit."""

    target: str
    indicator: str
    unit: str
    base: float
    values_known: int
    rows: tuple[OutcomeRow, ...]


def backtest(base: Baseline) -> tuple[TargetOutcomes, ...]:
    """Return every target's known outcomes beside what was projected from what the base year knew.

    The drift and spread are those of the indicator's own series up to the base year; no scenario is assumed and no
    later value is used. `landbridge.targets.backtest.rolling_backtest` does the same over many pairs and years.
    """
    study = base.ground.study
    found = []
    for row in study.tables["targets"].rows():
        unit = str(row["unit"])
        indicator = parse_indicator(str(row["indicator"]), base.ground.inputs.economies)
        start = in_unit(indicator_value(base, None, indicator), unit, str(row["target"]))
        known, outcomes = series_of(study, indicator.text, unit)
        rows: tuple[OutcomeRow, ...] = ()
        if outcomes and start > 0:
            fit = growth_of(known, study.base_year, start, indicator.text)
            years = np.arange(study.base_year + 1, max(outcomes) + 1).tolist()
            rows = compare_outcomes(project(fit, years), outcomes, last_value=start)
        count = len({year for year in known if year < study.base_year} | {study.base_year})
        found.append(TargetOutcomes(str(row["target"]), indicator.text, unit, start, count, rows))
    return tuple(found)
