r"""Visits between economies: gravity in travel time, fare and visa rule, in changes from a base year.

For visits v of a pair with modes m (air, ferry, rail), generalised cost :math:`c_m = f_m + \theta h_m` of a
round trip, base shares :math:`s_m` and changes written with a hat,

.. math::

   \hat C = \left(\sum_m s_m \hat c_m^{-\kappa} + \sum_{new} a_m (c_m / \bar c)^{-\kappa}\right)^{-1/\kappa}, \qquad
   \hat v = \hat C^{-\varepsilon} \; \frac{1 - d\,\omega'}{1 - d\,\omega} \;
   \hat Y_o^{\eta_o} \hat Y_d^{\eta_d}

Shares follow the same terms. :math:`\varepsilon, \kappa, d, \eta` come from the literature (`SOURCES`): one
pair of economies cannot identify them. Nothing changed gives 1, and base visits are met exactly.
"""

from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of a parameter comes from, with the range that draws use."""

    parameter: str
    low: float
    central: float
    high: float
    source: str
    why: str


SOURCES: tuple[Source, ...] = (
    Source(
        "cost_elasticity",
        0.7,
        1.0,
        1.5,
        "Gillen, Morrison and Stewart (2003), Department of Finance Canada: medians of fare elasticities",
        "International leisure 1.0 on long and 1.5 on short routes, business 0.3 to 0.7; applied to generalised cost.",
    ),
    Source(
        "mode_elasticity",
        1.5,
        3.0,
        5.0,
        "assumption",
        "Choice between modes responds more than the total; no estimate for these routes is at hand.",
    ),
    Source(
        "visa_deterrence",
        0.20,
        0.46,
        0.63,
        "Czaika and Neumayer (2017), Applied Geography 84: 20 % less; Neumayer (2010), Professional Geographer 62: "
        "52 to 63 % less; Lawson and Roychoudhury (2016), J. of Economics and Finance 40: 70 % less in cross-section",
        "Panels with pair effects find the lower end. The centre is the geometric mean of what is left at both ends.",
    ),
    Source(
        "income_elasticity",
        1.0,
        1.3,
        2.0,
        "InterVISTAS (2007) for IATA: income elasticities of air travel mostly between 1 and 2",
        "Of the origin's real income; the centre is an assumption within that range.",
    ),
    Source(
        "destination_elasticity",
        0.0,
        0.3,
        0.8,
        "assumption",
        "Business and family visits grow with the economy visited; less than with the visitors' own income.",
    ),
    Source(
        "usd_per_hour",
        6.0,
        12.0,
        20.0,
        "assumption",
        "About half of hourly earnings of the travellers, the usual rule for leisure time (Small and Verhoef 2007).",
    ),
)
"""Parameters with their sources; marked `assumption` where no estimate is at hand."""


@dataclass(frozen=True, slots=True)
class VisitParameters:
    """Parameters of the model; the defaults are the central values of `SOURCES`.

    Attributes
    ----------
    cost_elasticity
        Of visits in generalised cost, as a positive number.
    mode_elasticity
        Of the ratio of two modes' visits in the ratio of their costs, positive.
    visa_deterrence
        Share of visits that a visa requirement keeps away, 0 or more and below 1.
    income_elasticity, destination_elasticity
        Of visits in the real income of origin and destination.
    usd_per_hour
        Value of travel time.
    """

    cost_elasticity: float = 1.0
    mode_elasticity: float = 3.0
    visa_deterrence: float = 0.46
    income_elasticity: float = 1.3
    destination_elasticity: float = 0.3
    usd_per_hour: float = 12.0

    def __post_init__(self) -> None:
        found = [
            Problem("LB660", f"{name} is {value}. Give 0 or more.", "visits", column=name)
            for name, value in (
                ("cost_elasticity", self.cost_elasticity),
                ("usd_per_hour", self.usd_per_hour),
            )
            if not value >= 0
        ]
        if not self.mode_elasticity > 0:
            message = f"mode_elasticity is {self.mode_elasticity}. Give a positive number."
            found.append(Problem("LB660", message, "visits", column="mode_elasticity"))
        if not 0 <= self.visa_deterrence < 1:
            message = f"visa_deterrence is {self.visa_deterrence}. Give a share from 0 to below 1."
            found.append(Problem("LB660", message, "visits", column="visa_deterrence"))
        refuse(found)


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """How pairs of origin and destination can travel; arrays have shape (pairs, modes).

    Attributes
    ----------
    modes
        Names.
    hours, usd
        Round trip: travel and waiting time, and fare; ``inf`` hours where a mode does not serve the pair.
    """

    modes: tuple[str, ...]
    hours: Float
    usd: Float

    def cost(self, usd_per_hour: float) -> Float:
        """Return generalised cost of a round trip, USD, ``inf`` where a mode does not serve."""
        total: Float = self.usd + usd_per_hour * self.hours
        return total


@dataclass(frozen=True, slots=True, eq=False)
class BaseVisits:
    """Visits of the base year.

    Attributes
    ----------
    visits
        From origin to destination, a year, shape (pairs,).
    shares
        Share of each mode in them, shape (pairs, modes); rows add up to 1.
    travel
        How the pairs could travel.
    """

    visits: Float
    shares: Float
    travel: Travel


@dataclass(frozen=True, slots=True, eq=False)
class VisitChange:
    """Visits after a change; arrays have a row a pair.

    Attributes
    ----------
    visits
        Visits a year, shape (pairs,).
    shares
        Of the modes, shape (pairs, modes); each row adds up to 1.
    by_cost, by_visa, by_income
        Factors on the base visits, shape (pairs,); ``visits = base * by_cost * by_visa * by_income``.
    """

    visits: Float
    shares: Float
    by_cost: Float
    by_visa: Float
    by_income: Float


def change_visits(
    base: BaseVisits,
    after: Travel,
    *,
    visa: tuple[Float, Float] | None = None,
    income: tuple[Float, Float] | None = None,
    parameters: VisitParameters | None = None,
    new_mode_weight: float = 1.0,
) -> VisitChange:
    """Return visits after travel, visa rules and incomes have changed.

    Parameters
    ----------
    base
        Visits, shares and travel of the base year.
    after
        Travel afterwards, for the same pairs and modes.
    visa
        Shares of travellers who need a visa before and after, each of shape (pairs,), 0 to 1.
    income
        Factors by which real income of origin and destination has changed, each of shape (pairs,).
    new_mode_weight
        Weight of a mode that did not serve before, against the modes that did at equal cost: it would have the
        share ``w / (1 + w)`` at their mean cost. An assumption, since a share of 0 tells nothing.

    Raises
    ------
    StudyError
        Shapes that do not agree, shares that do not add up to 1 or belong to a mode that does not serve, visits
        below 0, visa shares outside 0 to 1, incomes not positive: all at once.
    """
    parameters = parameters or VisitParameters()
    refuse(_visit_faults(base, after, visa, income))
    shares, before = base.shares, base.travel
    theta, kappa = parameters.usd_per_hour, parameters.mode_elasticity
    c0, c1 = before.cost(theta), after.cost(theta)
    mean = np.where(shares > 0, shares * np.where(np.isfinite(c0), c0, 0.0), 0.0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(shares > 0, shares * (c1 / c0) ** -kappa, 0.0)
        opened = np.where(~np.isfinite(c0) & np.isfinite(c1), new_mode_weight * (c1 / mean[:, None]) ** -kappa, 0.0)
    term = kept + opened
    total = term.sum(axis=1)
    refuse(
        Problem("LB661", "no mode serves the pair any more. Keep one, or leave the pair out.", "visits", row + 1)
        for row in np.flatnonzero(total == 0).tolist()
    )
    by_cost: Float = total ** (parameters.cost_elasticity / kappa)
    by_visa = np.ones(len(base.visits))
    if visa is not None:
        by_visa = (1 - parameters.visa_deterrence * visa[1]) / (1 - parameters.visa_deterrence * visa[0])
    by_income = np.ones(len(base.visits))
    if income is not None:
        by_income = income[0] ** parameters.income_elasticity * income[1] ** parameters.destination_elasticity
    visits: Float = base.visits * by_cost * by_visa * by_income
    return VisitChange(visits, term / total[:, None], by_cost, by_visa, by_income)


def draw_parameters(rng: np.random.Generator, count: int) -> tuple[VisitParameters, ...]:
    """Return draws of the parameters, each triangular between the ends of its range in `SOURCES`."""
    drawn = {s.parameter: rng.triangular(s.low, s.central, s.high, count).tolist() for s in SOURCES}
    return tuple(VisitParameters(**{name: values[k] for name, values in drawn.items()}) for k in range(count))


def visa_factor(before: float, after: float, *, deterrence: float) -> float:
    """Return the factor on visits as the share of travellers who need a visa goes from `before` to `after`."""
    return (1 - deterrence * after) / (1 - deterrence * before)


def _visit_faults(
    base: BaseVisits,
    after: Travel,
    visa: tuple[Float, Float] | None,
    income: tuple[Float, Float] | None,
) -> list[Problem]:
    visits, shares, before = base.visits, base.shares, base.travel
    shape = (len(visits), len(before.modes))
    found = [
        Problem("LB662", f"{name} has shape {values.shape}, not {shape} (pairs, modes). Correct it.", "visits")
        for name, values in (
            ("base.shares", shares),
            ("base.travel.hours", before.hours),
            ("base.travel.usd", before.usd),
            ("after.hours", after.hours),
            ("after.usd", after.usd),
        )
        if values.shape != shape
    ]
    if before.modes != after.modes:
        message = f"modes {before.modes} before are not those after, {after.modes}. Give both for the same modes."
        found.append(Problem("LB662", message, "visits", column="modes"))
    if found:
        return found
    served = np.isfinite(before.hours) & np.isfinite(before.usd)
    found += _rows("LB663", "visits are below 0. Give the visits of a year.", ~(visits >= 0))
    wrong = (np.abs(shares.sum(axis=1) - 1) > 1e-6) | (shares < 0).any(axis=1)
    found += _rows("LB663", "shares of the modes do not add up to 1. Divide them by their sum.", wrong)
    idle = np.asarray(((shares > 0) & ~served).any(axis=1))
    found += _rows("LB663", "a mode that does not serve has a share. Give its hours and fare.", idle)
    for travel in (before, after):
        cost = travel.cost(1.0)
        found += _rows("LB663", "hours and fare are not positive. Give both for a round trip.", ~(cost > 0).all(axis=1))
    for rule in visa or ():
        out = ~((rule >= 0) & (rule <= 1))
        found += _rows("LB664", "the share who need a visa is outside 0 to 1. Give a share.", out)
    for factor in income or ():
        found += _rows("LB664", "the change of income is not positive. Give a factor, 1 for none.", ~(factor > 0))
    return found


def _rows(code: str, message: str, wrong: Bool | np.bool_) -> list[Problem]:
    return [Problem(code, message, "visits", row + 1) for row in np.flatnonzero(wrong).tolist()]
