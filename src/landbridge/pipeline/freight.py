"""From measures to costs and shares of corridors between zones, and back from flows to loads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.network.network import Network
from landbridge.pipeline.ground import Ground, arc_values, standing_network, steady_arcs
from landbridge.pipeline.inputs import value_or
from landbridge.routing.alternatives import Alternatives, Constants, find_alternatives, load_alternatives
from landbridge.routing.choice import Choice, Logit, choose
from landbridge.routing.generalised import ArcValues
from landbridge.routing.overlay import with_tables

NEW_CONSTANT: Final = "new_corridor_constant_usd_per_teu"
"""Parameter that moves the constants of corridors that nobody has used yet."""


@dataclass(frozen=True, slots=True, eq=False)
class OtherRoutes:
    """Routes that freight takes beside the best ones: as good as these, at the delays that all make together.

    Attributes
    ----------
    values
        The touched arcs at which a search finds them.
    cells
        Season, alternative, class, origin and destination, shape (5, n).
    share
        Their share of the alternative's flow, shape (n,).
    """

    values: ArcValues
    cells: Int
    share: Float


@dataclass(frozen=True, slots=True, eq=False)
class Freight:
    """Routes and their shares as the network stands: R alternatives, K classes, Z zones.

    Attributes
    ----------
    touched
        The touched links and transfers as they stand.
    values
        The same as values of arcs.
    """

    touched: Network
    values: ArcValues
    alternatives: Alternatives
    choice: Choice
    others: tuple[OtherRoutes, ...] = ()

    def mean(self, attribute: str) -> Float:
        """Return an attribute's mean over months and corridors by share, shape (K, Z, Z)."""
        amount = getattr(self.alternatives, attribute)
        weight = np.array([season.weight for season in self.alternatives.seasons])
        chosen = self.choice.season_share
        total: Float = np.einsum("s,srkij,srkij->kij", weight, chosen, np.where(chosen > 0, amount, 0.0))
        return total

    def by_corridor(self, attribute: str) -> Float:
        """Return an attribute by corridor, mean over the months in which it is open, shape (R, K, Z, Z)."""
        amount = getattr(self.alternatives, attribute)
        weight = np.array([season.weight for season in self.alternatives.seasons])
        there = np.isfinite(self.alternatives.generalised_usd_per_teu)
        total = np.einsum("s,srkij->rkij", weight, np.where(there, amount, 0.0))
        months = np.einsum("s,srkij->rkij", weight, there.astype(np.float64))
        return np.where(months > 0, total / np.where(months > 0, months, 1.0), np.inf)


def logit_of(ground: Ground) -> Logit:
    """Return the choice model of a study."""
    ratio = 1.0 / value_or(ground.study, "nest_scale", 1.0)
    names = {nest for nest in ground.nests if nest and ground.nests.count(nest) > 1}
    return Logit(
        scale_per_usd=np.array([ground.study.parameter("choice_scale_per_usd")]),
        constant_usd_per_teu=ground.constants + ground.new_corridors * value_or(ground.study, NEW_CONSTANT, 0.0),
        nest=tuple(nest if nest in names else "" for nest in ground.nests),
        nest_scale_ratio=tuple((name, ratio) for name in sorted(names)),
        bound_ratio=value_or(ground.study, "choice_bound_ratio", float("inf")),
    )


def find_freight(
    ground: Ground,
    standing: Sequence[str],
    *,
    delay_hours: Float | None = None,
    with_amounts: bool = True,
    with_marks: bool = False,
) -> Freight:
    """Return routes and shares under the standing measures.

    Parameters
    ----------
    ground
        The study's ground.
    standing
        Ids of measures.
    delay_hours
        Hours that load adds to each touched arc, shape (M,); none if absent.
    with_amounts
        False where only shares and composite costs are wanted.
    with_marks
        Whether routes tell which arcs of a capacity they pass.
    """
    touched = standing_network(ground, standing)
    values = arc_values(touched)
    if delay_hours is not None:
        values = replace(values, hours=values.hours + delay_hours)
    marked = limited_arcs(touched) if with_marks else None
    return freight_at(ground, touched, values, with_amounts=with_amounts, marked=marked)


def limited_arcs(touched: Network) -> Int:
    """Return the touched arcs (positions) with a capacity."""
    parts = touched.links, touched.transfers
    return np.flatnonzero(np.concatenate([np.isfinite(part.capacity_teu_per_year) for part in parts]))


def freight_at(
    ground: Ground, touched: Network, values: ArcValues, *, with_amounts: bool = True, marked: Int | None = None
) -> Freight:
    """Return routes and shares at given values of the touched arcs; see `find_alternatives` for `marked`."""
    alternatives = find_alternatives(
        ground.overlay,
        values,
        ground.corridors,
        with_amounts=with_amounts,
        marked=marked,
        constants=Constants(ground.constants, ground.new_corridors),
    )
    choice = choose(alternatives.perceived_usd_per_teu, alternatives.seasons, logit_of(ground))
    return Freight(touched, values, alternatives, choice)


def season_flows(freight: Freight, teu: Float) -> Float:
    """Return TEU by season and corridor for TEU a year between zones (K, Z, Z), shape (S, R, K, Z, Z).

    The year's containers move evenly over its months.
    """
    weight = np.array([season.weight for season in freight.alternatives.seasons])
    return weight[:, None, None, None, None] * freight.choice.season_share * teu


def near_ground(ground: Ground, touched: Network) -> Ground:
    """Return the ground with tables of the network as it stands, but for gates: searches start from these.

    What is searched and what is loaded start alike, so that they take the same one of routes that cost the same.
    """
    steady = np.setdiff1d(steady_arcs(ground), limited_arcs(touched))
    return replace(ground, overlay=with_tables(ground.overlay, arc_values(touched), [steady]))


def load_flows(near: Ground, freight: Freight, flows: Float) -> Float:
    """Return TEU by class on every arc of the graph, shape (K, n_arcs), for flows by alternative (S, R, K, Z, Z).

    `near` is the ground of `near_ground` for this freight.
    """
    main = flows.copy()
    parts = [(freight.values, main)]
    for other in freight.others:
        cells = tuple(other.cells)
        moved = flows[cells] * other.share
        if moved.any():
            apart = np.zeros_like(flows)
            apart[cells] = moved
            main[cells] -= moved
            parts.append((other.values, apart))
    return load_alternatives(near.overlay, near.corridors, parts)
