"""The vectorised draws against a loop over draws and years written straight from the formula."""

import numpy as np
import pytest

from landbridge.appraisal.risk import Access, Profile, Risks, Triangle, draw


def plain(p: Profile, rate: float, cost: float, demand: float, upkeep: float, late: int, is_open: list[bool]) -> float:
    total = 0.0
    for t, works in enumerate(p.works):
        total -= cost * works / (1 + rate) ** t
    start = p.opening + late
    for t in range(start, start + p.life):
        since = t - start
        use = p.ramp_up[since] if since < len(p.ramp_up) else 1.0
        total += (use * demand * p.benefits[t] * is_open[t] - upkeep * p.upkeep) / (1 + rate) ** t
    return total + cost * p.residual / (1 + rate) ** (start + p.life - 1)


def test_same_as_the_loop() -> None:
    generator = np.random.default_rng(11)
    profiles = [
        Profile(f"p{k}", generator.uniform(0, 9, 6), generator.uniform(0, 5, 40), 0.3, 3 + k, 12, (0.3, 0.6), 4.0)
        for k in range(3)
    ]
    risks = [
        Risks(Triangle(0.8, 1, 2), Triangle(0.2, 1, 1.5), Triangle(0.9, 1, 1.3), (0.5, 0.2, 0.2, 0.1), "" if k else "a")
        for k in range(3)
    ]
    d = draw(profiles, risks, 0.045, generator=generator, draws=60, accesses={"a": Access(0.8, 0.1, 0.2)})
    for k, profile in enumerate(profiles):
        for n in range(60):
            is_open = d.access["a"][n].tolist() if risks[k].access else [True] * 40
            slow = plain(profile, 0.045, d.cost[k, n], d.demand[k, n], d.upkeep[k, n], int(d.delay[k, n]), is_open)
            assert d.npv[k, n] == pytest.approx(slow, rel=1e-11, abs=1e-11)
