"""A card that is asked for: of whole stores, in its own window, or as the listings that it counts."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import MONEY, Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import (
    COMPLETE,
    HERO,
    OLDEST,
    STATE_CARDS,
    SUPPRESSED,
    WINDOW_WORDS,
    Asker,
    at_moment_of,
    base,
    is_last_24_hours,
    listings_of,
    one_period,
    window_of,
)
from aexdash.ask.meaning.in_context.settling import refuse_event
from aexdash.ask.meaning.subjects.stocks import day_by_day, refuse_now_since, stock
from aexdash.ask.question import GRAINS, PLACES, Kind, Period, Question, Read
from aexdash.ask.vocabulary import STATE_WORDS
from aexdash.cards import CARDS, Window
from aexdash.clock import DAY, TICK


def card_of(key: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask for a card; with filters, or for a list, for the listings that it counts."""
    card = CARDS[key]
    filtered = [name for name in where if name not in PLACES]
    divided = [one for one in (*pieces.by, *pieces.dimensions) if one != "store" and one not in GRAINS]
    if filtered or divided or "list" in pieces.plain or pieces.orders or pieces.limit:
        state = next((state for state, of in STATE_CARDS.items() if of == key), "")
        state = state or next((one for one, of in OLDEST.items() if of == key), "")
        if key in OLDEST.values() and filtered and not (divided or pieces.orders or pieces.limit):
            one = replace(listings_of(where, state, asker), limit=1)
            words = f"{card.title} is of whole stores; of some of their listings the one held for longest"
            raise asker.ask(f"{words} can be shown: choose.", [one, base(Kind.CARD, key, {}, asker)])
        if state and state != "active" and not (divided and key in OLDEST.values()):
            card_words = f"the card {card.title}"
            pieces.read[:] = [
                Read(one.words, STATE_WORDS[state]) if one.meaning == card_words else one for one in pieces.read
            ]
            return stock(state, replace(pieces, cards=[]), where, asker)
        what = "divided so" if divided else "listed" if not filtered else "known for a part of the listings"
        raise asker.ask(
            f"{card.title} is of whole stores; it is not {what}.", [base(Kind.CARD, key, {}, asker)], Why.NOT_TOGETHER
        )
    period = one_period(pieces.periods)
    question = base(Kind.CARD, key, where, asker)
    refuse_now_since(question, pieces, asker)
    if key == SUPPRESSED and _HOW_MANY.search(fold(pieces.text)) and "share" not in pieces.plain:
        offered = [base(Kind.CARD, one, where, asker) for one in (HERO, SUPPRESSED)]
        raise asker.ask("How many are held, or which share of all listings? Choose.", offered)
    if key == COMPLETE and _COUNT.search(fold(pieces.text)) and "share" not in pieces.plain:
        raise asker.ask("How many have them is not told, but which share of those on sale: choose.", [question])
    if key == MONEY and period and period.end - period.start > DAY and not (pieces.periods[0].edge or pieces.by):
        words = "Money held back is of one day, and is not summed over a time: ask for it at its end, or by day"
        raise asker.ask(f"{words}.", [at_moment_of(question, pieces.periods[0], asker)], Why.NOT_TOGETHER)
    if period is None or "now" in pieces.plain:
        return question
    if card.window is not Window.RT and not pieces.periods[0].edge:
        return _of_window(question, period, asker)
    if not pieces.periods[0].edge:
        refuse_event(question, next((state for state, of in STATE_CARDS.items() if of == key), ""), pieces, asker)
    return at_moment_of(day_by_day(question, pieces), pieces.periods[0], asker)


_COUNT = re.compile(
    r"\bhow many\b|\bnumber of\b|\bсколько (?:товар|карточ|листинг|позиц)|\bcuant[oa]s\b|(?:多少|几)个|有多少"
)
"""What asks for a number of listings, where *какова доля* and 是多少 do not."""

_HOW_MANY = re.compile(
    r"\bhow many\b|\bnumber of\b|\bсколько\b|\bcuant[oa]s\b|\bnumero de\b|多少个|几个|数量"
    r"|^(?!.*(?:率|比例|占比|百分)).*多少"
)
"""What asks for a number of listings, which a share is not."""


def _of_window(question: Question, period: Period, asker: Asker) -> Question:
    """Ask for a card that counts a window of its own; a period fits it only where it is that window."""
    card, now = CARDS[question.name], asker.now
    start, end = window_of(card.window, now, asker)
    if (period.start, period.end) == (start, end) or (card.window is Window.H24 and is_last_24_hours(period, now)):
        return question
    offered = [question]
    if period.end <= now:
        offered.append(replace(question, at=period.end - TICK))
    raise asker.ask(f"{card.title} always counts {WINDOW_WORDS[card.window]}.", offered, Why.NOT_TOGETHER)
