"""The flagship study's projects: sources for every row, the range of costs kept, the tied rule at work."""

import csv
from pathlib import Path

import numpy as np
import pytest

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.assemble import StudyProjects, study_projects
from landbridge.appraisal.portfolio import choose, only_together
from landbridge.appraisal.profiles import profile_of
from landbridge.appraisal.risk import draw
from landbridge.core.problems import StudyError
from landbridge.core.tables import Table


def test_every_row_names_a_source_and_every_assumption_its_reason(
    flagship_folder: Path, flagship_tables: dict[str, Table]
) -> None:
    with (flagship_folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys))
    for table in flagship_tables.values():
        for source, note in zip(table.text("source"), table.text("note"), strict=True):
            assert source == "assumption" or source in keys, f"{table.name}: {source}"
            assert source != "assumption" or note, f"{table.name}: an assumption without a reason"


def test_eight_projects_are_appraised_with_their_finance(flagship: StudyProjects) -> None:
    assert len(flagship.projects) == 8
    for item in flagship.projects:
        done = appraise_project(item.project, item.stated, money=flagship.money)
        assert [worth.rate for worth in done.worth].count(0.045) == 1
        assert done.financing is not None
        assert sum(done.financing.uses.values()) == pytest.approx(sum(done.financing.sources.values()))
        assert done.financing.balance[:, -1] == pytest.approx(0.0, abs=1.0), "every loan is paid back"
        assert sum(done.main.gains_by_party.values()) == pytest.approx(done.main.npv)


def test_published_range_of_rail_costs_is_carried(flagship: StudyProjects) -> None:
    """4.0 (KRRI, Russian unit cost) to 38.1 trn won (opposition) for both lines together, among others."""
    lines = [flagship.named(name) for name in ("west-line", "east-line")]
    by_name: dict[str, float] = {}
    for item in lines:
        for estimate in item.project.estimates:
            by_name[estimate.name] = by_name.get(estimate.name, 0.0) + estimate.central
    assert by_name["Opposition estimate"] == pytest.approx(38.1164e6)
    assert by_name["KRRI at South Korean unit cost"] == pytest.approx(22.6522e6, abs=2)
    for item in lines:
        done = appraise_project(item.project, item.stated, money=flagship.money)
        npvs = [row.npv for row in done.range]
        assert max(npvs) > done.main.npv > min(npvs)
        assert min(npvs) < 0 < max(npvs), "the choice of estimate decides the sign"


def test_tied_rule_holds_where_korean_content_does(flagship: StudyProjects) -> None:
    met = {}
    for item in flagship.projects:
        done = appraise_project(item.project, item.stated, money=flagship.money)
        assert done.financing is not None
        tied = [t.name for t in done.financing.plan.tranches if t.tied_to]
        met |= {(item.project.id, name): done.financing.met[name] for name in tied}
    assert met["west-line", "EDCF"]
    assert not met["east-line", "EDCF"]
    assert met["far-east-complex", "EDPF"]
    assert not met["zabaikalsk-terminal", "EDPF"]


def test_draws_and_portfolio_run_over_all(flagship: StudyProjects) -> None:
    done = [appraise_project(i.project, i.stated, money=flagship.money) for i in flagship.projects]
    profiles = [profile_of(one, money=flagship.money) for one in done]
    drawn = draw(
        profiles, [i.risks for i in flagship.projects], 0.045, generator=np.random.default_rng(1), draws=2000,
        accesses=flagship.accesses,
    )  # fmt: skip
    central = np.array([next(w.npv for w in one.worth if w.name == "Korea") for one in done])
    assert ((drawn.chance_of_loss >= 0) & (drawn.chance_of_loss <= 1)).all()
    costs = np.array([[one.ledger.works.sum()] for one in done])
    best = choose(flagship.candidates(central, costs), [8e9])
    assert best.spent[0] <= 8e9
    together = [set(item.members) for item in only_together(flagship.candidates(central, costs))]
    assert {"east-line", "gangneung-jejin"} in together, "neither pays or is allowed without the other"
    assert ("east-line" in best.chosen) <= ("gangneung-jejin" in best.chosen), "no line without its gap closed"


def test_faults_of_a_copied_project_come_together(flagship_tables: dict[str, Table]) -> None:
    entry = {
        "id": "copy", "title": "t", "sponsor": "KOR", "price_year": 2018, "base_year": 2019, "opening_year": 2020,
        "life_years": 0, "main_rate": "none", "access": "nowhere", "effects_year": 2020,
    }  # fmt: skip
    with pytest.raises(StudyError) as caught:
        study_projects([entry], flagship_tables)
    codes = {problem.code for problem in caught.value.problems}
    assert {"LB851", "LB857", "LB862", "LB891", "LB892"} <= codes
    stranger = next(p for p in caught.value.problems if p.code == "LB892")
    assert stranger.file == "tables/project_estimates.csv"
    assert stranger.row == 2


def test_unknown_project_is_named(flagship: StudyProjects) -> None:
    with pytest.raises(StudyError, match="There is no project 'moon'"):
        flagship.named("moon")
