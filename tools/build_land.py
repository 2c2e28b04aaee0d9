"""Make the land outline of the maps from Natural Earth: ``python -m tools.build_land``.

Reads ``land-50m.json`` of the npm package world-atlas 2.0.2 (Natural Earth, public domain), fetched with
``npm pack``; drops islands under 150 square km, simplifies to 0.04 degrees and writes
``src/landbridge/data/land.npz``: flat latitudes and longitudes with the start of every ring.
"""

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from shapely.geometry import Polygon

TARGET = Path(__file__).parents[1] / "src" / "landbridge" / "data" / "land.npz"
TOLERANCE_DEG = 0.04
SMALLEST_SQUARE_DEG = 0.02


def fetch() -> dict[str, object]:
    """Return the TopoJSON of the package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "world-atlas@2.0.2", "--silent"], cwd=folder, check=True, capture_output=True)
        with tarfile.open(Path(folder) / "world-atlas-2.0.2.tgz") as archive:
            member = archive.extractfile("package/land-50m.json")
            if member is None:
                raise FileNotFoundError("package/land-50m.json is not in world-atlas-2.0.2.tgz")
            content: dict[str, object] = json.load(member)
    return content


def rings(topology: dict[str, object]) -> list[np.ndarray]:
    """Return every outer ring as longitude and latitude in degrees, shape (n, 2)."""
    transform: dict[str, list[float]] = topology["transform"]  # type: ignore[assignment]
    scale, shift = np.array(transform["scale"]), np.array(transform["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]  # type: ignore[attr-defined]
    found = []
    objects: dict[str, dict[str, list[dict[str, list[list[list[int]]]]]]] = topology["objects"]  # type: ignore[assignment]
    for geometry in objects["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in polygon[0]]
            found.append(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))
    return found


def main() -> None:
    """Fetch, simplify, write."""
    kept = []
    for ring in rings(fetch()):
        shape = Polygon(ring)
        if shape.area * np.cos(np.radians(ring[:, 1].mean())) < SMALLEST_SQUARE_DEG:
            continue
        kept.append(np.array(shape.simplify(TOLERANCE_DEG).exterior.coords, dtype=np.float32))
    start = np.cumsum([0, *(len(ring) for ring in kept)]).astype(np.int32)
    flat = np.concatenate(kept)
    np.savez_compressed(TARGET, longitude_deg=flat[:, 0], latitude_deg=flat[:, 1], start=start)
    print(f"{len(kept)} rings, {len(flat)} points, {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
