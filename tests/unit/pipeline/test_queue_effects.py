"""What queues change in a game: exact where sets were run in full, nothing where there are no gates."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landbridge.pipeline.bundles import Bundle, coalition_bundles
from landbridge.pipeline.coalition_check import check_game
from landbridge.pipeline.coalitions import cooperate
from landbridge.pipeline.outcome import Baseline
from landbridge.pipeline.payoffs import cube_values
from landbridge.pipeline.queue_effects import full_gain, queue_effects
from landbridge.pipeline.run import baseline_of
from landbridge.study.reader import read_study


@pytest.fixture(scope="module")
def island() -> Baseline:
    return baseline_of(read_study("island-canal"))


@pytest.fixture(scope="module")
def moves(island: Baseline) -> tuple[Bundle, ...]:
    study = island.ground.study
    return coalition_bundles(study, tuple(member.id for member in study.members if member.economies))[0]


def test_sets_that_were_run_in_full_are_worth_what_the_run_says(
    island: Baseline, moves: tuple[Bundle, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landbridge.pipeline.queue_effects._has_queues", lambda _: True)
    gain = cube_values(island, [move.measures for move in moves]).gain_musd[0]
    wrong = gain.copy()
    wrong[[1 << k for k in range(len(moves))]] *= 1.1  # as if queues took a tenth of each move alone
    found = queue_effects(island, moves, wrong)
    assert found.ran
    for mask in found.ran:
        assert_allclose(
            (wrong - wrong[0] + found.gain_musd)[mask], full_gain(island, moves, mask), rtol=1e-7, atol=1e-6
        )


def test_without_capacities_there_is_nothing_to_run(island: Baseline, moves: tuple[Bundle, ...]) -> None:
    network = island.ground.network
    open_links = replace(network.links, capacity_teu_per_year=np.full(len(network.links), np.inf))
    open_transfers = replace(network.transfers, capacity_teu_per_year=np.full(len(network.transfers), np.inf))
    free = replace(network, links=open_links, transfers=open_transfers)
    found = queue_effects(
        replace(island, ground=replace(island.ground, network=free)), moves, np.ones((1 << len(moves), 1))
    )
    assert found.ran == ()
    assert not found.gain_musd.any()


def test_the_flagships_game_is_within_one_percent_of_full_runs() -> None:
    # queues keep containers from Rajin that the baseline's queues would let through: 3.5 % of China's gain without them
    study = read_study("northeast-asia")
    base = baseline_of(study)
    found = cooperate(study, base=base)
    check = check_game(found, base, sample=4)
    assert check.largest < 0.01
    assert check.joint < 0.005
