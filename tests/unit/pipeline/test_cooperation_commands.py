"""`landbridge cooperate` and `landbridge plan` on the invented island: tables, JSON, faults, and their report pages."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from landbridge.cli import cooperate, plan
from landbridge.core.problems import StudyError
from landbridge.pipeline.coalitions import cooperate as solve
from landbridge.pipeline.plan import follow_road_map
from landbridge.report.blocks import FigureBlock, Page, Section, TableBlock
from landbridge.report.cooperation_section import cooperation_sections
from landbridge.report.page import write_page
from landbridge.study.new import new_study
from landbridge.study.reader import read_study

RUNNER = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    cooperate.register(made)
    plan.register(made)
    return made


@pytest.fixture(scope="module")
def sections() -> tuple[Section, ...]:
    study = read_study("island-canal")
    return cooperation_sections(solve(study, draws=2), follow_road_map(study, draws=500))


def test_cooperate_prints_members_coalitions_and_words(app: typer.Typer) -> None:
    said = RUNNER.invoke(app, ["cooperate", "island-canal", "-q"], catch_exceptions=False)
    assert said.exit_code == 0
    for words in ("Alta", "alta+brena+cinda", "embargo, railway, fast-borders", "It can hold"):
        assert words in said.stdout


def test_cooperate_as_json_holds_every_coalition(app: typer.Typer) -> None:
    said = RUNNER.invoke(app, ["cooperate", "island-canal", "--json", "--draws", "2", "-q"], catch_exceptions=False)
    found = json.loads(said.stdout)
    assert len(found["coalitions"]) == 7
    whole = next(one for one in found["coalitions"] if len(one["members"]) == 3)
    assert sum(member["shapley"] for member in found["members"]) == pytest.approx(whole["worth"]["passive"])
    assert len(whole["interval"]) == 2


def test_plan_prints_how_far_they_go_who_binds_and_chances(app: typer.Typer) -> None:
    said = RUNNER.invoke(app, ["plan", "island-canal", "-q", "--draws", "500"], catch_exceptions=False)
    for words in ("As far as the parties agree to go", "least payments", "The goal is out of reach", "Brena"):
        assert words in said.stdout


def test_plan_as_json_is_the_same_for_the_same_seed(app: typer.Typer) -> None:
    asked = ["plan", "island-canal", "--json", "-q", "--draws", "500", "--seed", "4", "--no-search"]
    first, second = (RUNNER.invoke(app, asked, catch_exceptions=False).stdout for _ in range(2))
    assert first == second
    found = json.loads(first)
    assert found["bridge"]["binding_party"] == ["brena"]
    assert found["chances"]["agreed"]["goal"][-1] == 0.0


def test_all_faults_of_a_road_map_are_told_at_once(app: typer.Typer, tmp_path: Path) -> None:
    folder = new_study(tmp_path / "island", example="island-canal")
    file = folder / "roadmap.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("discount_factor = 0.95", "discount_factor = 1.0")
    text = text.replace('consent = ["alta", "cinda"]', 'consent = ["alta", "cind"]', 1)
    file.write_text(text.replace("chance_per_year = 0.5", "chance_per_year = 5"), encoding="utf-8")
    with pytest.raises(StudyError) as told:
        RUNNER.invoke(app, ["plan", str(folder), "-q"], catch_exceptions=False)
    columns = {problem.column for problem in told.value.problems}
    assert {"discount_factor", "consent", "chance_per_year"} <= columns


def test_a_goal_that_conditions_block_names_the_condition(app: typer.Typer, tmp_path: Path) -> None:
    folder = new_study(tmp_path / "island", example="island-canal")
    file = folder / "roadmap.toml"
    text = file.read_text(encoding="utf-8")
    # talks rule out the canal, whose stage needs them
    file.write_text(
        text.replace('requires = ["survey"]', 'requires = ["survey"]\nexcludes = ["talks"]'), encoding="utf-8"
    )
    with pytest.raises(StudyError, match="open-canal"):
        RUNNER.invoke(app, ["plan", str(folder), "-q"], catch_exceptions=False)


def test_the_chapters_have_tables_heat_map_staircase_and_chances(sections: tuple[Section, ...], tmp_path: Path) -> None:
    assert [section.key for section in sections] == ["cooperation", "road-map", "road-map-time"]
    figures = {block.key for section in sections for block in section.blocks if isinstance(block, FigureBlock)}
    assert {"dependency", "staircase", "stage-chances"} <= figures
    for section in sections:
        for block in section.blocks:
            if isinstance(block, TableBlock):
                assert all(len(row) == len(block.columns) for row in block.rows), block.caption
    page = Page("Island", "", [("baseline", "As things stand")], sections)
    assert "staircase" in write_page(page, tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_study_without_game_or_road_map_has_no_chapter() -> None:
    assert cooperation_sections(None, None) == ()
