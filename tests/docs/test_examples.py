"""Every example of the manual runs, and prints what the page says it prints."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from landbridge.cli.main import app
from tools.examples import ROOT, SLOW, blocks, pages, renewed

PAGES = pages()
MANUAL = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RENEW = "Run 'python -m tools.examples' (for docs/reference: 'python -m tools.build_reference') and read what changed."


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_page_says_what_its_examples_print(path: Path, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert renewed(page, tmp_path).splitlines() == page.splitlines(), RENEW


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in PAGES if SLOW in p.read_text(encoding="utf-8")], ids=name)
def test_slow_examples_run_too(path: Path, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert renewed(page, tmp_path, slow=True).splitlines() == page.splitlines(), RENEW


def called(path: Path) -> list[list[str]]:
    """Return the words of every line of a page's blocks that calls landbridge."""
    shown = [block.text for block in blocks(path.read_text(encoding="utf-8")) if block.language in ("sh", "console")]
    text = "\n".join(shown).replace("\\\n", " ")
    lines = re.findall(r"^(?:\$ )?(?:\S*/)?landbridge (.+)$", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("path", [path for path in MANUAL if called(path)], ids=name)
def test_pages_call_only_commands_and_options_that_exist(path: Path) -> None:
    for words in called(path):
        command: Any = typer.main.get_command(app)
        rest = list(words)
        while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
            word = rest.pop(0)
            assert word in command.commands, f"there is no command {word!r} (landbridge {' '.join(words)})"
            command = command.commands[word]
        known = {option for item in command.params for option in (*item.opts, *item.secondary_opts)}
        known |= {"--help", "-h"}
        asked = {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert asked <= known, f"landbridge {' '.join(words)}"


def test_outputs_hold_no_path_of_the_machine_that_made_them() -> None:
    for path in MANUAL:
        found = re.findall(r"/(?:tmp/tmp|root/|work/|Users/)\S*", path.read_text(encoding="utf-8"))
        assert not found, f"{name(path)}: {found}"
