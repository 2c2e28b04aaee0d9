"""Loan schedules and grant elements against closed forms."""

import numpy as np
import pytest

from landbridge.appraisal.loans import (
    Tranche,
    arrangement_notes,
    grant_element,
    grant_element_of,
    repayments,
    service,
)
from landbridge.core.problems import StudyError

EDCF = Tranche(
    "EDCF", "concessional", 1.0, rate=0.0005, grace_years=15, maturity_years=40, payments_per_year=2,
    tied_to="KOR", tied_min_share=0.5, fallback="bank",
)  # fmt: skip


def test_terms_of_korea_edcf() -> None:
    """0.05 %, 40 years, 15 grace, at 9 %: 88.5 % (half-yearly payments)."""
    assert round(grant_element_of(EDCF, discount=0.09), 1) == 88.5


@pytest.mark.parametrize(("rate", "grace", "maturity", "discount"), [(0.0075, 10, 40, 0.1), (0.02, 5, 25, 0.07)])
def test_grant_element_formula_is_the_present_value_of_the_service(
    rate: float, grace: int, maturity: int, discount: float
) -> None:
    loan = Tranche("loan", "concessional", 1.0, rate=rate, grace_years=grace, maturity_years=maturity)
    interest, principal = service(loan, loan=1.0)
    present = ((interest + principal) * (1 + discount) ** -np.arange(maturity + 1.0)).sum()
    formula = grant_element(rate, grace_years=grace, maturity_years=maturity, discount=discount, payments_per_year=1)
    assert formula == pytest.approx(100 * (1 - present), abs=1e-10)


def test_a_loan_at_the_discount_rate_gives_nothing() -> None:
    for repayment in ("annuity", "equal_principal"):
        loan = Tranche("loan", "commercial", 1.0, rate=0.09, grace_years=5, maturity_years=18, repayment=repayment)
        assert grant_element_of(loan, discount=0.09) == pytest.approx(0.0, abs=1e-12)
    assert grant_element_of(Tranche("grant", "grant", 1.0), discount=0.09) == 100.0
    assert grant_element_of(Tranche("equity", "equity", 1.0), discount=0.09) == 0.0


def test_annuity_pays_the_same_every_year_and_ends_at_zero() -> None:
    loan = Tranche("loan", "commercial", 1.0, rate=0.05, grace_years=3, maturity_years=13, repayment="annuity")
    interest, principal = service(loan, loan=200.0)
    paid = (interest + principal)[4:]
    assert paid == pytest.approx(np.full(10, 200 * 0.05 / (1 - 1.05**-10)))
    assert principal.sum() == pytest.approx(200.0)
    assert interest[1:4] == pytest.approx(10.0)
    assert principal[:4].sum() == 0.0
    assert repayments(100.0, 0.0, 4, repayment="annuity").tolist() == [25.0] * 4


def test_arrangement_is_named_where_aid_rules_do_not_reach() -> None:
    assert "Export Credits governs" in arrangement_notes([EDCF], "not_eligible")[0]
    assert "meets the 35 %" in arrangement_notes([EDCF], "low")[0]
    weak = Tranche(
        "weak", "concessional", 1.0, rate=0.05, grace_years=2, maturity_years=12, tied_to="KOR", fallback="x"
    )
    assert "does not meet the 50 %" in arrangement_notes([weak], "least_developed")[0]
    assert arrangement_notes([Tranche("untied", "commercial", 1.0, rate=0.1, maturity_years=9)], "low") == ()


def test_all_faults_of_a_loan_at_once() -> None:
    bad = Tranche(
        "bad", "commercial", 1.4, rate=5.0, upfront_fee=-1, grace_years=12, maturity_years=10, tied_to="KOR",
        tied_min_share=50,
    )  # fmt: skip
    codes = sorted(problem.code for problem in bad.faults())
    assert codes == ["LB820", "LB820", "LB821", "LB821", "LB823", "LB825"]
    assert "never repays" in Tranche("l", "commercial", 1.0, rate=0.05).faults()[0].message
    assert "paid back" in Tranche("g", "grant", 1.0, rate=0.05).faults()[0].message
    with pytest.raises(StudyError, match="no repayment within the maturity"):
        grant_element(0.01, grace_years=40, maturity_years=40)
    with pytest.raises(StudyError, match="discount above 0"):
        grant_element(0.01, grace_years=4, maturity_years=40, discount=0.0)
