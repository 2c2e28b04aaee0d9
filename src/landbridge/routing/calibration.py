r"""Estimates the scale and the constants of a corridor choice from observed shares, by maximum likelihood.

An observation o is a set of pairs (zones and classes with weights) and the part n_or of its containers that took
alternative r. With predicted shares P_or (the weighted mean over its pairs and months), the log-likelihood is
``sum_o w_o sum_r n_or ln P_or`` (Ben-Akiva and Lerman 1985, section 4.3): w_o is the number of containers, or of
surveyed ones, that stand behind the shares. Standard errors are from the inverse of the information matrix.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import ConvergenceError, Problem, refuse
from landbridge.routing.choice import Logit, choose
from landbridge.routing.seasons import Season


@dataclass(frozen=True, slots=True, eq=False)
class SharesObserved:
    """O observed groups of pairs over R alternatives.

    Attributes
    ----------
    weight
        Weight of each class and pair in each group, shape (O, K, Z, Z); scaled to sum to 1 a group.
    share
        Observed shares, shape (O, R); nan where an alternative was not told apart. What is known of a group may
        sum to less than 1: the rest is one lump of the alternatives that are nan.
    containers
        How many containers (or surveyed ones) stand behind each row, shape (O,).
    """

    weight: Float
    share: Float
    containers: Float


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The estimate, with what the data could not tell.

    Attributes
    ----------
    logit
        The model with the estimates in it.
    names
        Estimated parameters: ``scale_per_usd`` (if it was free), then the constants by alternative.
    estimate, standard_error
        Shape (n_parameters,); the error is inf where the data do not identify the parameter.
    unidentified
        Groups of parameters that the data cannot tell apart; empty if they tell all.
    fitted
        Shape (O, R): shares that the estimate predicts.
    log_likelihood
        At the estimate.
    """

    logit: Logit
    names: tuple[str, ...]
    estimate: Float
    standard_error: Float
    unidentified: tuple[tuple[str, ...], ...]
    fitted: Float
    log_likelihood: float


def calibrate(
    generalised: Float,
    seasons: Sequence[Season],
    observed: SharesObserved,
    start: Logit,
    *,
    alternatives: Sequence[str],
    free: Sequence[str] | None = None,
    estimate_scale: bool = False,
) -> Calibration:
    """Return the constants (and the scale) that make the observed shares most likely.

    Parameters
    ----------
    generalised
        Costs of the alternatives, shape (S, R, K, Z, Z).
    observed
        Shares to explain.
    start
        Where to begin, and the values of what is not estimated: nests, and the scale unless it is free.
    alternatives
        Names of the R alternatives.
    free
        Alternatives whose constants are estimated; None for all but the last. At least one must stay fixed, as
        shares tell only differences of constants.
    estimate_scale
        Whether one scale for all classes is estimated too. With few groups that do not differ in costs it
        cannot be told from the constants: then it is named in `unidentified`.

    Raises
    ------
    StudyError
        If shares are not between 0 and 1, an observed corridor is closed to its pairs, or nothing is free.
    ConvergenceError
        If the maximum is not found.
    """
    names = tuple(alternatives)
    chosen = names[:-1] if free is None else tuple(free)
    rows = np.array([names.index(name) for name in chosen], dtype=np.int64)
    _check(generalised, seasons, observed, start, names, chosen)
    unit = 1.0 / float(start.scale_per_usd.mean())
    mu = float(start.scale_per_usd.mean())

    def logit_at(parameters: Float) -> Logit:
        constants = start.constant_usd_per_teu.copy()
        shift = 1 if estimate_scale else 0
        constants[rows] = parameters[shift:] * unit
        scale = np.array([mu * np.exp(parameters[0])]) if estimate_scale else start.scale_per_usd
        return replace(start, scale_per_usd=scale, constant_usd_per_teu=constants)

    def loss(parameters: Float) -> float:
        return -_likelihood(predict(generalised, seasons, observed, logit_at(parameters)), observed)

    first = np.concatenate([np.zeros(int(estimate_scale)), start.constant_usd_per_teu[rows] / unit])
    found = minimize(loss, first, method="BFGS", options={"gtol": 1e-7 * max(1.0, float(observed.containers.sum()))})
    gradient = _gradient(loss, found.x)
    if float(np.abs(gradient).max(initial=0.0)) > 1e-3 * max(1.0, float(observed.containers.sum())):
        message = f"calibration stopped with gradient {np.abs(gradient).max():.2e}"
        message += ": an observed share of 0 or 1 has no finite constant; leave such a row out"
        raise ConvergenceError(message)
    logit = logit_at(found.x)
    information = _information(generalised, seasons, observed, logit_at, found.x)
    labels = (*(("scale_per_usd",) if estimate_scale else ()), *chosen)
    error, unidentified = _errors(information, labels)
    to_natural = np.full(len(labels), unit)
    natural = found.x * unit
    if estimate_scale:
        natural[0] = float(logit.scale_per_usd[0])
        to_natural[0] = natural[0]
    fitted = predict(generalised, seasons, observed, logit)
    return Calibration(logit, labels, natural, error * to_natural, unidentified, fitted, -float(found.fun))


def predict(generalised: Float, seasons: Sequence[Season], observed: SharesObserved, logit: Logit) -> Float:
    """Return the shares of each group over the alternatives, shape (O, R)."""
    share = choose(generalised, seasons, logit).share
    weight = observed.weight / observed.weight.sum(axis=(1, 2, 3), keepdims=True)
    shares: Float = np.einsum("okij,rkij->or", weight, share)
    return shares


def _likelihood(predicted: Float, observed: SharesObserved) -> float:
    known, seen, told = _told(predicted, observed)
    terms = np.where(seen > 0, seen * np.log(np.maximum(known, 1e-300)), 0.0)
    return float((observed.containers[:, None] * terms)[told].sum())


def _told(predicted: Float, observed: SharesObserved) -> tuple[Float, Float, Bool]:
    """Return predicted and observed shares, what was not told apart lumped into one more column."""
    blank = np.isnan(observed.share)
    seen = np.where(blank, 0.0, observed.share)
    rest = np.maximum(1.0 - seen.sum(axis=1, keepdims=True), 0.0)
    lump = np.where(blank, predicted, 0.0).sum(axis=1, keepdims=True)
    told = np.concatenate([~blank, blank.any(axis=1, keepdims=True)], axis=1)
    return np.concatenate([predicted, lump], axis=1), np.concatenate([seen, rest], axis=1), told


def _gradient(function: Callable[[Float], float], at: Float, step: float = 1e-6) -> Float:
    slope = np.zeros(len(at))
    for p in range(len(at)):
        move = np.zeros(len(at))
        move[p] = step
        slope[p] = (function(at + move) - function(at - move)) / (2 * step)
    return slope


def _information(
    generalised: Float,
    seasons: Sequence[Season],
    observed: SharesObserved,
    logit_at: Callable[[Float], Logit],
    at: Float,
) -> Float:
    """Return the expected (Fisher) information: sum over groups of n J^T diag(1/P) J, J by central differences."""
    step = 1e-5
    predicted, _, told = _told(predict(generalised, seasons, observed, logit_at(at)), observed)
    slopes = []
    for p in range(len(at)):
        move = np.zeros(len(at))
        move[p] = step
        up, _, _ = _told(predict(generalised, seasons, observed, logit_at(at + move)), observed)
        down, _, _ = _told(predict(generalised, seasons, observed, logit_at(at - move)), observed)
        slopes.append((up - down) / (2 * step))
    jacobian = np.stack(slopes, axis=-1) if slopes else np.zeros((*predicted.shape, 0))
    weight = np.where(told, observed.containers[:, None] / np.maximum(predicted, 1e-12), 0.0)
    information: Float = np.einsum("or,orp,orq->pq", weight, jacobian, jacobian)
    return information


def _errors(information: Float, labels: tuple[str, ...]) -> tuple[Float, tuple[tuple[str, ...], ...]]:
    """Return standard errors and, per flat direction of the likelihood, the parameters that it mixes."""
    values, vectors = np.linalg.eigh(information)
    flat = values <= 1e-9 * max(float(values.max(initial=0.0)), 1e-300)
    groups = []
    lost = np.zeros(len(labels), dtype=np.bool_)
    for direction in vectors[:, flat].T:
        mixed = np.abs(direction) > 1e-3
        lost |= mixed
        groups.append(tuple(name for name, part in zip(labels, mixed, strict=True) if part))
    inverse = np.where(flat, 0.0, 1.0 / np.where(flat, 1.0, values))
    variance = (vectors**2) @ inverse
    return np.where(lost, np.inf, np.sqrt(variance)), tuple(groups)


def _check(
    generalised: Float,
    seasons: Sequence[Season],
    observed: SharesObserved,
    start: Logit,
    names: tuple[str, ...],
    chosen: tuple[str, ...],
) -> None:
    problems = []
    share = observed.share
    if not chosen or len(chosen) >= len(names):
        message = "Estimate at least one constant and leave one fixed: shares tell only differences of constants."
        problems.append(Problem("LB352", message, "free"))
    known = share[~np.isnan(share)]
    if ((known < 0) | (known > 1)).any() or (np.nansum(share, axis=1) > 1 + 1e-9).any():
        message = "Observed shares lie between 0 and 1 and sum to at most 1 a group."
        problems.append(Problem("LB352", message, "share"))
    for name in chosen:
        seen = share[:, names.index(name)]
        seen = seen[~np.isnan(seen)]
        if not len(seen) or (seen <= 0).all() or (seen >= 1).all():
            message = (
                f"'{name}' was seen in no group, or in every one alone: it has no finite constant. Leave it fixed."
            )
            problems.append(Problem("LB352", message, "share"))
    complete = ~np.isnan(share).any(axis=1)
    if (np.abs(share[complete].sum(axis=1) - 1.0) > 1e-6).any():
        message = "The shares of a group in which every alternative is given sum to 1."
        problems.append(Problem("LB352", message, "share"))
    predicted = predict(generalised, seasons, observed, start)
    for o, r in np.argwhere((np.nan_to_num(share) > 0) & (predicted <= 0)).tolist():
        message = f"Group {o} was seen on '{names[r]}', which the network closes to it; open it or drop the row."
        problems.append(Problem("LB352", message, "share"))
    refuse(problems)
