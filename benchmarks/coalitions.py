"""How long all coalitions and the road map of a study take: ``python -m benchmarks.coalitions [--json FILE]``.

The peer is the same work done one by one with `find_outcome`, measured on three sets of measures and scaled.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.harness import Row, arguments, report, row
from landbridge.pipeline.bundles import coalition_bundles, standing_with
from landbridge.pipeline.coalitions import cooperate
from landbridge.pipeline.outcome import Baseline, find_outcome
from landbridge.pipeline.plan import follow_road_map, road_map_of
from landbridge.pipeline.run import baseline_of
from landbridge.study.reader import read_study

STUDIES = ("island-canal", "northeast-asia")
DRAWS = 100_000
DRAWS_OF_GAME = 50


def measure(name: str) -> list[Row]:
    """Return what each piece of work took; the baseline is made before, as for every command."""
    study = read_study(name)
    base = baseline_of(study)
    game, seconds = _timed(partial(cooperate, study, base=base))
    states = len(game.situation.payoff)
    work = f"{study.id}: all {len(game.game.value)} coalitions over {states} sets of measures, with solutions"
    peer = _one_by_one(base, game.players) * states
    note = f"routes searched on {game.freight_states} networks; peer timed on 3 sets, scaled"
    rows = [row(work, seconds, "one by one (find_outcome)", peer, note)]
    _, seconds = _timed(partial(cooperate, study, base=base, draws=DRAWS_OF_GAME))
    rows.append(
        row(f"{study.id}: the same with {DRAWS_OF_GAME} draws of elasticity, choice scale and agreements", seconds)
    )
    if study.roadmap:
        (road_map, _), seconds = _timed(partial(road_map_of, study, base))
        rows.append(row(f"{study.id}: payoffs of the {len(road_map.payoff)} states of the road map", seconds))
        found, seconds = _timed(partial(follow_road_map, study, base=base, draws=DRAWS))
        note = f"{found.searched} switching values, 2 x {DRAWS:,} draws, myopic, with payments"
        rows.append(row(f"{study.id}: everything that `landbridge plan` says", seconds, note=note))
    return rows


def _one_by_one(base: Baseline, players: tuple[str, ...]) -> float:
    """Return the mean seconds of `find_outcome` over three sets of measures."""
    study = base.ground.study
    bundles, _ = coalition_bundles(study, players)
    rng = np.random.default_rng(0)
    taken = []
    for _ in range(3):
        made = [m for bundle in bundles if rng.random() < 0.5 for m in bundle.measures]
        taken.append(_timed(partial(find_outcome, base, standing_with(study, made), "a set"))[1])
    return float(np.mean(taken))


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def main() -> None:
    """Print the table, and write it as JSON if asked."""
    parser = arguments(__doc__)
    parser.add_argument("--study", action="append", help="study to measure; both shipped ones with members if absent")
    asked = parser.parse_args()
    report([one for name in asked.study or STUDIES for one in measure(name)], asked.json)


if __name__ == "__main__":
    main()
