"""Finance plans carried through, against schedules worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.appraisal.finance import FinancePlan, bankability, finance_project
from landbridge.appraisal.loans import Tranche
from landbridge.core.problems import StudyError

EQUITY = Tranche("equity", "equity", 0.3)
LOAN = Tranche("bank", "commercial", 0.7, rate=0.1, grace_years=1, maturity_years=3)
PLAN = FinancePlan("plan", (EQUITY, LOAN), inflation=0.0)
WORKS = np.array([0.0, 100.0, 100.0, 0.0, 0.0, 0.0])
CASH = np.array([0.0, 0.0, 0.0, 120.0, 120.0, 120.0])


def test_schedule_by_hand() -> None:
    """Year 1: need 100; year 2: need 100 + interest 7; loan 70 + 74.9, paid back in years 3 and 4."""
    done = finance_project(PLAN, works=WORKS, cash=CASH, opening=3)
    assert done.draws[1, 1:3].tolist() == pytest.approx([70.0, 74.9])
    assert done.interest[1, 2:5].tolist() == pytest.approx([7.0, 14.49, 7.245])
    assert done.principal[1, 3:5].tolist() == pytest.approx([72.45, 72.45])
    assert done.balance[1, -1] == pytest.approx(0.0, abs=1e-12)
    assert done.cover[3:].tolist() == pytest.approx([120 / 86.94, 120 / 79.695, np.inf])
    assert done.least_cover == pytest.approx(120 / 86.94)
    assert done.loan_life_cover == pytest.approx((120 / 1.1 + 120 / 1.21) / 144.9)
    assert done.equity_flows.tolist() == pytest.approx([0, -30, -32.1, 33.06, 40.305, 120])
    assert done.equity_rate.verdict == "unique"


def test_sources_are_uses_with_fees_and_capitalised_interest() -> None:
    loan = replace(
        LOAN, upfront_fee=0.01, commitment_fee=0.005, construction_interest="capitalised", currency="RUB",
        grace_years=2, maturity_years=9, repayment="annuity",
    )  # fmt: skip
    plan = FinancePlan("plan", (EQUITY, loan), inflation=0.03, depreciation={"RUB": 0.08})
    done = finance_project(plan, works=WORKS, cash=CASH, opening=3)
    assert sum(done.uses.values()) == pytest.approx(sum(done.sources.values()), rel=1e-13)
    assert done.uses["works"] == pytest.approx(100 * 1.03 + 100 * 1.03**2)
    nominal = done.uses["works"]
    assert done.uses["fees"] == pytest.approx(0.7 * (0.01 * nominal + 0.005 * 103.0 * 1.03), rel=1e-12)
    assert done.balance[1, -1] == pytest.approx(0.0, abs=1e-9)


def test_depreciation_makes_a_local_loan_cheaper_in_dollars() -> None:
    loan = replace(LOAN, currency="RUB")
    slid = finance_project(
        replace(PLAN, tranches=(EQUITY, loan), depreciation={"RUB": 0.1}), works=WORKS, cash=CASH, opening=3
    )
    assert slid.principal.sum() < slid.draws[1].sum()


def test_a_tied_loan_is_there_only_if_its_content_is_met() -> None:
    tied = Tranche(
        "EDCF", "concessional", 0.5, rate=0.0005, grace_years=15, maturity_years=40, tied_to="KOR", tied_min_share=0.5,
        fallback="bank",
    )  # fmt: skip
    plan = FinancePlan("plan", (EQUITY, replace(LOAN, share=0.2), tied), inflation=0.0)
    met = finance_project(plan, works=WORKS, cash=CASH, opening=3, content={"KOR": 0.5})
    missed = finance_project(plan, works=WORKS, cash=CASH, opening=3, content={"KOR": 0.49})
    assert met.met["EDCF"]
    assert not missed.met["EDCF"]
    assert [t.name for t in missed.tranches] == ["equity", "bank"]
    assert missed.tranches[1].share == pytest.approx(0.7)
    assert missed.least_cover == pytest.approx(120 / 86.94)
    assert met.cover[3] > missed.cover[3]
    assert met.least_cover == 0.0, "the loan outlives the project's cash"
    assert len(met.cover) == 1 + 40 + 1, "the schedule runs to the last repayment"


def test_rate_and_grant_that_make_it_bankable_do() -> None:
    plan = replace(PLAN, target_cover=1.45)
    answer = bankability(plan, works=WORKS, cash=CASH, opening=3)
    assert answer.highest_rate is not None
    assert answer.grant_share is not None
    at_rate = replace(plan, tranches=(EQUITY, replace(LOAN, rate=answer.highest_rate)))
    grant = Tranche("grant", "grant", answer.grant_share)
    at_grant = replace(plan, tranches=(EQUITY, replace(LOAN, share=0.7 - answer.grant_share), grant))
    for better in (at_rate, at_grant):
        done = finance_project(better, works=WORKS, cash=CASH, opening=3)
        assert done.least_cover == pytest.approx(1.45, abs=1e-6)
    assert "suffices" in answer.note
    assert answer.support_usd == pytest.approx((1.45 * 86.94 - 120) + 0.0, abs=1e-6)


def test_no_cash_is_not_bankable_and_no_debt_needs_nothing() -> None:
    dry = bankability(PLAN, works=WORKS, cash=-CASH, opening=3)
    assert (dry.highest_rate, dry.grant_share) == (None, None)
    assert "no cash" in dry.note
    paid = FinancePlan("own", (Tranche("equity", "equity", 1.0),))
    assert bankability(paid, works=WORKS, cash=CASH, opening=3).grant_share == 0.0
    assert finance_project(paid, works=WORKS, cash=CASH, opening=3).loan_life_cover == np.inf


def test_all_faults_at_once() -> None:
    late = replace(LOAN, name="late", grace_years=12, maturity_years=10, share=1.2)
    tied = replace(LOAN, name="tied", tied_to="KOR", fallback="nobody", share=0.4)
    with pytest.raises(StudyError) as caught:
        finance_project(FinancePlan("plan", (late, tied, tied)), works=np.zeros(4), cash=np.full(5, np.nan), opening=9)
    codes = [problem.code for problem in caught.value.problems]
    for code in ("LB820", "LB823", "LB827", "LB828", "LB829", "LB830", "LB831"):
        assert code in codes


def test_repayment_before_opening_is_refused() -> None:
    with pytest.raises(StudyError, match="before the project opens"):
        finance_project(PLAN, works=np.array([1.0, 1, 1, 1, 0, 0]), cash=np.array([0.0, 0, 0, 0, 9, 9]), opening=4)
