"""Links and pictures of the manual lead to what is there, and every page stands in the navigation."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANUAL = [ROOT / "README.md", ROOT / "AGENTS.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
MOST_BYTES = 300_000
"""A picture of the manual; what is larger takes long to load and to clone."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(page: str) -> str:
    """Return a page without code and formulas, whose brackets are no links."""
    page = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", "", page, flags=re.DOTALL)


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings as Python-Markdown and GitHub make them."""
    heads = re.findall(r"^#+ (.+?)\s*$", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", head.lower()).strip()) for head in heads}


@pytest.mark.parametrize("path", MANUAL, ids=name)
def test_links_lead_to_files_and_headings(path: Path) -> None:
    for target in LINK.findall(prose(path.read_text(encoding="utf-8"))):
        if re.match(r"(?:https?|mailto):", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{name(path)} links to {target}, which is not there"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{name(path)}: no heading for {target}"


def test_every_page_stands_in_the_navigation_and_is_there() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"([\w/-]+\.md)\s*$", settings, re.MULTILINE))
    there = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert there == named


def test_pictures_are_small() -> None:
    heavy = [
        name(path)
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in (".png", ".jpg", ".svg", ".gif", ".webp") and path.stat().st_size > MOST_BYTES
    ]
    assert not heavy


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs is not installed: pip install 'landbridge[docs]'")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "tutorial" / "index.html").exists()
