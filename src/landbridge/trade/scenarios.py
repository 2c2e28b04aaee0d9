"""From a question about trade to systems of equations, a few scenarios at a time so that they stay in cache."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse
from landbridge.trade.baseline import TradeBaseline
from landbridge.trade.options import DeficitRule, Policy, Shifts, TradeOptions
from landbridge.trade.system import TradeSystem
from landbridge.trade.weights import DenseWeights, SparseWeights, Weights

CHUNK_BYTES = 6_000_000
"""Size of the weights that are solved together when every scenario has its own matrix."""
SPARSE_BELOW = 0.05
"""Share of changed cells below which scenarios are kept as changes of single cells."""
Cells = tuple[Int, Int, Int]
"""Scenario, row and column of cells."""
SPARSE_CHUNK = 512
"""Number of scenarios that are solved together when they share one matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class TradeQuestion:
    """Everything that is asked of a baseline; `trade_elasticity` is a number, or one a scenario, shape (S,)."""

    trade_elasticity: float | Float
    deficits: DeficitRule
    cost_change: Float | None
    policy: Policy
    shifts: Shifts
    options: TradeOptions

    @property
    def n_scenarios(self) -> tuple[bool, int]:
        """Whether the question is a batch, and the number of scenarios."""
        batch, count = count_scenarios(self.cost_change, self.policy, self.shifts)
        if isinstance(self.trade_elasticity, np.ndarray) and not batch:
            return True, len(self.trade_elasticity)
        return batch, count

    def elasticity(self, rows: slice) -> float | Float:
        """Return the elasticity of some scenarios: a number, or shape (S, 1)."""
        eps = self.trade_elasticity
        return eps[rows, None] if isinstance(eps, np.ndarray) else eps


def count_scenarios(cost_change: Float | None, policy: Policy, shifts: Shifts) -> tuple[bool, int]:
    """Return whether any argument leads with scenarios, and how many there are."""
    pairs = (cost_change, policy.new_tariffs, policy.unbanned, *(charge.share for charge in policy.charges))
    counts = [len(values) for values in pairs if values is not None and values.ndim == 3]
    rows = (shifts.productivity, shifts.endowment, shifts.transfers)
    counts += [len(values) for values in rows if values is not None and values.ndim == 2]
    return bool(counts), counts[0] if counts else 1


def build_systems(baseline: TradeBaseline, question: TradeQuestion) -> Iterator[tuple[slice, TradeSystem]]:
    """Yield the scenarios' systems chunk by chunk, each with the scenarios that it holds."""
    _, count = question.n_scenarios
    cells = _changed_cells(question, count)
    n = len(baseline.sales)
    size = SPARSE_CHUNK if cells is not None else max(1, CHUNK_BYTES // (8 * n * n))
    for start in range(0, count, size):
        rows = slice(start, min(start + size, count))
        yield rows, _system(baseline, question, rows, cells)


def reference_system(baseline: TradeBaseline, question: TradeQuestion) -> TradeSystem:
    """Return the system of the baseline without any change, whose Jacobian starts all scenarios."""
    n = len(baseline.sales)
    weights = DenseWeights(baseline.shares[None])
    return TradeSystem(
        weights,
        weights,
        (),
        baseline.sales,
        baseline.spending,
        np.ones((1, n)),
        np.zeros((1, n)) if question.deficits == "balanced" else baseline.deficit[None],
        float(np.mean(question.trade_elasticity)),
        np.broadcast_to(np.asarray(question.shifts.supply_elasticity, dtype=np.float64), (n,)),
        question.deficits == "multiplicative",
    )


def _changed_cells(question: TradeQuestion, count: int) -> Cells | None:
    """Return scenario, row and column of the cells whose cost changes, or None if many do."""
    tau, policy = question.cost_change, question.policy
    others = (policy.new_tariffs, policy.unbanned, *(charge.share for charge in policy.charges))
    if count == 1 or any(values is not None and values.ndim == 3 for values in others):
        return None
    if isinstance(question.trade_elasticity, np.ndarray):
        return None
    if tau is None or tau.ndim == 2:
        none = np.zeros(0, np.int64)
        return none, none, none
    changed = tau != 1.0
    if np.count_nonzero(changed) > SPARSE_BELOW * changed.size:
        return None
    where = np.unravel_index(np.flatnonzero(changed), changed.shape)
    return where[0], where[1], where[2]


def _part(values: Float | None, rows: slice) -> Float | None:
    return values if values is None or values.ndim == 2 else values[rows]


def _power(eps: float | Float, tau: Float | None) -> Float | None:
    """Return ``tau_hat^-eps``; eps is a number or of shape (S, 1, 1)."""
    if tau is None:
        return None
    result = np.log(tau)
    result = result * -eps if isinstance(eps, np.ndarray) else np.multiply(result, -eps, out=result)
    return np.exp(result, out=result)


def _system(base: TradeBaseline, question: TradeQuestion, rows: slice, cells: Cells | None) -> TradeSystem:
    policy, shifts = question.policy, question.shifts
    n, count = len(base.sales), rows.stop - rows.start
    tau, own = question.cost_change, question.elasticity(rows)
    eps = own[:, :, None] if isinstance(own, np.ndarray) else own
    start = base.shares
    old = None if policy.tariffs is None else 1.0 + policy.tariffs
    new = old if policy.new_tariffs is None else 1.0 + _required(_part(policy.new_tariffs, rows))
    unbanned = _part(policy.unbanned, rows)
    if new is not None and policy.new_tariffs is not None:
        start = start * (new if old is None else new / old) ** -eps
    if policy.open_weights is not None and unbanned is not None:
        opened = policy.open_weights * unbanned
        start = start + (opened if new is None else opened * new**-eps)
    kept = None if new is None else 1.0 / new
    rates = []
    for charge in policy.charges:
        share = _required(_part(charge.share, rows))
        rates.append((charge.recipient, share if new is None else share / new))
        kept = (1.0 if kept is None else kept) - rates[-1][1]
    if cells is None:
        power = _power(eps, _part(tau, rows))
        full = start if power is None else np.multiply(power, start, out=power if power.ndim >= start.ndim else None)
        make = partial(_dense, full if full.ndim == 3 else np.broadcast_to(full, (count, n, n)))
    else:
        make = partial(_sparse, question, rows, cells, start)
    weights = make(None)
    return TradeSystem(
        weights,
        weights if kept is None else make(kept),
        tuple((who, make(rate)) for who, rate in rates),
        base.sales,
        base.spending,
        _rows(shifts.productivity, rows, n, 1.0) * _rows(shifts.endowment, rows, n, 1.0),
        _deficit(base, question, rows),
        own,
        np.broadcast_to(np.asarray(shifts.supply_elasticity, dtype=np.float64), (n,)),
        question.deficits == "multiplicative",
    )


def _required(values: Float | None) -> Float:
    return np.zeros((1, 1)) if values is None else values


def _rows(values: Float | None, rows: slice, n: int, default: float) -> Float:
    if values is None:
        return np.full((1, n), default)
    return values[None] if values.ndim == 1 else values[rows]


def _deficit(base: TradeBaseline, question: TradeQuestion, rows: slice) -> Float:
    n = len(base.sales)
    own = np.zeros((1, n)) if question.deficits == "balanced" else base.deficit[None]
    return own + _rows(question.shifts.transfers, rows, n, 0.0)


def _dense(full: Float, factor: Float | None) -> Weights:
    return DenseWeights(full if factor is None else full * factor)


def _sparse(question: TradeQuestion, rows: slice, cells: Cells, start: Float, factor: Float | None) -> Weights:
    """Return one matrix for all scenarios with the few cells of these rows whose cost changes."""
    tau, eps = question.cost_change, float(question.trade_elasticity)
    base = start if factor is None else start * factor
    if tau is not None and tau.ndim == 2:
        base = base * tau**-eps
    none = np.zeros(0, np.int64)
    s, i, j = cells
    low, high = np.searchsorted(s, [rows.start, rows.stop])
    s, i, j = s[low:high], i[low:high], j[low:high]
    if tau is None or tau.ndim == 2 or not len(s):
        return SparseWeights(base, none, none, none, np.zeros(0), rows.stop - rows.start)
    change = base[i, j] * (tau[s, i, j] ** -eps - 1.0)
    return SparseWeights(base, s - rows.start, i, j, change, rows.stop - rows.start)


def check_inputs(flows: Float, question: TradeQuestion) -> None:
    """Refuse wrong shapes and values, all at once."""
    refuse(_problems(flows, question))


def _problems(flows: Float, question: TradeQuestion) -> Iterator[Problem]:
    n = len(flows)
    policy, shifts, options = question.policy, question.shifts, question.options
    _, count = question.n_scenarios
    if flows.shape != (n, n) or not flows.min() >= 0 or not np.isfinite(flows.max()):
        yield Problem("LB401", f"shape {flows.shape} or a negative or infinite value. Give (N, N) flows.", "flows")
    eps = np.asarray(question.trade_elasticity)
    if not (eps.min() > 0 and eps.max() < np.inf):
        yield Problem("LB403", f"{question.trade_elasticity} is not positive. Give eps.", "trade_elasticity")
    if eps.ndim and eps.shape != (count,):
        yield Problem("LB405", f"shape {eps.shape}. Give a number or shape {(count,)}.", "trade_elasticity")
    if options.labels and len(options.labels) != n:
        yield Problem("LB404", f"{len(options.labels)} labels for {n} economies. Give one each.", "labels")
    if options.scenario_labels and len(options.scenario_labels) != count:
        yield Problem("LB404", f"{len(options.scenario_labels)} labels for {count} scenarios.", "scenario_labels")
    pairs: list[tuple[str, Float | None, float, float]] = [
        ("cost_change", question.cost_change, 0.0, np.inf),
        ("tariffs", policy.tariffs, -1.0, np.inf),
        ("new_tariffs", policy.new_tariffs, -1.0, np.inf),
        ("open_weights", policy.open_weights, -1e-300, np.inf),
        ("unbanned", policy.unbanned, -1e-300, 1.0),
    ]
    pairs += [(f"charges[{k}].share", charge.share, -1e-300, 1.0) for k, charge in enumerate(policy.charges)]
    for name, values, low, high in pairs:
        if values is None:
            continue
        if values.shape not in {(n, n), (count, n, n)}:
            yield Problem("LB405", f"shape {values.shape}. Give {(n, n)} or {(count, n, n)}.", name)
        elif not (values.min() > low and values.max() <= high):
            yield Problem("LB406", f"{values.min()} to {values.max()} is outside {low} to {high}.", name)
    for name, row, positive in (
        ("productivity", shifts.productivity, True),
        ("endowment", shifts.endowment, True),
        ("transfers", shifts.transfers, False),
    ):
        if row is None:
            continue
        if row.shape not in {(n,), (count, n)}:
            yield Problem("LB405", f"shape {row.shape}. Give {(n,)} or {(count, n)}.", name)
        elif not np.isfinite(row).all() or (positive and not row.min() > 0):
            yield Problem("LB406", "a value is not finite or not positive. Give finite numbers.", name)
    if shifts.transfers is not None and np.abs(shifts.transfers.sum(-1)).max() > 1e-9 * flows.sum():
        yield Problem("LB407", "they do not sum to 0. Name who pays what others receive.", "transfers")
    if question.deficits == "multiplicative" and (
        policy.tariffs is not None or policy.new_tariffs is not None or policy.charges or shifts.transfers is not None
    ):
        yield Problem(
            "LB408",
            "multiplicative deficits leave no room for tariffs, charges or transfers. "
            "Use deficits='balanced' or 'additive'.",
            "deficits",
        )
