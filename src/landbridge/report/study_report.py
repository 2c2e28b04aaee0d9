"""The report of a study: chapters put together, written beside the tables as one page and one workbook."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from landbridge.figures.maps import Spot
from landbridge.pipeline.deepen import Deep
from landbridge.pipeline.result import Result
from landbridge.report.appraisal_section import appraisal_section
from landbridge.report.blocks import Block, Card, Cards, Page, Section, TableBlock, Text
from landbridge.report.cooperation_section import cooperation_sections
from landbridge.report.estimates_section import estimates_section
from landbridge.report.evidence_section import calibration_section, sources_section, statements_section
from landbridge.report.freight_section import corridors_section, gate_spots, map_section, routes_section
from landbridge.report.incidence_section import incidence_section
from landbridge.report.lookup import by_label, rows_of
from landbridge.report.method_section import method_section
from landbridge.report.page import write_page
from landbridge.report.sectors_section import sectors_section
from landbridge.report.targets_section import targets_section
from landbridge.report.trade_section import trade_section, welfare_section
from landbridge.report.uncertainty_section import uncertainty_section
from landbridge.report.workbook import write_workbook
from landbridge.study.model import Study

Step = Callable[[int, int, str], None]
PAGE_NAME: Final = "report.html"
WORKBOOK_NAME: Final = "tables.xlsx"


def write_report(
    study: Study, results: Mapping[str, Result], folder: str | Path, *, step: Step, deep: Deep | None = None
) -> dict[str, Path]:
    """Write ``report.html`` and ``tables.xlsx`` into a folder; return their paths.

    Parameters
    ----------
    study
        The study that was run.
    results
        By scenario; the first is what the others are compared with in the maps.
    folder
        Where to write; made if absent.
    step
        Told how far the work is.
    deep
        The members' game, the road map and the projects, which get chapters of their own.
    """
    step(0, 3, "report")
    page = build_page(study, results, deep_chapters(study, deep))
    step(1, 3, "report")
    target = Path(folder)
    written = {"report": write_page(page, target / PAGE_NAME)}
    step(2, 3, "workbook")
    written["workbook"] = write_workbook(study, results, target / WORKBOOK_NAME)
    step(3, 3, "report")
    return written


def build_page(study: Study, results: Mapping[str, Result], extra: tuple[Section, ...] = ()) -> Page:
    """Return the report's page; `extra` chapters stand before the evidence."""
    baseline = baseline_of_results(study, results)
    titles = {scenario.name: scenario.title or scenario.name for scenario in study.scenarios}
    members = tuple(economy for member in study.members for economy in member.economies)
    order = sorted(results, key=lambda name: name == baseline)
    maps, lines = map_section(results, baseline, (*spots_of(study), *gate_spots(study, results, titles)))
    chapters = [
        summary_section(study, results, baseline, titles),
        maps,
        routes_section(study, results),
        corridors_section(study, results, titles),
    ]
    if len(results) > 1:
        chapters += [trade_section(results, baseline, members), welfare_section(results, baseline, members)]
    if len(study.tables["targets"]):
        chapters.append(targets_section(study, results, titles))
    for chapter in (
        uncertainty_section(results, baseline),
        sectors_section(results, baseline, members),
        incidence_section(results, baseline, members),
        estimates_section(study, results[baseline]),
    ):
        chapters += [chapter] if chapter is not None else []
    chapters += extra
    first = results[baseline]
    if rows_of(first, "calibration"):
        chapters.append(calibration_section(first))
    if len(study.tables["statements"]):
        chapters.append(statements_section(study))
    chapters += [method_section(), sources_section(study)]
    return Page(
        study.title,
        " ".join(study.about.split()),
        [(name, titles.get(name, name)) for name in order],
        tuple(chapters),
        citation(study, first),
        lines,
    )


def deep_chapters(study: Study, deep: Deep | None) -> tuple[Section, ...]:
    """Return the chapters on cooperation, road map and projects, as far as the study has them."""
    if deep is None:
        return ()
    chapters = list(cooperation_sections(deep.game, deep.road_map, deep.check))
    if deep.projects is not None:
        chapters.append(appraisal_section(study, deep.projects))
    return tuple(chapters)


def baseline_of_results(study: Study, results: Mapping[str, Result]) -> str:
    """Return the scenario that changes nothing, or the first."""
    for scenario in study.scenarios:
        if scenario.name in results and not scenario.add and not scenario.remove and not scenario.based_on:
            return scenario.name
    return next(iter(results))


def spots_of(study: Study) -> tuple[Spot, ...]:
    """Return the zones as places of the map."""
    zones = study.tables["zones"]
    return tuple(
        Spot(row["name"], float(row["latitude_deg"]), float(row["longitude_deg"]), row["economy"], "zone", row["zone"])
        for row in zones.rows()
    )


def summary_section(study: Study, results: Mapping[str, Result], baseline: str, titles: Mapping[str, str]) -> Section:
    """Return the headline figures: cards of the chosen scenario, and all scenarios side by side."""
    blocks: list[Block] = []
    for name, result in results.items():
        table = {row["indicator"]: row for row in rows_of(result, "headline")}
        base = {row["indicator"]: row for row in rows_of(results[baseline], "headline")}
        cards = []
        for key in _card_keys(study, table):
            row = table[key]
            lines: tuple[str, ...] = (str(row["unit"]),)
            if name != baseline and not key.startswith(("ev:", "world")):
                before = float(base[key]["value"])
                change = f"{100 * (row['value'] / before - 1):+.1f} % against the baseline" if before else "new"
                lines = (*lines, change)
            value = float(row["value"])
            if lines[0] == "billion USD" and 0.0 < abs(value) < 1.0:
                value, lines = 1e3 * value, ("million USD", *lines[1:])
            cards.append(Card(str(row["name"]), _short(value), lines, name))
        blocks.append(Cards(tuple(cards)))
    first = rows_of(results[baseline], "headline")
    columns = {name: by_label(rows_of(result, "headline"), "indicator") for name, result in results.items()}
    blocks.append(
        TableBlock(
            "Headline figures by scenario.",
            ("Figure", *(titles.get(name, name) for name in results), "Unit"),
            tuple(
                (
                    str(row["name"]),
                    *(_told(columns[name][row["indicator"]], row["unit"]) for name in results),
                    row["unit"],
                )
                for row in first
            ),
        )
    )
    blocks.append(
        TableBlock(
            "Scenarios: what each adds to and takes from what stands.",
            ("Scenario", "Adds", "Removes", "Why"),
            tuple(
                (
                    titles.get(s.name, s.name),
                    ", ".join((*((f"all of {s.based_on}",) if s.based_on else ()), *s.add)) or "nothing",
                    ", ".join(s.remove) or "nothing",
                    s.why,
                )
                for s in study.scenarios
                if s.name in results
            ),
            folded=True,
        )
    )
    blocks.append(Text(_reading(study, results, baseline), "note"))
    return Section("summary", "In short", tuple(blocks))


def _card_keys(study: Study, table: Mapping[str, object]) -> list[str]:
    keys = [key for key in table if key.startswith("target:")]
    keys += ["world_ev"] if "world_ev" in table else []
    keys += [f"ev:{member.id}" for member in study.members if f"ev:{member.id}" in table]
    return keys + [key for key in table if key.startswith("teu:") and key != "teu:other"]


def _told(value: float, unit: str) -> float:
    """Return a headline figure; less than a thousand USD a year is what rounding leaves, and is told as nothing."""
    return 0.0 if unit == "million USD" and abs(value) < 1e-3 else float(value)


def _short(value: float) -> str:
    for size, word in ((1e9, " bn"), (1e6, " m"), (1e4, " k")):
        if abs(value) >= size:
            return f"{value / (1e3 if word == ' k' else size):,.1f}{word}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _reading(study: Study, results: Mapping[str, Result], baseline: str) -> tuple[str, ...]:
    """Say in words what stands out, computed from the results themselves."""
    titles = {scenario.name: scenario.title or scenario.name for scenario in study.scenarios}
    said = ["How to read the figures: every scenario is compared with the baseline at base-year levels; growth comes "
            "in only with the targets. Gains are equivalent variations of a year, those of cheaper trade alone; works "
            "are not taken off."]  # fmt: skip
    for name, result in results.items():
        if name == baseline:
            continue
        income = by_label(rows_of(result, "economies", measure="real_income_change"), "economy")
        names = by_label(rows_of(result, "economies", measure="real_income_change"), "economy", "name")
        top = sorted(income, key=lambda e: -float(income[e]))[:3]
        low = min(income, key=lambda e: float(income[e]))
        gain = by_label(rows_of(result, "headline"), "indicator")["world_ev_percent"]
        words = ", ".join(f"{names[e]} {_percent(income[e])}" for e in top)
        loses = f"; {names[low]} loses most ({_percent(income[low])})" if float(income[low]) < -5e-5 else ""
        title = titles.get(name, name)
        said.append(f"**{title}**: the world gains {_percent(gain)} of GDP; most in real income {words}{loses}.")
    return tuple(said)


def _percent(value: float) -> str:
    """Return a change with its sign and two digits that count, however small it is."""
    from math import floor, log10

    size = abs(float(value))
    digits = 1 - floor(log10(size)) if size >= 1e-7 else 1
    return f"{float(value):+.{max(digits, 1)}f} %"


def citation(study: Study, result: Result) -> tuple[str, ...]:
    """Return how to cite the report and what it was made from."""
    digest = str(result.provenance["study_digest"])[:16]
    finite = np.isfinite(float(study.base_year))
    year = study.base_year if finite else ""
    return (
        f"How to cite: landbridge {version('landbridge')}, study '{study.id}' (base year {year}, digest {digest}).",
        "Rail network © OpenStreetMap contributors, ODbL; sea lanes searoute (Apache-2.0); land Natural Earth; ports "
        "World Port Index; places GeoNames CC BY 4.0. Other sources are listed above.",
        f"Money in {study.money}. Names and borders as the sources give them.",
    )
