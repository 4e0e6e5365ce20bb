"""Everyday words that mean one thing beside others: *sitting there*, *pending*, *usually*, *fixed in the shop*."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask.language.lexicon import Meaning, Tag
from aexdash.ask.language.pieces import TIMES_TO_CLEAR, Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import FOR_ALIEXPRESS, OLDEST, Asker, base, listings_of
from aexdash.ask.meaning.details import EACH
from aexdash.ask.meaning.in_context.places_asked import on_our_side, where_they_are
from aexdash.ask.question import Kind, Move, Read
from aexdash.ask.vocabulary import STATE_WORDS
from aexdash.model import Lane, SourceWord

_STANDS = re.compile(
    r"\bотклонено\b|\b(?:висят|висит|лежат|лежит|стоят|стоит)\b|\b(?:sitting|hanging|lying) (?:there|around|here)\b"
)


_SEVERAL = re.compile(
    r"\b(?:oldest|longest) (?:rejected|(?:(?:listings|products|items|ones) )?(?:in|under) (?:audit|review)|auditing)"
    r" (?:listings|products|items|ones|skus|things|cards|offers)\b|\boldest (?:rejections|audits|rejects)\b"
    r"|\b(?:oldest|longest) (?:listings|products|items|ones|skus|things) (?:in|under) (?:audit|review|moderation)\b"
)
"""Several of the oldest, which are listed: *oldest rejection* is one, and its age is asked."""


def standing(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *сколько отклонено* and *rejects sitting there* for what is so, where no time is named.

    *The oldest rejection* is one number, so that *longest* beside it orders nothing.
    """
    for state, card in OLDEST.items():
        if pieces.cards == [card] and (found := _SEVERAL.search(fold(pieces.text))):
            meaning = f"{STATE_WORDS[state]}, longest held first"
            read = [Read(one.words, meaning) if one.words.lower() in found[0] else one for one in pieces.read]
            pieces = replace(pieces, cards=[], states=[*pieces.states, state], orders=["oldest"], read=read)
    if set(pieces.cards) & set(OLDEST.values()) and set(pieces.orders) == {"oldest"}:
        pieces = replace(pieces, orders=[])
    timed = pieces.periods or pieces.compared or pieces.previous is not None or "newly" in pieces.plain
    lasts = pieces.ages or _STANDS.search(fold(pieces.text))  # *被拒了三天以上* is so, and for how long
    if set(pieces.moves) != {Move.REJECTED.value} or timed or not lasts:
        return pieces
    return replace(pieces, moves=[], states=[*pieces.states, "rejected"])


_HOW_MANY = re.compile(r"\bhow many\b|\bcuant[oa]s\b|\bсколько\b|多少|几个")


def each_state(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *rejected and in audit, how many each* for what is held by status, and not for their sum.

    So is *how many are rejected and how many in audit*, where nothing happened in a time.
    """
    text = fold(pieces.text)
    twice = len(_HOW_MANY.findall(text)) > 1 and not (pieces.periods or pieces.compared or pieces.ages)
    told_apart = pieces.by or pieces.dimensions or set(pieces.cards) - {"aex_total_listings"}
    states = {*pieces.states, *pieces.moves} if twice else set(pieces.states)
    if told_apart or states != {"rejected", "auditing"} or (pieces.moves and not twice):
        return pieces
    if not (twice or (EACH.search(text) and not pieces.cards)):
        return pieces
    return replace(pieces, cards=[], moves=[], states=["held"], by=["status"])


_WHAT_FOR = re.compile(r"^\W*what\b.*\b(?:rejected|held|refused|declined|blocked|turned down) for\W*$")


def what_for(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *what are they rejected for* for their reasons."""
    if not _WHAT_FOR.search(fold(pieces.text)):
        return pieces
    moves = [] if pieces.moves == [Move.REJECTED.value] and not pieces.periods else pieces.moves
    states = [*pieces.states, "rejected"] if pieces.moves and not moves else pieces.states
    return replace(pieces, moves=moves, states=states, by=[*pieces.by, "reason"])


_WAITS = ("waiting", "waits", "ждут", "ждет", "esperando", "等待", "等", "在等", "还在等", "等着", "等候")
_WAITS_LONGEST = re.compile(
    r"\blongest[ -]wait|\bwait\w* (?:the |for the )?(?:longest|most)|\bwait\w* (?:\S+ )?mas tiempo"
    r"|\b(?:дольше|долее) (?:всех|всего) (?:ждут|ждет|ждущ\w+)|\b(?:ждут|ждет|ждущ\w+) (?:дольше|долее) (?:всех|всего)"
    r"|\bmas tiempo (?:\S+ )?esperando|\besperando (?:\S+ ){0,2}mas tiempo"
)


def waiting_longest(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *longest waiting* for how long something is held: for AliExpress it waits only where that is said.

    Raises:
        Refused: nothing says what they wait for, or *waiting* and *oldest* stand apart.
    """
    text = fold(pieces.text)
    said = [one for one in pieces.named if one[:2] == ("lane", Lane.WAITING.value)]
    told_apart = pieces.ages or pieces.orders == ["oldest"] or set(pieces.cards) & set(OLDEST.values())
    if not said or not told_apart or any(fold(one[2]) not in _WAITS for one in said) or FOR_ALIEXPRESS.search(text):
        return pieces
    beside = set(pieces.states) <= {"rejected", "auditing", "held"} and pieces.states
    longest = bool(_WAITS_LONGEST.search(text)) or bool(pieces.cards)
    if not longest and "rejected" not in pieces.states:
        return pieces
    where = pieces.where.copy()
    where["lane"] = [one for one in where["lane"] if one != Lane.WAITING.value]
    named = [one for one in pieces.named if one not in said]
    if beside and (longest or pieces.ages):
        read = [*pieces.read, *(Read(one[2], "held, by how long") for one in said)]
        return replace(pieces, where=where, named=named, read=read)
    filters = {name: tuple(values) for name, values in where.items() if values}
    state = pieces.states[0] if pieces.states else "held"
    lane = {"lane": (Lane.WAITING.value,)}
    offered = [listings_of(filters | one, state, asker, order="oldest") for one in ({}, lane)]
    raise asker.ask("Held the longest, or of what waits for AliExpress the oldest? Choose.", offered)


_STOOD = re.compile(
    r"\b(?:were|was) (?:still |already |all |sitting |standing |hanging )+(?:\S+ )?(?:rejected|refused|declined)\b"
    r"|\b(?:rejected|refused|declined) (?:listings |ones |products |items )?were there\b"
    r"|\bстату\w+|状态|\bstat(?:us|e)\b|\bestado\b|\bбыл[оаи]? (?:\S+ )?отклоненн(?:ых|ыми)\b|是被(?:拒|驳)"
)


_HAD = re.compile(
    r"\bdid (?:we|you|they) have (?:\S+ ){0,2}(?:rejected|refused|declined)\b|\bwe had (?:\S+ )?rejected\b"
)
"""*How many did we have rejected on Monday* may be either."""


def stood(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *estaban rechazados* and *were still rejected* for what stood so then; *new rejected ones* became so."""
    if set(pieces.states) != {"rejected"} or not pieces.periods:
        return pieces
    if "new" in pieces.plain:
        return replace(pieces, bare=True)  # *new rejected listings this week* became so in it
    if _HAD.search(fold(pieces.text)):
        return replace(pieces, bare=False)
    if "stood" not in pieces.plain and not _STOOD.search(fold(pieces.text)):
        return pieces
    return replace(pieces, bare=False, plain=pieces.plain | {"stood"})


def fixed_in_the_shop(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *fixed in the shop but not pushed* for what is fixed in the shop: that it is not so here goes with it."""
    if SourceWord.FIXED.value not in pieces.where.get("source", ()):
        return pieces
    here = [said for value, said in pieces.shaped if value == "not_here"]
    waits = [one for one in pieces.named if one[0] == "lane" and fold(one[2]) in _WAITS]
    named = [one for one in pieces.named if one not in waits]
    where = pieces.where.copy()
    if waits:
        where["lane"] = [value for value in where["lane"] if value != Lane.WAITING.value]
    read = [Read(said, "fixed there, and held here") for said in (*here, *(said for *_, said in waits))]
    plain = pieces.plain - {"not_here"}
    return replace(pieces, named=named, where=where, read=[*pieces.read, *read], plain=plain)


def pending(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *what does Ana have pending* for what she has to do; of nobody it may be whose move it ever is: ask.

    Raises:
        Refused: nobody is named, and nothing else says what is pending.
    """
    if "pending" not in pieces.plain:
        return pieces
    where = {name: tuple(values) for name, values in pieces.where.items() if values}
    if (
        pieces.where.get("owner")
        and not pieces.where.get("lane")
        and not {*pieces.states, *pieces.moves} - {"held", "rejected"}
    ):
        pieces.where["lane"].append(Lane.TODO.value)
        said = next(said for value, said in pieces.shaped if value == "pending")
        pieces.named.append(("lane", Lane.TODO.value, said))
        return pieces
    lanes = (Lane.TODO, Lane.WAITING)
    offered = [base(Kind.LISTINGS, "", where | {"lane": (one.value,)}, asker) for one in lanes]
    offered.append(listings_of(where, "auditing", asker))
    raise asker.ask("For us to do, for AliExpress to decide, or in audit? Choose.", offered)


_ENDS = {"rejected", "held", "cleared"}
"""What is cleared, or that it is, where it is asked how long that takes: the time is that of all that was held."""

_LONG = {"duration", "usual_duration", "usual", "takes", "clearing"}


def time_to_clear(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *how long does it usually take us to clear a rejection* for the time to clear; the usual is the median."""
    if not pieces.asks_time_to_clear:
        return pieces
    asked = [one for one in pieces.cards if one in TIMES_TO_CLEAR]
    doubted = [one for one in pieces.doubts if {meaning.value for meaning in one[1]} <= set(TIMES_TO_CLEAR)]
    others = {*pieces.states, *pieces.moves} - _ENDS
    if others or set(pieces.cards) - set(asked) or len(set(asked)) > 1:
        return pieces
    cards = asked or ([TIMES_TO_CLEAR[0]] if pieces.plain & {"usual", "usual_duration"} else [])
    doubts = [one for one in pieces.doubts if not (cards and one in doubted)]
    if not cards and not doubted:
        said = next(said for value, said in pieces.shaped if value in ("duration", "takes"))
        doubts.append((said, tuple(Meaning(Tag.CARD, one) for one in TIMES_TO_CLEAR)))
    return replace(pieces, cards=cards, doubts=doubts, states=[], moves=[], plain=pieces.plain - _LONG)


def sorted_by_age(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *sort held by age* for their order: they are not divided by it."""
    if "sort" not in pieces.plain or pieces.dimensions != ["age"]:
        return pieces
    shaped = [("oldest" if value == "age" else value, said) for value, said in pieces.shaped]
    return replace(pieces, dimensions=[], orders=[*pieces.orders, "oldest"], shaped=shaped)


def fixed_before(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *fixed by Ana and rejected again* for those that are so now: they are to do, and marked fixed no longer."""
    is_again = "regressed" in pieces.where.get("mark", ()) or "again" in pieces.states
    if not is_again or pieces.where.get("stage") != ["fixed"]:
        return pieces
    said = [words for name, _, words in pieces.named if name == "stage"]
    named = [one for one in pieces.named if one[0] != "stage"]
    where = pieces.where.copy()
    where["stage"] = []
    read = [*pieces.read, *(Read(words, "fixed before it was rejected again") for words in said)]
    return replace(pieces, where=where, named=named, read=read)


def titled(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *with title "red dress"* for a text in titles, and for no problem with them."""
    bare = [one for one in pieces.named if one[:2] == ("reason", "title") and fold(one[2]) in _TITLE]
    if not pieces.where.get("q") or pieces.where.get("reason") != ["title"] or not bare:
        return pieces
    where = pieces.where.copy()
    where["reason"] = []
    named = [one for one in pieces.named if one not in bare]
    return replace(pieces, where=where, named=named, read=[*pieces.read, *(Read(one[2], "in titles") for one in bare)])


_TITLE = (
    "title",
    "titles",
    "titulo",
    "titulos",
    "标题",
    "заголовок",
    "заголовке",
    "заголовком",
    "заголовки",
    *("названии", "название", "названием", "наименовании"),
)

EVERYDAY = (
    *(on_our_side, where_they_are, sorted_by_age, fixed_before, titled, standing, what_for, fixed_in_the_shop),
    *(each_state, waiting_longest, stood, pending, time_to_clear),
)
"""All of them, in the order in which they are settled."""
