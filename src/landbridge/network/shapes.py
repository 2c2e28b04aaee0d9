"""Where links run on the map: the points between their ends."""

from functools import cache

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import Network
from landbridge.network.prices import DATA


@cache
def _base_shapes() -> tuple[Int, Float, Float]:
    """Return the first point of each base line and its points in degrees, without the lines' ends."""
    with np.load(DATA / "base_shapes.npz") as archive:
        start = np.concatenate([[0], np.cumsum(archive["count"].astype(np.int64))])
        latitude = np.cumsum(archive["latitude_step"], dtype=np.int64) / 1000.0
        longitude = np.cumsum(archive["longitude_step"], dtype=np.int64) / 1000.0
    return start, latitude, longitude


def runs_on_base(network: Network) -> bool:
    """Return whether the links begin with those of the base network, as when zones, lines or measures were added.

    A network of a study's own lines, or a simplified one, does not: its lines have no shipped shapes.
    """
    m = len(_base_shapes()[0]) - 1
    edge = network.links.edge
    if len(edge) < 2 * m:
        return False
    number = np.arange(m)
    return bool((edge[:m] == number).all() and (edge[m : 2 * m] == number).all())


def path_of(network: Network, row: int, *, from_base: bool = True) -> tuple[Float, Float]:
    """Return latitudes and longitudes of a link's points in degrees, its ends included.

    Parameters
    ----------
    network
        The base network or one with lines added to it.
    row
        Row of the link.
    from_base
        False for a network of a study's own lines, which run straight.
    """
    links, nodes = network.links, network.nodes
    edge, tail, head = int(links.edge[row]), int(links.tail[row]), int(links.head[row])
    ends = [tail, head]
    latitude, longitude = nodes.latitude_deg[ends], nodes.longitude_deg[ends]
    if not from_base:
        return latitude, longitude
    start, lat, lon = _base_shapes()
    if edge >= len(start) - 1:
        return latitude, longitude
    between = slice(int(start[edge]), int(start[edge + 1]))
    inner_lat, inner_lon = lat[between], lon[between]
    if row >= len(start) - 1:
        inner_lat, inner_lon = inner_lat[::-1], inner_lon[::-1]
    return (
        np.concatenate([latitude[:1], inner_lat, latitude[1:]]),
        np.concatenate([longitude[:1], inner_lon, longitude[1:]]),
    )


def way_on_map(network: Network, walked: Int, *, from_base: bool = True) -> tuple[Float, Float]:
    """Return latitudes and longitudes of a way, shape (n_points,) each; none of no links.

    Parameters
    ----------
    network
        The base network or one with lines added to it.
    walked
        Rows of the links of the way, in order, shape (n_walked,).
    from_base
        False for a network whose lines run straight (`runs_on_base`).
    """
    latitude, longitude = [np.zeros(0)], [np.zeros(0)]
    for place, row in enumerate(walked.tolist()):
        lat, lon = path_of(network, row, from_base=from_base)
        latitude.append(lat[1 if place else 0 :])
        longitude.append(lon[1 if place else 0 :])
    return np.concatenate(latitude), np.concatenate(longitude)
