"""What crosses between sciences: a matrix with row and column labels, a measure and a unit."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, locked


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Values of shape (n_rows, n_columns) with what they measure and in which unit.

    ``inf`` means unreachable. ``nan`` never occurs.
    """

    values: Float
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    measure: str
    unit: str

    def __post_init__(self) -> None:
        values = locked(self.values, np.float64)
        if values.shape != (len(self.rows), len(self.columns)):
            raise ValueError(
                f"{self.measure}: values have shape {values.shape}, "
                f"labels ask for {(len(self.rows), len(self.columns))}."
            )
        if np.isnan(values).any():
            raise ValueError(f"{self.measure}: nan is not a value; give inf where a pair cannot be reached.")
        object.__setattr__(self, "values", values)

    def at(self, row: str, column: str) -> float:
        """Return one value by its labels."""
        return float(self.values[self.rows.index(row), self.columns.index(column)])
