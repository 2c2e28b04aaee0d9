"""The flagship's projects on its own runs: what a transport economist would expect of them."""

import numpy as np
import pytest

from landbridge.pipeline.appraise import Appraisals, appraise_all
from landbridge.report.appraisal_section import appraisal_section
from landbridge.report.blocks import TableBlock
from landbridge.study.model import Study
from landbridge.study.reader import read_study

RUN = ("west-line", "east-line", "rajin-khasan", "zabaikalsk-terminal", "brest-north", "arctic-fleet")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("northeast-asia")


@pytest.fixture(scope="module")
def done(study: Study) -> Appraisals:
    return appraise_all(study, draws=10_000, seed=1)


def test_six_projects_come_from_runs_and_two_are_marked_as_stated(done: Appraisals) -> None:
    assert len(done.found) == 8
    assert {name for name, one in done.found.items() if not one.effects.stated} == set(RUN)
    assert all(("run" in done.origin[name]) == (name in RUN) for name in done.found)


@pytest.mark.parametrize("name", RUN)
def test_two_ways_to_count_agree(done: Appraisals, name: str) -> None:
    """Users' rule of a half plus tolls earned, and the trade model's equivalent variation: within a fifth.

    They share runs but not formulas: one is on composite costs of zone pairs, the other on prices and wages.
    """
    effects = done.found[name].effects
    counted = sum(effects.user_benefit_usd.values()) + sum(effects.other_operators_usd.values())
    assert counted == pytest.approx(sum(effects.welfare_usd.values()), rel=0.25)
    assert counted > 0.0


def test_new_ways_rest_on_variety_and_quicker_borders_do_not(done: Appraisals) -> None:
    """If all took the cheapest way, a border that is quicker gains the same; a way that few would take gains little."""
    for name in RUN:
        users = sum(done.found[name].effects.user_benefit_usd.values())
        assert -0.05 * users <= done.least_cost[name] <= 1.15 * users, name
    for name in ("zabaikalsk-terminal", "brest-north"):
        users = sum(done.found[name].effects.user_benefit_usd.values())
        assert done.least_cost[name] > 0.75 * users, name
    for name in ("west-line", "east-line"):
        cautious, whole = (
            next(w.npv for w in one[name].worth if w.name == "Korea") for one in (done.cautious, done.found)
        )
        assert cautious < whole


def test_three_rates_finance_and_published_range_for_every_project(done: Appraisals) -> None:
    for name, one in done.found.items():
        assert [worth.name for worth in one.worth[:1]] == [next(iter(one.project.discount_rates))]
        assert {worth.name for worth in one.worth} == {"Korea", "ADB", "Russia"}
        assert one.financing is not None, name
        assert one.bankability is not None, name
        assert sum(one.main.gains_by_party.values()) == pytest.approx(one.main.npv)
        assert one.range, name


def test_lines_through_north_korea_do_not_earn_their_cost_themselves(done: Appraisals) -> None:
    """Tariffs near those of the neighbours leave 0.12 USD per TEU-km: users and tolls gain, the operator loses."""
    for name in ("west-line", "east-line"):
        one = done.found[name]
        assert one.financial_rates.rate is None or one.financial_rates.rate < 0.045, name
        assert all(worth.financial_npv < 0.0 for worth in one.worth), name
        alone = next(worth for worth in done.alone[name].worth if worth.name == "Korea")
        whole = next(worth for worth in one.worth if worth.name == "Korea")
        assert alone.npv < whole.npv, "stated bulk adds to what the run holds"
        assert min(row.npv for row in one.range) < 0.0, "at the dearest estimate it does not pay"


def test_border_terminals_pay_and_an_arctic_fleet_does_not(done: Appraisals) -> None:
    for name in ("zabaikalsk-terminal", "brest-north"):
        assert all(worth.npv > 0.0 for worth in done.found[name].worth), name
    assert all(worth.npv < 0.0 for worth in done.found["arctic-fleet"].worth)
    flow = done.found["arctic-fleet"].effects.traffic["northern-sea-route", "teu"]
    assert flow.with_project < 210_000, "six ships of 5,000 TEU on seven voyages would hold more"


def test_rajin_gains_no_more_than_its_port_can_take(done: Appraisals) -> None:
    ledger = done.found["rajin-khasan"].ledger
    users = sum(usd for party, usd in ledger.by_party().items() if party.endswith("users"))
    effects = done.found["rajin-khasan"].effects
    flow = effects.traffic["KPRJN", "teu"].with_project
    full = sum(effects.user_benefit_usd.values()) * min(1.0, 200_000 / flow)
    assert np.max(users) <= 1.1 * (full + 3.0 * sum(effects.beside_benefit_usd.values())), "prices of 2018 aside"


def test_lapses_of_access_lower_the_mean_of_what_crosses_north_korea(done: Appraisals) -> None:
    for name in ("west-line", "east-line", "rajin-khasan"):
        p = done.drawn.names.index(name)
        central = next(worth.npv for worth in done.found[name].worth if worth.name == "Korea")
        assert done.drawn.mean[p] < central
        assert done.drawn.chance_of_loss[p] > 0.25, "three draws of ten have it open at the start"


def test_east_line_needs_the_gap_at_gangneung_and_is_not_credited_with_rajin(done: Appraisals) -> None:
    for choice in (*done.central, *done.expected):
        assert "east-line" not in choice.chosen or "gangneung-jejin" in choice.chosen
    both = next(item for item in done.joint if set(item.members) == {"east-line", "rajin-khasan"})
    parts = [next(w.npv for w in done.found[name].worth if w.name == "Korea") for name in both.members]
    assert abs(both.value) < 0.5 * sum(abs(npv) for npv in parts), "little is counted twice"


def test_every_budget_is_kept_and_more_money_is_never_worse(done: Appraisals) -> None:
    for choices in (done.central, done.expected):
        assert all(choice.spent[0] <= choice.budgets[0] * (1 + 1e-9) for choice in choices)
        values = [choice.value for choice in choices]
        assert values == sorted(values)


def test_chapter_holds_every_project(study: Study, done: Appraisals) -> None:
    section = appraisal_section(study, done)
    first = next(block for block in section.blocks if isinstance(block, TableBlock))
    assert [row[0] for row in first.rows] == [one.project.title for one in done.found.values()]
