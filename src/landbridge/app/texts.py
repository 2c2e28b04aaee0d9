"""The words of the page in one catalogue a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

LANGUAGES: Final = ("en", "ko", "ru")
USUAL: Final = "en"
Texts = Mapping[str, Any]


@cache
def texts_of(language: str) -> Texts:
    """Return the words of a language; of any other name, the English ones."""
    name = language if language in LANGUAGES else USUAL
    text = (files("landbridge") / "app" / "texts" / f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def best_language(cookie: str | None, accepted: str | None) -> str:
    """Return the language that a reader chose, else the first that the browser asks for and we have."""
    if cookie in LANGUAGES:
        return str(cookie)
    for part in (accepted or "")[:200].split(","):
        name = part.split(";")[0].strip()[:2].lower()
        if name in LANGUAGES:
            return name
    return USUAL
