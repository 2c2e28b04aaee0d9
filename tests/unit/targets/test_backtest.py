"""Backtests: what is known later never leaks in, and measured quality on the series that we hold."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import StudyError
from landbridge.targets.backtest import Method, compare_outcomes, regular_panel, rolling_backtest
from landbridge.targets.growth import fit_growth
from landbridge.targets.projection import Target, attainment, project

DATA = Path(__file__).parents[3] / "../shared/data/trade"
METHODS: tuple[Method, ...] = ("naive", "own", "common", "shrunk", "reverting")


def walks(pairs: int = 3000, periods: int = 10, *, drift: float = 0.0, seed: int = 1) -> Float:
    rng = np.random.default_rng(seed)
    return np.exp(np.cumsum(rng.normal(drift, 0.3, (pairs, periods)), axis=1) + rng.normal(3, 2, (pairs, 1)))


def test_no_change_is_right_where_walks_have_no_drift() -> None:
    found = rolling_backtest(walks(), method="naive")
    assert found.rmse == found.naive_rmse == pytest.approx(0.3, abs=0.01)
    assert found.coverage == pytest.approx(found.nominal, abs=0.02)
    # own growth adds its own error: sqrt(1 + 1/3) of the spread
    assert rolling_backtest(walks(), method="own").rmse == pytest.approx(0.3 * np.sqrt(4 / 3), abs=0.01)


def test_intervals_from_own_history_hold_what_they_say() -> None:
    found = rolling_backtest(walks(), method="own", spread="own")
    assert found.coverage == pytest.approx(found.nominal, abs=0.02)


def test_common_growth_is_found() -> None:
    found = rolling_backtest(walks(drift=0.2), method="common")
    assert found.rmse == pytest.approx(0.3, abs=0.01)
    assert found.bias == pytest.approx(0, abs=0.01)
    assert found.naive_rmse == pytest.approx(np.hypot(0.3, 0.2), abs=0.01)


def test_reverting_levels_are_recognised() -> None:
    rng = np.random.default_rng(3)
    level = rng.normal(3, 2, (3000, 1)) + rng.normal(0, 0.3, (3000, 12))
    found = rolling_backtest(np.exp(level), method="reverting")
    # noise around a level: no change errs by sqrt(2) of it, the mean of four by sqrt(1 + 1/4)
    assert found.naive_rmse == pytest.approx(0.3 * np.sqrt(2), abs=0.01)
    assert found.rmse < 0.3 * 1.2


def test_two_periods_ahead() -> None:
    assert rolling_backtest(walks(), method="naive", ahead=2).rmse == pytest.approx(0.3 * np.sqrt(2), abs=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_after_the_outcome_does_not_matter(method: Method) -> None:
    panel = walks(200, 7)
    short = rolling_backtest(panel[:, :6], method=method)
    noise = np.random.default_rng(9).normal(0, 5, 200)
    changed = panel.copy()
    changed[:, 6] *= np.exp(noise)
    longer, other = rolling_backtest(panel, method=method), rolling_backtest(changed, method=method)
    assert longer.count == other.count == short.count + 200
    # the last outcome enters its own error one to one, and no projection: the errors add up to just that much more
    assert other.bias * other.count - longer.bias * longer.count == pytest.approx(noise.sum())


def test_zeros_are_left_out_and_counted() -> None:
    panel = walks(50, 5)
    panel[0, 4] = 0.0  # no outcome
    panel[1, 1] = 0.0  # no history
    found = rolling_backtest(panel, method="naive")
    assert (found.count, found.excluded) == (48, 2)


def test_faults() -> None:
    with pytest.raises(StudyError, match="a row a pair and a column a period"):
        rolling_backtest(np.ones((3, 3)))
    with pytest.raises(StudyError, match="at least two changes"):
        rolling_backtest(np.ones((3, 8)), history=1)
    with pytest.raises(StudyError, match="below 0"):
        rolling_backtest(-np.ones((3, 8)))
    with pytest.raises(StudyError, match="no pair has a history"):
        rolling_backtest(np.zeros((3, 8)))


def test_rows_become_a_panel() -> None:
    pairs, years, panel = regular_panel(["b", "a", "b"], np.array([2004, 2000, 2000]), np.array([1.0, 2, 3]))
    assert pairs == ("a", "b")
    assert years.tolist() == [2000, 2004]
    assert panel.tolist() == [[2, 0], [3, 1]]


def needs_data(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here: the trade extracts are kept outside of the project")
    return path


@pytest.fixture(scope="module")
def comtrade() -> Float:
    pair, year, value = [], [], []
    with gzip.open(needs_data("comtrade_4yearly_to_2016.csv.gz"), "rt") as file:
        reader = csv.reader(file)
        header = next(reader)
        export = header.index("export")
        for row in reader:
            pair.append(f"{row[0]}-{row[1]}")
            year.append(int(row[2]))
            value.append(float(row[export]))
    return regular_panel(pair, np.array(year), np.array(value))[2]


def test_many_pairs_of_world_trade(comtrade: Float) -> None:
    """74,151 projections four years ahead, from origins 1976 to 2012.

    What it shows is in docs/methods/targets.md: own past growth is worse than no change; drawing towards the mean is
    better by 5 %; intervals from earlier errors hold what they say.
    """
    found = rolling_backtest(comtrade, method="reverting")
    assert found.count == 74_151
    assert found.rmse / found.naive_rmse == pytest.approx(0.947, abs=0.005)
    assert found.coverage == pytest.approx(found.nominal, abs=0.06)
    own = rolling_backtest(comtrade, method="own")
    assert own.rmse / own.naive_rmse == pytest.approx(1.205, abs=0.005)


def series(name: str, column: str, last: int) -> tuple[Int, Float, dict[int, float]]:
    """Return what was known by a year, and what came."""
    with needs_data(name).open(encoding="utf-8") as file:
        rows = {int(row["year"]): float(row[column]) for row in csv.DictReader(file) if row[column]}
    known = {year: value for year, value in rows.items() if year <= last}
    return np.array(list(known)), np.array(list(known.values())), {y: v for y, v in rows.items() if y > last}


def test_trade_of_korea_and_russia_as_known_in_2017() -> None:
    years, values, outcomes = series("korea_russia_series.csv", "total_bn_usd", 2017)
    fit = fit_growth(years, values, name="trade")
    projection = project(fit, tuple(range(2018, 2021)))
    (found,) = attainment(Target("trade", 30.0, "bn USD", 2020), fit, {"trend": projection})
    assert found.required_growth == pytest.approx(0.1644, abs=1e-4)
    assert 0.2 < found.chance < 0.6
    rows = compare_outcomes(projection, outcomes, last_value=fit.last_value)
    assert [row.year for row in rows] == [2018, 2019]
    assert all(row.inside for row in rows)
    assert [row.outcome for row in rows] == [24.8, 22.34]
    assert found.interval[1] / found.interval[0] > 5  # with such a history the interval is wide, and says so


def test_visits_of_korea_and_russia_as_known_in_2017() -> None:
    years, values, outcomes = series("korea_russia_visits.csv", "both_thousand", 2017)
    fit = fit_growth(years, values, name="visits")
    projection = project(fit, (2018, 2019, 2020))
    (row,) = compare_outcomes(projection, outcomes, last_value=fit.last_value)
    assert (row.year, row.outcome) == (2019, 770)
    assert row.inside
    (found,) = attainment(Target("visits", 1000.0, "thousand", 2020), fit, {"trend": projection})
    assert found.chance < 0.3
