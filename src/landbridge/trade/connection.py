"""Which economies trade with which, directly or not: groups that no trade joins have no common price level."""

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int


def reachable(linked: Bool) -> Bool:
    """Return which economy reaches which along links, itself included, shape (N, N)."""
    reach = (linked | np.eye(len(linked), dtype=np.bool_)).astype(np.float32)
    steps = 1
    while steps < len(linked) and not reach.all():
        reach = np.minimum(reach @ reach, np.float32(1.0))
        steps *= 2
    return reach > 0


def trading_groups(weights: Float, payers: tuple[tuple[int, NDArray[np.float64]], ...] = ()) -> Int:
    """Return the number of the group of each economy, shape (N,): groups are joined by any trade or charge.

    Parameters
    ----------
    weights
        Shape (N, N); a positive cell is trade.
    payers
        For each charge its recipient and the weights that pay it, (N, N).
    """
    linked = weights > 0
    for recipient, paid in payers:
        linked[recipient] |= (paid > 0).any(0)
    return _numbered(reachable(linked | linked.T))


def one_way(weights: Float) -> Int:
    """Return the economies that sell to others from whom they cannot buy back along any chain of trade."""
    reach = reachable(weights > 0)
    return np.flatnonzero((reach & ~reach.T).any(1))


def _numbered(reach: Bool) -> Int:
    return np.unique(reach.argmax(1), return_inverse=True)[1].astype(np.int64)
