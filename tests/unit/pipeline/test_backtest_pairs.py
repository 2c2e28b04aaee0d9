"""The compiled backtest over world trade is what the extract gives, and says what the manual says."""

from pathlib import Path

import pytest

from landbridge.pipeline.backtest import METHODS, pairs_backtest

EXTRACT = Path(__file__).parents[3] / "../shared/data/trade/comtrade_4yearly_to_2016.csv.gz"


def test_every_group_holds_every_method_and_its_source() -> None:
    rows = pairs_backtest()
    assert len({one.group for one in rows}) * len(METHODS) == len(rows)
    assert all("Comtrade" in one.source for one in rows)
    for one in rows:
        assert one.projections > one.pairs > 0
        assert one.inside_percent == tuple(sorted(one.inside_percent))


def test_past_growth_misleads_and_drawing_back_to_the_mean_helps_over_all_pairs() -> None:
    world = {one.method: one for one in pairs_backtest() if one.group.startswith("all")}
    assert world["own"].rmse_log / world["own"].naive_rmse_log == pytest.approx(1.205, abs=0.005)
    assert world["reverting"].rmse_log / world["reverting"].naive_rmse_log == pytest.approx(0.947, abs=0.005)
    assert world["naive"].rmse_log == world["naive"].naive_rmse_log


def test_the_compiled_table_is_what_the_extract_gives() -> None:
    if not EXTRACT.exists():
        pytest.skip("the extract of world trade is kept outside of the project")
    from landbridge.targets.backtest import rolling_backtest
    from tools.build_backtest import read_extract

    _, years, panel = read_extract(EXTRACT)
    found = rolling_backtest(panel, method="reverting")
    (row,) = [one for one in pairs_backtest() if one.group.startswith("all") and one.method == "reverting"]
    assert row.projections == found.count
    assert row.rmse_log == pytest.approx(found.rmse, abs=1e-4)
    assert row.years == (years[0], years[-1])
