"""The plain and the compiled search give the same arcs, ties included; a first route loads little else."""

import subprocess
import sys

import numpy as np
import pytest

from landbridge.network.base import world_network
from landbridge.routing.generalised import PLAIN, generalised_cost
from landbridge.routing.plain_search import compiled_search, search
from landbridge.routing.states import compile_states


@pytest.mark.parametrize("seed", range(8))
def test_the_two_searches_agree_where_ties_abound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 300, 1_500
    tail, head = rng.integers(0, n, (2, m), dtype=np.int32)
    cost = rng.integers(0, 4, m).astype(np.float64)  # zeros, loops, twins and many equal ways
    cost[rng.random(m) < 0.05] = np.inf
    sources = rng.choice(n, 3).astype(np.int32)
    starts = rng.integers(0, 3, 3).astype(np.float64)
    for target in (-1, int(rng.integers(n))):
        one = search(n, tail, head, cost, sources, starts, target)
        two = compiled_search(n, tail, head, cost, sources, starts, target)
        np.testing.assert_array_equal(one[0], two[0])
        np.testing.assert_array_equal(one[1], two[1])


def test_the_two_searches_agree_on_the_world() -> None:
    network = world_network()
    ports = [int(np.flatnonzero(network.nodes.name.mask(code))[0]) for code in ("KRPUS", "DEHAM", "USLGB")]
    graph = compile_states(network, places=np.array(ports))
    cost = generalised_cost(graph.values, PLAIN)
    for start in graph.departs:
        ends = (graph.n_vertices, graph.tail, graph.head, cost, np.array([start], np.int32), np.zeros(1), -1)
        one, two = search(*ends), compiled_search(*ends)
        np.testing.assert_array_equal(one[0], two[0])
        np.testing.assert_array_equal(one[1], two[1])


def test_a_search_without_arcs_stays_at_its_start() -> None:
    none = np.zeros(0, np.int32)
    distance, last = search(2, none, none, np.zeros(0), np.array([1], np.int32), np.array([5.0]), -1)
    assert distance.tolist() == [np.inf, 5.0]
    assert last.tolist() == [-1, -1]


def test_a_first_route_loads_neither_a_compiler_nor_a_library_of_graphs() -> None:
    script = (
        "import sys\n"
        "from landbridge import route, world_network\n"
        "found = route(world_network(), 'Busan', 'Moscow')[0]\n"
        "heavy = {'numba', 'scipy', 'pandas', 'pyarrow'} & set(sys.modules)\n"
        "again = route(world_network(), 'Busan', 'Moscow')[0]\n"
        "sys.stdout.write(f'{sorted(heavy)} {found == again} {\"numba\" in sys.modules}')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    # the second answer is the compiled search's, and the same
    assert done.stdout == "[] True True"
