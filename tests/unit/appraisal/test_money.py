"""Currencies and price years against conversions worked by hand."""

import pytest

from landbridge.appraisal.money import Money, Price
from landbridge.core.problems import StudyError

MONEY = Money(
    {("KRW", 2014): 1053.0, ("KRW", 2018): 1100.0, ("RUB", 2018): 62.7},
    {("USD", 2014): 236.7, ("USD", 2018): 251.1, ("KRW", 2014): 99.0, ("KRW", 2018): 104.0},
)


def test_two_orders_are_two_answers() -> None:
    of, to = Price("KRW", 2014), Price("USD", 2018)
    assert MONEY.factor(of, to) == pytest.approx(1 / 1053 * 251.1 / 236.7)
    assert MONEY.factor(of, to, order="inflate_first") == pytest.approx(104 / 99 / 1100)


def test_same_money_is_one_and_there_and_back_is_one() -> None:
    assert MONEY.factor(Price("KRW", 2018), Price("KRW", 2018)) == 1.0
    there = MONEY.factor(Price("KRW", 2018), Price("RUB", 2018))
    assert there * MONEY.factor(Price("RUB", 2018), Price("KRW", 2018)) == pytest.approx(1.0)


def test_missing_rates_and_indices_are_all_named() -> None:
    with pytest.raises(StudyError) as caught:
        MONEY.factor(Price("EUR", 2008), Price("RUB", 2018))
    assert [problem.code for problem in caught.value.problems] == ["LB810", "LB810", "LB811", "LB811"]
    assert "Add the row EUR,2008 to exchange_rates.csv" in str(caught.value)
