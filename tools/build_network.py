"""Build the base network from pinned packages: ``python -m tools.build_network --work FOLDER``."""

# ruff: noqa: ANN401 (numpy and scipy calls take and give too many kinds of values to name)

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from tools import build_network_land as geo
from tools import build_network_pack as pack
from tools import build_network_ports as port_side
from tools import build_network_rail as rail_side
from tools import build_network_read as read
from tools import build_network_sea as sea_side
from tools.build_network_simplify import Edge, simplify

INPUTS = Path(__file__).parent / "inputs"
DATA = Path(__file__).parents[1] / "src" / "landbridge" / "data"
SWITCHES = {frozenset(("KR", "KP"))}
PRUNE_KM = 4.0
LONGEST_KM = 120.0
STOP_PEOPLE = 25_000
STOP_KM = 12.0


def build_rail(folder: Path, land: geo.Land, told: list[str]) -> rail_side.Rail:
    """Return the world's freight railways with countries, crossings, gauges and published lengths."""
    raw = read.read_rail(folder)
    told.append(f"rail: {len(raw.latitude)} nodes, {len(raw.tail)} edges, {raw.loops} self-loops dropped")
    crossings = rail_side.rows_of(INPUTS / "crossings.csv")
    only = {frozenset((c["country_a"], c["country_b"])) for c in crossings if c["only"] == "yes"} | SWITCHES
    rail = rail_side.start(raw, land, crossings)
    rail = rail_side.connect(rail, rail_side.rows_of(INPUTS / "connectors.csv"))
    before = len(rail.tail)
    rail = rail_side.join(rail, only)
    told.append(f"rail: {len(rail.tail) - before} dead ends joined")
    before = len(rail.tail)
    rail = rail_side.bridge(rail)
    told.append(f"rail: {len(rail.tail) - before} breaks bridged")
    rail = rail_side.cross(rail, crossings, only)
    cities = read.read_cities(folder, 100_000)
    rail, lines = rail_side.drop_high_speed(rail, rail_side.rows_of(INPUTS / "high_speed_lines.csv"), cities)
    told += lines
    rail, lines = rail_side.publish(rail, rail_side.rows_of(INPUTS / "trunks.csv"))
    told += lines
    rail = rail_side.name_lines(rail, rail_side.rows_of(INPUTS / "named_lines.csv"))
    gauges = {row["country"]: int(row["gauge_mm"]) for row in rail_side.rows_of(INPUTS / "gauges.csv")}
    return rail_side.set_gauges(rail, gauges, crossings, rail_side.rows_of(INPUTS / "gauge_sections.csv"))


def build_sea(folder: Path, land: geo.Land, told: list[str]) -> sea_side.Sea:
    """Return the sea graph without seams and land crossings."""
    sea = sea_side.named(sea_side.joined(read.read_sea(folder)))
    sea, lines = sea_side.dry(sea, land)
    told.append(f"sea: {len(lines)} edges over more than {sea_side.LAND_KM:.0f} km of land dropped")
    return sea_side.ocean(sea)


def assemble(
    rail: rail_side.Rail, sea: sea_side.Sea, ports: list[port_side.Port], joints: port_side.Joints, stops: set[int]
) -> Any:
    """Put rail, sea and ports on one list of nodes and simplify the edges."""
    n_rail, n_sea = len(rail.latitude), len(sea.latitude)
    first_port = n_rail + n_sea
    edges = []
    rows = zip(
        rail.tail.tolist(),
        rail.head.tolist(),
        rail.km.tolist(),
        rail.gauge.tolist(),
        rail.kind.tolist(),
        rail.name.tolist(),
        rail.closed.tolist(),
        strict=True,
    )
    for tail, head, km, gauge, kind, name, closed in rows:
        country = "" if kind == "crossing" else str(rail.country[tail])
        edges.append(Edge(tail, head, km, ("rail", gauge, kind, country, "", name, closed)))
    for tail, head, km, passage in zip(
        sea.tail.tolist(), sea.head.tolist(), sea.km.tolist(), sea.passage.tolist(), strict=True
    ):
        edges.append(Edge(n_rail + tail, n_rail + head, km, ("sea", 0, "line", "", passage, "", False)))
    keep = set()
    for row, node, km in joints.approaches:
        edges.append(Edge(first_port + row, n_rail + node, km, ("sea", 0, "approach", "", "", "", False)))
        keep |= {first_port + row, n_rail + node}
    for row, node, km, gauge in joints.spurs:
        edges.append(Edge(first_port + row, node, km, ("rail", gauge, "spur", ports[row].country, "", "", False)))
        keep |= {first_port + row, node}
    for edge in edges:
        if edge.key[2] == "crossing":
            keep |= {edge.tail, edge.head}
    latitude = [*rail.latitude.tolist(), *sea.latitude.tolist(), *(p.latitude for p in ports)]
    longitude = [*rail.longitude.tolist(), *sea.longitude.tolist(), *(p.longitude for p in ports)]
    countries = [*rail.country.tolist(), *[""] * n_sea, *(p.country for p in ports)]
    kinds = ["rail"] * n_rail + ["sea"] * n_sea + ["port"] * len(ports)
    codes = [""] * first_port + [p.code for p in ports]
    keep |= stops
    columns = (latitude, longitude, countries, kinds, codes)
    return simplify(edges, keep, prune_km=PRUNE_KM, longest_km=LONGEST_KM), columns


def main() -> None:
    """Build and write the data files and a log of what was done."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True, help="folder for the downloaded packages")
    folder = parser.parse_args().work
    read.fetch(folder)
    told: list[str] = []
    land = geo.read_land(folder)
    rail = build_rail(folder, land, told)
    sea = build_sea(folder, land, told)
    index = port_side.read_index(INPUTS / "world_port_index.csv.gz")
    ports = port_side.choose(index, read.read_ports(folder), rail_side.rows_of(INPUTS / "ports.csv"), land)
    joints = port_side.join_ports(ports, rail, sea, land)
    told += [f"port dropped: {line}" for line in joints.lost]
    cities = read.read_cities(folder, STOP_PEOPLE)
    stations = rail_side.rows_of(INPUTS / "stations.csv")
    places = [(float(station["latitude_deg"]), float(station["longitude_deg"])) for station in stations]
    stops = rail_side.stops(rail, cities, places, STOP_KM)
    edges, columns = assemble(rail, sea, ports, joints, stops)
    speeds = {row["line"]: float(row["speed_kmh"]) for row in rail_side.rows_of(INPUTS / "named_lines.csv")}
    told += pack.write(DATA, edges, columns, ports, speeds)
    told.append(str(Counter(edge.key[0] + " " + edge.key[2] for edge in edges)))
    (Path(__file__).parent / "build_network.log").write_text("\n".join(told) + "\n", encoding="utf-8")
    print("\n".join(told))


if __name__ == "__main__":
    main()
