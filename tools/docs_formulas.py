"""Sets the manual's formulas as MathML while it is built, so that no page needs a script or another machine."""

import html
import re
from typing import Any, Final

FORMULA: Final = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?P<open>[(\[])(?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
TAG: Final = re.compile(r"\\tag\*?\{([^}]*)\}")
"""A number that the author gave an equation."""


def on_page_content(content: str, **_: Any) -> str:  # noqa: ANN401 - MkDocs gives page, config and files
    """Return a page's HTML with every formula as MathML; called by MkDocs for each page."""
    return FORMULA.sub(_set, content)


def _set(found: re.Match[str]) -> str:
    from latex2mathml.converter import convert

    tex = html.unescape(found["tex"]).strip()
    number = TAG.search(tex)
    shown = convert(TAG.sub("", tex), display="block" if found["open"] == "[" else "inline")
    if found["open"] == "(":
        return f'<span class="formula">{shown}</span>'
    tail = f'<span class="formula-number">({html.escape(number[1])})</span>' if number else ""
    return f'<div class="formula" tabindex="0">{shown}{tail}</div>'
