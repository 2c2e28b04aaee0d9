"""Arrays that nobody can change after they are made."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

NO_LINK = -1
"""No predecessor: the one mark for 'there is none' in arrays of positions."""


def locked(values: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[np.generic]:
    """Return `values` as a read-only array: itself if it already is one, else a locked copy."""
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def positions(wanted: Sequence[str] | NDArray[np.str_], known: Sequence[str]) -> Int:
    """Return the position of each wanted label among the known ones; ``NO_LINK`` where absent."""
    at = {label: i for i, label in enumerate(known)}
    return np.array([at.get(str(label), NO_LINK) for label in wanted], dtype=np.int64)
