"""Draws of a study's uncertain inputs over their stated ranges or from the covariance of estimates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from landbridge.core.arrays import Float, Int, locked
from landbridge.core.problems import Problem, refuse
from landbridge.study.model import Parameter, Study
from landbridge.study.spec_parameters import PARAMETERS

NORMAL_95: Final = 1.959963984540054
"""Standard errors to each side that hold 95 % of a normal law."""

DRAWN: Final = (
    "trade_elasticity",
    "choice_scale_per_usd",
    "nest_scale",
    "choice_bound_ratio",
    "new_corridor_constant_usd_per_teu",
    "delay_share_factor",
    "co2_price_usd_per_t",
    "agreement_trade_log_points",
    "visa_log_points",
    "visit_fare_elasticity",
    "visit_time_usd_per_hour",
)
"""Parameters that draws may move; others with a range are named by `held_inputs`."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Parameters that were estimated together, drawn from the normal law of their estimates.

    Attributes
    ----------
    names
        Parameters of the study; their values are the estimates.
    covariance
        Shape (p, p), symmetric and without negative eigenvalues, in the units of the parameters.
    """

    names: tuple[str, ...]
    covariance: Float

    def __post_init__(self) -> None:
        object.__setattr__(self, "covariance", locked(self.covariance, np.float64))
        size = len(self.names)
        values = self.covariance
        found = []
        if values.shape != (size, size) or not np.allclose(values, values.T, rtol=1e-9, atol=0.0):
            message = f"shape {values.shape} or not symmetric. Give a symmetric {(size, size)} matrix."
            found.append(Problem("LB570", message, "covariance"))
        elif np.linalg.eigvalsh(values).min() < -1e-9 * max(np.trace(values), 1e-300):
            found.append(Problem("LB570", "it has a negative eigenvalue. Give a covariance matrix.", "covariance"))
        refuse(found)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """D draws of d inputs.

    Attributes
    ----------
    inputs
        What is drawn.
    chances
        Independent numbers between 0 and 1 behind the values, shape (D, d).
    values
        In the units of the inputs, shape (D, d).
    groups
        Group of each input, shape (d,): inputs estimated together share one, as their parts cannot be told apart.
    """

    inputs: tuple[Parameter, ...]
    chances: Float
    values: Float
    groups: Int

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.values)

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of the groups in order."""
        size = int(self.groups.max()) + 1 if len(self.groups) else 0
        return tuple(
            " and ".join(item.name for item, at in zip(self.inputs, self.groups.tolist(), strict=True) if at == g)
            for g in range(size)
        )

    def study(self, study: Study, row: int) -> Study:
        """Return the study with the parameters of one draw."""
        moved = {
            item.name: replace(item, value=float(value))
            for item, value in zip(self.inputs, self.values[row], strict=True)
        }
        return replace(study, parameters=MappingProxyType({**study.parameters, **moved}))

    def column(self, name: str, default: float) -> Float:
        """Return an input's values, shape (D,), or the default in all draws where it is not drawn."""
        for k, item in enumerate(self.inputs):
            if item.name == name:
                return self.values[:, k]
        return np.full(len(self.values), default)


def estimates_of(study: Study) -> tuple[Estimates, ...]:
    """Return the estimates that a study holds in ``tables/covariances.csv``, of the parameters that draws move."""
    table = study.tables["covariances"]
    rows = list(
        zip(
            table.text("estimate"),
            table.text("parameter"),
            table.text("other"),
            table.number("covariance").tolist(),
            strict=True,
        )
    )
    found = []
    for estimate in dict.fromkeys(row[0] for row in rows):
        mine = {frozenset((one, two)): value for name, one, two, value in rows if name == estimate}
        names = tuple(name for name in DRAWN if any(name in pair for pair in mine))
        matrix = [[mine[frozenset((one, two))] for two in names] for one in names]
        if names:
            found.append(Estimates(names, np.array(matrix)))
    return tuple(found)


def has_range(parameter: Parameter) -> bool:
    """Tell whether a parameter is stated with a range that draws can use."""
    return parameter.distribution != "fixed" and parameter.high > parameter.low


def uncertain_inputs(study: Study) -> tuple[Parameter, ...]:
    """Return the parameters that draws move: those of `DRAWN` that the study states with a range."""
    known = study.parameters
    return tuple(known[name] for name in DRAWN if name in known and has_range(known[name]))


def held_inputs(study: Study) -> tuple[Parameter, ...]:
    """Return the parameters that have a range and that draws leave at their values."""
    return tuple(item for name, item in study.parameters.items() if name not in DRAWN and has_range(item))


def sensible(name: str, values: Float) -> Float:
    """Return values cut at the ends of the range in which the parameter makes sense, whatever the study states."""
    spec = next((item for item in PARAMETERS if item.name == name), None)
    return values if spec is None else np.clip(values, spec.low, spec.high)


def quantile(parameter: Parameter, chance: Float) -> Float:
    """Return the values that a parameter stays below with the given chances.

    A normal law has 95 % of it inside the range, and is cut where the parameter makes no sense.
    """
    low, mode, high = parameter.low, parameter.value, parameter.high
    if not has_range(parameter):
        return np.full_like(chance, mode)
    if parameter.distribution == "uniform":
        uniform: Float = low + chance * (high - low)
        return uniform
    if parameter.distribution == "normal":
        from scipy.special import ndtri

        deviation = (high - low) / (2.0 * NORMAL_95)
        return sensible(parameter.name, mode + deviation * ndtri(np.clip(chance, 1e-12, 1.0 - 1e-12)))
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - chance) * (high - low) * (high - mode))
    triangular: Float = np.where(chance < turn, rising, falling)
    return triangular


def latin_hypercube(count: int, inputs: int, rng: np.random.Generator) -> Float:
    """Return numbers between 0 and 1 of which each of `count` equal parts of every column holds one.

    McKay, Beckman and Conover (1979), Technometrics 21(2). Shape (count, inputs).
    """
    ranks = np.argsort(rng.random((inputs, count)), axis=1).T
    chances: Float = (ranks + rng.random((count, inputs))) / max(count, 1)
    return chances


def draw_inputs(
    study: Study, count: int, rng: np.random.Generator, *, estimates: Sequence[Estimates] | None = None
) -> Draws:
    """Return stratified draws of the study's uncertain inputs.

    Parameters
    ----------
    study
        Its parameters give values, ranges and distributions.
    count
        D.
    rng
        Where the numbers come from.
    estimates
        Parameters with a covariance: normal around their values, cut only where a parameter makes no sense (an
        elasticity below 0); the rest is drawn independently of them and of each other. Those that the study holds
        (`estimates_of`) if absent.

    Raises
    ------
    StudyError
        If an estimate names no parameter that draws can move.
    """
    estimates = estimates_of(study) if estimates is None else estimates
    refuse(_faults(study, estimates, count))
    estimated = tuple(name for group in estimates for name in group.names)
    free = tuple(item for item in uncertain_inputs(study) if item.name not in estimated)
    inputs = (*free, *(study.parameters[name] for name in estimated))
    chances = latin_hypercube(count, len(inputs), rng)
    values = np.empty_like(chances)
    groups = np.arange(len(inputs), dtype=np.int64)
    for k, item in enumerate(free):
        values[:, k] = quantile(item, chances[:, k])
    at = len(free)
    for number, group in enumerate(estimates):
        columns = slice(at, at + len(group.names))
        values[:, columns] = _normal(study, group, chances[:, columns])
        groups[columns] = len(free) + number
        at += len(group.names)
    return Draws(inputs, chances, values, groups)


def _normal(study: Study, group: Estimates, chances: Float) -> Float:
    from scipy.special import ndtri

    size, vectors = np.linalg.eigh(group.covariance)
    root = vectors * np.sqrt(np.maximum(size, 0.0))
    centre = np.array([study.parameters[name].value for name in group.names])
    drawn: Float = centre + ndtri(np.clip(chances, 1e-12, 1.0 - 1e-12)) @ root.T
    for k, name in enumerate(group.names):
        drawn[:, k] = sensible(name, drawn[:, k])
    return drawn


def _faults(study: Study, estimates: Sequence[Estimates], count: int) -> list[Problem]:
    found = []
    if count < 1:
        found.append(Problem("LB571", f"{count} draws. Give at least 1.", "draws"))
    seen: set[str] = set()
    for group in estimates:
        for name in group.names:
            if name not in study.parameters or name not in DRAWN or name in seen:
                message = f"'{name}' is no parameter of the study that draws can move once. Name one of: " + ", ".join(
                    known for known in DRAWN if known in study.parameters
                )
                found.append(Problem("LB572", message, "estimates"))
            seen.add(name)
    return found
