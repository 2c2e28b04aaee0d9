"""Shapes: a way on the map runs along its links."""

import numpy as np
import pytest

from landbridge.network.additions import section_edges
from landbridge.network.base import base_network
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import RAIL
from landbridge.network.shapes import base_shapes, way_on_map


def test_every_line_has_a_count() -> None:
    assert len(base_shapes().first) - 1 == len(base_network().links) // 2


@pytest.mark.parametrize("places", [((39.01, 125.74), (40.10, 124.40)), ((40.10, 124.40), (39.01, 125.74))])
def test_a_drawn_way_is_hardly_shorter_than_its_links(places: tuple[tuple[float, float], ...]) -> None:
    base = base_network()
    walked = section_edges(base, RAIL, ("KP",), places)
    latitude, longitude = way_on_map(base.nodes, base.links, walked)
    steps = great_circle_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    drawn, length = float(steps.sum()), float(base.links.km[walked].sum())
    # Thinned to 0.005 degrees, so below; a shape walked from the wrong end would double back and be far above.
    assert 0.9 * length < drawn < 1.01 * length


def test_no_way_has_no_points() -> None:
    base = base_network()
    latitude, longitude = way_on_map(base.nodes, base.links, np.zeros(0, np.int64))
    assert len(latitude) == len(longitude) == 0
