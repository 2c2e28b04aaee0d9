"""What flows make of links: containers at gates and corridors, tolls and who earns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float
from landbridge.network.network import Network
from landbridge.pipeline.freight import Freight, load_flows, season_flows
from landbridge.pipeline.ground import Ground
from landbridge.routing.alternatives import load_each


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """Containers a year.

    Attributes
    ----------
    arcs
        TEU on every arc of the graph, all classes together, shape (n_arcs,).
    corridors
        TEU by corridor and class, shape (R, K).
    corridor_pairs
        TEU by corridor and pair of economies, shape (R, N, N).
    """

    arcs: Float
    corridors: Float
    corridor_pairs: Float


def find_loads(near: Ground, freight: Freight, teu: Float) -> Loads:
    """Return the loads that containers between zones (K, Z, Z) make; `near` is of `near_ground`."""
    itself = np.eye(teu.shape[1], dtype=bool)
    moving = np.where(itself, 0.0, teu)
    flows = season_flows(freight, moving)
    year = flows.sum(0)
    member = _member(near)
    return Loads(load_flows(near, freight, flows).sum(0), year.sum((2, 3)), member @ year.sum(1) @ member.T)


def _member(ground: Ground) -> Float:
    """Return 1 where a zone lies in an economy, shape (N, Z)."""
    zone = ground.inputs.zone_economy
    member = np.zeros((len(ground.inputs.economies), len(zone)))
    member[zone, np.arange(len(zone))] = 1.0
    return member


def standing_rows(ground: Ground, touched: Network) -> Network:
    """Return the whole network with its touched rows as they stand: charges and who earns them."""
    network, chosen = ground.network, ground.overlay.touched
    links, transfers = network.links, network.transfers
    rows = chosen[chosen < len(links)], chosen[chosen >= len(links)] - len(links)
    charge = links.charge_usd_per_teu.copy(), transfers.charge_usd_per_teu.copy()
    charge[0][rows[0]] = touched.links.charge_usd_per_teu
    charge[1][rows[1]] = touched.transfers.charge_usd_per_teu
    return replace(
        network,
        links=replace(links, charge_usd_per_teu=charge[0]),
        transfers=replace(transfers, charge_usd_per_teu=charge[1]),
    )


def charges_collected(ground: Ground, freight: Freight, arcs: Float) -> dict[tuple[str, str], float]:
    """Return tolls and fees a year by (economy that earns them, gate), million USD."""
    network = standing_rows(ground, freight.touched)
    links, transfers = network.links, network.transfers
    found: dict[tuple[str, str], float] = {}
    for part, first in ((links, 0), (transfers, len(links))):
        amount = part.charge_usd_per_teu * arcs[first : first + len(part)] / 1e6
        for row in np.flatnonzero(amount > 0).tolist():
            passage = links.passage[row] if part is links else ""
            key = part.charge_to[row], part.name[row] or passage
            found[key] = found.get(key, 0.0) + float(amount[row])
    return found


def earner_mix(near: Ground, freight: Freight, teu: Float, corridors: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return for each of the corridors that containers (K, Z, Z) use which economy earns which part of charges.

    By the best routes of each corridor, as charges between zones are.
    """
    volume = season_flows(freight, np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu))
    used = (volume > 0).sum((0, 2, 3, 4)) > 0
    names = freight.alternatives.corridors
    which = [r for r, corridor in enumerate(names) if corridor in corridors and used[r]]
    if not which:
        return {}
    mixes: dict[str, dict[str, float]] = {}
    for r, arcs in zip(which, load_each(near.overlay, near.corridors, freight.values, volume, which), strict=True):
        earned: dict[str, float] = {}
        for (economy, _), amount in charges_collected(near, freight, arcs).items():
            earned[economy] = earned.get(economy, 0.0) + amount
        total = sum(earned.values())
        mixes[names[r]] = {economy: amount / total for economy, amount in earned.items()}
    return mixes


def charge_shares(
    ground: Ground, freight: Freight, unit_teu: Float, mixes: Mapping[str, Mapping[str, float]]
) -> dict[str, Float]:
    """Return charges as a share of delivered value, by the economy that earns them, each (N, N).

    Charges are exact by pair and corridor; who earns them is the corridor's mix of earners.

    Parameters
    ----------
    ground, freight
        The study and its routes as the network stands.
    unit_teu
        Containers that a million USD of each pair's trade moves, (K, Z, Z).
    mixes
        From `earner_mix`.
    """
    inputs = ground.inputs
    moving = np.where(np.eye(unit_teu.shape[1], dtype=bool), 0.0, unit_teu)
    flows = season_flows(freight, moving)
    charge = np.where(flows > 0, freight.alternatives.charge_usd_per_teu, 0.0)
    by_zone = (flows * charge).sum((0, 2)) / 1e6
    member = _member(ground)
    shares: dict[str, Float] = {}
    for r, corridor in enumerate(freight.alternatives.corridors):
        pairs = member @ by_zone[r] @ member.T
        for economy, part in mixes.get(corridor, {}).items():
            if economy in inputs.economies and pairs.any():
                shares[economy] = shares.get(economy, 0.0) + pairs * part
    return shares
