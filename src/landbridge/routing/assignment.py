"""User equilibrium on a graph with capacities, by bushes (Dial's Algorithm B).

The problem (Beckmann, McGuire and Winsten 1956): with f_ka the flow of class k on link a in PCE and the load
``v_a = preload_a + sum_k f_ka``, minimise ``sum_a integral_{preload_a}^{v_a} t_a(w) dw + sum_ka f_ka m_ka`` over
flows that carry the demand, m_ka the fixed cost of the class in units of time. Its minimum is the equilibrium in
which no class has a route cheaper than those it uses (Wardrop 1952). Each class and origin has a bush, an acyclic
graph of the routes in use; a round measures the gap, drops unused links from each bush and adds shortcuts, then
moves flow inside the bushes by Newton steps (Dial 2006), taking the loads of all other bushes as they stand.
"""

import numpy as np

from landbridge.core.arrays import Float, locked
from landbridge.core.problems import ConvergenceError, Problem, StudyError
from landbridge.routing.assignment_data import Assignment, CapacityGraph, Demand
from landbridge.routing.delay import delay_integral, delay_time


def assign(network: CapacityGraph, demand: Demand, *, relative_gap: float = 1e-6, max_rounds: int = 1000) -> Assignment:
    """Return the user equilibrium of the demand on the network.

    Parameters
    ----------
    network
        Links with delay curves, fixed costs, preload and the centroid rule.
    demand
        Units a period by origin, destination and class.
    relative_gap
        Stop once ``(sum v c - sum d u) / sum v c`` is at or below it; v and d in PCE, c the cost of the class on
        the link (time plus fixed cost), u its least costs at the same times. The sums run over classes too.
    max_rounds
        Rounds allowed before the solver gives up.

    Raises
    ------
    StudyError
        For demand between nodes outside the graph, or between which no open route leads (all pairs are counted,
        the first ones named), or a class without a row in ``fixed_cost``.
    ConvergenceError
        If the gap is not reached in `max_rounds`; it tells the last gap.
    """
    _refuse_misfits(network, demand, relative_gap)
    from landbridge.routing.assignment_bushes import equilibrate

    solution = equilibrate(network, demand, relative_gap=relative_gap, max_rounds=max_rounds)
    if solution.missing.any():
        raise StudyError([_no_route(demand, solution.missing)])
    if solution.gaps[-1] > relative_gap:
        raise ConvergenceError(
            f"the relative gap was {solution.gaps[-1]:.2e} after {max_rounds} rounds, above {relative_gap:.2e}."
        )
    load = network.preload + solution.pce_flow.sum(axis=0)
    class_flow = solution.pce_flow / demand.pce[:, np.newaxis]
    return Assignment(
        flow=_read_only(class_flow.sum(axis=0)),
        class_flow=_read_only(class_flow),
        load=_read_only(load),
        time=_read_only(delay_time(network.delays, load)),
        least_cost=_read_only(solution.least_cost),
        objective=beckmann(network, solution.pce_flow),
        gap_history=solution.gaps,
    )


def beckmann(network: CapacityGraph, pce_flow: Float) -> float:
    """Return Beckmann's objective (time x PCE) of flows in PCE by class and link, shape (n_classes, n_links).

    ``sum_a [T_a(v_a) - T_a(preload_a)] + sum_ka f_ka m_ka`` with T_a the integral of the delay curve from 0 and
    ``v_a = preload_a + sum_k f_ka``. A closed link (cost ``inf``) without flow counts 0.
    """
    load = network.preload + pce_flow.sum(axis=0)
    with np.errstate(invalid="ignore"):
        moving = delay_integral(network.delays, load) - delay_integral(network.delays, network.preload)
    used = pce_flow > 0.0
    fixed = np.where(used, np.broadcast_to(network.fixed_cost, pce_flow.shape), 0.0)
    return float(moving[load > network.preload].sum() + (fixed * pce_flow).sum())


def _read_only(values: Float) -> Float:
    return np.asarray(locked(values), np.float64)


def _refuse_misfits(network: CapacityGraph, demand: Demand, relative_gap: float) -> None:
    problems = []
    if not relative_gap > 0.0:
        problems.append(
            Problem(
                "LB423", f"{relative_gap} can never be reached. Give a gap above 0.", "assign", column="relative_gap"
            )
        )
    for name in ("origin", "destination"):
        ends = getattr(demand, name)
        outside = (ends < 0) | (ends >= network.n_nodes)
        if outside.any():
            problems.append(
                Problem(
                    "LB423",
                    f"{np.unique(ends[outside])[:5].tolist()} are not nodes. Give 0 to {network.n_nodes - 1}.",
                    "demand",
                    column=name,
                )
            )
    rows = len(network.fixed_cost)
    if rows not in (1, demand.n_classes):
        problems.append(
            Problem(
                "LB423",
                f"there are {rows} rows for {demand.n_classes} classes. Give one row for all, or one a class.",
                "graph",
                column="fixed_cost",
            )
        )
    if problems:
        raise StudyError(problems)


def _no_route(demand: Demand, missing: np.ndarray) -> Problem:
    rows = np.flatnonzero(missing)
    pairs = ", ".join(f"{demand.origin[r]} to {demand.destination[r]} (class {demand.user_class[r]})" for r in rows[:5])
    return Problem(
        "LB424",
        f"no open route leads {pairs}; {len(rows)} rows in all. Open a link, or leave the rows out.",
        "demand",
    )
