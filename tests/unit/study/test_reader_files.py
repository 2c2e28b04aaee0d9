"""A folder that is no study, or whose files are not what they seem, gets a clear message and never a traceback."""

import os
import sys
from pathlib import Path

import pytest

from landbridge.core.problems import StudyError
from landbridge.study import files
from landbridge.study.files import shipped_studies
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "mine")


def test_the_minimal_study_is_shipped() -> None:
    assert "minimal" in shipped_studies()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("minimel", "Did you mean 'minimal'?"),
        ("", "is not a path"),
        ("a\0b", "is not a path"),
        ("x" * 5000, "neither a folder nor a shipped study"),
    ],
)
def test_a_name_that_is_no_study(name: str, words: str) -> None:
    with pytest.raises(StudyError, match="LB101") as caught:
        read_study(name)
    assert words in str(caught.value)


def test_a_file_instead_of_a_folder(folder: Path) -> None:
    (problem,) = check_study(folder / "study.toml")
    assert "Give the folder that holds it" in problem.message
    (problem,) = check_study(folder / "sources.csv")
    assert "is not a folder" in problem.message


def test_missing_files_are_named_with_what_they_hold(folder: Path) -> None:
    (folder / "tables/trade.csv").unlink()
    (folder / "sources.csv").unlink()
    assert [(p.code, p.file) for p in check_study(folder)] == [("LB102", "sources.csv"), ("LB102", "tables/trade.csv")]
    (folder / "study.toml").unlink()
    assert ("LB102", "study.toml") in [(p.code, p.file) for p in check_study(folder)]


def test_a_misspelt_file_is_named(folder: Path) -> None:
    (folder / "measure.toml").write_text("")
    (folder / "tables/corridor.csv").write_text("x")
    (folder / "tables/trade.xlsx").write_text("x")
    (folder / "README.md").write_text("any other file may stand there")
    problems = {problem.file: problem.message for problem in check_study(folder)}
    assert "Did you mean 'measures.toml'?" in problems["measure.toml"]
    assert "Did you mean 'corridors.csv'?" in problems["tables/corridor.csv"]
    assert "tables/trade.xlsx" in problems
    assert len(problems) == 3


def test_a_large_file_is_refused_before_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB on paper: a sparse file, so that the test writes nothing."""
    with (folder / "tables/trade.csv").open("r+b") as file:
        file.truncate(200_000_000)
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"" if path.name == "trade.csv" else read(path))
    problem = next(problem for problem in check_study(folder) if problem.code == "LB104")
    assert problem.file == "tables/trade.csv"
    assert "has 200 MB; the limit is 25 MB" in problem.message


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text((folder / "tables/trade.csv").read_text())
    (folder / "tables/trade.csv").unlink()
    (folder / "tables/trade.csv").symlink_to(outside)
    assert [(p.code, p.file) for p in check_study(folder)] == [("LB103", "tables/trade.csv")]
    (folder / "tables/trade.csv").unlink()
    (folder / "tables/trade.csv").symlink_to(folder / "tables/trade.csv")
    assert ("LB107", "tables/trade.csv") in [(p.code, p.file) for p in check_study(folder)]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_links_inside_the_folder_and_to_the_folder_are_fine(folder: Path, tmp_path: Path) -> None:
    (folder / "tables/trade.csv").rename(folder / "kept.dat")
    (folder / "tables/trade.csv").symlink_to(folder / "kept.dat")
    (tmp_path / "other-name").symlink_to(folder)
    assert check_study(tmp_path / "other-name") == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_or_a_folder_in_place_of_a_file_does_not_hang(folder: Path) -> None:
    (folder / "tables/trade.csv").unlink()
    os.mkfifo(folder / "tables/trade.csv")
    (folder / "measures.toml").unlink()
    (folder / "measures.toml").mkdir()
    found = {(p.code, p.file) for p in check_study(folder)}
    assert {("LB107", "tables/trade.csv"), ("LB107", "measures.toml")} <= found
    assert not any(p.code == "LB251" and "measure" in p.message for p in check_study(folder)), "measures are not missed"


def test_the_digest_is_of_the_files_and_of_nothing_else(folder: Path) -> None:
    first = read_study(folder).digest
    assert first == read_study(folder).digest
    assert len(first) == 64
    (folder / "README.md").write_text("not part of the study")
    assert read_study(folder).digest == first
    (folder / "sources.csv").write_text((folder / "sources.csv").read_text() + "more,More,Me,,,\n")
    assert read_study(folder).digest != first


def test_names_and_contents_cannot_run_into_each_other_in_the_digest() -> None:
    assert files.digest_of({"a": b"bc"}) != files.digest_of({"ab": b"c"})
    assert files.digest_of({"a": b"1", "b": b"2"}) == files.digest_of({"b": b"2", "a": b"1"})
