"""The manual as `make docs` builds it: complete offline, formulas set while it is built."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|object|embed)\b[^>]*\b(?:src|data)=[\"']?(https?:)?//", re.IGNORECASE
)
SHEET = re.compile(
    r"<link\b(?=[^>]*\brel=[\"']?(?:stylesheet|preload|preconnect|icon))[^>]*href=[\"']?(?:https?:)?//", re.IGNORECASE
)
IMPORTED = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason='the manual needs: pip install "landbridge[docs]"')
    pytest.importorskip("latex2mathml", reason='the manual needs: pip install "landbridge[docs]"')
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


def test_no_page_loads_anything_from_another_machine(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not LOADED.search(text), page
        assert not SHEET.search(text), page
    for sheet in site.rglob("*.css"):
        assert not IMPORTED.search(sheet.read_text(encoding="utf-8")), sheet


def test_every_formula_is_set(site: Path) -> None:
    found = 0
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        found += text.count("<math ")
        assert 'class="arithmatex"' not in text, page
        assert not re.search(r"\\[(\[].{0,200}?\\(?:frac|sum|hat|tau|ln)\b", text), page
    assert found > 200
