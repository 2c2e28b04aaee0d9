"""The chapter on who pays shows members, and the pairs with the largest bills first."""

from landbridge.pipeline.result import Result
from landbridge.report.blocks import TableBlock
from landbridge.report.incidence_section import COLUMNS, incidence_section


def result(name: str) -> Result:
    parts = [(who, who.lower(), word, float(k)) for who in ("A", "B") for k, word in enumerate(COLUMNS)]
    split = [("A", "B", 1.0, 0.75, 0.25), ("B", "A", -4.0, -3.0, -1.0)]
    rows = [
        (a, b, word, value)
        for a, b, *values in split
        for word, value in zip(("bill", "importer", "exporter"), values, strict=True)
    ]
    return Result(
        "study",
        name,
        {
            "decomposition": dict(
                zip(("economy", "name", "measure", "value"), map(list, zip(*parts, strict=True)), strict=True)
            ),
            "incidence": dict(
                zip(("exporter", "importer", "measure", "value"), map(list, zip(*rows, strict=True)), strict=True)
            ),
        },
        {},
    )


def test_the_largest_bill_stands_first_and_parts_add_up() -> None:
    found = incidence_section({"base": result("base"), "more": result("more")}, "base", ("B",))
    assert found is not None
    _, members, pairs = found.blocks
    assert isinstance(members, TableBlock)
    assert isinstance(pairs, TableBlock)
    assert members.rows == (("b", 0.0, 1.0, 2.0, 3.0),)
    assert [row[:2] for row in pairs.rows] == [("b", "a"), ("a", "b")]
    assert all(row[2] == float(row[3]) + float(row[4]) for row in pairs.rows)
    assert pairs.scenario == members.scenario == "more"


def test_without_the_table_there_is_no_chapter() -> None:
    assert incidence_section({"base": result("base")}, "base", ("B",)) is None
