"""What a person waits for: whole commands with their time and peak memory, and one equilibrium of 47 economies.

The peer of the flagship run is the package's own target, 15 s and 1.5 GB; no other program does the chain.
``python -m benchmarks.commands [--json FILE]``
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Row, arguments, best_of, report, row
from landbridge.pipeline.outcome import find_outcome
from landbridge.pipeline.run import baseline_of
from landbridge.pipeline.trading import solve_equilibrium
from landbridge.study.reader import read_study

STUDY = "northeast-asia"
COMMANDS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("python starts and imports landbridge", ("-c", "import landbridge"), 5),
    ("landbridge --help", ("-m", "landbridge", "--help"), 5),
    ("landbridge route Busan Moscow", ("-m", "landbridge", "route", "Busan", "Moscow"), 3),
    ("landbridge run minimal", ("-m", "landbridge", "run", "minimal", "-q", "--out", "{out}"), 2),
    (
        "landbridge run northeast-asia --report (seven scenarios)",
        ("-m", "landbridge", "run", STUDY, "--report", "-q", "--out", "{out}"),
        2,
    ),
)


def timed(words: tuple[str, ...], times: int) -> tuple[float, float]:
    """Return the shortest seconds of a command and its largest peak memory in MB, after one run to warm up."""
    seconds, peak = [], 0.0
    for number in range(times + 1):
        with tempfile.TemporaryDirectory() as folder:
            given = [word.format(out=Path(folder) / "out") for word in words]
            start = time.perf_counter()
            process = subprocess.Popen([sys.executable, *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            took = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, given)
        if number:
            seconds.append(took)
            peak = max(peak, usage.ru_maxrss / 1024.0)
    return min(seconds), peak


def equilibrium() -> Row:
    """Return how long one trade equilibrium of the flagship takes after set-up."""
    study = read_study(STUDY)
    base = baseline_of(study)
    outcome = find_outcome(base, study.standing("all"), "all")
    rules = (base.rules, outcome.rules)
    seconds = best_of(20, lambda: solve_equilibrium(study, base.ground.inputs, outcome.change, rules, "all"))
    n = len(base.ground.inputs.economies)
    return row(f"one equilibrium of {n} economies, tariffs, bans and balanced deficits", seconds)


def main() -> None:
    """Run and print."""
    parsed = arguments(__doc__).parse_args()
    rows = []
    for name, words, times in COMMANDS:
        seconds, peak = timed(words, times)
        rows.append(row(name, seconds, note=f"peak {peak:,.0f} MB, best of {times} after one to warm up"))
    report([*rows, equilibrium()], parsed.json)


if __name__ == "__main__":
    main()
