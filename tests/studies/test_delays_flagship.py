"""In the flagship, loads found by loading the whole network agree with the delays that routes were found at."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landbridge.pipeline.feedback import FULL, TOLERANCE, find_gates, queue_of
from landbridge.pipeline.outcome import Baseline, find_outcome
from landbridge.pipeline.run import baseline_of
from landbridge.study.reader import read_study

FOLDER = Path(__file__).parents[2] / "src/landbridge/studies/northeast-asia"


@pytest.fixture(scope="module")
def base() -> Baseline:
    return baseline_of(read_study(FOLDER))


@pytest.mark.parametrize("scenario", ["rail-link", "all"])
def test_gates_are_as_slow_as_their_loads_make_them(base: Baseline, scenario: str) -> None:
    ground = base.ground
    found = find_outcome(base, ground.study.standing(scenario), scenario, with_charges=False)
    assert found.settled.gaps[-1] < TOLERANCE
    gates = find_gates(found.freight.touched)
    marked = np.flatnonzero(gates.of >= 0)
    touched = ground.overlay.touched
    before, now = (gates.loads(loads.arcs[touched]) for loads in (base.loads, found.loads))
    # a gate that carries more in the baseline than its stated capacity leaves is taken to have just that
    room = FULL[ground.study.settings.delay_form] - ground.study.parameter("preload_share")
    gates = replace(gates, capacity_teu=np.maximum(gates.capacity_teu, before / room))
    queue = queue_of(ground, gates, marked)
    expected = gates.on_arcs(queue.hours(now) - queue.hours(before))
    late = found.settled.delay_hours
    assert late.max() > 24.0
    np.testing.assert_allclose(late, expected, rtol=2e-3, atol=0.02)
    # nobody gets past a yard in greater number than it can handle
    assert (now <= gates.capacity_teu).all()
    # several routes of one corridor are used at once, and what is off the best ones is told
    assert found.freight.others
    moved = sum(float(other.share.sum()) for other in found.freight.others)
    assert moved > 0.0


def test_without_a_change_nothing_waits(base: Baseline) -> None:
    found = find_outcome(base, base.standing, "same")
    assert (found.settled.delay_hours == 0.0).all()
    between = ~np.eye(base.teu.shape[1], dtype=bool)
    np.testing.assert_allclose(found.teu[:, between], base.teu[:, between], rtol=1e-12)
