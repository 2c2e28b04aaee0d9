"""Covariances of estimated parameters that are incomplete or are no covariances."""

from collections.abc import Iterator

import numpy as np

from landbridge.core.problems import Problem
from landbridge.study.convert import Loaded
from landbridge.study.material import Material
from landbridge.study.suggest import shown

EIGENVALUE_TOLERANCE = 1e-9
"""A negative eigenvalue below this part of the largest is rounding."""
_NEEDED = ("estimate", "parameter", "other", "covariance")


def covariance_problems(material: Material) -> list[Problem]:
    """Return the faults of ``tables/covariances.csv``, estimate by estimate."""
    loaded = material.tables.get("covariances")
    if loaded is None or not loaded.sound.issuperset(_NEEDED) or not len(loaded.table):
        return []
    estimates = np.array(loaded.table.text("estimate"), dtype=str)
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for name in dict.fromkeys(estimates.tolist()):
        problems += _of_one(loaded, name, np.flatnonzero(estimates == name).tolist(), seen)
    return problems


def _of_one(loaded: Loaded, name: str, rows: list[int], seen: dict[str, str]) -> Iterator[Problem]:
    table = loaded.table
    first, second = table.text("parameter"), table.text("other")
    values = table.number("covariance")
    names = list(dict.fromkeys(cell for row in rows for cell in (first[row], second[row])))
    matrix = np.full((len(names), len(names)), np.nan)

    def fault(row: int, message: str) -> Problem:
        return Problem("LB260", message, loaded.file, loaded.lines[row], "covariance")

    for row in rows:
        i, j = names.index(first[row]), names.index(second[row])
        if not np.isnan(matrix[i, j]):
            yield fault(row, f"the pair of {shown(first[row])} and {shown(second[row])} stands twice. Keep one row.")
        matrix[i, j] = matrix[j, i] = values[row]
    for parameter in names:
        other = seen.setdefault(parameter, name)
        if other != name:
            yield fault(rows[0], f"{shown(parameter)} stands in estimate {shown(other)} too. Keep one estimate of it.")
    missing = [(names[i], names[j]) for i, j in np.argwhere(np.isnan(np.tril(matrix))).tolist()]
    if missing:
        one, two = missing[0]
        yield fault(rows[0], f"{len(missing)} pairs are missing, first {shown(one)} with {shown(two)}. Give each once.")
        return
    sizes = np.linalg.eigvalsh(matrix)
    if sizes.min() < -EIGENVALUE_TOLERANCE * max(float(sizes.max()), 0.0) or np.diagonal(matrix).min() < 0.0:
        message = (
            f"the matrix of {shown(name)} has the negative eigenvalue {sizes.min():.3g}. Give a covariance matrix."
        )
        yield fault(rows[0], message)
