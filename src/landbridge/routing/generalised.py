"""Prices arcs for a class of freight: resource cost, charge, time and CO2 in one amount per TEU."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, Float, Int, locked
from landbridge.core.problems import Problem, refuse

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class FreightClass:
    """A class of goods with one value of time.

    Attributes
    ----------
    id
        Code of the class.
    value_usd_per_teu
        Value of the goods in a loaded TEU.
    delta_percent_per_day
        Ad valorem cost of a day in transit, percent of the value (Hummels and Schaur 2013: 0.6 to 2.1).
    """

    id: str
    value_usd_per_teu: float
    delta_percent_per_day: float

    @property
    def usd_per_teu_hour(self) -> float:
        """Value of time: value times delta / 100 / 24."""
        return self.value_usd_per_teu * self.delta_percent_per_day / 100.0 / HOURS_PER_DAY


PLAIN = FreightClass("all", 40_000.0, 0.4)
"""The class of a search for which none is given: an assumption, in the middle of containerised trade."""


@dataclass(frozen=True, slots=True, eq=False)
class ArcValues:
    """What arcs cost, as they stand. All columns have shape (n_arcs,)."""

    hours: Float
    """Hours when open; finite."""
    cost_usd_per_teu: Float
    """Resource cost."""
    charge_usd_per_teu: Float
    """Toll or fee: income of a named economy."""
    km: Float
    co2_kg_per_teu: Float
    months: NDArray[np.uint16]
    """Months in which the arc is open, one bit each."""
    open: Bool

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, locked(getattr(self, field.name)))

    def __len__(self) -> int:
        """Return the number of arcs."""
        return len(self.hours)

    def take(self, arcs: Int) -> Self:
        """Return the values of the given arcs."""
        return type(self)(*(getattr(self, field.name)[arcs] for field in fields(self)))

    def with_arcs(self, arcs: Int, other: "ArcValues") -> Self:
        """Return a copy in which the given arcs stand as in `other`, in the same order."""
        columns = []
        for field in fields(self):
            column = getattr(self, field.name).copy()
            column[arcs] = getattr(other, field.name)
            columns.append(column)
        return type(self)(*columns)

    def attributes(self) -> Float:
        """Return the amounts that add up along a route, shape (n_arcs, 5), in the order of `ATTRIBUTES`."""
        return np.stack(
            [
                self.hours,
                self.cost_usd_per_teu + self.charge_usd_per_teu,
                self.charge_usd_per_teu,
                self.km,
                self.co2_kg_per_teu,
            ],
            axis=1,
        )


ATTRIBUTES = ("hours", "usd_per_teu", "charge_usd_per_teu", "km", "co2_kg_per_teu")
"""What skims carry: `usd_per_teu` is what is paid, resource cost and charges together."""


def generalised_cost(values: ArcValues, freight: FreightClass, *, co2_usd_per_tonne: float = 0.0) -> Float:
    r"""Return the generalised cost of each arc, USD per TEU, shape (n_arcs,); inf where closed.

    .. math:: g_a = c_a + f_a + \nu_k h_a + p\, e_a / 1000

    with resource cost c, charge f, hours h, value of time nu of class k, CO2 e in kg and its price p per tonne.
    Months are left out: see `landbridge.routing.seasons`.
    """
    g = (
        values.cost_usd_per_teu
        + values.charge_usd_per_teu
        + freight.usd_per_teu_hour * values.hours
        + co2_usd_per_tonne / 1000.0 * values.co2_kg_per_teu
    )
    return np.where(values.open, g, np.inf)


def refuse_values(values: ArcValues, *, table: str = "arcs") -> None:
    """Raise `StudyError` naming every column that holds a negative, unknown or infinite amount.

    A negative cost has no best route where it closes a loop, so it is not accepted anywhere: give a subsidy as
    a lower resource cost. A charge may be below zero as long as cost and charge together are not.
    """
    problems = []
    for name in ("hours", "cost_usd_per_teu", "km", "co2_kg_per_teu"):
        problems += _faults(getattr(values, name), name, table, lowest=0.0)
    problems += _faults(values.charge_usd_per_teu, "charge_usd_per_teu", table, lowest=-np.inf)
    paid = values.cost_usd_per_teu + values.charge_usd_per_teu
    if np.isfinite(paid).all():
        problems += _faults(paid, "cost_usd_per_teu + charge_usd_per_teu", table, lowest=0.0)
    refuse(problems)


def _faults(column: Float, name: str, table: str, *, lowest: float) -> list[Problem]:
    wrong = np.flatnonzero(~(np.isfinite(column) & (column >= lowest)))
    if not len(wrong):
        return []
    first = int(wrong[0])
    return [
        Problem(
            "LB341",
            f"{column[first]:g} at position {first} ({len(wrong)} such rows) is not a cost that a search can use. "
            f"Give a finite number of at least {max(lowest, 0):g}; to close an arc, set open to false.",
            table,
            0,
            name,
        )
    ]
