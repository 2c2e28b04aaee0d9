"""Input-output files read whole: sectors added up as they come, rows and columns held to gross output."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

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


WIOD_2013: list[list[Any]] = [
    ["Intercountry Input-Output Table for 2011"],
    ["(industry by industry)"],
    [None, None, None, None, "AtB", "30t33", "AtB", "30t33", None, None, None, None, None],
    [None, None, None, None, "Farms", "Wires", "Farms", "Wires", "Homes", "Stocks", "Homes", "Stocks", "Output"],
    [None, None, None, None, "AUS", "AUS", "RoW", "RoW", "AUS", "AUS", "RoW", "RoW", "TOT"],
    [None, None, None, None, "c1", "c14", "c1", "c14", "c37", "c42", "c37", "c42", "c60"],
    ["AtB", "Agriculture", "AUS", "r1", 1, 2, 3, 4, 5, -1, 6, 0, 20],
    ["30t33", "Electrical", "AUS", "r14", 1, 0, 0, 0, 1, 0, 2, 0, 4],
    ["AtB", "Agriculture", "RoW", "r1", 0, 1, 0, 1, 0, 0, 2, 0, 4],
    ["30t33", "Electrical", "RoW", "r14", 2, 0, 0, 2, 2, 0, 2, 1, 9],
    [None, "Total intermediate consumption", "TOT", "r60", 4, 3, 3, 7, 8, -1, 12, 1, 37],
    [None, "taxes less subsidies on products", "TOT", "r61", 1, 0, 0, 0, 0, 0, 0, 0, 1],
    [None, "Value added at basic prices", "TOT", "r65", 14, 1, 1, 2, 0, 0, 0, 0, 18],
    [None, "International Transport Margins", "TOT", "r66", 1, 0, 0, 0, 0, 0, 0, 0, 1],
    [None, "Output at basic prices", "TOT", "r69", 20, 4, 4, 9, 8, -1, 12, 1, 57],
]  # fmt: skip
"""Rows as release 2013 has them: two of title, four of header, industries, and r60 to r69 at the foot."""


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


def same_as_the_sheet(found: IoSectors) -> None:
    assert (found.release, found.year, found.economies) == ("wiod-2013", 2011, ("AUS", "ROW"))
    assert not found.warnings
    assert found.sectors == ("agriculture", "electronics")
    assert found.stocks[0, 0].tolist() == [-1.0, 0.0]
    assert found.final[0, 0].tolist() == [5.0, 6.0]
    assert found.costs.tolist() == [[16.0, 1.0], [1.0, 2.0]]  # taxes, value added, margins; not the total of inputs
    np.testing.assert_allclose(found.output, found.inputs.sum((0, 1)) + found.costs)


def test_a_sheet_of_release_2013_with_its_foot(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")
    from openpyxl import Workbook

    book = Workbook()
    for row in WIOD_2013:
        book.active.append(row)
    book.save(tmp_path / "WIOT11_ROW_Sep12.xlsx")
    book.close()
    same_as_the_sheet(read_io_sectors(tmp_path / "WIOT11_ROW_Sep12.xlsx"))


def test_a_binary_sheet_is_read_cell_by_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # nothing here writes .xlsb; pyxlsb's interface (sheets, get_sheet, rows of cells with a value v) is stood in for
    @contextmanager
    def sheet(_: str) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(rows=lambda: iter([[SimpleNamespace(v=cell) for cell in row] for row in WIOD_2013]))

    @contextmanager
    def opened(_: str) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(sheets=["Notes", "2011"], get_sheet=sheet)

    module = ModuleType("pyxlsb")
    module.open_workbook = opened  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyxlsb", module)
    same_as_the_sheet(read_io_sectors(tmp_path / "WIOT2011_Nov16_ROW.xlsb"))
