"""From the pieces of a question to one question, or to a refusal: two readings are offered, and nothing is guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import product

from aexdash.ask import typed
from aexdash.ask.answer import Why
from aexdash.ask.language.lexicon import Meaning, Tag
from aexdash.ask.language.pieces import MONEY, TIMES_TO_CLEAR, Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import phrase
from aexdash.ask.meaning.asker import (
    COMPLETE,
    HERO,
    QUALITY,
    SEVERAL_NUMBERS,
    STATE_CARDS,
    STATE_WHERE,
    SUPPRESSED,
    Asker,
    base,
    listings_of,
)
from aexdash.ask.meaning.choosing import ask_either_or_both, narrowed, refuse_apart, several_stores, so_many_stores
from aexdash.ask.meaning.comparing import day_so_long_ago, with_present
from aexdash.ask.meaning.details import read_as, with_details
from aexdash.ask.meaning.in_context.settling import TOTAL, refuse_unused_superlative, settled
from aexdash.ask.meaning.several import of_each_time, one_at_a_time
from aexdash.ask.meaning.subjects.shares import JOINED
from aexdash.ask.meaning.subjects.subjects import subject_of
from aexdash.ask.question import PLACES, Compare, Kind, Question, Read
from aexdash.ask.typed import Refused, refuse
from aexdash.cards import CARDS


def compose(pieces: Pieces, asker: Asker) -> Question:
    """Make one question of the pieces.

    Raises:
        Refused: there is none, or more than one.
    """
    if pieces.typed:
        return _typed(pieces, asker)
    _refuse_contradictory_stores(pieces)
    refuse_apart(pieces)
    pieces = replace(pieces, begins_with_follow=False)  # nothing was asked before that *only* could narrow
    pieces = several_stores(narrowed(pieces), asker)
    pieces = so_many_stores(pieces, asker)
    if "all_stores" in pieces.plain:
        asker = replace(asker, everywhere=True)
    asker = replace(asker, finish=partial(_with_words, pieces=pieces, asker=asker))
    pieces = _said_elsewhere(settled(pieces, asker))
    asker = replace(asker, finish=partial(_with_words, pieces=pieces, asker=asker))
    pieces = day_so_long_ago(with_present(_shares(pieces), asker))
    _ask_where_else(pieces, asker)
    _refuse_no_division(pieces, asker)
    _refuse_all(pieces)
    _refuse_unfinished(pieces)
    _refuse_contradictions(pieces, asker)
    refuse_doubts(pieces, asker)
    _ask_which_period(pieces, asker)
    _ask_which_time(pieces, asker)
    question = subject_of(pieces, asker)
    question = with_details(question, pieces, asker)
    refuse_unused_superlative(question, pieces)
    ask_either_or_both(question, pieces, asker)
    return replace(question, read=read_as(question, pieces, asker), ignored=tuple(pieces.ignored))


def _with_words(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Return a question to choose with the stores, the division and the number of rows that were asked for."""
    place = {name: tuple(values) for name, values in pieces.where.items() if name in PLACES}
    if place:
        question = question.with_where(store=(), profile=()).with_where(**place)
    try:
        finished = with_details(question, pieces, asker)
    except Refused:
        return question
    if question.compare is Compare.NONE:
        return finished
    return replace(finished, compare=question.compare, compare_with=question.compare_with)  # the reading to choose


def _ask_where_else(pieces: Pieces, asker: Asker) -> None:
    """Ask what *rejected in Madrid, and where* means: of one store the rows say it, and no number does.

    Raises:
        Refused: that was asked.
    """
    if "where" in pieces.plain and "store" not in pieces.by:
        without = replace(pieces, plain=pieces.plain - {"where"}, read=list(pieces.read))
        raise asker.ask("Where, in one store? Its rows say it: choose.", [compose(without, asker)])


def _refuse_no_division(pieces: Pieces, asker: Asker) -> None:
    """Refuse *which brands are rejected most*: nothing is divided so, but what goes with a movement looks at it.

    Raises:
        Refused: that was asked.
    """
    if "no_division" not in pieces.plain:
        return
    said = next(said for value, said in pieces.shaped if value == "no_division")
    rest = replace(pieces, plain=pieces.plain - {"no_division", "superlative"}, limit=None, read=list(pieces.read))
    words = f"{said!r} is no way to divide a number: it is told by reason, store, category, owner, day and the like"
    try:
        question = compose(rest, asker)
    except Refused:
        raise refuse(Why.NOT_TOGETHER, f"{words}.") from None
    offered = [question]
    if question.kind is Kind.MOVES and question.name in ("rejected", "entered", "auditing"):
        what = {"entered": "held"}.get(question.name, question.name)
        place = {name: values for name, values in question.where if name in PLACES}
        words += ", and what goes with a movement looks at brands, titles and prices too"
        offered.insert(0, base(Kind.CAUSES, what, place, asker, period=question.period))
    raise asker.ask(f"{words}.", offered, Why.NOT_TOGETHER)


def _said_elsewhere(pieces: Pieces) -> Pieces:
    """Take a phrase with several meanings for the one that other words say too: *p90 clearing time*."""
    doubts = [
        (said, meanings)
        for said, meanings in pieces.doubts
        if not any(one.tag is Tag.CARD and one.value in pieces.cards for one in meanings)
    ]
    return replace(pieces, doubts=doubts)


OF_HELD = {HERO, SUPPRESSED, "aexdash_money_held_back"}
"""Cards that are of held listings, so that *held* beside them says nothing more."""

OF_ON_SALE = {"aexdash_at_risk", "aex_active_listings", QUALITY, COMPLETE}
"""Cards that are of listings on sale."""


def _shares(pieces: Pieces) -> Pieces:
    """Return the pieces with *out of the total* taken for a share."""
    return replace(pieces, plain=pieces.plain | {"share"}) if _OF_TOTAL.search(fold(pieces.text)) else pieces


def _refuse_unfinished(pieces: Pieces) -> None:
    """Refuse a division by nothing, and a comparison of two things in two times.

    Raises:
        Refused: that was asked.
    """
    if "crossed" in pieces.plain:
        raise refuse(Why.NOT_TOGETHER, "Two things in two times: compare one thing in two, or two things in one time.")
    if "divided" in pieces.plain and not (pieces.by or pieces.dimensions or "why" in pieces.plain):
        raise refuse(Why.INCOMPLETE, "Divided by what? Write *by reason*, *by store*, *by category* or *by day*.")


def _refuse_all(pieces: Pieces) -> None:
    """Refuse *are all rejected* and *all but Ana's*: the first asks for two numbers, the second leaves open which all.

    Raises:
        Refused: that was asked.
    """
    if "all" not in pieces.plain:
        return
    if _asks_whether_all(pieces):
        raise refuse(Why.NOT_TOGETHER, "Whether all are so is told by two numbers: ask for each.")
    if pieces.negated and not pieces.subject:
        raise refuse(Why.INCOMPLETE, "All of which: held listings, those on sale, or all there are? Name it.")


def _refuse_contradictions(pieces: Pieces, asker: Asker) -> None:
    """Refuse words that would otherwise say nothing in the question: what is understood is never dropped either.

    Raises:
        Refused: two numbers are asked for at once, or two times.
    """
    states = set(pieces.states) - {"again"}
    chosen = any(values for name, values in pieces.where.items() if name not in (*PLACES, "category"))
    _refuse_two_numbers(pieces, asker)
    if TOTAL in pieces.cards and (states or chosen) and not _asks_whether_all(pieces):
        # *How many rejected listings are there* asks for no total; *are all listings active* asks for more.
        pieces.cards = [one for one in pieces.cards if one != TOTAL]
        pieces.read = [Read(one.words, "all of them") if one.meaning == _TOTAL_READ else one for one in pieces.read]
    is_held = states == {"held"} or (states == {"rejected", "auditing"} and JOINED.search(fold(pieces.text)))
    if set(pieces.cards) <= OF_HELD and is_held and pieces.cards:
        pieces.states, states = [], set()
    if set(pieces.cards) == {MONEY} and "stuck" in states and _MONEY_IS_STUCK.search(fold(pieces.text)):
        pieces.states, states = [], set()
        pieces.read = [Read(one.words, "held back") if one.words.lower() == "stuck" else one for one in pieces.read]
    if set(pieces.cards) <= OF_ON_SALE and states == {"active"} and pieces.cards:
        pieces.states, states = [], set()
    if set(pieces.cards) & set(TIMES_TO_CLEAR) and set(pieces.moves) == {"cleared"}:  # *how long … to get cleared*
        pieces.moves = []
    if pieces.moves and states <= set(pieces.moves):
        pieces.states = [one for one in pieces.states if one not in states]
        states = set()
    if states and (pieces.cards or pieces.moves):
        where = {name: tuple(values) for name, values in pieces.where.items() if values}
        raise one_at_a_time(pieces, where, asker)
    if "now" in pieces.plain and any(one.readings and one.readings[0].end <= asker.now for one in pieces.periods):
        words = "Now, or at that time? Name one; for both write *compared with* before the second"
        raise asker.ask(f"{words}.", _now_or_then(pieces, asker), Why.NOT_TOGETHER)
    if "jump" in pieces.plain and not pieces.plain & {"why", "compare"}:
        words = "Ask *why did it jump*, or compare a number with that of another time"
        raise asker.ask(f"{words}.", _before_it(pieces, asker), Why.INCOMPLETE)


def _now_or_then(pieces: Pieces, asker: Asker) -> list[Question]:
    """Return what is so now, and what was so at the time that is named, to choose between."""
    offered = []
    shaped = [one for one in pieces.shaped if one[0] != "now"]
    then = replace(pieces, plain=pieces.plain - {"now"}, shaped=shaped, read=list(pieces.read))
    for one in (replace(pieces, periods=[], read=list(pieces.read)), then):
        try:
            offered.append(compose(one, asker))
        except Refused as refused:
            if refused.refusal.why in (Why.ORDER, Why.FORECAST, Why.FUTURE):
                raise
    return offered


def _before_it(pieces: Pieces, asker: Asker) -> list[Question]:
    """Return what *did rejections go up this week* may ask: the same, compared with the time before."""
    calm = replace(pieces, plain=pieces.plain - {"jump", "fall"}, read=list(pieces.read))
    try:
        question = compose(calm, asker)
    except Refused:
        return []
    return [replace(question, compare=Compare.PREVIOUS)] if question.compare is Compare.NONE else []


def _refuse_two_numbers(pieces: Pieces, asker: Asker) -> None:
    """Ask which is meant by *total and active listings*: one of two such words would otherwise say nothing.

    Raises:
        Refused: a number that is of all, or of all that is held, is asked for beside another.
    """
    text = fold(pieces.text)
    titles = {f"the card {CARDS[one].title}" for one in (TOTAL, *OF_HELD)}
    said = [re.escape(fold(one.words)) for one in pieces.read if one.meaning in titles]
    others = "|".join(re.escape(fold(one.words)) for one in pieces.read if one.meaning not in titles)
    if not others or not (pieces.states or pieces.moves or pieces.cards):
        return
    if not _JOINING.search(text) or not (said or re.search(_TOTAL_WORD, text)):
        return  # most questions: for them no pattern of their own words need be compiled
    named, beside = rf"(?:{'|'.join([*said, _TOTAL_WORD])})", rf"(?:{others})"
    if found := re.search(rf"{named}{_AND}{beside}|{beside}{_AND}{named}", text):
        total = [TOTAL] if re.search(_TOTAL_WORD, found[0]) else []
        cards = [*total, *pieces.cards, *(STATE_CARDS[one] for one in pieces.states if one in STATE_CARDS)]
        offered = [base(Kind.CARD, one, {}, asker) for one in dict.fromkeys(cards)]
        states = [one for one in dict.fromkeys(pieces.states) if one in STATE_WHERE and one not in STATE_CARDS]
        raise asker.ask(SEVERAL_NUMBERS, [*offered, *(listings_of({}, one, asker) for one in states)])


_TOTAL_READ = f"the card {CARDS[TOTAL].title}"
"""How a phrase for the total is said to be read."""

_TOTAL_WORD = r"\b(?:total|всего|итого)\b|总数|总量|总共|一共"

_BESIDE = (
    r"(?:\b(?:how many|number of|count of|of|the|are|listings?|products?|items?|сколько|товаров|количество"
    r"|cuant[oa]s|productos|anuncios|numero de|hay|estan)\b|有|多少|个|的|商品|数量|数|\s)*"
)

_JOINING = re.compile(r"\b(?:and|plus|и|y)\b|[和与及跟、+&]")

_AND = rf"{_BESIDE}(?:{_JOINING.pattern}){_BESIDE}"
"""What joins two numbers, with the words between that name none; a comma does not: *in total, how many are held*."""


_MONEY_IS_STUCK = re.compile(
    r"\bmoney (?:(?:is|are|do|we|have|has|got|now|currently) )*stuck\b(?! (?:ones|listings?|products?|items?)\b)"
)
"""*How much money is stuck*: the money is, and not the listings, of which *stuck* would choose some."""


_OF_TOTAL = re.compile(r"(?:/|\b(?:divided by|over|out of|of)) ?(?:the |all the )?(?:total|all)\b")
"""*Rejected out of the total* asks for a share."""


def _refuse_contradictory_stores(pieces: Pieces) -> None:
    """Refuse *all stores* beside one of them.

    Raises:
        Refused: both were said.
    """
    if "all_stores" in pieces.plain and (pieces.where.get("store") or pieces.where.get("profile")):
        raise refuse(Why.NOT_TOGETHER, "All stores, or one of them? Name one.")


def _asks_whether_all(pieces: Pieces) -> bool:
    """Whether a question begins like *are all listings …*, which a number of some of them does not answer."""
    return fold(pieces.text).split(" ", 1)[0].lstrip("¿") in ("are", "is", "do", "does", "estan", "son", "все", "都")


def _typed(pieces: Pieces, asker: Asker) -> Question:
    """Read a question in typed words; plain words beside them must say nothing of their own."""
    plain = (pieces.cards, pieces.moves, pieces.states, pieces.where, pieces.periods, pieces.by, pieces.doubts)
    if any((*plain, pieces.negated, pieces.ages, pieces.orders, pieces.limit is not None)):
        raise refuse(Why.NOT_TOGETHER, "Write the whole question in plain words, or all of it as name:value.")
    question = typed.read(pieces.typed, asker.workspace, asker.now)
    return replace(question, read=tuple(pieces.read), ignored=tuple(pieces.ignored))


def refuse_doubts(pieces: Pieces, asker: Asker) -> None:
    """Ask which of its meanings a phrase has.

    Raises:
        Refused: it may have several.
    """
    if not pieces.doubts:
        return
    said, meanings = pieces.doubts[0]
    offered = []
    for meaning in meanings:
        resolved = _resolved(pieces, meaning)
        try:
            offered.append(compose(resolved, asker))
        except Refused as refused:
            if refused.refusal.choices:
                raise
    if not offered:
        raise refuse(Why.NOT_UNDERSTOOD, f"{said!r} can be several things, and none of them is known so.")
    raise asker.ask(f"{said!r} can be more than one thing: choose.", offered)


def _resolved(pieces: Pieces, meaning: Meaning) -> Pieces:
    """Return the pieces with the first doubtful phrase taken for one of its meanings."""
    fresh = replace(
        pieces,
        cards=list(pieces.cards),
        states=list(pieces.states),
        moves=list(pieces.moves),
        doubts=pieces.doubts[1:],
        read=list(pieces.read),
    )
    fresh.where = defaultdict(list, {name: list(values) for name, values in pieces.where.items()})
    match meaning.tag:
        case Tag.CARD:
            fresh.cards.append(meaning.value)
        case Tag.STATE:
            fresh.states.append(meaning.value)
        case Tag.MOVE:
            fresh.moves.append(meaning.value)
        case _:
            fresh.where[meaning.name].append(meaning.value)
    return fresh


def _readings(pieces: Pieces) -> list[Pieces]:
    """Return the pieces for each combination of readings of their periods."""
    said = [*pieces.periods, *pieces.compared]
    if all(len(one.readings) < 2 for one in said):
        return []
    cut, found = len(pieces.periods), []
    for readings in product(*(one.readings or (None,) for one in said)):
        chosen = [
            replace(one, readings=(reading,) if reading else ()) for one, reading in zip(said, readings, strict=True)
        ]
        found.append(replace(pieces, periods=chosen[:cut], compared=chosen[cut:], read=list(pieces.read)))
    return found


def _ask_which_time(pieces: Pieces, asker: Asker) -> None:
    """Ask which of two times is meant by *rejections in October and in November*.

    Raises:
        Refused: two are named, and nothing says that they are compared.
    """
    offered = []
    for one in of_each_time(pieces):
        try:
            offered.append(compose(one, asker))
        except Refused:
            return
    if offered:
        words = "These are several times, each told by itself; *compared with* before the second compares them"
        raise asker.ask(f"{words}.", offered)


def _ask_which_period(pieces: Pieces, asker: Asker) -> None:
    """Ask which of its readings a period has."""
    each = _readings(pieces)
    if not each:
        return
    said = next(one for one in (*pieces.periods, *pieces.compared) if len(one.readings) > 1)
    offered: list[Question] = []
    for one in each:
        try:
            offered.append(compose(one, asker))
        except Refused as refused:
            if refused.refusal.why is not Why.AMBIGUOUS:
                raise
            days = " or ".join(phrase(reading, asker.workspace.zone) for reading in said.readings)
            words = f"{said.readings[0].label!r} can be {days}; write the days, and whether they were rejected in them."
            raise refuse(Why.AMBIGUOUS, words) from None
    raise asker.ask(f"{said.readings[0].label!r} can be two times: choose.", offered)
