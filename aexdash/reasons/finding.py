"""Finds phrases in the sentences of a text, by the words of one language: which match, and which of them count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from aexdash.reasons.lexicon import Hit, Lexicon
from aexdash.reasons.phrasing import Unit, Wording, term
from aexdash.reasons.taxonomy import OWN, Language, Taxonomy

SURE = 80
"""The lowest score of a match that counts."""

PER_GAP = 3
PER_SYLLABLE = 2
"""How much each other word between the words of a phrase lowers its score; in Korean each other syllable."""

ACROSS_CLAUSES = 5
"""A comma counts as this many other words."""

ALONE = 0.5
"""The least share of its clause that a phrase of one term must fill: one word of a long sentence proves little."""

BESIDE_A_PAPER = 2
"""Up to so many words between a word of a phrase and a paper, the paper may be what is missing."""

BESIDE_A_RIGHT = 1
"""The same between a phrase that names a paper and one that shows a right: *authorisation document*."""

AS_GOOD = 2
"""Two readings of as many words whose scores differ by no more than this, less than a word between, are both told."""

ERROR = "error"
"""The key of the platform's own error texts; like a lead's own phrases they hold whatever the language of a text is."""

GUEST: Language = "en"
SCRIPTS: frozenset[Language] = frozenset({"zh", "ru", "ko"})
"""Languages that are not written in Latin letters: what is Latin in their texts is read as English."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a phrase of one code; `texts` are its spellings by language."""

    code: str
    slots: frozenset[int]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase in a sentence, at `places`; `rivals` are codes that the same words may mean just as well."""

    phrase: Phrase
    places: Mapping[int, Hit]
    units: frozenset[int]
    score: float
    rivals: tuple[str, ...] = ()

    def units_but(self, slots: frozenset[int]) -> frozenset[int]:
        """The units of the places that are of none of these slots; all when there are no others."""
        own = frozenset(unit for slot, place in self.places.items() if slot not in slots for unit in place.units)
        return own or self.units

    @property
    def rank(self) -> tuple[int, float, int]:
        """What makes one match better than another: more words of the sentence, then nearer to each other."""
        return len(self.phrase.slots), self.score, len(self.units)


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """The matches of a sentence in the order of the text; `denied` when it takes back what a phrase says."""

    matches: list[Match]
    denied: bool


class PhraseFinder:
    """Finds the phrases of a taxonomy in texts of one language; of no language, those that hold whatever it is."""

    def __init__(self, taxonomy: Taxonomy, wording: Wording, language: Language | None) -> None:
        spoken = (language, GUEST) if language in SCRIPTS else (language or GUEST,)
        words = wording.of([one for one in spoken if one])
        self.fillers = words.fillers
        self.language = language
        self._per_gap = PER_SYLLABLE if language == "ko" else PER_GAP
        said = frozenset(chain.from_iterable(map(term, words.undo)))
        self._lexicon = Lexicon(words.same.values(), words.fillers, meant=said)
        self._undo = Lexicon([words.undo], words.fillers, exact=True)
        self._waive = Lexicon([words.waive], words.fillers, exact=True)
        self._needs = Lexicon([words.needs], words.fillers, exact=True)
        self._demand = Lexicon([words.demand], words.fillers, exact=True)
        self._predicates, self._lacks, self._papers, self._rights = (
            self._lexicon.groups_of(words.same[name][0] for name in names if name in words.same)
            for names in (wording.predicates, wording.lacks, wording.papers, wording.rights)
        )
        self._binding = frozenset(map(term, words.binding))
        self._phrases = _by_rarest_slot(self._compile(taxonomy, spoken if language else ()))

    def read(self, sentence: Sequence[Unit]) -> SentenceRead:
        """Read one sentence: the matches that do not exclude each other, and whether any was taken back."""
        hits = self._lexicon.find(sentence)
        candidates = chain.from_iterable(self._phrases.get(slot, ()) for slot in hits)
        found = [
            match
            for phrase in candidates
            if hits.keys() >= phrase.slots and (match := self._closest(phrase, hits, sentence))
            if not self._of_a_paper(match, hits)
        ]
        said = {match.phrase.code for match in self._strongest(found)}
        used = frozenset[int]().union(*(match.units for match in found if match.phrase.code in said))
        undone = self._undone(sentence, used)
        stands = [match for match in found if not undone & {sentence[unit].clause for unit in match.units}]
        kept = self._strongest(stands)
        return SentenceRead(sorted(kept, key=lambda match: min(match.units)), len(stands) < len(found))

    def _closest(self, phrase: Phrase, hits: Mapping[int, list[Hit]], sentence: Sequence[Unit]) -> Match | None:
        """The closest places at which all slots of a phrase stand beside each other, from each place of its rarest."""
        slots = sorted(phrase.slots, key=lambda slot: len(hits[slot]))
        around = (_around(first, slots, hits) for first in hits[slots[0]])
        matches = (_match(phrase, places, sentence, self._per_gap) for places in around if places)
        sure = (match for match in matches if match.score >= SURE and self._holds(match, sentence))
        return max(sure, key=lambda match: match.rank, default=None)

    def _holds(self, match: Match, sentence: Sequence[Unit]) -> bool:
        """Whether a match counts.

        A single term must fill most of its clause. A word such as *no* must be followed by another word of the match.
        An English phrase in a text of another script needs a word in Latin letters.
        """
        if not self._in_its_language(match, sentence):
            return False
        if len(match.phrase.slots) == 1:
            clause = sentence[min(match.units)].clause
            return len(match.units) >= ALONE * sum(unit.clause == clause for unit in sentence)
        return all(
            place.end in match.units
            for place in match.places.values()
            if tuple(sentence[unit].word for unit in place.units) in self._binding
        )

    def _in_its_language(self, match: Match, sentence: Sequence[Unit]) -> bool:
        if self.language not in SCRIPTS or match.phrase.texts.keys() - {GUEST}:
            return True
        return any(sentence[unit].word.isascii() and sentence[unit].word.isalpha() for unit in match.units)

    def _of_a_paper(self, match: Match, hits: Mapping[int, list[Hit]]) -> bool:
        """Whether the words *missing*, *provide* and the like of a match are said of a paper that it leaves out."""
        slots = match.phrase.slots
        if slots.isdisjoint(self._lacks) or not slots.isdisjoint(self._rights):
            return False
        names_one = not slots.isdisjoint(self._papers)
        kinds, beside = (self._rights, BESIDE_A_RIGHT) if names_one else (self._papers, BESIDE_A_PAPER)
        return any(
            paper.clause == place.clause
            and not match.units.intersection(paper.units)
            and paper.distance(place) <= beside
            for paper in _all({kind: hits.get(kind, []) for kind in kinds})
            for place in match.places.values()
        )

    def _strongest(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches that share no unit with a better one, except a predicate such as *is missing*.

        Of those that are as good as one another, all are returned, each with the others as its rivals.
        """
        kept: list[Match] = []
        for match in sorted(matches, key=lambda match: match.rank, reverse=True):
            better = [one for one in kept if self._clash(match, one)]
            if all(_as_good(match, one) for one in better):
                kept.append(match)
        return [self._with_rivals(_said_in(self.language, match, matches), kept) for match in kept]

    def _with_rivals(self, match: Match, kept: Iterable[Match]) -> Match:
        others = {one.phrase.code for one in kept if self._clash(match, one)} - {match.phrase.code}
        return replace(match, rivals=tuple(sorted(others)))

    def _clash(self, one: Match, other: Match) -> bool:
        return any(
            not match.units_but(self._predicates).isdisjoint(beside.units)
            for match, beside in ((one, other), (other, one))
        )

    def _undone(self, sentence: Sequence[Unit], used: frozenset[int]) -> set[int]:
        """Return the clauses that name no reason: they waive something, or have a negating word.

        A negating word does not count when a phrase uses it or the clause is a demand.
        """
        taken_back = {hit.clause for hit in _all(self._undo.find(sentence)) if not used.issuperset(hit.units)}
        return self._waived(sentence) | taken_back - {hit.clause for hit in _all(self._demand.find(sentence))}

    def _waived(self, sentence: Sequence[Unit]) -> set[int]:
        """Return the clauses by which nothing is asked for: *is not required*, or *no … is needed*."""
        first_denial: dict[int, int] = {}
        for place, unit in enumerate(sentence):
            if (unit.word,) in self._binding:
                first_denial.setdefault(unit.clause, place)
        needs = _all(self._needs.find(sentence))
        needless = {hit.clause for hit in needs if first_denial.get(hit.clause, hit.start) < hit.start}
        return needless | {hit.clause for hit in _all(self._waive.find(sentence))}

    def _compile(self, taxonomy: Taxonomy, spoken: Iterable[str | None]) -> Iterator[Phrase]:
        """The phrases of some languages, those of the same words made one, with those that hold in any language."""
        found: dict[tuple[str, frozenset[int]], Phrase] = {}
        for code, language, text in _written_phrases(taxonomy):
            if language not in (*spoken, OWN, ERROR):
                continue
            slots = frozenset(self._lexicon.slots(text))
            if slots:
                found.setdefault((code, slots), Phrase(code, slots, {})).texts.setdefault(language, text)
        yield from found.values()


def written(phrase: Phrase, language: str | None) -> str:
    """A phrase as it is written in the language of a text, else as somebody added it, else in any."""
    return phrase.texts.get(language or OWN) or phrase.texts.get(OWN) or next(iter(phrase.texts.values()))


def _all(hits: Mapping[int, list[Hit]]) -> Iterator[Hit]:
    return chain.from_iterable(hits.values())


def _as_good(match: Match, better: Match) -> bool:
    """Whether a match reads as much of the sentence as a better one, as well, and as something else."""
    alike = len(match.phrase.slots) == len(better.phrase.slots) and len(match.units) >= len(better.units)
    return alike and better.score - match.score <= AS_GOOD and match.phrase.code != better.phrase.code


def _written_phrases(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    """Code, language and text of every phrase; the platform's error texts stand under `error`."""
    for code, by_language in taxonomy.phrases.items():
        errors = {ERROR: taxonomy.codes[code].platform.get("error", ())}
        for language, texts in (by_language | errors).items():
            yield from ((code, language, text) for text in texts)


def _by_rarest_slot(phrases: Iterable[Phrase]) -> dict[int, list[Phrase]]:
    """Index the phrases by the slot that the fewest phrases have, so that few must be checked for a sentence."""
    every = list(phrases)
    uses = Counter(slot for phrase in every for slot in phrase.slots)
    found: dict[int, list[Phrase]] = defaultdict(list)
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


def _match(phrase: Phrase, places: Mapping[int, Hit], sentence: Sequence[Unit], per_gap: int) -> Match:
    units = frozenset(unit for place in places.values() for unit in place.units)
    first, last = min(units), max(units)
    gap = last - first + 1 - len(units) + ACROSS_CLAUSES * (sentence[last].clause - sentence[first].clause)
    likeness = sum(place.likeness for place in places.values()) / len(places)
    return Match(phrase, places, units, likeness - per_gap * gap)


def _said_in(language: str | None, match: Match, matches: Iterable[Match]) -> Match:
    """The match of the same words by a phrase in the language of the text, where there is one."""
    alike = (other for other in matches if (other.phrase.code, other.units) == (match.phrase.code, match.units))
    return next((other for other in alike if language in other.phrase.texts), match)
