"""Turn lengths and places into hours, costs, charges and CO2 by the tables of prices."""

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Any

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.coded import Coded
from landbridge.core.tables import Table
from landbridge.network.network import ALL_MONTHS, MODES, RAIL, SEA, Links, Network, Transfers
from landbridge.network.prices import Prices
from landbridge.network.service import half_headway_hours


@dataclass(slots=True)
class _Bill:
    """Columns being filled for links or transfers of shape (n,)."""

    hours: Float
    wait: Float
    cost: Float
    charge: Float
    charge_to: Coded
    co2: Float
    capacity: Float
    months: Any
    open: Bool


def _rate_columns(links: Links, rates: Table) -> tuple[Float, Float, Float]:
    """Return speed, cost and CO2 per km of each link by mode and country, each of shape (n_links,)."""
    rows = {
        (mode, country): i
        for i, (mode, country) in enumerate(zip(rates.text("mode"), rates.text("country"), strict=True))
    }
    words = links.country.words
    table = np.full((len(MODES), len(words)), -1)
    for m, mode in enumerate(MODES):
        fallback = rows.get((mode, "*"), -1)
        table[m] = [rows.get((mode, word), fallback) for word in words]
    at = table[links.mode, links.country.codes]
    if (at < 0).any():
        missing = sorted({MODES[m] for m in links.mode[at < 0].tolist()})
        raise ValueError(f"rates hold no row of country '*' for {', '.join(missing)}.")
    return (
        rates.number("speed_kmh")[at],
        rates.number("cost_usd_per_teu_km")[at],
        rates.number("co2_kg_per_teu_km")[at],
    )


def passage_length_km(links: Links, passage: str) -> float:
    """Return the length of a full transit: the longest of the shortest ways between two ends of the passage."""
    rows = links.passage.mask(passage)
    nodes, ends = np.unique(np.concatenate([links.tail[rows], links.head[rows]]), return_inverse=True)
    half = len(ends) // 2
    onward: list[list[tuple[int, float]]] = [[] for _ in nodes]
    for a, b, km in zip(ends[:half].tolist(), ends[half:].tolist(), links.km[rows].tolist(), strict=True):
        onward[a].append((b, km))
    return max(_farthest_km(onward, start) for start in range(len(nodes)))


def _farthest_km(onward: list[list[tuple[int, float]]], start: int) -> float:
    """Return the distance of the farthest node that is reached from `start` (Dijkstra's search)."""
    away: dict[int, float] = {}
    heap = [(0.0, start)]
    while heap:
        so_far, node = heappop(heap)
        if node not in away:
            away[node] = so_far
            for head, km in onward[node]:
                heappush(heap, (so_far + km, head))
    return max(away.values())


def _months(first: int, last: int) -> int:
    """Return the bits of the months from `first` to `last`, over the turn of the year where it is smaller."""
    inside = [(first <= m <= last) if first <= last else (m >= first or m <= last) for m in range(1, 13)]
    return sum(1 << i for i, one in enumerate(inside) if one)


def _price_passages(links: Links, bill: _Bill, passages: Table) -> None:
    """Add waits, tolls, seasons and speeds of passages; what counts once a transit is spread by length."""
    for row in passages.rows():
        rows = links.passage.mask(row["passage"])
        if not rows.any():
            continue
        share = links.km[rows] / passage_length_km(links, row["passage"])
        own = np.isnan(links.speed_kmh[rows])
        if np.isfinite(row["speed_kmh"]):
            bill.hours[rows] = np.where(own, links.km[rows] / row["speed_kmh"], bill.hours[rows])
        bill.wait[rows] = row["wait_hours"] * share
        bill.cost[rows] *= row["cost_factor"]
        bill.charge[rows] = row["charge_usd_per_teu"] * share
        bill.charge_to = bill.charge_to.with_words(rows, row["charge_to"])
        bill.months[rows] = _months(int(row["first_month"]), int(row["last_month"]))
        if not row["open"]:
            bill.open[rows] = False


def _price_crossings(network: Network, bill: _Bill, crossings: Table) -> None:
    """Add dwell, cost, fee, capacity of crossings: by name, then by pair of countries, then ``*``."""
    links, country = network.links, network.nodes.country
    known = {(row["crossing"], row["from_country"] or "*"): row for row in crossings.rows()}
    charge_to: dict[str, list[int]] = {}
    for link in np.flatnonzero(links.kind.mask("crossing")).tolist():
        source, target = country[int(links.tail[link])], country[int(links.head[link])]
        pair = "-".join(sorted((source, target)))
        names = (links.name[link], pair, "*")
        found = next((known[n, c] for n in names for c in (source, "*") if (n, c) in known), None)
        if found is None:
            raise ValueError("crossings hold no row '*'.")
        bill.wait[link] = found["dwell_hours"]
        bill.cost[link] += found["cost_usd_per_teu"]
        bill.charge[link] += found["charge_usd_per_teu"]
        bill.capacity[link] = found["capacity_teu_per_year"]
        bill.open[link] &= bool(found["open"])
        if found["charge_to"]:
            charge_to.setdefault(found["charge_to"], []).append(link)
    for word, rows in charge_to.items():
        bill.charge_to = bill.charge_to.with_words(np.array(rows), word)


def _price_links(network: Network, prices: Prices) -> Links:
    """Return the links with hours, costs, charges, CO2, months and what is open."""
    links = network.links
    speed, cost, co2 = _rate_columns(links, prices.rates)
    own = np.isfinite(links.speed_kmh)
    n = len(links)
    bill = _Bill(
        hours=links.km / np.where(own, links.speed_kmh, speed),
        wait=np.zeros(n),
        cost=links.km * cost,
        charge=np.zeros(n),
        charge_to=Coded.blank(n),
        co2=links.km * co2,
        capacity=links.capacity_teu_per_year.copy(),
        months=np.full(n, ALL_MONTHS, np.uint16),
        open=links.open.copy(),
    )
    _price_passages(links, bill, prices.passages)
    _price_crossings(network, bill, prices.crossings)
    bill.wait += half_headway_hours(links.departures_per_week, table="links")
    return replace(
        links,
        time_hours=_frozen(bill.hours + bill.wait),
        wait_hours=_frozen(bill.wait),
        cost_usd_per_teu=_frozen(bill.cost),
        charge_usd_per_teu=_frozen(bill.charge),
        charge_to=bill.charge_to,
        co2_kg_per_teu=_frozen(bill.co2),
        capacity_teu_per_year=_frozen(bill.capacity),
        months=_frozen(bill.months),
        open=_frozen(bill.open),
    )


def _frozen(values: Any) -> Any:  # noqa: ANN401
    """Lock an array that nobody else holds, so that no copy is made of it."""
    values.flags.writeable = False
    return values


def _gauge_row(known: dict[tuple[str, int, int], Any], name: str, source: int, target: int) -> Any:  # noqa: ANN401
    """Return the most specific row: by yard before ``*``, by gauges before 0."""
    for at in (name, "*"):
        for pair in ((source, target), (source, 0), (0, target), (0, 0)):
            if (at, *pair) in known:
                return known[at, *pair]
    raise ValueError("gauge_breaks hold no row at '*' from 0 to 0.")


def _handling(network: Network, row: int, ports: dict[str, Any], terminals: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return the price row of a port or terminal: by code, country, ``*``."""
    transfers = network.transfers
    country = network.nodes.country[int(transfers.node[row])]
    if transfers.kind[row] == "port":
        found = ports.get(transfers.name[row]) or ports.get(country) or ports.get("*")
    else:
        found = terminals.get(country) or terminals.get("*")
    if found is None:
        raise ValueError("ports and terminals need a row '*'.")
    return found


def _price_transfers(network: Network, prices: Prices) -> Transfers:
    """Return the transfers with hours, costs and charges; several transfers at one port share a price row."""
    transfers = network.transfers
    n = len(transfers)
    ports = {row["port"]: row for row in prices.ports.rows()}
    terminals = {row["country"]: row for row in prices.terminals.rows()}
    breaks = {(r["at"], int(r["from_gauge_mm"]), int(r["to_gauge_mm"])): r for r in prices.gauge_breaks.rows()}
    hours, cost, charge, departures = np.zeros(n), np.zeros(n), np.zeros(n), np.full(n, np.nan)
    capacity, charge_to = np.full(n, np.inf), [""] * n
    gauge = transfers.kind.mask("gauge")
    for i in range(n):
        if gauge[i]:
            row = _gauge_row(breaks, transfers.name[i], int(transfers.from_gauge_mm[i]), int(transfers.to_gauge_mm[i]))
            hours[i] = row["transfer_hours"]
        else:
            row = _handling(network, i, ports, terminals)
            hours[i] = row["handling_hours"]
            if transfers.to_mode[i] == (SEA if transfers.kind[i] == "port" else RAIL):
                departures[i] = row.get("departures_per_week", np.nan)
            charge[i] = row.get("charge_usd_per_teu", 0.0)
            charge_to[i] = row.get("charge_to", "")
        cost[i] = row["cost_usd_per_teu"]
        capacity[i] = row.get("capacity_teu_per_year", np.inf)
    return replace(
        transfers,
        time_hours=_frozen(hours + half_headway_hours(departures)),
        cost_usd_per_teu=_frozen(cost),
        charge_usd_per_teu=_frozen(charge),
        charge_to=Coded.of(charge_to),
        co2_kg_per_teu=_frozen(np.zeros(n)),
        capacity_teu_per_year=_frozen(capacity),
    )


def price_network(network: Network, prices: Prices) -> Network:
    r"""Return the network priced anew.

    A link of mode :math:`m` in country :math:`c` with length :math:`L` takes :math:`L / v_{mc}` hours and costs
    :math:`L \, u_{mc}`; a crossing adds its dwell, cost and fee; a passage its wait and toll times the part
    :math:`L / L_p` that the link is of a full transit. A link's own speed stands above the passage's, that
    above the mode's. Where departures a week are stated, for a line of a study, for the ships of a port or
    the trains of a terminal, half the time between two is waited before boarding. In every table a named row
    stands above one of the country (or pair ``A-B``) and that above ``*``.

    Parameters
    ----------
    network
        Lengths, places and own speeds; other numbers in it are not used, but for capacities of lines and
        what is closed: a table can close a link, only a measure opens one.
    prices
        Tables; each needs a row ``*``.

    Raises
    ------
    ValueError
        If a table lacks the row ``*`` that the network needs.
    """
    return Network(network.nodes, _price_links(network, prices), _price_transfers(network, prices))
