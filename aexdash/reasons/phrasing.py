"""Cuts a text into units, and reads data/words.toml: synonyms, filler words, and words that negate or demand."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from aexdash.reasons.taxonomy import LANGUAGES, Language, TaxonomyError

WORDS_FILE = Path(__file__).resolve().parents[2] / "data" / "words.toml"

CHARACTERS = "\u3400-\u9fff\uac00-\ud7a3"
"""Han characters and Hangul syllables: each is a unit of its own, because spaces say little about words there."""

SIZE = "800x800"
"""Every width × height is read as this word, so that a phrase with a size matches any size."""

LONGEST_SENTENCE = 80
"""Units after which a sentence without an end is cut, to limit the time for one text."""

_PIECE = re.compile(
    rf"""(?P<size>\d{{2,5}}\s*(?:[x×*хX]|by)\s*\d{{2,5}})
    |(?P<hard>\n|[;；。！!?？|•]|\.(?=\s|$)|(?<![\w.])\(?\d{{1,2}}[.)、](?!\d))
    |(?P<soft>[,，、/+:：()（）—–…]|\s-\s)
    |(?P<character>[{CHARACTERS}])
    |(?P<elided>(?<![\w'’])(?:[cdjlmnst]|qu)['’](?=[^\W\d_]))
    |(?P<word>(?:(?![{CHARACTERS}])[^\W\d_])+(?:['’](?:(?![{CHARACTERS}])[^\W\d_])+)*|\d+)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What is elided before an apostrophe (`l'image`, `d'água`) is an article or the like, and passed over."""

_CHARACTER = re.compile(f"[{CHARACTERS}]")
_NOT = frozenset({"cannot", "dont", "doesnt", "isnt", "arent", "cant", "wasnt"})
_DOTLESS = str.maketrans("ı", "i")


class WordsError(TaxonomyError):
    """words.toml, on which the phrases of the taxonomy rest, cannot be used; the text names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or one character, folded; `start` and `end` are its place in the raw text, in characters."""

    word: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words by which texts of some languages are read; `same` are the synonyms by the name of their group."""

    fillers: frozenset[str]
    undo: tuple[str, ...]
    waive: tuple[str, ...]
    binding: tuple[str, ...]
    needs: tuple[str, ...]
    demand: tuple[str, ...]
    same: Mapping[str, tuple[str, ...]]


class Wording(BaseModel):
    """What data/words.toml says about words. Its head explains the kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    predicates: frozenset[str]
    lacks: frozenset[str]
    papers: frozenset[str]
    rights: frozenset[str]
    fillers: dict[Language, tuple[str, ...]]
    undo: dict[Language, tuple[str, ...]]
    waive: dict[Language, tuple[str, ...]]
    binding: dict[Language, tuple[str, ...]]
    needs: dict[Language, tuple[str, ...]]
    demand: dict[Language, tuple[str, ...]]
    same: dict[str, dict[Language, tuple[str, ...]]]

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
        for complaint in wording._slips():
            raise WordsError(f"{file}{complaint}")
        return wording

    def of(self, languages: Sequence[Language]) -> Words:
        """The words of some languages together."""

        def every(by_language: Mapping[Language, tuple[str, ...]]) -> tuple[str, ...]:
            return tuple(chain.from_iterable(by_language.get(language, ()) for language in languages))

        return Words(
            frozenset(map(folded, every(self.fillers))),
            every(self.undo),
            every(self.waive),
            every(self.binding),
            every(self.needs),
            every(self.demand),
            {name: words for name, by_language in self.same.items() if (words := every(by_language))},
        )

    def vocabulary(self, language: Language) -> frozenset[str]:
        """The single words, folded, that a text of a language is likely to have."""
        words = self.of((language,))
        listed = chain(words.fillers, words.undo, words.demand, *words.same.values())
        return frozenset(chain.from_iterable(map(term, listed)))

    def says_nothing(self, text: str) -> bool:
        """Whether a text has no words, or in one of our languages filling words alone."""
        words = set(term(text))
        return any(words <= set(map(folded, listed)) for listed in self.fillers.values())

    def claims(self, language: Language) -> dict[str, list[str]]:
        """Every word of the groups in a language, folded, with the groups that contain it."""
        found: dict[str, list[str]] = {}
        for name, words in self.of((language,)).same.items():
            for word in {" ".join(term(word)) for word in words}:
                found.setdefault(word, []).append(name)
        return found

    def _slips(self) -> Iterator[str]:
        """Groups that do not exist, and words that two groups of a language claim."""
        for kind in ("predicates", "lacks", "papers", "rights"):
            strange = getattr(self, kind) - self.same.keys()
            yield from (f", {kind}: there is no group {name!r}." for name in strange)
        for language in LANGUAGES:
            for word, several in self.claims(language).items():
                if len(several) > 1:
                    yield f": {word!r} ({language}) stands under {' and '.join(several)}: keep it under one."


@cache
def load_wording() -> Wording:
    """The words that come with aexdash, read once."""
    return Wording.load()


def term(words: str) -> tuple[str, ...]:
    """Cut a word or several into folded units, as a text is cut: Chinese and Korean by characters."""
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
        if word not in left_out and piece.lastgroup != "elided":
            if len(units) == LONGEST_SENTENCE:
                yield units
                units = []
            units.append(Unit(word, piece.start(), piece.end(), clause))
    if units:
        yield units


def stretches(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end, whole, with the words that `sentences` leaves out."""
    marks = [piece.span() for piece in _PIECE.finditer(text) if piece.lastgroup == "hard"]
    starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(text)]
    return list(zip(starts, ends, strict=True))


def is_character(word: str) -> bool:
    """Whether a unit is a Han character or a Hangul syllable, which are read without the spaces between them."""
    return _CHARACTER.match(word) is not None


@cache
def folded(word: str) -> str:
    """Return a word without case and accents, with one form for all spellings of *not*; İ, I, ı and i are one."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold()).replace("’", "'")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_DOTLESS)
    plain = unicodedata.normalize("NFC", plain)
    if plain.endswith("n't") or plain in _NOT:
        return "not"
    return plain.removesuffix("'s").replace("'", "")
