r"""Which projects to do under budgets: an integer programme with conflicts, prerequisites and joint values.

With :math:`x_p` in {0, 1} for projects and :math:`z_s` in {0, 1} for sets S that are worth :math:`b_s` more (or less)
together than apart:

.. math:: \max \sum_p v_p x_p + \sum_s b_s z_s \quad s.t. \quad \sum_p c_{pk} x_p \le B_k,\;
          x_p + x_q \le 1\ (conflict),\; x_p \le x_q\ (p\ requires\ q),\;
          z_s \le x_p\ (p \in S),\; z_s \ge \sum_{p \in S} x_p - |S| + 1.

Solved to optimality by HiGHS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from landbridge.core.arrays import Float
from landbridge.core.problems import InfeasibleError, Problem, refuse


@dataclass(frozen=True, slots=True)
class Joint:
    """What a set of projects is worth together beyond the sum of its members; negative if they compete."""

    members: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """P projects to choose from.

    Attributes
    ----------
    values
        NPV of each alone, shape (P,).
    costs
        What each takes of K budgets (payers or years), shape (P, K), in the money of the budgets.
    conflicts
        Pairs of which at most one may be chosen.
    requires
        Pairs (p, q): p only with q.
    joint
        Sets whose worth together is not the sum of their members'.
    """

    names: tuple[str, ...]
    values: Float
    costs: Float
    conflicts: tuple[tuple[str, str], ...] = ()
    requires: tuple[tuple[str, str], ...] = ()
    joint: tuple[Joint, ...] = ()

    def worth(self, chosen: frozenset[str]) -> float:
        """Return what a set is worth: its members and every joint value that it holds."""
        alone = sum(float(self.values[self.names.index(name)]) for name in chosen)
        return alone + sum(item.value for item in self.joint if chosen >= set(item.members))

    def allowed(self, chosen: frozenset[str]) -> bool:
        """Whether a set breaks no conflict and lacks no prerequisite."""
        return not any(chosen >= {a, b} for a, b in self.conflicts) and all(
            b in chosen for a, b in self.requires if a in chosen
        )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best choice: its projects, worth, and what it takes of each budget."""

    chosen: tuple[str, ...]
    value: float
    spent: tuple[float, ...]
    budgets: tuple[float, ...]


def choose(candidates: Candidates, budgets: ArrayLike, *, must: Sequence[str] = ()) -> Portfolio:
    """Return the choice of greatest worth that keeps every budget, shape (K,).

    Raises
    ------
    StudyError
        If names, shapes or values do not fit.
    InfeasibleError
        If `must` cannot all be done within the budgets and rules.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    limits = np.atleast_1d(np.asarray(budgets, dtype=np.float64))
    refuse(_faults(candidates, limits, must))
    names, n, m = candidates.names, len(candidates.names), len(candidates.joint)
    at = {name: i for i, name in enumerate(names)}
    rows: list[Float] = []
    upper: list[float] = []

    def at_most(bound: float, parts: Sequence[tuple[int, float]]) -> None:
        row = np.zeros(n + m)
        for position, factor in parts:
            row[position] += factor
        rows.append(row)
        upper.append(bound)

    for k, limit in enumerate(limits):
        at_most(limit, [(p, float(candidates.costs[p, k])) for p in range(n)])
    for a, b in candidates.conflicts:
        at_most(1.0, [(at[a], 1.0), (at[b], 1.0)])
    for a, b in candidates.requires:
        at_most(0.0, [(at[a], 1.0), (at[b], -1.0)])
    for s, item in enumerate(candidates.joint):
        for name in item.members:
            at_most(0.0, [(n + s, 1.0), (at[name], -1.0)])
        at_most(len(item.members) - 1.0, [(n + s, -1.0), *((at[name], 1.0) for name in item.members)])
    low = np.zeros(n + m)
    low[[at[name] for name in must]] = 1.0
    worth = np.concatenate([candidates.values, [item.value for item in candidates.joint]])
    scale = max(float(np.abs(worth).max(initial=0.0)), 1.0)
    rules = LinearConstraint(np.array(rows), -np.inf, np.array(upper))
    answer = milp(
        -worth / scale,
        integrality=np.ones(n + m, dtype=np.int64),
        bounds=Bounds(low, 1.0),
        constraints=rules,
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        needed = ", ".join(must)
        raise InfeasibleError(f"No choice that holds {needed} keeps every budget, conflict and prerequisite.")
    taken = np.round(answer.x[:n]).astype(bool)
    chosen = tuple(name for name, is_in in zip(names, taken, strict=True) if is_in)
    spent = tuple(float(value) for value in candidates.costs[taken].sum(axis=0))
    return Portfolio(chosen, candidates.worth(frozenset(chosen)), spent, tuple(float(limit) for limit in limits))


def only_together(candidates: Candidates, *, largest: int = 4) -> tuple[Joint, ...]:
    """Return the allowed sets of up to `largest` projects that pay although no allowed part of them does.

    Minimal by construction: no proper subset that is allowed has a positive worth. `value` is the set's worth.
    """
    found: list[Joint] = []
    paying: list[frozenset[str]] = []
    for size in range(1, largest + 1):
        for members in combinations(candidates.names, size):
            chosen = frozenset(members)
            if not candidates.allowed(chosen) or any(part <= chosen for part in paying):
                continue
            value = candidates.worth(chosen)
            if value > 0.0:
                paying.append(chosen)
                if size > 1:
                    found.append(Joint(members, value))
    return tuple(found)


def _faults(candidates: Candidates, limits: Float, must: Sequence[str]) -> list[Problem]:
    names = candidates.names
    found: list[Problem] = []
    if np.shape(candidates.values) != (len(names),) or np.shape(candidates.costs) != (len(names), len(limits)):
        message = (
            f"{len(names)} projects and {len(limits)} budgets ask for values of shape {(len(names),)} and costs of "
            f"shape {(len(names), len(limits))}, not {np.shape(candidates.values)} and {np.shape(candidates.costs)}."
        )
        found.append(Problem("LB880", message, "portfolio"))
    if not (np.isfinite(candidates.values).all() and np.isfinite(candidates.costs).all()) or np.isnan(limits).any():
        found.append(Problem("LB881", "Values and costs must be finite, budgets numbers.", "portfolio"))
    named = [name for pair in (*candidates.conflicts, *candidates.requires) for name in pair]
    named += [name for item in candidates.joint for name in item.members]
    found += [
        Problem("LB882", f"'{name}' is not a candidate. Name one of {list(names)}.", "portfolio")
        for name in dict.fromkeys([*named, *must])
        if name not in names
    ]
    return found
