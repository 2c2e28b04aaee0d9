"""Reading what was written gives the same study, whatever its values."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.core.columns import Column
from landbridge.core.tables import Table
from landbridge.study.equality import differences
from landbridge.study.model import Change, Measure, Member, Parameter, Scenario, Settings, Study
from landbridge.study.reader import read_study
from landbridge.study.spec import TABLES
from landbridge.study.spec_changes import CHANGES
from landbridge.study.writer import write_study

MINIMAL = read_study("minimal")
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)
PROSE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30).map(str.strip)
MEMBERS = ("kazakhstan", "china")
ECONOMIES = ("CHN", "DEU", "POL")


def numbers(column: Column) -> st.SearchStrategy[float]:
    return st.floats(max(column.low, -1e300), min(column.high, 1e300), allow_nan=False)


def value(column: Column) -> st.SearchStrategy[Any]:
    if column.kind in ("number", "quantity"):
        return numbers(column).filter(lambda x: x != 1.0)
    if column.kind == "integer":
        return st.integers(int(column.low), int(column.high))
    if column.kind == "boolean":
        return st.booleans()
    if column.refers_to.startswith("economies"):
        return st.lists(st.sampled_from(ECONOMIES), min_size=1, unique=True).map(tuple)
    if column.refers_to.startswith("goods"):
        return st.just(())
    if column.name == "countries":
        return st.lists(st.sampled_from(("CN", "KZ", "PL")), min_size=1, unique=True).map(tuple)
    if column.name == "charge_to":
        return st.sampled_from(ECONOMIES)
    if column.choices:
        return st.lists(st.sampled_from(column.choices), unique=True).map(tuple)
    return st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Any change that is neither incomplete nor without effect."""
    spec = CHANGES[
        draw(st.sampled_from([kind for kind in CHANGES if kind not in ("visa", "productivity", "agreement")]))
    ]
    fields: dict[str, Any] = {"kind": spec.kind}
    taken = {draw(st.sampled_from(group)) for group in spec.one_of}
    if spec.one_of[-1][-1:] == ("factor",) and len(spec.one_of[-1]) > 1:
        taken -= {draw(st.sampled_from(spec.one_of[-1]))} if len(taken & set(spec.one_of[-1])) > 1 else set()
    for key in spec.keys:
        if key.column.name in taken or (key.column.kind == "boolean"):
            fields[key.field] = draw(value(key.column))
    if set(fields.get("exporters", ())) == set(fields.get("importers", ())) and "exporters" in fields:
        fields["importers"] = tuple(name for name in ECONOMIES if name not in fields["exporters"]) or ("*",)
    return Change(**fields)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    ids = draw(st.lists(WORDS, max_size=4, unique=True))
    measures = tuple(
        Measure(
            name,
            draw(WORDS),
            tuple(draw(st.lists(changes(), min_size=1, max_size=3))),
            tuple(draw(st.lists(st.sampled_from(MEMBERS), min_size=1, unique=True))),
            tuple(ids[:at][:1]),
            works_usd_bn=draw(st.floats(0, 10_000)),
            paid_by=draw(st.sampled_from(("", *MEMBERS))),
            why=draw(WORDS),
            source="assumption",
        )
        for at, name in enumerate(ids)
    )
    low, middle, high = sorted(draw(st.lists(st.floats(-1e300, 1e300), min_size=3, max_size=3)))
    names = draw(st.lists(WORDS.filter(lambda name: len(name) < 8), max_size=3, unique=True))
    return replace(
        MINIMAL,
        title=draw(WORDS),
        about=draw(PROSE),
        settings=Settings(deficits=draw(st.sampled_from(("balanced", "additive", "multiplicative")))),
        parameters={
            **MINIMAL.parameters,
            **{name: Parameter(name, middle, low, high, draw(WORDS), "assumption", draw(WORDS)) for name in names},
        },
        members=(Member("kazakhstan", draw(WORDS)), Member("china", draw(WORDS), ("CHN",))),
        measures=measures,
        scenarios=(Scenario("all", draw(WORDS), "", tuple(ids), (), draw(PROSE)),),
        tables={**MINIMAL.tables, "trade": draw(trades()), "crossings": draw(crossings())},
    )


@st.composite
def trades(draw: st.DrawFn) -> Table:
    trade = MINIMAL.tables["trade"]
    flows = draw(st.lists(st.floats(5e-324, 1e300), min_size=len(trade), max_size=len(trade)))
    notes = draw(st.lists(PROSE.filter(bool), min_size=len(trade), max_size=len(trade)))
    return Table("trade", {**trade.columns, "flow_musd": np.array(flows), "note": np.array(notes, dtype=object)})


@st.composite
def crossings(draw: st.DrawFn) -> Table:
    """Rows with empty optional cells among them."""
    spec = next(spec for spec in TABLES if spec.name == "crossings")
    names = draw(st.lists(WORDS, max_size=5, unique=True))
    columns: dict[str, list[Any]] = {column.name: [] for column in spec.columns}
    for name in names:
        row = {"crossing": name, "from_country": draw(st.sampled_from(("*", "PL", "CN"))), "source": "assumption",
               "note": "x", "charge_to": draw(st.sampled_from(("", "POL"))), "open": draw(st.booleans())}  # fmt: skip
        for column in spec.columns:
            if column.kind == "number":
                row[column.name] = draw(st.just(math.inf) if "capacity" in column.name else numbers(column))
        for key, cell in row.items():
            columns[key].append(cell)
    types = {"number": np.float64, "boolean": np.bool_}
    return Table(
        "crossings", {c.name: np.array(columns[c.name], dtype=types.get(c.kind, object)) for c in spec.columns}
    )


@settings(max_examples=60, deadline=None)
@given(studies())
def test_reading_what_was_written_gives_the_same_study(study: Study) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_study(study, Path(folder, "copy"))
        assert differences(study, read_study(Path(folder, "copy"))) == ()
