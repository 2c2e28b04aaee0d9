"""The study's lines on the map, drawn when they are first asked for and then kept."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.figures.drawn import Path, Web, draw_path
from landbridge.network.shapes import path_of
from landbridge.pipeline.ground import Ground

SMALLEST_TEU: Final = 200.0
"""Lines with less are left off the page's map."""
JOINED: Final = 120
"""Sets of lines that are kept."""


class Geometry:
    """Lines of a ground by the number of their edge; the same for every scenario and parameter."""

    def __init__(self, ground: Ground) -> None:
        links = ground.network.links
        self._ground = ground
        self.edges, self._first, self._back = np.unique(links.edge, return_index=True, return_inverse=True)
        self._paths: dict[int, Path] = {}
        self._web = Web(self._paths, links.tail[self._first].tolist(), links.head[self._first].tolist())
        self._joined: OrderedDict[frozenset[int], list[Path]] = OrderedDict()
        self._lock = Lock()

    def both_ways(self, arcs: Float) -> Float:
        """Return loads of arcs as loads of edges, both directions together, shape (n_edges,)."""
        total: Float = np.bincount(self._back, arcs[: len(self._back)], len(self.edges)).astype(np.float64)
        return total

    def edges_of(self, links: Int) -> list[int]:
        """Return the positions of the edges of some links."""
        return sorted(set(self._back[links].tolist()))

    def name(self, edge: int) -> str:
        """Return the name or passage of an edge; empty where it has none."""
        links, row = self._ground.network.links, int(self._first[edge])
        return links.name[row] or links.passage[row]

    def mode(self, edge: int) -> int:
        """Return the position in `MODES` of an edge."""
        return int(self._ground.network.links.mode[self._first[edge]])

    def middle(self, links: Int) -> tuple[float, float]:
        """Return latitude and longitude in the middle of the longest of some links."""
        row = int(links[np.argmax(self._ground.network.links.km[links])])
        latitude, longitude = self._points(row)
        return float(latitude[len(latitude) // 2]), float(longitude[len(longitude) // 2])

    def paths(self, edges: Iterable[int]) -> dict[int, Path]:
        """Return the lines of some edges."""
        for edge in edges:
            if edge not in self._paths:
                self._paths[edge] = self._path(edge)
        return self._paths

    def joined(self, edges: Iterable[int]) -> list[Path]:
        """Return some edges as few long lines; those of the last `JOINED` sets of edges are kept."""
        key = frozenset(edges)
        with self._lock:
            if key in self._joined:
                self._joined.move_to_end(key)
                return self._joined[key]
        self.paths(key)
        found = self._web.joined(sorted(key))
        with self._lock:
            self._joined[key] = found
            while len(self._joined) > JOINED:
                self._joined.popitem(last=False)
        return found

    def _path(self, edge: int) -> Path:
        return draw_path(*self._points(int(self._first[edge])))

    def _points(self, row: int) -> tuple[Float, Float]:
        """Return latitude and longitude of a link's points from end to end."""
        ground = self._ground
        on_world = ground.study.settings.base_network == "world"
        latitude, longitude = [np.zeros(0)], [np.zeros(0)]
        for part, turned in self._parts(row):
            lat, lon = path_of(ground.whole, part, from_base=on_world)
            latitude.append(lat[::-1] if turned else lat)
            longitude.append(lon[::-1] if turned else lon)
        return np.concatenate(latitude), np.concatenate(longitude)

    def _parts(self, row: int) -> list[tuple[int, bool]]:
        """Return the original links of a link in the order in which they lie, and which of them to turn."""
        links = self._ground.whole.links
        parts = self._ground.simplified.parts_of(row).tolist()
        ends: dict[int, list[int]] = {}
        for part in parts:
            ends.setdefault(int(links.tail[part]), []).append(part)
            ends.setdefault(int(links.head[part]), []).append(part)
        at, left, way = int(self._ground.network.links.tail[row]), set(parts), []
        while left:
            part = next((p for p in ends.get(at, ()) if p in left), None)
            if part is None:
                way += [(p, False) for p in sorted(left)]
                break
            left.remove(part)
            turned = int(links.tail[part]) != at
            way.append((part, turned))
            at = int(links.tail[part] if turned else links.head[part])
        return way
