"""Estimates in a study: the way from a panel to parameters, covariance, files and draws."""

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from landbridge.cli.main import app
from landbridge.core.problems import StudyError
from landbridge.pipeline.draws import draw_inputs, estimates_of
from landbridge.pipeline.estimate import TARIFF, estimate_agreement
from landbridge.pipeline.estimate_feed import AGREEMENT, ELASTICITY, panel_parameters, stated_apart
from landbridge.study.new import new_study
from landbridge.study.reader import read_study
from landbridge.study.rewrite import write_estimates

N, T = 10, 5


def panel(seed: int = 3) -> dict[str, np.ndarray]:
    """Trade net of tariffs with elasticity 4 (so -5 on 1 + t) and 0.4 log points for an agreement that cuts tariffs."""
    rng = np.random.default_rng(seed)
    i, j, t = (axis.ravel() for axis in np.indices((N, N, T)))
    flag = ((t >= rng.integers(1, T + 1, (N, N))[i, j]) & (i != j)).astype(float)
    tariff = np.where(
        i == j, 0.0, rng.uniform(2, 15, (N, N))[i, j] * np.where(flag > 0, 0.3, 1.0) + rng.uniform(0, 2, len(i))
    )
    size = rng.normal(size=(N, T))[i, t] + rng.normal(size=(N, T))[j, t] + rng.normal(size=(N, N))[i, j]
    noise = np.exp(rng.normal(0, 0.05, len(i)))
    trade = np.exp(size + 0.4 * flag - 5.0 * np.log1p(tariff / 100)) * noise
    names = np.array([f"E{k}" for k in range(N)])
    return {
        "exporter": names[i], "importer": names[j], "year": 2000 + t, "trade": trade, "FTA": flag, "duty": tariff,
    }  # fmt: skip


def island(folder: Path) -> Path:
    return new_study(folder / "mine", example="island-canal")


def test_a_panel_with_tariffs_gives_both_parameters_with_their_covariance() -> None:
    fit = estimate_agreement(panel(), "FTA", tariff="duty")
    found = panel_parameters(fit, "FTA", data="made")
    agreement, elasticity = found.parameters
    error = np.sqrt(np.diag(found.covariance))
    assert (agreement.name, elasticity.name) == (AGREEMENT, ELASTICITY)
    assert agreement.value == pytest.approx(0.4, abs=4 * error[0])
    assert elasticity.value == pytest.approx(4.0, abs=4 * error[1])
    k = [fit.names.index(name) for name in ("FTA", TARIFF)]
    # The elasticity is minus a coefficient less 1, so variances stay and the covariance turns its sign.
    np.testing.assert_allclose(found.covariance, fit.covariance[np.ix_(k, k)] * [[1, -1], [-1, 1]], rtol=1e-12)
    assert elasticity.high - elasticity.low == pytest.approx(2 * 1.959964 * error[1], rel=1e-6)


def test_estimates_stand_in_the_study_and_move_its_draws_together(tmp_path: Path) -> None:
    folder = island(tmp_path)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text("# kept by hand\n" + text, encoding="utf-8")
    found = panel_parameters(estimate_agreement(panel(), "FTA", tariff="duty"), "FTA", data="made")
    study = write_estimates(folder, [found])
    again = read_study(folder)
    assert again.digest == study.digest
    assert again.parameters[ELASTICITY] == found.parameters[1]
    assert (folder / "study.toml").read_text(encoding="utf-8").startswith("# kept by hand\n")
    others = [name for name in read_study("island-canal").parameters if name not in (ELASTICITY, AGREEMENT)]
    assert all(again.parameters[name] == read_study("island-canal").parameters[name] for name in others)
    (group,) = estimates_of(again)
    assert group.names == (ELASTICITY, AGREEMENT)
    np.testing.assert_allclose(group.covariance, found.covariance[::-1, ::-1], rtol=1e-12)
    drawn = draw_inputs(again, 4000, np.random.default_rng(1))
    at = [[item.name for item in drawn.inputs].index(name) for name in group.names]
    np.testing.assert_allclose(np.cov(drawn.values[:, at].T), group.covariance, rtol=0.15)
    assert len(set(drawn.groups[at].tolist())) == 1


def test_a_parameter_estimated_anew_replaces_the_old_estimate(tmp_path: Path) -> None:
    folder = island(tmp_path)
    for seed in (3, 4):
        found = panel_parameters(estimate_agreement(panel(seed), "FTA", tariff="duty"), "FTA", data="made")
        study = write_estimates(folder, [found])
    assert len(study.tables["covariances"]) == 3
    assert study.tables["sources"].text("key").count(found.estimate) == 1
    assert study.parameter(ELASTICITY) == found.parameters[1].value


def test_a_shipped_study_is_left_alone() -> None:
    found = panel_parameters(estimate_agreement(panel(), "FTA"), "FTA", data="made")
    with pytest.raises(StudyError, match="landbridge new NAME --from island-canal"):
        write_estimates("island-canal", [found])


def test_data_that_do_not_tell_the_elasticity_are_refused() -> None:
    columns = panel()
    columns["trade"] = columns["trade"] * np.exp(9.0 * np.log1p(columns["duty"] / 100))
    with pytest.raises(StudyError, match="these data do not tell it"):
        panel_parameters(estimate_agreement(columns, "FTA", tariff="duty"), "FTA", data="made")


def test_covariances_that_are_none_are_told(tmp_path: Path) -> None:
    folder = island(tmp_path)
    head = "estimate,parameter,other,covariance,unit,source,note\n"
    rows = [
        f"a,{ELASTICITY},{ELASTICITY},1",
        f"a,choice_scale_per_usd,{ELASTICITY},2",
        f"b,{ELASTICITY},{ELASTICITY},-1",
    ]
    table = folder / "tables/covariances.csv"
    table.write_text(head + "".join(f"{row},x,assumption,a test\n" for row in rows), encoding="utf-8")
    with pytest.raises(StudyError) as missing:
        read_study(folder)
    told = [problem.message for problem in missing.value.problems if problem.code == "LB260"]
    assert len(told) == 3
    assert "1 pairs are missing" in told[0]
    assert "stands in estimate 'a' too" in told[1]
    assert "negative eigenvalue" in told[2]
    rows.append("a,choice_scale_per_usd,choice_scale_per_usd,1")
    table.write_text(head + "".join(f"{row},x,assumption,a test\n" for row in rows), encoding="utf-8")
    with pytest.raises(StudyError, match="negative eigenvalue -1"):
        read_study(folder)


def test_the_command_writes_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_study(tmp_path / "mine", example="northeast-asia")
    columns = panel()
    with Path("panel.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(values.tolist() for values in columns.values()), strict=True))
    runner = CliRunner()
    nothing = runner.invoke(app, ["estimate", "mine", "--write"])
    assert nothing.exit_code != 0
    done = runner.invoke(app, ["estimate", "mine", "--panel", "panel.csv", "--tariff", "duty", "--write"])
    assert done.exit_code == 0, done.output
    study = read_study("mine")
    assert study.parameters[ELASTICITY].source == "gravity-panel"
    assert study.parameters[ELASTICITY].distribution == "normal"
    assert f"{study.parameter(ELASTICITY):.4g}" in done.output
    # The flagship's agreement states the effect of its own, which runs use: the command says so.
    assert stated_apart(study)
    assert f"Set their value to {study.parameter(AGREEMENT):.4g}" in " ".join(done.output.split())
