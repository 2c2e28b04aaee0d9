"""Newton on wages: the sweep's answer where both arrive, and an answer near autarky, where the sweep has none."""

import numpy as np
import pytest

from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sector_iteration import solve_sector_system
from landbridge.trade.sector_system import SectorPoint, SectorSystem, evaluate_sectors
from landbridge.trade.sector_wages import by_wages
from landbridge.trade.sectors import settle, solve_trade_sectors

J, N = 4, 7


def economy(rng: np.random.Generator, home: float) -> SectorEconomy:
    shares = rng.gamma(0.5, size=(J, N, N)) * (1.0 - np.eye(N))
    shares[:, np.arange(N), (np.arange(N) + 1) % N] += 1e-3
    shares *= (1.0 - home) / shares.sum(1, keepdims=True)
    shares += home * np.eye(N)
    added = rng.uniform(0.3, 0.6, (J, N))
    inputs = rng.gamma(1.0, size=(N, J, J))
    inputs *= ((1 - added.T) / inputs.sum(1))[:, None, :]
    final = rng.gamma(2.0, size=(J, N))
    labour = np.exp(rng.normal(0, 1.5, N))
    deficit = 0.02 * labour * rng.normal(size=N)
    deficit -= labour * deficit.sum() / labour.sum()
    return SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        np.outer(np.ones(J), labour),
        labour,
        added,
        inputs,
        final / final.sum(0),
        rng.uniform(2.0, 12.0, J),
        deficit,
    )


@pytest.mark.parametrize("taxed", [False, True])
@pytest.mark.parametrize("deficits", [0.0, 1.0])
def test_both_ways_lead_to_one_equilibrium(*, taxed: bool, deficits: float) -> None:
    rng = np.random.default_rng(3)
    base = economy(rng, 0.6)
    weights = (base.shares * np.exp(rng.normal(0, 0.5, base.shares.shape)))[None]
    rates = rng.uniform(0, 0.5, base.shares.shape) * ~np.eye(N, dtype=bool)
    kept = weights / (1.0 + rates) if taxed else weights
    system = SectorSystem(base, weights, kept, deficits * base.deficit[None])
    found = by_wages(system, TradeOptions(), "the scenario")
    assert found.x is not None
    swept = solve_sector_system(system, TradeOptions(scenario_labels=("the scenario",)))
    assert swept.method == ("anderson",)
    np.testing.assert_allclose(found.x, swept.point.vector(), atol=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_near_autarky_each_economy_balances_the_little_that_it_trades(seed: int) -> None:
    rng = np.random.default_rng(seed)
    free = np.zeros((J, N, N))
    base = settle(economy(rng, 1.0 - 1e-6), tariff=free)
    cost = np.exp(rng.normal(0, 0.3, free.shape))
    found = solve_trade_sectors(base, tariff=free, cost_change=cost)
    assert found.residual <= 1e-10
    flows = found.flows.sum(0)
    trade = flows - np.diag(np.diag(flows))
    # The residual is relative to sales: of trade, a millionth of them, it leaves a thousandth.
    np.testing.assert_allclose(trade.sum(1), trade.sum(0), rtol=1e-3)


def test_two_threads_give_the_same_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    free = np.zeros((J, N, N))
    base = settle(economy(rng, 0.7), tariff=free)
    cost = np.exp(rng.normal(0, 0.2, (20, J, N, N)))
    monkeypatch.setattr("landbridge.trade.sectors.CHUNK_BYTES", 16 * 6 * base.shares.size)
    one, two = (
        solve_trade_sectors(base, tariff=free, cost_change=cost, options=TradeOptions(workers=workers))
        for workers in (1, 2)
    )
    np.testing.assert_array_equal(one.real_income_change, two.real_income_change)
    np.testing.assert_array_equal(one.flows, two.flows)


def test_deficits_that_nobody_can_pay_are_left_to_others() -> None:
    rng = np.random.default_rng(1)
    base = economy(rng, 0.9)
    poor = SectorSystem(base, base.shares[None], base.shares[None], 2000.0 * base.deficit[None])
    found = by_wages(poor, TradeOptions(), "poor")
    assert found.x is None
    assert "poor" in found.reason
    fine = SectorSystem(base, base.shares[None], base.shares[None], base.deficit[None])
    solved = by_wages(fine, TradeOptions(), "fine")
    assert solved.x is not None
    assert evaluate_sectors(fine, SectorPoint.of(solved.x, base)).residuals()[0] <= 1e-10
