"""Parts of a target add up, and a measure that nothing depends on brings what the run says."""

import pytest
from numpy.testing import assert_allclose

from landbridge.pipeline.attainment import reach_targets
from landbridge.pipeline.backtest import backtest
from landbridge.pipeline.outcome import Baseline, find_outcome
from landbridge.pipeline.run import baseline_of
from landbridge.pipeline.target_parts import GROWTH, LEFT, target_parts, target_parts_table
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def base() -> Baseline:
    return baseline_of(read_study("island-canal"))


def test_parts_lead_from_the_base_to_what_is_projected(base: Baseline) -> None:
    study = base.ground.study
    names = [scenario.name for scenario in study.scenarios]
    for name, parts in target_parts(base, names).items():
        reached = reach_targets(base, find_outcome(base, study.standing(name), name))
        for one, reach in zip(parts, reached, strict=True):
            assert_allclose(one.parts.start, reach.base, rtol=1e-9)
            assert_allclose(one.parts.start + one.parts.part.sum(), reach.attained.projected, rtol=1e-6)
            assert_allclose(one.parts.gap, one.parts.part.sum() + one.parts.left, rtol=1e-9)


def test_without_measures_growth_brings_everything(base: Baseline) -> None:
    (trade, visits) = target_parts(base, ["baseline"])["baseline"]
    assert visits.parts.players == (GROWTH,)
    assert_allclose(visits.parts.part[0], visits.parts.end - visits.parts.start)
    assert trade.unit == "billion USD"


def test_the_table_closes_the_gap(base: Baseline) -> None:
    parts = target_parts(base, ["all"])["all"]
    table = target_parts_table(parts)
    for one in parts:
        rows = [v for t, v in zip(table["target"], table["value"], strict=True) if t == one.target]
        assert_allclose(sum(rows), one.parts.gap, rtol=1e-9)
    assert table["player"].count(LEFT) == len(parts)


def test_a_series_without_later_values_has_no_outcome_to_compare(base: Baseline) -> None:
    assert [one.rows for one in backtest(base)] == [(), ()]
