"""Hard cases for the trade models: wild shocks, near autarky, 40 % zeros, large deficits; run by `benchmarks.trade`."""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from landbridge.core.problems import ConvergenceError, InfeasibleError
from landbridge.trade.one_sector import solve_trade
from landbridge.trade.options import DeficitRule
from landbridge.trade.sector_economy import SectorEconomy
from landbridge.trade.sectors import SectorDeficits, solve_trade_sectors

Array = NDArray[np.float64]


def robustness(slow: ModuleType, count: int) -> None:
    """Print how many of `count` hard cases each method solves, and how many ours calls infeasible."""
    cases: tuple[tuple[str, DeficitRule, dict[str, float], float], ...] = (
        ("wild shocks (log sd 2), multiplicative", "multiplicative", {}, 2.0),
        ("wild shocks (log sd 2), additive", "additive", {}, 2.0),
        ("near autarky (home share 1 - 1e-6), multiplicative", "multiplicative", {"home": 1 - 1e-6}, 1.0),
        ("40 % zeros, log sd 1, multiplicative", "multiplicative", {"zeros": 0.4}, 1.0),
        ("40 % zeros, log sd 1, additive", "additive", {"zeros": 0.4}, 1.0),
    )
    peers = ("fixed point", "Anderson", "tatonnement")
    print(f"| {count} cases of 44 economies, eps 5 | solved | infeasible, named | " + " | ".join(peers) + " |")
    print("|---" * (3 + len(peers)) + "|")
    for name, rule, kind, deviation in cases:
        solved = infeasible = 0
        also = [0] * len(peers)
        for seed in range(count):
            rng = np.random.default_rng(seed)
            flows = slow.random_economy(rng, 44, **kind)
            cost = np.exp(rng.normal(0, deviation, flows.shape))
            try:
                solve_trade(flows, cost, trade_elasticity=5.0, deficits=rule)
                solved += 1
            except InfeasibleError:
                infeasible += 1
            except ConvergenceError:
                pass
            if seed < count // 5:
                also = [known + simple(flows, cost, rule, peer) for known, peer in zip(also, peers, strict=True)]
        told = " | ".join(f"{known} of {count // 5}" for known in also)
        print(f"| {name} | {solved} | {infeasible} | {told} |")


def simple(flows: Array, cost: Array, rule: str, method: str, limit: int = 1000) -> bool:
    """Tell whether a textbook method solves a case to 1e-10 in `limit` evaluations."""
    sales, spending = flows.sum(1), flows.sum(0)
    weights = flows / spending * cost**-5.0
    x = np.zeros(len(flows))
    moves: list[Array] = []
    drifts: list[Array] = []
    old = (x, x)
    with np.errstate(all="ignore"):
        for count in range(limit):
            u = np.exp(-5.0 * x)
            phi = u @ weights
            made = sales * np.exp(x)
            wanted = made * spending / sales if rule == "multiplicative" else made + spending - sales
            ratio = u * (weights @ (wanted / phi)) / made
            if not np.isfinite(ratio).all() or ratio.min() <= 0:
                return False
            if ratio.max() / ratio.min() - 1 < 1e-10:
                return bool(wanted.min() > 0)
            force = np.log(ratio / (ratio @ made) * made.sum()) / 6.0
            if method == "tatonnement":
                force = 0.1 * (ratio / (ratio @ made) * made.sum() - 1.0)
            step = force
            if method == "Anderson" and count:
                moves, drifts = [*moves[-4:], x - old[0]], [*drifts[-4:], force - old[1]]
                gamma = np.linalg.lstsq(np.array(drifts).T, force)[0]
                step = force - (np.array(moves) + np.array(drifts)).T @ gamma
            old = (x, force)
            x = x + step
            x = x - np.log((sales * np.exp(x)).sum() / sales.sum())
    return False


def sector_robustness(count: int) -> None:
    """Print how many of `count` hard cases of the many-sector model are solved, and how many called infeasible."""
    cases: tuple[tuple[str, SectorDeficits, dict[str, float], float], ...] = (
        ("wild shocks (log sd 2), balanced", "balanced", {}, 2.0),
        ("wild shocks (log sd 2), additive", "additive", {}, 2.0),
        ("near autarky (home share 1 - 1e-6), log sd 1, balanced", "balanced", {"home": 1 - 1e-6}, 1.0),
        ("40 % zeros, log sd 1, balanced", "balanced", {"zeros": 0.4}, 1.0),
        ("40 % zeros, log sd 1, additive, deficits of 30 %", "additive", {"zeros": 0.4, "deficits": 0.3}, 1.0),
        ("tariffs to 200 %, additive", "additive", {"tariff": 2.0}, 0.3),
    )
    print(f"| {count} cases of 15 economies x 6 sectors | solved | infeasible, named | neither |")
    print("|---|---|---|---|")
    for name, rule, kind, deviation in cases:
        solved = infeasible = neither = 0
        for seed in range(count):
            rng = np.random.default_rng(seed)
            economy = hard_sectors(rng, **{key: value for key, value in kind.items() if key != "tariff"})
            cost = np.exp(rng.normal(0, deviation, economy.shares.shape))
            new = rng.uniform(0, kind.get("tariff", 0.0), economy.shares.shape) * ~np.eye(15, dtype=bool)
            try:
                solve_trade_sectors(economy, tariff=np.zeros_like(new), new_tariff=new, cost_change=cost, deficits=rule)
                solved += 1
            except InfeasibleError:
                infeasible += 1
            except ConvergenceError:
                neither += 1
        print(f"| {name} | {solved} | {infeasible} | {neither} |")


def hard_sectors(
    rng: np.random.Generator, *, home: float = 0.0, zeros: float = 0.0, deficits: float = 0.1
) -> SectorEconomy:
    """Return 15 economies of very different sizes and 6 sectors with dense input-output links, elasticities 2 to 12."""
    sectors, n = 6, 15
    shares = rng.gamma(0.5, size=(sectors, n, n)) * (rng.random((sectors, n, n)) >= zeros)
    shares *= 1.0 - np.eye(n)
    shares[:, np.arange(n), (np.arange(n) + 1) % n] += 1e-3
    shares /= shares.sum(1, keepdims=True)
    own = home or rng.uniform(0.2, 0.95, (sectors, 1, n))
    shares = shares * (1.0 - own) + own * np.eye(n)
    added = rng.uniform(0.3, 0.6, (sectors, n))
    inputs = rng.gamma(1.0, size=(n, sectors, sectors))
    inputs *= ((1 - added.T) / inputs.sum(1))[:, None, :]
    final = rng.gamma(2.0, size=(sectors, n))
    labour = np.exp(rng.normal(0, 1.5, n))
    deficit = deficits * labour * rng.normal(size=n)
    deficit -= labour * (deficit.sum() / labour.sum())
    return SectorEconomy(
        shares / shares.sum(1, keepdims=True),
        np.outer(np.ones(sectors), labour),
        labour,
        added,
        inputs,
        final / final.sum(0),
        rng.uniform(2.0, 12.0, sectors),
        deficit,
    )
