"""Matrices of trade weights for many scenarios: one matrix for each, or one for all with few cells changed."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int


@dataclass(frozen=True, slots=True, eq=False)
class DenseWeights:
    """One matrix for each scenario: ``values`` has shape (S, N, N), exporter by importer."""

    values: Float

    def into_importers(self, u: Float) -> Float:
        """Return ``sum_i K_ij u_i``, shape (S, N), for u of shape (S, N)."""
        return np.matmul(u[:, None, :], self.values)[:, 0, :]

    def into_exporters(self, v: Float) -> Float:
        """Return ``sum_j K_ij v_j``, shape (S, N), for v of shape (S, N)."""
        return np.matmul(self.values, v[:, :, None])[:, :, 0]

    def matrix(self, scenario: int) -> Float:
        """Return the matrix of one scenario, shape (N, N)."""
        return self.values[scenario]

    def diagonal_of_product(self, a: Float, b: Float) -> Float:
        """Return ``sum_j K_ij^2 a_i b_j``, shape (S, N)."""
        return a * np.matmul(self.values * self.values, b[:, :, None])[:, :, 0]

    def own(self) -> Float:
        """Return the diagonals, shape (S, N)."""
        return np.diagonal(self.values, axis1=1, axis2=2)


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
        result = u @ self.base
        if len(self.change):
            size = self.base.shape[0]
            moved = self.change * u[self.scenario, self.row]
            result += np.bincount(self.scenario * size + self.column, moved, result.size).reshape(result.shape)
        return result

    def into_exporters(self, v: Float) -> Float:
        """Return ``sum_j K_ij v_j``, shape (S, N), for v of shape (S, N)."""
        result = v @ self.base.T
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


Weights = DenseWeights | SparseWeights
