"""What flows make of links: containers at gates and corridors, tolls and who earns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float
from landbridge.network.network import Network
from landbridge.pipeline.freight import Freight, load_flows, load_network, season_flows
from landbridge.pipeline.ground import Ground


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


def find_loads(ground: Ground, freight: Freight, teu: Float) -> Loads:
    """Return the loads that containers between zones (K, Z, Z) make."""
    itself = np.eye(teu.shape[1], dtype=bool)
    moving = np.where(itself, 0.0, teu)
    flows = season_flows(freight, moving).sum(0)
    n, zone = len(ground.inputs.economies), ground.inputs.zone_economy
    member = np.zeros((n, len(zone)))
    member[zone, np.arange(len(zone))] = 1.0
    by_pair = np.einsum("ia,rab,jb->rij", member, flows.sum(1), member, optimize=True)
    return Loads(load_network(ground, freight, moving).sum(0), flows.sum((2, 3)), by_pair)


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


def earner_mix(ground: Ground, freight: Freight, teu: Float, corridors: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return for each of the corridors that containers (K, Z, Z) use which economy earns which part of charges."""
    volume = season_flows(freight, np.where(np.eye(teu.shape[1], dtype=bool), 0.0, teu))
    mixes: dict[str, dict[str, float]] = {}
    for r, corridor in enumerate(freight.alternatives.corridors):
        if corridor not in corridors or not volume[:, r].any():
            continue
        only = np.zeros_like(volume)
        only[:, r] = volume[:, r]
        arcs = load_flows(ground, freight, only).sum(0)
        earned: dict[str, float] = {}
        for (economy, _), amount in charges_collected(ground, freight, arcs).items():
            earned[economy] = earned.get(economy, 0.0) + amount
        total = sum(earned.values())
        mixes[corridor] = {economy: amount / total for economy, amount in earned.items()}
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
    n, zone = len(inputs.economies), inputs.zone_economy
    moving = np.where(np.eye(len(zone), dtype=bool), 0.0, unit_teu)
    flows = season_flows(freight, moving)
    charge = np.where(flows > 0, freight.alternatives.charge_usd_per_teu, 0.0)
    by_zone = np.einsum("srkab,srkab->rab", flows, charge) / 1e6
    member = np.zeros((n, len(zone)))
    member[zone, np.arange(len(zone))] = 1.0
    shares: dict[str, Float] = {}
    for r, corridor in enumerate(freight.alternatives.corridors):
        pairs = member @ by_zone[r] @ member.T
        for economy, part in mixes.get(corridor, {}).items():
            if economy in inputs.economies and pairs.any():
                shares[economy] = shares.get(economy, 0.0) + pairs * part
    return shares
