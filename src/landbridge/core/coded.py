"""A column of words kept as small whole numbers and one list of words."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbridge.core.arrays import Bool, locked


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Words of shape (n,) as codes into `words`; ``words[0]`` is the empty word.

    A network has hundreds of thousands of links but few countries, passages and names, so a code of four
    bytes a row and one tuple of words replace text columns of many megabytes.
    """

    codes: NDArray[np.int32]
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", locked(self.codes, np.int32))

    @classmethod
    def of(cls, values: Iterable[str]) -> "Coded":
        """Code the given words, in order of first appearance after the empty word."""
        at: dict[str, int] = {"": 0}
        codes = np.array([at.setdefault(str(value), len(at)) for value in values], dtype=np.int32)
        return cls(codes, tuple(at))

    @classmethod
    def blank(cls, n: int) -> "Coded":
        """Return `n` empty words."""
        return cls(np.zeros(n, np.int32), ("",))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        """Return the word of one row."""
        return self.words[int(self.codes[row])]

    def text(self) -> NDArray[np.str_]:
        """Return the words as an array of text, shape (n,)."""
        return np.array(self.words, dtype=np.str_)[self.codes]

    def mask(self, *words: str) -> Bool:
        """Return where any of the words stands, shape (n,); a word that is not there matches nothing."""
        wanted = [self.words.index(word) for word in words if word in self.words]
        return np.isin(self.codes, wanted)

    def take(self, rows: NDArray[np.int64] | Bool) -> "Coded":
        """Return the given rows, with the same list of words."""
        return Coded(self.codes[rows], self.words)

    def with_words(self, rows: NDArray[np.int64] | Bool, word: str) -> "Coded":
        """Return a copy in which the given rows hold `word`."""
        words = self.words if word in self.words else (*self.words, word)
        codes = self.codes.copy()
        codes[rows] = words.index(word)
        return Coded(codes, words)

    def followed_by(self, other: "Coded") -> "Coded":
        """Return these rows and then the rows of `other`, with one list of words."""
        at = {word: i for i, word in enumerate(self.words)}
        recode = np.array([at.setdefault(word, len(at)) for word in other.words], dtype=np.int32)
        return Coded(np.concatenate([self.codes, recode[other.codes]]), tuple(at))
