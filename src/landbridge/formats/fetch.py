"""Download a file whole or not at all: resumed where it broke off, held to its digest."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from landbridge.core.problems import Problem, StudyError
from landbridge.formats.catalogue import Download

Step = Callable[[int, int, str], None]
_PIECE: Final = 1 << 18
_SECONDS: Final = 60.0
DIGESTS: Final = "digests.json"
"""File beside the downloads that holds the digests recorded at first download."""


def _silent(done: int, total: int, label: str) -> None:
    """Say nothing."""


def fetch(item: Download, folder: Path, *, step: Step = _silent) -> Path:
    """Download a file into a folder and return its path; a file that is there and whole is left alone.

    What has come is kept in ``NAME.part`` if the line breaks, with the server's mark of the version, and the next
    call asks for the rest only (HTTP Range with If-Range). A server that does not know this starts anew. Only a file
    whose length and digest are right takes its name. Where the catalogue has no digest, the one of the first download
    is recorded in ``digests.json`` and later downloads are held to it.

    Raises
    ------
    StudyError
        If the server refuses, the line breaks, or the digest is another.
    """
    if urlsplit(item.url).scheme not in ("http", "https"):
        message = f"{item.name}: the publisher hands it out at {item.page} only. Download it there."
        raise StudyError([Problem("LB460", message)])
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (item.file or Path(urlsplit(item.url).path).name or item.name)
    known = item.sha256 or _recorded(folder).get(item.url, "")
    if target.exists() and known and file_digest(target) == known:
        return target
    part = target.with_name(target.name + ".part")
    mark = target.with_name(target.name + ".mark")
    _receive(item, part, mark, step)
    found = file_digest(part)
    if known and found != known:
        part.unlink()
        mark.unlink(missing_ok=True)
        message = (
            f"{item.name}: SHA-256 is {found}, {known} was expected. The file was changed or damaged; nothing is kept."
        )
        raise StudyError([Problem("LB462", message)])
    part.replace(target)
    mark.unlink(missing_ok=True)
    if not known:
        _record(folder, item.url, found)
    return target


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _receive(item: Download, part: Path, mark: Path, step: Step) -> None:
    """Append what is missing to `part`, from the start if the server's version is another."""
    have = part.stat().st_size if part.exists() and mark.exists() else 0
    headers = {"User-Agent": "landbridge", "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark.read_text(encoding="utf-8")}
    with _told(item):
        try:
            answer = urlopen(Request(item.url, headers=headers), timeout=_SECONDS)  # noqa: S310 - http and https only
        except HTTPError as error:
            if error.code == 416 and have:
                part.unlink()
                return _receive(item, part, mark, step)
            raise
        with answer:
            resumed = answer.status == 206
            length = int(answer.headers.get("Content-Length") or 0)
            total = length + (have if resumed else 0) if length else 0
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
            if version and not version.startswith("W/"):
                mark.write_text(version, encoding="utf-8")
            else:
                mark.unlink(missing_ok=True)
            done = have if resumed else 0
            with part.open("ab" if resumed else "wb") as file:
                while piece := answer.read(_PIECE):
                    file.write(piece)
                    done += len(piece)
                    step(done, total, item.name)
    if total and done != total:
        message = f"{item.name}: the line broke after {done:,} of {total:,} bytes. Give the command again to go on."
        raise StudyError([Problem("LB461", message)])
    return None


@contextmanager
def _told(item: Download) -> Iterator[None]:
    """Turn errors of the network into words."""
    try:
        yield
    except HTTPError as error:
        message = f"{item.name}: {item.url} answers {error.code} {error.reason}. Look at {item.page}."
        raise StudyError([Problem("LB461", message)]) from error
    except (URLError, TimeoutError, ConnectionError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        message = f"{item.name}: {reason}. Give the command again to go on where it broke off."
        raise StudyError([Problem("LB461", message)]) from error


def _recorded(folder: Path) -> dict[str, str]:
    path = folder / DIGESTS
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        message = f"{path} is not JSON. Take it away; digests are then recorded anew."
        raise StudyError([Problem("LB463", message)]) from error
    return {str(url): str(value) for url, value in found.items()}


def _record(folder: Path, url: str, value: str) -> None:
    found = {**_recorded(folder), url: value}
    new = folder / (DIGESTS + ".new")
    new.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(folder / DIGESTS)
