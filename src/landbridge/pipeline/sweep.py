"""Many runs of one study: a table of scenarios, measures and parameters in, one Parquet dataset out, resumable."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from landbridge.core.problems import LandbridgeError, MissingExtraError, Problem, StudyError, refuse
from landbridge.pipeline.attainment import reach_targets
from landbridge.pipeline.digest_cache import finished, part_name, row_digest
from landbridge.pipeline.ground import Ground, prepare
from landbridge.pipeline.outcome import Baseline, Outcome, find_baseline, find_outcome
from landbridge.pipeline.result import RESULT_SCHEMA
from landbridge.pipeline.sweep_rows import SweepRow, read_rows
from landbridge.pipeline.tables import headline_table
from landbridge.study.model import Study

Step = Callable[[int, int, str], None]
Lines = list[dict[str, Any]]

MANIFEST: Final = "_sweep.json"
LARGEST_PART: Final = 50
"""Rows of a part at most: what is lost when a sweep is stopped."""
PARTS_PER_WORKER: Final = 8
BLAS_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
GROUND_PARAMETERS: Final = frozenset({"co2_price_usd_per_t"})
"""Parameters that the prepared network holds; all others are read at every run."""
COLUMNS: Final = ("digest", "row", "scenario", "standing", "status", "message", "indicator", "name", "value", "unit")
"""Columns of the dataset before those of the parameters."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep did.

    Attributes
    ----------
    folder
        Where the dataset is.
    rows
        Distinct runs that the file asks for.
    skipped, done, failed
        Those that the folder held before, and those of this call.
    """

    folder: Path
    rows: int
    skipped: int
    done: int
    failed: int


def _silent(done: int, total: int, label: str) -> None:
    """Say nothing."""


def sweep(
    study: str | Path,
    over: str | Path,
    out: str | Path,
    *,
    workers: int = 2,
    dask: str = "",
    step: Step = _silent,
) -> SweepReport:
    """Run a study once for every row of a file and write headline figures as one Parquet dataset.

    Parameters
    ----------
    study
        A shipped study's name, or a folder; workers read it themselves.
    over
        CSV file: `scenario`; `add` and `remove` (ids of measures joined by +); a column for each parameter to be set,
        empty cells for its own value. See `sweep_rows.read_rows`.
    out
        Folder of the dataset, made if absent. Rows that it holds are skipped, so that a sweep that was stopped goes
        on where it was. Parts appear whole or not at all.
    workers
        Processes, each with one BLAS thread; 1 works in this process.
    dask
        Address of a Dask scheduler (``tcp://host:8786``) to work on instead; its workers need landbridge, the study
        and nothing else: results come back over the wire.
    step
        Told how many rows are done.

    Raises
    ------
    StudyError
        If study or file have faults, or the folder holds a sweep of something else.
    MissingExtraError
        If a Dask cluster is asked for and the extra is not installed.
    """
    from landbridge.study.reader import read_study

    read = read_study(study)
    rows = read_rows(read, Path(over))
    folder = Path(out)
    _claim(folder, read, rows)
    held = finished(folder)
    todo = [row for row in rows if row.digest not in held]
    parts = _parts(todo, 1 if dask else workers)
    total, done, failed = len(todo), 0, 0
    step(0, total, "rows")
    for part, lines in _work(str(study), parts, workers, dask):
        write_part(folder, part, lines)
        done += len(part)
        failed += sum(line["status"] == "failed" for line in lines)
        step(done, total, f"{failed} failed" if failed else "rows")
    return SweepReport(folder, len(rows), len(rows) - total, done - failed, failed)


def _claim(folder: Path, study: Study, rows: Sequence[SweepRow]) -> None:
    """Write what the folder holds; refuse one that holds something else."""
    about = {
        "result_schema": RESULT_SCHEMA,
        "study": study.id,
        "study_digest": study.digest,
        "parameters": list(rows[0].parameters) if rows else [],
    }
    manifest = folder / MANIFEST
    if manifest.is_file():
        held = json.loads(manifest.read_text(encoding="utf-8"))
        if held != about:
            names = ", ".join(key for key, value in about.items() if held.get(key) != value)
            message = f"'{folder}' holds a sweep with another {names}. Give a new folder."
            refuse([Problem("LB580", message, "out")])
        return
    if folder.is_dir() and any(folder.iterdir()):
        message = f"'{folder}' is not empty and holds no sweep. Give an empty or new folder."
        refuse([Problem("LB580", message, "out")])
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _parts(rows: Sequence[SweepRow], workers: int) -> list[tuple[SweepRow, ...]]:
    """Cut rows into parts, those with the same parameters together as they share a baseline."""
    ordered = sorted(rows, key=lambda row: (tuple(map(str, row.parameters.values())), row.line))
    size = max(1, min(LARGEST_PART, -(-len(rows) // (workers * PARTS_PER_WORKER))))
    return [tuple(ordered[at : at + size]) for at in range(0, len(ordered), size)]


def _work(
    study: str, parts: Sequence[tuple[SweepRow, ...]], workers: int, dask: str
) -> Iterator[tuple[tuple[SweepRow, ...], Lines]]:
    if dask:
        yield from _on_dask(study, parts, dask)
    elif workers <= 1 or len(parts) <= 1:
        for part in parts:
            yield part, run_part(study, part)
    else:
        yield from _in_processes(study, parts, workers)


def _in_processes(
    study: str, parts: Sequence[tuple[SweepRow, ...]], workers: int
) -> Iterator[tuple[tuple[SweepRow, ...], Lines]]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    with one_blas_thread(), ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        asked = {pool.submit(run_part, study, part): part for part in parts}
        try:
            for future in as_completed(asked):
                yield asked[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _on_dask(
    study: str, parts: Sequence[tuple[SweepRow, ...]], address: str
) -> Iterator[tuple[tuple[SweepRow, ...], Lines]]:
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise MissingExtraError(
            "A Dask cluster needs the extra 'cluster': pip install 'landbridge[cluster]'"
        ) from error
    with Client(address) as client:
        asked = {client.submit(run_part, study, part, pure=False): part for part in parts}
        try:
            for future in as_completed(list(asked)):
                yield asked.pop(future), future.result()
                future.release()
        finally:
            client.cancel(list(asked))


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let processes that start inside have one BLAS thread each."""
    before = {name: os.environ.get(name) for name in BLAS_VARIABLES}
    os.environ.update(dict.fromkeys(BLAS_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_part(study: str, part: Sequence[SweepRow]) -> Lines:
    """Return the lines of some rows: their headline figures, or why there are none."""
    return [line for row in part for line in run_row(study, row)]


def run_row(study: str, row: SweepRow) -> Lines:
    """Return the headline figures of one row as lines of the dataset; a failure is one line with its message."""
    label = {
        "digest": row.digest,
        "row": row.line,
        "scenario": row.scenario,
        "standing": "+".join(row.standing),
        **{name: row.parameters[name] for name in row.parameters},
    }
    try:
        base = _baseline(study, tuple((k, v) for k, v in row.parameters.items() if v is not None))
        outcome = find_outcome(base, row.standing, row.scenario)
        table = headline_of(base, outcome)
    except LandbridgeError as error:
        empty = {"indicator": "", "name": "", "value": None, "unit": ""}
        return [{**label, "status": "failed", "message": str(error), **empty}]
    cells = zip(table["indicator"], table["name"], table["value"], table["unit"], strict=True)
    return [
        {**label, "status": "done", "message": "", "indicator": key, "name": name, "value": float(value), "unit": unit}
        for key, name, value, unit in cells
    ]


def headline_of(base: Baseline, outcome: Outcome) -> dict[str, list[Any]]:
    """Return the table ``headline`` alone, as a run gives it."""
    indicators = {
        f"target:{reach.name}": (
            f"{reach.title}, at base-year levels",
            reach.with_scenario,
            reach.attained.target.unit,
        )
        for reach in reach_targets(base, outcome)
    }
    return headline_table(base, outcome, indicators)


@lru_cache(maxsize=1)
def _ground(study: str, set_parameters: tuple[tuple[str, float], ...]) -> Ground:
    from landbridge.study.reader import read_study

    return prepare(with_parameters(read_study(study), dict(set_parameters)))


@lru_cache(maxsize=2)
def _baseline(study: str, set_parameters: tuple[tuple[str, float], ...]) -> Baseline:
    ground = _ground(study, tuple(pair for pair in set_parameters if pair[0] in GROUND_PARAMETERS))
    return find_baseline(replace(ground, study=with_parameters(ground.study, dict(set_parameters))))


def with_parameters(study: Study, values: Mapping[str, float]) -> Study:
    """Return a study with other values of some parameters."""
    moved = {name: replace(study.parameters[name], value=value) for name, value in values.items()}
    return replace(study, parameters=MappingProxyType({**study.parameters, **moved}))


def write_part(folder: Path, part: Sequence[SweepRow], lines: Lines) -> Path:
    """Write the lines of some rows as one file, whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parameters = list(part[0].parameters)
    kinds = {"row": pa.int64(), "value": pa.float64(), **dict.fromkeys(parameters, pa.float64())}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in (*COLUMNS, *parameters)])
    target = folder / part_name(row.digest for row in part)
    half = folder / f".{target.name}.half"
    pq.write_table(pa.Table.from_pylist(lines, schema=schema), half, compression="zstd")
    half.replace(target)
    return target


def read_sweep(folder: str | Path) -> Any:  # noqa: ANN401 - a pandas frame
    """Return the dataset of a sweep as a pandas frame, in the order of the file.

    Raises
    ------
    StudyError
        If the folder holds no sweep.
    """
    import pyarrow.parquet as pq

    path = Path(folder)
    files = sorted(path.glob("part-*.parquet"))
    if not (path / MANIFEST).is_file() or not files:
        raise StudyError([Problem("LB581", f"'{path}' holds no sweep. Give a folder that 'landbridge sweep' wrote.")])
    frame = pq.ParquetDataset(files).read().to_pandas()
    return frame.sort_values("row", kind="stable", ignore_index=True)


__all__ = ["SweepReport", "headline_of", "read_sweep", "row_digest", "run_part", "run_row", "sweep", "write_part"]
