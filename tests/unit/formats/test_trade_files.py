"""Trade files in their publishers' layouts, quirks included: what is read, what is left out, what is refused."""

# ruff: noqa: E501 -- headers stand as the publishers write them

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.formats.baci import read_baci
from landbridge.formats.cepii_gravity import read_cepii_gravity
from landbridge.formats.comtrade import read_comtrade
from landbridge.formats.io_tables import read_icio, read_wiod
from landbridge.formats.itpde import read_itpde
from landbridge.formats.trade_excel import read_trade_excel
from landbridge.formats.trade_table import TradeTable, read_csv_columns

BACI = """t,i,j,k,v,q
2020,410,643,010121,1234.5,           2.5
2020,410,643,010129,   0.5,          NA
2020,643,410,270112,98765.432,1000
2020,490,410,854231,5,0.001
"""
CODES_NEW = """country_code,country_name,country_iso2,country_iso3
410,Rep. of Korea,KR,KOR
490,"Other Asia, nes",,S19
643,Russian Federation,RU,RUS
"""
CODES_OLD = """country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha
410,Rep. of Korea,Republic of Korea,KR,KOR
490,"Asia, not elsewhere specified","Asia, not elsewhere specified",,TWN
643,Russian Federation,Russian Federation,RU,RUS
"""


def write(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def as_rows(table: TradeTable) -> list[tuple[Any, ...]]:
    names = ("exporter", "importer", "year", "sector", "value_musd")
    return [tuple(row[name] for name in names) for row in table.rows.rows()]


@pytest.mark.parametrize("codes", [CODES_NEW, CODES_OLD])
def test_baci_keeps_zeros_in_front_and_adds_products_up(tmp_path: Path, codes: str) -> None:
    trade, countries = write(tmp_path, "BACI_HS92_Y2020.csv", BACI), write(tmp_path, "codes.csv", codes)
    found = read_baci(trade, countries)
    assert as_rows(found) == [
        ("KOR", "RUS", 2020, "01", pytest.approx(1.235)),
        ("RUS", "KOR", 2020, "27", pytest.approx(98.765432)),
        ("TWN", "KOR", 2020, "85", pytest.approx(0.005)),
    ]
    assert found.file_total_musd == pytest.approx((1234.5 + 0.5 + 98765.432 + 5) / 1e3)
    assert {row[3] for row in as_rows(read_baci(trade, countries, digits=6))} == {
        "010121",
        "010129",
        "270112",
        "854231",
    }
    assert {row[3] for row in as_rows(read_baci(trade, countries, digits=0))} == {"all"}
    np.testing.assert_allclose(found.flows(["RUS", "KOR"]), [[0, 98.765432], [1.235, 0]])
    np.testing.assert_allclose(found.flows(["RUS", "KOR"], sector="27"), [[0, 98.765432], [0, 0]])
    assert found.flows(["RUS", "KOR"], year=2019).sum() == 0


def test_baci_refuses_other_files_and_other_versions(tmp_path: Path) -> None:
    countries = write(tmp_path, "codes.csv", CODES_NEW)
    with pytest.raises(StudyError, match=r"other.csv:1: is not a BACI file: no column i, j, k, v"):
        read_baci(write(tmp_path, "other.csv", "t,x\n1,2\n"), countries)
    trade = write(tmp_path, "b.csv", BACI.replace("490", "999"))
    with pytest.raises(StudyError, match=r"countries 999 that codes\.csv lacks"):
        read_baci(trade, countries)
    with pytest.raises(StudyError, match="not a number"):
        read_baci(write(tmp_path, "b.csv", BACI.replace("1234.5", "1234,5x".replace(",", "."))), countries)
    with pytest.raises(StudyError, match="is not BACI's list"):
        read_baci(trade, write(tmp_path, "p.csv", "code,description\n1,x\n"))


def test_large_files_are_added_up_chunk_by_chunk(tmp_path: Path) -> None:
    lines = ["t,i,j,k,v,q"] + [f"2020,410,643,{k % 97:06d},1,0" for k in range(1_200_000)]
    trade = write(tmp_path, "BACI.csv", "\n".join(lines) + "\n")
    assert trade.stat().st_size > 1 << 24
    found = read_baci(trade, write(tmp_path, "codes.csv", CODES_NEW), digits=0)
    assert as_rows(found) == [("KOR", "RUS", 2020, "all", pytest.approx(1200.0))]


ITPDE = """exporter_iso3,exporter_dynamic_code,importer_iso3,importer_dynamic_code,year,industry_id,industry_descr,broad_sector,trade,flag_mirror,flag_zero
KOR,KOR,KOR,KOR,2015,1,"Wheat, and more",Agriculture,10.5,0,p
KOR,KOR,RUS,RUS,2015,1,"Wheat, and more",Agriculture,,0,u
KOR,KOR,RUS,RUS,2015,36,Coal,Mining & Energy,2,1,p
KOR,KOR,RUS,RUS,2015,40,Oil,Mining & Energy,3,1,p
"""


def test_itpde_has_domestic_sales_and_counts_what_is_empty(tmp_path: Path) -> None:
    path = write(tmp_path, "ITPD_E_R02.csv", ITPDE)
    found = read_itpde(path)
    assert as_rows(found) == [
        ("KOR", "KOR", 2015, "Agriculture", 10.5),
        ("KOR", "RUS", 2015, "Agriculture", 0.0),
        ("KOR", "RUS", 2015, "Mining & Energy", 5.0),
    ]
    assert [problem.message[:6] for problem in found.warnings] == ["1 rows"]
    assert found.warnings[0].severity == "warning"
    assert len(read_itpde(path, sectors="industry_id").rows) == 4
    assert read_itpde(path, sectors="all").flows(["KOR", "RUS"]).tolist() == [[10.5, 5.0], [0.0, 0.0]]


COMTRADE = """typeCode,freqCode,refPeriodId,refYear,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,cmdDesc,customsCode,motCode,primaryValue
C,A,20160101,2016,2016,643,RUS,Russian Federation,M,Import,0,W00,World,0,H4,TOTAL,All Commodities,C00,0,13000000.0,
C,A,20160101,2016,2016,643,RUS,Russian Federation,M,Import,410,KOR,Rep. of Korea,0,H4,TOTAL,All Commodities,C00,0,5000000.0,
C,A,20160101,2016,2016,643,RUS,Russian Federation,M,Import,410,KOR,Rep. of Korea,156,H4,TOTAL,All Commodities,C00,0,1000000.0,
C,A,20160101,2016,2016,643,RUS,Russian Federation,M,Import,384,CIV,Côte d'Ivoire,0,H4,TOTAL,All Commodities,C00,0,8000000.0,
C,A,20160101,2016,2016,643,RUS,Russian Federation,RX,Re-export,410,KOR,Rep. of Korea,0,H4,TOTAL,All Commodities,C00,0,7.0,
C,A,20160101,2016,2016,410,KOR,Rep. of Korea,X,Export,643,RUS,Russian Federation,0,H4,TOTAL,All Commodities,C00,0,4700000.0,
C,A,20160101,2016,2016,410,KOR,Rep. of Korea,X,Export,496,MNG,Mongolia,0,H4,TOTAL,All Commodities,C00,0,200000.0,
"""
OLD_COMTRADE = """Classification,Year,Period,Aggregate Level,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Trade Value (US$),Flag
H4,2016,2016,2,1,Import,36,Australia,AUS,0,World,WLD,01,Live animals,3000000,0
H4,2016,2016,2,1,Import,36,Australia,AUS,410,"Korea, Rep.",KOR,01,Live animals,1000000,0
"""


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_comtrade_takes_one_side_and_fills_with_the_other(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "TradeData.csv", COMTRADE, encoding=encoding)
    found = read_comtrade(path)
    assert as_rows(found) == [
        ("CIV", "RUS", 2016, "TOTAL", 8.0),
        ("KOR", "MNG", 2016, "TOTAL", 0.2),
        ("KOR", "RUS", 2016, "TOTAL", 5.0),
    ]
    assert [word.split()[2] for word in found.rows.text("source")] == ["imports", "exports", "imports"]
    assert not found.warnings
    assert read_comtrade(path, prefer="exporter").flows(["KOR", "RUS"])[0, 1] == pytest.approx(4.7)


def test_comtrade_of_the_old_site_is_held_to_its_world_total(tmp_path: Path) -> None:
    found = read_comtrade(write(tmp_path, "comtrade.csv", OLD_COMTRADE))
    assert as_rows(found) == [("KOR", "AUS", 2016, "01", 1.0)]
    assert "partners add up to 1 million USD, the world total is 3" in found.warnings[0].message


def test_a_comtrade_file_of_world_totals_alone_is_refused(tmp_path: Path) -> None:
    lines = OLD_COMTRADE.splitlines()[:2]
    with pytest.raises(StudyError, match="neither imports nor exports of single partners"):
        read_comtrade(write(tmp_path, "c.csv", "\n".join(lines)))


GRAVITY = """year,country_id_o,country_id_d,iso3_o,iso3_d,country_exists_o,country_exists_d,dist,contig,fta_wto,tradeflow_baci
1989,DEU,POL,DEU,POL,0,1,518,1,,1
1990,DEU,POL,DEU,POL,1,1,518,1,0,
2000,DEU,POL,DEU,POL,1,1,518,1,1,24000000
"""


def test_cepii_gravity_leaves_out_countries_that_did_not_exist(tmp_path: Path) -> None:
    path = write(tmp_path, "Gravity_V202211.csv", GRAVITY)
    found = read_cepii_gravity(path, ("dist", "contig", "fta_wto"))
    assert found.integer("year").tolist() == [1990, 2000]
    assert np.isnan(found.number("value_musd")[0])
    assert found.number("value_musd")[1] == pytest.approx(24000.0)
    assert len(read_cepii_gravity(path, ("dist",), years=(1995, 2005))) == 1
    with pytest.raises(StudyError, match="no column comlang_off"):
        read_cepii_gravity(path)


ICIO = """V1,AUS_01T02,AUS_03,CN1_01T02,CN2_01T02,AUS_HFCE,CN1_HFCE,CHN_GFCF,OUT
AUS_01T02,10,5,1,1,20,2,3,42
AUS_03,1,1,0,0,4,1,0,7
CN1_01T02,2,0,3,1,1,30,2,39
CN2_01T02,1,0,1,2,0,10,1,15
AUS_TAXSUB,1,1,1,1,1,1,1,
VA,27,0,33,11,,,,
OUT,42,7,39,15,,,,
"""


def test_icio_puts_split_economies_together_and_counts_final_demand(tmp_path: Path) -> None:
    found = read_icio(write(tmp_path, "ICIO2021_2018.csv", ICIO))
    assert not found.warnings
    np.testing.assert_array_equal(found.flows(["AUS", "CHN"]), [[10 + 5 + 20 + 1 + 1 + 4, 7 + 1], [2 + 1 + 1, 36 + 14]])
    assert found.rows.integer("year").tolist() == [2018] * len(found.rows)
    assert set(found.rows.text("sector")) == {"01T02", "03"}
    wrong = read_icio(write(tmp_path, "2019_SML.csv", ICIO.replace("CN1_01T02,2", "CN1_01T02,4")))
    assert "1 rows do not add up to their output: CHN 01T02 (41 and 39)" in wrong.warnings[0].message
    with pytest.raises(StudyError, match="year"):
        read_icio(write(tmp_path, "icio.csv", ICIO))


ICIO_2016 = """"","AUS_C01T05AGR","AUS_C10T14MIN","CHN_C01T05AGR","CN1_C01T05AGR","CN4_C01T05AGR","HFCE_AUS","HFCE_CHN","INV_AUS","DISC","TOTAL"
"AUS_C01T05AGR",10,5,0,1,1,20,2,-2,1,38
"AUS_C10T14MIN",1,1,0,0,0,4,1,0,0,7
"CHN_C01T05AGR",0,0,0,0,0,0,0,0,0,0
"CN1_C01T05AGR",2,0,0,3,1,1,30,0,0,37
"CN4_C01T05AGR",1,0,0,1,2,0,10,0,0,14
"AUS_TAXSUB",1,1,0,1,1,1,1,0,0,
"VALU",23,0,0,31,9,,,,,
"""
ICIO_2023 = """V1,ARG_A01_02,ARG_B05_06,ROW_A01_02,ROW_B05_06,ARG_HFCE,ARG_DPABR,ROW_HFCE,ROW_INVNT,OUT
ARG_A01_02,1,2,3,4,5,0,6,1,22
ARG_B05_06,1,1,1,1,0,0,1,0,5
ROW_A01_02,2,0,2,0,2,1,9,-1,15
ROW_B05_06,0,1,0,1,0,0,2,0,4
TLS,1,0,1,0,1,0,2,0,0
VA,17,1,8,-2,,,,,
OUT,22,5,15,4,,,,,
"""


def test_the_icio_edition_of_2016_names_final_demand_before_the_economy(tmp_path: Path) -> None:
    # header, TOTAL, DISC, CN1 to CN4 and TAXSUB as pymrio's tests and exvatools' reader have them
    found = read_icio(write(tmp_path, "ICIO2016_2011.csv", ICIO_2016))
    assert not found.warnings  # each row adds up to TOTAL with the discrepancy
    np.testing.assert_array_equal(found.flows(["AUS", "CHN"]), [[15 + 20 - 2 + 6, 4 + 1], [4, 7 + 40]])


def test_the_icio_edition_of_2023_keeps_underscores_in_its_industries(tmp_path: Path) -> None:
    found = read_icio(write(tmp_path, "2018_SML.csv", ICIO_2023))
    assert not found.warnings
    assert set(found.rows.text("sector")) == {"A01_02", "B05_06"}
    assert found.flows(["ARG", "ROW"], sector="A01_02").tolist() == [[8, 14], [5, 10]]


def wiod_sheet(path: Path, *, release: int) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "WIOT_2011" if release == 2013 else "2014"
    if release == 2013:
        last, total = ("c37", ["", "Total output", "TOT", "c60"])
        sheet.append(["Intercountry Input-Output Table for 2011"])
        sheet.append(["(industry by industry)"])
    else:
        last, total = ("c57", ["", "Gross output", "TOT", "c62"])
        sheet.append(["World Input-Output Table"])
        sheet.append(["current prices, millions of dollars"])
    buyers = [("AtB", "Agriculture", "AUS", "c1"), ("C", "Mining", "AUS", "c2"), ("AtB", "Agriculture", "RoW", "c1"),
              ("C", "Mining", "RoW", "c2"), ("", "Households", "AUS", last), ("", "Households", "RoW", last), tuple(total)]  # fmt: skip
    for level in range(4):
        sheet.append([None] * 4 + [buyer[level] or None for buyer in buyers])
    cells = [[1, 2, 3, 4, 5, 6, 21], [1, 0, 0, 0, 1, 0, 2], [0, 1, 0, 1, 0, 2, 4], [2, 2, 2, 2, 2, 2, 12]]
    for k, (code, country) in enumerate([("AtB", "AUS"), ("C", "AUS"), ("AtB", "RoW"), ("C", "RoW")]):
        sheet.append([code, "name", country, f"r{k % 2 + 1}", *cells[k]])
    sheet.append([None, "Total intermediate consumption", "TOT", "r60", *[9] * 7])
    sheet.append([None, "Value added", "TOT", "r64", *[9] * 7])
    book.save(path)
    book.close()
    return path


@pytest.mark.parametrize(("release", "name"), [(2013, "WIOT11_ROW_Sep12.xlsx"), (2016, "WIOT2014_Nov16_ROW.xlsx")])
def test_wiod_sheets_of_both_releases(tmp_path: Path, release: int, name: str) -> None:
    pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")
    found = read_wiod(wiod_sheet(tmp_path / name, release=release))
    assert not found.warnings
    np.testing.assert_array_equal(found.flows(["AUS", "ROW"]), [[8 + 2, 13 + 0], [1 + 6, 3 + 6]])
    assert set(found.rows.text("sector")) == {"AtB", "C"}
    assert found.rows.integer("year")[0] == (2011 if release == 2013 else 2014)


def test_wiod_2016_as_stata_holds_it(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "IndustryCode": ["A01", "A01", "II_fob"],
            "IndustryDescription": ["Crops"] * 3,
            "Country": ["AUS", "ROW", "TOT"],
            "RNr": [1, 1, 65],
            "Year": [2014, 2014, 2014],
            "vAUS1": [1.0, 2.0, 3.0],
            "vROW1": [3.0, 4.0, 7.0],
            "vAUS57": [5.0, 6.0, 11.0],
            "vROW57": [7.0, 8.0, 15.0],
            "TOT": [16.0, 20.0, 36.0],
        }
    )
    frame.to_stata(tmp_path / "WIOT2014_October16_ROW.dta", write_index=False)
    found = read_wiod(tmp_path / "WIOT2014_October16_ROW.dta")
    assert not found.warnings
    np.testing.assert_array_equal(found.flows(["AUS", "ROW"]), [[6, 10], [8, 12]])


def test_what_is_not_read_is_said_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"Give ICIO as \.csv, WIOD as \.dta, \.xlsb or \.xlsx"):
        read_wiod(tmp_path / "WIOT2014_October16_ROW.RData")


def excel(path: Path, rows: list[list[Any]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    book.close()
    return path


def test_plain_excel_in_both_forms(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")
    long = excel(
        tmp_path / "a.xlsx", [["Exporter", "Importer", "Value", "Sector"], ["KOR", "RUS", 2500, "coal"], [None] * 4]
    )
    found = read_trade_excel(long, year=2016, unit="thousand_usd")
    assert as_rows(found) == [("KOR", "RUS", 2016, "coal", 2.5)]
    matrix = [["", "KOR", "RUS", "Total"], ["KOR", 1, 2, 3], ["RUS", 3, None, 3], ["total", 4, 2, 6]]
    found = read_trade_excel(excel(tmp_path / "b.xlsx", matrix), year=2016)
    assert found.flows(["KOR", "RUS"]).tolist() == [[1, 2], [3, 0]]
    matrix[1][3], matrix[2][1], matrix[3][2] = 4, "three", 9
    with pytest.raises(StudyError) as caught:
        read_trade_excel(excel(tmp_path / "c.xlsx", matrix), year=2016)
    assert {(p.code, p.row, p.column) for p in caught.value.problems} >= {
        ("LB442", 2, "total"), ("LB441", 3, "KOR"), ("LB442", 4, "RUS")
    }  # fmt: skip
    with pytest.raises(StudyError, match="no sheet 'x'"):
        read_trade_excel(long, year=2016, sheet="x")


def test_columns_of_any_csv_file(tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", 'exporter,importer,year,trade,FTA\nKOR,"RUS",2016,1.5,0\n')
    found = read_csv_columns(path, ("exporter", "trade", "FTA"), texts=("exporter",))
    assert found["exporter"].tolist() == ["KOR"]
    assert found["trade"].tolist() == [1.5]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["KOR", "RUS", 2016, "much", 0])
    with pytest.raises(StudyError, match="trade: holds what is not a number"):
        read_csv_columns(path, ("trade",))
