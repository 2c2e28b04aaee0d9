"""Equilibrium in changes of the one-sector trade model (Armington, Eaton-Kortum), for many scenarios at once."""

from dataclasses import dataclass, replace

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import InfeasibleError, Problem, refuse
from landbridge.trade.baseline import TradeBaseline, read_baseline
from landbridge.trade.iteration import SHARED_FROM, Solved, preconditioner, solve_system
from landbridge.trade.options import (
    DEFAULT_OPTIONS,
    NO_POLICY,
    NO_SHIFTS,
    Charge,
    DeficitRule,
    Policy,
    Shifts,
    TradeOptions,
)
from landbridge.trade.scenarios import TradeQuestion, build_systems, check_inputs, reference_system
from landbridge.trade.system import TradeSystem


@dataclass(frozen=True, slots=True, eq=False)
class FlowPart:
    """What makes the flows of some scenarios: their system, u (S, N) and ``E'/Phi`` (S, N)."""

    system: TradeSystem
    u: Float
    v: Float

    def flows_into(self, scenario: int, out: Float) -> None:
        """Write the flows of one scenario net of tariffs to `out`, shape (N, N)."""
        weights = self.system.kept.matrix(scenario)
        for _, cells in self.system.charged:
            weights = weights + cells.matrix(scenario)
        np.multiply(weights, self.u[scenario][:, None], out=out)
        out *= self.v[scenario]


@dataclass(frozen=True, slots=True, eq=False)
class TradeEquilibrium:
    """Trade and incomes after a change; arrays lead with S only if the call was a batch.

    Attributes
    ----------
    wage_change
        ``w_hat``, income of a unit of the endowment, (N,) or (S, N), at unchanged world sales.
    producer_price_change
        ``p_hat = w_hat / A_hat`` (for supply elasticity 0).
    price_change
        ``P_hat`` of the spending bundle.
    sales_change, spending_change
        ``Y'/Y`` and ``E'/E``.
    real_income_change
        ``E_hat / P_hat``.
    tariff_revenue, charge_income
        Money collected in the scenario, in the money of the flows at unchanged world sales.
    residual
        Spread of the row ratios (largest less smallest, over their mean).
    iterations, method
        Of each scenario.
    clearing_factor
        f in ``Y'_i = f sum_j X'_ij``: 1 unless deficits are multiplicative.
    baseline_flows, baseline_spending
        What changes refer to: (N, N) and (N,); with balanced deficits the flows after deficits are removed.
    labels
        Names of the economies, if given.
    """

    wage_change: Float
    producer_price_change: Float
    price_change: Float
    sales_change: Float
    spending_change: Float
    real_income_change: Float
    tariff_revenue: Float
    charge_income: Float
    residual: float | Float
    iterations: int | Int
    method: str | tuple[str, ...]
    clearing_factor: float | Float
    baseline_flows: Float
    baseline_spending: Float
    labels: tuple[str, ...]
    parts: tuple[FlowPart, ...]
    batch: bool

    @property
    def flows(self) -> Float:
        """X' net of tariffs, exporter by importer, (N, N) or (S, N, N); made anew at each call."""
        n = len(self.baseline_spending)
        made = np.empty((sum(len(part.u) for part in self.parts), n, n))
        at = 0
        for part in self.parts:
            for s in range(len(part.u)):
                part.flows_into(s, made[at])
                at += 1
        return made if self.batch else made[0]


def solve_trade(
    flows: Float | TradeBaseline,
    cost_change: Float | None = None,
    *,
    trade_elasticity: float | Float,
    deficits: DeficitRule = "multiplicative",
    policy: Policy = NO_POLICY,
    shifts: Shifts = NO_SHIFTS,
    options: TradeOptions = DEFAULT_OPTIONS,
) -> TradeEquilibrium:
    """Solve the trade equilibrium in changes.

    ``P_hat_j^-eps = sum_i lambda_ij (p_i tau_hat_ij T_ij)^-eps``,
    ``lambda'_ij = lambda_ij (p_i tau_hat_ij T_ij / P_hat_j)^-eps``,
    ``Y'_i = sum_j kappa_ij lambda'_ij E'_j``, with E' by the deficit rule:

    - ``"multiplicative"``: ``E'_i = (Y'_i / Y_i) E_i`` (ge_gravity's); rows clear up to one common factor, which is
      reported. No tariffs, charges or transfers.
    - ``"balanced"``: deficits are first removed; that equilibrium is the baseline.
    - ``"additive"``: ``E'_i = Y'_i + D_i`` plus tariffs and charges collected, D in units of world sales.

    Parameters
    ----------
    flows
        X, shape (N, N), exporter by importer, net of tariffs, with domestic sales.
    cost_change
        ``tau_hat``, shape (N, N) or (S, N, N); 1 if absent; inf closes a pair.
    trade_elasticity
        eps > 0 (sigma - 1 of Armington, theta of Eaton and Kortum): a number, or one a scenario, shape (S,), which
        makes the call a batch. Deficits are removed at one elasticity: to balance them, give the `TradeBaseline` then.
    deficits
        The deficit rule.
    policy
        Tariffs, open-trade weights of banned pairs, and charges that are income of an economy.
    shifts
        Productivity, endowment, transfers and supply elasticity.
    options
        Tolerance, method and labels.

    Returns
    -------
    TradeEquilibrium
        World sales at current prices are those of the baseline (the numeraire).

    Raises
    ------
    StudyError
        If an argument has a wrong shape or value.
    InfeasibleError
        If additive deficits leave an economy no spending, or an economy that cannot trade has a deficit; economy
        and scenario are named.
    ConvergenceError
        If the tolerance is not reached.

    References
    ----------
    Arkolakis, Costinot and Rodriguez-Clare (2012), American Economic Review 102(1).
    Dekle, Eaton and Kortum (2008), IMF Staff Papers 55(3) (additive deficits).
    Baier, Yotov and Zylkin (2019), Journal of International Economics 116 (multiplicative deficits).
    Allen, Arkolakis and Takahashi (2020), Journal of Political Economy 128(2) (supply elasticity).
    """
    tau = None if cost_change is None else np.asarray(cost_change, dtype=np.float64)
    raw = flows.flows if isinstance(flows, TradeBaseline) else np.asarray(flows, dtype=np.float64)
    eps = np.asarray(trade_elasticity, dtype=np.float64)
    question = TradeQuestion(eps if eps.ndim else float(eps), deficits, tau, policy, shifts, options)
    check_inputs(raw, question)
    if isinstance(flows, TradeBaseline):
        return _solve(flows, question)
    if deficits == "balanced" and eps.ndim:
        message = "deficits are removed at one elasticity. Give remove_deficits(...) in place of the flows."
        refuse([Problem("LB414", message, "trade_elasticity")])
    baseline = read_baseline(raw, policy, options.labels)
    if deficits == "balanced":
        baseline = _without_deficits(baseline, question)
    return _solve(baseline, question)


def remove_deficits(
    flows: Float,
    *,
    trade_elasticity: float,
    policy: Policy = NO_POLICY,
    shifts: Shifts = NO_SHIFTS,
    options: TradeOptions = DEFAULT_OPTIONS,
) -> TradeBaseline:
    """Return the equilibrium without deficits, at the baseline's tariffs, charges and costs.

    It is what ``deficits="balanced"`` starts from; give it to `solve_trade` in place of the flows to save the
    work in later calls.
    """
    question = TradeQuestion(trade_elasticity, "balanced", None, policy, shifts, options)
    raw = np.asarray(flows, dtype=np.float64)
    check_inputs(raw, question)
    return _without_deficits(read_baseline(raw, policy, options.labels), question)


def _without_deficits(baseline: TradeBaseline, question: TradeQuestion) -> TradeBaseline:
    policy = question.policy
    before = Policy(
        tariffs=policy.tariffs,
        charges=tuple(
            Charge(charge.recipient, charge.baseline_share, charge.baseline_share)
            for charge in policy.charges
            if charge.baseline_share is not None
        ),
    )
    still = Shifts(supply_elasticity=question.shifts.supply_elasticity)
    named = replace(question.options, scenario_labels=("the baseline without deficits",))
    alone = TradeQuestion(question.trade_elasticity, "balanced", None, before, still, named)
    return read_baseline(_solve(baseline, alone).flows, policy, named.labels)


def _solve(baseline: TradeBaseline, question: TradeQuestion) -> TradeEquilibrium:
    batch, count = question.n_scenarios
    options = question.options
    names = options.scenario_labels or (tuple(f"scenario {s}" for s in range(count)) if batch else ("the scenario",))
    start = preconditioner(reference_system(baseline, question)) if count >= SHARED_FROM else None
    found: list[tuple[TradeSystem, Solved]] = []
    failures = []
    for rows, system in build_systems(baseline, question):
        named = replace(options, scenario_labels=names[rows])
        try:
            found.append((system, solve_system(system, rows.stop - rows.start, named, start)))
        except InfeasibleError as error:
            failures.append(str(error))
    if failures:
        raise InfeasibleError("\n".join(failures))
    return _result(baseline, question, found, batch=batch)


def _result(
    baseline: TradeBaseline, question: TradeQuestion, found: list[tuple[TradeSystem, Solved]], *, batch: bool
) -> TradeEquilibrium:
    def rows(values: list[Float]) -> Float:
        joined = np.concatenate(values) if len(values) > 1 else values[0]
        return joined if batch else joined[0]

    price = rows([solved.state.phi ** (-1.0 / system.elasticity) for system, solved in found])
    spending = rows([solved.state.spending for _, solved in found])
    sales_change = rows([solved.state.sales for _, solved in found]) / baseline.sales
    endowment = 1.0 if question.shifts.endowment is None else question.shifts.endowment
    residual = np.concatenate([solved.residual for _, solved in found])
    factor = np.concatenate([solved.clearing_factor for _, solved in found])
    iterations = [count for _, solved in found for count in solved.iterations]
    method = tuple(how for _, solved in found for how in solved.method)
    return TradeEquilibrium(
        wage_change=sales_change / endowment,
        producer_price_change=rows([np.exp(solved.x) for _, solved in found]),
        price_change=price,
        sales_change=sales_change,
        spending_change=spending / baseline.spending,
        real_income_change=spending / baseline.spending / price,
        tariff_revenue=rows([solved.state.tariff_share * solved.state.spending for _, solved in found]),
        charge_income=rows([solved.state.charge_income + 0.0 * solved.x for _, solved in found]),
        residual=residual if batch else float(residual[0]),
        iterations=np.array(iterations) if batch else iterations[0],
        method=method if batch else method[0],
        clearing_factor=factor if batch else float(factor[0]),
        baseline_flows=baseline.flows,
        baseline_spending=baseline.spending,
        labels=question.options.labels,
        parts=tuple(
            FlowPart(system, solved.state.u, solved.state.spending / solved.state.phi) for system, solved in found
        ),
        batch=batch,
    )
