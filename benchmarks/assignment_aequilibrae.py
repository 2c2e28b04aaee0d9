"""Run AequilibraE's biconjugate Frank-Wolfe on one saved case; used by `benchmarks.assignment` as a peer.

AequilibraE pins its own pandas, so that it may live in another environment: this file imports nothing of ours.
"""

import importlib
import importlib.metadata
import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def main(case: str, relative_gap: float) -> None:
    """Print seconds, gap and rounds as JSON in the last line."""
    import numpy as np
    import pandas as pd

    paths = importlib.import_module("aequilibrae.paths")
    matrices = importlib.import_module("aequilibrae.matrix")
    saved = np.load(case)
    zones = int(saved["n_zones"])
    columns = {name: saved[name] for name in ("capacity", "free_flow_time", "b", "power", "fixed")}
    # It refuses a time of zero: such links get a millionth of the file's unit.
    columns["free_flow_time"] = np.maximum(columns["free_flow_time"], 1e-6)
    graph = paths.Graph()
    graph.network = pd.DataFrame(
        {
            "link_id": np.arange(1, len(saved["tail"]) + 1),
            "a_node": saved["tail"] + 1,
            "b_node": saved["head"] + 1,
            "direction": 1,
            **columns,
        }
    )
    graph.prepare_graph(np.arange(1, zones + 1))
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(bool(saved["blocked"]))
    matrix = matrices.AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["trips"], memory_only=True)
    matrix.index[:] = np.arange(1, zones + 1)
    matrix.matrices[:, :, 0] = saved["trips"]
    matrix.computational_view(["trips"])
    user = paths.TrafficClass("car", graph, matrix)
    if saved["fixed"].any():
        user.set_fixed_cost("fixed")
    work = paths.TrafficAssignment()
    work.set_classes([user])
    work.set_vdf("BPR")
    work.set_vdf_parameters({"alpha": "b", "beta": "power"})
    work.set_capacity_field("capacity")
    work.set_time_field("free_flow_time")
    work.set_algorithm("bfw")
    work.max_iter = 5000
    work.rgap_target = relative_gap
    start = time.perf_counter()
    work.execute()
    seconds = time.perf_counter() - start
    inner = work.assignment
    print(
        "\n"
        + json.dumps(
            {
                "seconds": seconds,
                "gap": float(inner.rgap),
                "rounds": int(inner.iter),
                "version": importlib.metadata.version("aequilibrae"),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
