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
        self._drifts = np.zeros((n_scenarios, depth, size))
        self._sums = np.zeros((n_scenarios, depth, size))
        self._products = np.zeros((n_scenarios, depth, depth))
        self._old: tuple[Float, Float] | None = None
        self._count = 0

    def step(self, x: Float, force: Float) -> Float:
        """Return the accelerated step at x with residual `force`, both (S, D), and remember them."""
        result = force
        if self._old is not None:
            depth = self._drifts.shape[1]
            slot = self._count % depth
            self._count += 1
            kept = min(self._count, depth)
            drift = force - self._old[1]
            self._drifts[:, slot] = drift
            np.subtract(x, self._old[0], out=self._sums[:, slot])
            self._sums[:, slot] += drift
            drifts = self._drifts[:, :kept]
            products = np.matmul(drifts, drift[:, :, None])[:, :, 0]
            self._products[:, slot, :kept] = self._products[:, :kept, slot] = products
            gamma = _fit(self._products[:, :kept, :kept], np.matmul(drifts, force[:, :, None]))
            result = force - np.matmul(gamma.transpose(0, 2, 1), self._sums[:, :kept])[:, 0, :]
        self._old = (x, force)
        return result


def _fit(normal: Float, right: Float) -> Float:
    """Return the least-squares weights of the remembered steps, shape (S, kept, 1)."""
    size = np.trace(normal, axis1=1, axis2=2)[:, None, None] + 1e-300
    gamma: Float = np.linalg.solve(normal / size + RIDGE * np.eye(normal.shape[1]), right / size)
    return gamma
