"""Read networks, trips and flows in the TNTP layout of the transportation test networks."""

import re
from os import PathLike
from pathlib import Path

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, StudyError
from landbridge.routing.assignment_data import CapacityGraph, Demand
from landbridge.routing.delay import bpr

FilePath = str | PathLike[str]

_TAG = re.compile(r"<([^>]+)>([^~]*)")
_TRIP = re.compile(r"(\d+)\s*:\s*([^;\s]+)\s*;?")
_NET_COLUMNS = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll")


def read_tntp(
    net: FilePath, trips: FilePath, *, toll_weight: float = 0.0, distance_weight: float = 0.0
) -> tuple[CapacityGraph, Demand]:
    """Read a TNTP network and its trips.

    Node n of the file is position n - 1; links keep the order of the file. The link cost is
    ``t0 (1 + b (v/c)^power) + toll_weight * toll + distance_weight * length``: the weights are time per unit of
    toll and of length, in the units of the file. Nodes below ``FIRST THRU NODE`` are centroids.

    Raises
    ------
    StudyError
        With every fault of both files: file, line and what to give instead.
    """
    graph = read_tntp_network(net, toll_weight=toll_weight, distance_weight=distance_weight)
    return graph, read_tntp_trips(trips, n_nodes=graph.n_nodes)


def read_tntp_network(net: FilePath, *, toll_weight: float = 0.0, distance_weight: float = 0.0) -> CapacityGraph:
    """Read a TNTP network file; see `read_tntp`."""
    path = Path(net)
    tags, lines = _metadata(path)
    problems: list[Problem] = []
    rows: list[list[float]] = []
    at: list[int] = []
    for number, text in lines:
        fields = text.replace(";", " ").split()
        values = _numbers(fields[: len(_NET_COLUMNS)])
        if values is None or len(values) < 7:
            problems.append(
                Problem(
                    "LB430",
                    f"{text.strip()!r} is not a link. Give {', '.join(_NET_COLUMNS)} and type as numbers, then ';'.",
                    path.name,
                    number,
                )
            )
        else:
            rows.append([*values, 0.0, 0.0][: len(_NET_COLUMNS)])
            at.append(number)
    table = np.array(rows, np.float64).reshape(-1, len(_NET_COLUMNS))
    n_nodes = _whole(tags, "NUMBER OF NODES", path, problems)
    n_links = _whole(tags, "NUMBER OF LINKS", path, problems)
    first_thru = _whole(tags, "FIRST THRU NODE", path, problems) if "FIRST THRU NODE" in tags else 1
    if not problems and len(table) != n_links:
        problems.append(
            Problem("LB431", f"the file says {n_links} links and has {len(table)}. Correct one.", path.name)
        )
    ends = table[:, :2]
    outside = ((ends < 1) | (ends > n_nodes) | (ends != np.floor(ends))).any(axis=1)
    problems += [
        Problem("LB430", f"{ends[i].tolist()} are not nodes. Give two from 1 to {n_nodes}.", path.name, at[i])
        for i in np.flatnonzero(outside)
    ]
    if problems:
        raise StudyError(problems)
    cost = distance_weight * table[:, 3] + toll_weight * table[:, 8]
    return CapacityGraph(
        tail=ends[:, 0].astype(np.int64) - 1,
        head=ends[:, 1].astype(np.int64) - 1,
        n_nodes=n_nodes,
        delays=bpr(table[:, 4], table[:, 2], table[:, 5], table[:, 6]),
        fixed_cost=cost,
        first_thru_node=first_thru - 1,
    )


def read_tntp_trips(trips: FilePath, *, n_nodes: int | None = None) -> Demand:
    """Read a TNTP trips file; zone z is node z - 1. Zero cells are left out; `n_nodes` checks the zones."""
    path = Path(trips)
    tags, lines = _metadata(path)
    problems: list[Problem] = []
    zones = _whole(tags, "NUMBER OF ZONES", path, problems)
    if n_nodes is not None and zones > n_nodes:
        problems.append(
            Problem("LB432", f"{zones} zones do not fit {n_nodes} nodes. Give the network they belong to.", path.name)
        )
    origin = 0
    origins: list[int] = []
    cells: list[tuple[str, str]] = []
    at: list[int] = []
    for number, text in lines:
        if text.lstrip().lower().startswith("origin"):
            name = text.split()[1:2]
            origin = int(name[0]) if name and name[0].isdigit() else 0
            if not 1 <= origin <= zones:
                problems.append(Problem("LB432", f"an origin is a zone from 1 to {zones}.", path.name, number))
            continue
        found = _TRIP.findall(text)
        if origin == 0 or _TRIP.sub("", text).strip(" \t;"):
            problems.append(
                Problem(
                    "LB432", f"{text.strip()!r} is not 'zone : trips;' under an 'Origin zone' line.", path.name, number
                )
            )
            continue
        cells += found
        origins += [origin] * len(found)
        at += [number] * len(found)
    numbers = _numbers([value for _, value in cells])
    if numbers is None:
        wrong = (i for i, (_, value) in enumerate(cells) if _numbers([value]) is None)
        problems += [
            Problem("LB432", f"{cells[i][1]!r} is not a number of trips. Give a number.", path.name, at[i])
            for i in wrong
        ]
    ends = np.array([zone for zone, _ in cells], np.int64)
    problems += [
        Problem("LB432", f"{ends[i]} is not a zone. Give a destination from 1 to {zones}.", path.name, at[i])
        for i in np.flatnonzero((ends < 1) | (ends > zones))
    ]
    if problems:
        raise StudyError(problems)
    values = np.array(numbers, np.float64)
    keep = values != 0.0
    return Demand(np.array(origins, np.int64)[keep] - 1, ends[keep] - 1, values[keep])


def read_tntp_flows(flows: FilePath) -> tuple[Int, Int, Float, Float]:
    """Read a TNTP flow file: tail and head (positions), volume and cost of each link, shape (n_links,) each."""
    path = Path(flows)
    rows = []
    for text in path.read_text(encoding="utf-8").splitlines():
        values = _numbers(text.replace(";", " ").replace(":", " ").split())
        if values is not None and len(values) >= 4:
            rows.append(values[:4])
    table = np.array(rows, np.float64).reshape(-1, 4)
    ends = table[:, :2].astype(np.int64) - 1
    return ends[:, 0], ends[:, 1], table[:, 2], table[:, 3]


def _metadata(path: Path) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Return the tags in capitals, and the lines after them with their numbers, without comments and blanks."""
    tags: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    ended = False
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        tag = None if ended else _TAG.match(text.strip())
        if tag:
            tags[tag.group(1).strip().upper()] = tag.group(2).strip()
            ended = tag.group(1).strip().upper() == "END OF METADATA"
            continue
        plain = text.split("~", 1)[0]
        if plain.strip(" \t;"):
            lines.append((number, plain))
    return tags, lines


def _numbers(fields: list[str]) -> list[float] | None:
    try:
        return [float(field) for field in fields]
    except ValueError:
        return None


def _whole(tags: dict[str, str], name: str, path: Path, problems: list[Problem]) -> int:
    text = tags.get(name, "")
    if text.isdigit():
        return int(text)
    problems.append(Problem("LB433", f"<{name}> is {text!r}. Give a whole number in the metadata.", path.name))
    return 0
