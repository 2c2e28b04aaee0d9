"""Estimate the constants of the corridors of northeast-asia: ``python -m tools.build_northeast_asia_constants``.

Reads the study, takes the costs of its baseline and the shares of ``observed_shares.csv``, finds the constants by
maximum likelihood (`landbridge.routing.calibration`) and prints them beside the fit; ``--write`` puts them into
``corridors.csv``. Corridors without an observation get 0, but for those through North Korea, which take the mean of
the railways'.
"""

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landbridge.pipeline.freight import find_freight, logit_of
from landbridge.pipeline.ground import Ground, prepare
from landbridge.pipeline.trading import container_trade
from landbridge.routing.calibration import Calibration, SharesObserved, calibrate
from landbridge.study.reader import read_study

STUDY = Path(__file__).resolve().parents[1] / "src" / "landbridge" / "studies" / "northeast-asia"
UNUSED = ("trans-korean", "rajin", "rajin-khasan")
"""Corridors that nobody has used yet: they take the mean of the estimated ones of their nest."""
CONTAINERS = 1000.0
"""Weight of every group: none is better known than another."""


def zone_teu(ground: Ground) -> NDArray[np.float64]:
    """Return TEU a year between zones in the baseline, shape (K, Z, Z)."""
    trade = container_trade(ground.inputs)
    value = trade.value_usd_per_teu[:, None, None]
    teu = trade.class_share * ground.inputs.flows * 1e6 / value
    at, share = ground.inputs.zone_economy, ground.inputs.zone_share
    return np.asarray(teu[:, at][:, :, at] * np.outer(share, share))


def observed(ground: Ground, corridors: tuple[str, ...]) -> tuple[SharesObserved, list[str]]:
    """Return the observed groups, one for each pair of origins and destinations, and their names."""
    teu = zone_teu(ground)
    owner = np.array(ground.inputs.economies)[ground.inputs.zone_economy]
    groups: dict[tuple[str, str], dict[str, float]] = {}
    for row in ground.study.tables["observed_shares"].rows():
        groups.setdefault((row["origins"], row["destinations"]), {})[row["corridor"]] = row["teu_share"]
    weight = np.zeros((len(groups), *teu.shape))
    share = np.full((len(groups), len(corridors)), np.nan)
    for g, ((origins, destinations), known) in enumerate(groups.items()):
        where = np.outer(np.isin(owner, origins.split("+")), np.isin(owner, destinations.split("+")))
        weight[g] = teu * where
        for corridor, value in known.items():
            share[g, corridors.index(corridor)] = value
    names = [f"{a} to {b}" for a, b in groups]
    return SharesObserved(weight, share, np.full(len(groups), CONTAINERS)), names


def estimate(ground: Ground) -> tuple[Calibration, list[str], SharesObserved, tuple[str, ...]]:
    """Return the constants that make the observed shares most likely."""
    standing = ground.study.standing("baseline-2017")
    found = find_freight(ground, standing).alternatives
    seen, names = observed(ground, found.corridors)
    free = [c for r, c in enumerate(found.corridors) if np.isfinite(seen.share[:, r]).any()]
    start = replace(logit_of(ground), constant_usd_per_teu=np.zeros(len(found.corridors)))
    cost = found.generalised_usd_per_teu
    done = calibrate(cost, found.seasons, seen, start, alternatives=found.corridors, free=free)
    return done, names, seen, found.corridors


def main() -> None:
    """Print the estimate; write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, default=STUDY, help="folder of the study")
    parser.add_argument("--write", action="store_true", help="put the constants into corridors.csv")
    arguments = parser.parse_args()
    prepared = prepare(read_study(arguments.study))
    done, names, seen, corridors = estimate(prepared)
    constants = dict(zip(corridors, done.logit.constant_usd_per_teu.tolist(), strict=True))
    table = prepared.study.tables["corridors"]
    nest = dict(zip(table.text("corridor"), table.text("nest"), strict=True))
    for corridor in UNUSED:
        alike = [constants[name] for name in done.names if nest.get(name) == nest[corridor]]
        constants[corridor] = sum(alike) / len(alike)
    for name, value, error in zip(done.names, done.estimate, done.standard_error, strict=True):
        print(f"{name:22s} {value:10.0f} USD per TEU, standard error {error:.0f}")
    for g, name in enumerate(names):
        for r in np.flatnonzero(np.isfinite(seen.share[g])):
            print(f"{name[:24]:24s} {corridors[r]:20s} observed {seen.share[g, r]:.4f} fitted {done.fitted[g, r]:.4f}")
    if done.unidentified:
        print("cannot be told apart:", done.unidentified)
    if arguments.write:
        path = arguments.study / "tables" / "corridors.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            row["constant_usd_per_teu"] = f"{constants[row['corridor']]:.0f}"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
