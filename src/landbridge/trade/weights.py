"""Matrices of trade weights for many scenarios: one matrix for each, or one for all with few cells changed."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float, Int


@dataclass(frozen=True, slots=True, eq=False)
class DenseWeights:
    """One matrix for each scenario: ``values`` has shape (S, N, N), exporter by importer."""

    values: Float

    def into_importers(self, u: Float) -> Float:
        """Return ``sum_i K_ij u_i``, shape (S, N), for u of shape (S, N)."""
        result: Float = np.matmul(u[:, None, :], self.values)[:, 0, :]
        return result

    def into_exporters(self, v: Float) -> Float:
        """Return ``sum_j K_ij v_j``, shape (S, N), for v of shape (S, N)."""
        result: Float = np.matmul(self.values, v[:, :, None])[:, :, 0]
        return result

    def matrix(self, scenario: int) -> Float:
        """Return the matrix of one scenario, shape (N, N)."""
        result: Float = self.values[scenario]
        return result

    def zeros(self) -> Bool:
        """Return whether any cell is zero, shape (S,)."""
        size = self.values.shape[1] * self.values.shape[2]
        result: Bool = np.count_nonzero(self.values, axis=(1, 2)) < size
        return result


@dataclass(frozen=True, slots=True, eq=False)
class SparseWeights:
    """One matrix for all scenarios plus changes of single cells.

    Attributes
    ----------
    base
        Shape (N, N).
    scenario, row, column
        Shape (n_cells,): which cell of which scenario differs, each at most once.
    change
        Shape (n_cells,): by how much it differs from `base`.
    n
        Number of scenarios.
    """

    base: Float
    scenario: Int
    row: Int
    column: Int
    change: Float
    n: int

    def into_importers(self, u: Float) -> Float:
        """Return ``sum_i K_ij u_i``, shape (S, N), for u of shape (S, N)."""
        result: Float = u @ self.base
        if len(self.change):
            size = self.base.shape[0]
            moved = self.change * u[self.scenario, self.row]
            result += np.bincount(self.scenario * size + self.column, moved, result.size).reshape(result.shape)
        return result

    def into_exporters(self, v: Float) -> Float:
        """Return ``sum_j K_ij v_j``, shape (S, N), for v of shape (S, N)."""
        result: Float = v @ self.base.T
        if len(self.change):
            size = self.base.shape[0]
            moved = self.change * v[self.scenario, self.column]
            result += np.bincount(self.scenario * size + self.row, moved, result.size).reshape(result.shape)
        return result

    def matrix(self, scenario: int) -> Float:
        """Return the matrix of one scenario, shape (N, N)."""
        mine = self.scenario == scenario
        result = self.base.copy()
        result[self.row[mine], self.column[mine]] += self.change[mine]
        return result

    def zeros(self) -> Bool:
        """Return whether any cell is zero, shape (S,)."""
        result = np.full(self.n, np.count_nonzero(self.base) < self.base.size)
        result[self.scenario[self.change == -self.base[self.row, self.column]]] = True
        return result


Weights = DenseWeights | SparseWeights
