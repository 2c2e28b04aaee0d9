"""The freight columns that landbridge adds to GMNS, declared once for reader, writer and the schema file."""

from typing import Any, Final, NamedTuple

PREFIX: Final = "freight_"
EXTENSION_FILE: Final = "freight_extension.json"
TRANSFER_FILE: Final = "freight_transfer.csv"


class Extra(NamedTuple):
    """One added column: its name without the prefix, the type of Frictionless Data, and what it holds."""

    name: str
    kind: str
    description: str


NODE: Final = (
    Extra("country", "string", "ISO 3166-1 alpha-2 code of the land on which the node stands; empty at sea"),
    Extra("kind", "string", "rail, sea, port, zone or road"),
)
LINK: Final = (
    Extra("edge", "integer", "number of the line: both directions of one have the same"),
    Extra("mode", "string", "road, rail or sea"),
    Extra("gauge_mm", "integer", "track gauge, mm; 0 where the mode has none"),
    Extra("km", "number", "length, km"),
    Extra("time_hours", "number", "hours from tail to head when open, waits included"),
    Extra("cost_usd_per_teu", "number", "resource cost, USD per TEU"),
    Extra("charge_usd_per_teu", "number", "toll or fee, USD per TEU: income of charge_to"),
    Extra("charge_to", "string", "economy that earns the charge"),
    Extra("co2_kg_per_teu", "number", "emissions, kg CO2e per TEU"),
    Extra("capacity_teu_per_year", "number", "capacity, TEU a year; empty where none is stated"),
    Extra("months", "integer", "months in which the link is open, bit m - 1 for month m"),
    Extra("kind", "string", "line, crossing, approach, spur or access"),
    Extra("country", "string", "ISO 3166-1 alpha-2 code; empty at sea"),
    Extra("passage", "string", "named strait, canal or sea route"),
    Extra("open", "boolean", "false where the link is closed"),
    Extra("speed_kmh", "number", "speed of the link itself, km/h; empty where that of its mode holds"),
    Extra("wait_hours", "number", "part of time_hours that is not running"),
    Extra("departures_per_week", "number", "departures of the service on the link; empty where it has no timetable"),
)
TRANSFER: Final = (
    Extra("node_id", "any", "node inside which freight changes"),
    Extra("from_mode", "string", "road, rail or sea"),
    Extra("from_gauge_mm", "integer", "track gauge before, mm"),
    Extra("to_mode", "string", "road, rail or sea"),
    Extra("to_gauge_mm", "integer", "track gauge after, mm"),
    *(extra for extra in LINK if extra.name in {"time_hours", "cost_usd_per_teu", "charge_usd_per_teu", "charge_to"}),
    *(extra for extra in LINK if extra.name in {"co2_kg_per_teu", "capacity_teu_per_year", "months"}),
    Extra("kind", "string", "port, gauge or terminal"),
    Extra("name", "string", "port code or name of the yard"),
    Extra("open", "boolean", "false where the transfer is closed"),
)


def schema() -> dict[str, Any]:
    """Return the extension as a Frictionless description, which `write_gmns` puts beside the tables."""

    def fields(extras: tuple[Extra, ...], prefix: str) -> list[dict[str, str]]:
        return [{"name": prefix + one.name, "type": one.kind, "description": one.description} for one in extras]

    return {
        "name": "landbridge-freight-extension",
        "description": "Columns and a table added to GMNS (General Modeling Network Specification 0.96) for freight.",
        "resources": [
            {"name": "node", "path": "node.csv", "schema": {"fields": fields(NODE, PREFIX)}},
            {"name": "link", "path": "link.csv", "schema": {"fields": fields(LINK, PREFIX)}},
            {"name": "freight_transfer", "path": TRANSFER_FILE, "schema": {"fields": fields(TRANSFER, "")}},
        ],
    }
