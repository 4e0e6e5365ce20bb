"""What a phrase means by those beside it: turned round, done by somebody, or nothing but it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from aexdash.ask.language.lexicon import Hit, Meaning, Tag
from aexdash.ask.language.pieces import MONEY, Pieces
from aexdash.ask.language.text import Word
from aexdash.model import SourceWord, Stage

_ALL = {"all", "everything", "anything", "everyone", "everybody", "any"}
_NAMED = ("owner", "store", "category", "reason")

_TEAM = ("we", "you", "they", "anyone", "anybody", "everyone", "everybody", "team")
_VERBS = {
    **dict.fromkeys(("fix", "mend", "repair", "correct"), "fixed"),
    **dict.fromkeys(("take", "claim", "grab"), "taken"),
    **dict.fromkeys(("snooze", "postpone"), "snoozed"),
}
"""What orders are where somebody did them: *how many did Ana fix*."""

_DID = ("did", "does", "do", "has", "have", "had")

ONLY = ("only", "just", "solely", "только", "лишь", "solo", "solamente", "unicamente", "只", "只看", "只要")


def done_by_somebody(hits: list[Hit], words: list[Word], take: Callable[[int, int], None]) -> list[Hit]:
    """Take *how many did Ana mark fixed* for no order: what she did to them is what they are, or what is not known.

    Of *mark* nothing is left to say where what they were marked as stands behind it.
    """
    kept: list[Hit] = []
    for hit, following in itertools.zip_longest(hits, hits[1:]):
        if not _is_done(hit, kept[-1:], words):
            kept.append(hit)
        elif following and following.meanings[0].name == "stage" and words[hit.first].text == "mark":
            take(words[hit.first].start, words[hit.after - 1].stop)
        else:
            kept.append(replace(hit, meanings=(Meaning(Tag.DONE, _VERBS.get(words[hit.first].text, "")),)))
    return kept


def _is_done(hit: Hit, before: list[Hit], words: list[Word]) -> bool:
    """Whether a word that would be an order stands behind *did Ana*, or *did we*."""
    if hit.meanings[0].tag is not Tag.CHANGE:
        return False
    if hit.first > 1 and words[hit.first - 1].text in _TEAM:
        return _DID[0] in (words[hit.first - 2].text, words[max(hit.first - 3, 0)].text)
    if not before or before[0].after != hit.first:
        return False
    is_owner = before[0].meanings[0].name == "owner"
    return is_owner and before[0].first > 0 and words[before[0].first - 1].text in _DID


def lacking(pieces: Pieces) -> list[str]:
    """Return the words that say something only beside others which are not there: *or* with one thing, *profile*."""
    times = [str(said.start) for said in (*pieces.periods, *pieces.compared)]
    pairs = any(len(set(one)) > 1 for one in (*pieces.where.values(), pieces.states, times))
    words = set() if pieces.asks_time_to_clear else {"usual", "takes", "clearing"}
    words |= set() if SourceWord.FIXED in pieces.where.get("source", ()) else {"not_here"}
    words |= set() if _at_once(pieces) else {"at_once"}
    words |= {"except_behind"} | (set() if pieces.negated else {"others"})
    words |= set() if pieces.moves or (set(pieces.states) == {"rejected"} and pieces.periods) else {"new"}
    words |= set() if MONEY in pieces.cards else {"losing"}
    words |= set() if pieces.orders or pieces.by or pieces.dimensions else {"sort"}
    words |= set() if Stage.FIXED in pieces.where.get("stage", ()) else {"our_side"}
    alone = [said for value, said in pieces.shaped if value in words]
    return [*([] if pairs else pieces.either), *([] if pieces.where.get("profile") else pieces.profile), *alone]


def _at_once(pieces: Pieces) -> bool:
    """Whether *at once* says something: of several reasons or stores, or of several filters, each of one value."""
    doubted = {one.name for _, meanings in pieces.doubts for one in meanings}
    several = [name for name, values in pieces.where.items() if len(set(values)) > 1 or (values and name in doubted)]
    named = sum(map(bool, pieces.where.values())) + bool(pieces.states) + bool(pieces.ages)
    return set(several) & {"reason", "store"} != set() or (not several and named > 1 and len(set(pieces.states)) < 2)


def only_within(hits: list[Hit], words: list[Word], pieces: Pieces) -> None:
    """Note *only* right before a reason: it may be the reason, or nothing but it."""
    for hit, following in itertools.pairwise(hits):
        is_only = " ".join(word.text for word in words[hit.first : hit.after]) in ONLY
        if is_only and following.first == hit.after and following.meanings[0].name == "reason":
            pieces.plain.add("only_within")


def all_but(hits: list[Hit], words: list[Word], pieces: Pieces) -> list[Hit]:
    """Take *but* for what turns a meaning round where *all* or *everything* stands before it, and a name behind."""
    told: list[Hit] = []
    for hit, following in itertools.zip_longest(hits, hits[1:]):
        told.append(hit)
        before = [word.text for word in words[: hit.first]]
        if words[hit.first].text != "but" or hit.after != hit.first + 1 or not _ALL & set(before):
            continue
        if before[-1] in _ALL or (following and following.meanings[0].name in _NAMED):
            pieces.plain.add("all")
            told[-1] = replace(hit, meanings=(Meaning(Tag.NEGATION, ""),))
    return told


def turned_round(hits: list[Hit]) -> dict[int, Hit]:
    """Return which phrases are turned round, by the place of the phrase, each with the word that does it.

    Only one right behind such a word is: between them stand at most words that say nothing.
    """
    found = _from_behind(hits)
    word: Hit | None = None
    for hit in hits:
        tag, value = hit.meanings[0].tag, hit.meanings[0].value
        if hit.first in found and tag is not Tag.NEGATION:
            word = None
            continue
        if word and hit.first > _reach(word, hits):
            word = None
        if tag is Tag.NEGATION:
            word = None if word else hit
        elif word and len(hit.meanings) == 1 and tag in (Tag.WHERE, Tag.STATE):
            found[hit.first], found[word.first] = word, word
            word = None
        elif not (tag is Tag.DIMENSION or (tag is Tag.PLAIN and value in ("stop", "noun", "profile", "by"))):
            word = None
    return found


def _from_behind(hits: list[Hit]) -> dict[int, Hit]:
    """Return the names that are turned round by a word right behind them: madrid以外, *Madrid excluded*.

    Where 除 stands before the name too, it is one word with what stands behind.
    """
    found: dict[int, Hit] = {}
    for index, hit in enumerate(hits):
        before = hits[index - 1] if index else hit
        if hit.meanings[0].value != "except_behind" or before.after != hit.first:
            continue
        leads = index > 1 and hits[index - 2].meanings[0].tag is Tag.NEGATION and hits[index - 2].after == before.first
        if before.meanings[0].name in _NAMED and len(before.meanings) == 1:
            word = hits[index - 2] if leads else hit
            found |= {before.first: word, hit.first: hit, word.first: word}
    return found


def _reach(word: Hit, hits: list[Hit]) -> int:
    """Return the place up to which every word behind one belongs to a phrase: a time or a strange word ends it."""
    covered = {index for hit in hits for index in range(hit.first, hit.after)}
    place = word.after
    while place in covered:
        place += 1
    return place
