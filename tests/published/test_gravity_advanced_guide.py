"""Tables 1 and 2 of Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis.

Every coefficient and every standard error is held to its printed digits. The authors' Stata command ppml corrects
for the number of clusters alone, G/(G - 1), which is ``small_sample="clusters"`` here; pyfixest's factor counts effects
as well and is 1.5 % larger.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.trade.gravity import TWO_WAY, Estimator, GravityEstimate, GravityOptions, estimate_gravity
from landbridge.trade.gravity_terms import by_year, domestic, phased

DATA = Path(__file__).parents[2] / "../shared/data"
PANEL = DATA / "trade/agtpa_applications.csv.gz"
PUBLISHED = DATA / "published/advanced_guide_tables_1_2.csv"
YEARS = (1986, 1990, 1994, 1998, 2002, 2006)
COMMON = ["cntg", "lang", "clny"]

pytestmark = pytest.mark.skipif(not PANEL.exists(), reason="the Advanced Guide's panel is not beside the project")


@cache
def whole_panel() -> Any:
    import pandas as pd

    return pd.read_csv(PANEL)


@cache
def panel() -> Any:
    frame = whole_panel()
    frame = frame[frame["year"].isin(YEARS)].reset_index(drop=True)
    home = domestic(frame["exporter"], frame["importer"])
    logs = np.log(frame["dist"].to_numpy())
    abroad = by_year("ld", logs * (1.0 - home), frame["year"])
    return frame.assign(
        **{name.replace("_", ""): values for name, values in abroad.items()},
        ld=logs,
        ldi=logs * home,
        sm=home,
    )


@cache
def estimate(table: str, column: str) -> GravityEstimate:
    frame = panel()
    abroad = frame[frame["sm"] == 0]
    years = [f"ld{year}" for year in YEARS]
    options = GravityOptions(small_sample="clusters")
    if table.startswith("T1"):
        estimator: Estimator = "ols" if column == "OLS FE" else "ppml"
        return estimate_gravity(
            abroad, ["ld", *COMMON], effects=TWO_WAY, estimator=estimator, cluster="pair_id", options=options
        )
    terms, rows, effects = {
        "PPML": ([], abroad, TWO_WAY),
        "INTRA": (["ldi"], frame, TWO_WAY),
        "HOME": (["ldi", "sm"], frame, TWO_WAY),
        "FIXED EFF": ([], frame, (*TWO_WAY, "home")),
    }[column]
    return estimate_gravity(rows, [*years, *terms, *COMMON], effects=effects, cluster="pair_id", options=options)


def published() -> list[tuple[str, ...]]:
    if not PUBLISHED.exists():
        return []
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()[1:]
    return [tuple(line.split(",")) for line in lines]


@pytest.mark.parametrize(("table", "column", "name", "coefficient", "error"), published())
def test_coefficients_and_standard_errors_are_the_published_ones(
    table: str, column: str, name: str, coefficient: str, error: str
) -> None:
    found = estimate(table, column)
    assert round(found[name], 3) == float(coefficient)
    assert round(found.standard_error(name), 3) == float(error)


def test_the_two_small_sample_factors_differ_by_what_they_count() -> None:
    frame = panel()
    counted = estimate_gravity(frame[frame["sm"] == 0], ["ld", *COMMON], effects=TWO_WAY, cluster="pair_id")
    plain = estimate("T1 traditional", "PPML")
    n = plain.observations
    effects = 2 * 69 * 6 - 1
    assert n == 28152
    ratio = counted.standard_errors / plain.standard_errors
    np.testing.assert_allclose(ratio, np.sqrt((n - 1) / (n - effects - 4)), rtol=1e-12)


def test_phasing_gives_the_guides_own_lags() -> None:
    frame = whole_panel()
    lags = phased(frame, "rta", shifts=[4], before=0.0)[:, 0]
    year = frame["year"].to_numpy()
    # In 32 pairs the panel's rta is 0 throughout although its lags are not: these contradict each other.
    pair = frame["exporter"] + frame["importer"]
    contradicts = pair.isin(pair[(frame["rta_lag3"] == 1) & (year == 2006) & (frame["rta"] == 0)]).to_numpy()
    assert contradicts.sum() == 32 * 21
    known = (year - 4 >= 1986) & ~contradicts
    np.testing.assert_array_equal(lags[known], frame["rta_lag4"].to_numpy()[known])
