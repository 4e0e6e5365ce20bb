"""Recognises the reasons in a text of Seller Center by their phrases; none when we are not sure.

A phrase is a few words. It matches where all its words, or synonyms of them (data/words.toml), are near each other in
one sentence, in any order, with small spelling mistakes. A match beside a negating word ("no duplicate", "已填写") is
dropped. A text without a match is *not recognised*: a wrong reason would be worse than none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from threading import Lock

from aexdash.model import Provenance, Reason
from aexdash.reasons.language import language_of
from aexdash.reasons.lexicon import Hit, Lexicon
from aexdash.reasons.phrasing import Unit, Wording, load_wording, sentences, term
from aexdash.reasons.taxonomy import OWN, UNRECOGNISED, Taxonomy

REMEMBERED = 20_000
"""Distinct texts whose reasons are cached."""

LONGEST_TEXT = 10_000
"""Characters of a text that are read."""

SURE = 80
"""The lowest score of a match that counts."""

PER_GAP = 3
"""How much each other word between the words of a phrase lowers its score."""

ACROSS_CLAUSES = 5
"""A comma counts as this many other words."""


ALONE = 0.5
"""The least share of its clause that a phrase of one term must fill: one word of a long sentence proves little."""


@dataclass(frozen=True, slots=True)
class Found:
    """One reason in a text: its code, the matched phrase, the score (0 to 100), and the matched part of the text."""

    code: str
    phrase: str
    score: int
    part: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """The reasons found in a text. `language` is ISO 639-1 or None; nothing found means not recognised."""

    language: str | None
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of a phrase of one code; `texts` are its spellings by language."""

    code: str
    slots: frozenset[int]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Match:
    phrase: _Phrase
    places: Mapping[int, Hit]
    units: frozenset[int]
    score: float

    def units_but(self, slots: frozenset[int]) -> frozenset[int]:
        """The units of the places that are of none of these slots; all when there are no others."""
        own = frozenset(unit for slot, place in self.places.items() if slot not in slots for unit in place.units)
        return own or self.units

    @property
    def rank(self) -> tuple[int, float, int]:
        return len(self.phrase.slots), self.score, len(self.units)


class Recogniser:
    """Recognises annotations by the phrases of a taxonomy. May be used by several threads at once.

    The phrases are compiled when the first text comes: most runs bring none, and it takes a tenth of a second.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._reader: _PhraseFinder | None = None
        self._compiling = Lock()
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def recognise(self, text: str) -> Recognition:
        """Recognise a text; answers are cached."""
        return self._remembered(text)

    def reasons(self, text: str) -> list[Reason]:
        """Return the reasons in a text, one for each code; for a text not recognised, one reason with the raw text."""
        if not text.strip():
            return []
        seen = self.recognise(text)
        if not seen.found:
            return [Reason(UNRECOGNISED, Provenance.SELLER_CENTER, text, seen.language)]
        return [
            Reason(
                found.code,
                Provenance.SELLER_CENTER,
                found.part,
                seen.language,
                {"matched": found.phrase, "score": found.score},
            )
            for found in seen.found
        ]

    def _read(self, text: str) -> Recognition:
        with self._compiling:
            self._reader = self._reader or _PhraseFinder(self._taxonomy, load_wording())
        return self._reader.read(text)


class _PhraseFinder:
    """Reads texts by the compiled phrases of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy, wording: Wording) -> None:
        self._wording = wording
        self._lexicon = Lexicon(self._wording.same.values(), self._wording.fillers)
        self._undo = Lexicon([self._wording.undo], self._wording.fillers, exact=True)
        self._demand = Lexicon([self._wording.demand], self._wording.fillers, exact=True)
        shared = (self._wording.same[name][0] for name in self._wording.predicates)
        self._predicates = self._lexicon.groups_of(shared)
        self._binding = frozenset(map(term, self._wording.binding))
        self._phrases = _by_rarest_slot(self._compile(taxonomy))

    def read(self, text: str) -> Recognition:
        """What a text says."""
        language = language_of(text[:LONGEST_TEXT])
        best: dict[str, Found] = {}
        for sentence in sentences(text[:LONGEST_TEXT], self._wording.fillers):
            for match in self._matches(sentence, language):
                part = _part(text, sentence, match)
                found = Found(match.phrase.code, _written(match.phrase, language), round(match.score), part)
                if found.code not in best or best[found.code].score < found.score:
                    best[found.code] = found
        return Recognition(language, tuple(best.values()))

    def _matches(self, sentence: Sequence[Unit], language: str | None) -> list[_Match]:
        """Return the matches of one sentence that do not exclude each other, in the order of the text."""
        hits = self._lexicon.find(sentence)
        present = hits.keys()
        candidates = chain.from_iterable(self._phrases.get(slot, ()) for slot in present)
        found = [
            match
            for phrase in candidates
            if present >= phrase.slots and (match := self._closest(phrase, hits, sentence))
        ]
        kept = self._strongest(found, language)
        used = frozenset[int]().union(*(match.units for match in kept))
        undone = self._undone(sentence, used)
        kept = [match for match in kept if not undone & {sentence[unit].clause for unit in match.units}]
        return sorted(kept, key=lambda match: min(match.units))

    def _closest(self, phrase: _Phrase, hits: Mapping[int, list[Hit]], sentence: Sequence[Unit]) -> _Match | None:
        """The closest places at which all slots of a phrase stand beside each other, from each place of its rarest."""
        slots = sorted(phrase.slots, key=lambda slot: len(hits[slot]))
        around = (_around(first, slots, hits) for first in hits[slots[0]])
        matches = (_match(phrase, places, sentence) for places in around if places)
        sure = (match for match in matches if match.score >= SURE and self._holds(match, sentence))
        return max(sure, key=lambda match: match.rank, default=None)

    def _holds(self, match: _Match, sentence: Sequence[Unit]) -> bool:
        """Whether a match counts.

        A single term must fill most of its clause. A word such as *no* must be followed by another word of the match.
        """
        if len(match.phrase.slots) == 1:
            clause = sentence[min(match.units)].clause
            return len(match.units) >= ALONE * sum(unit.clause == clause for unit in sentence)
        return all(
            place.end in match.units
            for place in match.places.values()
            if tuple(sentence[unit].word for unit in place.units) in self._binding
        )

    def _strongest(self, matches: Sequence[_Match], language: str | None) -> list[_Match]:
        """Return the matches that share no unit with a better one, except a predicate such as *is missing*."""
        kept: list[_Match] = []
        for match in sorted(matches, key=lambda match: match.rank, reverse=True):
            if not any(self._clash(match, better) for better in kept):
                kept.append(match)
        return [_said_in(language, match, matches) for match in kept]

    def _clash(self, one: _Match, other: _Match) -> bool:
        return any(
            not match.units_but(self._predicates).isdisjoint(beside.units)
            for match, beside in ((one, other), (other, one))
        )

    def _undone(self, sentence: Sequence[Unit], used: frozenset[int]) -> set[int]:
        """Return the clauses with a negating word, unless a phrase uses that word or the clause is a demand."""
        taken_back = {hit.clause for hit in _all(self._undo.find(sentence)) if not used.issuperset(hit.units)}
        return taken_back - {hit.clause for hit in _all(self._demand.find(sentence))}

    def _compile(self, taxonomy: Taxonomy) -> Iterator[_Phrase]:
        """The phrases, those of the same words made one, with the platform's own error texts."""
        found: dict[tuple[str, frozenset[int]], _Phrase] = {}
        for code, language, text in _written_phrases(taxonomy):
            slots = frozenset(self._lexicon.slots(text))
            if slots:
                found.setdefault((code, slots), _Phrase(code, slots, {})).texts.setdefault(language, text)
        yield from found.values()


def _all(hits: Mapping[int, list[Hit]]) -> Iterator[Hit]:
    return chain.from_iterable(hits.values())


def _written_phrases(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    """Code, language and text of every phrase; the platform's error texts stand under `error`."""
    for code, by_language in taxonomy.phrases.items():
        errors = {"error": taxonomy.codes[code].platform.get("error", ())}
        for language, texts in (by_language | errors).items():
            yield from ((code, language, text) for text in texts)


def _written(phrase: _Phrase, language: str | None) -> str:
    """A phrase as it is written in the language of a text, else as somebody added it, else in any."""
    return phrase.texts.get(language or OWN) or phrase.texts.get(OWN) or next(iter(phrase.texts.values()))


def _by_rarest_slot(phrases: Iterable[_Phrase]) -> dict[int, list[_Phrase]]:
    """Index the phrases by the slot that the fewest phrases have, so that few must be checked for a sentence."""
    every = list(phrases)
    uses = Counter(slot for phrase in every for slot in phrase.slots)
    found: dict[int, list[_Phrase]] = defaultdict(list)
    for phrase in every:
        found[min(phrase.slots, key=lambda slot: (uses[slot], slot))].append(phrase)
    return found


def _around(first: Hit, slots: Sequence[int], hits: Mapping[int, list[Hit]]) -> dict[int, Hit]:
    """Return for each slot its hit nearest to the first that overlaps no other; empty when a slot has none."""
    places = {slots[0]: first}
    for slot in slots[1:]:
        free = [hit for hit in hits[slot] if not any(hit.overlaps(place) for place in places.values())]
        if not free:
            return {}
        places[slot] = min(free, key=lambda hit: (hit.clause != first.clause, hit.distance(first), hit.start - hit.end))
    return places


def _match(phrase: _Phrase, places: Mapping[int, Hit], sentence: Sequence[Unit]) -> _Match:
    units = frozenset(unit for place in places.values() for unit in place.units)
    first, last = min(units), max(units)
    gap = last - first + 1 - len(units) + ACROSS_CLAUSES * (sentence[last].clause - sentence[first].clause)
    likeness = sum(place.likeness for place in places.values()) / len(places)
    return _Match(phrase, places, units, likeness - PER_GAP * gap)


def _said_in(language: str | None, match: _Match, matches: Iterable[_Match]) -> _Match:
    """The match of the same words by a phrase in the language of the text, where there is one."""
    alike = (other for other in matches if (other.phrase.code, other.units) == (match.phrase.code, match.units))
    return next((other for other in alike if language in other.phrase.texts), match)


def _part(text: str, sentence: Sequence[Unit], match: _Match) -> str:
    """The clauses of the raw text in which a match lies."""
    clauses = {sentence[unit].clause for unit in match.units}
    of = [unit for unit in sentence if min(clauses) <= unit.clause <= max(clauses)]
    return text[of[0].start : of[-1].end]
