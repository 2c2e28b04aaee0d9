"""A page of the minimal study in a headless Chromium; skipped with a reason where either is absent."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))


def served(name: str) -> Iterator[str]:
    """Serve the page of a study; give its address."""
    pytest.importorskip("dash", reason='the page needs: pip install "landbridge[app]"')
    from landbridge.app.server import make_app, serve
    from landbridge.study.reader import read_study

    server = serve(make_app(read_study(name), name), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    yield from served("minimal")


@pytest.fixture(scope="session")
def island() -> Iterator[str]:
    yield from served("island-canal")


@pytest.fixture(scope="session")
def flagship() -> Iterator[str]:
    yield from served("northeast-asia")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need: pip install playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine; install the package 'chromium'")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watched:
    """A page with everything that it said and asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        self.pending = 0
        page.on("request", self._asks)
        for event in ("requestfinished", "requestfailed"):
            page.on(event, self._got)

    def _asks(self, request: Any) -> None:
        self.asked.append(request.url)
        self.pending += 1

    def _got(self, _: Any) -> None:
        self.pending -= 1

    def settle(self) -> None:
        """Wait until nothing has been on its way for a third of a second."""
        quiet = 0
        while quiet < 4:
            self.page.wait_for_timeout(100)
            quiet = quiet + 1 if self.pending <= 0 else 0

    def open(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_selector(".lb-card")
        self.page.wait_for_selector("#route table")
        self.page.wait_for_selector("#map .scatterlayer")
        return self.page


@pytest.fixture
def watched(chromium: Any) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(150_000)
    yield Watched(page)
    context.close()
