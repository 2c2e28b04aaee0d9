"""How the lines of the base network run on the map: points between the ends of each line, read when asked for."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import Links, Nodes
from landbridge.network.prices import DATA


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Points between the ends of the base network's lines, from the tail of each line's first link on.

    Line `e` has the points ``first[e]`` to ``first[e + 1]`` (not included); lines that a study adds have none.
    """

    first: Int
    latitude_deg: Float
    longitude_deg: Float


@cache
def base_shapes() -> Shapes:
    """Read the shapes once a process; 0.005 degrees were given up in thinning them."""
    with np.load(DATA / "base_shapes.npz") as archive:
        first = np.concatenate([[0], np.cumsum(archive["count"].astype(np.int64))])
        latitude = np.cumsum(archive["latitude_step"].astype(np.int64)) / 1000.0
        longitude = np.cumsum(archive["longitude_step"].astype(np.int64)) / 1000.0
    return Shapes(first, latitude, longitude)


def way_on_map(nodes: Nodes, links: Links, walked: Int) -> tuple[Float, Float]:
    """Return latitudes and longitudes of a way, shape (n_points,) each.

    Parameters
    ----------
    nodes, links
        Of the base network or of one grown from it.
    walked
        Positions of the links of the way, in order, shape (n_walked,).
    """
    shapes = base_shapes()
    lines = len(shapes.first) - 1
    latitude: list[Float] = []
    longitude: list[Float] = []
    for link in walked.tolist():
        latitude.append(nodes.latitude_deg[[links.tail[link]]])
        longitude.append(nodes.longitude_deg[[links.tail[link]]])
        edge = int(links.edge[link])
        if edge < lines:
            rows = slice(int(shapes.first[edge]), int(shapes.first[edge + 1]))
            step = 1 if link < lines else -1
            latitude.append(shapes.latitude_deg[rows][::step])
            longitude.append(shapes.longitude_deg[rows][::step])
    if len(walked):
        latitude.append(nodes.latitude_deg[[links.head[walked[-1]]]])
        longitude.append(nodes.longitude_deg[[links.head[walked[-1]]]])
    blank = [np.zeros(0)]
    return np.concatenate(latitude or blank), np.concatenate(longitude or blank)
