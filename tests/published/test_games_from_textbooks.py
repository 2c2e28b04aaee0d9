"""Games whose solutions are printed in textbooks and papers."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from landbridge.cooperation.game import Game
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.shape import convexity, superadditivity
from landbridge.cooperation.shares import banzhaf, shapley


def votes(weights: dict[str, int], quota: int) -> Game:
    return Game.of(tuple(weights), lambda names: float(sum(weights[name] for name in names) >= quota))


def costs(worth: dict[str, float]) -> Game:
    """A cost game of single-letter members as a game of savings: minus the costs."""
    members = tuple(max(worth, key=len))
    return Game.of(members, lambda names: -worth["".join(names)])


def test_glove_market_one_left_two_right() -> None:
    # Osborne and Rubinstein (1994), section 13: the owner of the scarce glove gets the price in the core
    game = Game.of(("left", "right1", "right2"), lambda s: float("left" in s and len(s) > 1))
    assert shapley(game) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert nucleolus(game) == pytest.approx([1, 0, 0], abs=1e-12)


def test_airport_runway_is_shared_stretch_by_stretch() -> None:
    # Littlechild and Owen (1973): each stretch is paid by those who need it, in equal parts
    need = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 7.0}
    game = Game.of(tuple(need), lambda names: -max(need[name] for name in names))
    assert -shapley(game) == pytest.approx([1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1 / 2, 1 / 4 + 1 / 3 + 1 / 2 + 4])
    # Littlechild (1974): the first group k with the least c_k / (k + 1) (c_n / n for all) pays that much each:
    # min(1/2, 2/3, 3/4, 7/4) = 1/2 for a; then costs less 1/2: min(1.5/2, 2.5/3, 6.5/3) = 3/4 for b;
    # then min(1.75/2, 5.75/2) = 7/8 for c; d pays the rest
    assert -nucleolus(game) == pytest.approx([1 / 2, 3 / 4, 7 / 8, 7 - 1 / 2 - 3 / 4 - 7 / 8])


@pytest.mark.parametrize(("estate", "awards"), [(100, (100 / 3,) * 3), (200, (50, 75, 75)), (300, (50, 100, 150))])
def test_talmud_bankruptcy(estate: float, awards: tuple[float, ...]) -> None:
    # Mishnah, Ketubot 93a; Aumann and Maschler (1985): the nucleolus of the bankruptcy game
    claims = {"a": 100, "b": 200, "c": 300}
    game = Game.of(tuple(claims), lambda names: max(0.0, estate - sum(v for k, v in claims.items() if k not in names)))
    assert nucleolus(game) == pytest.approx(awards)
    assert convexity(game).holds
    assert superadditivity(game).holds


def test_security_council_since_1965() -> None:
    # 5 permanent members with a veto, 10 others, 9 votes of 15. Shapley-Shubik 421/2145 and 4/2145;
    # Banzhaf 848/5080 and 84/5080 (Felsenthal and Machover 1998; Brams 1975)
    permanent = tuple(f"P{i}" for i in range(5))
    members = permanent + tuple(f"E{i}" for i in range(10))
    game = Game.of(members, lambda names: float(len(names) >= 9 and set(permanent) <= set(names)))
    power = shapley(game)
    assert power[:5] == pytest.approx(float(Fraction(421, 2145)))
    assert power[5:] == pytest.approx(float(Fraction(4, 2145)))
    index = banzhaf(game, kind="index")
    assert index[:5] == pytest.approx(848 / 5080)
    assert index[5:] == pytest.approx(84 / 5080)
    # the chance that one permanent member decides: 848 of the 2^14 coalitions of the others
    assert banzhaf(game)[0] == pytest.approx(848 / 2**14)
    assert sum(comb(10, k) for k in range(4, 11)) == 848
    # veto players share everything in the nucleolus
    assert nucleolus(game) == pytest.approx([0.2] * 5 + [0.0] * 10, abs=1e-9)


def test_council_of_the_six_in_1958() -> None:
    # [12; 4, 4, 4, 2, 2, 1]: Luxembourg never decides. Brams (1975), Felsenthal and Machover (1998)
    game = votes({"DE": 4, "FR": 4, "IT": 4, "NL": 2, "BE": 2, "LU": 1}, 12)
    assert shapley(game) == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0])
    assert banzhaf(game, kind="index") == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0])


def test_unanimity_game_is_shared_by_those_who_are_needed() -> None:
    needed = {"b", "d", "e"}
    game = Game.of("abcde", lambda names: float(needed <= set(names)))
    for solution in (shapley(game), nucleolus(game), banzhaf(game, kind="index")):
        assert solution == pytest.approx([0, 1 / 3, 0, 1 / 3, 1 / 3], abs=1e-9)


def test_tennessee_valley_authority() -> None:
    # Straffin and Heaney (1981): joint costs of 1938 of navigation, flood control, power in thousand USD
    game = costs(
        {
            "n": 163_520,
            "f": 140_826,
            "p": 250_096,
            "nf": 301_607,
            "np": 378_821,
            "fp": 367_370,
            "nfp": 412_584,
        }
    )
    assert -shapley(game) == pytest.approx([117_829, 100_756.5, 193_998.5], abs=0.5)
    # each pays its own cost less a third of what all save, (554,442 - 412,584) / 3; no pair is closer to leaving
    assert -nucleolus(game) == pytest.approx([116_234, 93_540, 202_810], abs=1)


def test_horse_market_of_bohm_bawerk_two_by_two() -> None:
    # Shapley and Shubik (1971), assignment game: buyers value 20 and 15, sellers 10 and 12.
    # Prices between 12 and 15 clear; the nucleolus takes the middle, 13.5 (Solymosi and Raghavan 1994)
    buyers, sellers = {"B1": 20.0, "B2": 15.0}, {"S1": 10.0, "S2": 12.0}

    def worth(names: tuple[str, ...]) -> float:
        b = sorted((buyers[n] for n in names if n in buyers), reverse=True)
        s = sorted(sellers[n] for n in names if n in sellers)
        return sum(max(0.0, x - y) for x, y in zip(b, s, strict=False))

    got = nucleolus(Game.of((*buyers, *sellers), worth))
    assert got == pytest.approx([20 - 13.5, 15 - 13.5, 13.5 - 10, 13.5 - 12])


def test_game_without_imputations_has_a_prenucleolus() -> None:
    game = Game(("a", "b"), np.array([0.0, 2.0, 3.0, 1.0]))
    assert nucleolus(game, among="divisions") == pytest.approx([0.0, 1.0])
