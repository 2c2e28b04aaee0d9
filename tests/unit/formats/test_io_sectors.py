"""Input-output files read whole: sectors added up as they come, rows and columns held to gross output."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.formats.io_sectors import IoSectors, read_concordance, read_io_sectors, shipped_concordance

ICIO = """V1,ARG_A01_02,ARG_B05_06,ROW_A01_02,ROW_B05_06,ARG_HFCE,ARG_DPABR,ROW_HFCE,ROW_INVNT,OUT
ARG_A01_02,1,2,3,4,5,0,6,1,22
ARG_B05_06,1,1,1,1,0,0,1,0,5
ROW_A01_02,2,0,2,0,2,1,9,-1,15
ROW_B05_06,0,1,0,1,0,0,2,0,4
TLS,1,0,1,0,1,0,2,0,0
VA,17,1,8,-2,,,,,
OUT,22,5,15,4,,,,,
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def at(table: IoSectors, economy: str, sector: str) -> tuple[int, int]:
    return table.economies.index(economy), table.sectors.index(sector)


def test_cells_go_to_seller_buyer_and_sector(tmp_path: Path) -> None:
    found = read_io_sectors(write(tmp_path, "2018_SML.csv", ICIO))
    assert (found.release, found.year, found.economies) == ("oecd-icio", 2018, ("ARG", "ROW"))
    sold, bought = at(found, "ARG", "agriculture"), at(found, "ROW", "mining")
    assert found.inputs[(*sold, *bought)] == 4.0
    assert found.final[(*sold, 0)] == 5.0
    assert found.stocks[at(found, "ROW", "agriculture")].tolist() == [0.0, -1.0]
    assert found.final[at(found, "ROW", "agriculture")].tolist() == [3.0, 9.0]  # purchases abroad are final demand
    assert found.costs[sold] == 18.0  # taxes on products and value added
    assert not found.warnings
    # gross output is the row sum of uses and the column sum of costs
    uses = found.inputs.sum((2, 3)) + found.final.sum(2) + found.stocks.sum(2)
    np.testing.assert_allclose(found.output, uses)
    np.testing.assert_allclose(found.output, found.inputs.sum((0, 1)) + found.costs)


def test_rows_and_columns_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    found = read_io_sectors(write(tmp_path, "2018.csv", ICIO.replace("VA,17,1,8", "VA,27,1,8")))
    assert ["column" in problem.message for problem in found.warnings] == [True]
    assert "ARG A01_02 (32 and 22)" in found.warnings[0].message
    found = read_io_sectors(write(tmp_path, "2019.csv", ICIO.replace("0,1,0,1,0,0,2,0,4", "0,1,0,1,0,0,9,0,4")))
    assert "1 rows do not add up to their output: ROW B05_06 (11 and 4)" in found.warnings[0].message


def test_industries_without_a_sector_are_named_and_a_concordance_of_ones_own_helps(tmp_path: Path) -> None:
    strange = write(tmp_path, "2018.csv", ICIO.replace("B05_06", "B99"))
    with pytest.raises(StudyError, match="industries B99 stand in no sector") as caught:
        read_io_sectors(strange)
    assert caught.value.problems[0].code == "LB451"
    own = read_concordance(write(tmp_path, "own.csv", "code,sector\nA01_02,goods\nB99,goods\n"))
    found = read_io_sectors(strange, own)
    assert found.sectors == ("goods",)
    assert found.inputs.sum() == 20.0
    with pytest.raises(StudyError) as caught:
        read_concordance(write(tmp_path, "bad.csv", "code,sector\nA,\nB,goods\nB,goods\n"))
    assert [(p.code, p.row) for p in caught.value.problems] == [("LB450", 2), ("LB450", 4)]
    with pytest.raises(StudyError, match="no columns code and sector"):
        read_concordance(write(tmp_path, "no.csv", "from,to\nA,B\n"))


def test_letters_behind_the_codes_of_2016_do_not_matter(tmp_path: Path) -> None:
    text = ICIO.replace("A01_02", "C01T05AGR").replace("B05_06", "C30T33XCEQ")
    found = read_io_sectors(write(tmp_path, "ICIO2016_2011.csv", text))
    assert found.year == 2011
    assert found.output[at(found, "ARG", "electronics")] == 5.0


def test_the_shipped_concordance_covers_the_published_lists() -> None:
    shipped = shipped_concordance()
    # 35 industries (release 2013) and 56 (2016); editions of ICIO have 34, 36, 45, 45 and 50, some codes in common
    assert {name: len(codes) for name, codes in shipped.items() if name != "oecd-icio"} == {
        "wiod-2013": 35,
        "wiod-2016": 56,
    }
    sectors = {name: set(codes.values()) for name, codes in shipped.items()}
    assert len(sectors["oecd-icio"]) == 14
    assert sectors["wiod-2013"] == sectors["wiod-2016"] == sectors["oecd-icio"]
    manufactures = Counter(sector for code, sector in shipped["wiod-2016"].items() if code.startswith("C"))
    assert sum(manufactures.values()) == 19
    assert manufactures["services"] == 0
    assert {code for code, sector in shipped["wiod-2013"].items() if sector == "electronics"} == {"30t33"}
