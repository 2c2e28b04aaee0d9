"""One small project whose every amount can be worked by hand."""

import pytest

from landbridge.appraisal.effects import ProjectEffects, Traffic
from landbridge.appraisal.money import Money, Price
from landbridge.appraisal.project import Estimate, Project, Revenue, Upkeep, Works

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
