"""Lambert's azimuthal equal-area projection, centred so that Eurasia and the Arctic lie undistorted."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Float

EARTH_KM: Final = 6371.0088


@dataclass(frozen=True, slots=True)
class Projection:
    """Equal-area projection of a sphere on the plane tangent at a centre, in thousands of km.

    Snyder, Map Projections: A Working Manual (1987), equations 24-2 to 24-4. What lies further than
    `horizon_deg` from the centre becomes nan.
    """

    centre_latitude_deg: float = 58.0
    centre_longitude_deg: float = 92.0
    horizon_deg: float = 115.0

    def forward(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Float, Float]:
        """Return x (east) and y (north) in thousands of km."""
        phi, lam = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
        phi0, lam0 = np.radians(self.centre_latitude_deg), np.radians(self.centre_longitude_deg)
        cosine = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam - lam0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = EARTH_KM / 1000.0 * np.sqrt(2.0 / (1.0 + cosine))
            x = scale * np.cos(phi) * np.sin(lam - lam0)
            y = scale * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam - lam0))
        beyond = cosine < np.cos(np.radians(self.horizon_deg))
        return np.where(beyond, np.nan, x), np.where(beyond, np.nan, y)


EURASIA: Final = Projection()
"""Eurasia with the Arctic; Suez, Singapore and Japan in view."""
