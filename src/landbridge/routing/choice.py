r"""Shares of alternatives and their composite cost: multinomial, nested and path-size logit.

The model, for one class and one pair in one month, with generalised cost g_r and constant a_r of alternative r
(both in USD per TEU) and scale mu per USD (Ben-Akiva and Lerman 1985, chapters 5 and 10):

.. math::
    P_r = \frac{e^{-\mu (g_r + a_r)}}{\sum_s e^{-\mu (g_s + a_s)}}, \qquad
    C = -\frac{1}{\mu} \ln \sum_r e^{-\mu (g_r + a_r)}

With nests m of scale mu_m at least mu: ``C_m = -(1/mu_m) ln sum_{r in m} exp(-mu_m (g_r + a_r))``,
``P_m ~ exp(-mu C_m)``, ``P_{r|m} ~ exp(-mu_m (g_r + a_r))`` and ``C = -(1/mu) ln sum_m exp(-mu C_m)``. The year
is the mean of monthly shares and of monthly C, not a choice on mean costs. As mu grows, C tends to the least
cost.

A logit gives every alternative a share, however absurd the detour; over all pairs of the world these small shares
add up. With a bound b = phi times the least cost, the bounded choice model (Watling, Rasmussen, Prato and Nielsen
2018, Transportation Research Part B 114, equation 13) takes ``max(0, exp(-mu (g_r + a_r)) - exp(-mu b))`` in the
place of ``exp(-mu (g_r + a_r))``: shares fall to nothing, without a jump, as the cost comes up to b.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse
from landbridge.core.threads import side_by_side
from landbridge.routing.seasons import Season


@dataclass(frozen=True, slots=True, eq=False)
class Logit:
    """A nested logit over R alternatives; without nests it is the multinomial logit.

    Attributes
    ----------
    scale_per_usd
        mu, one per class or one for all: shape (K,) or (1,).
    constant_usd_per_teu
        a_r, shape (R,); a positive constant makes an alternative less used. Only differences matter for shares.
    nest
        Nest of each alternative; the empty name stands alone.
    nest_scale_ratio
        mu_m / mu of each named nest, at least 1; 1 is no nest.
    """

    scale_per_usd: Float
    constant_usd_per_teu: Float
    nest: tuple[str, ...] = ()
    nest_scale_ratio: tuple[tuple[str, float], ...] = ()
    bound_ratio: float = float("inf")
    """Alternatives that cost more than this many times the least are out of the question (bounded choice)."""

    def __post_init__(self) -> None:
        problems = []
        if not self.bound_ratio > 1:
            problems.append(Problem("LB350", "The bound is above 1, a multiple of the least cost.", "bound_ratio"))
        if not (np.isfinite(self.scale_per_usd) & (self.scale_per_usd > 0)).all():
            problems.append(Problem("LB350", "The scale of a choice is above 0 and finite, per USD.", "scale_per_usd"))
        if not np.isfinite(self.constant_usd_per_teu).all():
            problems.append(
                Problem("LB350", "Constants are finite; to forbid an alternative close its gates.", "constants")
            )
        if self.nest and len(self.nest) != len(self.constant_usd_per_teu):
            problems.append(Problem("LB350", "Give one nest for each alternative, or none at all.", "nest"))
        problems += [
            Problem(
                "LB350",
                f"Nest '{name}' has ratio {ratio:g}: mu_m / mu must be 1 or more, or alternatives in a nest would be "
                "less alike than others.",
                "nest_scale_ratio",
            )
            for name, ratio in self.nest_scale_ratio
            if not (np.isfinite(ratio) and ratio >= 1)
        ]
        refuse(problems)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What is chosen: S seasons, R alternatives, K classes, Z zones.

    Attributes
    ----------
    season_share
        Shape (S, R, K, Z, Z); sums to 1 over R, or 0 where the season has no route.
    share
        Shape (R, K, Z, Z): mean over the months; sums to 1 where every month has a route.
    composite_usd_per_teu
        Shape (K, Z, Z): mean of the monthly C; inf where in some month there is no route.
    """

    season_share: Float
    share: Float
    composite_usd_per_teu: Float


def choose(generalised: Float, seasons: Sequence[Season], logit: Logit) -> Choice:
    """Return shares and composite cost for alternatives' costs of shape (S, R, K, Z, Z), inf where there is none."""
    n_alternatives = generalised.shape[1]
    if len(logit.constant_usd_per_teu) != n_alternatives:
        message = f"{len(logit.constant_usd_per_teu)} constants for {n_alternatives} alternatives."
        refuse([Problem("LB350", message, "constants")])
    from landbridge.routing import kernel_choice

    weight = np.array([season.weight for season in seasons])
    shape = generalised.shape
    nest_of, ratio = nest_codes(logit)
    share, composite = np.empty(shape), np.empty((shape[0], *shape[2:]))
    cost = np.ascontiguousarray(generalised, np.float64)
    constant = np.ascontiguousarray(logit.constant_usd_per_teu, np.float64)
    mu = np.ascontiguousarray(np.broadcast_to(logit.scale_per_usd, (shape[2],)), np.float64)
    bound = float(logit.bound_ratio)

    def fill(task: int) -> None:
        season, freight = divmod(task, shape[2])
        kernel_choice.choose_some(cost, constant, mu, nest_of, ratio, bound, season, freight, share, composite)

    side_by_side(fill, shape[0] * shape[2])
    return Choice(share, np.einsum("s,srkij->rkij", weight, share), np.einsum("s,skij->kij", weight, composite))


def nest_codes(logit: Logit) -> tuple[Int, Float]:
    """Return the nest of each alternative, shape (R,), and the ratio mu_m / mu of each nest."""
    groups = nests_of(logit)
    nest_of = np.zeros(len(logit.constant_usd_per_teu), np.int64)
    for m, (rows, _) in enumerate(groups):
        nest_of[rows] = m
    return nest_of, np.array([ratio for _, ratio in groups])


def nests_of(logit: Logit) -> tuple[tuple[Int, float], ...]:
    """Return the alternatives and the ratio mu_m / mu of each nest; who stands alone is a nest of one."""
    names = logit.nest or ("",) * len(logit.constant_usd_per_teu)
    ratio = dict(logit.nest_scale_ratio)
    groups: dict[str, list[int]] = {}
    for r, name in enumerate(names):
        groups.setdefault(name or f"\0{r}", []).append(r)
    return tuple((np.array(rows), ratio.get(name, 1.0)) for name, rows in groups.items())


def logsum(cost: Float, mu: Float, *, axis: int, bound: Float | None = None) -> Float:
    """Return ``-(1/mu) ln sum exp(-mu cost)`` along an axis; inf where every cost is. `mu` has no such axis.

    With a bound b (without that axis) the terms are ``max(0, exp(-mu cost) - exp(-mu b))``.
    """
    least = cost.min(axis=axis)
    base = np.where(np.isfinite(least), least, 0.0)
    terms = np.exp(-np.expand_dims(mu, axis) * (cost - np.expand_dims(base, axis)))
    if bound is not None:
        floor = np.exp(-mu * np.where(np.isfinite(bound), np.maximum(bound - base, -700.0 / mu), np.inf))
        terms = np.maximum(terms - np.expand_dims(floor, axis), 0.0)
    total = terms.sum(axis=axis)
    value: Float = np.where(total > 0, base - np.log(np.where(total > 0, total, 1.0)) / mu, np.inf)
    return value


def _ratio(cost: Float, composite: Float, mu: Float) -> Float:
    """Return ``exp(-mu (cost - composite))``, 0 where the cost or the composite cost is infinite."""
    reached = np.isfinite(cost) & np.isfinite(composite)
    gap = np.where(reached, cost, 0.0) - np.where(reached, composite, 0.0)
    value: Float = np.where(reached, np.exp(-mu * gap), 0.0)
    return value


def path_size(arcs: Sequence[Int], arc_cost: Float) -> Float:
    r"""Return the path size of each route of a choice set, shape (n_routes,), in (0, 1].

    .. math:: PS_r = \sum_{a \in r} \frac{c_a}{c_r} \frac{1}{\sum_s \delta_{as}}

    1 where a route shares nothing, 1/n where n routes are the same (Ben-Akiva and Bierlaire 1999, eq. 32).
    """
    used = np.zeros(len(arc_cost))
    for route in arcs:
        used[np.unique(route)] += 1.0
    sizes = []
    for route in arcs:
        length = arc_cost[route].sum()
        sizes.append(float((arc_cost[route] / used[route]).sum() / length) if length > 0 else 1.0)
    return np.array(sizes)


def path_size_logit(cost: Float, size: Float, *, scale_per_usd: float, size_weight: float = 1.0) -> tuple[Float, float]:
    """Return shares (n_routes,) and composite cost of a path-size logit: utility ``-mu g + weight ln PS``.

    With weight 1, n copies of a route have together the share that one would have, and the same composite cost.
    """
    adjusted = cost - size_weight * np.log(size) / scale_per_usd
    composite = float(logsum(adjusted, np.array(scale_per_usd), axis=0))
    return _ratio(adjusted, np.array(composite), np.array(scale_per_usd)), composite
