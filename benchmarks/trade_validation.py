"""Make the validation table of ``docs/methods/trade.md``: ``python -m benchmarks.trade_validation``."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.trade import Array, nafta, plain, plain_sectors
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import DeficitRule, Policy, Shifts
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import settle, solve_trade_sectors
from landbridge.trade.welfare import bloc_import_growth, first_order_sectors

DATA = Path(__file__).parent.parent / "../shared/data"
BLOC = ("MEX", "CAN", "USA")
Line = tuple[str, str, str]


def main() -> None:
    """Print the table as markdown."""
    print("| check | reference | measured |\n|---|---|---|")
    for part in (ge_gravity, against_plain, caliendo_parro, sectors_against_plain, one_and_many):
        for line in part():
            print("| " + " | ".join(line) + " |")


def off(ours: Array, theirs: Array) -> float:
    """Return the largest relative difference."""
    return float(np.abs(ours / theirs - 1).max())


def ge_gravity() -> Iterator[Line]:
    """Compare with ge_gravity's results file."""
    table = pd.read_csv(DATA / "published/ge_gravity_2000_multiplicative.csv")
    names = sorted(table["exporter"].unique())

    def square(column: str) -> Array:
        return table.pivot_table(index="exporter", columns="importer", values=column).loc[names, names].to_numpy()

    ours = solve_trade(square("trade"), np.exp(-square("eu_effect") / 4), trade_elasticity=4.0)
    incomes = off(ours.real_income_change, square("w_mult")[:, 0])
    yield "real incomes, EU enlargement, 44 economies", "ge_gravity (single precision)", f"{incomes:.1e}"
    yield "its 1,936 flows", "same", f"{off(ours.flows, square('X_mult')):.1e}"


def against_plain() -> Iterator[Line]:
    """Compare every deficit rule, and every option, with the plain solver."""
    slow, rng = plain(), np.random.default_rng(7)
    flows = slow.random_economy(rng, 15, zeros=0.3)
    cost = np.exp(rng.normal(0, 0.15, flows.shape))
    rules: tuple[DeficitRule, ...] = ("multiplicative", "balanced", "additive")
    for rule in rules:
        ours = solve_trade(flows, cost, trade_elasticity=5.0, deficits=rule)
        start = slow.without_deficits(flows, 5.0) if rule == "balanced" else flows
        theirs = slow.plain_trade(start, cost, 5.0, rule if rule == "multiplicative" else "additive")
        gap = off(ours.real_income_change, theirs.real_income_change)
        yield f"real incomes, {rule} deficits, 30 % zeros", "plain solver", f"{gap:.1e}"
    old, new = rng.uniform(0, 0.3, (2, *flows.shape)) * (1 - np.eye(15))
    gift, skill = rng.normal(0, 0.002, 15) * flows.sum(), np.exp(rng.normal(0, 0.2, 15))
    gift -= gift.mean()
    ours = solve_trade(
        flows,
        cost,
        trade_elasticity=4.0,
        deficits="additive",
        policy=Policy(tariffs=old, new_tariffs=new),
        shifts=Shifts(skill, None, gift, 0.6),
    )
    theirs = slow.plain_trade(
        flows, cost, 4.0, "additive", tariffs=old, new_tariffs=new, transfers=gift, psi=0.6, productivity=skill
    )
    gap = off(ours.real_income_change, theirs.real_income_change)
    yield "same with tariffs, transfers, productivity, supply elasticity", "plain solver", f"{gap:.1e}"


def caliendo_parro() -> Iterator[Line]:
    """Compare with the printed numbers of Caliendo and Parro (2015)."""
    economy, old, new = nafta()
    result = solve_trade_sectors(economy, tariff=old, new_tariff=new)
    at = tuple(economy.economies.index(name) for name in BLOC)
    parts = first_order_sectors(result)
    growth = bloc_import_growth(result, at) - 1
    place = list(at)
    for what, reference, values in (
        ("NAFTA, first-order welfare of Mexico, Canada, United States, %", "1.31, -0.06, 0.08", parts.total[place]),
        ("of which terms of trade", "not in the given results", parts.terms_of_trade[place]),
        ("of which volume of trade", "not in the given results", parts.volume_of_trade[place]),
        ("growth of imports from the bloc, %", "118, 11, 41", growth),
        ("exact real income, % (another number)", "none printed", result.real_income_change[place] - 1),
    ):
        yield what, reference, ", ".join(f"{100 * value:.3f}" for value in values)


def sectors_against_plain() -> Iterator[Line]:
    """Compare NAFTA with nested repetition."""
    economy, old, new = nafta()
    base = settle(economy, tariff=old)
    ours = solve_trade_sectors(base, tariff=old, new_tariff=new)
    theirs = plain_sectors(plain(), base, old, new, np.ones_like(old))
    gap = off(ours.real_income_change, theirs.real_income_change)
    yield "real incomes, NAFTA, 31 economies x 40 sectors", "plain nested solver", f"{gap:.1e}"


def one_and_many() -> Iterator[Line]:
    """Compare one sector with many sectors of which there is one, and with the sufficient statistic."""
    rng = np.random.default_rng(4)
    flows = plain().random_economy(rng, 12)
    cost = np.exp(rng.normal(0, 0.2, (12, 12)))
    spending = flows.sum(0)
    many = SectorEconomy(
        (flows / spending)[None],
        spending[None],
        flows.sum(1),
        np.ones((1, 12)),
        np.zeros((12, 1, 1)),
        np.ones((1, 12)),
        np.array([5.0]),
        spending - flows.sum(1),
    )
    one = solve_trade(flows, cost, trade_elasticity=5.0, deficits="balanced")
    sectors = solve_trade_sectors(many, tariff=np.zeros((1, 12, 12)), cost_change=cost[None])
    gap = off(sectors.real_income_change, one.real_income_change)
    yield "many sectors with one, balanced", "one sector", f"{gap:.1e}"
    home = np.diag(one.flows) / one.flows.sum(0) / (np.diag(one.baseline_flows) / one.baseline_flows.sum(0))
    gap = off(one.wage_change / one.price_change, home**-0.2 / np.diag(cost))
    yield "real wages", "closed form of home shares", f"{gap:.1e}"


if __name__ == "__main__":
    main()
