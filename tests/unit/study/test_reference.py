"""The manual page and the JSON Schema are those of the declarations, and every code has an entry."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from landbridge.core.tables import Table
from landbridge.study.codes import CODES
from landbridge.study.files import SHIPPED, shipped_studies
from landbridge.study.manual import study_manual
from landbridge.study.reader import SECTIONS, read_study
from landbridge.study.schema import study_schema
from landbridge.study.spec import ROOT_TABLES, TABLES
from landbridge.study.spec_parameters import PARAMETERS
from landbridge.study.toml_text import parse_toml

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "landbridge"
RENEW = "Run 'python -m tools.build_reference'."


def rows(table: Table, required: set[str]) -> list[dict[str, Any]]:
    """Return rows as the schema sees them: an empty optional cell is an absent key."""
    plain = [{k: v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in table.rows()]
    return [{k: v for k, v in row.items() if k in required or str(v) not in ("", "inf", "nan")} for row in plain]


def test_the_page_and_the_schema_are_up_to_date() -> None:
    assert (ROOT / "docs/reference/study-format.md").read_text(encoding="utf-8") == study_manual(), RENEW
    shipped = json.loads((PACKAGE / "data/study.schema.json").read_text(encoding="utf-8"))
    assert shipped == study_schema(), RENEW


def test_every_code_that_the_package_tells_has_an_entry() -> None:
    page = (ROOT / "docs/reference/problems.md").read_text(encoding="utf-8")
    entries = set(re.findall(r"^## (LB\d{3})$", page, re.MULTILINE))
    told = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(LB\d{3})"', path.read_text("utf-8"))}
    assert told - entries == set(), RENEW


def test_every_parameter_that_the_package_reads_is_declared() -> None:
    asked = re.compile(r'(?:value_or\(\s*[\w.]*study,\s*|study\.parameter\()"(\w+)"')
    read = {name for path in PACKAGE.rglob("*.py") for name in asked.findall(path.read_text("utf-8"))}
    assert "trade_elasticity" in read, "the pattern finds what it should"
    assert read - {item.name for item in PARAMETERS} == set(), "declare it in study/spec_parameters.py"


def test_every_code_of_the_study_is_told_somewhere() -> None:
    files = [path for path in (PACKAGE / "study").glob("*.py") if path.name != "codes.py"]
    told = {code for path in files for code in re.findall(r'"(LB\d{3})"', path.read_text("utf-8"))}
    assert set(CODES) == told


@pytest.mark.parametrize("name", shipped_studies())
def test_shipped_studies_fit_the_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    study = read_study(name)
    folder: dict[str, Any] = {}
    for file in SECTIONS:
        path = SHIPPED / name / file
        if path.exists():
            document, _ = parse_toml(path.read_text("utf-8"), file)
            assert document is not None
            folder[file] = document.values
    for spec in (*TABLES, *ROOT_TABLES):
        if len(study.tables[spec.name]):
            file = f"tables/{spec.name}.csv" if spec in TABLES else f"{spec.name}.csv"
            folder[file] = rows(study.tables[spec.name], {c.name for c in spec.columns if c.required})
    jsonschema.Draft202012Validator.check_schema(study_schema())
    errors = list(jsonschema.Draft202012Validator(study_schema()).iter_errors(folder))
    assert errors == [], errors[:3]


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(study_schema()["$defs"]["measures.toml"])
    measure = {"id": "a", "title": "A", "consent": ["x"], "source": "s"}
    good = {"kind": "speed", "countries": ["XA"], "speed_kmh": 60}
    assert validator.is_valid({"measure": [measure | {"change": [good]}]})
    for bad in (
        {"kind": "speed", "countries": ["XA"]},
        good | {"speed_kmh": 500},
        good | {"factor": 2},
        {"kind": "fly"},
    ):
        assert not validator.is_valid({"measure": [measure | {"change": [bad]}]})


def test_importing_the_reader_brings_in_nothing_heavy() -> None:
    heavy = ("pandas", "numba", "plotly", "pyarrow", "scipy")
    code = f"import sys, landbridge.study.reader; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
