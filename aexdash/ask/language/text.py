"""A question as text: folded so that spellings fall together, and cut into words, with the place of each kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 400
"""Characters of a question. What is longer is no question of this kind."""

_WORD = re.compile(r"[㐀-鿿%]|\bw/o?(?![^\W㐀-鿿])|[^\W㐀-鿿]+(?:['’._][^\W㐀-鿿]+)*")
"""A Chinese character, or letters and digits of other scripts up to the next that is neither; *w/o* is one word."""

_DRAWN_TOGETHER = re.compile(
    "(?P<is>what|who|how|that|there|here|it|where)'s|(?P<are>they|we|you|what|who)'re|(?P<was>what|who|how|where|that|there|here)s"
    "|(?P<were>they)re|(?P<que>x|p)q"
)
"""Two words in one: *what's*, and *whats* of those who are in a hurry. *Its* is none, and *Ana's* is whose."""

_MEANT = {"are": "are", "were": "are"}
"""The second of two words in one; *is* elsewhere."""

_SHORT = {
    "w/o": "without",
    "w/": "with",
    "r": "are",
    "n": "and",
    **dict.fromkeys(("bc", "b/c", "cos", "cuz", "coz"), "because"),
    **dict.fromkeys(("till", "til"), "until"),
    **dict.fromkeys(("prob", "problm"), "problem"),
    "probs": "problems",
    "pic": "picture",
    "pics": "pictures",
    "img": "image",
    "imgs": "images",
    **dict.fromkeys(("rej", "rejd"), "rejected"),
    "rejs": "rejections",
    "cats": "categories",
    "q": "que",
    "tb": "tambien",
    "tbn": "tambien",
    "tmb": "tambien",
    **{f"{word}nt": f"{word}n't" for word in ("do", "does", "did", "is", "are", "was", "were", "have", "has")},
}
"""What is written short in a hurry, and stands for one word."""


_NUMBER_SIGN = re.compile(r"\b[nN][º°ᵒ]\.?|№")


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
    spelt = _NUMBER_SIGN.sub("num ", text)  # its letter would be *no*
    readable = "".join(letter for letter in unicodedata.normalize("NFKC", spelt) if _is_seen(letter))
    return " ".join(readable.split())


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] != "C"


def fold(text: str) -> str:
    """Return a tidy text in lower case and without accents on Latin letters, each letter at its old place."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=4096)  # most letters that are asked with, and no more of those that somebody makes up
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
            first, middle = drawn[drawn.lastgroup or 0], found.start() + drawn.end(drawn.lastgroup or 0)
            behind = _MEANT.get(drawn.lastgroup or "", "is")
            if drawn.lastgroup == "que":  # *xq* and *pq*
                first, behind, middle = "por", "que", found.start() + 1
            words += [Word(first, found.start(), middle), Word(behind, middle, found.end())]
        else:
            words.append(Word(_SHORT.get(word, word), found.start(), found.end()))
    return words
