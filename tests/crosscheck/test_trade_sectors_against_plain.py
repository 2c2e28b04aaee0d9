"""The many-sector solver gives what Caliendo and Parro's own nested repetition gives."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import Policy
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import settle, solve_trade_sectors

_spec = importlib.util.spec_from_file_location("trade_plain", Path(__file__).with_name("trade_plain.py"))
assert _spec is not None
assert _spec.loader is not None
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)


def random_sectors(rng: np.random.Generator, n_sectors: int, n: int) -> SectorEconomy:
    shares = rng.gamma(0.5, size=(n_sectors, n, n)) + 5.0 * np.eye(n)
    added = rng.uniform(0.3, 0.6, (n_sectors, n))
    inputs = rng.gamma(1.0, size=(n, n_sectors, n_sectors))
    inputs *= ((1 - added.T) / inputs.sum(1))[:, None, :]
    final = rng.gamma(2.0, size=(n_sectors, n))
    labour = np.exp(rng.normal(0, 1, n))
    deficit = 0.1 * labour * rng.normal(size=n)
    return SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        np.outer(np.ones(n_sectors), labour),
        labour,
        added,
        inputs,
        final / final.sum(0),
        rng.uniform(2, 9, n_sectors),
        deficit - labour * deficit.sum() / labour.sum(),
    )


@pytest.mark.parametrize("deficits", ["balanced", "additive"])
def test_tariffs_and_costs_match_the_nested_solver(deficits: str) -> None:
    rng = np.random.default_rng(2)
    raw = random_sectors(rng, 4, 6)
    old, new = rng.uniform(0, 0.3, (2, 4, 6, 6)) * (1 - np.eye(6))
    cost = np.exp(rng.normal(0, 0.1, (4, 6, 6)))
    base = settle(raw, tariff=old, deficits=deficits)
    ours = solve_trade_sectors(base, tariff=old, new_tariff=new, cost_change=cost, deficits=deficits)
    theirs = plain.plain_sectors(
        base.shares,
        base.spending,
        base.value_added,
        base.value_added_share,
        base.input_shares,
        base.final_shares,
        base.trade_elasticity,
        old,
        new,
        cost,
        base.deficit,
    )
    np.testing.assert_allclose(ours.wage_change, theirs.wage_change, rtol=1e-7)
    np.testing.assert_allclose(ours.real_income_change, theirs.real_income_change, rtol=1e-7)
    np.testing.assert_allclose(ours.sector_price_change, theirs.sector_price_change, rtol=1e-7)


def test_one_sector_without_inputs_is_the_one_sector_model() -> None:
    rng = np.random.default_rng(4)
    flows = plain.random_economy(rng, 12)
    old, new = rng.uniform(0, 0.3, (2, 12, 12)) * (1 - np.eye(12))
    cost = np.exp(rng.normal(0, 0.2, (12, 12)))
    gross = flows * (1 + old)
    deficit = gross.sum(0) - flows.sum(1) - (flows * old).sum(0)
    many = SectorEconomy(
        (gross / gross.sum(0))[None],
        gross.sum(0)[None],
        flows.sum(1),
        np.ones((1, 12)),
        np.zeros((12, 1, 1)),
        np.ones((1, 12)),
        np.array([5.0]),
        deficit,
    )
    for rule in ("balanced", "additive"):
        one = solve_trade(flows, cost, trade_elasticity=5.0, deficits=rule, policy=Policy(tariffs=old, new_tariffs=new))
        sectors = solve_trade_sectors(
            many, tariff=old[None], new_tariff=new[None], cost_change=cost[None], deficits=rule
        )
        np.testing.assert_allclose(sectors.real_income_change, one.real_income_change, rtol=1e-8)
        np.testing.assert_allclose(sectors.wage_change, one.wage_change, rtol=1e-8)
        np.testing.assert_allclose(sectors.flows[0], one.flows, rtol=1e-7)


def test_a_batch_gives_what_single_calls_give() -> None:
    rng = np.random.default_rng(8)
    economy = random_sectors(rng, 3, 7)
    tariff = np.zeros((3, 7, 7))
    cost = np.exp(rng.normal(0, 0.3, (5, 3, 7, 7)))
    batch = solve_trade_sectors(economy, tariff=tariff, cost_change=cost, deficits="additive")
    for s in range(5):
        alone = solve_trade_sectors(economy, tariff=tariff, cost_change=cost[s], deficits="additive")
        np.testing.assert_allclose(batch.real_income_change[s], alone.real_income_change, rtol=1e-8)
        np.testing.assert_allclose(batch.flows[s], alone.flows, rtol=1e-7)
