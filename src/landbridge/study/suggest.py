"""The nearest known word to a misspelt one, said as a whole sentence."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(word: str, known: Iterable[str], *, most: int = 12) -> str:
    """Return ``Did you mean 'x'?``, or the list of what is known where nothing is near (empty if nothing is)."""
    words = [name for name in dict.fromkeys(known) if name]
    folded: dict[str, str] = {}
    for name in words:
        folded.setdefault(name.casefold(), name)
    near = get_close_matches(word.casefold()[:200], list(folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{folded[near[0]]}'?"
    if not words:
        return ""
    shown = ", ".join(words[:most])
    return f"Known: {shown}{', ...' if len(words) > most else ''}."


def shown(value: object, *, width: int = 60) -> str:
    """Return a value in quotes on one line, cut to `width` characters, as messages print it."""
    text = str(value)
    text = text.encode("unicode_escape", "replace").decode("ascii") if not text.isprintable() else text
    return f"'{text if len(text) <= width else text[: width - 3] + '...'}'"
