"""Projects, effects, risks and money out of a study's plain entries and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.finance import FinancePlan
from landbridge.appraisal.loans import Tranche
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.portfolio import Candidates, Joint
from landbridge.appraisal.profiles import cost_range
from landbridge.appraisal.project import Estimate, Project, Revenue, Upkeep, Works
from landbridge.appraisal.risk import RAIL_COST, Access, Risks, Spread, Triangle
from landbridge.core.arrays import Float
from landbridge.core.problems import Problem, refuse
from landbridge.core.tables import Table

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StudyProject:
    """One project of a study with its stated effects, its risks and what a run compares for it.

    Attributes
    ----------
    stated
        What the study states, all of it: the effects where no run gives them.
    beside
        The part of it that stands beside a run, as the run does not hold it.
    scenario, compared_with
        Names of scenarios with and without the project; empty: the baseline.
    adds, removes
        Ids of measures that are put on and taken from what stands, beside the scenario or instead of it.
    supposes_gone
        Ids of measures that are taken as gone in both, as their going is not the project's doing.
    """

    project: Project
    stated: ProjectEffects
    beside: ProjectEffects
    risks: Risks
    scenario: str
    compared_with: str
    adds: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    supposes_gone: tuple[str, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether some measure carries the project, so that a run gives its effects."""
        return bool(self.scenario or self.adds or self.removes)


@dataclass(frozen=True, slots=True)
class StudyProjects:
    """All projects of a study and what they share."""

    projects: tuple[StudyProject, ...]
    money: Money
    accesses: Mapping[str, Access]
    conflicts: tuple[tuple[str, str], ...]
    requires: tuple[tuple[str, str], ...]
    joint: tuple[Joint, ...]

    def named(self, name: str) -> StudyProject:
        """Return a project by its id."""
        for item in self.projects:
            if item.project.id == name:
                return item
        known = ", ".join(item.project.id for item in self.projects)
        refuse([Problem("LB890", f"There is no project '{name}'. Name one of {known}.", "projects.toml")])
        raise KeyError(name)

    def candidates(self, values: Float, costs: Float) -> Candidates:
        """Return the portfolio's question for worths, shape (P,), and costs, shape (P, K), in the projects' order."""
        names = tuple(item.project.id for item in self.projects)
        return Candidates(names, values, costs, self.conflicts, self.requires, self.joint)


def study_projects(entries: Sequence[Row], tables: Mapping[str, Table]) -> StudyProjects:
    """Return the projects of ``projects.toml`` (`entries`: its ``[[project]]``) with the tables of the study.

    Raises
    ------
    StudyError
        With every fault of every project at once: rows of unknown projects, missing prices and rates, shares,
        lives, loans.
    """
    rows = _Rows(tables)
    money = Money(
        {(row["currency"], int(row["year"])): float(row["local_per_usd"]) for row in rows.all("exchange_rates")},
        {(row["currency"], int(row["year"])): float(row["price_index"]) for row in rows.all("price_index")},
    )
    known = [str(entry["id"]) for entry in entries]
    problems = rows.strangers(known)
    projects = [_project(entry, rows) for entry in entries]
    for project, entry in zip(projects, entries, strict=True):
        problems += project.faults(money)
        if entry["main_rate"] not in project.discount_rates:
            message = f"{project.id}: '{entry['main_rate']}' is no row of discount_rates.csv. Name one that is."
            problems.append(Problem("LB891", message, "projects.toml", 0, "main_rate"))
        if project.access and project.access not in {row["access"] for row in rows.all("project_access")}:
            message = f"{project.id}: '{project.access}' is no row of project_access.csv. Name one that is."
            problems.append(Problem("LB891", message, "projects.toml", 0, "access"))
    refuse(problems)
    found = tuple(
        StudyProject(
            project,
            _effects(entry, rows),
            _effects(entry, rows, beside=True),
            _risks(project, rows, money),
            str(entry.get("scenario") or ""),
            str(entry.get("compared_with") or ""),
            tuple(entry.get("adds") or ()),
            tuple(entry.get("removes") or ()),
            tuple(entry.get("supposes_gone") or ()),
        )
        for project, entry in zip(projects, entries, strict=True)
    )
    accesses = {
        str(row["access"]): Access(
            float(row["open_probability"]), float(row["lapse_chance_per_year"]), float(row["restore_chance_per_year"])
        )
        for row in rows.all("project_access")
    }
    relations = rows.all("project_relations")
    return StudyProjects(
        found,
        money,
        accesses,
        tuple((r["project"], r["other"]) for r in relations if r["relation"] == "conflict"),
        tuple((r["project"], r["other"]) for r in relations if r["relation"] == "requires"),
        tuple(
            Joint((r["project"], *str(r["other"]).split("+")), 1e6 * float(r["value_musd"]))
            for r in relations
            if r["relation"] == "joint"
        ),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of the tables as plain dictionaries; a table that is absent has none."""

    tables: Mapping[str, Table]

    def all(self, table: str) -> list[dict[str, Any]]:
        return self.tables[table].rows() if table in self.tables else []

    def of(self, table: str, project: str) -> list[dict[str, Any]]:
        return [row for row in self.all(table) if row["project"] == project]

    def strangers(self, known: Sequence[str]) -> list[Problem]:
        return [
            Problem(
                "LB892",
                f"project '{row['project']}' is not in projects.toml. Name one of {list(known)}.",
                f"tables/{name}.csv",
                line + 2,
                "project",
            )
            for name, table in self.tables.items()
            if name.startswith("project_") and "project" in table
            for line, row in enumerate(table.rows())
            if row["project"] not in known
        ]


def _price(row: Row) -> Price | None:
    return (
        Price(str(row["currency"]), int(row["price_year"])) if row.get("currency") and row.get("price_year") else None
    )


def _project(entry: Row, rows: _Rows) -> Project:
    name = str(entry["id"])
    rates = {str(row["rate"]): float(row["rate_percent"]) / 100.0 for row in rows.all("discount_rates")}
    main = str(entry["main_rate"])
    ordered = {main: rates[main], **rates} if main in rates else rates
    steps = int(entry.get("ramp_up_years") or 0)
    first = float(entry.get("first_year_share", 1.0))
    tranches = rows.of("project_finance", name)
    return Project(
        id=name,
        title=str(entry["title"]),
        sponsor=str(entry["sponsor"]),
        price=_price({"currency": entry.get("price_currency"), "price_year": entry.get("price_year")}),
        base_year=int(entry["base_year"]),
        opening_year=int(entry["opening_year"]),
        life_years=int(entry["life_years"]),
        estimates=tuple(_estimate(row) for row in rows.of("project_estimates", name)),
        works=tuple(
            Works(r["item"], int(r["year"]), r["works_share"], r["economy"], r["tax_share"], r["conversion_factor"])
            for r in rows.of("project_works", name)
        ),
        upkeep=tuple(
            Upkeep(
                r["item"], r["economy"], r["works_share"], r["amount_m_local"], _price(r), r["tax_share"],
                r["conversion_factor"],
            )
            for r in rows.of("project_upkeep", name)
        ),
        revenue=tuple(_revenue(row) for row in rows.of("project_revenue", name)),
        ramp_up=tuple(float(x) for x in first + (1.0 - first) * np.arange(steps) / max(steps, 1)),
        residual_share=float(entry.get("residual_share") or 0.0),
        measures=(entry.get("measure") or "users",),
        discount_rates=ordered,
        timing=entry.get("timing") or "end",
        co2_usd_per_t={int(row["year"]): float(row["price_usd_per_t"]) for row in rows.all("co2_prices")},
        content={str(r["economy"]): float(r["content_share"]) for r in rows.of("project_content", name)},
        access=str(entry.get("access") or ""),
        finance=_plan(entry, tranches) if tranches else None,
        about=str(entry.get("about") or ""),
    )  # fmt: skip


def _estimate(row: Row) -> Estimate:
    return Estimate(
        row["item"], row["estimate"], row["low_m_local"], row["central_m_local"], row["high_m_local"], _price(row),
        bool(row["chosen"]), row["source"], row["note"],
    )  # fmt: skip


def _revenue(row: Row) -> Revenue:
    capacity, before = (float(row[name]) for name in ("capacity_count", "capacity_without_count"))
    return Revenue(
        row["item"], row["place"], row["basis"], row["tariff_usd"], row["economy"], int(row["price_year"]),
        row["operating_cost_usd"], float("inf") if np.isnan(capacity) else capacity,
        float("inf") if np.isnan(before) else before,
    )  # fmt: skip


def _plan(entry: Row, tranches: Sequence[Row]) -> FinancePlan:
    return FinancePlan(
        f"{entry['id']} finance",
        tuple(
            Tranche(
                row["tranche"],
                row["kind"],
                row["need_share"],
                row["currency"] or "USD",
                row["rate_percent"] / 100.0,
                row["upfront_fee_percent"] / 100.0,
                row["commitment_fee_percent"] / 100.0,
                int(row["grace_years"]),
                int(row["maturity_years"]),
                row["repayment"],
                row["construction_interest"],
                row["tied_to"],
                row["tied_content_share"],
                row["fallback"],
                int(row["payments_per_year_count"]),
            )
            for row in tranches
        ),
        inflation=float(entry.get("inflation_percent", 2.0)) / 100.0,
        depreciation={row["currency"]: row["depreciation_percent_per_year"] / 100.0 for row in tranches},
        target_cover=float(entry.get("target_cover_factor", 1.2)),
        income_group=entry.get("income_group") or "not_eligible",
    )


def _effects(entry: Row, rows: _Rows, *, beside: bool = False) -> ProjectEffects:
    """Return what the study states; of it only what stands beside a run if `beside`."""
    name = str(entry["id"])
    benefits, traffic = (
        [row for row in rows.of(table, name) if row["beyond_run"] or not beside]
        for table in ("project_benefits", "project_traffic")
    )
    year = int(benefits[0]["price_year"]) if benefits else int(entry["price_year"])
    if len({int(row["price_year"]) for row in benefits}) > 1:
        message = f"{name}: its rows have different price years. Give all in prices of one year."
        refuse([Problem("LB893", message, "tables/project_benefits.csv", 0, "price_year")])
    return ProjectEffects(
        year=int(entry["effects_year"]),
        price=Price("USD", year),
        traffic={
            (str(r["place"]), cast("Any", r["basis"])): Traffic(float(r["without_count"]), float(r["with_count"]))
            for r in traffic
        },
        user_benefit_usd=_by_economy(benefits, "user_benefit_musd"),
        welfare_usd={name: usd for name, usd in _by_economy(benefits, "welfare_musd").items() if usd},
        co2_change_t=0.0 if beside else 1e3 * float(entry.get("co2_change_kt") or 0.0),
        growth_per_year=float(entry.get("growth_percent_per_year") or 0.0) / 100.0,
        growth_until=int(entry.get("growth_until_year") or 2200),
        stated=True,
        stated_parts=_stated_parts(benefits, traffic) if beside else (),
    )


def _by_economy(benefits: Sequence[Row], column: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in benefits:
        found[str(row["economy"])] = found.get(str(row["economy"]), 0.0) + 1e6 * float(row[column])
    return found


def _stated_parts(benefits: Sequence[Row], traffic: Sequence[Row]) -> tuple[str, ...]:
    """Return in words what is stated beside a run."""
    units = {"t": "t", "teu": "TEU", "teu_km": "TEU-km", "year": "for the year"}
    parts = [
        f"{r['place']}: {float(r['with_count']) - float(r['without_count']):,.0f} {units[str(r['basis'])]} more a year"
        for r in traffic
    ]
    parts += [f"{r['economy']}: {float(r['user_benefit_musd']):g} million USD a year of users' gains" for r in benefits]
    return tuple(parts)


def _risks(project: Project, rows: _Rows, money: Money) -> Risks:
    parts = {str(row["part"]): row for row in rows.of("project_risks", project.id)}

    def spread(part: str) -> Spread:
        row = parts.get(part)
        if row is None:
            return Triangle(1.0, 1.0, 1.0)
        if row["spread"] == "estimates":
            return cost_range(project, money=money)
        if row["spread"] == "rail_overrun":
            return RAIL_COST
        return Triangle(row["low_factor"], row["mode_factor"], row["high_factor"])

    late = parts.get("late")
    chances = [late["low_factor"], late["mode_factor"], late["high_factor"]] if late else []
    return Risks(
        spread("cost"),
        spread("demand"),
        spread("upkeep"),
        (1.0 - float(sum(chances)), *(float(chance) for chance in chances)),
        project.access,
    )
