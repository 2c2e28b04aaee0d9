"""Time the trade models beside gegravity and beside plain solvers, and try how much they withstand, in one run.

``python -m benchmarks.trade [--json FILE] [--gegravity-python PROGRAM] [--quick]``

One BLAS thread is used. Arrays are in memory; the time is that of the whole call, best of several. The plain
solvers are those of ``tests/crosscheck/trade_plain.py``; where they take long, some scenarios are timed and the
time is multiplied, as the note says.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Row, arguments, best_of, report, row
from benchmarks.trade_robustness import robustness, sector_robustness
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import settle, solve_trade_sectors

Array = NDArray[np.float64]
HERE = Path(__file__).parent
DATA = HERE.parent / "../shared/data/trade"
EPS = 4.0
SCENARIOS = 1000
SAMPLE = 3


def main() -> None:
    """Run all, print a markdown table, and write the rows where asked."""
    parser = arguments(__doc__)
    parser.add_argument("--gegravity-python", default=sys.executable)
    parser.add_argument("--quick", action="store_true", help="small sizes, no peers outside this project")
    options = parser.parse_args()
    sizes = (44,) if options.quick else (44, 180)
    rows = [one_equilibrium(n, None if options.quick else options.gegravity_python) for n in sizes]
    for n in sizes:
        rows += many_scenarios(n, 100 if options.quick else SCENARIOS)
    rows += sectors(20 if options.quick else SCENARIOS)
    report(rows, options.json)
    print()
    robustness(plain(), 20 if options.quick else 200)
    print()
    sector_robustness(5 if options.quick else 60)


def plain() -> ModuleType:
    """Return the module of plain solvers."""
    path = HERE.parent / "tests/crosscheck/trade_plain.py"
    spec = importlib.util.spec_from_file_location("trade_plain", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def world(n: int) -> Array:
    """Return flows of n economies: WIOD 2014 for 44 where it is there, else random ones."""
    path = DATA / "wiod2014_44_onesector.csv"
    if n == 44 and path.exists():
        return np.loadtxt(path, delimiter=",", skiprows=1, usecols=2).reshape(44, 44)
    flows: Array = plain().random_economy(np.random.default_rng(1), n)
    return flows


def one_equilibrium(n: int, program: str | None) -> Row:
    """Compare one equilibrium with gegravity's solve step."""
    rng = np.random.default_rng(2)
    flows = world(n)
    cost = np.where(rng.random((n, n)) < 0.2, 0.95, 1.0)
    np.fill_diagonal(cost, 1.0)
    result = solve_trade(flows, cost, trade_elasticity=EPS)
    ours = best_of(30, lambda: solve_trade(flows, cost, trade_elasticity=EPS))
    work = f"one equilibrium, {n} economies"
    if program is None:
        return row(work, ours)
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.npz"
        np.savez(case, flows=flows, cost_change=cost, eps=EPS, wage_change=result.wage_change)
        done = subprocess.run(
            [program, str(HERE / "trade_gegravity.py"), str(case)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        return row(work, ours, "gegravity", None, "not installed" if "No module" in done.stderr else done.stderr[-80:])
    told = json.loads(done.stdout.strip().splitlines()[-1])
    note = f"solve step only; {'converged' if told['solved'] else 'not converged'}"
    note += f"; prices differ by {told['difference']:.1e} at most"
    return row(work, ours, "gegravity 0.3", told["seconds"], note)


def many_scenarios(n: int, count: int) -> list[Row]:
    """Compare many scenarios with the plain solver, one at a time."""
    rng = np.random.default_rng(3)
    flows = world(n)
    few = np.ones((count, n, n))
    for s in range(count):
        i, j = rng.integers(0, n, (2, 10))
        few[s, i, j] = few[s, j, i] = rng.uniform(0.7, 1.0, 10)
    every = np.exp(rng.normal(0, 0.1, (count, n, n)))
    slow = plain()
    rows = []
    for name, cost in (("few pairs shocked", few), ("every pair shocked", every)):
        ours = best_of(3, partial(solve_trade, flows, cost, trade_elasticity=EPS))
        flowing = best_of(2, partial(_with_flows, flows, cost))
        theirs = best_of(1, partial(_one_at_a_time, slow, flows, cost[:SAMPLE])) * count / SAMPLE
        note = f"{flowing:.2g} s with all flows made; plain timed on {SAMPLE}"
        rows.append(row(f"{count} scenarios, {n} economies, {name}", ours, "plain", theirs, note))
    return rows


def _with_flows(flows: Array, cost: Array) -> Array:
    return solve_trade(flows, cost, trade_elasticity=EPS).flows


def _one_at_a_time(slow: ModuleType, flows: Array, cost: Array) -> None:
    for one in cost:
        slow.plain_trade(flows, one, EPS, "multiplicative")


def sectors(count: int) -> list[Row]:
    """Compare the many-sector model with the plain nested one."""
    slow = plain()
    rows = []
    if (DATA / "caliendo_parro_2015_inputs.npz").exists():
        economy, old, new = nafta()
        base = settle(economy, tariff=old)
        ours = best_of(5, lambda: solve_trade_sectors(base, tariff=old, new_tariff=new))
        cpu = processor_time(lambda: solve_trade_sectors(base, tariff=old, new_tariff=new))
        theirs = best_of(1, lambda: plain_sectors(slow, base, old, new, np.ones_like(old)))
        rows.append(
            row("NAFTA, 31 economies x 40 sectors", ours, "plain", theirs, f"from the settled baseline; {told(cpu)}")
        )
    if (DATA / "wiod2011_41x10.npz").exists():
        economy = wiod()
        free = np.zeros_like(economy.shares)
        base = settle(economy, tariff=free)
        cost = np.exp(np.random.default_rng(4).normal(0, 0.1, (count, *free.shape)))
        pair = TradeOptions(workers=2)
        ours = best_of(2, lambda: solve_trade_sectors(base, tariff=free, cost_change=cost, options=pair))
        cpu = processor_time(lambda: solve_trade_sectors(base, tariff=free, cost_change=cost), 1)
        theirs = best_of(1, lambda: plain_sectors(slow, base, free, free, cost[0]))
        note = f"every pair shocked, two threads; {told(cpu)} on one; plain timed on 1"
        rows.append(row(f"{count} scenarios, 41 economies x 10 sectors", ours, "plain", theirs * count, note))
    return rows


def processor_time(work: Callable[[], object], times: int = 5) -> float:
    """Return the least processor time of several calls in seconds: it does not grow when other work waits."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def told(seconds: float) -> str:
    """Return processor time in words."""
    return f"{1000 * seconds:.2g} ms of processor time" if seconds < 1 else f"{seconds:.2g} s of processor time"


def plain_sectors(slow: ModuleType, base: SectorEconomy, old: Array, new: Array, cost: Array) -> Any:  # noqa: ANN401
    """Solve one many-sector scenario plainly."""
    return slow.plain_sectors(
        base.shares,
        base.spending,
        base.value_added,
        base.value_added_share,
        base.input_shares,
        base.final_shares,
        base.trade_elasticity,
        old,
        new,
        cost,
        base.deficit,
        tolerance=1e-10,
    )


def _economy(held: "np.lib.npyio.NpzFile", deficit: Array) -> SectorEconomy:
    shares, inputs, added = held["Din"].transpose(0, 2, 1), held["G"], held["B"]
    used = inputs.sum(1, keepdims=True)
    return SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        held["X0"],
        held["VA"],
        added,
        inputs / np.where(used > 0, used, 1.0) * (1 - added.T)[:, None, :],
        held["al"] / held["al"].sum(0),
        held["th"],
        deficit,
        tuple(str(name) for name in held["C"]),
    )


def nafta() -> tuple[SectorEconomy, Array, Array]:
    """Return Caliendo and Parro's economy with tariffs before and after."""
    held = np.load(DATA / "caliendo_parro_2015_inputs.npz")
    old, new = (np.ascontiguousarray(held[name].transpose(0, 2, 1)) - 1 for name in ("tau", "tp"))
    return _economy(held, np.zeros(31)), old, new


def wiod() -> SectorEconomy:
    """Return the WIOD economy of 2011 with 41 economies and 10 sectors."""
    held = np.load(DATA / "wiod2011_41x10.npz")
    return _economy(held, -held["Sn"])


if __name__ == "__main__":
    main()
