"""All efficient routes between two places: none of the others is better in every criterion."""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import ConvergenceError, Problem, StudyError
from landbridge.routing.states import StateGraph


@dataclass(frozen=True, slots=True, eq=False)
class ParetoSet:
    """P efficient routes in ascending order of the first criterion.

    Attributes
    ----------
    costs
        Shape (P, n_criteria).
    paths
        Arcs of each route.
    """

    costs: Float
    paths: tuple[Int, ...]


def pareto_paths(
    graph: StateGraph,
    costs: Float,
    origin: int,
    destination: int,
    *,
    tolerance: float = 0.0,
    most_labels: int = 4_000_000,
    least: Float | None = None,
) -> ParetoSet:
    """Return the efficient routes between two vertices in two or three criteria.

    Exact label-setting (NAMOA* with dimensionality reduction), guided by the least cost of each criterion to
    the destination. One route is returned for each efficient vector of costs.

    Parameters
    ----------
    costs
        Shape (n_arcs, n_criteria), at least 0; inf closes an arc. The size of the set may grow fast with the
        number of criteria.
    tolerance
        0 for the whole set. Else routes are left out as long as for each efficient route one is returned that
        costs at most ``1 + tolerance`` times as much in every criterion.
    most_labels
        The cap on memory and time: about 60 bytes a label.
    least
        Least cost of each criterion from every vertex to the destination, shape (n_vertices, n_criteria), where
        it is at hand (`landbridge.routing.hierarchy.least_costs_to`); else a search a criterion finds it.

    Raises
    ------
    StudyError
        If there are fewer than two or more than three criteria, or a cost is negative or unknown.
    ConvergenceError
        If more than `most_labels` are needed; the message says what to do.
    """
    from landbridge.routing import kernel_pareto, kernel_search

    if costs.ndim != 2 or costs.shape[1] not in (2, 3) or not (costs >= 0).all():
        message = "Efficient routes need two or three criteria, each at least 0 on every arc."
        raise StudyError([Problem("LB348", message, "costs")])
    costs = np.ascontiguousarray(costs, np.float64)
    start, arcs = kernel_search.rows(graph.n_vertices, graph.tail)
    bound = _least(graph, costs, destination) if least is None else np.ascontiguousarray(least, np.float64)
    found, parent, by, spent, complete = kernel_pareto.efficient(
        start, arcs, graph.head, costs, bound, origin, destination, 1.0 + tolerance, most_labels
    )
    if not complete:
        raise ConvergenceError(
            f"more than {most_labels} labels for the efficient routes; allow a tolerance (0.01 leaves out routes "
            f"that are at most 1 % better), take fewer criteria, or raise most_labels"
        )
    paths = tuple(_path(parent, by, label) for label in found.tolist())
    order = np.lexsort(spent[found].T[::-1]) if len(found) else found
    return ParetoSet(spent[found][order], tuple(paths[i] for i in order))


def _least(graph: StateGraph, costs: Float, destination: int) -> Float:
    """Return the least cost of each criterion from every vertex to the destination, by a search for each."""
    from landbridge.routing import kernel_search

    start, arcs = kernel_search.rows(graph.n_vertices, graph.head)
    bound = np.empty((graph.n_vertices, costs.shape[1]))
    end = np.array([destination], np.int32)
    for x in range(costs.shape[1]):
        cost = np.ascontiguousarray(costs[:, x])
        bound[:, x], _ = kernel_search.search(start, arcs, graph.tail, cost, end, np.zeros(1), -1, np.inf)
    return bound


def _path(parent: Int, by: Int, label: int) -> Int:
    arcs: list[int] = []
    while parent[label] >= 0:
        arcs.append(int(by[label]))
        label = int(parent[label])
    return np.array(arcs[::-1], dtype=np.int64)
