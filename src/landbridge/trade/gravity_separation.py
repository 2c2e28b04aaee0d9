r"""Observations that regressors separate: zeros that are fitted by a coefficient going to infinity.

The estimate does not exist where some z = x' gamma + effects is 0 on every observation with trade and of one sign,
not 0 everywhere, on those without (Correia, Guimaraes and Zylkin 2019, proposition 1). Such a gamma needs regressors
that are collinear with effects on the observations with trade; those directions are found here, and the observations
without trade on which z differs from 0 are left out. Each collinear direction is looked at by itself; what needs two
of them together, or effects alone, shows in the fit: its trade runs to nothing (`vanished`).
"""

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.trade.gravity_panel import Panel, pair_effects

_NOTHING = 1e-7
"""Fitted trade below this part of the least that is fitted to trade is on its way to 0."""
_ZERO = 1e-5
"""A reduced regressor is 0 where it is below this part of its spread."""


def separated_by_regressors(panel: Panel, *, dense: bool) -> Bool:
    """Return which observations are separated, shape (n,).

    Parameters
    ----------
    panel
        Observations whose effects all have trade.
    dense
        Whether to solve for effects on the cube of exporters, importers and years.
    """
    out = np.zeros(len(panel.trade), dtype=bool)
    positive = panel.trade > 0.0
    if positive.all() or not len(panel.names):
        return out
    left = (_left_on_cube if dense else _left_on_rows)(panel, positive)
    for direction in _collinear_directions(left[positive], _spread(panel.regressors)):
        z = left @ direction
        z = np.where(np.abs(z) > _ZERO * np.abs(left).max(axis=0) @ np.abs(direction), z, 0.0)
        if z[~positive].any() and not z[positive].any() and (z.min() >= 0.0 or z.max() <= 0.0):
            out |= z != 0.0
    return out


def vanished(trade: Float, fitted: Float) -> Bool:
    """Return zeros whose fitted trade is nothing beside the least fitted where there is trade, shape (n,)."""
    positive = trade > 0.0
    least = float(fitted[positive].min()) if positive.any() else 0.0
    result: Bool = ~positive & (fitted < _NOTHING * least)
    return result


def _spread(regressors: Float) -> Float:
    spread: Float = np.sqrt((regressors**2).mean(0))
    return spread


def _collinear_directions(left: Float, spread: Float) -> list[Float]:
    """Return combinations of regressors that vanish where there is trade, one for each that others explain."""
    k = left.shape[1]
    square = left.T @ left
    whole = spread**2 * len(left)
    chosen: list[int] = []
    found = []
    for j in range(k):
        if whole[j] == 0.0:
            continue
        weights = np.linalg.solve(square[np.ix_(chosen, chosen)], square[chosen, j]) if chosen else np.zeros(0)
        rest = square[j, j] - square[j, chosen] @ weights
        if rest > _ZERO**2 * whole[j]:
            chosen.append(j)
            continue
        direction = np.zeros(k)
        direction[j] = 1.0
        direction[chosen] = -weights
        found.append(direction)
    return found


def _left_on_cube(panel: Panel, positive: Bool) -> Float:
    """Return regressors less the effects that fit them where there is trade, shape (n, k)."""
    from landbridge.trade.ppml_effects import make_projector, solve_effects

    n = len(panel.economies)
    cells = (panel.exporter, panel.importer, panel.year)
    weight = np.zeros((n, n, len(panel.years)))
    weight[cells] = positive
    x = np.zeros((len(panel.names), *weight.shape))
    x[:, cells[0], cells[1], cells[2]] = panel.regressors.T
    pairs, symmetric = pair_effects(panel)
    projector = make_projector(weight, pairs=pairs, symmetric=symmetric)
    energy = np.maximum(1e-16 * np.einsum("ijt,kijt,kijt->k", weight, x, x), np.finfo(np.float64).tiny)
    left, _, _ = solve_effects(projector, x, energy=energy)
    return left[:, cells[0], cells[1], cells[2]].T


def _left_on_rows(panel: Panel, positive: Bool) -> Float:
    """Do the same for any effects, by least squares on their sparse dummies."""
    from scipy.sparse import csr_array, hstack
    from scipy.sparse.linalg import lsmr

    n = len(panel.trade)
    rows = np.arange(n)
    blocks = [csr_array((np.ones(n), (rows, codes))) for codes in panel.effects.values()]
    if not blocks:
        return panel.regressors
    dummies = csr_array(hstack(blocks))
    level = np.sqrt(np.maximum(dummies[positive].sum(axis=0), 1.0))
    scaled = dummies @ csr_array((1.0 / level, (np.arange(len(level)), np.arange(len(level)))))
    among = scaled[positive]
    left = np.empty_like(panel.regressors)
    for k, column in enumerate(panel.regressors.T):
        solved = lsmr(among, column[positive], atol=1e-9, btol=1e-9, maxiter=5000)[0]
        left[:, k] = column - scaled @ solved
    return left
