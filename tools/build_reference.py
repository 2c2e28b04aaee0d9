"""Writes the reference pages and the JSON Schema from the declarations in the package.

Run ``python -m tools.build_reference``; with ``--check`` it only tells which files are out of date.
"""

import ast
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from landbridge.study.codes import CODES
from landbridge.study.manual import study_manual
from landbridge.study.schema import study_schema
from tools.build_reference_pages import api_page, cli_page, results_page
from tools.examples import renewed

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "landbridge"
CODE = re.compile(r"LB\d{3}")
PAGES = {
    "study": ROOT / "docs" / "reference" / "study-format.md",
    "schema": PACKAGE / "data" / "study.schema.json",
    "problems": ROOT / "docs" / "reference" / "problems.md",
    "cli": ROOT / "docs" / "reference" / "cli.md",
    "results": ROOT / "docs" / "reference" / "results.md",
    "api": ROOT / "docs" / "reference" / "api.md",
}
PROBLEMS_HEAD = """# Codes of faults and warnings

Every fault carries a code. Below: what each code means, the messages with which it is told (`...` stands for what was
found), and the module that tells it. Faults stop a run, warnings do not. This page is made by
`python -m tools.build_reference`.
"""


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` return 1 if one is out of date."""
    stale = []
    for name, text in pages().items():
        path = PAGES[name]
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    for path in stale:
        print(f"{'out of date' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")
    return int("--check" in arguments and bool(stale))


def pages() -> dict[str, str]:
    """Return the text of every file, by its name in `PAGES`."""
    schema = json.dumps(study_schema(), indent=1, ensure_ascii=False) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        results = renewed(results_page(), Path(folder))
    return {
        "study": study_manual(),
        "schema": schema,
        "problems": problems_page(),
        "cli": cli_page(),
        "results": results,
        "api": api_page(),
    }


def problems_page() -> str:
    """Return the page of all codes that the package uses."""
    told: dict[str, dict[str, set[str]]] = {}
    for code, message, module in told_in_package():
        told.setdefault(code, {}).setdefault(module, set()).add(message)
    lines = [PROBLEMS_HEAD]
    for code in sorted({*told, *CODES}):
        lines.append(f"## {code}\n")
        if code in CODES:
            lines.append(f"{CODES[code]}\n")
        for module, messages in sorted(told.get(code, {}).items()):
            lines += [f"- `{module}`: {message}" for message in sorted(messages) if message]
            if not any(messages):
                lines.append(f"- `{module}`")
        lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def told_in_package() -> Iterator[tuple[str, str, str]]:
    """Yield every code in the package with the message beside it and the module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "codes.py":
            continue
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Module))]:
            for code, message in _told_in(function):
                yield code, message, module


def _told_in(function: ast.FunctionDef | ast.Module) -> Iterator[tuple[str, str]]:
    inside = list(_own_nodes(function))
    named = [node for node in inside if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    for node in inside:
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call):
            parts = [*node.args, *(word.value for word in node.keywords)]
        elif isinstance(node, ast.Tuple):
            parts = list(node.elts)
        codes = [p.value for p in parts if isinstance(p, ast.Constant) and CODE.fullmatch(str(p.value))]
        if codes:
            texts = (_text(part, named) for part in parts)
            yield str(codes[0]), next((text for text in texts if " " in text), "")


def _own_nodes(function: ast.FunctionDef | ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef):
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _text(node: ast.expr, named: list[ast.Assign]) -> str:
    """Return the text of an expression with ... where values go."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "..." for part in node.values]
        return "".join(str(part) for part in parts)
    if isinstance(node, ast.Name):
        before = [
            item for item in named if item.lineno <= node.lineno and getattr(item.targets[0], "id", "") == node.id
        ]
        if before:
            return _text(max(before, key=lambda item: item.lineno).value, named)
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
