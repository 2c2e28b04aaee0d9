"""Lines and named sections that a study adds to the base network."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Bool, Int
from landbridge.core.problems import Problem, refuse
from landbridge.core.tables import Table
from landbridge.network.building import NewLine, NewTransfer, nodes_of_mode, with_lines
from landbridge.network.components import connected_parts
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import MODES, RAIL, Network

JOIN_KM: Final = 60.0
"""A line or section that starts farther than this from every node of its mode and country is a fault."""


def _nearest(network: Network, nodes: Int, place: tuple[float, float]) -> tuple[int, float]:
    """Return the nearest of the nodes to (latitude, longitude) and how far it is in km; (0, inf) of none."""
    if not len(nodes):
        return 0, float("inf")
    away = great_circle_km(*place, network.nodes.latitude_deg[nodes], network.nodes.longitude_deg[nodes])
    at = int(np.argmin(away))
    return int(nodes[at]), float(away[at])


def _far(file: str, row: int, end: str, mode: str, countries: str, km: float) -> Problem:
    """Return the fault of an end that no node is near."""
    where = f"nearest {mode} node of {countries or 'any country'} is {km:.0f} km away"
    if not np.isfinite(km):
        where = f"no {mode} node in {countries}"
    text = f"the {end} joins nothing: {where}, at most {JOIN_KM:.0f} km are joined. Correct place, mode or country."
    return Problem("LB311", text, file=file, row=row + 2, column=f"{end}_latitude_deg")


def _gauges_at(network: Network, node: int) -> set[int]:
    """Return the gauges of the rails at a node."""
    links = network.links
    return set(links.gauge_mm[(links.tail == node) & (links.mode == RAIL)].tolist())


def add_lines(network: Network, links: Table) -> Network:
    """Add the lines of a study (table `LINKS`), each two links between the nearest nodes of its mode and country.

    A rail line without a stated gauge takes one of the rails where it starts. Where it meets no rails of its
    own gauge, a gauge transfer of the line's name joins it to those there are. A rail line between two
    countries is a crossing. The new links have no prices: call `price_network` next.

    Raises
    ------
    StudyError
        Listing ends farther than `JOIN_KM` from the network and names that it holds already.
    """
    problems: list[Problem] = []
    lines: list[NewLine] = []
    transfers: list[NewTransfer] = []
    taken = {network.links.name.words[code] for code in np.unique(network.links.name.codes).tolist()}
    for i, row in enumerate(links.rows()):
        if row["link"] in taken:
            text = f"{row['link']!r} names a line already. Give another name."
            problems.append(Problem("LB312", text, file="tables/links.csv", row=i + 2, column="link"))
        taken.add(row["link"])
        mode = MODES.index(row["mode"])
        ends = []
        for end in ("from", "to"):
            nodes = nodes_of_mode(network, mode)
            country = row[f"{end}_country"]
            mine = nodes[network.nodes.country.mask(country)[nodes]] if country else nodes
            node, km = _nearest(network, mine, (row[f"{end}_latitude_deg"], row[f"{end}_longitude_deg"]))
            if km > JOIN_KM:
                problems.append(_far("tables/links.csv", i, end, row["mode"], country, km))
            ends.append(node)
        line, more = _line(network, row, mode, ends)
        lines.append(line)
        transfers += more
    refuse(problems)
    return with_lines(network, lines, transfers)


def _line(network: Network, row: dict[str, Any], mode: int, ends: list[int]) -> tuple[NewLine, list[NewTransfer]]:
    """Return a line and the gauge transfers that it needs at its ends."""
    gauge = int(row["gauge_mm"])
    transfers = []
    if mode == RAIL:
        at_ends = [_gauges_at(network, node) for node in ends]
        both = at_ends[0] & at_ends[1]
        gauge = gauge or min(both or at_ends[0] or {1435})
        for node, gauges in zip(ends, at_ends, strict=True):
            if gauge not in gauges:
                transfers += [NewTransfer(node, RAIL, gauge, RAIL, mm, "gauge", row["link"]) for mm in sorted(gauges)]
    countries = [
        row["from_country"] or network.nodes.country[ends[0]],
        row["to_country"] or network.nodes.country[ends[1]],
    ]
    line = NewLine(
        tail=ends[0],
        head=ends[1],
        mode=mode,
        gauge_mm=gauge,
        km=float(row["length_km"]),
        kind="crossing" if mode == RAIL and countries[0] != countries[1] else "line",
        tail_country=countries[0],
        head_country=countries[1],
        name=row["link"],
        speed_kmh=float(row["speed_kmh"]),
        capacity_teu_per_year=float(row["capacity_teu_per_year"]),
        open=bool(row["open"]),
        departures_per_week=float(row.get("departures_per_week", np.nan)),
    )
    return line, transfers


def _stops(network: Network, rows: Int, places: tuple[tuple[float, float], ...]) -> list[int]:
    """Return the nodes nearest to the places in the one connected part nearest to all; none if any is far.

    Yards and abandoned ends that lie nearer to a place than its line does thus take no part.
    """
    links = network.links
    part = connected_parts(len(network.nodes), links.tail[rows], links.head[rows])
    nodes = np.unique(links.tail[rows])
    best: dict[int, list[tuple[float, int]]] = {}
    for i, place in enumerate(places):
        away = great_circle_km(*place, network.nodes.latitude_deg[nodes], network.nodes.longitude_deg[nodes])
        near = np.flatnonzero(away <= JOIN_KM)
        for at in near[np.argsort(away[near], kind="stable")].tolist():
            found = best.setdefault(int(part[nodes[at]]), [])
            if len(found) == i:
                found.append((float(away[at]), int(nodes[at])))
    whole = [found for found in best.values() if len(found) == len(places)]
    if not whole:
        return []
    return [node for _, node in min(whole, key=lambda found: sum(km for km, _ in found))]


def section_edges(
    network: Network, mode: int, countries: tuple[str, ...], places: tuple[tuple[float, float], ...]
) -> Int:
    """Return the edges of the shortest open way along one mode through places, inside countries.

    Parameters
    ----------
    network
        Network to search.
    mode
        Position in `MODES`.
    countries
        ISO codes that links of the way may have; empty for any.
    places
        Two or more (latitude, longitude); taken at the nearest nodes of the one connected part that lies
        nearest to all of them.

    Returns
    -------
    Positions of the links walked, in order; empty where there is no way.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    links = network.links
    allowed: Bool = (links.mode == mode) & links.open
    if countries:
        allowed &= links.country.mask(*countries)
        inside = network.nodes.country.mask(*countries)
        allowed &= inside[links.tail] & inside[links.head]
    rows = np.flatnonzero(allowed)
    stops = _stops(network, rows, places)
    if not stops:
        return np.zeros(0, np.int64)
    n = len(network.nodes)
    order = np.lexsort((links.km[rows], links.head[rows], links.tail[rows]))
    rows = rows[order]
    first = np.ones(len(rows), np.bool_)
    first[1:] = (np.diff(links.tail[rows]) != 0) | (np.diff(links.head[rows]) != 0)
    rows = rows[first]
    graph = csr_matrix((np.maximum(links.km[rows], 1e-9), (links.tail[rows], links.head[rows])), shape=(n, n))
    at = dict(zip(zip(links.tail[rows].tolist(), links.head[rows].tolist(), strict=True), rows.tolist(), strict=True))
    walked: list[int] = []
    for start, end in pairwise(stops):
        all_away, all_before = dijkstra(graph, indices=np.array([start]), return_predecessors=True)
        away, before = all_away[0], all_before[0]
        if not np.isfinite(away[end]):
            return np.zeros(0, np.int64)
        node, back = end, []
        while node != start:
            back.append(at[int(before[node]), node])
            node = int(before[node])
        walked += back[::-1]
    return np.array(walked, dtype=np.int64)


def name_sections(network: Network, sections: Table) -> Network:
    """Give the shortest way of each section its name, speed and capacity, in both directions.

    Links that have a name already (crossings, lines of the study) keep it, so that a measure on a crossing
    stays a measure on the crossing. A speed here stands above the country's: call `price_network` next.

    Raises
    ------
    StudyError
        Listing sections without a way, and stretches that two sections claim.
    """
    links = network.links
    name, speed, capacity = links.name, links.speed_kmh.copy(), links.capacity_teu_per_year.copy()
    problems: list[Problem] = []
    mine: dict[int, str] = {}
    for i, row in enumerate(sections.rows()):
        places = tuple((row[f"{end}_latitude_deg"], row[f"{end}_longitude_deg"]) for end in ("from", "to"))
        countries = tuple(part for part in str(row["countries"]).split("+") if part)
        walked = section_edges(network, MODES.index(row["mode"]), countries, places)
        if not len(walked):
            where = f"by {row['mode']} inside {row['countries']}"
            text = f"no open way for {row['section']!r} {where}. Correct ends or countries."
            problems.append(Problem("LB313", text, file="tables/sections.csv", row=i + 2, column="section"))
            continue
        free = np.isin(links.edge, links.edge[walked]) & links.name.mask("")
        claimed = {mine[edge] for edge in np.unique(links.edge[free]).tolist() if edge in mine}
        if claimed:
            text = f"{row['section']!r} runs over {', '.join(sorted(claimed))}. End one where the other starts."
            problems.append(Problem("LB314", text, file="tables/sections.csv", row=i + 2, column="section"))
        mine |= dict.fromkeys(np.unique(links.edge[free]).tolist(), row["section"])
        name = name.with_words(free, row["section"])
        if np.isfinite(row["speed_kmh"]):
            speed[free] = row["speed_kmh"]
        if np.isfinite(row["capacity_teu_per_year"]):
            capacity[free] = row["capacity_teu_per_year"]
    refuse(problems)
    return replace(network, links=replace(links, name=name, speed_kmh=speed, capacity_teu_per_year=capacity))
