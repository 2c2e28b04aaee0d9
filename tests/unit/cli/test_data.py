"""``landbridge data``: downloads from a server on loopback, broken off, changed and whole; names of the network."""

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from landbridge.cli.main import main
from landbridge.core.problems import StudyError
from landbridge.formats import catalogue
from landbridge.formats.catalogue import CATALOGUE, Download
from landbridge.formats.fetch import fetch

BODY = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(BODY).hexdigest()


@dataclass
class Server:
    """A server that can break off after some bytes, forget ranges, or change its file."""

    url: str = ""
    body: bytes = BODY
    version: str = '"v1"'
    breaks_after: int = 0
    ranges: bool = True
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.asked.append(wanted)
            if self.path != "/file.zip":
                self.send_error(404)
                return
            start = int(wanted[6:-1]) if wanted and self.headers.get("If-Range") == state.version else 0
            if start >= len(state.body) and state.ranges and start:
                self.send_error(416)
                return
            partial = bool(start) and state.ranges
            sent = state.body[start:] if partial else state.body
            self.send_response(206 if partial else 200)
            self.send_header("Content-Length", str(len(sent)))
            self.send_header("ETag", state.version)
            self.end_headers()
            self.wfile.write(sent[: state.breaks_after] if state.breaks_after else sent)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_port}/file.zip"
    yield state
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def item(server: Server, sha256: str = "") -> Download:
    return Download("file", "A file", server.url, "https://example.org/page", "a licence", "a reader", sha256)


def test_a_whole_file_takes_its_name_and_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    path = fetch(item(server, SHA256), tmp_path)
    assert path.read_bytes() == BODY
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file.zip"]
    fetch(item(server, SHA256), tmp_path)
    assert len(server.asked) == 1


def test_a_file_whose_address_is_a_number_gets_the_publisher_s_name(server: Server, tmp_path: Path) -> None:
    path = fetch(replace(item(server, SHA256), file="WIOTS_in_STATA.zip"), tmp_path)
    assert path.name == "WIOTS_in_STATA.zip"


def test_a_broken_download_goes_on_where_it_broke_off(server: Server, tmp_path: Path) -> None:
    server.breaks_after = 300_000
    with pytest.raises(StudyError, match="Give the command again to go on"):
        fetch(item(server, SHA256), tmp_path)
    assert not (tmp_path / "file.zip").exists()
    assert (tmp_path / "file.zip.part").stat().st_size == 300_000
    server.breaks_after = 0
    seen: list[tuple[int, int]] = []
    path = fetch(item(server, SHA256), tmp_path, step=lambda done, total, _: seen.append((done, total)))
    assert server.asked == ["", "bytes=300000-"]
    assert path.read_bytes() == BODY
    assert seen[0][0] > 300_000
    assert seen[-1] == (len(BODY), len(BODY))
    assert [p.name for p in tmp_path.iterdir()] == ["file.zip"]


@pytest.mark.parametrize("change", ["version", "ranges"])
def test_a_file_that_changed_meanwhile_starts_anew(server: Server, tmp_path: Path, change: str) -> None:
    server.breaks_after = 300_000
    with pytest.raises(StudyError):
        fetch(item(server), tmp_path)
    server.breaks_after = 0
    server.body = b"other" + BODY
    if change == "version":
        server.version = '"v2"'
    else:
        server.ranges = False
    assert fetch(item(server), tmp_path).read_bytes() == server.body


def test_a_part_longer_than_the_file_starts_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.zip.part").write_bytes(b"x" * (len(BODY) + 1))
    (tmp_path / "file.zip.mark").write_text(server.version)
    assert fetch(item(server), tmp_path).read_bytes() == BODY


def test_a_wrong_digest_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="changed or damaged"):
        fetch(item(server, "0" * 64), tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_a_published_digest_the_first_download_sets_it(server: Server, tmp_path: Path) -> None:
    fetch(item(server), tmp_path)
    assert json.loads((tmp_path / "digests.json").read_text()) == {server.url: SHA256}
    (tmp_path / "file.zip").unlink()
    server.body = b"changed"
    with pytest.raises(StudyError, match="changed or damaged"):
        fetch(item(server), tmp_path)


def test_what_the_server_refuses_is_said(server: Server, tmp_path: Path) -> None:
    missing = Download("file", "", server.url + "x", "https://example.org/page", "", "")
    with pytest.raises(StudyError, match=r"answers 404 .* Look at https://example.org/page"):
        fetch(missing, tmp_path)
    with pytest.raises(StudyError, match=r"hands it out at https://example\.org only"):
        fetch(Download("file", "", "", "https://example.org", "", ""), tmp_path)
    with pytest.raises(StudyError, match="hands it out"):
        fetch(Download("file", "", "file:///etc/passwd", "", "", ""), tmp_path)


def test_the_command_shows_the_licence_first(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", (item(server),))
    assert main(["data", "fetch", "file", "--out", str(tmp_path), "--yes"]) == 0
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'file.zip'}\n"
    assert told.err.index("Licence: a licence") < told.err.index("kept in")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    (tmp_path / "file.zip").unlink()
    assert main(["data", "fetch", "file", "--out", str(tmp_path)]) != 0
    assert not (tmp_path / "file.zip").exists()
    assert main(["data", "fetch", "nothing"]) == 2


def test_the_list_names_a_licence_and_a_reader_that_exists(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib import import_module

    assert main(["data", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["downloads"]
    assert [row["name"] for row in listed] == [entry.name for entry in CATALOGUE]
    for row in listed:
        assert row["licence"]
        module, _, name = row["reader"].rpartition(".")
        assert callable(getattr(import_module(module), name))
    assert main(["data", "list"]) == 0
    assert "Etalab" in capsys.readouterr().out


def test_names_are_those_of_the_base_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "names", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"name": "KRPUS", "where": "Busan"} in found["ports"] or any(
        row["name"] == "KRPUS" for row in found["ports"]
    )
    assert any(row["name"] == "suez" for row in found["passages"])
    assert all(len(row["where"].split("-")) <= 2 for row in found["crossings"])
    assert main(["data", "names", "--kind", "passages"]) == 0
    text = capsys.readouterr().out
    assert "suez" in text
    assert "KRPUS" not in text
