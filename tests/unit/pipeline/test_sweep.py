"""Sweeps: what a row gives is what a run gives, parts are whole, and a stopped sweep goes on."""

from pathlib import Path

import pytest

from landbridge.core.problems import InfeasibleError, MissingExtraError, StudyError
from landbridge.pipeline import sweep as module
from landbridge.pipeline.digest_cache import finished, row_digest
from landbridge.pipeline.outcome import find_outcome
from landbridge.pipeline.run import run_scenarios
from landbridge.pipeline.sweep import read_sweep, sweep
from landbridge.pipeline.sweep_rows import read_rows
from landbridge.study.reader import read_study

STUDY = "island-canal"


def written(folder: Path, text: str) -> Path:
    file = folder / "runs.csv"
    file.write_text(text, encoding="utf-8")
    return file


ROWS = """scenario,add,remove,trade_elasticity,choice_scale_per_usd,note
railway,,,,,
canal,,,4,,weak answer
canal,,,8,,strong answer
canal,,embargo,,0.002,without the embargo
,canal,embargo,,0.002,the same set named otherwise
"""


def test_a_row_gives_what_a_run_gives(tmp_path: Path) -> None:
    report = sweep(STUDY, written(tmp_path, ROWS), tmp_path / "out", workers=1)
    assert (report.rows, report.done, report.failed, report.skipped) == (4, 4, 0, 0)
    frame = read_sweep(tmp_path / "out")
    result = run_scenarios(read_study(STUDY), ["railway"])["railway"]
    mine = frame[frame["scenario"] == "railway"].set_index("indicator")["value"]
    expected = dict(zip(result.tables["headline"]["indicator"], result.tables["headline"]["value"], strict=True))
    assert mine.to_dict() == pytest.approx(expected, rel=1e-12, abs=1e-9)


def test_parameters_of_a_row_count(tmp_path: Path) -> None:
    sweep(STUDY, written(tmp_path, ROWS), tmp_path / "out", workers=1)
    frame = read_sweep(tmp_path / "out")
    teu = frame[(frame["scenario"] == "canal") & (frame["indicator"] == "target:trade-2030")]
    trade = teu.set_index("trade_elasticity")["value"]
    assert trade[8.0] > trade[4.0]  # cheaper transport makes more trade the stronger trade answers


def test_a_stopped_sweep_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, out = written(tmp_path, ROWS), tmp_path / "out"
    run_part, calls = module.run_part, []

    def breaks(study: str, part: object) -> list[dict[str, object]]:
        calls.append(part)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run_part(study, part)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "run_part", breaks)
    with pytest.raises(KeyboardInterrupt):
        sweep(STUDY, file, out, workers=1)
    assert len(finished(out)) == 2
    (out / ".part-half.parquet.half").write_bytes(b"PAR1 not whole")
    monkeypatch.setattr(module, "run_part", run_part)
    report = sweep(STUDY, file, out, workers=1)
    assert (report.skipped, report.done) == (2, 2)
    again = sweep(STUDY, file, out, workers=1)
    assert (again.skipped, again.done) == (4, 0)
    whole = sweep(STUDY, file, tmp_path / "other", workers=1)
    assert whole.done == 4
    assert read_sweep(out).equals(read_sweep(tmp_path / "other"))


def test_two_processes_give_the_same_dataset(tmp_path: Path) -> None:
    file = written(tmp_path, ROWS)
    sweep(STUDY, file, tmp_path / "one", workers=1)
    sweep(STUDY, file, tmp_path / "two", workers=2)
    assert read_sweep(tmp_path / "one").equals(read_sweep(tmp_path / "two"))


def test_a_dask_cluster_gives_the_same_dataset(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    file = written(tmp_path, "scenario,trade_elasticity\nbaseline,\nfast-border,4\nfast-border,8\n")
    sweep("minimal", file, tmp_path / "one", workers=1)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options, local_directory=str(tmp_path / "scratch")) as cluster:
        report = sweep("minimal", file, tmp_path / "dask", dask=cluster.scheduler_address)
        again = sweep("minimal", file, tmp_path / "dask", dask=cluster.scheduler_address)
    assert (report.rows, report.done, report.failed) == (3, 3, 0)
    assert (again.skipped, again.done) == (3, 0)
    assert read_sweep(tmp_path / "one").equals(read_sweep(tmp_path / "dask"))


def test_a_row_without_a_solution_stays_as_a_row_with_its_reason(tmp_path: Path) -> None:
    file = written(tmp_path, "scenario,trade_elasticity\ncanal,5\ncanal,0.1\n")
    original = find_outcome

    def fails(base: object, standing: object, name: str) -> object:
        if base.ground.study.parameter("trade_elasticity") < 1:  # type: ignore[attr-defined]
            raise InfeasibleError("no equilibrium: for the test")
        return original(base, standing, name)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "find_outcome", fails)
        report = sweep(STUDY, file, tmp_path / "out", workers=1)
    assert (report.done, report.failed) == (1, 1)
    frame = read_sweep(tmp_path / "out")
    lost = frame[frame["status"] == "failed"]
    assert lost["message"].tolist() == ["no equilibrium: for the test"]
    assert lost["trade_elasticity"].tolist() == [0.1]


def test_every_fault_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    text = "scenario,add,trade_elasticity\nrailroad,,5\n,canl,five\n,,-3\n"
    with pytest.raises(StudyError) as caught:
        read_rows(read_study(STUDY), written(tmp_path, text))
    told = {(problem.row, problem.column) for problem in caught.value.problems}
    assert told == {(2, "scenario"), (3, "add"), (3, "trade_elasticity"), (4, "trade_elasticity")}
    with pytest.raises(StudyError, match="trade_elasticity"):
        read_rows(read_study(STUDY), written(tmp_path, "scenario,trade_elastcity\n,5\n"))


def test_a_folder_of_another_sweep_is_left_alone(tmp_path: Path) -> None:
    sweep(STUDY, written(tmp_path, ROWS), tmp_path / "out", workers=1)
    with pytest.raises(StudyError, match="another"):
        sweep(STUDY, written(tmp_path, "scenario,choice_scale_per_usd\ncanal,0.003\n"), tmp_path / "out", workers=1)
    with pytest.raises(StudyError, match="holds no sweep"):
        sweep(STUDY, written(tmp_path, ROWS), tmp_path, workers=1)


def test_the_digest_knows_what_makes_a_result() -> None:
    one = row_digest("study", ("a", "b"), {"x": 1.0})
    assert one == row_digest("study", ("b", "a"), {"x": 1.0})
    others = [
        row_digest("other", ("a", "b"), {"x": 1.0}),
        row_digest("study", ("a",), {"x": 1.0}),
        row_digest("study", ("a", "b"), {"x": 2.0}),
        row_digest("study", ("a", "b"), {}),
    ]
    assert one not in others
    assert len(set(others)) == 4


def test_a_cluster_without_its_extra_names_the_line_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"landbridge\[cluster\]"):
        sweep(STUDY, written(tmp_path, ROWS), tmp_path / "out", dask="tcp://127.0.0.1:1")
