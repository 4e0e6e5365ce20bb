"""Cuts a text into units, and reads data/words.toml: synonyms, filler words, and words that negate or demand."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from aexdash.reasons.taxonomy import TaxonomyError

WORDS_FILE = Path(__file__).resolve().parents[2] / "data" / "words.toml"

HAN = "\u3400-\u9fff"
SIZE = "800x800"
"""Every width × height is read as this word, so that a phrase with a size matches any size."""

LONGEST_SENTENCE = 80
"""Units after which a sentence without an end is cut, to limit the time for one text."""

_PIECE = re.compile(
    rf"""(?P<size>\d{{2,5}}\s*(?:[x×*хX]|by)\s*\d{{2,5}})
    |(?P<hard>\n|[;；。！!?？|•]|\.(?=\s|$)|(?<![\w.])\(?\d{{1,2}}[.)、](?!\d))
    |(?P<soft>[,，、/+:：()（）—–…]|\s-\s)
    |(?P<han>[{HAN}])
    |(?P<word>(?:(?![{HAN}])[^\W\d_])+(?:['’](?:(?![{HAN}])[^\W\d_])+)*|\d+)""",
    re.VERBOSE,
)
_HAN = re.compile(f"[{HAN}]")
_NOT = frozenset({"cannot", "dont", "doesnt", "isnt", "arent", "cant", "wasnt"})


class WordsError(TaxonomyError):
    """words.toml, on which the phrases of the taxonomy rest, cannot be used; the text names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or one Han character, folded; `start` and `end` are its place in the raw text, in characters."""

    word: str
    start: int
    end: int
    clause: int


class Wording(BaseModel):
    """What data/words.toml says about words. Its head explains the kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fillers: frozenset[str]
    undo: tuple[str, ...]
    binding: tuple[str, ...]
    demand: tuple[str, ...]
    predicates: frozenset[str]
    same: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path | None = None) -> Wording:
        """Read and check a file of words.

        Raises:
            WordsError: the file is missing or something in it is wrong.
        """
        file = path or WORDS_FILE
        try:
            wording = cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise WordsError(f"{file} cannot be read ({error}): restore the file.") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise WordsError(f"{file}, {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}.") from None
        for name in wording.predicates - wording.same.keys():
            raise WordsError(f"{file}, predicates: there is no group {name!r}.")
        for word, names in wording.claims().items():
            if len(names) > 1:
                raise WordsError(f"{file}: {word!r} stands under {' and '.join(names)}: keep it under one.")
        return wording

    def claims(self) -> dict[str, list[str]]:
        """Every word of the groups, folded, with the groups that contain it."""
        found: dict[str, list[str]] = {}
        for name, words in self.same.items():
            for word in {" ".join(term(word)) for word in words}:
                found.setdefault(word, []).append(name)
        return found


@cache
def load_wording() -> Wording:
    """The words that come with aexdash, read once."""
    return Wording.load()


def term(words: str) -> tuple[str, ...]:
    """Cut a word or several into folded units, as a text is cut: Han by characters."""
    return tuple(unit.word for sentence in sentences(words) for unit in sentence)


def sentences(text: str, fillers: Iterable[str] = ()) -> Iterator[list[Unit]]:
    """The units of every sentence of a text, without fillers; a clause is what lies between two commas or the like."""
    left_out = fillers if isinstance(fillers, frozenset) else frozenset(fillers)
    units: list[Unit] = []
    clause = 0
    for piece in _PIECE.finditer(text):
        if piece.lastgroup in ("hard", "soft"):
            clause += 1
            if piece.lastgroup == "hard" and units:
                yield units
                units = []
            continue
        word = SIZE if piece.lastgroup == "size" else folded(piece[0])
        if word not in left_out:
            if len(units) == LONGEST_SENTENCE:
                yield units
                units = []
            units.append(Unit(word, piece.start(), piece.end(), clause))
    if units:
        yield units


def is_han(word: str) -> bool:
    """Whether a unit is a Han character."""
    return _HAN.match(word) is not None


@cache
def folded(word: str) -> str:
    """Return a word without case and accents, with one form for all spellings of *not*."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold()).replace("’", "'")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if plain.endswith("n't") or plain in _NOT:
        return "not"
    return plain.removesuffix("'s").replace("'", "")
