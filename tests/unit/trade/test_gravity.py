"""Gravity estimates: recovered truths, what is left out and why, faults with their places."""

from typing import Any

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.core.tables import Table
from landbridge.trade.gravity import TWO_WAY, GravityOptions, PanelColumns, estimate_gravity
from landbridge.trade.gravity_terms import by_year, domestic, phased

N, YEARS = 8, 5


def exact(seed: int = 0, *, noise: float = 0.0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    i, j, t = (axis.ravel() for axis in np.indices((N, N, YEARS)))
    rta = (t >= rng.integers(0, 2 * YEARS, (N, N))[i, j]).astype(float)
    a, b, d = rng.normal(size=(N, YEARS)), rng.normal(size=(N, YEARS)), rng.normal(size=(N, N))
    mu = np.exp(a[i, t] + b[j, t] + d[i, j] + 0.7 * rta)
    names = np.array([f"E{k}" for k in range(N)])
    return {
        "exporter": names[i],
        "importer": names[j],
        "year": 2000 + t,
        "trade": mu * np.exp(noise * rng.normal(size=len(i))),
        "rta": rta,
    }


@pytest.mark.parametrize("estimator", ["ppml", "ols"])
def test_trade_that_follows_the_model_gives_its_coefficient_back(estimator: Any) -> None:
    data = exact()
    found = estimate_gravity(data, ["rta"], estimator=estimator)
    assert found["rta"] == pytest.approx(0.7, abs=1e-8)
    assert found.standard_error("rta") == pytest.approx(0.0, abs=1e-7)
    np.testing.assert_allclose(found.fitted, data["trade"], rtol=1e-6)
    assert found.correlation_squared == pytest.approx(1.0)
    assert found.method == "cube"


def test_sums_of_fitted_trade_are_those_observed_for_every_effect() -> None:
    data = exact(noise=0.5)
    found = estimate_gravity(data, ["rta"])
    for key in (("exporter", "year"), ("importer", "year"), ("exporter", "importer")):
        words = np.char.add(np.asarray(data[key[0]], str), np.asarray(data[key[1]], str))
        codes = np.unique(words, return_inverse=True)[1]
        np.testing.assert_allclose(
            np.bincount(codes, weights=found.fitted), np.bincount(codes, weights=data["trade"]), rtol=1e-8
        )
    assert float(data["rta"] @ (data["trade"] - found.fitted)) == pytest.approx(0.0, abs=1e-6)


def test_neither_order_nor_names_nor_units_matter() -> None:
    data = exact(noise=0.5)
    first = estimate_gravity(data, ["rta"])
    order = np.random.default_rng(1).permutation(len(data["trade"]))
    names = {f"E{k}": f"{(5 * k) % N}Z" for k in range(N)}
    other: dict[str, Any] = {name: np.asarray(values)[order] for name, values in data.items()}
    other["trade"] = other["trade"] * 1e6
    for side in ("exporter", "importer"):
        other[side] = [names[str(word)] for word in other[side]]
    second = estimate_gravity(other, ["rta"])
    assert second["rta"] == pytest.approx(first["rta"], rel=1e-9)
    assert second.standard_error("rta") == pytest.approx(first.standard_error("rta"), rel=1e-8)


def test_a_cross_section_and_a_frame_and_a_table_are_panels() -> None:
    import pandas as pd

    data = exact(noise=0.5)
    year = np.asarray(data["year"]) == 2002
    cut = {"who": data["exporter"][year], "to": data["importer"][year], "usd": data["trade"][year]}
    cut["far"] = np.random.default_rng(3).normal(size=int(year.sum()))
    columns = PanelColumns("usd", "who", "to", None)
    panels = (
        cut,
        pd.DataFrame(cut),
        Table("panel", {k: np.asarray(v, object if k in ("who", "to") else float) for k, v in cut.items()}),
    )
    found = [estimate_gravity(panel, ["far"], effects=TWO_WAY, columns=columns)["far"] for panel in panels]
    assert found[0] == found[1] == found[2]


def test_what_cannot_inform_is_left_out_and_counted() -> None:
    data = exact(noise=0.5)
    pair = (data["exporter"] == "E1") & (data["importer"] == "E2")
    data["trade"][pair] = 0.0
    alone = (data["exporter"] == "E3") & (data["importer"] == "E4") & (data["year"] != 2001)
    data = {name: np.asarray(values)[~alone] for name, values in data.items()}
    found = estimate_gravity(data, ["rta"])
    assert (found.dropped.separated_by_effect, found.dropped.singletons) == (YEARS, 1)
    assert found.observations == N * N * YEARS - YEARS - (YEARS - 1) - 1
    assert (found.fitted[(data["exporter"] == "E1") & (data["importer"] == "E2")] == 0.0).all()
    ols = estimate_gravity(data, ["rta"], estimator="ols")
    assert (ols.dropped.zeros, ols.dropped.singletons) == (YEARS, 1)


def test_zeros_that_effects_separate_together_are_left_out() -> None:
    # Two groups trade among themselves; from one to the other there are only zeros, the other way round nothing is
    # recorded. Raising the first group's exporters and lowering its importers fits those zeros ever better.
    rng = np.random.default_rng(6)
    i, j = (axis.ravel() for axis in np.indices((8, 8)))
    far = rng.normal(size=64)
    trade = np.exp(rng.normal(size=8)[i] + rng.normal(size=8)[j] - far + 0.3 * rng.normal(size=64))
    between = (i < 4) & (j >= 4)
    trade[between] = 0.0
    recorded = (i < 4) | (j >= 4)
    columns = {"exporter": i, "importer": j, "trade": trade, "far": far}
    options = GravityOptions(method="cube")
    both, within = (
        estimate_gravity(
            {name: values[rows] for name, values in columns.items()},
            ["far"],
            effects=TWO_WAY,
            columns=PanelColumns(year=None),
            options=options,
        )
        for rows in (recorded, recorded & ~between)
    )
    assert both.dropped.separated_by_regressor == 16
    assert both.observations == within.observations == 32
    assert both["far"] == pytest.approx(within["far"], rel=1e-6)
    assert both.standard_error("far") == pytest.approx(within.standard_error("far"), rel=1e-6)


def test_what_effects_explain_is_left_out_by_name() -> None:
    data = exact(noise=0.5)
    data["gdp"] = np.asarray(data["year"]) * (1.0 + (data["exporter"] == "E2"))
    data["twice"] = 2.0 * data["rta"]
    found = estimate_gravity(data, ["gdp", "rta", "twice"])
    assert found.names == ("rta",)
    assert found.dropped.collinear == ("gdp", "twice")


def test_a_border_that_thins_is_found_year_by_year() -> None:
    data = exact()
    home = domestic(data["exporter"], data["importer"])
    data["trade"] = data["trade"] * np.exp(-0.1 * home * (data["year"] - 2000))
    data |= by_year("home", home, data["year"], base=2000)
    names = [f"home_{year}" for year in range(2001, 2005)]
    found = estimate_gravity(data, ["rta", *names])
    np.testing.assert_allclose([found[name] for name in names], [-0.1, -0.2, -0.3, -0.4], atol=1e-8)


def test_phases_add_up_to_the_whole_effect() -> None:
    data = exact(noise=0.3)
    lags = phased(data, "rta", shifts=[1, -1], before=0.0)
    data |= {"lag": lags[:, 0], "lead": lags[:, 1]}
    late = np.asarray(data["year"]) == 2004
    assert (lags[late, 1] == 0.0).all()
    at = {(e, i, y): r for e, i, y, r in zip(*(data[c] for c in ("exporter", "importer", "year", "rta")), strict=True)}
    for row in range(0, len(late), 7):
        key = (data["exporter"][row], data["importer"][row], data["year"][row] - 1)
        assert lags[row, 0] == at.get(key, 0.0)
    found = estimate_gravity(data, ["rta", "lag"])
    value, error = found.total(["rta", "lag"])
    assert value == pytest.approx(found["rta"] + found["lag"])
    assert error**2 == pytest.approx(found.covariance.sum())
    with pytest.raises(StudyError, match="ago are not in the panel"):
        phased(data, "rta", shifts=[1])
    with pytest.raises(KeyError, match="border"):
        found.total(["border"])


def test_draws_have_the_covariance_of_the_estimate() -> None:
    data = exact(noise=0.5)
    data["cost"] = np.random.default_rng(5).normal(size=len(data["trade"]))
    found = estimate_gravity(data, ["rta", "cost"])
    drawn = found.draws(np.random.default_rng(0), 200_000)
    np.testing.assert_allclose(drawn.mean(0), found.coefficients, atol=0.01 * found.standard_errors.max())
    np.testing.assert_allclose(np.cov(drawn.T), found.covariance, rtol=0.05, atol=1e-2 * found.covariance.max())
    np.testing.assert_array_equal(drawn[:3], found.draws(np.random.default_rng(0), 200_000)[:3])


def test_faults_come_together_with_their_places() -> None:
    data = exact()
    with pytest.raises(StudyError) as caught:
        estimate_gravity(data, ["rta", "cntg", "lang"])
    assert [problem.column for problem in caught.value.problems] == ["cntg", "lang"]
    data["trade"][3] = -1.0
    data["rta"][5] = np.nan
    with pytest.raises(StudyError) as caught:
        estimate_gravity(data, ["rta"])
    assert {(problem.row, problem.column) for problem in caught.value.problems} == {(4, "trade"), (6, "rta")}


def test_an_observation_that_stands_twice_is_refused() -> None:
    data = {name: np.concatenate([values, values[:1]]) for name, values in exact().items()}
    with pytest.raises(StudyError, match="E0 to E0 2000 stands twice"):
        estimate_gravity(data, ["rta"])


def test_the_dense_method_refuses_effects_that_it_does_not_know() -> None:
    with pytest.raises(StudyError, match="method='pyfixest'"):
        estimate_gravity(exact(), ["rta"], effects=("pair", "year"), options=GravityOptions(method="cube"))


def test_too_little_trade_is_refused() -> None:
    data = {name: values[:1] for name, values in exact(noise=0.1).items()}
    with pytest.raises(StudyError, match="observations are left"):
        estimate_gravity(data, ["rta"], effects=("exporter", "importer"))
    few = exact(noise=0.1)
    few = {name: values[(few["exporter"] < "E2") & (few["importer"] < "E2")] for name, values in few.items()}
    with pytest.raises(StudyError, match="do not exceed"):
        estimate_gravity(few, ["rta"], cluster=None)


@pytest.mark.parametrize("method", ["cube", "pyfixest"])
def test_regressors_that_effects_explain_fully_are_refused_if_there_is_no_other(method: Any) -> None:
    data = exact(noise=0.1)
    data["gdp"] = np.asarray(data["year"]) * (1.0 + (data["exporter"] == "E2"))
    with pytest.raises(StudyError, match="explain every regressor"):
        estimate_gravity(data, ["gdp"], options=GravityOptions(method=method))
