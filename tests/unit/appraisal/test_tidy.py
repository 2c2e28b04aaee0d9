"""Tidy tables hold the appraisal's figures, a unit in every row, and nothing that does not exist."""

import numpy as np
import pytest

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.assemble import StudyProjects
from landbridge.appraisal.portfolio import choose
from landbridge.appraisal.profiles import profile_of
from landbridge.appraisal.risk import draw, option_to_wait, tornado
from landbridge.appraisal.tidy import appraisal_tables, portfolio_table, risk_table, tornado_table, waiting_table


def test_tables_add_up_to_the_appraisal(flagship: StudyProjects) -> None:
    done = [appraise_project(i.project, i.stated, money=flagship.money) for i in flagship.projects]
    tables = appraisal_tables(done)
    for name, table in tables.items():
        assert table.name == name
        if name != "project_notes":
            assert all(table.text("unit"))
            assert np.isfinite(table.number("value")).all()
    flows = tables["project_cash_flow"]
    for one in done:
        rows = np.array(flows.text("project")) == one.project.id
        assert flows.number("value")[rows].sum() == pytest.approx(one.ledger.economic.sum())
        worth = {
            (r["rate"], r["indicator"]): r["value"]
            for r in tables["project_worth"].rows()
            if r["project"] == one.project.id
        }
        assert worth["Korea", "NPV"] == next(w.npv for w in one.worth if w.name == "Korea")
        sources = [r for r in tables["project_tranches"].rows() if r["project"] == one.project.id]
        total = {k: sum(r["value"] for r in sources if r["indicator"] == k) for k in ("source", "use")}
        assert total["source"] == pytest.approx(total["use"])


def test_risk_tables_hold_every_project(flagship: StudyProjects) -> None:
    done = [appraise_project(i.project, i.stated, money=flagship.money) for i in flagship.projects]
    profiles = [profile_of(one, money=flagship.money) for one in done]
    drawn = draw(
        profiles, [i.risks for i in flagship.projects], 0.045, generator=np.random.default_rng(2), draws=300,
        accesses=flagship.accesses,
    )  # fmt: skip
    table = risk_table(drawn, unit="USD2018")
    assert len(table) == 8 * 7
    bars = {p.name: tornado(p, i.risks, 0.045) for p, i in zip(profiles, flagship.projects, strict=True)}
    assert len(tornado_table(bars, unit="USD2018")) == 8 * 4 * 2
    waits = {
        p.name: option_to_wait(p, drawn, project=k, access=flagship.projects[k].risks.access)
        for k, p in enumerate(profiles)
    }
    values = waiting_table(waits, unit="USD2018")
    assert (
        min(v for v, n in zip(values.number("value"), values.text("indicator"), strict=True) if n == "option to wait")
        >= 0
    )
    costs = np.array([[one.ledger.works.sum()] for one in done])
    best = [choose(flagship.candidates(drawn.mean, costs), [budget]) for budget in (1e8, 1e10)]
    worth = [r["value"] for r in portfolio_table(best, unit="USD2018").rows() if r["project"] == "all"]
    assert worth == [choice.value for choice in best]
