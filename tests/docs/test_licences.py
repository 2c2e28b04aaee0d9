"""Everything that is shipped and comes from others is named in NOTICE, with its licence's text where it needs one."""

import fnmatch
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
OURS = {"study.schema.json"}
"""Made from declarations in the code."""
DATA = sorted(path.name for path in (ROOT / "src/landbridge/data").iterdir() if path.is_file())


@pytest.mark.parametrize("name", [name for name in DATA if name not in OURS and not name.endswith((".py", ".md"))])
def test_shipped_data_are_named_with_their_source(name: str) -> None:
    named = [
        word.rsplit("/", 1)[-1] for word in re.findall(r"[\w./*-]+\.(?:npz|tsv\.gz|csv\.gz|csv|parquet|json)", NOTICE)
    ]
    assert any(fnmatch.fnmatch(name, pattern) for pattern in named), f"say in NOTICE where {name} comes from"


def test_licences_that_ask_for_their_text_have_it() -> None:
    for words, file in (
        ("Open Database License", "ODbL-1.0.txt"),
        ("CC BY 4.0", "CC-BY-4.0.txt"),
        ("Apache License 2.0", "Apache-2.0.txt"),
    ):
        assert words in NOTICE
        text = (ROOT / "LICENSES" / file).read_text(encoding="utf-8")
        assert len(text) > 5000, "the whole licence, not a link"


def test_attributions_stand_word_for_word() -> None:
    for words in ("OpenStreetMap contributors", "GeoNames", "Natural Earth", "World Port Index", "searoute"):
        assert words in NOTICE


def test_the_report_names_the_map_data() -> None:
    # the ODbL asks for the attribution wherever the map is shown
    page = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/landbridge").rglob("*.py"))
    template = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/landbridge/report").rglob("*.j2"))
    assert "OpenStreetMap" in page + template
