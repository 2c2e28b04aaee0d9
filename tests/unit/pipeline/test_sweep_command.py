"""The command ``sweep``: what it prints, and that bad input writes nothing."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from landbridge.cli.sweep import register
from landbridge.core.problems import StudyError
from landbridge.pipeline.sweep import read_sweep

app = typer.Typer()
register(app)


@app.callback()
def _top() -> None:
    """Keep the command's name."""


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("scenario,trade_elasticity\ncanal,4\ncanal,6\n", encoding="utf-8")
    line = ["sweep", "island-canal", "--over", str(file), "--out", str(tmp_path / "out"), "--workers", "1"]
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*line, "--json"])
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert (said["rows"], said["done"], said["failed"], said["skipped"]) == (2, 2, 0, 0)
    again = CliRunner(env={"COLUMNS": "200"}).invoke(app, line)
    assert "2 rows: 0 done, 0 failed, 2 held already" in again.stdout
    assert set(read_sweep(tmp_path / "out")["trade_elasticity"]) == {4.0, 6.0}


def test_bad_input_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("scenario\nchannel\n", encoding="utf-8")
    done = CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["sweep", "island-canal", "--over", str(file), "--out", str(tmp_path / "out")]
    )
    assert isinstance(done.exception, StudyError)
    assert "Did you mean 'canal'?" in str(done.exception)
    assert not (tmp_path / "out").exists()
