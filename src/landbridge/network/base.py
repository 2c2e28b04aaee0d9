"""The world base network: railways, sea lanes, ports, crossings and passages, read from the shipped file."""

import csv
from functools import cache
from typing import Any

import numpy as np

from landbridge.core.coded import Coded
from landbridge.network.network import ALL_MONTHS, RAIL, ROAD, SEA, Links, Network, Nodes, Transfers
from landbridge.network.prices import DATA, default_prices
from landbridge.network.pricing import price_network


def _locked(values: Any) -> Any:  # noqa: ANN401
    """Lock a fresh array so that the network keeps it without a copy."""
    values.flags.writeable = False
    return values


def _filled(n: int, value: float) -> Any:  # noqa: ANN401
    """Return n times one value, read-only and without memory of its own."""
    return np.broadcast_to(np.float64(value), n)


def _words(codes: Any, words: Any) -> Coded:  # noqa: ANN401
    """Return a coded column whose first word is empty, as `Coded` demands."""
    listed = [str(word) for word in words]
    order = ["", *[word for word in listed if word]]
    at = np.array([order.index(word) for word in listed], dtype=np.int32)
    return Coded(_locked(at[codes]), tuple(order))


def _nodes(file: dict[str, Any]) -> Nodes:
    """Return the nodes; ports carry their UN/LOCODE as name."""
    n = len(file["node_latitude"])
    name = np.zeros(n, np.int32)
    name[file["port_node"]] = np.arange(1, len(file["port_node"]) + 1)
    return Nodes(
        latitude_deg=_locked(file["node_latitude"] / 1e4),
        longitude_deg=_locked(file["node_longitude"] / 1e4),
        country=_words(file["node_country"], file["words_country"]),
        kind=_words(file["node_kind"], file["words_node_kind"]),
        name=Coded(_locked(name), ("", *(str(code) for code in file["port_code"]))),
    )


def _both_ways(values: Any) -> Any:  # noqa: ANN401
    """Return the values of all edges forward, then backward."""
    return _locked(np.concatenate([values, values]))


def _links(file: dict[str, Any], nodes: Nodes) -> Links:
    """Return two links an edge: all forward, then all backward."""
    tail, head = file["tail"].astype(np.int64), file["head"].astype(np.int64)
    n = 2 * len(tail)
    tails, heads = np.concatenate([tail, head]), np.concatenate([head, tail])
    open_ = np.ones(len(tail), np.bool_)
    open_[file["closed"]] = False
    kind = _words(_both_ways(file["kind"]), file["words_kind"])
    country = _words(_both_ways(file["country"]), file["words_country"])
    crossing = kind.mask("crossing")
    codes = country.codes.copy()
    codes[crossing] = nodes.country.codes[tails[crossing]]
    name = _words(_both_ways(file["name"]), file["words_name"])
    speed = np.full(n, np.nan)
    for line, kmh in zip(file["own_speed_name"].tolist(), file["own_speed_kmh"].tolist(), strict=True):
        speed[name.mask(line)] = kmh
    return Links(
        edge=_both_ways(np.arange(len(tail))),
        tail=_locked(tails),
        head=_locked(heads),
        mode=_both_ways(file["mode"]),
        gauge_mm=_both_ways(file["gauge"]),
        km=_both_ways(file["metres"] / 1000.0),
        time_hours=_filled(n, 0.0),
        cost_usd_per_teu=_filled(n, 0.0),
        charge_usd_per_teu=_filled(n, 0.0),
        charge_to=Coded.blank(n),
        co2_kg_per_teu=_filled(n, 0.0),
        capacity_teu_per_year=_filled(n, np.inf),
        months=_locked(np.full(n, ALL_MONTHS, np.uint16)),
        kind=kind,
        country=Coded(_locked(codes), country.words),
        passage=_words(_both_ways(file["passage"]), file["words_passage"]),
        name=name,
        open=_both_ways(open_),
        speed_kmh=_locked(speed),
        wait_hours=_filled(n, 0.0),
    )


def _port_rows(file: dict[str, Any]) -> list[tuple[int, int, int, int, int, str]]:
    """Return node, modes and gauges of sea-road and sea-rail transfers, both ways, and the port's code."""
    spur = file["words_kind"].tolist().index("spur")
    rows = np.flatnonzero(file["kind"] == spur)
    gauges: dict[int, set[int]] = {}
    for column in ("tail", "head"):
        for node, mm in zip(file[column][rows].tolist(), file["gauge"][rows].tolist(), strict=True):
            gauges.setdefault(node, set()).add(mm)
    found = []
    for node, code in zip(file["port_node"].tolist(), file["port_code"].tolist(), strict=True):
        land = [(ROAD, 0), *((RAIL, mm) for mm in sorted(gauges.get(node, ())))]
        for mode, mm in land:
            found += [(node, SEA, 0, mode, mm, code), (node, mode, mm, SEA, 0, code)]
    return found


def _transfers(file: dict[str, Any]) -> Transfers:
    """Return the transfers at ports, closed where no container line calls, and at breaks of gauge."""
    names = file["words_name"][file["break_name"]].tolist()
    columns = (file[f"break_{c}"].tolist() for c in ("node", "from", "to"))
    breaks = [
        (node, RAIL, a, RAIL, b, name) for (node, a, b), name in zip(zip(*columns, strict=True), names, strict=True)
    ]
    ports = _port_rows(file)
    node, mode_a, mm_a, mode_b, mm_b, name = zip(*ports, *breaks, strict=True)
    n = len(node)
    named = Coded.of(name)
    served = np.ones(n, np.bool_)
    for code in ports_without_containers():
        served &= ~named.mask(code)
    return Transfers(
        node=_locked(np.array(node, np.int64)),
        from_mode=_locked(np.array(mode_a, np.int8)),
        from_gauge_mm=_locked(np.array(mm_a, np.int16)),
        to_mode=_locked(np.array(mode_b, np.int8)),
        to_gauge_mm=_locked(np.array(mm_b, np.int16)),
        time_hours=_filled(n, 0.0),
        cost_usd_per_teu=_filled(n, 0.0),
        charge_usd_per_teu=_filled(n, 0.0),
        charge_to=Coded.blank(n),
        co2_kg_per_teu=_filled(n, 0.0),
        capacity_teu_per_year=_filled(n, np.inf),
        months=_locked(np.full(n, ALL_MONTHS, np.uint16)),
        kind=Coded(_locked(np.repeat(np.array([1, 2], np.int32), [len(ports), len(breaks)])), ("", "port", "gauge")),
        name=named,
        open=_locked(served),
    )


@cache
def base_network() -> Network:
    """Return the world base network without prices (hours and costs 0), read once a process.

    Rail from OpenStreetMap (ODbL), sea lanes and passages from searoute, ports from the World Port Index;
    how it is built, and what was corrected, is told in ``docs/methods/network.md``.
    """
    with np.load(DATA / "base_network.npz") as archive:
        file = {name: archive[name] for name in archive.files}
    nodes = _nodes(file)
    return Network(nodes, _links(file, nodes), _transfers(file))


@cache
def world_network() -> Network:
    """Return the base network priced with the shipped world rates, made once a process."""
    return price_network(base_network(), default_prices())


@cache
def ports_without_containers() -> dict[str, str]:
    """Return the shipped ports where no container line from overseas calls, by UN/LOCODE, with the reason."""
    with (DATA / "ports_without_containers.csv").open(encoding="utf-8", newline="") as handle:
        return {row["port"]: row["why"] for row in csv.DictReader(handle)}


@cache
def port_names() -> dict[str, str]:
    """Return the names of the shipped ports by UN/LOCODE."""
    with np.load(DATA / "base_network.npz") as archive:
        return dict(zip(archive["port_code"].tolist(), archive["port_name"].tolist(), strict=True))


@cache
def main_ports() -> frozenset[str]:
    """Return the codes of the large ports (World Port Index size, and those added by hand)."""
    with np.load(DATA / "base_network.npz") as archive:
        return frozenset(archive["port_code"][archive["port_large"]].tolist())
