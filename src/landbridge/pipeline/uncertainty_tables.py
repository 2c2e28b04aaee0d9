"""Draws of headline figures as the tidy tables of results: intervals, what moves them, and what was drawn."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from landbridge.pipeline.draws import Estimates, held_inputs
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.sector_draws import sector_draws, with_intervals
from landbridge.pipeline.sensitivity import sobol_indices
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.pipeline.uncertainty import Sample, sample_outcomes
from landbridge.study.model import Study

LOW, HIGH = 0.05, 0.95
"""Ends of the interval."""
DEFAULT_DRAWS: Final = 200


def uncertainty_tables(
    base: Baseline,
    outcomes: Mapping[str, Outcome],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    estimates: Sequence[Estimates] | None = None,
) -> dict[str, dict[str, Columns]]:
    """Return the tables ``uncertainty``, ``sensitivity`` and ``uncertain_inputs`` of every scenario.

    Where the study holds an input-output table, also ``sectors`` and ``sector_costs``, with intervals.

    Parameters
    ----------
    base, outcomes
        Of one study; all scenarios are solved together, each draw in one batch.
    draws, seed, estimates
        As `sample_outcomes` takes them.

    Returns
    -------
    dict
        By scenario, tables by name, to be added to those of `pipeline.run.result_tables`. Empty for a study whose
        parameters have no ranges that draws can use.
    """
    sectors = sector_draws(base, outcomes, draws=draws, seed=seed)
    sample = sample_outcomes(base, outcomes, draws=draws, seed=seed, estimates=estimates, beside=sectors)
    more = with_intervals(sectors, sample) if sectors else {}
    if not sample.draws.inputs:
        return {name: more.get(name, {}) for name in outcomes}
    inputs = input_table(base.ground.study, sample)
    return {
        name: {
            **more.get(name, {}),
            "uncertainty": interval_table(base, sample, s),
            "sensitivity": sensitivity_table(sample, s),
            "uncertain_inputs": inputs,
        }
        for s, name in enumerate(sample.scenarios)
    }


def interval_table(base: Baseline, sample: Sample, s: int) -> Columns:
    """Return central value, mean, median and 5 to 95 % interval of every figure and of real incomes."""
    rows: list[tuple[Any, ...]] = []
    for f, figure in enumerate(sample.figures):
        drawn = sample.values[:, s, f]
        rows += [(figure.key, figure.name, *line, figure.unit) for line in _lines(drawn, float(sample.central[s, f]))]
    inputs = base.ground.inputs
    for i, economy in enumerate(inputs.economies):
        key, name = f"income:{economy}", f"{inputs.names[i]}: real income"
        rows += [(key, name, *line, "percent") for line in _lines(sample.income[:, s, i], None)]
    return columns_of(rows, ("indicator", "name", "measure", "value", "unit"))


def _lines(drawn: np.ndarray, central: float | None) -> list[tuple[str, float]]:
    low, median, high = np.quantile(drawn, (LOW, 0.5, HIGH))
    found = [("mean", float(drawn.mean())), ("low", float(low)), ("median", float(median)), ("high", float(high))]
    return found if central is None else [("central", central), *found]


def sensitivity_table(sample: Sample, s: int) -> Columns:
    """Return each input's share in the variance of every figure that varies, and how good the fit behind it is.

    Empty where there are too few draws to tell the inputs apart.
    """
    names = ("indicator", "name", "input", "measure", "value", "unit")
    if len(sample.draws) < 2 * (len(sample.draws.inputs) + 1):
        return columns_of([], names)
    indices = sobol_indices(sample.draws.chances, sample.draws.groups, sample.values[:, s])
    rows: list[tuple[Any, ...]] = []
    for f, figure in enumerate(sample.figures):
        if not indices.varies[f]:
            continue
        for g, name in enumerate(sample.draws.group_names):
            rows.append((figure.key, figure.name, name, "first_order", float(indices.first[f, g]), "share of variance"))
            rows.append((figure.key, figure.name, name, "total", float(indices.total[f, g]), "share of variance"))
        rows.append((figure.key, figure.name, "", "fit", float(indices.fit[f]), "share of variance"))
    return columns_of(rows, names)


def input_table(study: Study, sample: Sample) -> Columns:
    """Return which parameters were drawn from which range, and which have a range but were held."""
    estimated = {
        name
        for g, name in zip(sample.draws.groups.tolist(), (i.name for i in sample.draws.inputs), strict=True)
        if np.count_nonzero(sample.draws.groups == g) > 1
    }
    rows = [
        (
            item.name,
            "drawn",
            "covariance" if item.name in estimated else item.distribution,
            item.low,
            item.value,
            item.high,
            item.unit,
            item.source,
        )
        for item in sample.draws.inputs
    ]
    rows += [
        (item.name, "held", item.distribution, item.low, item.value, item.high, item.unit, item.source)
        for item in held_inputs(study)
    ]
    return columns_of(rows, ("input", "treatment", "distribution", "low", "value", "high", "unit", "source"))
