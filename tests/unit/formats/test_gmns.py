"""GMNS folders: the published layout is read as it is, and what is written comes back the same."""

import json
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.core.coded import Coded
from landbridge.core.problems import StudyError
from landbridge.formats.coordinates import to_degrees
from landbridge.formats.geojson import line_geometry, write_geojson
from landbridge.formats.gmns import read_gmns, write_gmns
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import ALL_MONTHS, RAIL, ROAD, SEA, Links, Network, Nodes, Transfers

CONFIG = """dataset_name,short_length,long_length,speed,crs,geometry_field_format,currency,version_number,id_type
Example,foot,mile,mph,4326,wkt,US cents,0.96,integer
"""
NODE = """node_id,name,x_coord,y_coord,z_coord,node_type,ctrl_type,zone_id,parent_node_id,notes
5,,-71.2166,42.4776,,diverge,,,,
1,West end,-71.2227,42.4810,,external,,,,"a note, with comma"
12,,-71.2095,42.4796,,diverge,,,,
"""
LINK = """link_id,name,from_node_id,to_node_id,directed,geometry_id,geometry,parent_link_id,dir_flag,length,grade,facility_type,capacity,free_speed,lanes,bike_facility,ped_facility,parking,allowed_uses,toll,jurisdiction,row_width
a1,US3,5,1,1,,"LINESTRING(-71.2166 42.4776,-71.2227 42.4810)",,1,2100,,ramp,,55,1,none,none,none,auto,250,,
a2,,1,12,FALSE,,,NULL,0,3600,,sidewalk,,,,,,,"WALK, BIKE",,,
a3,Line 1,12,5,TRUE,,,,0,,,light rail,1000,30,,,,,,,,
"""  # noqa: E501


def folder(path: Path, *, config: str | None = CONFIG, node: str = NODE, link: str = LINK) -> Path:
    for name, text in (("config.csv", config), ("node.csv", node), ("link.csv", link)):
        if text is not None:
            (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_published_layout_is_read_without_change(tmp_path: Path) -> None:
    network = read_gmns(folder(tmp_path))
    nodes, links = network.nodes, network.links
    assert nodes.latitude_deg.tolist() == [42.4776, 42.4810, 42.4796]
    assert nodes.name.text().tolist() == ["", "West end", ""]
    assert links.tail.tolist() == [0, 1, 2, 2]
    assert links.head.tolist() == [1, 2, 0, 1]
    assert links.edge.tolist() == [0, 1, 2, 1]
    assert links.mode.tolist() == [ROAD, ROAD, RAIL, ROAD]
    assert links.name.text().tolist() == ["US3", "", "Line 1", ""]
    straight = float(great_circle_km(42.4796, -71.2095, 42.4776, -71.2166))
    np.testing.assert_allclose(links.km, [2100 * 3.048e-4, 3600 * 3.048e-4, straight, 3600 * 3.048e-4])
    np.testing.assert_allclose(links.time_hours, links.km / np.array([55 * 1.609344, 30, 30 * 1.609344, 30]))
    assert (links.charge_usd_per_teu == 0).all()
    assert len(network.transfers) == 0


def test_lengths_stand_in_the_stated_unit_unless_coordinates_contradict(tmp_path: Path) -> None:
    miles = LINK.replace(",2100,", ",0.4,").replace(",3600,", ",0.68,")
    assert read_gmns(folder(tmp_path, link=miles)).links.km[0] == pytest.approx(0.4 * 1.609344)
    assert read_gmns(folder(tmp_path), length_unit="m").links.km[0] == pytest.approx(2.1)
    assert read_gmns(folder(tmp_path, config=None)).links.km[0] == pytest.approx(2.1 / 3.280839895, rel=1e-6)


def test_tolls_in_dollars_are_charges(tmp_path: Path) -> None:
    network = read_gmns(folder(tmp_path, config=CONFIG.replace("US cents", "USD")))
    assert network.links.charge_usd_per_teu.tolist() == [250, 0, 0, 0]


def test_utm_coordinates_become_degrees(tmp_path: Path) -> None:
    # A point of known position: the CN Tower, UTM zone 17 north, 630 084 m east, 4 833 438 m north.
    latitude, longitude = to_degrees(np.array([630084.0]), np.array([4833438.0]), 32617)
    assert latitude[0] == pytest.approx(43.642562, abs=2e-5)
    assert longitude[0] == pytest.approx(-79.387143, abs=2e-5)
    # On the central meridian the northing is the meridian's arc times 0.9996; 45 degrees are 4 984 944.38 m.
    latitude, longitude = to_degrees(np.array([5e5]), np.array([4984944.378 * 0.9996]), 32619)
    assert (latitude[0], longitude[0]) == (pytest.approx(45.0, abs=1e-7), pytest.approx(-69.0, abs=1e-12))
    south, _ = to_degrees(np.array([5e5]), np.array([1e7 - 4984944.378 * 0.9996]), 32719)
    assert south[0] == pytest.approx(-45.0, abs=1e-7)
    unknown = read_gmns(folder(tmp_path, config=CONFIG.replace("4326", "2249")))
    assert np.isnan(unknown.nodes.latitude_deg).all()
    assert np.isfinite(unknown.links.time_hours).all()


def test_all_faults_come_at_once_with_file_line_and_column(tmp_path: Path) -> None:
    broken = folder(tmp_path, node=NODE.replace("12,,-71", "5,,-71"), link=LINK.replace("a3,Line 1,12", "a3,Line 1,99"))
    with pytest.raises(StudyError) as caught:
        read_gmns(broken)
    assert {(p.file, p.row, p.column) for p in caught.value.problems} == {
        ("node.csv", 4, "node_id"),
        ("link.csv", 3, "to_node_id"),
        ("link.csv", 4, "from_node_id"),
    }
    with pytest.raises(StudyError, match=r"link\.csv:2:length: 'long' is not a number"):
        read_gmns(folder(tmp_path, link=LINK.replace("2100", "long")))
    with pytest.raises(StudyError, match="'league' is not a known unit"):
        read_gmns(folder(tmp_path, config=CONFIG.replace("mile", "league")))
    (tmp_path / "link.csv").unlink()
    with pytest.raises(StudyError, match=r"link\.csv: is missing"):
        read_gmns(tmp_path)


def made(n: int = 7) -> Network:
    """A network with every kind of value: closed and seasonal links, capacities, gauges, transfers, a two-way line."""
    rng = np.random.default_rng(5)
    words = Coded.of(["", "a", 'q"uo,te', "Владивосток", "", "b", ""][:n])
    nodes = Nodes(rng.uniform(-90, 90, n), rng.uniform(-180, 180, n), words, Coded.of(["rail"] * n), words)
    m = 2 * n
    tail, head = np.arange(n), (np.arange(n) + 1) % n
    hours = rng.uniform(1, 5, n)
    text = Coded.of([*words.text().tolist()] * 2)
    links = Links(
        edge=np.concatenate([np.arange(n)] * 2) + 3,
        tail=np.concatenate([tail, head]),
        head=np.concatenate([head, tail]),
        mode=np.array([ROAD, RAIL, SEA, RAIL, RAIL, SEA, ROAD] * 2, np.int8),
        gauge_mm=np.array([0, 1435, 0, 1520, 1067, 0, 0] * 2, np.int16),
        km=np.concatenate([rng.uniform(1, 1e4, n)] * 2),
        time_hours=np.concatenate([hours] * 2),
        cost_usd_per_teu=np.concatenate([rng.uniform(0, 1e3, n)] * 2),
        charge_usd_per_teu=rng.uniform(0, 1e3, m),
        charge_to=text,
        co2_kg_per_teu=rng.uniform(0, 1e3, m),
        capacity_teu_per_year=np.where(rng.random(m) < 0.5, np.inf, 1e5 / 3),
        months=np.where(rng.random(m) < 0.5, ALL_MONTHS, 0b111110000).astype(np.uint16),
        kind=Coded.of(["line", "crossing"] * n),
        country=text,
        passage=text,
        name=text,
        open=rng.random(m) < 0.7,
        speed_kmh=np.where(rng.random(m) < 0.5, np.nan, 1 / 3),
        wait_hours=np.concatenate([hours / 7] * 2),
    )
    transfers = Transfers(
        node=np.array([0, 3]),
        from_mode=np.array([SEA, RAIL], np.int8),
        from_gauge_mm=np.array([0, 1435], np.int16),
        to_mode=np.array([ROAD, RAIL], np.int8),
        to_gauge_mm=np.array([0, 1520], np.int16),
        time_hours=np.array([12.0, 1 / 3]),
        cost_usd_per_teu=np.array([130.0, 0.1]),
        charge_usd_per_teu=np.zeros(2),
        charge_to=Coded.of(["", "RUS"]),
        co2_kg_per_teu=np.zeros(2),
        capacity_teu_per_year=np.array([np.inf, 5.0]),
        months=np.full(2, ALL_MONTHS, np.uint16),
        kind=Coded.of(["port", "gauge"]),
        name=Coded.of(["KRPUS", "Khasan"]),
        open=np.array([True, False]),
    )
    return Network(nodes, links, transfers)


def same(one: Any, other: Any) -> None:
    for column in fields(one):
        a, b = getattr(one, column.name), getattr(other, column.name)
        if isinstance(a, Coded):
            assert a.text().tolist() == b.text().tolist(), column.name
        else:
            np.testing.assert_array_equal(a, b, err_msg=column.name)
            assert a.dtype == b.dtype, column.name


def test_what_is_written_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    network = made()
    write_gmns(network, tmp_path / "net")
    again = read_gmns(tmp_path / "net")
    for part in ("nodes", "links", "transfers"):
        same(getattr(network, part), getattr(again, part))
    declared = json.loads((tmp_path / "net" / "freight_extension.json").read_text())
    for resource in declared["resources"]:
        header = (tmp_path / "net" / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        added = [name for name in header if name.startswith("freight_")] or header
        assert [field["name"] for field in resource["schema"]["fields"]] == added
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_geojson_draws_two_way_lines_once_and_cuts_them_at_the_180th_meridian(tmp_path: Path) -> None:
    network = made()
    write_geojson(network, tmp_path / "net.geojson", from_base=False)
    found = json.loads((tmp_path / "net.geojson").read_text(encoding="utf-8"))["features"]
    points = [feature for feature in found if feature["geometry"]["type"] == "Point"]
    lines = [feature for feature in found if feature["geometry"]["type"] != "Point"]
    assert len(points) == 4
    both = sum(feature["properties"]["both_ways"] for feature in lines)
    opened = network.links.open
    assert both == int((opened[:7] == opened[7:]).sum())
    assert len(lines) == 14 - both
    for feature in lines:
        geometry = feature["geometry"]
        parts = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
        for part in parts:
            assert all(abs(b[0] - a[0]) <= 180 for a, b in pairwise(part))
    cut = line_geometry(np.array([0.0, 20.0]), np.array([170.0, -170.0]))
    assert cut == {"type": "MultiLineString", "coordinates": [[[170, 0], [180, 10]], [[-180, 10], [-170, 20]]]}


def test_geopackage_holds_the_same_lines_and_places(tmp_path: Path) -> None:
    pytest.importorskip("shapely", reason="the extra 'gis' is not installed")
    pyogrio = pytest.importorskip("pyogrio", reason="the extra 'gis' is not installed")
    from landbridge.formats.geopackage import write_geopackage

    network = made()
    path = tmp_path / "net.gpkg"
    for _ in range(2):
        write_geopackage(network, path, from_base=False)
    assert sorted(name for name, _ in pyogrio.list_layers(path)) == ["links", "nodes"]
    meta, _, geometry, columns = pyogrio.raw.read(path, layer="links")
    at = dict(zip(meta["fields"], columns, strict=True))
    assert meta["crs"] == "EPSG:4326"
    assert len(geometry) == 14 - int(at["both_ways"].sum())
    np.testing.assert_allclose(at["km"][0], network.links.km[0])
    assert np.isnan(at["capacity_teu_per_year"]).any()
    _, _, _, names = pyogrio.raw.read(path, layer="nodes", columns=["name"])
    assert "Владивосток" in names[0].tolist()
