"""The fast choice over packed cells against the choice of routing, on random alternatives with seasons and gaps."""

import numpy as np
import pytest

from landbridge.pipeline.kernel_uncertainty import choose_cells, falling_exp
from landbridge.routing.choice import Logit, choose, nests_of
from landbridge.routing.seasons import Season

SEASONS = (Season(tuple(range(1, 6))), Season(tuple(range(6, 13))))


@pytest.mark.parametrize("bound", [np.inf, 1.5, 1.05])
@pytest.mark.parametrize("ratio", [1.0, 1.6])
def test_packed_cells_choose_as_routing_does(bound: float, ratio: float) -> None:
    rng = np.random.default_rng(5)
    cost = rng.uniform(500.0, 6000.0, (2, 5, 2, 6, 6))
    cost[rng.random(cost.shape) < 0.3] = np.inf
    cost[:, :, 0, 0, 1] = np.inf
    fee = rng.uniform(0.0, 200.0, cost.shape)
    constant = np.array([100.0, -50.0, 0.0, 20.0, 0.0])
    logit = Logit(np.array([0.004]), constant, ("a", "a", "b", "b", ""), (("a", ratio), ("b", ratio)), bound)
    plain = choose(cost, SEASONS, logit)
    tall = cost.transpose(2, 3, 4, 0, 1).reshape(72, 2, 5)
    kept = np.isfinite(tall).reshape(144, 5)
    flat = tall.reshape(144, 5)[kept]
    fees = fee.transpose(2, 3, 4, 0, 1).reshape(144, 5)[kept]
    cells = (
        np.arange(0, 145, 2),
        np.tile([5 / 12, 7 / 12], 72),
        np.concatenate([[0], np.cumsum(kept.sum(1))]),
        np.nonzero(kept)[1],
        flat,
        np.zeros_like(flat),
        np.zeros_like(flat),
        fees,
        np.repeat([0, 1], 36),
    )
    groups = nests_of(logit)
    nest = np.zeros(5, np.int64)
    for m, (rows, _) in enumerate(groups):
        nest[rows] = m
    law = 0.004, bound, np.array([scale for _, scale in groups]), nest, constant, np.zeros(2), 0.0
    composite, share, charge = np.empty(72), np.empty((72, 5)), np.empty((72, 5))
    choose_cells(cells, law, composite, share, charge)
    expected = plain.composite_usd_per_teu.ravel()
    np.testing.assert_array_equal(np.isfinite(composite), np.isfinite(expected))
    reached = np.isfinite(expected)
    np.testing.assert_allclose(composite[reached], expected[reached], rtol=1e-9)
    np.testing.assert_allclose(share, np.moveaxis(plain.share, 0, -1).reshape(72, 5), atol=2e-8)
    paid = np.einsum("s,srkij,srkij->rkij", [5 / 12, 7 / 12], plain.season_share, np.where(np.isfinite(cost), fee, 0.0))
    np.testing.assert_allclose(charge, np.moveaxis(paid, 0, -1).reshape(72, 5), atol=1e-5)


def test_the_exponential_is_exact_beyond_what_shares_show() -> None:
    gaps = np.linspace(0.0, 39.9, 997)
    ours = np.array([falling_exp(gap) for gap in gaps])
    np.testing.assert_allclose(ours, np.exp(-gaps), rtol=1e-13)
