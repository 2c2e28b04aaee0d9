"""Sets as whole numbers: bit i of a mask stands for the i-th member or measure."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int


def membership(n: int) -> Bool:
    """Return who stands in each of the ``2**n`` sets, shape (2**n, n)."""
    stands: Bool = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1 == 1
    return stands


def sizes(n: int) -> Int:
    """Return the number of members of each of the ``2**n`` sets, shape (2**n,)."""
    return np.bitwise_count(np.arange(1 << n)).astype(np.int64)


def sums(weights: Float) -> Float:
    """Return ``x(S)``, the sum of the weights (n,) over each set, shape (2**n,)."""
    total = np.zeros(1)
    for weight in weights:
        total = np.concatenate([total, total + weight])
    return total


def subsets(mask: int) -> Int:
    """Return all subsets of a mask in rising order, from 0 to the mask itself."""
    found = np.zeros(1, np.int64)
    bit = 1
    while bit <= mask:
        if mask & bit:
            found = np.concatenate([found, found | bit])
        bit <<= 1
    return found


def mask_of(names: Iterable[str], order: Sequence[str]) -> int:
    """Return the mask of the names; every name must stand in `order`."""
    return sum(1 << order.index(name) for name in set(names))


def names_of(mask: int, order: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a mask, in order."""
    return tuple(name for i, name in enumerate(order) if mask >> i & 1)


def rows_of(masks: NDArray[np.integer], n: int) -> Float:
    """Return the masks as rows of zeros and ones, shape (len(masks), n)."""
    return ((np.asarray(masks)[:, None] >> np.arange(n)) & 1).astype(np.float64)
