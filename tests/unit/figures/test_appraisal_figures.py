"""Pictures of appraisals show the figures that they are given."""

import numpy as np
import pytest

from landbridge.figures.appraisal import Bar, WorthRange, cash_flow_chart, tornado_chart, worth_ranges


def test_bars_of_a_range_run_from_low_to_high_and_unknown_marks_are_left_out() -> None:
    rows = [WorthRange("a", 5.0, (-2.0, 9.0), (1.0, 4.0), -3.0), WorthRange("b", -1.0, (-1.0, -1.0), (-2.0, 0.0))]
    drawn, estimates, central, cautious = worth_ranges(rows, "million USD", "light")["data"]
    assert [b + x for b, x in zip(drawn["base"], drawn["x"], strict=True)] == [4.0, 0.0]
    assert [b + x for b, x in zip(estimates["base"], estimates["x"], strict=True)] == [9.0, -1.0]
    assert central["x"] == [5.0, -1.0]
    assert (cautious["x"], cautious["y"]) == ([-3.0], ["a"])


def test_tornado_halves_meet_in_the_middle_and_end_at_the_worths() -> None:
    low, high = tornado_chart([Bar("cost", 8.0, -4.0)], "million USD", "light")["data"]
    assert low["base"] == high["base"] == [2.0]
    assert (low["base"][0] + low["x"][0], high["base"][0] + high["x"][0]) == (8.0, -4.0)


def test_flow_chart_has_a_bar_for_each_item_and_one_line() -> None:
    parts = {"works": np.array([-10.0, 0.0]), "users": np.array([0.0, 12.0])}
    chart = cash_flow_chart([2020, 2021], parts, np.array([-10.0, 1.0]), "million USD", "dark")
    assert [trace["name"] for trace in chart["data"]] == ["works", "users", "cumulated present value"]
    assert chart["data"][-1]["y"] == pytest.approx([-10.0, 1.0])
