"""Compare the base network with published distances and write ``docs/validation-distances.md``."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.network.additions import section_edges
from landbridge.network.base import base_network
from landbridge.network.network import RAIL, SEA, Network

ROOT = Path(__file__).parents[1]
NM_KM = 1.852
TOLERANCE = 0.02


def read_published() -> list[dict[str, str]]:
    """Read the published distances."""
    path = ROOT / "tools" / "inputs" / "published_distances.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def place(network: Network, text: str) -> tuple[float, float]:
    """Read ``lat lon`` or the code of a port."""
    if text[0].isalpha():
        row = int(np.flatnonzero(network.nodes.name.mask(text))[0])
        return float(network.nodes.latitude_deg[row]), float(network.nodes.longitude_deg[row])
    latitude, longitude = text.split()
    return float(latitude), float(longitude)


def model_km(network: Network, row: dict[str, str]) -> float:
    """Return the length of the shortest way in the network with the row's passages closed."""
    from dataclasses import replace

    closed = tuple(word for word in row["closed"].split("+") if word)
    links = network.links
    if closed:
        network = replace(network, links=replace(links, open=links.open & ~links.passage.mask(*closed)))
    places = tuple(place(network, point) for point in row["points"].split(";"))
    countries = tuple(word for word in row["countries"].split("+") if word)
    walked = section_edges(network, RAIL if row["kind"] == "rail" else SEA, countries, places)
    return float(links.km[walked].sum()) if len(walked) else float("inf")


def compare() -> list[dict[str, Any]]:
    """Return every row with the model's length in the row's unit and the difference as a share."""
    network = base_network()
    found: list[dict[str, Any]] = []
    for row in read_published():
        unit = NM_KM if row["unit"] == "nm" else 1.0
        model = model_km(network, row) / unit
        found.append(row | {"model": model, "difference": model / float(row["published"]) - 1})
    return found


def line(row: dict[str, Any]) -> str:
    """Return one row of the page's table."""
    why = row["exception"] if abs(row["difference"]) > TOLERANCE else ""
    return (
        f"| {row['kind']} | {row['origin']} | {row['destination']} | {float(row['published']):,.0f} {row['unit']} "
        f"| {row['model']:,.0f} {row['unit']} | {row['difference']:+.1%} | {row['overwritten']} | {row['source']} "
        f"| {why} |"
    )


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page as Markdown."""
    free = [row for row in rows if row["overwritten"] == "no"]
    within = [row for row in rows if abs(row["difference"]) <= TOLERANCE]
    lines = [
        "# Distances against published ones",
        "",
        "Written by `tools/build_network_distances.py`; do not edit. Each row is the shortest way in the shipped base",
        "network between the two places (through the named waypoints, inside the named countries, with the named",
        "passages shut where the published distance is that of another way).",
        "",
        f"{len(rows)} distances, {len(free)} of them over lines whose lengths were not overwritten;"
        f" {len(within)} are within {TOLERANCE:.0%}, of the lines not overwritten"
        f" {sum(abs(row['difference']) <= TOLERANCE for row in free)}. Every other row says why it is not.",
        "",
        "| | from | to | published | model | difference | overwritten | source | why not within 2 % |",
        "|---|---|---|---:|---:|---:|---|---|---|",
    ]
    lines += [line(row) for row in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    rows = compare()
    (ROOT / "docs" / "validation-distances.md").write_text(page(rows), encoding="utf-8")
    for row in rows:
        print(line(row))


if __name__ == "__main__":
    main()
