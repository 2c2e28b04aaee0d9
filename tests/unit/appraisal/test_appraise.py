"""A project's cash-flow table by hand, parties that add up, and refusals with all faults."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.finance import FinancePlan
from landbridge.appraisal.loans import Tranche
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Estimate, Project, Revenue, Upkeep, Works
from landbridge.core.problems import StudyError


def test_table_by_hand(project: Project, effects: ProjectEffects, money: Money) -> None:
    ledger = appraise_project(project, effects, money=money).ledger
    million = {item: (usd / 1e6).round(9).tolist() for item, usd in ledger.by_item().items()}
    assert ledger.years.tolist() == [2018, 2019, 2020, 2021, 2022]
    assert million["works"] == pytest.approx([-28.8, -43.2, 0, 0, 0]), "less 10 % tax, at a factor of 0.8"
    assert million["upkeep"] == pytest.approx([0, 0, -2, -2, -2])
    assert million["revenue"] == pytest.approx([0, 0, 20, 44, 48.4])
    assert million["operation"] == pytest.approx([0, 0, -5, -11, -12.1])
    assert million["user benefits"] == pytest.approx([0, 0, 20, 44, 48.4])
    assert million["other operators"] == pytest.approx([0, 0, -2.5, -5.5, -6.05])
    assert million["CO2"] == pytest.approx([0, 0, 0.25, 0.55, 0.605])
    assert million["residual value"] == pytest.approx([0, 0, 0, 0, 10])
    parties = {party: usd.sum() / 1e6 for party, usd in ledger.by_party().items()}
    assert parties["PRK government"] == pytest.approx(10.0)
    assert parties["PRK workers and suppliers"] == pytest.approx(18.0)


def test_parties_items_and_benefits_less_costs_are_the_total(
    project: Project, effects: ProjectEffects, money: Money
) -> None:
    for measure in ("users", "welfare"):
        for inside in (True, False):
            done = appraise_project(
                replace(project, measures=(measure,)), replace(effects, revenue_in_welfare=inside), money=money
            )
            total = done.ledger.economic
            for parts in (done.ledger.by_party(), done.ledger.by_economy(), done.ledger.by_item()):
                assert sum(parts.values()) == pytest.approx(total)
            assert done.ledger.benefits - done.ledger.costs == pytest.approx(total)
            for worth in done.worth:
                assert sum(worth.gains_by_economy.values()) == pytest.approx(worth.npv)
                assert sum(worth.gains_by_party.values()) == pytest.approx(worth.npv)
                assert worth.benefits - worth.costs == pytest.approx(worth.npv)


def test_welfare_that_holds_revenue_counts_it_once(project: Project, effects: ProjectEffects, money: Money) -> None:
    welfare = replace(project, measures=("welfare",))
    outside = appraise_project(welfare, effects, money=money)
    inside = appraise_project(welfare, replace(effects, revenue_in_welfare=True), money=money)
    assert inside.ledger.financial == pytest.approx(outside.ledger.financial), "the operator's account is the same"
    surplus = outside.ledger.by_item()["revenue"] + outside.ledger.by_item()["operation"]
    assert outside.ledger.economic - inside.ledger.economic == pytest.approx(surplus)


def test_both_measures_are_refused(project: Project, effects: ProjectEffects, money: Money) -> None:
    with pytest.raises(StudyError, match="exactly one of 'users' and 'welfare'"):
        appraise_project(replace(project, measures=("users", "welfare")), effects, money=money)
    with pytest.raises(StudyError, match="no equivalent variation"):
        appraise_project(replace(project, measures=("welfare",)), replace(effects, welfare_usd={}), money=money)


def test_every_estimate_carries_through(project: Project, effects: ProjectEffects, money: Money) -> None:
    done = appraise_project(project, effects, money=money)
    worth = {(row.estimate, row.bound): row for row in done.range}
    assert worth["study", "central"].npv == pytest.approx(done.main.npv)
    dear = replace(project.estimates[0], chosen=False), replace(project.estimates[1], chosen=True)
    again = appraise_project(replace(project, estimates=dear), effects, money=money)
    assert worth["press", "central"].npv == pytest.approx(again.main.npv)
    assert worth["press", "central"].works_usd == 4e8
    assert worth["study", "low"].npv > worth["study", "high"].npv > worth["press", "high"].npv


def test_rates_stand_side_by_side_and_the_internal_one_makes_zero(
    project: Project, effects: ProjectEffects, money: Money
) -> None:
    done = appraise_project(project, effects, money=money)
    assert [worth.name for worth in done.worth] == ["Korea", "ADB"]
    rate = done.economic_rates.rate
    assert rate is not None
    zero = appraise_project(replace(project, discount_rates={"internal": rate}), effects, money=money)
    assert zero.main.npv == pytest.approx(0.0, abs=1e-3)
    assert zero.main.benefit_cost_ratio == pytest.approx(1.0)
    assert done.financial_rates.rate != done.economic_rates.rate


def test_capacity_caps_only_what_is_carried(project: Project, effects: ProjectEffects, money: Money) -> None:
    capped = replace(project, revenue=(replace(project.revenue[0], capacity=2.5e8),))
    ledger = appraise_project(capped, effects, money=money).ledger
    assert ledger.by_item()["revenue"][3] == pytest.approx(0.2 * (2.5e8 - 1.1e8))


def test_finance_comes_with_the_project(project: Project, effects: ProjectEffects, money: Money) -> None:
    bank = Tranche("bank", "commercial", 0.6, rate=0.08, grace_years=1, maturity_years=4)
    plan = FinancePlan("plan", (Tranche("own", "equity", 0.4), bank), inflation=0.0)
    done = appraise_project(replace(project, finance=plan), effects, money=money)
    assert done.financing is not None
    assert done.bankability is not None
    assert done.financing.uses["works"] == pytest.approx(1e8)
    assert done.financing.cash[2] == pytest.approx(20e6 - 5e6 - 2e6)


def test_table_is_tidy(project: Project, effects: ProjectEffects, money: Money) -> None:
    ledger = appraise_project(project, effects, money=money).ledger
    table = ledger.table(unit="USD2018")
    assert len(table) == len(ledger.lines) * 5
    assert table.number("value").sum() == pytest.approx(ledger.economic.sum())
    assert set(table.text("unit")) == {"USD2018"}


def test_all_faults_at_once(project: Project, effects: ProjectEffects) -> None:
    bad = replace(
        project,
        life_years=-3,
        discount_rates={"percent": 4.5},
        ramp_up=(1.5,),
        content={"KOR": 0.8, "RUS": 0.7},
        measures=("users", "welfare"),
        estimates=(
            Estimate("track", "a", 5.0, 4.0, 6.0, None, chosen=True),
            Estimate("track", "b", 1.0, 1.0, 1.0, Price("EUR", 2008), chosen=True),
        ),
        works=(Works("track", 2018, 0.4, "PRK", conversion_factor=9.0),),
        upkeep=(Upkeep("upkeep", "PRK", amount=3.0),),
        revenue=(Revenue("haulage", "nowhere", "teu", -1.0, "KOR", 2018, capacity=0.0),),
        finance=FinancePlan("p", (Tranche("l", "commercial", 1.0, rate=0.1, grace_years=9, maturity_years=5),)),
    )
    with pytest.raises(StudyError) as caught:
        appraise_project(bad, replace(effects, growth_per_year=3.0))
    codes = {problem.code for problem in caught.value.problems}
    expected = "810 811 823 850 851 854 855 856 858 859 860 861 862 863 865"
    assert {f"LB{code}" for code in expected.split()} <= codes
    with pytest.raises(StudyError, match="no price base"):
        appraise_project(replace(project, price=None), effects)
    with pytest.raises(StudyError, match="no exchange rate of KRW in 2018"):
        appraise_project(project, effects)
    with pytest.raises(StudyError, match="opens in 2010") as other:
        appraise_project(
            replace(project, opening_year=2010, works=(), discount_rates={}, estimates=project.estimates[:1]),
            replace(effects, traffic={("line", "teu_km"): Traffic(np.nan, 1.0)}),
        )
    assert {"LB852", "LB854", "LB857", "LB859", "LB863"} <= {problem.code for problem in other.value.problems}
