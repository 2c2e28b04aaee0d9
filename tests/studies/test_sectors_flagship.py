"""The flagship's input-output table: what it is made of, and a full-size file in WIOD's layout in its place."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from landbridge.cli.main import main
from landbridge.formats.io_sectors import shipped_concordance
from landbridge.pipeline.run import run_scenarios
from landbridge.pipeline.sector_data import study_sectors
from landbridge.study.new import new_study
from landbridge.study.reader import check_study, read_study

DATA = Path(__file__).parents[2] / "../shared/data/trade"
CLASSES = ("electronics", "manufactures", "basic")
LACKING = {"CHE", "HRV", "NOR", "MNG", "PRK"}
COUNTRIES = [
    "AUS",
    "AUT",
    "BEL",
    "BGR",
    "BRA",
    "CAN",
    "CHE",
    "CHN",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "HRV",
    "HUN",
    "IDN",
    "IND",
    "IRL",
    "ITA",
    "JPN",
    "KOR",
    "LTU",
    "LUX",
    "LVA",
    "MEX",
    "MLT",
    "NLD",
    "NOR",
    "POL",
    "PRT",
    "ROU",
    "RUS",
    "SVK",
    "SVN",
    "SWE",
    "TUR",
    "TWN",
    "USA",
    "ROW",
]


def test_who_stands_for_whom_and_what_stands_on_one_sector() -> None:
    found = study_sectors(read_study("northeast-asia"), CLASSES)
    assert {name for name, how in found.holds.items() if how == "rest"} == LACKING
    assert {name for name, how in found.holds.items() if how == "part"} == {"RUS", "RUS-FE"}
    assert (len(found.accounts.economies), len(found.accounts.sectors)) == (41, 10)
    np.testing.assert_allclose(found.class_sectors.sum(1), 1.0)
    # services, mining: nothing of them is in containers
    assert found.class_sectors[:, [1, 9]].max() == 0.0
    # electronics ride in the class of electronics
    assert found.class_sectors[0].argmax() == found.accounts.sectors.index("machinery_electronics")


def test_the_table_adds_up_as_the_publisher_s_do() -> None:
    # world value added is world final use; both are 69.4 trillion USD in release 2013 for 2011 (the World Bank's GDP,
    # at purchasers' prices, is 73 to 74)
    accounts = study_sectors(read_study("northeast-asia"), CLASSES).accounts
    assert accounts.value_added.sum() == accounts.final.sum() == 69_438_665
    assert accounts.value_added.min() > 0
    assert accounts.final.min() > 0


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data/trade")
def test_the_table_is_that_of_the_raw_data_and_lies_between_the_years_of_release_2016() -> None:
    from tools.build_northeast_asia_sectors import accounts_of

    accounts = study_sectors(read_study("northeast-asia"), CLASSES).accounts
    raw = accounts_of(DATA / "wiod2011_41x10.npz")
    order = [raw.economies.index(name) for name in accounts.economies]
    np.testing.assert_array_equal(accounts.flows, raw.flows[:, order][:, :, order])
    np.testing.assert_array_equal(accounts.inputs, raw.inputs[order])
    # an independent record: flows of release 2016, other classification and revision, for 2010 and 2014
    flows: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    with (DATA / "wiod_flows_44_2000_2005_2010_2014.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            flows[row["year"][:4]][row["exporter"], row["importer"]] = float(row["trade"])
    names = [name for name in accounts.economies if name != "ROW"]
    at = [accounts.economies.index(name) for name in names]
    mine = accounts.flows.sum(0)[np.ix_(at, at)]
    early, late = (np.array([[flows[y][a, b] for b in names] for a in names]) for y in ("2010", "2014"))
    large = (mine > 100) & (early > 100) & (late > 100)
    middle = np.log(0.75 * early + 0.25 * late)
    assert np.corrcoef(np.log(mine[large]), middle[large])[0, 1] > 0.96
    home = np.diag(mine) / (0.75 * np.diag(early) + 0.25 * np.diag(late))
    assert 0.95 < np.median(home) < 1.15
    assert (np.abs(np.log(home)) < 0.35).all()


@pytest.mark.slow
def test_many_sectors_beside_one_with_intervals() -> None:
    result = run_scenarios(read_study("northeast-asia"), ["rail-link"], draws=12, seed=1)["rail-link"]
    rows = result.tables["sectors"]
    value = {
        (economy, measure): float(v)
        for economy, measure, v in zip(rows["economy"], rows["measure"], rows["value"], strict=True)
    }
    assert {economy for economy, measure in value if measure == "one_sector_only"} == LACKING
    for economy in ("KOR", "CHN", "RUS"):
        many, one = value[economy, "real_income_many_sectors"], value[economy, "gain_one_sector"]
        assert 0.3 < many / one < 3.0  # of income and of GDP: the same order of size
        for figure in ("real_income_many_sectors", "gain_one_sector"):
            ends = [value[economy, f"{figure}_{end}"] for end in ("low", "median", "high")]
            assert ends == sorted(ends)
            assert ends[0] > 0


def wiod_2016(path: Path, seed: int = 0) -> float:
    """Write a table of random numbers in the layout of release 2016 (Stata), 2,464 industries; return its output."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    codes = list(shipped_concordance()["wiod-2016"])
    n, k = len(COUNTRIES), len(codes)
    size = np.exp(rng.normal(3.0, 1.0, n))
    near = np.where(np.eye(n, dtype=bool), 1.0, 0.02) * np.sqrt(size[:, None] * size)
    inputs = (rng.uniform(0.5, 1.5, (n, k, n, k)) * near[:, None, :, None]).reshape(n * k, n * k) * 0.02
    final = rng.uniform(0.5, 1.5, (n, k, n, 5)) * near[:, None, :, None] * np.array([1.5, 0.1, 0.4, 0.5, 0.02])
    final[..., 4] *= rng.choice([-1.0, 1.0], final[..., 4].shape)
    final = final.reshape(n * k, n * 5)
    output = inputs.sum(1) + final.sum(1)
    blank = np.zeros(n * 5 + 1)
    foot = {
        "II_fob": (65, inputs.sum(0)), "TXSP": (66, 0.01 * output), "EXP_adj": (67, 0.0 * output),
        "PURR": (68, 0.0 * output), "PURNR": (69, 0.0 * output), "VA": (70, 0.98 * output - inputs.sum(0)),
        "IntTTM": (71, 0.01 * output), "GO": (73, output),
    }  # fmt: skip
    values = np.vstack([
        np.column_stack([inputs, final, output]),
        *(np.concatenate([cells, blank]) for _, cells in foot.values()),
    ])  # fmt: skip
    names = [f"v{c}{j}" for c in COUNTRIES for j in range(1, k + 1)]
    names += [f"v{c}{j}" for c in COUNTRIES for j in range(57, 62)]
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "IndustryCode": codes * n + list(foot),
                    "Country": [c for c in COUNTRIES for _ in codes] + ["TOT"] * len(foot),
                    "RNr": [*range(1, k + 1)] * n + [number for number, _ in foot.values()],
                    "Year": 2014,
                }
            ),
            pd.DataFrame(values, columns=[*names, "TOT"]),
        ],
        axis=1,
    )
    frame.to_stata(path, write_index=False)
    return float(output.sum())


@pytest.mark.slow
def test_a_file_of_full_size_goes_through_the_command_and_the_flagship(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = wiod_2016(tmp_path / "WIOT2014_October16_ROW.dta")
    study = new_study(tmp_path / "mine", example="northeast-asia")
    assert main(["data", "sectors", str(tmp_path / "WIOT2014_October16_ROW.dta"), "--study", str(study)]) == 0
    told = capsys.readouterr()
    assert "do not add up" not in told.out
    assert f"{output:,.0f}" in told.out
    assert "On one sector only, as the table lacks them: MNG, PRK" in told.err
    assert not [problem for problem in check_study(study) if problem.severity == "fault"]
    read = read_study(study)
    accounts = study_sectors(read, CLASSES).accounts
    assert (len(accounts.economies), len(accounts.sectors)) == (44, 14)
    result = run_scenarios(read, ["rail-link"])["rail-link"]
    assert "real_income_many_sectors" in result.tables["sectors"]["measure"]
