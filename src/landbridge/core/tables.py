"""A table as frozen columns: numpy arrays of one length under the names of their declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int, locked


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length; texts are `object` arrays of str, numbers float64, integers int64.

    An unknown number is ``nan`` here and nowhere else: science functions refuse it.
    """

    name: str
    columns: Mapping[str, NDArray[Any]]

    def __post_init__(self) -> None:
        columns = {name: locked(values) for name, values in self.columns.items()}
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"{self.name}: columns have different lengths {sorted(lengths)}.")
        object.__setattr__(self, "columns", MappingProxyType(columns))

    def __reduce__(self) -> tuple[type["Table"], tuple[str, dict[str, NDArray[Any]]]]:
        """Let a table go to another process, which a mapping proxy alone cannot."""
        return Table, (self.name, dict(self.columns))

    def __len__(self) -> int:
        """Return the number of rows."""
        return next((len(values) for values in self.columns.values()), 0)

    def __contains__(self, column: str) -> bool:
        """Tell whether there is such a column."""
        return column in self.columns

    def text(self, column: str) -> tuple[str, ...]:
        """Return a column of words."""
        return tuple(str(value) for value in self.columns[column])

    def number(self, column: str) -> Float:
        """Return a column of numbers, shape (n_rows,)."""
        return np.asarray(self.columns[column], dtype=np.float64)

    def integer(self, column: str) -> Int:
        """Return a column of whole numbers, shape (n_rows,)."""
        return np.asarray(self.columns[column], dtype=np.int64)

    def boolean(self, column: str) -> Bool:
        """Return a column of truths, shape (n_rows,)."""
        return np.asarray(self.columns[column], dtype=np.bool_)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as plain dictionaries, in order."""
        names = list(self.columns)
        return [
            dict(zip(names, cells, strict=True))
            for cells in zip(*(self.columns[name].tolist() for name in names), strict=True)
        ]

    def where(self, rows: Bool | Int) -> "Table":
        """Return the given rows."""
        return Table(self.name, {name: values[rows] for name, values in self.columns.items()})

    def equals(self, other: "Table") -> bool:
        """Tell whether both hold the same columns with the same values (nan equals nan)."""
        return list(self.columns) == list(other.columns) and all(
            np.array_equal(values, other.columns[name], equal_nan=values.dtype.kind == "f")
            for name, values in self.columns.items()
        )
