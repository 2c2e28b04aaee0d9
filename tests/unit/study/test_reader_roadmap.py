"""Faults of the road map, the projects and the other parts that only a larger study has."""

from pathlib import Path

import pytest

from landbridge.study.model import Change
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

ROADMAP = "roadmap.toml"


@pytest.fixture
def island(tmp_path: Path) -> Path:
    return new_study(tmp_path / "island", example="island-canal")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"the test's own words {old!r} are not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_island_is_sound(island: Path) -> None:
    assert check_study(island) == ()


# file, what stands there, what is put there, column, words of the message, code
FAULTS = [
    (ROADMAP, 'consent = ["alta", "cinda"]', 'consent = ["alta", "cind"]', "consent", "Did you mean 'cinda'?", "LB251"),
    (ROADMAP, 'consent = ["alta", "cinda"]\n', "", "consent", "the move 'talks' asks nobody", "LB284"),
    (ROADMAP, 'removes = ["embargo"]', 'removes = ["embarg"]', "removes", "Did you mean 'embargo'?", "LB251"),
    (ROADMAP, 'requires = ["survey"]', 'requires = ["survy"]', "requires", "not a move or milestone", "LB251"),
    (ROADMAP, "chance_per_year = 0.5", "chance_per_year = 50", "chance_per_year", "50 is outside 0 to 1", "LB207"),
    (ROADMAP, "chance_per_year = 0.5", 'waits_for = ["open-canal"]', "", "survey -> open-canal", "LB278"),
    (
        ROADMAP,
        "not_before_year = 2022",
        "not_before_year = 2022\nnot_after_year = 2021",
        "not_after_year",
        "Exchange",
        "LB282",
    ),
    (ROADMAP, "not_before_year = 2022", 'not_before_year = "soon"', "not_before_year", "is not a number", "LB206"),
    (
        ROADMAP,
        'goal = ["lift-embargo", "open-canal", "build-railway"]',
        "goal = []",
        "goal",
        "the goal is empty",
        "LB283",
    ),
    (ROADMAP, "[settings]", "[setting]", "setting", "Did you mean 'settings'?", "LB272"),
    (ROADMAP, "[settings]", "[setting]", "settings", "the file has no [settings]", "LB273"),
    (ROADMAP, 'id = "survey"', 'id = "talks"', "id", "the id of a move too", "LB280"),
    (ROADMAP, "usd_bn_per_year = 0.05", "usd_bn_per_year = 5_0.0e400", "", "not a finite number", "LB206"),
    ("projects.toml", 'sponsor = "BRE"', 'sponsor = "BRA"', "sponsor", "Did you mean 'BRE'?", "LB251"),
    ("projects.toml", 'main_rate = "5 %"', 'main_rate = "5%"', "main_rate", "Did you mean '5 %'?", "LB251"),
    ("projects.toml", 'scenario = "railway"', 'scenario = "rail"', "scenario", "Did you mean 'railway'?", "LB251"),
    ("tables/project_works.csv", "midland-railway", "midland", "project", "Did you mean 'midland-railway'?", "LB251"),
    ("statement_relations.csv", "trade-2020+trade-2000", "trade-2020+trade-1999", "of", "'trade-1999' is not", "LB251"),
    ("statement_relations.csv", "ratio", "rate", "kind", "'rate' is not one of ratio", "LB209"),
    ("statements.csv", "2021-03-01", "2021-03-41", "date", "not a day as YYYY-MM-DD", "LB213"),
    ("tables/series.csv", "2.5,billion USD", "2.5,visits", "unit", "not one of 'trade_alta_cinda'", "LB256"),
    ("tables/series.csv", "billion USD,true", "billion USD,maybe", "used", "is not true or false", "LB212"),
    ("tables/goods.csv", "*,*,machines", "ALT,*,machine", "", "", "LB251"),
    ("measures.toml", 'goods = ["machines"]', 'goods = ["machine"]', "goods", "Did you mean 'machines'?", "LB251"),
    ("measures.toml", 'charge_to = "BRE"', 'charge_to = "BRN"', "charge_to", "Did you mean 'BRE'?", "LB251"),
    ("measures.toml", 'importers = ["CIN"]\nboth', 'importers = ["ALT"]\nboth', "", "the same economy", "LB277"),
    ("measures.toml", "visits_log_points = 0.3", "visits_log_points = 0", "", "its effect is 0", "LB277"),
    ("measures.toml", 'names = ["midland-line"]', 'names = ["western-line"]', "", "all that it names is open", "LB277"),
    (
        "measures.toml",
        'requires = ["railway"]',
        'requires = ["railway"]\nin_baseline = true',
        "requires",
        "does not",
        "LB281",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "column", "words", "code"), FAULTS)
def test_a_fault_names_its_key(island: Path, file: str, old: str, new: str, column: str, words: str, code: str) -> None:
    edit(island, file, old, new)
    problems = [problem for problem in check_study(island) if problem.code == code]
    assert any(words in problem.message and column in ("", problem.column) for problem in problems), check_study(island)


def test_a_study_without_any_network_is_told(island: Path) -> None:
    (island / "tables/links.csv").unlink()
    assert "LB286" in {problem.code for problem in check_study(island)}


def test_changes_are_read_into_their_fields(island: Path) -> None:
    study = read_study(island)
    toll = study.measure("canal").changes[1]
    assert toll == Change("charge", names=("brena-canal",), value=40.0, charge_to="BRE")
    assert study.measure("free-trade").changes[0].value == 0.6
    assert study.measure("free-trade").changes[0].tariff_percent == 0.0
    visa = study.measure("visa-waiver").changes[0]
    assert (visa.exporters, visa.importers, visa.both_ways, visa.value) == (("ALT",), ("CIN",), True, 0.3)


def test_scenarios_stand_on_the_baseline_and_on_each_other(island: Path) -> None:
    study = read_study(island)
    assert study.standing("baseline") == ("embargo",)
    assert study.standing("peace") == ("visa-waiver",)
    assert study.standing("all") == ("visa-waiver", "canal", "railway", "fast-borders", "free-trade")


def test_the_road_map_and_projects_are_plain_checked_values(island: Path) -> None:
    study = read_study(island)
    assert [move["id"] for move in study.roadmap["move"]] == ["talks", "lift-embargo", "open-canal", "build-railway"]
    assert study.roadmap["settings"]["moves_together"] == 2
    assert study.roadmap["milestone"][0]["chance_per_year"] == 0.5
    assert study.projects["project"][0]["price_currency"] == "USD", "what was left out has its default"
    assert read_study("minimal").roadmap == {}
