"""What must hold for every stream, project and plan: scaling, shifting, splitting, adding up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.finance import FinancePlan, finance_project
from landbridge.appraisal.loans import Tranche, service
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Estimate, Project, Revenue, Upkeep, Works
from landbridge.appraisal.worth import internal_rates, net_present_value

MONEY_AMOUNT = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
STREAM = st.lists(MONEY_AMOUNT, min_size=2, max_size=40)
RATE = st.floats(0.0, 0.3)
USD = Price("USD", 2018)


@given(STREAM, RATE, st.floats(-5, 5))
def test_scaling_money_scales_npv(flows: list[float], rate: float, factor: float) -> None:
    plain = net_present_value(flows, rate)
    assert net_present_value(factor * np.array(flows), rate) == pytest.approx(factor * plain, rel=1e-9, abs=1e-6)


@given(STREAM, RATE, st.integers(0, 9))
def test_moving_the_base_year_multiplies_npv(flows: list[float], rate: float, years: int) -> None:
    moved = net_present_value([*[0.0] * years, *flows], rate)
    assert moved == pytest.approx(net_present_value(flows, rate) * (1 + rate) ** -years, rel=1e-9, abs=1e-6)


@given(STREAM, RATE, st.integers(0, 39))
def test_splitting_a_stream_adds_up(flows: list[float], rate: float, cut: int) -> None:
    first = np.where(np.arange(len(flows)) < cut, flows, 0.0)
    parts = net_present_value(first, rate) + net_present_value(np.array(flows) - first, rate)
    assert parts == pytest.approx(net_present_value(flows, rate), rel=1e-9, abs=1e-5)


@given(st.lists(st.floats(1, 1e4), min_size=1, max_size=5), st.lists(st.floats(1, 1e4), min_size=2, max_size=40))
def test_costs_then_benefits_have_one_rate_that_makes_npv_zero(costs: list[float], gains: list[float]) -> None:
    flows = np.array([*(-c for c in costs), *gains])
    found = internal_rates(flows)
    if found.rate is not None:
        assert net_present_value(flows, found.rate) == pytest.approx(0.0, abs=1e-6 * np.abs(flows).sum() * 50)
    assert found.verdict != "multiple"


def made(shares: tuple[float, ...], tax: float, factor: float, tariff: float, residual: float) -> Project:
    """Return a project with works in the first years and random parts."""
    total = sum(shares)
    return Project(
        id="p", title="p", sponsor="A", price=USD, base_year=2018, opening_year=2018 + len(shares), life_years=12,
        estimates=(Estimate("w", "e", 50.0, 100.0, 300.0, USD, chosen=True),),
        works=tuple(Works("w", 2018 + i, s / total, "B", tax, factor) for i, s in enumerate(shares)),
        upkeep=(Upkeep("u", "C", works_share=0.02, tax_share=tax, conversion_factor=factor),),
        revenue=(Revenue("r", "x", "teu", tariff, "A", 2018, operating_cost=tariff / 3),),
        ramp_up=(0.4, 0.7), residual_share=residual, discount_rates={"r": 0.06}, co2_usd_per_t={2018: 30.0},
    )  # fmt: skip


PARTS = st.tuples(
    st.lists(st.floats(0.05, 1), min_size=1, max_size=5).map(tuple),
    st.floats(0, 0.4), st.floats(0.3, 1.5), st.floats(0, 200), st.floats(0, 0.5),
)  # fmt: skip
GAINS = st.dictionaries(st.sampled_from("ABCDE"), st.floats(-5e7, 5e7), max_size=5)


@settings(max_examples=60)
@given(PARTS, GAINS, st.sampled_from(["users", "welfare"]), st.sampled_from(["inside", "outside"]))
def test_gains_over_all_parties_are_the_total(
    parts: tuple[tuple[float, ...], float, float, float, float], gains: dict[str, float], measure: str, where: str
) -> None:
    effects = ProjectEffects(
        2020,
        USD,
        {("x", "teu"): Traffic(1e4, 5e4)},
        gains,
        {"A": 1.0, **gains},
        where == "inside",
        {"E": -1e6},
        -900.0,
        0.02,
    )
    done = appraise_project(replace(made(*parts), measures=(measure,)), effects)
    total = done.main.npv
    scale = 1e-9 * max(1e8, abs(total))
    assert sum(done.main.gains_by_party.values()) == pytest.approx(total, abs=scale)
    assert sum(done.main.gains_by_economy.values()) == pytest.approx(total, abs=scale)
    taxes = sum(line.usd.sum() for line in done.ledger.lines if line.role == "government")
    assert taxes >= 0.0


@settings(max_examples=40)
@given(PARTS, st.floats(0.1, 0.9))
def test_a_project_cut_in_two_adds_up(parts: tuple[tuple[float, ...], float, float, float, float], cut: float) -> None:
    whole = made(*parts)
    effects = ProjectEffects(2020, USD, {("x", "teu"): Traffic(0.0, 5e4)}, {"A": 2e7}, co2_change_t=-900.0)

    def share(part: float) -> float:
        project = replace(
            whole, estimates=(Estimate("w", "e", 50.0 * part, 100.0 * part, 300.0 * part, USD, chosen=True),)
        )
        some = ProjectEffects(
            2020, USD, {("x", "teu"): Traffic(0.0, 5e4 * part)}, {"A": 2e7 * part}, co2_change_t=-900.0 * part
        )
        return appraise_project(project, some).main.npv

    total = appraise_project(whole, effects).main.npv
    assert share(cut) + share(1.0 - cut) == pytest.approx(total, rel=1e-9, abs=1.0)


@given(st.floats(0, 0.2), st.integers(0, 15), st.integers(1, 30), st.sampled_from(["annuity", "equal_principal"]))
def test_every_loan_is_paid_back_and_is_worth_its_face_at_its_own_rate(
    rate: float, grace: int, more: int, repayment: str
) -> None:
    loan = Tranche(
        "l", "commercial", 1.0, rate=rate, grace_years=grace, maturity_years=grace + more, repayment=repayment
    )
    interest, principal = service(loan, loan=100.0)
    assert principal.sum() == pytest.approx(100.0)
    assert net_present_value(interest + principal, rate) == pytest.approx(100.0)


@settings(max_examples=25)
@given(
    st.floats(0, 0.15), st.floats(0.05, 0.95), st.floats(0, 0.02), st.floats(0, 0.1),
    st.sampled_from(["financed", "capitalised"]), st.floats(0.1, 100),
)  # fmt: skip
def test_sources_are_uses_and_money_scales(
    rate: float, share: float, fee: float, slide: float, interest: str, factor: float
) -> None:
    loan = Tranche(
        "l", "commercial", share, "X", rate, fee, fee / 2, grace_years=3, maturity_years=9,
        construction_interest=interest,
    )  # fmt: skip
    plan = FinancePlan("p", (loan, Tranche("e", "equity", 1.0 - share)), depreciation={"X": slide})
    works, cash = np.array([0.0, 30.0, 50.0, 20.0, *[0.0] * 12]), np.r_[np.zeros(4), np.full(12, 25.0)]
    one = finance_project(plan, works=works, cash=cash, opening=4)
    assert sum(one.uses.values()) == pytest.approx(sum(one.sources.values()))
    assert one.balance[:, -1] == pytest.approx(0.0, abs=1e-8)
    many = finance_project(plan, works=factor * works, cash=factor * cash, opening=4)
    assert many.least_cover == pytest.approx(one.least_cover)
    assert many.loan_life_cover == pytest.approx(one.loan_life_cover)


@given(st.floats(0.1, 5e3), st.floats(0.1, 5e3), st.floats(0.1, 500), st.floats(0.1, 500))
def test_money_there_and_back_is_the_same(e1: float, e2: float, p1: float, p2: float) -> None:
    money = Money({("KRW", 2010): e1, ("KRW", 2018): e2}, {("USD", 2010): p1, ("USD", 2018): p2})
    of, to = Price("KRW", 2010), Price("USD", 2018)
    there, back = money.factor(of, to), money.factor(to, of, order="inflate_first")
    assert there * back == pytest.approx(1.0), "exchange first there is inflate first back"
