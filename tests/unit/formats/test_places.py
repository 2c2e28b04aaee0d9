"""UN/LOCODE and the World Port Index, as they come."""

from pathlib import Path

# ruff: noqa: E501 -- headers stand as the publishers write them
import numpy as np
import pytest

from landbridge.core.problems import StudyError
from landbridge.formats.places import read_unlocode, read_world_port_index

LOCODE = """,KR,,.KOREA (REPUBLIC OF),,,,,,,,
,KR,PUS,Busan,Busan,26,12345---,AI,0501,,3506N 12902E,
+,RU,VVO,Vladivostok,Vladivostok,PRI,1-34----,AI,0601,,4307N 13153E,
X,RU,ZZZ,Gone,Gone,,1-------,RL,0601,,,
,AR,USH,Ushuaia,Ushuaia,V,1-34---B,AI,0601,,5448S 06818W,
,DE,XXX,Nowhere,Nowhere,,--3-----,RL,0601,,,
"""
WPI = """OID_,World Port Index Number,Region Name,Main Port Name,Alternate Port Name,UN/LOCODE,Country Code,World Water Body,Harbor Size,Railway,Latitude,Longitude
1,60370,South Korea,Busan,Pusan,KR PUS,South Korea,Korea Strait,Large,Medium,35.1,129.05
2,1,Nowhere,Small,, ,Nowhere,,Very Small,,-54.8,-68.3
"""


def test_unlocode_parts_are_read_without_a_header(tmp_path: Path) -> None:
    one, two = tmp_path / "Part1.csv", tmp_path / "Part2.csv"
    lines = LOCODE.splitlines(keepends=True)
    one.write_text("".join(lines[:3]), encoding="utf-8")
    two.write_bytes(
        "".join([*lines[3:], ",CI,ABJ,Abidjan,Abidjan,,1--4----,AI,0601,,0519N 00402W,Côte\n"]).encode("latin-1")
    )
    found = read_unlocode([one, two])
    assert found.text("code") == ("KRPUS", "RUVVO", "ARUSH", "DEXXX", "CIABJ")
    np.testing.assert_allclose(found.number("latitude_deg")[:3], [35.1, 43 + 7 / 60, -54.8])
    np.testing.assert_allclose(found.number("longitude_deg")[:3], [129 + 2 / 60, 131 + 53 / 60, -68.3])
    assert np.isnan(found.number("latitude_deg")[3])
    assert found.text("functions")[:3] == (
        "port+rail+road+airport",
        "port+road+airport",
        "port+road+airport+border crossing",
    )
    header = "Change,Country,Location,Name,NameWoDiacritics,Subdivision,Function,Status,Date,IATA,Coordinates,Remarks\n"
    one.write_text(header + LOCODE, encoding="utf-8")
    assert len(read_unlocode(one)) == 4
    one.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(StudyError, match="2 columns, not 11 or 12"):
        read_unlocode(one)


def test_world_port_index_by_the_names_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "UpdatedPub150.csv"
    path.write_text(WPI, encoding="utf-8-sig")
    found = read_world_port_index(path)
    assert found.rows()[0] == {
        "number": "60370",
        "name": "Busan",
        "code": "KRPUS",
        "country": "South Korea",
        "latitude_deg": 35.1,
        "longitude_deg": 129.05,
        "harbour_size": "Large",
        "rail": "Medium",
    }
    assert found.text("code")[1] == ""
    path.write_text(WPI.replace("35.1", "95.1"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"UpdatedPub150\.csv:2: Busan: its latitude"):
        read_world_port_index(path)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="is not the World Port Index"):
        read_world_port_index(path)
