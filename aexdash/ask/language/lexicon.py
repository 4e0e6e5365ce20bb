"""Finding phrases in a question: the longest that fits at each word, and words that are only misspelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rapidfuzz.distance import OSA

from aexdash.ask.language.text import Word, fold, words_of

SHORTEST_SWAPPED, SHORTEST_MISSPELT, LONG = 4, 5, 9
"""Letters of the shortest word in which two swapped letters are forgiven, one slip of any kind, and two slips."""


SAYING_NOTHING = ("stop", "polite")
"""What a phrase is only where it is nothing else."""

BETWEEN = {
    *("is", "are", "was", "were", "be", "the", "a", "an", "that", "which"),
    *("el", "la", "los", "las", "es", "son", "esta", "estan", "un", "una"),
    *("very", "too", "so", "quite", "really", "far", "way", "rather", "muy", "demasiado", "bastante", "tan"),
    *("очень", "слишком", "чересчур", "太", "很", "过于"),
}
"""Words that may stand within a phrase: *the main picture is too small* is *main picture small*."""


LACKING = ("without", "no", "sin", "без", "нет", "没", "无")
PROBLEMS = ("problem", "problems", "issue", "issues", "complaint", "complaints", "error", "errors", "问")
"""What may be lacking instead of what a reason is about."""


class Tag(StrEnum):
    """What a phrase is in a question; of two that fit equally well the earlier one is taken."""

    CARD = "card"
    MOVE = "move"
    STATE = "state"
    WHERE = "where"
    BY = "by"
    DIMENSION = "dimension"
    ORDER = "order"
    PLAIN = "plain"
    CHANGE = "change"
    FORECAST = "forecast"
    TOPIC = "topic"
    NEGATION = "negation"
    DONE = "done"
    ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for: `name` is the filter of `WHERE`, `value` the word of ours."""

    tag: Tag
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a question, from the index `first` to before `after`, and all that they can stand for.

    `instead` is the word that a misspelt one was taken for.
    """

    first: int
    after: int
    meanings: tuple[Meaning, ...]
    instead: str = ""


class Lexicon:
    """Phrases with their meanings. A token `word*` fits every word that begins so."""

    def __init__(self) -> None:
        self._whole: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        self._begun: dict[str, list[tuple[str, tuple[str, ...], Meaning]]] = defaultdict(list)
        self._spelt: set[str] = set()
        self._stems: set[str] = set()
        self._within: dict[str, list[str]] = defaultdict(list)
        self._known: set[str] = set()
        self.names: list[tuple[str, Meaning]] = []

    def add(self, phrases: Iterable[str], meaning: Meaning, *, spelt: bool = True) -> None:
        """Add phrases. `spelt`: their words may be misspelt; names of stores and people may not."""
        for phrase in phrases:
            tokens = _tokens(phrase)
            if not tokens:
                continue
            self._known.update(tokens)
            if tokens[0].endswith("*"):
                self._begun[tokens[0][:2]].append((tokens[0][:-1], tokens, meaning))
            else:
                self._whole[tokens[0]].append((tokens, meaning))
            if spelt and "*" not in phrase:
                for token in tokens:
                    self._within[token].append(phrase)
            if spelt:
                self._spelt |= {token for token in tokens if len(token) >= SHORTEST_SWAPPED and token.isalpha()}
                self._stems |= {
                    token[:-1] for token in tokens if token.endswith("*") and len(token) > SHORTEST_MISSPELT
                }

    def knows(self, word: str) -> bool:
        """Whether a word stands in any phrase or name, or begins as one with a star."""
        return any(word[:length] + "*" in self._known for length in range(1, len(word) + 1)) or word in self._known

    def hits(self, words: Sequence[Word], taken: Sequence[bool]) -> list[Hit]:
        """Find the longest phrases, from the left; words that are `taken` are passed over, and end a phrase."""
        found, place = [], 0
        while place < len(words):
            hit = None if taken[place] else self._at(words, taken, place)
            if hit:
                found.append(hit)
            place = hit.after if hit else place + 1
        return found

    def _at(self, words: Sequence[Word], taken: Sequence[bool], place: int) -> Hit | None:
        here = words[place].text
        candidates = [*self._whole.get(here, ()), *self._beginning(here)]
        best: dict[tuple[int, int, int], list[Meaning]] = defaultdict(list)
        for tokens, meaning in candidates:
            after = _end(tokens, words, taken, place)
            if after and not _lacks_a_problem(tokens, words, after):
                exact = sum(not token.endswith("*") for token in tokens)
                best[len(tokens), exact, place - after].append(meaning)
        if not best:
            return None
        longest = max(best)
        meanings = tuple(dict.fromkeys(best[longest]))
        meanings = tuple(one for one in meanings if one.value not in SAYING_NOTHING) or meanings[:1]
        first = min(tuple(Tag).index(one.tag) for one in meanings)
        return Hit(place, place - longest[2], tuple(one for one in meanings if tuple(Tag).index(one.tag) == first))

    def _beginning(self, word: str) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        """Yield the phrases whose first word has a star, and begins as a word does."""
        for begin in (word[:2], f"{word[:1]}*"):
            for stem, tokens, meaning in self._begun.get(begin, ()):
                if word.startswith(stem):
                    yield tokens, meaning

    def respelt(self, word: str) -> str:
        """Return the one known word that a misspelt one can be; empty where there is none, or more than one.

        Of several the one with the same last letter is meant: the first and the last are seldom wrong.
        """
        near = [] if word in self._spelt else self.near(word)
        short = (one for one in self._spelt if len(one) == SHORTEST_SWAPPED and one[0] == word[0])
        if len(word) == SHORTEST_MISSPELT and any(OSA.distance(word, one) == 1 for one in short):
            return ""  # *duoes* may be *does* as well as *dupes*
        if any(not one.startswith(stem) for one in near for stem in self._stems if _begins_near(word, stem)):
            return ""  # *retinados* may be a form of *retirad**, which is nearer than *retenidos*
        ends = [one for one in near if one[-1] == word[-1]]
        return near[0] if len(near) == 1 else ends[0] if len(ends) == 1 else ""

    def says_nothing(self, word: str) -> bool:
        """Whether a word is known by itself, and as one that says nothing."""
        alone = [meaning.value for tokens, meaning in self._whole.get(word, ()) if len(tokens) == 1]
        return bool(alone) and all(one in SAYING_NOTHING for one in alone)

    def near(self, word: str) -> list[str]:
        """Return the known words that are a slip away: one letter, in long words two, in short ones two swapped.

        The first letter is right. Of a word that is known only beside others, these phrases.
        """
        if word in self._spelt:
            return sorted(self._within[word], key=len)
        if len(word) < SHORTEST_SWAPPED or not word.isalpha():
            return []
        slips = 2 if len(word) >= LONG else 1
        by_distance: dict[int, list[str]] = defaultdict(list)
        for known in self._spelt:
            if known != word and known[0] == word[0] and abs(len(known) - len(word)) <= slips:
                distance = OSA.distance(word, known, score_cutoff=slips)
                if distance <= slips and (_is_long(word, known) or sorted(word) == sorted(known)):
                    by_distance[distance].append(known)
        return sorted(by_distance[min(by_distance)]) if by_distance else []


def _begins_near(word: str, stem: str) -> bool:
    """Whether a word begins as one of many forms does, but for one slip."""
    return stem[0] == word[0] and OSA.distance(word[: len(stem)], stem, score_cutoff=1) == 1


def _is_long(*words: str) -> bool:
    return all(len(word) >= SHORTEST_MISSPELT for word in words)


@cache
def _tokens(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase; a star belongs to the word before it. A vocabulary is built anew with new names."""
    return tuple(_cut(phrase))


def _cut(phrase: str) -> Iterable[str]:
    for part in phrase.split():
        star = part.endswith("*")
        words = words_of(fold(part.rstrip("*"))) or ([] if part != "%" else [Word("%", 0, 1)])
        for index, word in enumerate(words):
            yield f"{word.text}*" if star and index == len(words) - 1 else word.text


def _end(tokens: Sequence[str], words: Sequence[Word], taken: Sequence[bool], place: int) -> int:
    """Return the index behind a phrase whose first token fits the word at a place; 0 where the others do not follow."""
    place += 1
    for token in tokens[1:]:
        while place < len(words) and words[place].text in BETWEEN and not _fits(token, words[place].text):
            place += 1
        if place >= len(words) or taken[place] or not _fits(token, words[place].text):
            return 0
        place += 1
    return place


def _lacks_a_problem(tokens: Sequence[str], words: Sequence[Word], after: int) -> bool:
    """Whether *without image* stands before *problems*: what is lacking is a problem, and no picture."""
    lacking = tokens[1:2] if tokens[0] == "with" else tokens[:1]
    return len(tokens) > 1 and after < len(words) and lacking[0] in LACKING and words[after].text in PROBLEMS


def _fits(token: str, word: str) -> bool:
    return word.startswith(token[:-1]) if token.endswith("*") else word == token
