"""The axioms that single out each solution, on random games."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from landbridge.cooperation.game import Game
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shape import convexity, superadditivity
from landbridge.cooperation.shares import banzhaf, shapley
from landbridge.core.arrays import Float

TOLERANCE = 1e-7


@st.composite
def games(draw: st.DrawFn, *, members: tuple[int, int] = (2, 5), whole_numbers: bool = True) -> Game:
    n = draw(st.integers(*members))
    worth = st.integers(-6, 12) if whole_numbers else st.floats(-5, 10, allow_nan=False)
    values = draw(st.lists(worth, min_size=(1 << n) - 1, max_size=(1 << n) - 1))
    return Game(tuple("abcdefgh"[:n]), np.array([0.0, *map(float, values)]))


def permuted(game: Game, order: list[int]) -> Game:
    masks = np.arange(1 << game.n)
    old = sum((masks >> new & 1) << was for new, was in enumerate(order))
    return Game(tuple(game.members[i] for i in order), game.value[old])


def prenucleolus(game: Game) -> Float:
    return nucleolus(game, among="divisions")


@settings(deadline=None, max_examples=50)
@given(games())
def test_everything_is_shared_out(game: Game) -> None:
    for solution in (shapley(game), prenucleolus(game)):
        assert_allclose(solution.sum(), game.worth, atol=TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(games(), st.data())
def test_names_do_not_matter(game: Game, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(game.n)))
    other = permuted(game, list(order))
    for solution in (shapley, prenucleolus, banzhaf):
        assert_allclose(solution(other), solution(game)[list(order)], atol=TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(games(members=(2, 4)), st.integers(-5, 5))
def test_one_who_adds_the_same_everywhere_gets_just_that(game: Game, own: int) -> None:
    # dummy: nobody gains by joining the new member, and the others share as before
    bigger = Game((*game.members, "z"), np.concatenate([game.value, game.value + own]))
    for solution in (shapley, banzhaf):
        assert_allclose(solution(bigger), [*solution(game), own], atol=TOLERANCE)
    assert_allclose(shapley(bigger)[-1], own, atol=TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(games(members=(4, 4)), games(members=(4, 4)))
def test_shapley_and_banzhaf_add_up_over_games(first: Game, second: Game) -> None:
    both = Game(first.members, first.value + second.value)
    for solution in (shapley, banzhaf):
        assert_allclose(solution(both), solution(first) + solution(second), atol=TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(games(), st.integers(1, 1000), st.lists(st.integers(-20, 20), min_size=5, max_size=5))
def test_units_and_gifts_carry_through(game: Game, unit: int, gifts: list[int]) -> None:
    gift = np.array(gifts[: game.n], dtype=float)
    masks = np.arange(1 << game.n)[:, None] >> np.arange(game.n) & 1
    other = Game(game.members, unit * game.value + masks @ gift)
    for solution in (shapley, prenucleolus, banzhaf):
        assert_allclose(solution(other), unit * solution(game) + gift, atol=TOLERANCE * unit)


@settings(deadline=None, max_examples=50)
@given(games())
def test_shapley_balances_what_each_loses_when_the_other_leaves(game: Game) -> None:
    # a theorem of Myerson (1980)
    share = shapley(game)
    a, b = game.members[:2]
    assert_allclose(share[0] - shapley(game.without(b))[0], share[1] - shapley(game.without(a))[0], atol=TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(games())
def test_a_convex_game_is_superadditive_and_holds_its_shapley_value(game: Game) -> None:
    if convexity(game).holds:
        assert superadditivity(game).holds
        for mask in range(1, 1 << game.n):
            members = [i for i in range(game.n) if mask >> i & 1]
            assert shapley(game)[members].sum() >= game.value[mask] - TOLERANCE


@settings(deadline=None, max_examples=25)
@given(games(members=(3, 4), whole_numbers=False))
def test_nucleolus_meets_kohlbergs_condition(game: Game) -> None:
    """Kohlberg (1971): x is the prenucleolus if and only if at every level t the coalitions with excess >= t
    are balanced; checked by solving for positive balancing weights, which says nothing of how x was found."""
    x = prenucleolus(game)
    masks = np.arange(1, (1 << game.n) - 1)
    rows = (masks[:, None] >> np.arange(game.n) & 1).astype(float)
    excess = game.value[masks] - rows @ x
    scale = max(1.0, np.abs(game.value).max())
    for level in np.unique(np.round(excess / scale, 7)):
        tight = rows[excess / scale >= level - 1e-6]
        # each coalition must have a positive weight in some balancing collection (convex: then in one)
        for wanted in range(len(tight)):
            found = linprog(
                -np.eye(len(tight))[wanted],
                A_eq=np.vstack([tight.T, np.zeros(len(tight))])[: game.n],
                b_eq=np.ones(game.n),
                bounds=(0, None),
            )
            assert found.status == 0
            assert -found.fun > 1e-7
