"""The manual in a browser: no request leaves the machine, formulas are drawn."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def manual(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("material", reason='the manual needs: pip install "landbridge[docs]"')
    pytest.importorskip("latex2mathml", reason='the manual needs: pip install "landbridge[docs]"')
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_browser_asks_no_other_machine_and_draws_formulas(watched: Any, manual: str) -> None:
    page = watched.page
    for name in ("", "methods/cooperation/", "tour/", "methods/trade/"):
        page.goto(manual + name)
        watched.settle()
    size = page.locator("div.formula math").first.bounding_box()
    assert [url for url in watched.asked if not url.startswith((manual, "data:", "blob:"))] == []
    assert size["width"] > 50
    assert size["height"] > 10
