"""A question as text: folded so that spellings fall together, and cut into words, with the place of each kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 400
"""Characters of a question. What is longer is no question of this kind."""

_WORD = re.compile(r"[㐀-鿿%]|[^\W㐀-鿿]+(?:['’._][^\W㐀-鿿]+)*")
"""A Chinese character, or letters and digits of other scripts up to the next that is neither."""

_DRAWN_TOGETHER = re.compile("(what|who|how|that|there|here|it|where)'s|(what)s")
"""Two words in one: *what's*, and *whats* of those who are in a hurry. *Its* is none, and *Ana's* is whose."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question in its folded spelling, from `start` to just before `stop` of the text."""

    text: str
    start: int
    stop: int

    @property
    def is_chinese(self) -> bool:
        """Whether it is one Chinese character."""
        return len(self.text) == 1 and "㐀" <= self.text <= "鿿"


def tidy(text: str) -> str:
    """Return a text in one line, with the forms of letters and digits that keyboards write."""
    readable = "".join(letter for letter in unicodedata.normalize("NFKC", text) if _is_seen(letter))
    return " ".join(readable.split())


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] != "C"


def fold(text: str) -> str:
    """Return a tidy text in lower case and without accents on Latin letters, each letter at its old place."""
    return "".join(map(_folded, text))


def _folded(letter: str) -> str:
    lower = letter.lower()
    if lower == "ё":
        return "е"
    if len(lower) != 1:
        return letter
    plain = unicodedata.normalize("NFD", lower)[0]
    return plain if plain.isascii() else lower


def words_of(text: str) -> list[Word]:
    """Cut a tidy text into its words; *what's behind* is *what is behind*."""
    folded = fold(text)
    words: list[Word] = []
    for found in _WORD.finditer(folded):
        word = found[0].replace("’", "'")
        if drawn := _DRAWN_TOGETHER.fullmatch(word):
            middle = found.start() + drawn.end(drawn.lastindex or 1)
            words += [Word(drawn[drawn.lastindex or 1], found.start(), middle), Word("is", middle, found.end())]
        else:
            words.append(Word(word, found.start(), found.end()))
    return words
