"""Distances on the sphere and the nearest of many points."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Float

EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG), in km."""


def great_circle_km(
    latitude_1_deg: ArrayLike, longitude_1_deg: ArrayLike, latitude_2_deg: ArrayLike, longitude_2_deg: ArrayLike
) -> Float:
    r"""Return great-circle distances in km by the haversine formula; arguments broadcast.

    :math:`d = 2R \arcsin\sqrt{\sin^2(\Delta\varphi/2) + \cos\varphi_1\cos\varphi_2\sin^2(\Delta\lambda/2)}`
    """
    one, two = np.radians(latitude_1_deg), np.radians(latitude_2_deg)
    across = np.radians(np.subtract(longitude_2_deg, longitude_1_deg))
    half = np.sin((two - one) / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)
