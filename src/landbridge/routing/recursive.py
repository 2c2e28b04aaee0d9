r"""Recursive logit on a choice graph, in closed form: composite cost, use of links, and exact reduction.

With ``A = exp(-mu g)`` over the links of the graph and ``B = (I - A)^{-1}`` (Akamatsu 1996; Fosgerau, Frejinger
and Karlstrom 2013), for an absorbing destination j:

.. math::
    C_{ij} = -\frac{1}{\mu} \ln \frac{B_{ij}}{B_{jj}}, \qquad
    u_{kl} = \Bigl(B_{ik} - \frac{B_{ij} B_{jk}}{B_{jj}}\Bigr) \frac{A_{kl} B_{lj}}{B_{ij}} \quad (k \ne j)

The choice graph is part of the study: the answer depends on which routes it holds, so it must not follow from
which arcs a scenario happens to touch.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import InfeasibleError, Problem, refuse


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceGraph:
    """A graph of n nodes on which freight chooses link by link; parallel links count as further choices."""

    n_nodes: int
    tail: Int
    head: Int
    cost_usd_per_teu: Float


@dataclass(frozen=True, slots=True, eq=False)
class RecursiveLogit:
    """A solved model: ``weights`` is A as a sparse matrix (n, n), `scale_per_usd` is mu."""

    graph: ChoiceGraph
    scale_per_usd: float
    spectral_radius: float
    weights: sparse.csc_array

    def composite(self, origins: Int, destinations: Int) -> Float:
        """Return C, shape (n_origins, n_destinations); inf where there is no route, 0 at the destination itself."""
        lu = splu(_identity(self.graph.n_nodes) - self.weights)
        columns = lu.solve(_unit(self.graph.n_nodes, destinations))
        own = columns[destinations, np.arange(len(destinations))]
        reached = columns[origins] > 0
        ratio = np.where(reached, columns[origins], 1.0) / own
        return np.where(reached, -np.log(ratio) / self.scale_per_usd, np.inf) + 0.0

    def link_use(self, origin: int, destination: int) -> Float:
        """Return the expected number of times that freight of a pair uses each link, shape (n_links,).

        Raises
        ------
        InfeasibleError
            If no route leads from the origin to the destination.
        """
        n, graph = self.graph.n_nodes, self.graph
        system = sparse.csc_array(_identity(n) - self.weights)
        to_destination = splu(system).solve(_unit(n, np.array([destination])))[:, 0]
        rows = splu(sparse.csc_array(system.T)).solve(_unit(n, np.array([origin, destination])))
        if not to_destination[origin] > 0:
            message = f"node {destination} cannot be reached from node {origin} on the choice graph"
            raise InfeasibleError(message)
        at_node = rows[:, 0] - to_destination[origin] * rows[:, 1] / to_destination[destination]
        weight = np.exp(-self.scale_per_usd * graph.cost_usd_per_teu)
        use = at_node[graph.tail] * weight * to_destination[graph.head] / to_destination[origin]
        return np.where(graph.tail == destination, 0.0, use)


def solve_recursive(graph: ChoiceGraph, *, scale_per_usd: float) -> RecursiveLogit:
    """Return the model after checking that it has a finite value.

    Raises
    ------
    StudyError
        If a cost is unknown or the scale is not above 0. Infinite costs close a link.
    InfeasibleError
        If the spectral radius of A is 1 or more: the sum over routes with ever more loops has no finite value.
        The message gives the least scale that works where a larger one helps.
    """
    if not (scale_per_usd > 0 and np.isfinite(scale_per_usd)) or np.isnan(graph.cost_usd_per_teu).any():
        message = "A recursive logit needs a scale above 0 per USD and known costs on every link."
        refuse([Problem("LB351", message, "choice graph")])
    radius = spectral_radius(graph, scale_per_usd)
    if radius >= 1.0 - 1e-12:
        raise InfeasibleError(_remedy(graph, scale_per_usd, radius))
    return RecursiveLogit(graph, scale_per_usd, radius, _weights(graph, scale_per_usd))


def spectral_radius(graph: ChoiceGraph, scale_per_usd: float) -> float:
    """Return the spectral radius of ``A = exp(-mu g)``; 0 on a graph without loops.

    It is the largest over the strongly connected parts; each part's by its dense eigenvalues up to 500 nodes,
    above by power iteration on ``A + I``, whose growth bounds it from above (Collatz and Wielandt).
    """
    weights = _weights(graph, scale_per_usd)
    count, part = sparse.csgraph.connected_components(weights, directed=True, connection="strong")
    size = np.bincount(part, minlength=count)
    loops = weights.diagonal()
    radius = float(loops.max(initial=0.0))
    for which in np.flatnonzero(size > 1).tolist():
        rows = np.flatnonzero(part == which)
        block = sparse.csr_array(weights)[rows][:, rows]
        radius = max(radius, _block_radius(sparse.csr_array(block)))
    return radius


def _block_radius(block: sparse.csr_array) -> float:
    if block.shape[0] <= 500:
        return float(np.abs(np.linalg.eigvals(block.toarray())).max())
    vector = np.ones(block.shape[0])
    upper = np.inf
    for _ in range(2000):
        grown = block @ vector + vector
        ratio = grown / vector
        upper = float(ratio.max()) - 1.0
        if ratio.max() - ratio.min() < 1e-10 * ratio.max():
            break
        vector = grown / grown.max()
        vector = np.maximum(vector, 1e-280)
    return upper


def reduce_graph(graph: ChoiceGraph, kept: Int, *, scale_per_usd: float) -> Float:
    """Return the weights between `kept` nodes after the others are eliminated, shape (n_kept, n_kept).

    ``A_TT + A_TR (I - A_RR)^{-1} A_RT``: exact, the composite costs between kept nodes stay the same.
    """
    weights = sparse.csr_array(_weights(graph, scale_per_usd))
    rest = np.setdiff1d(np.arange(graph.n_nodes), kept)
    between = weights[kept][:, kept].toarray()
    if not len(rest):
        return np.asarray(between)
    inside = sparse.csc_array(_identity(len(rest)) - weights[rest][:, rest])
    detour = splu(inside).solve(weights[rest][:, kept].toarray())
    return np.asarray(between + weights[kept][:, rest] @ detour)


def composite_of_weights(weights: Float, *, scale_per_usd: float) -> Float:
    """Return C between all nodes of a dense matrix of weights, shape (n, n)."""
    table = np.linalg.inv(np.eye(len(weights)) - weights)
    reached = table > 0
    value: Float = np.where(reached, -np.log(np.where(reached, table, 1.0) / np.diag(table)) / scale_per_usd, np.inf)
    return value


def _weights(graph: ChoiceGraph, scale_per_usd: float) -> sparse.csc_array:
    shape = (graph.n_nodes, graph.n_nodes)
    weight = np.exp(-scale_per_usd * graph.cost_usd_per_teu)
    matrix = sparse.csc_array((weight, (graph.tail, graph.head)), shape=shape)
    matrix.eliminate_zeros()
    return matrix


def _identity(n: int) -> sparse.csc_array:
    return sparse.csc_array(sparse.identity(n, format="csc"))


def _unit(n: int, columns: Int) -> Float:
    unit = np.zeros((n, len(columns)))
    unit[columns, np.arange(len(columns))] = 1.0
    return unit


def _remedy(graph: ChoiceGraph, scale_per_usd: float, radius: float) -> str:
    text = (
        f"the recursive logit has no finite value at scale {scale_per_usd:g} per USD (spectral radius {radius:.3g}): "
    )
    trial = scale_per_usd
    for _ in range(60):
        trial *= 1.25
        if spectral_radius(graph, trial) < 1.0 - 1e-9:
            return text + f"take a scale of {trial:.3g} or more, or a choice graph without loops"
    return text + "loops of links that cost nothing stay at any scale; give them a cost or take them out"
