"""Time gegravity's solve step on given flows and costs: ``python benchmarks/trade_gegravity.py FILE.npz``.

Run by `benchmarks.trade` in a Python that has gegravity. The baseline is built before, and only the solution of the
conditional and of the full equilibrium is timed, without the making of gegravity's tables of results.
"""

import json
import sys
import time
import warnings

import gegravity
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


def main() -> None:
    """Print seconds, whether all systems converged, and the largest difference of factory prices from the given."""
    held = np.load(sys.argv[1])
    flows, cost, eps, wage = held["flows"], held["cost_change"], float(held["eps"]), held["wage_change"]
    n = len(flows)
    names = [f"E{i:03d}" for i in range(n)]
    sales, spending = flows.sum(1), flows.sum(0)
    floor = 1e-12 * flows.max()
    table = pd.DataFrame(
        {
            "exporter": np.repeat(names, n),
            "importer": np.tile(names, n),
            "year": "2014",
            "trade": flows.ravel(),
            "Y": np.repeat(sales, n),
            "E": np.tile(spending, n),
            "friction": np.log(np.maximum(flows, floor) / np.outer(sales, spending) * sales.sum()).ravel(),
        }
    )
    warnings.simplefilter("ignore")
    data = gegravity.BaselineData(table, trade_var_name="trade", expend_var_name="E", output_var_name="Y")
    coefficients = gegravity.CostCoeffs(
        pd.DataFrame({"var": ["friction"], "coeff": [1.0], "ste": [0.0]}),
        identifier_col="var",
        coeff_col="coeff",
        stderr_col="ste",
    )
    model = gegravity.OneSectorGE(
        baseline=data,
        year="2014",
        reference_importer=names[-1],
        sigma=1.0 + eps,
        cost_variables=["friction"],
        cost_coeff_values=coefficients,
        quiet=True,
    )
    model.build_baseline()
    changed = table.copy()
    changed["friction"] = changed["friction"] - eps * np.log(cost).ravel()
    model.define_experiment(changed)
    model._ge_method, model._ge_tolerance, model._ge_max_iter = "hybr", 1e-8, 100_000  # noqa: SLF001
    start = time.perf_counter()
    model._calculate_multilateral_resistance(trade_costs=model.experiment_trade_costs, version="conditional")  # noqa: SLF001
    model._calculate_full_ge()  # noqa: SLF001
    seconds = time.perf_counter() - start
    price = model.factory_gate_prices.to_numpy().ravel()
    solved = all(found.success for found in model.solver_diagnostics.values())
    told = {"seconds": seconds, "solved": solved, "difference": apart(price, wage)}
    if "fixed_shares" in held:
        told["fixed_shares"] = apart(price, held["fixed_shares"])
    print(json.dumps(told))


def apart(ours: Array, theirs: Array) -> float:
    """Return the largest relative difference of prices, whatever their numeraires."""
    return float(np.abs(ours / ours.mean() / (theirs / theirs.mean()) - 1).max())


if __name__ == "__main__":
    main()
