"""What a question counts: a card, listings, moves or causes, of which listings and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.periods import Said, find, phrase
from aexdash.ask.language.pieces import MONEY, Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import (
    AGAIN,
    COMPLETE,
    FEED,
    HERO,
    OLDEST,
    REJECTED_24H,
    STATE_CARDS,
    STATE_WHERE,
    SUPPRESSED,
    TOGETHER,
    WINDOW_WORDS,
    Asker,
    at_moment_of,
    base,
    day_so_far,
    is_last_24_hours,
    listings_of,
    of_24_hours,
    one_period,
    window_of,
)
from aexdash.ask.meaning.choosing import where_of
from aexdash.ask.meaning.settling import (
    refuse_event,
    refuse_longest,
    refuse_other_movement,
    what_stood,
)
from aexdash.ask.meaning.several import one_at_a_time, stood
from aexdash.ask.question import GRAINS, PLACES, By, Kind, Move, Period, Question, Read
from aexdash.ask.rules import MOVES_OF
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.vocabulary import STATE_WORDS
from aexdash.cards import CARDS, Window
from aexdash.clock import DAY, TICK
from aexdash.model import Lane
from aexdash.snapshot.compared.listings import What


def subject_of(pieces: Pieces, asker: Asker) -> Question:
    """Find out what is counted, of which listings and when; each phrase has one meaning by now, each time one reading.

    Raises:
        Refused: nothing that is counted was named, or more than one thing.
    """
    where = where_of(pieces, asker)
    states = list(dict.fromkeys(pieces.states)) or _off_sale(where)
    _refuse_states(states, pieces, asker)
    if "why" in pieces.plain and (asked := _causes(pieces, states, where, asker)):
        return asked
    if "share" in pieces.plain and not any(CARDS[one].unit == "percent" for one in pieces.cards):
        return _share(pieces, states, where, asker)
    if "again" in states:
        return _again(pieces, where, asker)
    cards = list(dict.fromkeys(pieces.cards))
    if len(cards) + len(set(pieces.moves)) > 1:
        raise one_at_a_time(pieces, where, asker)
    if cards:
        return _card(cards[0], pieces, where, asker)
    if pieces.moves:
        return _moves(pieces.moves[0], pieces, where, asker)
    if pieces.orders[:1] == ["urgent"] and not states and not where.keys() & {"lane", "stage", "mark"}:
        where = where | {"lane": (Lane.TODO.value,)}  # what waits for AliExpress is not anybody's to fix
    of_any = where or ("noun" in pieces.plain and (pieces.by or pieces.dimensions))
    if not states and of_any and where.keys() <= ANY_LISTING and not _is_of_held(pieces):
        raise _incomplete(pieces, asker, where)
    if states or where or pieces.by or pieces.dimensions or pieces.orders or ("list" in pieces.plain and pieces.limit):
        _refuse_then_and_now(states, pieces)
        return _stock(_one_state(states, asker, pieces.text), pieces, where, asker)
    raise _incomplete(pieces, asker)


ANY_LISTING = {*PLACES, "category"}
"""Filters that listings on sale have as well as held ones: *how many listings in Madrid* asks for all of them."""


OFF_SALE = {"other.expired", "other.taken_off_by_seller"}
"""Reasons of listings that nobody holds, so that none of what is held has them."""


def _off_sale(where: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the state that reasons say by themselves: what was taken down for a penalty is not held.

    Raises:
        Refused: the listings ran out, or their seller took them off sale.
    """
    reasons = where.get("reason", ())
    if set(reasons) & OFF_SALE:
        words = "are not held, so they are not counted here: `aexdash gone` and `aexdash expiring` list them"
        raise refuse(Why.NOT_KNOWN, f"Listings that ran out, or that their seller took off sale, {words}.")
    return ["taken_down"] if reasons and all(one.startswith("other.taken_down") for one in reasons) else []


def _is_of_held(pieces: Pieces) -> bool:
    """Whether something is told apart or ordered by what held listings alone have, as a reason or an owner."""
    told = {*pieces.by, *pieces.dimensions} - {"store", "category", *GRAINS}
    return bool(told or set(pieces.orders) & {"oldest", "newest", "in_status", "moved", "attempts", "urgent", "money"})


def _refuse_states(states: Sequence[str], pieces: Pieces, asker: Asker) -> None:
    """Refuse *held or rejected*, which is one or the other, and what sellers took off sale themselves."""
    either = {*states, *pieces.moves}
    if pieces.either and len(either) > 1 and either != {"rejected", "auditing"}:
        raise asker.ask(
            "One number at a time: choose.", [stood(one, {}, asker) for one in states if one in STATE_WHERE]
        )
    if "offline" in states:
        raise asker.ask(
            "Listings that sellers took off sale themselves are not listed here; those that AliExpress took down are.",
            [listings_of({}, "taken_down", asker)],
            Why.NOT_TOGETHER,
        )


_JOINED = re.compile(r"\b(?:and|or|plus|и|или|плюс|y|o|e|mas en)\b|[和与或及加、,，+/]")
"""What says that two states are meant together: *rejected listings in audit* may be those that were resubmitted."""


def _refuse_then_and_now(states: Sequence[str], pieces: Pieces) -> None:
    """Refuse *how many of those rejected yesterday are held*: the time belongs to one of two states.

    Raises:
        Refused: a time is named beside two states.
    """
    if len(states) > 1 and pieces.periods and set(states) != {"rejected", "auditing"}:
        words = "What became so in a time, or what was so? Whether the same listings are both is not counted"
        raise refuse(Why.NOT_TOGETHER, f"{words}: name one of them beside the time.")


def _one_state(states: Sequence[str], asker: Asker, text: str) -> str:
    if len(states) > 1:
        together = TOGETHER.get(frozenset(states))
        if together == "held" and "held" not in states and not _JOINED.search(fold(text)):
            resubmitted = listings_of({"audit": ("resubmitted",)}, "auditing", asker)
            offered = [resubmitted, *(listings_of({}, one, asker) for one in ("rejected", "auditing", "held"))]
            raise asker.ask("Rejected and in audit at once no listing is: choose.", offered)
        if together is None:
            raise asker.ask("One number at a time: choose.", [stood(one, {}, asker) for one in states])
        return together
    return states[0] if states else ""


def _incomplete(pieces: Pieces, asker: Asker, where: Mapping[str, tuple[str, ...]] | None = None) -> Refused:
    place = {name: values for name, values in (where or {}).items() if name in PLACES}
    offered = [base(Kind.CARD, key, place, asker) for key in (HERO, "aex_active_listings", "aex_total_listings")]
    if (where and where != place) or "category" in (*pieces.by, *pieces.dimensions):  # a card is of whole stores
        offered = [listings_of(where or {}, one, asker) for one in ("held", "at_risk")]
    if pieces.periods and pieces.periods[0].readings:
        offered = [at_moment_of(one, pieces.periods[0], asker) for one in offered]
    return asker.ask("Which listings: held ones, those on sale, or all?", offered, Why.INCOMPLETE)


def _card(key: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
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
            return _stock(state, replace(pieces, cards=[]), where, asker)
        what = "divided so" if divided else "listed" if not filtered else "known for a part of the listings"
        raise asker.ask(
            f"{card.title} is of whole stores; it is not {what}.", [base(Kind.CARD, key, {}, asker)], Why.NOT_TOGETHER
        )
    period = one_period(pieces.periods)
    question = base(Kind.CARD, key, where, asker)
    _refuse_now_since(question, pieces, asker)
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
    if _THROUGHOUT.match(period.label) and not (pieces.by or pieces.dimensions) and period.end - period.start > 2 * DAY:
        question = replace(question, by=By.DAY)
    return at_moment_of(question, pieces.periods[0], asker)


_COUNT = re.compile(
    r"\bhow many\b|\bnumber of\b|\bсколько (?:товар|карточ|листинг|позиц)|\bcuant[oa]s\b|(?:多少|几)个|有多少"
)
"""What asks for a number of listings, where *какова доля* and 是多少 do not."""

_HOW_MANY = re.compile(
    r"\bhow many\b|\bnumber of\b|\bсколько\b|\bcuant[oa]s\b|\bnumero de\b|多少个|几个|数量"
    r"|^(?!.*(?:率|比例|占比|百分)).*多少"
)
"""What asks for a number of listings, which a share is not."""

_THROUGHOUT = re.compile(r"over|throughout|during|в течение|durante")
"""*Active listings over the last 30 days* asks for each of them; *last week* alone for its end."""


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


def _moves(move: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask how many moved in a span; without one, of today, or of the last 24 hours where a card counts these."""
    if pieces.moves == [Move.REJECTED] and not pieces.periods and set(pieces.orders) == {"oldest"}:
        return _stock("rejected", replace(pieces, moves=[]), where, asker)  # *the longest anything has been rejected*
    if move == Move.REJECTED and not pieces.periods and where.keys() - {*PLACES, *MOVES_OF}:
        return _stock("rejected", replace(pieces, moves=[]), where, asker)  # *rejections nobody has taken* stand so
    period = one_period(pieces.periods)
    question = base(Kind.MOVES, move, where, asker)
    if period is not None and pieces.periods[0].edge:
        raise what_stood(question, move, pieces, asker)
    if period is not None and "now" not in pieces.plain:
        return of_24_hours(replace(question, period=period), pieces, asker)
    offered = [replace(question, period=_beside(pieces, asker) or day_so_far(asker))]
    if move == Move.REJECTED:
        whole = not [name for name in where if name not in PLACES]
        offered += [base(Kind.CARD, REJECTED_24H, where, asker)] if whole else []
        offered.append(listings_of(where, "rejected", asker))
    if move == Move.REJECTED and period is None and "now" in pieces.plain:
        return _stock("rejected", replace(pieces, moves=[]), where, asker)
    raise asker.ask("In which time? Name one, such as *last week*, or choose.", offered, Why.INCOMPLETE)


def _beside(pieces: Pieces, asker: Asker) -> Period | None:
    """Return the time that *rejections compared with last week* may count: the one that runs since then."""
    other = one_period(pieces.compared)
    for words in ("today", "this week", "this month"):
        [said] = find(words, asker.now, asker.workspace.zone)
        if other and said.readings[0].start == other.end:
            return said.readings[0]
    return None


def _stock(state: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask which listings are so, at a moment; *rejected last week* may also mean that they were rejected in it."""
    period = one_period(pieces.periods)
    question = listings_of(where, state or "held", asker)
    held_for = "held" in pieces.states or "held_for" in pieces.plain
    if "age" in where and state in ("rejected", "auditing") and not held_for:
        raise asker.ask(
            "How long a listing is held without a break is known, not how long it has one status: choose.",
            [question, base(Kind.CARD, OLDEST[state], {}, asker)],
        )
    if "age" in where and question.filters.keys() & {"stage", "mark"} and not held_for:
        raise asker.ask("How long a listing is held is known, not how long it is so: choose.", [question])
    refuse_longest(question, state, pieces, asker)
    if state == "rejected" and pieces.bare and period is None and {*pieces.by, *pieces.dimensions} & set(GRAINS):
        raise _incomplete_time(question, asker)
    other = one_period(pieces.compared)
    if state == "rejected" and pieces.bare and period is None and other and other.end - other.start > 2 * DAY:
        raise _incomplete_time(question, asker, _beside(pieces, asker))  # *more rejected than last week*
    if not state and pieces.plain & {"jump"} and period:
        raise _incomplete(pieces, asker)
    question = _as_card(question, state, pieces, where, asker)
    _refuse_now_since(question, pieces, asker)
    if period is None or "now" in pieces.plain:
        return question
    said = pieces.periods[0]
    if not said.edge:
        refuse_event(question, state, pieces, asker)
    if state in ("rejected", "held", "auditing", "") and not said.edge:
        return _during_or_at_end(question, state, said, pieces, asker)
    return at_moment_of(question, said, asker)


def _refuse_now_since(question: Question, pieces: Pieces, asker: Asker) -> None:
    """Refuse *currently rejected since October*: what is so now, or what became so since? Neither word is dropped.

    Raises:
        Refused: that was asked.
    """
    period = one_period(pieces.periods)
    if period is None or "now" not in pieces.plain or period == day_so_far(asker):
        return
    raise asker.ask(
        "What is so now, or what was so in that time? How long it has been so is asked as *held more than 3 days*.",
        [question],
    )


def _incomplete_time(question: Question, asker: Asker, period: Period | None = None) -> Refused:
    """Ask what *rejected per day* means: how many were each day, or became so in it."""
    span = period or day_so_far(asker)
    moves = replace(question, kind=Kind.MOVES, name=Move.REJECTED.value, period=span).with_where(status=())
    return asker.ask("How many were rejected in each, or stood so at its end? Choose.", [moves, question])


def _during_or_at_end(question: Question, state: str, said: Said, pieces: Pieces, asker: Asker) -> Question:
    """Tell what happened in a period from what stood at its end; where both can be meant, ask."""
    period, zone = said.readings[0], asker.workspace.zone
    move = {"rejected": Move.REJECTED, "auditing": Move.AUDITING}.get(state, Move.ENTERED)
    of_moves = replace(question, kind=Kind.MOVES, name=move.value, period=period).with_where(status=(), mark=())
    during = of_24_hours(of_moves, pieces, asker)
    at_end = at_moment_of(question, said, asker)
    if question.filters.get("mark"):  # of moves it is not known
        raise asker.ask("As it stood at the end of that time? Choose.", [at_end])
    if state == "rejected" and pieces.bare:
        return during
    one_day = phrase(period, zone).count("-") == 2 and " " not in phrase(period, zone)
    if (state in ("held", "auditing", "") and one_day) or "trend" in pieces.plain:
        return at_end
    raise asker.ask("In that time, or as it stood at its end? Choose.", [during, at_end])


def _as_card(
    question: Question, state: str, pieces: Pieces, where: Mapping[str, tuple[str, ...]], asker: Asker
) -> Question:
    """Ask the card that counts a state, where nothing else is asked of it."""
    told_apart = pieces.by or [one for one in pieces.dimensions if one not in where]
    listed = pieces.orders or pieces.limit or ("list" in pieces.plain and not told_apart)
    only_place = all(name in PLACES for name in where)
    only_grain = all(one in GRAINS or one == "store" for one in (*pieces.by, *pieces.dimensions))
    if state in STATE_CARDS and only_place and only_grain and not listed:
        return base(Kind.CARD, STATE_CARDS[state], where, asker)
    if state == "active" and only_place:
        raise asker.ask(
            "Listings on sale are listed only where a finding of ours stands: those at risk.",
            [listings_of(where, "at_risk", asker), base(Kind.CARD, STATE_CARDS["active"], where, asker)],
            Why.NOT_TOGETHER,
        )
    return question


def _share(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    if "again" in states:
        return _card(AGAIN, replace(pieces, states=[]), where, asker)
    of_held = set(states) == {"rejected", "auditing"} and _JOINED.search(fold(pieces.text))
    of_themselves = len(pieces.states) > 1 and not of_held  # *what share of held is rejected or in audit*: all of it
    if (list(states) == ["held"] or of_held) and not pieces.cards and not of_themselves:
        return _card(SUPPRESSED, replace(pieces, states=[], plain=pieces.plain - {"list"}), where, asker)
    offered = [base(Kind.CARD, key, {}, asker) for key in (SUPPRESSED, AGAIN, FEED)]
    raise asker.ask("Of that no share is known; these are.", offered, Why.NOT_TOGETHER)


def _again(pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask for the listings that were rejected again where some are chosen, for only these can be; else ask.

    How many were so in a time is not counted.
    """
    regressed = base(Kind.LISTINGS, "", where | {"mark": ("regressed",)}, asker)
    period = one_period(pieces.periods)
    if where.keys() - set(PLACES) and period and "now" not in pieces.plain:
        words = "How many were rejected again in a time is not counted, only how many stood so at a moment: choose"
        raise asker.ask(f"{words}.", [at_moment_of(regressed, pieces.periods[0], asker)], Why.NOT_TOGETHER)
    if where.keys() - set(PLACES):
        return regressed
    offered = [base(Kind.CARD, AGAIN, where, asker), regressed]
    raise asker.ask("As a share of the rejections of 30 days, or as the listings to do now? Choose.", offered)


def _causes(pieces: Pieces, states: Sequence[str], where: dict[str, tuple[str, ...]], asker: Asker) -> Question | None:
    """Ask what goes with a movement; why listings are held at present is told by their reasons instead."""
    period = one_period(pieces.periods)
    jump = "jump" in pieces.plain
    if period is None and not jump:
        if not (states or where.keys() - ANY_LISTING or pieces.plain & {"noun"}) and not pieces.moves:
            return None
        divided = replace(pieces, plain=pieces.plain - {"why"}, by=["reason"])
        state = _one_state([*states, *("rejected" for _ in pieces.moves)][:1], asker, pieces.text)
        return replace(_stock(state, divided, where, asker), by=By.REASON)
    refuse_other_movement(pieces)
    what = What.REJECTED if "rejected" in (*states, *pieces.moves) else What.HELD
    what = What.AUDITING if "auditing" in (*states, *pieces.moves) else what
    if period and not (states or pieces.moves or pieces.cards or jump):
        asked = [base(Kind.CAUSES, one.value, where, asker, period=period) for one in (What.HELD, What.REJECTED)]
        moved = [base(Kind.MOVES, one.value, where, asker, period=period) for one in (Move.ENTERED, Move.REJECTED)]
        raise asker.ask("What goes with which movement, or how many moved? Choose.", [*asked, *moved])
    if pieces.periods and pieces.periods[0].edge:
        raise refuse(Why.NOT_TOGETHER, "At one moment nothing moves: name the day, or a span of time.")
    return base(Kind.CAUSES, what.value, where, asker, period=period)
