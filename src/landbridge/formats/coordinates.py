"""Coordinates of other people's networks as degrees: as they are, or by the inverse of UTM or a cone."""

from typing import Final

import numpy as np

from landbridge.core.arrays import Float

_RADIUS_M: Final = 6378137.0
_FLATTENING: Final = 1.0 / 298.257223563
_GEOGRAPHIC: Final = (4326, 4269, 4258)
"""EPSG codes of longitude and latitude (WGS 84, NAD 83, ETRS 89): alike to less than two metres."""


_US_FOOT_M: Final = 1200.0 / 3937.0
_CONES: Final = {
    # EPSG code: origin north and east, first and second standard parallel, false easting, metres a unit
    3734: (39.0 + 40.0 / 60.0, -82.5, 40.0 + 26.0 / 60.0, 41.7, 600_000.0, _US_FOOT_M),
    3735: (38.0, -82.5, 38.0 + 44.0 / 60.0, 40.0 + 2.0 / 60.0, 600_000.0, _US_FOOT_M),
}
"""Cones of Ohio, north and south, in US survey feet (EPSG): the published GMNS network of Lima stands on one."""


def to_degrees(x: Float, y: Float, epsg: int | None) -> tuple[Float, Float]:
    """Return latitude and longitude in degrees, shape (n,) each; nan where the system is not known.

    Parameters
    ----------
    x, y
        As the file gives them.
    epsg
        Code of the system: geographic, UTM (326zz north, 327zz south, 269zz NAD 83, 258zz ETRS 89), or a cone of
        Ohio (3734, 3735). None: geographic if all values are possible degrees.
    """
    possible = bool(len(x)) and bool((np.abs(x) <= 180.0).all() and (np.abs(y) <= 90.0).all())
    if epsg in _GEOGRAPHIC or (epsg is None and possible):
        return np.asarray(y, np.float64), np.asarray(x, np.float64)
    if epsg is not None and epsg // 100 in (326, 327, 269, 258) and 1 <= epsg % 100 <= 60:
        return utm_to_degrees(x, y, zone=epsg % 100, south=epsg // 100 == 327)
    if epsg in _CONES:
        return _cone_to_degrees(x, y, *_CONES[epsg])
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


def _cone_to_degrees(  # noqa: PLR0913, PLR0917 -- the parameters of the projection
    easting: Float,
    northing: Float,
    origin_north_deg: float,
    origin_east_deg: float,
    first_deg: float,
    second_deg: float,
    false_easting_m: float,
    unit_m: float,
) -> tuple[Float, Float]:
    """Return latitude and longitude by Lambert's conformal cone with two parallels (Snyder 1987, 15-1 to 15-9).

    The latitude of a conformal one by five rounds of equation 7-9: within 1 mm.
    """
    e = (_FLATTENING * (2.0 - _FLATTENING)) ** 0.5

    def cone(latitude: Float) -> Float:
        sine = e * np.sin(latitude)
        return np.asarray(np.tan(np.pi / 4.0 - latitude / 2.0) / ((1.0 - sine) / (1.0 + sine)) ** (e / 2.0))

    def parallel(latitude: Float) -> Float:
        return np.asarray(np.cos(latitude) / np.sqrt(1.0 - (e * np.sin(latitude)) ** 2))

    lat = np.radians(np.array([first_deg, second_deg, origin_north_deg]))
    t, m = cone(lat), parallel(lat)
    n = float(np.log(m[0] / m[1]) / np.log(t[0] / t[1]))
    factor = float(m[0] / (n * t[0] ** n))
    x, y = easting * unit_m - false_easting_m, northing * unit_m
    below = _RADIUS_M * factor * float(t[2]) ** n - y
    at = (np.hypot(x, below) / (_RADIUS_M * factor)) ** (1.0 / n)
    latitude = np.pi / 2.0 - 2.0 * np.arctan(at)
    for _ in range(5):
        sine = e * np.sin(latitude)
        latitude = np.pi / 2.0 - 2.0 * np.arctan(at * ((1.0 - sine) / (1.0 + sine)) ** (e / 2.0))
    return np.degrees(latitude), np.degrees(np.arctan2(x, below) / n) + origin_east_deg
