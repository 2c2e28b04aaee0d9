"""The rule of a half and the equivalent variation of the trade model: one for small changes, apart for large ones."""

import numpy as np

from landbridge.appraisal.benefits import rule_of_half
from landbridge.trade.one_sector import solve_trade


def measures(fall: float) -> tuple[float, float]:
    """Return world EV and the rule of a half when trade cost on one pair falls by the given share, both ways."""
    generator = np.random.default_rng(4)
    flows = generator.uniform(1, 20, (4, 4))
    np.fill_diagonal(flows, generator.uniform(300, 900, 4))
    change = np.ones((4, 4))
    change[0, 1] = change[1, 0] = 1.0 - fall
    done = solve_trade(flows, change, trade_elasticity=5.0, deficits="balanced")
    before = np.asarray(done.baseline_flows)
    ev = float((np.asarray(done.baseline_spending) * (np.asarray(done.real_income_change) - 1.0)).sum())
    shares = before / before.sum(axis=0)
    weights = np.asarray(done.producer_price_change)[:, np.newaxis] * change
    after_value = (
        shares
        * (weights / np.asarray(done.price_change)) ** -5.0
        * (np.asarray(done.baseline_spending) * np.asarray(done.spending_change))
    )
    quantity = after_value / (np.asarray(done.producer_price_change)[:, np.newaxis] * change)
    half = rule_of_half(before, quantity, np.ones((4, 4)), change)
    return ev, float(half.sum())


def test_agree_for_small_changes_and_part_for_large_ones() -> None:
    """Iceberg cost c on quantity q: gain of the world is q dc to first order (envelope theorem)."""
    errors = []
    for fall in (0.2, 0.02, 0.002):
        ev, half = measures(fall)
        errors.append(abs(half / ev - 1.0))
    assert errors[2] < 2e-3
    assert errors[1] < errors[0] / 5
    assert errors[0] > 0.005, "far from the baseline one is not the other"
