"""The dense method against pyfixest, and against Poisson regression on plain dummies: same numbers to 1e-6."""

from typing import Any

import numpy as np
import pytest

from landbridge.trade.gravity import THREE_WAY, TWO_WAY, Estimator, GravityOptions, estimate_gravity

CUBE, LIBRARY = GravityOptions(method="cube"), GravityOptions(method="pyfixest")
X = ["rta", "border", "cost"]


def panel(seed: int, n: int = 14, years: int = 6, *, zeros: float = 0.25, missing: float = 0.1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    i, j, t = (axis.ravel() for axis in np.indices((n, n, years)))
    rta = (t >= rng.integers(0, 2 * years, (n, n))[i, j]).astype(float)
    border = (i == j) * t / years
    cost = rng.normal(size=len(i))
    size = rng.normal(0, 1.5, (2, n)), rng.normal(0, 0.5, (2, n, years)), rng.normal(0, 1, (n, n))
    eta = size[0][0][i] + size[0][1][j] + size[1][0][i, t] + size[1][1][j, t] + size[2][i, j]
    mu = np.exp(eta + 0.4 * rta - 0.3 * border - 0.2 * cost)
    trade = mu * np.exp(rng.normal(0, 0.6, len(i)))
    trade[rng.random(len(i)) < zeros] = 0.0
    keep = rng.random(len(i)) >= missing
    columns = {"exporter": i, "importer": j, "year": 2000 + t, "trade": trade, "rta": rta, "border": border}
    return {name: values[keep] for name, values in (columns | {"cost": cost}).items()}


@pytest.mark.parametrize("effects", [TWO_WAY, THREE_WAY, (*TWO_WAY, "symmetric-pair"), (*TWO_WAY, "home")])
@pytest.mark.parametrize("estimator", ["ppml", "ols"])
@pytest.mark.parametrize("cluster", ["pair", "symmetric-pair", "exporter", None])
def test_dense_method_equals_pyfixest(effects: tuple[str, ...], estimator: Estimator, cluster: str | None) -> None:
    pytest.importorskip("pyfixest", reason="the extra 'estimation' is not installed")
    data = panel(1)
    mine, theirs = (
        estimate_gravity(data, X, effects=effects, estimator=estimator, cluster=cluster, options=options)
        for options in (CUBE, LIBRARY)
    )
    assert (mine.observations, mine.clusters, mine.dropped) == (theirs.observations, theirs.clusters, theirs.dropped)
    np.testing.assert_allclose(mine.coefficients, theirs.coefficients, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(mine.standard_errors, theirs.standard_errors, rtol=1e-8)
    np.testing.assert_allclose(mine.covariance, theirs.covariance, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(mine.fitted, theirs.fitted, rtol=1e-6, atol=1e-9)
    assert mine.deviance == pytest.approx(theirs.deviance, rel=1e-10)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_standard_errors_and_observations_are_those_that_pyfixest_itself_reports() -> None:
    pyfixest = pytest.importorskip("pyfixest", reason="the extra 'estimation' is not installed")
    import pandas as pd

    data = panel(2, zeros=0.45, missing=0.25)
    frame = pd.DataFrame(data)
    frame = frame.assign(
        ey=frame["exporter"] * 100 + frame["year"] % 100,
        iy=frame["importer"] * 100 + frame["year"] % 100,
        pair=frame["exporter"] * 100 + frame["importer"],
        # Under the name of an effect, pyfixest 0.60 counts the wrong effect as nested in the clusters.
        cluster=frame["exporter"] * 100 + frame["importer"],
    )
    theirs = pyfixest.fepois(
        f"trade ~ {' + '.join(X)} | ey + iy + pair",
        frame,
        vcov={"CRV1": "cluster"},
        iwls_tol=1e-12,
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-10),
        separation_check=["fe"],
    )
    mine = estimate_gravity(data, X)
    assert mine.dropped.separated_by_effect + mine.dropped.singletons > 0
    np.testing.assert_allclose(mine.coefficients, theirs.coef().to_numpy(), rtol=1e-8)
    assert mine.observations == theirs._N
    np.testing.assert_allclose(mine.standard_errors, theirs.se().to_numpy(), rtol=1e-8)


def plain_ppml(data: dict[str, Any], codes: list[Any]) -> tuple[Any, Any]:
    """Newton steps on every dummy at once, and the sandwich by its definition: slow, and plain to see."""
    dummies = [(np.unique(code, return_inverse=True)[1][:, None] == np.arange(len(set(code)))) for code in codes]
    x = np.column_stack([data[name] for name in X] + dummies).astype(float)
    y = data["trade"]
    beta = np.linalg.lstsq(x, np.log(y + y.mean()), rcond=None)[0]
    step = np.ones(1)
    while abs(step).max() > 1e-11:
        mu = np.exp(x @ beta)
        step = np.linalg.pinv(x.T @ (x * mu[:, None]), hermitian=True) @ (x.T @ (y - mu))
        beta = beta + step
    mu = np.exp(x @ beta)
    bread = np.linalg.pinv(x.T @ (x * mu[:, None]), hermitian=True)
    pair = data["exporter"] * 1000 + data["importer"]
    sums = np.stack([(x * (y - mu)[:, None])[pair == p].sum(0) for p in np.unique(pair)])
    clusters = len(sums)
    variance = np.diag(bread @ sums.T @ sums @ bread) * clusters / (clusters - 1)
    return beta[: len(X)], np.sqrt(variance[: len(X)])


def test_dense_method_equals_regression_on_dummies() -> None:
    data = panel(3, n=7, years=5, zeros=0.1, missing=0.0)
    i, j, t = data["exporter"], data["importer"], data["year"]
    coefficients, errors = plain_ppml(data, [i * 10000 + t, j * 10000 + t, i * 1000 + j])
    mine = estimate_gravity(data, X, options=GravityOptions(method="cube", small_sample="clusters"))
    np.testing.assert_allclose(mine.coefficients, coefficients, rtol=1e-7)
    np.testing.assert_allclose(mine.standard_errors, errors, rtol=1e-7)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("effects", [TWO_WAY, THREE_WAY])
def test_separated_zeros_are_those_that_the_iterative_rectifier_finds(effects: tuple[str, ...]) -> None:
    pyfixest = pytest.importorskip("pyfixest", reason="the extra 'estimation' is not installed")
    import pandas as pd

    data = panel(4, missing=0.0, zeros=0.2)
    chosen = (data["trade"] == 0) & (np.random.default_rng(0).random(len(data["trade"])) < 0.15)
    data["ban"] = chosen.astype(float)
    frame = pd.DataFrame(data)
    frame = frame.assign(
        ey=frame["exporter"] * 100 + frame["year"] % 100,
        iy=frame["importer"] * 100 + frame["year"] % 100,
        pair=frame["exporter"] * 100 + frame["importer"],
    )
    theirs = pyfixest.fepois(
        f"trade ~ {' + '.join([*X, 'ban'])} | ey + iy" + (" + pair" if "pair" in effects else ""),
        frame,
        vcov="hetero",
        iwls_tol=1e-12,
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-10),
        separation_check=["fe", "ir"],
    )
    for options in (CUBE, LIBRARY):
        mine = estimate_gravity(data, [*X, "ban"], effects=effects, options=options)
        assert mine.dropped.separated_by_regressor == chosen.sum()
        assert mine.dropped.collinear == ("ban",)
        assert mine.observations == theirs._N
        np.testing.assert_allclose(mine.coefficients, theirs.coef().to_numpy(), rtol=1e-7)
