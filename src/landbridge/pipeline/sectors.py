"""A scenario in the many-sector model: changes of transport cost by class of goods become changes by sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Float, Int, locked, positions
from landbridge.core.problems import Problem, refuse
from landbridge.pipeline.inputs import Inputs
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.pipeline.trading import Rules, container_trade
from landbridge.trade.costs import NetworkTrade, agreement_cost_change, ban_cost_change, economy_cost_change
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import SectorDeficits, SectorEquilibrium, solve_trade_sectors

SUM_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class SectorTable:
    """An input-output table beside a study: M economies of the table, J sectors, N economies and K classes.

    Attributes
    ----------
    economy
        The table.
    member
        Economy of the table (its name) of every economy of the study. Several may share one (regions of a state, those
        that the table holds in its rest of the world).
    class_sectors
        ``b_kj``: part of the containers' value of class k that are goods of sector j, shape (K, J); rows sum to 1.
        Sectors that no class carries (services) keep their costs, and trade rules leave them alone.
    source
        Where the table comes from.
    """

    economy: SectorEconomy
    member: Mapping[str, str]
    class_sectors: Float
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "class_sectors", locked(self.class_sectors, np.float64))
        values, found = self.class_sectors, []
        if values.ndim != 2 or values.shape[1] != self.economy.n_sectors:
            message = f"shape {values.shape}. Give classes by {self.economy.n_sectors} sectors."
            found.append(Problem("LB575", message, "class_sectors"))
        elif values.min(initial=0.0) < 0 or np.abs(values.sum(1) - 1.0).max(initial=0.0) > SUM_TOLERANCE:
            message = "a share is negative or shares of a class do not sum to 1. Correct them."
            found.append(Problem("LB575", message, "class_sectors"))
        unknown = sorted({name for name in self.member.values() if name not in self.economy.economies})
        found += [Problem("LB575", f"'{name}' is no economy of the table.", "member") for name in unknown]
        refuse(found)

    @property
    def goods(self) -> tuple[int, ...]:
        """Sectors that some class carries."""
        return tuple(int(j) for j in np.flatnonzero(self.class_sectors.sum(0) > 0))


@dataclass(frozen=True, slots=True, eq=False)
class SectorOutcome:
    """A scenario in the many-sector model beside the one-sector one.

    Attributes
    ----------
    cost_change
        ``tau_hat`` by sector and pair of the table's economies, (J, M, M).
    shared
        Economies of the study that the table does not tell apart from others.
    one_sector_change
        One-sector real income of the table's economies, spending-weighted over the study's, ``E_hat/P_hat``, (M,).
    capped
        Trade of the study in containers, million USD, beyond what the table's sectors trade between a pair: it is cut.
    """

    table: SectorTable
    equilibrium: SectorEquilibrium
    cost_change: Float
    shared: tuple[str, ...]
    one_sector_change: Float
    capped: float


def solve_sectors(
    base: Baseline, outcome: Outcome, table: SectorTable, *, deficits: SectorDeficits = "balanced"
) -> SectorOutcome:
    r"""Solve a scenario's changes of transport cost, agreements, tariffs and bans in the many-sector model.

    With b the parts of classes in sectors, X the study's flows and s_k their container shares, sector j of a pair
    of the table's economies has in class k the share

    .. math:: s_{jk} = b_{kj} \frac{\sum_{ij} s_{k,ij} X_{ij}}{\sum_{ij} X_{ij}} \Big/ \frac{X^j}{\sum_j X^j}

    (sums over the study's pairs that the table's pair holds, X^j the table's trade; at most 1 over all classes), and

    .. math:: \hat\tau^j = \Bigl(\sum_k s_{jk} \sum_{ab} w_{ab} (\hat\tau^k_{ab})^{-\theta_j}
        + 1 - \sum_k s_{jk}\Bigr)^{-1/\theta_j}

    with weights w of zone pairs in the class. With one sector this is the one-sector model's change.

    Parameters
    ----------
    base, outcome
        Of one study.
    table
        The input-output table and how it goes with the study.
    deficits
        Of the many-sector model.

    Raises
    ------
    StudyError
        If the table lacks an economy of the study.
    InfeasibleError, ConvergenceError
        As `solve_trade_sectors` does.

    Notes
    -----
    Held aside: tolls as income, pairs that a ban alone keeps at zero (the table has no such trade), and changes of
    productivity. Bans count by their share of the pair's trade in every goods sector.
    """
    inputs = base.ground.inputs
    refuse(
        Problem("LB576", f"The table has no economy for {name}. Name one in 'member'.", "member", column=name)
        for name in inputs.economies
        if name not in table.member
    )
    at = positions([table.member[name] for name in inputs.economies], table.economy.economies)
    before, after = (_rules_of_table(inputs, rules, at, table) for rules in (base.rules, outcome.rules))
    tariff, new_tariff = before.tariffs, after.tariffs
    cost, capped = _transport(inputs, outcome.change.zone, table, at, tariff)
    theta = table.economy.trade_elasticity[:, None, None]
    cost = cost * _rules_cost(before, after, theta, table)
    found = solve_trade_sectors(
        table.economy,
        tariff=tariff,
        new_tariff=new_tariff,
        cost_change=cost,
        deficits=deficits,
        options=TradeOptions(labels=table.economy.economies, scenario_labels=(outcome.name,)),
    )
    counts = np.bincount(at, minlength=table.economy.n_economies)
    shared = tuple(name for name, place in zip(inputs.economies, at.tolist(), strict=True) if counts[place] > 1)
    return SectorOutcome(table, found, cost, shared, _one_sector(outcome, at, table), capped)


def single_sector(base: Baseline) -> SectorTable:
    """Return the study's own flows as a table of one sector without input-output links: for comparison."""
    inputs = base.ground.inputs
    gross = inputs.flows * (1.0 + base.rules.tariffs)
    spending = gross.sum(0)
    sales = inputs.flows.sum(1)
    n = len(inputs.economies)
    economy = SectorEconomy(
        (gross / spending)[None],
        spending[None],
        sales,
        np.ones((1, n)),
        np.zeros((n, 1, 1)),
        np.ones((1, n)),
        np.array([base.ground.study.parameter("trade_elasticity")]),
        spending - sales - (gross - inputs.flows).sum(0),
        inputs.economies,
        ("all goods and services",),
    )
    return SectorTable(
        economy, {name: name for name in inputs.economies}, np.ones((len(inputs.classes), 1)), "the study's own trade"
    )


def _merge(values: Float, at: Int, size: int) -> Float:
    """Return sums of pairs (N, N) over the table's pairs, shape (M, M)."""
    n = len(at)
    member = np.zeros((size, n))
    member[at, np.arange(n)] = 1.0
    merged: Float = member @ values @ member.T
    return merged


def _transport(inputs: Inputs, zone: Float, table: SectorTable, at: Int, tariff: Float) -> tuple[Float, float]:
    economy, m = table.economy, table.economy.n_economies
    flows = economy.flows(tariff)
    whole = flows.sum(0)
    own = _merge(inputs.flows, at, m)
    trade = container_trade(inputs)
    split = trade.split() * inputs.flows[inputs.zone_economy[:, None], inputs.zone_economy]
    places = at[inputs.zone_economy]
    result, capped = np.ones((economy.n_sectors, m, m)), 0.0
    by_class = np.stack([_merge(share * inputs.flows, at, m) for share in inputs.class_share])
    for j in table.goods:
        weight = table.class_sectors[:, j]
        carried = np.einsum("k,kmn->mn", weight, by_class)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(own > 0, carried / own, 0.0) / np.where(whole > 0, flows[j] / whole, 1.0)
        share = np.where(flows[j] > 0, share, 0.0)
        capped += float((carried * (1.0 - 1.0 / np.maximum(share, 1.0))).sum())
        network = NetworkTrade(weight[:, None, None] * split, places, m, np.clip(1.0 - share, 0.0, 1.0))
        result[j] = economy_cost_change(zone, network, trade_elasticity=float(economy.trade_elasticity[j]))
    return result, capped


def _rules_of_table(inputs: Inputs, rules: Rules, at: Int, table: SectorTable) -> Rules:
    """Return trade rules by the table's pairs, means over the study's flows; zero in sectors that are no goods."""
    m = table.economy.n_economies
    weight = _merge(inputs.flows, at, m)

    def mean(values: Float) -> Float:
        merged = np.divide(_merge(values * inputs.flows, at, m), weight, out=np.zeros((m, m)), where=weight > 0)
        whole = np.zeros((table.economy.n_sectors, m, m))
        whole[list(table.goods)] = merged
        return whole

    return Rules(mean(rules.banned), mean(rules.tariffs), mean(rules.agreement), rules.productivity)


def _rules_cost(before: Rules, after: Rules, theta: Float, table: SectorTable) -> Float:
    """Return what agreements and bans do to costs, shape (J, M, M)."""
    changed = before.agreement != after.agreement
    cost = np.ones_like(before.agreement)
    for j in range(len(cost)):
        elasticity = float(theta[j, 0, 0])
        effect = agreement_cost_change(
            after.agreement[j] - before.agreement[j],
            trade_elasticity=elasticity,
            tariffs=before.tariffs[j],
            new_tariffs=after.tariffs[j],
        )
        bans = ban_cost_change(
            np.minimum(before.banned[j], 1.0 - 1e-9), np.minimum(after.banned[j], 1.0), trade_elasticity=elasticity
        )
        cost[j] = np.where(changed[j], effect, 1.0) * np.where(before.banned[j] == after.banned[j], 1.0, bans)
    return np.where(table.economy.shares > 0, cost, 1.0)


def _one_sector(outcome: Outcome, at: Int, table: SectorTable) -> Float:
    spending = outcome.equilibrium.baseline_spending
    m = table.economy.n_economies
    total = np.bincount(at, spending, m)
    moved = np.bincount(at, spending * outcome.equilibrium.real_income_change, m)
    return np.divide(moved, total, out=np.ones(m), where=total > 0)


def sector_tables(found: SectorOutcome) -> dict[str, Columns]:
    """Return the tables ``sectors`` (many beside one sector by economy) and ``sector_costs`` (by sector)."""
    economy = found.table.economy
    many = 100.0 * (found.equilibrium.real_income_change - 1.0)
    one = 100.0 * (found.one_sector_change - 1.0)
    rows = [
        (name, measure, float(values[i]), "percent")
        for measure, values in (("real_income_many_sectors", many), ("real_income_one_sector", one))
        for i, name in enumerate(economy.economies)
        if name in set(found.table.member.values())
    ]
    before = found.equilibrium.baseline_flows
    after = found.equilibrium.flows
    abroad = ~np.eye(economy.n_economies, dtype=bool)
    lines: list[tuple[Any, ...]] = []
    for j, name in enumerate(economy.sectors):
        old, new = before[j][abroad], after[j][abroad]
        mean = float((old * found.cost_change[j][abroad]).sum() / old.sum()) if old.sum() > 0 else 1.0
        lines.append((name, "cost_change", 100.0 * (mean - 1.0), "percent"))
        lines.append(
            (name, "trade_change", 100.0 * (float(new.sum() / old.sum()) - 1.0) if old.sum() else 0.0, "percent")
        )
    lines.append(("all", "containers_beyond_table", found.capped, "million USD"))
    return {
        "sectors": columns_of(rows, ("economy", "measure", "value", "unit")),
        "sector_costs": columns_of(lines, ("sector", "measure", "value", "unit")),
    }
