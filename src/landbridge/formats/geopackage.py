"""Write networks as GeoPackage, for QGIS."""

from pathlib import Path
from typing import Any

import numpy as np

from landbridge.core.problems import MissingExtraError
from landbridge.formats.geojson import drawn_links, link_attributes, parts_of
from landbridge.formats.gmns import FilePath
from landbridge.network.network import Network
from landbridge.network.shapes import path_of


def write_geopackage(network: Network, path: FilePath, *, from_base: bool = True) -> None:
    """Write the layers ``links`` and ``nodes`` in WGS 84; a file of that name is replaced.

    Lines that cross the 180th meridian are cut there; a two-way line whose directions are alike is one feature with
    ``both_ways`` true. Nodes without coordinates are left out.

    Parameters
    ----------
    network
        Any network.
    path
        File to write, ``.gpkg``.
    from_base
        Draw the base network's lines along their points; False for networks of other making.

    Raises
    ------
    MissingExtraError
        If pyogrio or shapely is not installed.
    """
    try:
        import shapely
        from pyogrio.raw import write
    except ImportError as error:
        raise MissingExtraError('GeoPackage needs pyogrio and shapely. Type: pip install "landbridge[gis]"') from error
    target = Path(path)
    target.unlink(missing_ok=True)
    shapes, about = [], []
    for row, both in drawn_links(network):
        latitude, longitude = path_of(network, row, from_base=from_base)
        if np.isfinite(latitude).all() and np.isfinite(longitude).all():
            parts = [[(lon, lat) for lat, lon in part] for part in parts_of(latitude, longitude)]
            shapes.append(shapely.MultiLineString(parts))
            about.append({**link_attributes(network, row), "both_ways": both})
    _layer(write, target, "links", shapely.to_wkb(np.array(shapes, dtype=object)), about, "MultiLineString")
    nodes = network.nodes
    rows = np.flatnonzero(np.isfinite(nodes.latitude_deg)).tolist()
    points = shapely.points(nodes.longitude_deg[rows], nodes.latitude_deg[rows])
    named: list[dict[str, Any]] = [
        {"node": row, "name": nodes.name[row], "kind": nodes.kind[row], "country": nodes.country[row]} for row in rows
    ]
    _layer(write, target, "nodes", shapely.to_wkb(points), named, "Point", append=target.exists())


def _layer(
    write: Any,  # noqa: ANN401 - pyogrio's function
    path: Path,
    layer: str,
    geometry: Any,  # noqa: ANN401 - an array of WKB
    rows: list[dict[str, Any]],
    kind: str,
    append: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Write one layer; an empty one is left out."""
    if not rows:
        return
    names = list(rows[0])
    columns = [_array([row[name] for row in rows]) for name in names]
    write(
        path,
        geometry=geometry,
        field_data=columns,
        fields=np.array(names, dtype=object),
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        crs="EPSG:4326",
        append=append,
    )


def _array(values: list[Any]) -> Any:  # noqa: ANN401 - a column of any type
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.bool_)
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    if all(value is None or isinstance(value, (int, float)) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array(values, dtype=object)
