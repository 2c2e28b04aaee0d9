"""A panel of trade as coded arrays: faults told at once, observations that cannot inform the estimate left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.core.arrays import Bool, Float, Int
from landbridge.core.problems import Problem, StudyError
from landbridge.core.tables import Table

EFFECTS: Final = ("exporter-year", "importer-year", "pair", "symmetric-pair", "home", "exporter", "importer", "year")
"""Effects by name; any other word is a column of the panel."""


@dataclass(frozen=True, slots=True)
class PanelColumns:
    """Names of the panel's columns; `year` is None for a cross-section."""

    trade: str = "trade"
    exporter: str = "exporter"
    importer: str = "importer"
    year: str | None = "year"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """The panel as arrays, one entry an observation (n,).

    Attributes
    ----------
    exporter, importer, year
        Positions in `economies` and in `years`.
    regressors
        Shape (n, k).
    effects
        Codes by effect, in the order asked for.
    cluster
        Codes, or None for errors without clusters.
    """

    trade: Float
    exporter: Int
    importer: Int
    year: Int
    economies: tuple[str, ...]
    years: tuple[str, ...]
    names: tuple[str, ...]
    regressors: Float
    effects: Mapping[str, Int]
    cluster: Int | None

    def take(self, rows: Bool) -> "Panel":
        """Return the given observations; codes keep their meaning."""
        return Panel(
            self.trade[rows],
            self.exporter[rows],
            self.importer[rows],
            self.year[rows],
            self.economies,
            self.years,
            self.names,
            self.regressors[rows],
            {name: codes[rows] for name, codes in self.effects.items()},
            None if self.cluster is None else self.cluster[rows],
        )


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out of the estimate, and why.

    Attributes
    ----------
    zeros
        Observations without trade, which have no logarithm (least squares only).
    separated_by_effect
        Observations of an effect all of whose trade is zero: they are fitted by an effect of minus infinity
        (Correia, Guimaraes and Zylkin 2019) and say nothing of the coefficients.
    separated_by_regressor
        Observations without trade that regressors, or several effects together, fit in the same way.
    singletons
        Observations that are alone in one of their effects, fitted perfectly by it (Correia 2015).
    collinear
        Regressors that effects, or regressors before them, explain fully.
    """

    zeros: int = 0
    separated_by_effect: int = 0
    separated_by_regressor: int = 0
    singletons: int = 0
    collinear: tuple[str, ...] = ()


def read_panel(
    panel: Any,  # noqa: ANN401 - a pandas frame, a Table or a mapping of columns
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str | None,
    columns: PanelColumns,
) -> Panel:
    """Return the arrays of a panel.

    Raises
    ------
    StudyError
        With every missing column, every row without a number, and observations that stand twice.
    """
    source = panel.columns if isinstance(panel, Table) else panel
    own = [effect for effect in (*effects, *([cluster] if cluster else [])) if effect not in EFFECTS]
    fixed = (columns.trade, columns.exporter, columns.importer, *([columns.year] if columns.year else []))
    wanted = dict.fromkeys((*fixed, *regressors, *own))
    problems = [
        Problem("LB701", f"The panel has no column {name!r}. Give it, or name another.", "panel", 0, name)
        for name in wanted
        if name not in source
    ]
    if len(set(regressors)) < len(regressors):
        problems.append(Problem("LB701", "A regressor is named twice. Name each once.", "regressors"))
    if problems:
        raise StudyError(problems)
    numbers = {name: _numbers(source[name], name, problems) for name in dict.fromkeys((columns.trade, *regressors))}
    trade = numbers[columns.trade]
    problems += [
        Problem("LB702", f"{trade[row]:g} is negative. Give trade of 0 or more.", "panel", int(row) + 1, columns.trade)
        for row in np.flatnonzero(trade < 0)[:20]
    ]
    if problems:
        raise StudyError(problems)
    economies, ends = _coded(np.concatenate([_words(source[columns.exporter]), _words(source[columns.importer])]))
    n = len(trade)
    exporter, importer = ends[:n], ends[n:]
    years, year = _coded(_words(source[columns.year])) if columns.year else (("",), np.zeros(n, np.int64))
    _refuse_twins(exporter, importer, year, economies, years)

    def codes(effect: str) -> Int:
        return _effect(effect, exporter, importer, year) if effect in EFFECTS else _coded(_words(source[effect]))[1]

    return Panel(
        trade,
        exporter,
        importer,
        year,
        economies,
        years,
        tuple(regressors),
        np.column_stack([numbers[name] for name in regressors]) if regressors else np.zeros((n, 0)),
        {effect: codes(effect) for effect in effects},
        codes(cluster) if cluster else None,
    )


def drop_uninformative(panel: Panel, *, poisson: bool) -> tuple[Bool, Dropped]:
    """Return which observations inform the estimate, shape (n,), and what was left out.

    Both rules are repeated until nothing more falls: an effect without trade, then an effect with one observation.
    """
    keep = np.ones(len(panel.trade), dtype=bool)
    zeros = separated = singletons = 0
    if not poisson:
        keep = panel.trade > 0.0
        zeros = int((~keep).sum())
    while True:
        before = int(keep.sum())
        for codes in panel.effects.values() if poisson else ():
            traded = np.bincount(codes, weights=np.where(keep, panel.trade, 0.0))
            fall = keep & (traded[codes] <= 0.0)
            separated += int(fall.sum())
            keep = keep & ~fall
        for codes in panel.effects.values():
            fall = keep & (np.bincount(codes[keep], minlength=int(codes.max(initial=0)) + 1)[codes] == 1)
            singletons += int(fall.sum())
            keep = keep & ~fall
        if int(keep.sum()) == before:
            return keep, Dropped(zeros, separated, 0, singletons)


def pair_effects(panel: Panel) -> tuple[Bool, bool]:
    """Return which pairs have an effect of their own, shape (N, N), and whether both directions share it."""
    n = len(panel.economies)
    symmetric = "symmetric-pair" in panel.effects
    if symmetric or "pair" in panel.effects:
        return np.ones((n, n), dtype=bool), symmetric
    return np.eye(n, dtype=bool) & ("home" in panel.effects), False


def small_sample_parameters(panel: Panel, k: int) -> int:
    """Return how many parameters count against the observations (fixest's rule, which pyfixest follows).

    Every level of every effect counts, less one for each effect after the first; effects nested in the clusters
    count one each.
    """
    levels = {name: int(np.count_nonzero(np.bincount(codes))) for name, codes in panel.effects.items()}
    several = sum(count > 1 for count in levels.values())
    total = sum(levels.values()) - max(several - 1, 0)
    nested = [name for name in levels if panel.cluster is not None and _nested(panel.effects[name], panel.cluster)]
    return k + total - sum(levels[name] for name in nested) + len(nested)


def _nested(inner: Int, outer: Int) -> bool:
    """Tell whether all observations of a level of `inner` share one level of `outer`."""
    one = np.zeros(int(inner.max(initial=0)) + 1, np.int64)
    one[inner] = outer
    return bool((one[inner] == outer).all())


def _effect(name: str, exporter: Int, importer: Int, year: Int) -> Int:
    """Return the codes of a named effect, without gaps."""
    n = int(max(exporter.max(initial=0), importer.max(initial=0))) + 1
    years = int(year.max(initial=0)) + 1
    codes = {
        "exporter": exporter,
        "importer": importer,
        "year": year,
        "exporter-year": exporter * years + year,
        "importer-year": importer * years + year,
        "pair": exporter * n + importer,
        "home": np.where(exporter == importer, exporter + 1, 0),
        "symmetric-pair": np.minimum(exporter, importer) * n + np.maximum(exporter, importer),
    }[name]
    return without_gaps(codes)


def _refuse_twins(exporter: Int, importer: Int, year: Int, economies: Sequence[str], years: Sequence[str]) -> None:
    n = len(economies)
    cell = (exporter * n + importer) * len(years) + year
    twin = np.zeros(0, np.int64)
    if np.bincount(cell).max(initial=0) > 1:
        order = np.argsort(cell, kind="stable")
        twin = order[1:][cell[order][1:] == cell[order][:-1]]
    if len(twin):
        raise StudyError(
            [
                Problem(
                    "LB703",
                    f"{economies[exporter[row]]} to {economies[importer[row]]} {years[year[row]]} stands twice. "
                    "Add the rows up, or take one away.",
                    "panel",
                    int(row) + 1,
                )
                for row in np.sort(twin)[:20]
            ]
        )


def _numbers(values: Any, name: str, problems: list[Problem]) -> Float:  # noqa: ANN401
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        problems.append(Problem("LB702", "holds what is not a number. Give numbers.", "panel", 0, name))
        return np.zeros(len(values))
    problems += [
        Problem("LB702", "is not a finite number. Leave the row out, or give one.", "panel", int(row) + 1, name)
        for row in np.flatnonzero(~np.isfinite(found))[:20]
    ]
    return np.where(np.isfinite(found), found, 0.0)


def _words(values: Any) -> Any:  # noqa: ANN401
    array = np.asarray(values)
    return array if array.dtype.kind in "iuf" else array.astype(object)


def _coded(values: Any) -> tuple[tuple[str, ...], Int]:  # noqa: ANN401
    """Return the distinct words in order, and the position of each value among them."""
    from pandas import factorize

    codes, words = factorize(values if values.dtype.kind in "iuf" else values.astype(object), sort=True)
    return tuple(str(word) for word in words), codes.astype(np.int64)


def without_gaps(codes: Int) -> Int:
    """Return codes from 0 up in the same order, none of them unused."""
    used = np.bincount(codes) > 0
    result: Int = (np.cumsum(used) - 1)[codes]
    return result
