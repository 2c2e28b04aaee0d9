"""The overlay equals a search on the whole network, whatever measures, closures and costs."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.network.network import ALL_MONTHS
from landbridge.routing.alternatives import OTHER, Constants, Corridor, find_alternatives, load_alternatives
from landbridge.routing.generalised import ArcValues, FreightClass
from landbridge.routing.overlay import Overlay, build_overlay, with_reference
from landbridge.routing.skims import hierarchy_of, skim_graph
from landbridge.routing.states import StateGraph, compile_states

_spec = importlib.util.spec_from_file_location(
    "small_networks", Path(__file__).parents[1] / "unit" / "routing" / "small_networks.py"
)
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

CLASSES = (FreightClass("slow", 100.0, 1.0), FreightClass("fast", 24_000.0, 10.0))
ZONES = np.array([0, 3, 7, 11])
LABELS = tuple(map(str, ZONES))
COLUMNS = ("generalised_usd_per_teu", "hours", "usd_per_teu", "charge_usd_per_teu", "km", "co2_kg_per_teu")
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))


def _case(
    seed: int, n_touched: int, *, co2_usd_per_tonne: float = 0.0
) -> tuple[np.random.Generator, StateGraph, Any, Overlay]:
    rng = np.random.default_rng(seed)
    graph = compile_states(small.random_network(rng), places=ZONES)
    hierarchy = hierarchy_of(graph)
    touched = rng.choice(graph.n_arcs, n_touched, replace=False)
    overlay = build_overlay(
        graph, hierarchy, zones=LABELS, touched=touched, classes=CLASSES, co2_usd_per_tonne=co2_usd_per_tonne
    )
    return rng, graph, hierarchy, overlay


def _measures(rng: np.random.Generator, n: int) -> ArcValues:
    """Random values of the touched arcs: dear, cheap, free, shut, seasonal."""
    return ArcValues(
        hours=rng.choice([0.0, 0.3, 2.0], n) * rng.random(n),
        cost_usd_per_teu=rng.choice([0.0, 1.0, 30.0], n) * rng.random(n),
        charge_usd_per_teu=rng.choice([0.0, 5.0], n) * rng.random(n),
        km=rng.random(n),
        co2_kg_per_teu=rng.random(n),
        months=rng.choice([ALL_MONTHS, 0b111, 0b111111000000], n).astype(np.uint16),
        open=rng.random(n) < 0.7,
    )


@FEW
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_overlay_equals_search_on_the_whole_network(seed: int, n_touched: int) -> None:
    # links may cost nothing, so routes tie and may differ in km: a price of CO2, random on every link, breaks ties
    for price, columns in ((0.0, COLUMNS[:1]), (1000.0, COLUMNS)):
        rng, graph, hierarchy, overlay = _case(seed, n_touched, co2_usd_per_tonne=price)
        values = _measures(rng, n_touched)
        scenario = replace(graph, values=graph.values.with_arcs(overlay.touched, values))
        full = skim_graph(scenario, hierarchy, LABELS, CLASSES, co2_usd_per_tonne=price)
        quick = overlay.skim(values)
        for column in columns:
            np.testing.assert_allclose(getattr(quick, column), getattr(full, column), rtol=1e-9, atol=1e-9)


@FEW
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_no_measure_no_change(seed: int, n_touched: int) -> None:
    _, graph, hierarchy, overlay = _case(seed, n_touched)
    full, quick = skim_graph(graph, hierarchy, LABELS, CLASSES), overlay.skim(overlay.values)
    np.testing.assert_allclose(quick.generalised_usd_per_teu, full.generalised_usd_per_teu, rtol=1e-12)


@FEW
@given(st.integers(0, 10**6))
def test_alternatives_hold_the_best_route_and_respect_the_order_of_corridors(seed: int) -> None:
    rng, graph, hierarchy, overlay = _case(seed, 12)
    values = _measures(rng, 12)
    corridors = [Corridor("first", overlay.touched[:3]), Corridor("second", overlay.touched[2:7])]
    found = find_alternatives(overlay, values, corridors)
    assert found.corridors == ("first", "second", OTHER)
    scenario = graph.values.with_arcs(overlay.touched, values)
    weight = np.array([season.weight for season in found.seasons])
    # closing the gates of the corridors before leaves the best of those after (walks that turn round at a
    # gate are no alternative, and never the best route unless a gate costs nothing)
    for before, shut in ((0, []), (1, overlay.touched[:3]), (2, overlay.touched[:7])):
        closed = scenario.open.copy()
        closed[shut] = False
        rest = replace(graph, values=replace(scenario, open=closed))
        best = skim_graph(rest, hierarchy, LABELS, CLASSES).generalised_usd_per_teu
        least = found.generalised_usd_per_teu[:, before:].min(axis=1)
        year = np.zeros(best.shape)
        for s, part in enumerate(weight):
            year += part * least[s]
        np.testing.assert_allclose(year, best, rtol=1e-9, atol=1e-9)


@FEW
@given(st.integers(0, 10**6))
def test_loads_carry_every_attribute_of_the_alternatives(seed: int) -> None:
    rng, graph, _, overlay = _case(seed, 12, co2_usd_per_tonne=1000.0)
    values = _measures(rng, 12)
    positive = replace(values, cost_usd_per_teu=values.cost_usd_per_teu + 0.01)
    corridors = [Corridor("first", overlay.touched[:3]), Corridor("second", overlay.touched[3:7])]
    found = find_alternatives(overlay, positive, corridors)
    reached = np.isfinite(found.generalised_usd_per_teu) & ~np.eye(len(ZONES), dtype=bool)
    flow = np.where(reached, rng.random(reached.shape), 0.0)
    loads = load_alternatives(overlay, corridors, [(positive, flow)])
    amounts = graph.values.with_arcs(overlay.touched, positive).attributes()
    for x, column in enumerate(COLUMNS[1:]):
        carried = np.where(reached, getattr(found, column), 0.0) * flow
        np.testing.assert_allclose(loads @ amounts[:, x], carried.sum(axis=(0, 1, 3, 4)), rtol=1e-9, atol=1e-9)
    # flow is conserved at every vertex: what leaves less what arrives is what starts less what ends
    for k in range(len(CLASSES)):
        balance = np.zeros(graph.n_vertices)
        np.add.at(balance, graph.tail, loads[k])
        np.add.at(balance, graph.head, -loads[k])
        total = flow[:, :, k].sum(axis=(0, 1))
        expected = np.zeros(graph.n_vertices)
        np.add.at(expected, graph.departs, total.sum(axis=1))
        np.add.at(expected, graph.arrives, -total.sum(axis=0))
        np.testing.assert_allclose(balance, expected, atol=1e-9)


@FEW
@given(st.integers(0, 10**6), st.booleans())
def test_a_reference_changes_no_answer(seed: int, better: bool) -> None:  # noqa: FBT001
    rng, _, _, overlay = _case(seed, 12, co2_usd_per_tonne=1000.0)
    reference = _measures(rng, 12)
    values = _measures(rng, 12)
    if better:
        # cheaper and open wherever the reference is, so that its tables are the start
        cost = reference.cost_usd_per_teu * rng.choice([0.5, 1.0], 12)
        opened = reference.open | (rng.random(12) < 0.5)
        values = replace(reference, cost_usd_per_teu=cost, open=opened)
    corridors = [Corridor("first", overlay.touched[:3]), Corridor("second", overlay.touched[3:6])]
    quick = with_reference(overlay, reference, apart=np.arange(6))
    assert len(quick.references) > 0
    for column in COLUMNS:
        np.testing.assert_allclose(
            getattr(quick.skim(values), column), getattr(overlay.skim(values), column), rtol=1e-9, atol=1e-9
        )
        one, other = (find_alternatives(table, values, corridors) for table in (quick, overlay))
        np.testing.assert_allclose(getattr(one, column), getattr(other, column), rtol=1e-9, atol=1e-9)


@FEW
@given(st.integers(0, 10**6))
def test_a_new_way_takes_the_constant_of_the_used_one_that_it_goes_on_by(seed: int) -> None:
    rng, _, _, overlay = _case(seed, 12, co2_usd_per_tonne=0.0)
    values = _measures(rng, 12)
    corridors = [Corridor(name, overlay.touched[3 * c : 3 * c + 3]) for c, name in enumerate(("new", "b", "c"))]
    constants = Constants(np.array([-48.0, 300.0, -600.0, 0.0]), np.array([True, False, False, False]))
    found = find_alternatives(overlay, values, corridors, constants=constants)
    assert not found.onward_usd_per_teu[:, 1:].any()
    seasons, _, classes, zones, _ = found.generalised_usd_per_teu.shape
    for s, k, i, j in np.ndindex(seasons, classes, zones, zones):
        if i == j or not np.isfinite(found.generalised_usd_per_teu[s, 0, k, i, j]):
            continue
        flow = np.zeros(found.generalised_usd_per_teu.shape)
        flow[s, 0, k, i, j] = 1.0
        arcs = load_alternatives(overlay, corridors, [(values, flow)])[k]
        passed = [bool(arcs[corridor.gates].any()) for corridor in corridors]
        expected = 348.0 if passed[1] else -552.0 if passed[2] else 0.0
        assert found.onward_usd_per_teu[s, 0, k, i, j] == expected
