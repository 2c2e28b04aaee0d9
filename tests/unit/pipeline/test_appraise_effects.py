"""Effects of a project are differences of two runs: worked by hand from the runs' own arrays."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.appraisal.appraise import growth, served_share
from landbridge.appraisal.assemble import StudyProject
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.money import Money, Price
from landbridge.core.problems import StudyError
from landbridge.pipeline.appraise import Runs as StudyRuns
from landbridge.pipeline.appraise import appraise, compared, projects_of, standings
from landbridge.pipeline.appraise_effects import (
    at_least_cost,
    co2_tonnes,
    effects_of,
    least_cost_gain,
    mean_growth,
    other_operators,
    pair_gains,
    place_units,
    with_stated,
)
from landbridge.pipeline.loads import charges_collected
from landbridge.pipeline.outcome import Outcome
from landbridge.study.model import Study
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("island-canal")


@pytest.fixture(scope="module")
def runs(study: Study) -> StudyRuns:
    return StudyRuns(study)


@pytest.fixture(scope="module")
def item(study: Study) -> StudyProject:
    return projects_of(study).named("midland-railway")


@pytest.fixture(scope="module")
def pair(runs: StudyRuns, item: StudyProject) -> tuple[Outcome, Outcome]:
    return compared(runs, item)


@pytest.fixture(scope="module")
def effects(study: Study, runs: StudyRuns, item: StudyProject, pair: tuple[Outcome, Outcome]) -> ProjectEffects:
    return effects_of(runs.base, *pair, item, money=projects_of(study).money)


def test_users_gain_the_area_of_a_trapezium_pair_by_pair(pair: tuple[Outcome, Outcome]) -> None:
    gains = pair_gains(*pair)
    total = 0.0
    before, after = pair
    classes, zones, _ = before.teu.shape
    for k in range(classes):
        for i in range(zones):
            for j in range(zones):
                if i != j and before.teu[k, i, j] + after.teu[k, i, j] > 0:
                    saved = (
                        before.freight.choice.composite_usd_per_teu[k, i, j]
                        - after.freight.choice.composite_usd_per_teu[k, i, j]
                    )
                    total += 0.5 * (before.teu[k, i, j] + after.teu[k, i, j]) * saved
    assert gains.sum() == pytest.approx(total, rel=1e-12)
    assert np.trace(gains.sum(0)) == 0.0, "a zone's traffic with itself is not on the network"


def test_gains_of_economies_add_up_to_those_of_pairs(effects: ProjectEffects, pair: tuple[Outcome, Outcome]) -> None:
    assert sum(effects.user_benefit_usd.values()) == pytest.approx(float(pair_gains(*pair).sum()), rel=1e-12)


def test_a_project_compared_with_itself_does_nothing(
    study: Study, runs: StudyRuns, item: StudyProject, pair: tuple[Outcome, Outcome]
) -> None:
    same = effects_of(runs.base, pair[1], pair[1], item, money=projects_of(study).money)
    assert sum(abs(usd) for usd in same.user_benefit_usd.values()) == 0.0
    assert same.other_operators_usd == {}
    assert same.co2_change_t == 0.0
    assert all(units.without == units.with_project for units in same.traffic.values())


def test_swapping_the_runs_turns_every_sign(
    study: Study, runs: StudyRuns, item: StudyProject, pair: tuple[Outcome, Outcome], effects: ProjectEffects
) -> None:
    """The rule of a half is symmetric: tearing a railway down costs what building it gives."""
    back = effects_of(runs.base, pair[1], pair[0], item, money=projects_of(study).money)
    for economy, usd in effects.user_benefit_usd.items():
        assert back.user_benefit_usd[economy] == pytest.approx(-usd)
    assert back.co2_change_t == pytest.approx(-effects.co2_change_t)


def test_line_of_known_length_carries_its_load_times_its_length(runs: StudyRuns, pair: tuple[Outcome, Outcome]) -> None:
    """240 km in one link, so TEU-km are 240 times the TEU in both directions."""
    teu = place_units(runs.base, pair[1].loads, "midland-line", "teu")
    assert teu > 0.0
    assert place_units(runs.base, pair[1].loads, "midland-line", "teu_km") == pytest.approx(240.0 * teu)
    assert place_units(runs.base, pair[0].loads, "midland-line", "teu_km") == 0.0, "it is not there without it"


def test_what_does_not_fit_gains_nothing(item: StudyProject, effects: ProjectEffects) -> None:
    """A line of half the run's TEU-km serves half of it in the run's year, and less as the flow grows."""
    flow = effects.traffic["midland-line", "teu_km"].with_project
    narrow = replace(item.project, revenue=(replace(item.project.revenue[0], capacity=0.5 * flow),))
    years = np.array([effects.year, effects.year + 5])
    more = growth(effects, years)
    assert served_share(narrow, effects, years) == pytest.approx(0.5 / more)
    assert (served_share(item.project, effects, years) == 1.0).all(), "no capacity is stated"
    assert (served_share(narrow, replace(effects, stated=True), years) == 1.0).all(), "stated gains are final"


def test_places_joined_by_plus_are_added_up(runs: StudyRuns, pair: tuple[Outcome, Outcome]) -> None:
    loads = pair[1].loads
    apart = [place_units(runs.base, loads, name, "teu") for name in ("eastern-line", "western-line")]
    assert place_units(runs.base, loads, "eastern-line+western-line", "teu") == pytest.approx(sum(apart))


def test_charges_of_others_are_transfers_and_their_change_is_counted_once(
    runs: StudyRuns, item: StudyProject, study: Study, pair: tuple[Outcome, Outcome]
) -> None:
    """With the canal: its tolls are paid by users (in composite costs) and gained by their earner."""
    canal = runs.outcome(study.standing("canal"), "canal")
    found = other_operators(runs.base, pair[0], canal, item.project)
    after = charges_collected(runs.base.ground, canal.freight, canal.loads.arcs)
    before = charges_collected(runs.base.ground, pair[0].freight, pair[0].loads.arcs)
    assert sum(found.values()) == pytest.approx(1e6 * (sum(after.values()) - sum(before.values())), rel=1e-9)
    assert sum(found.values()) > 0.0, "the canal earns tolls"
    (economy, gate), _ = max(after.items(), key=lambda item: item[1])
    line = replace(item.project.revenue[0], place=gate, basis="teu", economy=economy)
    own = other_operators(runs.base, pair[0], canal, replace(item.project, revenue=(line,)))
    assert sum(own.values()) < sum(found.values()), "what the project's own line earns is not counted again"


def test_gain_at_least_cost_is_the_limit_of_alike_shippers(runs: StudyRuns, pair: tuple[Outcome, Outcome]) -> None:
    """One pair by hand: the cheapest corridor before less the cheapest after, times the mean of the trips."""
    base = runs.base
    total = 0.0
    before, after = pair
    for k, i, j in np.ndindex(before.teu.shape):
        if i == j:
            continue
        least = []
        for outcome in pair:
            found = outcome.freight.alternatives
            costs = found.generalised_usd_per_teu[:, :, k, i, j] + base.ground.constants
            least.append(sum(s.weight * row.min() for s, row in zip(found.seasons, costs, strict=True)))
        if np.isfinite(least).all():
            total += 0.5 * (before.teu[k, i, j] + after.teu[k, i, j]) * (least[0] - least[1])
    assert least_cost_gain(base, *pair) == pytest.approx(total)
    assert total > 0.0


def test_co2_is_grams_times_containers(pair: tuple[Outcome, Outcome], effects: ProjectEffects) -> None:
    outcome = pair[0]
    kg = outcome.freight.mean("co2_kg_per_teu")
    apart = ~np.eye(outcome.teu.shape[-1], dtype=bool)
    assert co2_tonnes(outcome) == pytest.approx(float((outcome.teu * kg)[:, apart].sum()) / 1000.0)
    assert effects.co2_change_t == pytest.approx(co2_tonnes(pair[1]) - co2_tonnes(pair[0]))


def test_growth_of_a_single_pair_is_the_mean_of_its_two_economies(runs: StudyRuns) -> None:
    inputs = runs.base.ground.inputs
    rates = runs.base.ground.study.tables["economies"].number("growth_percent_per_year") / 100.0
    weight = np.zeros_like(runs.base.teu)
    weight[0, 0, -1] = 7.0
    first, last = inputs.zone_economy[0], inputs.zone_economy[-1]
    assert mean_growth(runs.base, weight) == pytest.approx(0.5 * (rates[first] + rates[last]))


def test_growth_runs_early_then_late_then_stays() -> None:
    effects = ProjectEffects(
        year=2017,
        price=Price("USD", 2017),
        growth_per_year=0.01,
        growth_until=2030,
        early_growth_per_year=0.05,
        early_growth_until=2020,
    )
    found = growth(effects, np.array([2016, 2017, 2019, 2020, 2021, 2030, 2050]))
    late = 1.05**3 * 1.01**10
    assert found == pytest.approx([1 / 1.05, 1.0, 1.05**2, 1.05**3, 1.05**3 * 1.01, late, late])


def test_what_is_stated_beside_a_run_comes_out_as_stated_in_its_year() -> None:
    run = ProjectEffects(year=2017, price=Price("USD", 2017), growth_per_year=0.02, user_benefit_usd={"KOR": 1e6})
    beside = ProjectEffects(
        year=2030,
        price=Price("USD", 2018),
        traffic={("line", "t"): Traffic(1e6, 5e6)},
        user_benefit_usd={"KOR": 2e6},
        stated_parts=("coal",),
    )
    money = Money({}, {("USD", 2017): 100.0, ("USD", 2018): 110.0})
    both = with_stated(run, beside, money=money)
    later = growth(both, np.array([2030]))[0]
    assert both.traffic["line", "t"].with_project * later == pytest.approx(5e6)
    assert both.beside_benefit_usd["KOR"] * later == pytest.approx(2e6 / 1.1), "in money of 2017"
    assert both.user_benefit_usd["KOR"] == 1e6


def test_a_ban_lifted_refuses_the_rule_of_a_half_and_takes_the_equivalent_variation(
    study: Study, runs: StudyRuns, item: StudyProject
) -> None:
    out_of_ban = replace(item, scenario="peace", compared_with="baseline")
    pair = compared(runs, out_of_ban)
    money = projects_of(study).money
    with pytest.raises(StudyError, match="LB866") as refused:
        effects_of(runs.base, *pair, out_of_ban, money=money)
    assert 'measure = "welfare"' in str(refused.value)
    by_welfare = replace(out_of_ban, project=replace(item.project, measures=("welfare",)))
    effects = effects_of(runs.base, *pair, by_welfare, money=money)
    spending = pair[1].equilibrium.baseline_spending
    gain = spending * (pair[1].equilibrium.real_income_change - pair[0].equilibrium.real_income_change)
    assert sum(effects.welfare_usd.values()) == pytest.approx(1e6 * float(gain.sum()))
    assert effects.user_benefit_usd == {}


def test_unknown_place_and_tonnes_without_a_statement_are_told_at_once(
    study: Study, runs: StudyRuns, item: StudyProject, pair: tuple[Outcome, Outcome]
) -> None:
    line = item.project.revenue[0]
    wrong = replace(
        item,
        project=replace(item.project, revenue=(replace(line, place="midlan-line"), replace(line, basis="t"))),
    )
    with pytest.raises(StudyError) as refused:
        effects_of(runs.base, *pair, wrong, money=projects_of(study).money)
    assert len(refused.value.problems) == 2


def test_measures_that_are_the_project_may_stand_for_a_scenario(study: Study, item: StudyProject) -> None:
    named = standings(study, item)
    listed = standings(study, replace(item, scenario="", compared_with="", adds=("railway", "fast-borders")))
    assert [set(part) for part in named] == [set(part) for part in listed]


def test_nothing_different_is_refused(study: Study, item: StudyProject) -> None:
    with pytest.raises(StudyError, match="LB868"):
        standings(study, replace(item, scenario="baseline", compared_with="baseline"))


def test_public_appraise_is_the_same_with_runs_at_hand(study: Study, pair: tuple[Outcome, Outcome]) -> None:
    made, given = appraise(study, "midland-railway"), appraise(study, "midland-railway", pair)
    assert made.main.npv == pytest.approx(given.main.npv, rel=1e-12)
    assert not made.effects.stated
    assert appraise(study, "midland-railway", stated=True).effects.stated


def test_cautious_case_shrinks_all_of_the_run_alike(effects: ProjectEffects) -> None:
    users = sum(effects.user_benefit_usd.values())
    half = at_least_cost(effects, 0.5 * users)
    place = ("midland-line", "teu_km")
    assert sum(half.user_benefit_usd.values()) == pytest.approx(0.5 * users)
    assert half.co2_change_t == pytest.approx(0.5 * effects.co2_change_t)
    assert half.traffic[place].with_project == pytest.approx(0.5 * effects.traffic[place].with_project)
    assert at_least_cost(effects, 2.0 * users).user_benefit_usd == effects.user_benefit_usd, "never beyond the run"
    assert sum(at_least_cost(effects, -1.0).user_benefit_usd.values()) == 0.0
