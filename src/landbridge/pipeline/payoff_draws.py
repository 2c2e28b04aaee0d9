"""Draws of the parameters behind the payoffs of coalitions, and the few points between which transport follows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float
from landbridge.study.model import Parameter, Study

AGREEMENTS: Final = "agreement_trade_log_points"
"""The parameter that scales the effect of all agreements."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Parameters that a draw of the payoffs replaces.

    Attributes
    ----------
    trade_elasticity, choice_scale_per_usd
        In place of the study's.
    agreement_factor
        On the effect of every agreement in logs.
    """

    trade_elasticity: float
    choice_scale_per_usd: float
    agreement_factor: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Knots:
    """Points at which transport is reckoned, and how every draw lies between them.

    Attributes
    ----------
    points
        The first is the study's own parameters; agreements at their own effect, as they do not touch transport.
    weights
        Of every point in every draw, rows add up to 1, shape (D, points).
    """

    points: tuple[Draw, ...]
    weights: Float


def own_parameters(study: Study) -> Draw:
    """Return the study's own parameters as a draw."""
    return Draw(study.parameter("trade_elasticity"), study.parameter("choice_scale_per_usd"))


def draw_parameters(study: Study, count: int, rng: np.random.Generator) -> tuple[Draw, ...]:
    """Return draws of the trade elasticity, the choice scale and the effect of agreements, stratified over ranges.

    Each range is cut into `count` parts of equal chance and one value is taken from each (McKay, Beckman and
    Conover 1979), so that few draws cover it; they are paired at random.
    """
    if not count:
        return ()
    columns = [_stratified(study.parameters[name], count, rng) for name in ("trade_elasticity", "choice_scale_per_usd")]
    agreement = study.parameters.get(AGREEMENTS)
    factor = np.ones(count)
    if agreement is not None and agreement.value:
        factor = _stratified(agreement, count, rng) / agreement.value
    return tuple(Draw(float(a), float(b), float(c)) for a, b, c in zip(*columns, factor, strict=True))


def knots_for(own: Draw, draws: Sequence[Draw]) -> Knots:
    r"""Return the points from which transport of all draws follows, and the weights.

    Transport depends on the elasticity :math:`e` and the log of the choice scale :math:`s` only: hardly on the one,
    smoothly on the other. So

    .. math:: f(e, s) \approx \sum_i l_i(e) f(e_i, s_0) + \sum_j l_j(s) f(e_0, s_j) - f(e_0, s_0) + q\, \Delta f ,

    with Lagrange's :math:`l` on the own value and the farther end of the draws (elasticity), or on the own value and
    both ends (scale), and for both together
    :math:`q = (e - e_0)(s - s_0) / ((e_c - e_0)(s_c - s_0))` times the mixed difference at one corner. With fewer
    draws than such points the draws are the points themselves, so nothing is left out.
    """
    pairs = list(dict.fromkeys((one.trade_elasticity, one.choice_scale_per_usd) for one in (own, *draws)))
    wanted = np.array([(one.trade_elasticity, np.log(one.choice_scale_per_usd)) for one in draws]).reshape(-1, 2)
    start = np.array([own.trade_elasticity, np.log(own.choice_scale_per_usd)])
    first, second = _far(start[0], wanted[:, 0]), _spread(start[1], wanted[:, 1])
    points = [*((e, own.choice_scale_per_usd) for e in first), *((start[0], float(np.exp(s))) for s in second[1:])]
    cross = len(first) > 1 and len(second) > 1
    if cross:
        points.append((first[-1], float(np.exp(second[-1]))))
    if len(pairs) <= len(points):
        at = {pair: k for k, pair in enumerate(pairs)}
        weights = np.zeros((len(draws), len(pairs)))
        for d, one in enumerate(draws):
            weights[d, at[one.trade_elasticity, one.choice_scale_per_usd]] = 1.0
        return Knots(tuple(Draw(*pair) for pair in pairs), weights)
    by_e, by_s = _lagrange(first, wanted[:, 0]), _lagrange(second, wanted[:, 1])
    weights = np.zeros((len(draws), len(points)))
    weights[:, : len(first)] = by_e
    weights[:, len(first) : len(first) + len(second) - 1] = by_s[:, 1:]
    weights[:, 0] += by_s[:, 0] - 1.0
    if cross:
        q = np.prod((wanted - start) / (np.array([first[-1], second[-1]]) - start), axis=1)
        weights[:, [0, -1]] += q[:, None]
        weights[:, [len(first) - 1, len(first) + len(second) - 2]] -= q[:, None]
    return Knots(tuple(Draw(float(e), float(scale)) for e, scale in points), weights)


def _far(own: float, wanted: Float) -> list[float]:
    """Return the own value and the end of what is wanted that is farther from it."""
    ends = [float(wanted.min()), float(wanted.max())] if len(wanted) else []
    return list(dict.fromkeys((float(own), *sorted(ends, key=lambda end: abs(end - own))[-1:])))


def _spread(own: float, wanted: Float) -> list[float]:
    """Return the own value and the ends of what is wanted."""
    ends = [float(wanted.min()), float(wanted.max())] if len(wanted) else []
    return list(dict.fromkeys((float(own), *ends)))


def _lagrange(nodes: Sequence[float], at: Float) -> Float:
    """Return Lagrange's polynomials on the nodes, shape (len(at), nodes)."""
    columns = []
    for i, node in enumerate(nodes):
        others = [other for k, other in enumerate(nodes) if k != i]
        columns.append(np.prod([(at - other) / (node - other) for other in others], axis=0) + np.zeros(len(at)))
    return np.stack(columns, axis=1)


def _stratified(parameter: Parameter, count: int, rng: np.random.Generator) -> Float:
    share = rng.permutation((np.arange(count) + rng.random(count)) / count)
    low, mode, high = parameter.low, parameter.value, parameter.high
    if parameter.distribution == "fixed" or high <= low:
        return np.full(count, mode)
    if parameter.distribution == "uniform":
        return low + share * (high - low)
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(share * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - share) * (high - low) * (high - mode))
    drawn: Float = np.where(share < turn, rising, falling)
    return drawn
