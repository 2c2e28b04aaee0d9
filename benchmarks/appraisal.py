"""How long draws over all flagship projects, appraisals and internal rates take."""

import argparse
import importlib
import importlib.util
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from landbridge.appraisal.appraise import appraise_project
from landbridge.appraisal.assemble import StudyProjects, study_projects
from landbridge.appraisal.portfolio import Candidates, choose
from landbridge.appraisal.profiles import profile_of
from landbridge.appraisal.risk import Profile, draw, option_to_wait
from landbridge.appraisal.worth import internal_rates, net_present_value
from landbridge.study.reader import read_study

Row = dict[str, str | float | None]
STUDY = Path(__file__).parents[1] / "src" / "landbridge" / "studies" / "northeast-asia"
DRAWS = 10_000


def _best(call: Callable[[], object], repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def _row(work: str, ours: float, peer: str, peers: float | None, note: str) -> Row:
    ratio = None if peers is None else peers / ours
    return {"work": work, "ours_s": ours, "peer": peer, "peer_s": peers, "ratio": ratio, "note": note}


def _profiles(study: StudyProjects) -> list[Profile]:
    return [
        profile_of(appraise_project(item.project, item.stated, money=study.money), money=study.money)
        for item in study.projects
    ]


def _loop_draws(profiles: list[Profile], draws: int) -> None:
    """Do the same draws' present values year by year in plain Python, without access: the plain version."""
    generator = np.random.default_rng(1)
    for profile in profiles:
        for cost, demand in generator.random((draws, 2)).tolist():
            total = 0.0
            for t, works in enumerate(profile.works.tolist()):
                total -= cost * works / 1.045**t
            for t in range(profile.opening, profile.opening + profile.life):
                total += (demand * float(profile.benefits[t]) - profile.upkeep) / 1.045**t


def _draw_rows(study: StudyProjects) -> list[Row]:
    profiles = _profiles(study)
    risks = [item.risks for item in study.projects]

    def draws() -> None:
        drawn = draw(profiles, risks, 0.045, generator=np.random.default_rng(1), draws=DRAWS, accesses=study.accesses)
        for p, risk in enumerate(risks):
            option_to_wait(profiles[p], drawn, project=p, access=risk.access)

    few = 100
    plain = _best(lambda: _loop_draws(profiles, few), 1) * DRAWS / few
    note = f"{len(profiles)} projects, {DRAWS} draws each; loop timed on {few} draws and scaled"
    return [
        _row("draws and the option to wait, all projects", _best(draws), "plain Python loop (draws alone)", plain, note)
    ]


def _rate_rows() -> list[Row]:
    generator = np.random.default_rng(2)
    streams = [np.r_[-generator.uniform(50, 500, 4), generator.uniform(1, 80, 40)] for _ in range(200)]
    rows = []
    work = "internal rates of 200 streams of 44 years"
    ours = _best(lambda: [internal_rates(flows) for flows in streams])
    present = _best(lambda: net_present_value(np.stack(streams), 0.045))
    note = "ours looks for every root and says if there are several"
    if importlib.util.find_spec("numpy_financial"):
        numpy_financial = importlib.import_module("numpy_financial")

        peer = _best(lambda: [numpy_financial.irr(flows) for flows in streams])
        rows.append(_row(work, ours, "numpy-financial irr", peer, note))
        peer = _best(lambda: [numpy_financial.npv(0.045, flows) for flows in streams])
        rows.append(_row("present values of 200 streams", present, "numpy-financial npv", peer, "ours all at once"))
    else:
        rows.append(_row(work, ours, "numpy-financial", None, "not installed"))
    if importlib.util.find_spec("pyxirr"):
        pyxirr = importlib.import_module("pyxirr")

        peer = _best(lambda: [pyxirr.irr(flows) for flows in streams])
        rows.append(_row(work, ours, "pyxirr irr (Rust)", peer, note + "; the peer gives one root near its guess"))
    else:
        rows.append(_row(work, ours, "pyxirr", None, "not installed"))
    return rows


def _other_rows(study: StudyProjects) -> list[Row]:
    def all_projects() -> None:
        for item in study.projects:
            appraise_project(item.project, item.stated, money=study.money)

    generator = np.random.default_rng(3)
    names = tuple(f"p{i}" for i in range(60))
    many = Candidates(
        names, generator.normal(5, 10, 60), generator.uniform(1, 20, (60, 3)),
        conflicts=tuple((names[i], names[i + 1]) for i in range(0, 20, 2)),
        requires=tuple((names[i], names[i + 20]) for i in range(20, 40)),
    )  # fmt: skip
    none = "no peer"
    return [
        _row(
            "appraisal with finance and bankability", _best(all_projects), none, None, f"{len(study.projects)} projects"
        ),
        _row(
            "portfolio of 60 projects, 3 budgets, 30 rules",
            _best(lambda: choose(many, [150.0] * 3)),
            none,
            None,
            "optimal",
        ),
    ]


def rows() -> list[Row]:
    """Return all rows of the benchmark."""
    study = read_study(STUDY)
    projects = study_projects(study.projects["project"], study.tables)
    return [*_draw_rows(projects), *_rate_rows(), *_other_rows(projects)]


def main() -> None:
    """Print a table; with ``--json`` also write the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = rows()
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| work | ours s | peer | peer s | ratio | note |\n|---|---|---|---|---|---|")
    for row in found:
        cells = [f"{cell:.4g}" if isinstance(cell, float) else str(cell or "") for cell in row.values()]
        print(f"| {' | '.join(cells)} |")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
