r"""Gravity on a study's own trade: how it answers to transport cost and to agreements.

The response to transport cost is estimated on the cross-section of the base year, with exporter and importer effects
and without pair effects, which would absorb costs that do not change over time. Beside great-circle distance stand
the study's own hours and its composite cost C as a part of the goods' value, as ``ln(C / value)`` and as
``ln tau = ln(1 + C / value)``. The coefficient of ln tau is minus the trade elasticity only if freight were the whole
of what grows with remoteness; it is not, so that coefficient takes up information, tastes and time beyond C.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import ConvergenceError, Problem, StudyError
from landbridge.network.geometry import great_circle_km
from landbridge.pipeline.inputs import Inputs
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.trade.gravity import THREE_WAY, TWO_WAY, GravityEstimate, estimate_gravity
from landbridge.trade.gravity_panel import PanelColumns
from landbridge.trade.gravity_terms import by_year, domestic

DISTANCE, HOURS, COST, TAU = "ln_distance", "ln_hours", "ln_cost", "ln_tau"
BORDER, TARIFF = "border", "ln_tariff_factor"
LABELS: Final = {
    DISTANCE: "great-circle distance",
    HOURS: "hours on the study's network",
    COST: "transport cost on the study's network",
    TAU: "1 + transport cost / value",
    BORDER: "a border between",
}
LEAST_ECONOMIES: Final = 6
"""Fewer economies leave too little trade beside exporter and importer effects."""
LEAST_AT_HOME: Final = 3
"""Fewer economies with measures within themselves say nothing of borders."""
_CROSS_SECTION: Final = PanelColumns(year=None)


@dataclass(frozen=True, slots=True)
class Specification:
    """One regression of the comparison.

    Attributes
    ----------
    name
        What stands in it, in words.
    explained
        Part of the deviance that exporter and importer effects alone leave which its regressors explain.
    """

    name: str
    estimate: GravityEstimate
    explained: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Regressions of the same trade on different measures of remoteness, on the same pairs.

    Attributes
    ----------
    pairs
        Pairs in every regression between economies.
    left_out
        Pairs with trade that have no finite positive measure: unreachable on the network, or in one place.
    at_home
        Economies whose domestic sales stand in the regression with a border: those with several zones, so that
        they have a distance within.
    """

    specifications: tuple[Specification, ...]
    pairs: int
    left_out: tuple[str, ...]
    at_home: tuple[str, ...] = ()

    def table(self) -> Columns:
        """Return the comparison as a tidy table, one row a coefficient."""
        rows = []
        for item in self.specifications:
            found = item.estimate
            rows += [
                (
                    item.name,
                    name,
                    float(found.coefficients[k]),
                    float(found.standard_errors[k]),
                    found.observations,
                    found.deviance,
                    100.0 * item.explained,
                    found.correlation_squared,
                )
                for k, name in enumerate(found.names)
            ]
        names = ("regression", "variable", "coefficient", "standard_error", "pairs", "deviance", "explained_percent")
        return columns_of(rows, (*names, "correlation_squared"))


def compare_costs(
    flows: Float,
    measures: Mapping[str, Float],
    *,
    economies: Sequence[str],
    indicators: Mapping[str, Float] | None = None,
) -> Comparison:
    """Return trade regressed on each measure by itself, and on the first together with each of the others.

    Where some economies have the first measure within themselves, it also stands beside a border, with their
    domestic sales in the regression.

    Parameters
    ----------
    flows
        Shape (N, N), exporter by importer, million USD, with domestic sales.
    measures
        Each of shape (N, N), as logarithms under the name of their variable; not finite where there is none.
    economies
        Their names, N of them.
    indicators
        More regressors of shape (N, N) that stand in every regression: common language, border, agreement.

    Raises
    ------
    StudyError
        If there are too few economies.
    """
    n = len(economies)
    if n < LEAST_ECONOMIES:
        message = f"{n} economies are too few to estimate on. Give {LEAST_ECONOMIES} or more."
        raise StudyError([Problem("LB531", message, "tables/economies.csv")])
    indicators = indicators or {}
    known = np.isfinite(np.stack(list(measures.values()))).all(axis=0)
    abroad = ~np.eye(n, dtype=bool)
    missing = np.argwhere(abroad & ~known & (flows > 0.0))
    columns = {**measures, **indicators}
    between = _panel(flows, columns, economies, known & abroad)
    first, *others = measures
    specifications = _specified(between, [[name] for name in measures] + [[first, name] for name in others], indicators)
    at_home = ~abroad & np.isfinite(measures[first]) & (flows > 0.0)
    home = np.flatnonzero(at_home.any(0)).tolist()
    if len(home) >= LEAST_AT_HOME:
        columns = {first: measures[first], BORDER: abroad.astype(np.float64), **indicators}
        within = _panel(flows, columns, economies, (known & abroad) | at_home)
        specifications += _specified(within, [[first, BORDER]], indicators)
    left_out = tuple(f"{economies[i]}-{economies[j]}" for i, j in missing)
    return Comparison(
        tuple(specifications),
        len(between["trade"]),
        left_out,
        tuple(economies[i] for i in home) if len(home) >= LEAST_AT_HOME else (),
    )


def _panel(flows: Float, columns: Mapping[str, Float], economies: Sequence[str], kept: Bool) -> dict[str, Any]:
    rows, places = np.nonzero(kept)
    names = np.asarray(economies, dtype=np.str_)
    return {
        "exporter": names[rows],
        "importer": names[places],
        "trade": flows[rows, places],
        **{name: values[rows, places] for name, values in columns.items()},
    }


def _specified(
    panel: Mapping[str, Any], sets: Sequence[Sequence[str]], indicators: Mapping[str, Float]
) -> list[Specification]:
    effects_only = _estimate(panel, [])
    found = []
    for names in sets:
        fit = _estimate(panel, [*names, *indicators])
        words = " and ".join(LABELS.get(name, name) for name in names)
        found.append(Specification(words, fit, 1.0 - fit.deviance / effects_only.deviance))
    return found


def _estimate(panel: Mapping[str, Any], regressors: Sequence[str]) -> GravityEstimate:
    return estimate_gravity(panel, regressors, effects=TWO_WAY, cluster="symmetric-pair", columns=_CROSS_SECTION)


def study_measures(base: Baseline) -> dict[str, Float]:
    """Return a study's measures of remoteness between economies, as logarithms, each (N, N).

    Zones weigh with their shares of their economy's trade at both ends, classes with their shares in the pair's
    containers. A pair of which some part cannot be reached has no measure (nan is not used: inf).
    """
    inputs = base.ground.inputs
    hours = economy_mean(inputs, base.freight.mean("hours"))
    composite = base.freight.choice.composite_usd_per_teu
    value = np.array([item.value_usd_per_teu for item in inputs.classes])
    reached = np.isfinite(composite)
    ratio = np.where(reached, composite, 0.0) / value[:, None, None]
    tau = economy_mean(inputs, np.where(reached & (ratio > -1.0), np.log1p(ratio), np.inf))
    zones = base.ground.study.tables["zones"]
    latitude, longitude = zones.number("latitude_deg"), zones.number("longitude_deg")
    km = great_circle_km(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :])
    distance = economy_mean(inputs, np.broadcast_to(km, (len(inputs.classes), *km.shape)))
    cost = economy_mean(inputs, np.where(reached, ratio, np.inf))
    reachable = np.isfinite(tau) & (tau > 0.0)
    hours = np.where(reachable, hours, np.inf)
    return {
        DISTANCE: _logarithm(distance),
        HOURS: _logarithm(hours),
        COST: _logarithm(cost),
        TAU: np.where(reachable, tau, np.inf),
    }


def economy_mean(inputs: Inputs, values: Float) -> Float:
    """Return zone values (K, Z, Z) as means between economies (N, N); inf where any part that weighs is inf."""
    n = len(inputs.economies)
    weight = np.zeros((len(inputs.zones), n))
    weight[np.arange(len(inputs.zones)), inputs.zone_economy] = inputs.zone_share
    moved = inputs.class_share.sum(axis=0)
    mix = np.where(moved > 0.0, inputs.class_share / np.where(moved > 0.0, moved, 1.0), 1.0 / len(inputs.classes))
    finite = np.isfinite(values)
    mean = np.einsum("zi,kzw,wj,kij->ij", weight, np.where(finite, values, 0.0), weight, mix, optimize=True)
    lost = np.einsum("zi,kzw,wj,kij->ij", weight, (~finite).astype(np.float64), weight, mix, optimize=True)
    result: Float = np.where(lost > 0.0, np.inf, mean)
    return result


def estimate_study(base: Baseline, *, indicators: Mapping[str, Float] | None = None) -> Comparison:
    """Return the comparison on a study's own trade and skims, as its baseline stands."""
    inputs = base.ground.inputs
    return compare_costs(inputs.flows, study_measures(base), economies=inputs.economies, indicators=indicators)


def gravity_table(base: Baseline) -> Columns | None:
    """Return the comparison as the result's table ``gravity``; None where the study has too little to estimate on."""
    try:
        return estimate_study(base).table()
    except (StudyError, ConvergenceError):  # too few economies or pairs: a run does not need regressions
        return None


def estimate_agreement(panel: Mapping[str, Any], flag: str, *, tariff: str | None = None) -> GravityEstimate:
    """Return the effect of agreements on trade from a panel with years, with three-way effects.

    With tariffs in the panel, the flag is what agreements do beyond cutting them.

    Parameters
    ----------
    panel
        Columns ``exporter``, ``importer``, ``year``, ``trade`` and the flag. With domestic trade in it, a border
        effect for each year but the first takes up globalisation, so that the flag is not credited with it (Bergstrand,
        Larch and Yotov 2015).
    flag
        Name of the column: 1 where an agreement is in force. On domestic trade it counts as 0.
    tariff
        Name of a column of ad valorem tariffs in percent, 0 on domestic trade, which stands as ``ln(1 + t)``.

    Returns
    -------
    GravityEstimate
        The flag's coefficient, in log points of trade, that of `TARIFF` if asked for, then the borders'.

    Raises
    ------
    StudyError
        If a column is missing, or a tariff is not above -100 %.
    """
    problems = [
        Problem("LB701", f"The panel has no column {name!r}. Give it, or name another.", "panel", 0, name)
        for name in ("exporter", "importer", "year", "trade", flag, *([tariff] if tariff else []))
        if name not in panel
    ]
    if tariff and tariff in panel and not np.asarray(panel[tariff], np.float64).min() > -100.0:
        message = "a tariff is not above -100 percent. Give percent, 5 for 5 percent."
        problems.append(Problem("LB708", message, "panel", 0, tariff))
    if problems:
        raise StudyError(problems)
    exporter, importer, year = (np.asarray(panel[name]) for name in ("exporter", "importer", "year"))
    home = domestic(exporter, importer)
    columns: dict[str, Any] = {
        "exporter": exporter,
        "importer": importer,
        "year": year,
        "trade": np.asarray(panel["trade"], np.float64),
        flag: np.asarray(panel[flag], np.float64) * (1.0 - home),
    }
    duties = [TARIFF] if tariff else []
    if tariff:
        columns[TARIFF] = np.log1p(np.asarray(panel[tariff], np.float64) / 100.0 * (1.0 - home))
    borders = by_year("domestic", home, year, base=float(year.min())) if home.any() else {}
    return estimate_gravity({**columns, **borders}, [flag, *duties, *borders], effects=THREE_WAY, cluster="pair")


def _logarithm(values: Float) -> Float:
    there = np.isfinite(values) & (values > 0.0)
    result: Float = np.where(there, np.log(np.where(there, values, 1.0)), np.inf)
    return result
