"""Build the gazetteer from GeoNames cities, shipped ports, stations and crossings: ``--work FOLDER``."""

import argparse
import csv
import gzip
import io
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.network.base import base_network, port_names
from landbridge.network.places import folded
from tools import build_network_read as read

INPUTS = Path(__file__).parent / "inputs"
OUT = Path(__file__).parents[1] / "src" / "landbridge" / "data" / "places.tsv.gz"
LEAST_PEOPLE = 100_000
REGION = ("KP", "KR", "MN", "RU", "KZ")
REGION_PEOPLE = 20_000
ALSO = {
    "Rajin": "Rason",
    "Sinŭiju": "Sinuiju",
    "Erenhot": "Erlian",
    "Zhanjiang": "",
    "Mumbai": "Bombay",
    "Saint Petersburg": "St Petersburg",
}
ALSO_MOST = 6
ALSO_MOST_LARGE = 80
LARGE_PEOPLE = 700_000


def plain(text: str) -> str:
    """Return the text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def other_names(city: dict[str, Any]) -> list[str]:
    """Return up to a few other Latin names, the shortest first; extra ones by hand."""
    own = plain(str(city["name"]))
    names = {
        plain(n)
        for n in city["alternatenames"]
        if plain(n).isascii() and len(n) > 3 and n[0].isupper() and not n.isupper()
    }
    names -= {own}
    kept = sorted(names, key=lambda n: (abs(len(n) - len(own)), n))[
        : ALSO_MOST_LARGE if int(city["population"]) > LARGE_PEOPLE else ALSO_MOST
    ]
    extra = ALSO.get(str(city["name"]), "")
    return [*([extra] if extra and extra not in kept else []), *kept]


def words(name: str, others: list[str]) -> str:
    """Return the folded names under which a place is found, its own first."""
    return "|".join(dict.fromkeys([folded(name), *(folded(other) for other in others)]))


def cities(folder: Path) -> list[list[str]]:
    """Return rows of cities: large ones of the world, smaller ones of the region."""
    rows = []
    for city in read.read_cities(folder, REGION_PEOPLE):
        people = int(city["population"])
        if people < LEAST_PEOPLE and city["countrycode"] not in REGION:
            continue
        place = (f"{float(city['latitude']):.4f}", f"{float(city['longitude']):.4f}")
        rows.append(
            [
                "city",
                "",
                str(city["name"]),
                words(str(city["name"]), other_names(city)),
                str(city["countrycode"]),
                *place,
                str(people),
            ]
        )
    return rows


def network_places() -> list[list[str]]:
    """Return rows of ports, stations and crossings."""
    network = base_network()
    nodes, links = network.nodes, network.links
    names = port_names()
    rows = []
    for node in np.flatnonzero(nodes.kind.mask("port")).tolist():
        code = nodes.name[node]
        name = " ".join(names[code].split())
        place = (f"{nodes.latitude_deg[node]:.4f}", f"{nodes.longitude_deg[node]:.4f}")
        rows.append(["port", code, name, words(name, []), code[:2], *place, "0"])
    with (INPUTS / "stations.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            place = (row["latitude_deg"], row["longitude_deg"])
            name = row["station"].split(" (")[0]
            rows.append(["station", "", name, words(name, []), row["country"], *place, "0"])
    seen: set[str] = set()
    for link in np.flatnonzero(links.kind.mask("crossing")).tolist():
        name = links.name[link]
        if name in seen:
            continue
        seen.add(name)
        tail = int(links.tail[link])
        place = (f"{nodes.latitude_deg[tail]:.4f}", f"{nodes.longitude_deg[tail]:.4f}")
        rows.append(["crossing", "", name, words(name, []), nodes.country[tail], *place, "0"])
    return rows


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True, help="folder with the downloaded packages")
    rows = cities(parser.parse_args().work) + network_places()
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
    writer.writerow(["kind", "code", "name", "words", "country", "latitude_deg", "longitude_deg", "people"])
    writer.writerows(rows)
    with OUT.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write(text.getvalue().encode())
    print(len(rows), "places,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
