"""Commands explain themselves: help with examples, suggestions, exit codes, JSON, quiet, quick start."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import landbridge
from landbridge.cli.console import Talk, shown
from landbridge.cli.main import app, main
from tools.build_reference_pages import commands, examples

ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", list(ALL), ids=" ".join)
def test_help_has_an_example_of_this_command(path: tuple[str, ...]) -> None:
    lines = examples(ALL[path])
    assert lines, "add 'For example:' and command lines to the docstring"
    assert all(line.startswith(f"landbridge {' '.join(path)}") for line in lines)


@pytest.mark.parametrize("path", list(ALL), ids=" ".join)
def test_every_option_and_argument_is_explained(path: tuple[str, ...]) -> None:
    assert [item.name for item in ALL[path].params if not item.help] == []


@pytest.mark.parametrize("path", list(ALL), ids=" ".join)
def test_examples_name_only_options_that_exist(path: tuple[str, ...]) -> None:
    known = {option for item in ALL[path].params for option in (*item.opts, *item.secondary_opts)} | {"--help"}
    asked = {word for line in examples(ALL[path]) for word in line.split() if word[0] == "-" and word[1:2].isalpha()}
    asked |= {word for line in examples(ALL[path]) for word in line.split() if word.startswith("--")}
    assert asked <= known


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["rout", "Busan", "Moscow"], "'route'"),
        (["run", "minimal", "--scenari", "baseline"], "--scenario"),
        (["run", "minimla"], "'minimal'"),
        (["run", "minimal", "-s", "fast-boder"], "'fast-border'"),
        (["route", "Bussan", "Moscow"], "Busan"),
        (["route", "Busan", "Moscow", "--study", "minimal", "--scenario", "fast-bordr"], "'fast-border'"),
        (["new", "x", "--from", "island-cannal"], "island-canal"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_misspelt_names_are_answered_with_what_was_meant(
    words: list[str], meant: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    said = capsys.readouterr()
    assert meant in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        (["route", "--help"], 0),
        ([], 0),
        (["check", "minimal"], 0),
        (["route", "Busan", "Moscow", "--avoid", "RU"], 1),
        (["route", "Busan"], 2),
        (["route", "Busan", "Moscow", "--by", "beauty"], 2),
        (["route", "Busan", "Moscow", "--month", "13"], 2),
        (["route", "Busan", "Moscow", "--scenario", "baseline"], 2),
        (["check", "there-is-no-such-folder"], 2),
        (["compare", "nowhere", "elsewhere"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_codes_are_done_no_solution_and_bad_input(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    assert "Traceback" not in capsys.readouterr().err


def test_json_is_all_that_stdout_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(*words: str) -> Any:
        assert main([*words]) == 0
        said = capsys.readouterr()
        assert said.err == "", "--quiet says nothing"
        return json.loads(said.out)

    monkeypatch.chdir(tmp_path)
    routes = answer("route", "Busan", "Moscow", "-n", "2", "--json", "--quiet")["routes"]
    assert len(routes) == 2
    keys = {"hours", "usd_per_teu", "km", "co2_kg_per_teu", "legs"}
    assert all(keys <= set(route) for route in routes)
    # the totals are the sums of the legs
    assert routes[0]["hours"] == pytest.approx(sum(leg["hours"] for leg in routes[0]["legs"]))
    line = answer("route", "Busan", "Moscow", "--geojson", "--quiet")
    assert {feature["geometry"]["type"] for feature in line["features"]} == {"LineString"}
    assert answer("check", "minimal", "--json", "--quiet")["faults"] == 0
    ran = answer("run", "minimal", "--json", "--quiet")
    assert set(ran["scenarios"]) == {"baseline", "fast-border"}
    folder = Path(ran["folder"])
    names = ("compare", str(folder / "baseline"), str(folder / "fast-border"))
    differs = answer(*names, "--json", "--quiet")
    by = {row["indicator"]: row for row in differs["rows"]}
    told = ran["scenarios"]["fast-border"]["teu:rail"]["value"]
    assert by["teu:rail"]["second"] == told, "the two commands tell the same figure"
    assert main([*names, "--table", "coridors"]) == 2
    assert "'corridors'" in capsys.readouterr().err


def test_explain_adds_up_and_names_the_next_route(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "Busan", "Moscow", "--json", "-n", "2"]) == 0
    first, second = json.loads(capsys.readouterr().out)["routes"]
    assert main(["route", "Busan", "Moscow", "--explain"]) == 0
    said = capsys.readouterr().err
    assert f"= {first['generalised_usd_per_teu']:,.0f} USD per TEU" in said
    gap = second["generalised_usd_per_teu"] - first["generalised_usd_per_teu"]
    assert f"{gap:+,.0f} USD per TEU in all" in said


def test_a_place_in_the_south_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "-33.45,-70.66", "-34.6,-58.4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["routes"][0]["km"] > 1000


def test_tables_fit_the_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    Talk().table("", ("name", "value"), [("a " * 60, 1.0)])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 60


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1234567.8, "1,234,568"), (0.123456, "0.1235"), (-6.3e-13, "0"), (float("nan"), "-"), (True, "True"), ("a", "a")],
)
def test_cells_are_shown_as_people_read_them(cell: object, text: str) -> None:
    assert shown(cell) == text


def test_completion_can_be_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "--install-completion" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("landbridge ro", {"route"}),
        ("landbridge run min", {"minimal"}),
        ("landbridge run my-", {"my-corridor"}),
        ("landbridge run minimal --scenario ", {"baseline", "fast-border"}),
        ("landbridge run no-such-study --scenario ", set()),
        ("landbridge route Busan Moscow --study minimal --scenario fa", {"fast-border"}),
        ("landbridge route Busan Moscow --by h", {"hours"}),
        ("landbridge what-if minimal --add ", {"fast-border"}),
        ("landbridge what-if minimal --set trade", {"trade_elasticity="}),
    ],
)
def test_the_shell_completes_commands_studies_and_scenarios(line: str, offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "my-corridor").mkdir()
    (tmp_path / "my-corridor" / "study.toml").write_text("", encoding="utf-8")
    words = line.split(" ")
    asked = {"_LANDBRIDGE_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'landbridge'; from landbridge.cli.main import entry; entry()",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env={**os.environ, **asked}
    )
    assert set(done.stdout.split()) == offered, done.stderr


HEAVY = ("pandas", "pyarrow", "numba", "plotly", "dash", "scipy", "networkx", "jinja2", "xlsxwriter")


@pytest.mark.parametrize("words", ["import landbridge", "import landbridge.cli.main"])
def test_start_imports_nothing_heavy(words: str) -> None:
    # what takes long to import is imported in the functions that need it, so help and completion answer at once
    code = f"{words}; import sys; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    assert len(landbridge.__all__) <= 30
    assert all(callable(getattr(landbridge, name)) for name in landbridge.__all__)
    assert dir(landbridge) == sorted(landbridge.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = landbridge.no_such_name
