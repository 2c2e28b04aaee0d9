"""Read and write networks in the General Modeling Network Specification (GMNS), freight columns as an extension."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.coded import Coded
from landbridge.core.problems import Problem, StudyError
from landbridge.formats.coordinates import to_degrees
from landbridge.formats.gmns_columns import EXTENSION_FILE, LINK, NODE, PREFIX, TRANSFER, TRANSFER_FILE, schema
from landbridge.network.geometry import great_circle_km
from landbridge.network.network import ALL_MONTHS, MODES, RAIL, ROAD, SEA, Links, Network, Nodes, Transfers

FilePath = str | PathLike[str]
Rows = list[dict[str, str]]

_KM: Final = {
    "mile": 1.609344, "miles": 1.609344, "mi": 1.609344, "km": 1.0, "kilometer": 1.0, "kilometre": 1.0,
    "kilometers": 1.0, "m": 1e-3, "meter": 1e-3, "metre": 1e-3, "meters": 1e-3, "foot": 3.048e-4, "feet": 3.048e-4,
    "ft": 3.048e-4, "mph": 1.609344, "kph": 1.0, "kmh": 1.0, "km/h": 1.0, "kmph": 1.0,
}  # fmt: skip
_RAIL_WORDS: Final = ("rail", "train", "tram", "metro", "subway")
_SEA_WORDS: Final = ("ferry", "ship", "sea", "water", "canal")
_FALSE: Final = ("0", "false", "f", "no", "n")


def read_gmns(folder: FilePath, *, default_speed_kmh: float = 30.0, length_unit: str | None = None) -> Network:
    """Read a GMNS folder: node.csv, link.csv, and config.csv if there is one.

    Undirected links become one link each way. Nodes keep the order of the file; a link's name is its ``name``. The
    mode is told from ``facility_type`` and ``allowed_uses`` (rail, ferry), else it is road. Columns that
    `write_gmns` adds are read back exactly. Coordinates in an unknown system are nan: searches do not need them.

    Parameters
    ----------
    folder
        The folder.
    default_speed_kmh
        Where a link has no ``free_speed``.
    length_unit
        Of ``length``. None: ``long_length`` of config.csv (mile without one), unless the coordinates show that
        lengths stand in ``short_length``, as in several of the published examples, which say mile and give feet.

    Raises
    ------
    StudyError
        With every fault of both files: file, line, column and remedy.
    """
    path = Path(folder)
    problems: list[Problem] = []
    nodes_file, links_file = (_rows(path / name, problems) for name in ("node.csv", "link.csv"))
    if problems:
        raise StudyError(problems)
    config = _rows(path / "config.csv", [])[:1] if (path / "config.csv").exists() else []
    settings = config[0] if config else {}
    at: dict[str, int] = {}
    for k, row in enumerate(nodes_file):
        at.setdefault(row.get("node_id", ""), k)
    problems += _node_problems(nodes_file, at) + _link_problems(links_file, at)
    if problems:
        raise StudyError(problems)
    nodes = _nodes(nodes_file, settings, problems)
    links = _links(links_file, at, nodes, settings, (default_speed_kmh, length_unit), problems)
    transfers = _read_transfers(path / TRANSFER_FILE, at, problems)
    if problems or links is None:
        raise StudyError(problems)
    return Network(nodes, links, transfers)


def write_gmns(network: Network, folder: FilePath) -> None:
    """Write a network as a GMNS folder (0.96): config, node, link; freight columns and transfers as an extension.

    One row for each directed link. ``freight_extension.json`` declares what is added; `read_gmns` gives the same
    network back.
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    nodes, links = network.nodes, network.links
    config = {
        "dataset_name": path.name, "short_length": "m", "long_length": "km", "speed": "kph", "crs": 4326,
        "geometry_field_format": "wkt", "currency": "USD", "version_number": 0.96, "id_type": "integer",
    }  # fmt: skip
    _write(path / "config.csv", {name: [value] for name, value in config.items()})
    _write(
        path / "node.csv",
        {
            "node_id": range(len(nodes)),
            "name": nodes.name.text(),
            "x_coord": nodes.longitude_deg,
            "y_coord": nodes.latitude_deg,
            **{PREFIX + one.name: getattr(nodes, one.name).text() for one in NODE},
        },
    )
    running = links.time_hours - links.wait_hours
    speed = np.where(running > 0.0, links.km / np.where(running > 0.0, running, 1.0), np.nan)
    _write(
        path / "link.csv",
        {
            "link_id": range(len(links)),
            "name": links.name.text(),
            "from_node_id": links.tail,
            "to_node_id": links.head,
            "directed": np.ones(len(links), np.int64),
            "length": links.km,
            "facility_type": np.array(MODES)[links.mode],
            "free_speed": np.where(speed <= 200.0, speed, np.nan),
            "toll": links.charge_usd_per_teu,
            **{PREFIX + one.name: _column(links, one.name) for one in LINK},
        },
    )
    transfers = network.transfers
    renamed = {"node_id": "node"}
    _write(
        path / TRANSFER_FILE,
        {one.name: _column(transfers, renamed.get(one.name, one.name)) for one in TRANSFER},
    )
    (path / EXTENSION_FILE).write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")


def _column(columns: Links | Transfers, name: str) -> Any:  # noqa: ANN401 - a column of any type
    values = getattr(columns, name)
    if isinstance(values, Coded):
        return values.text()
    return np.array(MODES)[values] if name.endswith("mode") else values


def _write(path: Path, columns: Mapping[str, Any]) -> None:
    """Write columns as CSV; nan and inf are empty cells, numbers keep every digit."""
    cells = []
    for values in columns.values():
        array = np.asarray(values)
        if array.dtype.kind == "f":
            cells.append([repr(value) if np.isfinite(value) else "" for value in array.tolist()])
        elif array.dtype.kind == "b":
            cells.append(["true" if value else "false" for value in array.tolist()])
        else:
            cells.append(array.tolist())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*cells, strict=True))


def _rows(path: Path, problems: list[Problem]) -> Rows:
    if not path.exists():
        problems.append(Problem("LB470", "is missing. A GMNS folder holds node.csv and link.csv.", path.name))
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                str(k).strip(): (v or "").strip()
                for k, v in row.items()
                if isinstance(k, str) and not isinstance(v, list)
            }
            for row in csv.DictReader(file)
        ]


def _node_problems(rows: Rows, at: Mapping[str, int]) -> list[Problem]:
    found = []
    for k, row in enumerate(rows):
        if not row.get("node_id"):
            found.append(Problem("LB471", "has no node_id. Give one.", "node.csv", k + 2, "node_id"))
        elif at[row["node_id"]] != k:
            found.append(
                Problem("LB471", f"{row['node_id']} stands twice. Give each once.", "node.csv", k + 2, "node_id")
            )
    return found


def _link_problems(rows: Rows, at: Mapping[str, int]) -> list[Problem]:
    return [
        Problem("LB472", f"{row.get(end, '')!r} is not in node.csv. Give a node_id.", "link.csv", k + 2, end)
        for k, row in enumerate(rows)
        for end in ("from_node_id", "to_node_id")
        if row.get(end, "") not in at
    ]


def _floats(rows: Rows, column: str, default: float, file: str, problems: list[Problem]) -> Float:
    """Return a column as numbers; empty cells, NaN and NULL are the default."""
    found = np.full(len(rows), default)
    for k, row in enumerate(rows):
        text = row.get(column, "")
        if text.lower() in ("", "nan", "null", "none"):
            continue
        try:
            found[k] = float(text)
        except ValueError:
            problems.append(Problem("LB473", f"{text!r} is not a number. Give one.", file, k + 2, column))
    return found


def _words(rows: Rows, column: str) -> Coded:
    return Coded.of(row.get(column, "") for row in rows)


def _nodes(rows: Rows, settings: Mapping[str, str], problems: list[Problem]) -> Nodes:
    x, y = (_floats(rows, column, np.nan, "node.csv", problems) for column in ("x_coord", "y_coord"))
    code = settings.get("crs", "").upper().removeprefix("EPSG:")
    latitude, longitude = to_degrees(x, y, int(code) if code.isdigit() else None)
    kind = Coded.of(row.get(PREFIX + "kind") or "road" for row in rows)
    return Nodes(latitude, longitude, _words(rows, PREFIX + "country"), kind, _words(rows, "name"))


def _links(
    rows: Rows,
    at: Mapping[str, int],
    nodes: Nodes,
    settings: Mapping[str, str],
    defaults: tuple[float, str | None],
    problems: list[Problem],
) -> Links | None:
    """Return the links, undirected ones as one each way; None if there are faults."""

    def floats(column: str, default: float) -> Float:
        return _floats(rows, column, default, "link.csv", problems)

    ends = np.array([[at[row["from_node_id"]], at[row["to_node_id"]]] for row in rows], np.int64).reshape(-1, 2)
    length = floats("length", np.nan)
    own_km = floats(PREFIX + "km", np.nan)
    speed = floats("free_speed", np.nan) * _unit(settings.get("speed", "mph"), problems)
    counted = [one.name for one in LINK if one.kind in ("number", "integer")]
    numbers = {name: floats(PREFIX + name, _DEFAULTS.get(name, 0.0)) for name in counted}
    if problems:
        return None
    (tail, head), (lat, lon) = ends.T, (nodes.latitude_deg, nodes.longitude_deg)
    straight = great_circle_km(lat[tail], lon[tail], lat[head], lon[head])
    stated = length * _length_unit(length, straight, settings, defaults[1], problems)
    km = np.where(np.isfinite(own_km), own_km, np.where(np.isfinite(stated), stated, np.nan_to_num(straight)))
    speed = np.where(speed > 0.0, speed, defaults[0])
    hours = np.where(np.isfinite(numbers["time_hours"]), numbers["time_hours"], km / speed)
    mode = np.array([_mode(row) for row in rows], np.int8)
    edge = np.array([row.get(PREFIX + "edge", "") != "" for row in rows], bool)
    number = np.where(edge, numbers["edge"].astype(np.int64), np.arange(len(rows)))
    words = {one.name: _words(rows, PREFIX + one.name) for one in LINK if one.kind == "string" and one.name != "mode"}
    shut = [row.get(PREFIX + "open", "").lower() in _FALSE for row in rows]
    toll = floats("toll", 0.0) if settings.get("currency", "").upper() == "USD" else np.zeros(len(rows))
    charged = np.array([row.get(PREFIX + "charge_usd_per_teu", "") != "" for row in rows], bool)
    links = Links(
        edge=number,
        tail=tail.copy(),
        head=head.copy(),
        mode=mode,
        gauge_mm=numbers["gauge_mm"].astype(np.int16),
        km=km,
        time_hours=hours,
        cost_usd_per_teu=numbers["cost_usd_per_teu"],
        charge_usd_per_teu=np.where(charged, numbers["charge_usd_per_teu"], toll),
        charge_to=words["charge_to"],
        co2_kg_per_teu=numbers["co2_kg_per_teu"],
        capacity_teu_per_year=numbers["capacity_teu_per_year"],
        months=numbers["months"].astype(np.uint16),
        kind=Coded.of(word or "line" for word in words["kind"].text().tolist()),
        country=words["country"],
        passage=words["passage"],
        name=_words(rows, "name"),
        open=~np.array(shut, dtype=bool),
        speed_kmh=numbers["speed_kmh"],
        wait_hours=numbers["wait_hours"],
        departures_per_week=numbers["departures_per_week"],
    )
    both = np.flatnonzero([row.get("directed", "1").lower() in _FALSE for row in rows])
    if not len(both):
        return links
    back = links.take(both)
    return links.followed_by(replace(back, tail=back.head, head=back.tail))


_DEFAULTS: Final = {
    "time_hours": np.nan,
    "km": np.nan,
    "speed_kmh": np.nan,
    "departures_per_week": np.nan,
    "capacity_teu_per_year": np.inf,
    "months": float(ALL_MONTHS),
}


def _mode(row: Mapping[str, str]) -> int:
    own = row.get(PREFIX + "mode", "")
    if own in MODES:
        return MODES.index(own)
    words = f"{row.get('facility_type', '')} {row.get('allowed_uses', '')}".lower()
    if any(word in words for word in _RAIL_WORDS) and "trail" not in words:
        return RAIL
    return SEA if any(word in words for word in _SEA_WORDS) else ROAD


def _unit(word: str, problems: list[Problem]) -> float:
    if word.strip().lower() in _KM:
        return _KM[word.strip().lower()]
    known = ", ".join(sorted(_KM))
    problems.append(Problem("LB474", f"{word!r} is not a known unit. Give one of {known}.", "config.csv", 2))
    return 1.0


def _length_unit(
    length: Float, straight: Float, settings: Mapping[str, str], stated: str | None, problems: list[Problem]
) -> float:
    """Return km a unit of length; the short unit where the long one makes links ten times too long."""
    if stated is not None:
        return _unit(stated, problems)
    long = _unit(settings.get("long_length") or "mile", problems)
    known = np.isfinite(length) & np.isfinite(straight) & (straight > 0.001)
    short = settings.get("short_length") or "foot"
    if known.any() and float(np.median(length[known] * long / straight[known])) > 10.0:
        return _unit(short, problems)
    return long


def _read_transfers(path: Path, at: Mapping[str, int], problems: list[Problem]) -> Transfers:
    rows = _rows(path, problems) if path.exists() else []
    numbers = {
        one.name: _floats(rows, one.name, _DEFAULTS.get(one.name, 0.0), path.name, problems)
        for one in TRANSFER
        if one.kind in ("number", "integer")
    }
    problems += [
        Problem("LB472", f"{row.get('node_id', '')!r} is not in node.csv. Give a node_id.", path.name, k + 2, "node_id")
        for k, row in enumerate(rows)
        if row.get("node_id", "") not in at
    ]

    def modes(column: str) -> Any:  # noqa: ANN401 - int8
        return np.array([_mode({PREFIX + "mode": row.get(column, "")}) for row in rows], np.int8)

    nodes: Int = np.array([at.get(row.get("node_id", ""), 0) for row in rows], np.int64)
    hours = numbers["time_hours"]
    return Transfers(
        node=nodes,
        from_mode=modes("from_mode"),
        from_gauge_mm=numbers["from_gauge_mm"].astype(np.int16),
        to_mode=modes("to_mode"),
        to_gauge_mm=numbers["to_gauge_mm"].astype(np.int16),
        time_hours=np.where(np.isfinite(hours), hours, 0.0),
        cost_usd_per_teu=numbers["cost_usd_per_teu"],
        charge_usd_per_teu=numbers["charge_usd_per_teu"],
        charge_to=_words(rows, "charge_to"),
        co2_kg_per_teu=numbers["co2_kg_per_teu"],
        capacity_teu_per_year=numbers["capacity_teu_per_year"],
        months=numbers["months"].astype(np.uint16),
        kind=_words(rows, "kind"),
        name=_words(rows, "name"),
        open=np.array([row.get("open", "").lower() not in _FALSE for row in rows], dtype=bool),
    )
