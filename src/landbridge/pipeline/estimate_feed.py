r"""From regressions to a study's parameters: value, 95 % range, covariance and where they come from.

Trade in a panel is net of tariff, so the coefficient of ``ln(1 + t)`` is :math:`-(1 + \varepsilon)`: spending answers
with :math:`-\varepsilon` and is divided by :math:`1 + t` once more (Yotov and others 2016, section 1.4). The
coefficient of ``ln tau`` on the study's skims is :math:`-\varepsilon` if freight were all that grows with remoteness;
beside distance it comes nearest to that, and still takes up time and information that go with cost.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError
from landbridge.pipeline.draws import NORMAL_95, sensible
from landbridge.pipeline.estimate import DISTANCE, TARIFF, TAU, Comparison
from landbridge.study.model import Parameter, Study
from landbridge.study.rewrite import EstimatedParameters
from landbridge.study.spec_parameters import PARAMETERS
from landbridge.trade.gravity import GravityEstimate

ELASTICITY, AGREEMENT = "trade_elasticity", "agreement_trade_log_points"
PANEL_ESTIMATE, SKIM_ESTIMATE = "gravity-panel", "gravity-skims"
_UNITS: Final = {ELASTICITY: "elasticity", AGREEMENT: "log points"}


def panel_parameters(fit: GravityEstimate, flag: str, *, data: str) -> EstimatedParameters:
    """Return the effect of agreements and, where the panel has tariffs, the trade elasticity, with their covariance.

    Parameters
    ----------
    fit
        What `estimate_agreement` returned.
    flag
        The agreements' column.
    data
        What the panel is, for the source.
    """
    rows = [(AGREEMENT, flag, 1.0, 0.0, "effect of an agreement in force on trade")]
    if TARIFF in fit.names:
        rows.append((ELASTICITY, TARIFF, -1.0, -1.0, "minus the coefficient of ln(1 + tariff), less 1"))
    title = (
        f"PPML with exporter-year, importer-year and pair effects, errors clustered by pair; {data}; "
        f"{fit.observations:,} observations, {fit.clusters:,} pairs"
    )
    return _estimated(PANEL_ESTIMATE, fit, rows, title)


def skim_parameters(comparison: Comparison, *, base_year: int) -> EstimatedParameters:
    """Return the trade elasticity that transport cost on the study's skims tells beside great-circle distance."""
    wanted = (DISTANCE, TAU)
    fit = next(item.estimate for item in comparison.specifications if item.estimate.names[:2] == wanted)
    title = (
        f"PPML with exporter and importer effects, errors clustered by pair; the study's trade of {base_year} on its "
        f"own transport cost and great-circle distance; {fit.observations:,} pairs"
    )
    note = "minus the coefficient of ln tau beside ln distance; takes up what else grows with transport cost"
    return _estimated(SKIM_ESTIMATE, fit, [(ELASTICITY, TAU, -1.0, 0.0, note)], title)


def stated_apart(study: Study) -> list[str]:
    """Return the measures whose agreements state another effect than the parameter: runs use what they state."""
    parameter = study.parameters.get(AGREEMENT)
    if parameter is None:
        return []
    return [
        measure.id
        for measure in study.measures
        if any(
            change.kind == "agreement" and change.value is not None and not np.isclose(change.value, parameter.value)
            for change in measure.changes
        )
    ]


def _estimated(
    estimate: str, fit: GravityEstimate, rows: Sequence[tuple[str, str, float, float, str]], title: str
) -> EstimatedParameters:
    """Return parameters ``sign coefficient + constant`` with 95 % ranges and covariance."""
    at = [fit.names.index(variable) for _, variable, _, _, _ in rows]
    sign = np.array([row[2] for row in rows])
    values = sign * fit.coefficients[at] + np.array([row[3] for row in rows])
    covariance: Float = fit.covariance[np.ix_(at, at)] * np.outer(sign, sign)
    error = np.sqrt(np.diag(covariance))
    _refuse_senseless([row[0] for row in rows], values)
    ends = [
        [float(sensible(row[0], end)) for row, end in zip(rows, values + side * NORMAL_95 * error, strict=True)]
        for side in (-1.0, 1.0)
    ]
    parameters = tuple(
        Parameter(
            name,
            float(values[k]),
            ends[0][k],
            ends[1][k],
            _UNITS[name],
            estimate,
            f"{note}; standard error {error[k]:.4g}, range of 95 %",
            "normal",
        )
        for k, (name, _, _, _, note) in enumerate(rows)
    )
    return EstimatedParameters(estimate, parameters, covariance, title)


def _refuse_senseless(names: Sequence[str], values: Float) -> None:
    found = []
    for name, value in zip(names, values.tolist(), strict=True):
        spec = next((item for item in PARAMETERS if item.name == name), None)
        if spec is not None and not spec.low <= value <= spec.high:
            message = (
                f"{name} is estimated as {value:.4g}, outside {spec.low:g} to {spec.high:g}: these data do not tell "
                "it. Keep the study's value, or give other data."
            )
            found.append(Problem("LB538", message, "estimate", 0, name))
    if found:
        raise StudyError(found)
