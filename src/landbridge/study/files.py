"""The files of a study folder as text: found, kept inside the folder, limited in size, decoded, digested."""

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from landbridge.core.problems import Problem
from landbridge.study.suggest import shown, suggestion

MAX_FILE_BYTES: Final = 25_000_000
"""A file above this size is refused: 25 MB hold the pairs of 190 economies in three classes six times over."""

SHIPPED: Final = Path(__file__).resolve().parents[1] / "studies"
"""Folder of the studies that come with the package."""

STUDY_FILE: Final = "study.toml"


def shipped_studies() -> tuple[str, ...]:
    """Return the names of the studies that come with the package, in alphabetical order."""
    if not SHIPPED.is_dir():
        return ()
    return tuple(sorted(path.name for path in SHIPPED.iterdir() if (path / STUDY_FILE).is_file()))


def locate(study: str | Path) -> tuple[Path | None, list[Problem]]:
    """Return the folder of a study, given as a folder or as the name of a shipped one.

    A folder wins over a shipped study of the same name.
    """
    name = str(study)
    if not name or "\0" in name:
        return None, [Problem("LB101", f"{shown(name)} is not a path. Give a study folder or a shipped name.")]
    folder = Path(study)
    try:
        mode = folder.stat().st_mode
    except OSError:
        if name in shipped_studies():
            return SHIPPED / name, []
        hint = suggestion(name, shipped_studies())
        message = f"{shown(name)} is neither a folder nor a shipped study. {hint} 'landbridge new NAME' starts one."
        return None, [Problem("LB101", message)]
    if stat.S_ISDIR(mode):
        return folder, []
    if folder.name == STUDY_FILE:
        return None, [Problem("LB101", f"{shown(name)} is a file. Give the folder that holds it.")]
    return None, [Problem("LB101", f"{shown(name)} is not a folder. Give the folder that holds {STUDY_FILE}.")]


def read_bytes(folder: Path, file: str) -> tuple[bytes | None, list[Problem]]:
    """Return the content of a file of the folder; None without a problem where there is no such file."""
    path = folder / file
    try:
        if not (path.is_symlink() or path.exists()):
            return None, []
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve(strict=True)):
            message = "leads out of the study folder. Put a copy of the file into the folder."
            return None, [Problem("LB103", message, file)]
        info = real.stat()
        if not stat.S_ISREG(info.st_mode):
            return None, [Problem("LB107", "is not a file. Put a file of this name there, or take it away.", file)]
        if info.st_size > MAX_FILE_BYTES:
            message = (
                f"has {info.st_size / 1e6:,.0f} MB; the limit is {MAX_FILE_BYTES / 1e6:,.0f} MB. "
                "Keep the rows that the study needs."
            )
            return None, [Problem("LB104", message, file)]
        return real.read_bytes(), []
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the links form a loop"
        return None, [Problem("LB107", f"cannot be read: {reason}. Check the file and its permissions.", file)]


def decode(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Return UTF-8 text without its byte-order mark; anything else is a fault that names the line."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "is UTF-16 text. Save it as UTF-8 (in Excel: 'CSV UTF-8')."
        return None, [Problem("LB105", message, file)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        message = (
            f"byte 0x{byte:02X} is not UTF-8 text (Windows-1252 or another code page?). "
            "Save the file as UTF-8 (in Excel: 'CSV UTF-8')."
        )
        return None, [Problem("LB105", message, file, line)]


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Return SHA-256 over the names and contents of the files, in order of their names."""
    state = hashlib.sha256()
    for name in sorted(contents):
        state.update(f"{name}\0{len(contents[name])}\0".encode())
        state.update(contents[name])
    return state.hexdigest()
