"""The study's tables as the arrays that the sciences ask for, wildcards resolved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float, Int, positions
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table
from landbridge.routing.generalised import FreightClass
from landbridge.study.model import Measure, Study

ANY = "*"
DOMESTIC = "="
"""As importer: the exporter's own market. '*' never means it, as domestic sales are another thing than trade."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """N economies, Z zones, K classes: everything that the trade side of a run takes from the study.

    Attributes
    ----------
    flows
        Shape (N, N): exporter by importer, million USD of the base year, domestic sales included.
    fitted
        Shape (N, N): fitted open trade where the baseline is zero only because of a ban, else 0.
    tariffs
        Shape (N, N): ad valorem rates of the baseline, exporter by importer.
    class_share
        Shape (K, N, N): part of a pair's trade value that moves in containers of the class.
    zone_economy, zone_share
        Shape (Z,): position of the zone's economy, and the zone's share of its trade.
    goods, goods_share
        Groups of goods, and their share in each pair's open trade, shape (G, N, N).
    """

    economies: tuple[str, ...]
    names: tuple[str, ...]
    gdp_usd_bn: Float
    flows: Float
    fitted: Float
    tariffs: Float
    zones: tuple[str, ...]
    zone_names: tuple[str, ...]
    zone_economy: Int
    zone_share: Float
    classes: tuple[FreightClass, ...]
    class_share: Float
    goods: tuple[str, ...]
    goods_share: Float

    def position(self, economy: str) -> int:
        """Return an economy's position."""
        return self.economies.index(economy)


def read_inputs(study: Study) -> Inputs:
    """Return the arrays of a study.

    Raises
    ------
    StudyError
        If class shares of a pair add up to more than 1 once wildcards are resolved.
    """
    tables = study.tables
    economies = tables["economies"].text("economy")
    n = len(economies)
    delay = value_or(study, "delay_share_factor", 1.0)
    classes = tuple(
        FreightClass(str(row["class"]), float(row["value_usd_per_teu"]), delay * float(row["delay_percent_per_day"]))
        for row in tables["classes"].rows()
    )
    class_share = np.stack(
        [
            resolve(_rows(tables["class_shares"], "class", item.id), economies, "exporter", "importer", "value_share")
            for item in classes
        ]
    )
    _refuse_shares(class_share, economies)
    goods = tuple(dict.fromkeys(tables["goods"].text("good")))
    goods_share = np.zeros((len(goods), n, n))
    for g, good in enumerate(goods):
        goods_share[g] = resolve(_rows(tables["goods"], "good", good), economies, "exporter", "importer", "value_share")
    zones = tables["zones"]
    return Inputs(
        economies,
        tables["economies"].text("name"),
        tables["economies"].number("gdp_usd_bn"),
        pairs(tables["trade"], economies, "flow_musd"),
        pairs(tables["open_trade"], economies, "fitted_flow_musd"),
        resolve(tables["tariffs"], economies, "exporter", "importer", "tariff_percent") / 100.0 * (1.0 - np.eye(n)),
        zones.text("zone"),
        zones.text("name"),
        positions(zones.text("economy"), economies),
        zones.number("trade_share"),
        classes,
        class_share,
        goods,
        goods_share,
    )


def pairs(table: Table, economies: Sequence[str], column: str) -> Float:
    """Return a column as a matrix exporter by importer, 0 where there is no row, shape (N, N)."""
    matrix = np.zeros((len(economies), len(economies)))
    if len(table):
        rows = positions(table.text("exporter"), economies)
        columns = positions(table.text("importer"), economies)
        matrix[rows, columns] = table.number(column)
    return matrix


def resolve(table: Table, economies: Sequence[str], row: str, column: str, value: str) -> Float:
    """Return a column as a matrix, the more specific row winning; shape (N, N), 0 where nothing is said.

    Order of strength: both named, `row` named, `column` named, neither. '*' leaves domestic sales alone, for
    which importer '=' stands.
    """
    n = len(economies)
    at = {economy: i for i, economy in enumerate(economies)}
    matrix = np.zeros((n, n))
    abroad = ~np.eye(n, dtype=bool)
    if not len(table):
        return matrix
    lines = list(zip(table.text(row), table.text(column), table.number(value), strict=True))
    strength = {line: (line[0] != ANY) * 2 + (line[1] != ANY) for line in lines}
    for line in sorted(lines, key=strength.__getitem__):
        i, j, amount = line
        where = np.zeros((n, n), dtype=bool)
        rows = slice(None) if i == ANY else at[i]
        if j == DOMESTIC:
            where[rows, rows] = True
            where &= ~abroad
        elif ANY in (i, j):
            where[rows, slice(None) if j == ANY else at[j]] = True
            where &= abroad
        else:
            where[at[i], at[j]] = True
        matrix[where] = amount
    return matrix


def banned_share(study: Study, inputs: Inputs, standing: Sequence[str]) -> Float:
    """Return the share of each pair's open trade that the standing bans forbid, shape (N, N).

    Bans name groups of goods; two bans on the same group count once.
    """
    n = len(inputs.economies)
    banned = np.zeros((len(inputs.goods), n, n), dtype=bool)
    for measure in _measures(study, standing):
        for change in measure.changes:
            if change.kind != "ban":
                continue
            where = covered(inputs, change.exporters, change.importers, both_ways=change.both_ways)
            for good in change.goods or inputs.goods:
                banned[inputs.goods.index(good)] |= where
    total: Float = np.minimum(np.where(banned, inputs.goods_share, 0.0).sum(0), 1.0)
    return np.where(total > 1.0 - 1e-9, 1.0, total)  # shares that add up to 1 but for rounding forbid everything


def covered(inputs: Inputs, exporters: Sequence[str], importers: Sequence[str], *, both_ways: bool) -> Bool:
    """Return which pairs a change of trade rules covers, shape (N, N); domestic sales never."""
    n = len(inputs.economies)

    def chosen(names: Sequence[str]) -> Int:
        if not names or ANY in names:
            return np.arange(n)
        return np.array([inputs.position(name) for name in names], dtype=np.int64)

    where = np.zeros((n, n), dtype=bool)
    where[np.ix_(chosen(exporters), chosen(importers))] = True
    if both_ways:
        where |= where.T
    where &= ~np.eye(n, dtype=bool)
    return where


def tariffs_of(study: Study, inputs: Inputs, standing: Sequence[str]) -> Float:
    """Return the tariffs under the standing measures, shape (N, N)."""
    tariffs = inputs.tariffs.copy()
    for measure in _measures(study, standing):
        for change in measure.changes:
            where = covered(inputs, change.exporters, change.importers, both_ways=change.both_ways)
            if change.kind == "tariff" and change.value is not None:
                tariffs[where] = change.value / 100.0
            elif change.kind == "agreement" and change.tariff_percent is not None:
                tariffs[where] = np.minimum(tariffs[where], change.tariff_percent / 100.0)
    return tariffs


def agreement_effect(study: Study, inputs: Inputs, standing: Sequence[str]) -> Float:
    """Return beta, the effect of the standing agreements on log trade, shape (N, N); the largest one counts."""
    beta = np.zeros(inputs.flows.shape)
    for measure in _measures(study, standing):
        for change in measure.changes:
            if change.kind == "agreement" and change.value is not None:
                where = covered(inputs, change.exporters, change.importers, both_ways=change.both_ways)
                beta[where] = np.maximum(beta[where], change.value)
    return beta


def productivity_of(study: Study, inputs: Inputs, standing: Sequence[str]) -> Float:
    """Return A_hat of the standing measures, shape (N,)."""
    result = np.ones(len(inputs.economies))
    for measure in _measures(study, standing):
        for change in measure.changes:
            if change.kind == "productivity" and change.value is not None:
                for economy in change.exporters:
                    result[inputs.position(economy)] *= 1.0 + change.value / 100.0
    return result


def value_or(study: Study, parameter: str, default: float) -> float:
    """Return a parameter's value, or the default where the study leaves it out."""
    return study.parameters[parameter].value if parameter in study.parameters else default


def _measures(study: Study, standing: Sequence[str]) -> list[Measure]:
    return [measure for measure in study.measures if measure.id in standing]


def _rows(table: Table, column: str, value: str) -> Table:
    return table.where(np.array([cell == value for cell in table.text(column)], dtype=bool))


def _refuse_shares(class_share: Float, economies: Sequence[str]) -> None:
    total = class_share.sum(0)
    found = [
        Problem(
            "LB510",
            f"The classes of {economies[i]} to {economies[j]} add up to {total[i, j]:.4f} of the trade, which is "
            f"more than 1. Lower value_share of a row that covers the pair.",
            "tables/class_shares.csv",
        )
        for i, j in np.argwhere(total > 1.0 + 1e-9)
    ]
    if found:
        raise StudyError(found)
