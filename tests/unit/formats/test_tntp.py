"""TNTP files: what is read, and that every fault is told with its line."""

from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.formats.tntp import read_tntp, read_tntp_flows, read_tntp_trips

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3\t\t
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<ORIGINAL HEADER>~ \tInit node \tTerm node\t;
<END OF METADATA>


~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;
\t1\t3\t100\t2\t5\t0.15\t4\t0\t30\t1\t;
\t3\t2\t1e2\t4\t0\t0.15\t0\t0\t0\t1\t;  ~ a comment
3 1 50 1 2.5 0.2 1 0 0 1;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 12.5
<END OF METADATA>

~ a comment
Origin \t1
    1 :      0.0;     2 :    10.0;
Origin 2
    1 : 2.5 ; 2 :1;
"""


def files(folder: Path, net: str = NET, trips: str = TRIPS) -> tuple[Path, Path]:
    (folder / "x_net.tntp").write_text(net, encoding="utf-8")
    (folder / "x_trips.tntp").write_text(trips, encoding="utf-8")
    return folder / "x_net.tntp", folder / "x_trips.tntp"


def test_links_keep_the_order_of_the_file_and_weights_make_the_fixed_cost(tmp_path: Path) -> None:
    graph, demand = read_tntp(*files(tmp_path), toll_weight=0.1, distance_weight=0.5)
    np.testing.assert_array_equal(graph.tail, [0, 2, 2])
    np.testing.assert_array_equal(graph.head, [2, 1, 0])
    np.testing.assert_array_equal(graph.delays.free_time, [5.0, 0.0, 2.5])
    np.testing.assert_array_equal(graph.delays.capacity, [100.0, 100.0, 50.0])
    np.testing.assert_array_equal(graph.delays.power, [4.0, 0.0, 1.0])
    np.testing.assert_allclose(graph.fixed_cost, [[30 * 0.1 + 2 * 0.5, 4 * 0.5, 0.5]])
    assert graph.first_thru_node == 2
    assert graph.n_nodes == 3
    assert list(zip(demand.origin, demand.destination, demand.value, strict=True)) == [
        (0, 1, 10),
        (1, 0, 2.5),
        (1, 1, 1),
    ]


def test_without_weights_tolls_and_lengths_cost_nothing(tmp_path: Path) -> None:
    graph, _ = read_tntp(*files(tmp_path))
    np.testing.assert_array_equal(graph.fixed_cost, [[0.0, 0.0, 0.0]])


def test_all_faults_of_a_network_come_with_their_lines(tmp_path: Path) -> None:
    net, trips = files(tmp_path, NET.replace("\t3\t2\t1e2", "\t3\tx\t1e2").replace("3 1 50", "9 1 50"))
    with pytest.raises(StudyError) as caught:
        read_tntp(net, trips)
    assert [(p.file, p.row) for p in caught.value.problems if p.row] == [("x_net.tntp", 11), ("x_net.tntp", 12)]


def test_the_line_of_a_bad_end_counts_only_from_the_file(tmp_path: Path) -> None:
    net, trips = files(tmp_path, NET.replace("3 1 50", "9 1 50"))
    with pytest.raises(StudyError) as caught:
        read_tntp(net, trips)
    assert [p.row for p in caught.value.problems] == [12]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<NUMBER OF LINKS> 3", "<NUMBER OF LINKS> 4", "LB431"),
        ("<NUMBER OF NODES> 3\t\t", "<NUMBER OF NODES> three", "LB433"),
        ("\t5\t0.15", "\t-5\t0.15", "LB420"),
    ],
)
def test_a_network_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    net, trips = files(tmp_path, NET.replace(old, new))
    with pytest.raises(StudyError) as caught:
        read_tntp(net, trips)
    assert code in {p.code for p in caught.value.problems}


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [("Origin 2", "Origin 7", 8), ("1 : 2.5 ;", "1 2.5 ;", 9), ("2.5", "two", 9), ("2 :1;", "8 :1;", 9)],
)
def test_faulty_trips_are_refused(tmp_path: Path, old: str, new: str, row: int) -> None:
    _, trips = files(tmp_path, trips=TRIPS.replace(old, new))
    with pytest.raises(StudyError) as caught:
        read_tntp_trips(trips)
    assert [(p.code, p.row) for p in caught.value.problems] == [("LB432", row)]


def test_trips_of_another_network_are_refused(tmp_path: Path) -> None:
    _, trips = files(tmp_path, trips=TRIPS.replace("ZONES> 2", "ZONES> 9"))
    with pytest.raises(StudyError, match="9 zones do not fit 3 nodes"):
        read_tntp_trips(trips, n_nodes=3)


def test_flows_are_read_without_their_header(tmp_path: Path) -> None:
    (tmp_path / "f.tntp").write_text("From \tTo \tVolume \tCost \n1 \t3 \t7.5 \t1.25 \n", encoding="utf-8")
    tail, head, volume, cost = read_tntp_flows(tmp_path / "f.tntp")
    assert (tail[0], head[0], volume[0], cost[0]) == (0, 2, 7.5, 1.25)
