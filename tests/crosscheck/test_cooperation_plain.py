"""Fast solutions beside plain ones: all orders for Shapley, all coalitions in one programme for the rest."""

from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.optimize import linprog

from landbridge.cooperation.core_of_game import least_core, stability_cost
from landbridge.cooperation.game import Game
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shape import convexity, superadditivity
from landbridge.cooperation.shares import shapley
from landbridge.core.arrays import Float


def random_game(n: int, seed: int) -> Game:
    rng = np.random.default_rng(seed)
    value = np.round(rng.random(1 << n) * np.bitwise_count(np.arange(1 << n)) ** 1.3, 2)
    value[0] = 0
    return Game(tuple("abcdefgh"[:n]), value)


def shapley_by_orders(game: Game) -> Float:
    share = np.zeros(game.n)
    orders = list(permutations(range(game.n)))
    for order in orders:
        mask = 0
        for i in order:
            share[i] += game.value[mask | 1 << i] - game.value[mask]
            mask |= 1 << i
    return share / len(orders)


def prenucleolus_plain(game: Game) -> Float:
    """Lower the largest excess; settle each coalition whose excess cannot be below it; repeat."""
    n = game.n
    masks = list(range(1, game.whole))
    settled: dict[int, float] = {}

    def best(cost: Float, e: float | None) -> tuple[float, Float]:
        free = [m for m in masks if m not in settled]
        rows = [[*(-(m >> i & 1) for i in range(n)), -1] for m in free]
        equal = [[*(m >> i & 1 for i in range(n)), 0] for m in settled]
        level = [game.value[m] - settled[m] for m in settled]
        bounds = [(None, None)] * n + [(None, None) if e is None else (e, e)]
        found = linprog(
            cost,
            A_ub=rows,
            b_ub=[-game.value[m] for m in free],
            A_eq=[[1] * n + [0], *equal],
            b_eq=[game.worth, *level],
            bounds=bounds,
        )
        return float(found.fun), found.x[:n]

    while len(settled) < len(masks):
        e, x = best(np.append(np.zeros(n), 1.0), None)
        for m in [m for m in masks if m not in settled]:
            most, _ = best(np.array([*(-(m >> i & 1) for i in range(n)), 0], dtype=float), e + 1e-9)
            if -most <= game.value[m] - e + 1e-7:
                settled[m] = game.value[m] - float(sum(x[i] for i in range(n) if m >> i & 1))
    return x


@pytest.mark.parametrize("seed", range(5))
def test_shapley_is_the_mean_over_all_orders(seed: int) -> None:
    game = random_game(5, seed)
    assert shapley(game) == pytest.approx(shapley_by_orders(game))


@pytest.mark.parametrize("seed", range(6))
def test_nucleolus_is_that_of_all_rows_at_once(seed: int) -> None:
    game = random_game(4, seed)
    assert nucleolus(game, among="divisions") == pytest.approx(prenucleolus_plain(game), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_least_core_and_cost_of_stability_with_all_rows(seed: int) -> None:
    game = random_game(8, seed)
    masks = np.arange(1, game.whole)
    rows = (masks[:, None] >> np.arange(8) & 1).astype(float)
    least = linprog(
        np.append(np.zeros(8), 1.0),
        A_ub=-np.hstack([rows, np.ones((len(rows), 1))]),
        b_ub=-game.value[masks],
        A_eq=[[1.0] * 8 + [0.0]],
        b_eq=[game.worth],
        bounds=(None, None),
    )
    found = least_core(game)
    assert found.excess == pytest.approx(least.fun, abs=1e-8)
    excess = game.value[masks] - rows @ found.payoff
    assert excess.max() == pytest.approx(found.excess, abs=1e-8)
    every = np.vstack([rows, np.ones(8)])
    cost = linprog(np.ones(8), A_ub=-every, b_ub=-game.value[1:], bounds=(None, None))
    assert stability_cost(game).outside_money == pytest.approx(cost.fun - game.worth, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_blocking_coalitions_are_balanced(seed: int) -> None:
    game = random_game(7, seed)
    blocking = least_core(game).blocking
    assert sum(objection.weight for objection in blocking) == pytest.approx(1)
    carried = [sum(objection.weight for objection in blocking if name in objection.members) for name in game.members]
    assert carried == pytest.approx([carried[0]] * 7)


@pytest.mark.parametrize("seed", range(4))
def test_shape_tests_compare_every_pair(seed: int) -> None:
    game = random_game(5, seed)
    pairs = list(combinations(range(1, 32), 2))
    apart = max(game.value[s] + game.value[t] - game.value[s | t] for s, t in pairs if not s & t)
    assert superadditivity(game).shortfall == pytest.approx(apart)
    convex = max(game.value[s] + game.value[t] - game.value[s | t] - game.value[s & t] for s, t in pairs)
    assert (convexity(game).shortfall > 1e-9) == (convex > 1e-9)
