"""An outcome as the tidy tables of a result."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import MODES
from landbridge.network.shapes import path_of
from landbridge.pipeline.feedback import find_gates
from landbridge.pipeline.ground import Ground
from landbridge.pipeline.loads import Loads, charges_collected
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.trade.welfare import first_order_parts, money_welfare

Columns = dict[str, list[Any]]
ALL_CLASSES: Final = "all"
SMALLEST_TEU: Final = 1.0
"""Links with less a year are left out."""


def columns_of(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> Columns:
    """Return rows as columns, empty ones too."""
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def economy_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return what changes for each economy."""
    inputs, found = base.ground.inputs, outcome.equilibrium
    welfare = money_welfare(found)
    parts = first_order_parts(found, cost_change=outcome.change.total, tariffs=base.rules.tariffs)
    abroad = ~np.eye(len(inputs.economies), dtype=bool)
    before, after = inputs.flows * abroad, outcome.flows * abroad
    measures: list[tuple[str, str, Float]] = [
        ("real_income_change", "percent", 100.0 * (found.real_income_change - 1.0)),
        ("real_wage_change", "percent", 100.0 * (found.wage_change / found.price_change - 1.0)),
        ("equivalent_variation", "million USD", welfare.equivalent_variation),
        ("equivalent_variation_of_gdp", "percent of GDP", 0.1 * welfare.equivalent_variation / inputs.gdp_usd_bn),
        ("exports_change", "percent", _percent(before.sum(1), after.sum(1))),
        ("imports_change", "percent", _percent(before.sum(0), after.sum(0))),
        ("terms_of_trade_part", "percent", 100.0 * parts.terms_of_trade),
        ("volume_part", "percent", 100.0 * (parts.total - parts.terms_of_trade)),
    ]
    rows = [
        (economy, inputs.names[i], measure, float(values[i]), unit)
        for measure, unit, values in measures
        for i, economy in enumerate(inputs.economies)
    ]
    return columns_of(rows, ("economy", "name", "measure", "value", "unit"))


def trade_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return trade by pair before and after."""
    inputs = base.ground.inputs
    measures = (
        ("before", "million USD", inputs.flows),
        ("after", "million USD", outcome.flows),
        ("cost_change", "percent", 100.0 * (outcome.change.transport - 1.0)),
    )
    n = len(inputs.economies)
    exporter = np.repeat(np.array(inputs.economies, dtype=object), n)
    importer = np.tile(np.array(inputs.economies, dtype=object), n)
    return {
        "exporter": [*exporter] * 3,
        "importer": [*importer] * 3,
        "measure": [name for name, _, _ in measures for _ in range(n * n)],
        "value": np.concatenate([values.ravel() for _, _, values in measures]).tolist(),
        "unit": [unit for _, unit, _ in measures for _ in range(n * n)],
    }


def corridor_tables(base: Baseline, outcome: Outcome) -> tuple[Columns, Columns]:
    """Return containers by corridor and class, and by corridor and pair of economies."""
    ground = base.ground
    classes = (*(freight.id for freight in ground.inputs.classes), ALL_CLASSES)
    ids = outcome.freight.alternatives.corridors
    now, old = _with_total(outcome.loads.corridors), _with_total(base.loads.corridors)
    share = 100.0 * now / np.maximum(now.sum(0), 1e-300)
    rows = [
        (ids[r], ground.corridor_names[r], classes[k], measure, float(values[r, k]), unit)
        for measure, unit, values in (
            ("teu", "TEU a year", now),
            ("teu_change", "TEU a year", now - old),
            ("share", "percent", share),
        )
        for r in range(len(ids))
        for k in range(len(classes))
    ]
    pairs = outcome.loads.corridor_pairs
    economies = ground.inputs.economies
    found = [
        (economies[i], economies[j], ids[r], float(pairs[r, i, j]), "TEU a year")
        for r, i, j in np.argwhere(pairs >= SMALLEST_TEU).tolist()
    ]
    return (
        columns_of(rows, ("corridor", "name", "class", "measure", "value", "unit")),
        columns_of(found, ("exporter", "importer", "corridor", "value", "unit")),
    )


def gate_loads(base: Baseline, loads: Loads) -> dict[tuple[str, str], float]:
    """Return containers by gate and kind, both directions; of a stretch its most loaded link."""
    return dict(_gate_loads(base.ground, loads))


@lru_cache(maxsize=2)
def _gate_loads(ground: Ground, loads: Loads) -> dict[tuple[str, str], float]:
    network = ground.network
    links, transfers = network.links, network.transfers
    on_links = loads.arcs[: len(links)]
    on_transfers = loads.arcs[len(links) : len(links) + len(transfers)]
    edges = _edges(ground)[1]
    both = np.bincount(edges, on_links)[edges]
    found: dict[tuple[str, str], float] = {}
    for words, kinds in ((links.name, links.kind), (links.passage, None)):
        rows = np.flatnonzero((words.codes > 0) & (both >= SMALLEST_TEU))
        crossing = np.zeros(len(rows), np.bool_) if kinds is None else kinds.mask("crossing")[rows]
        other = "passage" if kinds is None else "line"
        for code, here, teu in zip(words.codes[rows].tolist(), crossing.tolist(), both[rows].tolist(), strict=True):
            key = words.words[code], "crossing" if here else other
            found[key] = max(found.get(key, 0.0), teu)
    port = transfers.kind.mask("port")
    for row in np.flatnonzero(port & (on_transfers >= SMALLEST_TEU)).tolist():
        key = transfers.name[row], "port"
        found[key] = found.get(key, 0.0) + float(on_transfers[row])
    return found


def gate_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return containers and delays at gates."""
    now, old = gate_loads(base, outcome.loads), gate_loads(base, base.loads)
    rows: list[tuple[Any, ...]] = []
    for gate, kind in sorted({*now, *old}):
        teu = now.get((gate, kind), 0.0)
        rows.append((gate, kind, "teu", teu, "TEU a year"))
        rows.append((gate, kind, "teu_change", teu - old.get((gate, kind), 0.0), "TEU a year"))
    touched, delay = outcome.freight.touched, outcome.settled.delay_hours
    limited = find_gates(touched).of >= 0
    worst: dict[tuple[str, str], float] = {}
    for row in np.flatnonzero(limited).tolist():
        part, at = (touched.links, row) if row < len(touched.links) else (touched.transfers, row - len(touched.links))
        key = part.name[at], part.kind[at]
        worst[key] = max(worst.get(key, -np.inf), float(delay[row]))
    rows += [(gate, kind, "delay_hours", hours, "hours") for (gate, kind), hours in sorted(worst.items())]
    return columns_of(rows, ("gate", "kind", "measure", "value", "unit"))


def link_table(base: Baseline, loads: Loads) -> Columns:
    """Return containers on every link that carries any, both directions on the row of the first, with its path."""
    ground = base.ground
    links, simplified = ground.network.links, ground.simplified
    first, back = _edges(ground)
    both = np.bincount(back, loads.arcs[: len(links)], len(first))
    used = np.flatnonzero(both >= SMALLEST_TEU)
    rows = first[used]
    count = simplified.start[rows + 1] - simplified.start[rows]
    each = np.repeat(np.arange(len(used)), count)
    within = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    parts = simplified.part[simplified.start[rows][each] + within]
    named = links.name.codes[rows] > 0
    words = np.where(named, links.name.take(rows).text(), links.passage.take(rows).text())
    return {
        "link": parts.astype(np.str_).tolist(),
        "mode": np.array(MODES)[links.mode[rows]][each].tolist(),
        "name": words[each].tolist(),
        "path": [_path(ground, part) for part in parts.tolist()],
        "value": both[used][each].tolist(),
        "unit": ["TEU a year"] * len(each),
    }


@lru_cache(maxsize=2)
def _edges(ground: Ground) -> tuple[Int, Int]:
    """Return the first link of each edge (both directions of a line), and the edge of each link."""
    _, first, back = np.unique(ground.network.links.edge, return_index=True, return_inverse=True)
    return first, back


@lru_cache(maxsize=100_000)
def _path(ground: Ground, link: int) -> str:
    """Return the points of a link of the whole network as ``latitude,longitude`` pairs."""
    latitude, longitude = path_of(ground.whole, link, from_base=ground.study.settings.base_network == "world")
    return " ".join(f"{a:.3f},{b:.3f}" for a, b in zip(latitude.tolist(), longitude.tolist(), strict=True))


def route_table(base: Baseline, outcome: Outcome, pairs: Sequence[tuple[str, str]]) -> Columns:
    """Return what each corridor takes between showcase zones."""
    inputs, freight = base.ground.inputs, outcome.freight
    amounts = {
        "hours": ("hours", freight.by_corridor("hours")),
        "usd_per_teu": ("USD per TEU", freight.by_corridor("usd_per_teu")),
        "km": ("km", freight.by_corridor("km")),
        "co2_kg_per_teu": ("kg per TEU", freight.by_corridor("co2_kg_per_teu")),
        "generalised_usd_per_teu": ("USD per TEU", freight.by_corridor("generalised_usd_per_teu")),
        "share": ("percent", 100.0 * freight.choice.share),
    }
    rows = []
    for origin, destination in pairs:
        i, j = inputs.zones.index(origin), inputs.zones.index(destination)
        for k, kind in enumerate(inputs.classes):
            for r, name in enumerate(base.ground.corridor_names):
                if not np.isfinite(amounts["generalised_usd_per_teu"][1][r, k, i, j]):
                    continue
                rows += [
                    (inputs.zone_names[i], inputs.zone_names[j], kind.id, name, measure, float(v[r, k, i, j]), unit)
                    for measure, (unit, v) in amounts.items()
                ]
    return columns_of(rows, ("origin", "destination", "class", "corridor", "measure", "value", "unit"))


def skim_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return zone-to-zone skims: means over corridors and months by their shares, and the composite cost."""
    inputs, freight = base.ground.inputs, outcome.freight
    measures = (
        ("hours", "hours", freight.mean("hours")),
        ("usd_per_teu", "USD per TEU", freight.mean("usd_per_teu")),
        ("km", "km", freight.mean("km")),
        ("co2_kg_per_teu", "kg per TEU", freight.mean("co2_kg_per_teu")),
        ("composite_usd_per_teu", "USD per TEU", freight.choice.composite_usd_per_teu),
    )
    z, k = len(inputs.zones), len(inputs.classes)
    unreached = ~np.isfinite(freight.choice.composite_usd_per_teu)
    zones = np.array(inputs.zones)
    each = k * z * z
    return {
        "class": np.tile(np.repeat(np.array([c.id for c in inputs.classes]), z * z), len(measures)),  # type: ignore[dict-item]
        "origin": np.tile(np.repeat(zones, z), k * len(measures)),  # type: ignore[dict-item]
        "destination": np.tile(zones, z * k * len(measures)),  # type: ignore[dict-item]
        "measure": np.repeat(np.array([name for name, _, _ in measures]), each),  # type: ignore[dict-item]
        "value": np.concatenate([np.where(unreached, np.inf, values).ravel() for _, _, values in measures]),  # type: ignore[dict-item]
        "unit": np.repeat(np.array([unit for _, unit, _ in measures]), each),  # type: ignore[dict-item]
    }


def charge_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return tolls and fees collected, by who earns them."""
    found = charges_collected(base.ground, outcome.freight, outcome.loads.arcs)
    rows = [(economy or "not stated", gate, amount, "million USD a year") for (economy, gate), amount in found.items()]
    return columns_of(sorted(rows), ("economy", "gate", "value", "unit"))


def measure_table(base: Baseline, outcome: Outcome) -> Columns:
    """Return which measures stand, and whose consent each needs."""
    rows = [
        (m.id, m.title, m.in_baseline, m.id in outcome.standing, "+".join(m.consent))
        for m in base.ground.study.measures
    ]
    return columns_of(rows, ("measure", "title", "in_baseline", "stands", "consent"))


def convergence_table(outcome: Outcome) -> Columns:
    """Return residuals, gaps and iterations."""
    gaps = outcome.settled.gaps
    rows = [
        ("trade equilibrium", "residual", float(np.max(outcome.equilibrium.residual)), "relative"),
        ("trade equilibrium", "iterations", float(np.max(outcome.equilibrium.iterations)), "count"),
        ("delays by load", "relative gap", gaps[-1] if gaps else 0.0, "relative"),
        ("delays by load", "rounds", float(len(gaps)), "count"),
        ("delays by load", "steps", float(outcome.settled.steps), "count"),
    ]
    return columns_of(rows, ("part", "measure", "value", "unit"))


def headline_table(base: Baseline, outcome: Outcome, indicators: Mapping[str, tuple[str, float, str]]) -> Columns:
    """Return the figures that stand first: world and members' income, containers by corridor, the indicators."""
    inputs, found = base.ground.inputs, outcome.equilibrium
    spending = found.baseline_spending
    variation = spending * (found.real_income_change - 1.0)
    gdp = inputs.gdp_usd_bn.sum() * 1000.0
    rows: list[tuple[str, str, float, str]] = [
        ("world_ev", "World gain (equivalent variation)", float(variation.sum()) / 1000.0, "billion USD"),
        ("world_ev_percent", "World gain", float(100.0 * variation.sum() / gdp), "percent of GDP"),
    ]
    for member in base.ground.study.members:
        mine = [inputs.position(economy) for economy in member.economies]
        if mine:
            gain = float(variation[mine].sum())
            rows.append((f"ev:{member.id}", f"{member.name}: gain", gain, "million USD"))
    for r, name in enumerate(base.ground.corridor_names):
        teu = float(outcome.loads.corridors[r].sum())
        rows.append((f"teu:{outcome.freight.alternatives.corridors[r]}", name, teu, "TEU a year"))
    rows += [(key, name, value, unit) for key, (name, value, unit) in indicators.items()]
    return columns_of(rows, ("indicator", "name", "value", "unit"))


def _with_total(values: Float) -> Float:
    return np.concatenate([values, values.sum(1, keepdims=True)], axis=1)


def _percent(before: Float, after: Float) -> Float:
    return 100.0 * (np.divide(after, before, out=np.ones_like(after), where=before > 0) - 1.0)
