"""The notebooks run from top to bottom, and keep what a reader without Python sees."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_BYTES = 100_000


@pytest.mark.skipif(find_spec("nbclient") is None, reason="nbclient is not installed: pip install 'landbridge[test]'")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(path: Path) -> None:
    # the notebooks hold checks of their own: totals, least values, a formula beside the solver
    done = subprocess.run(
        [sys.executable, "-m", "tools.notebooks", "--check", path.name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_kept_and_small(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert sum(bool(cell["outputs"]) for cell in cells) >= len(cells) / 2
    assert not [o for cell in cells for o in cell["outputs"] if o["output_type"] == "error"]


def test_there_are_two_notebooks_or_more() -> None:
    assert len(NOTEBOOKS) >= 2
