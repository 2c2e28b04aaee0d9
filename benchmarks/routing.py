"""Time searches, skims, scenarios, alternatives and efficient routes beside other programs, in one run.

``python -m benchmarks.routing [--json FILE] [--wheel FILE] [--peers PYTHON] [--slow | --quick]``

The graph is the world's railways of ``scgraph_data`` 2.0.0 (274,974 nodes); its wheel is fetched by pip unless given.
Peers get the same arrays in memory. Times are processor seconds, so that other work on the machine does not count:
landbridge uses one core. Each is the best of several after one run without timing; what a program does once for a
network (order, hierarchy) is a row of its own. Peers that are not installed say so; ``--peers`` names the Python of
another environment for those that `benchmarks.routing_peers` runs, ``--slow`` adds one that takes minutes.
"""

import argparse
import ast
import importlib
import importlib.metadata
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import LandbridgeError
from landbridge.network.network import ALL_MONTHS
from landbridge.routing.generalised import ArcValues
from landbridge.routing.hierarchy import build_hierarchy, carry, contraction_order, least_costs_to, meet, price
from landbridge.routing.pareto import pareto_paths
from landbridge.routing.paths import Distinct, distinct_paths
from landbridge.routing.states import StateGraph

MOSCOW, VLADIVOSTOK = (55.75, 37.6), (43.11, 131.88)
STUDY = Path(__file__).parents[1] / "src/landbridge/studies/northeast-asia"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; seconds are None where the peer was not measured."""

    work: str
    ours_s: float
    peer: str
    peer_s: float | None
    ratio: float | None
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Railways:
    """The world's railways: arcs both ways."""

    latitude: Float
    longitude: Float
    tail: Int
    head: Int
    km: Float

    @property
    def point(self) -> Float:
        """Nodes on the unit sphere."""
        lat, lon = np.radians(self.latitude), np.radians(self.longitude)
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)

    def near(self, latitude: float, longitude: float) -> int:
        """Return the nearest node."""
        return int(np.argmin((self.latitude - latitude) ** 2 + (self.longitude - longitude) ** 2))


def main() -> None:
    """Run all cases, print a markdown table, and write the rows where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wheel", type=Path, help="scgraph_data-2.0.0-py3-none-any.whl")
    parser.add_argument("--peers", default=sys.executable, help="Python of the environment with the other programs")
    parser.add_argument("--slow", action="store_true", help="igraph's Yen too, which takes minutes")
    parser.add_argument("--quick", action="store_true", help="leave out peers that take seconds")
    options = parser.parse_args()
    rail = read_railways(options.wheel)
    python = "" if options.quick else options.peers
    rows = [*matrices(rail, python=python), *pairs(rail, python=python, slow=options.slow), *scenario()]
    rows += first_route(python)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB\n")
    print("| work | landbridge | peer | peer's time | ratio | note |\n|---|---|---|---|---|---|")
    for row in rows:
        peer = f"{row.peer_s:.4f} s" if row.peer_s is not None else ""
        ratio = f"{row.ratio:.1f}" if row.ratio is not None else ""
        print(f"| {row.work} | {row.ours_s:.4f} s | {row.peer} | {peer} | {ratio} | {row.note} |")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def read_railways(wheel: Path | None) -> Railways:
    """Return the railways of the wheel, parsed without running them."""
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "scgraph_data==2.0.0", "-d", folder]
            subprocess.run(command, check=True, capture_output=True)
            wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            lines = archive.read("scgraph_data/world_railways.py").decode().split("\n")
    literals = {
        line.split("=", 1)[0].strip(): line.split("=", 1)[1] for line in lines if line.startswith(("graph=", "nodes="))
    }
    nodes = np.array(ast.literal_eval(literals["nodes"]))
    graph = ast.literal_eval(literals["graph"])
    arcs = [(i, j, km) for i, out in enumerate(graph) for j, km in out.items() if i != j]
    tail, head, km = (np.array(column) for column in zip(*arcs, strict=True))
    return Railways(nodes[:, 0], nodes[:, 1], tail, head, km.astype(np.float64))


def best_of(action: Callable[[], Any], times: int = 7) -> float:
    """Return the least processor seconds of several runs after one without timing."""
    action()
    found = []
    for _ in range(times):
        start = time.process_time()
        action()
        found.append(time.process_time() - start)
    return min(found)


def installed(name: str) -> Any | None:  # noqa: ANN401
    """Return a module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def version(name: str) -> str:
    """Return a peer's name and version."""
    return f"{name} {importlib.metadata.version(name)}"


def row(work: str, ours: float, peer: str, peer_s: float | None, note: str = "") -> Row:
    """Return a row with its ratio: how many times faster than the peer."""
    return Row(work, ours, peer, peer_s, None if peer_s is None else peer_s / ours, note)


def outside(rail: Railways, work: str, about: str, ours: float, programs: Sequence[str], python: str) -> list[Row]:
    """Run programs of another environment on the railways (`benchmarks.routing_peers`); none if it has no Python."""
    rng = np.random.default_rng(1)
    two = rng.choice(np.unique(rail.tail), 200, replace=False)
    ends = np.array([rail.near(*MOSCOW), rail.near(*VLADIVOSTOK)])
    script = Path(__file__).with_name("routing_peers.py")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.npz"
        arrays = {name: getattr(rail, name) for name in ("latitude", "longitude", "tail", "head", "km")}
        np.savez(case, two=two, ends=ends, **arrays)
        for program in programs if python else ():
            done = subprocess.run([python, script, case, program, work], capture_output=True, text=True, check=False)
            if done.returncode:
                said = done.stderr.strip().splitlines()[-1]
                absent = "No module named" in said
                rows.append(row(about, ours, program, None, "not installed" if absent else said))
                continue
            told = json.loads(done.stdout.strip().splitlines()[-1])
            rows.append(row(about, ours, f"{program} {told['version']}", float(told["seconds"]), told["note"]))
    return rows


def matrices(rail: Railways, *, python: str) -> list[Row]:
    """Time whole matrices."""
    n = len(rail.latitude)
    start = time.process_time()
    order = contraction_order(n, rail.tail.astype(np.int32), rail.head.astype(np.int32), rail.point)
    ordering = time.process_time() - start
    tail, head = rail.tail.astype(np.int32), rail.head.astype(np.int32)
    hierarchy = build_hierarchy(n, tail, head, rail.point, order=order)
    metric = price(hierarchy, rail.km)
    rng = np.random.default_rng(1)
    stations = np.unique(rail.tail)
    two, thousand = rng.choice(stations, 200, replace=False), rng.choice(stations, 1000, replace=False)
    amounts = np.stack([rail.km / 40, rail.km * 0.3, rail.km, rail.km * 0.02], axis=1)
    customise = best_of(lambda: price(hierarchy, rail.km))
    small, large = best_of(lambda: meet(metric, two, two)), best_of(lambda: meet(metric, thousand, thousand), 3)
    small_all = best_of(lambda: carry(meet(metric, two, two), amounts))
    large_all = best_of(lambda: carry(meet(metric, thousand, thousand), amounts), 3)
    found = [*_routingkit(rail, two, thousand, (ordering, customise, small, large, small_all))]
    found.append(row("1,000 x 1,000, four attributes along the best route", large_all, "target", 1.0, "and the cost"))
    if python:
        found += _scipy_peer(rail, meet(metric, two, two).cost, two, small)
        programs = ("pandana", "networkit", "igraph", "rustworkx")
        found += outside(rail, "matrix", "200 x 200, one attribute", small, programs, python)
    return found


def _routingkit(rail: Railways, two: Int, thousand: Int, ours: tuple[float, ...]) -> list[Row]:
    ordering, customise, small, large, small_all = ours
    works = (
        "contraction order (once a network)",
        "price a class (customise)",
        "200 x 200, one attribute",
        "1,000 x 1,000, one attribute",
        "200 x 200, four attributes along the best route",
    )
    kit = installed("pyroutingkit")
    if kit is None:
        return [row(work, s, "pyroutingkit", None, "not installed") for work, s in zip(works, ours, strict=True)]
    name = version("pyroutingkit")
    topology = kit.CCHTopology()
    arrays = (rail.tail.astype(np.uint32), rail.head.astype(np.uint32), rail.latitude.astype(np.float32))
    start = time.process_time()
    topology.build(*arrays, rail.longitude.astype(np.float32), len(rail.latitude))
    their_order = time.process_time() - start
    metric, weights = kit.CCHMetric(topology), (rail.km * 1000).astype(np.uint32)
    their_price = best_of(lambda: metric.customize(weights))
    short, long = two.astype(np.uint32), thousand.astype(np.uint32)
    their_small = best_of(lambda: metric.distances_many_to_many(short, short))
    their_large = best_of(lambda: metric.distances_many_to_many(long, long), 3)
    sample = [(int(a), int(b)) for a, b in zip(np.repeat(short[:20], 20), np.tile(short[20:40], 20), strict=True)]

    def query() -> None:
        for a, b in sample:
            metric.query(a, b)

    their_paths = best_of(query, 2) / len(sample) * len(two) ** 2
    return [
        row(works[0], ordering, name, their_order, "kept on disk by landbridge"),
        row(works[1], customise, name, their_price, "whole-number weights of 32 bits there, float64 here"),
        row(works[2], small, name, their_small),
        row(works[3], large, name, their_large),
        row(works[4], small_all, name, their_paths, "there by path queries without attributes: 400 timed, scaled"),
    ]


def _scipy_peer(rail: Railways, ours_cost: Float, two: Int, ours: float) -> list[Row]:
    from scipy import sparse
    from scipy.sparse.csgraph import dijkstra

    n = len(rail.latitude)
    graph = sparse.csr_array((np.maximum(rail.km, 1e-12), (rail.tail, rail.head)), shape=(n, n))
    start = time.process_time()
    theirs = dijkstra(graph, indices=two)[:, two]
    seconds = time.process_time() - start
    same = np.isfinite(theirs)
    gap = np.abs(theirs[same] - ours_cost[same]).max() / theirs[same].max()
    return [
        row("200 x 200, one attribute", ours, version("scipy"), seconds, f"largest difference {gap:.0e} of the longest")
    ]


def _graph(rail: Railways) -> StateGraph:
    """Return the railways as a state graph of one mode."""
    n, m = len(rail.latitude), len(rail.tail)
    zero = np.zeros(m)
    values = ArcValues(zero, zero, zero, rail.km, zero, np.full(m, ALL_MONTHS, np.uint16), np.ones(m, np.bool_))
    none = np.zeros(0, np.int32)
    return StateGraph(
        np.arange(n, dtype=np.int32),
        np.ones(n, np.int8),
        np.zeros(n, np.int16),
        rail.tail.astype(np.int32),
        rail.head.astype(np.int32),
        values,
        m,
        0,
        np.zeros(0, np.int64),
        none,
        none,
        rail.point,
    )


def pairs(rail: Railways, *, python: str, slow: bool) -> list[Row]:
    """Time alternatives and efficient routes of one pair, Moscow to Vladivostok."""
    graph = _graph(rail)
    hierarchy = build_hierarchy(graph.n_vertices, graph.tail, graph.head, rail.point)
    ends = rail.near(*MOSCOW), rail.near(*VLADIVOSTOK)
    cells = np.round(rail.latitude[rail.tail] / 8) * 100 + np.round(rail.longitude[rail.tail] / 8)
    _, cell = np.unique(cells, return_inverse=True)
    rng = np.random.default_rng(0)
    hours = rail.km / rng.uniform(20, 80, cell.max() + 1)[cell]
    usd = rail.km * rng.uniform(0.2, 0.5, cell.max() + 1)[cell]
    metrics = [price(hierarchy, cost) for cost in (hours, usd, rail.km)]
    rule = Distinct(overlap=0.7, stretch=1.5)

    def alternatives() -> list[Int]:
        return distinct_paths(graph, metrics[2], rail.km, ends, alternatives=5, distinct=rule)

    columns = {k: np.stack([hours, usd, rail.km][:k], axis=1) for k in (2, 3)}

    def efficient(criteria: int) -> int:
        costs = columns[criteria]
        least = np.stack([least_costs_to(metric, ends[1]) for metric in metrics[:criteria]], axis=1)
        return len(pareto_paths(graph, costs, *ends, least=least).costs)

    lengths = ", ".join(f"{rail.km[path].sum():,.0f}" for path in alternatives())
    work, seconds = "five distinct alternatives, Moscow to Vladivostok", best_of(alternatives)
    found = [row(work, seconds, "target", 0.02, lengths + " km")]
    programs = ("aequilibrae", "hipop", *(["igraph"] if slow else []))
    found += outside(rail, "alternatives", work, seconds, programs, python)
    for criteria, work, target in ((2, "two", 0.02), (3, "three", 0.1)):
        note = f"{efficient(criteria)} routes; hierarchies priced before"
        seconds = best_of(partial(efficient, criteria))
        found.append(row(f"efficient routes, {work} criteria", seconds, "target", target, note))
    return found


def scenario() -> list[Row]:
    """Time a scenario of the flagship study: all classes and seasons anew."""
    import landbridge
    from landbridge.pipeline.ground import arc_values, prepare, standing_network
    from landbridge.routing.alternatives import find_alternatives
    from landbridge.routing.overlay import with_reference

    try:
        study = landbridge.read_study(STUDY)
        ground = prepare(study)
    except LandbridgeError as error:
        return [
            Row("re-skim a scenario of the flagship study", float("nan"), "", None, None, str(error).split("\n")[0])
        ]
    overlay = ground.overlay

    def stands(name: str) -> ArcValues:
        return arc_values(standing_network(ground, study.standing(name)))

    scenarios = [scenario.name for scenario in study.scenarios]
    near = with_reference(overlay, stands(scenarios[0]))
    n_members = len(overlay.stretches[0][0].distance)
    size = f"{len(overlay.zones)} zones, {len(overlay.classes)} classes, {len(overlay.touched)} arcs, T {n_members}"
    work = "re-skim a scenario of the flagship study, all classes"
    found = []
    for name in scenarios:
        values = stands(name)
        seconds = best_of(partial(near.skim, values))
        found.append(row(f"{work}: {name}", seconds, "target", 0.005, f"the baseline's tables known; {size}"))
    better = stands("rail-link") if "rail-link" in scenarios else stands(scenarios[-1])
    plain = replace(overlay, references=())
    return [
        *found,
        row(f"{work}: no table known", best_of(lambda: plain.skim(better)), "target", 0.005, size),
        row(
            "the same by corridor, with routes' amounts",
            best_of(lambda: find_alternatives(overlay, better, ground.corridors)),
            "",
            None,
            f"{len(ground.corridors) + 1} alternatives",
        ),
    ]


FIRST = {
    "scgraph": (
        "from scgraph_data.world_railways import world_railways_geograph as g\n"
        "print(g.get_shortest_path(origin_node=dict(latitude=55.75, longitude=37.6),"
        " destination_node=dict(latitude=43.11, longitude=131.88))['length'])"
    ),
    "searoute": "import searoute; print(searoute.searoute([129.04, 35.1], [9.98, 53.54]).properties['length'])",
}
"""What other programs do for a first route: railways alone, and sea alone."""


def first_route(python: str) -> list[Row]:
    """Time fresh processes that load the world network, find a first route and print it."""
    ours = [sys.executable, "-c", "from landbridge.cli.main import main; main()", "route", "Busan", "Moscow", "--quiet"]
    spent = [_process(ours) for _ in range(4)]
    about = "`landbridge route Busan Moscow`: load the world network, first route printed"
    seconds, memory = spent[0][0], max(mb for _, mb in spent)
    found = [row(about, seconds, "target", 1.5, f"first call; {memory:.0f} MB")]
    found.append(row(about, min(s for s, _ in spent[1:]), "target", 1.5, "best of the next three calls"))
    for name, script in FIRST.items() if python else ():
        tried = [_process([python, "-c", script]) for _ in range(2)]
        absent = any(np.isnan(seconds) for seconds, _ in tried)
        note = "not installed" if absent else f"{max(mb for _, mb in tried):.0f} MB; rail or sea alone"
        found.append(row(about, seconds, name, None if absent else min(s for s, _ in tried), note))
    return found


def _process(command: list[str]) -> tuple[float, float]:
    """Return the processor seconds and the peak MB of a command; nan where it fails."""
    watch = (
        "import resource, subprocess, sys; r = subprocess.run(sys.argv[1:], stdout=-3, stderr=-3).returncode;"
        " u = resource.getrusage(resource.RUSAGE_CHILDREN); print(r, u.ru_utime + u.ru_stime, u.ru_maxrss / 1e3)"
    )
    done = subprocess.run([sys.executable, "-c", watch, *command], check=True, capture_output=True, text=True)
    code, seconds, mb = done.stdout.split()
    return (float(seconds), float(mb)) if code == "0" else (float("nan"), float("nan"))


if __name__ == "__main__":
    main()
