"""The map's projection keeps areas and puts the centre in the middle."""

import json

import numpy as np

from landbridge.figures.maps import Lines, Spot, ground, line_traces, map_figure, spot_trace
from landbridge.figures.projection import EARTH_KM, Projection


def test_the_centre_is_the_origin_and_north_is_up() -> None:
    projection = Projection(60.0, 90.0)
    x, y = projection.forward([60.0, 70.0, 60.0], [90.0, 90.0, 100.0])
    assert abs(x[0]) < 1e-12
    assert abs(y[0]) < 1e-12
    assert abs(x[1]) < 1e-12
    assert y[1] > 0
    assert x[2] > 0


def test_areas_are_those_of_the_sphere() -> None:
    """A cell of one degree has R^2 (sin b - sin a) d-lambda; its projected quadrilateral the same."""
    projection = Projection()
    for latitude, longitude in ((0.5, 60.5), (40.5, 130.5), (75.5, -20.5)):
        south, north, west, east = latitude - 0.5, latitude + 0.5, longitude - 0.5, longitude + 0.5
        along = np.linspace(0, 1, 50)
        lat = np.concatenate([np.full(50, south), south + along, np.full(50, north), north - along])
        lon = np.concatenate([west + along, np.full(50, east), east - along, np.full(50, west)])
        x, y = projection.forward(lat, lon)
        shoelace = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
        r = EARTH_KM / 1000
        exact = r**2 * (np.sin(np.radians(north)) - np.sin(np.radians(south))) * np.radians(1.0)
        assert abs(shoelace / exact - 1) < 2e-4


def test_what_lies_beyond_the_horizon_is_not_drawn() -> None:
    x, _ = Projection().forward([-58.0], [-88.0])
    assert np.isnan(x[0])


def test_a_map_is_plain_data_that_json_accepts() -> None:
    lines = Lines(
        np.array([35.0, 43.0, 43.0, 55.0]),
        np.array([129.0, 132.0, 132.0, 37.0]),
        np.array([0, 2, 4]),
        np.array([500.0, -20_000.0]),
        ["sea", "rail"],
    )
    loads = line_traces("load", lines, "light")
    assert [len(trace["x"]) for trace in loads] == [3, 0, 0, 0, 0]
    changes = line_traces("change", lines, "light")
    assert sum(len(trace["x"]) for trace in changes) == 6
    spots = spot_trace([Spot("Busan", 35.1, 129.0, kind="gate")], "dark")
    figure = map_figure([*loads, *changes, spots], "dark")
    assert json.dumps(figure, allow_nan=False)
    assert len(ground("light")[1]["x"]) > 5_000
