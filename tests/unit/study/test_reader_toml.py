"""Every fault of a TOML file is told with its line, its key and what to do."""

from pathlib import Path

import pytest

from landbridge.core.problems import StudyError
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

CHANGE = (
    'names = ["Alashankou-Dostyk"]   # a crossing of the world network\n'
    "factor = 0.5                    # or hours = 24\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "mine")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"the test's own words {old!r} are not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(folder: Path, file: str, words: str) -> int:
    return next(
        i
        for i, line in enumerate((folder / file).read_text().splitlines(), 1)
        if words in line and not line.startswith("#")
    )


# file, what stands there, what is put there, text on the line that is named, words of the message, code
FAULTS = [
    ("study.toml", "schema_version = 1", "schema_version = 2", "schema_version", "2 is not a version", "LB275"),
    ("study.toml", "base_year = 2017", "base_yaer = 2017", "base_yaer", "Did you mean 'base_year'?", "LB272"),
    ("study.toml", "base_year = 2017", "base_year = 17", "base_year = 17", "17 is outside 1,900 to 2,200", "LB207"),
    ("study.toml", "base_year = 2017", "base_year = 2017.5", "2017.5", "is not a whole number", "LB206"),
    ("study.toml", "base_year = 2017", 'base_year = "2017"', '"2017"', "without quotes", "LB206"),
    ("study.toml", "value = 5.0", "value = nan", "value = nan", "is not a finite number", "LB206"),
    ("study.toml", "value = 5.0", "value = 9.0", "value = 9.0", "outside its own range 3 to 8", "LB257"),
    (
        "study.toml",
        'unit = "elasticity"',
        'unit = "percent"',
        'unit = "percent"',
        "the unit of 'trade_elasticity' is 'elasticity'",
        "LB256",
    ),
    (
        "study.toml",
        '"trade_elasticity"',
        '"trade_elasticty"',
        '"trade_elasticty"',
        "Did you mean 'trade_elasticity'?",
        "LB285",
    ),
    ("study.toml", '"balanced"', '"balance"', '"balance"', "Did you mean 'balanced'?", "LB209"),
    ("study.toml", 'title = "Minimal', "title = Minimal", "title = ", "is not TOML", "LB271"),
    ("study.toml", 'id = "china"', 'id = "kazakhstan"', 'name = "China"', "stands in line", "LB280"),
    ("study.toml", '["CHN"]', '["CHM"]', '["CHM"]', "Did you mean 'CHN'?", "LB251"),
    ("study.toml", '["CHN"]', '"CHN"', 'economies = "CHN"', "is not a list of texts", "LB274"),
    ("study.toml", '["CHN"]', '["CHN", "CHN"]', '"CHN", "CHN"', "twice", "LB280"),
    ("study.toml", "[[member]]\n", "[member]\n", "", "is not TOML", "LB271"),
    ("study.toml", 'note = "example; near', 'notes = "example; near', "notes = ", "Did you mean 'note'?", "LB272"),
    (
        "study.toml",
        'source = "assumption"\nnote = "example; near',
        'source = "uic"\nnote = "example; near',
        '"uic"',
        "'uic' is not in sources.csv",
        "LB252",
    ),
    (
        "measures.toml",
        'consent = ["china", "kazakhstan"]',
        'consent = ["chna"]',
        "chna",
        "'chna' is not a member of the study. Did you mean 'china'?",
        "LB251",
    ),
    (
        "measures.toml",
        'consent = ["china", "kazakhstan"]',
        "consent = []",
        "consent",
        "needs nobody's consent",
        "LB284",
    ),
    (
        "measures.toml",
        'consent = ["china", "kazakhstan"]',
        'consent = ["china", "kazakhstan"]\nrequires = ["rail"]',
        "requires",
        "'rail' is not a measure of the study",
        "LB251",
    ),
    (
        "measures.toml",
        'why = "example: trains',
        'because = "example: trains',
        "[[measure]]",
        "an assumption without a reason",
        "LB253",
    ),
    (
        "measures.toml",
        "works_usd_bn",
        "works_musd",
        "works_musd",
        "Multiply the figure by 0.001 and call it 'works_usd_bn'",
        "LB211",
    ),
    ("measures.toml", 'kind = "hours"', 'kind = "hour"', "kind =", "Did you mean 'hours'?", "LB276"),
    ("measures.toml", 'kind = "hours"', 'kind = "speed"', "[[measure.change]]", "needs 'speed_kmh'", "LB276"),
    ("measures.toml", 'kind = "hours"', 'kind = "speed"', "factor", "unknown key 'factor'", "LB272"),
    ("measures.toml", "factor = 0.5 ", "factor = 1.0 ", "[[measure.change]]", "its factor is 1", "LB277"),
    ("measures.toml", "factor = 0.5 ", "hours = 48 ", "[[measure.change]]", "the tables hold these hours", "LB277"),
    (
        "measures.toml",
        "factor = 0.5 ",
        "factor = 0.5\nhours = 12 ",
        "factor = 0.5",
        "both 'hours' and 'factor'",
        "LB276",
    ),
    ("measures.toml", "factor = 0.5 ", "dwell_days = 0.5 ", "dwell_days", "unknown key", "LB272"),
    (
        "measures.toml",
        "factor = 0.5 ",
        "days = 0.5 ",
        "days = 0.5",
        "Multiply the figure by 24 and call it 'hours'",
        "LB211",
    ),
    (
        "measures.toml",
        'names = ["Alashankou-Dostyk"]',
        "modes = ['rail']",
        "[[measure.change]]",
        "needs 'names' or 'passages' or 'ports' or 'countries'",
        "LB276",
    ),
    (
        "measures.toml",
        'names = ["Alashankou-Dostyk"]',
        "countries = ['PL']\nmodes = ['train']",
        "modes",
        "'train' is not one of road, rail, sea",
        "LB209",
    ),
    ("measures.toml", "[[measure.change]]\n", "", "[[measure]]", "changes nothing", "LB277"),
    ("scenarios.toml", 'add = ["fast-border"]', 'add = ["slow-border"]', "add", "Did you mean 'fast-border'?", "LB251"),
    (
        "scenarios.toml",
        'add = ["fast-border"]',
        'remove = ["fast-border"]',
        "remove",
        "does not stand before this scenario",
        "LB279",
    ),
    (
        "scenarios.toml",
        'add = ["fast-border"]',
        'based_on = "fast-border"',
        "based_on",
        "fast-border -> fast-border",
        "LB278",
    ),
    (
        "scenarios.toml",
        '[[scenario]]\nname = "fast-border"',
        '[[scenarios]]\nname = "fast-border"',
        "[[scenarios]]",
        "Did you mean 'scenario'?",
        "LB272",
    ),
    (
        "scenarios.toml",
        'name = "fast-border"',
        'name = "baseline"',
        'title = "A faster',
        "stands in line 3 already",
        "LB280",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "words", "code"), FAULTS)
def test_a_fault_names_line_key_and_remedy(
    folder: Path, file: str, old: str, new: str, line: str, words: str, code: str
) -> None:
    if code == "LB277" and words == "changes nothing":
        edit(folder, file, CHANGE, "")
        edit(folder, file, 'kind = "hours"\n', "")
    edit(folder, file, old, new)
    problems = [problem for problem in check_study(folder) if problem.code == code]
    assert any(words in problem.message and problem.file == file for problem in problems), check_study(folder)
    if line and code != "LB280":
        assert line_of(folder, file, line) in {problem.row for problem in problems}
    if all(problem.severity == "fault" for problem in problems):
        with pytest.raises(StudyError, match=code):
            read_study(folder)


def test_conditions_in_a_circle_are_told_once_with_the_whole_circle(folder: Path) -> None:
    text = "".join(
        f'[[measure]]\nid = "{one}"\ntitle = "t"\nconsent = ["china"]\nrequires = ["{other}"]\nwhy = "x"\n'
        f'source = "assumption"\n[[measure.change]]\nkind = "open"\nnames = ["{one}"]\n'
        for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    (folder / "measures.toml").write_text(text)
    (folder / "scenarios.toml").unlink()
    (problem,) = check_study(folder)
    assert problem.code == "LB278"
    assert "a -> b -> c -> a" in problem.message


def test_a_scenario_without_what_its_measure_requires_is_told(folder: Path) -> None:
    with (folder / "measures.toml").open("a") as file:
        file.write(
            '[[measure]]\nid = "faster"\ntitle = "t"\nconsent = ["china"]\nrequires = ["fast-border"]\nwhy = "x"\n'
            'source = "assumption"\n[[measure.change]]\nkind = "speed"\n'
            'countries = ["CN"]\nmodes = ["rail"]\nspeed_kmh = 50\n'
        )
    edit(folder, "scenarios.toml", 'add = ["fast-border"]', 'add = ["faster"]')
    (problem,) = check_study(folder)
    assert problem.code == "LB281"
    assert "'faster' requires 'fast-border'" in problem.message


def test_lines_inside_texts_of_several_lines_are_not_taken_for_keys(folder: Path) -> None:
    edit(folder, "study.toml", 'about = """', 'about = """\ntitle = "not a key"\n[settings]\n')
    edit(folder, "study.toml", 'deficits = "balanced"', 'deficits = "none"')
    (problem,) = check_study(folder)
    assert problem.row == line_of(folder, "study.toml", 'deficits = "none"')


def test_a_tariff_that_stands_already_changes_nothing(folder: Path) -> None:
    (folder / "tables/tariffs.csv").write_text(
        "importer,exporter,tariff_percent,source,note\nCHN,*,10,assumption,x\nDEU,CHN,3,assumption,x\n"
    )
    change = '[[measure.change]]\nkind = "tariff"\nexporters = ["CHN"]\nimporters = ["DEU"]\ntariff_percent = {}\n'
    start = (folder / "measures.toml").read_text().partition("[[measure.change]]")[0]
    (folder / "measures.toml").write_text(start + change.format(3))
    (problem,) = check_study(folder)
    assert (problem.code, "the tariffs stand at that already" in problem.message) == ("LB277", True)
    (folder / "measures.toml").write_text(start + change.format(0))
    assert check_study(folder) == ()
    assert read_study(folder).measure("fast-border").changes[0].value == 0.0


def test_deep_nesting_is_a_fault_of_the_file(folder: Path) -> None:
    (folder / "measures.toml").write_text("a = " + "[" * 5000)
    assert any(problem.code == "LB271" for problem in check_study(folder))
