r"""What users, the climate and whole economies gain from a project, each counted once.

User benefits are the rule of a half per zone pair on composite costs :math:`C` (USD per TEU), never by route:

.. math:: \Delta U_{ij} = \tfrac12 (q^0_{ij} + q^1_{ij}) (C^0_{ij} - C^1_{ij}).

It approximates the area under a demand curve between two finite costs, so it says nothing about a pair that was,
or becomes, forbidden: there the equivalent variation (EV) of the trade model is the measure. EV holds all that
users gain, and, where charges are part of spending, what operators gain: the two measures are never added.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Float, Int
from landbridge.core.matrices import Matrix
from landbridge.core.problems import Problem, StudyError, refuse

MOST_NAMED = 5


def rule_of_half(
    trips_without: ArrayLike, trips_with: ArrayLike, cost_without: ArrayLike, cost_with: ArrayLike
) -> Float:
    """Return the gain in USD a year of each pair, the shape of the four (zone pairs, with or without classes first).

    Parameters
    ----------
    trips_without, trips_with
        Loaded TEU a year.
    cost_without, cost_with
        Composite cost C in USD per TEU; ``inf`` where a pair cannot be served.

    Raises
    ------
    StudyError
        If a pair with trips has an infinite cost in either case: out of, or into, a ban the rule is undefined.
        Pairs without trips in both cases gain nothing, whatever their cost.
    """
    q0, q1, c0, c1 = (np.asarray(a, dtype=np.float64) for a in (trips_without, trips_with, cost_without, cost_with))
    found = [
        Problem("LB840", f"Trips and costs have shapes {[a.shape for a in (q0, q1, c0, c1)]}. Give all four alike.")
        for _ in range(len({a.shape for a in (q0, q1, c0, c1)}) > 1)
    ]
    if any(np.isnan(a).any() for a in (q0, q1, c0, c1)) or any((a < 0.0).any() or np.isinf(a).any() for a in (q0, q1)):
        found.append(Problem("LB841", "Trips must be finite and not negative, costs not nan. Mend the two runs."))
    refuse(found)
    moves = (q0 + q1) > 0.0
    broken = np.argwhere(moves & ~(np.isfinite(c0) & np.isfinite(c1)))
    if len(broken):
        named = ", ".join(str(tuple(int(k) for k in at)) for at in broken[:MOST_NAMED])
        more = f" and {len(broken) - MOST_NAMED} more" if len(broken) > MOST_NAMED else ""
        message = (
            f"{len(broken)} pair(s) with trips cannot be served in one of the two cases (positions {named}{more}). "
            "The rule of a half is undefined out of a ban: use the equivalent variation (measure 'welfare')."
        )
        raise StudyError([Problem("LB842", message)])
    saved = np.where(moves, np.where(moves, c0, 0.0) - np.where(moves, c1, 0.0), 0.0)
    return np.asarray(0.5 * (q0 + q1) * saved, dtype=np.float64)


def rule_of_half_matrix(without: tuple[Matrix, Matrix], with_project: tuple[Matrix, Matrix]) -> Matrix:
    """Return the gain by zone pair from (trips, cost) without and with the project, USD a year.

    Raises
    ------
    StudyError
        If labels or units differ, or as in `rule_of_half`.
    """
    trips0, cost0 = without
    trips1, cost1 = with_project
    labels = {(m.rows, m.columns) for m in (trips0, cost0, trips1, cost1)}
    found: list[Problem] = []
    if len(labels) > 1:
        found.append(Problem("LB840", "The two runs have different zones. Compare runs of one study."))
    if len({m.unit for m in (trips0, trips1)}) > 1 or len({m.unit for m in (cost0, cost1)}) > 1:
        found.append(Problem("LB843", "The two runs have different units. Compare runs of one study."))
    refuse(found)
    gain = rule_of_half(trips0.values, trips1.values, cost0.values, cost1.values)
    return Matrix(gain, trips0.rows, trips0.columns, "user benefit", "USD a year")


def by_economy(
    gains: Float, zone_economy: Int, economies: Sequence[str], *, importer_share: float = 0.5
) -> dict[str, float]:
    """Return the gains of zone pairs, shape (..., Z, Z) exporter by importer, by economy; they add up to the total.

    `importer_share` of a pair's gain goes to the importing economy and the rest to the exporting one: who gains
    from cheaper transport depends on supply and demand elasticities, and a half each is the neutral assumption.
    """
    if not 0.0 <= importer_share <= 1.0:
        refuse(
            [Problem("LB820", f"An importer share of {importer_share:g} is outside 0 to 1.", "", 0, "importer_share")]
        )
    zones = gains.shape[-1]
    flat = gains.reshape(-1, zones, zones).sum(axis=0)
    n = len(economies)
    exported = np.bincount(zone_economy, weights=flat.sum(axis=1), minlength=n)
    imported = np.bincount(zone_economy, weights=flat.sum(axis=0), minlength=n)
    shared = (1.0 - importer_share) * exported + importer_share * imported
    return {economy: float(shared[i]) for i, economy in enumerate(economies)}


def interpolate_path(path: Mapping[int, float], years: Int) -> Float:
    """Return a stated path (year to value) at `years`, shape (T,): straight between, level before and after."""
    if not path:
        return np.zeros(len(years))
    known = sorted(path)
    return np.asarray(np.interp(years, known, [path[year] for year in known]), dtype=np.float64)


def carbon_benefit(tonnes_change: Float, usd_per_t: Float) -> Float:
    """Return the gain in USD by year, shape (T,), of a change in tonnes of CO2 (fewer is negative) at a price path."""
    return np.asarray(-tonnes_change * usd_per_t, dtype=np.float64)
