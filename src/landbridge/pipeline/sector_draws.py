"""Intervals of the many-sector model: draws of the study's inputs and of every sector's trade elasticity."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int
from landbridge.pipeline.draws import latin_hypercube, quantile
from landbridge.pipeline.inputs import agreement_effect
from landbridge.pipeline.outcome import Baseline, Outcome
from landbridge.pipeline.sector_results import sector_results, sectors_of
from landbridge.pipeline.sectors import (
    SectorCase,
    SectorTable,
    deficits_of,
    rules_of_table,
    sector_case,
    spending_mean,
    spending_over_gdp,
)
from landbridge.pipeline.tables import Columns, columns_of
from landbridge.pipeline.trading import Rules
from landbridge.pipeline.uncertainty import Sample
from landbridge.pipeline.uncertainty_chain import Chain, chosen, law_of
from landbridge.pipeline.uncertainty_draw import with_log_points
from landbridge.study.model import Study
from landbridge.trade.costs import cost_factor, cost_factor_change
from landbridge.trade.options import TradeOptions
from landbridge.trade.sectors import solve_trade_sectors

LOW, HIGH = 0.05, 0.95
"""Ends of the interval."""
SEED_STEP: Final = 7
"""Second word of the seed: sector elasticities are drawn apart from the study's parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class SectorDraws:
    """The many-sector model draw by draw, to stand beside the study's own (`uncertainty.Beside`).

    Attributes
    ----------
    case
        The scenarios before the table at the study's own values.
    elasticities
        Of every sector in every draw, shape (D, J).
    base, outcomes
        Of one study.
    """

    case: SectorCase
    elasticities: Float
    base: Baseline
    outcomes: Mapping[str, Outcome]

    def __call__(self, row: int, chain: Chain, study: Study) -> Float:
        """Return changes of real income in percent in a draw, shape (S, M).

        Raises
        ------
        InfeasibleError, ConvergenceError
            If the draw has no equilibrium.
        """
        own = with_log_points(self.base.ground.study, study)
        theta = self.elasticities[row]
        before, after = self._rules(own)
        case = replace(self.case, before=before, after=after, cells=self._cells(chain, own))
        found = solve_trade_sectors(
            replace(case.table.economy, trade_elasticity=theta),
            tariff=case.before.tariffs,
            new_tariff=np.stack([rules.tariffs for rules in case.after]),
            cost_change=case.cost_change(theta),
            deficits=deficits_of(own),
            options=TradeOptions(labels=case.table.economy.economies, scenario_labels=tuple(self.outcomes)),
        )
        income: Float = 100.0 * (found.real_income_change - 1.0)
        return income

    def _rules(self, study: Study) -> tuple[Rules, tuple[Rules, ...]]:
        """Return the trade rules before and after with the effects of agreements of a draw."""
        inputs, case = self.base.ground.inputs, self.case

        def rules(one: Baseline | Outcome) -> Rules:
            effect = agreement_effect(study, inputs, one.standing)
            return rules_of_table(inputs, replace(one.rules, agreement=effect), case.at, case.table)

        return rules(self.base), tuple(rules(one) for one in self.outcomes.values())

    def _cells(self, chain: Chain, study: Study) -> tuple[tuple[tuple[Int, Float, Float], ...], ...]:
        """Return by scenario and class the zone pairs that change: pair of the table, value, ``tau_hat``."""
        at, trade, kinds = self.case.at, chain.trade, chain.cells.kind
        n, m = len(at), self.case.table.economy.n_economies
        law = law_of(self.base.ground, study)
        before = chosen(chain.cells, law)[0]
        pair = at[trade.pair // n] * m + at[trade.pair % n]
        found = []
        for scenario in chain.scenarios:
            rows = scenario.rows
            worth = trade.class_value[kinds[rows]]
            after = chosen(scenario.cells, law)[0]
            change = cost_factor_change(cost_factor(before[rows], worth), cost_factor(after, worth))
            classes = [np.flatnonzero(kinds[rows] == k) for k in range(len(trade.class_value))]
            found.append(tuple((pair[rows[of]], trade.value[rows[of]], change[of]) for of in classes))
        return tuple(found)


def sector_draws(base: Baseline, outcomes: Mapping[str, Outcome], *, draws: int, seed: int) -> SectorDraws | None:
    """Return what draws the many-sector model beside the study's own; None if the study holds no table.

    In each draw transport costs, effects of agreements and all else are those of the study's draw; every sector's
    trade elasticity is drawn over its own range, triangular and independent of the others (a Latin hypercube).

    Parameters
    ----------
    base, outcomes
        Of one study.
    draws
        D.
    seed
        The same seed gives the same draws.
    """
    known = sectors_of(base)
    if known is None or draws < 1:
        return None
    sectors, table = known
    chances = latin_hypercube(draws, len(sectors.elasticities), np.random.default_rng([seed, SEED_STEP]))
    theta = np.stack([quantile(item, chances[:, j]) for j, item in enumerate(sectors.elasticities)], axis=1)
    return SectorDraws(sector_case(base, outcomes, table), theta, base, outcomes)


def with_intervals(sectors: SectorDraws, sample: Sample) -> dict[str, dict[str, Columns]]:
    """Return ``sectors`` and ``sector_costs`` by scenario, with intervals of both models from the same draws.

    An economy of the table that stands for several of the study is set beside their mean by spending.
    """
    many = np.array(sample.beside)
    case = sectors.case
    plain = sector_results(sectors.base, sectors.outcomes)
    found: dict[str, dict[str, Columns]] = {}
    for s, (name, outcome) in enumerate(sectors.outcomes.items()):
        spending = outcome.equilibrium.baseline_spending
        one = spending_mean(sample.income[:, s], spending, case.at, case.table.economy.n_economies)
        rows = list(zip(*plain[name]["sectors"].values(), strict=True))
        gain = one * spending_over_gdp(outcome, sectors.base.ground.inputs, case.at, case.table.economy.n_economies)
        rows += _interval_rows(case.table, "real_income_many_sectors", many[:, s], "percent")
        rows += _interval_rows(case.table, "gain_one_sector", gain, "percent of GDP")
        found[name] = {**plain[name], "sectors": columns_of(rows, ("economy", "measure", "value", "unit"))}
    return found


def _interval_rows(table: SectorTable, figure: str, drawn: Float, unit: str) -> list[tuple[str, str, float, str]]:
    ends = np.quantile(drawn, (LOW, 0.5, HIGH), axis=0)
    held = set(table.member.values())
    return [
        (name, f"{figure}_{word}", float(values[i]), unit)
        for word, values in zip(("low", "median", "high"), ends, strict=True)
        for i, name in enumerate(table.economy.economies)
        if name in held
    ]
