"""Titles: length, characters, repeated words (reference §5.3), and the words AliExpress objects to (reference §4.5)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.checks.scripts import foreign_letters
from aexdash.model import Reason
from aexdash.platform_data import ObjectionableWord

LONGEST = {"pop": 128}
LONGEST_ELSEWHERE = 218
"""Characters of a title: 1–128 where it is ASCII alone, else 218 (reference §5.3)."""

TOO_OFTEN = 3
"""A word that occurs this often in one title is repeated; our own limit, the reference names none."""

SHORTEST_WORD = 3
FUNCTION_WORDS = frozenset(
    {
        *("and", "for", "from", "the", "with", "avec", "les", "pour", "del", "los", "las", "con", "para", "por"),
        *("des", "der", "die", "das", "für", "mit", "und", "без", "для", "как", "при"),
    }
)

OBJECTED = {
    "FORBIDEN_TYPE": "prohibited.banned_word",
    "RESTRICT_TYPE": "prohibited.restricted_word",
    "BRAND_TYPE": "ip.brand_word",
    "TORT_TYPE": "ip.infringing_word",
}
"""What each type of word means (reference §4.5; the spelling of the first is the platform's)."""

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")


def title_findings(facts: CheckInput) -> Iterator[Reason]:
    """Check every title that the listing has, in each of its languages."""
    titles = written_titles(facts)
    if not titles:
        if facts.detail is not None:
            yield finding("title.empty")
        return
    maximum = LONGEST.get(facts.model, LONGEST_ELSEWHERE)
    length = max(map(len, titles))
    if length > maximum:
        yield finding("title.too_long", length=length, maximum=maximum)
    strange = _strange_characters(facts)
    if strange:
        yield finding("title.characters", characters=strange)
    repeated = sorted(set().union(*map(_repeated, titles)))
    if repeated:
        yield finding("title.repeated_words", words=repeated)
    yield from _objected(facts.words or ())


def written_titles(facts: CheckInput) -> list[str]:
    """The titles that are not empty, each once, the one that the list shows first."""
    by_locale = facts.detail.titles if facts.detail else {}
    return [title for title in dict.fromkeys((facts.title, *by_locale.values())) if title.strip()]


def _strange_characters(facts: CheckInput) -> list[str]:
    """Characters that a title may not have, each as it is or, where it cannot be seen, by its number."""
    by_locale = facts.detail.titles if facts.detail else {}
    if facts.model == "pop":
        english = (title for locale, title in by_locale.items() if locale[:2].lower() in ("", "en"))
        found = set().union(*map(_not_plain, (facts.title, *english)))
    else:
        found = set().union(*(foreign_letters(title, locale) for locale, title in by_locale.items()))
    return [_visible(character) for character in sorted(found)]


def _not_plain(title: str) -> set[str]:
    """Whatever is not printable ASCII, and the brackets of tags: `<…>` is refused (reference §5.3)."""
    return {character for character in title if not " " <= character <= "~"} | (
        {"<", ">"} if _TAG.search(title) else set()
    )


def _visible(character: str) -> str:
    combining = unicodedata.combining(character) != 0
    return character if character.isprintable() and not combining else f"U+{ord(character):04X}"


def _repeated(title: str) -> set[str]:
    counted = Counter(_WORD.findall(title.casefold()))
    return {
        word
        for word, times in counted.items()
        if times >= TOO_OFTEN and len(word) >= SHORTEST_WORD and word not in FUNCTION_WORDS
    }


def _objected(words: tuple[ObjectionableWord, ...]) -> Iterator[Reason]:
    for kind, code in OBJECTED.items():
        named = sorted({word.word for word in words if kind in word.types and word.word.strip()})
        if named:
            yield finding(code, words=named)
