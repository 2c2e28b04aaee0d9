"""What it means to go by a line, a crossing or a place, and where the legs of a route are drawn."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.core.problems import InfeasibleError, StudyError
from landbridge.network.base import base_network, world_network
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import Network
from landbridge.network.shapes import runs_on_base
from landbridge.routing.routes import RouteConditions, route

_spec = importlib.util.spec_from_file_location("small_networks", Path(__file__).with_name("small_networks.py"))
assert _spec is not None
assert _spec.loader is not None
small: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)


def _two_lines(*, built: bool = True) -> Network:
    """A line of 1435 mm from 0 over 1 to 2, 2 hours; beside it one of 1520 mm by 3 that is called 'new', 10 hours."""
    old, wide = {"mode": "rail", "gauge": 1435}, {"mode": "rail", "gauge": 1520, "name": "new", "open": built}
    links = small.both_ways((0, 1, 1.0, old), (1, 2, 1.0, old), (1, 3, 5.0, wide), (3, 2, 5.0, wide))
    changes = [
        (node, "rail", a, "rail", b, 0.1, {"name": "new"}) for node in (1, 2) for a, b in ((1435, 1520), (1520, 1435))
    ]
    return small.make_network(4, links, changes)


def test_to_change_gauge_where_a_line_begins_is_not_to_go_by_it() -> None:
    network = _two_lines()
    assert route(network, "0", "2")[0].hours == 2.0
    by_line = route(network, "0", "2", conditions=RouteConditions(via=("new",)))[0]
    # 1 hour to the line, the transfer to its gauge, both halves of it; the two transfers alone would be 2.2
    assert by_line.hours == pytest.approx(1.0 + 0.1 + 5.0 + 5.0)
    assert any("new" in leg.passes for leg in by_line.legs if leg.mode == "rail")
    with pytest.raises(InfeasibleError, match="new"):
        route(_two_lines(built=False), "0", "2", conditions=RouteConditions(via=("new",)))


def test_a_place_is_passed_by_calling_at_it() -> None:
    by_place = route(_two_lines(), "0", "2", conditions=RouteConditions(via=("3",)))[0]
    assert by_place.hours == pytest.approx(11.1)
    with pytest.raises(StudyError, match="names no crossing"):
        route(_two_lines(), "0", "2", conditions=RouteConditions(via=("nowhere",)))


def test_a_crossing_is_passed_along_its_tracks() -> None:
    found = route(world_network(), "Busan", "Moscow", conditions=RouteConditions(via=("Manzhouli-Zabaikalsk",)))[0]
    rails = [leg for leg in found.legs if leg.mode == "rail"]
    assert any("Manzhouli-Zabaikalsk" in leg.passes for leg in rails)


def test_legs_are_drawn_along_the_tracks_and_lanes() -> None:
    found = route(world_network(), "Shanghai", "Moscow")[0]
    for leg in found.legs:
        if leg.mode == "rail":
            latitude, longitude = np.array(leg.points).T
            drawn = great_circle_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:]).sum()
            # tracks are thinned to 0.005 degrees and trunk lengths brought to published ones: a little below
            assert 0.85 * leg.km < drawn < 1.01 * leg.km
    inner = {point for leg in found.legs for point in leg.points}
    nodes = base_network().nodes
    places = set(zip(nodes.latitude_deg.tolist(), nodes.longitude_deg.tolist(), strict=True))
    assert len(inner - places) > 100  # points between the nodes


def test_only_what_grew_from_the_base_has_its_shapes() -> None:
    base = base_network()
    assert runs_on_base(base)
    assert runs_on_base(world_network())
    assert not runs_on_base(_two_lines())
    turned = Network(base.nodes, base.links.take(np.arange(len(base.links))[::-1]), base.transfers)
    assert not runs_on_base(turned)
