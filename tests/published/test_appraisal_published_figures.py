"""Worked examples printed elsewhere, rebuilt from their published figures.

The tolerance is half a unit of the last printed digit throughout.
"""

import numpy as np
import pytest

from landbridge.appraisal.loans import grant_element
from landbridge.appraisal.worth import annuity, internal_rates, net_present_value


def test_excel_manual_npv() -> None:
    """Microsoft, NPV function: 10 %, -10,000, 3,000, 4,200, 6,800, the first after a year: 1,188.44."""
    value = net_present_value([0.0, -10_000.0, 3_000.0, 4_200.0, 6_800.0], 0.10)
    assert value == pytest.approx(1188.44, abs=0.005)


@pytest.mark.parametrize(("years", "percent"), [(4, -2.1), (5, 8.7)])
def test_excel_manual_irr(years: int, percent: float) -> None:
    """Microsoft, IRR function: 70,000 for 12, 15, 18, 21 and 26 thousand: -2.1 % after four years, 8.7 after five."""
    rate = internal_rates([-70_000.0, 12_000.0, 15_000.0, 18_000.0, 21_000.0, 26_000.0][: years + 1]).rate
    assert rate is not None
    assert 100 * rate == pytest.approx(percent, abs=0.05)


def test_excel_manual_pmt() -> None:
    """Microsoft, PMT function: 8 % a year over 12, 10 payments, 10,000: 1,037.03."""
    assert annuity(10_000.0, 0.08 / 12, 10) == pytest.approx(1037.03, abs=0.005)


def test_numpy_financial_manual_irr() -> None:
    """numpy-financial, irr: -100, 39, 59, 55, 20: 0.28095."""
    assert internal_rates([-100.0, 39.0, 59.0, 55.0, 20.0]).rate == pytest.approx(0.28095, abs=5e-6)


def test_annual_percentage_rate_of_a_loan_in_three_instalments() -> None:
    """Nuffield Foundation, FSMQ 'Annual percentage rate': 5,000 for three times 2,000 is 9.7 %; its three parts."""
    parts = 2000.0 * 1.097 ** -np.arange(1.0, 4.0)
    assert parts == pytest.approx([1823.15, 1661.95, 1514.99], abs=0.005)
    rate = internal_rates([5000.0, -2000.0, -2000.0, -2000.0]).rate
    assert rate is not None
    assert round(100 * rate, 1) == 9.7


def test_oil_pump_of_lorie_and_savage() -> None:
    """Lorie and Savage (1955), Journal of Business 28(4), 229-239: the stream has rates of 25 % and 400 %."""
    assert internal_rates([-1600.0, 10_000.0, -10_000.0]).rates == pytest.approx((0.25, 4.0), abs=1e-9)


def test_grant_element_of_korea_edcf_terms() -> None:
    """0.05 %, 40 years, 15 grace at 9 %: 88.5 %."""
    assert round(grant_element(0.0005, grace_years=15, maturity_years=40, discount=0.09), 1) == 88.5


@pytest.mark.parametrize(
    ("rate", "interval", "maturity", "a"), [(0.025, 2.0, 10, 2), (0.0075, 9.5, 40, 2), (0.02, 4, 25, 1)]
)
def test_grant_element_against_the_general_formula_of_the_dac(
    rate: float, interval: float, maturity: int, a: int
) -> None:
    """OECD DAC, 'Grant element: formulas and examples': 100 (1 - ZG - ZM - ZX) for equal principal, R1 = R2."""
    d = 1.10 ** (1 / a) - 1
    n = a * (maturity - interval)
    c1, c2 = 1.10**interval, 1.10 ** (maturity - interval)
    zg = rate * (1 - 1 / c1) / (a * d)
    zm = (1 / n) * (1 / c1) * (1 - 1 / c2) / d
    zx = rate / (a * n) * (1 / c1) * (1 / c2 - 1 + d * n) / d**2
    ours = grant_element(rate, grace_years=interval, maturity_years=maturity, discount=0.10, payments_per_year=a)
    assert ours == pytest.approx(100 * (1 - zg - zm - zx), abs=1e-10)
