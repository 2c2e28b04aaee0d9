"""Run every benchmark beside its peers, one after another, and write the page of the manual.

``python -m benchmarks.all [--write docs/benchmarks.md] [--once] [TOPIC ...]``

A benchmark is a module here that takes ``--json FILE``. With ``--once`` each runs in its quick form to show that it
works; nothing is written, as times of such a run prove nothing. Exit code 1 if a benchmark failed.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
NOT_TOPICS: Final = ("all", "harness", "__init__")
HOURS: Final = 2.0
"""A benchmark that takes longer is stopped and said to have failed."""
PEERS: Final = (
    "numpy", "scipy", "numba", "pandas", "pyfixest", "gegravity", "pytraf", "aequilibrae", "pyroutingkit",
    "pyxirr", "numpy-financial", "pandana", "networkit", "igraph", "rustworkx", "hipop", "scgraph", "searoute",
)  # fmt: skip
HEAD: Final = """# Benchmarks

What work takes, beside other programs in the same run. `ours` and `peer` are seconds, the ratio is peer over ours:
below 1 the peer is faster, or a target is missed. How to read the column `peer`:

- the name of a program: that program did the same work in the same run; one that is not installed says so
  (`benchmarks/requirements.txt` names them all);
- *plain*, *one by one*, *the chain again*: our own simple version, which is no program that anybody uses. Such a ratio
  tells what a method brings, not that landbridge beats others;
- *target*: no measurement, but a number of seconds that was to be reached;
- *scaled* or *timed on n* in the note: the peer did a small part, and its time was multiplied.

Times hold for the machine and its load below. This page is made by `make bench`.
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a benchmark gave: its rows, or what it said when it failed."""

    topic: str
    about: str
    rows: tuple[Mapping[str, Any], ...]
    failure: str = ""


def topics() -> dict[str, str]:
    """Return the benchmarks and the first sentence of each."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.stem not in NOT_TOPICS and ('"--json"' in text or "import arguments" in text or "arguments, " in text):
            found[path.stem] = text.split('"""')[1].strip().split("\n\n")[0].replace("\n", " ")
    return found


def run(topic: str, about: str, *, once: bool) -> Done:
    """Run one benchmark in a process of its own."""
    quick = once and '"--quick"' in (FOLDER / f"{topic}.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"benchmarks.{topic}", "--json", str(rows), *(["--quick"] if quick else [])]
        try:
            done = subprocess.run(
                command, cwd=FOLDER.parent, capture_output=True, text=True, timeout=HOURS * 3600, check=False
            )
        except subprocess.TimeoutExpired:
            return Done(topic, about, (), f"stopped after {HOURS:g} hours")
        if done.returncode or not rows.exists():
            said = (done.stderr.strip() or done.stdout.strip() or "no rows were written").splitlines()[-1]
            return Done(topic, about, (), said)
        return Done(topic, about, tuple(json.loads(rows.read_text(encoding="utf-8"))))


def machine() -> str:
    """Return what the times were taken on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model}, {cores} cores{memory}, {platform.system()}, Python {platform.python_version()}"


def versions() -> str:
    """Return the versions of landbridge and of the programs it is compared with."""
    found = []
    for name in ("landbridge", *PEERS):
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def load() -> str:
    """Return how busy the machine is: times beside other work are longer, and differ more from run to run."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return f"load average {os.getloadavg()[0]:.1f}"


def page(done: Sequence[Done], busy: str) -> str:
    """Return the page of the manual; `busy` is the load before the first benchmark."""
    parts = [
        HEAD,
        "| | |\n|---|---|",
        f"| machine | {machine()} |",
        f"| other work | {busy} when it started |",
        f"| versions | {versions()} |",
        f"| day | {datetime.now(UTC).date().isoformat()} |",
        "| command | `python -m benchmarks.all --write docs/benchmarks.md` |\n",
    ]
    for one in done:
        parts += [f"## `benchmarks.{one.topic}`\n", f"{one.about}\n", table(one)]
    return "\n".join(parts).rstrip() + "\n"


def table(done: Done) -> str:
    """Return the rows of a benchmark as Markdown."""
    if done.failure:
        return f"Failed: {_cell(done.failure)}\n"
    lines = ["| work | ours, s | peer | peer, s | ratio | note |", "|---|---:|---|---:|---:|---|"]
    for row in done.rows:
        cells = [row.get(key) for key in ("work", "ours_s", "peer", "peer_s", "ratio", "note")]
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmarks, print the page or write it."""
    known = topics()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", nargs="*", choices=[*known, []], help="benchmarks to run; all of them if none")
    parser.add_argument("--write", type=Path, help="write the page there")
    parser.add_argument("--once", action="store_true", help="run each in its quick form; write nothing")
    chosen = parser.parse_args(words)
    done, busy = [], load()
    for topic in chosen.topic or known:
        print(f"{topic} ...", file=sys.stderr, flush=True)
        done.append(run(topic, known[topic], once=chosen.once))
        if done[-1].failure:
            print(f"{topic} failed: {done[-1].failure}", file=sys.stderr)
    if chosen.write and not chosen.once:
        chosen.write.write_text(page(done, busy), encoding="utf-8", newline="\n")
    else:
        print(page(done, busy))
    return int(any(one.failure for one in done))


if __name__ == "__main__":
    sys.exit(main())
