"""Anderson acceleration of many fixed points side by side."""

import numpy as np

from landbridge.core.arrays import Float

RIDGE = 1e-13
"""Relative weight that keeps the least squares solvable when remembered steps are all but parallel."""


class Memory:
    """The last steps of S fixed points in D unknowns, in a ring of `depth`; local to one solve.

    Type II of Fang and Saad (2009): with f the (preconditioned) residual, the step is
    ``f - (dX + dF)^T gamma``, gamma the least-squares fit of f by the remembered dF.
    """

    def __init__(self, n_scenarios: int, size: int, depth: int) -> None:
        self._moves = np.zeros((n_scenarios, depth, size))
        self._drifts = np.zeros((n_scenarios, depth, size))
        self._old: tuple[Float, Float] | None = None
        self._count = 0

    def step(self, x: Float, force: Float) -> Float:
        """Return the accelerated step at x with residual `force`, both (S, D), and remember them."""
        result = force
        if self._old is not None:
            depth = self._moves.shape[1]
            slot = self._count % depth
            self._moves[:, slot] = x - self._old[0]
            self._drifts[:, slot] = force - self._old[1]
            self._count += 1
            kept = min(self._count, depth)
            result = force - _correction(self._moves[:, :kept], self._drifts[:, :kept], force)
        self._old = (x, force)
        return result


def _correction(moves: Float, drifts: Float, force: Float) -> Float:
    normal = np.matmul(drifts, drifts.transpose(0, 2, 1))
    size = np.trace(normal, axis1=1, axis2=2)[:, None, None] + 1e-300
    right = np.matmul(drifts, force[:, :, None]) / size
    gamma = np.linalg.solve(normal / size + RIDGE * np.eye(drifts.shape[1]), right)
    left = gamma.transpose(0, 2, 1)
    result: Float = (np.matmul(left, moves) + np.matmul(left, drifts))[:, 0, :]
    return result
