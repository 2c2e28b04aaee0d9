"""One small project whose every amount can be worked by hand."""

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from landbridge.appraisal.assemble import StudyProjects, study_projects
from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Estimate, Project, Revenue, Upkeep, Works
from landbridge.appraisal.tables import PROJECT_TABLES
from landbridge.core.columns import TableSpec
from landbridge.core.tables import Table

USD = Price("USD", 2018)


@pytest.fixture
def money() -> Money:
    return Money({("KRW", 2018): 1000.0}, {})


@pytest.fixture
def project() -> Project:
    """100 m USD of works in two years, opens 2020, three years of use, half use in the first."""
    return Project(
        id="line",
        title="A line",
        sponsor="KOR",
        price=USD,
        base_year=2018,
        opening_year=2020,
        life_years=3,
        estimates=(
            Estimate("track", "study", 80_000.0, 100_000.0, 150_000.0, Price("KRW", 2018), chosen=True),
            Estimate("track", "press", 300.0, 400.0, 400.0, USD),
        ),
        works=(Works("track", 2018, 0.4, "PRK", 0.1, 0.8), Works("track", 2019, 0.6, "PRK", 0.1, 0.8)),
        upkeep=(Upkeep("upkeep", "PRK", works_share=0.02),),
        revenue=(Revenue("haulage", "line", "teu_km", 0.2, "KOR", 2018, operating_cost=0.05),),
        ramp_up=(0.5,),
        residual_share=0.1,
        discount_rates={"Korea": 0.045, "ADB": 0.09},
        co2_usd_per_t={2018: 50.0},
        content={"KOR": 0.6},
    )


@pytest.fixture
def effects() -> ProjectEffects:
    return ProjectEffects(
        year=2020,
        price=USD,
        traffic={("line", "teu_km"): Traffic(1e8, 3e8)},
        user_benefit_usd={"KOR": 3e7, "RUS": 1e7},
        welfare_usd={"KOR": 5e7, "RUS": 1e7},
        other_operators_usd={"CHN": -5e6},
        co2_change_t=-1e4,
        growth_per_year=0.1,
    )


def plain_table(spec: TableSpec, folder: Path) -> Table:
    """Read one CSV by its declaration, as plainly as can be."""
    with (folder / f"{spec.name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, np.ndarray] = {}
    for column in spec.columns:
        cells = [row[column.name] for row in rows]
        empty = {"number": np.nan, "integer": 0, "boolean": False}.get(column.kind, "")
        default = empty if column.default is None else column.default
        if column.required:
            assert all(cells), f"{spec.name}.{column.name} has an empty cell"
        if column.kind in ("number", "integer"):
            values = [float(cell) if cell else float(default) for cell in cells]
            stated = [v for v, cell in zip(values, cells, strict=True) if cell]
            assert all(column.low <= v <= column.high for v in stated), f"{spec.name}.{column.name} out of range"
            columns[column.name] = np.array(values, dtype=np.float64 if column.kind == "number" else np.int64)
        elif column.kind == "boolean":
            columns[column.name] = np.array([cell == "true" for cell in cells])
        else:
            words = [cell or str(default) for cell in cells]
            assert not column.choices or set(words) <= set(column.choices), f"{spec.name}.{column.name}"
            columns[column.name] = np.array(words, dtype=object)
    return Table(spec.name, columns)


@pytest.fixture(scope="session")
def flagship_folder() -> Path:
    return Path(__file__).parents[3] / "src" / "landbridge" / "studies" / "northeast-asia"


@pytest.fixture(scope="session")
def flagship_tables(flagship_folder: Path) -> dict[str, Table]:
    return {spec.name: plain_table(spec, flagship_folder / "tables") for spec in PROJECT_TABLES}


@pytest.fixture(scope="session")
def flagship(flagship_folder: Path, flagship_tables: dict[str, Table]) -> StudyProjects:
    entries = tomllib.loads((flagship_folder / "projects.toml").read_text(encoding="utf-8"))["project"]
    return study_projects(entries, flagship_tables)
