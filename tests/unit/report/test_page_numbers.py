"""The report as a document: figures, tables and equations numbered through, listed, linked; and printed to PDF."""

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from landbridge.pipeline.run import run
from landbridge.report.method_section import method_section
from landbridge.report.page import render
from landbridge.report.pdf import BROWSERS, write_pdf
from landbridge.report.study_report import build_page
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def text() -> str:
    study = read_study("minimal")
    return render(build_page(study, {name: run(study, name) for name in ("baseline", "fast-border")}))


def test_numbers_run_through_and_the_list_names_each_once(text: str) -> None:
    body, listed = text.split('<section id="listed"')
    listed = listed.split("</section>")[0]
    for kind in ("figure", "table"):
        anchors = re.findall(rf'<figure[^>]* id="({kind}-[^"]+)"', body)
        assert len(set(anchors)) == len(anchors)
        numbers = list(dict.fromkeys(int(anchor.split("-")[1]) for anchor in anchors))
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 2
        assert re.findall(rf'href="#({kind}-[^"]+)"', listed) == anchors


def test_a_table_has_one_number_whatever_scenario_is_chosen(text: str) -> None:
    """Whoever reads one scenario sees numbers without gaps."""
    body = text.split('<section id="listed"', maxsplit=1)[0]
    tables = re.findall(r'<figure class="tabular" id="table-(\d+)[^"]*"(?: data-scenario="([^"]+)")?', body)
    assert {scenario for _, scenario in tables} == {"", "baseline", "fast-border"}
    seen = [int(number) for number, scenario in tables if scenario in {"", "fast-border"}]
    assert seen == list(range(1, len(seen) + 1))


def test_every_link_inside_the_page_leads_somewhere(text: str) -> None:
    page = text.split("<script>", maxsplit=1)[0]
    anchors = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_every_figure_and_table_has_a_caption(text: str) -> None:
    page = text.split("<script>", maxsplit=1)[0]
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        words = re.search(r"<b>(?:Figure|Table) \d+\.</b> (.+?)<", figure, re.DOTALL)
        assert words is not None
        assert len(words[1].strip()) > 10


def test_equations_are_numbered_in_order(text: str) -> None:
    numbers = re.findall(r'id="equation-(\d+)"', text)
    assert numbers == [str(n) for n in range(1, len(method_section().blocks))]
    assert text.count("<math ") == len(numbers)


def test_the_words_cite_equations_that_are_there() -> None:
    first, *equations = method_section().blocks
    cited = {int(n) for part in re.findall(r"\(([\d, ]+)\)", first.paragraphs[0]) for n in part.split(",")}
    assert cited == set(range(1, len(equations) + 1))


def test_equations_are_those_of_the_source() -> None:
    pytest.importorskip("latex2mathml", reason='equations are set with: pip install "landbridge[docs]"')
    from tools.build_equations import built

    held = (files("landbridge.report") / "assets" / "equations.json").read_text(encoding="utf-8")
    assert json.loads(held) == json.loads(built())


@pytest.mark.browser
@pytest.mark.skipif(not any(shutil.which(name) for name in BROWSERS), reason="no browser on this machine")
def test_the_report_prints_to_pdf(text: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(text, encoding="utf-8")
    printed = write_pdf(page).read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 4
