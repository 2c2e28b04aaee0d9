"""What of a study does not depend on a scenario: its network, its states, its overlay, its arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import Problem, refuse
from landbridge.core.tables import Table
from landbridge.network.additions import add_lines, name_sections
from landbridge.network.base import base_network
from landbridge.network.network import Network
from landbridge.network.own import own_network
from landbridge.network.prices import Prices, default_prices
from landbridge.network.pricing import price_network
from landbridge.network.simplify import Simplified, simplify
from landbridge.network.zones import Access, add_zones
from landbridge.pipeline.edits import edit_problems, edits_of, edits_standing
from landbridge.pipeline.inputs import Inputs, read_inputs, value_or
from landbridge.routing.alternatives import Corridor
from landbridge.routing.generalised import ArcValues
from landbridge.routing.overlay import Overlay, build_overlay, with_tables
from landbridge.routing.skims import hierarchy_of
from landbridge.routing.states import StateGraph, compile_states
from landbridge.study.model import Study


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A study made ready to run any scenario.

    Attributes
    ----------
    whole
        The network at the study's prices, zones and added lines in it, before any measure.
    simplified, network
        The same with dead ends gone and chains of like links in one: routes are the same.
    touched
        Its touched links and transfers alone, so that measures cost microseconds: row r of the overlay's touched
        arcs is row r of ``touched.links``, then of ``touched.transfers``.
    overlay
        Exact table for scenarios that change touched arcs only.
    corridors
        With their gates as arcs of the graph.
    constants, new_corridors
        Alternative-specific constants of the corridors and of `other`, USD per TEU, and whether nobody has used them
        yet, each of shape (R,).
    nests
        Nest of each alternative, shape (R,).
    """

    study: Study
    inputs: Inputs
    whole: Network
    simplified: Simplified
    network: Network
    graph: StateGraph
    touched: Network
    overlay: Overlay
    corridors: tuple[Corridor, ...]
    corridor_names: tuple[str, ...]
    constants: Float
    new_corridors: Bool
    nests: tuple[str, ...]


def prepare(study: Study) -> Ground:
    """Return the ground of a study.

    Raises
    ------
    StudyError
        If tables name what is not in the network, or a measure changes nothing.
    """
    inputs = read_inputs(study)
    whole, places = build_network(study)
    simplified = simplify(whole)
    network = simplified.network
    refuse(_gate_problems(study, network) + edit_problems(study, network))
    graph = compile_states(network, places=places)
    corridors = tuple(
        Corridor(str(row["corridor"]), np.flatnonzero(gate_arcs(network, str(row["gates"]).split("+"))))
        for row in study.tables["corridors"].rows()
    )
    links, transfers = touched_rows(study, network)
    for corridor in corridors:
        gates = corridor.gates
        links[gates[gates < len(links)]] = True
        transfers[gates[gates >= len(links)] - len(links)] = True
    rows = np.flatnonzero(links), np.flatnonzero(transfers)
    overlay = build_overlay(
        graph,
        hierarchy_of(graph),
        zones=inputs.zones,
        touched=np.concatenate([rows[0], len(network.links) + rows[1]]),
        classes=inputs.classes,
        co2_usd_per_tonne=value_or(study, "co2_price_usd_per_t", 0.0),
    )
    table = study.tables["corridors"]
    ground = Ground(
        study,
        inputs,
        whole,
        simplified,
        network,
        graph,
        Network(network.nodes, network.links.take(rows[0]), network.transfers.take(rows[1])),
        overlay,
        corridors,
        (*table.text("name"), "other routes"),
        np.concatenate([table.number("constant_usd_per_teu"), [0.0]]) if len(table) else np.zeros(1),
        np.array([*(bool(row["new"]) for row in table.rows()), False]),
        (*(nest or name for nest, name in zip(table.text("nest"), table.text("corridor"), strict=True)), "other"),
    )
    baseline = standing_network(ground, [measure.id for measure in study.measures if measure.in_baseline])
    limited = np.concatenate([np.isfinite(part.capacity_teu_per_year) for part in (baseline.links, baseline.transfers)])
    steady = np.setdiff1d(steady_arcs(ground), np.flatnonzero(limited))
    return replace(ground, overlay=with_tables(overlay, arc_values(baseline), [steady]))


def steady_arcs(ground: Ground) -> Int:
    """Return the touched arcs (positions) that are no gate of a corridor: those that every alternative may use."""
    gates = np.concatenate([*(corridor.gates for corridor in ground.corridors), np.zeros(0, np.int64)])
    return np.flatnonzero(~np.isin(ground.overlay.touched, gates))


def build_network(study: Study) -> tuple[Network, Int]:
    """Return the network of a study at its prices, and the nodes of its zones."""
    lines = study.tables["links"]
    network = add_lines(base_network(), lines) if study.settings.base_network == "world" else own_network(lines)
    network = name_sections(network, study.tables["sections"])
    zones = study.tables["zones"]
    far = study.settings.access_max_km
    zoned = add_zones(
        network,
        zones.text("zone"),
        zones.number("latitude_deg"),
        zones.number("longitude_deg"),
        zones.text("country"),
        access=Access(detour_factor=study.settings.access_detour_factor, rail_km=far, port_km=far),
    )
    return price_network(zoned.network, prices_of(study)), zoned.nodes


def prices_of(study: Study) -> Prices:
    """Return the study's prices: its own rows, and the shipped ones for keys that it leaves out."""
    shipped = default_prices()

    def merged(name: str, key: Sequence[str], default: Table) -> Table:
        own = study.tables[name]
        if not len(own):
            return default
        keys = set(zip(*(own.text(column) for column in key), strict=True))
        rest = [row not in keys for row in zip(*(default.text(column) for column in key), strict=True)]
        kept = default.where(np.array(rest, dtype=bool))
        return Table(
            name, {column: np.concatenate([own.columns[column], kept.columns[column]]) for column in kept.columns}
        )

    return Prices(
        merged("rates", ("mode", "country"), shipped.rates),
        merged("crossings", ("crossing", "from_country"), shipped.crossings),
        merged("passages", ("passage",), shipped.passages),
        merged("ports", ("port",), shipped.ports),
        merged("gauge_breaks", ("at", "from_gauge_mm", "to_gauge_mm"), shipped.gauge_breaks),
        merged("terminals", ("country",), shipped.terminals),
    )


def gate_arcs(network: Network, gates: Sequence[str]) -> Bool:
    """Return which links and then transfers bear one of the names, shape (n_links + n_transfers,)."""
    links = network.links.name.mask(*gates) | network.links.passage.mask(*gates)
    return np.concatenate([links, network.transfers.name.mask(*gates)])


def touched_rows(study: Study, network: Network) -> tuple[Bool, Bool]:
    """Return which links and which transfers some measure touches or that have a capacity."""
    links = np.isfinite(network.links.capacity_teu_per_year)
    transfers = np.isfinite(network.transfers.capacity_teu_per_year)
    for measure in study.measures:
        for edit in edits_of(measure, network):
            links |= edit.where.links(network)
            transfers |= edit.where.transfers(network)
    return links, transfers


def standing_network(ground: Ground, standing: Sequence[str]) -> Network:
    """Return the touched links and transfers as they stand under some measures.

    `prepare` has looked at every measure's words already, so edits are applied without looking again.
    """
    network = ground.touched
    for edit in edits_standing(ground.study, standing, network):
        network = edit.apply(network)
    return network


def arc_values(network: Network) -> ArcValues:
    """Return the links and then the transfers of a network as values of arcs."""
    links, transfers = network.links, network.transfers

    def joined(name: str) -> Float:
        return np.concatenate([getattr(links, name), getattr(transfers, name)])

    return ArcValues(
        hours=joined("time_hours"),
        cost_usd_per_teu=joined("cost_usd_per_teu"),
        charge_usd_per_teu=joined("charge_usd_per_teu"),
        km=np.concatenate([links.km, np.zeros(len(transfers))]),
        co2_kg_per_teu=joined("co2_kg_per_teu"),
        months=np.concatenate([links.months, transfers.months]),
        open=np.concatenate([links.open, transfers.open]),
    )


def _gate_problems(study: Study, network: Network) -> list[Problem]:
    known = {*network.links.name.words, *network.links.passage.words, *network.transfers.name.words}
    return [
        Problem(
            "LB511",
            f"Gate '{gate}' is not in the network. Give a crossing, passage, port, line or section by its name "
            f"('landbridge data names' lists them).",
            "tables/corridors.csv",
            row + 2,
            "gates",
        )
        for row, gates in enumerate(study.tables["corridors"].text("gates"))
        for gate in gates.split("+")
        if gate not in known
    ]
