"""The page of benchmarks shows what each module gave, failures too."""

import json
from pathlib import Path

import pytest

from benchmarks import all as every

MODULE = '''"""Time {name}."""

import json
import sys
from pathlib import Path

if "--json" in sys.argv:
    {act}
'''
ROWS = [{"work": "a | b", "ours_s": 0.001, "peer": "other", "peer_s": 2.0, "ratio": 2000.0, "note": ""}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "benchmarks"
    made.mkdir()
    monkeypatch.setattr(every, "FOLDER", made)
    return made


def write(folder: Path, name: str, act: str) -> None:
    (folder / f"{name}.py").write_text(MODULE.format(name=name, act=act), encoding="utf-8")


def test_rows_are_shown_with_their_ratio_and_failures_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "good", f"Path(sys.argv[2]).write_text(json.dumps({ROWS!r}))")
    write(folder, "bad", 'sys.exit("no luck")')
    page = folder.parent / "page.md"
    assert every.main(["--write", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    assert "| a \\| b | 0.001 | other | 2 | 2,000 |  |" in text, "bars in words do not break the table"
    assert "Time good." in text
    assert "Failed: no luck" in text
    assert "bad failed: no luck" in capsys.readouterr().err


def test_one_run_for_show_writes_nothing(folder: Path) -> None:
    write(folder, "good", f"Path(sys.argv[2]).write_text(json.dumps({json.loads(json.dumps(ROWS))!r}))")
    page = folder.parent / "page.md"
    assert every.main(["--once", "--write", str(page)]) == 0
    assert not page.exists()


def test_all_modules_that_write_rows_are_found() -> None:
    found = every.topics()
    assert {"appraisal", "assignment", "cooperation", "routing", "trade"} <= set(found)
    assert not {"all", "harness", "trade_gegravity", "assignment_aequilibrae"} & set(found)
