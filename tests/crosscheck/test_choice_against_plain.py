"""The kernel's bounded nested logit against the formulas written out with arrays."""

import numpy as np
import pytest

from landbridge.core.arrays import Float
from landbridge.routing.choice import Logit, choose, logsum, nests_of
from landbridge.routing.seasons import Season

SEASONS = (Season((1, 2, 3, 4, 5)), Season((6, 7, 8, 9, 10, 11, 12)))


def plain(generalised: Float, logit: Logit) -> tuple[Float, Float]:
    """Return shares (S, R, K, Z, Z) and monthly composite costs (S, K, Z, Z)."""
    total = generalised + logit.constant_usd_per_teu[:, None, None, None]
    mu = np.broadcast_to(logit.scale_per_usd, (generalised.shape[2],))[:, None, None]
    wide = np.broadcast_to(mu, total.shape[:1] + total.shape[2:])
    bound = None
    if np.isfinite(logit.bound_ratio):
        least = total.min(axis=1)
        bound = least + (logit.bound_ratio - 1.0) * np.abs(least)
    nests = nests_of(logit)
    inner = np.stack([logsum(total[:, rows], wide * scale, axis=1, bound=bound) for rows, scale in nests], axis=1)
    composite = logsum(inner, wide, axis=1)
    share = np.zeros_like(total)
    for m, (rows, scale) in enumerate(nests):
        within = ratio(total[:, rows], inner[:, m][:, None], (wide * scale)[:, None])
        if bound is not None:
            within = np.maximum(within - ratio(bound, inner[:, m], wide * scale)[:, None], 0.0)
        share[:, rows] = ratio(inner[:, m], composite, wide)[:, None] * within
    return share, composite


def ratio(cost: Float, composite: Float, mu: Float) -> Float:
    """Return ``exp(-mu (cost - composite))``, 0 where either is infinite."""
    reached = np.isfinite(cost) & np.isfinite(composite)
    gap = np.where(reached, cost, 0.0) - np.where(reached, composite, 0.0)
    return np.where(reached, np.exp(-mu * gap), 0.0)


@pytest.mark.parametrize("bound", [np.inf, 3.0, 1.05])
@pytest.mark.parametrize("nests", ["none", "two"])
def test_shares_and_composite_costs_are_those_of_the_formulas(bound: float, nests: str) -> None:
    rng = np.random.default_rng(7)
    cost = rng.uniform(200.0, 3000.0, (2, 5, 2, 6, 6))
    cost[rng.random(cost.shape) < 0.3] = np.inf
    cost[:, :, :, 0, 1] = np.inf
    logit = Logit(
        np.array([0.004, 0.02]),
        np.array([0.0, -300.0, 150.0, 20.0, -5.0]),
        ("rail", "rail", "", "sea", "sea") if nests == "two" else (),
        (("rail", 1.4), ("sea", 2.5)) if nests == "two" else (),
        bound_ratio=bound,
    )
    found = choose(cost, SEASONS, logit)
    share, composite = plain(cost, logit)
    np.testing.assert_allclose(found.season_share, share, rtol=1e-10, atol=1e-13)
    year = (5 * composite[0] + 7 * composite[1]) / 12
    np.testing.assert_allclose(found.composite_usd_per_teu, year, rtol=1e-12)
    reached = np.isfinite(composite)
    np.testing.assert_allclose(found.season_share.sum(1)[reached], 1.0, rtol=1e-12)
    assert (found.season_share.sum(1)[~reached] == 0).all()


def test_an_alternative_far_away_neither_overflows_nor_gets_a_share() -> None:
    cost = np.full((1, 3, 1, 1, 1), 100.0)
    cost[0, 1], cost[0, 2] = 1e7, np.inf
    found = choose(cost, (Season(tuple(range(1, 13))),), Logit(np.array([5.0]), np.zeros(3)))
    assert found.season_share[0, :, 0, 0, 0].tolist() == [1.0, 0.0, 0.0]
    assert found.composite_usd_per_teu[0, 0, 0] == 100.0
