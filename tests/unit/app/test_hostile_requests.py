"""Requests that no page of ours sends: nothing breaks, nothing leaks, nothing outside is served."""

import ctypes
import gc
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dash", reason='the page needs: pip install "landbridge[app]"')

from flask.testing import FlaskClient

from landbridge.app.server import LARGEST_REQUEST, make_app
from landbridge.study.reader import read_study

HERE = {"base_url": "http://127.0.0.1/"}
UPDATE = "/_dash-update-component"
ALLOWED = 40.0
"""Megabytes by which memory may grow in the storm that leaves least behind.

Single storms swing by more, but a leak shows in each of them: a hundred kilobytes an answer would."""


@pytest.fixture(scope="module")
def server() -> Any:
    study = read_study("minimal")
    return make_app(study, "minimal").server


@pytest.fixture
def client(server: Any) -> FlaskClient:
    return server.test_client()


def ask(client: FlaskClient, now: object) -> Any:
    body = {
        "output": "route.children",
        "outputs": {"id": "route", "property": "children"},
        "inputs": [{"id": "drawn", "property": "data", "value": now}],
        "changedPropIds": ["drawn.data"],
    }
    return client.post(UPDATE, json=body, **HERE)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/assets/../server.py",
        "/assets/%2e%2e/server.py",
        "/assets/..%2f..%2fpipeline%2frun.py",
        "/_dash-component-suites/dash/../../../../etc/passwd",
        "/_dash-component-suites/os/__init__.py",
        "/study.toml",
        "/tables/trade.csv",
    ],
)
def test_no_file_but_the_pages_own_parts_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path, **HERE)
    assert b"root:" not in answer.data
    assert b"exporter" not in answer.data
    assert b"def make_app" not in answer.data
    assert answer.status_code in {400, 403, 404} or b"<!DOCTYPE html>" in answer.data


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"output":1}',
        b'{"output":"no.such","inputs":[]}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_malformed_bodies_are_refused_without_a_crash(client: FlaskClient, body: bytes) -> None:
    answer = client.post(UPDATE, data=body, content_type="application/json", **HERE)
    assert 400 <= answer.status_code < 600
    assert b"Traceback" not in answer.data
    assert ask(client, "").status_code == 200


def test_a_body_that_is_too_large_is_refused_unread(client: FlaskClient) -> None:
    answer = client.post(UPDATE, data=b"x" * (LARGEST_REQUEST + 1), content_type="application/json", **HERE)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "value", [None, 3, [], {"a": 1}, "?s=../../etc", "?from=%00&to=<script>", "?p.trade_elasticity=nan"]
)
def test_wrong_types_count_as_the_first_page(client: FlaskClient, value: object) -> None:
    answer = ask(client, value)
    assert answer.status_code == 200
    assert b"<script>" not in answer.data


def test_another_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://evil.example/").status_code == 403
    assert client.get("/", base_url="http://localhost:8350/").status_code == 200


def test_the_browser_may_load_only_this_servers_parts(client: FlaskClient) -> None:
    answer = client.get("/", **HERE)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert b"https://" not in answer.data.replace(b"https://www.w3.org", b"")


def test_sessions_do_not_mix(server: Any) -> None:
    """Fifty readers with different pairs at once: each gets its own pair."""
    pairs = [("shanghai", "hamburg"), ("chengdu", "warsaw"), ("warsaw", "chengdu"), ("hamburg", "shanghai")]

    def read(number: int) -> bool:
        origin, destination = pairs[number % 4]
        on = "&on=fast-border" if number % 2 else ""
        text = ask(server.test_client(), f"?from={origin}&to={destination}{on}").get_data(as_text=True)
        return f"{origin.title()} - {destination.title()}" in json.dumps(json.loads(text))

    with ThreadPoolExecutor(8) as readers:
        assert all(readers.map(read, range(50)))


WRONG = (
    b"", b"{", b"[]", b"null", b'{"output":1}', b"[" * 5000, b"x" * (LARGEST_REQUEST + 1),
    b'{"output":"route.children","outputs":{"id":"route","property":"children"},"inputs":[{"id":"drawn","property":'
    b'"data","value":{"a":[1,2]}}],"changedPropIds":["drawn.data"]}',
)  # fmt: skip
PATHS = ("/../../etc/passwd", "/assets/%2e%2e/server.py", "/assets/..%2f..%2fpipeline%2frun.py", "/study.toml")


def storm(server: Any, seconds: float, readers: int) -> tuple[int, int]:
    """Let readers ask at once for some time, each for its own pair, among wrong requests; count answers and mixes."""
    pairs = [("shanghai", "hamburg"), ("chengdu", "warsaw"), ("warsaw", "chengdu"), ("hamburg", "shanghai")]
    until = time.monotonic() + seconds

    def read(number: int) -> tuple[int, int]:
        client, answers, mixed = server.test_client(), 0, 0
        while time.monotonic() < until:
            origin, destination = pairs[(number + answers) % 4]
            moved = f"&p.trade_elasticity={3 + (answers % 50) / 10}" if answers % 7 == 0 else ""
            text = ask(client, f"?from={origin}&to={destination}&on=fast-border{moved}").get_data(as_text=True)
            mixed += f"{origin.title()} - {destination.title()}" not in text
            bad = client.post(UPDATE, data=WRONG[answers % len(WRONG)], content_type="application/json", **HERE)
            mixed += bad.status_code == 500 or b"Traceback" in bad.data
            away = client.get(PATHS[answers % len(PATHS)], **HERE)
            mixed += b"root:" in away.data or b"def make_app" in away.data
            answers += 1
        return answers, mixed

    with ThreadPoolExecutor(readers) as pool:
        found = list(pool.map(read, range(readers)))
    return sum(answers for answers, _ in found), sum(mixed for _, mixed in found)


def resident() -> float:
    """Return megabytes of this process in memory, what the allocator holds back given to the system first."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is read from /proc")
@pytest.mark.parametrize("seconds", [8.0, pytest.param(60.0, marks=pytest.mark.slow)])
def test_fifty_readers_at_once_leave_memory_flat(server: Any, seconds: float) -> None:
    """Four storms one after the other: the first fill what is kept, and one at least leaves memory where it was."""
    sizes = []
    for _ in range(4):
        answers, mixed = storm(server, seconds / 4.0, 50)
        assert mixed == 0
        assert answers >= 50
        sizes.append(resident())
    assert min(after - before for before, after in pairwise(sizes)) < ALLOWED, sizes
    assert ask(server.test_client(), "").status_code == 200


def test_what_is_kept_is_bounded(server: Any) -> None:
    from landbridge.app.engine import OUTCOMES, Kept

    kept = Kept(3)
    for number in range(10):
        assert kept.get(number, lambda number=number: [number]) == [number]
    assert len(kept) == 3
    assert 9 in kept
    assert 0 not in kept
    assert OUTCOMES[0] < OUTCOMES[1]
    del server
