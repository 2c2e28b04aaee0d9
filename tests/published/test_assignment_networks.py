"""Equilibria of the transportation test networks against the best-known flows (../shared/data/assignment/README.md).

Gap, objective and balance are computed here by scipy and plain numpy, not by the package.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.formats.tntp import read_tntp, read_tntp_flows
from landbridge.routing.assignment import assign
from landbridge.routing.assignment_data import Assignment, CapacityGraph, Demand

DATA = Path(__file__).parents[2] / "../shared/data/assignment"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the test networks are not beside the project")


@dataclass(frozen=True)
class Case:
    folder: str
    name: str
    objective: float
    toll_weight: float = 0.0
    distance_weight: float = 0.0

    def path(self, kind: str) -> Path:
        return DATA / self.folder / f"{self.name}_{kind}.tntp"


CASES = {
    "SiouxFalls": Case("SiouxFalls", "SiouxFalls", 4231335.28710744),
    "Anaheim": Case("Anaheim", "Anaheim", 1286032.171096032),
    "ChicagoSketch": Case("Chicago-Sketch", "ChicagoSketch", 17313018.73874779, 0.02, 0.04),
}


@pytest.fixture(scope="module", params=list(CASES))
def solved(request: pytest.FixtureRequest) -> tuple[Case, CapacityGraph, Demand, Assignment]:
    case = CASES[request.param]
    graph, demand = read_tntp(
        case.path("net"), case.path("trips"), toll_weight=case.toll_weight, distance_weight=case.distance_weight
    )
    return case, graph, demand, assign(graph, demand, relative_gap=1e-10)


def bpr_cost(graph: CapacityGraph, flow: np.ndarray) -> np.ndarray:
    d = graph.delays
    return d.free_time * (1 + d.b * (flow / d.capacity) ** d.power) + graph.fixed_cost[0]


def least_costs(graph: CapacityGraph, demand: Demand, cost: np.ndarray) -> np.ndarray:
    """Return the least cost of each row; links out of centroid z leave from a copy of it, node n + z."""
    n = graph.n_nodes
    zone = graph.tail < graph.first_thru_node
    tail = np.where(zone, graph.tail + n, graph.tail)
    assert len(set(zip(graph.tail, graph.head, strict=True))) == graph.n_links, "scipy would add parallel links"
    matrix = csr_array((cost, (tail, graph.head)), shape=(2 * n, 2 * n))
    origins = np.unique(demand.origin)
    table = dijkstra(matrix, indices=np.where(origins < graph.first_thru_node, origins + n, origins))
    return table[np.searchsorted(origins, demand.origin), demand.destination]


def test_relative_gap_is_1e_10(solved: tuple[Case, CapacityGraph, Demand, Assignment]) -> None:
    _, graph, demand, result = solved
    cost = bpr_cost(graph, result.flow)
    moving = demand.origin != demand.destination
    spent = float(result.flow @ cost)
    least = least_costs(graph, demand, cost)
    gap = (spent - float(demand.value[moving] @ least[moving])) / spent
    assert gap <= 1.02e-10  # 1e-10, and the round-off of two sums of 1e6 terms
    assert gap == pytest.approx(result.relative_gap, abs=5e-13)
    np.testing.assert_allclose(result.least_cost[moving], least[moving], rtol=1e-10)
    assert result.gap_history[-1] <= 1e-10 < result.gap_history[-2]


def test_objective_is_within_1e_8_of_the_best_known(solved: tuple[Case, CapacityGraph, Demand, Assignment]) -> None:
    case, graph, _, result = solved
    d = graph.delays
    ratio = (result.flow / d.capacity) ** d.power
    area = d.free_time * result.flow * (1 + d.b * ratio / (d.power + 1)) + graph.fixed_cost[0] * result.flow
    assert area.sum() == pytest.approx(case.objective, rel=1e-8)
    assert result.objective == pytest.approx(area.sum(), rel=1e-13)


def test_flow_is_conserved_at_every_node(solved: tuple[Case, CapacityGraph, Demand, Assignment]) -> None:
    _, graph, demand, result = solved
    moving = demand.origin != demand.destination
    balance = np.bincount(graph.head, result.flow, graph.n_nodes) - np.bincount(graph.tail, result.flow, graph.n_nodes)
    wanted = np.bincount(demand.destination[moving], demand.value[moving], graph.n_nodes) - np.bincount(
        demand.origin[moving], demand.value[moving], graph.n_nodes
    )
    np.testing.assert_allclose(balance, wanted, atol=1e-12 * demand.value.sum())
    assert (result.flow >= 0).all()


def test_link_flows_are_the_best_known_ones(solved: tuple[Case, CapacityGraph, Demand, Assignment]) -> None:
    case, graph, _, result = solved
    tail, head, volume, cost = read_tntp_flows(case.path("flow"))
    np.testing.assert_array_equal(tail, graph.tail)
    np.testing.assert_array_equal(head, graph.head)
    # Flows are unique where times rise with flow; links of constant time may share theirs otherwise.
    rising = graph.delays.free_time > 0
    np.testing.assert_allclose(result.flow[rising], volume[rising], rtol=1e-3, atol=1.0)
    np.testing.assert_allclose(result.time + graph.fixed_cost[0], cost, rtol=1e-4)


def test_no_route_passes_through_a_zone_of_anaheim() -> None:
    # Zones are 1 to 38: what enters zone z is its demand and no more.
    graph, demand = read_tntp(CASES["Anaheim"].path("net"), CASES["Anaheim"].path("trips"))
    result = assign(graph, demand)
    moving = demand.origin != demand.destination
    arriving = np.bincount(graph.head, result.flow, graph.n_nodes)[:38]
    wanted = np.bincount(demand.destination[moving], demand.value[moving], graph.n_nodes)[:38]
    np.testing.assert_allclose(arriving, wanted, rtol=1e-12)
