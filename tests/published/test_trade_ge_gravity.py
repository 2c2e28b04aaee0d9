"""The multiplicative rule gives ge_gravity's results for the EU enlargement on the WIOD flows of 2000."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landbridge.trade.one_sector import solve_trade

FILE = Path(__file__).parents[2] / "../shared/data/published/ge_gravity_2000_multiplicative.csv"
SINGLE = 1.5e-7
"""The published flows are kept in single precision: half a unit in the last of 24 bits is 6e-8 relative."""


@pytest.mark.skipif(not FILE.exists(), reason="needs shared/data/published/ge_gravity_2000_multiplicative.csv")
def test_real_incomes_and_all_flows() -> None:
    table = pd.read_csv(FILE)
    names = sorted(table["exporter"].unique())

    def square(column: str) -> np.ndarray:
        return table.pivot_table(index="exporter", columns="importer", values=column).loc[names, names].to_numpy()

    flows, effect, published = square("trade"), square("eu_effect"), square("X_mult")
    ours = solve_trade(flows, np.exp(-effect / 4.0), trade_elasticity=4.0, deficits="multiplicative")
    np.testing.assert_allclose(ours.real_income_change, square("w_mult")[:, 0], rtol=1e-7)
    np.testing.assert_allclose(ours.flows, published, rtol=SINGLE)
    assert ours.residual < 1e-10
    assert abs(ours.clearing_factor - 1) < 1e-5
