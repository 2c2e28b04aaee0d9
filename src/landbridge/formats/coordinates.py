"""Coordinates of other people's networks as degrees: geographic ones as they are, UTM by its inverse series."""

from typing import Final

import numpy as np

from landbridge.core.arrays import Float

_RADIUS_M: Final = 6378137.0
_FLATTENING: Final = 1.0 / 298.257223563
_GEOGRAPHIC: Final = (4326, 4269, 4258)
"""EPSG codes of longitude and latitude (WGS 84, NAD 83, ETRS 89): alike to less than two metres."""


def to_degrees(x: Float, y: Float, epsg: int | None) -> tuple[Float, Float]:
    """Return latitude and longitude in degrees, shape (n,) each; nan where the system is not known.

    Parameters
    ----------
    x, y
        As the file gives them.
    epsg
        Code of the system: geographic, or UTM (326zz north, 327zz south, 269zz NAD 83, 258zz ETRS 89). None:
        geographic if all values are possible degrees.
    """
    possible = bool(len(x)) and bool((np.abs(x) <= 180.0).all() and (np.abs(y) <= 90.0).all())
    if epsg in _GEOGRAPHIC or (epsg is None and possible):
        return np.asarray(y, np.float64), np.asarray(x, np.float64)
    if epsg is not None and epsg // 100 in (326, 327, 269, 258) and 1 <= epsg % 100 <= 60:
        return utm_to_degrees(x, y, zone=epsg % 100, south=epsg // 100 == 327)
    nowhere = np.full(len(x), np.nan)
    return nowhere, nowhere.copy()


def utm_to_degrees(easting_m: Float, northing_m: Float, *, zone: int, south: bool) -> tuple[Float, Float]:
    """Return latitude and longitude by the inverse series of Krüger (1912) to the third order in n: within 1 cm."""
    n = _FLATTENING / (2.0 - _FLATTENING)
    radius = _RADIUS_M / (1.0 + n) * (1.0 + n**2 / 4.0 + n**4 / 64.0)
    beta = (
        n / 2.0 - 2.0 * n**2 / 3.0 + 37.0 * n**3 / 96.0,
        n**2 / 48.0 + n**3 / 15.0,
        17.0 * n**3 / 480.0,
    )
    delta = (2.0 * n - 2.0 * n**2 / 3.0 - 2.0 * n**3, 7.0 * n**2 / 3.0 - 8.0 * n**3 / 5.0, 56.0 * n**3 / 15.0)
    xi = (northing_m - (1e7 if south else 0.0)) / (0.9996 * radius)
    eta = (easting_m - 5e5) / (0.9996 * radius)
    xi_0, eta_0 = xi.copy(), eta.copy()
    for j, b in enumerate(beta, start=1):
        xi_0 -= b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        eta_0 -= b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    chi = np.arcsin(np.clip(np.sin(xi_0) / np.cosh(eta_0), -1.0, 1.0))
    latitude = chi + sum(d * np.sin(2 * j * chi) for j, d in enumerate(delta, start=1))
    longitude = np.arctan2(np.sinh(eta_0), np.cos(xi_0))
    return np.degrees(latitude), np.degrees(longitude) + 6.0 * zone - 183.0
