r"""Values on all sets of blocks from those on few blocks, where many blocks hardly interact.

A function f of sets of m blocks is the sum of its interactions (Moebius transform),

.. math:: f(S) = \sum_{T \subseteq S} \mu(T), \qquad \mu(T) = \sum_{U \subseteq T} (-1)^{|T| - |U|} f(U).

Leaving out :math:`\mu(T)` of more than k blocks needs f on sets of up to k blocks only: for 8 blocks
and k = 3, 93 of 256.
"""

import numpy as np

from landbridge.core.arrays import Float, Int


def few_blocks(m: int, order: int) -> Int:
    """Return the sets of up to `order` of m blocks, as masks in rising order."""
    every = np.arange(1 << m)
    few: Int = every[np.bitwise_count(every) <= order]
    return few


def compose(value: Float, chosen: Int, m: int) -> Float:
    """Return a function on all ``2**m`` sets, shape (2**m, ...), from its values on `few_blocks`, shape (sets, ...)."""
    whole = np.zeros((1 << m, *value.shape[1:]))
    whole[chosen] = value
    for k in range(m):
        pair = whole.reshape(-1, 2, 1 << k, *value.shape[1:])
        pair[:, 1] -= pair[:, 0]
    kept = np.zeros_like(whole)
    kept[chosen] = whole[chosen]
    for k in range(m):
        pair = kept.reshape(-1, 2, 1 << k, *value.shape[1:])
        pair[:, 1] += pair[:, 0]
    return kept
