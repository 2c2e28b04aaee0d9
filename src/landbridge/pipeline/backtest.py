"""What was projected from the base year, beside what came out."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np

from landbridge.pipeline.attainment import growth_of, indicator_value, series_of
from landbridge.pipeline.indicators import in_unit, indicator_name, parse_indicator
from landbridge.pipeline.outcome import Baseline
from landbridge.targets.backtest import OutcomeRow, compare_outcomes
from landbridge.targets.projection import project

METHODS: Final = {
    "naive": "no change",
    "own": "the pair's own mean growth",
    "common": "mean growth of all pairs",
    "shrunk": "own growth drawn to the common",
    "reverting": "drawn back to the pair's mean",
}
"""Methods of projection in words."""


@dataclass(frozen=True, slots=True)
class PairsBacktest:
    """How good projections four years ahead would have been over many pairs, each from what was known at the time.

    Attributes
    ----------
    group, method
        Pairs, and method of `targets.backtest.rolling_backtest`.
    pairs, projections
        How many.
    rmse_log, naive_rmse_log
        Root mean squared error of logs, and that of 'no change' over the same cases.
    bias_log
        Mean of ``ln(outcome / projected)``.
    inside_percent
        Outcomes within intervals that were said to hold 50, 80 and 90 percent, made from earlier errors.
    years
        First and last year of the panel.
    """

    group: str
    method: str
    pairs: int
    projections: int
    rmse_log: float
    naive_rmse_log: float
    bias_log: float
    inside_percent: tuple[float, float, float]
    years: tuple[int, int]
    source: str


def pairs_backtest() -> tuple[PairsBacktest, ...]:
    """Return the rolling backtest over world trade, every fourth year, as compiled by ``tools.build_backtest``."""
    text = (files("landbridge") / "data" / "backtest_trade.csv").read_text(encoding="utf-8")
    return tuple(
        PairsBacktest(
            row["group"],
            row["method"],
            int(row["pairs"]),
            int(row["projections"]),
            float(row["rmse_log"]),
            float(row["naive_rmse_log"]),
            float(row["bias_log"]),
            (float(row["inside_50_percent"]), float(row["inside_80_percent"]), float(row["inside_90_percent"])),
            (int(row["first_year"]), int(row["last_year"])),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True, slots=True)
class TargetOutcomes:
    """Known outcomes of one target's indicator beside the projection from the base year, in the target's unit."""

    target: str
    title: str
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
        found.append(
            TargetOutcomes(
                str(row["target"]), indicator_name(study, indicator), indicator.text, unit, start, count, rows
            )
        )
    return tuple(found)
