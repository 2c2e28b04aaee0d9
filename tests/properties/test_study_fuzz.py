"""Whatever stands in the files, reading gives a study or a StudyError: never anything else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landbridge.core.problems import StudyError
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

SEED = new_study(Path(tempfile.mkdtemp()) / "seed")
FILES = sorted(path.relative_to(SEED).as_posix() for path in SEED.rglob("*") if path.is_file())
CONTENTS = {file: (SEED / file).read_bytes() for file in FILES}
NASTY = (
    *("", "nan", "-inf", "1e400", "0x10", "\0", '"', "'", "[", "]]", "=", "\n", "\r", ",", ";", "é", "\ufeff", "{a=1}"),
    *("1979-05-27", "9" * 5000, "true", "*", "+", "\u2028", '"""', "[[measure]]", "[[measure.change]]", "kind = 1"),
)


def outcome(folder: Path) -> None:
    problems = check_study(folder)
    assert all(problem.message and problem.code for problem in problems)
    if any(problem.severity == "fault" for problem in problems):
        with pytest.raises(StudyError) as caught:
            read_study(folder)
        assert caught.value.problems == tuple(problems)
    else:
        read_study(folder)


def copy_of_seed(folder: Path) -> None:
    for file, content in CONTENTS.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=200), st.booleans())
@example("tables/trade.csv", b"exporter,importer\r\n\0,\0", False)  # noqa: FBT003
@example("study.toml", b"a.b = 1\na = 2", False)  # noqa: FBT003
def test_random_bytes(file: str, content: bytes, appended: bool) -> None:  # noqa: FBT001
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_seed(folder)
        (folder / file).write_bytes(CONTENTS[file] + content if appended else content)
        outcome(folder)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(NASTY) | st.text(max_size=8))
def test_a_mutation_anywhere(file: str, at: int, width: int, put: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_seed(folder)
        text = CONTENTS[file].decode()
        at %= len(text)
        mutated = text[:at] + put + text[at + width :]
        (folder / file).write_bytes(mutated.encode("utf-8", "surrogatepass"))
        outcome(folder)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([file for file in FILES if file.endswith(".csv")]), st.data())
def test_a_cell_replaced(file: str, data: st.DataObject) -> None:
    rows = [line.split(",") for line in CONTENTS[file].decode().splitlines()]
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.integers(0, len(row) - 1))
    row[column] = data.draw(st.sampled_from(NASTY) | st.text(max_size=10) | st.floats().map(repr))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_seed(folder)
        (folder / file).write_bytes("\n".join(",".join(cells) for cells in rows).encode("utf-8", "surrogatepass"))
        outcome(folder)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([file for file in FILES if file.endswith(".csv")]), st.binary(max_size=60), st.booleans())
def test_damaged_parquet(file: str, content: bytes, framed: bool) -> None:  # noqa: FBT001
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_seed(folder)
        (folder / file).unlink()
        (folder / file).with_suffix(".parquet").write_bytes(b"PAR1" + content + b"PAR1" if framed else content)
        outcome(folder)
