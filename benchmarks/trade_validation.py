"""Make the validation tables of ``docs/methods/trade.md``.

``python -m benchmarks.trade_validation [--write] [--gegravity-python PROGRAM]``

With ``--write`` the tables replace those of the page, which are known by their headers.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.trade import Array, nafta, plain, plain_sectors, world
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import DeficitRule, Policy, Shifts
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import settle, solve_trade_sectors
from landbridge.trade.welfare import bloc_import_growth, first_order_sectors

DATA = Path(__file__).parent.parent / "../shared/data"
BLOC = ("MEX", "CAN", "USA")
Line = tuple[str, str, str]


PAGE = Path(__file__).parent.parent / "docs/methods/trade.md"
CHECKS = ("check", "reference", "measured")
PRICES = ("economies", "cost change", "spread of prices", "ours: shares move", "same equations, shares fixed")


def main() -> None:
    """Print the tables as markdown, and write them into the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="into docs/methods/trade.md")
    parser.add_argument("--gegravity-python", default=sys.executable, help="a Python that has gegravity")
    asked = parser.parse_args()
    parts = (ge_gravity, against_plain, caliendo_parro, sectors_against_plain, one_and_many)
    tables = [table(CHECKS, [line for part in parts for line in part()])]
    prices = list(gegravity(asked.gegravity_python))
    if prices:
        tables.append(table(PRICES, prices))
    for text in tables:
        print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        for text in tables:
            page = put(page, text)
        PAGE.write_text(page, encoding="utf-8")


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a markdown table."""
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace("| --- ", "|---").replace("--- |", "---|")


def put(page: str, text: str) -> str:
    """Return the page with the table of the same header replaced."""
    lines, header = page.splitlines(keepends=True), text.splitlines(keepends=True)[0]
    start = lines.index(header)
    end = next(k for k in range(start, len(lines) + 1) if k == len(lines) or not lines[k].startswith("|"))
    return "".join([*lines[:start], text, *lines[end:]])


def gegravity(program: str) -> Iterator[tuple[str, ...]]:
    """Compare prices with gegravity's full equilibrium, ours and with its shares; nothing where it is not installed."""
    rng = np.random.default_rng(2)
    for n in (15, 44):
        flows = world(n)
        for size in (0.99, 0.95, 0.8):
            cost = np.where(rng.random((n, n)) < 0.2, size, 1.0)
            np.fill_diagonal(cost, 1.0)
            ours = solve_trade(flows, cost, trade_elasticity=4.0).wage_change
            with tempfile.TemporaryDirectory() as folder:
                case = Path(folder) / "case.npz"
                held = {"flows": flows, "cost_change": cost, "eps": 4.0, "wage_change": ours}
                np.savez(case, **held, fixed_shares=fixed_shares(flows, cost, 4.0))  # type: ignore[arg-type]
                command = [program, str(Path(__file__).parent / "trade_gegravity.py"), str(case)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return
            told = json.loads(done.stdout.strip().splitlines()[-1])
            spread = ours.max() / ours.min() - 1
            yield (
                str(n),
                f"a fifth of the pairs at {size:g}",
                f"{spread:.1e}",
                f"{told['difference']:.1e}",
                f"{told['fixed_shares']:.1e}",
            )


def fixed_shares(flows: Array, cost: Array, eps: float) -> Array:
    """Return producer prices when output and spending keep their baseline values: ``u_i sum_j K_ij E_j/Phi_j = Y_i``.

    That is the third equation of gegravity's full equilibrium, ``beta_i p_i^(1 - sigma) = (Y_i/Y) Pi_i^(sigma - 1)``,
    in changes: the baseline's shares stand where those of the answer belong.
    """
    sales, spending = flows.sum(1), flows.sum(0)
    weights = flows / spending * cost**-eps
    u = np.ones(len(flows))
    for _ in range(10_000):
        new = sales / (weights @ (spending / (u @ weights)))
        if np.abs(new / u - 1).max() < 1e-13:
            break
        u = new / new.mean()
    prices: Array = u ** (-1.0 / eps)
    return prices


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
        ("of which terms of trade", "-0.41, -0.11, 0.04", parts.terms_of_trade[place]),
        ("of which volume of trade", "1.72, 0.04, 0.04", parts.volume_of_trade[place]),
        ("real wages", "1.72, 0.32, 0.11", result.wage_change[place] / result.price_change[place] - 1),
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
