"""How long coalitions, road maps and draws take at the largest size that is solved exactly."""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from landbridge.cooperation.acceptance import Rules
from landbridge.cooperation.bitmasks import sums
from landbridge.cooperation.core_of_game import least_core, side_payments, stability_cost
from landbridge.cooperation.elements import Element
from landbridge.cooperation.expectations import expected_gains, indicator_path
from landbridge.cooperation.game import Game
from landbridge.cooperation.moves import Measure, Situation, coalition_draws, coalition_values
from landbridge.cooperation.nucleolus import nucleolus
from landbridge.cooperation.plans import solve_road_map
from landbridge.cooperation.roadmap import RoadMap
from landbridge.cooperation.shape import convexity, superadditivity
from landbridge.cooperation.shares import banzhaf, shapley
from landbridge.cooperation.timeline import draw_timeline

Row = dict[str, str | float | None]

_MEMBERS = tuple(f"member {i}" for i in range(16))


def _random_game() -> Game:
    rng = np.random.default_rng(1)
    size = np.bitwise_count(np.arange(1 << 16))
    value = rng.random(1 << 16) * size**1.5
    value[0] = 0
    return Game(_MEMBERS, value)


def _voting_game() -> Game:
    weights = np.random.default_rng(2).integers(1, 20, 16).astype(np.float64)
    return Game(_MEMBERS, (sums(weights) > 0.6 * weights.sum()).astype(np.float64))


def _road_map(*, requires: bool) -> RoadMap:
    rng = np.random.default_rng(3)
    parties = tuple(f"party {i}" for i in range(7))
    elements = tuple(
        Element(
            f"e{k}",
            tuple(parties[i] for i in rng.choice(7, 2, replace=False)),
            requires=(f"e{k - 2}",) if requires and k > 1 else (),
            lapses_with=("e0",) if 0 < k < 6 else (),
            lapse_chance=0.05 if k < 4 else 0.0,
            yearly_chance=0.5 if k % 2 else 1.0,
        )
        for k in range(16)
    )
    stands = np.arange(1 << 16)[:, None] >> np.arange(16) & 1
    return RoadMap(parties, elements, stands @ rng.normal(0.6, 1, (16, 7)), goal=("e15",))


def _whole_cube() -> RoadMap:
    """Every element helps everybody and all are the goal: 2.4e15 orders, in steps of one or two."""
    parties = tuple(f"party {i}" for i in range(7))
    elements = tuple(Element(f"e{k}", parties[:1]) for k in range(16))
    stands = np.arange(1 << 16)[:, None] >> np.arange(16) & 1
    return RoadMap(parties, elements, stands @ np.ones((16, 7)), goal=tuple(e.id for e in elements))


def _situation() -> Situation:
    rng = np.random.default_rng(4)
    parties = tuple(f"party {i}" for i in range(7))
    measures = tuple(
        Measure(f"m{k}", tuple(parties[i] for i in rng.choice(7, 2, replace=False)), cost=float(rng.random()))
        for k in range(12)
    )
    return Situation(parties, measures, rng.normal(0, 1, (1 << 12, 7)))


def _draws() -> None:
    plan = _road_map(requires=True)
    timeline = draw_timeline(plan, np.random.default_rng(0), first_year=2018, last_year=2030, draws=100_000)
    indicator_path(timeline, plan.payoff[:, 0])
    expected_gains(timeline, plan, discount=0.95)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[Row]:
    """Return one row a piece of work."""
    game, votes, free, staged = _random_game(), _voting_game(), _road_map(requires=False), _road_map(requires=True)
    own = np.full(16, game.worth / 16)
    situation = _situation()
    noise = np.random.default_rng(5).normal(0, 0.1, (1000, *situation.payoff.shape))
    draws = situation.payoff + noise
    works: list[tuple[str, Callable[[], object], str]] = [
        ("Shapley value, 16 members", lambda: shapley(game), "65,536 coalitions"),
        ("Banzhaf index, 16 members", lambda: banzhaf(game, kind="index"), ""),
        ("superadditivity, 16 members", lambda: superadditivity(game), "21 million pairs"),
        ("convexity, 16 members", lambda: convexity(game), ""),
        ("least core, 16 members", lambda: least_core(game), ""),
        ("cost of stability, 16 members", lambda: stability_cost(game), ""),
        ("side payments, 16 members", lambda: side_payments(game, own), ""),
        ("nucleolus, 16 members", lambda: nucleolus(game, among="divisions"), "random worth"),
        ("nucleolus, 16 members", lambda: nucleolus(votes), "weighted voting, many ties"),
        ("coalition values, 7 parties, 12 measures", lambda: coalition_values(situation), "passive outsiders"),
        (
            "coalition values, 7 parties, 12 measures",
            lambda: coalition_values(situation, outsiders="together"),
            "outsiders answer",
        ),
        (
            "coalition values, 7 parties, 12 measures, 1,000 draws",
            lambda: coalition_draws(situation, draws),
            "passive outsiders",
        ),
        ("road map, 2^16 states, 7 parties", lambda: solve_road_map(free), "no conditions, exchanges of two"),
        ("road map, 2^16 states, 7 parties", lambda: solve_road_map(staged), "two chains of conditions"),
        ("road map, 2^16 states, 7 parties", lambda: solve_road_map(free, Rules(discount=0.0)), "myopic"),
        ("road map, 2^16 states, 7 parties", lambda: solve_road_map(_whole_cube()), "every order of 16 elements holds"),
        ("100,000 draws, 16 milestones, 13 years", _draws, "states, one indicator, gains of 7 parties"),
    ]
    nucleolus(Game(("a", "b"), np.array([0.0, 0.0, 0.0, 1.0])))  # loads the solver of linear programmes
    return [
        {"work": work, "ours_s": _seconds(call), "peer": "", "peer_s": None, "ratio": None, "note": note}
        for work, call, note in works
    ]


def main() -> None:
    """Print the table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows = measure()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}\n")
    print("| work | seconds | note |\n|---|---:|---|")
    for row in rows:
        print(f"| {row['work']} | {row['ours_s']:.3f} | {row['note']} |")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
