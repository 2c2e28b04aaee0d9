r"""Values on all sets of blocks from those on few blocks, where many blocks hardly interact.

A function f of sets of m blocks is the sum of its interactions (Moebius transform),

.. math:: f(S) = \sum_{T \subseteq S} \mu(T), \qquad \mu(T) = \sum_{U \subseteq T} (-1)^{|T| - |U|} f(U).

Leaving out :math:`\mu(T)` of more than k blocks needs f on sets of up to k blocks only:
for 8 blocks and k = 3, 93 of 256.
Three blocks of which two do not interact are taken not to interact as three either, which needs fewer still.
"""

from itertools import combinations

import numpy as np

from landbridge.core.arrays import Float, Int


def few_blocks(m: int, order: int) -> Int:
    """Return the sets of up to `order` of m blocks, as masks in rising order."""
    every = np.arange(1 << m)
    few: Int = every[np.bitwise_count(every) <= order]
    return few


def linked_triples(value: Float, chosen: Int, m: int, tolerance: float) -> Int:
    """Return the sets of three blocks of which each two interact, as masks.

    Parameters
    ----------
    value
        On the sets of up to two blocks, shape (sets, ...).
    chosen
        Those sets, from ``few_blocks(m, 2)``.
    m
        Number of blocks.
    tolerance
        Two blocks interact if somewhere their interaction exceeds this share of the largest effect or interaction.
    """
    at = {int(mask): k for k, mask in enumerate(chosen)}
    single = [value[at[1 << k]] - value[at[0]] for k in range(m)]
    size = max((float(np.abs(one).max()) for one in single), default=0.0)
    pairs = {
        (i, j): float(np.abs(value[at[1 << i | 1 << j]] - value[at[0]] - single[i] - single[j]).max())
        for i, j in combinations(range(m), 2)
    }
    room = tolerance * max([size, *pairs.values()])
    linked = [
        1 << i | 1 << j | 1 << k
        for i, j, k in combinations(range(m), 3)
        if min(pairs[i, j], pairs[i, k], pairs[j, k]) > room
    ]
    return np.array(linked, dtype=np.int64)


def compose(value: Float, chosen: Int, m: int) -> Float:
    """Return a function on all ``2**m`` sets, shape (2**m, ...), from its values on some, shape (sets, ...).

    With a set in `chosen` all its subsets must be, as in `few_blocks`.
    """
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


def telling_sets(value: Float, m: int, tolerance: float) -> Int:
    """Return the sets whose interaction exceeds a share of the largest effect, with all their subsets, in rising order.

    Parameters
    ----------
    value
        A function on all ``2**m`` sets, shape (2**m, ...).
    m
        Number of blocks.
    tolerance
        Share of the largest value less that of the empty set.
    """
    parts = (value - value[0]).astype(np.float64)
    room = tolerance * float(np.abs(parts).max(initial=0.0))
    for k in range(m):
        pair = parts.reshape(-1, 2, 1 << k, *value.shape[1:])
        pair[:, 1] -= pair[:, 0]
    telling = np.abs(parts).reshape(1 << m, -1).max(axis=1) > room
    telling[[0, *(1 << k for k in range(m))]] = True
    for k in range(m):  # a set is kept if some set with k and otherwise the same is
        pair = telling.reshape(-1, 2, 1 << k)
        pair[:, 0] |= pair[:, 1]
    found: Int = np.flatnonzero(telling)
    return found
