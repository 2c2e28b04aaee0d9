"""Writes the reference pages of commands, result tables and Python names from the code itself."""

import inspect
import re
from collections.abc import Iterator
from typing import Any, Final

import typer

import landbridge
from landbridge.cli.main import app
from landbridge.pipeline.result import RESULT_SCHEMA
from landbridge.pipeline.schema import RESULT_TABLES, ResultTable
from landbridge.pipeline.schema_projects import PROJECT_TABLES

MADE: Final = "This page is made by `python -m tools.build_reference`."
CLI_HEAD: Final = f"""# Commands

`landbridge COMMAND --help` prints the same on a terminal. STUDY is the name of a shipped study or a folder.
{MADE}

| exit code | means |
|---|---|
| 0 | done |
| 1 | no solution: a method did not converge, or the question has no answer |
| 2 | bad input: every fault is told at once, with file, row, column and remedy; nothing was written |

Results go to stdout or to files, talk goes to stderr: `landbridge route Busan Moscow --json --quiet` prints JSON and
nothing else. Tables are coloured on a terminal; `NO_COLOR=1` turns that off. `landbridge --install-completion` teaches
bash, zsh, fish and PowerShell the commands and options.
"""
RESULTS_HEAD: Final = f"""# Result tables

`landbridge run` writes one folder a scenario: a Parquet file for each table below, and `provenance.json` with the
digest of the study, versions, seed, standing measures, parameters, sources and duration. Schema: {RESULT_SCHEMA}.
A folder is written whole or not at all; running twice gives the same bytes but for what stands under `when` in the
provenance.

```python
import landbridge

result = landbridge.run(landbridge.read_study("minimal"), "fast-border")
result.save("out/minimal/fast-border")
again = landbridge.read_result("out/minimal/fast-border")
print(again.table("corridors").head(3).round(1).to_string(index=False))
```

```text
```

A row of a tidy table is a value with its labels and its `unit`. Changes are against the baseline of the same study.
{MADE}
"""
API_HEAD: Final = f"""# Python names

The package's face. Each name is imported when it is first used, so `import landbridge` is quick. Arrays are numpy
arrays; shapes stand in brackets. Everything after the data is keyword-only.
{MADE}

| name | does |
|---|---|
"""
EXAMPLES: Final = re.compile(r"^(?:For example|Examples?):", re.MULTILINE)


def cli_page() -> str:
    """Return the page of all commands with their arguments, options and examples."""
    top: Any = typer.main.get_command(app)
    parts = [CLI_HEAD]
    for path, command in commands(top):
        parts += [f"## `landbridge {' '.join(path)}`\n", *_command_part(command)]
    return "\n".join(parts).rstrip() + "\n"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - click's
    """Yield every command with the words that call it, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def examples(command: Any) -> list[str]:  # noqa: ANN401 - click's
    """Return the command lines that stand as examples in a command's help."""
    parts = EXAMPLES.split(command.help or "", maxsplit=1)
    if len(parts) == 1:
        return []
    lines = re.split(r"\s*\|\s*(?=landbridge)|\n\s*(?=landbridge)", parts[1])
    return [" ".join(line.split()).removesuffix("|").strip() for line in lines if line.strip()]


def _command_part(command: Any) -> Iterator[str]:  # noqa: ANN401 - click's
    yield EXAMPLES.split(command.help or "", maxsplit=1)[0].strip() + "\n"
    lines = examples(command)
    if lines:
        yield "```sh\n" + "\n".join(lines) + "\n```\n"
    yield "| argument or option | if left out | what it is |\n|---|---|---|"
    for item in command.params:
        argument = item.param_type_name == "argument"
        names = (item.metavar or item.name).upper() if argument else ", ".join((*item.opts, *item.secondary_opts))
        fallback = "required" if item.required else _default(item.default)
        yield f"| `{names}` | {fallback} | {item.help or ''} |".replace("  ", " ")
    yield ""


def _default(value: object) -> str:
    if value is None or value is False or value == "":
        return ""
    return f"`{getattr(value, 'value', value)}`"


PROJECTS_HEAD: Final = """## Tables of projects

`landbridge appraise STUDY --out FOLDER` writes these beside each other, for all projects of a study.
"""


def results_page() -> str:
    """Return the page of all result tables."""
    parts = [RESULTS_HEAD]
    for table in RESULT_TABLES:
        parts += [f"## `{table.name}`\n", *_table_part(table)]
    parts.append(PROJECTS_HEAD)
    for table in PROJECT_TABLES:
        parts += [f"## `{table.name}`\n", *_table_part(table)]
    return "\n".join(parts).rstrip() + "\n"


def _table_part(table: ResultTable) -> Iterator[str]:
    yield f"{table.about[0].upper()}{table.about[1:]}.\n"
    yield "Columns: " + ", ".join(f"`{column}`" for column in table.columns) + ".\n"
    if table.measures:
        yield f"| {table.keyed} | unit | what it is |\n|---|---|---|"
        yield from (f"| `{measure}` | {unit} | {about} |" for measure, unit, about in table.measures)
        yield ""


def api_page() -> str:
    """Return the page of the package's public names."""
    names = sorted(landbridge.__all__, key=str.lower)
    rows = [f"| [`{name}`](#{name.lower()}) | {_first_sentence(_found(name))} |" for name in names]
    parts = [API_HEAD.rstrip(), *rows, ""]
    for name in names:
        value = _found(name)
        parts += [f"## {name}\n", f"```py\n{_signature(name, value)}\n```\n", f"Module `{value.__module__}`.\n"]
        parts += [_docstring(value), ""]
    return "\n".join(parts).rstrip() + "\n"


def _found(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    return getattr(landbridge, name)


def _first_sentence(value: object) -> str:
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split()).replace("|", "\\|")


def _signature(name: str, value: Any) -> str:  # noqa: ANN401 - a class or a function
    if inspect.isclass(value) and issubclass(value, Exception) and value.__init__ is Exception.__init__:
        return f"class {name}(message)"
    text = str(inspect.signature(value))
    text = re.sub(r"\b(?:landbridge|collections|pathlib|numpy|typing|types)\.(?:\w+\.)*", "", text)
    text = re.sub(r"<(\w+)\.(\w+): [^>]*>", r"\1.\2", text)
    return f"class {name}{text.removesuffix(' -> None')}" if inspect.isclass(value) else f"{name}{text}"


def _docstring(value: object) -> str:
    """Return a numpydoc docstring as Markdown: sections as bold words, parameters as a list."""
    text = re.sub(r":math:`([^`]*)`", r"$\1$", inspect.getdoc(value) or "")
    lines = re.sub(r"^\.\. math:: (.*)$", r"$$\1$$", text, flags=re.MULTILINE).split("\n")
    out: list[str] = []
    section = ""
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if re.fullmatch(r"-{3,}", line):
            continue
        if re.fullmatch(r"-{3,}", after):
            section = line
            out.append(f"**{line}**\n")
        elif section and line and not line.startswith(" "):
            out.append(f"- `{line}`")
        elif section and line:
            out.append(f"  {line.strip()}")
        else:
            out.append(line)
    return "\n".join(out)
