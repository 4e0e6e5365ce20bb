"""Which listings stand so at a moment, and what a time beside them means: what was done in it, or stood at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import Said, find, phrase
from aexdash.ask.meaning.asker import (
    HERO,
    STATE_CARDS,
    Asker,
    at_moment_of,
    base,
    day_so_far,
    listings_of,
    of_24_hours,
    one_period,
)
from aexdash.ask.meaning.in_context.how_long import ask_a_week, in_status, since_then
from aexdash.ask.meaning.in_context.settling import (
    refuse_event,
    refuse_longest,
)
from aexdash.ask.question import GRAINS, PLACES, By, Kind, Move, Period, Question
from aexdash.ask.rules import MOVES_OF, is_answered
from aexdash.ask.typed import Refused
from aexdash.clock import DAY


def incomplete(pieces: Pieces, asker: Asker, where: Mapping[str, tuple[str, ...]] | None = None) -> Refused:
    """Return the refusal of a question that leaves open whether held listings, those on sale or all are meant."""
    place = {name: values for name, values in (where or {}).items() if name in PLACES}
    offered = [base(Kind.CARD, key, place, asker) for key in (HERO, "aex_active_listings", "aex_total_listings")]
    if (where and where != place) or "category" in (*pieces.by, *pieces.dimensions):  # a card is of whole stores
        offered = [listings_of(where or {}, one, asker) for one in ("held", "at_risk")]
    if pieces.periods and pieces.periods[0].readings:
        offered = [at_moment_of(one, pieces.periods[0], asker) for one in offered]
    return asker.ask("Which listings: held ones, those on sale, or all?", offered, Why.INCOMPLETE)


def beside(pieces: Pieces, asker: Asker) -> Period | None:
    """Return the time that *rejections compared with last week* may count: the one that runs since then."""
    other = one_period(pieces.compared)
    for words in ("today", "this week", "this month"):
        [said] = find(words, asker.now, asker.workspace.zone)
        if other and said.readings[0].start == other.end:
            return said.readings[0]
    return None


def stock(state: str, pieces: Pieces, where: dict[str, tuple[str, ...]], asker: Asker) -> Question:
    """Ask which listings are so, at a moment; *rejected last week* may also mean that they were rejected in it."""
    period = one_period(pieces.periods)
    where = in_status(where, state, pieces, asker)
    question = listings_of(where, state or "held", asker)
    ask_a_week(question, state, pieces, asker)
    refuse_longest(question, state, pieces, asker)
    if state == "rejected" and pieces.bare and period is None and {*pieces.by, *pieces.dimensions} & set(GRAINS):
        raise _incomplete_time(question, asker)
    other = one_period(pieces.compared)
    if (
        state == "rejected"
        and pieces.bare
        and not pieces.ages
        and period is None
        and other
        and other.end - other.start > 2 * DAY
    ):
        raise _incomplete_time(question, asker, beside(pieces, asker))  # *more rejected than last week*
    if not state and pieces.plain & {"jump"} and period:
        raise incomplete(pieces, asker)
    if state == "rejected" and pieces.bare and period is None and "last_year" in pieces.plain:
        raise _incomplete_time(question, asker)  # 去年同期被拒: of which time
    question = _as_card(question, state, pieces, where, asker)
    refuse_now_since(question, pieces, asker)
    if period is None or "now" in pieces.plain:
        return question
    said = pieces.periods[0]
    if state == "rejected" and pieces.bare and said.edge == "start" and "stood" not in pieces.plain:
        words = "As it stood when that time began? For what was rejected in its first days write the days"
        raise asker.ask(f"{words}.", [at_moment_of(question, said, asker)])
    if not said.edge:
        refuse_event(question, state, pieces, asker)
    if state in ("rejected", "held", "auditing", "") and not said.edge:
        return _during_or_at_end(question, state, said, pieces, asker)
    return at_moment_of(day_by_day(question, pieces), said, asker)


_THROUGHOUT = re.compile(r"over|throughout|during|в течение|durante|since|со? |desde|自|从|.*(?:以来|至今|起)$")
"""*Active listings over the last 30 days* and *since October* ask for each of them; *last week* alone for its end."""


def day_by_day(question: Question, pieces: Pieces) -> Question:
    """Ask for each day of a time in which a card is asked for throughout, where nothing else divides it."""
    period = one_period(pieces.periods)
    is_long = period is not None and period.end - period.start > 2 * DAY
    if not (is_long and period and question.kind is Kind.CARD and _THROUGHOUT.match(period.label.strip())):
        return question
    return question if pieces.by or pieces.dimensions else replace(question, by=By.DAY)


def refuse_now_since(question: Question, pieces: Pieces, asker: Asker) -> None:
    """Refuse *currently rejected since October*: what is so now, or what became so since? Neither word is dropped.

    Raises:
        Refused: that was asked.
    """
    period = one_period(pieces.periods)
    if period is None or "now" not in pieces.plain or period == day_so_far(asker):
        return
    raise asker.ask(
        "What is so now, or what was so in that time? How long it has been so is asked as *held more than 3 days*.",
        [*since_then(question, period, asker), question],
    )


def _incomplete_time(question: Question, asker: Asker, period: Period | None = None) -> Refused:
    """Ask what *rejected per day* means: how many were each day, or became so in it."""
    span = period or day_so_far(asker)
    moves = replace(question, kind=Kind.MOVES, name=Move.REJECTED.value, period=span).with_where(status=())
    return asker.ask("How many were rejected in each, or stood so at its end? Choose.", [moves, question])


_HAS = re.compile(
    r"\b(?:do|does|did) (?:\S+ ){1,3}have\b|\bhave (?:we|you|they) got\b|\bare there\b"
    r"|\b(?:hay|tienen?|tenemos|tengo)\b|\bу нас\b|\bимеется\b|有(?:多少|几个|哪些)[^,，]{1,6}的(?=\W*$)"
)
"""What somebody has may be so at the moment, though a verb says *rejected*: *cuántos rechazados tiene Madrid hoy*."""


def _during_or_at_end(question: Question, state: str, said: Said, pieces: Pieces, asker: Asker) -> Question:
    """Tell what happened in a period from what stood at its end; where both can be meant, ask."""
    period, zone = said.readings[0], asker.workspace.zone
    move = {"rejected": Move.REJECTED, "auditing": Move.AUDITING}.get(state, Move.ENTERED)
    of_moves = replace(question, kind=Kind.MOVES, name=move.value, period=period).with_where(status=(), mark=())
    during = of_24_hours(of_moves, pieces, asker)
    at_end = at_moment_of(question, said, asker)
    if question.filters.get("mark"):  # of moves it is not known
        raise asker.ask("As it stood at the end of that time? Choose.", [at_end])
    if question.filters.keys() & {"in_status", "age"}:
        return at_end  # how long it has been so is known of what stands
    if state == "rejected" and pieces.bare and not _HAS.search(fold(pieces.text)):
        if (others := {name for name, _ in question.where} - {*PLACES, *MOVES_OF, "status"}) and not is_answered(
            during, asker.workspace, asker.now
        ):
            kept = replace(during, where=tuple(one for one in during.where if one[0] not in others))
            words = f"Moves are told apart by store, reason and category, not by {', '.join(sorted(others))}: choose"
            raise asker.ask(f"{words}.", [kept, at_end, question], Why.NOT_TOGETHER)
        return during
    one_day = phrase(period, zone).count("-") == 2 and " " not in phrase(period, zone)
    stood = state in ("held", "auditing", "") or "stood" in pieces.plain
    if (stood and one_day) or "trend" in pieces.plain:
        return at_end
    if since := since_then(question, period, asker):
        raise asker.ask("Did they come to be so in that time, or are they so since then? Choose.", [during, *since])
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
    if state == "active" and not where.keys() & {"reason", "only", "without", "provenance"}:
        raise asker.ask(
            "Listings on sale are listed only where a finding of ours stands: those at risk.",
            [listings_of(where, "at_risk", asker), base(Kind.CARD, STATE_CARDS["active"], where, asker)],
            Why.NOT_TOGETHER,
        )
    return question
