"""Every fault of a table file is told with its place, its value and what to do."""

import re
from pathlib import Path

import pytest

from landbridge.core.problems import StudyError
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

TRADE = "tables/trade.csv"
ZONES = "tables/zones.csv"
CROSSINGS = "tables/crossings.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "mine")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"the test's own words {old!r} are not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in check_study(folder)]


def test_the_shipped_minimal_study_has_neither_fault_nor_warning(folder: Path) -> None:
    assert told(folder) == []
    assert read_study(folder).id == "mine"
    assert len(read_study("minimal").tables["trade"]) == 9


# file, what stands there, what is put there, place, words of the message, code
FAULTS = [
    (CROSSINGS, ",48,100,", ",-48,100,", "tables/crossings.csv:3:dwell_hours", "-48 is outside 0 to 2,000", "LB207"),
    (CROSSINGS, ",48,100,", ",two,60,", "tables/crossings.csv:3:dwell_hours", "'two' is not a number", "LB206"),
    (CROSSINGS, ",48,100,", ",nan,60,", "tables/crossings.csv:3:dwell_hours", "'nan' is not a number", "LB206"),
    (CROSSINGS, ",48,100,", ",inf,60,", "tables/crossings.csv:3:dwell_hours", "'inf' is not a number", "LB206"),
    (CROSSINGS, ",48,100,", ",1e999,60,", "tables/crossings.csv:3:dwell_hours", "'1e999' is too large", "LB206"),
    (CROSSINGS, ",48,100,", ",,60,", "tables/crossings.csv:3:dwell_hours", "the cell is empty", "LB205"),
    (CROSSINGS, ",48,100,", ',"1,048",100,', "tables/crossings.csv:3:dwell_hours", "write 1048", "LB206"),
    (CROSSINGS, ",48,100,", ',"3,6",100,', "tables/crossings.csv:3:dwell_hours", "write 3.6", "LB206"),
    (CROSSINGS, ",48,100,", ",36 h,60,", "tables/crossings.csv:3:dwell_hours", "'36 h' is not a number", "LB206"),
    (CROSSINGS, ",48,100,", ",1_000,60,", "tables/crossings.csv:3:dwell_hours", "write 1000", "LB206"),
    (CROSSINGS, ",48,100,", ",٣٦,100,", "tables/crossings.csv:3:dwell_hours", "is not a number", "LB206"),
    (
        CROSSINGS,
        "dwell_hours",
        "dwell_days",
        "tables/crossings.csv:1:dwell_days",
        "Multiply its figures by 24 and call it 'dwell_hours'",
        "LB211",
    ),
    (
        CROSSINGS,
        "dwell_hours",
        "dwel_hours",
        "tables/crossings.csv:1:dwel_hours",
        "Did you mean 'dwell_hours'?",
        "LB201",
    ),
    (CROSSINGS, "dwell_hours", "dwel_hours", "tables/crossings.csv:1:dwell_hours", "the column is missing", "LB202"),
    (
        CROSSINGS,
        "cost_usd_per_teu",
        "dwell_hours",
        "tables/crossings.csv:1:dwell_hours",
        "stands there 2 times",
        "LB203",
    ),
    (CROSSINGS, "48,100,", "48,100,60,", "tables/crossings.csv:3", "the row has 6 cells, the header 5", "LB204"),
    (CROSSINGS, "48,100,assumption,example", "48,100", "tables/crossings.csv:3", "the row has 3 cells", "LB204"),
    (CROSSINGS, "Alashankou-Dostyk", "*", "tables/crossings.csv:3:crossing", "stands in row 2 already", "LB210"),
    (
        CROSSINGS,
        "48,100,assumption,example",
        "48,100,,example",
        "tables/crossings.csv:3:source",
        "the cell is empty",
        "LB205",
    ),
    (
        CROSSINGS,
        "48,100,assumption,example",
        "48,100,uic-2019,",
        "tables/crossings.csv:3:source",
        "'uic-2019' is not in sources.csv",
        "LB252",
    ),
    (
        CROSSINGS,
        "48,100,assumption,example",
        "48,100,exampl,",
        "tables/crossings.csv:3:source",
        "Did you mean 'example'?",
        "LB252",
    ),
    (
        CROSSINGS,
        "48,100,assumption,example: trains wait for wagons of the other gauge",
        "48,100,assumption,",
        "tables/crossings.csv:3:note",
        "an assumption without a reason",
        "LB253",
    ),
    (
        CROSSINGS,
        "48,100,assumption,example",
        '48,100,"assumption,example',
        "tables/crossings.csv:3",
        "is not CSV from here on",
        "LB107",
    ),
    (
        ZONES,
        "warsaw,Warsaw,POL",
        "warsaw,Warsaw,POX",
        "tables/zones.csv:5:economy",
        "'POX' is not in economies.csv. Did you mean 'POL'?",
        "LB251",
    ),
    (
        ZONES,
        "CHN,CN,30.66,104.07,0.4",
        "CHN,CN,30.66,104.07,0.3",
        "tables/zones.csv:2:trade_share",
        "add up to 0.9",
        "LB254",
    ),
    (
        ZONES,
        "warsaw,Warsaw,POL,PL,52.23,21.01,1,assumption,example\n",
        "",
        "tables/zones.csv:economy",
        "'POL' has no zone",
        "LB258",
    ),
    (ZONES, "warsaw", "hamburg", "tables/zones.csv:5:zone", "stands in row 4 already", "LB210"),
    (TRADE, "POL,CHN,3000", "POL,JPN,3000", "tables/trade.csv:8:importer", "'JPN' is not in economies.csv", "LB251"),
    (TRADE, "POL,POL,850000", "POL,POL,0", "", "", ""),
    (
        "tables/class_shares.csv",
        ",0.6,",
        ",0.6,assumption,x\n*,*,good,0.6,",
        "tables/class_shares.csv:3:class",
        "Did you mean 'goods'?",
        "LB251",
    ),
    (
        "tables/class_shares.csv",
        "*,*,goods,0.6",
        "CHN,CHX,goods,0.6",
        "tables/class_shares.csv:2:importer",
        "Did you mean 'CHN'?",
        "LB251",
    ),
    (
        "tables/corridors.csv",
        "Manzhouli-Zabaikalsk,",
        "Manzhouli-Zabaikalsk+,",
        "tables/corridors.csv:2:gates",
        "empty name",
        "LB215",
    ),
    (
        "tables/rates.csv",
        "road,",
        "raod,",
        "tables/rates.csv:2:mode",
        "'raod' is not one of road, rail, sea. Did you mean 'road'?",
        "LB209",
    ),
    (
        "tables/passages.csv",
        "charge_usd_per_teu,source",
        "charge_usd_per_teu,first_month,last_month,source",
        "tables/passages.csv:2",
        "the row has",
        "LB204",
    ),
    ("targets.csv", "2025,a", "2025.5,a", "targets.csv:2:year", "'2025.5' is not a whole number", "LB206"),
    ("targets.csv", "trade:POL<->CHN", "trade:POL<->CHX", "targets.csv:2:indicator", "Did you mean 'CHN'?", "LB251"),
    ("targets.csv", "billion USD", "visits", "targets.csv:2:unit", "which is in 'USD'", "LB256"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "words", "code"), FAULTS)
def test_a_fault_names_place_value_and_remedy(
    folder: Path, file: str, old: str, new: str, place: str, words: str, code: str
) -> None:
    edit(folder, file, old, new)
    problems = told(folder)
    if not code:
        assert problems == []
        return
    assert any(p.startswith(f"{place}: ") and words in p and p.endswith(f"[{code}]") for p in problems), problems
    with pytest.raises(StudyError, match=re.escape(code)):
        read_study(folder)


def test_all_faults_are_told_at_once_in_the_order_of_the_files(folder: Path) -> None:
    edit(folder, TRADE, "CHN,DEU,90000", "CHN,DEU,-1")
    edit(folder, TRADE, "DEU,CHN,88000", "DEU,CHN,many")
    edit(folder, "study.toml", "base_year = 2017", "base_year = '2017'")
    edit(folder, "measures.toml", "factor = 0.5", "factor = 1.0")
    places = [(problem.file, problem.row, problem.column) for problem in check_study(folder)]
    assert places == [
        ("study.toml", 7, "base_year"),
        ("measures.toml", 12, ""),
        (TRADE, 3, "flow_musd"),
        (TRADE, 5, "flow_musd"),
    ]


def test_rows_count_as_an_editor_counts_them(folder: Path) -> None:
    """A quoted cell over three lines, a blank line and an empty row of a spreadsheet all count."""
    text = (folder / CROSSINGS).read_text()
    lines = text.splitlines()
    lines[1] = lines[1].replace("example:", '"one\ntwo\nthree') + '"'
    (folder / CROSSINGS).write_text("\r\n".join([lines[0], lines[1], "", ",,,,", lines[2].replace("48", "x")]))
    at = next(i for i, line in enumerate((folder / CROSSINGS).read_text().split("\n"), 1) if line.startswith("Alash"))
    assert [problem.row for problem in check_study(folder)] == [at]


def test_a_usual_range_warns_and_the_study_is_read(folder: Path) -> None:
    edit(folder, CROSSINGS, ",48,100,", ",400,60,")
    (problem,) = check_study(folder)
    assert problem.severity == "warning"
    assert "400 is unusual (at most 240 is usual)" in problem.message
    assert read_study(folder).tables["crossings"].number("dwell_hours")[1] == 400.0


def test_many_faults_of_one_kind_are_counted_not_listed(folder: Path) -> None:
    rows = "\n".join(f"POL,P{i},x,assumption,example" for i in range(500))
    (folder / TRADE).write_text(f"exporter,importer,flow_musd,source,note\n{rows}\n")
    problems = [problem for problem in check_study(folder) if problem.code == "LB206"]
    assert len(problems) == 21
    assert problems[0].message.startswith("480 more cells") or problems[-1].message.startswith("480 more cells")


def test_a_byte_order_mark_is_accepted_silently(folder: Path) -> None:
    before = read_study(folder)
    path = folder / TRADE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert told(folder) == []
    assert read_study(folder).tables["trade"].equals(before.tables["trade"])


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_read_with_a_warning(folder: Path, separator: str, word: str) -> None:
    before = read_study(folder)
    path = folder / TRADE
    path.write_text(path.read_text().replace(",", separator))
    (problem,) = check_study(folder)
    assert (problem.code, problem.severity) == ("LB109", "warning")
    assert word in problem.message
    assert read_study(folder).tables["trade"].equals(before.tables["trade"])


def test_a_decimal_comma_in_a_table_with_semicolons_says_what_to_write(folder: Path) -> None:
    path = folder / ZONES
    path.write_text(path.read_text().replace(",", ";").replace("52.23", "52,23"))
    assert any("write 52.23" in problem for problem in told(folder))


def test_windows_1252_names_the_line_and_is_not_guessed(folder: Path) -> None:
    path = folder / ZONES
    path.write_bytes(path.read_bytes().replace(b"Warsaw", "Warschäu".encode("cp1252")))
    problem = next(p for p in check_study(folder) if p.code == "LB105")
    assert (problem.file, problem.row) == (ZONES, 5)
    assert "0xE4" in problem.message


def test_utf_16_is_named(folder: Path) -> None:
    path = folder / ZONES
    path.write_bytes(path.read_text().encode("utf-16"))
    assert any("UTF-16" in problem for problem in told(folder))


def test_an_empty_file_and_a_header_without_rows(folder: Path) -> None:
    (folder / TRADE).write_text("")
    (folder / ZONES).write_text("\n \n")
    (folder / "tables/economies.csv").write_text("economy,name,gdp_usd_bn,growth_percent_per_year,source\n")
    problems = told(folder)
    assert any(p.startswith(f"{TRADE}: is empty") for p in problems)
    assert any(p.startswith(f"{ZONES}: is empty") for p in problems)
    assert any(p.startswith("tables/economies.csv: has no rows") for p in problems)


def test_a_table_with_a_fault_in_its_ids_does_not_make_others_dangle(folder: Path) -> None:
    edit(folder, "tables/economies.csv", "economy,", "economie,")
    assert {problem.code for problem in check_study(folder)} == {"LB201", "LB202"}


def test_parquet_is_read_as_the_csv_of_the_same_rows(folder: Path) -> None:
    pyarrow_csv = pytest.importorskip("pyarrow.csv")
    parquet = pytest.importorskip("pyarrow.parquet")
    before = read_study(folder)
    for name in ("trade", "crossings", "zones"):
        path = folder / f"tables/{name}.csv"
        parquet.write_table(pyarrow_csv.read_csv(path), path.with_suffix(".parquet"))
        path.unlink()
    after = read_study(folder)
    assert all(after.tables[name].equals(before.tables[name]) for name in before.tables)


def test_parquet_faults(folder: Path) -> None:
    (folder / "tables/trade.parquet").write_bytes((folder / TRADE).read_bytes())
    assert any("stands beside tables/trade.csv" in problem for problem in told(folder))
    (folder / TRADE).unlink()
    assert any("tables/trade.parquet: is not a Parquet file" in problem for problem in told(folder))


def test_class_shares_above_one_count_the_nearest_row(folder: Path) -> None:
    (folder / "tables/classes.csv").write_text(
        "class,name,value_usd_per_teu,delay_percent_per_day,source,note\n"
        "goods,Goods,40000,0.5,assumption,x\nmore,More,40000,0.5,assumption,x\n"
    )
    (folder / "tables/class_shares.csv").write_text(
        "exporter,importer,class,value_share,source,note\n"
        "*,*,goods,0.6,assumption,x\n*,*,more,0.3,assumption,x\nCHN,DEU,more,0.5,assumption,x\n"
    )
    (problem,) = check_study(folder)
    assert (problem.code, problem.row) == ("LB255", 4)
    assert "'CHN' to 'DEU' add up to 1.1" in problem.message


def test_an_economy_that_sells_nothing_is_named(folder: Path) -> None:
    for row in ("POL,CHN,3000", "POL,DEU,58000", "POL,POL,850000"):
        edit(folder, TRADE, row, row.rpartition(",")[0] + ",0")
    assert any("economy 'POL' sells nothing" in problem for problem in told(folder))
