"""What makes two runs the same: digests of rows of a sweep, and which of them a folder holds already."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from landbridge.core.digests import digest
from landbridge.pipeline.result import RESULT_SCHEMA

PART_PREFIX: Final = "part-"


def row_digest(study: str, standing: Sequence[str], parameters: Mapping[str, float]) -> str:
    """Return the digest of a run: the study's content, the measures that stand, parameters, version and schema.

    Measures are sorted where their order in the study decides, so that two ways to name the same set are one run.
    """
    return digest(
        {
            "study": study,
            "standing": sorted(standing),
            "parameters": dict(parameters),
            "landbridge": version("landbridge"),
            "schema": RESULT_SCHEMA,
        }
    )[:32]


def part_name(digests: Iterable[str]) -> str:
    """Return the file name of a part that holds the given rows."""
    return f"{PART_PREFIX}{digest(sorted(digests))[:20]}.parquet"


def finished(folder: Path) -> frozenset[str]:
    """Return the digests of the rows that whole parts of a folder hold; half-written files are not parts."""
    import pyarrow.parquet as pq

    found: set[str] = set()
    for file in sorted(folder.glob(f"{PART_PREFIX}*.parquet")):
        found.update(pq.read_table(file, columns=["digest"])["digest"].to_pylist())
    return frozenset(found)
