"""Recognises the reasons in a text of Seller Center by their phrases; none when we are not sure.

A phrase is a few words. It matches where all its words, or synonyms of them (data/words.toml), are near each other in
one sentence of its own language, in any order, with small spelling mistakes. A match beside a negating word ("no
duplicate", "已填写") is dropped. A text without a match is *not recognised*: a wrong reason would be worse than none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from aexdash.model import Provenance, Reason
from aexdash.reasons.finding import SCRIPTS, Match, PhraseFinder, SentenceRead, written
from aexdash.reasons.language import ALPHABETS, likely_languages, surest
from aexdash.reasons.phrasing import Unit, Wording, load_wording, sentences, stretches
from aexdash.reasons.taxonomy import UNRECOGNISED, Language, Taxonomy

REMEMBERED = 20_000
"""Distinct texts whose reasons are cached."""

CERTAIN = 0.97
"""The least probability of a language at which the phrases of no other are tried."""

LONGEST_TEXT = 10_000
"""Characters of a text that are read."""


@dataclass(frozen=True, slots=True)
class Found:
    """One reading of a text: its code, the matched phrase, the score (0 to 100), and the sentences it was read from.

    `rivals` are the codes of other readings of the same words; they are found beside it.
    """

    code: str
    phrase: str
    score: int
    part: str
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """The reasons found in a text. `language` is ISO 639-1 or None; nothing found means not recognised."""

    language: str | None
    found: tuple[Found, ...]


class Recogniser:
    """Recognises annotations by the phrases of a taxonomy. May be used by several threads at once.

    The phrases of a language are compiled when the first text in it comes: most runs bring none.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._reader: _Reader | None = None
        self._compiling = Lock()
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def recognise(self, text: str) -> Recognition:
        """Recognise a text; answers are cached."""
        return self._remembered(text)

    def reasons(self, text: str) -> list[Reason]:
        """Return the reasons in a text, one for each code; for a text not recognised, one reason with the raw text.

        What they measure: the phrase `matched`, its `score`, and the codes of `rivals` where the same words have
        another reading.
        """
        if not text.strip():
            return []
        seen = self.recognise(text)
        if not seen.found:
            return [Reason(UNRECOGNISED, Provenance.SELLER_CENTER, text, seen.language)]
        return [
            Reason(found.code, Provenance.SELLER_CENTER, found.part, seen.language, _measured(found))
            for found in seen.found
        ]

    def _read(self, text: str) -> Recognition:
        with self._compiling:
            self._reader = self._reader or _Reader(self._taxonomy, load_wording())
        return self._reader.read(text)


class _Reader:
    """Reads texts by the phrases of their language; by those of each that is possible when it is not certain.

    Spanish and Portuguese look alike in short texts: the one in which a text says something is told to be its language.
    """

    def __init__(self, taxonomy: Taxonomy, wording: Wording) -> None:
        self._taxonomy = taxonomy
        self._wording = wording
        self._vocabulary = {language: wording.vocabulary(language) for language in ALPHABETS}
        self._finders: dict[Language | None, PhraseFinder] = {}
        self._compiling = Lock()

    def read(self, text: str) -> Recognition:
        """What a text says: the reading of its likeliest language that finds anything, even if the text denies it."""
        head = text[:LONGEST_TEXT]
        likely = likely_languages(head, self._vocabulary)
        language = surest(head, likely)
        certain = max(likely.values(), default=0) >= CERTAIN
        possible = [one for one in likely if not certain or one in (language, *SCRIPTS)]
        for one in possible or (None,):
            finder = self._finder(one)
            every = list(sentences(head, finder.fillers))
            read = [finder.read(sentence) for sentence in every]
            if any(sentence.matches or sentence.denied for sentence in read):
                return Recognition(language and one, _best(head, _quoted(head, every, read), finder.language))
        return Recognition(language, ())

    def _finder(self, language: Language | None) -> PhraseFinder:
        with self._compiling:
            if language not in self._finders:
                self._finders[language] = PhraseFinder(self._taxonomy, self._wording, language)
            return self._finders[language]


def _best(text: str, quoted: Iterable[tuple[range, Sequence[Match]]], language: Language | None) -> tuple[Found, ...]:
    """The best reading of every code; its quote reaches over all sentences in which the code was found."""
    best: dict[str, Match] = {}
    quotes: dict[str, range] = {}
    for quote, matches in quoted:
        for match in matches:
            code = match.phrase.code
            if code not in best or best[code].score < match.score:
                best[code] = match
            quotes[code] = range(quotes.get(code, quote).start, quote.stop)
    return tuple(_found(match, text[quotes[code].start : quotes[code].stop], language) for code, match in best.items())


def _found(match: Match, quote: str, language: Language | None) -> Found:
    phrase = written(match.phrase, language)
    return Found(match.phrase.code, phrase, round(match.score), quote.strip(), match.rivals)


def _quoted(
    text: str, every: Sequence[Sequence[Unit]], read: Sequence[SentenceRead]
) -> Iterator[tuple[range, Sequence[Match]]]:
    """Every sentence with a match, and its quote: the sentence whole, with those behind it that nothing was found in.

    Those before the first match belong to its quote. So the quotes of a text leave nothing out: what decides may stand
    in the sentence that no phrase knows.
    """
    whole = stretches(text)
    starts = [start for start, _ in whole]
    found = [number for number, sentence in enumerate(read) if sentence.matches]
    for place, number in enumerate(found):
        first = every[number if place else 0][0]
        last = every[found[place + 1] - 1 if place + 1 < len(found) else -1][-1]
        start, end = (bisect_right(starts, unit.start) - 1 for unit in (first, last))
        yield range(whole[start][0], whole[end][1]), read[number].matches


def _measured(found: Found) -> dict[str, object]:
    measured: dict[str, object] = {"matched": found.phrase, "score": found.score}
    return measured | ({"rivals": list(found.rivals)} if found.rivals else {})
