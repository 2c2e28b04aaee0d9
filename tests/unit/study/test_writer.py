"""A study is written whole or not at all, and reads the same."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landbridge.study.writer as writer_module
from landbridge.core.problems import StudyError
from landbridge.core.tables import Table
from landbridge.study.equality import differences, study_equal
from landbridge.study.files import shipped_studies
from landbridge.study.new import new_study
from landbridge.study.reader import read_study
from landbridge.study.writer import write_study


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", shipped_studies())
def test_every_shipped_study_reads_the_same_after_writing(name: str, tmp_path: Path) -> None:
    study = read_study(name)
    write_study(study, tmp_path / "copy")
    assert differences(study, read_study(tmp_path / "copy")) == ()


def test_numbers_come_back_to_the_last_bit(tmp_path: Path) -> None:
    study = read_study("minimal")
    trade = study.tables["trade"]
    values = np.array(
        [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 1e22, 123456789.123456789, 2.0**53 + 2, 1.0, 7e15]
    )
    tables = {**study.tables, "trade": Table("trade", {**trade.columns, "flow_musd": values})}
    write_study(replace(study, tables=tables), tmp_path / "copy")
    assert read_study(tmp_path / "copy").tables["trade"].number("flow_musd").tolist() == values.tolist()


def test_a_folder_of_a_study_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    study = read_study("minimal")
    write_study(study, tmp_path / "copy")
    write_study(replace(study, title="Another"), tmp_path / "copy")
    assert read_study(tmp_path / "copy").title == "Another"
    assert left(tmp_path) == ["copy"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(StudyError, match=r"holds 'notes.md', which would be lost"):
        write_study(read_study("minimal"), tmp_path)
    assert left(tmp_path) == ["notes.md"]


def test_values_that_no_file_can_hold_leave_no_folder(tmp_path: Path) -> None:
    study = read_study("minimal")
    with pytest.raises(StudyError, match="title would read differently"):
        write_study(replace(study, title=" outer blanks "), tmp_path / "copy")
    with pytest.raises(StudyError, match="which is no character"):
        write_study(replace(study, title="half \ud800"), tmp_path / "copy")
    with pytest.raises(StudyError, match="base_year"):
        write_study(replace(study, base_year=12), tmp_path / "copy")
    assert left(tmp_path) == []


def test_a_failure_in_the_middle_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = read_study("minimal")
    write_study(study, tmp_path / "copy")

    def full(text: str, file: str) -> bytes:
        if file == "scenarios.toml":
            raise OSError(28, "No space left on device")
        return text.encode()

    monkeypatch.setattr(writer_module, "_encoded", full)
    with pytest.raises(StudyError, match="No space left on device"):
        write_study(replace(study, title="Another"), tmp_path / "copy")
    assert study_equal(read_study(tmp_path / "copy"), study)
    assert left(tmp_path) == ["copy"]


def test_new_study_keeps_the_comments_and_takes_the_folders_name(tmp_path: Path) -> None:
    folder = new_study(tmp_path / "my-corridor")
    assert "# A study is a folder of plain files." in (folder / "study.toml").read_text()
    assert read_study(folder).id == "my-corridor"
    assert study_equal(replace(read_study(folder), id="minimal"), read_study("minimal"))


def test_new_study_says_what_it_cannot_do(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="Did you mean 'minimal'"):
        new_study(tmp_path / "a", example="minmal")
    (tmp_path / "b").write_text("a file")
    with pytest.raises(StudyError, match="is not a folder"):
        new_study(tmp_path / "b")
    new_study(tmp_path / "c")
    with pytest.raises(StudyError, match="would be lost"):
        new_study(tmp_path / "c")
    assert left(tmp_path) == ["b", "c"]


def test_a_study_can_go_to_another_process() -> None:
    study = read_study("island-canal")
    assert differences(study, pickle.loads(pickle.dumps(study))) == ()  # noqa: S301 - our own bytes
