"""Published rail and sea distances: the base network is within 2 %, or the page says why not.

Tolerance: 2 % is what the drawing of ordinary lines is worth (places rounded to 0.001 degrees, station tracks).
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOLERANCE = 0.02


def tool() -> ModuleType:
    path = ROOT / "tools" / "build_network_distances.py"
    spec = importlib.util.spec_from_file_location("build_network_distances", path)
    if spec is None or spec.loader is None:
        pytest.skip("tools/ is not beside the tests")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_network_distances"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tool().compare()
    return found


def test_each_distance_is_within_two_percent_or_explained(rows: list[dict[str, Any]]) -> None:
    unexplained = [
        f"{row['origin']}-{row['destination']}: {row['model']:.1f} against {row['published']} {row['unit']}"
        for row in rows
        if abs(row["difference"]) > TOLERANCE and not row["exception"]
    ]
    assert not unexplained


def test_there_are_enough_of_them(rows: list[dict[str, Any]]) -> None:
    good = [row for row in rows if abs(row["difference"]) <= TOLERANCE]
    assert len(good) >= 24
    assert sum(row["overwritten"] == "no" for row in good) >= 14
    assert {row["kind"] for row in good} == {"rail", "sea"}
    assert all(row["source"] for row in rows)


def test_no_exception_is_far_off(rows: list[dict[str, Any]]) -> None:
    assert max(abs(row["difference"]) for row in rows) < 0.07


def test_trunk_lines_carry_their_published_lengths(rows: list[dict[str, Any]]) -> None:
    trunks = {row["origin"]: row["difference"] for row in rows if row["overwritten"] == "yes" and not row["exception"]}
    assert {"Busan", "Beijing", "Harbin", "Lianyungang", "Moscow"} <= set(trunks)
    assert max(abs(difference) for difference in trunks.values()) < 0.01


def test_the_page_is_the_tools_own(rows: list[dict[str, Any]]) -> None:
    assert (ROOT / "docs" / "validation-distances.md").read_text(encoding="utf-8") == tool().page(rows)
