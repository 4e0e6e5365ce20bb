"""Finds the words of all phrases in a sentence, also misspelled ones and synonyms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process

from aexdash.reasons.phrasing import Unit, is_character, term

Term = tuple[str, ...]

REMEMBERED = 50_000
"""Distinct words whose similar words are cached."""

EXACT_UP_TO = 3
"""Words of up to this many letters must be spelled exactly."""

LIKENESS = ((4, 86.0), (7, 80.0))
"""Pairs: length of a word in letters, and the least similarity in percent for words of up to that length."""
LIKENESS_OF_LONG = 78.0

LIKENESS_OF_A_FORM = 85.0
"""The least similarity in percent between two forms of a word: pictures, picture."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found at the units `start` to `end` (exclusive) of a sentence, with `likeness` percent of similarity."""

    start: int
    end: int
    clause: int
    likeness: float

    @property
    def units(self) -> range:
        """The units it covers."""
        return range(self.start, self.end)

    def distance(self, other: Hit) -> int:
        """How many units lie between two hits that do not overlap."""
        return max(self.start, other.start) - min(self.end, other.end)

    def inside(self, other: Hit) -> bool:
        """Whether another hit covers its units and more."""
        return other.start <= self.start and self.end <= other.end and self.units != other.units

    def overlaps(self, other: Hit) -> bool:
        """Whether both cover a unit."""
        return self.start < other.end and other.start < self.end


class Lexicon:
    """The slots of all phrases; a slot is a term or a group of synonyms."""

    def __init__(
        self,
        groups: Iterable[Iterable[str]],
        fillers: frozenset[str],
        *,
        exact: bool = False,
        meant: frozenset[str] = frozenset(),
    ) -> None:
        """Take the words of `meant` as they are written, not for slips of others: *girilmiş* is no *girilmemiş*."""
        self._fillers = fillers
        self._meant = meant
        self._exact = exact
        self._slot: dict[Term, int] = {}
        self._literal: dict[Term, int] = {}
        self._starting: dict[str, list[tuple[Term, int]]] = defaultdict(list)
        self._like: dict[str, tuple[tuple[str, float], ...]] = {}
        self._last = 0
        for words in groups:
            self._add(self._term(word) for word in words)

    def slots(self, phrase: str) -> tuple[int, ...]:
        """Return the slots of a phrase: one for each word, or for several words that are one term of a group.

        A phrase of one term has no synonyms, because no other word of the phrase would confirm the match.
        """
        terms = self._joined([words for piece in phrase.split() if (words := self._term(piece))])
        slots = tuple(dict.fromkeys(map(self._slot_of, terms))) if len(terms) > 1 else ()
        return slots if len(slots) > 1 or not terms else (self._literally(_put_together(terms)),)

    def groups_of(self, words: Iterable[str]) -> frozenset[int]:
        """Return the slots of the groups that contain these words."""
        return frozenset(self._slot[self._term(word)] for word in words)

    def find(self, sentence: Sequence[Unit]) -> dict[int, list[Hit]]:
        """Return the hits of each slot in a sentence."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        for place, unit in enumerate(sentence):
            for word, likeness in self._words_like(unit.word):
                for words, slot in self._starting[word]:
                    rest = self._likeness_of_rest(words, sentence, place)
                    if rest:
                        hits[slot].append(Hit(place, place + len(words), unit.clause, min(likeness, rest)))
        return _whole(hits, sentence)

    def _joined(self, terms: Sequence[Term]) -> list[Term]:
        """Return the terms of a phrase; words that a group has as one term are joined: `водяной знак`."""
        joined: list[Term] = []
        place = 0
        while place < len(terms):
            ways = (tuple(terms[place:end]) for end in range(len(terms), place + 1, -1))
            way = next((way for way in ways if self._is_whole(_put_together(way))), (terms[place],))
            joined.append(_put_together(way))
            place += len(way)
        return joined

    def _is_whole(self, words: Term) -> bool:
        return words in self._slot and not is_character(words[0])

    def _slot_of(self, words: Term) -> int:
        """The slot of a term: a form of a word stands in the group of that word."""
        if words in self._slot:
            return self._slot[words]
        like = self._words_like(words[0]) if len(words) == 1 else ()
        forms = ((word,) for word, likeness in like if likeness >= LIKENESS_OF_A_FORM)
        known = next((form for form in forms if form in self._slot), None)
        return self._slot[known] if known else self._add([words])

    def _likeness_of_rest(self, words: Term, sentence: Sequence[Unit], place: int) -> float:
        """Return the similarity of the units after `place` to the term's further words; 0 when they do not match."""
        if len(words) == 1:
            return 100
        units = sentence[place : place + len(words)]
        if len(units) < len(words) or units[-1].clause != units[0].clause:
            return 0
        return min((_likeness(unit.word, word) for unit, word in zip(units[1:], words[1:], strict=True)))

    def _term(self, words: str) -> Term:
        return tuple(word for word in term(words) if word not in self._fillers)

    def _add(self, terms: Iterable[Term]) -> int:
        self._last += 1
        for words in filter(None, terms):
            if self._slot.setdefault(words, self._last) == self._last:
                self._enter(words, self._last)
        return self._last

    def _literally(self, words: Term) -> int:
        if words not in self._literal:
            self._last += 1
            self._literal[words] = self._last
            self._enter(words, self._last)
        return self._literal[words]

    def _enter(self, words: Term, slot: int) -> None:
        self._starting[words[0]].append((words, slot))
        self._like.clear()

    def _words_like(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the first words of terms that a word may be a spelling of, with their similarity."""
        known = self._like.get(word)
        if known is None:
            if len(self._like) >= REMEMBERED:
                self._like.clear()
            known = self._like[word] = tuple(self._nearest(word))
        return known

    def _nearest(self, word: str) -> Iterator[tuple[str, float]]:
        """Return the word itself when a term begins with it, else the most similar words."""
        if word in self._starting:
            yield word, 100
        elif not self._exact and word not in self._meant:
            near = [known for known in self._starting if known[0] == word[0]]
            scored = process.extract(word, near, scorer=_likeness, score_cutoff=1, limit=None)
            yield from ((known, likeness) for known, likeness, _ in scored if likeness == scored[0][1])


def _whole(hits: Mapping[int, list[Hit]], sentence: Sequence[Unit]) -> dict[int, list[Hit]]:
    """Return the hits that are not part of a longer one: *marca de agua* is no *marca*. Characters all stay."""
    longer = [hit for some in hits.values() for hit in some if hit.end - hit.start > 1]
    wholes = [hit for hit in longer if not is_character(sentence[hit.start].word)]
    kept = {slot: [hit for hit in some if not any(map(hit.inside, wholes))] for slot, some in hits.items()}
    return {slot: some for slot, some in kept.items() if some}


def _put_together(terms: Iterable[Term]) -> Term:
    return tuple(chain.from_iterable(terms))


def _likeness(word: str, known: str, **_: object) -> float:
    """How like two words are, 0 when one cannot be meant for the other. Slips at the first letter are rare."""
    if word == known:
        return 100
    letters = min(len(word), len(known))
    if letters <= EXACT_UP_TO or word[0] != known[0] or word.isdigit():
        return 0
    least = next((least for most, least in LIKENESS if letters <= most), LIKENESS_OF_LONG)
    return fuzz.ratio(word, known, score_cutoff=least)
