"""Bad members and road maps: every fault of a study at once, each with its remedy, from the command that checks."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landbridge.cli.main import app
from landbridge.pipeline.check import check_whole_study

SHIPPED = Path(__file__).parents[3] / "src/landbridge/studies/island-canal"


@pytest.fixture
def island(tmp_path: Path) -> Path:
    folder = tmp_path / "island"
    shutil.copytree(SHIPPED, folder)
    return folder


def edit(folder: Path, file: str, *pairs: tuple[str, str]) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / file).write_text(text, encoding="utf-8")


def test_the_whole_list_of_bad_input_is_told_at_once(island: Path) -> None:
    edit(
        island,
        "roadmap.toml",
        ('consent = ["alta", "cinda"]', 'consent = ["alta", "zinda"]\nrequires = ["lift-embargo"]'),
        ("not_before_year = 2022\n", "not_before_year = 2032\nnot_after_year = 2025\n"),
        ("chance_per_year = 0.5", "chance_per_year = 1.5"),
    )
    edit(
        island,
        "measures.toml",
        ('[[measure.change]]\nkind = "open"\nnames = ["midland-line"]\n', ""),
        ('consent = ["brena", "island-council"]', "consent = []"),
    )
    more = "".join(f'\n[[member]]\nid = "extra{k}"\nname = "Extra {k}"\n' for k in range(13))
    (island / "study.toml").write_text((island / "study.toml").read_text(encoding="utf-8") + more, encoding="utf-8")
    found = {problem.code: problem for problem in check_whole_study(island)}
    # unknown member, nobody asked, no change, circle, impossible dates, chance beyond 1, 17 members
    assert {"LB251", "LB284", "LB277", "LB278", "LB282", "LB207", "LB287"} <= set(found)
    assert "17 members are more than the 16" in found["LB287"].message
    assert "talks -> lift-embargo -> talks" in found["LB278"].message
    assert "Exchange the years" in found["LB282"].message
    result = CliRunner().invoke(app, ["check", str(island)])
    assert result.exit_code == 2
    for code in found:
        assert code in result.output


def test_a_goal_behind_conditions_that_wait_for_each_other_names_them(island: Path) -> None:
    edit(
        island,
        "roadmap.toml",
        ('requires = ["survey"]', 'requires = ["survey"]\ntogether_with = ["build-railway"]'),
        ('together_with = ["lift-embargo"]', 'requires = ["open-canal"]'),
    )
    found = check_whole_study(island)
    assert {problem.code for problem in found} == {"LB627"}
    assert {problem.file for problem in found} == {"roadmap.toml"}
    words = " ".join(problem.message for problem in found)
    assert "'open-canal': it waits for build-railway" in words
    assert "'build-railway': it waits for open-canal" in words


def test_goals_that_exclude_each_other_are_told_without_solving_anything(island: Path) -> None:
    edit(
        island,
        "roadmap.toml",
        ('id = "open-canal"\n', 'id = "open-canal"\nexcludes = ["lift-embargo"]\n'),
        ('id = "lift-embargo"\n', 'id = "lift-embargo"\nexcludes = ["open-canal"]\n'),
    )
    (problem,) = check_whole_study(island)
    assert problem.code == "LB627"
    assert "not all in one order" in problem.message
    assert "Relax one of the exclusions" in problem.message


def test_chances_below_nothing_are_told(island: Path) -> None:
    edit(island, "roadmap.toml", ("not_before_year = 2022", "not_before_year = 2022\nlapse_chance_per_year = -0.1"))
    assert "LB207" in {problem.code for problem in check_whole_study(island)}
