"""Measures of worth against closed forms and streams whose answer is known."""

import numpy as np
import pytest

from landbridge.appraisal.worth import (
    annuity,
    annuity_factor,
    benefit_cost_ratio,
    discount_factors,
    first_year_rate_of_return,
    internal_rates,
    net_present_value,
    payback_years,
    switching_values,
)
from landbridge.core.problems import StudyError


def test_level_stream_is_the_annuity_formula() -> None:
    flows = np.r_[0.0, np.full(20, 5.0)]
    assert net_present_value(flows, 0.09) == pytest.approx(5 * (1 - 1.09**-20) / 0.09, rel=1e-14)


def test_growing_stream_is_the_gordon_formula() -> None:
    flows = np.r_[0.0, 3.0 * 1.02 ** np.arange(30)]
    closed = 3.0 / (0.045 - 0.02) * (1 - (1.02 / 1.045) ** 30)
    assert net_present_value(flows, 0.045) == pytest.approx(closed, rel=1e-13)


def test_middle_of_year_is_worth_half_a_year_less() -> None:
    flows = np.array([-10.0, 4.0, 9.0])
    end, middle = (net_present_value(flows, 0.07, timing=timing) for timing in ("end", "mid"))
    assert middle == pytest.approx(end / 1.07**0.5, rel=1e-15)


def test_several_rates_and_streams_at_once() -> None:
    flows = np.array([[-1.0, 2.0], [-3.0, 1.0]])
    assert net_present_value(flows, np.array([0.0, 0.5])).tolist() == pytest.approx([1.0, -3.0 + 1 / 1.5])


def test_bond_at_par_yields_its_coupon() -> None:
    rates = internal_rates(np.r_[-100.0, np.full(9, 6.0), 106.0])
    assert rates.verdict == "unique"
    assert rates.rate == pytest.approx(0.06, abs=1e-12)


def test_oil_pump_has_two_rates() -> None:
    """Lorie and Savage (1955): -1,600, +10,000, -10,000 yields 25 % and 400 %."""
    rates = internal_rates([-1600.0, 10000.0, -10000.0])
    assert rates.rates == pytest.approx((0.25, 4.0), abs=1e-10)
    assert (rates.verdict, rates.rate) == ("multiple", None)
    assert "25.00 %, 400.00 %" in rates.note


def test_touching_root_is_found() -> None:
    """(v - 1/1.1)^2 touches zero at 10 % and is positive elsewhere."""
    v = 1 / 1.1
    rates = internal_rates([v * v, -2 * v, 1.0])
    assert rates.rates == pytest.approx((0.1,), abs=1e-5)


def test_missing_rates_are_said() -> None:
    assert "same sign" in internal_rates([1.0, 2.0]).note
    never = internal_rates([1.0, -1.0, 1.0])
    assert (never.verdict, never.rates) == ("none", ())


def test_negative_rate_where_costs_are_not_regained() -> None:
    assert internal_rates([-100.0, 50.0]).rate == pytest.approx(-0.5, abs=1e-12)


def test_payback_has_a_fraction_and_needs_the_sum_to_stay() -> None:
    assert payback_years([-10.0, 4.0, 4.0, 4.0]) == pytest.approx(3.5)
    assert payback_years([-10.0, 12.0, -5.0, 4.0]) == pytest.approx(3.75)
    assert payback_years([-10.0, 5.0]) is None
    assert payback_years([0.0, 5.0]) == 0.0
    assert payback_years([-10.0, 5.5, 6.05], rate=0.1) == pytest.approx(3.0)


def test_first_year_rate_of_return_compounds_the_works() -> None:
    rate = first_year_rate_of_return([0.0, 0.0, 11.55], [100.0, 0.0, 0.0], 0.05, opening=2)
    assert rate == pytest.approx(11.55 / (100 * 1.05**2))
    assert first_year_rate_of_return([1.0], [0.0], 0.05, opening=0) is None


def test_annuity_inverts_its_factor_and_meets_zero_smoothly() -> None:
    assert annuity(annuity_factor(0.09, 40), 0.09, 40) == pytest.approx(1.0)
    assert annuity_factor(0.0, 25) == 25.0
    assert annuity_factor(1e-12, 25) == pytest.approx(25.0, rel=1e-9)


def test_switching_values_bring_the_sum_to_zero() -> None:
    items = {"works": np.array([-100.0, -20.0, 0.0]), "benefits": np.array([0.0, 80.0, 90.0]), "nothing": np.zeros(3)}
    for switch in switching_values(items, 0.045):
        if switch.factor is None:
            assert switch.item == "nothing"
            continue
        changed = sum(flows * (switch.factor if name == switch.item else 1.0) for name, flows in items.items())
        assert net_present_value(changed, 0.045) == pytest.approx(0.0, abs=1e-10)


def test_ratio_needs_costs() -> None:
    assert benefit_cost_ratio([0.0, 21.0], [10.0, 0.0], 0.05) == pytest.approx(2.0)
    assert benefit_cost_ratio([1.0], [0.0], 0.05) is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: net_present_value([1.0, np.nan], 0.05), "inf or nan"),
        (lambda: net_present_value([], 0.05), "at least one year"),
        (lambda: discount_factors(-1.0, 3), "above -1"),
        (lambda: annuity_factor(0.05, 0), "at least one year"),
        (lambda: internal_rates([[1.0], [2.0]]), "one stream"),
        (lambda: first_year_rate_of_return([1.0], [1.0], 0.05, opening=3), "outside 0 to 0"),
    ],
)
def test_refusals_say_the_remedy(call: object, words: str) -> None:
    assert callable(call)
    with pytest.raises(StudyError, match=words):
        call()


def test_very_long_streams_do_not_overflow() -> None:
    """A perpetuity in all but name: 1,000 years of 4 for 100 yield 4 %."""
    assert internal_rates(np.r_[-100.0, np.full(1000, 4.0)]).rate == pytest.approx(0.04, abs=1e-9)
    assert internal_rates(np.r_[-100.0, np.full(1000, 250.0), -1e5]).verdict == "multiple"
