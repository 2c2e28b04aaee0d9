"""A result: tidy tables with a unit column and their provenance, saved whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from landbridge.core.problems import Problem, StudyError

RESULT_SCHEMA: Final = 1
"""Version of the tables' schema; raised when a column changes its meaning."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What one run of one scenario says.

    Every table is tidy: label columns, then ``value`` and ``unit`` (`docs/reference/results.md` lists them).
    `provenance` holds study, digest, version, seed, parameters, convergence and, apart, the time it took.
    """

    study: str
    scenario: str
    tables: Mapping[str, Mapping[str, Sequence[Any]]]
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def table(self, name: str) -> pd.DataFrame:
        """Return one table as a pandas frame.

        Raises
        ------
        KeyError
            If there is no such table; the message lists those that there are.
        """
        if name not in self.tables:
            raise KeyError(f"There is no table {name!r}; there are {', '.join(sorted(self.tables))}.")
        return pd.DataFrame(dict(self.tables[name]))

    def headline(self, indicator: str) -> float:
        """Return one headline figure by its indicator."""
        table = self.tables["headline"]
        if indicator not in table["indicator"]:
            raise KeyError(f"There is no headline figure {indicator!r}; there are {', '.join(table['indicator'])}.")
        return float(table["value"][list(table["indicator"]).index(indicator)])

    def save(self, folder: str | Path) -> Path:
        """Write every table as Parquet and ``provenance.json``, whole or not at all; return the folder.

        Running twice gives the same bytes but for the ``when`` part of ``provenance.json``.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        target = Path(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            fresh.chmod(0o755)
            for name, columns in self.tables.items():
                table = pa.table({key: pa.array(_plain(values)) for key, values in columns.items()})
                table = table.replace_schema_metadata({"landbridge_schema": str(RESULT_SCHEMA)})
                pq.write_table(table, fresh / f"{name}.parquet", compression="zstd")
            text = json.dumps(dict(self.provenance), indent=1, sort_keys=True, ensure_ascii=False, default=str)
            (fresh / "provenance.json").write_text(text + "\n", encoding="utf-8")
            _swap(fresh, target)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return target


def _plain(values: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays and lists of any type
    array = np.asarray(values)
    return array.tolist() if array.dtype.kind in "OU" else array


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` where `target` is; the old folder is kept until the new one stands."""
    if not target.exists():
        fresh.rename(target)
        return
    if not (target / "provenance.json").is_file() and any(target.iterdir()):
        raise StudyError(
            [
                Problem(
                    "LB901",
                    f"'{target}' is not empty and does not hold a landbridge result. Give an empty or new folder.",
                )
            ]
        )
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / "old")
    try:
        fresh.rename(target)
    except OSError:
        (old / "old").rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_result(folder: str | Path) -> Result:
    """Read what `Result.save` wrote.

    Raises
    ------
    StudyError
        If the folder holds no result, or one of another schema version.
    """
    import pyarrow.parquet as pq

    path = Path(folder)
    if not (path / "provenance.json").is_file():
        raise StudyError(
            [Problem("LB902", f"'{path}' holds no provenance.json. Give a folder that 'landbridge run' wrote.")]
        )
    provenance = cast("dict[str, Any]", json.loads((path / "provenance.json").read_text(encoding="utf-8")))
    if provenance.get("result_schema") != RESULT_SCHEMA:
        raise StudyError(
            [
                Problem(
                    "LB903",
                    f"'{path}' has result schema {provenance.get('result_schema')}, this version reads "
                    f"{RESULT_SCHEMA}. Run the study again.",
                )
            ]
        )
    tables = {
        file.stem: {name: column.to_pylist() for name, column in _columns(pq.read_table(file))}
        for file in sorted(path.glob("*.parquet"))
    }
    return Result(str(provenance["study"]), str(provenance["scenario"]), tables, provenance)


def _columns(table: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - pyarrow has no types
    return list(zip(table.column_names, table.columns, strict=True))
