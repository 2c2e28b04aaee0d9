"""Whatever stands in the files, reading gives a study or a StudyError: never anything else."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landbridge.core.problems import StudyError
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

FOLDER = new_study(Path(tempfile.mkdtemp()) / "seed", example="island-canal")
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
CONTENTS = {file: (FOLDER / file).read_bytes() for file in FILES}
TABLES = [file for file in FILES if file.endswith(".csv")]
NASTY = (
    *("", "nan", "-inf", "1e400", "0x10", "\0", '"', "'", "[", "]]", "=", "\n", "\r", ",", ";", "é", "\ufeff", "{a=1}"),
    *("1979-05-27", "9" * 5000, "true", "*", "+", "\u2028", '"""', "[[measure]]", "[[measure.change]]", "kind = 1"),
)


@contextmanager
def in_place_of(file: str, content: bytes, *, name: str = "") -> Iterator[None]:
    """Put other bytes into a file of the study (under another name if one is given), then put it back."""
    (FOLDER / file).unlink()
    put = FOLDER / (name or file)
    put.write_bytes(content)
    try:
        yield
    finally:
        put.unlink()
        (FOLDER / file).write_bytes(CONTENTS[file])


def holds(file: str, content: bytes, *, name: str = "") -> None:
    """Reading tells the same as checking: faults with code and words, or a study."""
    with in_place_of(file, content, name=name):
        problems = check_study(FOLDER)
        assert all(problem.message and problem.code for problem in problems)
        if any(problem.severity == "fault" for problem in problems):
            with pytest.raises(StudyError) as caught:
                read_study(FOLDER)
            assert caught.value.problems == problems
        else:
            read_study(FOLDER)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=200), st.booleans())
@example("tables/trade.csv", b"exporter,importer\r\n\0,\0", False)  # noqa: FBT003
@example("study.toml", b"a.b = 1\na = 2", False)  # noqa: FBT003
def test_random_bytes(file: str, content: bytes, appended: bool) -> None:  # noqa: FBT001
    holds(file, CONTENTS[file] + content if appended else content)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(NASTY) | st.text(max_size=8))
def test_a_mutation_anywhere(file: str, at: int, width: int, put: str) -> None:
    text = CONTENTS[file].decode()
    at %= len(text)
    holds(file, (text[:at] + put + text[at + width :]).encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([file for file in FILES if file.endswith(".toml")]), st.data())
def test_a_toml_value_replaced(file: str, data: st.DataObject) -> None:
    lines = CONTENTS[file].decode().splitlines()
    at = data.draw(st.sampled_from([i for i, line in enumerate(lines) if " = " in line]))
    values = ("1", "-1.5", "nan", "inf", "true", '""', '"x"', "[]", "[1]", '["x", "x"]', "[[]]", "{}", "{a = {b = 1}}",
              "1979-05-27", "1979-05-27T07:32:00Z", "9" * 400, "1e300", "-0.0", "0xff", '"\\u0000"')  # fmt: skip
    key = lines[at].partition(" = ")[0]
    lines[at] = (
        f"{data.draw(st.sampled_from([key, 'kind', 'change', 'id', 'source']))} = {data.draw(st.sampled_from(values))}"
    )
    holds(file, "\n".join(lines).encode())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(TABLES), st.data())
def test_a_cell_replaced(file: str, data: st.DataObject) -> None:
    rows = [line.split(",") for line in CONTENTS[file].decode().splitlines()]
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.integers(0, len(row) - 1))
    row[column] = data.draw(st.sampled_from(NASTY) | st.text(max_size=10) | st.floats().map(repr))
    holds(file, "\n".join(",".join(cells) for cells in rows).encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TABLES), st.binary(max_size=60), st.booleans())
def test_damaged_parquet(file: str, content: bytes, framed: bool) -> None:  # noqa: FBT001
    framed_content = b"PAR1" + content + b"PAR1" if framed else content
    holds(file, framed_content, name=file.replace(".csv", ".parquet"))
