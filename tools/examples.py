"""Runs the examples of the manual, and writes into the pages what they print.

Run ``python -m tools.examples``; with ``--check`` it only tells which pages are out of date, with ``--slow`` it runs
the slow ones too. Names of pages limit it to these. What a page may hold:

- ```` ```console ````: lines after ``$`` are commands (``landbridge`` or ``cat``), the others what they print. A line
  ``...`` stands for any lines.
- ```` ```python ````: run in one namespace a page; a ```` ```text ```` block right after it is what it prints.
- any block with ``title="PATH"``: the file's content, written before what follows; ``title="PATH (at the end)"``
  is added to the file.
- ``<!-- slow -->`` on the line before a block: it runs only with ``--slow`` (a run of the flagship study).
- ```` ```sh ```` and all others are shown only.

All examples of a page run in one new folder, in order.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = "/home/you"
"""What stands in the pages for the folder that the examples run in."""
WIDTH = "110"
FENCE = re.compile(r"^```(\w+)(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SLOW = "<!-- slow -->"
TITLE = re.compile(r'title="([^"]+?)( \(at the end\))?"')


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its language, the file it is (if any), its text and its place."""

    language: str
    title: str
    adds: bool
    text: str
    start: int
    end: int
    slow: bool


def pages(names: Sequence[str] = ()) -> list[Path]:
    """Return the pages with examples, all or those named."""
    if names:
        return [ROOT / name for name in names]
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in found if any(_runs(block) for block in blocks(path.read_text(encoding="utf-8")))]


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    found = []
    for match in FENCE.finditer(page):
        title = TITLE.search(match[2])
        name, adds = (title[1], bool(title[2])) if title else ("", False)
        slow = page[: match.start()].rstrip().endswith(SLOW)
        found.append(Block(match[1], name, adds, match[3], match.start(3), match.end(3), slow))
    return found


def _runs(block: Block) -> bool:
    return block.language in ("console", "python") or bool(block.title)


def renewed(page: str, folder: Path, *, slow: bool = False) -> str:
    """Return a page with what its examples print now, run in an empty folder, the slow ones too if asked.

    Raises
    ------
    Exception
        What an example raises: an example that fails is no example.
    """
    found = blocks(page)
    space: dict[str, Any] = {"__name__": "example"}
    changed: list[Block] = []
    with _inside(folder):
        for number, block in enumerate(found):
            if block.slow and not slow:
                continue
            if block.title:
                _write(Path(block.title), block.text, adds=block.adds)
            elif block.language == "console":
                changed.append(replace(block, text=_console(block.text, folder)))
            elif block.language == "python":
                printed = _python(block.text, space, folder)
                after = found[number + 1] if number + 1 < len(found) else None
                if (
                    after
                    and after.language == "text"
                    and not page[block.end + 3 : after.start - len("```text\n")].strip()
                ):
                    changed.append(replace(after, text=_kept(after.text, printed)))
    for block in reversed(changed):
        page = page[: block.start] + block.text + page[block.end :]
    return page


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def _write(path: Path, text: str, *, adds: bool) -> None:
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{path} leaves the folder of the examples. Give a path inside it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8") + "\n" + text if adds else text
    path.write_text(text, encoding="utf-8")


def _console(text: str, folder: Path) -> str:
    """Return a console block with what its commands print now."""
    parts = re.split(r"^(\$ (?:.*\\\n)*.*)\n", text, flags=re.MULTILINE)
    lines = [parts[0]]
    for command, shown in zip(parts[1::2], parts[2::2], strict=True):
        lines += [command + "\n", _kept(shown, _command(command[2:], folder))]
    return "".join(lines)


def _command(line: str, folder: Path) -> str:
    from landbridge.cli.main import main

    words = shlex.split(line.replace("\\\n", " "), comments=True)
    if words[0] == "cat":
        return Path(words[1]).read_text(encoding="utf-8")
    if words[0] != "landbridge":
        raise ValueError(f"'{line}' is not run in examples. Use a block of language sh, or landbridge or cat.")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        main(words[1:])
    return _plain(printed.getvalue(), folder)


def _python(text: str, space: dict[str, Any], folder: Path) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "<example>", "exec"), space)  # noqa: S102 - the manual's own examples
    return _plain(printed.getvalue(), folder)


def _plain(text: str, folder: Path) -> str:
    """Return what was printed without spaces at ends of lines and without this machine's folder."""
    text = text.replace(str(folder.resolve()), HOME).replace(str(folder), HOME)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _kept(shown: str, printed: str) -> str:
    """Return what was shown if it fits what was printed, ``...`` standing for any lines; else what was printed."""
    if "..." not in shown.splitlines():
        return printed
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines())
    return shown if re.fullmatch(pattern, printed) else printed


def main(arguments: Sequence[str]) -> int:
    """Renew the pages, or with ``--check`` return 1 if one is out of date."""
    check, slow = "--check" in arguments, "--slow" in arguments
    stale = 0
    for path in pages([word for word in arguments if not word.startswith("--")]):
        page = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            now = renewed(page, Path(folder), slow=slow)
        if now != page:
            stale += 1
            print(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
            if not check:
                path.write_text(now, encoding="utf-8", newline="\n")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
