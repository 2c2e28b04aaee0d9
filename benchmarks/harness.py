"""Time work, and print and write rows of comparisons."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; seconds and ratio are None where there is no peer or it is not installed."""

    work: str
    ours_s: float
    peer: str
    peer_s: float | None
    ratio: float | None
    note: str


def row(work: str, ours_s: float, peer: str = "", peer_s: float | None = None, note: str = "") -> Row:
    """Return a row with its ratio, peer over ours."""
    return Row(work, ours_s, peer, peer_s, None if peer_s is None else peer_s / ours_s, note)


def best_of(repetitions: int, work: Callable[[], object]) -> float:
    """Return the shortest of several times of `work`, in seconds."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows ``--json``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the rows there")
    return parser


def report(rows: Sequence[Row], path: Path | None) -> None:
    """Print a markdown table of the rows, and write them as JSON where asked."""
    print("| work | ours, s | peer | peer, s | ratio | note |")
    print("|---|---|---|---|---|---|")
    for one in rows:
        peer_s = "" if one.peer_s is None else f"{one.peer_s:.3g}"
        ratio = "" if one.ratio is None else f"{one.ratio:,.3g}" if one.ratio < 1000 else f"{one.ratio:,.0f}"
        print(f"| {one.work} | {one.ours_s:.3g} | {one.peer} | {peer_s} | {ratio} | {one.note} |")
    if path is not None:
        path.write_text(json.dumps([asdict(one) for one in rows], indent=1) + "\n", encoding="utf-8")
