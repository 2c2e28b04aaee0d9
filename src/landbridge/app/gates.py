"""The corridors' gates on the page's map: where they lie, and what passing them takes as things stand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.app.digits import change, shown
from landbridge.app.engine import Answer, Engine
from landbridge.app.geometry import Geometry
from landbridge.app.texts import Texts
from landbridge.core.arrays import Int
from landbridge.figures.maps import Spot, spot_trace
from landbridge.figures.projection import EURASIA
from landbridge.figures.style import Theme
from landbridge.pipeline.months import arc_amounts
from landbridge.pipeline.tables import gate_loads


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """A gate of a corridor.

    Attributes
    ----------
    arcs
        Positions of its links, or of its transfers behind the links.
    spot
        Where it lies.
    """

    name: str
    corridor: int
    arcs: Int
    spot: Spot


def gate_trace(engine: Engine, geometry: Geometry, answer: Answer, theme: Theme, texts: Texts) -> dict[str, Any]:
    """Return the gates as diamonds that tell hours, cost, load and the corridor's share on hover."""
    gates: tuple[Gate, ...] = engine.kept(("gates",), lambda: gates_of(engine, geometry))
    words = _words(answer, gates, texts)
    spots = [
        Spot(g.name, g.spot.latitude_deg, g.spot.longitude_deg, text, "gate")
        for g, text in zip(gates, words, strict=True)
    ]
    trace = spot_trace(spots, theme, EURASIA)
    trace.pop("customdata")
    trace["name"] = texts["gates"]
    return trace


def gates_of(engine: Engine, geometry: Geometry) -> tuple[Gate, ...]:
    """Return the gates of a study's corridors that its network has; a gate of several corridors once."""
    ground = engine.baseline().ground
    links, transfers = ground.network.links, ground.network.transfers
    found: dict[str, Gate] = {}
    for corridor, row in enumerate(engine.study.tables["corridors"].rows()):
        for name in str(row["gates"]).split("+"):
            on_links = np.flatnonzero(links.name.mask(name) | links.passage.mask(name))
            on_transfers = np.flatnonzero(transfers.name.mask(name) & transfers.kind.mask("port"))
            if name in found or not (len(on_links) or len(on_transfers)):
                continue
            if len(on_links):
                latitude, longitude = geometry.middle(on_links)
            else:
                node = int(transfers.node[on_transfers[0]])
                latitude = float(ground.network.nodes.latitude_deg[node])
                longitude = float(ground.network.nodes.longitude_deg[node])
            arcs = on_links if len(on_links) else on_transfers + len(links)
            found[name] = Gate(name, corridor, arcs, Spot(name, latitude, longitude, "", "gate"))
    return tuple(found.values())


def _words(answer: Answer, gates: tuple[Gate, ...], texts: Texts) -> list[str]:
    """Return what hovering a gate tells."""
    base, outcome = answer.base, answer.outcome
    ground, links = base.ground, base.ground.network.links
    hours, usd, _, _ = arc_amounts(ground, outcome.freight)
    usual = np.asarray(ground.graph.values.hours)
    now = _by_name(gate_loads(base, outcome.loads))
    was = _by_name(gate_loads(base, base.loads))
    corridors = outcome.loads.corridors.sum(1)
    share = 100.0 * corridors / max(float(corridors.sum()), 1e-300)
    said = []
    for gate in gates:
        arcs = gate.arcs
        if arcs[0] < len(links):
            wait = links.wait_hours[arcs] + np.nan_to_num(hours[arcs] - usual[arcs], nan=0.0, posinf=0.0, neginf=0.0)
            takes = float(wait.max())
            pays = float(usd[arcs].max()) if links.kind.mask("crossing")[arcs].any() else _charge(answer, arcs)
        else:
            takes, pays = float(hours[arcs].max()), float(usd[arcs].max())
        load, before = now.get(gate.name, 0.0), was.get(gate.name, 0.0)
        lines = [
            ground.corridor_names[gate.corridor],
            f"{shown(takes)} {texts['hours']}, {shown(pays)} {texts['usd']}",
            f"{shown(load)} {texts['teu']} ({change(load - before)})",
            f"{texts['corridor']}: {shown(float(share[gate.corridor]))} %",
        ]
        said.append("<br>".join(lines))
    return said


def _charge(answer: Answer, arcs: Int) -> float:
    """Return the toll of a passage as it stands."""
    ground = answer.base.ground
    charge = np.array(ground.graph.values.charge_usd_per_teu)
    charge[ground.overlay.touched] = answer.outcome.freight.values.charge_usd_per_teu
    return float(charge[arcs].max())


def _by_name(loads: dict[tuple[str, str], float]) -> dict[str, float]:
    return {name: load for (name, _), load in loads.items()}
