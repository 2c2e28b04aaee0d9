"""Draws: their law, and that a draw says what the whole chain says at the drawn parameters."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.pipeline.decomposition import decomposition_table, shift_table
from landbridge.pipeline.draws import Estimates, draw_inputs, held_inputs, latin_hypercube, quantile, uncertain_inputs
from landbridge.pipeline.ground import prepare
from landbridge.pipeline.outcome import Baseline, Outcome, find_baseline, find_outcome
from landbridge.pipeline.run import baseline_of, result_tables
from landbridge.pipeline.sensitivity import sobol_indices
from landbridge.pipeline.uncertainty import Sample, sample_outcomes
from landbridge.pipeline.uncertainty_tables import uncertainty_tables
from landbridge.study.model import Parameter, Study
from landbridge.study.reader import read_study


def parameter(name: str, value: float, low: float, high: float) -> Parameter:
    return Parameter(name, value, low, high, "", "assumption")


def island_study() -> Study:
    study = read_study("island-canal")
    more = {
        "delay_share_factor": parameter("delay_share_factor", 1.0, 0.5, 2.0),
        "nest_scale": parameter("nest_scale", 0.7, 0.4, 1.0),
        "visit_fare_elasticity": parameter("visit_fare_elasticity", -1.0, -1.5, -0.6),
        "agreement_trade_log_points": parameter("agreement_trade_log_points", 0.4, 0.2, 0.6),
        "preload_share": parameter("preload_share", 0.25, 0.1, 0.4),
    }
    return replace(study, parameters=MappingProxyType({**study.parameters, **more}))


@pytest.fixture(scope="module")
def island() -> tuple[Baseline, dict[str, Outcome]]:
    study = island_study()
    base = baseline_of(study)
    return base, {
        scenario.name: find_outcome(base, study.standing(scenario.name), scenario.name) for scenario in study.scenarios
    }


@pytest.fixture(scope="module")
def sample(island: tuple[Baseline, dict[str, Outcome]]) -> Sample:
    return sample_outcomes(*island, draws=120, seed=7)


@pytest.mark.parametrize("distribution", ["triangular", "uniform"])
def test_quantiles_are_those_of_the_law(distribution: str) -> None:
    from scipy import stats

    item = replace(parameter("x", 5.0, 3.0, 8.0), distribution=distribution)  # type: ignore[arg-type]
    law = stats.triang(0.4, 3.0, 5.0) if distribution == "triangular" else stats.uniform(3.0, 5.0)
    chances = np.linspace(0.0, 1.0, 41)
    np.testing.assert_allclose(quantile(item, chances), law.ppf(chances), rtol=1e-12)


def test_a_hypercube_has_one_draw_in_every_part() -> None:
    chances = latin_hypercube(50, 4, np.random.default_rng(3))
    parts = np.sort((chances * 50).astype(int), axis=0)
    np.testing.assert_array_equal(parts, np.tile(np.arange(50)[:, None], 4))


def test_estimates_keep_their_covariance() -> None:
    study = island_study()
    covariance = np.array([[0.25, 0.0003], [0.0003, 1e-6]])
    group = Estimates(("trade_elasticity", "choice_scale_per_usd"), covariance)
    wide = {
        name: replace(study.parameters[name], low=-1e9, high=1e9)
        for name in ("trade_elasticity", "choice_scale_per_usd")
    }
    study = replace(study, parameters=MappingProxyType({**study.parameters, **wide}))
    draws = draw_inputs(study, 4000, np.random.default_rng(1), estimates=[group])
    np.testing.assert_allclose(np.cov(draws.values[:, -2:].T), covariance, rtol=0.1)
    np.testing.assert_allclose(draws.values[:, -2:].mean(0), [5.0, 0.004], rtol=1e-3)
    assert draws.group_names[-1] == "trade_elasticity and choice_scale_per_usd"
    with pytest.raises(StudyError, match="negative eigenvalue"):
        Estimates(("a", "b"), np.array([[1.0, 2.0], [2.0, 1.0]]))
    with pytest.raises(StudyError, match="no parameter"):
        draw_inputs(study, 10, np.random.default_rng(1), estimates=[Estimates(("elasticity",), np.eye(1))])


def test_what_has_a_range_is_drawn_or_named_as_held() -> None:
    study = island_study()
    drawn, held = {p.name for p in uncertain_inputs(study)}, {p.name for p in held_inputs(study)}
    assert {"trade_elasticity", "delay_share_factor"} <= drawn
    assert held == {"preload_share"}


def test_the_study_s_own_values_give_the_result_itself(
    island: tuple[Baseline, dict[str, Outcome]], sample: Sample
) -> None:
    base, outcomes = island
    for s, outcome in enumerate(outcomes.values()):
        table = result_tables(base, outcome)["headline"]
        assert tuple(table["indicator"]) == tuple(figure.key for figure in sample.figures)
        assert tuple(table["name"]) == tuple(figure.name for figure in sample.figures)
        np.testing.assert_allclose(sample.central[s], np.array(table["value"], float), rtol=1e-7, atol=1e-6)


def test_a_draw_is_what_the_chain_says_at_its_parameters(
    island: tuple[Baseline, dict[str, Outcome]], sample: Sample
) -> None:
    # Without a draw of the value of time, routes within corridors are those of the chain; delays are held, so the
    # scenario is one without a queue that moves.
    _, outcomes = island
    study = island_study()
    names = list(outcomes)
    for row in (0, 60):
        drawn = sample.draws.study(study, row)
        moved = {name: drawn.parameters[name] for name in ("trade_elasticity", "choice_scale_per_usd", "nest_scale")}
        moved["visit_fare_elasticity"] = drawn.parameters["visit_fare_elasticity"]
        again = replace(study, parameters=MappingProxyType({**study.parameters, **moved}))
        base = find_baseline(prepare(again))
        only = replace(base.ground, study=narrowed(study, again))
        held = sample_outcomes(
            replace(baseline_of(study), ground=replace(baseline_of(study).ground, study=only.study)),
            outcomes,
            draws=1,
            seed=0,
        )
        for name in ("canal", "railway", "peace"):
            outcome = find_outcome(base, again.standing(name), name)
            table = np.array(result_tables(base, outcome)["headline"]["value"], float)
            mine = held.values[0, names.index(name)]
            np.testing.assert_allclose(mine, table, rtol=2e-3, atol=1e-3)


def narrowed(study: Study, target: Study) -> Study:
    """Return the study with every range shrunk to the target's value, so that its only draw is the target."""
    shrunk = {
        name: replace(
            item, low=target.parameter(name), high=target.parameter(name) * (1 + 1e-12), distribution="uniform"
        )
        if target.parameter(name) > 0
        else replace(
            item, low=target.parameter(name), high=target.parameter(name) * (1 - 1e-12), distribution="uniform"
        )
        for name, item in study.parameters.items()
    }
    return replace(study, parameters=MappingProxyType(shrunk))


def test_time_that_costs_more_helps_the_faster_way(sample: Sample) -> None:
    # A property of sense, not a golden number: the railway gains containers the more time is worth.
    keys = [figure.key for figure in sample.figures]
    s, f = sample.scenarios.index("railway"), keys.index("teu:railway")
    factor = sample.draws.column("delay_share_factor", 1.0)
    teu = sample.values[:, s, f]
    top, bottom = teu[factor > np.quantile(factor, 0.8)].mean(), teu[factor < np.quantile(factor, 0.2)].mean()
    assert top > bottom


def test_the_same_seed_gives_the_same_draws(island: tuple[Baseline, dict[str, Outcome]], sample: Sample) -> None:
    again = sample_outcomes(*island, draws=120, seed=7)
    np.testing.assert_array_equal(sample.values, again.values)
    other = sample_outcomes(*island, draws=120, seed=8)
    assert not np.array_equal(sample.values, other.values)


def test_tables_hold_every_headline_figure(island: tuple[Baseline, dict[str, Outcome]]) -> None:
    base, outcomes = island
    tables = uncertainty_tables(base, outcomes, draws=80, seed=1)
    table = tables["railway"]["uncertainty"]
    rows = list(zip(table["indicator"], table["measure"], table["value"], strict=True))
    at = {(key, measure): value for key, measure, value in rows}
    for key in result_tables(base, outcomes["railway"])["headline"]["indicator"]:
        assert at[key, "low"] <= at[key, "median"] <= at[key, "high"]
    moved = tables["railway"]["sensitivity"]
    assert {"trade_elasticity", "choice_scale_per_usd"} <= set(moved["input"])
    treated = dict(
        zip(tables["all"]["uncertain_inputs"]["input"], tables["all"]["uncertain_inputs"]["treatment"], strict=True)
    )
    assert treated["preload_share"] == "held"


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * u - 1.0)
    y: np.ndarray = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return y


def test_indices_of_a_polynomial_are_exact() -> None:
    # y = 3 p1(u0) + 4 p2(u1) + 12 p1(u0) p1(u2) in orthonormal terms: variances 9, 16 and 144.
    u = latin_hypercube(200, 3, np.random.default_rng(0))
    one = np.sqrt(3.0) * (2 * u - 1)
    two = np.sqrt(5.0) * (6 * u**2 - 6 * u + 1)
    y = 3 * one[:, 0] + 4 * two[:, 1] + 12 * one[:, 0] * one[:, 2]
    found = sobol_indices(u, np.arange(3), np.column_stack([y, np.full(200, 5.0)]))
    np.testing.assert_allclose(found.first[0], np.array([9, 16, 0]) / 169, atol=1e-12)
    np.testing.assert_allclose(found.total[0], np.array([153, 16, 144]) / 169, atol=1e-12)
    assert found.fit[0] == pytest.approx(1.0)
    assert found.varies.tolist() == [True, False]


def test_a_bad_fit_says_so() -> None:
    # Ishigami and Homma (1990) needs degree 8 and more: a cubic leaves half of the variance, and the fit tells it.
    u = latin_hypercube(400, 3, np.random.default_rng(0))
    found = sobol_indices(u, np.arange(3), ishigami(u)[:, None])
    assert found.fit[0] < 0.6
    with pytest.raises(StudyError, match="Give at least"):
        sobol_indices(u[:5], np.arange(3), ishigami(u)[:5, None])


def test_indices_agree_with_saltelli_s_estimator() -> None:
    # Saltelli and others (2010), table 2 (b) and (f), on a smooth model: another road to the same numbers.
    def model(u: np.ndarray) -> np.ndarray:
        y: np.ndarray = np.exp(u[:, 0]) * (1.0 + u[:, 1] ** 2) + 0.5 * u[:, 2]
        return y

    rng = np.random.default_rng(4)
    n = 100_000
    a, b = rng.random((n, 3)), rng.random((n, 3))
    ya, yb = model(a), model(b)
    variance = np.concatenate([ya, yb]).var()
    first, total = np.empty(3), np.empty(3)
    for k in range(3):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        y = model(mixed)
        first[k] = np.mean(yb * (y - ya)) / variance
        total[k] = np.mean((ya - y) ** 2) / 2 / variance
    u = latin_hypercube(300, 3, rng)
    found = sobol_indices(u, np.arange(3), model(u)[:, None])
    np.testing.assert_allclose(found.first[0], first, atol=0.015)
    np.testing.assert_allclose(found.total[0], total, atol=0.015)
    assert found.fit[0] > 0.99


def test_decompositions_add_up(island: tuple[Baseline, dict[str, Outcome]]) -> None:
    base, outcomes = island
    for outcome in outcomes.values():
        table = decomposition_table(base, outcome)
        at = dict(zip(zip(table["economy"], table["measure"], strict=True), table["value"], strict=True))
        for i, economy in enumerate(base.ground.inputs.economies):
            parts = sum(at[economy, f"exact_{part}"] for part in ("openness", "domestic_cost", "supply", "money"))
            income = 100.0 * np.log(outcome.equilibrium.real_income_change[i])
            assert parts == pytest.approx(income, abs=1e-9)
            assert at[economy, "exact_total"] == pytest.approx(income, abs=1e-9)
    small = decomposition_table(base, outcomes["canal"])
    at = dict(zip(zip(small["economy"], small["measure"], strict=True), small["value"], strict=True))
    for economy in base.ground.inputs.economies:  # a change of a tenth of a percent is nearly of first order
        assert at[economy, "first_total"] == pytest.approx(at[economy, "exact_total"], rel=0.05)


def test_an_agreement_creates_trade_inside_its_bloc(island: tuple[Baseline, dict[str, Outcome]]) -> None:
    base, outcomes = island
    assert shift_table(base, outcomes["canal"])["value"] == []
    table = shift_table(base, outcomes["all"])
    assert set(table["agreement"]) == {"free-trade"}
    rows = zip(table["in_bloc"], table["measure"], table["value"], strict=True)
    assert all(value > 0 for inside, measure, value in rows if inside and measure == "creation")
