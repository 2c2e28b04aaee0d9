"""Draws and sweeps: what a draw costs against running the chain again, and what two workers bring.

``python -m benchmarks.sweep [--study NAME] [--draws N] [--json FILE]``
"""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from landbridge.pipeline.draws import draw_inputs
from landbridge.pipeline.ground import prepare
from landbridge.pipeline.outcome import Baseline, find_baseline, find_outcome
from landbridge.pipeline.sweep import sweep
from landbridge.pipeline.uncertainty import sample_outcomes
from landbridge.study.model import Study
from landbridge.study.reader import read_study

Row = dict[str, Any]


def _row(work: str, ours: float, peer: str, peer_s: float, note: str) -> Row:
    return {"work": work, "ours_s": ours, "peer": peer, "peer_s": peer_s, "ratio": peer_s / ours, "note": note}


def _again(study: Study, base: Baseline, row: int) -> float:
    """Return the seconds that one draw takes when the whole chain runs again for every scenario."""
    drawn = draw_inputs(study, 10, np.random.default_rng(0)).study(study, row)
    again = replace(study, parameters=MappingProxyType(dict(drawn.parameters)))
    started = time.perf_counter()
    moved = find_baseline(replace(base.ground, study=again))
    for scenario in again.scenarios:
        find_outcome(moved, again.standing(scenario.name), scenario.name)
    return time.perf_counter() - started


def draws_row(name: str, draws: int) -> Row:
    """Time draws of all scenarios against as many runs of the chain (one is timed, and multiplied)."""
    study = read_study(name)
    base = find_baseline(prepare(study))
    outcomes = {s.name: find_outcome(base, study.standing(s.name), s.name) for s in study.scenarios}
    sample_outcomes(base, outcomes, draws=2, seed=0)
    started = time.perf_counter()
    sample_outcomes(base, outcomes, draws=draws, seed=0)
    ours = time.perf_counter() - started
    peer = _again(study, base, 0) * draws
    work = f"{name}: {draws} draws x {len(outcomes)} scenarios"
    return _row(work, ours, "the chain again, draw by draw", peer, "peer: one draw timed, times the draws")


def sweep_row(name: str, rows: int) -> Row:
    """Time a sweep in two processes against one."""
    study = read_study(name)
    text = ["scenario,trade_elasticity"]
    names = [scenario.name for scenario in study.scenarios]
    text += [f"{names[k % len(names)]},{3.0 + k / rows:.6f}" for k in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs.csv"
        file.write_text("\n".join(text) + "\n", encoding="utf-8")
        seconds = []
        for workers in (2, 1):
            started = time.perf_counter()
            sweep(name, file, Path(folder) / f"out-{workers}", workers=workers)
            seconds.append(time.perf_counter() - started)
    return _row(f"{name}: sweep of {rows} rows", seconds[0], "one process", seconds[1], "two processes, start included")


def main() -> None:
    """Print the table and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="island-canal")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = [draws_row(asked.study, asked.draws), sweep_row("island-canal", asked.rows)]
    print("| work | ours, s | peer | peer, s | ratio | note |\n|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['work']} | {row['ours_s']:.2f} | {row['peer']} | {row['peer_s']:.1f} | {row['ratio']:.1f} | "
            f"{row['note']} |"
        )
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
