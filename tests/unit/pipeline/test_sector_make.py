"""A user's input-output file into a study, and the study run with many sectors beside one."""

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from landbridge.cli.main import main
from landbridge.core.problems import StudyError
from landbridge.formats.io_sectors import read_io_sectors
from landbridge.pipeline.run import run_scenarios
from landbridge.pipeline.sector_data import study_sectors
from landbridge.pipeline.sector_make import add_sectors
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study
from landbridge.study.sector_files import write_sector_tables


def files() -> ModuleType:
    spec = importlib.util.spec_from_file_location("io_files", Path(__file__).with_name("io_files.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return new_study(tmp_path / "mine", example="minimal")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    made: Path = files().write_icio(tmp_path / "2018_SML.csv", ("CHN", "DEU", "KOR", "POL", "ROW"))
    return made


def test_totals_of_the_file_are_kept(study: Path, table: Path) -> None:
    made = add_sectors(study, table)
    io = read_io_sectors(table)
    assert made.warnings == ()
    assert made.rest == ()
    assert made.added == ("KOR",)  # no economy of the study: with the rest of the world
    found = study_sectors(read_study(study), ["goods"]).accounts
    # sales out of stocks are 'made in the year': output is larger by just that (KOR's purchases are netted with ROW's)
    assert found.flows.sum() == pytest.approx(io.output.sum() + made.adjustments.stocks, rel=1e-9)
    assert found.inputs.sum() == pytest.approx(io.inputs.sum(), rel=1e-9)
    both = found.economies.index("CHN"), found.economies.index("DEU")
    sold = io.inputs[io.economies.index("CHN"), :, io.economies.index("DEU")].sum(1)
    final = (io.final + io.stocks)[io.economies.index("CHN"), :, io.economies.index("DEU")]
    np.testing.assert_allclose(found.flows[:, both[0], both[1]], sold + np.maximum(final, 0.0), atol=1e-5)


def test_the_command_writes_tables_that_a_run_uses(
    study: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "sectors", str(table), "--study", str(study), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["source"] == "OECD Inter-Country Input-Output tables, 2018"
    assert told["joined_to_the_rest"] == ["KOR"]
    assert {item["name"]: item["value"] for item in told["figures"]}["sectors"] == 7
    assert not check_study(study)
    with (study / "sources.csv").open(encoding="utf-8") as file:
        assert {"oecd-icio-2018", "caliendo-parro-2015"} <= {row["key"] for row in csv.DictReader(file)}
    out = tmp_path / "out"
    assert main(["run", str(study), "-o", str(out), "--draws", "12", "--report", "-q", "--json"]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "many sectors beside one" in page
    assert "all results stand on the one-sector model" not in page
    # a second file replaces the first; nothing is listed twice
    assert main(["data", "sectors", str(table), "--study", str(study), "--year", "2018", "-q"]) == 0
    assert not check_study(study)


def test_many_sectors_stand_beside_one_with_intervals(study: Path, table: Path) -> None:
    add_sectors(study, table)
    result = run_scenarios(read_study(study), ["fast-border"], seed=3, draws=40)["fast-border"]
    rows = result.tables["sectors"]
    value = {
        (economy, measure): float(v)
        for economy, measure, v in zip(rows["economy"], rows["measure"], rows["value"], strict=True)
    }
    for economy in ("CHN", "DEU", "POL"):
        for figure in ("real_income_many_sectors", "gain_one_sector"):
            central = value[economy, figure]
            low, high = (value[economy, f"{figure}_{end}"] for end in ("low", "high"))
            assert low < high
            assert low <= central <= high
    again = run_scenarios(read_study(study), ["fast-border"], seed=3, draws=40)["fast-border"]
    assert list(again.tables["sectors"]["value"]) == list(rows["value"])


def test_economies_that_the_file_lacks_are_named_and_regions_share_their_state(study: Path, tmp_path: Path) -> None:
    # Poland is in no table here, and a part of Germany is an economy of its own in the study
    text = (study / "tables/economies.csv").read_text(encoding="utf-8")
    (study / "tables/economies.csv").write_text(text + "DEU-HH,Hamburg,DE,120,1.5,assumption,example\n", "utf-8")
    zones = (study / "tables/zones.csv").read_text(encoding="utf-8")
    (study / "tables/zones.csv").write_text(zones + "HH,Hamburg,DEU-HH,DE,53.55,10.0,1,assumption,example\n", "utf-8")
    trade = (study / "tables/trade.csv").read_text(encoding="utf-8")
    more = "".join(f"{a},{b},{v},assumption,example\n" for a, b, v in (
        ("DEU-HH", "DEU-HH", 90000), ("DEU-HH", "CHN", 4000), ("CHN", "DEU-HH", 4000)))  # fmt: skip
    (study / "tables/trade.csv").write_text(trade + more, "utf-8")
    made = add_sectors(study, files().write_icio(tmp_path / "2018.csv", ("CHN", "DEU", "KOR", "ROW")))
    assert made.rest == ("POL",)
    assert made.parts == {"DEU": "DEU", "DEU-HH": "DEU"}
    result = run_scenarios(read_study(study), ["fast-border"])["fast-border"]
    rows = list(zip(*result.tables["sectors"].values(), strict=True))
    assert [row[0] for row in rows if row[1] == "one_sector_only"] == ["POL"]
    alone = next(row[2] for row in rows if row[1] == "one_sector_only")
    economies = result.tables["economies"]
    told = [
        float(v)
        for e, m, v in zip(economies["economy"], economies["measure"], economies["value"], strict=True)
        if (e, m) == ("POL", "equivalent_variation_of_gdp")
    ]
    assert told == [pytest.approx(alone, rel=1e-12)]


def test_a_file_that_does_not_fit_leaves_the_study_as_it_was(study: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    with pytest.raises(StudyError, match="shares no economy with the study"):
        add_sectors(study, files().write_icio(tmp_path / "2018.csv", ("JPN", "USA", "ROW")))
    with pytest.raises(StudyError, match="no rest of the world that could hold POL"):
        add_sectors(study, files().write_icio(tmp_path / "2018.csv", ("CHN", "DEU")))
    own = tmp_path / "own.csv"
    own.write_text("code,sector\n" + "".join(f"{code},steel\n" for code in files().INDUSTRIES), encoding="utf-8")
    with pytest.raises(StudyError, match="steel: no trade elasticity"):
        add_sectors(study, files().write_icio(tmp_path / "2018.csv", ("CHN", "ROW")), concordance=own)
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before
    with pytest.raises(StudyError, match="is no study folder"):
        write_sector_tables(tmp_path / "nowhere", {}, ())


def test_sectors_of_ones_own(study: Path, table: Path, tmp_path: Path) -> None:
    own, facts = tmp_path / "own.csv", tmp_path / "facts.csv"
    goods = {"A01_02", "B05_06", "C10T12", "C26", "C28", "C29"}
    own.write_text(
        "code,sector\n" + "".join(f"{c},{'goods' if c in goods else 'rest'}\n" for c in files().INDUSTRIES), "utf-8"
    )
    head = (
        "sector,name,trade_elasticity,low_elasticity,high_elasticity,containers_share,value_usd_per_teu,source,note\n"
    )
    facts.write_text(
        head + "goods,Goods,5,3,8,0.5,50000,assumption,mine\nrest,Other,5,3,8,0,0,assumption,mine\n", "utf-8"
    )
    add_sectors(study, table, concordance=own, facts=facts)
    found = study_sectors(read_study(study), ["goods"])
    assert found.accounts.sectors == ("goods", "rest")
    assert found.class_sectors.tolist() == [[1.0, 0.0]]


def test_incomplete_tables_are_told_by_check(study: Path, table: Path) -> None:
    add_sectors(study, table)
    shares = study / "tables/sector_classes.csv"
    text = shares.read_text(encoding="utf-8")
    shares.write_text(text.replace("0.", "0.0", 1), encoding="utf-8")
    assert {problem.code for problem in check_study(study)} == {"LB261"}
    shares.unlink()
    assert "Give all five tables of sectors" in "".join(problem.message for problem in check_study(study))
    shares.write_text(text, encoding="utf-8")
    members = study / "tables/sector_members.csv"
    members.write_text("\n".join(members.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    assert "economy 'POL' has no row" in "".join(problem.message for problem in check_study(study))
