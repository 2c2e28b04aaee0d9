"""Sets the report's equations as MathML: ``python -m tools.build_equations`` (``--check`` compares only)."""

import argparse
import json
import tomllib
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
SOURCE: Final = HERE / "report_equations.toml"
TARGET: Final = HERE.parent / "src" / "landbridge" / "report" / "assets" / "equations.json"


def built() -> str:
    """Return the asset: key, words and MathML of each equation."""
    from latex2mathml.converter import convert

    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["equation"]
    found = [
        {"key": one["key"], "words": one["words"], "mathml": convert(one["tex"], display="block")} for one in entries
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the asset, or tell whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = built()
    if not parser.parse_args().check:
        TARGET.write_text(text, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text:
        parser.error("the report's equations are out of date; run python -m tools.build_equations")


if __name__ == "__main__":
    main()
