"""Runs the notebooks and keeps their outputs: ``python -m tools.notebooks [--check] [NAME ...]``.

With ``--check`` they run and nothing is written. Pictures are not kept, as they would weigh more than the notebook.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
KEPT = ("text/plain", "text/html", "text/markdown")
SECONDS = 300
"""A cell that takes longer is stopped."""


def main(arguments: Sequence[str]) -> int:
    """Run all notebooks or those named; return 1 if one fails."""
    names = [word for word in arguments if not word.startswith("--")]
    failed = 0
    for path in [FOLDER / name for name in names] or sorted(FOLDER.glob("*.ipynb")):
        book = nbformat.read(path, as_version=4)
        client = NotebookClient(book, kernel_name="python3", timeout=SECONDS, extra_arguments=["--log-level=ERROR"])
        client.resources = {"metadata": {"path": FOLDER}}
        try:
            client.execute()
        except CellExecutionError as error:
            failed += 1
            print(f"{path.name}: {error}", file=sys.stderr)
            continue
        print(f"{path.name}: runs")
        if "--check" not in arguments:
            nbformat.write(_lean(book), path)
    return int(failed > 0)


def _lean(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without times, and without outputs that are pictures."""
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in [kind for kind in data if kind not in KEPT or len(data[kind]) > 20_000]:
                del data[kind]
        cell["outputs"] = [o for o in cell.get("outputs", []) if o["output_type"] == "stream" or o.get("data")]
        if cell.cell_type != "code":
            del cell["outputs"]
    return book


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
