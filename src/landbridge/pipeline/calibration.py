"""The model beside published days, kilometres and USD."""

from functools import lru_cache
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.tables import Columns, columns_of

_ATTRIBUTES: Final = {"days": "hours", "km": "km", "usd_per_teu": "usd_per_teu"}


@lru_cache(maxsize=2)
def calibration_table(base: Baseline) -> Columns:
    """Return published figures beside the model's for the same zones and corridor; the first class's route.

    The error is against the nearer end of the published range, 0 within it.
    """
    inputs = base.ground.inputs
    rows: list[tuple[Any, ...]] = []
    for row in base.ground.study.tables["observed_routes"].rows():
        origin, destination = str(row["origin"]), str(row["destination"])
        if origin not in inputs.zones or destination not in inputs.zones:
            continue
        at = inputs.zones.index(origin), inputs.zones.index(destination)
        model = model_figure(base, at, str(row["corridor"]), str(row["measure"]))
        low, high = float(row["low"]), float(row["high"])
        nearest = min(max(model, low), high) if np.isfinite(model) else high
        error = 100.0 * (model / nearest - 1.0) if nearest else 0.0
        what = row["route"], row["measure"], row["corridor"]
        rows.append((*what, low, high, model, row["unit"], error, low <= model <= high, row["source"]))
    names = ("route", "measure", "corridor", "low", "high", "model", "unit", "error_percent", "in_range", "source")
    return columns_of(rows, names)


def model_figure(base: Baseline, at: tuple[int, int], corridor: str, measure: str) -> float:
    """Return the model's figure for a pair of zones: of a corridor, or the mean of all by their shares."""
    freight = base.freight
    attribute = _ATTRIBUTES[measure]
    values: Float
    if corridor:
        values = freight.by_corridor(attribute)[freight.alternatives.corridors.index(corridor)]
    else:
        values = freight.mean(attribute)
    value = float(values[0, at[0], at[1]])
    return value / 24.0 if measure == "days" else value
