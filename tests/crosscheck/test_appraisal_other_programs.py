"""Present values and internal rates against numpy-financial and pyxirr on random streams."""

import numpy as np
import pytest

from landbridge.appraisal.worth import annuity, internal_rates, net_present_value

STREAMS = [
    np.r_[-generator.uniform(50, 500, 4), generator.uniform(1, 80, 36)]
    for generator in (np.random.default_rng(seed) for seed in range(40))
]


def test_same_as_numpy_financial() -> None:
    financial = pytest.importorskip("numpy_financial", reason="numpy-financial is not installed")
    for flows in STREAMS:
        assert net_present_value(flows, 0.045) == pytest.approx(financial.npv(0.045, flows), rel=1e-12)
        assert internal_rates(flows).rate == pytest.approx(financial.irr(flows), abs=1e-9)
    assert annuity(100.0, 0.0119, 30) == pytest.approx(-financial.pmt(0.0119, 30, 100.0), rel=1e-13)


def test_same_as_pyxirr() -> None:
    other = pytest.importorskip("pyxirr", reason="pyxirr is not installed")
    for flows in STREAMS:
        assert net_present_value(flows, 0.09) == pytest.approx(other.npv(0.09, flows), rel=1e-12)
        assert internal_rates(flows).rate == pytest.approx(other.irr(flows), abs=1e-9)
