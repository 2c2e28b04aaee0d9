"""`landbridge appraise` on a copied study: the annex follows the figures, tables add up, the chapter is whole."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from landbridge.cli.appraise import register
from landbridge.core.problems import StudyError
from landbridge.pipeline.appraise import Appraisals, appraise_all
from landbridge.pipeline.appraise_tables import appraisal_result, save_appraisals
from landbridge.pipeline.result import read_result
from landbridge.report.appraisal_section import appraisal_section
from landbridge.report.blocks import FigureBlock, Page, TableBlock, Text
from landbridge.report.page import write_page
from landbridge.study.model import Study
from landbridge.study.new import new_study
from landbridge.study.reader import read_study

PROJECT = "midland-railway"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("island-canal")


@pytest.fixture(scope="module")
def done(study: Study) -> Appraisals:
    return appraise_all(study, draws=2000, seed=3)


@pytest.fixture
def command() -> Callable[..., str]:
    app = typer.Typer()
    register(app)

    @app.command("nothing")
    def nothing() -> None:
        """Keep the app one with several commands."""

    def call(*words: str) -> str:
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["appraise", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    return call


def change(folder: Path, table: str, column: str, value: str) -> None:
    """Set a figure in the first row of a table, as a user would."""
    path = folder / "tables" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_three_changed_figures_of_a_copied_study_give_a_new_annex_in_one_command(
    tmp_path: Path, command: Callable[..., str], done: Appraisals
) -> None:
    folder = new_study(tmp_path / "mine", example="island-canal")
    change(folder, "project_estimates", "central_m_local", "1300")
    change(folder, "project_revenue", "tariff_usd", "0.60")
    change(folder, "project_finance", "need_share", "0.3")
    found = json.loads(command(str(folder), PROJECT, "--excel", "--json", "--draws", "500", "-o", str(tmp_path / "a")))
    mine = found["projects"][PROJECT]
    before = done.found[PROJECT]
    assert mine["works_usd"] == pytest.approx(1300e6)
    worth = mine["worth"]["5 %"]["npv_usd"]
    units = before.ledger.by_item()["revenue"] / 0.45 * 0.15
    upkeep_and_works = before.ledger.by_item()
    more = sum((upkeep_and_works[name] for name in ("works", "upkeep", "residual value")), 0.0 * units)
    rate = before.project.discount_rates["5 %"]
    expected = sum((units + more * (1300 / 1100 - 1)) / (1 + rate) ** i for i, units, more in
                   [(i, units[i], more[i]) for i in range(len(units))])  # fmt: skip
    assert worth == pytest.approx(before.main.npv + expected, rel=1e-9), "the run is the same, the money is not"
    assert (tmp_path / "a" / f"{PROJECT}.xlsx").stat().st_size > 5000


def test_printed_tables_name_rates_finance_range_and_switching_values(command: Callable[..., str]) -> None:
    text = command("island-canal", "--draws", "200")
    for words in ("Worth (NPV)", "EIRR", "Finance:", "Published estimates", "Switching values", "tied rule"):
        assert words in text


def test_same_seed_same_json(command: Callable[..., str]) -> None:
    first, again = (command("island-canal", "--json", "--draws", "300", "--seed", "7") for _ in range(2))
    assert first == again
    other = json.loads(command("island-canal", "--json", "--draws", "300", "--seed", "8"))
    drawn = json.loads(first)["projects"][PROJECT]["mean_npv_of_draws_usd"]
    assert other["projects"][PROJECT]["mean_npv_of_draws_usd"] != drawn


def test_saved_tables_read_back_and_mark_where_figures_come_from(
    study: Study, done: Appraisals, tmp_path: Path
) -> None:
    save_appraisals(study, done, tmp_path / "out")
    back = read_result(tmp_path / "out")
    for name, columns in appraisal_result(study, done).tables.items():
        assert {key: list(values) for key, values in back.tables[name].items()} == columns, name
    effects = back.table("project_effects")
    assert set(effects[effects["part"] == "traffic"]["origin"]) == {"run"}
    stated = appraise_all(study, draws=100, stated=True)
    marked = appraisal_result(study, stated).table("project_effects")
    assert set(marked[marked["part"].isin(["traffic", "user benefit"])]["origin"]) == {"stated"}
    assert all("unit" in columns for name, columns in back.tables.items() if name != "project_notes")


def test_gains_in_the_tables_add_up_to_the_worth(study: Study, done: Appraisals) -> None:
    tables = appraisal_result(study, done)
    gains, worth = tables.table("project_gains"), tables.table("project_worth")
    npv = worth[(worth["indicator"] == "NPV")].set_index("rate")["value"]
    total = gains.groupby("rate")["value"].sum()
    for rate, value in npv.items():
        assert total[rate] == pytest.approx(value)


def test_chapter_has_worth_gains_finance_figures_and_what_is_missing(
    study: Study, done: Appraisals, tmp_path: Path
) -> None:
    section = appraisal_section(study, done)
    tables = [block for block in section.blocks if isinstance(block, TableBlock)]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert section.blocks[-1] == next(b for b in section.blocks if isinstance(b, Text) and b.tone == "warning")
    figures = [block.key for block in section.blocks if isinstance(block, FigureBlock)]
    assert figures == ["appraisal-range", f"appraisal-flow-{PROJECT}", f"appraisal-tornado-{PROJECT}"]
    page = write_page(Page(study.title, "", [("a", "a")], (section,)), tmp_path / "page.html")
    assert "Midland line of Brena" in page.read_text(encoding="utf-8")


def test_flow_chart_ends_at_the_npv(study: Study, done: Appraisals) -> None:
    section = appraisal_section(study, done)
    chart = next(b for b in section.blocks if isinstance(b, FigureBlock) and b.key.startswith("appraisal-flow"))
    line = chart.figures[""]["data"][-1]["y"]
    assert line[-1] == pytest.approx(done.found[PROJECT].main.npv / 1e6, abs=1e-3)


def test_unknown_project_and_a_study_without_projects_are_told(study: Study) -> None:
    with pytest.raises(StudyError, match="LB890"):
        appraise_all(study, ["midland"])
    with pytest.raises(StudyError, match="LB894"):
        appraise_all(read_study("minimal"))
