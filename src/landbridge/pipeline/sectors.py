"""A scenario in the many-sector model: changes of transport cost by class of goods become changes by sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int, locked, positions
from landbridge.core.problems import Problem, refuse
from landbridge.pipeline.inputs import Inputs
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.sector_data import StudySectors
from landbridge.pipeline.trading import Rules, container_trade
from landbridge.study.model import Study
from landbridge.trade.costs import agreement_cost_change, ban_cost_change
from landbridge.trade.options import TradeOptions
from landbridge.trade.sector_accounts import sector_economy
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
    lacking
        Economies of the study that the table has only in its rest of the world: their results stand on one sector.
    """

    economy: SectorEconomy
    member: Mapping[str, str]
    class_sectors: Float
    source: str
    lacking: tuple[str, ...] = ()

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
    lacking_change
        One-sector gain in percent of GDP of the economies of the study that the table lacks.
    spending_over_gdp
        One-sector spending over GDP of the table's economies, (M,). Spending holds intermediate goods; a percentage of
        it times this is one of GDP, as the many-sector model's percentages of income nearly are.
    """

    table: SectorTable
    equilibrium: SectorEquilibrium
    cost_change: Float
    shared: tuple[str, ...]
    one_sector_change: Float
    capped: float
    lacking_change: Mapping[str, float]
    spending_over_gdp: Float


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
    case = sector_case(base, {outcome.name: outcome}, table)
    cost = case.cost_change(table.economy.trade_elasticity)[0]
    found = solve_trade_sectors(
        table.economy,
        tariff=case.before.tariffs,
        new_tariff=case.after[0].tariffs,
        cost_change=cost,
        deficits=deficits,
        options=TradeOptions(labels=table.economy.economies, scenario_labels=(outcome.name,)),
    )
    counts = np.bincount(case.at, minlength=table.economy.n_economies)
    names = base.ground.inputs.economies
    shared = tuple(name for name, place in zip(names, case.at.tolist(), strict=True) if counts[place] > 1)
    equilibrium, gdp = outcome.equilibrium, base.ground.inputs.gdp_usd_bn * 1000.0
    gain = 100.0 * equilibrium.baseline_spending * (equilibrium.real_income_change - 1.0)
    lacking = {name: float(gain[names.index(name)] / gdp[names.index(name)]) for name in table.lacking}
    ratio = spending_over_gdp(outcome, base.ground.inputs, case.at, len(counts))
    return SectorOutcome(table, found, cost, shared, _one_sector(outcome, case.at, table), case.capped, lacking, ratio)


def table_of(base: Baseline, sectors: StudySectors) -> SectorTable:
    """Return the study's tables of sectors as the baseline at the study's tariffs: goods pay them, services do not."""
    inputs = base.ground.inputs
    at = positions([sectors.member[name] for name in inputs.economies], sectors.accounts.economies)
    shape = len(sectors.accounts.sectors), len(sectors.accounts.economies)
    tariff = _mean_over_table(base.rules.tariffs, inputs.flows, at, shape, _carried(sectors.class_sectors))
    theta = np.array([item.value for item in sectors.elasticities])
    return SectorTable(
        sector_economy(sectors.accounts, tariff=tariff, trade_elasticity=theta),
        sectors.member,
        sectors.class_sectors,
        sectors.source,
        tuple(name for name in inputs.economies if sectors.holds[name] == "rest"),
    )


def deficits_of(study: Study) -> SectorDeficits:
    """Return the rule for deficits that stands for the study's own: sectors know no multiplicative deficits."""
    return "additive" if study.settings.deficits == "additive" else "balanced"


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


@dataclass(frozen=True, slots=True, eq=False)
class SectorCase:
    """Scenarios of a study before a table, with all that does not depend on elasticities worked out.

    Attributes
    ----------
    at
        Position in the table of every economy of the study, (N,).
    before, after
        Trade rules by sector and pair of the table, (J, M, M), in the baseline and by scenario.
    cells
        By scenario and class: pair of the table, value of trade and ``tau_hat`` of the zone pairs that change.
    carried
        Trade of the study on the network by class and pair of the table, (K, M * M).
    share
        Part of each sector's trade that moves in containers, by sector and pair, (J, M, M).
    capped
        Containers beyond the table's trade, million USD.
    """

    table: SectorTable
    at: Int
    before: Rules
    after: tuple[Rules, ...]
    cells: tuple[tuple[tuple[Int, Float, Float], ...], ...]
    carried: Float
    share: Float
    capped: float

    def cost_change(self, trade_elasticity: Float) -> Float:
        """Return ``tau_hat`` by scenario, sector and pair at elasticities theta (J,), shape (S, J, M, M)."""
        table, m = self.table, self.table.economy.n_economies
        weights = table.class_sectors
        found = np.ones((len(self.cells), table.economy.n_sectors, m, m))
        totals = weights.T @ self.carried
        for j in table.goods:
            theta = float(trade_elasticity[j])
            total = np.where(totals[j] > 0, totals[j], 1.0)
            share = self.share[j].ravel()
            for s, classes in enumerate(self.cells):
                moved = np.zeros(m * m)
                for k in np.flatnonzero(weights[:, j]).tolist():
                    pair, value, change = classes[k]
                    with np.errstate(divide="ignore"):
                        kept = value * (change**-theta - 1.0)
                    moved += weights[k, j] * np.bincount(pair, kept, m * m)
                with np.errstate(divide="ignore"):
                    index = np.maximum(1.0 + share * moved / total, 0.0) ** (-1.0 / theta)
                found[s, j] = np.where(totals[j] > 0, index, 1.0).reshape(m, m)
        rules = np.stack([_rules_cost(self.before, after, trade_elasticity, table) for after in self.after])
        made: Float = found * rules
        return made


def sector_case(base: Baseline, outcomes: Mapping[str, Outcome], table: SectorTable) -> SectorCase:
    """Return scenarios before a table, ready to be solved at any elasticities.

    Raises
    ------
    StudyError
        If the table lacks an economy of the study.
    """
    inputs = base.ground.inputs
    refuse(
        Problem("LB576", f"The table has no economy for {name}. Name one in 'member'.", "member", column=name)
        for name in inputs.economies
        if name not in table.member
    )
    at = positions([table.member[name] for name in inputs.economies], table.economy.economies)
    before = rules_of_table(inputs, base.rules, at, table)
    after = tuple(rules_of_table(inputs, outcome.rules, at, table) for outcome in outcomes.values())
    m = table.economy.n_economies
    split = container_trade(inputs).split() * inputs.flows[inputs.zone_economy[:, None], inputs.zone_economy]
    places = at[inputs.zone_economy]
    pair = (places[:, None] * m + places).ravel()
    carried = np.stack([np.bincount(pair, part.ravel(), m * m).astype(np.float64) for part in split])
    share, capped = _container_shares(inputs, table, at, before.tariffs)
    cells = tuple(
        tuple(_changed(pair, part.ravel(), change.ravel()) for part, change in zip(split, one.change.zone, strict=True))
        for one in outcomes.values()
    )
    return SectorCase(table, at, before, after, cells, carried, share, capped)


def _changed(pair: Int, value: Float, change: Float) -> tuple[Int, Float, Float]:
    """Return the zone pairs with trade whose cost changes."""
    rows = np.flatnonzero((value > 0) & (change != 1.0))
    return pair[rows], value[rows], change[rows]


def _container_shares(inputs: Inputs, table: SectorTable, at: Int, tariff: Float) -> tuple[Float, float]:
    """Return the part of each sector's trade in containers, at most 1, and the value that is beyond."""
    m = table.economy.n_economies
    flows = table.economy.flows(tariff)
    whole = flows.sum(0)
    own = _merge(inputs.flows, at, m)
    by_class = np.stack([_merge(share * inputs.flows, at, m) for share in inputs.class_share])
    found, capped = np.zeros(flows.shape), 0.0
    for j in table.goods:
        carried = np.einsum("k,kmn->mn", table.class_sectors[:, j], by_class)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(own > 0, carried / own, 0.0) / np.where(whole > 0, flows[j] / whole, 1.0)
        share = np.where(flows[j] > 0, share, 0.0)
        capped += float((carried * (1.0 - 1.0 / np.maximum(share, 1.0))).sum())
        found[j] = np.minimum(share, 1.0)
    return found, capped


def _carried(class_sectors: Float) -> list[int]:
    """Return the sectors that some class carries."""
    return np.flatnonzero(class_sectors.sum(0) > 0).tolist()


def _mean_over_table(values: Float, flows: Float, at: Int, shape: tuple[int, int], goods: list[int]) -> Float:
    """Return means over the study's flows by pair of the table, (J, M, M); zero in sectors that are no goods."""
    sectors, m = shape
    weight = _merge(flows, at, m)
    mean = np.divide(_merge(values * flows, at, m), weight, out=np.zeros((m, m)), where=weight > 0)
    whole = np.zeros((sectors, m, m))
    whole[goods] = mean
    return whole


def rules_of_table(inputs: Inputs, rules: Rules, at: Int, table: SectorTable) -> Rules:
    """Return trade rules by the table's pairs, means over the study's flows; zero in sectors that are no goods."""
    shape = table.economy.n_sectors, table.economy.n_economies

    def mean(values: Float) -> Float:
        return _mean_over_table(values, inputs.flows, at, shape, list(table.goods))

    return Rules(mean(rules.banned), mean(rules.tariffs), mean(rules.agreement), rules.productivity)


def _rules_cost(before: Rules, after: Rules, theta: Float, table: SectorTable) -> Float:
    """Return what agreements and bans do to costs, shape (J, M, M)."""
    changed = before.agreement != after.agreement
    cost = np.ones_like(before.agreement)
    for j, elasticity in enumerate(theta.tolist()):
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
    made: Float = np.where(table.economy.shares > 0, cost, 1.0)
    return made


def _one_sector(outcome: Outcome, at: Int, table: SectorTable) -> Float:
    change = outcome.equilibrium.real_income_change[None]
    mean: Float = spending_mean(change, outcome.equilibrium.baseline_spending, at, table.economy.n_economies)[0]
    return mean


def spending_mean(values: Float, spending: Float, at: Int, size: int) -> Float:
    """Return means of values (D, N) of the study's economies over those of the table, (D, M), by spending (N,).

    Economies of the table that hold none of the study's are 1.
    """
    member = np.zeros((len(at), size))
    member[np.arange(len(at)), at] = spending
    total = member.sum(0)
    mean: Float = np.where(total > 0, (values @ member) / np.where(total > 0, total, 1.0), 1.0)
    return mean


def spending_over_gdp(outcome: Outcome, inputs: Inputs, at: Int, size: int) -> Float:
    """Return the study's spending over GDP by economy of the table, (M,); 0 where it holds none of the study's."""
    spending = np.bincount(at, outcome.equilibrium.baseline_spending, size)
    gdp = np.bincount(at, inputs.gdp_usd_bn * 1000.0, size)
    ratio: Float = np.divide(spending, gdp, out=np.zeros(size), where=gdp > 0)
    return ratio
