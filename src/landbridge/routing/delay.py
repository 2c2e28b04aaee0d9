"""Volume-delay functions of links with capacity: time, slope and integral of BPR and queue curves.

With the load v (model traffic plus preload, in PCE a period), the capacity c and x = v / c:

* ``bpr``: ``t = t0 (1 + b x^p)`` (Bureau of Public Roads, 1964). ``p = 0`` is the constant ``t0 (1 + b)``.
* ``queue``: ``t = t0 + b x^p / (1 - x)`` up to the limit ``x <= h``, its tangent at h beyond. With p = 1 this
  is Davidson's form (1966) and the mean wait of Pollaczek and Khinchine, ``b = (1 + cv^2) / (2 mu)``; with s
  servers (berths, cranes, booths) Sakasegawa (1977) has ``p = sqrt(2 (s + 1)) - 1`` and
  ``b = (1 + cv^2) / (2 s mu)``. The tangent keeps it finite, rising and once differentiable above capacity, so
  that an equilibrium exists and the times at it are unique where b > 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landbridge.core.arrays import Bool, Float, locked
from landbridge.core.problems import Problem, refuse

DEFAULT_QUEUE_LIMIT = 0.95
"""Share of capacity above which the queue curve goes on along its tangent (assumption; see the method page)."""


@dataclass(frozen=True, slots=True, eq=False)
class Delays:
    """Delay curves of links; every column has shape (n_links,), scalars are broadcast.

    Attributes
    ----------
    free_time
        ``t0``, time without traffic, hours (or the unit of the file), >= 0; ``inf`` where closed.
    capacity
        ``c``, PCE a period, > 0; ``inf`` where there is no limit. It may be 0 only where the curve is flat.
    b
        ``bpr``: share of `free_time` added at capacity, no unit. ``queue``: a time, the unit of `free_time`.
    power
        ``p``: >= 0 for ``bpr``, >= 1 for ``queue``.
    is_queue
        True where the curve is ``queue``, False where it is ``bpr``.
    queue_limit
        ``h`` in (0, 1): utilisation above which a queue curve follows its tangent.
    """

    free_time: Float
    capacity: Float
    b: Float
    power: Float
    is_queue: Bool
    queue_limit: Float

    def __post_init__(self) -> None:
        length = len(np.atleast_1d(self.free_time))
        for name in ("free_time", "capacity", "b", "power", "queue_limit"):
            object.__setattr__(self, name, _column(name, getattr(self, name), length, np.float64))
        object.__setattr__(self, "is_queue", _column("is_queue", self.is_queue, length, np.bool_))
        refuse(_faults(self))

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.free_time)


def bpr(free_time: ArrayLike, capacity: ArrayLike, b: ArrayLike = 0.15, power: ArrayLike = 4.0) -> Delays:
    """Return BPR curves ``t0 (1 + b (v / c)^p)``; arguments have shape (n_links,) or are scalars."""
    return delays(free_time, capacity, b, power, is_queue=False)


def delays(
    free_time: ArrayLike,
    capacity: ArrayLike,
    b: ArrayLike,
    power: ArrayLike,
    *,
    is_queue: ArrayLike,
    queue_limit: ArrayLike = DEFAULT_QUEUE_LIMIT,
) -> Delays:
    """Return curves of both kinds; see `Delays` for the meaning and unit of each column."""
    return Delays(
        np.atleast_1d(np.asarray(free_time, np.float64)),
        np.asarray(capacity, np.float64),
        np.asarray(b, np.float64),
        np.asarray(power, np.float64),
        np.asarray(is_queue, np.bool_),
        np.asarray(queue_limit, np.float64),
    )


def queue(
    free_time: ArrayLike,
    capacity: ArrayLike,
    service_time: ArrayLike,
    *,
    servers: ArrayLike = 1,
    variation: ArrayLike = 1.0,
    queue_limit: ArrayLike = DEFAULT_QUEUE_LIMIT,
) -> Delays:
    """Return queue curves of stations with parallel servers (Sakasegawa 1977).

    ``t = t0 + (1 + cv^2) / 2 * (m / s) x^(sqrt(2 (s + 1)) - 1) / (1 - x)``, m the mean `service_time` of one
    server (unit of `free_time`), s the `servers`, cv the coefficient of `variation` of the service time (0 for a
    fixed time, 1 for an exponential one), x = v / c with c the `capacity` of all servers together. A single
    track is one server whose service time is the running time between two loops.
    """
    s = np.asarray(servers, np.float64)
    cv = np.asarray(variation, np.float64)
    b = (1.0 + cv**2) / 2.0 * np.asarray(service_time, np.float64) / s
    power = np.sqrt(2.0 * (s + 1.0)) - 1.0
    return delays(free_time, capacity, b, power, is_queue=True, queue_limit=queue_limit)


def delay_time(curves: Delays, load: ArrayLike) -> Float:
    """Return the time t(v) of every link at the load v, shape (n_links,), in the unit of ``free_time``."""
    x, edge = _utilisation(curves, load)
    bpr_part = curves.free_time * (1.0 + _scaled(curves.b, x**curves.power))
    value, slope = _queue_value_and_slope(curves, edge)
    queue_part = curves.free_time + _scaled(curves.b, value) + _scaled(curves.b * slope, x - edge)
    return _closed(curves, np.where(curves.is_queue, queue_part, bpr_part))


def delay_slope(curves: Delays, load: ArrayLike) -> Float:
    """Return dt/dv of every link at the load v, time per PCE, shape (n_links,); BPR with 0 < p < 1 has inf at 0."""
    x, edge = _utilisation(curves, load)
    rate = _rate(curves)
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = curves.free_time * curves.b * curves.power * rate
        bpr_part = np.where(rise > 0.0, rise * x ** (curves.power - 1.0), 0.0)
    _, slope = _queue_value_and_slope(curves, edge)
    return np.where(np.isinf(curves.free_time), 0.0, np.where(curves.is_queue, curves.b * rate * slope, bpr_part))


def delay_integral(curves: Delays, load: ArrayLike) -> Float:
    """Return the integral of t from 0 to the load v, time x PCE, shape (n_links,).

    The queue part has ``integral_0^x u^p / (1 - u) du = x^(p+1) / (p+1) 2F1(1, p+1; p+2; x)``.
    A closed link (``free_time`` inf) without load has 0.
    """
    volume = np.maximum(np.asarray(load, np.float64), 0.0)
    x, edge = _utilisation(curves, volume)
    with np.errstate(invalid="ignore"):
        plain = np.where(volume > 0.0, curves.free_time * volume, 0.0)
    flat = _rate(curves) == 0.0
    open_time = np.where(np.isinf(curves.free_time), 0.0, curves.free_time)
    growth = np.where(flat, np.where(curves.power == 0.0, volume, 0.0), x**curves.power * volume)
    bpr_part = open_time * curves.b * growth / (curves.power + 1.0)
    if not curves.is_queue.any():
        return np.asarray(plain + bpr_part, np.float64)
    from scipy.special import hyp2f1

    value, slope = _queue_value_and_slope(curves, edge)
    p = curves.power
    inside = edge ** (p + 1.0) / (p + 1.0) * hyp2f1(1.0, p + 1.0, p + 2.0, edge)
    beyond = x - edge
    area = inside + value * beyond + 0.5 * slope * beyond**2
    queue_part = np.where(flat, 0.0, curves.b * area * np.where(flat, 0.0, curves.capacity))
    return np.asarray(plain + np.where(curves.is_queue, queue_part, bpr_part), np.float64)


def _rate(curves: Delays) -> Float:
    """Return 1 / c, and 0 where capacity is inf or the curve is flat, shape (n_links,)."""
    ratio = np.zeros(len(curves))
    np.divide(1.0, curves.capacity, out=ratio, where=curves.capacity > 0.0)
    return ratio


def _utilisation(curves: Delays, load: ArrayLike) -> tuple[Float, Float]:
    x = np.maximum(np.asarray(load, np.float64), 0.0) * _rate(curves)
    return x, np.minimum(x, curves.queue_limit)


def _queue_value_and_slope(curves: Delays, x: Float) -> tuple[Float, Float]:
    """Return ``x^p / (1 - x)`` and its derivative in x, for x < 1; 0 on links that are not queues."""
    p = np.where(curves.is_queue, curves.power, 1.0)
    value = x**p / (1.0 - x)
    slope = x ** (p - 1.0) * (p * (1.0 - x) + x) / (1.0 - x) ** 2
    return np.where(curves.is_queue, value, 0.0), np.where(curves.is_queue, slope, 0.0)


def _scaled(b: Float, growth: Float) -> Float:
    return np.where(b == 0.0, 0.0, b * growth)


def _closed(curves: Delays, time: Float) -> Float:
    return np.asarray(np.where(np.isinf(curves.free_time), np.inf, time), np.float64)


def _column(name: str, values: ArrayLike, length: int, dtype: type) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.asarray(values, dtype)
    if array.ndim == 0:
        array = np.full(length, array)
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape}; {length} links ask for ({length},).")
    return locked(array, dtype)


def _faults(curves: Delays) -> list[Problem]:
    """Return every fault of the columns, one problem a column with its first rows."""
    flat = (curves.b == 0.0) | (~curves.is_queue & ((curves.free_time == 0.0) | (curves.power == 0.0)))
    rules = (
        ("free_time", ~(curves.free_time >= 0.0), "a time of 0 or more, inf where closed"),
        (
            "capacity",
            ~(curves.capacity >= 0.0) | ((curves.capacity == 0.0) & ~flat),
            "a capacity above 0, inf where there is no limit (closed links: free_time inf)",
        ),
        ("b", ~((curves.b >= 0.0) & np.isfinite(curves.b)), "a finite number of 0 or more"),
        (
            "power",
            ~((curves.power >= np.where(curves.is_queue, 1.0, 0.0)) & np.isfinite(curves.power)),
            "a finite power of 0 or more, and 1 or more for a queue",
        ),
        (
            "queue_limit",
            ~((curves.queue_limit > 0.0) & (curves.queue_limit < 1.0)),
            "a share of capacity between 0 and 1",
        ),
    )
    return [
        Problem(
            code="LB420",
            message=f"links {np.flatnonzero(bad)[:5].tolist()} have {getattr(curves, name)[bad][:5].tolist()}. "
            f"Give {remedy}.",
            file="delays",
            column=name,
        )
        for name, bad, remedy in rules
        if bad.any()
    ]
