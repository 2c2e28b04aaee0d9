"""Time user equilibria of the test networks beside PyTraf and AequilibraE, in one run.

``python -m benchmarks.assignment [--json FILE] [--data FOLDER] [--aequilibrae-python PROGRAM] [--quick]``

Each program gets the same links, fixed costs and trips, already in memory; the time is that of solving, best of
several. PyTraf uses all cores, ours one. Ours runs once before, so that compiling is not in the time.
"""

import argparse
import importlib
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from landbridge.formats.tntp import read_tntp
from landbridge.routing.assignment import assign
from landbridge.routing.assignment_data import CapacityGraph, Demand
from landbridge.routing.delay import bpr

DATA = Path(__file__).parents[1] / "../shared/data/assignment"
CASES = (
    ("SiouxFalls", "SiouxFalls", 0.0, 0.0, 30),
    ("Anaheim", "Anaheim", 0.0, 0.0, 20),
    ("Chicago-Sketch", "ChicagoSketch", 0.02, 0.04, 3),
)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; seconds are None where the peer is not installed."""

    work: str
    ours_s: float
    peer: str
    peer_s: float | None
    ratio: float | None
    note: str


def main() -> None:
    """Run all cases, print a markdown table, and write the rows where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--aequilibrae-python", default=sys.executable)
    parser.add_argument("--quick", action="store_true", help="one repetition, no AequilibraE")
    parser.add_argument("--memory", nargs=2, help="internal: program and saved case, to measure its peak memory")
    options = parser.parse_args()
    if options.memory:
        _print_memory(*options.memory)
        return
    rows: list[Row] = []
    for folder, name, toll, distance, repeats in CASES:
        base = options.data / folder / name
        graph, demand = read_tntp(f"{base}_net.tntp", f"{base}_trips.tntp", toll_weight=toll, distance_weight=distance)
        with tempfile.TemporaryDirectory() as scratch:
            case = _save(Path(scratch) / "case.npz", graph, demand)
            for gap in (1e-6, 1e-10):
                peers = [] if options.quick or gap < 1e-6 else [options.aequilibrae_python]
                rows += _compare(name, case, gap, 1 if options.quick else repeats, peers)
    print("| work | ours, s | peer | peer, s | peer / ours | note |\n|---|---|---|---|---|---|")
    for row in rows:
        peer = "not installed" if row.peer_s is None else f"{row.peer_s:.4f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}"
        print(f"| {row.work} | {row.ours_s:.4f} | {row.peer} | {peer} | {ratio} | {row.note} |")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _save(case: Path, graph: CapacityGraph, demand: Demand) -> Path:
    """Save a case with numbered arrays, so that each program can be run on it in a process of its own."""
    zones = int(max(demand.origin.max(), demand.destination.max())) + 1
    trips = np.zeros((zones, zones))
    between = demand.origin != demand.destination
    np.add.at(trips, (demand.origin[between], demand.destination[between]), demand.value[between])
    np.savez(
        case,
        tail=graph.tail,
        head=graph.head,
        n_nodes=graph.n_nodes,
        capacity=graph.delays.capacity,
        free_flow_time=graph.delays.free_time,
        b=graph.delays.b,
        power=graph.delays.power,
        fixed=graph.fixed_cost[0],
        trips=trips,
        n_zones=zones,
        first_thru_node=graph.first_thru_node,
        blocked=graph.first_thru_node > 0,
    )
    return case


def _ours(case: Path) -> tuple[CapacityGraph, Demand]:
    saved = np.load(case)
    curves = bpr(saved["free_flow_time"], saved["capacity"], saved["b"], saved["power"])
    thru = int(saved["first_thru_node"])
    graph = CapacityGraph(
        saved["tail"], saved["head"], int(saved["n_nodes"]), curves, saved["fixed"], first_thru_node=thru
    )
    return graph, Demand.of_matrix(saved["trips"])


def _pytraf(case: Path) -> tuple[Any, Any]:
    """Return PyTraf's network and class; it forbids U-turns, which no least-cost route makes."""
    pytraf = importlib.import_module("pytraf")
    graph, demand = _ours(case)
    columns = {
        "from_node": graph.tail,
        "to_node": graph.head,
        "free_flow_time": graph.delays.free_time,
        "capacity": graph.delays.capacity,
        "b": graph.delays.b,
        "power": graph.delays.power,
    }
    centroid = np.arange(graph.n_nodes) < graph.first_thru_node
    network = pytraf.Network.from_tables(columns, num_nodes=graph.n_nodes, is_centroid=centroid)
    trips = {"origin": demand.origin, "destination": demand.destination, "flow": demand.value}
    table = pytraf.Demand.from_table(network, trips)
    return network, pytraf.TrafficClass(table, extra_link_cost=graph.fixed_cost[0].copy())


def _compare(name: str, case: Path, gap: float, repeats: int, programs: list[str]) -> list[Row]:
    work = f"{name} to {gap:.0e}"
    graph, demand = _ours(case)
    assign(graph, demand, relative_gap=0.1)
    ours, result = _best(lambda: assign(graph, demand, relative_gap=gap), repeats)
    memory = f"{_memory('ours', case)} MB"
    note = f"{len(result.gap_history) - 1} rounds, gap {result.relative_gap:.1e}, {memory}"
    try:
        network, user = _pytraf(case)
    except ModuleNotFoundError:
        rows = [Row(work, ours, "PyTraf", None, None, note)]
    else:
        peer, found = _best(lambda: network.assign([user], gap=gap, max_iter=5000), repeats)
        apart = float(np.abs(found.links.flow - result.flow).max() / result.flow.max())
        note += f"; peer {found.iterations} sweeps, {_memory('pytraf', case)} MB, flows {apart:.0e} apart"
        label = f"PyTraf {importlib.metadata.version('pytraf')}"
        rows = [Row(work, ours, label, peer, peer / ours, note)]
    return rows + [_against_aequilibrae(work, ours, case, gap, program) for program in programs]


def _best(solve: Callable[[], T], repeats: int) -> tuple[float, T]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = solve()
        times.append(time.perf_counter() - start)
    return min(times), result


def _against_aequilibrae(work: str, ours: float, case: Path, gap: float, program: str) -> Row:
    script = Path(__file__).with_name("assignment_aequilibrae.py")
    done = subprocess.run([program, script, case, str(gap)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = "" if "No module named" in done.stderr else done.stderr.strip().splitlines()[-1]
        return Row(work, ours, "AequilibraE", None, None, reason)
    peer = json.loads(done.stdout.strip().splitlines()[-1])
    seconds = float(peer["seconds"])
    note = f"bfw, {peer['rounds']} rounds, gap {peer['gap']:.1e}"
    return Row(work, ours, f"AequilibraE {peer['version']}", seconds, seconds / ours, note)


def _memory(program: str, case: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.assignment", "--memory", program, str(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _print_memory(program: str, case: str) -> None:
    """Print by how many MB solving to 1e-6 raises the memory of this process at its peak (Linux)."""
    graph, demand = _ours(Path(case))
    few = Demand(demand.origin[:2], demand.destination[:2], demand.value[:2])
    assign(graph, few, relative_gap=0.1)
    network, user = _pytraf(Path(case)) if program == "pytraf" else (None, None)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = _status("VmRSS")
    if network is None:
        assign(graph, demand)
    else:
        network.assign([user], gap=1e-6, max_iter=5000)
    print(f"{(_status('VmHWM') - before) / 1024:.1f}")


def _status(field: str) -> int:
    """Return a field of this process's status, kB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])


if __name__ == "__main__":
    main()
