"""Equilibrium in changes with many sectors, input-output links and tariff revenue, for many scenarios at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.core.problems import Problem, refuse
from landbridge.trade.options import DEFAULT_OPTIONS, TradeOptions
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sector_iteration import SectorSolved, solve_sector_system
from landbridge.trade.sector_system import SectorSystem

SectorDeficits = Literal["balanced", "additive"]
"""Whether deficits are first removed, or kept in units of world value added."""

CHUNK_BYTES = 8_000_000
"""Size of the weights that are solved together."""


@dataclass(frozen=True, slots=True, eq=False)
class SectorEquilibrium:
    """Trade and incomes after a change; arrays lead with S only if the call was a batch.

    Attributes
    ----------
    wage_change
        ``w_hat``, (N,) or (S, N), at unchanged world value added (the numeraire).
    unit_cost_change, sector_price_change
        ``c_hat`` and ``P_hat`` by sector, (J, N) or (S, J, N).
    price_change
        ``prod_j (P_hat^j)^alpha^j``, of final spending.
    income_change
        ``I_hat``: wages, tariff revenue and deficit.
    real_income_change
        ``I_hat / P_hat``, the exact change of welfare.
    spending, output
        X' gross of tariffs and gross output Y', (J, N) or (S, J, N), in money.
    tariff_revenue
        In money, (N,) or (S, N).
    residual, iterations, method
        Largest gap of any equation in logs; sweeps; and what ended each scenario.
    baseline, tariff, new_tariff
        What changes refer to (deficits removed where that was asked for), and the rates.
    """

    wage_change: Float
    unit_cost_change: Float
    sector_price_change: Float
    price_change: Float
    income_change: Float
    real_income_change: Float
    spending: Float
    output: Float
    tariff_revenue: Float
    residual: float | Float
    iterations: int | Int
    method: str | tuple[str, ...]
    baseline: SectorEconomy
    baseline_income: Float
    tariff: Float
    new_tariff: Float
    kept: tuple[tuple[Float, Float, Float], ...]
    batch: bool

    @property
    def baseline_flows(self) -> Float:
        """Flows net of tariffs before the change, (J, N, N), exporter by importer."""
        return self.baseline.flows(self.tariff)

    @property
    def flows(self) -> Float:
        """Flows net of tariffs, (J, N, N) or (S, J, N, N), exporter by importer; made anew at each call."""
        made = [weights * u[..., None] * v[:, :, None, :] for weights, u, v in self.kept]
        joined = np.concatenate(made) if len(made) > 1 else made[0]
        return joined if self.batch else joined[0]


def solve_trade_sectors(
    economy: SectorEconomy,
    *,
    tariff: Float,
    new_tariff: Float | None = None,
    cost_change: Float | None = None,
    deficits: SectorDeficits = "balanced",
    options: TradeOptions = DEFAULT_OPTIONS,
) -> SectorEquilibrium:
    """Solve the model of Caliendo and Parro (2015) in changes, their equations 10 to 14.

    Parameters
    ----------
    economy
        The baseline. Where its numbers do not agree with each other at `tariff`, the equilibrium without change is
        found first and taken for the baseline.
    tariff, new_tariff
        Ad valorem rates (0.05 for 5 %), exporter by importer, shape (J, N, N); `new_tariff` may be (S, J, N, N).
    cost_change
        ``d_hat``, the change of iceberg cost apart from tariffs, (J, N, N) or (S, J, N, N); 1 if absent.
    deficits
        ``"balanced"``: deficits are first removed and that equilibrium is the baseline. ``"additive"``: the
        economy's deficits are kept in units of world value added.
    options
        Tolerance and names of scenarios.

    Returns
    -------
    SectorEquilibrium

    Raises
    ------
    StudyError
        If an argument has a wrong shape or value.
    InfeasibleError
        If additive deficits leave an economy no income; economy and scenario are named.
    ConvergenceError
        If the tolerance is not reached.
    """
    old = np.asarray(tariff, dtype=np.float64)
    new = old if new_tariff is None else np.asarray(new_tariff, dtype=np.float64)
    cost = None if cost_change is None else np.asarray(cost_change, dtype=np.float64)
    refuse(_problems(economy, old, new, cost))
    baseline = settle(economy, tariff=old, deficits=deficits, options=options)
    leading = [values for values in (new, cost) if values is not None and values.ndim == 4]
    count = len(leading[0]) if leading else 1
    names = options.scenario_labels or tuple(f"scenario {s}" for s in range(count))

    def part(rows: slice) -> tuple[SectorSystem, SectorSolved]:
        system = _system(baseline, old, new, cost, rows)
        return system, solve_sector_system(system, replace(options, scenario_labels=names[rows]))

    size = max(1, CHUNK_BYTES // (16 * baseline.shares.size))
    parts = [slice(start, min(start + size, count)) for start in range(0, count, size)]
    if options.workers > 1 and len(parts) > 1:
        with ThreadPoolExecutor(options.workers) as pool:
            found = list(pool.map(part, parts))
    else:
        found = [part(rows) for rows in parts]
    return _result(baseline, (old, new), found, batch=bool(leading))


def settle(
    economy: SectorEconomy,
    *,
    tariff: Float,
    deficits: SectorDeficits = "balanced",
    options: TradeOptions = DEFAULT_OPTIONS,
) -> SectorEconomy:
    """Return the economy in equilibrium at `tariff`, without its deficits if they are to be balanced.

    An economy that is settled already is returned as it is, so a settled one may be kept for many calls.
    """
    deficit = np.zeros_like(economy.deficit) if deficits == "balanced" else economy.deficit
    weights = economy.shares[None]
    kept = weights if not np.any(tariff) else weights / (1.0 + tariff)
    named = replace(options, scenario_labels=("the baseline",))
    found = solve_sector_system(SectorSystem(economy, weights, kept, deficit[None]), named)
    if found.iterations[0] == 0 and np.array_equal(deficit, economy.deficit):
        return economy
    state = found.state
    return replace(
        economy,
        shares=economy.shares * state.u[0][:, :, None] / state.phi[0][:, None, :],
        spending=state.spending[0],
        value_added=economy.value_added * np.exp(found.point.wage[0]),
        deficit=deficit,
    )


def _system(economy: SectorEconomy, old: Float, new: Float, cost: Float | None, rows: slice) -> SectorSystem:
    """Return the system of some scenarios."""
    theta = economy.trade_elasticity[:, None, None]
    base = old if new.ndim == 4 else new
    rates = new[rows] if new.ndim == 4 else new
    weights = economy.shares
    if new is not old:
        weights = weights * ((1.0 + rates) / (1.0 + old)) ** -theta
    if cost is not None:
        weights = weights * np.exp(-theta * np.log(cost[rows] if cost.ndim == 4 else cost))
    weights = weights if weights.ndim == 4 else np.repeat(weights[None], rows.stop - rows.start, axis=0)
    kept = weights if not (base.any() or rates.any()) else weights / (1.0 + rates)
    return SectorSystem(economy, weights, kept, economy.deficit[None])


def _result(
    economy: SectorEconomy,
    tariffs: tuple[Float, Float],
    found: list[tuple[SectorSystem, SectorSolved]],
    *,
    batch: bool,
) -> SectorEquilibrium:
    def rows(values: list[Float]) -> Float:
        joined = np.concatenate(values) if len(values) > 1 else values[0]
        return joined if batch else joined[0]

    revenue = (economy.spending * (1.0 - (economy.shares / (1.0 + tariffs[0])).sum(1))).sum(0)
    before = economy.value_added + revenue + economy.deficit
    income = rows([solved.state.income for _, solved in found])
    price = rows([np.exp((economy.final_shares * solved.point.price).sum(1)) for _, solved in found])
    residual = np.concatenate([solved.residual for _, solved in found])
    iterations = [count for _, solved in found for count in solved.iterations]
    method = tuple(how for _, solved in found for how in solved.method)
    return SectorEquilibrium(
        wage_change=rows([np.exp(solved.point.wage) for _, solved in found]),
        unit_cost_change=rows([np.exp(solved.state.cost) for _, solved in found]),
        sector_price_change=rows([np.exp(solved.point.price) for _, solved in found]),
        price_change=price,
        income_change=income / before,
        real_income_change=income / before / price,
        spending=rows([solved.state.spending for _, solved in found]),
        output=rows([solved.state.output for _, solved in found]),
        tariff_revenue=rows([solved.state.revenue for _, solved in found]),
        residual=residual if batch else float(residual[0]),
        iterations=np.array(iterations) if batch else iterations[0],
        method=method if batch else method[0],
        baseline=economy,
        baseline_income=before,
        tariff=tariffs[0],
        new_tariff=tariffs[1],
        kept=tuple((system.kept, solved.state.u, solved.state.spending / solved.state.phi) for system, solved in found),
        batch=batch,
    )


def _problems(economy: SectorEconomy, old: Float, new: Float, cost: Float | None) -> list[Problem]:
    shape = (economy.n_sectors, economy.n_economies, economy.n_economies)
    found = []
    counts = {len(values) for values in (new, cost) if values is not None and values.ndim == 4}
    if len(counts) > 1:
        found.append(Problem("LB405", f"{sorted(counts)} scenarios. Give as many of each.", "new_tariff"))
    for name, values, low in (("tariff", old, -1.0), ("new_tariff", new, -1.0), ("cost_change", cost, 0.0)):
        if values is None:
            continue
        if values.shape[-3:] != shape or values.ndim > (3 if name == "tariff" else 4):
            found.append(Problem("LB405", f"shape {values.shape}. Give {shape}, or (S, ...) of it.", name))
        elif not values.min() > low:
            found.append(Problem("LB406", f"{values.min()} is not above {low}. Correct it.", name))
    return found
