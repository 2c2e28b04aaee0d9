"""The whole chain on the minimal study: what must hold whatever the figures are."""

import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.pipeline.compare import compare
from landbridge.pipeline.ground import prepare
from landbridge.pipeline.outcome import Baseline, find_baseline, find_outcome
from landbridge.pipeline.result import Result, read_result
from landbridge.pipeline.run import run, run_scenarios
from landbridge.pipeline.schema import RESULT_TABLES
from landbridge.report.freight_section import gate_spots
from landbridge.report.study_report import write_report
from landbridge.study.model import Change, Measure, Study
from landbridge.study.reader import read_study


@cache
def study() -> Study:
    return read_study("minimal")


@cache
def baseline() -> Baseline:
    return find_baseline(prepare(study()))


@cache
def results() -> dict[str, Result]:
    return run_scenarios(study(), [scenario.name for scenario in study().scenarios])


def test_no_measure_no_change() -> None:
    base = baseline()
    outcome = find_outcome(base, base.standing, "baseline")
    assert outcome.equilibrium.real_income_change == pytest.approx(1.0, abs=1e-12)
    assert outcome.flows == pytest.approx(base.ground.inputs.flows, rel=1e-10)
    assert outcome.loads.arcs == pytest.approx(base.loads.arcs, rel=1e-9, abs=1e-6)


def test_a_faster_border_draws_containers_to_it_and_helps_those_who_use_it() -> None:
    before, after = (results()[name] for name in ("baseline", "fast-border"))
    corridor = {
        name: float(
            next(
                value
                for c, k, m, value in zip(
                    *(x.tables["corridors"][key] for key in ("corridor", "class", "measure", "value")), strict=True
                )
                if (c, k, m) == ("rail", "all", "teu")
            )
        )
        for name, x in (("before", before), ("after", after))
    }
    assert corridor["after"] > corridor["before"] > 0
    for member in (party for party in study().members if party.economies):
        assert after.headline(f"ev:{member.id}") > 0


def test_containers_carry_the_value_of_the_trade() -> None:
    """TEU times value of a TEU is the containerised part of every economy pair's trade."""
    base = baseline()
    inputs = base.ground.inputs
    value = np.array([item.value_usd_per_teu for item in inputs.classes])
    carried = np.einsum("kab,k->ab", base.teu, value) / 1e6
    member = np.zeros((len(inputs.economies), len(inputs.zones)))
    member[inputs.zone_economy, np.arange(len(inputs.zones))] = 1.0
    assert member @ carried @ member.T == pytest.approx(inputs.flows * inputs.class_share.sum(0), rel=1e-9)


def test_no_container_is_lost_on_the_way() -> None:
    """At every state of the network what goes out less what comes in is what starts there less what ends there."""
    base = baseline()
    graph = base.ground.graph
    moving = np.where(np.eye(base.teu.shape[1], dtype=bool), 0.0, base.teu).sum(0)
    net = np.bincount(graph.tail, base.loads.arcs, graph.n_vertices)
    net -= np.bincount(graph.head, base.loads.arcs, graph.n_vertices)
    wanted = np.zeros(graph.n_vertices)
    np.add.at(wanted, graph.departs, moving.sum(1))
    np.add.at(wanted, graph.arrives, -moving.sum(0))
    assert net == pytest.approx(wanted, abs=1e-6 * moving.sum())


def with_ban() -> Study:
    """The minimal study in which a ban has stopped all trade from Poland to China."""
    trade = study().tables["trade"]
    ends = zip(trade.text("exporter"), trade.text("importer"), strict=True)
    pair = np.array([end == ("POL", "CHN") for end in ends])
    tables = dict(study().tables)
    columns = dict(trade.columns)
    columns["flow_musd"] = np.where(pair, 0.0, trade.number("flow_musd"))
    tables["trade"] = type(trade)("trade", columns)

    def table(name: str, **cells: object) -> object:
        empty = tables[name]
        return type(empty)(
            name,
            {
                key: np.array([cells.get(key, "" if column.dtype.kind == "O" else 0.0)], dtype=column.dtype)
                for key, column in empty.columns.items()
            },
        )

    tables["goods"] = table("goods", exporter="POL", importer="CHN", good="all", value_share=1.0, source="assumption")
    tables["open_trade"] = table(
        "open_trade", exporter="POL", importer="CHN", fitted_flow_musd=3000.0, source="assumption"
    )
    ban = Measure(
        "ban",
        "ban",
        (Change("ban", exporters=("POL",), importers=("CHN",), goods=("all",)),),
        ("china",),
        in_baseline=True,
    )
    return replace(study(), tables=tables, measures=(*study().measures, ban), digest="")


def test_lifting_a_ban_creates_trade_and_putting_it_back_restores_the_baseline_exactly() -> None:
    base = find_baseline(prepare(with_ban()))
    inputs = base.ground.inputs
    i, j = inputs.position("POL"), inputs.position("CHN")
    assert inputs.flows[i, j] == 0
    lifted = find_outcome(base, (), "lifted")
    assert 1000 < lifted.flows[i, j] < 6000
    assert lifted.equilibrium.real_income_change[i] > 1
    again = find_outcome(base, ("ban",), "again")
    assert again.flows[i, j] == 0
    assert np.array_equal(again.flows, find_outcome(base, base.standing, "baseline").flows)
    assert again.equilibrium.real_income_change == pytest.approx(1.0, abs=1e-12)


def digest_of(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
        if file.suffix == ".parquet"
    }


def test_running_twice_gives_the_same_bytes_and_reading_gives_the_same_tables(tmp_path: Path) -> None:
    one = run(study(), "fast-border")
    one.save(tmp_path / "one")
    run(study(), "fast-border").save(tmp_path / "two")
    assert digest_of(tmp_path / "one") == digest_of(tmp_path / "two")
    again = read_result(tmp_path / "one")
    difference = compare(one, again)
    assert not any(difference.tables.values())
    assert not difference.notes


def test_a_result_does_not_overwrite_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(StudyError, match="does not hold a landbridge result"):
        results()["baseline"].save(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_every_table_of_a_result_is_declared_and_has_its_columns() -> None:
    declared = {table.name: table for table in RESULT_TABLES}
    for name, columns in results()["baseline"].tables.items():
        assert name in declared, name
        assert tuple(columns) == declared[name].columns, name
        if declared[name].measures and "measure" in columns:
            assert set(columns["measure"]) <= {measure for measure, *_ in declared[name].measures}, name


def test_an_unknown_scenario_says_what_was_meant() -> None:
    with pytest.raises(StudyError, match="Did you mean 'fast-border'"):
        run(study(), "fast-boarder")


def test_gates_on_the_map_tell_hours_cost_load_and_share() -> None:
    spots = {spot.name: spot for spot in gate_spots(study(), results(), {})}
    assert spots
    for spot in spots.values():
        assert spot.kind == "gate"
        for word in ("hours", "USD per TEU", "TEU, corridor", "% of all containers"):
            assert word in spot.text, spot.name


def silent(done: int, total: int, label: str) -> None:
    """Show no progress."""


def test_the_report_is_whole_in_itself(tmp_path: Path) -> None:
    """No element of the page asks the network for anything, and it stays under 12 MB."""
    written = write_report(study(), results(), tmp_path, step=silent)
    text = written["report"].read_text(encoding="utf-8")
    assert len(text.encode()) < 12_000_000
    frame = text[: text.index("<script>")]
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", re.sub(r"<a [^>]*>", "", frame))
    assert "Content-Security-Policy" in frame
    assert "default-src 'none'" in frame
    for section in ("summary", "map", "routes", "corridors", "trade", "welfare", "sources"):
        assert f'id="{section}"' in frame
    assert written["workbook"].read_bytes()[:2] == b"PK"
