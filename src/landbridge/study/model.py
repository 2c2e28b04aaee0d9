"""A study as frozen values: what the folder says, nothing computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from landbridge.core.tables import Table

ChangeKind = Literal[
    "open", "close", "speed", "hours", "cost", "charge", "season", "capacity", "departures",
    "tariff", "agreement", "ban", "visa", "travel", "productivity",
]  # fmt: skip
Deficits = Literal["balanced", "additive", "multiplicative"]
DelayForm = Literal["bpr", "queue"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the model with its stated range.

    `distribution` over ``low`` to ``high``: ``triangular`` (mode at `value`), ``uniform``, ``normal`` (95 % of
    it between them) or ``fixed``.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str = ""
    distribution: Literal["triangular", "uniform", "normal", "fixed"] = "triangular"


@dataclass(frozen=True, slots=True)
class Member:
    """A party whose consent measures need; it may hold several economies or none."""

    id: str
    name: str
    economies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a measure changes.

    Network kinds select by `names` (crossings, lines, sections), `passages`, `ports`, `countries`, `modes`:
    ``open``, ``close``; ``speed`` (`value` km/h); ``hours`` (`value` replaces the dwell or handling hours, or
    `factor` scales them); ``cost`` and ``charge`` (`value` USD per TEU, or `factor`); ``season``
    (`first_month`, `last_month`); ``capacity`` (`value` TEU a year). `charge_to` is the economy that earns a
    ``charge``; empty: as it is.

    Trade kinds select by `exporters` and `importers` ('*' for all; `both_ways` adds the other direction):
    ``tariff`` (`value` percent); ``agreement`` (`value` is beta, the effect on log trade; tariffs to
    `tariff_percent`); ``ban`` (`goods`: the groups forbidden); ``visa`` (`value`: log effect on visits);
    ``travel`` (`factor` on travel hours, `fare_factor` on fares of visits); ``productivity`` (`value` percent).
    """

    kind: ChangeKind
    names: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    both_ways: bool = False
    value: float | None = None
    factor: float | None = None
    fare_factor: float | None = None
    tariff_percent: float | None = None
    first_month: int | None = None
    last_month: int | None = None
    charge_to: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it changes, whose consent it needs, what must stand before it."""

    id: str
    title: str
    changes: tuple[Change, ...]
    consent: tuple[str, ...]
    requires: tuple[str, ...] = ()
    in_baseline: bool = False
    works_usd_bn: float = 0.0
    """Cost of its works, paid once; 0 where it is none or a project of ``projects.toml`` holds it."""
    paid_by: str = ""
    """Member who pays the works."""
    why: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """An ordered list of measures to add to, and ids to remove from, what stands in the baseline."""

    name: str
    title: str
    based_on: str = ""
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the study is to be run."""

    base_network: Literal["world", "none"] = "world"
    deficits: Deficits = "balanced"
    access_detour_factor: float = 1.3
    access_max_km: float = 500.0
    delay_form: DelayForm = "bpr"


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Everything that the folder holds; `tables` by name, empty tables included with their columns."""

    id: str
    title: str
    base_year: int
    money: str
    about: str
    settings: Settings
    parameters: Mapping[str, Parameter]
    members: tuple[Member, ...]
    measures: tuple[Measure, ...]
    scenarios: tuple[Scenario, ...]
    tables: Mapping[str, Table] = field(repr=False)
    roadmap: Mapping[str, Any] = field(repr=False)
    """The checked content of ``roadmap.toml``; empty where there is none."""
    projects: Mapping[str, Any] = field(repr=False)
    """The checked content of ``projects.toml``; empty where there is none."""
    digest: str = ""
    """SHA-256 of the files."""

    def parameter(self, name: str) -> float:
        """Return a parameter's value."""
        return self.parameters[name].value

    def measure(self, name: str) -> Measure:
        """Return a measure by its id."""
        return next(measure for measure in self.measures if measure.id == name)

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by its name."""
        return next(scenario for scenario in self.scenarios if scenario.name == name)

    def standing(self, scenario: str) -> tuple[str, ...]:
        """Return the ids of the measures that stand in a scenario: the baseline's, less removed, plus added."""
        chain: list[Scenario] = []
        name = scenario
        while name:
            chain.insert(0, self.scenario(name))
            name = chain[0].based_on
        standing = [measure.id for measure in self.measures if measure.in_baseline]
        for step in chain:
            standing = [name for name in standing if name not in step.remove]
            standing += [name for name in step.add if name not in standing]
        return tuple(standing)
