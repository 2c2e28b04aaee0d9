"""From an input-output table to the many-sector baseline: identities that hold whatever the table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.core.problems import StudyError
from landbridge.trade.sector_accounts import (
    LEAST_VALUE_ADDED,
    TRACE_MUSD,
    SectorAccounts,
    merged,
    sector_accounts,
    sector_economy,
)
from landbridge.trade.sectors import settle, solve_trade_sectors

ECONOMIES, SECTORS = ("A", "B", "C"), ("goods", "services")


def table(seed: int, *, stocks: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(0, 10, (3, 2, 3, 2)) * rng.choice([0.0, 1.0], (3, 2, 3, 2), p=[0.3, 0.7])
    final = rng.uniform(0, 40, (3, 2, 3))
    return inputs, final, rng.uniform(-stocks, stocks, (3, 2, 3)) * final


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_uses_output_and_value_added_add_up(seed: int) -> None:
    inputs, final, stocks = table(seed)
    found, changed = sector_accounts(inputs, final, stocks, economies=ECONOMIES, sectors=SECTORS)
    np.testing.assert_allclose(found.output.T, inputs.sum((2, 3)) + (final + stocks).sum(2))
    np.testing.assert_allclose(found.value_added + found.inputs.sum(1).T, found.output)
    assert found.value_added.sum() == pytest.approx(found.final.sum())
    assert changed.stocks == changed.negative_inputs == 0.0
    assert (found.value_added >= LEAST_VALUE_ADDED * found.output - 1e-9).all()


def test_goods_sold_out_of_stocks_count_as_made_in_the_year() -> None:
    inputs, final, stocks = np.zeros((3, 2, 3, 2)), np.full((3, 2, 3), 5.0), np.zeros((3, 2, 3))
    stocks[0, 0, 1] = -8.0  # 3 more than is used: came from the years before
    found, changed = sector_accounts(inputs, final, stocks, economies=ECONOMIES, sectors=SECTORS)
    assert changed.stocks == 3.0
    assert found.flows[0, 0].tolist() == [5.0, 0.0, 5.0]
    assert found.output[0, 0] == 10.0  # 7 by the book


def test_inputs_beyond_output_become_final_use_and_flows_stay() -> None:
    inputs, final, stocks = np.zeros((3, 2, 3, 2)), np.full((3, 2, 3), 1.0), np.zeros((3, 2, 3))
    inputs[0, 0, 1, 1] = 9.0  # B's services sell 3 and buy 9
    found, changed = sector_accounts(inputs, final, stocks, economies=ECONOMIES, sectors=SECTORS)
    assert found.flows[0, 0, 1] == 10.0
    assert changed.excess_inputs == pytest.approx(9.0 - (1 - LEAST_VALUE_ADDED) * 3.0)
    assert found.value_added[1, 1] == pytest.approx(LEAST_VALUE_ADDED * 3.0)
    assert found.final[0, 1] == pytest.approx(3.0 + changed.excess_inputs)


def test_a_sector_that_nobody_uses_has_a_trace_of_its_own() -> None:
    inputs, final, stocks = np.zeros((3, 2, 3, 2)), np.full((3, 2, 3), 1.0), np.zeros((3, 2, 3))
    final[:, 1, 2] = 0.0
    found, changed = sector_accounts(inputs, final, stocks, economies=ECONOMIES, sectors=SECTORS)
    assert changed.traces == 1
    assert found.flows[1, :, 2].tolist() == [0.0, 0.0, TRACE_MUSD]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_baseline_is_an_equilibrium_at_any_tariffs(seed: int) -> None:
    # `settle` returns the very object only if every equation holds as it stands
    inputs, final, stocks = table(seed)
    found, _ = sector_accounts(inputs, final, stocks, economies=ECONOMIES, sectors=SECTORS)
    tariff = np.random.default_rng(seed).uniform(0, 0.3, (2, 3, 3)) * ~np.eye(3, dtype=bool)
    economy = sector_economy(found, tariff=tariff, trade_elasticity=np.array([4.0, 6.0]))
    assert settle(economy, tariff=tariff, deficits="additive") is economy
    np.testing.assert_allclose(economy.flows(tariff), found.flows, rtol=1e-12)
    same = solve_trade_sectors(economy, tariff=tariff, deficits="additive")
    np.testing.assert_allclose(same.real_income_change, 1.0, atol=1e-9)


def test_economies_added_up_keep_every_total() -> None:
    inputs, final, _ = table(3)
    at = np.array([0, 1, 1])
    both = merged(merged(inputs, at, 2, axis=0), at, 2, axis=2)
    assert both.sum() == pytest.approx(inputs.sum())
    assert both[1, 0, 1, 1] == pytest.approx(inputs[1:, 0, 1:, 1].sum())
    assert merged(final, at, 2, axis=2).shape == (3, 2, 2)


def test_wrong_shapes_and_negative_flows_are_refused() -> None:
    inputs, final, stocks = table(1)
    with pytest.raises(StudyError, match="final"):
        sector_accounts(inputs, final[:2], stocks, economies=ECONOMIES, sectors=SECTORS)
    with pytest.raises(StudyError, match="negative or not finite"):
        SectorAccounts(-np.ones((2, 3, 3)), np.zeros((3, 2, 2)), ECONOMIES, SECTORS)
