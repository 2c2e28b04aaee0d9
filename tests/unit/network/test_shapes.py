"""Shapes: a way on the map runs along its links."""

import numpy as np
import pytest

from landbridge.network.additions import section_edges
from landbridge.network.base import base_network
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import RAIL
from landbridge.network.shapes import path_of, way_on_map


def test_the_way_back_is_the_way_there_reversed() -> None:
    base = base_network()
    half = len(base.links) // 2
    for row in (0, 5_000, half - 1):
        for there, back in zip(path_of(base, row), path_of(base, row + half), strict=True):
            np.testing.assert_array_equal(there, back[::-1])


@pytest.mark.parametrize("places", [((39.01, 125.74), (40.10, 124.40)), ((40.10, 124.40), (39.01, 125.74))])
def test_a_drawn_way_is_hardly_shorter_than_its_links(places: tuple[tuple[float, float], ...]) -> None:
    base = base_network()
    walked = section_edges(base, RAIL, ("KP",), places)
    latitude, longitude = way_on_map(base, walked)
    steps = great_circle_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    drawn, length = float(steps.sum()), float(base.links.km[walked].sum())
    # Thinned to 0.005 degrees, so below; a shape walked from the wrong end would double back and be far above.
    assert 0.9 * length < drawn < 1.01 * length


def test_no_way_has_no_points() -> None:
    base = base_network()
    latitude, longitude = way_on_map(base, np.zeros(0, np.int64))
    assert len(latitude) == len(longitude) == 0
