"""Trade along a path of years: stated growth at constant prices, stated world output, responses that phase in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse
from landbridge.trade.one_sector import TradeEquilibrium, solve_trade
from landbridge.trade.options import DEFAULT_OPTIONS, DeficitRule, Shifts, TradeOptions


@dataclass(frozen=True, slots=True, eq=False)
class GrowthPath:
    """What is stated about growth.

    Attributes
    ----------
    years
        Shape (T,).
    real_output_factor
        ``A_hat L_hat``, output at constant prices over the base year's, shape (T, N): the product of 1 + g.
    world_output_factor
        Nominal world output over the base year's, shape (T,); deficits scale with it.
    """

    years: tuple[int, ...]
    real_output_factor: Float
    world_output_factor: Float

    def __post_init__(self) -> None:
        count = len(self.years)
        found = []
        if self.real_output_factor.ndim != 2 or len(self.real_output_factor) != count:
            found.append(Problem("LB405", f"shape {self.real_output_factor.shape}. Give (T, N).", "real_output_factor"))
        if self.world_output_factor.shape != (count,) or not self.world_output_factor.min() > 0:
            found.append(Problem("LB405", f"give {count} positive factors, one a year.", "world_output_factor"))
        refuse(found)


@dataclass(frozen=True, slots=True, eq=False)
class TradePath:
    """Equilibria year by year; `equilibrium` leads with years and is at unchanged world sales."""

    years: tuple[int, ...]
    equilibrium: TradeEquilibrium
    world_output_factor: Float

    @property
    def flows(self) -> Float:
        """Flows in money of each year, (T, N, N)."""
        result: Float = self.equilibrium.flows * self.world_output_factor[:, None, None]
        return result

    @property
    def real_income_change(self) -> Float:
        """Real income over the base year's, (T, N)."""
        return self.equilibrium.real_income_change


def compound(growth_percent: Float, years: Sequence[int], base_year: int) -> Float:
    """Return ``(1 + g)^(year - base year)``, shape (T, N), for yearly growth in percent of shape (N,)."""
    rates = 1.0 + np.asarray(growth_percent, dtype=np.float64) / 100.0
    result: Float = rates ** (np.asarray(years, dtype=np.float64)[:, None] - base_year)
    return result


def phase_in(cost_change: Float, share: Float) -> Float:
    """Return ``tau_hat^share`` year by year, shape (T, N, N): the log response of which `share` (T,) has come.

    A pair that is closed (inf) is closed as soon as its share is above 0.
    """
    shares = np.asarray(share, dtype=np.float64)[:, None, None]
    result: Float = np.where(shares > 0, cost_change, 1.0) ** shares
    return result


def solve_trade_path(
    flows: Float,
    path: GrowthPath,
    cost_change: Float | None = None,
    *,
    trade_elasticity: float,
    deficits: DeficitRule = "multiplicative",
    options: TradeOptions = DEFAULT_OPTIONS,
) -> TradePath:
    """Solve all years of a path in one batch.

    Parameters
    ----------
    flows
        X of the base year, (N, N).
    path
        Growth and world output.
    cost_change
        ``tau_hat`` against the base year, (N, N) or (T, N, N), e.g. from `phase_in`.
    trade_elasticity, deficits, options
        As in `solve_trade`.
    """
    equilibrium = solve_trade(
        flows,
        cost_change,
        trade_elasticity=trade_elasticity,
        deficits=deficits,
        shifts=Shifts(productivity=path.real_output_factor),
        options=options,
    )
    return TradePath(path.years, equilibrium, path.world_output_factor)
