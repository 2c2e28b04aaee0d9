"""Shipped trade elasticities by sector against the inputs of Caliendo and Parro (2015)."""

import csv
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ROOT / "../shared/data/trade/caliendo_parro_2015_inputs.npz"
# The first twenty sectors of the paper's table 1, in its order (those that trade; the others have the mean).
TABLE = (
    "agriculture mining food textile wood paper petroleum chemicals plastic minerals basic_metals metal_products "
    "machinery office electrical communication medical auto other_transport other"
)
PARTS = {
    "agriculture": "agriculture",
    "mining": "mining",
    "food": "food",
    "textiles": "textile",
    "wood_paper": "wood paper",
    "petroleum": "petroleum",
    "chemicals": "chemicals plastic",
    "minerals": "minerals",
    "metals": "basic_metals metal_products",
    "electronics": "office electrical communication medical",
    "machinery": "machinery",
    "transport_equipment": "auto other_transport",
    "other_manufactures": "other",
    "wood_paper_other": "wood paper other",
    "petroleum_chemicals": "petroleum chemicals plastic",
    "machinery_electronics": "machinery office electrical communication medical",
}
"""Sectors of ours, and those of the paper whose median they have."""


@pytest.mark.skipif(not INPUTS.exists(), reason="needs ../shared/data/trade")
@pytest.mark.parametrize("file", ["src/landbridge/data/sectors.csv", "tools/inputs/sectors_wiod2011.csv"])
def test_elasticities_are_medians_of_the_paper_s(file: str) -> None:
    with np.load(INPUTS) as held:
        published = dict(zip(TABLE.split(), held["th"].tolist(), strict=False))
    with (ROOT / file).open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        value = float(row["trade_elasticity"])
        # half to one and a half times is the stated range of all of them
        assert float(row["low_elasticity"]) == pytest.approx(value / 2, rel=1e-3)
        assert float(row["high_elasticity"]) == pytest.approx(1.5 * value, rel=1e-3)
        if row["source"] == "caliendo-parro-2015":
            parts = [published[name] for name in PARTS[row["sector"]].split()]
            assert value == pytest.approx(np.median(parts), abs=1e-9), row["sector"]
    assert {row["sector"] for row in rows if row["source"] == "assumption"} == {"services"}
