"""What a figure is and what it rests on: the words that appear when a reader points at it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from landbridge.app.digits import shown
from landbridge.app.texts import Texts
from landbridge.core.tables import Table
from landbridge.pipeline.schema import RESULT_TABLES
from landbridge.study.model import Measure, Parameter, Study

RESTS: Final = {
    "ev": ("trade_elasticity",),
    "world": ("trade_elasticity",),
    "teu": ("choice_scale_per_usd", "trade_elasticity", "delay_factor", "delay_power", "preload_share"),
    "target": ("trade_elasticity", "phase_in_years", "world_output_growth_percent"),
    "route": ("choice_scale_per_usd",),
}
"""Parameters that a kind of figure answers to first."""
TABLES: Final = {
    "ev": ("trade", "economies", "tariffs"),
    "world": ("trade", "economies", "tariffs"),
    "teu": ("trade", "class_shares", "classes", "corridors", "rates", "crossings", "passages", "ports"),
    "target": ("trade", "series", "targets", "visits"),
    "route": ("rates", "crossings", "passages", "ports", "gauge_breaks", "terminals"),
}
"""Tables of the study that a kind of figure is made from."""
ABOUT: Final = {
    f"{table.name}.{measure}": f"{about} ({unit})" for table in RESULT_TABLES for measure, unit, about in table.measures
}
"""What each measure of the result tables is."""


def about_figure(study: Study, indicator: str, texts: Texts) -> str:
    """Return what a headline figure rests on: parameters with values, and the sources of its tables."""
    kind = indicator.split(":", maxsplit=1)[0].removesuffix("_ev").removesuffix("_ev_percent")
    lines = []
    if kind == "ev" or kind.startswith("world"):
        lines.append(ABOUT["economies.equivalent_variation"])
        kind = "ev"
    if kind == "teu":
        lines.append(ABOUT["corridors.teu"])
    lines += [
        f"{name} = {shown(study.parameters[name].value)} ({study.parameters[name].source})"
        for name in RESTS.get(kind, ())
        if name in study.parameters
    ]
    lines.append(f"{texts['source']}: {', '.join(sources_of(study, TABLES.get(kind, ()))) or '-'}")
    return "\n".join(lines)


def sources_of(study: Study, tables: Sequence[str]) -> list[str]:
    """Return the keys of the sources that some tables name, at most twelve."""
    found: dict[str, None] = {}
    for name in tables:
        table = study.tables.get(name)
        if table is not None:
            found |= dict.fromkeys(_sources_in(table))
    return list(found)[:12]


@lru_cache(maxsize=64)
def _sources_in(table: Table) -> tuple[str, ...]:
    """Return the keys of a table's sources; studies that differ in parameters only share their tables."""
    if "source" not in table:
        return ()
    return tuple(dict.fromkeys(key for cell in table.text("source") for key in cell.split("+")))


def about_measure(study: Study, measure: Measure, texts: Texts) -> str:
    """Return why a measure matters, whose consent it needs, what it costs and where that comes from."""
    names = {member.id: member.name for member in study.members}
    lines = [measure.why] if measure.why else []
    lines.append(f"{texts['consent']}: {', '.join(names.get(one, one) for one in measure.consent)}")
    if measure.requires:
        lines.append(f"{texts['requires']}: {', '.join(study.measure(one).title for one in measure.requires)}")
    if measure.works_usd_bn:
        lines.append(f"{texts['works']}: {shown(measure.works_usd_bn)} bn {study.money}")
    lines.append(f"{texts['source']}: {titles_of(study, measure.source)}")
    return "\n".join(lines)


def about_parameter(study: Study, parameter: Parameter, texts: Texts) -> str:
    """Return what a parameter is, its stated range and its source."""
    span = f"{texts['range']}: {shown(parameter.low)} - {shown(parameter.high)} {parameter.unit}"
    usual = f"{texts['study_value']}: {shown(parameter.value)}"
    return "\n".join(
        line
        for line in (parameter.note, span, usual, f"{texts['source']}: {titles_of(study, parameter.source)}")
        if line
    )


def titles_of(study: Study, keys: str) -> str:
    """Return the titles of sources joined by '+'."""
    table = study.tables["sources"]
    titles = dict(zip(table.text("key"), table.text("title"), strict=True))
    return "; ".join(titles.get(key, key) for key in keys.split("+"))
