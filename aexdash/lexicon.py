"""The words of all phrases, and where in a sentence they stand: spelled nearly so, or by a word that means the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from aexdash.phrasing import Unit, term

Term = tuple[str, ...]

EXACT_UP_TO = 3
"""A word of so few letters has to be spelled exactly."""

LIKENESS = ((4, 86.0), (7, 80.0))
"""The least likeness of a word of up to so many letters, per cent."""
LIKENESS_OF_LONG = 78.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found at the units from `start` to `end` (exclusive) of a sentence, spelled `likeness` per cent so."""

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

    def overlaps(self, other: Hit) -> bool:
        """Whether both cover a unit."""
        return self.start < other.end and other.start < self.end


class Lexicon:
    """Slots of phrases: a slot is one term, or a group of terms that stand for each other."""

    def __init__(self, groups: Iterable[Iterable[str]], fillers: frozenset[str], *, exact: bool = False) -> None:
        self._fillers = fillers
        self._exact = exact
        self._slot: dict[Term, int] = {}
        self._next = 0
        for words in groups:
            self._add(self._term(word) for word in words)
        self._starting: dict[str, list[tuple[Term, int]]] | None = None
        self._like: dict[str, tuple[tuple[str, float], ...]] = {}

    def slots(self, phrase: str) -> tuple[int, ...]:
        """The slots of a phrase, one for what stands between two spaces; words that only fill have none."""
        return tuple(self._slot_of(words) for piece in phrase.split() if (words := self._term(piece)))

    def groups_of(self, words: Iterable[str]) -> frozenset[int]:
        """The slots under which words stand."""
        return frozenset(slot for word in words for slot in self.slots(word.replace(" ", "-")))

    def find(self, sentence: Sequence[Unit]) -> dict[int, list[Hit]]:
        """Where each slot stands in a sentence."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        starting = self._terms_by_first_word()
        for place, unit in enumerate(sentence):
            for word, likeness in self._words_like(unit.word):
                for words, slot in starting[word]:
                    rest = self._likeness_of_rest(words, sentence, place)
                    if rest:
                        hits[slot].append(Hit(place, place + len(words), unit.clause, min(likeness, rest)))
        return hits

    def _slot_of(self, words: Term) -> int:
        """The slot of a term: a form of a word stands in the group of that word."""
        if words in self._slot:
            return self._slot[words]
        like = self._words_like(words[0]) if len(words) == 1 else ()
        known = next(((word,) for word, _ in like if (word,) in self._slot), None)
        return self._slot[known] if known else self._add([words])

    def _likeness_of_rest(self, words: Term, sentence: Sequence[Unit], place: int) -> float:
        """How like the units after `place` are to the term's further words; 0 when they are not."""
        units = sentence[place : place + len(words)]
        if len(units) < len(words) or units[-1].clause != units[0].clause:
            return 0
        return min((_likeness(unit.word, word) for unit, word in zip(units[1:], words[1:], strict=True)), default=100)

    def _term(self, words: str) -> Term:
        return tuple(word for word in term(words) if word not in self._fillers)

    def _add(self, terms: Iterable[Term]) -> int:
        slot = self._next
        self._next += 1
        for found in terms:
            self._slot.setdefault(found, slot)
        self._starting = None
        return slot

    def _terms_by_first_word(self) -> dict[str, list[tuple[Term, int]]]:
        if self._starting is None:
            starting: dict[str, list[tuple[Term, int]]] = defaultdict(list)
            for words, slot in self._slot.items():
                starting[words[0]].append((words, slot))
            self._starting, self._like = starting, {}
        return self._starting

    def _words_like(self, word: str) -> tuple[tuple[str, float], ...]:
        """The first words of terms that a word may be meant for, with their likeness."""
        if word not in self._like:
            self._like[word] = tuple(self._nearest(word))
        return self._like[word]

    def _nearest(self, word: str) -> Iterator[tuple[str, float]]:
        """The word itself where a term begins with it, for that is what is meant; else those spelled most like it."""
        starting = self._terms_by_first_word()
        if word in starting:
            yield word, 100
        elif not self._exact:
            near = [known for known in starting if known[0] == word[0]]
            scored = process.extract(word, near, scorer=_likeness, score_cutoff=1, limit=None)
            yield from ((known, likeness) for known, likeness, _ in scored if likeness == scored[0][1])


def _likeness(word: str, known: str, **_: object) -> float:
    """How like two words are, 0 when one cannot be meant for the other. Slips at the first letter are rare."""
    if word == known:
        return 100
    letters = min(len(word), len(known))
    if letters <= EXACT_UP_TO or word[0] != known[0] or word.isdigit():
        return 0
    least = next((least for most, least in LIKENESS if letters <= most), LIKENESS_OF_LONG)
    return fuzz.ratio(word, known, score_cutoff=least)
