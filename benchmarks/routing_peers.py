"""Run one routing program on one saved case; used by `benchmarks.routing` as a peer.

The programs may live in another environment than landbridge: this file imports nothing of ours.

``python routing_peers.py CASE PROGRAM WORK`` with work ``matrix`` or ``alternatives`` prints JSON in its last line:
seconds (of the processor), version, note.
"""

import importlib
import importlib.metadata
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
Case = Mapping[str, NDArray[Any]]
SOURCES = 20
"""Of programs that search from each source, so many of the 200 are timed."""


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor seconds of an action, and what it gave."""
    start = time.process_time()
    found = action()
    return time.process_time() - start, found


def scaled(seconds: float, case: Case) -> tuple[float, str]:
    """Return the seconds for all sources."""
    sources = len(case["two"])
    return seconds * sources / SOURCES, f"{SOURCES} of {sources} sources timed, scaled"


def igraph_matrix(case: Case) -> tuple[float, str]:
    """Dijkstra from each source."""
    graph = igraph_graph(case)
    two = case["two"].tolist()
    return scaled(timed(lambda: graph.distances(two[:SOURCES], two, weights="km", mode="out"))[0], case)


def igraph_graph(case: Case) -> Any:  # noqa: ANN401
    """Return the railways as a graph of igraph."""
    igraph = importlib.import_module("igraph")
    ends = np.stack([case["tail"], case["head"]], axis=1)
    return igraph.Graph(n=len(case["latitude"]), edges=ends, directed=True, edge_attrs={"km": case["km"].tolist()})


def networkit_matrix(case: Case) -> tuple[float, str]:
    """Dijkstra from each source, one thread."""
    networkit = importlib.import_module("networkit")
    networkit.setNumberOfThreads(1)
    graph = networkit.Graph(len(case["latitude"]), weighted=True, directed=True)
    for a, b, km in zip(case["tail"].tolist(), case["head"].tolist(), case["km"].tolist(), strict=True):
        graph.addEdge(a, b, km)
    search = networkit.distance.SPSP(graph, case["two"][:SOURCES].tolist())
    return scaled(timed(search.run)[0], case)


def rustworkx_matrix(case: Case) -> tuple[float, str]:
    """Dijkstra from each source; weights by a function of Python, as it wants."""
    rustworkx = importlib.import_module("rustworkx")
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(case["latitude"])))
    rows = zip(case["tail"].tolist(), case["head"].tolist(), case["km"].tolist(), strict=True)
    graph.add_edges_from(list(rows))
    sources = case["two"][:SOURCES].tolist()
    return scaled(timed(lambda: [rustworkx.dijkstra_shortest_path_lengths(graph, s, float) for s in sources])[0], case)


def pandana_matrix(case: Case) -> tuple[float, str]:
    """Contraction hierarchy, built before; the pairs in one call."""
    pandas, pandana = (importlib.import_module(name) for name in ("pandas", "pandana"))
    columns = [pandas.Series(case[name]) for name in ("longitude", "latitude", "tail", "head")]
    frame = pandas.DataFrame({"km": case["km"]})
    building, network = timed(lambda: pandana.Network(*columns, frame, twoway=False))
    two = case["two"].tolist()
    first, second = [a for a in two for _ in two], two * len(two)
    seconds = timed(lambda: network.shortest_path_lengths(first, second, imp_name="km"))[0]
    return seconds, f"built in {building:.0f} s"


def aequilibrae_alternatives(case: Case) -> tuple[float, str]:
    """Link penalisation, five routes."""
    pandas = importlib.import_module("pandas")
    paths = importlib.import_module("aequilibrae.paths")
    choice = importlib.import_module("aequilibrae.paths.route_choice")
    graph = paths.Graph()
    graph.network = pandas.DataFrame(
        {
            "link_id": np.arange(1, len(case["tail"]) + 1),
            "a_node": case["tail"] + 1,
            "b_node": case["head"] + 1,
            "direction": 1,
            "km": case["km"],
        }
    )
    ends = case["ends"] + 1
    graph.prepare_graph(np.sort(ends))
    graph.set_graph("km")
    graph.set_blocked_centroid_flows(False)
    routes = choice.RouteChoice(graph)
    routes.set_choice_set_generation("link-penalisation", max_routes=5, penalty=1.2)
    seconds, found = timed(lambda: routes.execute_single(int(ends[0]), int(ends[1])))
    return seconds, f"link penalisation, {len(found)} routes"


def hipop_alternatives(case: Case) -> tuple[float, str]:
    """Penalties on links used, at most 0.7 in common."""
    hipop, search = (importlib.import_module(f"hipop.{name}") for name in ("graph", "shortest_path"))
    graph = hipop.OrientedGraph()
    for i, (x, y) in enumerate(zip(case["longitude"].tolist(), case["latitude"].tolist(), strict=True)):
        graph.add_node(str(i), x, y, "rail")
    rows = zip(case["tail"].tolist(), case["head"].tolist(), case["km"].tolist(), strict=True)
    for i, (a, b, km) in enumerate(rows):
        graph.add_link(str(i), str(a), str(b), km, {"rail": {"km": km}}, "rail")
    first, last = (str(end) for end in case["ends"].tolist())
    rule = (0.5, 0.7, 1.2, 60, 5, False)
    seconds, found = timed(lambda: search.k_shortest_path(graph, first, last, "km", {"rail"}, {"rail": "rail"}, *rule))
    return seconds, f"penalties, {len(found)} routes"


def igraph_alternatives(case: Case) -> tuple[float, str]:
    """Yen's five shortest paths, which hardly differ."""
    graph = igraph_graph(case)
    first, last = case["ends"].tolist()
    seconds, found = timed(lambda: graph.get_k_shortest_paths(first, to=last, k=5, weights="km", mode="out"))
    return seconds, f"Yen: {len(found)} shortest paths, hardly distinct"


def main(file: str, program: str, work: str) -> None:
    """Print the result as JSON in the last line."""
    case = np.load(file)
    seconds, note = globals()[f"{program}_{work}"](case)
    print(json.dumps({"seconds": seconds, "version": importlib.metadata.version(program), "note": note}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
