"""Phrases of many forms: `{nobody|no one} {has |}{taken|claimed}{ yet|}` is one pattern, and not a list of phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from aexdash.ask.language import synonyms
from aexdash.ask.language.lexicon import Hit, Lexicon, Meaning, Tag
from aexdash.ask.language.pieces import TIMES_TO_CLEAR
from aexdash.ask.language.text import Word, fold

_HAN = "㐀-鿿"
_PART = re.compile(r"\{([^{}]*)\}")
_LATIN = re.compile(rf"[^\W{_HAN}]")
_TAKEN = "\0"


@cache
def _compiled() -> tuple[tuple[tuple[Meaning, ...], re.Pattern[str]], ...]:
    return tuple(
        (_meanings(name), re.compile("|".join(map(_pattern, sorted(forms, key=len, reverse=True)))))
        for name, forms in synonyms.load()["pattern"].items()
    )


def _meanings(name: str) -> tuple[Meaning, ...]:
    """Read what a pattern stands for: `where.stage.new`, `card.aexdash_taken_down`."""
    section, _, value = name.partition(".")
    if value == "time_to_clear":
        return tuple(Meaning(Tag.CARD, one) for one in TIMES_TO_CLEAR)
    if section != "where":
        return (Meaning(Tag("by" if section == "alone" else section), value),)
    filtered, _, value = value.partition(".")
    return (Meaning(Tag.WHERE, value, filtered),)


def _pattern(form: str) -> str:
    """Return the regular expression of a form: the longest choice first, whole words alone, `*` any ending."""
    form = fold(form.replace("-", " ").replace(",", ""))
    written = "".join(
        f"(?:{'|'.join(map(_escaped, sorted(part.split('|'), key=len, reverse=True)))})"
        if index % 2
        else _escaped(part)
        for index, part in enumerate(_PART.split(form))
    )
    return rf"(?<![^\W{_HAN}])(?:{written})(?![^\W{_HAN}])" if _LATIN.search(form) else written


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\ ", " ").replace(r"\*", rf"[^\W{_HAN}]*")


def hits(lexicon: Lexicon, words: Sequence[Word], taken: Sequence[bool]) -> list[Hit]:
    """Find the phrases of a vocabulary and those of many forms, from the left; `taken` words are passed over."""
    phrases = lexicon.hits(words, taken)
    found = [one for one in _forms(words, taken) if not any(_is_before(phrase, one) for phrase in phrases)]
    if not found:
        return phrases
    within = {index for one in found for index in range(one.first, one.after)}
    rest = lexicon.hits(words, [gone or index in within for index, gone in enumerate(taken)])
    return sorted([*rest, *found], key=lambda one: one.first)


def _is_before(phrase: Hit, form: Hit) -> bool:
    """Whether a phrase takes a form's words: it is longer, or begins earlier and is as long or turns it round."""
    if phrase.after <= form.first or form.after <= phrase.first:
        return False
    longer = (phrase.after - phrase.first) - (form.after - form.first)
    earlier = phrase.first < form.first
    return longer > 0 or (earlier and (longer == 0 or phrase.meanings[0].tag is Tag.NEGATION))


def _forms(words: Sequence[Word], taken: Sequence[bool]) -> list[Hit]:
    """Find phrases of many forms, the longest at each place; two do not overlap."""
    text, firsts, ends = "", {}, {}
    for index, word in enumerate(words):
        text += " " * bool(index and words[index - 1].stop != word.start)
        firsts[len(text)] = index
        text += _TAKEN if taken[index] else word.text
        ends[len(text)] = index + 1
    found = [
        (one.start(), -one.end(), Hit(firsts[one.start()], ends[one.end()], meanings))
        for meanings, pattern in _compiled()
        for one in pattern.finditer(text)
        if one.start() in firsts and one.end() in ends and one[0]
    ]
    kept: list[Hit] = []
    for *_, hit in sorted(found, key=lambda one: one[:2]):
        if not kept or hit.first >= kept[-1].after:
            kept.append(hit)
    return kept
