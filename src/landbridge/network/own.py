"""A network made of a study's own lines alone, for studies that do without the world's."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from landbridge.core.coded import Coded
from landbridge.core.tables import Table
from landbridge.network.building import NewLine, NewTransfer, links_of, transfers_of
from landbridge.network.network import MODES, RAIL, ROAD, SEA, Network, Nodes

DECIMALS = 4
"""Ends whose degrees agree to this many decimals are one node."""
DEFAULT_GAUGE_MM = 1435


def own_network(links: Table) -> Network:
    """Return the network of a table `LINKS`: a node for every end, without prices.

    A node where a line of the sea meets one of the land is a port, named by its place; where two gauges meet,
    freight may change between them; a railway between two countries is a crossing of its line's name.
    """
    rows = links.rows()
    places: dict[tuple[float, float], int] = {}
    country: list[str] = []
    for row in rows:
        for end in ("from", "to"):
            place = _place(row, end)
            if place not in places:
                places[place] = len(places)
                country.append(str(row[f"{end}_country"]))
            elif not country[places[place]]:
                country[places[place]] = str(row[f"{end}_country"])
    lines = [_line(row, places, country) for row in rows]
    kinds, names, transfers = [], [], []
    for place, node in places.items():
        met = {(line.mode, line.gauge_mm) for line in lines if node in (line.tail, line.head)}
        port = {mode for mode, _ in met} > {SEA} or (any(mode == SEA for mode, _ in met) and bool(country[node]))
        name = f"{place[0]:g},{place[1]:g}" if port else ""
        kinds.append("port" if port else MODES[min(mode for mode, _ in met)])
        names.append(name)
        transfers += _transfers(node, sorted(met), name, port=port)
    degrees = np.array(list(places), np.float64).reshape(len(places), 2)
    nodes = Nodes(degrees[:, 0], degrees[:, 1], Coded.of(country), Coded.of(kinds), Coded.of(names))
    return Network(nodes, links_of(lines, 0), transfers_of(transfers))


def _place(row: dict[str, Any], end: str) -> tuple[float, float]:
    return round(float(row[f"{end}_latitude_deg"]), DECIMALS), round(float(row[f"{end}_longitude_deg"]), DECIMALS)


def _line(row: dict[str, Any], places: dict[tuple[float, float], int], country: Sequence[str]) -> NewLine:
    mode = MODES.index(row["mode"])
    tail, head = places[_place(row, "from")], places[_place(row, "to")]
    crossing = mode == RAIL and country[tail] != country[head]
    return NewLine(
        tail,
        head,
        mode,
        (int(row["gauge_mm"]) or DEFAULT_GAUGE_MM) if mode == RAIL else 0,
        float(row["length_km"]),
        "crossing" if crossing else "line",
        country[tail] if mode != SEA else "",
        country[head] if mode != SEA else "",
        str(row["link"]),
        float(row["speed_kmh"]),
        float(row["capacity_teu_per_year"]),
        bool(row["open"]),
        float(row.get("departures_per_week", np.nan)),
    )


def _transfers(node: int, met: Sequence[tuple[int, int]], name: str, *, port: bool) -> list[NewTransfer]:
    """Return the transfers at a node: sea to each land mode (and to the road), gauge to gauge, road to rail."""
    land = [pair for pair in met if pair[0] != SEA]
    if port and (ROAD, 0) not in land:
        land.insert(0, (ROAD, 0))
    found = [NewTransfer(node, SEA, 0, *pair, "port", name) for pair in land if port]
    rails = [pair for pair in land if pair[0] == RAIL]
    found += [NewTransfer(node, *a, *b, "gauge", name) for k, a in enumerate(rails) for b in rails[k + 1 :]]
    if (ROAD, 0) in met:
        found += [NewTransfer(node, ROAD, 0, *pair, "terminal", name) for pair in rails]
    return found
