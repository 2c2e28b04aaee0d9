"""The chapter on estimates says what its regressions say, and where the parameters come from."""

from landbridge.pipeline.result import Result
from landbridge.report.blocks import TableBlock, Text
from landbridge.report.estimates_section import estimates_section
from landbridge.study.reader import read_study

COLUMNS = (
    "regression", "variable", "coefficient", "standard_error", "pairs", "deviance", "explained_percent",
    "correlation_squared",
)  # fmt: skip


def result(*rows: tuple[object, ...]) -> Result:
    table = {name: list(cells) for name, cells in zip(COLUMNS, zip(*rows, strict=True), strict=True)} if rows else {}
    return Result("island", "baseline", {"gravity": table} if rows else {}, {})


def test_words_follow_the_figures() -> None:
    found = estimates_section(
        read_study("island-canal"),
        result(
            ("distance", "ln_distance", -1.0, 0.1, 90, 1.0, 60.0, 0.9),
            ("hours", "ln_hours", -1.2, 0.1, 90, 1.0, 65.0, 0.9),
            ("both", "ln_distance", -0.1, 0.2, 90, 1.0, 66.0, 0.9),
            ("both", "ln_hours", -1.0, 0.2, 90, 1.0, 66.0, 0.9),
            ("cost too", "ln_distance", -0.9, 0.2, 90, 1.0, 61.0, 0.9),
            ("cost too", "ln_cost", -0.2, 0.2, 90, 1.0, 61.0, 0.9),
            ("home", "ln_distance", -0.9, 0.2, 95, 1.0, 95.0, 0.9),
            ("home", "border", -2.302585, 0.2, 95, 1.0, 95.0, 0.9),
        ),
    )
    assert found is not None
    words, table, answers = found.blocks
    assert isinstance(words, Text)
    assert isinstance(table, TableBlock)
    assert isinstance(answers, TableBlock)
    told = " ".join(words.paragraphs)
    assert "**hours** explains most" in told
    assert "ln hours adds to distance (t = -5.0)" in told
    assert "ln cost/value does not add to distance clearly (t = -1.0)" in told
    assert "10.0 times as much at home" in told
    assert len(table.rows) == 8
    assert {row[0]: row[5] for row in answers.rows}["trade_elasticity"] == "literature or assumption"


def test_without_regressions_there_is_no_chapter() -> None:
    assert estimates_section(read_study("island-canal"), result()) is None
