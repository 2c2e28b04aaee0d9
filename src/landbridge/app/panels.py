"""The panels below the map: headline, trade, real income, corridors, targets, sources."""

from typing import Any, Final

import numpy as np
from dash import html

from landbridge.app.digits import NOTHING, change, shown
from landbridge.app.engine import Answer, Engine
from landbridge.app.meaning import ABOUT, about_figure
from landbridge.app.parts import Node, card, note, picture, table
from landbridge.app.texts import Texts
from landbridge.core.arrays import Float
from landbridge.figures.charts import Fan, bars, fan_chart, heat, stacked
from landbridge.figures.style import Theme
from landbridge.pipeline.attainment import reach_targets
from landbridge.pipeline.outcome import Outcome, find_outcome
from landbridge.pipeline.run import target_paths, target_table
from landbridge.pipeline.tables import corridor_tables, economy_table, gate_table, headline_table

CARDS: Final = 6
SHOWN: Final = 16
PAIRS: Final = 20
Row = dict[str, Any]


def headline(engine: Engine, answer: Answer) -> list[Row]:
    """Return the headline table as rows with the baseline's value beside."""

    def rows(outcome: Outcome) -> dict[str, Row]:
        reached = reach_targets(answer.base, outcome)
        indicators = {
            f"target:{r.name}": (
                f"{r.title}, at base-year levels",
                r.with_scenario,
                r.attained.target.unit,
            )
            for r in reached
        }
        columns = headline_table(answer.base, outcome, indicators)
        return {row["indicator"]: row for row in _rows(columns)}

    def still() -> Outcome:
        return find_outcome(answer.base, answer.base.standing, "baseline")

    now = engine.kept(("headline", answer.question), lambda: rows(answer.outcome))
    was = engine.kept(("headline-base", answer.question.parameters), lambda: rows(still()))
    return [{**row, "before": was[key]["value"]} for key, row in now.items()]


def cards(engine: Engine, answer: Answer, texts: Texts) -> Node:
    """Return the figures that matter most under the present question."""
    rows = headline(engine, answer)
    chosen = [row for row in rows if row["indicator"].startswith("target:")][:2]
    chosen += [row for row in rows if row["indicator"] == "world_ev"]
    gains = [row for row in rows if row["indicator"].startswith("ev:")]
    moved = [row for row in rows if row["indicator"].startswith("teu:")]
    chosen += sorted(gains, key=lambda row: -abs(row["value"]))[:2]
    chosen += sorted(moved, key=lambda row: (-abs(row["value"] - row["before"]), -row["value"]))[: CARDS - len(chosen)]
    return html.Div([_card(answer, row, texts) for row in chosen], className="lb-cards")


def title_of(name: str) -> str:
    """Return an indicator's name with its code in words."""
    for code, word in (("trade:", "Trade "), ("visits:", "Visits "), ("<->", " - "), ("->", " to ")):
        name = name.replace(code, word)
    return name


def _card(answer: Answer, row: Row, texts: Texts) -> Node:
    value, before = float(row["value"]), float(row["before"])
    words = about_figure(answer.study, row["indicator"], texts)
    if row["indicator"].startswith(("ev:", "world")):
        rises = None if abs(value) < NOTHING else value > 0
        return card(title_of(row["name"]), shown(value), str(row["unit"]), words, rises=rises)
    same = abs(value - before) < NOTHING * max(1.0, abs(before))
    difference = 100.0 * (value / before - 1.0) if before else float("nan")
    percent = f"{difference:+.2f}" if abs(difference) >= 0.005 else "<0.01"
    extra = "" if same else f" ({percent} %)" if before else f" ({texts['new']})"
    return card(
        title_of(row["name"]), shown(value), f"{row['unit']}{extra}", words, rises=None if same else value > before
    )


def headline_panel(engine: Engine, answer: Answer, texts: Texts) -> Node:
    """Return every headline figure with the baseline's and the change."""
    rows = [
        (
            title_of(row["name"]),
            shown(float(row["value"])),
            shown(float(row["before"])),
            change(float(row["value"]) - float(row["before"])),
            row["unit"],
        )
        for row in headline(engine, answer)
    ]
    head = [texts[key] for key in ("figure", "value", "baseline", "change", "unit")]
    hints = {
        title_of(row["name"]): about_figure(answer.study, row["indicator"], texts) for row in headline(engine, answer)
    }
    return html.Div([note(texts["hover_hint"]), table(head, rows, hints=hints, hints_word=texts["hints_by_keys"])])


def income_panel(engine: Engine, answer: Answer, texts: Texts, theme: Theme) -> Node:
    """Return real income by economy."""
    del engine
    columns = economy_table(answer.base, answer.outcome)
    found: dict[str, dict[str, float]] = {}
    names: dict[str, str] = {}
    for row in _rows(columns):
        found.setdefault(row["measure"], {})[row["economy"]] = float(row["value"])
        names[row["economy"]] = row["name"]
    income = found["real_income_change"]
    if not any(abs(value) > 1e-9 for value in income.values()):
        return note(texts["no_change"])
    order = _first(answer, income)
    measures = (
        "real_income_change", "real_wage_change", "equivalent_variation", "equivalent_variation_of_gdp",
        "exports_change", "imports_change",
    )  # fmt: skip
    heads = [m.replace("_", " ") for m in measures]
    hints = {head: ABOUT[f"economies.{m}"] for head, m in zip(heads, measures, strict=True)}
    rows = [
        (names[e], *(change(found[m][e]) for m in measures)) for e in sorted(income, key=lambda e: -float(income[e]))
    ]
    chart = bars([names[e] for e in order], [income[e] for e in order], "%", theme, digits=4)
    return html.Div(
        [
            picture(chart, texts["income_caption"], "income"),
            table([texts["economy"], *heads], rows, hints=hints, hints_word=texts["hints_by_keys"]),
        ]
    )


def trade_panel(engine: Engine, answer: Answer, texts: Texts, theme: Theme) -> Node:
    """Return the matrix of trade changes and the pairs that change most."""
    del engine
    inputs = answer.base.ground.inputs
    before, after = inputs.flows, answer.outcome.flows
    abroad = ~np.eye(len(before), dtype=bool)
    moved = np.where(abroad, after - before, 0.0)
    if not np.abs(moved).max() > 1e-9:
        return note(texts["no_change"])
    percent = _percent(before, after)
    weight = np.abs(moved) / (before + 1e3)
    size = {e: float(weight[i].sum() + weight[:, i].sum()) for i, e in enumerate(inputs.economies)}
    order = [inputs.position(e) for e in _first(answer, size)]
    values = np.where(abroad, np.nan_to_num(percent), 0.0)[np.ix_(order, order)]
    used = np.abs(values[values != 0])
    limit = float(np.quantile(used, 0.95)) if len(used) else 1.0
    codes = [inputs.economies[i] for i in order]
    chart = heat(codes, codes, np.clip(values, -100, 400), "percent", theme, limit=limit)
    largest = np.argsort(-np.abs(moved), axis=None)[:PAIRS]
    rows = []
    for flat in largest.tolist():
        i, j = divmod(flat, len(before))
        part = change(float(percent[i, j])) if before[i, j] > 0 else texts["new"]
        figures = shown(float(before[i, j])), shown(float(after[i, j])), change(float(moved[i, j])), part
        rows.append((inputs.names[i], inputs.names[j], *figures))
    head = [texts[k] for k in ("exporter", "importer", "before", "after", "change", "change_percent")]
    return html.Div(
        [
            picture(chart, texts["trade_caption"], "trade"),
            table(head, rows, caption=texts["trade_pairs"], numbers_from=2),
        ]
    )


def corridors_panel(engine: Engine, answer: Answer, texts: Texts, theme: Theme) -> Node:
    """Return containers by corridor now and in the baseline, and what passes the gates."""
    del engine
    rows = [row for row in _rows(corridor_tables(answer.base, answer.outcome)[0]) if row["class"] == "all"]
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row["name"], {})[row["measure"]] = float(row["value"])
    parts = {
        name: [v["teu"] / 1e3, (v["teu"] - v["teu_change"]) / 1e3]
        for name, v in found.items()
        if name != answer.base.ground.corridor_names[-1]
    }
    chart = stacked([texts["after"], texts["baseline"]], parts, f"1,000 {texts['teu']}", theme)
    head = [texts["corridor"], texts["teu"], texts["change"], texts["share_percent"]]
    by_corridor = table(
        head, [(name, shown(v["teu"]), change(v["teu_change"]), shown(v["share"])) for name, v in found.items()]
    )
    gates: dict[tuple[str, str], dict[str, float]] = {}
    for row in _rows(gate_table(answer.base, answer.outcome)):
        gates.setdefault((row["gate"], row["kind"]), {})[row["measure"]] = float(row["value"])
    order = sorted(gates, key=lambda key: -abs(gates[key].get("teu_change", 0.0)))
    order = sorted(order[:60], key=lambda key: -gates[key].get("teu", 0.0))
    gate_rows = [
        (
            gate,
            kind,
            shown(gates[gate, kind].get("teu", 0.0)),
            change(gates[gate, kind].get("teu_change", 0.0)),
            change(gates[gate, kind]["delay_hours"]) if "delay_hours" in gates[gate, kind] else "",
        )
        for gate, kind in order
    ]
    gate_head = [texts["gate"], texts["mode"], texts["teu"], texts["change"], texts["delay"]]
    return html.Div(
        [
            picture(chart, texts["corridors_caption"], "corridors"),
            by_corridor,
            table(gate_head, gate_rows, caption=texts["gates_caption"], numbers_from=2),
        ]
    )


def targets_panel(engine: Engine, answer: Answer, texts: Texts, theme: Theme) -> Node:
    """Return each target with its interval and chance."""
    reached = engine.kept(("reached", answer.question), lambda: reach_targets(answer.base, answer.outcome))
    if not reached:
        return note(texts["no_targets"])
    found: dict[str, dict[str, float]] = {}
    units: dict[str, str] = {}
    for row in _rows(target_table(reached)):
        found.setdefault(row["target"], {})[row["measure"]] = float(row["value"])
        units.setdefault(row["target"], row["unit"])
    paths: dict[str, dict[str, dict[int, float]]] = {}
    for row in _rows(target_paths(reached)):
        series = paths.setdefault(row["target"], {}).setdefault(row["measure"], {})
        series[int(row["year"])] = float(row["value"])
    heads = [texts[k] for k in ("target", "value", "baseline", "after", "projected", "interval", "required_growth")]
    rows = [
        (
            name,
            f"{shown(v['target'])} {units[name]}",
            shown(v["base"]),
            shown(v["scenario_base_year"]),
            shown(v["projected"]),
            f"{shown(v['projected_low'])} - {shown(v['projected_high'])}",
            shown(v["required_growth"]),
            f"{shown(v['chance'])} %",
        )
        for name, v in found.items()
    ]
    charts = []
    for reach in reached:
        path = paths[reach.name]
        years = sorted(path.get("median", {}))
        if not years:
            continue
        fan = Fan(
            reach.name,
            units[reach.name],
            years,
            [path["median"][y] for y in years],
            [path["low"][y] for y in years],
            [path["high"][y] for y in years],
            path.get("known", {}),
            path.get("outcome", {}),
            reach.attained.target.year,
            reach.attained.target.value,
        )
        charts += [html.H3(reach.name), picture(fan_chart(fan, theme), reach.name, f"fan-{reach.name}")]
    hints = {name: about_figure(answer.study, f"target:{name}", texts) for name in found}
    return html.Div([table([*heads, texts["chance"]], rows, hints=hints, hints_word=texts["hints_by_keys"]), *charts])


def sources_panel(answer: Answer, texts: Texts) -> Node:
    """Return the sources of the study and its parameters."""
    study = answer.study
    sources = study.tables["sources"].rows()
    head = [texts[k] for k in ("key", "title", "publisher", "date")]
    rows = [tuple(str(row.get(k, "")) for k in ("key", "title", "publisher", "date")) for row in sources]
    parameters = [
        (p.name, shown(p.value), f"{shown(p.low)} - {shown(p.high)}", p.unit, p.source, p.note)
        for p in study.parameters.values()
    ]
    heads = [texts[k] for k in ("parameters", "value", "range", "unit", "source", "why")]
    return html.Div(
        [
            table(heads, parameters, caption=texts["parameters"], numbers_from=9),
            table(head, rows, caption=texts["sources_caption"], numbers_from=9),
            note(texts["attribution"]),
        ]
    )


def _rows(columns: dict[str, list[Any]]) -> list[Row]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _first(answer: Answer, size: dict[str, float]) -> list[str]:
    """Return the members' economies and then those with the largest figures, `SHOWN` in all."""
    mine = [e for member in answer.study.members for e in member.economies if e in size]
    return [*mine, *sorted((e for e in size if e not in mine), key=lambda e: -abs(size[e]))][:SHOWN]


def _percent(before: Float, after: Float) -> Float:
    ratio = np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0)
    return 100.0 * (ratio - 1.0)
