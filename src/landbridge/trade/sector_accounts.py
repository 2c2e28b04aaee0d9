"""From an inter-country input-output table to the baseline of the many-sector model, totals kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int, locked
from landbridge.core.problems import Problem, refuse
from landbridge.trade.sector_economy import SectorEconomy

LEAST_VALUE_ADDED: Final = 0.01
"""Value added is at least this part of a sector's output; inputs beyond count as final use of the same goods."""
TRACE_MUSD: Final = 1e-3
"""Own final use, million USD, of a sector that an economy does not use at all: prices need a supplier."""


@dataclass(frozen=True, slots=True, eq=False)
class SectorAccounts:
    """Who sells what to whom, and what sectors are made of; M economies, J sectors, money net of tariffs.

    Attributes
    ----------
    flows
        ``X^j_in``, shape (J, M, M): sales of exporter i to buyers in n, domestic sales included.
    inputs
        Shape (M, J, J): sector k bought by sector j of an economy, from anywhere, at ``[n, k, j]``.
    economies, sectors
        Names.
    """

    flows: Float
    inputs: Float
    economies: tuple[str, ...]
    sectors: tuple[str, ...]

    def __post_init__(self) -> None:
        m, j = len(self.economies), len(self.sectors)
        found = []
        for name, shape in (("flows", (j, m, m)), ("inputs", (m, j, j))):
            object.__setattr__(self, name, locked(getattr(self, name), np.float64))
            values = getattr(self, name)
            if values.shape != shape:
                found.append(Problem("LB405", f"shape {values.shape}. Give {shape}.", name))
            elif not (np.isfinite(values).all() and values.min(initial=0.0) >= 0):
                found.append(Problem("LB406", "a value is negative or not finite. Correct it.", name))
        refuse(found)

    @property
    def output(self) -> Float:
        """Gross output, shape (J, M): all sales."""
        made: Float = self.flows.sum(2)
        return made

    @property
    def final(self) -> Float:
        """Final use, shape (J, M): purchases less inputs."""
        used: Float = self.flows.sum(1) - self.inputs.sum(2).T
        return used

    @property
    def value_added(self) -> Float:
        """Output less inputs, shape (J, M); taxes on products are in it."""
        left: Float = self.output - self.inputs.sum(1).T
        return left


@dataclass(frozen=True, slots=True, eq=False)
class Adjustments:
    """What was changed to make a table fit the model, in million USD over all economies.

    Attributes
    ----------
    stocks
        Negative final uses (sales out of stocks of earlier years) set to 0: output of the year is larger by it.
    negative_inputs
        Negative purchases by sectors set to 0.
    excess_inputs
        Inputs beyond what leaves the least value added, counted as final use.
    traces
        Number of sectors that an economy does not use, given a trace of own supply.
    """

    stocks: float
    negative_inputs: float
    excess_inputs: float
    traces: int


def merged(values: Float, at: Int, size: int, *, axis: int) -> Float:
    """Return values added up along an axis: entry k goes to place ``at[k]`` of `size`."""
    moved = np.moveaxis(np.asarray(values, np.float64), axis, 0)
    found = np.zeros((size, *moved.shape[1:]))
    np.add.at(found, at, moved)
    result: Float = np.moveaxis(found, 0, axis)
    return result


def sector_accounts(
    inputs: Float, final: Float, stocks: Float, *, economies: Sequence[str], sectors: Sequence[str]
) -> tuple[SectorAccounts, Adjustments]:
    r"""Return the accounts of a table, with the rules for what the model cannot hold.

    With Z the inputs, F final demand and S changes of stocks, the sales of sector j are

    .. math:: X^j_{in} = \sum_k Z^{jk}_{in} + \max(F^j_{in} + S^j_{in}, 0)

    so output is the row sum of uses, but for negative final uses: goods sold out of stocks count as made in the year
    (Costinot and Rodriguez-Clare 2014). Value added is output less inputs. Where inputs leave less than
    `LEAST_VALUE_ADDED` of output, they are scaled and the rest is final use of the same goods; flows do not change.

    Parameters
    ----------
    inputs
        Shape (M, J, M, J), seller's economy and sector, buyer's economy and sector, million USD.
    final, stocks
        Shape (M, J, M).
    economies, sectors
        Names, M and J.

    Raises
    ------
    StudyError
        If shapes do not agree.
    """
    m, j = len(economies), len(sectors)
    refuse(
        Problem("LB405", f"shape {values.shape}. Give {shape}.", name)
        for name, values, shape in (
            ("inputs", inputs, (m, j, m, j)),
            ("final", final, (m, j, m)),
            ("stocks", stocks, (m, j, m)),
        )
        if values.shape != shape
    )
    bought = np.maximum(inputs, 0.0)
    used = final + stocks
    kept = np.maximum(used, 0.0)
    flows = (bought.sum(3) + kept).transpose(1, 0, 2)
    unused = flows.sum(1) <= 0.0
    flows[np.nonzero(unused)[0], np.nonzero(unused)[1], np.nonzero(unused)[1]] = TRACE_MUSD
    recipe = bought.sum(0).transpose(1, 0, 2)
    capped, excess = _capped(recipe, flows.sum(2))
    found = SectorAccounts(flows, capped, tuple(economies), tuple(sectors))
    changed = Adjustments(
        float((kept - used).sum()), float((bought - inputs).sum()), excess, int(np.count_nonzero(unused))
    )
    return found, changed


def _capped(inputs: Float, output: Float) -> tuple[Float, float]:
    """Return inputs (M, J, J) that leave the least value added of output (J, M), and how much was taken off."""
    total = inputs.sum(1)
    room = (1.0 - LEAST_VALUE_ADDED) * output.T
    scale = np.minimum(1.0, np.divide(room, total, out=np.ones_like(total), where=total > 0))
    capped: Float = inputs * scale[:, None, :]
    return capped, float((total - capped.sum(1)).sum())


def sector_economy(accounts: SectorAccounts, *, tariff: Float, trade_elasticity: Float) -> SectorEconomy:
    r"""Return the many-sector baseline in which the accounts hold exactly at the tariffs.

    Purchases are valued with tariffs, :math:`X_n^j = \sum_i X^j_{in} (1 + t^j_{in})`; inputs and final use of a sector
    carry its mean tariff. Value added is sales less inputs so valued, and final spending is value added, tariff
    revenue and the deficit (purchases net of tariffs less sales), which holds as an identity.

    Parameters
    ----------
    accounts
        Net of tariffs.
    tariff
        Ad valorem, shape (J, M, M), exporter by importer.
    trade_elasticity
        theta, shape (J,).

    Raises
    ------
    StudyError
        If shapes do not agree, or an economy makes nothing.
    """
    net = accounts.flows.sum(1)
    gross = accounts.flows * (1.0 + tariff)
    spending = gross.sum(1)
    output = accounts.output
    recipe, _ = _capped(accounts.inputs * (spending / net).T[:, :, None], output)
    value_added = output - recipe.sum(1).T
    made = output > 0
    mean = recipe.sum(0) / np.maximum(output.sum(1), TRACE_MUSD)  # of the world, for sectors that are not made
    shares = np.where(made.T[:, None, :], recipe / np.where(made, output, 1.0).T[:, None, :], mean)
    final = spending - recipe.sum(2).T
    return SectorEconomy(
        shares=gross / spending[:, None, :],
        spending=spending,
        value_added=value_added.sum(0),
        value_added_share=1.0 - shares.sum(1).T,
        input_shares=shares,
        final_shares=final / final.sum(0),
        trade_elasticity=np.asarray(trade_elasticity, np.float64),
        deficit=net.sum(0) - output.sum(0),
        economies=accounts.economies,
        sectors=accounts.sectors,
    )
