"""How load slows gates: BPR or queues, and the loads that go with delays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Float, Int
from landbridge.routing.delay import DEFAULT_QUEUE_LIMIT


@dataclass(frozen=True, slots=True, eq=False)
class GateSet:
    r"""G gates over A marked arcs, each delayed by its load v as ``D(v) = t phi(x)`` with ``x = p + v / c``.

    ``phi = min(x^n, limit)`` (BPR), or where gates are queues ``phi = x^n / (1 - x)`` to the utilisation of
    `landbridge.routing.delay`'s curve and its tangent beyond.

    Attributes
    ----------
    gate
        Gate of each marked arc, shape (A,).
    shared
        Whether the arcs of a gate work side by side (loads add up) or one after the other (the most loaded counts).
    scale_hours
        t, shape (G,).
    capacity_teu
        c, shape (G,).
    preload, power, limit
        p, n and the largest phi.
    queues
        Whether gates are queues.
    """

    gate: Int
    shared: NDArray[np.bool_]
    scale_hours: Float
    capacity_teu: Float
    preload: float
    power: float
    limit: float
    queues: bool = False

    def hours(self, load_teu: Float) -> Float:
        """Return the hours that loads (G,) add."""
        hours: Float = self.scale_hours * np.minimum(self._growth(self.filled(load_teu))[0], self.limit)
        return hours

    def filled(self, load_teu: Float) -> Float:
        """Return x of loads (G,)."""
        filled: Float = self.preload + np.maximum(load_teu, 0.0) / self.capacity_teu
        return filled

    def root(self, load_teu: Float) -> Float:
        """Return ``phi^(1/2)`` of loads (G,), within its bounds."""
        lowest, highest = self.bounds
        return np.clip(self._growth(self.filled(load_teu))[0] ** 0.5, lowest, highest)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest root."""
        least, _ = self._growth(np.array([max(self.preload, 0.01)]))
        return float(least[0]) ** 0.5, self.limit**0.5

    def held(self, root: Float) -> tuple[Float, Float, Float]:
        """Return loads and hours at ``root = phi^(1/2)``, and the slope of the loads, each (G,).

        In this measure both a gate's load and its delay bend little, so that Newton's steps go far.
        """
        growth = root**2
        filled = growth ** (1.0 / self.power) if not self.queues else self._queue_filled(growth)
        slope = self.capacity_teu * 2.0 * np.maximum(root, 1e-9) / np.maximum(self._growth(filled)[1], 1e-12)
        return self.capacity_teu * (filled - self.preload), self.scale_hours * growth, slope

    def _growth(self, filled: Float) -> tuple[Float, Float]:
        """Return phi without its limit, and its slope."""
        n = self.power
        if not self.queues:
            return filled**n, n * filled ** (n - 1.0)
        x = np.minimum(filled, DEFAULT_QUEUE_LIMIT)
        slope = x ** (n - 1.0) * (n * (1.0 - x) + x) / (1.0 - x) ** 2
        return x**n / (1.0 - x) + slope * (filled - x), slope

    def _queue_filled(self, growth: Float) -> Float:
        """Return x of phi by bisection, and beyond the curve by its tangent."""
        edge = np.full(len(growth), DEFAULT_QUEUE_LIMIT)
        most, slope = self._growth(edge)
        low, high = np.zeros(len(growth)), edge.copy()
        for _ in range(60):
            middle = 0.5 * (low + high)
            under = self._growth(middle)[0] < growth
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.where(growth > most, edge + (growth - most) / slope, high)

    def loads(self, arcs: Float) -> Float:
        """Return the load of every gate for loads of the marked arcs (A,)."""
        total = np.bincount(self.gate, arcs, len(self.shared))
        most = np.zeros(len(self.shared))
        np.maximum.at(most, self.gate, arcs)
        return np.where(self.shared, total, most)

    def leads(self, arcs: Float) -> NDArray[np.bool_]:
        """Return which marked arcs count for the load of their gate, shape (A,)."""
        best = np.full(len(self.shared), -1)
        for arc in np.argsort(arcs, kind="stable").tolist():
            best[self.gate[arc]] = arc
        chosen = self.shared[self.gate].copy()
        chosen[best[best >= 0]] = True
        return chosen
