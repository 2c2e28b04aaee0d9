"""The Excel annex: another program recomputes its formulas to the numbers of the appraisal."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from landbridge.appraisal.appraise import Appraisal, appraise_project
from landbridge.appraisal.assemble import StudyProjects
from landbridge.appraisal.profiles import profile_of
from landbridge.appraisal.risk import tornado
from landbridge.report.feasibility_workbook import write_feasibility_workbook

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(path: Path, folder: Path) -> Path:
    """Return the workbook with every formula computed by LibreOffice."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed, so the formulas cannot be recomputed by another program")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    out = folder / "out"
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", out, path], check=True, capture_output=True, timeout=120)
    return out / path.name


def check(path: Path, done: Appraisal) -> None:
    """Compare every figure of the Summary, the totals and the cover ratios with the appraisal."""
    book = openpyxl.load_workbook(path, data_only=True)
    summary = book["Summary"]
    for column, worth in enumerate(done.worth, start=2):
        read = [summary.cell(row, column).value for row in range(8, 13)]
        ratio = worth.benefit_cost_ratio
        stated = [worth.rate, worth.npv / 1e6, worth.financial_npv / 1e6, worth.costs / 1e6, ratio]
        assert read == pytest.approx(stated, rel=1e-9)
    for row, rates in ((14, done.economic_rates), (15, done.financial_rates)):
        assert summary.cell(row, 2).value == pytest.approx(rates.rate, abs=1e-8)
    parties = book["Parties"]
    last = len(done.ledger.by_party()) + 3
    assert parties.cell(last, 1).value == "all parties"
    assert parties.cell(last, 2).value == pytest.approx(done.main.npv / 1e6, rel=1e-9)
    assert done.financing is not None
    finance = {row[0].value: row for row in book["Finance"].iter_rows()}
    first = 2 + done.financing.opening
    covers = [cell.value for cell in finance["cover ratio"][first:] if cell.value is not None]
    assert covers == pytest.approx([c for c in done.financing.cover if c < 1e300], rel=1e-8)
    for k, tranche in enumerate(done.financing.tranches):
        if tranche.is_debt:
            owed = [cell.value for cell in finance[f"{tranche.name}: owed"][2:]]
            assert owed == pytest.approx((done.financing.balance[k] / 1e6).tolist(), abs=1e-7)


@pytest.mark.parametrize("name", ["zabaikalsk-terminal", "west-line"])
def test_cached_values_are_the_appraisal(flagship: StudyProjects, tmp_path: Path, name: str) -> None:
    item = flagship.named(name)
    done = appraise_project(item.project, item.stated, money=flagship.money)
    bars = tornado(profile_of(done, money=flagship.money), item.risks, 0.045)
    path = write_feasibility_workbook(done, tmp_path / "annex.xlsx", tornado=bars)
    check(path, done)
    sheet = openpyxl.load_workbook(path, data_only=True)["Sensitivity"]
    widths = [sheet.cell(3 + row, 6).value for row in range(len(bars))]
    assert widths == pytest.approx([bar.width / 1e6 for bar in bars])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "timing"), [("zabaikalsk-terminal", "end"), ("west-line", "mid")])
def test_libreoffice_recomputes_the_same(flagship: StudyProjects, tmp_path: Path, name: str, timing: str) -> None:
    """Written without cached values, so every number that is read was computed by LibreOffice."""
    item = flagship.named(name)
    project = replace(item.project, timing=timing)
    done = appraise_project(project, item.stated, money=flagship.money)
    bare = write_feasibility_workbook(done, tmp_path / "annex.xlsx", cached=False)
    check(recalculated(bare, tmp_path), done)
