"""The published GMNS example networks are read without change: header, spelling, units and projections as they are."""

from pathlib import Path

import numpy as np
import pytest

from landbridge.core.arrays import Float
from landbridge.formats.coordinates import to_degrees
from landbridge.formats.gmns import read_gmns, write_gmns
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import ROAD, Network
from landbridge.routing.skims import skim

FOLDER = Path(__file__).parent / "gmns"
FOOT_KM = 3.048e-4
EXAMPLES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def straight(network: Network) -> Float:
    lat, lon, links = network.nodes.latitude_deg, network.nodes.longitude_deg, network.links
    return great_circle_km(lat[links.tail], lon[links.tail], lat[links.head], lon[links.head])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_read_and_its_lengths_fit_its_map(name: str, tmp_path: Path) -> None:
    network = read_gmns(FOLDER / name)
    away = straight(network)
    assert np.isfinite(away).all()
    assert (network.links.mode == ROAD).all()
    if name != "lima_dtalite_rows":  # its links join other nodes than in the file
        # a unit mistaken for another one would be out by 3.28 or 5,280
        assert 0.7 < np.median(network.links.km / away) < 1.5
    write_gmns(network, tmp_path)
    again = read_gmns(tmp_path)
    np.testing.assert_array_equal(again.links.km, network.links.km)
    np.testing.assert_allclose(again.links.time_hours, network.links.time_hours, rtol=1e-15)


@pytest.mark.parametrize("name", ["freeway_interchange", "freeway_interchange_of_2020"])
def test_the_interchange_in_both_spellings(name: str) -> None:
    network = read_gmns(FOLDER / name)
    assert len(network.nodes) == 10
    assert len(network.links) == 12
    assert network.links.name.text()[:3].tolist() == ["US3 NB", "R50175", "I95 SB"]
    # the sum of the column of lengths, in feet, though the configuration says that long lengths are miles
    assert network.links.km.sum() == pytest.approx(15_671.7129061 * FOOT_KM)
    ids = [1, 2, 3, 4, 5, 9, 10, 11, 12, 13]
    at = {node: row for row, node in enumerate(ids)}
    hours = skim(network, np.array([at[12], at[1]])).hours[0, 0, 1]
    # 12 - 11 (35 mph) - 10 - 5 - 1 (55 mph)
    feet_35, feet_55 = 779.8103991, 621.3929635 + 639.3739261 + 2193.040865
    assert hours == pytest.approx((feet_35 / 35 + feet_55 / 55) / 5280, rel=1e-9)
    assert np.isinf(skim(network, np.array([at[1], at[12]])).hours[0, 0, 1])  # ramps lead one way


def test_arlington_stands_on_utm_and_its_pavements_lead_both_ways() -> None:
    network = read_gmns(FOLDER / "arlington_signals")
    rows = 27
    both = 13  # sidewalks and crosswalks: directed = 0
    assert len(network.links) == rows + both
    assert len(network.nodes) == 20
    # Massachusetts Avenue and Pleasant Street, Arlington, Massachusetts
    six = 5
    assert network.nodes.latitude_deg[six] == pytest.approx(42.4155, abs=5e-4)
    assert network.nodes.longitude_deg[six] == pytest.approx(-71.1528, abs=5e-4)
    assert network.links.km[2] == pytest.approx(660 * FOOT_KM)
    assert network.links.time_hours[2] == pytest.approx(660 / 5280 / 25)
    assert network.links.name.text()[0] == "Minuteman Bikeway"
    pairs = set(zip(network.links.tail.tolist(), network.links.head.tolist(), strict=True))
    pavement = [(network.links.tail[row], network.links.head[row]) for row in range(14, 27)]
    assert all((head, tail) in pairs for tail, head in pavement)


def test_an_empty_length_is_the_straight_line() -> None:
    network = read_gmns(FOLDER / "cambridge_v090_rows")
    main = 6
    assert network.links.km[main] == pytest.approx(straight(network)[main])
    assert network.links.km[0] == pytest.approx(708 * FOOT_KM)


def test_the_state_plane_of_lima_is_the_degrees_that_its_other_file_gives() -> None:
    # the same centroids in EPSG 3735 (GMNS folder) and in degrees (DTALite folder): less than a metre apart
    x = np.array([1523373, 1523854, 1523354, 1523324, 1514001, 1549142, 1512669.0])
    y = np.array([1003235, 1002765, 1002745, 1002284, 1019473, 981383, 1011350.0])
    latitude, longitude = to_degrees(x, y, 3735)
    np.testing.assert_allclose(
        latitude,
        [40.74332242, 40.74205634, 40.74197707, 40.74071076, 40.78741143, 40.68458606, 40.76505849],
        atol=6e-6,
    )
    np.testing.assert_allclose(
        longitude,
        [-84.10610676, -84.10434144, -84.10614385, -84.10622248, -84.14097992, -84.01182486, -84.14525388],
        atol=6e-6,
    )


def test_feet_of_the_one_lima_are_miles_of_the_other() -> None:
    feet, miles = read_gmns(FOLDER / "lima_rows"), read_gmns(FOLDER / "lima_dtalite_rows")
    # link 1 to 100002: 277 feet there, 0.052462121 miles here
    assert feet.links.km[0] == pytest.approx(277 * FOOT_KM)
    assert miles.links.km[0] == pytest.approx(feet.links.km[0], rel=1e-6)
    assert miles.links.time_hours[0] == pytest.approx(0.052462121 / 25)
    np.testing.assert_array_equal(feet.links.open, np.ones(9, bool))
    assert len(feet.links) == 9  # directed is left empty: one way


def test_the_origin_of_a_cone_is_its_false_easting() -> None:
    # the false easting in feet is the central meridian, the false northing the latitude of origin
    latitude, longitude = to_degrees(np.array([600_000.0 * 3937 / 1200]), np.array([0.0]), 3734)
    assert latitude[0] == pytest.approx(39.0 + 40 / 60, abs=1e-9)
    assert longitude[0] == pytest.approx(-82.5, abs=1e-12)
