"""What may come otherwise: draws over cost, demand, delay and access, the chance of a loss, and the worth of waiting.

A `Profile` is a project's economic amounts taken apart, so that a draw can change each part: works by year,
upkeep by year of use, and benefits by calendar year at full use. In a draw with cost factor c, demand factor q,
upkeep factor u, delay D and access a(t) in 0 or 1 the net amount of year t is

    -c W(t) + ramp(t - o - D) q B(t) a(t) - u U  for o + D <= t < o + D + L, and c R at the end,

with opening o and life L. Projects that depend on the same access lose and regain it together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from landbridge.core.arrays import Bool, Float, Int, locked
from landbridge.core.problems import Problem, refuse


@dataclass(frozen=True, slots=True)
class Triangle:
    """A factor with a least, a likeliest and a greatest value."""

    low: float
    mode: float
    high: float

    def faults(self, what: str) -> list[Problem]:
        """Return what is wrong with the range."""
        if np.isfinite([self.low, self.mode, self.high]).all() and 0.0 <= self.low <= self.mode <= self.high:
            return []
        message = f"{what}: {self.low:g}, {self.mode:g}, {self.high:g} is not a rising range of factors from 0."
        return [Problem("LB870", message, "risk")]

    def quantile(self, p: Float) -> Float:
        """Return the factor below which a share p of the draws lies; same shape as `p`."""
        a, c, b = self.low, self.mode, self.high
        if b == a:
            return np.full(np.shape(p), a)
        left = (c - a) / (b - a)
        return np.where(p < left, a + np.sqrt(p * (b - a) * (c - a)), b - np.sqrt((1.0 - p) * (b - a) * (b - c)))


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Overruns of finished projects of a kind: a lognormal factor with this mean and standard deviation.

    `RAIL_COST` is the rail class of Flyvbjerg, Holm and Buhl (2002, Journal of the American Planning Association
    68(3), 279-295): 58 projects, mean overrun 44.7 %, standard deviation 38.4 points.
    """

    mean: float
    deviation: float
    source: str

    def faults(self, what: str) -> list[Problem]:
        """Return what is wrong with the two moments."""
        if self.mean > 0.0 and self.deviation >= 0.0:
            return []
        return [Problem("LB870", f"{what}: mean must be above 0 and deviation 0 or more.", "risk")]

    def quantile(self, p: Float) -> Float:
        """Return the factor below which a share p of the draws lies; same shape as `p`."""
        from scipy.special import ndtri

        variance = np.log1p((self.deviation / self.mean) ** 2)
        return np.asarray(np.exp(np.log(self.mean) - variance / 2.0 + np.sqrt(variance) * ndtri(p)))


RAIL_COST = ReferenceClass(1.447, 0.384, "Flyvbjerg, Holm and Buhl (2002)")
Spread = Triangle | ReferenceClass
SURE = Triangle(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Access:
    """The road map's state on which projects depend: open or closed, changing once a year.

    Attributes
    ----------
    open_at_start
        Chance that it is open in the base year.
    lapse, restore
        Chance a year that an open access lapses, that a closed one comes back.
    """

    open_at_start: float = 1.0
    lapse: float = 0.0
    restore: float = 0.0

    def faults(self, what: str) -> list[Problem]:
        """Return chances outside 0 to 1."""
        return [
            Problem("LB871", f"access {what}: {name} of {value:g} is outside 0 to 1. Give a chance a year.", "risk")
            for name, value in (("open_at_start", self.open_at_start), ("lapse", self.lapse), ("restore", self.restore))
            if not 0.0 <= value <= 1.0
        ]


@dataclass(frozen=True, slots=True)
class Risks:
    """How a project's parts may come otherwise.

    `delay` holds the chance of opening 0, 1, 2 ... years late; its sum is 1. `access` names an entry of the
    mapping that `draw` is given; empty: always open.
    """

    cost: Spread = SURE
    demand: Spread = SURE
    upkeep: Spread = SURE
    delay: tuple[float, ...] = (1.0,)
    access: str = ""

    def faults(self, what: str) -> list[Problem]:
        """Return everything wrong at once."""
        found = [*self.cost.faults(f"{what} cost"), *self.demand.faults(f"{what} demand")]
        found += self.upkeep.faults(f"{what} upkeep")
        if not self.delay or min(self.delay) < 0.0 or abs(sum(self.delay) - 1.0) > 1e-9:
            message = f"{what}: chances of delay {list(self.delay)} must be 0 or more and add up to 1."
            found.append(Problem("LB872", message, "risk"))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A project's economic amounts in USD, taken apart.

    Attributes
    ----------
    works
        Positive cost by year from the base year, shape (T,).
    benefits
        By calendar year at full use, net of operation, shape (T + H,): H years beyond the table for delays.
    upkeep
        Positive cost a year of use.
    ramp_up
        Shares of full use in the first years.
    opening, life
        Position of the first year of use without delay; years of use.
    residual
        Worth at the end of the life.
    """

    name: str
    works: Float
    benefits: Float
    upkeep: float
    opening: int
    life: int
    ramp_up: tuple[float, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "works", locked(self.works, np.float64))
        object.__setattr__(self, "benefits", locked(self.benefits, np.float64))

    def fits(self, delay: int) -> bool:
        """Whether the benefits reach far enough for a delay."""
        return len(self.benefits) >= self.opening + self.life + delay


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """What each draw makes of a profile: factors on cost, demand and upkeep, years of delay; all of shape (N,)."""

    cost: Float
    demand: Float
    upkeep: Float
    delay: Int


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Present values by draw, shape (P, N) for P projects, with the factors that made them.

    `access` is by name, shape (N, years).
    """

    names: tuple[str, ...]
    rate: float
    npv: Float
    cost: Float
    demand: Float
    upkeep: Float
    delay: Int
    access: Mapping[str, Bool]

    @property
    def chance_of_loss(self) -> Float:
        """Share of draws with a negative NPV, shape (P,)."""
        return np.asarray((self.npv < 0.0).mean(axis=1))

    @property
    def mean(self) -> Float:
        """Mean NPV, shape (P,)."""
        return np.asarray(self.npv.mean(axis=1))

    def quantiles(self, chances: Sequence[float] = (0.05, 0.5, 0.95)) -> Float:
        """Return quantiles of NPV, shape (P, len(chances))."""
        return np.asarray(np.quantile(self.npv, chances, axis=1).T)


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: NPV with one thing at its low and its high, the others at their middle."""

    factor: str
    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def width(self) -> float:
        """Distance between the two NPVs."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deciding now against deciding in a year with what that year shows.

    `now` is the expected NPV of starting now or never, the larger; `wait` the expected present value of starting
    in a year where that looks worth it; `option` is what waiting adds (never negative), `start_later` the
    share of draws in which the project is then started.
    """

    now: float
    wait: float
    option: float
    start_later: float


def present_values(
    profile: Profile, rate: float, factors: Factors, *, access: Bool | None = None, shift: int = 0
) -> Float:
    """Return the NPV of each draw (end-year convention), shape (N,).

    `shift` starts everything that many years later; benefits keep their calendar year. All draws of one delay
    are done together: cumulated discounted parts make the cost of a draw one product of its access row.
    """
    years = len(profile.benefits)
    discount = (1.0 + rate) ** -np.arange(years + shift, dtype=np.float64)
    spent = float((profile.works * discount[shift : shift + len(profile.works)]).sum())
    npv = -factors.cost * spent
    for late in np.unique(factors.delay):
        draws = factors.delay == late
        start = profile.opening + shift + int(late)
        use = np.arange(start, min(start + profile.life, years))
        ramp = np.array([*profile.ramp_up, 1.0])[np.minimum(use - start, len(profile.ramp_up))]
        gains = ramp * profile.benefits[use] * discount[use]
        held = gains.sum() if access is None else access[draws][:, use] @ gains
        keep = profile.upkeep * float(discount[use].sum())
        left = profile.residual * float(discount[use[-1]]) if len(use) else 0.0
        npv[draws] += factors.demand[draws] * held - factors.upkeep[draws] * keep + factors.cost[draws] * left
    return np.asarray(npv, dtype=np.float64)


def access_paths(access: Access, draws: int, years: int, generator: np.random.Generator) -> Bool:
    """Return whether the access is open, shape (draws, years): a two-state chain that may change once a year."""
    chance = generator.random((years, draws), dtype=np.float32)
    state = chance[0] < access.open_at_start
    path = np.empty((years, draws), dtype=bool)
    path[0] = state
    for t in range(1, years):
        state = np.where(state, chance[t] >= access.lapse, chance[t] < access.restore)
        path[t] = state
    return np.ascontiguousarray(path.T)


def draw(
    profiles: Sequence[Profile],
    risks: Sequence[Risks],
    rate: float,
    *,
    generator: np.random.Generator,
    draws: int = 10_000,
    accesses: Mapping[str, Access] | None = None,
) -> Draws:
    """Return the NPV of every project in every draw; cost, demand, upkeep and delay are independent between projects.

    Raises
    ------
    StudyError
        With all faults of spreads, chances, accesses that are not given, and profiles too short for a delay.
    """
    accesses = accesses or {}
    refuse(_faults(profiles, risks, accesses))
    years = max(len(profile.benefits) for profile in profiles)
    paths = {name: access_paths(access, draws, years, generator) for name, access in accesses.items()}
    shape = (len(profiles), draws)
    cost, demand, upkeep, npv = (np.empty(shape) for _ in range(4))
    delay = np.zeros(shape, dtype=np.int64)
    for p, (profile, risk) in enumerate(zip(profiles, risks, strict=True)):
        cost[p] = risk.cost.quantile(generator.random(draws))
        demand[p] = risk.demand.quantile(generator.random(draws))
        upkeep[p] = risk.upkeep.quantile(generator.random(draws))
        delay[p] = np.searchsorted(np.cumsum(risk.delay)[:-1], generator.random(draws), side="right")
        factors = Factors(cost[p], demand[p], upkeep[p], delay[p])
        npv[p] = present_values(profile, rate, factors, access=paths[risk.access] if risk.access else None)
    names = tuple(profile.name for profile in profiles)
    return Draws(names, rate, npv, cost, demand, upkeep, delay, MappingProxyType(paths))


def tornado(
    profile: Profile,
    risks: Risks,
    rate: float,
    *,
    chances: tuple[float, float] = (0.1, 0.9),
    access: Access | None = None,
) -> tuple[Swing, ...]:
    """Return the NPV at the low and high quantile of each thing, others at their median; widest first.

    Access is shown as never and always open. Discounting is not a risk and not part of it.
    """
    refuse(risks.faults(profile.name))
    names = ("cost", "demand", "upkeep")
    spreads = {"cost": risks.cost, "demand": risks.demand, "upkeep": risks.upkeep}
    middle = {name: float(spreads[name].quantile(np.array([0.5]))[0]) for name in names}
    late = np.searchsorted(np.cumsum(risks.delay)[:-1], [chances[0], 0.5, chances[1]], side="right")

    def npv(name: str, value: float, *, delay: int, open_: bool = True) -> float:
        cost, demand, upkeep = (np.array([value if key == name else middle[key]]) for key in names)
        path = np.full((1, len(profile.benefits)), open_)
        return float(present_values(profile, rate, Factors(cost, demand, upkeep, np.array([delay])), access=path)[0])

    usual = int(late[1])
    swings = []
    for name in names:
        low, high = (float(spreads[name].quantile(np.array([chance]))[0]) for chance in chances)
        swings.append(Swing(name, low, high, npv(name, low, delay=usual), npv(name, high, delay=usual)))
    first, last = int(late[0]), int(late[2])
    swings.append(Swing("delay", first, last, npv("", 1.0, delay=first), npv("", 1.0, delay=last)))
    if access is not None:
        ends = npv("", 1.0, delay=usual, open_=False), npv("", 1.0, delay=usual)
        swings.append(Swing("access", 0.0, 1.0, *ends))
    return tuple(sorted(swings, key=lambda swing: -swing.width))


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a year of waiting shows: the demand factor, the cost factor, whether access is open."""

    factors: tuple[Literal["cost", "demand", "access"], ...] = field(default=("demand", "access"))


def option_to_wait(
    profile: Profile, drawn: Draws, *, project: int, access: str = "", revealed: Revealed | None = None
) -> Waiting:
    """Return what it is worth to decide in a year, when some of what is uncertain has been seen.

    The expected NPV of starting in a year given what is seen is a least squares fit on the draws (Longstaff and
    Schwartz 2001): on 1 and the revealed factors, apart for open and closed access. Starting then is chosen
    where it is positive. The draws are those of `draw`.
    """
    revealed = revealed or Revealed()
    n = drawn.npv.shape[1]
    path = drawn.access[access] if access else None
    factors = Factors(drawn.cost[project], drawn.demand[project], drawn.upkeep[project], drawn.delay[project])
    later = present_values(profile, drawn.rate, factors, access=path, shift=1)
    columns = [np.ones(n)]
    columns += [getattr(drawn, name)[project] for name in ("cost", "demand") if name in revealed.factors]
    seen = np.column_stack(columns)
    groups = path[:, 1] if path is not None and "access" in revealed.factors else np.ones(n, dtype=bool)
    expected = np.zeros(n)
    for state in (True, False):
        rows = groups == state
        if rows.any():
            fit = np.linalg.lstsq(seen[rows], later[rows], rcond=None)[0]
            expected[rows] = seen[rows] @ fit
    start = expected > 0.0
    now = max(float(drawn.npv[project].mean()), 0.0)
    wait = float(np.where(start, later, 0.0).mean())
    return Waiting(now, wait, max(wait - now, 0.0), float(start.mean()))


def _faults(profiles: Sequence[Profile], risks: Sequence[Risks], accesses: Mapping[str, Access]) -> list[Problem]:
    found = [problem for p, risk in zip(profiles, risks, strict=True) for problem in risk.faults(p.name)]
    found += [problem for name, access in accesses.items() for problem in access.faults(name)]
    for profile, risk in zip(profiles, risks, strict=True):
        if risk.access and risk.access not in accesses:
            message = f"{profile.name}: access '{risk.access}' is not given. Name one of {sorted(accesses)}."
            found.append(Problem("LB873", message, "risk"))
        if not profile.fits(len(risk.delay) - 1):
            message = f"{profile.name}: benefits of {len(profile.benefits)} years are too short for the longest delay."
            found.append(Problem("LB874", message, "risk"))
    return found
