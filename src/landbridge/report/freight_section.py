"""The report's chapters on freight: maps, corridors, route cards, gates."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from landbridge.figures.charts import stacked
from landbridge.figures.maps import Spot, spot_trace
from landbridge.figures.projection import EURASIA
from landbridge.pipeline.result import Result
from landbridge.report.blocks import Block, FigureBlock, MapBlock, MapLines, Section, TableBlock, Text
from landbridge.report.lookup import by_label, rows_of
from landbridge.study.model import Study

LONG_WAIT_HOURS = 24.0
"""A gate at which load adds more is told to be full."""
SMALLEST_TEU = 500.0
"""Links with less are left off the maps."""
HIDDEN = 99_999
"""A point beyond the horizon of the projection."""


def map_section(results: Mapping[str, Result], baseline: str, spots: Sequence[Spot]) -> tuple[Section, MapLines]:
    """Return the maps of load and of change, and the lines that they share."""
    rows = {row["link"]: row for result in results.values() for row in rows_of(result, "links")}
    loads = {name: by_label(rows_of(result, "links"), "link") for name, result in results.items()}
    shown = [link for link in rows if any(load.get(link, 0.0) >= SMALLEST_TEU for load in loads.values())]
    places = spot_trace(spots, "light")
    blocks: list[Block] = [
        MapBlock(
            "map-load",
            "Loaded containers (TEU a year) on the network in the chosen scenario. Rail, sea and road; circles are "
            "zones, diamonds the corridors' gates: hover for hours, cost, load and share. Lambert azimuthal "
            "equal-area projection. Links under 500 TEU are left out.",
            "Map of Eurasia and the Arctic with links coloured by containers a year.",
            "load",
            places,
        )
    ]
    if len(results) > 1:
        blocks.append(
            MapBlock(
                "map-change",
                "Change of load against the baseline: more in blue, less in orange; under 500 TEU left out. A way "
                "through a new gate may go on by sea or by another passage, which is then busier too.",
                "Map of Eurasia and the Arctic with links coloured by change of containers a year.",
                "change",
                places,
            )
        )
    return Section("map", "Map", tuple(blocks)), _lines(shown, rows, loads, baseline)


def _lines(
    shown: Sequence[str],
    rows: Mapping[str, Mapping[str, Any]],
    loads: Mapping[str, Mapping[str, float]],
    baseline: str,
) -> MapLines:
    paths = [
        np.array([[float(part) for part in point.split(",")] for point in rows[link]["path"].split(" ")])
        for link in shown
    ]
    points = np.concatenate([*paths, np.zeros((0, 2))])
    x, y = EURASIA.forward(points[:, 0], points[:, 1])
    whole = [np.where(np.isnan(values), HIDDEN, np.round(values * 1000)).astype(int).tolist() for values in (x, y)]
    start = np.cumsum([0, *(len(path) for path in paths)]).tolist()
    names = tuple(str(rows[link]["name"] or rows[link]["mode"]) for link in shown)
    teu = {name: tuple(round(load.get(link, 0.0)) for link in shown) for name, load in loads.items()}
    return MapLines(tuple(whole[0]), tuple(whole[1]), tuple(start), names, teu, baseline)


def gate_spots(study: Study, results: Mapping[str, Result], titles: Mapping[str, str]) -> tuple[Spot, ...]:
    """Return the corridors' gates that carry anything, with hours, cost, load and share to be told on hover."""
    prices = {str(row["crossing"]): row for row in study.tables["crossings"].rows()}
    waits = {str(row["passage"]): row for row in study.tables["passages"].rows()}
    paths = {row["name"]: row["path"] for result in results.values() for row in rows_of(result, "links")}
    crossings = {row["gate"] for result in results.values() for row in rows_of(result, "gates", kind="crossing")}
    spots = []
    for corridor in study.tables["corridors"].rows():
        for gate in str(corridor["gates"]).split("+"):
            if gate not in paths:
                continue
            points = paths[gate].split(" ")
            latitude, longitude = (float(part) for part in points[len(points) // 2].split(","))
            lines = [str(corridor["name"])]
            price = prices.get(gate, prices.get("*") if gate in crossings else None)
            if price is not None:
                lines.append(f"{price['dwell_hours']:g} hours, {price['cost_usd_per_teu']:g} USD per TEU")
            elif gate in waits:
                lines.append(f"{waits[gate]['wait_hours']:g} hours, {waits[gate]['charge_usd_per_teu']:g} USD per TEU")
            for name, result in results.items():
                teu = by_label(rows_of(result, "gates", measure="teu"), "gate").get(gate, 0.0)
                share = by_label(rows_of(result, "corridors", measure="share", **{"class": "all"}), "corridor")
                part = float(share.get(str(corridor["corridor"]), 0.0))
                lines.append(f"{titles.get(name, name)}: {teu:,.0f} TEU, corridor {part:.2f} % of all containers")
            spots.append(Spot(gate, latitude, longitude, "<br>".join(lines), "gate"))
    return tuple(spots)


def routes_section(study: Study, results: Mapping[str, Result]) -> Section:
    """Return the best route of each corridor for the study's showcase pairs, a table a pair and scenario."""
    corridors = study.tables["corridors"]
    constants = {str(row["name"]): float(row["constant_usd_per_teu"]) for row in corridors.rows()}
    blocks: list[Block] = [
        Text(
            (
                "For each corridor the best route that uses at least one of its gates; a route that passes several "
                "corridors counts for the first in the study's order. Days run door to door. Shares are those of the "
                "choice model, mean over the months, of one class of goods; the workbook has all of them.",
                "Not in price: the corridor's constant, in USD per TEU, which stands for what hours and prices leave "
                "out (reliability, small ships, subsidies). It is fitted to observed shares, or assumed where nobody "
                "has used the corridor, and is why a way that is quicker and cheaper may still carry little.",
            ),
            "note",
        )
    ]
    first = next(iter(results.values()))
    classes = list(dict.fromkeys(r["class"] for r in rows_of(first, "routes")))
    freight = classes[len(classes) // 2] if classes else ""
    for origin, destination in dict.fromkeys((r["origin"], r["destination"]) for r in rows_of(first, "routes")):
        for name, result in results.items():
            rows = rows_of(result, "routes", origin=origin, destination=destination, **{"class": freight})
            by_corridor = {
                str(corridor): by_label([row for row in rows if row["corridor"] == corridor], "measure")
                for corridor in dict.fromkeys(row["corridor"] for row in rows)
            }
            ways = sorted(
                ((corridor, at) for corridor, at in by_corridor.items() if np.isfinite(at["hours"])),
                key=lambda way: (-round(float(way[1]["share"]), 2), float(way[1]["hours"])),
            )
            blocks.append(
                TableBlock(
                    f"{origin} to {destination}, {freight}: the best route of each corridor.",
                    ("Corridor", "Share, %", "Days", "USD per TEU", "Not in price, USD", "km", "CO2, kg per TEU"),
                    tuple(
                        (
                            corridor,
                            round(float(at["share"]), 1),
                            round(float(at["hours"]) / 24.0, 1),
                            float(at["usd_per_teu"]),
                            constants.get(corridor, 0.0),
                            float(at["km"]),
                            float(at["co2_kg_per_teu"]),
                        )
                        for corridor, at in ways
                    ),
                    name,
                )
            )
    return Section("routes", "Routes", tuple(blocks))


def corridors_section(study: Study, results: Mapping[str, Result], titles: Mapping[str, str]) -> Section:
    """Return containers by corridor and scenario, and what passes the gates."""
    names: dict[str, str] = {}
    teu: dict[str, dict[str, float]] = {}
    for scenario, result in results.items():
        rows = rows_of(result, "corridors", measure="teu", **{"class": "all"})
        names.update({row["corridor"]: row["name"] for row in rows})
        teu[scenario] = by_label(rows, "corridor")
    scenarios = list(results)
    note = Text(
        (
            "A corridor's containers are those whose best way through its gates was chosen, by rail and ship together: "
            "a way through a new border may end at a port and go on by sea, or by another passage that the map then "
            "shows as busier. The choice model spreads containers over corridors that cost nearly the same, so a new "
            "gate also draws some from pairs for which it is a slight detour: loads of corridors that nobody has used "
            "yet rest on that model alone. Within a corridor all take its cheapest way, or share among ways that cost "
            "the same once queues are counted.",
            *_full_gates(study, results, titles),
        ),
        "warning",
    )
    parts = {names[c]: [teu[s].get(c, 0.0) / 1000.0 for s in scenarios] for c in names if c != "other"}
    small = {name: values for name, values in parts.items() if max(values) < 0.05 * max(max(v) for v in parts.values())}
    blocks: list[Block] = [
        note,
        FigureBlock(
            "corridors",
            "Loaded containers by corridor, in thousand TEU a year (routes that use no corridor's gate left out).",
            "Stacked bars of containers by corridor, one bar a scenario.",
            {"": stacked([_folded(titles[s]) for s in scenarios], parts, "thousand TEU a year", "light")},
        ),
    ]
    if small:
        blocks.append(
            FigureBlock(
                "corridors-small",
                "The same without the corridors that carry most, so that the land bridges can be told apart.",
                "Stacked bars of the smaller corridors, one bar a scenario.",
                {"": stacked([_folded(titles[s]) for s in scenarios], small, "thousand TEU a year", "light")},
            )
        )
    blocks.append(
        TableBlock(
            "Containers by corridor, TEU a year.",
            ("Corridor", *(titles[s] for s in scenarios)),
            tuple((names[c], *(float(teu[s].get(c, 0.0)) for s in scenarios)) for c in names),
        )
    )
    for scenario, result in results.items():
        rows = rows_of(result, "gates", measure="teu")
        change = by_label(rows_of(result, "gates", measure="teu_change"), "gate")
        delay = by_label(rows_of(result, "gates", measure="delay_hours"), "gate")
        blocks.append(
            TableBlock(
                f"What passes crossings, passages, ports and named lines: {titles[scenario]}.",
                ("Gate", "Kind", "TEU a year", "Change", "Delay by load, hours"),
                tuple(
                    (
                        str(row["gate"]),
                        str(row["kind"]),
                        float(row["value"]),
                        float(change.get(row["gate"], 0.0)),
                        float(delay.get(row["gate"], 0.0)),
                    )
                    for row in sorted(rows, key=lambda row: -float(row["value"]))
                    if row["value"] >= 1.0
                ),
                scenario,
                folded=True,
            )
        )
    return Section("corridors", "Corridors", tuple(blocks))


def _full_gates(study: Study, results: Mapping[str, Result], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence on gates at which containers queue for long: their load is what they can take."""
    words = {gate: row["name"] for row in study.tables["corridors"].rows() for gate in str(row["gates"]).split("+")}
    waits: dict[str, list[str]] = {}
    for name, result in results.items():
        for row in rows_of(result, "gates", measure="delay_hours"):
            if float(row["value"]) >= LONG_WAIT_HOURS:
                waits.setdefault(str(row["gate"]), []).append(f"{titles[name]} {float(row['value']):,.0f}")
    named = {gate: f"{gate} ({words[gate]})" if gate in words else gate for gate in waits}
    return tuple(
        f"**{named[gate]} is full**: hours that containers wait there beside its usual ones: {'; '.join(found)}. They "
        "come because even so it is the best way for some. Its load is what it can take, not what would come; works "
        "that let more through would gain by what the queue costs, and a price on its use would earn that instead."
        for gate, found in waits.items()
    )


def _folded(words: str, *, width: int = 26) -> str:
    """Return a label in lines of about `width` letters, as narrow screens show it."""
    return "<br>".join(wrap(words, width))
