"""Time three-way PPML beside pyfixest as shipped, in one run, and hold the two to the same numbers.

``python -m benchmarks.estimation [--json FILE] [--large]``

Panels are drawn with a seed: N economies with domestic trade, T years, 10 % zeros, three regressors (an agreement
that phases in, two costs), errors clustered by pair. ``--large`` adds 200 economies by 30 years, on which pyfixest
takes minutes and runs once; the others are the best of three. One BLAS thread is used; compiled loops are warmed up
before the clock starts. Memory is the growth of
the process's largest resident size over that call, each method in a process of its own.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib.util
import json
import multiprocessing
import resource
import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from benchmarks.harness import Row, arguments, report, row
from landbridge.trade.gravity import THREE_WAY, TWO_WAY, GravityOptions, estimate_gravity

X = ["agreement", "cost", "tariff"]


def draw_panel(n: int, years: int, seed: int = 0) -> dict[str, Any]:
    """Return a balanced panel of n economies."""
    rng = np.random.default_rng(seed)
    i, j, t = (axis.ravel() for axis in np.indices((n, n, years)))
    steady = rng.normal(0, 1.5, (2, n))
    drift = 0.1 * rng.normal(size=(2, n, years)).cumsum(axis=2)
    pair = rng.normal(0, 1.2, (n, n)) + 4.0 * np.eye(n)
    agreement = (t >= rng.integers(0, 2 * years, (n, n))[i, j]).astype(np.float64)
    cost, tariff = ((rng.random((n, n)) < 0.3)[i, j] * t / years * rng.normal(1, 0.3, len(i)) for _ in range(2))
    eta = steady[0][i] + steady[1][j] + drift[0][i, t] + drift[1][j, t] + pair[i, j]
    mean = np.exp(eta + 0.3 * agreement - 0.2 * cost + 0.1 * tariff)
    trade = mean * np.exp(rng.normal(-0.125, 0.5, len(i)))
    trade[rng.random(len(i)) < 0.1] = 0.0
    columns = {"exporter": i, "importer": j, "year": 2000 + t, "trade": trade}
    return columns | {"agreement": agreement, "cost": cost, "tariff": tariff}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, megabytes, coefficients and standard errors."""

    seconds: float
    megabytes: float
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]


Method = Literal["ours", "pyfixest"]


def measure(method: Method, n: int, years: int, effects: tuple[str, ...]) -> Measured:
    """Run one method in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measure, (method, n, years, effects))


def _measure(method: Method, n: int, years: int, effects: tuple[str, ...]) -> Measured:
    _estimate(method, draw_panel(8, 4, 1), effects)
    panel = draw_panel(n, years)
    data = _frame(panel) if method == "pyfixest" else panel
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(3 if n < 100 else 1):
        start = time.perf_counter()
        coefficients, errors = _fit(method, data, effects)
        seconds.append(time.perf_counter() - start)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Measured(min(seconds), grown / 1024.0, coefficients, errors)


def _estimate(method: Method, panel: dict[str, Any], effects: tuple[str, ...]) -> None:
    _fit(method, _frame(panel) if method == "pyfixest" else panel, effects)


def _frame(panel: dict[str, Any]) -> Any:  # noqa: ANN401 - a pandas frame
    import pandas as pd

    frame = pd.DataFrame(panel)
    year = frame["year"] - 2000
    ends = frame["exporter"] * 1000 + frame["importer"]
    codes = {"ey": frame["exporter"] * 100 + year, "iy": frame["importer"] * 100 + year}
    return frame.assign(**codes, pair=ends, cluster=ends)


def _fit(method: Method, data: Any, effects: tuple[str, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:  # noqa: ANN401
    if method == "ours":
        fit = estimate_gravity(data, X, effects=effects, options=GravityOptions(method="cube"))
        return tuple(fit.coefficients.tolist()), tuple(fit.standard_errors.tolist())
    import warnings

    import pyfixest

    absorbed = "ey + iy" + (" + pair" if "pair" in effects else "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pyfixest.fepois(
            f"trade ~ {' + '.join(X)} | {absorbed}", data, vcov={"CRV1": "cluster"}, separation_check=["fe"]
        )
    return tuple(found.coef().tolist()), tuple(found.se().tolist())


def compare(n: int, years: int, effects: tuple[str, ...]) -> Row:
    """Return one row."""
    words = f"PPML, {len(effects)}-way effects, {n} economies x {years} years"
    ours = measure("ours", n, years, effects)
    memory = f"{ours.megabytes:,.0f} MB"
    if importlib.util.find_spec("pyfixest") is None:
        return row(words, ours.seconds, "pyfixest", None, f"not installed; ours {memory}")
    peer = measure("pyfixest", n, years, effects)
    apart = max(
        float(np.max(np.abs(np.array(a) / np.array(b) - 1.0)))
        for a, b in ((ours.coefficients, peer.coefficients), (ours.errors, peer.errors))
    )
    note = f"{memory} beside {peer.megabytes:,.0f} MB; coefficients and errors at most {apart:.0e} apart"
    return row(words, ours.seconds, "pyfixest as shipped", peer.seconds, note)


def main() -> None:
    """Print the table; with ``--json`` also write the rows."""
    parser = arguments(__doc__)
    parser.add_argument("--large", action="store_true", help="add 200 economies by 30 years")
    chosen = parser.parse_args()
    work = [(70, 21, TWO_WAY), (70, 21, THREE_WAY)] + ([(200, 30, THREE_WAY)] if chosen.large else [])
    versions = {"numpy": np.__version__, "processors": os.cpu_count()}
    print(json.dumps(versions) + "\n")
    report([compare(n, years, tuple(effects)) for n, years, effects in work], chosen.json)


if __name__ == "__main__":
    main()
