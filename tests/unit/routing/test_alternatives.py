"""Corridor alternatives on a network whose routes can be counted by hand."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.routing.alternatives import Alternatives, Corridor, find_alternatives, load_alternatives
from landbridge.routing.generalised import FreightClass
from landbridge.routing.overlay import Overlay, build_overlay
from landbridge.routing.skims import hierarchy_of
from landbridge.routing.states import compile_states

_spec = importlib.util.spec_from_file_location("small_networks", Path(__file__).with_name("small_networks.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

HOUR = FreightClass("hour", 2400.0, 1.0)  # 1 USD per TEU and hour
NORTH, SOUTH, BRIDGE = 1, 4, 5
LINKS = (
    (0, 1, 1.0),
    (1, 2, 2.0),  # gate of the north
    (2, 5, 1.0),
    (0, 3, 2.0),
    (3, 4, 2.0),  # gate of the south
    (2, 3, 1.0),  # from the north to the south
    (4, 5, 2.0),
    (0, 5, 20.0),  # no gate
)


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Overlay:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    graph = compile_states(small.make_network(6, LINKS), places=np.array([0, 5]))
    gates = np.array([NORTH, SOUTH, BRIDGE])
    further = np.arange(8.0)[:, None]
    return build_overlay(graph, hierarchy_of(graph), zones=("a", "b"), touched=gates, classes=[HOUR], further=further)


def _find(overlay: Overlay, *order: tuple[str, int]) -> Alternatives:
    corridors = [Corridor(name, np.array([gate])) for name, gate in order]
    return find_alternatives(overlay, overlay.values, corridors)


def test_each_corridor_has_its_best_route_and_the_rest_its_own(overlay: Overlay) -> None:
    found = _find(overlay, ("north", NORTH), ("south", SOUTH))
    assert found.hours[0, :, 0, 0, 1].tolist() == [4.0, 6.0, 20.0]
    assert found.generalised_usd_per_teu[0, :, 0, 0, 1].tolist() == [4.0, 6.0, 20.0]


def test_a_route_that_passes_both_belongs_to_the_first(overlay: Overlay) -> None:
    # dear way out of the north: its best route goes on over the south's gate (1 + 2 + 1 + 2 + 2 = 8)
    values = overlay.graph.values
    hours = values.hours.copy()
    hours[2] = 9.0
    from dataclasses import replace

    graph = replace(overlay.graph, values=replace(values, hours=hours))
    dear = build_overlay(graph, hierarchy_of(graph), zones=("a", "b"), touched=overlay.touched, classes=[HOUR])
    assert _find(dear, ("north", NORTH), ("south", SOUTH)).hours[0, :, 0, 0, 1].tolist() == [8.0, 6.0, 20.0]
    # with the south first, the route over both gates is the south's, and the north is left its dear way
    assert _find(dear, ("south", SOUTH), ("north", NORTH)).hours[0, :, 0, 0, 1].tolist() == [6.0, 12.0, 20.0]


def test_a_route_does_not_cross_a_gate_to_turn_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    links = small.both_ways((0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0))
    graph = compile_states(small.make_network(4, links), places=np.array([0, 3]))
    overlay = build_overlay(graph, hierarchy_of(graph), zones=("a", "b"), touched=np.array([2, 3]), classes=[HOUR])
    found = find_alternatives(overlay, overlay.values, [Corridor("dead end", np.array([2, 3]))])
    assert np.isinf(found.hours[0, 0, 0, 0, 1])
    assert found.hours[0, 1, 0, 0, 1] == 2.0


def test_loads_by_hand(overlay: Overlay) -> None:
    corridors = [Corridor("north", np.array([NORTH])), Corridor("south", np.array([SOUTH]))]
    flow = np.zeros((1, 3, 1, 2, 2))
    flow[0, :, 0, 0, 1] = [70.0, 20.0, 10.0]
    loads = load_alternatives(overlay, corridors, [(overlay.values, flow)])
    assert loads[0].tolist() == [70.0, 70.0, 70.0, 20.0, 20.0, 0.0, 20.0, 10.0]
    with pytest.raises(StudyError, match="no such route"):
        load_alternatives(overlay, corridors, [(overlay.values, np.ones((1, 3, 1, 2, 2)))])


def test_further_amounts_follow_the_routes(overlay: Overlay) -> None:
    # further amount of link a is a: north takes links 0, 1, 2, south 3, 4, 6, the rest 7
    assert _find(overlay, ("north", NORTH), ("south", SOUTH)).further[0, 0, :, 0, 0, 1].tolist() == [3.0, 13.0, 7.0]


def test_gates_must_be_touched_and_names_differ(overlay: Overlay) -> None:
    with pytest.raises(StudyError, match="LB347"):
        _find(overlay, ("north", 0))
    with pytest.raises(StudyError, match="LB347"):
        _find(overlay, ("north", NORTH), ("north", SOUTH))
