"""Regressors of the gravity literature made from a panel's columns: borders, trends by year, agreements phased in."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, StudyError


def domestic(exporter: Sequence[str] | NDArray[Any], importer: Sequence[str] | NDArray[Any]) -> Float:
    """Return 1 where trade stays at home, shape (n,): its coefficient is the border effect.

    The effect ``home`` of `estimate_gravity` gives each economy its own border instead (Yotov and others 2016,
    table 2, last column).
    """
    result: Float = (np.asarray(exporter) == np.asarray(importer)).astype(np.float64)
    return result


def by_year(name: str, values: ArrayLike, years: ArrayLike, *, base: float | None = None) -> dict[str, Float]:
    """Return one column a year, ``name_year``: the values in that year and 0 in others, shape (n,) each.

    Parameters
    ----------
    name
        Start of the columns' names.
    values
        Shape (n,); a domestic or an agreement indicator, a logarithm of distance.
    years
        Shape (n,).
    base
        A year to leave out, where effects or another column absorb the level.
    """
    values, years = np.asarray(values, np.float64), np.asarray(years)
    return {f"{name}_{year:g}": np.where(years == year, values, 0.0) for year in np.unique(years) if year != base}


def phased(panel: Mapping[str, Any], column: str, *, shifts: Sequence[int], before: float | None = None) -> Float:
    """Return a pair's value some years ago (or ahead), so that an effect phases in (Baier and Bergstrand 2007).

    Parameters
    ----------
    panel
        Columns ``exporter``, ``importer``, ``year`` (whole years) and `column`, n rows.
    column
        What is shifted: an indicator of an agreement.
    shifts
        Years; 4 looks four years back, -4 four years ahead (no effect is expected there: a test of whether trade
        causes agreements).
    before
        Value where the panel has no row for that year; None refuses.

    Returns
    -------
    numpy.ndarray
        Shape (n, number of shifts).

    Raises
    ------
    StudyError
        If a row is missing and `before` is None.
    """
    exporter, importer = np.asarray(panel["exporter"], np.str_), np.asarray(panel["importer"], np.str_)
    year, values = np.asarray(panel["year"], np.int64), np.asarray(panel[column], np.float64)
    pair = np.unique(np.char.add(np.char.add(exporter, "\x1f"), importer), return_inverse=True)[1].astype(np.int64)
    first = int(year.min(initial=0))
    span = int(year.max(initial=0)) - first + 1
    table = np.full((int(pair.max(initial=-1)) + 1, span), np.nan)
    table[pair, year - first] = values
    found = np.empty((len(year), len(shifts)))
    for k, shift in enumerate(shifts):
        at = year - first - shift
        inside = (at >= 0) & (at < span)
        found[:, k] = np.where(inside, table[pair, np.clip(at, 0, span - 1)], np.nan)
    missing = np.isnan(found)
    if missing.any() and before is None:
        row, k = (int(i) for i in np.argwhere(missing)[0])
        raise StudyError(
            [
                Problem(
                    "LB706",
                    f"{int(missing.sum())} values {list(shifts)} years ago are not in the panel, the first for "
                    f"{exporter[row]} to {importer[row]} {year[row]} less {shifts[k]}. Give earlier years, or say "
                    "with before= what held then.",
                    "panel",
                    row + 1,
                    column,
                )
            ]
        )
    result: Float = np.where(missing, 0.0 if before is None else before, found)
    return result
