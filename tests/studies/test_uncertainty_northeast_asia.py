"""The flagship's intervals: its own values give the run itself, and more draws of its ranges agree with fewer."""

import numpy as np
import pytest

from landbridge.pipeline.outcome import find_outcome
from landbridge.pipeline.run import baseline_of, result_tables
from landbridge.pipeline.uncertainty import sample_outcomes
from landbridge.study.reader import read_study

SCENARIOS = ("arctic", "free-trade")


@pytest.mark.slow
def test_the_flagship_s_draws_hold_its_figures() -> None:
    study = read_study("northeast-asia")
    base = baseline_of(study)
    outcomes = {name: find_outcome(base, study.standing(name), name) for name in SCENARIOS}
    sample = sample_outcomes(base, outcomes, draws=40, seed=3)
    assert sample.failed == ()
    keys = [figure.key for figure in sample.figures]
    for s, name in enumerate(SCENARIOS):
        table = result_tables(base, outcomes[name])["headline"]
        assert keys == list(table["indicator"])
        # Cells whose cost moves by less than 0.001 USD count as unchanged: 1e-4 of gains, which are a few million USD.
        np.testing.assert_allclose(sample.central[s], np.array(table["value"], float), rtol=1e-4, atol=1.0)
        low, high = np.quantile(sample.values[:, s], (0.0, 1.0), axis=0)
        inside = (low <= sample.central[s] + 1e-6) & (sample.central[s] <= high + 1e-6)
        assert inside.mean() > 0.9
    # An agreement's gain grows with its stated effect, which is drawn from 0.19 to 0.56 log points.
    gain = sample.values[:, SCENARIOS.index("free-trade"), keys.index("ev:KOR")]
    effect = sample.draws.column("agreement_trade_log_points", 0.0)
    assert np.corrcoef(effect, gain)[0, 1] > 0.5
